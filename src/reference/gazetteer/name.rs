//! How place names are compared: the key under which they are filed, and which of the many alternate names in
//! circulation are fit to be filed at all.
//!
//! Takes names, gives keys; never looks anything up.

use crate::text::fold;

/// Words that are written two ways in names: the short form and the form of the key.
const SPELLINGS: &[(&str, &str)] =
    &[("st", "saint"), ("ste", "sainte"), ("mt", "mount"), ("ft", "fort"), ("pt", "port"), ("co", "county")];

/// What a division's name may end or begin with that people leave out.
const GENERIC: &[&str] = &[
    "county",
    "parish",
    "district",
    "province",
    "region",
    "oblast",
    "krai",
    "kray",
    "governorate",
    "department",
    "prefecture",
    "municipality",
    "borough",
    "republic",
    "state",
    "territory",
    "canton",
    "raion",
    "rayon",
    "regency",
    "city",
    "division",
    "voivodeship",
    "commune",
    "area",
    "muhafazat",
    "wilaya",
    "township",
    "autonomous region",
    "metropolitan city",
    "city and borough",
    "census area",
    "arrondissement",
    "oblast",
];

/// The key under which `name` is filed: folded, without commas, `St.` as `saint`, no leading article.
pub fn key(name: &str) -> String {
    let folded = fold::key(name);
    let mut key = String::with_capacity(folded.len() + 8);
    let words = || folded.split([' ', ',', '(', ')']).filter(|word| !word.is_empty());
    let skip = usize::from(words().next() == Some("the") && words().nth(1).is_some());
    let count = words().count() - skip;
    for (at, word) in words().skip(skip).enumerate() {
        if at > 0 {
            key.push(' ');
        }
        // `Co` ends a name (Madison Co.), `St` begins or continues one.
        let fits = if word == "co" { at > 0 && at + 1 == count } else { at + 1 < count };
        key.push_str(
            SPELLINGS.iter().find(|(short, _)| fits && *short == word).map_or(word, |(_, long)| long),
        );
    }
    key
}

/// A name whose quarter of the sky is written by its initial, in full: `S.Korea` → `South Korea`.
pub fn with_its_quarter(name: &str) -> Option<String> {
    const QUARTERS: [(&str, &str); 4] = [("N.", "North"), ("S.", "South"), ("E.", "East"), ("W.", "West")];
    let (quarter, rest) =
        QUARTERS.iter().find_map(|(short, quarter)| Some((quarter, name.strip_prefix(short)?)))?;
    let rest = rest.trim_start();
    let mut letters = rest.chars();
    let is_name =
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase);
    is_name.then(|| format!("{quarter} {rest}"))
}

/// `key` without a generic word at either end: `rapides parish` → `rapides`.
pub fn without_generic(key: &str) -> Option<&str> {
    for generic in GENERIC {
        if let Some(rest) = key.strip_suffix(generic).and_then(|rest| rest.strip_suffix(' ')) {
            return Some(rest.strip_suffix(" autonomous").unwrap_or(rest));
        }
        if let Some(rest) = key.strip_prefix(generic).and_then(|rest| rest.strip_prefix(' ')) {
            return Some(rest.strip_prefix("of ").unwrap_or(rest));
        }
    }
    None
}

/// Whether an alternate name of unknown language is a name that somebody would print. Tables hold airport codes,
/// machine transliterations in lower case, and names that carry their own explanation.
pub fn is_printable_alternate(name: &str) -> bool {
    let length = name.chars().count();
    if length > 60 || name.contains([',', '(', ')', '،', '/', ';', ':', '[', '|', '、', '"']) {
        return false;
    }
    let Some(first) = name.chars().find(|c| c.is_alphabetic()) else { return false };
    if is_latin(first) {
        return length >= 3 && starts_like_a_name(name) && !is_code(name);
    }
    if is_cased(first) {
        return length >= 3 && first.is_uppercase();
    }
    length >= 2
}

/// Latin letters, with or without accents.
pub fn is_latin(c: char) -> bool {
    c.is_alphabetic() && (c.is_ascii() || matches!(c, '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}'))
}

fn is_cased(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase()
}

fn starts_like_a_name(name: &str) -> bool {
    let word = name.trim_start_matches(|c: char| !c.is_alphabetic());
    let rest =
        ["al-", "el-", "as-", "ad-", "an-", "ar-", "at-", "az-", "ash-", "d'", "l'", "la ", "le ", "s-"]
            .iter()
            .find_map(|article| word.strip_prefix(article))
            .unwrap_or(word);
    rest.chars().next().is_some_and(char::is_uppercase)
}

fn is_code(name: &str) -> bool {
    name.chars().count() <= 4 && name.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// The label of a place: its name without diacritics and quotation marks, `/` written `-`, single spaces.
pub fn label(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    let mut label = String::with_capacity(name.len());
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            '‘' | '’' | '`' | 'ʼ' | 'ʿ' | 'ʾ' | '“' | '”' | '"' | 'ʹ' | 'ʺ' | '´' | '′' | '\u{2bb}' =>
                {}
            'ø' => label.push('o'),
            'Ø' => label.push('O'),
            'ł' => label.push('l'),
            'Ł' => label.push('L'),
            'đ' | 'ð' => label.push('d'),
            'Đ' | 'Ð' => label.push('D'),
            'ß' => label.push_str("ss"),
            'æ' => label.push_str("ae"),
            'Æ' => label.push_str("Ae"),
            'œ' => label.push_str("oe"),
            'Œ' => label.push_str("Oe"),
            'þ' => label.push_str("th"),
            'Þ' => label.push_str("Th"),
            'ı' => label.push('i'),
            'ə' => label.push('a'),
            'Ə' => label.push('A'),
            '/' | '–' | '—' | '‑' | '−' => label.push('-'),
            c if c.is_whitespace() => {
                if !label.ends_with(' ') {
                    label.push(' ');
                }
            }
            c => label.push(c),
        }
    }
    label.trim_matches([' ', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        let cases = [
            ("St. Louis", "saint louis"),
            ("Saint Louis", "saint louis"),
            ("Ft. Worth", "fort worth"),
            ("Washington, D.C.", "washington dc"),
            ("the Netherlands", "netherlands"),
            ("The", "the"),
            ("Al Qā’im", "al qaim"),
            ("al-Qa'im", "al qaim"),
            ("Madison Co.", "madison county"),
            ("Co Tipperary", "co tipperary"),
            ("Main St.", "main st"),
            ("", ""),
            (" , ", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(key(name), expected, "{name}");
        }
    }

    #[test]
    fn quarters_of_the_sky_are_written_out() {
        let cases = [
            ("S.Korea", Some("South Korea")),
            ("N. Korea", Some("North Korea")),
            ("W.Bank", Some("West Bank")),
            ("N.Y.", None),
            ("S.A", None),
            ("Korea", None),
            ("N.", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(with_its_quarter(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn labels_are_plain() {
        let cases = [
            ("Al Qā’im", "Al Qaim"),
            ("İzmir", "Izmir"),
            ("Łódź", "Lodz"),
            ("N'Djamena", "N'Djamena"),
            ("Biel/Bienne", "Biel-Bienne"),
            ("'Asir Region", "Asir Region"),
        ];
        for (name, expected) in cases {
            assert_eq!(label(name), expected, "{name}");
        }
    }

    #[test]
    fn junk_is_no_alternate_name() {
        for good in ["Al-Qaim", "Багдад", "بغداد", "巴格达", "Kief", "al-Qaim", "LaPlata"] {
            assert!(is_printable_alternate(good), "{good}");
        }
        for bad in ["BGW", "tkht qysr", "لندن، اونتاریو", "PAR", "", "a", "ჩ", "Hiruharama)"] {
            assert!(!is_printable_alternate(bad), "{bad}");
        }
    }

    #[test]
    fn generic_words_can_be_left_out() {
        let cases = [
            ("rapides parish", Some("rapides")),
            ("province of bari", Some("bari")),
            ("county", None),
            ("paris", None),
        ];
        for (name, expected) in cases {
            assert_eq!(without_generic(name), expected, "{name}");
        }
    }
}
