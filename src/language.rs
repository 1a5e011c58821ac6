//! The languages dateline knows by name, and what it has for each.
//!
//! [`LANGUAGES`] is the registry: a language is one row here, a folder `data/lang/<code>/` where it has rules of its
//! own, and its cases in `tests/cases/<code>/`. Never guesses: that is `text::detect`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One language of the [`LANGUAGES`] table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(u8);

/// What is known of a language.
#[derive(Debug)]
pub struct LanguageRow {
    /// ISO 639-1 code.
    pub code: &'static str,
    /// English name.
    pub name: &'static str,
    /// Name of the stemmer that the engine has for it, if any.
    pub stemmer: Option<&'static str>,
}

const fn row(code: &'static str, name: &'static str, stemmer: Option<&'static str>) -> LanguageRow {
    LanguageRow { code, name, stemmer }
}

/// Every language, by code; the first row stands for "not known".
pub const LANGUAGES: &[LanguageRow] = &[
    row("und", "undetermined", None),
    row("ar", "Arabic", Some("arabic")),
    row("bg", "Bulgarian", None),
    row("bn", "Bengali", None),
    row("bs", "Bosnian", None),
    row("ca", "Catalan", None),
    row("cs", "Czech", None),
    row("da", "Danish", Some("danish")),
    row("de", "German", Some("german")),
    row("el", "Greek", Some("greek")),
    row("en", "English", Some("english")),
    row("es", "Spanish", Some("spanish")),
    row("et", "Estonian", None),
    row("eu", "Basque", None),
    row("fa", "Persian", None),
    row("fi", "Finnish", Some("finnish")),
    row("fr", "French", Some("french")),
    row("he", "Hebrew", None),
    row("hi", "Hindi", None),
    row("hr", "Croatian", None),
    row("hu", "Hungarian", Some("hungarian")),
    row("id", "Indonesian", None),
    row("is", "Icelandic", None),
    row("it", "Italian", Some("italian")),
    row("ja", "Japanese", None),
    row("ka", "Georgian", None),
    row("ko", "Korean", None),
    row("lt", "Lithuanian", None),
    row("lv", "Latvian", None),
    row("mk", "Macedonian", None),
    row("ms", "Malay", None),
    row("nl", "Dutch", Some("dutch")),
    row("no", "Norwegian", Some("norwegian")),
    row("pl", "Polish", None),
    row("ps", "Pashto", None),
    row("pt", "Portuguese", Some("portuguese")),
    row("ro", "Romanian", Some("romanian")),
    row("ru", "Russian", Some("russian")),
    row("sk", "Slovak", None),
    row("sl", "Slovenian", None),
    row("sq", "Albanian", None),
    row("sr", "Serbian", None),
    row("sv", "Swedish", Some("swedish")),
    row("sw", "Swahili", None),
    row("ta", "Tamil", Some("tamil")),
    row("th", "Thai", None),
    row("tr", "Turkish", Some("turkish")),
    row("uk", "Ukrainian", None),
    row("ur", "Urdu", None),
    row("vi", "Vietnamese", None),
    row("zh", "Chinese", None),
];

impl Language {
    /// "Not known".
    pub const UNDETERMINED: Language = Language(0);

    /// English.
    pub const ENGLISH: Language = Language::of("en");

    /// The language with this ISO 639-1 code, for constants; not known if the table has none.
    pub const fn of(code: &str) -> Language {
        let wanted = code.as_bytes();
        let mut at = 0;
        while at < LANGUAGES.len() {
            let have = LANGUAGES[at].code.as_bytes();
            if have.len() == wanted.len() && have[0] == wanted[0] && have[1] == wanted[1] {
                return Language(at as u8);
            }
            at += 1;
        }
        Language(0)
    }

    /// The language that a tag (`en`, `en-US`, `pt_BR`, `eng` is not one) or an English name stands for.
    pub fn parse(tag: &str) -> Option<Language> {
        let tag = tag.trim();
        let primary = tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase();
        let primary = if primary == "nb" || primary == "nn" { "no" } else { primary.as_str() };
        let found =
            LANGUAGES.iter().position(|row| row.code == primary || row.name.eq_ignore_ascii_case(tag))?;
        (found != 0).then_some(Language(found as u8))
    }

    /// Its row in the table.
    pub fn row(self) -> &'static LanguageRow {
        &LANGUAGES[usize::from(self.0)]
    }

    /// Its ISO 639-1 code, `und` if not known.
    pub fn code(self) -> &'static str {
        self.row().code
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Language, D::Error> {
        let tag = String::deserialize(deserializer)?;
        Ok(Language::parse(&tag).unwrap_or(Language::UNDETERMINED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_files_write_them() {
        for (tag, code) in [("en", "en"), ("en-US", "en"), ("pt_BR", "pt"), ("nb", "no"), ("German", "de")] {
            assert_eq!(Language::parse(tag).map(Language::code), Some(code), "{tag}");
        }
        for tag in ["", "und", "xx", "english-ish"] {
            assert_eq!(Language::parse(tag), None, "{tag}");
        }
    }

    #[test]
    fn the_table_is_sorted_after_its_first_row() {
        assert!(LANGUAGES[1..].is_sorted_by_key(|row| row.code));
    }
}
