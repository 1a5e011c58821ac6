//! A Tantivy query whose matches are checked against the stored article: what the index cannot know, such as that two
//! names stand in one sentence.

use std::sync::Arc;

use tantivy::columnar::Column as Values;
use tantivy::directory::OwnedBytes;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::store::StoreReader;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use crate::engine::local::mentions::MentionColumns;
use crate::engine::local::schema::HEAD;
use crate::engine::local::stored::{Head, Kept, unpack_head};

/// Says whether an article, head and packed rest, belongs to the answer.
pub(super) type Check = Arc<dyn Fn(&Head, &[u8], KeptOf<'_>) -> bool + Send + Sync>;

/// Reads what is kept of the mentions of an article, where they are looked for.
pub(super) type KeptOf<'k> = &'k dyn Fn() -> tantivy::Result<Kept>;

/// Blocks of the document store kept unpacked per segment.
const CACHED_BLOCKS: usize = 4;

/// The articles of `inner` that pass `check`.
pub(super) struct Verified {
    /// What the index knows.
    pub(super) inner: Box<dyn Query>,
    /// What only the article knows.
    pub(super) check: Check,
}

impl Clone for Verified {
    fn clone(&self) -> Verified {
        Verified { inner: self.inner.box_clone(), check: Arc::clone(&self.check) }
    }
}

impl std::fmt::Debug for Verified {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Verified({:?})", self.inner)
    }
}

impl Query for Verified {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let inner = self.inner.weight(scoring)?;
        Ok(Box::new(VerifiedWeight { inner, check: Arc::clone(&self.check) }))
    }
}

struct VerifiedWeight {
    inner: Box<dyn Weight>,
    check: Check,
}

impl Weight for VerifiedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorer = VerifiedScorer {
            inner: self.inner.scorer(reader, boost)?,
            check: Arc::clone(&self.check),
            heads: reader.fast_fields().u64(HEAD)?,
            mentions: MentionColumns::open(reader)?,
            store: reader.get_store_reader(CACHED_BLOCKS)?,
        };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        self.inner.explain(reader, doc)
    }
}

struct VerifiedScorer {
    inner: Box<dyn Scorer>,
    check: Check,
    heads: Values<u64>,
    mentions: MentionColumns,
    store: StoreReader,
}

impl VerifiedScorer {
    /// Goes on to the next match that passes, beginning with the present one.
    fn settle(&mut self) -> DocId {
        let mut doc = self.inner.doc();
        while doc != TERMINATED && !self.passes(doc) {
            doc = self.inner.advance();
        }
        doc
    }

    fn passes(&self, doc: DocId) -> bool {
        let packed = self.store.get_document_bytes(doc).and_then(|document| packed(&document));
        let head = unpack_head(self.heads.values_for_doc(doc));
        head.is_ok_and(|head| {
            packed.is_ok_and(|packed| (self.check)(&head, &packed, &|| self.mentions.of(doc)))
        })
    }
}

/// So many bytes of a stored document come before the length of its value: how many values it has (one), the column, the
/// type.
const BEFORE_LENGTH: usize = 6;

/// The packed article of a document, where it lies in the store. Taken out of the document by hand, since Tantivy copies
/// bytes one by one.
pub(super) fn packed(document: &OwnedBytes) -> tantivy::Result<OwnedBytes> {
    let is_last = |byte: &u8| byte & 0x80 != 0;
    let length = document.get(BEFORE_LENGTH..).unwrap_or(&[]);
    let digits = length.iter().position(is_last).map_or(0, |at| at + 1);
    let said = length[..digits].iter().rev().fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7f));
    let start = BEFORE_LENGTH + digits;
    if digits == 0 || start + said != document.len() {
        return Err(TantivyError::InternalError("a document holds no article".to_owned()));
    }
    Ok(document.slice(start..start + said))
}

impl DocSet for VerifiedScorer {
    fn advance(&mut self) -> DocId {
        self.inner.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.inner.seek(target);
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.inner.doc()
    }

    fn size_hint(&self) -> u32 {
        self.inner.size_hint()
    }

    fn cost(&self) -> u64 {
        // Reading an article costs about a thousand times a posting.
        self.inner.cost().saturating_mul(1_000)
    }
}

impl Scorer for VerifiedScorer {
    fn score(&mut self) -> Score {
        self.inner.score()
    }
}
