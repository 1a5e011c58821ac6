//! Names of the months in every language of `data/lang/months.toml`, looked up by their folded form.
//!
//! A name that means different months in different languages (`listopad`: October in Croatian, November in Polish)
//! is decided by the language of the page, and stays undecided without one.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::language::Language;
use crate::text::fold;

const NAMES: &str = include_str!("../../../data/lang/months.toml");

/// One name: the month it means in most languages, and what it means in the others.
#[derive(Debug, Default)]
struct Entry {
    meanings: Vec<(Language, i8)>,
}

/// The month, 1 to 12, that `name` means; `language` decides between languages that disagree.
pub(crate) fn month(name: &str, language: Option<Language>) -> Option<i8> {
    let entry = table().get(key(name).as_str())?;
    let own = entry.meanings.iter().find(|(other, _)| Some(*other) == language);
    if let Some((_, month)) = own {
        return Some(*month);
    }
    let first = entry.meanings.first()?.1;
    entry.meanings.iter().all(|(_, month)| *month == first).then_some(first)
}

/// The month that a misread long name means: `Octoher`, `Septernber`. One or two letters may be wrong.
pub(crate) fn misread_month(name: &str) -> Option<i8> {
    let key = key(name);
    if key.chars().count() < 6 {
        return None;
    }
    let english = table().iter().filter(|(known, entry)| {
        known.len() >= 6 && entry.meanings.iter().any(|(language, _)| *language == Language::ENGLISH)
    });
    let mut found = None;
    for (known, entry) in english {
        if known.len().abs_diff(key.len()) <= 1 && strsim::levenshtein(known, &key) <= 1 + key.len() / 9 {
            if found.is_some() {
                return None;
            }
            found = entry.meanings.first().map(|(_, month)| *month);
        }
    }
    found
}

/// The form that a name is looked up by. Scripts from India to Thailand write vowels as marks, so theirs are no accents:
/// without them June is January.
fn key(name: &str) -> String {
    let has_vowel_signs = name.contains(|c| matches!(c, '\u{900}'..='\u{e7f}'));
    if has_vowel_signs { name.to_lowercase() } else { fold::key(name) }
}

fn table() -> &'static FxHashMap<String, Entry> {
    static TABLE: OnceLock<FxHashMap<String, Entry>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: FxHashMap<String, Entry> = FxHashMap::default();
        // The file is part of the program; the test below reads it strictly.
        let languages: BTreeMap<String, Vec<Vec<String>>> = toml::from_str(NAMES).unwrap_or_default();
        for (code, months) in languages {
            let language = Language::parse(&code).unwrap_or(Language::UNDETERMINED);
            for (at, names) in months.iter().enumerate() {
                for name in names {
                    table.entry(key(name)).or_default().meanings.push((language, at as i8 + 1));
                }
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_names_twelve_months_per_language() {
        let languages: BTreeMap<String, Vec<Vec<String>>> = toml::from_str(NAMES).unwrap();
        assert!(languages.len() > 40);
        for (code, months) in languages {
            assert!(Language::parse(&code).is_some(), "{code}");
            assert_eq!(months.len(), 12, "{code}");
            assert!(months.iter().all(|names| !names.is_empty()), "{code}");
        }
    }

    #[test]
    fn names_are_found_in_any_case_and_without_accents() {
        let cases = [
            ("June", 6),
            ("SEPT", 9),
            ("février", 2),
            ("Fevrier", 2),
            ("Mär", 3),
            ("июня", 6),
            ("ИЮНЯ", 6),
            ("يونيو", 6),
            ("حزيران", 6),
            ("Haziran", 6),
            ("kesäkuuta", 6),
            ("Ιουνίου", 6),
            ("जून", 6),
            ("জুন", 6),
            ("ஜூன்", 6),
            ("ביוני", 6),
            ("червня", 6),
            ("Jänner", 1),
        ];
        for (name, expected) in cases {
            assert_eq!(month(name, None), Some(expected), "{name}");
        }
        for name in ["", "Junebug", "Monday", "sum"] {
            assert_eq!(month(name, None), None, "{name}");
        }
    }

    #[test]
    fn languages_that_disagree_are_asked() {
        assert_eq!(month("listopada", Language::parse("hr")), Some(10));
        assert_eq!(month("listopada", Language::parse("pl")), Some(11));
        assert_eq!(month("listopada", None), None);
    }

    #[test]
    fn misread_names_are_recognised_only_when_long() {
        assert_eq!(misread_month("Octoher"), Some(10));
        assert_eq!(misread_month("Septernber"), Some(9));
        assert_eq!(misread_month("Novembcr"), Some(11));
        assert_eq!(misread_month("Mav"), None);
        assert_eq!(misread_month("member"), None);
    }
}
