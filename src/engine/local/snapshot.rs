//! The index as it was at one commit, with what is worth remembering about it until the next.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::{Searcher, Term};

use crate::engine::local::ordinals::Ordinals;
use crate::engine::local::record::layout;
use crate::engine::local::schema::{Columns, TextColumns};
use crate::error::{Error, Result};
use crate::field::Field;

/// One commit of an index.
pub(super) struct Snapshot {
    /// Tantivy's view of it.
    pub(super) searcher: Searcher,
    /// The text columns that any article uses, most used first.
    pub(super) texts: Vec<TextColumns>,
    dir: std::path::PathBuf,
    ordinals: Mutex<FxHashMap<&'static str, Arc<Ordinals>>>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Snapshot({} articles)", self.searcher.num_docs())
    }
}

impl Snapshot {
    /// Looks at what `searcher` holds.
    pub(super) fn new(searcher: Searcher, dir: &std::path::Path) -> Result<Snapshot> {
        let mut snapshot =
            Snapshot { searcher, texts: Vec::new(), dir: dir.to_path_buf(), ordinals: Mutex::default() };
        let mut used = Vec::new();
        for &texts in &snapshot.columns().texts {
            let mut words = 0;
            for reader in snapshot.searcher.segment_readers() {
                let index = reader.inverted_index(texts.whole);
                words += index.map_err(|error| snapshot.error(&error))?.total_num_tokens();
            }
            if words > 0 {
                used.push((words, texts));
            }
        }
        used.sort_by_key(|&(words, _)| std::cmp::Reverse(words));
        snapshot.texts = used.into_iter().map(|(_, texts)| texts).collect();
        Ok(snapshot)
    }

    /// The columns of every index.
    #[expect(clippy::unused_self, reason = "columns belong to an index, though all have the same")]
    pub(super) fn columns(&self) -> &'static Columns {
        &layout().1
    }

    /// What Tantivy says went wrong, with the index it happened to.
    pub(super) fn error(&self, error: &tantivy::TantivyError) -> Error {
        Error::Index { path: self.dir.clone(), message: error.to_string() }
    }

    /// Whether any article has this term of a value.
    pub(super) fn has_value(&self, field: &Field, term: &str) -> Result<bool> {
        let Some(column) = self.columns().values(field) else { return Ok(false) };
        let found = self.searcher.doc_freq(&Term::from_field_text(column, term));
        Ok(found.map_err(|error| self.error(&error))? > 0)
    }

    /// Every value of a field.
    pub(super) fn ordinals(&self, field: &'static Field) -> Result<Arc<Ordinals>> {
        let mut known = self.ordinals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ordinals) = known.get(field.name) {
            return Ok(Arc::clone(ordinals));
        }
        let read = Ordinals::read(&self.searcher, field).map_err(|error| self.error(&error))?;
        let read = Arc::new(read);
        known.insert(field.name, Arc::clone(&read));
        Ok(read)
    }
}
