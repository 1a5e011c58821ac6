//! What the columns of a segment hold of mentions: where they stand, and the places, each read once.

use std::sync::{Arc, OnceLock};

use tantivy::columnar::{BytesColumn, Column as Values};
use tantivy::{DocId, SegmentReader, TantivyError};

use crate::engine::local::schema::{KEPT_PLACES, MARKS};
use crate::engine::local::stored::{Kept, KeptPlace};

/// The columns of a segment that hold mentions.
pub(super) struct MentionColumns {
    marks: Option<Values<u64>>,
    places: Option<BytesColumn>,
    /// By number in the dictionary, the places that were read.
    read: OnceLock<Box<[OnceLock<Arc<KeptPlace>>]>>,
}

impl MentionColumns {
    /// Opens those of a segment.
    pub(super) fn open(reader: &SegmentReader) -> tantivy::Result<MentionColumns> {
        let columns = reader.fast_fields();
        let (marks, places) = (columns.column_opt(MARKS)?, columns.bytes(KEPT_PLACES)?);
        Ok(MentionColumns { marks, places, read: OnceLock::new() })
    }

    /// What is kept of the mentions of an article.
    pub(super) fn of(&self, doc: DocId) -> tantivy::Result<Kept> {
        let marks = self.marks.iter().flat_map(|marks| marks.values_for_doc(doc)).collect();
        let mut kept = Kept { marks, places: Vec::new() };
        if let Some(places) = &self.places {
            for number in places.term_ords(doc) {
                kept.places.push(self.place(places, number)?);
            }
        }
        Ok(kept)
    }

    fn place(&self, places: &BytesColumn, number: u64) -> tantivy::Result<Arc<KeptPlace>> {
        let read = self.read.get_or_init(|| (0..places.num_terms()).map(|_| OnceLock::new()).collect());
        let slot = read.get(number as usize);
        if let Some(known) = slot.and_then(OnceLock::get) {
            return Ok(Arc::clone(known));
        }
        let mut packed = Vec::new();
        places.ord_to_bytes(number, &mut packed)?;
        let place = Arc::new(KeptPlace::read(&packed).map_err(|error| unreadable(&error))?);
        Ok(slot
            .map_or_else(|| Arc::clone(&place), |slot| Arc::clone(slot.get_or_init(|| Arc::clone(&place)))))
    }
}

/// What went wrong with what was packed.
pub(super) fn unreadable(error: &postcard::Error) -> TantivyError {
    TantivyError::InternalError(format!("unreadable article: {error}"))
}
