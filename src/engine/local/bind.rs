//! From the query tree to Tantivy queries over the columns of one snapshot.
//!
//! A word without a field finds articles of every language: it is analysed once per analyser that any article uses.
//! Parts that say nothing (a word of punctuation alone) are `None` and narrow nothing.

use std::sync::Arc;

use jiff::civil::Date;
use tantivy::columnar::BytesColumn;
use tantivy::query::doc_predicate_query::{DocPredicateQuery, FunctionPredicate};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, FuzzyTermQuery, Occur,
    PhraseQuery, Query as Bound, TermQuery,
};
use tantivy::schema::{Field as Column, IndexRecordOption};
use tantivy::{SegmentReader, Term};

use crate::engine::local::analysis::{
    AS_IS, Analyser, ValueTerms, folded_path, folded_term, folded_word, leaf, marked, marked_term,
    typed_terms, typed_words,
};
use crate::engine::local::meaning::{Meaning, any_term};
use crate::engine::local::pattern::Patterns;
use crate::engine::local::record::{self, Extent, point_term, read_point};
use crate::engine::local::schema::{has_column, interval_name};
use crate::engine::local::snapshot::Snapshot;
use crate::engine::local::stored::Head;
use crate::engine::local::terms::{Accept, TermsWhere};
use crate::engine::local::verify::{KeptOf, Verified};
use crate::engine::local::watch::Known;
use crate::error::{Error, Result};
use crate::field::{Field, FieldKind, MISSING, find_field};
use crate::query::{Centre, Query};
use crate::text::fold;

/// Kilometres along a meridian per degree.
const KM_PER_DEGREE: f64 = 111.195;

/// The mean radius of the earth in kilometres.
const EARTH_KM: f64 = 6_371.0;

/// Compiled patterns may take this many bytes; more would take long to match.
const PATTERN_BYTES: usize = 1 << 20;

type Part = Option<Box<dyn Bound>>;

/// Says whether a folded value belongs to the answer.
type ValueTest = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Binds queries to one snapshot.
#[derive(Debug)]
pub(super) struct Binder<'s> {
    /// The commit that is searched.
    pub(super) snapshot: &'s Snapshot,
    /// What is known of exact phrases.
    pub(super) known: Option<&'s Known>,
}

/// Which texts a word is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Whole,
    Title,
    Body,
}

/// Words as they were typed.
#[derive(Debug, Clone, Copy)]
struct Wording<'t> {
    text: &'t str,
    exact: bool,
    slop: u32,
}

impl Binder<'_> {
    /// The Tantivy query for `query`.
    pub(super) fn bind(&self, query: &Query) -> Result<Box<dyn Bound>> {
        Ok(self.part(query)?.unwrap_or_else(|| Box::new(EmptyQuery)))
    }

    /// The Tantivy query for `query`; where something else narrows too, what says nothing finds everything.
    pub(super) fn bind_beside(&self, query: &Query, narrowed: bool) -> Result<Box<dyn Bound>> {
        Ok(match self.part(query)? {
            Some(bound) => bound,
            None if narrowed => Box::new(AllQuery),
            None => Box::new(EmptyQuery),
        })
    }

    fn part(&self, query: &Query) -> Result<Part> {
        Ok(match query {
            Query::All => Some(Box::new(AllQuery)),
            Query::Word { field, text, exact, distance } => match scope(*field)? {
                Some(_) if is_fuzzy(text, *distance) => self.fuzzy(*field, query, text, *distance)?,
                Some(_) => self.phrase(*field, query, &Wording { text, exact: *exact, slop: 0 })?,
                None => self.value(field_of(*field)?, text, *distance)?,
            },
            Query::Phrase { field, text, exact, slop } => match scope(*field)? {
                Some(_) => self.phrase(*field, query, &Wording { text, exact: *exact, slop: *slop })?,
                None => self.value(field_of(*field)?, text, 0)?,
            },
            Query::Prefix { field, text } => self.prefix(*field, query, text)?,
            Query::Wildcard { field, pattern } => {
                self.pattern(*field, query, &wildcard(&folded(*field, pattern)))?
            }
            Query::Regex { field, pattern } => self.pattern(*field, query, pattern)?,
            Query::Value { field, value, distance } => self.value(field, value, *distance)?,
            Query::Days { field, from, to, overlap } => Some(self.days(field, *from, *to, *overlap)?),
            Query::Near { centre: Centre::Point { lat, lon }, km } => Some(self.near(*lat, *lon, *km)),
            // The gazetteer is asked when the request is built.
            Query::Near { centre: Centre::Place(name), .. } => {
                return Err(Error::Usage(format!("no place named `{name}` to measure from")));
            }
            Query::Bbox { west, south, east, north } => Some(self.bbox(*west, *south, *east, *north)),
            Query::Has(field) => Some(self.has(field)),
            Query::Together { parts, .. } => {
                let inner = self.all_of(parts)?;
                inner.map(|inner| self.verified(inner, query)).transpose()?
            }
            Query::And(parts) => self.all_of(parts)?,
            Query::Or(parts) => self.any_of(parts)?,
            Query::Not(inner) => self.part(inner)?.map(excluding),
            Query::Boost(inner, by) => {
                self.part(inner)?.map(|inner| Box::new(BoostQuery::new(inner, *by)) as Box<dyn Bound>)
            }
        })
    }

    fn all_of(&self, parts: &[Query]) -> Result<Part> {
        let mut clauses = Vec::with_capacity(parts.len());
        for part in parts {
            let (occur, inner) = match part {
                Query::Not(inner) => (Occur::MustNot, inner.as_ref()),
                other => (Occur::Must, other),
            };
            clauses.extend(self.part(inner)?.map(|bound| (occur, bound)));
        }
        if clauses.is_empty() {
            return Ok(parts.is_empty().then(|| Box::new(AllQuery) as Box<dyn Bound>));
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        Ok(Some(Box::new(BooleanQuery::new(clauses))))
    }

    fn any_of(&self, parts: &[Query]) -> Result<Part> {
        let mut bound = Vec::with_capacity(parts.len());
        for part in parts {
            bound.extend(self.part(part)?);
        }
        Ok((parts.is_empty() || !bound.is_empty()).then(|| union(bound)))
    }

    /// A word or phrase in the texts of every language.
    fn phrase(&self, field: Option<&'static Field>, query: &Query, wording: &Wording<'_>) -> Result<Part> {
        let Some(scope) = scope(field)? else { return Ok(None) };
        let Wording { text, exact, slop } = *wording;
        let typed = folded_words(text);
        if typed.iter().all(String::is_empty) {
            return Ok(None);
        }
        let in_scope = |title: bool| -> Box<dyn Bound> {
            let analysers = self.snapshot.analysers.iter();
            let stemmed = union(analysers.filter_map(|&one| self.stems(one, title, text, slop)).collect());
            if !exact {
                return stemmed;
            }
            let column = self.vocabulary(title);
            let words = typed.iter().map(|word| any_term(column, std::slice::from_ref(word)));
            intersection(words.chain([stemmed]).collect())
        };
        let found = self.scoped(scope, query, in_scope)?;
        if !exact || typed.len() == 1 {
            return Ok(Some(found));
        }
        // The index knows that all words are there, not that they stand next to each other unstemmed.
        match self.known.filter(|_| scope == Scope::Whole).and_then(|known| known.get(text)) {
            Some(known) => Ok(Some(intersection(vec![found, Box::new(known)]))),
            None => self.verified(found, query).map(Some),
        }
    }

    /// The typed words in the texts of one analyser; none where no text has them.
    fn stems(&self, analyser: Analyser, title: bool, typed: &str, slop: u32) -> Option<Box<dyn Bound>> {
        let columns = self.snapshot.columns();
        let column = if title { columns.title } else { columns.whole };
        let mut terms: Vec<Term> = typed_terms(analyser, typed)
            .into_iter()
            .map(|term| Term::from_field_text(column, &analyser.coded(&marked_term(term))))
            .collect();
        let is_used = |term: &Term| self.snapshot.has_term(term).is_ok_and(|has| has);
        if terms.is_empty() || !terms.iter().all(is_used) {
            return None;
        }
        if terms.len() == 1 {
            return Some(Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::WithFreqs)));
        }
        let terms = terms.into_iter().enumerate().collect();
        Some(Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop)))
    }

    fn fuzzy(&self, field: Option<&'static Field>, query: &Query, text: &str, distance: u8) -> Result<Part> {
        let Some(scope) = scope(field)? else { return Ok(None) };
        let typed = folded_words(text);
        if typed.iter().all(String::is_empty) {
            return Ok(None);
        }
        let in_scope = |title: bool| -> Box<dyn Bound> {
            let column = self.vocabulary(title);
            let near = |word: &String| -> Box<dyn Bound> {
                let typos = allowed_typos(word, usize::from(distance)).min(2) as u8;
                Box::new(FuzzyTermQuery::new(Term::from_field_text(column, word), typos, true))
            };
            intersection(typed.iter().map(near).collect())
        };
        self.scoped(scope, query, in_scope).map(Some)
    }

    fn prefix(&self, field: Option<&'static Field>, query: &Query, text: &str) -> Result<Part> {
        let Some(scope) = scope(field)? else {
            let field = field_of(field)?;
            return self.values_where(field, text, text.contains('/'), &every_value());
        };
        let mut before = folded_words(text);
        let Some(begun) = before.pop().filter(|begun| !begun.is_empty()) else { return Ok(None) };
        let in_scope = |title: bool| -> Box<dyn Bound> {
            let column = self.vocabulary(title);
            let mut parts: Vec<Box<dyn Bound>> =
                before.iter().map(|word| any_term(column, std::slice::from_ref(word))).collect();
            parts.push(Box::new(TermsWhere::beginning(column, begun.as_bytes(), every_term())));
            intersection(parts)
        };
        let found = self.scoped(scope, query, in_scope)?;
        // The index does not know whether they stand next to each other.
        if before.is_empty() { Ok(Some(found)) } else { self.verified(found, query).map(Some) }
    }

    /// Words or values that a regular expression matches whole.
    fn pattern(&self, field: Option<&'static Field>, query: &Query, pattern: &str) -> Result<Part> {
        let regex = compile(pattern)?;
        let Some(scope) = scope(field)? else {
            let accept: ValueTest = Arc::new(move |value: &str| regex.is_match(value));
            return self.values_where(field_of(field)?, "", pattern.contains('/'), &accept);
        };
        let in_scope = |title: bool| -> Box<dyn Bound> {
            let regex = regex.clone();
            let accept = move |term: &[u8]| std::str::from_utf8(term).is_ok_and(|term| regex.is_match(term));
            Box::new(TermsWhere::beginning(self.vocabulary(title), b"", Arc::new(accept)))
        };
        self.scoped(scope, query, in_scope).map(Some)
    }

    /// Articles with an accepted value that begins so, in its last step or, with `as_path`, whole.
    fn values_where(
        &self,
        field: &'static Field,
        begun: &str,
        as_path: bool,
        accept: &ValueTest,
    ) -> Result<Part> {
        let Some(column) = self.snapshot.columns().values(field) else { return Ok(None) };
        let Some(terms) = ValueTerms::of(field) else { return Ok(None) };
        let folded = if terms == ValueTerms::AsIs { begun.to_owned() } else { folded_path(begun) };
        let is_meant =
            move |value: &str, begun: &str, accept: &ValueTest| value.starts_with(begun) && accept(value);
        let marked_so = |marker: char| -> Box<dyn Bound> {
            let (accept, begun) = (Arc::clone(accept), folded.clone());
            let test = move |term: &[u8]| is_meant(&folded_term(term), &begun, &accept);
            // Only folded terms are in the order of what is looked for.
            let prefix = if marker == AS_IS { marker.to_string() } else { marked(marker, &folded) };
            Box::new(TermsWhere::beginning(column, prefix.as_bytes(), Arc::new(test)))
        };
        let is_path = terms == ValueTerms::Path && as_path;
        let mut found = vec![marked_so(terms.name_marker())];
        if is_path {
            found.push(marked_so(AS_IS));
        }
        if field.name == "actor" {
            let moved = self.snapshot.moved()?;
            let called_so = moved.sources_where(|target| {
                is_meant(&fold::key(leaf(target)), &folded, accept)
                    || is_path && is_meant(&folded_path(target), &folded, accept)
            });
            let renamed: Vec<String> = called_so.map(|source| marked(AS_IS, source)).collect();
            found.extend((!renamed.is_empty()).then(|| any_term(column, &renamed)));
        }
        Ok(Some(union(found)))
    }

    fn vocabulary(&self, title: bool) -> Column {
        let columns = self.snapshot.columns();
        if title { columns.title_vocabulary } else { columns.vocabulary }
    }

    /// What `in_scope` finds in the title, or anywhere, or anywhere but not only in the title.
    fn scoped(
        &self,
        scope: Scope,
        query: &Query,
        in_scope: impl Fn(bool) -> Box<dyn Bound>,
    ) -> Result<Box<dyn Bound>> {
        match scope {
            Scope::Whole => Ok(in_scope(false)),
            Scope::Title => Ok(in_scope(true)),
            Scope::Body => {
                let both = intersection(vec![in_scope(false), in_scope(true)]);
                let only_body =
                    BooleanQuery::new(vec![(Occur::Must, in_scope(false)), (Occur::MustNot, in_scope(true))]);
                Ok(union(vec![Box::new(only_body), self.verified(both, query)?]))
            }
        }
    }

    /// The articles of `inner` whose stored text bears `query` out.
    fn verified(&self, inner: Box<dyn Bound>, query: &Query) -> Result<Box<dyn Bound>> {
        let patterns = Patterns::new(self.snapshot, query)?;
        let check =
            Arc::new(move |head: &Head, packed: &[u8], kept: KeptOf<'_>| patterns.hold(head, packed, kept));
        Ok(Box::new(Verified { inner, check }))
    }

    fn value(&self, field: &Field, value: &str, distance: u8) -> Result<Part> {
        let Some(column) = self.snapshot.columns().values(field) else { return Ok(None) };
        let meaning = Meaning::of(self.snapshot, field, value, distance)?;
        Ok(Some(meaning.query(column, ValueTerms::of(field))))
    }

    fn days(
        &self,
        field: &Field,
        from: Option<Date>,
        to: Option<Date>,
        overlap: bool,
    ) -> Result<Box<dyn Bound>> {
        if self.snapshot.columns().intervals(field).is_none() {
            return Err(Error::Usage(format!("`{}` has no days", field.name)));
        }
        let within = Within::new(from, to, overlap);
        if within.is_empty() {
            return Ok(Box::new(EmptyQuery));
        }
        let accept = move |number: u64| within.accepts(number);
        let name = interval_name(field.name);
        // Tested article by article, so that words and other selective parts lead.
        let within = if field.name == "published" {
            DocPredicateQuery::from(FunctionPredicate::from(move |reader: &SegmentReader| {
                let intervals = reader.fast_fields().column_opt::<u64>(&name)?;
                Ok(move |doc| {
                    intervals.as_ref().is_some_and(|intervals| intervals.values_for_doc(doc).any(accept))
                })
            }))
        } else {
            DocPredicateQuery::from(FunctionPredicate::from(move |reader: &SegmentReader| {
                let intervals = reader.fast_fields().bytes(&name)?;
                let accepted = intervals.as_ref().map(|intervals| accepted(intervals, accept)).transpose()?;
                let accepted = accepted.unwrap_or_default();
                let is_accepted =
                    move |number: u64| accepted.get(number as usize).copied().unwrap_or_default();
                Ok(move |doc| {
                    intervals.as_ref().is_some_and(|intervals| intervals.term_ords(doc).any(&is_accepted))
                })
            }))
        };
        Ok(Box::new(ConstScoreQuery::new(Box::new(within), 1.0)))
    }

    fn near(&self, lat: f64, lon: f64, km: f64) -> Box<dyn Bound> {
        let reach = km / KM_PER_DEGREE + 0.001;
        self.points(lat - reach, lat + reach, move |at_lat, at_lon, extent| {
            extent == Extent::Spot && distance_km((lat, lon), (at_lat, at_lon)) <= km
        })
    }

    fn bbox(&self, west: f64, south: f64, east: f64, north: f64) -> Box<dyn Bound> {
        self.points(south, north, move |lat, lon, _| in_box((west, south, east, north), lat, lon))
    }

    fn points(
        &self,
        south: f64,
        north: f64,
        accept: impl Fn(f64, f64, Extent) -> bool + Send + Sync + 'static,
    ) -> Box<dyn Bound> {
        let first = point_term(south, -180.0, Extent::Spot);
        // One step further north than asked, since the end is left out.
        let until = point_term(north + 0.000_2, -180.0, Extent::Spot);
        let accept =
            move |term: &[u8]| read_point(term).is_some_and(|(lat, lon, extent)| accept(lat, lon, extent));
        Box::new(TermsWhere {
            column: self.snapshot.columns().points,
            from: first.to_vec(),
            until: Some(until.to_vec()),
            accept: Arc::new(accept),
        })
    }

    fn has(&self, field: &Field) -> Box<dyn Bound> {
        if field.kind == FieldKind::Text {
            let flags = find_field("has").and_then(|flags| self.snapshot.columns().values(flags));
            return match flags {
                Some(column) => any_term(column, &[marked(AS_IS, field.name)]),
                None => Box::new(EmptyQuery),
            };
        }
        let Some(column) = self.snapshot.columns().values(field) else { return Box::new(EmptyQuery) };
        if !has_column(field) {
            return Box::new(TermsWhere::beginning(column, AS_IS.to_string().as_bytes(), every_term()));
        }
        let any = ConstScoreQuery::new(Box::new(ExistsQuery::new(field.name.to_owned(), false)), 1.0);
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, Box::new(any)),
            (Occur::MustNot, any_term(column, &[marked(AS_IS, MISSING)])),
        ]))
    }
}

/// A range of days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Within {
    first: u64,
    last: u64,
    overlap: bool,
}

impl Within {
    /// The days of a query.
    pub(super) fn new(from: Option<Date>, to: Option<Date>, overlap: bool) -> Within {
        let (first, last) = record::range_ends(from, to);
        Within { first, last, overlap }
    }

    fn is_empty(self) -> bool {
        self.first > self.last
    }

    /// Whether an interval, as it is kept, lies within the range or, where that is enough, touches it.
    pub(super) fn accepts(self, number: u64) -> bool {
        let (start, end) = record::interval_ends(number);
        let Within { first, last, overlap } = self;
        !self.is_empty()
            && if overlap { start <= last && end >= first } else { start >= first && end <= last }
    }
}

/// Whether any of the words that were typed may have typos.
pub(super) fn is_fuzzy(text: &str, distance: u8) -> bool {
    distance > 0 && folded_words(text).iter().any(|word| allowed_typos(word, usize::from(distance)) > 0)
}

/// How many of `distance` typos a word may have: one of two letters would be any other with them.
pub(super) fn allowed_typos(word: &str, distance: usize) -> usize {
    if word.chars().nth(2).is_none() { 0 } else { distance }
}

/// What was typed for a field, in the form in which its values are compared.
pub(super) fn folded(field: Option<&'static Field>, typed: &str) -> String {
    match field.map(|field| field.kind) {
        None | Some(FieldKind::Text) => folded_word(typed),
        Some(FieldKind::Path) => folded_path(typed),
        Some(_) => fold::key(typed),
    }
}

/// The words of what was typed, in the form in which words are compared.
pub(super) fn folded_words(typed: &str) -> Vec<String> {
    typed_words(typed).iter().map(|word| folded_word(&typed[word.start..word.end])).collect()
}

/// Which of the intervals of a column are accepted, by number.
fn accepted(intervals: &BytesColumn, accept: impl Fn(u64) -> bool) -> std::io::Result<Vec<bool>> {
    let mut accepted = Vec::with_capacity(intervals.num_terms());
    let mut stream = intervals.dictionary().stream()?;
    while stream.advance() {
        accepted.push(stream.key().try_into().is_ok_and(|bytes| accept(u64::from_be_bytes(bytes))));
    }
    Ok(accepted)
}

fn every_term() -> Accept {
    Arc::new(|_| true)
}

fn every_value() -> ValueTest {
    Arc::new(|_| true)
}

/// Which texts a field stands for; none for a field of values.
fn scope(field: Option<&'static Field>) -> Result<Option<Scope>> {
    Ok(match field {
        None => Some(Scope::Whole),
        Some(field) if field.kind != FieldKind::Text => None,
        Some(field) => match field.name {
            "title" => Some(Scope::Title),
            "text" => Some(Scope::Body),
            other => return Err(Error::Usage(format!("`{other}` cannot be searched by word"))),
        },
    })
}

fn field_of(field: Option<&'static Field>) -> Result<&'static Field> {
    field.ok_or_else(|| Error::Usage("a value needs a field".to_owned()))
}

fn union(mut parts: Vec<Box<dyn Bound>>) -> Box<dyn Bound> {
    match parts.len() {
        0 => Box::new(EmptyQuery),
        1 => parts.remove(0),
        _ => Box::new(BooleanQuery::union(parts)),
    }
}

fn intersection(mut parts: Vec<Box<dyn Bound>>) -> Box<dyn Bound> {
    if parts.len() == 1 { parts.remove(0) } else { Box::new(BooleanQuery::intersection(parts)) }
}

fn excluding(inner: Box<dyn Bound>) -> Box<dyn Bound> {
    Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(AllQuery)), (Occur::MustNot, inner)]))
}

/// The regular expression of a wildcard pattern.
pub(super) fn wildcard(pattern: &str) -> String {
    let mut regex = String::with_capacity(pattern.len() * 2);
    for c in pattern.chars() {
        match c {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            other => regex.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    regex
}

/// Compiles a pattern that must match a whole word or value, without regard to case.
pub(super) fn compile(pattern: &str) -> Result<regex::Regex> {
    let compiled = regex::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .case_insensitive(true)
        .size_limit(PATTERN_BYTES)
        .dfa_size_limit(PATTERN_BYTES)
        .build();
    compiled.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => {
            Error::Usage(format!("the pattern `{pattern}` stands for too much; make it shorter"))
        }
        other => Error::Usage(format!("`{pattern}` is no pattern: {other}")),
    })
}

/// Whether a point lies in a box of west, south, east and north.
pub(super) fn in_box((west, south, east, north): (f64, f64, f64, f64), lat: f64, lon: f64) -> bool {
    let across = if west <= east { west <= lon && lon <= east } else { lon >= west || lon <= east };
    across && south <= lat && lat <= north
}

/// The great-circle distance between two points of latitude and longitude.
pub(super) fn distance_km(one: (f64, f64), other: (f64, f64)) -> f64 {
    let (lat1, lon1) = (one.0.to_radians(), one.1.to_radians());
    let (lat2, lon2) = (other.0.to_radians(), other.1.to_radians());
    let half =
        ((lat2 - lat1) / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * ((lon2 - lon1) / 2.0).sin().powi(2);
    2.0 * EARTH_KM * half.sqrt().min(1.0).asin()
}
