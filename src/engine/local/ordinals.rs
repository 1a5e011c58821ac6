//! All values of one field over all segments, in order, so that counts of segments can be added as numbers.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::columnar::Column as Values;
use tantivy::{Searcher, SegmentReader};

use crate::engine::local::analysis::AS_IS;
use crate::engine::local::meaning::is_region;
use crate::engine::local::record::layout;
use crate::engine::local::schema::has_column;
use crate::field::{Field, FieldKind};
use crate::query::response::Unit;

/// What parts the steps of a value.
pub(super) fn separator(kind: FieldKind) -> Option<char> {
    match kind {
        FieldKind::Path => Some('/'),
        FieldKind::Calendar => Some('-'),
        FieldKind::Keyword | FieldKind::Text => None,
    }
}

/// How many steps a value has. A leading minus sign belongs to its year.
fn depth(value: &str, separator: char) -> u8 {
    let steps = value.char_indices().filter(|&(at, c)| c == separator && at > 0).count() + 1;
    u8::try_from(steps).unwrap_or(u8::MAX)
}

/// The counts of the whole archive.
#[derive(Debug)]
pub(super) struct Whole {
    /// By number of value.
    pub(super) counts: Vec<u32>,
    /// Of how many articles or stories.
    pub(super) total: usize,
}

/// The values of a field of a segment, in order, by the terms that say them as they are.
fn terms_as_is(reader: &SegmentReader, field: &Field) -> tantivy::Result<Vec<String>> {
    let Some(column) = layout().1.values(field) else { return Ok(Vec::new()) };
    let index = reader.inverted_index(column)?;
    let marker = AS_IS.to_string();
    let mut terms = index.terms().range().ge(marker.as_bytes()).into_stream()?;
    let mut values = Vec::new();
    while terms.advance() {
        let Some(value) = std::str::from_utf8(terms.key()).ok().and_then(|term| term.strip_prefix(AS_IS))
        else {
            break;
        };
        values.push(value.to_owned());
    }
    Ok(values)
}

/// The values of one field.
#[derive(Debug, Default)]
pub(super) struct Ordinals {
    /// All values after each other.
    arena: String,
    /// Where each value ends in `arena`.
    ends: Vec<u32>,
    /// Per segment, the number of each of its values among all.
    segments: Vec<Vec<u32>>,
    /// The values that are world regions rather than continents; found when first asked for.
    regions: OnceLock<FxHashSet<usize>>,
    /// The counts of the whole archive by unit; counted when first asked for.
    whole: [OnceLock<Whole>; 2],
    /// Per segment, which of its values each article has.
    columns: Vec<Option<Values<u64>>>,
    /// How many steps each value has.
    depths: Vec<u8>,
    /// Per segment, the number under which each of its values counts, where some count as another.
    merged: Vec<Arc<[u32]>>,
    /// The numbers of the values that count as others.
    moved: FxHashSet<usize>,
}

impl Ordinals {
    /// Reads the dictionaries of the column of `field` in every segment; `more` values, sorted, get numbers too.
    pub(super) fn read(searcher: &Searcher, field: &Field, more: &[String]) -> tantivy::Result<Ordinals> {
        let mut dictionaries = Vec::new();
        let mut columns = Vec::new();
        for reader in searcher.segment_readers() {
            if !has_column(field) {
                columns.push(None);
                dictionaries.push(terms_as_is(reader, field)?);
                continue;
            }
            let mut values = Vec::new();
            let column = reader.fast_fields().str(field.name)?;
            columns.push(column.as_ref().map(|column| column.ords().clone()));
            if let Some(column) = column {
                let mut stream = column.dictionary().stream()?;
                while stream.advance() {
                    values.push(String::from_utf8_lossy(stream.key()).into_owned());
                }
            }
            dictionaries.push(values);
        }
        dictionaries.push(more.to_vec());
        Ok(Ordinals { columns, ..Ordinals::merged(&dictionaries, separator(field.kind)) })
    }

    /// Merges sorted dictionaries.
    pub(super) fn merged(dictionaries: &[Vec<String>], separator: Option<char>) -> Ordinals {
        let mut ordinals = Ordinals {
            segments: dictionaries.iter().map(|values| Vec::with_capacity(values.len())).collect(),
            ..Ordinals::default()
        };
        let mut next = vec![0; dictionaries.len()];
        loop {
            let heads = dictionaries.iter().zip(&next).filter_map(|(values, &at)| values.get(at));
            let Some(least) = heads.min() else { return ordinals };
            let number = ordinals.ends.len() as u32;
            ordinals.arena.push_str(least);
            ordinals.ends.push(ordinals.arena.len() as u32);
            ordinals.depths.push(separator.map_or(1, |separator| depth(least, separator)));
            for (segment, values) in dictionaries.iter().enumerate() {
                if values.get(next[segment]) == Some(least) {
                    ordinals.segments[segment].push(number);
                    next[segment] += 1;
                }
            }
        }
    }

    /// Lets each first value count as the second, from now on.
    pub(super) fn merge(&mut self, moved: &FxHashMap<String, String>) {
        let mut counted: Vec<u32> = (0..self.len() as u32).collect();
        for (from, into) in moved {
            if let (Some(from), Some(into)) = (self.find(from), self.find(into)) {
                counted[from] = into as u32;
                self.moved.insert(from);
            }
        }
        let numbers = self.segments.iter();
        self.merged =
            numbers.map(|own| own.iter().map(|&number| counted[number as usize]).collect()).collect();
    }

    /// Which of its values each article of a segment has.
    pub(super) fn column(&self, segment: usize) -> Option<Values<u64>> {
        self.columns.get(segment).cloned().flatten()
    }

    /// How many values a segment has.
    pub(super) fn len_in(&self, segment: usize) -> usize {
        self.segments.get(segment).map_or(0, Vec::len)
    }

    /// The numbers under which the values of a segment count, where some count as another.
    pub(super) fn merged_numbers(&self, segment: usize) -> Option<Arc<[u32]>> {
        self.merged.get(segment).cloned()
    }

    /// The number under which a value of a segment counts.
    pub(super) fn counted(&self, segment: usize, own: u64) -> Option<usize> {
        let numbers = match self.merged.get(segment) {
            Some(merged) => merged.as_ref(),
            None => self.segments.get(segment)?,
        };
        numbers.get(own as usize).map(|&number| number as usize)
    }

    /// Whether the value of this number counts as another.
    pub(super) fn is_moved(&self, number: usize) -> bool {
        self.moved.contains(&number)
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The value with this number.
    pub(super) fn value(&self, number: usize) -> &str {
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.arena[start..self.ends[number] as usize]
    }

    /// The number of a value.
    pub(super) fn find(&self, value: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.value(middle).cmp(value) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// How many steps the value with this number has.
    pub(super) fn depth(&self, number: usize) -> usize {
        usize::from(self.depths[number])
    }

    /// Whether the value with this number is a region at the top of the tree of places rather than a continent.
    pub(super) fn is_region(&self, number: usize) -> bool {
        let regions = || {
            let tops = (0..self.len()).filter(|&number| self.depth(number) == 1);
            tops.filter(|&number| is_region(self.value(number))).collect()
        };
        self.depth(number) == 1 && self.regions.get_or_init(regions).contains(&number)
    }

    /// The counts of the whole archive, if they are known already.
    pub(super) fn whole(&self, unit: Unit) -> Option<&Whole> {
        self.whole[unit as usize].get()
    }

    /// Remembers the counts of the whole archive.
    pub(super) fn remember_whole(&self, unit: Unit, counts: Whole) -> &Whole {
        self.whole[unit as usize].get_or_init(|| counts)
    }

    /// The numbers of the values that begin so.
    pub(super) fn beginning(&self, prefix: &str) -> Range<usize> {
        let first_not = |is_before: &dyn Fn(&str) -> bool| {
            let (mut low, mut high) = (0, self.len());
            while low < high {
                let middle = low.midpoint(high);
                if is_before(self.value(middle)) { low = middle + 1 } else { high = middle }
            }
            low
        };
        let start = first_not(&|value| value < prefix);
        start..first_not(&|value| value < prefix || value.starts_with(prefix))
    }

    /// Every value, in order.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.value(number))
    }

    /// Adds the counts of a segment to those of all.
    pub(super) fn add(&self, segment: usize, counts: &[u32], sum: &mut [u32]) {
        if !self.merged.is_empty() {
            // Counted by the numbers of all values already.
            sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            return;
        }
        let Some(numbers) = self.segments.get(segment) else { return };
        for (&number, &count) in numbers.iter().zip(counts) {
            sum[number as usize] += count;
        }
    }
}
