//! Words of a query that stand near each other lift an article: among the best, by up to a tenth of its score.
//!
//! Takes what was found, gives it in another order. Reads positions of the best articles only; never changes what is found.

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED, Term};

use crate::engine::local::analysis::{Analyser, marked_term, typed_terms};
use crate::engine::local::collapse::Found;
use crate::engine::local::collect::{Entry, score_of};
use crate::engine::local::snapshot::Snapshot;
use crate::query::Query;

/// How many of the best articles are looked at.
pub(super) const ARTICLES: usize = 30;

/// So many words apart is near.
const NEAR: u32 = 10;

/// What an article gains in which every word stands near another.
const GAIN: f32 = 0.1;

/// Longer lists of words are no questions whose words belong together.
const MOST_WORDS: usize = 32;

/// The words whose nearness counts: those that are looked for anywhere, if there are at least two.
pub(super) fn words(query: &Query) -> Vec<&str> {
    let mut words = Vec::new();
    add_words(query, &mut words);
    words.sort_unstable();
    words.dedup();
    if (2..=MOST_WORDS).contains(&words.len()) { words } else { Vec::new() }
}

fn add_words<'q>(query: &'q Query, words: &mut Vec<&'q str>) {
    match query {
        Query::Word { field: None, text, distance: 0, .. } => words.push(text),
        Query::And(parts) | Query::Or(parts) => parts.iter().for_each(|part| add_words(part, words)),
        Query::Boost(inner, _) => add_words(inner, words),
        _ => {}
    }
}

/// Orders the best of what was found anew.
pub(super) fn order(found: &mut Found, words: &[&str], snapshot: &Snapshot) -> tantivy::Result<()> {
    let asked: Vec<Asked> = snapshot
        .analysers
        .iter()
        .map(|&analyser| Asked::new(analyser, words, snapshot))
        .collect::<tantivy::Result<_>>()?;
    let counts = best_of_each(found);
    for (collected, best) in found.segments.iter_mut().zip(counts) {
        let reader = snapshot.searcher.segment_reader(collected.segment);
        let index = reader.inverted_index(snapshot.columns().whole)?;
        let best = &mut collected.entries[..best];
        best.sort_unstable_by_key(|entry| entry.doc);
        let docs: Vec<DocId> = best.iter().map(|entry| entry.doc).collect();
        let mut shares = vec![0.0_f32; docs.len()];
        for asked in &asked {
            let mut standing = vec![Vec::new(); docs.len()];
            for (number, (term, _)) in (0..).zip(&asked.terms) {
                let postings = index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?;
                if let Some(mut postings) = postings {
                    add_positions(&mut postings, &docs, number, &mut standing);
                }
            }
            for (share, standing) in shares.iter_mut().zip(&mut standing) {
                *share = share.max(asked.share(standing));
            }
        }
        for (entry, share) in best.iter_mut().zip(shares) {
            entry.key = u64::from((score_of(entry.key) * (1.0 + GAIN * share)).to_bits());
        }
        best.sort_unstable_by(Entry::order);
    }
    Ok(())
}

/// How many entries of each segment are among the best of all.
fn best_of_each(found: &Found) -> Vec<usize> {
    let mut keys: Vec<(u64, usize)> = Vec::new();
    for (segment, collected) in found.segments.iter().enumerate() {
        keys.extend(collected.entries.iter().take(ARTICLES).map(|entry| (entry.key, segment)));
    }
    // Of equals those of the first segment, so that it is the same however many are listed.
    keys.sort_unstable_by_key(|&(key, segment)| (std::cmp::Reverse(key), segment));
    let mut counts = vec![0; found.segments.len()];
    for (_, segment) in keys.into_iter().take(ARTICLES) {
        counts[segment] += 1;
    }
    counts
}

/// Where a word stands: its position, and its number.
type Standing = (u32, usize);

fn add_positions(
    postings: &mut impl Postings,
    docs: &[DocId],
    number: usize,
    standing: &mut [Vec<Standing>],
) {
    let mut positions = Vec::new();
    for (&doc, standing) in docs.iter().zip(standing) {
        let at = if postings.doc() < doc { postings.seek(doc) } else { postings.doc() };
        if at == TERMINATED {
            return;
        }
        if at == doc {
            postings.positions(&mut positions);
            standing.extend(positions.iter().map(|&position| (position, number)));
        }
    }
}

/// The words as one analyser has them.
struct Asked {
    /// Each with what it tells.
    terms: Vec<(Term, f32)>,
}

impl Asked {
    fn new(analyser: Analyser, words: &[&str], snapshot: &Snapshot) -> tantivy::Result<Asked> {
        let column = snapshot.columns().whole;
        let articles = snapshot.searcher.num_docs() as f32;
        let mut terms: Vec<(Term, f32)> = Vec::with_capacity(words.len());
        for word in words {
            // What is several words to the index is a phrase, and stands together anyway.
            let Ok([term]) = <[_; 1]>::try_from(typed_terms(analyser, word)) else { continue };
            let term = Term::from_field_text(column, &analyser.coded(&marked_term(term)));
            let having = snapshot.searcher.doc_freq(&term)? as f32;
            if having > 0.0 && terms.iter().all(|(known, _)| *known != term) {
                terms.push((term, (1.0 + articles / having).ln()));
            }
        }
        Ok(Asked { terms })
    }

    /// The share of what the words tell that those tell which stand near another.
    fn share(&self, standing: &mut [Standing]) -> f32 {
        standing.sort_unstable();
        let mut is_near = vec![false; self.terms.len()];
        for pair in standing.windows(2) {
            let [(position, one), (next, other)] = [pair[0], pair[1]];
            if one != other && next - position <= NEAR {
                is_near[one] = true;
                is_near[other] = true;
            }
        }
        let near: f32 =
            self.terms.iter().zip(is_near).filter(|(_, near)| *near).map(|((_, told), _)| told).sum();
        let all: f32 = self.terms.iter().map(|(_, told)| told).sum();
        if all > 0.0 { near / all } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_are_looked_for_anywhere_count() {
        let word = |text: &str| Query::Word { field: None, text: text.to_owned(), exact: false, distance: 0 };
        let phrase = Query::Phrase { field: None, text: "a b".to_owned(), exact: false, slop: 0 };
        let query = Query::and(vec![
            word("oil"),
            Query::or(vec![word("price"), phrase.clone()]),
            Query::Not(Box::new(word("opec"))),
            Query::Boost(Box::new(word("oil")), 2.0),
        ]);
        assert_eq!(words(&query), ["oil", "price"]);
        assert!(words(&word("oil")).is_empty() && words(&phrase).is_empty());
        let many: Vec<Query> = (0..=MOST_WORDS).map(|number| word(&number.to_string())).collect();
        assert!(words(&Query::or(many)).is_empty());
    }

    #[test]
    fn a_share_is_that_of_the_words_that_stand_near_another() {
        let term = |text: &str| Term::from_field_text(tantivy::schema::Field::from_field_id(0), text);
        let asked = Asked { terms: vec![(term("a"), 1.0), (term("b"), 2.0), (term("c"), 1.0)] };
        for (standing, share) in [
            (vec![(0, 0), (5, 1), (100, 2)], 0.75),
            (vec![(100, 2), (0, 0), (10, 1), (15, 2)], 1.0),
            (vec![(0, 0), (11, 1), (40, 2)], 0.0),
            (vec![(0, 0), (1, 0)], 0.0),
            (vec![], 0.0),
        ] {
            let got = asked.share(&mut standing.clone());
            assert!((got - share).abs() < 1e-6, "{standing:?}: {got}");
        }
    }
}
