//! The weights of the tagger: rows of one small integer per label, found by hashed keys, and label transitions.
//!
//! The file is a hash table of buckets: two-byte fingerprints, sixteen to a bucket, then the rows in the same order.
//! Reading it lays rows and fingerprints side by side, three to a line of memory, with a bit for every key that may have
//! a row: most keys have none, and the bits stay in the processor's own memory.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Error, Result};
use crate::extract::name::label::LABELS;

const MAGIC: &[u8; 8] = b"dlmodel2";
const ROW: usize = LABELS;

/// Rows of one bucket.
const BUCKET: usize = 16;

/// Sums of weights, one per label.
pub type Scores = [i16; LABELS];

/// Rows of weights by key.
#[derive(Debug)]
pub struct Rows {
    number: u64,
    /// [`LINES`] a bucket.
    lines: Vec<Line>,
    /// A bit a bucket for every value of the low six bits of a fingerprint: some key with it has a row.
    present: Vec<u64>,
}

/// Three rows in a line of memory, with the fingerprints of their keys; 0 for none.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Line {
    fingerprints: [u16; 3],
    /// A row that belongs here is in another line of the bucket.
    spilled: bool,
    rows: [[i8; ROW]; 3],
}

/// Lines of one bucket: room for half as many rows again as it has. A row belongs in the line that the top three bits of
/// its fingerprint tell; if that is full, in the next that is not.
const LINES: usize = 8;

/// Rows and transitions of one model.
#[derive(Debug)]
pub struct Model {
    /// Weights of features.
    pub rows: Rows,
    /// Weight of a label after another, in the unit of `rows`; the row `LABELS - 1` stands for the start of a run.
    pub transitions: [[i16; LABELS]; LABELS],
    /// Weight of a label at the end of a run.
    pub ends: [i16; LABELS],
    /// What one unit of a weight is worth.
    pub unit: f32,
}

fn wrong() -> Error {
    Error::Data { what: "model of names".to_owned(), message: "not a model file".to_owned() }
}

impl Model {
    /// Reads a model from the bytes that [`write()`] made.
    pub fn read(data: &[u8]) -> Result<Model> {
        let (magic, rest) = data.split_at_checked(MAGIC.len()).ok_or_else(wrong)?;
        let (header, rest) = rest.split_at_checked(8).ok_or_else(wrong)?;
        let (weights, rest) = rest.split_at_checked((LABELS + 1) * LABELS * 2).ok_or_else(wrong)?;
        let slots = u32::from_le_bytes([header[0], header[1], header[2], header[3]]) as usize;
        let unit = f32::from_le_bytes([header[4], header[5], header[6], header[7]]);
        if magic != MAGIC || !slots.is_power_of_two() || slots < BUCKET || !unit.is_finite() {
            return Err(wrong());
        }
        let (fingerprints, rest) = rest.split_at_checked(slots * 2).ok_or_else(wrong)?;
        let (rows, rest) = rest.split_at_checked(slots * ROW).ok_or_else(wrong)?;
        if !rest.is_empty() {
            return Err(wrong());
        }
        let mut transitions = [[0; LABELS]; LABELS];
        let mut ends = [0; LABELS];
        for (at, pair) in weights.chunks_exact(2).enumerate() {
            let weight = i16::from_le_bytes([pair[0], pair[1]]);
            match transitions.get_mut(at / LABELS) {
                Some(row) => row[at % LABELS] = weight,
                None => ends[at % LABELS] = weight,
            }
        }
        Ok(Model { rows: Rows::new(fingerprints, rows), transitions, ends, unit })
    }
}

impl Rows {
    /// Lays down the table of a file.
    fn new(fingerprints: &[u8], rows: &[u8]) -> Rows {
        static READ: AtomicU64 = AtomicU64::new(1);
        let number = READ.fetch_add(1, Ordering::Relaxed);
        let buckets = rows.len() / (ROW * BUCKET);
        let mut laid =
            Rows { number, lines: vec![Line::default(); buckets * LINES], present: vec![0; buckets] };
        for (slot, (pair, row)) in fingerprints.chunks_exact(2).zip(rows.chunks_exact(ROW)).enumerate() {
            let fingerprint = u16::from_le_bytes([pair[0], pair[1]]);
            if fingerprint != 0 {
                let row = std::array::from_fn(|label| row[label] as i8);
                laid.put(slot / BUCKET, fingerprint, row);
            }
        }
        laid
    }

    fn put(&mut self, bucket: usize, fingerprint: u16, row: [i8; ROW]) {
        self.present[bucket] |= 1 << (fingerprint % 64);
        let home = home(bucket, fingerprint);
        for step in 0..LINES {
            let line = &mut self.lines[home ^ step];
            if let Some(free) = line.fingerprints.iter().position(|&known| known == 0) {
                (line.fingerprints[free], line.rows[free]) = (fingerprint, row);
                return;
            }
            line.spilled = true;
        }
    }

    /// Their number among the tables read in this process, from 1: tells one model from another.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Adds the rows of those `keys` that have one.
    ///
    /// Each step is done for all keys before the next: they wait for memory together, and nothing has to be guessed
    /// between them.
    pub fn add(&self, keys: &[u64], scores: &mut Scores) {
        for keys in keys.chunks(MOST_KEYS) {
            let mut wanted = [0u64; MOST_KEYS];
            let count = self.present(keys, &mut wanted);
            let wanted = &wanted[..count];
            black_box(
                wanted.iter().fold(0, |all, &key| all ^ self.lines[key as usize >> 16].fingerprints[0]),
            );
            let mut hits = [0u32; MOST_KEYS];
            let count = self.find(wanted, &mut hits);
            for &hit in &hits[..count] {
                let row = &self.lines[hit as usize / 4].rows[hit as usize % 4];
                for (score, &weight) in scores.iter_mut().zip(row) {
                    *score = score.saturating_add(i16::from(weight));
                }
            }
        }
    }

    /// Which of `keys` may have a row: the number of the line where each belongs, and below it the fingerprint.
    fn present(&self, keys: &[u64], wanted: &mut [u64; MOST_KEYS]) -> usize {
        let mut count = 0;
        for &key in keys {
            let (bucket, fingerprint) = (key as usize & (self.present.len() - 1), fingerprint(key));
            wanted[count] = (home(bucket, fingerprint) as u64) << 16 | u64::from(fingerprint);
            // The next key takes the place of one that has no row.
            count += (self.present[bucket] >> (fingerprint % 64) & 1) as usize;
        }
        count
    }

    /// Where the rows are of those that have one: the number of the line, and below it the slot.
    fn find(&self, wanted: &[u64], hits: &mut [u32; MOST_KEYS]) -> usize {
        let mut count = 0;
        for &key in wanted {
            let (home, fingerprint) = (key as usize >> 16, key as u16);
            let (mut at, mut slots) = (home, self.lines[home].slots(fingerprint));
            if slots == 0 && self.lines[home].spilled {
                at = (1..LINES)
                    .map(|step| home ^ step)
                    .find(|&at| self.lines[at].slots(fingerprint) != 0)
                    .unwrap_or(home);
                slots = self.lines[at].slots(fingerprint);
            }
            hits[count] = at as u32 * 4 + slots.trailing_zeros() % 4;
            count += usize::from(slots != 0);
        }
        count
    }
}

impl Line {
    /// In which slots a fingerprint is, one bit each.
    fn slots(&self, wanted: u16) -> u32 {
        let [first, second, third] = self.fingerprints.map(|known| u32::from(known == wanted));
        first | second << 1 | third << 2
    }
}

/// The line where a row belongs.
fn home(bucket: usize, fingerprint: u16) -> usize {
    bucket * LINES + usize::from(fingerprint >> 13)
}

/// Keys that are looked up together.
const MOST_KEYS: usize = 64;

fn fingerprint(key: u64) -> u16 {
    ((key >> 48) as u16).max(1)
}

/// The file of a model. Of two keys that cannot be told apart the first stays, and a full bucket turns away what comes
/// later, so put the weightier first.
pub fn write(
    rows: &[(u64, [i8; LABELS])],
    transitions: &[[i16; LABELS]; LABELS],
    ends: &[i16; LABELS],
    unit: f32,
) -> Vec<u8> {
    let slots = (rows.len() * 5 / 4).next_power_of_two().max(BUCKET);
    let mut fingerprints = vec![0u16; slots];
    let mut table = vec![0u8; slots * ROW];
    for (key, row) in rows {
        let start = (*key as usize & (slots / BUCKET - 1)) * BUCKET;
        let wanted = fingerprint(*key);
        let free =
            (start..start + BUCKET).find(|&at| matches!(fingerprints[at], 0) || fingerprints[at] == wanted);
        if let Some(at) = free.filter(|&at| fingerprints[at] == 0) {
            fingerprints[at] = wanted;
            for (to, weight) in table[at * ROW..(at + 1) * ROW].iter_mut().zip(row) {
                *to = *weight as u8;
            }
        }
    }
    let mut file = MAGIC.to_vec();
    file.extend((slots as u32).to_le_bytes());
    file.extend(unit.to_le_bytes());
    for weight in transitions.iter().flatten().chain(ends) {
        file.extend(weight.to_le_bytes());
    }
    file.extend(fingerprints.iter().flat_map(|fingerprint| fingerprint.to_le_bytes()));
    file.extend(table);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_their_keys_and_damaged_files_refused() {
        let mut row = [0i8; LABELS];
        row[3] = -7;
        let file = write(&[(0x1234_5678_9ABC_DEF0, row)], &[[1; LABELS]; LABELS], &[2; LABELS], 0.5);
        let model = Model::read(&file).unwrap();
        let mut scores = [0; LABELS];
        model.rows.add(&[0x1234_5678_9ABC_DEF0, 0x0234_5678_9ABC_DEF0], &mut scores);
        assert_eq!(scores[3], -7);
        assert_eq!((model.transitions[15][0], model.ends[1]), (1, 2));
        assert!(Model::read(&file[..file.len() - 1]).is_err());
        assert!(Model::read(b"").is_err());
    }

    #[test]
    fn every_row_is_found_until_its_bucket_is_full() {
        let key = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let rows: Vec<(u64, [i8; LABELS])> =
            (1..=200).map(|n| (key(n), std::array::from_fn(|label| (n % 90) as i8 + label as i8))).collect();
        let file = write(&rows, &[[0; LABELS]; LABELS], &[0; LABELS], 1.0);
        let model = Model::read(&file).unwrap();
        let mut lost = 0;
        for (key, row) in &rows {
            let mut scores = [0; LABELS];
            model.rows.add(&[*key], &mut scores);
            assert!(scores == row.map(i16::from) || scores == [0; LABELS]);
            lost += usize::from(scores != row.map(i16::from));
        }
        assert!(lost < 10, "{lost} rows turned away");
        let mut scores = [0; LABELS];
        model.rows.add(&(1_000..1_400).map(key).collect::<Vec<_>>(), &mut scores);
        assert_eq!(scores, [0; LABELS]);
    }
}
