//! What an article's words of public life say of its country: a sheriff is American, a lakh Indian.
//!
//! Takes the texts of an article, gives the countries that such words speak for and how many different ones do. The
//! words are data (`data/gazetteer/institutions.txt`). Finds no toponyms.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::Text;

static TABLE: &str = include_str!("../../../data/gazetteer/institutions.txt");

/// The countries that the words of `texts` speak for, with the number of different words, in the order of
/// their names.
pub(super) fn spoken_for(texts: &[&Text]) -> Vec<(&'static str, u32)> {
    let words = words();
    let mut heard: FxHashSet<&str> = FxHashSet::default();
    let mut countries: FxHashMap<&'static str, u32> = FxHashMap::default();
    for text in texts {
        for at in 0..text.tokens.len() {
            let shown = text.word(at);
            if !words.may_hold(shown) {
                continue;
            }
            if let Some((word, country)) = words.table.get_key_value(shown)
                && heard.insert(word)
            {
                *countries.entry(country).or_default() += 1;
            }
        }
    }
    let mut countries: Vec<_> = countries.into_iter().collect();
    countries.sort_unstable();
    countries
}

/// The words, each with its country.
struct Words {
    table: FxHashMap<&'static str, &'static str>,
    /// By first byte: bit `n` for a word of `n` bytes.
    lengths: [u32; 256],
}

impl Words {
    /// Whether a word can be one of them, by its length and first byte: few are.
    fn may_hold(&self, word: &str) -> bool {
        let first = word.as_bytes().first().copied().unwrap_or_default();
        word.len() < 32 && self.lengths[usize::from(first)] & 1 << word.len() != 0
    }
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let rows = TABLE.lines().filter(|row| !row.starts_with('#')).filter_map(|row| row.split_once(": "));
        let table: FxHashMap<_, _> =
            rows.flat_map(|(country, words)| words.split(", ").map(move |word| (word, country))).collect();
        let mut lengths = [0; 256];
        for word in table.keys() {
            lengths[usize::from(word.as_bytes()[0])] |= 1 << word.len();
        }
        Words { table, lengths }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::PlaceKind;
    use crate::reference::gazetteer::Gazetteer;

    #[test]
    fn words_of_public_life_speak_for_their_country() {
        let cases: &[(&str, &[(&str, u32)])] = &[
            ("The sheriff and the Selectmen met; a sheriff spoke.", &[("United States", 2)]),
            ("It cost 2 lakh, said an MP.", &[("India", 1)]),
            ("The town council met.", &[]),
            ("", &[]),
        ];
        for (source, expected) in cases {
            assert_eq!(spoken_for(&[&Text::new(source)]), *expected, "{source}");
        }
    }

    #[test]
    fn every_row_names_a_country_and_no_word_stands_twice() {
        let gazetteer = Gazetteer::embedded().unwrap();
        let all: Vec<&str> = TABLE
            .lines()
            .filter(|row| !row.starts_with('#'))
            .filter_map(|row| row.split_once(": "))
            .flat_map(|(country, words)| {
                let candidates = gazetteer.lookup(country);
                assert!(
                    candidates.iter().any(|found| gazetteer.kind(found.place) == PlaceKind::Country),
                    "{country}"
                );
                words.split(", ")
            })
            .collect();
        assert_eq!(all.len(), words().table.len());
        assert!(all.iter().all(|word| words().may_hold(word)));
    }
}
