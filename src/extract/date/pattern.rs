//! The small language in which rules say what they match, and its expansion into plain sequences.
//!
//! `in <MONTH (,|) YEAR>`: words in lower case match themselves, words in capitals are classes, `(a | b c |)` is a
//! choice whose empty branch makes it optional, `x?` is optional, `~x` must follow without white space,
//! `$name` is a fragment defined in the same file, `<` and `>` enclose what is annotated (all of it without them).

use rustc_hash::FxHashMap;

use super::class::Class;

/// What one element of a sequence matches.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Atom {
    /// A word or mark, lower case.
    Word(String),
    /// Any member of a class.
    Class(Class),
}

/// One element of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    /// What it matches.
    pub(super) atom: Atom,
    /// It must follow without white space.
    pub(super) joined: bool,
}

/// One way to match a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sequence {
    /// What must follow each other.
    pub(super) elements: Vec<Element>,
    /// The element ranges that are annotated.
    pub(super) parts: Vec<(usize, usize)>,
}

/// Named pieces that patterns share.
pub(super) type Fragments = FxHashMap<String, String>;

/// No pattern may mean more sequences than this: a longer list is a rule that should be two.
const MOST_SEQUENCES: usize = 4_000;

/// All sequences that `pattern` stands for.
pub(super) fn expand(pattern: &str, fragments: &Fragments) -> Result<Vec<Sequence>, String> {
    let pieces = pieces(pattern, fragments, 0)?;
    let mut at = 0;
    let flats = choice(&pieces, &mut at)?;
    if at < pieces.len() {
        return Err(format!("`{}` is not expected in `{pattern}`", pieces[at]));
    }
    flats.into_iter().filter(|flat| !flat.is_empty()).map(|flat| sequence(&flat)).collect()
}

/// Words, brackets and bars of a pattern, fragments put in.
fn pieces(pattern: &str, fragments: &Fragments, depth: usize) -> Result<Vec<String>, String> {
    if depth > 8 {
        return Err(format!("fragments of `{pattern}` name each other in a circle"));
    }
    let mut pieces = Vec::new();
    let spaced = pattern.replace('(', " ( ").replace(')', " ) ").replace('|', " | ");
    for piece in spaced.replace('<', " < ").replace('>', " > ").split_whitespace() {
        let optional = piece.len() > 1 && piece.ends_with('?');
        let bare = if optional { &piece[..piece.len() - 1] } else { piece };
        if let Some(name) = bare.strip_prefix('$') {
            let body = fragments.get(name).ok_or_else(|| format!("no fragment `{name}`"))?;
            pieces.push("(".to_owned());
            pieces.extend(self::pieces(body, fragments, depth + 1)?);
            pieces.push(")".to_owned());
        } else {
            pieces.push(bare.to_owned());
        }
        if optional {
            pieces.push("?".to_owned());
        }
    }
    Ok(pieces)
}

type Flat = Vec<String>;

/// `a b | c`: every branch in turn.
fn choice(pieces: &[String], at: &mut usize) -> Result<Vec<Flat>, String> {
    let mut all = Vec::new();
    loop {
        let mut branch: Vec<Flat> = vec![Vec::new()];
        while let Some(piece) = pieces.get(*at).filter(|piece| *piece != "|" && *piece != ")") {
            *at += 1;
            let mut next = if piece == "(" { group(pieces, at)? } else { vec![vec![piece.clone()]] };
            if pieces.get(*at).is_some_and(|piece| piece == "?") {
                *at += 1;
                next.push(Vec::new());
            }
            branch = product(&branch, &next);
            if branch.len() > MOST_SEQUENCES {
                return Err("a pattern stands for too many sequences".to_owned());
            }
        }
        all.append(&mut branch);
        if pieces.get(*at).is_none_or(|piece| piece != "|") {
            return Ok(all);
        }
        *at += 1;
    }
}

fn group(pieces: &[String], at: &mut usize) -> Result<Vec<Flat>, String> {
    let branches = choice(pieces, at)?;
    if pieces.get(*at).is_none_or(|piece| piece != ")") {
        return Err("a bracket is not closed".to_owned());
    }
    *at += 1;
    Ok(branches)
}

fn product(left: &[Flat], right: &[Flat]) -> Vec<Flat> {
    let mut all = Vec::with_capacity(left.len() * right.len());
    for a in left {
        for b in right {
            all.push(a.iter().chain(b).cloned().collect());
        }
    }
    all
}

fn sequence(flat: &[String]) -> Result<Sequence, String> {
    let mut sequence = Sequence::default();
    let mut open = None;
    for piece in flat {
        match piece.as_str() {
            "<" => open = Some(sequence.elements.len()),
            ">" => {
                let start = open.take().ok_or("`>` without `<`")?;
                sequence.parts.push((start, sequence.elements.len()));
            }
            piece => sequence.elements.push(element(piece)?),
        }
    }
    if open.is_some() {
        return Err("`<` without `>`".to_owned());
    }
    if sequence.parts.is_empty() {
        sequence.parts.push((0, sequence.elements.len()));
    }
    Ok(sequence)
}

/// The element that one word of a pattern stands for.
pub(super) fn element(piece: &str) -> Result<Element, String> {
    let joined = piece.starts_with('~');
    let word = piece.trim_start_matches('~');
    let is_class = word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && word.starts_with(|c: char| c.is_ascii_uppercase());
    let atom = if is_class {
        Atom::Class(Class::parse(word).ok_or_else(|| format!("no class `{word}`"))?)
    } else {
        Atom::Word(word.to_lowercase())
    };
    Ok(Element { atom, joined })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pattern: &str) -> Vec<String> {
        let fragments = Fragments::from_iter([("the".to_owned(), "(the|)".to_owned())]);
        let sequences = expand(pattern, &fragments).unwrap();
        let show = |sequence: &Sequence| {
            let words: Vec<String> = sequence.elements.iter().map(|e| format!("{:?}", e.atom)).collect();
            format!("{} {:?}", words.join(" "), sequence.parts)
        };
        sequences.iter().map(show).collect()
    }

    #[test]
    fn patterns_expand_to_all_their_sequences() {
        assert_eq!(shown("a (b|c d|) e").len(), 3);
        assert_eq!(shown("$the x? y").len(), 4);
        assert_eq!(shown("in <a b>"), [r#"Word("in") Word("a") Word("b") [(1, 3)]"#]);
        assert_eq!(shown("<a> to <b>"), [r#"Word("a") Word("to") Word("b") [(0, 1), (2, 3)]"#]);
    }

    #[test]
    fn mistakes_in_patterns_are_told() {
        for wrong in ["(a", "a)", "<a", "a>", "$nothing", "NOCLASS"] {
            assert!(expand(wrong, &Fragments::default()).is_err(), "{wrong}");
        }
    }
}
