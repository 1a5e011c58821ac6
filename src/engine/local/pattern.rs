//! Where a query matches in a stored article: for marking what matched, and for what only the article itself can tell,
//! such as that two names stand in one sentence.
//!
//! A [`Pattern`] is a query for texts of one analyser; [`Patterns`] holds one for each that the index uses.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::article::{Actor, Annotations, Entity, Mention, Place};
use crate::engine::local::analysis::{
    Analyser, Edges, Word, folded_path, folded_word, leaf, typed_terms, typed_words, words,
};
use crate::engine::local::bind::{allowed_typos, compile, distance_km, folded, in_box, is_fuzzy, wildcard};
use crate::engine::local::meaning::{Meaning, is_close};
use crate::engine::local::mentions::unreadable;
use crate::engine::local::record::{Extent, extent};
use crate::engine::local::seek::{Opening, Words};
use crate::engine::local::snapshot::{Moved, Snapshot};
use crate::engine::local::stored::{self, Head};
use crate::engine::local::verify::KeptOf;
use crate::error::Result;
use crate::field::{Field, FieldKind, actor_path, path_label};
use crate::query::{Centre, Query};
use crate::reference::corrections::Corrections;
use crate::span::Span;
use crate::text::{Text, fold};

/// Says whether a word is meant.
#[derive(Clone)]
struct WordTest {
    /// How every such word begins, as far as that is known: most words are not looked at any further.
    opening: Opening,
    /// Where it must stand in a script without spaces; anywhere if none.
    edges: Option<Edges>,
    accept: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl WordTest {
    fn new(opening: Opening, accept: impl Fn(&str) -> bool + Send + Sync + 'static) -> WordTest {
        WordTest { opening, edges: None, accept: Arc::new(accept) }
    }

    /// The same, standing so.
    fn standing(self, edges: Edges) -> WordTest {
        WordTest { edges: Some(edges), ..self }
    }
}

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
    words: OnceCell<Vec<Word>>,
    mentions: &'t [Mention],
    is_title: bool,
}

impl<'t> Reading<'t> {
    /// A text with what was found in it.
    pub(super) fn new(source: &'t str, mentions: &'t [Mention], is_title: bool) -> Reading<'t> {
        Reading { source, words: OnceCell::new(), mentions, is_title }
    }

    fn words(&self) -> &[Word] {
        self.words.get_or_init(|| words(self.source))
    }

    fn is(&self, test: &WordTest, word: Word) -> bool {
        test.edges.is_none_or(|wanted| word.edges.suit(wanted))
            && (test.accept)(&self.source[word.start..word.end])
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
        for &analyser in &snapshot.analysers {
            by_analyser.insert(analyser, Compiler { snapshot, analyser }.compile(query)?);
        }
        Ok(Patterns { by_analyser })
    }

    /// Whether an article, head and packed rest, bears the query out.
    pub(super) fn hold(&self, head: &Head, packed: &[u8], kept: KeptOf<'_>) -> bool {
        let Ok((text, annotations)) = self.unpack(head, packed, kept) else { return false };
        let Some(pattern) = self.by_analyser.get(&Analyser::of(head.language())) else { return false };
        let title = head.title.as_deref().unwrap_or("");
        let readings = [
            Reading::new(title, &annotations.title_mentions, true),
            Reading::new(text, &annotations.mentions, false),
        ];
        pattern.holds_in_article(&readings)
    }

    /// Reads the text of a packed article, and its mentions where they are looked for.
    pub(super) fn unpack<'p>(
        &self,
        head: &Head,
        packed: &'p [u8],
        kept: KeptOf<'_>,
    ) -> tantivy::Result<(&'p str, Annotations)> {
        let unpacked = if self.by_analyser.values().any(Pattern::has_mentions) {
            stored::unpack_body(head, packed, &kept()?)
        } else {
            stored::unpack_text(packed).map(|text| (text, Annotations::default()))
        };
        unpacked.map_err(|error| unreadable(&error))
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
    /// Whether mentions are looked for, not words alone.
    fn has_mentions(&self) -> bool {
        match self {
            Pattern::Mentions(_) => true,
            Pattern::Words { .. } | Pattern::Settled => false,
            Pattern::Not(part) => part.has_mentions(),
            Pattern::All(parts) | Pattern::Any(parts) | Pattern::Together { parts, .. } => {
                parts.iter().any(Pattern::has_mentions)
            }
        }
    }

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
    if slop == 0 {
        let Some((first, rest)) = tests.split_first() else { return spans };
        let mut openings = Words::opened(reading.source, first.opening);
        while let Some(word) = openings.next() {
            if reading.is(first, word) {
                let end =
                    rest.iter().zip(openings.after(rest.len())).try_fold(word.end, |_, (test, next)| {
                        next.filter(|&next| reading.is(test, next)).map(|next| next.end)
                    });
                spans.extend(end.map(|end| Span::new(word.start, end)));
            }
        }
    } else {
        for at in 0..reading.words().len() {
            spans.extend(loose_phrase(reading, tests, slop, at));
        }
    }
    spans.dedup();
    spans
}

/// The words of a loose phrase, one span each, if it begins with the word `at`.
fn loose_phrase(reading: &Reading<'_>, tests: &[WordTest], slop: usize, at: usize) -> Vec<Span> {
    let words = reading.words();
    if !tests.iter().any(|test| reading.is(test, words[at])) {
        return Vec::new();
    }
    let end = words.len().min(at + tests.len() + slop);
    let mut used: Vec<usize> = Vec::with_capacity(tests.len());
    for test in tests {
        let Some(found) = (at..end).find(|here| !used.contains(here) && reading.is(test, words[*here]))
        else {
            return Vec::new();
        };
        used.push(found);
    }
    used.sort_unstable();
    used.iter().map(|&at| Span::new(words[at].start, words[at].end)).collect()
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
                None => self.values_where(*field, &format!("{}.*", regex::escape(&folded(*field, text))))?,
            },
            Query::Wildcard { field, pattern } => {
                self.pattern_of(*field, &wildcard(&folded(*field, pattern)))?
            }
            Query::Regex { field, pattern } => self.pattern_of(*field, pattern)?,
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
        let distance = if is_fuzzy(text, distance as u8) { distance } else { 0 };
        if exact || distance > 0 {
            return spelled_words(text, distance);
        }
        let terms = typed_terms(self.analyser, text).into_iter();
        terms.map(|(term, edges)| stemmed(self.analyser, term).standing(edges)).collect()
    }

    fn value(&self, field: Option<&'static Field>, value: &str, distance: u8) -> Result<Pattern> {
        let Some(field) = field.filter(|field| mentions_of(field)) else { return Ok(Pattern::Settled) };
        let meaning = Meaning::of(self.snapshot, field, value, distance)?;
        let found = self.found_by()?;
        Ok(Pattern::Mentions(Arc::new(move |entity| {
            found.values(field, entity).iter().any(|value| meaning.accepts(field, value))
        })))
    }

    fn pattern_of(&self, field: Option<&'static Field>, pattern: &str) -> Result<Pattern> {
        let Some(place) = place(field) else { return self.values_where(field, pattern) };
        let regex = compile(pattern)?;
        let test = WordTest::new(Opening::ANY, move |word| regex.is_match(&folded_word(word)));
        Ok(Pattern::Words { tests: vec![test], slop: 0, place })
    }

    /// Mentions of values that match a pattern, whole or in their last step.
    fn values_where(&self, field: Option<&'static Field>, pattern: &str) -> Result<Pattern> {
        let Some(field) = field.filter(|field| mentions_of(field)) else { return Ok(Pattern::Settled) };
        let regex = compile(pattern)?;
        let found = self.found_by()?;
        let is_match =
            move |value: &str| regex.is_match(&folded_path(value)) || regex.is_match(&fold::key(leaf(value)));
        Ok(Pattern::Mentions(Arc::new(move |entity| {
            found.values(field, entity).iter().any(|value| is_match(value))
        })))
    }

    fn found_by(&self) -> Result<FoundBy> {
        Ok(FoundBy { corrections: Arc::clone(&self.snapshot.corrections), moved: self.snapshot.moved()? })
    }
}

/// By which values mentions are found: those of the index, which knows the corrected kinds of actors, and those under which
/// they count. Mentions may be as they were stored or as they are shown.
struct FoundBy {
    corrections: Arc<Corrections>,
    moved: Arc<Moved>,
}

impl FoundBy {
    /// The values that a mention adds to a field.
    fn values(&self, field: &Field, entity: &Entity) -> Vec<String> {
        match (entity, field.name) {
            (Entity::Actor(actor), "actor" | "actor-country") if self.corrections.is_empty() => {
                actor_values(field, actor)
            }
            (Entity::Actor(actor), "actor" | "actor-country") => {
                let Some(actor) = self.corrections.rewritten(actor) else { return Vec::new() };
                let mut values = actor_values(field, &actor);
                if let Some(path) = values.last().filter(|_| field.name == "actor") {
                    let counted = self.moved.target(path).unwrap_or(path);
                    let others = self.moved.sources_of(counted).to_vec();
                    let counted = counted.to_owned();
                    values.extend(others);
                    values.push(counted);
                }
                values
            }
            (Entity::Place(place), "place" | "focus") if field.name == "place" || place.focus => {
                place_values(place)
            }
            _ => Vec::new(),
        }
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

/// The values that an actor adds to a field, the path last.
fn actor_values(field: &Field, actor: &Actor) -> Vec<String> {
    if field.name == "actor" {
        vec![actor.kind.name().to_owned(), actor_path(actor.kind, &actor.name)]
    } else {
        actor.country.iter().cloned().collect()
    }
}

/// The path of a place, after those of what it lies in.
fn place_values(place: &Place) -> Vec<String> {
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

/// A word of this stem.
fn stemmed(analyser: Analyser, term: String) -> WordTest {
    // Only Arabic stems begin otherwise than their words.
    let opening = if analyser.name() == "arabic" { Opening::ANY } else { Opening::of_stem(&term) };
    WordTest::new(opening, move |word| analyser.term(word) == term)
}

/// A word spelled so, give or take `distance` typos.
fn spelled(wanted: &str, distance: usize) -> WordTest {
    let wanted = wanted.to_owned();
    if distance == 0 {
        return WordTest::new(Opening::of_word(&wanted), move |word| folded_word(word) == wanted);
    }
    WordTest::new(Opening::ANY, move |word| is_close(&folded_word(word), &wanted, distance))
}

/// The words that were typed, each spelled so.
fn spelled_words(text: &str, distance: usize) -> Vec<WordTest> {
    let typed = typed_words(text).into_iter();
    typed
        .map(|word| {
            let folded = folded_word(&text[word.start..word.end]);
            spelled(&folded, allowed_typos(&folded, distance)).standing(word.edges)
        })
        .collect()
}

fn prefix(text: &str, place: Where) -> Pattern {
    let mut tests = spelled_words(text, 0);
    let last = typed_words(text).pop().map(|last| (folded_word(&text[last.start..last.end]), last.edges));
    let Some((last, edges)) = last.filter(|(last, _)| !last.is_empty()) else { return Pattern::Settled };
    tests.pop();
    let begins = WordTest::new(Opening::of_word(&last), move |word| folded_word(word).starts_with(&last));
    tests.push(begins.standing(edges.open_ended()));
    Pattern::Words { tests, slop: 0, place }
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
