//! An index on this machine, kept by Tantivy in a folder.
//!
//! [`LocalIndex::open`] and [`LocalIndex::create`] give an index that answers; [`LocalIndex::writer`] the one writer;
//! [`Record::new`] prepares articles for it, in as many threads as there are.

mod affix;
mod analysis;
mod bind;
mod bits;
mod collapse;
mod collect;
mod expand;
mod facet;
mod folder;
mod forms;
mod letters;
mod marks;
mod meaning;
mod mentions;
mod near;
mod ordinals;
mod pattern;
mod record;
mod roster;
mod schema;
mod search;
mod seek;
mod similar;
mod snapshot;
mod snippet;
mod stored;
mod stories;
mod terms;
mod verify;
mod watch;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::{Index, IndexReader, IndexSettings, ReloadPolicy};

use crate::article::Annotated;
use crate::engine::local::analysis::ValueTerms;
use crate::engine::local::folder::Folder;
use crate::engine::local::record::layout;
use crate::engine::local::schema::Columns;
use crate::engine::local::search::Searching;
use crate::engine::local::snapshot::Snapshot;
use crate::engine::{Engine, Matcher, Visit};
use crate::error::{Error, Result};
use crate::field::{Field, INDEX_VERSION};
use crate::guard;
use crate::query::Query;
use crate::query::request::Request;
use crate::query::response::{FacetValue, Response};

pub use crate::engine::local::record::Record;
pub use crate::engine::local::roster::Listed;
pub use crate::engine::local::watch::Watched;
pub use crate::engine::local::writer::Writer;

/// The file that says which version of dateline's layout an index has.
const VERSION_FILE: &str = "version";

/// The folder with Tantivy's files.
const ARTICLES: &str = "articles";

/// How hard stored articles are packed: what follows costs much time for little.
const STORE_LEVEL: i32 = 6;

/// How many bytes of articles are packed together: more is smaller, but slower to show, since all are unpacked for one.
const STORE_BLOCK_BYTES: usize = 48 << 10;

/// An index on disk. Cheap to clone; clones see the same commits.
#[derive(Clone)]
pub struct LocalIndex {
    dir: PathBuf,
    inner: Index,
    reader: IndexReader,
    snapshot: Arc<Mutex<Option<Arc<Snapshot>>>>,
}

impl std::fmt::Debug for LocalIndex {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "LocalIndex({})", self.dir.display())
    }
}

impl LocalIndex {
    /// Opens the index in `dir`.
    ///
    /// # Errors
    /// [`Error::NoIndex`] if there is none, [`Error::Version`] if another version of dateline made it.
    pub fn open(dir: &Path) -> Result<LocalIndex> {
        let version_file = dir.join(VERSION_FILE);
        let found = match std::fs::read_to_string(&version_file) {
            Ok(found) => found.trim().to_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::NoIndex { path: dir.to_path_buf() });
            }
            Err(error) => return Err(Error::io(&version_file)(error)),
        };
        if found != INDEX_VERSION.to_string() {
            let supported = INDEX_VERSION.to_string();
            return Err(Error::Version { path: dir.to_path_buf(), found, supported });
        }
        // Of a description that is damaged the library makes an error or a panic.
        let opened = guard::caught(|| Index::open(Folder::open(&dir.join(ARTICLES))?));
        let opened = opened.map_err(|panic| Error::Index {
            path: dir.to_path_buf(),
            message: format!("its description is damaged: {panic}"),
        })?;
        LocalIndex::with(dir, opened.map_err(|error| broken(dir, &error))?)
    }

    /// Whether `dir` is the folder of an index, of this or another version.
    pub fn is_at(dir: &Path) -> bool {
        dir.join(VERSION_FILE).is_file() && dir.join(ARTICLES).join("meta.json").is_file()
    }

    /// Makes an empty index in `dir`, which may exist and hold other files, or opens the one that is there.
    pub fn create(dir: &Path) -> Result<LocalIndex> {
        match LocalIndex::open(dir) {
            Err(Error::NoIndex { .. }) => {}
            opened => return opened,
        }
        let articles = dir.join(ARTICLES);
        std::fs::create_dir_all(&articles).map_err(Error::io(&articles))?;
        let directory = Folder::open(&articles)
            .map_err(|error| Error::Index { path: dir.to_path_buf(), message: error.to_string() })?;
        let zstd = tantivy::store::ZstdCompressor { compression_level: Some(STORE_LEVEL) };
        let settings = IndexSettings {
            docstore_compression: tantivy::store::Compressor::Zstd(zstd),
            docstore_blocksize: STORE_BLOCK_BYTES,
            ..IndexSettings::default()
        };
        let exists = Index::exists(&directory)
            .map_err(|error| Error::Index { path: dir.to_path_buf(), message: error.to_string() })?;
        let inner = if exists {
            Index::open(directory)
        } else {
            Index::create(directory, layout().0.clone(), settings)
        };
        let inner = inner.map_err(|error| broken(dir, &error))?;
        // Last, so that an index without it is one whose making was interrupted.
        let version_file = dir.join(VERSION_FILE);
        std::fs::write(&version_file, format!("{INDEX_VERSION}\n")).map_err(Error::io(&version_file))?;
        LocalIndex::with(dir, inner)
    }

    fn with(dir: &Path, mut inner: Index) -> Result<LocalIndex> {
        inner.set_tokenizers(Columns::tokenizers());
        let reader = inner
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error| broken(dir, &error))?;
        Ok(LocalIndex { dir: dir.to_path_buf(), inner, reader, snapshot: Arc::default() })
    }

    /// The one writer, with `threads` that share `heap_bytes`.
    ///
    /// # Errors
    /// [`Error::Locked`] if there is another.
    pub fn writer(&self, threads: usize, heap_bytes: usize) -> Result<Writer> {
        Writer::open(self, threads, heap_bytes)
    }

    /// What was given with the last commit; empty before the first.
    pub fn payload(&self) -> Result<String> {
        let metas = self.inner.load_metas().map_err(|error| self.error(&error))?;
        Ok(metas.payload.unwrap_or_default())
    }

    /// Looks for commits made since it was opened, by this process or another.
    pub fn refresh(&self) -> Result<()> {
        self.reader.reload().map_err(|error| self.error(&error))?;
        *self.snapshot.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    /// How many articles it holds.
    pub fn len(&self) -> usize {
        self.reader.searcher().num_docs() as usize
    }

    /// Whether it holds no article.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its size on disk.
    pub fn bytes(&self) -> Result<u64> {
        let articles = self.dir.join(ARTICLES);
        let mut bytes = 0;
        for entry in std::fs::read_dir(&articles).map_err(Error::io(&articles))? {
            // A merge may take a file away between listing and looking.
            bytes += entry.and_then(|entry| entry.metadata()).map_or(0, |metadata| metadata.len());
        }
        Ok(bytes)
    }

    /// Finds the copies among the articles of the last commit, which the first question would do otherwise.
    pub fn group_stories(&self) -> Result<()> {
        self.searching()?.snapshot.stories().map(|_| ())
    }

    fn searching(&self) -> Result<Searching> {
        let mut known = self.snapshot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(snapshot) = known.as_ref() {
            return Ok(Searching { snapshot: Arc::clone(snapshot), known: None });
        }
        let snapshot = Arc::new(Snapshot::new(self.reader.searcher(), &self.dir)?);
        *known = Some(Arc::clone(&snapshot));
        Ok(Searching { snapshot, known: None })
    }

    /// Every actor of the articles that match `query`, the most frequent first.
    pub fn actors(&self, query: &Query) -> Result<Vec<Listed>> {
        self.searching()?.actors(query)
    }

    /// Calls `visit` with every article, as it was stored: without the user's corrections.
    ///
    /// # Errors
    /// Those of `visit`, and when the index cannot be read.
    pub fn each_stored(&self, visit: &mut dyn FnMut(Annotated) -> Result<()>) -> Result<()> {
        self.searching()?.each_stored(visit)
    }

    fn error(&self, error: &tantivy::TantivyError) -> Error {
        broken(&self.dir, error)
    }
}

fn broken(dir: &Path, error: &tantivy::TantivyError) -> Error {
    Error::Index { path: dir.to_path_buf(), message: error.to_string() }
}

impl Engine for LocalIndex {
    fn search(&self, request: &Request) -> Result<Response> {
        self.searching()?.search(request)
    }

    fn stream(&self, request: &Request, visit: &mut Visit<'_>) -> Result<()> {
        self.searching()?.stream(request, visit)
    }

    fn get(&self, id: &str) -> Result<Option<Annotated>> {
        self.searching()?.get(id)
    }

    fn copies(&self, id: &str) -> Result<Vec<Annotated>> {
        self.searching()?.copies(id)
    }

    fn like(&self, id: &str) -> Result<Option<Query>> {
        let searching = self.searching()?;
        let annotated = searching.get(id)?;
        annotated.map(|annotated| similar::like(&searching.snapshot, &annotated)).transpose()
    }

    fn matcher(&self, query: &Query) -> Result<Box<Matcher>> {
        self.searching()?.matcher(query)
    }

    fn count(&self, query: &Query) -> Result<usize> {
        self.searching()?.count(query)
    }

    fn catalogue(
        &self,
        field: &'static Field,
        prefix: &str,
        limit: Option<usize>,
    ) -> Result<Vec<FacetValue>> {
        if ValueTerms::of(field).is_none() {
            return Err(Error::Usage(format!("`{}` has no list of values", field.name)));
        }
        self.searching()?.catalogue(field, prefix, limit)
    }

    fn forms(&self, leaf: &Query) -> Result<Vec<FacetValue>> {
        self.searching()?.forms(leaf)
    }

    fn suggest(&self, field: &'static Field, value: &str) -> Result<Vec<String>> {
        self.searching()?.suggest(field, value)
    }
}

#[cfg(test)]
mod tests;
