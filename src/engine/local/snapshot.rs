//! The index as it was at one commit, with what is worth remembering about it until the next.

use std::collections::BTreeMap;
use std::iter;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::columnar::Column as Values;
use tantivy::directory::OwnedBytes;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, DocId, Searcher, SegmentOrdinal, SegmentReader, Term};

use crate::article::{ActorKind, Annotated};
use crate::engine::local::analysis::{AS_IS, Analyser, marked};
use crate::engine::local::mentions::{MentionColumns, unreadable};
use crate::engine::local::ordinals::Ordinals;
use crate::engine::local::record::{interval_ends, layout};
use crate::engine::local::schema::{Columns, HEAD, interval_name};
use crate::engine::local::stored::{Head, Kept, unpack, unpack_head, unpack_id};
use crate::engine::local::stories::Stories;
use crate::engine::local::verify::packed;
use crate::error::{Error, Result};
use crate::field::{Field, find_field, path_label};
use crate::language::{LANGUAGES, Language};
use crate::reference::corrections::{Corrections, FILE};

/// Blocks of stored articles kept unpacked per segment.
const CACHED_BLOCKS: usize = 100;

/// One commit of an index.
pub(super) struct Snapshot {
    /// Tantivy's view of it.
    pub(super) searcher: Searcher,
    /// The analysers of its texts, the most used first.
    pub(super) analysers: Vec<Analyser>,
    /// What the user has put right.
    pub(super) corrections: Arc<Corrections>,
    segments: Vec<SegmentColumns>,
    dir: std::path::PathBuf,
    ordinals: Mutex<FxHashMap<&'static str, Arc<Ordinals>>>,
    moved: Mutex<Option<Arc<Moved>>>,
    stories: Mutex<Option<Arc<Stories>>>,
}

/// The stored actors that count as others, by the user's corrections.
#[derive(Debug, Default)]
pub(super) struct Moved {
    /// By the path under which they count, their own paths.
    sources: BTreeMap<String, Vec<String>>,
    /// By their own path, the one under which they count.
    targets: FxHashMap<String, String>,
}

impl Moved {
    /// What `source` counts as, if as another.
    pub(super) fn target(&self, source: &str) -> Option<&str> {
        self.targets.get(source).map(String::as_str)
    }

    /// The paths that count as `target`, without itself.
    pub(super) fn sources_of(&self, target: &str) -> &[String] {
        self.sources.get(target).map_or(&[], Vec::as_slice)
    }

    /// The paths that count as what `is_meant`.
    pub(super) fn sources_where<'m>(
        &'m self,
        is_meant: impl Fn(&str) -> bool + 'm,
    ) -> impl Iterator<Item = &'m String> + 'm {
        self.sources.iter().filter(move |(target, _)| is_meant(target)).flat_map(|(_, sources)| sources)
    }
}

/// The columns of a segment that every search reads, opened once.
pub(super) struct SegmentColumns {
    /// The place of each identifier in the segment's dictionary.
    pub(super) ids: Option<Values<u64>>,
    /// The days of publication, as intervals.
    pub(super) published: Option<Values<u64>>,
    heads: Option<Values<u64>>,
    mentions: MentionColumns,
    store: StoreReader,
}

impl SegmentColumns {
    fn open(reader: &SegmentReader) -> tantivy::Result<SegmentColumns> {
        let columns = reader.fast_fields();
        Ok(SegmentColumns {
            ids: columns.str("id")?.map(|ids| ids.ords().clone()),
            published: columns.column_opt(&interval_name("published"))?,
            heads: columns.column_opt(HEAD)?,
            mentions: MentionColumns::open(reader)?,
            store: reader.get_store_reader(CACHED_BLOCKS)?,
        })
    }
}

impl SegmentColumns {
    /// What is kept of the mentions of an article.
    pub(super) fn kept(&self, doc: DocId) -> tantivy::Result<Kept> {
        self.mentions.of(doc)
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Snapshot({} articles)", self.searcher.num_docs())
    }
}

impl Snapshot {
    /// Looks at what `searcher` holds.
    pub(super) fn new(searcher: Searcher, dir: &std::path::Path) -> Result<Snapshot> {
        let mut snapshot = Snapshot {
            searcher,
            analysers: Vec::new(),
            corrections: Arc::new(Corrections::open(&dir.join(FILE))?),
            segments: Vec::new(),
            dir: dir.to_path_buf(),
            ordinals: Mutex::default(),
            moved: Mutex::default(),
            stories: Mutex::default(),
        };
        let readers = snapshot.searcher.segment_readers().iter();
        let opened: tantivy::Result<_> = readers.map(SegmentColumns::open).collect();
        snapshot.segments = opened.map_err(|error| snapshot.error(&error))?;
        snapshot.analysers = snapshot.used_analysers()?;
        Ok(snapshot)
    }

    /// By which analysers the articles are analysed: those of their languages.
    fn used_analysers(&self) -> Result<Vec<Analyser>> {
        let column = find_field("language").and_then(|field| self.columns().values(field));
        let mut used: Vec<(u64, Analyser)> = Vec::new();
        for row in LANGUAGES {
            let Some(column) = column else { continue };
            let term = Term::from_field_text(column, &marked(AS_IS, row.code));
            let articles = self.searcher.doc_freq(&term).map_err(|error| self.error(&error))?;
            // The unknown language has a row too.
            let analyser = Analyser::of(Language::parse(row.code).unwrap_or(Language::UNDETERMINED));
            match used.iter_mut().find(|(_, known)| *known == analyser) {
                Some((sum, _)) => *sum += articles,
                None => used.push((articles, analyser)),
            }
        }
        used.retain(|&(articles, _)| articles > 0);
        used.sort_by_key(|&(articles, _)| std::cmp::Reverse(articles));
        Ok(used.into_iter().map(|(_, analyser)| analyser).collect())
    }

    /// The columns of every index.
    #[expect(clippy::unused_self, reason = "columns belong to an index, though all have the same")]
    pub(super) fn columns(&self) -> &'static Columns {
        &layout().1
    }

    /// The columns of a segment.
    pub(super) fn segment(&self, segment: SegmentOrdinal) -> &SegmentColumns {
        &self.segments[segment as usize]
    }

    /// The number of the last day on which anything was published; 0 without any date.
    pub(super) fn newest_day(&self) -> u64 {
        let newest = self.segments.iter().filter_map(|segment| segment.published.as_ref());
        newest.map(|published| interval_ends(published.max_value()).0).max().unwrap_or(0)
    }

    /// What a line of a result list shows of an article.
    pub(super) fn head(&self, address: DocAddress) -> Result<Head> {
        let heads = self.segment(address.segment_ord).heads.as_ref();
        let numbers = heads.into_iter().flat_map(|heads| heads.values_for_doc(address.doc_id));
        unpack_head(numbers).map_err(|error| self.unreadable(&error))
    }

    /// The identifier of an article.
    pub(super) fn id(&self, address: DocAddress) -> Result<String> {
        let heads = self.segment(address.segment_ord).heads.as_ref();
        let numbers = heads.into_iter().flat_map(|heads| heads.values_for_doc(address.doc_id));
        unpack_id(numbers).map_err(|error| self.unreadable(&error))
    }

    /// An article without its head, packed.
    pub(super) fn packed(&self, address: DocAddress) -> Result<OwnedBytes> {
        let document = self.segment(address.segment_ord).store.get_document_bytes(address.doc_id);
        document.and_then(|document| packed(&document)).map_err(|error| self.error(&error))
    }

    /// What is kept of the mentions of an article.
    pub(super) fn kept(&self, address: DocAddress) -> Result<Kept> {
        self.segment(address.segment_ord).kept(address.doc_id).map_err(|error| self.error(&error))
    }

    /// An article with this head, as it was stored: without the user's corrections.
    pub(super) fn stored(&self, address: DocAddress, head: Head) -> Result<Annotated> {
        let annotated = unpack(head, &self.packed(address)?, &self.kept(address)?);
        annotated.map_err(|error| self.unreadable(&error))
    }

    /// What went wrong with what was packed.
    pub(super) fn unreadable(&self, error: &postcard::Error) -> Error {
        self.error(&unreadable(error))
    }

    /// What Tantivy says went wrong, with the index it happened to.
    pub(super) fn error(&self, error: &tantivy::TantivyError) -> Error {
        Error::Index { path: self.dir.clone(), message: error.to_string() }
    }

    /// Whether any article has this term of a value.
    pub(super) fn has_value(&self, field: &Field, term: &str) -> Result<bool> {
        let Some(column) = self.columns().values(field) else { return Ok(false) };
        self.has_term(&Term::from_field_text(column, term))
    }

    /// Whether any article has this term. The first segment that has it is enough.
    pub(super) fn has_term(&self, term: &Term) -> Result<bool> {
        let has = |reader: &SegmentReader| -> tantivy::Result<bool> {
            Ok(reader.inverted_index(term.field())?.doc_freq(term)? > 0)
        };
        for reader in self.searcher.segment_readers() {
            if has(reader).map_err(|error| self.error(&error))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether this is the path of an actor, stored or only what others are merged into.
    pub(super) fn has_actor(&self, path: &str) -> Result<bool> {
        if !path.contains('/') {
            return Ok(false);
        }
        let sources = self.merged_into(path)?;
        Ok(!sources.is_empty())
    }

    /// The stored paths that count as the actor of `path`.
    pub(super) fn merged_into(&self, path: &str) -> Result<Vec<String>> {
        let target = self.counted_as(path)?.unwrap_or_else(|| path.to_owned());
        let mut sources: Vec<String> = self.moved()?.sources_of(&target).to_vec();
        if self.is_stored(&target)? && self.counted_as(&target)?.is_none() {
            sources.push(target);
        }
        Ok(sources)
    }

    /// The stored actors that count as others.
    pub(super) fn moved(&self) -> Result<Arc<Moved>> {
        let mut known = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(moved) = known.as_ref() {
            return Ok(Arc::clone(moved));
        }
        let mut moved = Moved::default();
        if let Some(field) = find_field("actor").filter(|_| self.corrections.renames()) {
            let stored = Ordinals::read(&self.searcher, field, &[]).map_err(|error| self.error(&error))?;
            for value in stored.values() {
                if let Some(target) = self.counted_as(value)? {
                    moved.sources.entry(target.clone()).or_default().push(value.to_owned());
                    moved.targets.insert(value.to_owned(), target);
                }
            }
        }
        let moved = Arc::new(moved);
        *known = Some(Arc::clone(&moved));
        Ok(moved)
    }

    /// The path under which a stored actor counts, if another: of its own kind where there is such an actor, else of
    /// the kind that the other has. A new name has the kind of what was called so.
    pub(super) fn counted_as(&self, path: &str) -> Result<Option<String>> {
        let Some((kind, name)) = path.split_once('/') else { return Ok(None) };
        let canonical = self.corrections.canonical(name);
        if canonical == name {
            return Ok(None);
        }
        let canonical = path_label(canonical);
        let kinds = || iter::once(kind).chain(ActorKind::ALL.map(ActorKind::name));
        let mut steps: Vec<&str> = self.corrections.becomes(name).collect();
        while let Some(step) = steps.pop().map(path_label) {
            for kind in kinds() {
                if self.is_stored(&format!("{kind}/{step}"))? {
                    return Ok(Some(format!("{kind}/{canonical}")));
                }
            }
        }
        Ok(Some(format!("{kind}/{canonical}")))
    }

    fn is_stored(&self, path: &str) -> Result<bool> {
        find_field("actor").map_or(Ok(false), |field| self.has_value(field, &marked(AS_IS, path)))
    }

    /// Which articles are copies of each other.
    pub(super) fn stories(&self) -> Result<Arc<Stories>> {
        let mut known = self.stories.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stories) = known.as_ref() {
            return Ok(Arc::clone(stories));
        }
        let stories = Arc::new(Stories::open(self, &self.dir)?);
        *known = Some(Arc::clone(&stories));
        Ok(stories)
    }

    /// Every value of a field.
    pub(super) fn ordinals(&self, field: &'static Field) -> Result<Arc<Ordinals>> {
        let mut known = self.ordinals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ordinals) = known.get(field.name) {
            return Ok(Arc::clone(ordinals));
        }
        let mut read = Ordinals::read(&self.searcher, field, &[]).map_err(|error| self.error(&error))?;
        if field.name == "actor" && self.corrections.renames() {
            let moved = self.moved()?;
            let targets: Vec<String> = moved.sources.keys().cloned().collect();
            read = Ordinals::read(&self.searcher, field, &targets).map_err(|error| self.error(&error))?;
            read.merge(&moved.targets);
        }
        let read = Arc::new(read);
        known.insert(field.name, Arc::clone(&read));
        Ok(read)
    }
}
