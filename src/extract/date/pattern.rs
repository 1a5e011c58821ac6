//! The small language in which rules say what they match.
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

/// One piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A word or class.
    Element(Element),
    /// One of several branches.
    Choice(Vec<Vec<Piece>>),
    /// What is annotated begins here.
    Open,
    /// What is annotated ends here.
    Close,
}

/// Named pieces that patterns share.
pub(super) type Fragments = FxHashMap<String, String>;

/// The pieces of `pattern`, with fragments put in.
pub(super) fn parse(pattern: &str, fragments: &Fragments) -> Result<Vec<Piece>, String> {
    let words = words(pattern);
    let mut at = 0;
    let mut branches = branches(&words, &mut at, fragments, 0)?;
    if at < words.len() {
        return Err(format!("`{}` is not expected in `{pattern}`", words[at]));
    }
    Ok(if branches.len() == 1 { branches.remove(0) } else { vec![Piece::Choice(branches)] })
}

/// Words, brackets, bars and question marks.
fn words(pattern: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for chunk in pattern.split_whitespace() {
        let mut rest = chunk;
        while let Some(mark) = rest.find(['(', ')', '|', '<', '>', '?']) {
            if mark > 0 {
                words.push(&rest[..mark]);
            }
            words.push(&rest[mark..=mark]);
            rest = &rest[mark + 1..];
        }
        if !rest.is_empty() {
            words.push(rest);
        }
    }
    words
}

/// `a b | c`: up to the bracket that closes the choice.
fn branches(
    words: &[&str],
    at: &mut usize,
    fragments: &Fragments,
    depth: usize,
) -> Result<Vec<Vec<Piece>>, String> {
    let mut all = vec![Vec::new()];
    while let Some(&word) = words.get(*at).filter(|word| **word != ")") {
        *at += 1;
        let piece = match word {
            "|" => {
                all.push(Vec::new());
                continue;
            }
            "(" => {
                let inner = branches(words, at, fragments, depth)?;
                if words.get(*at) != Some(&")") {
                    return Err("a bracket is not closed".to_owned());
                }
                *at += 1;
                Piece::Choice(inner)
            }
            "<" => Piece::Open,
            ">" => Piece::Close,
            "?" => return Err("`?` follows nothing".to_owned()),
            // A dollar sign alone is the mark.
            _ => match word.strip_prefix('$').filter(|name| !name.is_empty()) {
                Some(name) => fragment(name, fragments, depth)?,
                None => Piece::Element(element(word)?),
            },
        };
        let optional = words.get(*at) == Some(&"?");
        *at += usize::from(optional);
        let piece = if optional { Piece::Choice(vec![vec![piece], Vec::new()]) } else { piece };
        if let Some(branch) = all.last_mut() {
            branch.push(piece);
        }
    }
    Ok(all)
}

fn fragment(name: &str, fragments: &Fragments, depth: usize) -> Result<Piece, String> {
    if depth > 8 {
        return Err(format!("fragment `{name}` names itself in a circle"));
    }
    let body = words(fragments.get(name).ok_or_else(|| format!("no fragment `{name}`"))?);
    let mut at = 0;
    let inner = branches(&body, &mut at, fragments, depth + 1)?;
    if at < body.len() {
        return Err(format!("a bracket of fragment `{name}` closes nothing"));
    }
    Ok(Piece::Choice(inner))
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

    fn fragments() -> Fragments {
        Fragments::from_iter([
            ("the".to_owned(), "(the|)".to_owned()),
            ("loop".to_owned(), "$loop".to_owned()),
        ])
    }

    #[test]
    fn patterns_are_read_into_pieces() {
        let word = |word: &str| Piece::Element(element(word).unwrap());
        assert_eq!(
            parse("in <MONTH>", &fragments()).unwrap(),
            [word("in"), Piece::Open, word("MONTH"), Piece::Close]
        );
        assert_eq!(parse("a?", &fragments()).unwrap(), [Piece::Choice(vec![vec![word("a")], vec![]])]);
        assert_eq!(
            parse("(a|b c)", &fragments()).unwrap(),
            [Piece::Choice(vec![vec![word("a")], vec![word("b"), word("c")]])]
        );
        assert_eq!(
            parse("$the", &fragments()).unwrap(),
            [Piece::Choice(vec![vec![Piece::Choice(vec![vec![word("the")], vec![]])]])]
        );
    }

    #[test]
    fn mistakes_in_patterns_are_told() {
        for wrong in ["(a", "a)", "$nothing", "$loop", "NOCLASS", "?"] {
            assert!(parse(wrong, &fragments()).is_err(), "{wrong}");
        }
    }
}
