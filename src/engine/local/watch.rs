//! A watch list: which articles have which of many names, found in one pass over all articles rather than one per name.
//!
//! A name is an exact phrase, in the title or in the text. Takes names, gives [`Watched`], which answers requests about one
//! of them as a query for the exact phrase would.

use std::num::NonZero;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::index::SegmentId;
use tantivy::query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query as Bound, Scorer, Weight};
use tantivy::{BitSet, DocAddress, DocId, DocSet, Score, SegmentReader, TantivyError};

use crate::engine::local::LocalIndex;
use crate::engine::local::analysis::{Edges, folded_word, typed_words, words};
use crate::engine::local::search::Searching;
use crate::engine::local::snapshot::Snapshot;
use crate::engine::local::stored;
use crate::error::Result;
use crate::query::Query;
use crate::query::request::Request;
use crate::query::response::Response;

/// A watch list that has been looked for.
#[derive(Debug)]
pub struct Watched {
    searching: Searching,
    known: Arc<Known>,
}

impl LocalIndex {
    /// Looks for every name in every article of the last commit, in all threads.
    pub fn watch<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<Watched> {
        let searching = self.searching()?;
        let known = Arc::new(Known::find(&searching.snapshot, names)?);
        Ok(Watched { searching: Searching { known: Some(Arc::clone(&known)), ..searching }, known })
    }
}

impl Watched {
    /// Answers `request`, narrowed to the articles that have `name`.
    pub fn search(&self, name: &str, request: &Request) -> Result<Response> {
        if self.known.is_absent(name) && request.facets.is_empty() {
            return Ok(Response { total: 0, unit: request.unit, hits: Vec::new(), facets: Vec::new() });
        }
        let name = Query::Phrase { field: None, text: name.to_owned(), exact: true, slop: 0 };
        let query = Query::and(vec![name, request.query.clone()]);
        self.searching.search(&Request { query, ..request.clone() })
    }
}

/// The articles that have names of several words. The index itself knows those of one word.
#[derive(Debug, Default)]
pub(super) struct Known {
    names: FxHashMap<String, Found>,
}

/// Where one name is found, by segment.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    docs: Arc<FxHashMap<SegmentId, Vec<DocId>>>,
}

impl Known {
    /// The articles that have this name, if it was looked for.
    pub(super) fn get(&self, name: &str) -> Option<Found> {
        self.names.get(name).cloned()
    }

    fn is_absent(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|found| found.docs.is_empty())
    }

    fn find<'n>(snapshot: &Snapshot, names: impl IntoIterator<Item = &'n str>) -> Result<Known> {
        let list = List::new(names);
        if list.names.is_empty() {
            return Ok(Known::default());
        }
        let mut addresses = Vec::new();
        for (segment, reader) in (0..).zip(snapshot.searcher.segment_readers()) {
            addresses.extend(reader.doc_ids_alive().map(|doc| DocAddress::new(segment, doc)));
        }
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let share = addresses.len().div_ceil(threads).max(1);
        let found: Vec<Result<Vec<(u32, DocAddress)>>> = std::thread::scope(|scope| {
            let shares =
                addresses.chunks(share).map(|part| scope.spawn(|| list.look_through(snapshot, part)));
            let running: Vec<_> = shares.collect();
            running.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        let mut docs: Vec<FxHashMap<SegmentId, Vec<DocId>>> = vec![FxHashMap::default(); list.names.len()];
        for part in found {
            for (name, address) in part? {
                let segment = snapshot.searcher.segment_reader(address.segment_ord).segment_id();
                docs[name as usize].entry(segment).or_default().push(address.doc_id);
            }
        }
        let named = list.names.into_iter().zip(docs);
        let names = named.map(|(name, docs)| (name.text, Found { docs: Arc::new(docs) })).collect();
        Ok(Known { names })
    }
}

/// One name of several words.
#[derive(Debug)]
struct Name {
    text: String,
    edges: Vec<Edges>,
}

/// Names as a tree of words.
#[derive(Debug, Default)]
struct List {
    names: Vec<Name>,
    /// The number of each word of any name.
    words: FxHashMap<String, u32>,
    /// From a node and a word to the next node; the root is 0.
    steps: FxHashMap<(u32, u32), u32>,
    /// The names that end at a node.
    ends: Vec<Vec<u32>>,
}

impl List {
    fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> List {
        let mut list = List { ends: vec![Vec::new()], ..List::default() };
        for text in names {
            let typed = typed_words(text);
            if typed.len() < 2 {
                continue;
            }
            let mut node = 0;
            for word in &typed {
                let count = list.words.len() as u32;
                let word = *list.words.entry(folded_word(&text[word.start..word.end])).or_insert(count);
                let fresh = list.ends.len() as u32;
                node = *list.steps.entry((node, word)).or_insert(fresh);
                if node == fresh {
                    list.ends.push(Vec::new());
                }
            }
            list.ends[node as usize].push(list.names.len() as u32);
            let edges = typed.iter().map(|word| word.edges).collect();
            list.names.push(Name { text: text.to_owned(), edges });
        }
        list
    }

    /// Which names which articles have, each once, in the order of the articles.
    fn look_through(&self, snapshot: &Snapshot, articles: &[DocAddress]) -> Result<Vec<(u32, DocAddress)>> {
        let mut memory = FxHashMap::default();
        let mut found = Vec::new();
        let mut here = Vec::new();
        for &address in articles {
            let packed = snapshot.packed(address)?;
            let text = stored::unpack_text(&packed).map_err(|error| snapshot.unreadable(&error))?;
            let title = snapshot.head(address)?.title.unwrap_or_default();
            for source in [&title, text] {
                self.look_into(source, &mut memory, &mut here);
            }
            here.sort_unstable();
            here.dedup();
            found.extend(here.drain(..).map(|name| (name, address)));
        }
        Ok(found)
    }

    /// Adds the names that stand in `source`; `memory` holds the number of every word met before.
    fn look_into(&self, source: &str, memory: &mut Memory, here: &mut Vec<u32>) {
        let cut = words(source);
        let numbers: Vec<Option<u32>> = cut
            .iter()
            .map(|word| {
                let word = &source[word.start..word.end];
                memory.get(word).copied().unwrap_or_else(|| {
                    let number = self.words.get(&folded_word(word)).copied();
                    memory.insert(word.into(), number);
                    number
                })
            })
            .collect();
        for first in 0..numbers.len() {
            let mut node = 0;
            for (last, number) in numbers.iter().enumerate().skip(first) {
                let Some(next) = number.and_then(|word| self.steps.get(&(node, word))) else { break };
                node = *next;
                let stands = |name: &&u32| {
                    let wanted = &self.names[**name as usize].edges;
                    cut[first..=last].iter().zip(wanted).all(|(word, wanted)| word.edges.suit(*wanted))
                };
                here.extend(self.ends[node as usize].iter().filter(stands));
            }
        }
    }
}

/// Words as they are printed, and the number that each has in the list, if it is in any name.
type Memory = FxHashMap<Box<str>, Option<u32>>;

impl Bound for Found {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Found {
    /// Adds nothing to scores: what is known narrows an answer as checking its articles would.
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut found = BitSet::with_max_value(reader.max_doc());
        for &doc in self.docs.get(&reader.segment_id()).into_iter().flatten() {
            found.insert(doc);
        }
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(found), 0.0)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("has the name", 0.0))
    }
}
