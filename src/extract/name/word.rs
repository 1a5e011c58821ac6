//! What is known of one word by itself: its normal form, its shape, its hash.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::xxh3_64;

use crate::text::token::{BREAK, SOFT_HYPHEN, is_apostrophe};

/// The hash by which words and names are looked up.
pub fn hash(word: &str) -> u64 {
    xxh3_64(word.as_bytes())
}

/// Lower case, no accents, no apostrophes, every digit a `0`: the form under which clusters and lexicon know a word.
pub fn normal(word: &str) -> String {
    let mut normal = String::with_capacity(word.len());
    write_normal(word, &mut normal);
    normal
}

/// Appends the normal form of `word` to `out`.
pub fn write_normal(word: &str, out: &mut String) {
    if word.is_ascii() {
        for byte in word.bytes() {
            match byte {
                b'0'..=b'9' => out.push('0'),
                b'\'' | b'`' if word.len() > 2 => {}
                _ => out.push(byte.to_ascii_lowercase() as char),
            }
        }
        return;
    }
    for c in word.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            _ if c.is_numeric() => out.push('0'),
            BREAK | SOFT_HYPHEN | ' ' | '\n' => {}
            _ if is_apostrophe(c) => {
                if word.chars().count() <= 2 {
                    out.push('\'');
                }
            }
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'ı' => out.push('i'),
            'ß' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            '–' | '—' | '‐' | '‑' => out.push('-'),
            '“' | '”' => out.push('"'),
            _ => out.extend(c.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn spellings_of_one_word_share_a_normal_form() {
        let cases = [
            ("Kata'ib", "kataib"),
            ("Kata’ib", "kataib"),
            ("U.S.", "u.s."),
            ("São", "sao"),
            ("1996", "0000"),
            ("'s", "'s"),
            ("’s", "'s"),
            ("Łódź", "lodz"),
            ("Jeru ¬ salem", "jerusalem"),
            ("Con\u{ad}gress", "congress"),
        ];
        for (word, expected) in cases {
            assert_eq!(normal(word), expected, "{word}");
        }
    }
}
