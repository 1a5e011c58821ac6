//! Candidate runs: the stretches of tokens in which a name can stand.
//!
//! In text with capitals only runs of capitalised words (with the small words that names hold inside: "of", "al-",
//! "&") are looked at, about one token in six; text that has no case makes every word a candidate.

use std::ops::Range;

use crate::text::Text;
use crate::text::token::TokenKind;

/// Words that may stand inside a name, lower case.
const JOINERS: &[&str] = &[
    "of", "the", "de", "la", "le", "les", "du", "des", "del", "della", "di", "da", "do", "dos", "das", "der",
    "den", "und", "and", "for", "e", "y", "et", "al", "el", "ul", "ad", "as", "ash", "at", "an", "in", "on",
    "to", "bin", "bint", "ibn", "ben", "abu", "van", "von", "zu", "zum", "ter", "ten", "d", "l", "s",
];

/// Small words with which a name may begin, lower case.
const OPENERS: &[&str] = &[
    "al", "el", "ul", "as", "ash", "bin", "ibn", "ben", "abu", "van", "von", "der", "den", "de", "da", "di",
    "du", "del", "della", "la", "le", "ter", "ten", "d", "dos",
];

/// More of them in a row end a run.
const MOST_JOINERS: usize = 3;

/// Longer runs are cut, so that lists of hundreds of names stay linear.
const LONGEST_RUN: usize = 200;

/// How a text uses capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseMode {
    /// Capitals mark names.
    Cased,
    /// No capitals (or a script without): every word may be part of a name.
    Uncased,
}

/// Whether `text` marks names by capitals. Decided on all texts of an article together.
pub fn case_mode(texts: &[&Text]) -> CaseMode {
    let (mut capital, mut lower) = (0usize, 0usize);
    for text in texts {
        for (at, token) in text.tokens.iter().enumerate() {
            if token.kind != TokenKind::Word || token.line_start {
                continue;
            }
            let word = text.word(at);
            if token.capital {
                capital += usize::from(word.len() > 1);
            } else if word.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase()) {
                lower += 1;
            }
        }
    }
    if lower >= 4 && capital * 60 < lower { CaseMode::Uncased } else { CaseMode::Cased }
}

/// The token ranges of `text` in which names can stand, in order, none across a sentence boundary.
pub fn runs(text: &Text, mode: CaseMode, out: &mut Vec<Range<usize>>) {
    out.clear();
    for sentence in &text.sentences {
        match mode {
            CaseMode::Cased => cased_runs(text, sentence.clone(), out),
            CaseMode::Uncased => push(sentence.clone(), out),
        }
    }
}

fn push(range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut start = range.start;
    while start < range.end {
        let end = range.end.min(start + LONGEST_RUN);
        out.push(start..end);
        start = end;
    }
}

fn cased_runs(text: &Text, sentence: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut at = sentence.start;
    while at < sentence.end {
        if !is_anchor(text, at) {
            at += 1;
            continue;
        }
        let start = opened(text, sentence.start.max(out.last().map_or(0, |run| run.end)), at);
        let end = closed(text, sentence.end, at);
        push(start..end, out);
        at = end;
    }
}

/// Goes back from the anchor over particles that belong to it: `al-`, `bin`, `van der`.
fn opened(text: &Text, floor: usize, anchor: usize) -> usize {
    let mut start = anchor;
    while start > floor {
        let before = start - 1;
        let word = text.word(before);
        let joined = text.tokens[start].joined;
        let hyphen = joined && matches!(word, "-" | "’" | "'" | "‘") && before > floor;
        if hyphen && text.tokens[before].joined && is_in(OPENERS, text.word(before - 1)) {
            start = before - 1;
        } else if is_in(OPENERS, word) {
            start = before;
        } else {
            break;
        }
    }
    start
}

/// Goes on from the anchor while names can go on; ends after the last anchor.
fn closed(text: &Text, ceiling: usize, anchor: usize) -> usize {
    let mut end = anchor + 1;
    let mut joiners = 0;
    for at in anchor + 1..ceiling {
        if is_anchor(text, at) || is_tail(text, at) {
            end = at + 1;
            joiners = 0;
        } else if joiners < MOST_JOINERS && is_joiner(text, at) {
            joiners += 1;
        } else {
            break;
        }
    }
    end
}

/// A token that shows by itself that a name may be here: a word with a capital, or in a script without case.
pub fn is_anchor(text: &Text, at: usize) -> bool {
    text.tokens[at].can_name
}

/// Numbers and possessives right after a name may be its end: `Channel 4`, `McDonald's`.
fn is_tail(text: &Text, at: usize) -> bool {
    match text.tokens[at].kind {
        TokenKind::Number => text.word(at).len() <= 4 && is_anchor(text, at - 1),
        TokenKind::Possessive => true,
        TokenKind::Mark => text.word(at) == "." && is_initial(text, at - 1),
        TokenKind::Word => false,
    }
}

fn is_initial(text: &Text, at: usize) -> bool {
    let word = text.word(at);
    text.tokens[at].capital
        && (word.len() <= 2 || is_in(&["st", "jr", "sr", "co", "corp", "inc", "ltd"], word))
}

fn is_joiner(text: &Text, at: usize) -> bool {
    let word = text.word(at);
    match text.tokens[at].kind {
        TokenKind::Word => is_in(JOINERS, word),
        TokenKind::Mark => match word {
            "&" => true,
            "-" | "‐" | "‑" | "." | "/" | "'" | "’" | "‘" | "·" => text.tokens[at].joined,
            _ => false,
        },
        TokenKind::Number | TokenKind::Possessive => false,
    }
}

fn is_in(list: &[&str], word: &str) -> bool {
    word.len() <= 5 && list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> Vec<String> {
        let text = Text::new(source);
        let mut found = Vec::new();
        runs(&text, case_mode(&[&text]), &mut found);
        let cut =
            |run: &Range<usize>| text.tokens[run.start].start as usize..text.tokens[run.end - 1].end as usize;
        found.iter().map(|run| source[cut(run)].to_owned()).collect()
    }

    #[test]
    fn runs_are_where_names_can_stand() {
        let cases: &[(&str, &[&str])] = &[
            ("the city of al-Qaim near Iraq's border", &["al-Qaim", "Iraq's"]),
            ("said the Bank of the West in London", &["Bank of the West in London"]),
            ("he met J. R. Smith and eBay staff", &["J. R. Smith and eBay"]),
            ("nothing to see, really: it is late", &["nothing to see, really: it is late"]),
            ("Osama bin Laden left", &["Osama bin Laden"]),
            ("", &[]),
        ];
        for (source, expected) in cases {
            assert_eq!(shown(source), *expected, "{source}");
        }
    }
}
