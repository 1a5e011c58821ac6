//! Short texts as bits: letters that headlines, addresses and identifiers have often take four, six or eight bits, others
//! eleven. What is mostly of other scripts is left as it is.
//!
//! Takes and gives bytes; words of eight bytes between.

use crate::engine::local::bits::{Reader, Writer};

/// The letters of four bits: eight of them.
const FOUR: &[u8; 8] = b"e taniro";
/// The letters of six bits: sixteen.
const SIX: &[u8; 16] = b"slhcdmupg-/.0123";
/// The letters of eight bits: thirty-two.
const EIGHT: &[u8; 32] = b"bfwyvkEASCRITPNMBDLUO456789jxF_:";

/// How many bits the length takes mostly.
const LENGTH_BITS: u32 = 7;

/// The bits of every byte, and how many: a class of letters says by its first bits what comes after it.
const CODES: [(u16, u8); 256] = codes();

const fn codes() -> [(u16, u8); 256] {
    let mut codes = [(0, 0); 256];
    let mut byte = 0;
    while byte < 256 {
        codes[byte] = (0b111 | (byte as u16) << 3, 11);
        byte += 1;
    }
    let mut at = 0;
    while at < EIGHT.len() {
        codes[EIGHT[at] as usize] = (0b011 | (at as u16) << 3, 8);
        at += 1;
    }
    at = 0;
    while at < SIX.len() {
        codes[SIX[at] as usize] = (0b01 | (at as u16) << 2, 6);
        at += 1;
    }
    at = 0;
    while at < FOUR.len() {
        codes[FOUR[at] as usize] = ((at as u16) << 1, 4);
        at += 1;
    }
    codes
}

/// The longest code.
const LONGEST: u32 = 11;

/// What any bits of the length of the longest code begin with: a byte, and how many bits it takes.
static LETTERS: [(u8, u8); 1 << LONGEST] = letters();

const fn letters() -> [(u8, u8); 1 << LONGEST] {
    let mut letters = [(0, 0); 1 << LONGEST];
    let mut bits = 0;
    while bits < letters.len() {
        letters[bits] = if bits & 0b1 == 0 {
            (FOUR[bits >> 1 & 0b111], 4)
        } else if bits & 0b10 == 0 {
            (SIX[bits >> 2 & 0b1111], 6)
        } else if bits & 0b100 == 0 {
            (EIGHT[bits >> 3 & 0b1_1111], 8)
        } else {
            ((bits >> 3) as u8, 11)
        };
        bits += 1;
    }
    letters
}

/// Packs bytes.
pub(super) fn pack(bytes: &[u8]) -> Vec<u64> {
    let mut writer = Writer::default();
    writer.number(bytes.len() as u64, LENGTH_BITS);
    let coded: usize = bytes.iter().map(|&byte| usize::from(CODES[usize::from(byte)].1)).sum();
    let is_coded = coded < bytes.len() * 8;
    writer.put(u64::from(is_coded), 1);
    for &byte in bytes {
        let (code, bits) = if is_coded { CODES[usize::from(byte)] } else { (u16::from(byte), 8) };
        writer.put(u64::from(code), u32::from(bits));
    }
    writer.finish()
}

/// Reads what [`pack`] wrote; none if that is something else.
pub(super) fn unpack(words: &[u64]) -> Option<Vec<u8>> {
    unpack_beginning(words, usize::MAX)
}

/// Reads the first bytes of what [`pack`] wrote, `most` at most.
pub(super) fn unpack_beginning(words: &[u64], most: usize) -> Option<Vec<u8>> {
    let mut reader = Reader::new(words);
    let len = usize::try_from(reader.number(LENGTH_BITS)?).ok()?.min(most);
    let is_coded = reader.take(1)? == 1;
    let mut bytes = Vec::with_capacity(len.min(words.len() * 16));
    for _ in 0..len {
        if is_coded {
            let (letter, bits) = LETTERS[(reader.peek() & ((1 << LONGEST) - 1)) as usize];
            reader.skip(u32::from(bits))?;
            bytes.push(letter);
        } else {
            bytes.push(reader.take(8)? as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_one_code() {
        let mut letters: Vec<u8> = [FOUR.as_slice(), SIX, EIGHT].concat();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), 56);
        let headline = b"Fed to keep hawkish tone, hold rates steady";
        assert!(pack(headline).len() * 8 < headline.len() * 4 / 5);
        assert_eq!(unpack(&[]), None);
    }

    proptest::proptest! {
        #[test]
        fn bytes_come_back(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), text in "\\PC{0,80}") {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                let words = pack(bytes);
                proptest::prop_assert_eq!(unpack(&words), Some(bytes.to_vec()));
                proptest::prop_assert_eq!(unpack_beginning(&words, 9), Some(bytes[..bytes.len().min(9)].to_vec()));
                proptest::prop_assert!(words.len() <= bytes.len() / 8 + 4);
            }
        }

        #[test]
        fn any_bits_are_read_or_refused(words in proptest::collection::vec(proptest::num::u64::ANY, 0..6)) {
            let _ = unpack(&words);
        }
    }
}
