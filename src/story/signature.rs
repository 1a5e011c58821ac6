//! What is kept of a text to know its copies: a sample of its shingles, one out of each of 256 bins (one-permutation
//! `MinHash`), as a fingerprint of five bits each.
//!
//! A text with few shingles is kept nearly whole, a long one is sampled; the similarity of two texts is estimated to
//! within two hundredths.

use crate::story::LEAST_WORDS;
use crate::story::shingle::{mixed, shingles};

/// Bins that shingles fall into.
const BINS: usize = 256;

/// Fingerprints are 1 to 31; 0 is an empty bin.
const FINGERPRINTS: u64 = 31;

/// How many bits a fingerprint takes.
const FINGERPRINT_BITS: u32 = 5;

/// The share of all shingles that copies share.
const JACCARD: f64 = 0.8;

/// The share of the shorter one's shingles that the longer one holds.
const CONTAINED: f64 = 0.8;

/// How long, at least, the shorter one is then, in words of the longer one.
const LENGTH: f64 = 0.7;

/// Bands of [`Signature::key`].
pub(super) const BANDS: usize = 64;

/// Bins per band: texts that share half of their shingles meet in one of the bands 98 times in 100, texts that share a
/// twentieth in none 99 times in 100.
const ROWS: usize = 4;

/// A sample of the shingles of a text.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    words: u32,
    shingles: u32,
    bins: [u8; BINS],
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Signature({} words, {} shingles)", self.words, self.shingles)
    }
}

impl Signature {
    /// The signature of a text; none if it is too short to have copies.
    pub fn of(text: &str) -> Option<Signature> {
        let (shingles, words) = shingles(text);
        if words < LEAST_WORDS {
            return None;
        }
        let mut bins = [0; BINS];
        let mut least = [u64::MAX; BINS];
        for hash in &shingles {
            let bin = (hash >> 56) as usize;
            let value = hash << 8;
            if value < least[bin] {
                least[bin] = value;
                bins[bin] = (1 + (hash & 0xffff) % FINGERPRINTS) as u8;
            }
        }
        Some(Signature { words: words as u32, shingles: shingles.len() as u32, bins })
    }

    /// The form in which it is stored: words, shingles, then every bin, or, where that is shorter, which bins are not
    /// empty and those; eight bins in five bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + BINS);
        for number in [self.words, self.shingles] {
            put_number(number, &mut bytes);
        }
        let full: Vec<u8> = self.bins.iter().copied().filter(|&bin| bin != 0).collect();
        if packed_len(full.len()) + BINS / 8 >= packed_len(BINS) {
            pack(&self.bins, &mut bytes);
            return bytes;
        }
        let mut which = [0_u8; BINS / 8];
        for (number, _) in self.bins.iter().enumerate().filter(|(_, bin)| **bin != 0) {
            which[number / 8] |= 1 << (number % 8);
        }
        bytes.extend(which);
        pack(&full, &mut bytes);
        bytes
    }

    /// Reads what [`Signature::to_bytes`] wrote; none if that is something else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Signature> {
        let (words, rest) = take_number(bytes)?;
        let (shingles, rest) = take_number(rest)?;
        let mut bins = [0; BINS];
        if rest.len() == packed_len(BINS) {
            bins.iter_mut().zip(unpacked(rest)).for_each(|(bin, full)| *bin = full);
            return Some(Signature { words, shingles, bins });
        }
        let (which, rest) = rest.split_at_checked(BINS / 8)?;
        let mut full = unpacked(rest);
        let mut count = 0;
        for (number, bin) in bins.iter_mut().enumerate() {
            if which[number / 8] >> (number % 8) & 1 == 1 {
                *bin = full.next()?;
                count += 1;
            }
        }
        (rest.len() == packed_len(count)).then_some(Signature { words, shingles, bins })
    }

    /// Whether the two texts are copies of each other.
    pub fn is_copy_of(&self, other: &Signature) -> bool {
        let (short, long) = ordered(self.words, other.words);
        if short < long * LENGTH * JACCARD {
            return false;
        }
        let shared = self.jaccard(other);
        if shared >= JACCARD {
            return true;
        }
        let (fewer, more) = ordered(self.shingles, other.shingles);
        let common = shared * (fewer + more) / (1.0 + shared);
        short >= long * LENGTH && common >= fewer * CONTAINED
    }

    /// The share of all shingles of both texts that both have, estimated.
    pub fn jaccard(&self, other: &Signature) -> f64 {
        let mut equal = 0_u32;
        let mut used = 0_u32;
        for (&one, &other) in self.bins.iter().zip(&other.bins) {
            equal += u32::from(one == other && one != 0);
            used += u32::from(one | other != 0);
        }
        let share = f64::from(equal) / f64::from(used.max(1));
        // Different shingles have the same fingerprint once in 31 times.
        let chance = 1.0 / FINGERPRINTS as f64;
        ((share - chance) / (1.0 - chance)).max(0.0)
    }

    /// The key of a band. Copies have the same key in some band, other texts hardly ever.
    pub(super) fn key(&self, band: usize) -> u32 {
        (band * ROWS..(band + 1) * ROWS)
            .fold(0, |key, row| key << FINGERPRINT_BITS | u32::from(self.filled(row)))
    }

    /// The fingerprint in a bin; that of a bin drawn by lot where it is empty, the same lot for all texts.
    fn filled(&self, row: usize) -> u8 {
        let mut bin = row % BINS;
        let mut lot = row as u64;
        while self.bins[bin] == 0 && self.shingles > 0 {
            lot = mixed(lot.wrapping_add(0x9e37_79b9_7f4a_7c15));
            bin = (lot >> 56) as usize;
        }
        self.bins[bin]
    }
}

/// Adds a number, seven bits a byte.
fn put_number(mut number: u32, bytes: &mut Vec<u8>) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads it back, with what follows.
fn take_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let len = bytes.iter().take(5).position(|byte| byte & 0x80 == 0)? + 1;
    let (number, rest) = bytes.split_at(len);
    let number = number.iter().rev().fold(0_u64, |sum, byte| sum << 7 | u64::from(byte & 0x7f));
    Some((u32::try_from(number).ok()?, rest))
}

/// How many bytes so many fingerprints take.
fn packed_len(fingerprints: usize) -> usize {
    (fingerprints * FINGERPRINT_BITS as usize).div_ceil(8)
}

/// Adds fingerprints, eight in as many bytes as one has bits.
fn pack(fingerprints: &[u8], bytes: &mut Vec<u8>) {
    for eight in fingerprints.chunks(8) {
        let together =
            (0..).zip(eight).fold(0_u64, |sum, (at, &one)| sum | u64::from(one) << (at * FINGERPRINT_BITS));
        bytes.extend(&together.to_le_bytes()[..packed_len(eight.len())]);
    }
}

/// Reads them back.
fn unpacked(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.chunks(FINGERPRINT_BITS as usize).flat_map(|five| {
        let together = (0..).zip(five).fold(0_u64, |sum, (at, &byte)| sum | u64::from(byte) << (at * 8));
        let mask = (1 << FINGERPRINT_BITS) - 1;
        (0..8).map(move |at| (together >> (at * FINGERPRINT_BITS) & mask) as u8)
    })
}

fn ordered(one: u32, other: u32) -> (f64, f64) {
    (f64::from(one.min(other)), f64::from(one.max(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some made-up text of so many words, the same for the same seed.
    fn text(seed: u64, words: usize) -> Vec<String> {
        (0..words as u64).map(|number| format!("w{}", mixed(seed << 32 | number) % 5_000)).collect()
    }

    fn of(words: &[String]) -> Signature {
        Signature::of(&words.join(" ")).unwrap()
    }

    #[test]
    fn short_texts_have_no_signature() {
        assert!(Signature::of(&text(1, LEAST_WORDS - 1).join(" ")).is_none());
        assert!(Signature::of(&text(1, LEAST_WORDS).join(" ")).is_some());
        assert!(Signature::of("").is_none());
    }

    #[test]
    fn estimates_are_near_the_truth() {
        for words in [60, 300, 1_500] {
            for shared in [0.5, 0.7, 0.8, 0.9, 1.0] {
                let one = text(7, words);
                let mut other = one.clone();
                let kept = (words as f64 * shared) as usize;
                other.truncate(kept);
                other.extend(text(8, words - kept));
                let sets = [shingles(&one.join(" ")).0, shingles(&other.join(" ")).0];
                let common = sets[0].iter().filter(|hash| sets[1].binary_search(hash).is_ok()).count();
                let truth = common as f64 / (sets[0].len() + sets[1].len() - common) as f64;
                let estimate = of(&one).jaccard(&of(&other));
                assert!((truth - estimate).abs() < 0.06, "{words} words: {truth} is taken for {estimate}");
            }
        }
    }

    #[test]
    fn a_cut_copy_is_a_copy_and_a_summary_is_not() {
        let whole = text(3, 400);
        for (words, is_copy) in [(400, true), (330, true), (300, true), (240, false), (100, false)] {
            assert_eq!(of(&whole).is_copy_of(&of(&whole[..words])), is_copy, "{words} of 400 words");
            assert_eq!(of(&whole[..words]).is_copy_of(&of(&whole)), is_copy, "the other way round");
        }
        assert!(!of(&whole).is_copy_of(&of(&text(4, 400))));
    }

    proptest::proptest! {
        #[test]
        fn bytes_round_trip(words in 20_usize..900, seed in 0_u64..1_000) {
            let signature = of(&text(seed, words));
            proptest::prop_assert_eq!(Signature::from_bytes(&signature.to_bytes()), Some(signature));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(0_u8..=255, 0..300)) {
            let _ = Signature::from_bytes(&bytes);
        }
    }
}
