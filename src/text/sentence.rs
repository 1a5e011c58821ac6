//! Sentence boundaries over tokens: after `.`, `!`, `?` and their kin, at blank lines and at line breaks that were
//! meant, but not after abbreviations, initials or ordinals.
//!
//! A line break is meant (a headline, a row of a table) unless the text is wrapped: lines of about one width, broken
//! where the next word would not have fitted.

use std::ops::Range;

use crate::text::token::{Token, TokenKind};

/// Words after which a full stop does not end a sentence, lower case, without the stop.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "gen", "lt", "col", "maj", "capt", "sgt", "cpl", "adm", "rep", "sen",
    "gov", "rev", "hon", "st", "jr", "sr", "vs", "no", "nos", "inc", "corp", "co", "ltd", "bros", "jan",
    "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mt", "ft", "pres", "msgr",
    "messrs", "bldg", "ave", "blvd", "approx", "est", "dept", "univ", "assn", "cmdr", "brig", "supt", "det",
    "insp", "pvt",
];

/// Token ranges of the sentences of `source`, in order, covering every token.
pub fn sentences(source: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let lines = Lines::new(tokens);
    let mut line_start = 0;
    for at in 1..tokens.len() {
        let token = &tokens[at];
        let breaks = token.line_start && lines.is_meant(source, tokens, line_start, at);
        if token.line_start {
            line_start = at;
        }
        if breaks || token.paragraph_start || ends_before(source, tokens, at) {
            ranges.push(start..at);
            start = at;
        }
    }
    if start < tokens.len() {
        ranges.push(start..tokens.len());
    }
    ranges
}

/// Texts are not wrapped to fewer bytes than this.
const NARROWEST: u32 = 28;

/// How far the ends of wrapped lines lie apart.
const RAGGED: u32 = 14;

/// How the lines of a text are broken.
struct Lines {
    /// The width to which they are wrapped, if they are.
    width: Option<u32>,
}

impl Lines {
    fn new(tokens: &[Token]) -> Lines {
        let mut widths = Vec::new();
        let mut start = 0;
        for at in 1..tokens.len() {
            if tokens[at].line_start {
                // The last line of a paragraph ends where its text does.
                if !tokens[at].paragraph_start {
                    widths.push(tokens[at - 1].end - tokens[start].start);
                }
                start = at;
            }
        }
        widths.sort_unstable();
        let widest = widths.get((widths.len() * 19 / 20).min(widths.len().saturating_sub(1))).copied();
        let is_wrapped = |&width: &u32| {
            let even = widths.len() - widths.partition_point(|&line| line + RAGGED < width);
            width >= NARROWEST && even * 2 > widths.len()
        };
        Lines { width: widest.filter(is_wrapped) }
    }

    /// Whether the break before token `at` was meant; the line before it began at token `start`.
    fn is_meant(&self, source: &str, tokens: &[Token], start: usize, at: usize) -> bool {
        let before = tokens[at - 1].span().of(source);
        if starts_lower(source, tokens, at) || matches!(before, "," | "-" | "&" | "(") {
            return false;
        }
        let line = tokens[at - 1].end - tokens[start].start;
        let fits = |width: u32| line + 1 + (tokens[at].end - tokens[at].start) + 2 <= width;
        self.width.is_none_or(fits)
    }
}

/// Whether a sentence ends between token `at - 1` and token `at`.
fn ends_before(source: &str, tokens: &[Token], at: usize) -> bool {
    let mut stop = at - 1;
    // Only a mark ends a sentence, or a word that has full stops itself.
    if tokens[stop].kind == TokenKind::Word && source.as_bytes()[tokens[stop].end as usize - 1] != b'.' {
        return false;
    }
    // Closing quotes and brackets belong to the sentence that they close.
    while stop > 0 && is_closing(tokens[stop].span().of(source)) && tokens[stop].joined {
        stop -= 1;
    }
    let mark = tokens[stop].span().of(source);
    if tokens[at].joined && !matches!(mark, "。" | "！" | "？") {
        return false;
    }
    match mark {
        "!" | "?" | "…" | "。" | "！" | "？" | "؟" | "۔" | "।" => !starts_lower(source, tokens, at),
        "." => !starts_lower(source, tokens, at) && !is_abbreviation(source, tokens, stop),
        // `U.S.` holds its own full stops: only a capitalised function word after it shows the end.
        _ if mark.ends_with('.') => is_sentence_opener(tokens[at].span().of(source)),
        _ => false,
    }
}

fn is_closing(mark: &str) -> bool {
    matches!(mark, "\"" | "”" | "’" | "'" | ")" | "]" | "»")
}

fn starts_lower(source: &str, tokens: &[Token], at: usize) -> bool {
    tokens[at].span().of(source).chars().next().is_some_and(char::is_lowercase)
}

fn is_abbreviation(source: &str, tokens: &[Token], stop: usize) -> bool {
    let Some(before) = stop.checked_sub(1).filter(|_| tokens[stop].joined) else { return false };
    let word = tokens[before].span().of(source);
    let is_initial = tokens[before].capital && word.chars().count() == 1;
    is_initial
        || (tokens[before].kind == TokenKind::Word
            && ABBREVIATIONS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

fn is_sentence_opener(word: &str) -> bool {
    const OPENERS: &[&str] = &[
        "The", "A", "An", "He", "She", "It", "They", "We", "I", "In", "On", "At", "But", "And", "This",
        "That", "These", "Those", "His", "Her", "Its", "Their", "There", "When", "While", "After", "Before",
        "If", "As",
    ];
    OPENERS.contains(&word)
}

#[cfg(test)]
mod tests {
    use crate::text::Text;

    fn check(source: &str, expected: &[&str]) {
        let text = Text::new(source);
        let shown: Vec<&str> = text
            .sentences
            .iter()
            .map(|range| {
                &source[text.tokens[range.start].start as usize..text.tokens[range.end - 1].end as usize]
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn line_breaks_that_were_meant_end_sentences() {
        check("Boca 2 River 1\nNantes 0 Lille 0", &["Boca 2 River 1", "Nantes 0 Lille 0"]);
        check("Storm nears coast\nThe storm grew.", &["Storm nears coast", "The storm grew."]);
        check("He met Anna,\nBerta and Carla", &["He met Anna,\nBerta and Carla"]);
        let wrapped = "The minister of the interior met the leader of the Popular\nMobilization Forces on Sunday \
            evening in the old quarter of\nBaghdad, which had been closed to traffic since the early\nmorning hours \
            of Friday, and left for the airport after it.";
        check(wrapped, &[wrapped]);
    }

    #[test]
    fn sentences_end_where_readers_end_them() {
        check("He left. She stayed.", &["He left.", "She stayed."]);
        check("Mr. Smith met Gen. Lee. They spoke.", &["Mr. Smith met Gen. Lee.", "They spoke."]);
        check(
            "The U.S. Army left the U.S. The rest stayed.",
            &["The U.S. Army left the U.S.", "The rest stayed."],
        );
        check("“Go!” he said. “Never.” It was over.", &["“Go!” he said.", "“Never.”", "It was over."]);
        check("A headline\n\nA body.", &["A headline", "A body."]);
        check("J. R. Smith won 3.5 points.", &["J. R. Smith won 3.5 points."]);
        check("", &[]);
    }
}
