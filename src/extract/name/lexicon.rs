//! The lexicon of the tagger: what is known of words and word sequences before an article is read.
//!
//! A word has its classes (country, surname, club, ...), its groups among the words of the training corpora and how
//! often those write it with a capital. A sequence has classes. Both live in open hash tables over the bytes of the
//! embedded file, so nothing is built at start-up. Never says what a name stands for.

use crate::error::{Error, Result};
use crate::extract::name::word;

/// A set of [`CLASSES`], one bit each.
pub type Classes = u32;

/// The classes a word or a sequence of words can have; a class is its bit number.
pub const CLASSES: &[&str] = &[
    "country",
    "capital",
    "city-million",
    "city-large",
    "city-medium",
    "city-small",
    "city-alternate",
    "division",
    "district",
    "natural",
    "given",
    "given-rare",
    "surname",
    "surname-rare",
    "demonym",
    "intergovernmental",
    "armed-group",
    "person",
    "government",
    "company",
    "media",
    "party",
    "club",
    "military",
    "organisation",
    "org-word",
    "place-word",
    "title",
    "calendar",
    "event-word",
    "role",
    "person-surname",
];

/// The bit of the class of this name, 0 if there is none.
pub fn class(name: &str) -> Classes {
    CLASSES.iter().position(|known| *known == name).map_or(0, |bit| 1 << bit)
}

/// What the lexicon knows of one word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WordEntry {
    /// Classes it has by itself.
    pub classes: Classes,
    /// Its group at four sizes, from coarse to fine; 0 where the corpora do not have it.
    pub groups: [u16; 4],
    /// How often it has a capital inside sentences, 1 (never) to 10 (always); 0 where not known.
    pub case: u8,
    /// Bit `n` tells that sequences of `n + 2` words begin with it.
    pub lengths: u8,
}

/// Sequences are at most this many words long.
pub const LONGEST: usize = 9;

const MAGIC: &[u8; 8] = b"dlnames1";
const WORD_SLOT: usize = 16;
const PHRASE_SLOT: usize = 8;

/// The two tables, over the bytes of the file.
#[derive(Debug, Clone, Copy)]
pub struct Lexicon<'d> {
    words: &'d [u8],
    phrases: &'d [u8],
}

impl<'d> Lexicon<'d> {
    /// Reads the tables from the bytes that [`write()`] made.
    pub fn new(data: &'d [u8]) -> Result<Lexicon<'d>> {
        let wrong =
            || Error::Data { what: "lexicon of names".to_owned(), message: "not a lexicon file".to_owned() };
        let (magic, rest) = data.split_at_checked(MAGIC.len()).ok_or_else(wrong)?;
        let (size, rest) = rest.split_at_checked(4).ok_or_else(wrong)?;
        let words = u32_at(size, 0) as usize;
        let (words, phrases) = rest.split_at_checked(words * WORD_SLOT).ok_or_else(wrong)?;
        let sound = |table: &[u8], slot: usize| {
            (table.len() / slot).is_power_of_two() && table.len().is_multiple_of(slot)
        };
        if magic != MAGIC || !sound(words, WORD_SLOT) || !sound(phrases, PHRASE_SLOT) {
            return Err(wrong());
        }
        Ok(Lexicon { words, phrases })
    }

    /// What is known of the word whose normal form has this hash.
    pub fn word(&self, hash: u64) -> WordEntry {
        let Some(slot) = find(self.words, WORD_SLOT, hash) else { return WordEntry::default() };
        WordEntry {
            classes: u32_at(slot, 4),
            groups: [u16::from(slot[8]), u16::from(slot[9]), u16_at(slot, 10), u16_at(slot, 12)],
            case: slot[14],
            lengths: slot[15],
        }
    }

    /// The classes of a sequence of words, by the hash that [`extend`] builds.
    pub fn phrase(&self, hash: u64) -> Classes {
        find(self.phrases, PHRASE_SLOT, hash).map_or(0, |slot| u32_at(slot, 4))
    }
}

/// The hash of a sequence that goes on with a word; start with the first word's own hash.
pub fn extend(sequence: u64, word: u64) -> u64 {
    (sequence.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn fingerprint(hash: u64) -> u32 {
    ((hash >> 32) as u32).max(1)
}

fn find(table: &[u8], slot: usize, hash: u64) -> Option<&[u8]> {
    let mask = table.len() / slot - 1;
    let wanted = fingerprint(hash);
    let mut at = hash as usize & mask;
    for _ in 0..=mask {
        let bytes = &table[at * slot..(at + 1) * slot];
        match u32_at(bytes, 0) {
            0 => return None,
            found if found == wanted => return Some(bytes),
            _ => at = (at + 1) & mask,
        }
    }
    None
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// The file of a lexicon. `words` are normal forms, `phrases` sequences of them; both sorted, without repetitions.
pub fn write(words: &[(String, WordEntry)], phrases: &[(Vec<String>, Classes)]) -> Vec<u8> {
    let mut word_table = table(words.len(), WORD_SLOT);
    for (word, entry) in words {
        let hash = word::hash(word);
        let slot = place(&mut word_table, WORD_SLOT, hash);
        slot[4..8].copy_from_slice(&entry.classes.to_le_bytes());
        slot[8] = entry.groups[0].min(255) as u8;
        slot[9] = entry.groups[1].min(255) as u8;
        slot[10..12].copy_from_slice(&entry.groups[2].to_le_bytes());
        slot[12..14].copy_from_slice(&entry.groups[3].to_le_bytes());
        slot[14] = entry.case;
        slot[15] = entry.lengths;
    }
    let mut phrase_table = table(phrases.len(), PHRASE_SLOT);
    for (phrase, classes) in phrases {
        let slot = place(&mut phrase_table, PHRASE_SLOT, phrase_hash(phrase));
        slot[4..8].copy_from_slice(&classes.to_le_bytes());
    }
    let mut file = MAGIC.to_vec();
    file.extend(((word_table.len() / WORD_SLOT) as u32).to_le_bytes());
    file.extend(word_table);
    file.extend(phrase_table);
    file
}

fn phrase_hash(words: &[String]) -> u64 {
    let mut hashes = words.iter().map(|word| word::hash(word));
    let first = hashes.next().unwrap_or(0);
    hashes.fold(first, extend)
}

fn table(entries: usize, slot: usize) -> Vec<u8> {
    vec![0; (entries * 4 / 3 + 1).next_power_of_two() * slot]
}

fn place(table: &mut [u8], slot: usize, hash: u64) -> &mut [u8] {
    let mask = table.len() / slot - 1;
    let wanted = fingerprint(hash);
    let mut at = hash as usize & mask;
    while u32_at(&table[at * slot..], 0) != 0 && u32_at(&table[at * slot..], 0) != wanted {
        at = (at + 1) & mask;
    }
    table[at * slot..at * slot + 4].copy_from_slice(&wanted.to_le_bytes());
    &mut table[at * slot..(at + 1) * slot]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_found_and_nothing_else() {
        let entry = WordEntry { classes: 5, groups: [1, 200, 1000, 3000], case: 7, lengths: 1 };
        let words = vec![("baghdad".to_owned(), entry)];
        let phrases = vec![(vec!["new".to_owned(), "york".to_owned()], 9)];
        let file = write(&words, &phrases);
        let lexicon = Lexicon::new(&file).unwrap();
        assert_eq!(lexicon.word(word::hash("baghdad")), entry);
        assert_eq!(lexicon.word(word::hash("basra")), WordEntry::default());
        assert_eq!(lexicon.phrase(extend(word::hash("new"), word::hash("york"))), 9);
        assert_eq!(lexicon.phrase(extend(word::hash("york"), word::hash("new"))), 0);
    }

    #[test]
    fn a_damaged_file_is_refused() {
        for data in [&b""[..], b"dlnames1", b"dlnames1\xff\xff\xff\xff", b"something else entirely"] {
            assert!(Lexicon::new(data).is_err());
        }
    }
}
