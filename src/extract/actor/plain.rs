//! Words that are no name by themselves: titles and roles, words that begin sentences, markets; words that tell what a name
//! beside them is; and lines of credit.
//!
//! Word lists are data (`data/actors/plain.txt`, `credits.txt`); compared folded.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::language::Language;
use crate::text::token::TokenKind;
use crate::text::{Text, fold, weekday};

static PLAIN: &str = include_str!("../../../data/actors/plain.txt");
static CREDITS: &str = include_str!("../../../data/actors/credits.txt");
static MONTHS: &str = include_str!("../../../data/lang/months.toml");

/// The longest title or beginning of a credit, in words.
const LONGEST: usize = 5;

/// What is known of plain words.
#[derive(Debug)]
pub(super) struct Plain {
    titles: FxHashSet<String>,
    offices: FxHashSet<String>,
    words: FxHashSet<String>,
    roles: FxHashSet<String>,
    legal: FxHashSet<String>,
    trades: FxHashSet<String>,
    firm_words: FxHashSet<String>,
    openers: FxHashSet<String>,
    acts: FxHashSet<String>,
    family_names: FxHashSet<String>,
    storms: FxHashSet<String>,
    holdings: FxHashSet<String>,
    /// By first word, the rest of each beginning of a credit.
    credits: FxHashMap<&'static str, Vec<Vec<&'static str>>>,
}

impl Plain {
    /// The lists that come with the program.
    pub(super) fn embedded() -> &'static Plain {
        static LISTS: OnceLock<Plain> = OnceLock::new();
        LISTS.get_or_init(|| {
            let mut words = section(PLAIN, "words");
            words.extend(section(PLAIN, "markets"));
            words.extend(calendar());
            let mut credits: FxHashMap<&str, Vec<Vec<&str>>> = FxHashMap::default();
            for line in CREDITS.lines().filter(|line| !line.starts_with('#')) {
                let mut parts = line.split_whitespace();
                if let Some(first) = parts.next() {
                    credits.entry(first).or_default().push(parts.collect());
                }
            }
            let (titles, roles) = (section(PLAIN, "titles"), section(PLAIN, "role words"));
            let offices = section(PLAIN, "offices");
            Plain {
                titles,
                offices,
                words,
                roles,
                legal: section(PLAIN, "legal"),
                trades: section(PLAIN, "trades"),
                firm_words: section(PLAIN, "firm words"),
                openers: section(PLAIN, "openers"),
                acts: section(PLAIN, "acts"),
                family_names: section(PLAIN, "family names"),
                storms: section(PLAIN, "storms"),
                holdings: section(PLAIN, "holdings"),
                credits,
            }
        })
    }

    /// Whether a folded name is a title or role.
    pub(super) fn is_title(&self, key: &str) -> bool {
        self.titles.contains(key)
    }

    /// Whether a folded name is nothing but a title or plain words.
    pub(super) fn is_plain(&self, key: &str) -> bool {
        self.words.contains(key) || self.titles.contains(key)
    }

    /// Whether a name is made of nothing but words that the bodies of many states share.
    pub(super) fn is_shared(&self, key: &str) -> bool {
        key.split(' ').all(|word| self.roles.contains(word))
    }

    /// A folded name without the words at its end that say of what legal form a firm is.
    pub(super) fn without_legal<'k>(&self, key: &'k str) -> &'k str {
        let mut bare = key;
        while let Some((rest, last)) = bare.rsplit_once(' ') {
            let rest = rest.trim_end_matches([',', '&', ' ']).trim_end_matches(" and");
            if !self.legal.contains(last) || rest.len() < 2 || self.is_plain(rest) {
                break;
            }
            bare = rest;
        }
        bare
    }

    /// Whether every word of a folded name says of what legal form a firm is.
    pub(super) fn is_legal(&self, key: &str) -> bool {
        key.split(' ').all(|word| self.legal.contains(word) || matches!(word, "and" | "&" | "sons"))
    }

    /// Whether the word at token `at` says that what stands before it is a firm; "stock" not before "exchange".
    pub(super) fn is_firm_word(&self, text: &Text<'_>, at: usize) -> bool {
        let is_small =
            |at: usize| text.tokens.get(at).is_some_and(|token| !token.capital && !token.paragraph_start);
        let is_exchange =
            |at: usize| is_small(at) && matches!(text.word(at), "exchange" | "market" | "markets" | "index");
        is_small(at) && self.firm_words.contains(text.word(at)) && !is_exchange(at + 1)
    }

    /// Whether what a firm is called by its trade stands right before token `at`: "carmaker", "oil major".
    pub(super) fn trade_before(&self, text: &Text<'_>, at: usize) -> bool {
        const LONGEST_TRADE: usize = 2;
        let is_word = |at: usize| text.tokens[at].kind == TokenKind::Word && !text.word(at).ends_with('.');
        let lengths = (1..=LONGEST_TRADE.min(at)).take_while(|length| is_word(at - length));
        lengths.into_iter().any(|length| self.trades.contains(&joined(text, at - length, at)))
    }

    /// Whether the word at token `at` is no part of a name that it begins: "Besides", "Retailer".
    pub(super) fn opener(&self, text: &Text<'_>, at: usize) -> bool {
        let key = fold::key(text.word(at));
        self.openers.contains(&key) || self.trades.contains(&key) || self.words.contains(&key)
    }

    /// Whether the word at token `at` is one for what a person does.
    pub(super) fn is_act(&self, text: &Text<'_>, at: usize) -> bool {
        at < text.tokens.len() && self.acts.contains(text.word(at))
    }

    /// Whether a folded word is a family name that stands before the given name.
    pub(super) fn is_family_name(&self, key: &str) -> bool {
        self.family_names.contains(key)
    }

    /// Whether right before token `at` something is said to be held in a firm: "a 5 percent stake in".
    pub(super) fn is_held_before(&self, text: &Text<'_>, at: usize) -> bool {
        const FARTHEST: usize = 4;
        at > 1
            && text.word(at - 1) == "in"
            && (at.saturating_sub(FARTHEST)..at - 1)
                .any(|at| self.holdings.contains(&fold::key(text.word(at))))
    }

    /// Whether a folded word is one for a storm.
    pub(super) fn is_storm_word(&self, key: &str) -> bool {
        self.storms.contains(key)
    }

    /// How many tokens from `first` to before `last` are titles; the last token is never one.
    pub(super) fn titles_before(&self, text: &Text<'_>, first: usize, last: usize) -> usize {
        let mut taken = 0;
        'more: while first + taken + 1 < last {
            let start = first + taken;
            for length in (1..=LONGEST.min(last - 1 - start)).rev() {
                if self.titles.contains(&joined(text, start, start + length)) {
                    taken += length;
                    while first + taken + 1 < last && text.word(first + taken) == "." {
                        taken += 1;
                    }
                    continue 'more;
                }
            }
            break;
        }
        taken
    }

    /// The tokens from `first` to before `last` that name an office, with more than one token behind them or one that is
    /// no office.
    pub(super) fn office_in(&self, text: &Text<'_>, first: usize, last: usize) -> Option<(usize, usize)> {
        (first..last.saturating_sub(1)).find_map(|start| {
            let ends = (start + 1..=(start + LONGEST).min(last - 1)).rev();
            let end = ends.into_iter().find(|&end| self.offices.contains(&joined(text, start, end)))?;
            Some((start, end))
        })
    }

    /// Whether a title stands right before token `at`.
    pub(super) fn is_after_title(&self, text: &Text<'_>, at: usize) -> bool {
        let end = if at > 0 && text.word(at - 1) == "." { at - 1 } else { at };
        end > 0 && text.tokens[end - 1].capital && self.titles.contains(&fold::key(text.word(end - 1)))
    }

    /// The tokens of the lines that say who wrote, edited or photographed the article.
    pub(super) fn credits(&self, text: &Text<'_>) -> Vec<std::ops::Range<usize>> {
        let mut found: Vec<std::ops::Range<usize>> = Vec::new();
        for at in 0..text.tokens.len() {
            let token = &text.tokens[at];
            let is_bracket = matches!(text.word(at), "(" | "[");
            if !(token.line_start || token.paragraph_start || is_bracket) {
                continue;
            }
            let start = at + usize::from(is_bracket);
            let is_first = |at: usize| is_bracket || text.tokens[at].capital;
            if start < text.tokens.len() && is_first(start) && self.begins_credit(text, start) {
                found.push(at..line_end(text, start, is_bracket));
            } else if let Some(end) = byline(text, at) {
                found.push(at..end);
            }
        }
        found
    }

    fn begins_credit(&self, text: &Text<'_>, start: usize) -> bool {
        let word = text.word(start);
        if word.len() > 12 {
            return false;
        }
        let first = word.to_ascii_lowercase();
        let Some(rests) = self.credits.get(first.as_str()) else { return false };
        rests.iter().any(|rest| {
            rest.iter().enumerate().all(|(step, word)| {
                let at = start + 1 + step;
                at < text.tokens.len() && text.word(at).eq_ignore_ascii_case(word)
            })
        })
    }
}

/// Where a credit ends: with its bracket, else with its paragraph.
fn line_end(text: &Text<'_>, start: usize, in_bracket: bool) -> usize {
    const LONGEST_CREDIT: usize = 120;
    let mut at = start + 1;
    while at < text.tokens.len() && at - start < LONGEST_CREDIT {
        if in_bracket && matches!(text.word(at), ")" | "]") {
            return at;
        }
        if text.tokens[at].paragraph_start {
            return at;
        }
        at += 1;
    }
    at
}

/// A line of its own that reads "By Jane Doe" or "By JANE DOE and John Roe": where it ends.
fn byline(text: &Text<'_>, at: usize) -> Option<usize> {
    const LONGEST_BYLINE: usize = 14;
    let token = &text.tokens[at];
    if !(token.line_start || token.paragraph_start) || !matches!(text.word(at), "By" | "BY") {
        return None;
    }
    let mut end = at + 1;
    while end < text.tokens.len() && !text.tokens[end].line_start && !text.tokens[end].paragraph_start {
        let word = text.word(end);
        let is_name = text.tokens[end].capital || !word.contains(char::is_alphanumeric);
        if !(is_name || matches!(word, "and" | "of" | "in" | "de" | "van" | "von"))
            || end - at > LONGEST_BYLINE
        {
            return None;
        }
        end += 1;
    }
    (end > at + 1 && end < text.tokens.len()).then_some(end)
}

/// The tokens from `start` to before `end` as a folded name.
fn joined(text: &Text<'_>, start: usize, end: usize) -> String {
    let words = (start..end).map(|at| fold::key(text.word(at))).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn section(table: &str, name: &str) -> FxHashSet<String> {
    let heading = format!("[{name}]");
    let lines = table.lines().skip_while(|line| *line != heading).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with('#'));
    lines.flat_map(|line| line.split(',')).map(fold::key).filter(|word| !word.is_empty()).collect()
}

/// Months in every language, and the days of the week.
fn calendar() -> Vec<String> {
    let table: toml::Table = MONTHS.parse().unwrap_or_default();
    let mut names: Vec<String> = weekday::full_names(Language::ENGLISH).map(str::to_owned).collect();
    texts(&toml::Value::Table(table), &mut names);
    names
}

fn texts(value: &toml::Value, out: &mut Vec<String>) {
    match value {
        toml::Value::String(text) => {
            out.extend(text.split([',', '|']).map(fold::key).filter(|name| name.len() > 3));
        }
        toml::Value::Array(values) => {
            for value in values {
                texts(value, out);
            }
        }
        toml::Value::Table(table) => {
            for (_, value) in table {
                texts(value, out);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_credit_are_told_from_text() {
        let cases = [
            (
                "Prices rose.\n\n(Reporting by Jane Doe; Editing by John Roe)",
                "( Reporting by Jane Doe ; Editing by John Roe",
            ),
            ("By Jane Doe\n\nPrices rose.", "By Jane Doe"),
            ("By Monday Jane Doe had left.\n\nPrices rose.", ""),
            ("Prices rose (by Jane Doe's count).", ""),
            ("Rose.\n\nAdditional reporting by Jane Doe", "Additional reporting by Jane Doe"),
            ("Rose after\nreporting by Jane Doe.", ""),
        ];
        for (source, expected) in cases {
            let text = Text::new(source);
            let credits = Plain::embedded().credits(&text);
            let shown: Vec<&str> = credits.into_iter().flatten().map(|at| text.word(at)).collect();
            assert_eq!(shown.join(" "), expected, "{source}");
        }
    }

    #[test]
    fn titles_and_shared_words_are_known() {
        let plain = Plain::embedded();
        assert!(plain.is_plain("prime minister") && plain.is_plain("we") && plain.is_plain("april"));
        assert!(!plain.is_plain("merkel") && !plain.is_plain("april smith"));
        assert_eq!(plain.without_legal("acme widgets co ltd"), "acme widgets");
        assert_eq!(
            (plain.without_legal("group inc"), plain.without_legal("acme and co")),
            ("group inc", "acme")
        );
        assert!(plain.is_legal("co inc") && !plain.is_legal("acme inc"));
        assert!(plain.is_shared("general staff") && !plain.is_shared("turkish general staff"));
        let text = Text::new("Prime Minister Jane Doe");
        assert_eq!(plain.titles_before(&text, 0, 4), 2);
        assert_eq!(plain.titles_before(&text, 0, 2), 0);
    }
}
