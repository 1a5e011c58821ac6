//! The weights of the tagger: rows of one small integer per label, found by hashed keys, and label transitions.
//!
//! The file is an open hash table: a table of two-byte fingerprints, then the rows in the same order. A row is taken
//! from the embedded bytes as it is, so nothing is built at start-up.

use crate::error::{Error, Result};
use crate::extract::name::label::LABELS;

const MAGIC: &[u8; 8] = b"dlmodel1";
const ROW: usize = LABELS;

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
        if magic != MAGIC || !slots.is_power_of_two() || !unit.is_finite() {
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

    /// Adds the row of `key`, if there is one.
    pub fn add(&self, key: u64, scores: &mut Scores) {
        let mask = self.fingerprints.len() / 2 - 1;
        let wanted = fingerprint(key);
        let mut at = key as usize & mask;
        for _ in 0..=mask {
            let found = u16::from_le_bytes([self.fingerprints[at * 2], self.fingerprints[at * 2 + 1]]);
            if found == wanted {
                let row = &self.rows[at * ROW..(at + 1) * ROW];
                for (score, &weight) in scores.iter_mut().zip(row) {
                    *score = score.saturating_add(i16::from(weight as i8));
                }
                return;
            }
            if found == 0 {
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

fn fingerprint(key: u64) -> u16 {
    ((key >> 48) as u16).max(1)
}

/// The file of a model. Of two keys that cannot be told apart the first stays, so put the weightier first.
pub fn write(
    rows: &[(u64, [i8; LABELS])],
    transitions: &[[i16; LABELS]; LABELS],
    ends: &[i16; LABELS],
    unit: f32,
) -> Vec<u8> {
    let slots = (rows.len() * 5 / 4 + 1).next_power_of_two();
    let mut fingerprints = vec![0u16; slots];
    let mut table = vec![0u8; slots * ROW];
    for (key, row) in rows {
        let mut at = *key as usize & (slots - 1);
        while fingerprints[at] != 0 && fingerprints[at] != fingerprint(*key) {
            at = (at + 1) & (slots - 1);
        }
        if fingerprints[at] == 0 {
            fingerprints[at] = fingerprint(*key);
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
        model.rows.add(0x1234_5678_9ABC_DEF0, &mut scores);
        model.rows.add(0x0234_5678_9ABC_DEF0, &mut scores);
        assert_eq!(scores[3], -7);
        assert_eq!((model.transitions[15][0], model.ends[1]), (1, 2));
        assert!(Model::read(&file[..file.len() - 1]).is_err());
        assert!(Model::read(b"").is_err());
    }
}
