//! All values of one field over all segments, in order, so that counts of segments can be added as numbers.

use tantivy::Searcher;

/// The values of one field.
#[derive(Debug, Default)]
pub(super) struct Ordinals {
    /// All values after each other.
    arena: String,
    /// Where each value ends in `arena`.
    ends: Vec<u32>,
    /// Per segment, the number of each of its values among all.
    segments: Vec<Vec<u32>>,
}

impl Ordinals {
    /// Reads the dictionaries of `column` in every segment.
    pub(super) fn read(searcher: &Searcher, column: &str) -> tantivy::Result<Ordinals> {
        let mut dictionaries = Vec::new();
        for reader in searcher.segment_readers() {
            let mut values = Vec::new();
            if let Some(column) = reader.fast_fields().str(column)? {
                let mut stream = column.dictionary().stream()?;
                while stream.advance() {
                    values.push(String::from_utf8_lossy(stream.key()).into_owned());
                }
            }
            dictionaries.push(values);
        }
        Ok(Ordinals::merged(&dictionaries))
    }

    /// Merges sorted dictionaries.
    fn merged(dictionaries: &[Vec<String>]) -> Ordinals {
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
            for (segment, values) in dictionaries.iter().enumerate() {
                if values.get(next[segment]) == Some(least) {
                    ordinals.segments[segment].push(number);
                    next[segment] += 1;
                }
            }
        }
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

    /// Every value, in order.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.value(number))
    }

    /// Adds the counts of a segment to those of all.
    pub(super) fn add(&self, segment: usize, counts: &[u32], sum: &mut [u32]) {
        let Some(numbers) = self.segments.get(segment) else { return };
        for (&number, &count) in numbers.iter().zip(counts) {
            sum[number as usize] += count;
        }
    }
}
