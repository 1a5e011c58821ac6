//! What a typed value stands for among the values of a field: itself, the same folded, a last step, words of one, or
//! something spelled much like it.

use std::borrow::Cow;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{BooleanQuery, ConstScoreQuery, EmptyQuery, Query, TermQuery};
use tantivy::schema::{Field as Column, IndexRecordOption};

use crate::article::{ActorKind, PlaceKind};
use crate::engine::local::analysis::{
    AS_IS, FOLDED, LEAF, ValueTerms, WORD, folded_path, folded_term, marked,
};
use crate::engine::local::snapshot::Snapshot;
use crate::engine::local::terms::{Accept, TermsWhere};
use crate::error::Result;
use crate::field::{Field, actor_path, find_field, path_label};
use crate::reference::authority::Authority;
use crate::reference::country;
use crate::reference::gazetteer::{Gazetteer, PlaceId};
use crate::text::fold;

/// What a typed value stands for.
#[derive(Debug, Clone)]
pub(super) enum Meaning {
    /// Values with any of these terms.
    Terms(Vec<String>),
    /// Values that are this when folded; only terms as they are can tell.
    Folded(String),
    /// Values whose last step has all these words.
    Words(Vec<String>),
    /// Values whose last step is at most so many typos away.
    Close(String, u8),
    /// Values that are meant so, or have any of these terms.
    Or(Box<Meaning>, Vec<String>),
}

impl Meaning {
    /// Finds what `value` stands for among the values that `field` has: the strictest reading that any article has. An
    /// actor is also found by what it is called since the user's corrections.
    pub(super) fn of(snapshot: &Snapshot, field: &Field, value: &str, distance: u8) -> Result<Meaning> {
        let meaning = Meaning::stored(snapshot, field, value, distance)?;
        if field.name != "actor" {
            return Ok(meaning);
        }
        let moved = snapshot.moved()?;
        let sources = moved.sources_where(|target| meaning.accepts(field, target));
        let terms: Vec<String> = sources.map(|source| marked(AS_IS, source)).collect();
        Ok(if terms.is_empty() { meaning } else { Meaning::Or(Box::new(meaning), terms) })
    }

    fn stored(snapshot: &Snapshot, field: &Field, value: &str, distance: u8) -> Result<Meaning> {
        let country = if field.name == "actor-country" { country::code(value) } else { None };
        let value = country.unwrap_or(value);
        let folded = fold::key(value);
        if distance > 0 {
            return Ok(Meaning::Close(folded, distance));
        }
        let Some(terms) = ValueTerms::of(field) else { return Ok(Meaning::Terms(Vec::new())) };
        let mut readings = vec![marked(AS_IS, value)];
        match terms {
            ValueTerms::AsIs | ValueTerms::Whole => {}
            ValueTerms::Words => readings.push(marked(FOLDED, &folded)),
            ValueTerms::Path => {
                readings.push(marked(FOLDED, &folded));
                readings.push(marked(LEAF, &folded));
            }
        }
        if field.name == "actor" {
            let mut known = actor_terms(snapshot, value)?;
            if !known.is_empty() {
                if is_surname(snapshot, value)? {
                    known.push(marked(WORD, &folded));
                }
                return Ok(Meaning::Terms(known));
            }
        }
        let is_place = matches!(field.name, "place" | "focus");
        if is_place
            && let Some(country) = clear_country(value)
            && snapshot.has_value(field, &country)?
        {
            return Ok(Meaning::Terms(vec![country]));
        }
        // A path is a node of the tree, and found as one.
        let region = if is_place && !value.contains('/') { region_members(value) } else { Vec::new() };
        for reading in readings {
            if snapshot.has_value(field, &reading)? {
                let mut terms = vec![reading];
                terms.extend(region);
                return Ok(Meaning::Terms(terms));
            }
        }
        if is_place {
            let known = if region.is_empty() { gazetteer_paths(value) } else { region };
            if !known.is_empty() {
                return Ok(Meaning::Terms(known));
            }
        }
        match terms {
            ValueTerms::AsIs => return Ok(Meaning::Terms(vec![marked(AS_IS, value)])),
            ValueTerms::Whole => return Ok(Meaning::Folded(folded_path(value))),
            ValueTerms::Path if value.contains('/') => return Ok(Meaning::Folded(folded_path(value))),
            ValueTerms::Words | ValueTerms::Path => {}
        }
        let mut words: Vec<String> = folded.split(' ').map(str::to_owned).collect();
        words.retain(|word| !word.is_empty());
        Ok(match words.as_slice() {
            [word] => Meaning::Terms(vec![marked(WORD, word)]),
            _ => Meaning::Words(words),
        })
    }

    /// The articles that have such a value.
    pub(super) fn query(&self, column: Column, terms: Option<ValueTerms>) -> Box<dyn Query> {
        let marker = terms.map_or(FOLDED, ValueTerms::name_marker).to_string();
        let where_name = |marker: &str, accept: Accept| -> Box<dyn Query> {
            Box::new(TermsWhere::beginning(column, marker.as_bytes(), accept))
        };
        match self {
            Meaning::Terms(terms) => any_term(column, terms),
            Meaning::Or(meaning, more) => {
                let parts = vec![meaning.query(column, terms), any_term(column, more)];
                Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::union(parts)), 1.0))
            }
            Meaning::Folded(wanted) => {
                let wanted = wanted.clone();
                where_name(&AS_IS.to_string(), Arc::new(move |term: &[u8]| folded_term(term) == wanted))
            }
            Meaning::Words(words) => {
                let words = words.clone();
                where_name(&marker, Arc::new(move |term: &[u8]| has_all(&folded_term(term), &words)))
            }
            Meaning::Close(name, distance) => {
                let (name, distance) = (name.clone(), usize::from(*distance));
                where_name(
                    &marker,
                    Arc::new(move |term: &[u8]| is_close(&folded_term(term), &name, distance)),
                )
            }
        }
    }

    /// Whether one value, as it is shown, is meant.
    pub(super) fn accepts(&self, field: &Field, value: &str) -> bool {
        let Some(kind) = ValueTerms::of(field) else { return false };
        let terms = kind.terms(value);
        let name = || terms.iter().find(|term| term.starts_with(kind.name_marker()));
        let name = || name().map_or(Cow::default(), |term| folded_term(term.as_bytes()));
        match self {
            Meaning::Terms(wanted) => terms.iter().any(|term| wanted.contains(term)),
            Meaning::Or(meaning, more) => {
                meaning.accepts(field, value) || terms.iter().any(|term| more.contains(term))
            }
            Meaning::Folded(wanted) => folded_path(value) == *wanted,
            Meaning::Words(words) => has_all(&name(), words),
            Meaning::Close(wanted, distance) => is_close(&name(), wanted, usize::from(*distance)),
        }
    }
}

/// The terms of the actors that go by this name or path: as stored, as the user's corrections have it, or by an alias
/// of the authority list. Empty if no article names such an actor.
fn actor_terms(snapshot: &Snapshot, value: &str) -> Result<Vec<String>> {
    let as_is = marked(AS_IS, value);
    if snapshot.has_actor(value)? {
        let merged = snapshot.merged_into(value)?;
        return Ok(merged.into_iter().map(|path| marked(AS_IS, &path)).collect());
    }
    if value.contains('/') || ActorKind::parse(value).is_some() {
        let is_there = find_field("actor").map_or(Ok(false), |field| snapshot.has_value(field, &as_is))?;
        return Ok(if is_there { vec![as_is] } else { Vec::new() });
    }
    let mut names = vec![value.to_owned()];
    if let Ok(authority) = Authority::embedded() {
        names.extend(authority.lookup(value).into_iter().map(|known| known.name.to_owned()));
    }
    let mut terms = Vec::new();
    for name in names {
        for stored in snapshot.corrections.stored_names(&name) {
            let term = marked(LEAF, &fold::key(&stored));
            let is_there = find_field("actor").map_or(Ok(false), |field| snapshot.has_value(field, &term))?;
            if is_there && !terms.contains(&term) {
                terms.push(term);
            }
        }
        // The name itself, or merged into it; an alias counts only where nobody has the name.
        if !terms.is_empty() {
            break;
        }
    }
    Ok(terms)
}

/// Whether only people of whom no article tells more are called so: `Merkel`, where an article has no first name. Who asks
/// for her means all of the name.
fn is_surname(snapshot: &Snapshot, value: &str) -> Result<bool> {
    let Some(field) = find_field("actor") else { return Ok(false) };
    if value.contains(['/', ' ']) || ActorKind::parse(value).is_some() {
        return Ok(false);
    }
    let mut chars = value.chars();
    let capital: String = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
    let forms = [value.to_owned(), capital, value.to_uppercase()];
    let is_called = |kind: ActorKind| -> Result<bool> {
        for form in &forms {
            if snapshot.has_value(field, &marked(AS_IS, &actor_path(kind, form)))? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    for kind in ActorKind::ALL {
        if is_called(kind)? != (kind == ActorKind::Person) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The country that everybody means by a name, as a term: `US` is no village in France.
fn clear_country(value: &str) -> Option<String> {
    let gazetteer = Gazetteer::embedded().ok().filter(|_| !value.contains('/'))?;
    let places = gazetteer.bind(value);
    let first = *places.first()?;
    let is_meant = gazetteer.kind(first) == PlaceKind::Country && gazetteer.is_clear(&places);
    is_meant.then(|| path_term(gazetteer, first))
}

/// The countries of a world region or former state, as terms; empty for other places. Such a region is no node of the
/// tree: it is found by what lies in it, as well as by its name.
fn region_members(value: &str) -> Vec<String> {
    let Ok(gazetteer) = Gazetteer::embedded() else { return Vec::new() };
    let Some(&place) = gazetteer.bind(value).first() else { return Vec::new() };
    gazetteer.members(place).into_iter().map(|member| path_term(gazetteer, member)).collect()
}

/// Whether a value at the top of the tree of places is a region rather than a continent.
pub(super) fn is_region(value: &str) -> bool {
    !region_members(value).is_empty()
}

/// What the gazetteer takes a name for: the place that everybody means, else all that are called so.
fn gazetteer_paths(value: &str) -> Vec<String> {
    let Ok(gazetteer) = Gazetteer::embedded() else { return Vec::new() };
    let mut places = gazetteer.bind(value);
    if gazetteer.is_clear(&places) {
        places.truncate(1);
    }
    places.into_iter().map(|place| path_term(gazetteer, place)).collect()
}

fn path_term(gazetteer: &Gazetteer, place: PlaceId) -> String {
    let steps: Vec<String> = gazetteer.path(place).into_iter().map(path_label).collect();
    marked(AS_IS, &steps.join("/"))
}

/// Articles with any of these terms, all alike in the ranking.
pub(super) fn any_term(column: Column, terms: &[String]) -> Box<dyn Query> {
    let mut queries: Vec<Box<dyn Query>> = terms.iter().map(|term| one_term(column, term)).collect();
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.remove(0),
        _ => Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::union(queries)), 1.0)),
    }
}

fn one_term(column: Column, term: &str) -> Box<dyn Query> {
    let term = TermQuery::new(Term::from_field_text(column, term), IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(Box::new(term), 1.0))
}

fn has_all(name: &str, words: &[String]) -> bool {
    !words.is_empty() && words.iter().all(|word| name.split(' ').any(|have| have == word))
}

/// Whether the two are at most `distance` typos apart.
pub(super) fn is_close(have: &str, wanted: &str, distance: usize) -> bool {
    have.len().abs_diff(wanted.len()) <= distance * 4 && strsim::osa_distance(have, wanted) <= distance
}
