//! The one writer of an index: puts and removes articles, commits with a payload.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;

use rustc_hash::FxHashSet;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::schema::Field as Column;
use tantivy::{IndexWriter, Searcher, TantivyDocument, Term};
use xxhash_rust::xxh3::xxh3_64;

use crate::engine::local::LocalIndex;
use crate::engine::local::analysis::{AS_IS, marked};
use crate::engine::local::record::{Record, layout};
use crate::error::{Error, Result};
use crate::field::find_field;

/// An index is merged when this share of a segment is deleted.
const DELETED_BEFORE_MERGE: f32 = 0.2;

/// Writes to an index; while it lives, nobody else can.
pub struct Writer {
    inner: IndexWriter,
    index: LocalIndex,
    committed: Searcher,
    /// Hashes of the identifiers put since the last commit.
    uncommitted: FxHashSet<u64>,
    /// Held until the writer is dropped.
    _lock: File,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Writer({})", self.index.dir.display())
    }
}

impl Writer {
    /// Opens the writer of `index`; `heap_bytes` is shared by `threads`.
    pub(super) fn open(index: &LocalIndex, threads: usize, heap_bytes: usize) -> Result<Writer> {
        let lock = lock(&index.dir)?;
        let threads = threads.max(1);
        let heap_bytes = heap_bytes.max(threads * 16_000_000);
        let inner: IndexWriter =
            index.inner.writer_with_num_threads(threads, heap_bytes).map_err(|error| index.error(&error))?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(DELETED_BEFORE_MERGE);
        inner.set_merge_policy(Box::new(policy));
        index.refresh()?;
        Ok(Writer {
            inner,
            index: index.clone(),
            committed: index.reader.searcher(),
            uncommitted: FxHashSet::default(),
            _lock: lock,
        })
    }

    /// Puts an article in, in place of the one with the same identifier.
    pub fn put(&mut self, record: Record) -> Result<()> {
        let term = Writer::id_term(&record.id);
        let hash = xxh3_64(record.id.as_bytes());
        // Deleting is dear when millions are put in, and mostly there is nothing to delete.
        let known = !self.uncommitted.insert(hash) || self.is_committed(&term)?;
        if known {
            self.inner.delete_term(term);
        }
        self.add(record.document)
    }

    fn add(&self, document: TantivyDocument) -> Result<()> {
        self.inner.add_document(document).map_err(|error| self.index.error(&error))?;
        Ok(())
    }

    /// Takes the article with this identifier out, if there is one.
    pub fn remove(&mut self, id: &str) {
        self.inner.delete_term(Writer::id_term(id));
    }

    fn id_term(id: &str) -> Term {
        Term::from_field_text(id_column(), &marked(AS_IS, id))
    }

    fn is_committed(&self, term: &Term) -> Result<bool> {
        let found = self.committed.doc_freq(term).map_err(|error| self.index.error(&error))?;
        Ok(found > 0)
    }

    /// Makes everything so far lasting and visible to readers; `payload` is what [`LocalIndex::payload`] gives then.
    pub fn commit(&mut self, payload: &str) -> Result<()> {
        let committed = self.inner.prepare_commit().and_then(|mut prepared| {
            prepared.set_payload(payload);
            prepared.commit()
        });
        committed.map_err(|error| self.index.error(&error))?;
        self.index.refresh()?;
        self.committed = self.index.reader.searcher();
        self.uncommitted.clear();
        Ok(())
    }

    /// Waits for merges in the background to end. Dropping a writer gives merges up, which loses work but no article.
    pub fn close(self) -> Result<()> {
        let index = self.index.clone();
        self.inner.wait_merging_threads().map_err(|error| index.error(&error))?;
        index.refresh()
    }
}

/// Where identifiers are indexed.
fn id_column() -> Column {
    let columns = &layout().1;
    find_field("id").and_then(|field| columns.values(field)).unwrap_or(columns.vocabulary)
}

/// Takes the lock of the index in `dir`, or says who holds it.
fn lock(dir: &Path) -> Result<File> {
    let path = dir.join("writer.lock");
    let mut options = File::options();
    let mut file =
        options.read(true).write(true).create(true).truncate(false).open(&path).map_err(Error::io(&path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // The holder's name helps, but the lock is what counts.
            let _ = file.read_to_string(&mut holder);
            let holder = if holder.is_empty() { "another process".to_owned() } else { holder };
            return Err(Error::Locked { path: dir.to_path_buf(), holder });
        }
        Err(std::fs::TryLockError::Error(error)) => return Err(Error::io(&path)(error)),
    }
    let written = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "process {}", std::process::id()))
        .and_then(|()| file.flush());
    written.map_err(Error::io(&path))?;
    Ok(file)
}
