//! What can index articles and answer requests. `local` is the only code that names Tantivy.
//!
//! Takes [`Annotated`] articles and [`Request`]s, gives [`Response`]s. Never extracts.

pub mod local;

use std::ops::ControlFlow;

use crate::article::Annotated;
use crate::error::Result;
use crate::field::Field;
use crate::query::Query;
use crate::query::request::Request;
use crate::query::response::{FacetValue, Hit, Response};
use crate::span::Span;

/// What is called with each article of a result, in order.
pub type Visit<'v> = dyn FnMut(&Hit, &Annotated) -> ControlFlow<()> + 'v;

/// Finds matches in the text of an article.
pub type Matcher = dyn Fn(&Annotated) -> Vec<Span>;

/// Anything that holds annotated articles and answers questions about them.
pub trait Engine {
    /// Answers a request: total, the asked page of hits, and the asked facets.
    fn search(&self, request: &Request) -> Result<Response>;

    /// Calls `visit` with every article of the asked page (all of them without a limit), one at a time, in the order
    /// of `request.sort`. Only a few bytes per match are held in memory. Facets are not counted.
    fn stream(&self, request: &Request, visit: &mut Visit<'_>) -> Result<()>;

    /// The article with this identifier, as it was indexed.
    fn get(&self, id: &str) -> Result<Option<Annotated>>;

    /// All articles of the story of this one, earliest first and itself among them; empty if it has no copies.
    fn copies(&self, id: &str) -> Result<Vec<Annotated>>;

    /// A query for articles about the same as this one, itself among them; none if there is no such article.
    fn like(&self, id: &str) -> Result<Option<Query>>;

    /// What finds every match of `query` in the text of an article, as spans that do not overlap.
    fn matcher(&self, query: &Query) -> Result<Box<Matcher>>;

    /// How many articles match.
    fn count(&self, query: &Query) -> Result<usize>;

    /// The values of a field that begin with `prefix` (of any step, compared folded), with their counts over the whole
    /// archive, most frequent first.
    fn catalogue(&self, field: &'static Field, prefix: &str, limit: Option<usize>)
    -> Result<Vec<FacetValue>>;

    /// The words or values that a leaf of a query stands for in this archive, with the number of articles that have
    /// each, most frequent first: forms of a word, words of a pattern, what a name is bound to.
    fn forms(&self, leaf: &Query) -> Result<Vec<FacetValue>>;

    /// Values of a field that are spelled much like `value`, best first: "did you mean".
    fn suggest(&self, field: &'static Field, value: &str) -> Result<Vec<String>>;
}
