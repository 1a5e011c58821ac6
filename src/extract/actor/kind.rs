//! What the words of a name say: of what kind its bearer is, and of which country.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::ActorKind;
use crate::text::Text;
use crate::text::fold;

static KINDS: &str = include_str!("../../../data/actors/kinds.txt");
static COUNTRIES: &str = include_str!("../../../data/gazetteer/countries.tsv");

/// The words that tell kinds and countries.
#[derive(Debug)]
pub struct Words {
    /// In the order in which they decide.
    kinds: Vec<Telling>,
    /// Which of them begin with a word.
    rows: FxHashMap<String, Vec<usize>>,
    countries: FxHashMap<String, (&'static str, Nation)>,
    /// First words of countries' names of two words.
    firsts: FxHashSet<String>,
}

/// A word or phrase that tells of what kind a name's bearer is.
#[derive(Debug)]
struct Telling {
    words: String,
    /// Whether it must end the name.
    at_end: bool,
    kind: ActorKind,
}

impl Telling {
    /// Whether `rest`, a name from one of its words on, begins with it. A single word that is the `whole` name tells
    /// nothing.
    fn tells(&self, rest: &str, whole: bool) -> bool {
        match rest.strip_prefix(self.words.as_str()) {
            Some("") => !whole || self.words.contains(' '),
            Some(after) => after.starts_with(' ') && !self.at_end,
            None => false,
        }
    }
}

/// What the word for a country means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nation {
    /// The country itself.
    Country,
    /// Its people, or the adjective.
    People,
}

impl Words {
    /// The words that come with the program.
    pub fn embedded() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| {
            let countries = countries(COUNTRIES);
            let firsts =
                countries.keys().filter_map(|name| Some(name.split_once(' ')?.0.to_owned())).collect();
            let kinds = kinds(KINDS);
            let mut rows: FxHashMap<String, Vec<usize>> = FxHashMap::default();
            for (row, kind) in kinds.iter().enumerate() {
                let first = kind.words.split(' ').next().unwrap_or_default();
                rows.entry(first.to_owned()).or_default().push(row);
            }
            Words { kinds, rows, countries, firsts }
        })
    }

    /// The kind that the words of an organisation's name tell.
    pub fn kind(&self, name: &str) -> Option<ActorKind> {
        let key = fold::key(name);
        let begins = std::iter::once(0).chain(key.match_indices(' ').map(|(at, _)| at + 1));
        let deciding = begins.flat_map(|at| {
            let rest = &key[at..];
            let first = rest.split(' ').next().unwrap_or_default();
            let rows = self.rows.get(first).map_or(&[][..], Vec::as_slice);
            rows.iter().copied().filter(move |&row| self.kinds[row].tells(rest, at == 0))
        });
        deciding.min().map(|row| self.kinds[row].kind)
    }

    /// The country that a name's words name: "Iraqi Interior Ministry", "Bank of Japan".
    pub fn country(&self, name: &str) -> Option<&'static str> {
        let key = fold::key(name);
        let words: Vec<&str> = key.split(' ').collect();
        (1..=3).rev().find_map(|length| {
            words
                .windows(length)
                .find_map(|window| self.countries.get(&window.join(" ")).map(|known| known.0))
        })
    }

    /// The country that a folded name of several words begins with, and the rest of it.
    pub fn leading_country<'k>(&self, key: &'k str) -> Option<(&'static str, &'k str)> {
        let cuts = key.match_indices(' ').map(|(at, _)| at).take(3);
        let found: Vec<(&str, &str)> =
            cuts.filter_map(|at| Some((self.countries.get(&key[..at])?.0, &key[at + 1..]))).collect();
        found.last().copied()
    }

    /// The country that the word at token `at`, or that word and the next, is or belongs to.
    pub fn country_at(&self, text: &Text<'_>, at: usize) -> Option<&'static str> {
        let mut key = fold::key(text.word(at));
        if let Some((country, _)) = self.countries.get(&key) {
            return Some(country);
        }
        if !self.firsts.contains(&key) || !text.tokens.get(at + 1)?.capital {
            return None;
        }
        key.push(' ');
        key.push_str(&fold::key(text.word(at + 1)));
        self.countries.get(&key).map(|known| known.0)
    }

    /// Whether a whole name is a country's or a people's.
    pub fn nation(&self, name: &str) -> Option<Nation> {
        self.countries.get(&fold::key(name)).map(|known| known.1)
    }
}

fn kinds(table: &str) -> Vec<Telling> {
    let mut kind = ActorKind::Organisation;
    let mut found = Vec::new();
    for line in table.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            kind = ActorKind::parse(name).unwrap_or(ActorKind::Organisation);
            continue;
        }
        for word in line.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let bare = word.trim_start_matches('~');
            found.push(Telling { words: fold::key(bare), at_end: bare.len() != word.len(), kind });
        }
    }
    found
}

/// Labels, other names, adjectives and peoples of the countries.
fn countries(table: &'static str) -> FxHashMap<String, (&'static str, Nation)> {
    let mut found = FxHashMap::default();
    for row in table.lines().filter(|row| !row.starts_with('#')) {
        let columns: Vec<&'static str> = row.split('\t').collect();
        let Some(code) = columns.first().filter(|code| code.len() == 2) else { continue };
        for column in [3, 9, 10, 11, 12] {
            for name in
                columns.get(column).unwrap_or(&"").split('|').map(fold::key).filter(|name| name.len() > 1)
            {
                let nation = if column < 11 { Nation::Country } else { Nation::People };
                found.entry(name).or_insert((*code, nation));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_kind_and_country() {
        let cases = [
            ("Iraqi Interior Ministry", Some(ActorKind::Government), Some("IQ")),
            ("Kata’ib Sayyid al-Shuhada", Some(ActorKind::ArmedGroup), None),
            ("Popular Mobilization Forces", Some(ActorKind::ArmedGroup), None),
            ("Acme Widgets Inc.", Some(ActorKind::Company), None),
            ("Bank of Japan", Some(ActorKind::Company), Some("JP")),
            ("Daily Bugle News", Some(ActorKind::Media), None),
            ("Syrian Arab Army", Some(ActorKind::Military), Some("SY")),
            ("Greenpeace", None, None),
            ("Fire Brigades Union", Some(ActorKind::Organisation), None),
            ("Municipal Police Employees' Retirement System", Some(ActorKind::Organisation), None),
            ("Old Navy", Some(ActorKind::Company), None),
            ("Division of Enforcement", None, None),
            ("Pali Research", Some(ActorKind::Company), None),
            ("Elliott Management", Some(ActorKind::Company), None),
            ("Research Wing", None, None),
            ("Kennedy School of Management", Some(ActorKind::Organisation), None),
            ("Center for Automotive Research", Some(ActorKind::Organisation), None),
            ("Office of Management", Some(ActorKind::Government), None),
            ("Monetary Policy Committee", Some(ActorKind::Government), None),
            ("101st Airborne Division", Some(ActorKind::Military), None),
            ("", None, None),
        ];
        for (name, kind, country) in cases {
            assert_eq!(
                (Words::embedded().kind(name), Words::embedded().country(name)),
                (kind, country),
                "{name}"
            );
        }
    }
}
