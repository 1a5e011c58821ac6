//! The answer: hits, their total, and facet counts that add up.

use serde::{Deserialize, Serialize};

use crate::calendar::PublishedRecord;
use crate::span::Span;

/// What an engine answers.
#[derive(Debug, Clone, Serialize)]
pub struct Response {
    /// How many match, exactly, counted in `unit`.
    pub total: usize,
    /// What `total` and the facets count.
    pub unit: Unit,
    /// The asked page of them.
    pub hits: Vec<Hit>,
    /// Counts, in the order in which the facets were asked for.
    pub facets: Vec<FacetCounts>,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Every article.
    #[default]
    Articles,
    /// An article and its copies once.
    Stories,
}

impl Unit {
    /// What more than one of them are called.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Articles => "articles",
            Unit::Stories => "stories",
        }
    }
}

/// One matching article.
#[derive(Debug, Clone, Serialize)]
pub struct Hit {
    /// Identifier.
    pub id: String,
    /// Headline, empty if there is none.
    pub title: String,
    /// Day of publication.
    pub published: Option<PublishedRecord>,
    /// Publisher.
    pub source: Option<String>,
    /// ISO 639-1 code.
    pub language: String,
    /// The file it was read from.
    pub path: String,
    /// The best passage.
    pub snippet: Snippet,
    /// Relevance; 0 when sorted by date.
    pub score: f32,
    /// Identifier of the story: the article's own unless it is a copy.
    pub story: String,
    /// How many other articles of the story match, where stories are counted.
    pub copies: usize,
    /// Whether the story has other articles, matching or not.
    pub has_copies: bool,
}

/// A passage with the matches marked.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Snippet {
    /// Plain text, on one line.
    pub text: String,
    /// What matched, as byte spans into `text`, sorted, not overlapping.
    pub marks: Vec<Span>,
}

/// The counts of one facet.
#[derive(Debug, Clone, Serialize)]
pub struct FacetCounts {
    /// Name of its row in `field::FACETS`.
    pub name: &'static str,
    /// Most frequent first, then by value; calendar facets in order of time.
    pub values: Vec<FacetValue>,
    /// How many further values were left out by the limit.
    pub more: usize,
}

/// One value of a facet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FacetValue {
    /// As it can be handed back in a filter.
    pub value: String,
    /// The last step of a path, for people.
    pub label: String,
    /// Articles that have it, given all selections in other facets.
    pub count: usize,
    /// Whether it is selected.
    pub selected: bool,
    /// How it compares with the whole archive, where that was asked for.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub unusual: Option<Unusual>,
}

/// How a value of an answer compares with the archive.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Unusual {
    /// Articles of the whole archive that have the value.
    pub archive: usize,
    /// How many times as frequent it is in the answer as in the archive.
    pub times: f64,
    /// Dunning's log-likelihood ratio, by which values are ordered: how unlikely so many would be by chance.
    pub score: f64,
}
