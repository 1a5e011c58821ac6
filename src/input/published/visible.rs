//! Lines of the visible text that state the publication: "Published 28 June 2021, 14:05", "Veröffentlicht am …".
//!
//! Takes text, gives candidates; a date in running text is none. The words are those of `data/lang/published.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::Date;
use memchr::memmem::FinderRev;
use regex::Regex;

use crate::calendar::{DateSource, Precision, Published};
use crate::input::published::Candidate;
use crate::input::published::month::month;
use crate::input::published::parse::{Found, Reading, Stamp, find};
use crate::language::Language;
use crate::span::Span;

const WORDS: &str = include_str!("../../../data/lang/published.toml");
/// A line that states a publication is no longer than this.
const LONGEST: usize = 160;
/// Lines looked at from the start and from the end of a text.
const LINES: usize = 6;
/// How far a stated publication is believed, how far a line that is only a date, how far a stated change.
const STATED: u8 = 57;
const BARE: u8 = 45;
const BARE_IN_TEXT: u8 = 38;
const CHANGED: u8 = 28;
/// How far a date in a line beside the headline is believed, in it or at its start, and how much may stand before it.
const BESIDE: u8 = 34;
const OPENS: u8 = 38;
const PLACE: usize = 48;

/// So many words in lower case begin a sentence; a byline has a preposition or two.
const SENTENCE_WORDS: usize = 3;

/// What the words before a date say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statement {
    /// "Published", "Posted on".
    Published,
    /// "Updated", "Last modified".
    Changed,
    /// "Born", "Deadline": no day of the page.
    Other,
}

/// What `line` says of the publication, if that is what it is about.
pub fn candidate(line: &str, reading: &Reading) -> Option<Candidate> {
    let line = line.trim();
    // "This entry was posted on June 28, 2021 and is filed under …" says enough in its first words.
    let long = line.len() > LONGEST && is_of_itself(line);
    let line = if long { &line[..line.floor_char_boundary(LONGEST)] } else { line };
    if !may_date(line) {
        return None;
    }
    let found = find(line, reading);
    let (chosen, said) = told(line, &found)?;
    let trust = match said {
        Some(_) if runs_around(line, chosen.span) && !is_of_itself(line) => return None,
        Some(Statement::Changed) => CHANGED,
        Some(Statement::Published) => STATED,
        None if found.len() == 1 && is_bare(line, chosen.span) => BARE,
        _ => return None,
    };
    (chosen.stamp.precision >= Precision::Day).then(|| Candidate {
        stamp: chosen.stamp.clone(),
        source: DateSource::Text,
        trust,
        modified: trust == CHANGED,
        origin: if trust == BARE { "date line" } else { "stated in the text" }.to_owned(),
    })
}

/// The date of `line` that tells most of the publication, of those `found` in it, and what the words before say of it:
/// of "Updated 3 July 2021, published 28 June 2021" the stated publication. None of a span of days or hours.
fn told<'f>(line: &str, found: &'f [Found]) -> Option<(&'f Found, Option<Statement>)> {
    let first = found.first()?;
    let said = statement(line.get(..first.span.start)?);
    // "Received 5 January 2021 / Published: 28 June 2021" too.
    if said != Some(Statement::Published) {
        let later = found.windows(2).find_map(|pair| {
            let between = line.get(pair[0].span.end..pair[1].span.start)?;
            (statement(between) == Some(Statement::Published)).then_some(&pair[1])
        });
        if let Some(published) = later {
            return Some((published, Some(Statement::Published)));
        }
    }
    (!is_span(line, found)).then_some((first, said))
}

/// The day of a text that is marked as a date, and whether it is that of a change.
pub fn marked(text: &str, reading: &Reading) -> Option<(Stamp, bool)> {
    let found = find(text, reading);
    let (chosen, said) = told(text, &found)?;
    Some((chosen.stamp.clone(), said == Some(Statement::Changed))).filter(|_| said != Some(Statement::Other))
}

/// Whether `line` is as short as a part of a date: "28", "Jun", "Jun 2021".
pub fn may_be_part(line: &str) -> bool {
    line.len() <= LONGEST_PART && line.split_whitespace().nth(2).is_none()
}

/// Whether `line` is one part of a date, or two.
pub fn is_part(line: &str, language: Option<Language>) -> bool {
    let is_part = |word: &str| {
        let word = word.trim_end_matches(['.', ',']);
        let is_number = word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        !word.is_empty() && (is_number || month(word, language).is_some())
    };
    line.split_whitespace().all(is_part)
}

/// Longest line that is a part of a date, in bytes.
const LONGEST_PART: usize = 24;

/// Whether the first date of `line` begins a span, which is that of an event: "3 July 2021 – 5 July 2021", "3 July 2021,
/// 13:15 - 19:00".
fn is_span(line: &str, found: &[Found]) -> bool {
    let Some(first) = found.first() else { return false };
    let Some(rest) = line.get(first.span.end..) else { return false };
    let is_joint = |text: &str| SPAN_JOINTS.contains(&text.trim().to_lowercase().as_str());
    let to_day =
        found.get(1).and_then(|second| line.get(first.span.end..second.span.start)).is_some_and(is_joint);
    let hours = || {
        let from = rest.trim_start().trim_start_matches(CLOCK_WORDS).trim_start();
        let to = SPAN_JOINTS.iter().find_map(|joint| from.strip_prefix(joint))?;
        let digits = to.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
        let is_time = digits.len() < to.trim_start().len()
            && digits.starts_with([':', '.', 'h'])
            && digits.get(1..3).is_some_and(|minutes| minutes.bytes().all(|byte| byte.is_ascii_digit()));
        is_time.then_some(())
    };
    to_day || first.stamp.time.is_some() && hours().is_some()
}

/// What stands between the ends of a span, and behind the time that it begins at.
const SPAN_JOINTS: [&str; 8] = ["-", "–", "—", "to", "until", "bis", "à", "au"];
const CLOCK_WORDS: &[char] = &['U', 'h', 'r'];

/// Longest line that only names the date of the next one: "Published on:"; without the colon it has few words.
const LABEL: usize = 40;
const LABEL_WORDS: usize = 2;

/// Whether `line` is as short as one that only says what the date in the next line is.
pub fn may_label(line: &str) -> bool {
    let line = line.trim();
    let is_short = line.ends_with(':') || line.split_whitespace().nth(LABEL_WORDS).is_none();
    line.len() <= LABEL && is_short && !has_figures(line)
}

/// What `line` says under `label`, if it is nothing but a date.
pub fn labelled(label: &str, line: &str, reading: &Reading) -> Option<Candidate> {
    candidate(line, reading).filter(|bare| bare.trust == BARE)?;
    statement(label)?;
    candidate(&format!("{} {}", label.trim(), line.trim()), reading)
}

/// Whether a line is short enough to state a publication, and has figures.
fn may_date(line: &str) -> bool {
    line.len() <= LONGEST && has_figures(line)
}

/// Whether a line has figures of any script.
pub fn has_figures(line: &str) -> bool {
    if line.is_ascii() {
        line.bytes().any(|byte| byte.is_ascii_digit())
    } else {
        line.contains(char::is_numeric)
    }
}

/// The first day in a line beside the headline, whatever else stands there: "28 June 2021 | World | 3 comments". Of a
/// longer text only the start counts.
pub fn beside_headline(line: &str, reading: &Reading) -> Option<Candidate> {
    let line = line.trim_start();
    if !has_figures(line) {
        return None;
    }
    let found = find(&line[..line.floor_char_boundary(LONGEST)], reading);
    let (first, said) = told(line, &found)?;
    let (before, behind) = (line.get(..first.span.start)?, line.get(first.span.end..)?);
    // "5 May 1919: the bridge is opened" is a line of a chronicle.
    let opens = before.len() <= 2 && !behind.starts_with(": ");
    let near = before.chars().count() <= PLACE && (opens || before.len() > 2);
    let runs = || runs_around(line, first.span);
    let is_byline = || line.len() <= LONGEST && !tells(before) && (closes(behind) || !runs());
    // "Press release of 28 June 2021 | Berlin – The minister …" opens the text itself.
    let (stated, place_before) = match said {
        Some(Statement::Published) => (near && (is_of_itself(line) || !runs()), false),
        Some(_) => return None,
        None => (false, near && (is_byline() || is_place(before) && closes(behind))),
    };
    let opens = opens || stated;
    (opens || place_before).then(|| Candidate {
        stamp: first.stamp.clone(),
        source: DateSource::Text,
        trust: if opens { OPENS } else { BESIDE },
        modified: false,
        origin: "beside the headline".to_owned(),
    })
}

/// Whether `words` before a date are a place, as at the start of a press release: "Berlin, 28 June 2021. The minister …".
fn is_place(words: &str) -> bool {
    let name = words.trim_end().trim_start_matches('(');
    let Some(name) = name.strip_suffix([',', '–', '—', '-', '|', '/']) else { return false };
    let capitalised = name.split_whitespace().all(|word| word.starts_with(char::is_uppercase));
    capitalised && (1..=SENTENCE_WORDS).contains(&name.split_whitespace().count())
}

/// Whether what stands behind a date parts it from the text that it opens.
fn closes(behind: &str) -> bool {
    let mark = behind.trim_start();
    ["–", "—", "- ", "--", "|", ")", ":"].iter().any(|known| mark.starts_with(known))
        || behind.starts_with(". ")
}

/// Whether `words` are the start of a sentence, which tells of other days: "The next meeting is on".
fn tells(words: &str) -> bool {
    let words = words.rsplit(['|', '·', '•']).next().unwrap_or(words);
    words.split_whitespace().filter(|word| word.starts_with(char::is_lowercase)).count() >= SENTENCE_WORDS
}

/// What the first and last lines of `text` say of the publication. Plain text has tables and terms of its own ("Record
/// date: May 8"), so its lines must begin with the statement, and a line that is only a date is the weakest witness.
pub fn candidates(text: &str, reading: &Reading) -> Vec<Candidate> {
    let (first, last) = edges(text);
    let mut candidates: Vec<Candidate> = Vec::new();
    for line in first {
        let found = candidate(line, reading);
        let states = || opens_with_statement(line) && !runs_on(text, line);
        candidates.extend(found.filter(|found| found.trust == BARE || states()));
    }
    // At the end of a text a bare date is as often that of an event: only statements count.
    for line in last.filter(|line| may_date(line) && opens_with_statement(line) && !runs_on(text, line)) {
        let found =
            candidate(line, reading).filter(|found| found.trust != BARE && !candidates.contains(found));
        candidates.extend(found);
    }
    if is_list(&candidates) {
        candidates.retain(|candidate| candidate.trust != BARE);
    }
    for candidate in candidates.iter_mut().filter(|candidate| candidate.trust == BARE) {
        candidate.trust = BARE_IN_TEXT;
    }
    candidates
}

/// So many lines with days of their own are a list of events or articles.
const LISTED: usize = 3;

/// Whether the lines that are only dates have so many different ones that none is that of the text.
fn is_list(candidates: &[Candidate]) -> bool {
    let mut days: Vec<Date> = candidates
        .iter()
        .filter(|candidate| candidate.trust == BARE)
        .map(|candidate| candidate.stamp.date)
        .collect();
    days.sort_unstable();
    days.dedup();
    days.len() >= LISTED
}

/// Whether a line beside the headline begins with its date.
pub fn opens(candidate: &Candidate) -> bool {
    candidate.trust == OPENS
}

/// Whether `trust` is that of a line which is only a date.
pub fn is_bare_trust(trust: u8) -> bool {
    trust == BARE
}

/// The first and the last lines of `text` that are not empty.
fn edges(text: &str) -> (impl Iterator<Item = &str>, impl Iterator<Item = &str>) {
    let first = text.split('\n').map(str::trim).filter(|line| !line.is_empty()).take(LINES);
    let last = text.rsplit('\n').map(str::trim).filter(|line| !line.is_empty()).take(LINES);
    (first, last)
}

/// The first and last lines of `text` that tell when it was published, which is nothing that it tells of: "Published 28
/// June 2021", "Updated: July 3", and lines which are nothing but the day `published`.
pub fn statements(text: &str, published: Option<&Published>) -> Vec<Span> {
    let (first, last) = edges(text);
    let tells = |line: &&str| {
        let Some(found) = candidate(line, &Reading::default()) else { return false };
        let is_bare = found.trust == BARE;
        let same_day = published.is_some_and(|published| published.date == found.stamp.date);
        if is_bare { same_day } else { opens_with_statement(line) && !runs_on(text, line) }
    };
    let start = |line: &str| line.as_ptr() as usize - text.as_ptr() as usize;
    let lines = first.chain(last).filter(tells);
    let mut spans: Vec<Span> = lines.map(|line| Span::new(start(line), start(line) + line.len())).collect();
    spans.sort_unstable_by_key(|span| span.start);
    spans.dedup();
    spans
}

/// Words of the longest sentence that states a publication: "This article was published on 28 June 2021."
const SENTENCE: usize = 9;

/// Words beside the date of a line that ends like a sentence and is one.
const AROUND: usize = 6;

/// Whether the date at `date` stands in a sentence of running text.
fn runs_around(line: &str, date: Span) -> bool {
    let words = |part: Option<&str>| part.map_or(0, |part| part.split_whitespace().count());
    ends_sentence(line) && words(line.get(..date.start)) + words(line.get(date.end..)) > AROUND
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end().ends_with(['.', '?', '!', '"', '”'])
}

/// Whether a sentence tells of the page that it stands on: "This entry was posted on June 28, 2021 in News by Jane."
fn is_of_itself(line: &str) -> bool {
    let opening = line.trim_start();
    let begins = |word: &String| {
        let (Some(start), Some(rest)) = (opening.get(..word.len()), opening.get(word.len()..)) else {
            return false;
        };
        start.eq_ignore_ascii_case(word) && rest.starts_with(' ')
    };
    word_lists().itself.iter().any(begins)
}

/// Whether `line` begins with a statement and is no sentence about other things: "Automatic Data plans to redeem …".
fn opens_with_statement(line: &str) -> bool {
    if ends_sentence(line) && line.split_whitespace().count() > SENTENCE {
        return false;
    }
    let opening: String = line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    statement(opening.trim_end_matches(':')).is_some()
}

/// A line that a sentence is broken at is at least so long.
const BROKEN: usize = 45;

/// Whether `line`, a part of `text`, goes on with the sentence of the line before, as in wires with lines of one length: "…
/// in Luxembourg. The / payment date April 9, 1987". What the headline is followed by goes on with nothing.
fn runs_on(text: &str, line: &str) -> bool {
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let Some(before) = text.get(..start).map(|before| before.trim_end_matches([' ', '\t', '\r'])) else {
        return false;
    };
    let Some((others, last)) = before.strip_suffix('\n').and_then(|before| before.rsplit_once('\n')) else {
        return false;
    };
    let last = last.trim_end();
    let is_broken = last.len() >= BROKEN && !last.ends_with(['.', '?', '!', ':', '"', '”']);
    line.starts_with(char::is_lowercase) && is_broken && !others.trim().is_empty()
}

/// What `words` state, by the last of the known words in them.
pub fn statement(words: &str) -> Option<Statement> {
    let words = words.to_lowercase();
    let lists = word_lists();
    if lists.any.as_ref().is_some_and(|any| !any.is_match(&words)) {
        return None;
    }
    let last = |list: &[Word]| list.iter().filter_map(|word| word.last_end(&words)).max();
    let (published, changed) = (last(&lists.published), last(&lists.changed));
    let other = last(&lists.other).filter(|end| words.len() - end <= OTHER_NEAR);
    let stated =
        [(other, Statement::Other), (changed, Statement::Changed), (published, Statement::Published)];
    // The longer name of equals: "event date", "last published".
    let last = stated.iter().filter_map(|(end, _)| *end).max()?;
    stated.into_iter().find(|(end, _)| *end == Some(last)).map(|(_, statement)| statement)
}

/// A word for something else stands no further before its date, in bytes: headlines begin with "When" too.
const OTHER_NEAR: usize = 24;

/// Words up to this many bytes begin too many others.
const SHORT: usize = 6;

/// A word of the lists; what searches for it is made once.
struct Word {
    finder: FinderRev<'static>,
    is_ascii: bool,
}

impl Word {
    fn new(word: &str) -> Word {
        Word { finder: FinderRev::new(word.as_bytes()).into_owned(), is_ascii: word.is_ascii() }
    }

    /// Where the word ends in `words` for the last time, if it begins at the start of a word there. A short one is all of
    /// a word: "date" is no "database".
    fn last_end(&self, words: &str) -> Option<usize> {
        let length = self.finder.needle().len();
        let at = self.finder.rfind(words.as_bytes())?;
        let before = words[..at].chars().next_back();
        let behind = words[at + length..].chars().next();
        let goes_on = length <= SHORT && behind.is_some_and(char::is_alphabetic);
        let inside = self.is_ascii && (before.is_some_and(char::is_alphabetic) || goes_on);
        (!inside).then_some(at + length)
    }
}

/// The line is a date with at most a weekday and a place beside it.
fn is_bare(line: &str, date: Span) -> bool {
    let letters = |part: Option<&str>| part.map_or(0, |part| part.chars().count());
    let beside = letters(line.get(..date.start)) + letters(line.get(date.end..));
    beside <= 24 && line.split_whitespace().count() <= 9 && !line.ends_with(['.', '?', '!'])
}

struct WordLists {
    /// Any of the words, wherever it stands.
    any: Option<Regex>,
    published: Vec<Word>,
    changed: Vec<Word>,
    other: Vec<Word>,
    itself: Vec<String>,
}

fn word_lists() -> &'static WordLists {
    static LISTS: OnceLock<WordLists> = OnceLock::new();
    LISTS.get_or_init(|| {
        // The file is part of the program; the test below reads it strictly.
        let mut file: BTreeMap<String, BTreeMap<String, Vec<String>>> =
            toml::from_str(WORDS).unwrap_or_default();
        let itself = file.remove("itself").unwrap_or_default().into_values().flatten().collect();
        let every = file.values().flat_map(BTreeMap::values).flatten();
        let any = every.map(|word| regex::escape(word)).collect::<Vec<_>>().join("|");
        let mut all = |name: &str| {
            let words = file.remove(name).unwrap_or_default().into_values().flatten();
            words.map(|word| Word::new(&word)).collect()
        };
        WordLists {
            any: Regex::new(&any).ok(),
            published: all("published"),
            changed: all("changed"),
            other: all("other"),
            itself,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;

    fn shown(line: &str) -> Option<(String, bool)> {
        let found = candidate(line, &Reading::default())?;
        Some((calendar::shown(found.stamp.date, found.stamp.precision), found.modified))
    }

    #[test]
    fn lines_that_state_the_publication() {
        let cases = [
            ("Published 28 June 2021, 14:05", "2021-06-28", false),
            ("Posted on June 28, 2021 by admin", "2021-06-28", false),
            ("Veröffentlicht am 28. Juni 2021", "2021-06-28", false),
            ("Publié le 28 juin 2021 à 14h05", "2021-06-28", false),
            ("Publicado el 28 de junio de 2021", "2021-06-28", false),
            ("Опубликовано 28 июня 2021", "2021-06-28", false),
            ("发布时间：2021年6月28日", "2021-06-28", false),
            ("Updated: July 3, 2021", "2021-07-03", true),
            ("Zuletzt aktualisiert: 03.07.2021", "2021-07-03", true),
            ("Updated July 3, 2021 | Published June 28, 2021", "2021-06-28", false),
            ("Posted by Jane Doe on June 28, 2021 at 2:05 p.m.", "2021-06-28", false),
            ("Published June 28, 2021 | Updated July 3, 2021", "2021-06-28", false),
            ("Monday, June 28, 2021", "2021-06-28", false),
            ("Received: 5 January 2021 / Published: 28 June 2021", "2021-06-28", false),
            ("This story first appeared in the Harbour Gazette on June 28, 2021.", "2021-06-28", false),
            ("This entry was posted on June 28, 2021 in News, World and Ports by Jane.", "2021-06-28", false),
        ];
        for (line, date, modified) in cases {
            assert_eq!(shown(line), Some((date.to_owned(), modified)), "{line}");
        }
    }

    #[test]
    fn running_text_states_nothing() {
        let cases = [
            "The strike on June 28, 2021 killed several fighters near the border.",
            "Published in many languages",
            "",
            "2021",
            "From June 28, 2021 to July 3, 2021",
            "June 28, 2021 – July 3, 2021",
            "June 28, 2021, 2:05 pm – 4:05 pm",
            "The first report on the piers was published on 5 May 2019 by the county.",
            "Er stand am 5. Mai 2019 vor der Brücke und sah den Schiffen lange zu.",
            "Keep no space between the parts, as the database does (5 May 2019)",
            "Born 5 May 1969",
            "Event date: 5 May 2019",
        ];
        for line in cases {
            assert_eq!(shown(line), None, "{line}");
        }
    }

    #[test]
    fn a_label_says_what_the_next_line_is() {
        let cases = [
            ("Published on:", "28 June 2021", Some(false)),
            ("Erschienen am:", "28.06.2021", Some(false)),
            ("Zuletzt geändert am:", "28.06.2021", Some(true)),
            ("Last updated", "28 June 2021", Some(true)),
            ("Published", "28 June 2021", Some(false)),
            ("Published on:", "They met on 28 June 2021 there.", None),
        ];
        for (label, line, modified) in cases {
            assert!(may_label(label), "{label}");
            let found = labelled(label, line, &Reading::default());
            assert_eq!(found.map(|found| found.modified), modified, "{label} {line}");
        }
        for line in [
            "Read more:",
            "Published 2021:",
            "Published by many houses",
            "It was then published by them as follows in a book:",
        ] {
            let found = labelled(line, "28 June 2021", &Reading::default());
            assert!(!may_label(line) || found.is_none(), "{line}");
        }
    }

    #[test]
    fn a_line_that_goes_on_with_a_sentence_states_nothing() {
        let wire = "The loan\n\nIt is due in five years and will be listed in the city. The\npayment date April 9, 2021.";
        assert_eq!(statements(wire, None), []);
        assert_eq!(candidates(wire, &Reading::default()), []);
        let apart =
            "The loan\n\nIt is due in five years and will be listed in the city.\nposted April 9, 2021";
        assert_eq!(statements(apart, None).len(), 1);
    }

    #[test]
    fn plain_text_states_its_publication_at_its_edges_only() {
        let dates = |text: &str| candidates(text, &Reading::default()).len();
        assert_eq!(dates("A headline\nPublished 28 June 2021\nText."), 1);
        assert_eq!(dates("Text.\n\nPosted on June 28, 2021"), 1);
        assert_eq!(dates("28 June 2021\nText."), 1);
        assert_eq!(dates("Text.\nPay May 8, 1987, record date April 2, 1987"), 0);
        assert_eq!(dates("Coming events\n3 July 2021\n10 July 2021\n17 July 2021"), 0);
        assert_eq!(dates("a\nb\nc\nd\ne\nf\ng\n28 June 2021"), 0);
    }

    #[test]
    fn lines_that_tell_the_publication_tell_no_event() {
        let day = |text: &str| {
            let stamp = crate::input::published::parse::parse(text, &Reading::default()).unwrap();
            stamp.published(DateSource::Field)
        };
        let cases = [
            ("A headline\nPublished 28 June 2021\nText.", "2021-06-28", "Published 28 June 2021"),
            ("Text.\n\n  Updated: July 3, 2021  ", "2021-06-28", "Updated: July 3, 2021"),
            ("Monday, June 28, 2021\nText.", "2021-06-28", "Monday, June 28, 2021"),
            ("Monday, June 28, 2021\nText.", "2021-06-30", ""),
            ("On June 28, 2021 it was published by them.\nText.", "2021-06-28", ""),
            ("Acme Data Inc. plans to redeem on June 28, 2021 all of its debt.\nText.", "2021-06-28", ""),
        ];
        for (text, published, line) in cases {
            let found = statements(text, Some(&day(published)));
            let shown: Vec<&str> = found.iter().map(|span| span.of(text)).collect();
            assert_eq!(shown.join("|"), line, "{text}");
        }
    }

    #[test]
    fn a_statement_beside_the_headline_may_open_the_text() {
        let long = "und viele weitere Worte ".repeat(20);
        let cases = [
            (format!("Pressemitteilung vom 25. Januar 2022 | Berlin – {long}"), true),
            (format!("Aktualisiert am 25. Januar 2022 | Berlin – {long}"), false),
            (format!("Berlin, den 25. Januar 2022 – {long}"), false),
            ("Berlin, den 25. Januar 2022".to_owned(), true),
            (format!("Berlin, 25.01.2022. {long}"), true),
            (format!("(Berlin, 25.01.2022) {long}"), true),
            (format!("LONDON – 25 January 2022 – {long}"), true),
            (format!("In London, 25 January 2022 became a day of rest, {long}"), false),
            ("Founded on 25 January 2022, the club has met in the old hall every week.".to_owned(), false),
            ("World | by Jane Doe on 25 January 2022 | 3 comments".to_owned(), true),
            ("What the town knows of the bridge | 25 January 2022".to_owned(), true),
            ("الثلاثاء - 22 جمادى الآخرة 1443 هـ - 25 يناير 2022 مـ رقم العدد [15764]".to_owned(), true),
            ("25 January 1922: the bridge is opened to the trains of the county.".to_owned(), false),
            ("The next meeting is held on 25 January 2022 in Kassel".to_owned(), false),
        ];
        for (line, expected) in cases {
            assert_eq!(beside_headline(&line, &Reading::default()).is_some(), expected, "{line}");
        }
    }

    #[test]
    fn the_word_lists_are_read() {
        let file: BTreeMap<String, BTreeMap<String, Vec<String>>> = toml::from_str(WORDS).unwrap();
        assert_eq!(file.keys().collect::<Vec<_>>(), ["changed", "itself", "other", "published"]);
        assert!(word_lists().published.len() > 40 && word_lists().changed.len() > 30);
        let text = |word: &Word| String::from_utf8_lossy(word.finder.needle()).into_owned();
        assert!(word_lists().published.iter().map(text).all(|word| word == word.to_lowercase()));
    }
}
