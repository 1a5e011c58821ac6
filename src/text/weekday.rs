//! Names of the days of the week in every language of `data/lang/weekdays.toml`, looked up by their folded form.
//!
//! Full names are known whatever the language; short ones are towns and people elsewhere (`Paz`, `Sal`), so they count
//! in their own language only, and English ones everywhere.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::language::Language;
use crate::text::fold;

const NAMES: &str = include_str!("../../data/lang/weekdays.toml");

/// Characters of the longest name that counts in its own language only.
const SHORT: usize = 4;

/// Whether `word` is a day of the week, in any case: `Monday`, `Mon.`, `lundi`; short forms only in `language`.
pub fn is_weekday(word: &str, language: Option<Language>) -> bool {
    let key = fold::key(word);
    let Some(languages) = names().get(key.as_str()) else { return false };
    let own = |known: &Language| *known == Language::ENGLISH || Some(*known) == language;
    is_long(&key) || languages.iter().any(own)
}

/// Whether `word` is the full name of a day of the week in some language.
pub fn is_full_weekday(word: &str) -> bool {
    let key = fold::key(word);
    is_long(&key) && names().contains_key(key.as_str())
}

/// The full names in `language`, folded.
pub fn full_names(language: Language) -> impl Iterator<Item = &'static str> {
    let own = names().iter().filter(move |(_, languages)| languages.contains(&language));
    own.map(|(name, _)| name.as_str()).filter(|name| is_long(name))
}

fn is_long(name: &str) -> bool {
    name.chars().count() > SHORT
}

/// The languages of each name.
fn names() -> &'static FxHashMap<String, Vec<Language>> {
    static TABLE: OnceLock<FxHashMap<String, Vec<Language>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: FxHashMap<String, Vec<Language>> = FxHashMap::default();
        // The file is part of the program; the test below reads it strictly.
        let languages: BTreeMap<String, Vec<Vec<String>>> = toml::from_str(NAMES).unwrap_or_default();
        for (code, days) in languages {
            let language = Language::parse(&code).unwrap_or(Language::UNDETERMINED);
            for name in days.iter().flatten() {
                table.entry(fold::key(name)).or_default().push(language);
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_names_seven_days_per_language() {
        let languages: BTreeMap<String, Vec<Vec<String>>> = toml::from_str(NAMES).unwrap();
        assert!(languages.len() > 40);
        for (code, days) in languages {
            assert!(Language::parse(&code).is_some(), "{code}");
            assert_eq!(days.len(), 7, "{code}");
            assert!(days.iter().all(|names| !names.is_empty()), "{code}");
        }
    }

    #[test]
    fn days_are_known_in_any_case_and_without_accents() {
        let cases =
            ["Monday", "SATURDAY", "Mon.", "miércoles", "Miercoles", "Donnerstag", "понедельник", "الاثنين"];
        for day in cases {
            assert!(is_weekday(day, None), "{day}");
        }
        for other in ["", "May", "day", "Sunderland", "Paz", "Sal", "Mar"] {
            assert!(!is_weekday(other, None), "{other}");
        }
        assert!(is_weekday("Paz", Language::parse("tr")));
        assert!(is_full_weekday("lundi") && !is_full_weekday("Sun") && !is_full_weekday("Mo"));
        assert!(full_names(Language::ENGLISH).any(|name| name == "wednesday"));
    }
}
