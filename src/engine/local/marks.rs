//! Where mentions stand, as bits: for each how far it stands behind the one before, and what was mentioned.
//!
//! What was mentioned so already, an entity under words of the same length, is told by its number, which takes a few bits;
//! of what is new only its length and its kind are told. Takes and gives [`Mark`]s.

use rustc_hash::FxHashMap;

use crate::engine::local::bits::{Reader, Writer, choice_bits, number_bits};

/// A mention: where it stands, and the number of its entity among those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// First byte.
    pub(super) start: u32,
    /// In bytes.
    pub(super) len: u32,
    /// What it is a mention of.
    pub(super) entity: Numbered,
}

/// An entity: its kind, and its number among those of the kind, in the order in which they are first mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Numbered {
    /// One of [`KINDS`] kinds.
    pub(super) kind: u8,
    /// From 0.
    pub(super) number: u32,
}

/// Actors, places and dates.
pub(super) const KINDS: usize = 3;

/// How many bits tell a kind.
const KIND_BITS: u32 = 2;

/// How many bits the number of mentions takes mostly.
const COUNT_BITS: u32 = 4;

/// How many bits a length takes mostly.
const LENGTH_BITS: u32 = 3;

/// How many bits tell how many bits a distance takes mostly.
const USUAL_BITS: u32 = 4;

/// Packs the mentions of the title and those of the text.
pub(super) fn pack(lists: [&[Mark]; 2]) -> Vec<u64> {
    let mut writer = Writer::default();
    let mut known = Known::default();
    for marks in lists {
        writer.number(marks.len() as u64, COUNT_BITS);
        if marks.is_empty() {
            continue;
        }
        let distances = distances(marks);
        let usual = best_usual(&distances);
        writer.put(u64::from(usual), USUAL_BITS);
        for (mark, distance) in marks.iter().zip(distances) {
            writer.number(distance, usual);
            known.write(&mut writer, mark);
        }
    }
    writer.finish()
}

/// Reads what [`pack`] wrote; none if that is something else.
pub(super) fn unpack(words: &[u64]) -> Option<[Vec<Mark>; 2]> {
    let mut reader = Reader::new(words);
    let mut known = Known::default();
    let mut lists = [Vec::new(), Vec::new()];
    for list in &mut lists {
        let count = reader.number(COUNT_BITS)?;
        if count == 0 {
            continue;
        }
        let usual = reader.take(USUAL_BITS)? as u32;
        let mut end = 0_i64;
        for _ in 0..count {
            let start = end.checked_add(signed(reader.number(usual)?))?;
            let (entity, len) = known.read(&mut reader)?;
            list.push(Mark { start: u32::try_from(start).ok()?, len, entity });
            end = start + i64::from(len);
        }
    }
    Some(lists)
}

/// How far each mention begins behind the end of the one before, with the sign as the last bit: they may overlap.
fn distances(marks: &[Mark]) -> Vec<u64> {
    let mut end = 0;
    let mut distances = Vec::with_capacity(marks.len());
    for mark in marks {
        let distance = i64::from(mark.start) - end;
        distances.push((distance << 1 ^ distance >> 63) as u64);
        end = i64::from(mark.start) + i64::from(mark.len);
    }
    distances
}

/// A number with its sign as the last bit, as it was.
fn signed(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// With how many usual bits the distances take the fewest.
fn best_usual(distances: &[u64]) -> u32 {
    let bits = |usual: &u32| -> u32 { distances.iter().map(|&distance| number_bits(distance, *usual)).sum() };
    (0..1 << USUAL_BITS).min_by_key(bits).unwrap_or(0)
}

/// What was mentioned so far.
#[derive(Debug, Default)]
struct Known {
    /// Entities under words of a length, in the order in which they came.
    surfaces: Vec<(Numbered, u32)>,
    surface_numbers: FxHashMap<(Numbered, u32), usize>,
    entities: Vec<Numbered>,
    entity_numbers: FxHashMap<Numbered, usize>,
    /// How many entities of each kind came.
    counts: [u32; KINDS],
}

impl Known {
    fn write(&mut self, writer: &mut Writer, mark: &Mark) {
        let surface = (mark.entity, mark.len);
        let number = self.surface_numbers.get(&surface).copied();
        if !self.surfaces.is_empty() {
            writer.put(u64::from(number.is_some()), 1);
        }
        if let Some(number) = number {
            writer.put(number as u64, choice_bits(self.surfaces.len()));
            return;
        }
        writer.number(u64::from(mark.len), LENGTH_BITS);
        let number = self.entity_numbers.get(&mark.entity).copied();
        if !self.entities.is_empty() {
            writer.put(u64::from(number.is_some()), 1);
        }
        if let Some(number) = number {
            writer.put(number as u64, choice_bits(self.entities.len()));
        } else {
            writer.put(u64::from(mark.entity.kind), KIND_BITS);
            self.entity_numbers.insert(mark.entity, self.entities.len());
            self.entities.push(mark.entity);
        }
        self.surface_numbers.insert(surface, self.surfaces.len());
        self.surfaces.push(surface);
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Option<(Numbered, u32)> {
        if !self.surfaces.is_empty() && reader.take(1)? == 1 {
            let number = reader.take(choice_bits(self.surfaces.len()))?;
            return self.surfaces.get(number as usize).copied();
        }
        let len = u32::try_from(reader.number(LENGTH_BITS)?).ok()?;
        let entity = if !self.entities.is_empty() && reader.take(1)? == 1 {
            let number = reader.take(choice_bits(self.entities.len()))?;
            *self.entities.get(number as usize)?
        } else {
            let kind = reader.take(KIND_BITS)? as u8;
            let count = self.counts.get_mut(usize::from(kind))?;
            *count += 1;
            let entity = Numbered { kind, number: *count - 1 };
            self.entities.push(entity);
            entity
        };
        self.surfaces.push((entity, len));
        Some((entity, len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers entities in the order in which they come.
    fn numbered(lists: &[Vec<(u32, u32, u8, u32)>; 2]) -> [Vec<Mark>; 2] {
        let mut known: FxHashMap<(u8, u32), u32> = FxHashMap::default();
        let mut counts = [0; KINDS];
        lists.clone().map(|list| {
            let marks = list.into_iter().map(|(start, len, kind, entity)| {
                let number = *known.entry((kind, entity)).or_insert_with(|| {
                    counts[usize::from(kind)] += 1;
                    counts[usize::from(kind)] - 1
                });
                Mark { start, len, entity: Numbered { kind, number } }
            });
            marks.collect()
        })
    }

    #[test]
    fn what_returns_takes_few_bits() {
        let lists = [Vec::new(), (0..100).map(|at| (at * 40, 5, 0, 7)).collect()];
        let words = pack(numbered(&lists).each_ref().map(Vec::as_slice));
        assert!(words.len() * 64 < 100 * 12, "{} words", words.len());
        assert_eq!(unpack(&[]), None);
        assert_eq!(unpack(&pack([&[], &[]])), Some([Vec::new(), Vec::new()]));
    }

    proptest::proptest! {
        #[test]
        fn marks_come_back(
            title in proptest::collection::vec((0_u32..200, 0_u32..40, 0_u8..3, 0_u32..6), 0..5),
            text in proptest::collection::vec((0_u32..100_000, 0_u32..300, 0_u8..3, 0_u32..30), 0..60),
        ) {
            let marks = numbered(&[title, text]);
            proptest::prop_assert_eq!(unpack(&pack(marks.each_ref().map(Vec::as_slice))), Some(marks));
        }

        #[test]
        fn any_bits_are_read_or_refused(words in proptest::collection::vec(proptest::num::u64::ANY, 0..6)) {
            let _ = unpack(&words);
        }
    }
}
