//! Firms that agencies mark with the code of their share: `Tyco International Ltd ( TYC.N )`, `Standard Oil <SRD>`.
//!
//! The mark says that an organisation's name ends there, which no tagger has to guess. Takes articles, gives them
//! without the codes and tells where the marked names stand; collects the names for the lexicon.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Result;
use crate::eval::train::corpus::{self, CORPORA};
use crate::text::Text;
use crate::text::token::{TokenKind, is_apostrophe};

/// A text without the codes of shares.
#[derive(Debug)]
pub struct Uncoded {
    /// The text.
    pub source: String,
    /// Where in it a marked name ends, in bytes, in order.
    pub ends: Vec<usize>,
}

/// Takes the codes out of a text.
pub fn uncoded(source: &str) -> Uncoded {
    let mut found = Uncoded { source: String::with_capacity(source.len()), ends: Vec::new() };
    let mut done = 0;
    for (at, _) in source.match_indices(['(', '<']) {
        let Some(length) = code(&source[at..]).filter(|_| at >= done) else { continue };
        let before = source[done..at].trim_end();
        found.source.push_str(before);
        done = at + length;
        if found.source.ends_with(|c: char| c.is_alphanumeric() || c == '.') {
            found.ends.push(found.source.len());
        }
    }
    found.source.push_str(&source[done..]);
    found.ends.dedup();
    found
}

/// The bytes of a code with its brackets at the beginning of `text`.
fn code(text: &str) -> Option<usize> {
    let round = text.starts_with('(');
    let close = text.find(if round { ')' } else { '>' }).filter(|&close| close < 24)?;
    let inner = text[1..close].trim();
    let (ticker, exchange) = inner.split_once('.').unwrap_or((inner, ""));
    let is_exchange = (1..=3).contains(&exchange.len()) && exchange.bytes().all(|b| b.is_ascii_uppercase());
    let is_ticker = (1..=8).contains(&ticker.len()) && ticker.bytes().all(|b| b.is_ascii_alphanumeric());
    let capitals = ticker.bytes().all(|b| b.is_ascii_uppercase());
    let fits = if round { is_exchange } else { (is_exchange || exchange.is_empty()) && capitals };
    (is_ticker && fits && !inner.contains("..")).then_some(close + 1)
}

/// The tokens of the name that ends at byte `end`; none where it cannot be told where the name begins.
pub fn name(text: &Text, end: usize) -> Option<std::ops::Range<usize>> {
    let last = text.tokens.partition_point(|token| (token.end as usize) < end);
    if text.tokens.get(last)?.end as usize != end {
        return None;
    }
    let mut first = last + 1;
    while first > 0 && goes_back(text, first - 1, last) && (first > last || !text.tokens[first].line_start) {
        first -= 1;
    }
    if let Some(of) = (first..last).rev().find(|&at| text.word(at) == "of") {
        let bodies = ["Bank", "Royal Bank", "Union", "Corp", "Institute", "Association", "Group"];
        if of == first || !bodies.contains(&text.word(of - 1)) {
            first = of + 1;
        }
    }
    let is_unclear = (first..=last).any(|at| matches!(text.word(at), "and" | "of"))
        && (first..=last).any(|at| text.word(at) == "and");
    let begins = text.tokens.get(first)?;
    (first <= last && begins.capital && !is_unclear).then_some(first..last + 1)
}

fn goes_back(text: &Text, at: usize, last: usize) -> bool {
    let token = &text.tokens[at];
    let word = text.word(at);
    match token.kind {
        TokenKind::Word => token.capital || (at < last && at > 0 && matches!(word, "of" | "and" | "de")),
        TokenKind::Mark => {
            let inner = at < last && (word == "&" || (token.joined && matches!(word, "-" | "'" | "’" | "/")));
            inner || (word == "." && token.joined && at > 0 && is_abbreviation(text.word(at - 1)))
        }
        TokenKind::Number => true,
        TokenKind::Possessive => false,
    }
}

fn is_abbreviation(word: &str) -> bool {
    matches!(word, "Inc" | "Corp" | "Co" | "Cos" | "Ltd" | "Bros" | "Plc" | "St") || word.len() == 1
}

/// Endings that say no more than that it is a firm.
const FORMS: &[&str] = &[
    "Inc",
    "Corp",
    "Co",
    "Cos",
    "Ltd",
    "Plc",
    "PLC",
    "AG",
    "SA",
    "NV",
    "SE",
    "SpA",
    "AB",
    "ASA",
    "Oyj",
    "LP",
    "LLC",
    "Corporation",
    "Company",
    "Holdings",
    "Group",
    "Limited",
];

/// A name without the form of its firm: `Tyco International` of `Tyco International Ltd.`
pub fn short(name: &str) -> &str {
    let mut short = name;
    loop {
        let trimmed = short.trim_end_matches(['.', ',', ' ', '&']);
        match trimmed.rsplit_once(' ') {
            Some((rest, form)) if FORMS.contains(&form) => short = rest,
            _ => return trimmed,
        }
    }
}

/// The names that the corpora mark, each at least twice or with the form of a firm; with how often.
pub fn names(data: &Path) -> Result<BTreeMap<String, u32>> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for corpus in &CORPORA[..2] {
        corpus::articles(&data.join(corpus), |record| {
            let uncoded = uncoded(&record.body);
            if uncoded.ends.is_empty() {
                return;
            }
            let text = Text::new(&uncoded.source);
            for tokens in uncoded.ends.iter().filter_map(|&end| name(&text, end)) {
                let opens = text.sentences.binary_search_by(|s| s.start.cmp(&tokens.start)).is_ok();
                let name = &uncoded.source
                    [text.tokens[tokens.start].start as usize..text.tokens[tokens.end - 1].end as usize];
                let plain = name.split_whitespace().collect::<Vec<_>>().join(" ");
                let has_form = short(&plain) != plain.trim_end_matches('.');
                if (!opens || tokens.len() == 1) && plain.len() > 1 && !plain.contains(is_apostrophe) {
                    *counts.entry(plain).or_default() += if has_form { 2 } else { 1 };
                }
            }
        })?;
    }
    counts.retain(|_, count| *count > 1);
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_names_are_found_and_their_codes_taken_out() {
        let cases = [
            (
                "Shares of Nordhaven Steel Corp ( NHS.N ) rose.",
                "Shares of Nordhaven Steel Corp rose.",
                "Nordhaven Steel Corp",
            ),
            ("rival Bank of Lorne <BLN> said", "rival Bank of Lorne said", "Bank of Lorne"),
            (
                "Velland's Osker & Pym Inc. (OPY.O) fell",
                "Velland's Osker & Pym Inc. fell",
                "Osker & Pym Inc.",
            ),
            (
                "the plan (see p. 4) of Tarn (the U.S. firm)",
                "the plan (see p. 4) of Tarn (the U.S. firm)",
                "",
            ),
        ];
        for (source, without, expected) in cases {
            let found = uncoded(source);
            assert_eq!(found.source, without);
            let text = Text::new(&found.source);
            let names: Vec<&str> = found
                .ends
                .iter()
                .filter_map(|&end| name(&text, end))
                .map(|tokens| {
                    &found.source
                        [text.tokens[tokens.start].start as usize..text.tokens[tokens.end - 1].end as usize]
                })
                .collect();
            assert_eq!(names.join("|"), expected, "{source}");
        }
        assert_eq!(short("Nordhaven Steel Corp."), "Nordhaven Steel");
    }
}
