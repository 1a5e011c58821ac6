//! The weights of the tagger: rows of one small integer per label, found by hashed keys, and label transitions.
//!
//! The file is a hash table of buckets: two-byte fingerprints, sixteen to a bucket, then the rows in the same order. A
//! key has one bucket and no other place, so that a look-up touches one line of memory and never searches on. A row is
//! taken from the embedded bytes as it is, so nothing is built at start-up.

use std::hint::black_box;

use crate::error::{Error, Result};
use crate::extract::name::label::LABELS;

const MAGIC: &[u8; 8] = b"dlmodel2";
const ROW: usize = LABELS;

/// Rows of one bucket.
const BUCKET: usize = 16;

/// Sums of weights, one per label.
pub type Scores = [i16; LABELS];

/// Rows of weights by key.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'d> {
    fingerprints: &'d [u8],
    rows: &'d [u8],
}

/// Rows and transitions of one model.
#[derive(Debug, Clone)]
pub struct Model<'d> {
    /// Weights of features.
    pub rows: Rows<'d>,
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

impl<'d> Model<'d> {
    /// Reads a model from the bytes that [`write()`] made.
    pub fn read(data: &'d [u8]) -> Result<Model<'d>> {
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
        Ok(Model { rows: Rows { fingerprints, rows }, transitions, ends, unit })
    }
}

impl Rows<'_> {
    /// Where the weights lie: tells one model from another.
    pub fn address(&self) -> usize {
        self.rows.as_ptr().addr()
    }

    /// Adds the rows of those `keys` that have one.
    ///
    /// Looks all keys up before it adds anything: the look-ups wait for memory together, and nothing has to be guessed
    /// between them.
    pub fn add(&self, keys: &[u64], scores: &mut Scores) {
        for keys in keys.chunks(MOST_KEYS) {
            read_ahead(keys.iter().map(|&key| self.bucket(key) * 2 * BUCKET), self.fingerprints);
            let mut hits = [0u32; MOST_KEYS];
            let mut count = 0;
            for &key in keys {
                let bucket = self.bucket(key);
                let lanes = self.lanes(bucket, fingerprint(key));
                hits[count] = (bucket * BUCKET) as u32 + slot(lanes);
                count += usize::from(lanes != 0);
            }
            read_ahead(hits[..count].iter().map(|&hit| hit as usize * ROW), self.rows);
            for &hit in &hits[..count] {
                let row = &self.rows[hit as usize * ROW..(hit as usize + 1) * ROW];
                for (score, &weight) in scores.iter_mut().zip(row) {
                    *score = score.saturating_add(i16::from(weight as i8));
                }
            }
        }
    }

    fn bucket(&self, key: u64) -> usize {
        key as usize & (self.fingerprints.len() / (2 * BUCKET) - 1)
    }

    /// Where in a bucket a fingerprint is: bit `16 * i + j` for slot `4 * j + i`; the lowest is sure, others may lie.
    fn lanes(&self, bucket: usize, wanted: u16) -> u64 {
        const ONES: u64 = 0x0001_0001_0001_0001;
        let bytes = &self.fingerprints[bucket * 2 * BUCKET..(bucket + 1) * 2 * BUCKET];
        let pattern = u64::from(wanted) * ONES;
        let mut lanes = 0;
        for (word, four) in bytes.chunks_exact(8).enumerate() {
            let four = four.try_into().map_or(0, u64::from_le_bytes) ^ pattern;
            // The top bit of every sixteen that are zero.
            let zero = four.wrapping_sub(ONES) & !four & (ONES << 15);
            lanes |= zero >> (15 - word);
        }
        lanes
    }
}

/// Reads one byte at each place, so that the lines of memory are fetched side by side before they are worked on.
fn read_ahead(places: impl Iterator<Item = usize>, bytes: &[u8]) {
    black_box(places.fold(0, |all, at| all ^ bytes[at]));
}

/// Keys that are looked up together.
const MOST_KEYS: usize = 64;

/// The slot of the lowest of [`Rows::lanes`].
fn slot(lanes: u64) -> u32 {
    let lowest = lanes.trailing_zeros() & 63;
    (lowest % 16) * 4 + lowest / 16
}

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
