//! A request: the query, the selected facet values, the facets to count, the order and the page.

use crate::field::{Facet, Field};
use crate::query::Query;

/// Everything that an engine needs to answer.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is asked for.
    pub query: Query,
    /// Selections by facet: values of one field are OR, fields are AND.
    pub filters: Vec<Filter>,
    /// What to count.
    pub facets: Vec<FacetRequest>,
    /// In which order.
    pub sort: Sort,
    /// How many hits; none for all.
    pub limit: Option<usize>,
    /// How many hits to leave out first.
    pub offset: usize,
    /// Whether hits carry a snippet.
    pub snippets: bool,
}

/// Selected values of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// The field.
    pub field: &'static Field,
    /// Any of these; each a leaf of the query tree (`Value`, `Days`).
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

impl Request {
    /// The first ten hits of `query`, by relevance, without facets.
    pub fn new(query: Query) -> Request {
        Request {
            query,
            filters: Vec::new(),
            facets: Vec::new(),
            sort: Sort::Relevance,
            limit: Some(10),
            offset: 0,
            snippets: true,
        }
    }
}
