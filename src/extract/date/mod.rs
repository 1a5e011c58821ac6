//! Dates, times, durations and sets: TIMEX3 expressions with their values and calendar intervals.
//!
//! Takes the texts of one article (title, body), the day of publication and the language; gives [`Mention`]s, sorted
//! and not overlapping. The rules of a language are data (`data/lang/<code>/dates.toml`, where the top of the English
//! file explains how they are written), compiled on first use. Pure: no clock; without an anchor no invented year.

mod class;
mod clock;
mod context;
mod grammar;
mod holiday;
mod house;
mod length;
mod lexeme;
mod matcher;
mod moon;
mod number;
mod odd_year;
mod part;
mod pattern;
mod period;
mod point;
mod relative;
mod resolve;
mod table;
mod tense;

use std::sync::{Arc, LazyLock};

use self::class::Class;
use self::grammar::{Grammar, Means};
use self::matcher::{Match, Reading, Work};
use self::part::Part;
use self::resolve::Resolver;
use crate::article::{Entity, Mention, Timex};
use crate::calendar::Published;
use crate::language::Language;
use crate::span::Span;
use crate::text::Text;

/// The rules of one language.
struct Rules {
    code: &'static str,
    #[cfg(test)]
    source: &'static str,
    grammar: LazyLock<Grammar>,
}

macro_rules! rules {
    ($($code:literal),*) => {
        [$(Rules {
            code: $code,
            #[cfg(test)]
            source: include_str!(concat!("../../../data/lang/", $code, "/dates.toml")),
            grammar: LazyLock::new(|| compiled(include_str!(concat!("../../../data/lang/", $code, "/dates.toml")))),
        }),*]
    };
}

/// Every language with rules; the first one also reads what is in no language of the table.
static RULES: [Rules; 8] = rules!["en", "es", "fr", "de", "ar", "pt", "it", "nl"];

/// A rule file that does not compile finds nothing; the tests compile every file.
fn compiled(source: &str) -> Grammar {
    Grammar::compile(source).unwrap_or_default()
}

/// Whether there are rules for `language`, which is not English.
pub fn has_own_rules(language: Language) -> bool {
    rules_of(language).code != RULES[0].code
}

/// Whether the rules of `language` have `word`, which beside a date is then no name: "am Montag".
pub fn is_word_of_dates(language: Language, word: &str) -> bool {
    rules_of(language).grammar.number(word.to_lowercase().as_bytes()) != 0
}

/// Whether `word` leads to when something happened in `language`, and to no name: "am".
pub fn leads_to_date(language: Language, word: &str) -> bool {
    rules_of(language).grammar.is_of_events(word.to_lowercase().as_bytes())
}

/// Whether `word` is a word of dates only with its capital, which then tells no name: "Noël".
pub fn needs_capital(language: Language, word: &str) -> bool {
    rules_of(language).grammar.needs_capital(word.to_lowercase().as_bytes())
}

/// Whether `language` writes every noun with a capital.
pub fn has_capital_nouns(language: Language) -> bool {
    rules_of(language).grammar.settings.capital_nouns
}

fn rules_of(language: Language) -> &'static Rules {
    RULES.iter().find(|rules| rules.code == language.code()).unwrap_or(&RULES[0])
}

/// An expression that was found, with the rule that found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// Where, in bytes.
    pub span: Span,
    /// What it says.
    pub timex: Arc<Timex>,
    /// Name of the rule in the language's `dates.toml`.
    pub rule: String,
}

/// The dates of each of `texts` (title, body), which are of one article: `anchor` is when it was published.
pub fn tag(texts: &[&Text<'_>], anchor: Option<&Published>, language: Language) -> Vec<Vec<Mention>> {
    let mention = |traced: Traced| Mention { span: traced.span, entity: Entity::Date(traced.timex) };
    trace(texts, anchor, language).into_iter().map(|found| found.into_iter().map(mention).collect()).collect()
}

/// What [`tag`] finds, with the rule behind each expression.
pub fn trace(texts: &[&Text<'_>], anchor: Option<&Published>, language: Language) -> Vec<Vec<Traced>> {
    trace_with(&rules_of(language).grammar, texts, anchor)
}

fn trace_with(grammar: &Grammar, texts: &[&Text<'_>], anchor: Option<&Published>) -> Vec<Vec<Traced>> {
    let mut readings: Vec<Reading<'_>> = texts.iter().map(|text| Reading::new(text, grammar)).collect();
    let (mode, field) = context::kind(&readings, anchor.map(|published| published.date));
    let wire = readings.iter().any(Reading::is_of_agency);
    for reading in &mut readings {
        (reading.mode, reading.field, reading.wire) = (mode, field, wire);
    }
    let mut resolver = Resolver::new(anchor, mode);
    readings.iter().map(|reading| expressions(reading, &mut resolver)).collect()
}

fn expressions<'a>(reading: &'a Reading<'a>, resolver: &mut Resolver) -> Vec<Traced> {
    let matches = matches(reading);
    let years = resolver.years_ahead(reading, &matches);
    let mut found: Vec<Traced> = Vec::new();
    let mut before: Option<&Match<'_>> = None;
    for (at, best) in matches.iter().enumerate() {
        resolver.look_ahead(years.get(at).copied().flatten());
        if let Some(traced) = before.and_then(|before| restated(reading, before, best, found.last()?)) {
            found.push(traced);
            continue;
        }
        let story = before.filter(|before| retells(reading, before, best)).map(|_| resolver.clone());
        let Some(values) = resolver.resolve(reading, best) else { continue };
        // The story goes on from the date outside the brackets.
        if let Some(story) = story {
            *resolver = story;
        }
        if let (Some(counted), Some(told)) = (found.last_mut(), values.first())
            && let Some(told) = before.and_then(|before| explained(reading, before, best, told))
        {
            counted.timex = Arc::new(told);
        }
        found.extend(spans(reading, best).zip(values).map(|(span, timex)| Traced {
            span,
            timex: Arc::new(timex),
            rule: best.rule.name.clone(),
        }));
        before = Some(best);
    }
    found
}

/// The date that `counted` only counts, where `told` tells it in brackets or behind a comma: "two years later (218 BC)",
/// "two years later, on 20 March 2003", "the next morning, February 12, they left".
fn explained(reading: &Reading<'_>, counted: &Match<'_>, told: &Match<'_>, date: &Timex) -> Option<Timex> {
    let is_counted =
        matches!(counted.rule.means, Means::That | Means::Later | Means::Before | Means::After | Means::Ago);
    if !is_counted || told.rule.means != Means::Date {
        return None;
    }
    let word = |at: usize| reading.text.tokens.get(at).map_or("", |_| reading.text.word(at));
    let end = counted.end();
    if told.start() == end + 1 && word(end) == "(" && word(told.end()) == ")" {
        return Some(date.clone());
    }
    let is_enclosed = || told.tells(Class::DAY) && matches!(word(told.end()), "," | ".");
    let behind_comma = word(end) == ","
        && (told.start() == end + 2 && reading.is_of_events(end + 1)
            || told.start() == end + 1 && is_enclosed());
    let part = Part { reading, found: counted, range: *counted.parts.first()? };
    behind_comma.then(|| resolve::cut_to_unit(date, &part))?
}

/// Whether `again`, alone in brackets behind the day that is `told`, is the same day of another calendar or clock:
/// "on 8 March 1917 (23 February Old Style)".
fn retells(reading: &Reading<'_>, told: &Match<'_>, again: &Match<'_>) -> bool {
    let word = |at: usize| reading.text.tokens.get(at).map_or("", |_| reading.text.word(at));
    let end = again.end();
    let is_bracketed = again.start() == told.end() + 1
        && word(told.end()) == "("
        && (end..=end + LONGEST_CALENDAR).any(|at| word(at) == ")");
    let is_day = |found: &Match<'_>| {
        found.rule.means == Means::Date
            && found.parts.len() == 1
            && found.tells(Class::DAY)
            && found.tells(Class::MONTH)
    };
    is_bracketed && is_day(told) && is_day(again)
}

/// Tokens that name a calendar at most: "O.S.", "Old Style".
const LONGEST_CALENDAR: usize = 4;

/// The date that `counted` counts again directly behind the one that tells it: "in 1453, two years later, it fell".
fn restated(reading: &Reading<'_>, told: &Match<'_>, counted: &Match<'_>, last: &Traced) -> Option<Traced> {
    let (start, end) = (told.end(), counted.end());
    let is_enclosed = counted.start() == start + 1
        && reading.text.word(start) == ","
        && reading.text.tokens.get(end).is_some_and(|_| matches!(reading.text.word(end), "," | "."));
    let is_later = counted.rule.means == Means::Later && counted.rule.shift == Some(1);
    if !is_enclosed || !is_later || told.rule.means != Means::Date || last.timex.from.is_none() {
        return None;
    }
    let part = Part { reading, found: counted, range: *counted.parts.first()? };
    let timex = resolve::cut_to_unit(&last.timex, &part)?;
    Some(Traced {
        span: spans(reading, counted).next()?,
        timex: Arc::new(timex),
        rule: counted.rule.name.clone(),
    })
}

/// What the rules match in a text, from left to right.
fn matches<'a>(reading: &'a Reading<'a>) -> Vec<Match<'a>> {
    let (mut found, mut work) = (Vec::new(), Work::default());
    let mut at = 0;
    while at < reading.text.tokens.len() {
        let Some(best) = reading.best(at, &mut work) else {
            at += 1;
            continue;
        };
        at = best.end().max(at + 1);
        if best.rule.means != Means::Nothing {
            found.push(best);
        }
    }
    found
}

fn spans<'m>(reading: &'m Reading<'_>, found: &'m Match<'_>) -> impl Iterator<Item = Span> + 'm {
    found.parts.iter().map(|&(start, end)| {
        let first = &found.elements[start];
        let last = &found.elements[end - 1];
        let last_token = last.token as usize + usize::from(last.lexeme.tokens) - 1;
        Span::new(
            reading.text.tokens[first.token as usize].start as usize + usize::from(first.lexeme.skip),
            reading.text.tokens[last_token].end as usize,
        )
    })
}

#[cfg(test)]
mod tests;
