//! What an article is about, as a query that finds others about it: its telling words, weighed.

use std::collections::BTreeMap;

use tantivy::Term;

use crate::article::Annotated;
use crate::engine::local::analysis::{Analyser, marked_term, typed_terms, whole_words};
use crate::engine::local::snapshot::Snapshot;
use crate::error::Result;
use crate::query::Query;

/// How many words tell what an article is about.
const WORDS: usize = 30;

/// A word of the title counts as so many of the text.
const TITLE: u32 = 3;

/// The more often a word stands there, the less one more says.
const SATURATION: f64 = 1.5;

/// A query for the telling words of an article: frequent in it and rare in the archive. Words that no other article has
/// find nothing, and words that every tenth article has tell nothing.
pub(super) fn like(snapshot: &Snapshot, annotated: &Annotated) -> Result<Query> {
    let analyser = Analyser::of(annotated.language);
    let column = snapshot.columns().whole;
    let articles = snapshot.searcher.num_docs() as f64;
    let mut counted: BTreeMap<String, (String, u32)> = BTreeMap::new();
    for (text, weight) in [(annotated.article.title(), TITLE), (annotated.article.text.as_str(), 1)] {
        for word in whole_words(text) {
            let word = &text[word.start..word.end];
            counted.entry(analyser.term(word)).or_insert_with(|| (word.to_owned(), 0)).1 += weight;
        }
    }
    let mut telling = Vec::new();
    for (word, count) in counted.into_values() {
        let mut having = u64::MAX;
        // At most so many articles have a word of several characters.
        for term in typed_terms(analyser, &word) {
            let term = Term::from_field_text(column, &analyser.coded(&marked_term(term)));
            let articles = snapshot.searcher.doc_freq(&term);
            having = having.min(articles.map_err(|error| snapshot.error(&error))?);
        }
        let having = if having == u64::MAX { 0.0 } else { having as f64 };
        if having >= 2.0 && (having <= articles / 10.0 || articles < 100.0) {
            let count = f64::from(count);
            let weight = (articles / having).ln_1p() * count / (count + SATURATION);
            telling.push((weight, word));
        }
    }
    telling.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    telling.truncate(WORDS);
    let word = |(weight, text): (f64, String)| {
        let word = Query::Word { field: None, text, exact: false, distance: 0 };
        Query::Boost(Box::new(word), ((weight * 100.0).round() / 100.0) as f32)
    };
    Ok(Query::or(telling.into_iter().map(word).collect()))
}
