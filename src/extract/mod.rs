//! Who, where and when: annotates the title and text of an article. No files, no clock, no network.
//!
//! Takes an article, gives [`Annotations`]. One pass finds name spans, one decision per span; `actor` joins them to
//! people and organisations, `place` resolves toponyms to the gazetteer, `date` finds TIMEX3 expressions.

pub mod actor;
pub mod date;
pub mod name;
pub mod place;

use crate::article::{Annotations, Article};
use crate::calendar::Published;
use crate::language::Language;

/// What is known of an article before its text is read for names and dates.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its language.
    pub language: Language,
    /// When it was published: the anchor of relative dates.
    pub published: Option<&'a Published>,
}

/// Annotates an article.
pub fn annotate(context: &Context<'_>) -> Annotations {
    let _ = context;
    Annotations::default()
}
