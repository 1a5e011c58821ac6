//! Words that the best articles of an answer share (a relevance model, RM3), to order the answer by them too.
//!
//! Takes the best hits of a query, gives weighted terms. They change the order of an answer, never what is in it.

use rustc_hash::FxHashMap;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as Bound, TermQuery};
use tantivy::schema::{Field as Column, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::engine::local::analysis::{Analyser, words};
use crate::engine::local::stored::Head;
use crate::query::Query;

/// How many of the best articles are read.
pub(super) const ARTICLES: usize = 10;

/// How many terms are added.
const TERMS: usize = 40;

/// What the words of the query weigh; the terms weigh the rest of 1.
const ORIGINAL_WEIGHT: f32 = 0.8;

/// A term that more than this share of the archive has tells nothing.
const MAX_SHARE: f64 = 0.1;

/// Shorter terms are rarely words.
const MIN_LETTERS: usize = 2;

/// From so many alternatives on a query is a question in free text, which more words make clearer.
const QUESTION_WORDS: usize = 4;

/// Whether a query is a question in free text: nothing but a list of words, any of which may match.
pub(super) fn is_question(query: &Query) -> bool {
    let Query::Or(parts) = query else { return false };
    let is_word = |part: &Query| matches!(part, Query::Word { field: None, exact: false, distance: 0, .. });
    parts.len() >= QUESTION_WORDS && parts.iter().all(is_word)
}

/// Sums up what the best articles say.
#[derive(Debug, Default)]
pub(super) struct Feedback {
    shares: FxHashMap<Term, f32>,
}

impl Feedback {
    /// Adds an article that matches with `score`.
    pub(super) fn add(&mut self, head: &Head, text: &str, column: Column, score: f32) {
        let analyser = Analyser::of(head.language());
        let mut counts: FxHashMap<String, u32> = FxHashMap::default();
        for source in [head.title.as_deref().unwrap_or(""), text] {
            for word in words(source) {
                *counts.entry(analyser.term(&source[word.start..word.end])).or_default() += 1;
            }
        }
        counts.retain(|term, _| {
            term.chars().count() >= MIN_LETTERS && !term.chars().all(|c| c.is_ascii_digit())
        });
        let length: u32 = counts.values().sum();
        for (term, count) in counts {
            let share = score * count as f32 / length as f32;
            *self.shares.entry(Term::from_field_text(column, &analyser.coded(&term))).or_default() += share;
        }
    }

    /// The terms that tell most, each with its share of all their weight.
    fn terms(self, searcher: &Searcher) -> tantivy::Result<Vec<(Term, f32)>> {
        let most = (searcher.num_docs() as f64 * MAX_SHARE) as u64;
        let mut terms: Vec<(Term, f32)> = self.shares.into_iter().collect();
        terms.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut chosen = Vec::with_capacity(TERMS);
        for (term, share) in terms {
            if chosen.len() == TERMS {
                break;
            }
            if searcher.doc_freq(&term)? <= most {
                chosen.push((term, share));
            }
        }
        let sum: f32 = chosen.iter().map(|(_, share)| share).sum();
        for (_, share) in &mut chosen {
            *share /= sum;
        }
        Ok(chosen)
    }

    /// `bound`, which is `query`, with the terms added to its scores.
    pub(super) fn expanded(
        self,
        bound: Box<dyn Bound>,
        query: &Query,
        searcher: &Searcher,
    ) -> tantivy::Result<Box<dyn Bound>> {
        let weight = (1.0 - ORIGINAL_WEIGHT) / ORIGINAL_WEIGHT * leaves(query) as f32;
        let mut clauses = vec![(Occur::Must, bound)];
        for (term, share) in self.terms(searcher)? {
            let term = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            clauses.push((Occur::Should, Box::new(BoostQuery::new(term, weight * share))));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }
}

/// How many words and phrases are looked for.
fn leaves(query: &Query) -> usize {
    match query {
        Query::And(parts) | Query::Or(parts) | Query::Together { parts, .. } => {
            parts.iter().map(leaves).sum()
        }
        Query::Boost(inner, _) => leaves(inner),
        Query::Word { .. } | Query::Phrase { .. } => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Query {
        Query::Word { field: None, text: text.to_owned(), exact: false, distance: 0 }
    }

    #[test]
    fn only_lists_of_words_are_questions() {
        let words = |text: &str| text.split(' ').map(word).collect::<Vec<_>>();
        assert!(is_question(&Query::or(words("boundary layer heat transfer"))));
        assert!(!is_question(&Query::or(words("iraq syria"))));
        assert!(!is_question(&Query::and(words("boundary layer heat transfer"))));
        let phrase = Query::Phrase { field: None, text: "a b".to_owned(), exact: false, slop: 0 };
        assert!(!is_question(&Query::or([words("a b c"), vec![phrase.clone()]].concat())));
        assert_eq!(leaves(&Query::and(vec![word("a"), phrase, Query::Not(Box::new(word("b")))])), 2);
    }
}
