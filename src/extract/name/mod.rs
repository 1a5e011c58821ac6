//! Name spans: one pass over the tokens that decides what is a person, an organisation or a location.
//!
//! Takes the texts of one article, gives spans with a class; never resolves what they stand for. The tagger is a
//! linear chain over the words of candidate runs.

pub mod candidate;
pub mod chain;
mod embedded;
pub mod feature;
pub mod label;
pub mod lexicon;
pub mod model;
pub mod tagger;
pub mod topic;
mod weekday;
pub mod word;

pub use self::tagger::Tagger;

use crate::span::Span;

/// What a name is taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameClass {
    /// A human being.
    Person,
    /// An organisation of any kind.
    Organisation,
    /// A toponym.
    Location,
    /// Another name: nationality, event, product, work. Demonyms are found here.
    Other,
}

/// A name as the tagger sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NameSpan {
    /// In bytes.
    pub span: Span,
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub last: usize,
    /// What it is taken to be.
    pub class: NameClass,
    /// 0 to 1: how sure the tagger is.
    pub score: f32,
}
