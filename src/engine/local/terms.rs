//! A Tantivy query for every article with any term of a range that passes a test: prefixes, patterns, typos,
//! day intervals and circles on the map are all this, over different columns.

use std::sync::Arc;

use tantivy::query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field as Column, IndexRecordOption};
use tantivy::{BitSet, DocId, DocSet, Score, SegmentReader, TantivyError};

/// Says whether a term belongs to the answer.
pub(super) type Accept = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// Articles with any accepted term of `column` within a range.
#[derive(Clone)]
pub(super) struct TermsWhere {
    /// Which column.
    pub(super) column: Column,
    /// First term looked at.
    pub(super) from: Vec<u8>,
    /// First term no longer looked at; all to the end if none.
    pub(super) until: Option<Vec<u8>>,
    /// The test.
    pub(super) accept: Accept,
}

impl TermsWhere {
    /// Articles with any accepted term that begins with `prefix`.
    pub(super) fn beginning(column: Column, prefix: &[u8], accept: Accept) -> TermsWhere {
        TermsWhere { column, from: prefix.to_vec(), until: after_prefix(prefix), accept }
    }

    fn matching(&self, reader: &SegmentReader) -> tantivy::Result<BitSet> {
        let mut found = BitSet::with_max_value(reader.max_doc());
        let index = reader.inverted_index(self.column)?;
        let mut range = index.terms().range().ge(&self.from);
        if let Some(until) = &self.until {
            range = range.lt(until);
        }
        let mut terms = range.into_stream()?;
        while terms.advance() {
            if !(self.accept)(terms.key()) {
                continue;
            }
            let mut postings =
                index.read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
            while !postings.docs().is_empty() {
                for &doc in postings.docs() {
                    found.insert(doc);
                }
                postings.advance();
            }
        }
        Ok(found)
    }
}

/// The least string above everything that begins with `prefix`.
pub(super) fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut after = prefix.to_vec();
    while let Some(last) = after.pop() {
        if last < u8::MAX {
            after.push(last + 1);
            return Some(after);
        }
    }
    None
}

impl std::fmt::Debug for TermsWhere {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "TermsWhere({:?}, {:?}..{:?})", self.column, self.from, self.until)
    }
}

impl Query for TermsWhere {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for TermsWhere {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let found = BitSetDocSet::from(self.matching(reader)?);
        Ok(Box::new(ConstScorer::new(found, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("any term of a range", 1.0))
    }
}
