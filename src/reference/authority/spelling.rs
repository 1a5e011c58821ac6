//! The form in which names of actors are compared: folded, without a leading article, every word in the spelling that
//! stands for all its spellings (`defense` for `defence`, `mohammed` for `Muhammad`). Never used for display.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::text::fold;

static SPELLINGS: &str = include_str!("../../../data/actors/spellings.txt");

/// The key of a name in the list.
pub fn key(name: &str) -> String {
    of_folded(&fold::key(name))
}

/// The same for a name that is folded already.
pub fn of_folded(folded: &str) -> String {
    let bare = folded.strip_prefix("the ").unwrap_or(folded);
    let mut key = String::with_capacity(bare.len());
    for (at, part) in bare.split(' ').enumerate() {
        if at > 0 {
            key.push(' ');
        }
        key.push_str(word(part));
    }
    key
}

/// The spelling that stands for a folded word.
pub fn word(folded: &str) -> &str {
    static WORDS: OnceLock<FxHashMap<&'static str, &'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| read(SPELLINGS));
    words.get(folded).copied().unwrap_or(folded)
}

fn read(table: &'static str) -> FxHashMap<&'static str, &'static str> {
    let mut words = FxHashMap::default();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut spellings = line.split_whitespace();
        let Some(first) = spellings.next() else { continue };
        words.extend(spellings.map(|spelling| (spelling, first)));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        let same = [
            ("Kata’ib Hezbollah", "Kataeb Hizbollah"),
            ("al-Qaeda", "Al Qaida"),
            ("Muammar Gaddafi", "Muammar Qadhafi"),
            ("The Ministry of Defence", "Ministry of Defense"),
            ("Volodymyr Zelenskyy", "Volodymyr Zelensky"),
        ];
        for (one, other) in same {
            assert_eq!(key(one), key(other));
        }
        for (one, other) in
            [("Hassan Nasrallah", "Hussein Nasrallah"), ("Omar", "Amr"), ("Reuters", "Router")]
        {
            assert_ne!(key(one), key(other));
        }
    }

    #[test]
    fn no_spelling_stands_in_two_lines() {
        let mut seen = std::collections::HashSet::new();
        for line in super::SPELLINGS.lines().filter(|line| !line.starts_with('#')) {
            for word in line.split_whitespace() {
                assert!(seen.insert(word), "{word} twice");
            }
        }
    }
}
