//! Where a query matches in a stored article: for marking what matched, and for what only the article itself can tell,
//! such as that two names stand in one sentence.
//!
//! A [`Pattern`] is a query for texts of one analyser; [`Patterns`] holds one for each that the index uses.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::article::{Entity, Mention};
use crate::engine::local::analysis::{Analyser, Word, words};
use crate::engine::local::bind::{analysed, compile, distance_km, folded, in_box, wildcard};
use crate::engine::local::meaning::{Meaning, is_close};
use crate::engine::local::record::{Extent, extent};
use crate::engine::local::snapshot::Snapshot;
use crate::engine::local::stored::{self, Head};
use crate::error::Result;
use crate::field::{Field, FieldKind, actor_path, path_label};
use crate::query::{Centre, Query};
use crate::span::Span;
use crate::text::{Text, fold};

/// Says whether a word is meant.
type WordTest = Arc<dyn Fn(&str) -> bool + Send + Sync>;
/// Says whether an entity is meant.
type EntityTest = Arc<dyn Fn(&Entity) -> bool + Send + Sync>;

/// Where a leaf may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Anywhere,
    Title,
    Body,
}

/// A query that can be looked for in a text.
#[derive(Clone)]
enum Pattern {
    /// Words next to each other, or within `slop` more.
    Words {
        tests: Vec<WordTest>,
        slop: usize,
        place: Where,
    },
    /// Mentions of what is meant.
    Mentions(EntityTest),
    /// Parts that must stand together.
    Together {
        parts: Vec<Pattern>,
        paragraph: bool,
    },
    All(Vec<Pattern>),
    Any(Vec<Pattern>),
    Not(Box<Pattern>),
    /// What a text cannot tell; the index has seen to it.
    Settled,
}

/// A query for texts of every analyser that an index uses.
#[derive(Clone)]
pub(super) struct Patterns {
    by_analyser: FxHashMap<Analyser, Pattern>,
}

/// A title or body to be looked through.
pub(super) struct Reading<'t> {
    source: &'t str,
    words: Vec<Word>,
    mentions: &'t [Mention],
    is_title: bool,
}

impl<'t> Reading<'t> {
    /// Cuts `source` into words.
    pub(super) fn new(source: &'t str, mentions: &'t [Mention], is_title: bool) -> Reading<'t> {
        Reading { source, words: words(source), mentions, is_title }
    }

    fn word(&self, at: usize) -> &'t str {
        let word = self.words[at];
        &self.source[word.start..word.end]
    }
}

/// One match: where, and which part of the query it is a match of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// In bytes of the text.
    pub(super) span: Span,
    /// Number of the leaf of the query.
    pub(super) leaf: usize,
}

impl Patterns {
    /// Prepares `query` for the articles of `snapshot`.
    pub(super) fn new(snapshot: &Snapshot, query: &Query) -> Result<Patterns> {
        let mut by_analyser = FxHashMap::default();
        for texts in &snapshot.texts {
            by_analyser
                .insert(texts.analyser, Compiler { snapshot, analyser: texts.analyser }.compile(query)?);
        }
        Ok(Patterns { by_analyser })
    }

    /// Whether an article, head and packed rest, bears the query out.
    pub(super) fn hold(&self, head: &Head, packed: &[u8]) -> bool {
        let Ok((text, annotations)) = stored::unpack_body(packed) else { return false };
        let Some(pattern) = self.by_analyser.get(&Analyser::of(head.language())) else { return false };
        let title = head.title.as_deref().unwrap_or("");
        let readings = [
            Reading::new(title, &annotations.title_mentions, true),
            Reading::new(&text, &annotations.mentions, false),
        ];
        pattern.holds_in_article(&readings)
    }

    /// Every match in a text, in order.
    pub(super) fn matches(&self, analyser: Analyser, reading: &Reading<'_>) -> Vec<Match> {
        let mut found = Vec::new();
        if let Some(pattern) = self.by_analyser.get(&analyser) {
            pattern.collect(reading, &mut 0, &mut found);
        }
        found.sort_unstable_by_key(|found| (found.span.start, std::cmp::Reverse(found.span.end)));
        found
    }
}

impl Pattern {
    fn holds_in_article(&self, readings: &[Reading<'_>; 2]) -> bool {
        match self {
            Pattern::Settled => true,
            Pattern::All(parts) => parts.iter().all(|part| part.holds_in_article(readings)),
            Pattern::Any(parts) => parts.iter().any(|part| part.holds_in_article(readings)),
            Pattern::Not(part) => !part.holds_in_article(readings),
            Pattern::Together { parts, paragraph } => readings.iter().any(|reading| {
                stretches(reading.source, *paragraph)
                    .into_iter()
                    .any(|stretch| parts.iter().all(|part| part.holds_within(reading, &stretch)))
            }),
            Pattern::Words { .. } | Pattern::Mentions(_) => {
                readings.iter().any(|reading| !self.spans(reading).is_empty())
            }
        }
    }

    /// Whether the query holds when only `stretch` of the text counts.
    fn holds_within(&self, reading: &Reading<'_>, stretch: &Range<usize>) -> bool {
        match self {
            Pattern::Settled => true,
            Pattern::All(parts) | Pattern::Together { parts, .. } => {
                parts.iter().all(|part| part.holds_within(reading, stretch))
            }
            Pattern::Any(parts) => parts.iter().any(|part| part.holds_within(reading, stretch)),
            Pattern::Not(part) => !part.holds_within(reading, stretch),
            Pattern::Words { .. } | Pattern::Mentions(_) => {
                self.spans(reading).iter().any(|span| stretch.start <= span.start && span.end <= stretch.end)
            }
        }
    }

    /// Adds the matches of every leaf that is not negated.
    fn collect(&self, reading: &Reading<'_>, leaf: &mut usize, found: &mut Vec<Match>) {
        match self {
            Pattern::Settled | Pattern::Not(_) => {}
            Pattern::All(parts) | Pattern::Any(parts) | Pattern::Together { parts, .. } => {
                for part in parts {
                    part.collect(reading, leaf, found);
                }
            }
            Pattern::Words { .. } | Pattern::Mentions(_) => {
                found.extend(self.spans(reading).into_iter().map(|span| Match { span, leaf: *leaf }));
                *leaf += 1;
            }
        }
    }

    /// The matches of a leaf.
    fn spans(&self, reading: &Reading<'_>) -> Vec<Span> {
        match self {
            Pattern::Words { tests, slop, place } => {
                let elsewhere = match place {
                    Where::Anywhere => false,
                    Where::Title => !reading.is_title,
                    Where::Body => reading.is_title,
                };
                if elsewhere { Vec::new() } else { phrases(reading, tests, *slop) }
            }
            Pattern::Mentions(test) => {
                let meant = reading.mentions.iter().filter(|mention| test(&mention.entity));
                meant.map(|mention| mention.span).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Where the words stand next to each other, or with gaps and in another order within `slop`.
fn phrases(reading: &Reading<'_>, tests: &[WordTest], slop: usize) -> Vec<Span> {
    let mut spans = Vec::new();
    for at in 0..reading.words.len() {
        if slop == 0 {
            let end = at + tests.len();
            if end <= reading.words.len() && tests.iter().zip(at..).all(|(test, at)| test(reading.word(at))) {
                spans.push(Span::new(reading.words[at].start, reading.words[end - 1].end));
            }
        } else {
            spans.extend(loose_phrase(reading, tests, slop, at));
        }
    }
    spans.dedup();
    spans
}

/// The words of a loose phrase, one span each, if it begins with the word `at`.
fn loose_phrase(reading: &Reading<'_>, tests: &[WordTest], slop: usize, at: usize) -> Vec<Span> {
    if !tests.iter().any(|test| test(reading.word(at))) {
        return Vec::new();
    }
    let end = reading.words.len().min(at + tests.len() + slop);
    let mut used: Vec<usize> = Vec::with_capacity(tests.len());
    for test in tests {
        let Some(found) = (at..end).find(|here| !used.contains(here) && test(reading.word(*here))) else {
            return Vec::new();
        };
        used.push(found);
    }
    used.sort_unstable();
    used.iter().map(|&at| Span::new(reading.words[at].start, reading.words[at].end)).collect()
}

/// The sentences or paragraphs of a text, in bytes.
fn stretches(source: &str, paragraph: bool) -> Vec<Range<usize>> {
    let text = Text::new(source);
    let mut stretches: Vec<Range<usize>> = Vec::with_capacity(text.sentences.len());
    for sentence in &text.sentences {
        let (Some(first), Some(last)) = (text.tokens.get(sentence.start), text.tokens.get(sentence.end - 1))
        else {
            continue;
        };
        let (start, end) = (first.start as usize, last.end as usize);
        match stretches.last_mut() {
            Some(open) if paragraph && !first.paragraph_start => open.end = end,
            _ => stretches.push(start..end),
        }
    }
    stretches
}

/// Prepares queries for the texts of one analyser.
struct Compiler<'s> {
    snapshot: &'s Snapshot,
    analyser: Analyser,
}

impl Compiler<'_> {
    fn compile(&self, query: &Query) -> Result<Pattern> {
        Ok(match query {
            Query::All | Query::Has(_) | Query::Near { centre: Centre::Place(_), .. } => Pattern::Settled,
            Query::Word { field, text, exact, distance } => match place(*field) {
                Some(place) => in_words(self.tests(text, *exact, usize::from(*distance)), 0, place),
                None => self.value(*field, text, *distance)?,
            },
            Query::Phrase { field, text, exact, slop } => match place(*field) {
                Some(place) => in_words(self.tests(text, *exact, 0), *slop as usize, place),
                None => self.value(*field, text, 0)?,
            },
            Query::Prefix { field, text } => match place(*field) {
                Some(place) => prefix(text, place),
                None => values_where(*field, &format!("{}.*", regex::escape(&folded(*field, text))))?,
            },
            Query::Wildcard { field, pattern } => pattern_of(*field, &wildcard(&folded(*field, pattern)))?,
            Query::Regex { field, pattern } => pattern_of(*field, pattern)?,
            Query::Value { field, value, distance } => self.value(Some(field), value, *distance)?,
            Query::Days { field, from, to, overlap } => days(field, *from, *to, *overlap),
            Query::Near { centre: Centre::Point { lat, lon }, km } => near((*lat, *lon), *km),
            Query::Bbox { west, south, east, north } => bbox((*west, *south, *east, *north)),
            Query::Together { parts, paragraph } => {
                Pattern::Together { parts: self.all(parts)?, paragraph: *paragraph }
            }
            Query::And(parts) => Pattern::All(self.all(parts)?),
            Query::Or(parts) => Pattern::Any(self.all(parts)?),
            Query::Not(inner) => Pattern::Not(Box::new(self.compile(inner)?)),
            Query::Boost(inner, _) => self.compile(inner)?,
        })
    }

    fn all(&self, parts: &[Query]) -> Result<Vec<Pattern>> {
        parts.iter().map(|part| self.compile(part)).collect()
    }

    fn tests(&self, text: &str, exact: bool, distance: usize) -> Vec<WordTest> {
        let typed: Vec<&str> = words(text).iter().map(|word| &text[word.start..word.end]).collect();
        if exact || distance > 0 {
            return typed.iter().map(|word| spelled(&fold::key(word), distance)).collect();
        }
        let terms = analysed(self.analyser, &typed);
        terms.into_iter().map(|term| stemmed(self.analyser, term)).collect()
    }

    fn value(&self, field: Option<&'static Field>, value: &str, distance: u8) -> Result<Pattern> {
        let Some(field) = field.filter(|field| mentions_of(field)) else { return Ok(Pattern::Settled) };
        let meaning = Meaning::of(self.snapshot, field, value, distance)?;
        Ok(Pattern::Mentions(Arc::new(move |entity| {
            values_of(field, entity).iter().any(|value| meaning.accepts(field, value))
        })))
    }
}

fn in_words(tests: Vec<WordTest>, slop: usize, place: Where) -> Pattern {
    if tests.is_empty() { Pattern::Settled } else { Pattern::Words { tests, slop, place } }
}

/// Where words of a field stand; none for a field of values.
fn place(field: Option<&'static Field>) -> Option<Where> {
    match field {
        None => Some(Where::Anywhere),
        Some(field) if field.kind != FieldKind::Text => None,
        Some(field) if field.name == "title" => Some(Where::Title),
        Some(_) => Some(Where::Body),
    }
}

/// Whether the values of a field are mentions in the text.
fn mentions_of(field: &Field) -> bool {
    matches!(field.name, "actor" | "actor-country" | "place" | "focus")
}

/// The values that a mention adds to a field.
fn values_of(field: &Field, entity: &Entity) -> Vec<String> {
    match (entity, field.name) {
        (Entity::Actor(actor), "actor") => {
            vec![actor.kind.name().to_owned(), actor_path(actor.kind, &actor.name)]
        }
        (Entity::Actor(actor), "actor-country") => actor.country.iter().cloned().collect(),
        (Entity::Place(place), "place" | "focus") if field.name == "place" || place.focus => {
            let mut path = String::new();
            let mut paths = Vec::with_capacity(place.path.len());
            for label in &place.path {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(&path_label(label));
                paths.push(path.clone());
            }
            paths
        }
        _ => Vec::new(),
    }
}

/// A word of this stem.
fn stemmed(analyser: Analyser, term: String) -> WordTest {
    let first = term.chars().next();
    // Stemming is dear, and only Arabic stems begin otherwise than their words.
    let keeps_first = analyser.name() != "arabic";
    Arc::new(move |word| {
        let begins = || word.chars().next().map(|c| fold::key(c.encode_utf8(&mut [0; 4])));
        let begins_so = |first: char| match word.as_bytes().first() {
            Some(byte) if byte.is_ascii() => byte.to_ascii_lowercase() == first as u8 && first.is_ascii(),
            _ => begins().is_some_and(|begin| begin.starts_with(first) || begin.is_empty()),
        };
        if keeps_first && !first.is_some_and(begins_so) {
            return false;
        }
        analyser.term(word) == term
    })
}

/// A word spelled so, give or take `distance` typos.
fn spelled(wanted: &str, distance: usize) -> WordTest {
    let wanted = wanted.to_owned();
    Arc::new(move |word| {
        let folded = fold::key(word);
        folded == wanted || distance > 0 && is_close(&folded, &wanted, distance)
    })
}

fn prefix(text: &str, place: Where) -> Pattern {
    let folded = fold::key(text);
    let mut begun: Vec<&str> = folded.split(' ').collect();
    let Some(last) = begun.pop().filter(|last| !last.is_empty()) else { return Pattern::Settled };
    let mut tests: Vec<WordTest> = begun.iter().map(|word| spelled(word, 0)).collect();
    let last = last.to_owned();
    tests.push(Arc::new(move |word| fold::key(word).starts_with(&last)));
    Pattern::Words { tests, slop: 0, place }
}

fn pattern_of(field: Option<&'static Field>, pattern: &str) -> Result<Pattern> {
    let Some(place) = place(field) else { return values_where(field, pattern) };
    let regex = compile(pattern)?;
    let test: WordTest = Arc::new(move |word| regex.is_match(&fold::key(word)));
    Ok(Pattern::Words { tests: vec![test], slop: 0, place })
}

/// Mentions of values that match a pattern, whole or in their last step.
fn values_where(field: Option<&'static Field>, pattern: &str) -> Result<Pattern> {
    let Some(field) = field.filter(|field| mentions_of(field)) else { return Ok(Pattern::Settled) };
    let regex = compile(pattern)?;
    Ok(Pattern::Mentions(Arc::new(move |entity| {
        values_of(field, entity).iter().any(|value| {
            let folded = crate::engine::local::analysis::folded_path(value);
            let leaf = fold::key(crate::engine::local::analysis::leaf(value));
            regex.is_match(&folded) || regex.is_match(&leaf)
        })
    })))
}

fn days(field: &Field, from: Option<Date>, to: Option<Date>, overlap: bool) -> Pattern {
    if field.name != "event" {
        return Pattern::Settled;
    }
    let (first, last) = (from.unwrap_or(Date::MIN), to.unwrap_or(Date::MAX));
    Pattern::Mentions(Arc::new(move |entity| {
        let Entity::Date(timex) = entity else { return false };
        let (Some(from), Some(to)) = (timex.from, timex.to) else { return false };
        if overlap { from <= last && to >= first } else { first <= from && to <= last }
    }))
}

fn near(centre: (f64, f64), km: f64) -> Pattern {
    Pattern::Mentions(Arc::new(move |entity| {
        let Entity::Place(place) = entity else { return false };
        extent(place) == Some(Extent::Spot) && distance_km(centre, (place.lat, place.lon)) <= km
    }))
}

fn bbox(sides: (f64, f64, f64, f64)) -> Pattern {
    Pattern::Mentions(Arc::new(move |entity| {
        let Entity::Place(place) = entity else { return false };
        extent(place).is_some() && in_box(sides, place.lat, place.lon)
    }))
}
