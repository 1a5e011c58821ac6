//! What some languages write on to a word that others write beside it: "and", "the" and "to" before an Arabic word,
//! particles and auxiliary verbs after a Korean one. Taken off the same way in articles and in questions.

use std::sync::LazyLock;

/// "And the", "with the" and the like, and the article alone.
const ARABIC_ARTICLES: &[&str] = &["وال", "بال", "فال", "كال", "ولل", "لل", "ال"];

/// "And", "so", "with", "to", "like": each a letter, with how many letters a word keeps without it. They are also first
/// letters of words, from which they are taken as well: what counts is that a word is found with and without them.
const ARABIC_LETTERS: &[(char, usize)] = &[('و', 3), ('ف', 4), ('ب', 4), ('ل', 4), ('ك', 4)];

/// Fewer letters than this are no Arabic word.
const SHORTEST_ARABIC: usize = 3;

/// An Arabic word without what is written before it.
pub(super) fn without_proclitics(word: &str) -> &str {
    let mut bare = word;
    while let Some(rest) = without_one(bare) {
        bare = rest;
    }
    bare
}

fn without_one(word: &str) -> Option<&str> {
    let keeps = |rest: &&str, letters: usize| rest.chars().nth(letters - 1).is_some();
    let article = ARABIC_ARTICLES.iter().find_map(|article| word.strip_prefix(article));
    article.filter(|rest| keeps(rest, SHORTEST_ARABIC)).or_else(|| {
        let letters = ARABIC_LETTERS.iter();
        letters
            .filter_map(|&(letter, least)| Some((word.strip_prefix(letter)?, least)))
            .find_map(|(rest, least)| keeps(&rest, least).then_some(rest))
    })
}

/// What is written after Korean words, the longest first.
static KOREAN_ENDINGS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/lang/ko/endings.txt").lines();
    let mut endings: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    endings.sort_by_key(|ending| std::cmp::Reverse(ending.len()));
    endings
});

/// A Korean word keeps so many syllables: shorter ones may be words that only end like that.
const SHORTEST_KOREAN: usize = 2;

/// Whether this is a syllable of the Korean script.
pub(super) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

/// A Korean word without what is written after it.
pub(super) fn without_endings(word: &str) -> &str {
    let mut bare = word;
    while let Some(rest) = KOREAN_ENDINGS.iter().find_map(|ending| without_ending(bare, ending)) {
        bare = rest;
    }
    bare
}

fn without_ending<'w>(word: &'w str, ending: &str) -> Option<&'w str> {
    let rest = word.strip_suffix(ending)?;
    rest.chars().nth(SHORTEST_KOREAN - 1).map(|_| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_words_are_found_with_and_without_what_is_before_them() {
        for (word, others) in [
            ("حكومة", "الحكومة والحكومة وحكومة بالحكومة للحكومة لحكومة فالحكومة"),
            ("بغداد", "وبغداد لبغداد ببغداد"),
            ("لبنان", "ولبنان بلبنان للبنان"),
            ("وزير", "الوزير والوزير ووزير لوزير"),
            ("رئيس", "الرئيس والرئيس للرئيس ورئيس"),
        ] {
            for other in others.split(' ') {
                assert_eq!(without_proclitics(other), without_proclitics(word), "{other}");
            }
        }
        assert_ne!(without_proclitics("بغداد"), without_proclitics("حداد"));
        assert_eq!(without_proclitics("الله"), "الله");
        assert_eq!(without_proclitics("من"), "من");
    }

    #[test]
    fn korean_words_are_found_with_their_particles() {
        for (word, others) in [
            ("정부", "정부는 정부가 정부의 정부에서 정부에서는 정부와 정부들이"),
            ("발표", "발표했다 발표하고 발표를 발표한 발표됐다"),
            ("고양이", "고양이는 고양이가"),
            ("대통령", "대통령은 대통령이 대통령에게 대통령께서는"),
        ] {
            for other in others.split(' ') {
                assert_eq!(without_endings(other), without_endings(word), "{other}");
            }
        }
        assert_eq!(without_endings("회의"), "회의", "too short to tell");
        assert_ne!(without_endings("정부는"), without_endings("정책은"));
    }
}
