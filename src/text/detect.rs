//! Which language a text is written in: what the file declares, else what the words look like.

use crate::language::Language;

/// Shorter texts give nonsense, so they stay undetermined unless their script decides.
const FEWEST_BYTES: usize = 40;

/// The language of an article: the declared one, else detected on the text, else on title and text.
pub fn language(declared: Option<Language>, title: &str, text: &str) -> Language {
    if let Some(language) = declared.filter(|language| *language != Language::UNDETERMINED) {
        return language;
    }
    if text.len() >= FEWEST_BYTES { detect(text) } else { detect(&format!("{title} {text}")) }
}

/// The language that `text` looks like.
pub fn detect(text: &str) -> Language {
    if text.len() < FEWEST_BYTES {
        return Language::UNDETERMINED;
    }
    let mut end = text.len().min(600);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    // All capitals, as on old wires, look like no language at all.
    let sample = text[..end].to_lowercase();
    let code = match whichlang::detect_language(&sample) {
        whichlang::Lang::Ara => "ar",
        whichlang::Lang::Cmn => "zh",
        whichlang::Lang::Deu => "de",
        whichlang::Lang::Eng => "en",
        whichlang::Lang::Fra => "fr",
        whichlang::Lang::Hin => "hi",
        whichlang::Lang::Ita => "it",
        whichlang::Lang::Jpn => "ja",
        whichlang::Lang::Kor => "ko",
        whichlang::Lang::Nld => "nl",
        whichlang::Lang::Por => "pt",
        whichlang::Lang::Rus => "ru",
        whichlang::Lang::Spa => "es",
        whichlang::Lang::Swe => "sv",
        whichlang::Lang::Tur => "tr",
        whichlang::Lang::Vie => "vi",
    };
    Language::parse(code).unwrap_or(Language::UNDETERMINED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declared_language_wins_and_short_texts_stay_undetermined() {
        let english = "The ministers met on Monday to discuss the new budget for the coming year.";
        assert_eq!(language(Language::parse("fr"), "", english).code(), "fr");
        assert_eq!(language(None, "", english).code(), "en");
        assert_eq!(language(None, "Premier Lyon", "").code(), "und");
        assert_eq!(detect(&english.to_uppercase()).code(), "en");
    }
}
