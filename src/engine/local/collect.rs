//! One pass over the matches: their number, the best of them, and the counts of every facet.
//!
//! Selections of a faceted field are not part of the query but are tested here, so that an article that fails only
//! that selection still counts for the field's own facets (drill-sideways).

use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column as Values;
use tantivy::query::Weight;
use tantivy::{BitSet, DocId, DocSet, Score, SegmentOrdinal, SegmentReader, TERMINATED};

use crate::engine::local::bind::Within;
use crate::engine::local::collapse::Member;
use crate::engine::local::ordinals::Ordinals;
use crate::engine::local::record::interval_ends;
use crate::engine::local::snapshot::Snapshot;
use crate::engine::local::stories::{ALONE, Part, Stories};
use crate::query::request::Sort;

/// How many matches are counted at a time.
const BLOCK: usize = 1_024;

/// What is to be collected.
pub(super) struct Collecting {
    /// The commit that is searched.
    pub(super) snapshot: Arc<Snapshot>,
    /// Order of the matches.
    pub(super) sort: Sort,
    /// How age counts in the ranking, if it does.
    pub(super) recency: Option<Recency>,
    /// How many of the best are kept.
    pub(super) keep: usize,
    /// Ranges in which the day of publication must lie: tested here, which costs less than to join them to the query.
    pub(super) days: Vec<Within>,
    /// Selections by field, tested here.
    pub(super) selections: Vec<Box<dyn Weight>>,
    /// Fields whose values are counted.
    pub(super) counted: Vec<Counted>,
    /// Where copies are told from other articles.
    pub(super) stories: Option<Arc<Stories>>,
}

/// How age counts in the ranking.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recency {
    /// The number of the last day on which anything was published.
    pub(super) newest: u64,
    /// An article that is older by so many days weighs half.
    pub(super) days: u32,
}

impl Recency {
    /// What an article of `day` weighs; one without a day weighs as if it were very old.
    fn weight(self, day: Option<u64>) -> f32 {
        const VERY_OLD_DAYS: u64 = 36_500;
        let age = day.map_or(VERY_OLD_DAYS, |day| self.newest.saturating_sub(day));
        1.0 / (1.0 + age as f32 / self.days.max(1) as f32)
    }
}

/// A field whose values are counted.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    /// All its values.
    pub(super) ordinals: Arc<Ordinals>,
    /// The selection in this very field, which does not narrow its own counts.
    pub(super) selection: Option<usize>,
}

/// One of the best matches of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// Greater is better.
    pub(super) key: u64,
    /// Place of its identifier in the segment's dictionary; less is better.
    pub(super) id: u64,
    /// The article.
    pub(super) doc: DocId,
    /// How many copies stand behind it.
    pub(super) copies: u32,
}

impl Entry {
    /// Best first.
    pub(super) fn order(&self, other: &Entry) -> std::cmp::Ordering {
        other.key.cmp(&self.key).then(self.id.cmp(&other.id))
    }
}

/// What one segment gives.
#[derive(Debug)]
pub(super) struct Collected {
    /// Which segment.
    pub(super) segment: SegmentOrdinal,
    /// How many match that were not set aside.
    pub(super) total: usize,
    /// The best, best first.
    pub(super) entries: Vec<Entry>,
    /// Per counted field, by value number in the segment.
    pub(super) counts: Vec<Vec<u32>>,
    /// Matches with copies, set aside.
    pub(super) members: Vec<Member>,
}

impl Collector for Collecting {
    type Fruit = Vec<Collected>;
    type Child = SegmentCollecting;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentCollecting> {
        let mut selections = Vec::with_capacity(self.selections.len());
        for weight in &self.selections {
            selections.push(matching(weight.as_ref(), reader)?);
        }
        let counters = self.counted.iter().map(|counted| Counter::new(counted, segment as usize)).collect();
        let columns = self.snapshot.segment(segment);
        Ok(SegmentCollecting {
            days: self.days.clone(),
            failing: vec![Vec::with_capacity(BLOCK); selections.len()],
            passing: Vec::with_capacity(BLOCK),
            best: Best {
                keep: self.keep,
                sort: self.sort,
                recency: self.recency,
                published: columns.published.clone(),
                ids: columns.ids.clone(),
                entries: Vec::new(),
                threshold: 0,
            },
            segment,
            total: 0,
            parts: self.stories.as_ref().and_then(|stories| stories.parts(segment)),
            members: Vec::new(),
            selections,
            counters,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance && self.keep > 0
    }

    fn merge_fruits(&self, mut fruits: Vec<Collected>) -> tantivy::Result<Vec<Collected>> {
        fruits.sort_unstable_by_key(|collected| collected.segment);
        Ok(fruits)
    }
}

/// The articles of a segment that match.
fn matching(weight: &dyn Weight, reader: &SegmentReader) -> tantivy::Result<BitSet> {
    let mut found = BitSet::with_max_value(reader.max_doc());
    let mut scorer = weight.scorer(reader, 1.0)?;
    let mut doc = scorer.doc();
    while doc != TERMINATED {
        found.insert(doc);
        doc = scorer.advance();
    }
    Ok(found)
}

/// Collects one segment.
pub(super) struct SegmentCollecting {
    segment: SegmentOrdinal,
    total: usize,
    /// What the articles are in their stories, where copies are set aside.
    parts: Option<Arc<[Part]>>,
    members: Vec<Member>,
    best: Best,
    days: Vec<Within>,
    selections: Vec<BitSet>,
    counters: Vec<Counter>,
    /// Articles that pass every selection and are not counted yet.
    passing: Vec<DocId>,
    /// Per selection, those that fail only this one.
    failing: Vec<Vec<DocId>>,
}

impl SegmentCollecting {
    /// The story of an article that has copies, where copies are set aside.
    fn part(&self, doc: DocId) -> Option<Part> {
        let part = self.parts.as_ref()?.get(doc as usize)?;
        (part.story != ALONE).then_some(*part)
    }

    /// Whether the day of publication lies in all ranges.
    fn is_in_days(&self, doc: DocId) -> bool {
        let number = self.best.published.as_ref().and_then(|published| published.first(doc));
        number.is_some_and(|number| self.days.iter().all(|within| within.accepts(number)))
    }

    fn count_passing(&mut self) {
        for counter in &mut self.counters {
            counter.count(&self.passing);
        }
        self.passing.clear();
    }

    fn count_failing(&mut self, selection: usize) {
        for counter in &mut self.counters {
            if counter.selection == Some(selection) {
                counter.count(&self.failing[selection]);
            }
        }
        self.failing[selection].clear();
    }
}

impl SegmentCollector for SegmentCollecting {
    type Fruit = Collected;

    fn collect(&mut self, doc: DocId, score: Score) {
        if !self.days.is_empty() && !self.is_in_days(doc) {
            return;
        }
        let mut failed = None;
        for (number, selection) in self.selections.iter().enumerate() {
            if !selection.contains(doc) {
                if failed.is_some() {
                    return;
                }
                failed = Some(number);
            }
        }
        if let Some(part) = self.part(doc) {
            let entry = self.best.entry(doc, score);
            let Part { story, place } = part;
            self.members.push(Member { story, place, segment: self.segment, entry, failed });
            return;
        }
        if let Some(number) = failed {
            self.failing[number].push(doc);
            if self.failing[number].len() == BLOCK {
                self.count_failing(number);
            }
            return;
        }
        self.total += 1;
        self.best.offer(doc, score);
        if !self.counters.is_empty() {
            self.passing.push(doc);
            if self.passing.len() == BLOCK {
                self.count_passing();
            }
        }
    }

    fn harvest(mut self) -> Collected {
        self.count_passing();
        for selection in 0..self.failing.len() {
            self.count_failing(selection);
        }
        Collected {
            segment: self.segment,
            total: self.total,
            entries: self.best.sorted(),
            counts: self.counters.into_iter().map(|counter| counter.counts).collect(),
            members: self.members,
        }
    }
}

/// Counts the values of one field.
struct Counter {
    numbers: Option<Values<u64>>,
    selection: Option<usize>,
    counts: Vec<u32>,
    docs: Vec<DocId>,
    rows: Vec<u32>,
    found: Vec<u64>,
    merged: Option<Merged>,
}

/// How values count that count as another: once per article, however many of them it has.
struct Merged {
    /// By number in the segment, the number among all.
    numbers: Arc<[u32]>,
    /// By number among all, the last article that counted, plus one.
    last: Vec<u32>,
}

impl Counter {
    fn new(counted: &Counted, segment: usize) -> Counter {
        let ordinals = &counted.ordinals;
        let merged =
            ordinals.merged_numbers(segment).map(|numbers| Merged { numbers, last: vec![0; ordinals.len()] });
        let own = ordinals.len_in(segment);
        let counts = vec![0; merged.as_ref().map_or(own, |merged| merged.last.len())];
        Counter {
            numbers: ordinals.column(segment),
            selection: counted.selection,
            counts,
            docs: Vec::new(),
            rows: Vec::new(),
            found: Vec::new(),
            merged,
        }
    }

    fn count(&mut self, docs: &[DocId]) {
        let Some(numbers) = &self.numbers else { return };
        if let (None, [first, .., last]) = (&self.merged, docs)
            && (last - first) as usize + 1 == docs.len()
        {
            // Articles that follow each other have values that follow each other.
            let rows = numbers.index.docid_range_to_rowids(*first..*last + 1);
            self.found.resize(rows.len(), 0);
            numbers.values.get_range(u64::from(rows.start), &mut self.found);
            self.add_found();
            return;
        }
        self.docs.clear();
        self.rows.clear();
        numbers.row_ids_for_docs(docs, &mut self.docs, &mut self.rows);
        self.found.resize(self.rows.len(), 0);
        numbers.values.get_vals(&self.rows, &mut self.found);
        if let Some(merged) = &mut self.merged {
            for (&doc, &number) in self.docs.iter().zip(&self.found) {
                let Some(&number) = merged.numbers.get(number as usize) else { continue };
                let number = number as usize;
                if merged.last[number] != doc + 1 {
                    merged.last[number] = doc + 1;
                    self.counts[number] += 1;
                }
            }
            return;
        }
        self.add_found();
    }

    fn add_found(&mut self) {
        for &number in &self.found {
            if let Some(count) = self.counts.get_mut(number as usize) {
                *count += 1;
            }
        }
    }
}

/// Keeps the best matches of a segment.
struct Best {
    keep: usize,
    sort: Sort,
    recency: Option<Recency>,
    published: Option<Values<u64>>,
    ids: Option<Values<u64>>,
    entries: Vec<Entry>,
    /// The worst key that may still matter.
    threshold: u64,
}

impl Best {
    fn offer(&mut self, doc: DocId, score: Score) {
        let key = self.key(doc, score);
        if self.keep == 0 || key < self.threshold {
            return;
        }
        self.entries.push(self.entry(doc, score));
        if self.entries.len() >= self.keep.saturating_mul(2).max(64) {
            self.trim();
        }
    }

    fn entry(&self, doc: DocId, score: Score) -> Entry {
        let id = self.ids.as_ref().and_then(|ids| ids.first(doc)).unwrap_or(0);
        Entry { key: self.key(doc, score), id, doc, copies: 0 }
    }

    /// Undated articles come last in both directions.
    fn key(&self, doc: DocId, score: Score) -> u64 {
        match self.sort {
            Sort::Relevance => {
                let weight = self.recency.map_or(1.0, |recency| recency.weight(self.day(doc)));
                u64::from((score * weight).max(0.0).to_bits())
            }
            Sort::Newest => self.day(doc).map_or(0, |day| day + 1),
            Sort::Oldest => self.day(doc).map_or(0, |day| u64::MAX - day),
        }
    }

    /// The first day of publication.
    fn day(&self, doc: DocId) -> Option<u64> {
        self.published.as_ref()?.first(doc).map(|number| interval_ends(number).0)
    }

    fn trim(&mut self) {
        if self.keep < self.entries.len() {
            self.entries.select_nth_unstable_by(self.keep - 1, Entry::order);
            self.entries.truncate(self.keep);
            self.threshold = self.entries.iter().map(|entry| entry.key).min().unwrap_or(0);
        }
    }

    fn sorted(mut self) -> Vec<Entry> {
        if self.keep > 0 {
            self.trim();
        }
        self.entries.sort_unstable_by(Entry::order);
        self.entries
    }
}

/// The score that a key of [`Sort::Relevance`] stands for.
pub(super) fn score_of(key: u64) -> f32 {
    f32::from_bits(key as u32)
}
