//! Everything that is stored, searched or counted, once: the [`FIELDS`] and [`FACETS`] tables.
//!
//! The schema, the query prefixes, the command-line options, the facets and the columns of exports derive from them.
//! Takes an [`Annotated`] article and gives its values per field; never knows an engine.
//!
//! To add a facet, add a row to [`FIELDS`] and one to [`FACETS`], and raise [`INDEX_VERSION`].

use std::collections::BTreeSet;

use crate::article::{ActorKind, Annotated};
use crate::calendar::{DateDoubt, Precision, ancestors};

/// Version of the tables below as they are laid down in an index; raised whenever an old index would answer wrongly.
pub const INDEX_VERSION: u32 = 7;

/// The value that stands for "has none" in a field that every article should have.
pub const MISSING: &str = "missing";

/// How the values of a field are indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Analysed by language: words, phrases, highlights.
    Text,
    /// Whole values, compared without regard to case.
    Keyword,
    /// Whole values that form a tree; every ancestor path is a value: `Asia`, `Asia/Iraq`.
    Path,
    /// Days that form a tree of year, month and day, and intervals that can be compared.
    Calendar,
}

/// One row of [`FIELDS`].
pub struct Field {
    /// The name in queries, options and exports.
    pub name: &'static str,
    /// Other names that queries may use.
    pub aliases: &'static [&'static str],
    /// How it is indexed.
    pub kind: FieldKind,
    /// One line for help and docs.
    pub help: &'static str,
    /// Its values for an article: each once, every ancestor included for trees.
    pub values: fn(&Annotated) -> Vec<String>,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Field({})", self.name)
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Field) -> bool {
        self.name == other.name
    }
}

/// Every field.
pub const FIELDS: &[Field] = &[
    field("id", &[], FieldKind::Keyword, "identifier of the article", |a| vec![a.article.id.clone()]),
    field("title", &["headline"], FieldKind::Text, "headline", |a| a.article.title.iter().cloned().collect()),
    field("text", &["body"], FieldKind::Text, "body of the article", |a| vec![a.article.text.clone()]),
    field("actor", &["who"], FieldKind::Path, "people and organisations, by kind and name", actor_paths),
    field("actor-country", &[], FieldKind::Keyword, "countries that the actors belong to", actor_countries),
    field("place", &["where"], FieldKind::Path, "places, with every place they lie in", |a| {
        place_paths(a, false)
    }),
    field("focus", &[], FieldKind::Path, "places that the article is about", |a| place_paths(a, true)),
    field("event", &["when", "date"], FieldKind::Calendar, "dates told in the text", event_paths),
    field("published", &["pub"], FieldKind::Calendar, "day of publication", published_paths),
    field("source", &["publisher"], FieldKind::Keyword, "publisher", |a| {
        one_or_missing(a.article.source.as_deref())
    }),
    field("section", &[], FieldKind::Keyword, "section of the publisher", |a| {
        a.article.section.iter().cloned().collect()
    }),
    field("author", &["byline"], FieldKind::Keyword, "people of the byline", |a| {
        each_once(&a.article.authors)
    }),
    field("language", &["lang"], FieldKind::Keyword, "language, as an ISO 639-1 code", |a| {
        vec![a.language.code().to_owned()]
    }),
    field("keyword", &["tag"], FieldKind::Keyword, "the publisher's keywords", |a| {
        each_once(&a.article.keywords)
    }),
    field("format", &[], FieldKind::Keyword, "format of the file", |a| vec![a.article.format.to_owned()]),
    field("path", &["file"], FieldKind::Keyword, "file that the article was read from", |a| {
        vec![a.article.path.clone()]
    }),
    field("url", &[], FieldKind::Keyword, "address on the web", |a| a.article.url.iter().cloned().collect()),
    field("date-source", &[], FieldKind::Keyword, "where the publication date was found", date_sources),
    field(
        "has",
        &[],
        FieldKind::Keyword,
        "what the article has: title, text, date-conflict and so on",
        flags,
    ),
];

const fn field(
    name: &'static str,
    aliases: &'static [&'static str],
    kind: FieldKind,
    help: &'static str,
    values: fn(&Annotated) -> Vec<String>,
) -> Field {
    Field { name, aliases, kind, help, values }
}

/// Which values of its field a facet counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FacetView {
    /// All values of a flat field.
    Flat,
    /// Only the top of a tree.
    Top,
    /// Only what lies under this top.
    Under(&'static str),
    /// Only what does not lie under this top.
    NotUnder(&'static str),
    /// Only nodes at this depth, from 1; a selection opens its children.
    Depth(usize),
    /// Years; a selected year opens its months, a selected month its days.
    Calendar,
}

/// One row of [`FACETS`].
#[derive(Debug)]
pub struct Facet {
    /// The name in `--facet`.
    pub name: &'static str,
    /// The heading shown.
    pub label: &'static str,
    /// Name of the field whose values are counted.
    pub field: &'static str,
    /// Which of its values.
    pub view: FacetView,
}

/// Every facet.
pub const FACETS: &[Facet] = &[
    facet("actor", "Actors", "actor", FacetView::Depth(2)),
    facet("person", "People", "actor", FacetView::Under("person")),
    facet("organisation", "Organisations", "actor", FacetView::NotUnder("person")),
    facet("kind", "Kinds of actor", "actor", FacetView::Top),
    facet("actor-country", "Countries of actors", "actor-country", FacetView::Flat),
    facet("place", "Places", "place", FacetView::Depth(2)),
    facet("continent", "Continents", "place", FacetView::Top),
    facet("focus", "About", "focus", FacetView::Depth(2)),
    facet("event", "Dates told", "event", FacetView::Calendar),
    facet("published", "Published", "published", FacetView::Calendar),
    facet("source", "Sources", "source", FacetView::Flat),
    facet("section", "Sections", "section", FacetView::Flat),
    facet("author", "Authors", "author", FacetView::Flat),
    facet("language", "Languages", "language", FacetView::Flat),
    facet("keyword", "Keywords", "keyword", FacetView::Flat),
    facet("format", "Formats", "format", FacetView::Flat),
    facet("date-source", "Sources of the date", "date-source", FacetView::Flat),
    facet("has", "Has", "has", FacetView::Flat),
];

const fn facet(name: &'static str, label: &'static str, field: &'static str, view: FacetView) -> Facet {
    Facet { name, label, field, view }
}

/// The field of this name or alias.
pub fn find_field(name: &str) -> Option<&'static Field> {
    let name = name.to_ascii_lowercase();
    FIELDS.iter().find(|field| field.name == name || field.aliases.contains(&name.as_str()))
}

/// The facet of this name.
pub fn find_facet(name: &str) -> Option<&'static Facet> {
    let name = name.to_ascii_lowercase();
    FACETS.iter().find(|facet| facet.name == name)
}

/// A label as one step of a path: `/` would be read as the next step.
pub fn path_label(label: &str) -> String {
    label.replace('/', "-")
}

/// The path under which an actor is indexed: `person/Joe Biden`.
pub fn actor_path(kind: ActorKind, name: &str) -> String {
    format!("{}/{}", kind.name(), path_label(name))
}

fn actor_paths(annotated: &Annotated) -> Vec<String> {
    let mut paths = BTreeSet::new();
    for actor in annotated.annotations.actors() {
        paths.insert(actor.kind.name().to_owned());
        paths.insert(actor_path(actor.kind, &actor.name));
    }
    paths.into_iter().collect()
}

fn actor_countries(annotated: &Annotated) -> Vec<String> {
    let countries: BTreeSet<&String> =
        annotated.annotations.actors().filter_map(|actor| actor.country.as_ref()).collect();
    countries.into_iter().cloned().collect()
}

fn place_paths(annotated: &Annotated, only_focus: bool) -> Vec<String> {
    let mut paths = BTreeSet::new();
    for place in annotated.annotations.places().filter(|place| place.focus || !only_focus) {
        let mut path = String::new();
        for label in &place.path {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(&path_label(label));
            paths.insert(path.clone());
        }
    }
    paths.into_iter().collect()
}

fn event_paths(annotated: &Annotated) -> Vec<String> {
    let mut paths = BTreeSet::new();
    for timex in annotated.annotations.dates() {
        let (Some(from), Some(to)) = (timex.from, timex.to) else { continue };
        let precision = if from == to {
            Precision::Day
        } else if (from.year(), from.month()) == (to.year(), to.month()) {
            Precision::Month
        } else if from.year() == to.year() {
            Precision::Year
        } else {
            continue;
        };
        paths.extend(ancestors(from, precision));
    }
    paths.into_iter().collect()
}

/// Some feeds say a keyword twice; a facet counts an article once.
fn each_once(values: &[String]) -> Vec<String> {
    let mut once: Vec<String> = Vec::with_capacity(values.len());
    for value in values {
        if !once.contains(value) {
            once.push(value.clone());
        }
    }
    once
}

fn published_paths(annotated: &Annotated) -> Vec<String> {
    match &annotated.published {
        Some(published) => ancestors(published.date, published.precision),
        None => vec![MISSING.to_owned()],
    }
}

fn one_or_missing(value: Option<&str>) -> Vec<String> {
    vec![value.unwrap_or(MISSING).to_owned()]
}

fn date_sources(annotated: &Annotated) -> Vec<String> {
    let source = annotated.published.as_ref().map(|published| serde_json::to_value(published.source));
    match source {
        Some(Ok(serde_json::Value::String(name))) => vec![name],
        _ => vec![MISSING.to_owned()],
    }
}

/// One row of [`FLAGS`]: a value of the field `has`, and whether an article has it.
pub type Flag = (&'static str, fn(&Annotated) -> bool);

/// Every value of the field `has`.
pub const FLAGS: &[Flag] = &[
    ("title", |a| a.article.title.is_some()),
    ("text", |a| !a.article.text.is_empty()),
    ("published", |a| a.published.is_some()),
    ("date-conflict", |a| !a.article.other_dates.is_empty()),
    ("date-future", |a| a.article.date_doubts.contains(&DateDoubt::Future)),
    ("date-doubtful", |a| !a.article.date_doubts.is_empty()),
    ("author", |a| !a.article.authors.is_empty()),
    ("actor", |a| a.annotations.actors().next().is_some()),
    ("place", |a| a.annotations.places().next().is_some()),
    ("event", |a| a.annotations.dates().any(|timex| timex.from.is_some())),
    ("url", |a| a.article.url.is_some()),
    ("notes", |a| !a.article.notes.is_empty()),
];

fn flags(annotated: &Annotated) -> Vec<String> {
    FLAGS.iter().filter(|(_, has)| has(annotated)).map(|(name, _)| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_facet_counts_a_field_that_exists() {
        for facet in FACETS {
            assert!(find_field(facet.field).is_some(), "{}", facet.name);
        }
    }

    #[test]
    fn names_and_aliases_are_unique() {
        let mut seen = BTreeSet::new();
        for field in FIELDS {
            for name in std::iter::once(&field.name).chain(field.aliases) {
                assert!(seen.insert(*name), "{name} twice");
            }
        }
    }
}
