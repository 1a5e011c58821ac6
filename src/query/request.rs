//! A request: the query, the selected facet values, the facets to count, the order and the page.
//!
//! [`Options`] is a request as people give it, on a command line or in a form; [`Options::build`] understands it.

use jiff::civil::Date;

use crate::error::{Error, Result};
use crate::field::{FACETS, FIELDS, Facet, Field, find_facet, find_field};
use crate::query::Query;
use crate::query::bind;
use crate::query::lint;
use crate::query::parse::{Parsed, Warning, nearest, parse, parse_value};
use crate::query::response::Unit;

/// Everything that an engine needs to answer.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is asked for.
    pub query: Query,
    /// Selections by facet: values of one selection are OR, selections are AND.
    pub filters: Vec<Filter>,
    /// What to count.
    pub facets: Vec<FacetRequest>,
    /// Whether facets show what is unusual for the archive instead of what is frequent.
    pub unusual: bool,
    /// In which order.
    pub sort: Sort,
    /// Whether the words of the best hits order the others too; none where the engine may decide.
    pub expand: Option<bool>,
    /// In how many days an article loses half its weight in the ranking; none if age does not matter.
    pub recent: Option<u32>,
    /// How many hits; none for all.
    pub limit: Option<usize>,
    /// How many hits to leave out first.
    pub offset: usize,
    /// Whether hits carry a snippet.
    pub snippets: bool,
    /// Whether the copies of a story are listed as one hit, the earliest that matches.
    pub collapse: bool,
    /// What is counted: the total and the facets.
    pub unit: Unit,
}

/// Selected values of one facet or field. A facet is counted without the filter of its own name, so that its other
/// values can be chosen too.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Name of the facet, or of the field, by which they were selected.
    pub name: &'static str,
    /// The field that holds the values.
    pub field: &'static Field,
    /// Any of these; each a leaf of the query tree (`Value`, `Days`, `Has`).
    pub any: Vec<Query>,
}

/// A facet to count.
#[derive(Debug, Clone, Copy)]
pub struct FacetRequest {
    /// A row of `field::FACETS`.
    pub facet: &'static Facet,
    /// How many values; none for all.
    pub limit: Option<usize>,
}

/// The order of hits. Ties are broken by id, so that pages never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best match first.
    #[default]
    Relevance,
    /// Earliest publication first, undated last.
    Oldest,
    /// Latest publication first, undated last.
    Newest,
}

impl Sort {
    /// The order of this name: `relevance`, `date` (earliest first) or `-date` (latest first).
    pub fn parse(name: &str) -> Option<Sort> {
        match name {
            "relevance" => Some(Sort::Relevance),
            "date" => Some(Sort::Oldest),
            "-date" => Some(Sort::Newest),
            _ => None,
        }
    }

    /// The name that [`Sort::parse`] reads.
    pub fn name(self) -> &'static str {
        match self {
            Sort::Relevance => "relevance",
            Sort::Oldest => "date",
            Sort::Newest => "-date",
        }
    }
}

impl Request {
    /// The first ten hits of `query`, by relevance, every article for itself, without facets.
    pub fn new(query: Query) -> Request {
        Request {
            query,
            filters: Vec::new(),
            facets: Vec::new(),
            unusual: false,
            sort: Sort::Relevance,
            expand: None,
            recent: None,
            limit: Some(10),
            offset: 0,
            snippets: true,
            collapse: false,
            unit: Unit::Articles,
        }
    }

    /// Query and filters as one tree: what a hit must match.
    pub fn whole(&self) -> Query {
        let mut parts = vec![self.query.clone()];
        parts.extend(self.filters.iter().map(|filter| Query::or(filter.any.clone())));
        Query::and(parts)
    }
}

/// How many values of a facet are counted when nothing else is said.
const FACET_LIMIT: usize = 10;

/// What is shown of an answer's unusual values when no facet is named.
const UNUSUAL_FACETS: [&str; 2] = ["actor", "place"];

/// A request as it was given: nothing is understood yet.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The query text; empty for all articles.
    pub text: String,
    /// Name of a facet or field and a value, in the order given.
    pub selections: Vec<(String, String)>,
    /// First day of publication.
    pub from: Option<String>,
    /// Last day of publication.
    pub to: Option<String>,
    /// `NAME` or `NAME=N` or `NAME=all`.
    pub facets: Vec<String>,
    /// Show what is unusual for the archive: of the facets named, else of actors and places.
    pub unusual: bool,
    /// The order.
    pub sort: Sort,
    /// Order by the words of the best hits too.
    pub expand: Option<bool>,
    /// In how many days an article loses half its weight.
    pub recent: Option<u32>,
    /// How many hits; none for all.
    pub limit: Option<usize>,
    /// How many hits to leave out first.
    pub offset: usize,
    /// Whether the copies of a story are listed as one hit.
    pub collapse: bool,
    /// What is counted.
    pub unit: Unit,
}

impl Options {
    /// The request, and what the asker may not have meant.
    ///
    /// # Errors
    ///
    /// [`Error::Query`] for a query text or value that cannot be read, [`Error::Usage`] for a name that is none.
    pub fn build(&self, today: Date) -> Result<(Request, Vec<Warning>)> {
        let Parsed { query, mut warnings } = parse(&self.text, today)?;
        let query = bind::centres(query, &mut warnings)?;
        let request = Request {
            query: Query::and(vec![query, self.published(today)?]),
            filters: self.filters(today)?,
            facets: self.facets()?,
            unusual: self.unusual,
            sort: self.sort,
            expand: self.expand,
            recent: self.recent,
            limit: self.limit,
            offset: self.offset,
            snippets: self.limit != Some(0),
            collapse: self.collapse,
            unit: self.unit,
        };
        warnings.extend(lint::contradictions(&request.whole()));
        Ok((request, warnings))
    }

    fn facets(&self) -> Result<Vec<FacetRequest>> {
        if self.unusual && self.facets.is_empty() {
            return UNUSUAL_FACETS.iter().map(|facet| facet_request(facet)).collect();
        }
        self.facets.iter().map(|facet| facet_request(facet)).collect()
    }

    /// The days between `--from` and `--to`. They bound the archive and are no selection of a facet.
    fn published(&self, today: Date) -> Result<Query> {
        let field = find_field("published").ok_or_else(|| unknown("published"))?;
        let first = self.from.as_deref().map(|text| parse_value(field.name, text, today)).transpose()?;
        let last = self.to.as_deref().map(|text| parse_value(field.name, text, today)).transpose()?;
        let from = if let Some(Query::Days { from, .. }) = first { from } else { None };
        let to = if let Some(Query::Days { to, .. }) = last { to } else { None };
        match (from, to) {
            (None, None) => Ok(Query::All),
            (Some(from), Some(to)) if from > to => {
                Err(Error::Usage(format!("--from {from} is after --to {to}\nhint: exchange them")))
            }
            _ => Ok(Query::Days { field, from, to, overlap: false }),
        }
    }

    fn filters(&self, today: Date) -> Result<Vec<Filter>> {
        let mut filters: Vec<Filter> = Vec::new();
        for (name, value) in &self.selections {
            let (name, field) = selectable(name)?;
            let query = parse_value(name, value, today)?;
            match filters.iter_mut().find(|filter| filter.name == name) {
                Some(filter) => filter.any.push(query),
                None => filters.push(Filter { name, field, any: vec![query] }),
            }
        }
        Ok(filters)
    }
}

/// The facet or field of this name, with the field that holds its values.
fn selectable(name: &str) -> Result<(&'static str, &'static Field)> {
    if let Some(facet) = find_facet(name) {
        let field = find_field(facet.field).ok_or_else(|| unknown(name))?;
        return Ok((facet.name, field));
    }
    find_field(name).map(|field| (field.name, field)).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> Error {
    let mut names: Vec<&str> = FACETS.iter().map(|facet| facet.name).collect();
    names.extend(FIELDS.iter().map(|field| field.name).filter(|name| find_facet(name).is_none()));
    Error::Usage(format!("no field or facet is called `{name}`\n{}", hint(name, &names)))
}

fn hint(name: &str, names: &[&str]) -> String {
    match nearest(name, names) {
        Some(near) => format!("hint: did you mean {near}?"),
        None => format!("hint: there are {}", names.join(", ")),
    }
}

fn facet_request(text: &str) -> Result<FacetRequest> {
    let (name, limit) = match text.split_once('=') {
        None => (text, Some(FACET_LIMIT)),
        Some((name, "all")) => (name, None),
        Some((name, number)) => {
            let limit = number.parse::<usize>().ok().filter(|limit| *limit > 0).ok_or_else(|| {
                Error::Usage(format!(
                    "`{number}` is no number of values\nhint: write --facet {name}=20 or {name}=all"
                ))
            })?;
            (name, Some(limit))
        }
    };
    let facet = find_facet(name.trim()).ok_or_else(|| {
        let names: Vec<&str> = FACETS.iter().map(|facet| facet.name).collect();
        Error::Usage(format!("no facet is called `{name}`\n{}", hint(name, &names)))
    })?;
    Ok(FacetRequest { facet, limit })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn build(options: &Options) -> String {
        match options.build(date(2026, 3, 31)) {
            Ok((request, _)) => request.whole().to_string(),
            Err(error) => error.to_string().lines().next().unwrap_or_default().to_owned(),
        }
    }

    fn select(selections: &[(&str, &str)]) -> String {
        let selections = selections.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        build(&Options { text: "war".into(), selections, ..Options::default() })
    }

    #[test]
    fn values_of_one_option_are_or_and_options_are_and() {
        let two = [("actor", "Joe Biden"), ("place", "Asia/Iraq"), ("actor", "person/Hugo Chávez")];
        assert_eq!(select(&two), "war (actor:\"Joe Biden\" OR actor:\"person/Hugo Chávez\") place:Asia/Iraq");
        assert_eq!(select(&[("person", "Joe Biden")]), "war actor:\"person/Joe Biden\"");
        assert_eq!(select(&[("person", "person/Joe Biden")]), "war actor:\"person/Joe Biden\"");
        assert_eq!(select(&[("kind", "media"), ("lang", "fr")]), "war actor:media language:fr");
        assert_eq!(
            select(&[("event", "2021-06"), ("event", "1990s")]),
            "war (event:2021-06 OR event:1990..1999)"
        );
        assert_eq!(select(&[("plce", "Iraq")]), "no field or facet is called `plce`");
        assert_eq!(select(&[("event", "june")]), "`june` is no date at column 1 of `june`");
    }

    #[test]
    fn from_and_to_bound_the_day_of_publication() {
        let between = |from: &str, to: &str| {
            let day = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            build(&Options { from: day(from), to: day(to), ..Options::default() })
        };
        assert_eq!(between("2020", "2021-06"), "published:2020-01..2021-06");
        assert_eq!(between("2020-02-03", ""), "published:2020-02-03..");
        assert_eq!(between("2022", "2021"), "--from 2022-01-01 is after --to 2021-12-31");
        assert_eq!(between("", ""), "*");
    }

    #[test]
    fn facets_are_counted_by_name_and_number() {
        let read = |text: &str| facet_request(text).map(|request| (request.facet.name, request.limit));
        assert_eq!(read("place").ok(), Some(("place", Some(FACET_LIMIT))));
        assert_eq!(read("place=3").ok(), Some(("place", Some(3))));
        assert_eq!(read("place=all").ok(), Some(("place", None)));
        assert!(read("place=0").is_err());
        assert!(read("plaze").is_err_and(|error| error.to_string().contains("did you mean place?")));
    }
}
