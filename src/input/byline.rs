//! A byline to the people it names.
//!
//! Takes what stands where authors are named ("By Jane Doe and John Roe, Reuters"), gives the names. The words are those
//! of `data/lang/bylines.toml`. Never decides who somebody is.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::text::weekday::is_full_weekday;

/// Words of bylines, lower case.
#[derive(Deserialize, Default)]
struct Words {
    openers: Vec<String>,
    signers: Vec<String>,
    joints: Vec<String>,
    ends: Vec<String>,
    never: Vec<String>,
    roles: Vec<String>,
    agencies: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // A data file of ours that does not parse is caught by the tests; a reader without it still reads.
    toml::from_str(include_str!("../../data/lang/bylines.toml")).unwrap_or_default()
});

/// The joints, and what ends a name, between spaces.
static JOINTS: LazyLock<Vec<String>> = LazyLock::new(|| between_spaces(&WORDS.joints));
static ENDS: LazyLock<Vec<String>> = LazyLock::new(|| between_spaces(&WORDS.ends));

fn between_spaces(words: &[String]) -> Vec<String> {
    words.iter().map(|word| format!(" {word} ")).collect()
}

/// Whether a line opens like a byline: with one of the words for "by", and a name in capitals after it.
pub(super) fn opens(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    WORDS.openers.iter().any(|opener| {
        let (Some(start), Some(after)) = (line.get(..opener.len()), line.get(opener.len()..)) else {
            return false;
        };
        let after = after.trim_start_matches(':');
        start.eq_ignore_ascii_case(opener)
            && after.starts_with(' ')
            && after.trim_start().starts_with(char::is_uppercase)
    })
}

/// Whether a line is only the word for "by": the name stands beside it.
pub(super) fn is_opener(line: &str) -> bool {
    let word = line.trim_matches(|c: char| !c.is_alphanumeric());
    WORDS.openers.iter().any(|opener| opener.eq_ignore_ascii_case(word))
}

/// Whether something holds a word that no name has.
pub(super) fn is_no_name(text: &str) -> bool {
    holds(text, &WORDS.never) || words(text).any(is_full_weekday)
}

/// Whether this is how an agency of three letters signs.
pub(super) fn is_agency(name: &str) -> bool {
    WORDS.agencies.iter().any(|agency| agency == name)
}

/// Whether something holds a word of what people are or work for.
pub(super) fn is_role(text: &str) -> bool {
    holds(text, &WORDS.roles)
}

fn holds(text: &str, list: &[String]) -> bool {
    words(text).any(|word| list.contains(&word.to_lowercase()))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(|word| word.trim_matches(['.', ':', ',']))
}

/// Whether a line is a byline and nothing else: it opens like one, names people in two words or more, and is short.
pub(super) fn is_line(line: &str) -> bool {
    let whole = |name: &String| {
        let words = name.split_whitespace().filter(|word| word.starts_with(char::is_uppercase)).count();
        words >= 2 && name.split_whitespace().count() <= 5
    };
    let sentence = line.ends_with(['.', '?', '!', '"']) || line.split_whitespace().count() > 12;
    // "De Gaulle" opens with a word for "by" and is a name all the same.
    let opened = |name: &String| name != line && whole(name);
    opens(line) && !sentence && line.len() <= LONGEST_NAME && people(line).first().is_some_and(opened)
}

/// Whether a text may begin a line that [`signs`].
pub(super) fn begins(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().trim_end_matches(':');
    WORDS.signers.iter().any(|signer| signer.eq_ignore_ascii_case(first))
}

/// Whether a line signs an article: the word for "by" alone, and people in two words or more.
pub(super) fn signs(line: &str) -> bool {
    begins(line) && is_line(line)
}

/// The name in a line of a name and a day, set apart: "11.12.2019 - Jane Doe", "Jane Doe | 3 May 2020".
pub(super) fn beside_day(line: &str) -> Option<&str> {
    let mut parts: Vec<&str> = line.split(['|', '·', '•']).flat_map(|part| part.split(" - ")).collect();
    parts = parts.into_iter().flat_map(|part| part.split(" – ")).map(str::trim).collect();
    parts.retain(|part| !part.is_empty());
    let is_day = |part: &&str| {
        let years = part.split(|c: char| !c.is_ascii_digit());
        let mut years =
            years.filter(|word| word.len() == 4 && (word.starts_with("19") || word.starts_with("20")));
        years.next().is_some() && part.split_whitespace().count() <= 6
    };
    let is_name = |part: &&str| {
        let words = part.split_whitespace().count();
        let mut capital = part.split_whitespace().map(|word| word.starts_with(char::is_uppercase));
        (2..=3).contains(&words)
            && capital.all(|is| is)
            && !part.contains(|c: char| c.is_ascii_digit() || c == ':')
    };
    let name = parts.iter().copied().find(is_name)?;
    ((2..=3).contains(&parts.len()) && parts.iter().any(is_day)).then_some(name)
}

/// Words that stand before a name where a byline opens with the day: "Posted on 3 May 2020 by Jane Doe".
const WITHIN: &[&str] = &[" by ", " von ", " por ", " par ", " door ", " av "];

/// The byline proper: after the label or the word for "by" where something else comes first, up to the next label.
fn proper(byline: &str) -> &str {
    let label = |word: &str| word.len() > 3 && word.ends_with(':') && word.starts_with(char::is_uppercase);
    let named = |word: &&str| {
        let word = word.trim_end_matches(':');
        WORDS.openers.iter().any(|opener| opener.eq_ignore_ascii_case(word) && opener.len() > 3)
    };
    let labels: Vec<&str> = byline.split_whitespace().filter(|word| label(word)).collect();
    if let Some(own) = labels.iter().find(|word| named(word)).filter(|_| labels.len() > 1)
        && let Some((_, after)) = byline.split_once(*own)
    {
        let next = after.split_whitespace().find(|word| label(word)).and_then(|word| after.find(word));
        return &after[..next.unwrap_or(after.len())];
    }
    let found = WITHIN.iter().filter_map(|word| Some((byline.find(word)?, word))).min();
    match found {
        Some((at, word)) if byline[..at].contains(|c: char| c.is_ascii_digit()) => &byline[at + word.len()..],
        _ => byline,
    }
}

/// Longer than this is no name.
const LONGEST_NAME: usize = 80;

/// The people of a byline, in order.
pub(super) fn people(byline: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    // Addresses of mail and web stand beside names, and are none.
    let words: Vec<&str> = proper(byline)
        .split([' ', '\t'])
        .filter(|word| !word.contains("://") && !word.contains('@') && !is_host(word))
        .collect();
    for part in words.join(" ").split([',', ';', '/', '|', '&', '\n', '·', '•']) {
        let is_first = names.is_empty();
        for name in split_joints(part) {
            let name = tidy(name);
            // After a name comes what somebody is, or works for: "Jane Doe, Herald Staff".
            let is_said_of = !is_first && is_role(&name) && names.iter().any(|name| name.contains(' '));
            if is_name(&name) && !is_said_of && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    // Beside names and surnames, a single word is an agency or a place.
    let full = names.iter().filter(|name| name.contains(' ')).count();
    if full > 0 && (full * 2 >= names.len() || names.len() - full <= 2) {
        names.retain(|name| name.contains(' '));
    }
    names
}

/// "example.com/jane", but not "J.K." or "Jr."
fn is_host(word: &str) -> bool {
    let host = word.split('/').next().unwrap_or(word).trim_end_matches([',', ';', '.']);
    host.rsplit_once('.').is_some_and(|(name, tail)| {
        tail.len() > 1
            && tail.chars().all(|c| c.is_ascii_lowercase())
            && name.ends_with(|c: char| c.is_ascii_lowercase())
    })
}

fn split_joints(part: &str) -> Vec<&str> {
    let mut parts = vec![part];
    for joint in JOINTS.iter().filter(|joint| part.contains(joint.as_str())) {
        parts = parts.into_iter().flat_map(|part| split_at(part, joint)).collect();
    }
    parts
}

fn split_at<'p>(part: &'p str, joint: &str) -> Vec<&'p str> {
    let pieces: Vec<&str> = part.split(joint).collect();
    // "Ortega y Gasset" is one person: a short word joins two people only if each has a name and a surname.
    let short = joint.trim().len() <= 2;
    if short && pieces.iter().any(|piece| piece.split_whitespace().count() < 2) { vec![part] } else { pieces }
}

fn tidy(name: &str) -> String {
    let mut rest = name.trim().trim_start_matches(|c: char| !c.is_alphanumeric());
    for opener in &WORDS.openers {
        let Some(start) = rest.get(..opener.len()) else { continue };
        let after = &rest[opener.len()..];
        if start.eq_ignore_ascii_case(opener) && after.starts_with([' ', ':', '\u{a0}']) {
            // "De Gaulle" is a name, "de Anne Dupont" is not.
            let opens = !start.starts_with(char::is_uppercase) || opener.len() > 2 || opener == "by";
            if opens {
                rest = after.trim_start_matches([' ', ':', '\u{a0}']);
            }
        }
    }
    // What follows with figures is the date or the time.
    let mut end = 0;
    for word in rest.split_inclusive(' ') {
        if word.contains(|c: char| c.is_ascii_digit()) {
            break;
        }
        end += word.len();
    }
    let dated = end < rest.len();
    let rest = before_day(&rest[..end], end < rest.len())
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '-' | '–' | '—' | ':' | '"'));
    let words: Vec<&str> = before_end(rest).split_whitespace().collect();
    // One word before figures is a month or a day of the week.
    if dated && words.len() < 2 { String::new() } else { words.join(" ") }
}

/// A name and surname without what follows them: "Jane Doe in Vienna", "Jane Doe for the Herald".
fn before_end(name: &str) -> &str {
    let is_whole = |start: &str| start.split_whitespace().count() >= 2;
    let ends = ENDS.iter().filter_map(|end| name.find(end.as_str()));
    ends.filter(|at| is_whole(&name[..*at])).min().map_or(name, |at| &name[..at])
}

/// Without the word that leads to the day: "Jane Doe on" of "Jane Doe on 3 May".
fn before_day(name: &str, is_dated: bool) -> &str {
    let last = name.trim_end().rsplit_once(' ');
    let leads = |word: &str| word.len() <= 3 && word.chars().all(char::is_lowercase);
    last.filter(|(_, word)| is_dated && leads(word)).map_or(name, |(start, _)| start)
}

fn is_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let opener = WORDS.openers.iter().any(|opener| opener.eq_ignore_ascii_case(name));
    letters >= 2 && !opener && name.len() <= LONGEST_NAME
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_are_cut_into_names() {
        for (byline, names) in [
            ("By Jane Doe and John Roe", vec!["Jane Doe", "John Roe"]),
            ("BY JANE DOE", vec!["JANE DOE"]),
            ("Von Anna Schmidt und Peter Kühn", vec!["Anna Schmidt", "Peter Kühn"]),
            ("Alister Bull", vec!["Alister Bull"]),
            ("Marie-Anne de La Tour", vec!["Marie-Anne de La Tour"]),
            ("De Wever", vec!["De Wever"]),
            ("Jane Doe; Jane Doe", vec!["Jane Doe"]),
            ("https://example.org/me", vec![]),
            ("facebook.com/paper", vec![]),
            ("J.K. Smith", vec!["J.K. Smith"]),
            ("  ", vec![]),
            ("By", vec![]),
            ("Von Anna Schmidt 12.03.2020 - 14:05 Uhr", vec!["Anna Schmidt"]),
            ("Posted on September 21, 2020 by Ada Levi", vec!["Ada Levi"]),
            ("Datum: 19.11.2021 Autor: Fritz Muster Quelle: Wire", vec!["Fritz Muster"]),
            ("Erstellt von Andrea Beer", vec!["Andrea Beer"]),
            ("| By Cara Stone | April 13, 2020", vec!["Cara Stone"]),
            ("José Ortega y Gasset", vec!["José Ortega y Gasset"]),
            ("By Jane Doe, The Harbour Herald", vec!["Jane Doe"]),
            ("Von Jane Doe, dpa", vec!["Jane Doe"]),
            ("By Jane Doe, Press Agency Political Correspondent", vec!["Jane Doe"]),
            ("Jane Doe/HH", vec!["Jane Doe"]),
            ("By Jane Doe and John Press, The Harbour Press", vec!["Jane Doe", "John Press"]),
            ("DOE, J.; ROE, J.; POE, E.; J. X. Moe", vec!["DOE", "ROE", "POE", "J. X. Moe"]),
            ("By The Harbour Press", vec!["The Harbour Press"]),
            ("Jane Doe in Vienna, John Roe in New York", vec!["Jane Doe", "John Roe"]),
            ("Jane Doe am 3. Mai 2020", vec!["Jane Doe"]),
            ("jd/jr", vec!["jd", "jr"]),
            ("Ana Pérez y Luis Gómez", vec!["Ana Pérez", "Luis Gómez"]),
        ] {
            assert_eq!(people(byline), names, "{byline}");
        }
    }

    #[test]
    fn a_name_may_stand_beside_a_day() {
        for (line, name) in [
            ("11.12.2019 - Jane Doe", Some("Jane Doe")),
            ("Jane Doe | 3 May 2020 | 4 min", Some("Jane Doe")),
            ("Jane Doe · Mai 2020", Some("Jane Doe")),
            ("3 May 2020", None),
            ("Jane Doe, Berlin", None),
            ("May 3, 2020 - updated 4 June 2020", None),
            ("Storm over the harbour of Gotland | 3 May 2020", None),
        ] {
            assert_eq!(beside_day(line), name, "{line}");
        }
        for (line, is) in
            [("Von Jane Doe", true), ("Von: Jane Doe", true), ("Foto: Jane Doe", false), ("By then", false)]
        {
            assert_eq!(signs(line), is, "{line}");
        }
    }

    #[test]
    fn words_are_lower_case_and_stand_in_one_list() {
        assert!(WORDS.openers.len() > 40 && WORDS.joints.len() > 9 && WORDS.ends.len() > 9);
        for word in WORDS.openers.iter().chain(&WORDS.never).chain(&WORDS.roles) {
            assert_eq!(*word, word.to_lowercase());
        }
        assert_eq!(WORDS.never.iter().find(|word| WORDS.roles.contains(word)), None);
    }

    #[test]
    fn a_line_is_a_byline_or_text() {
        for line in ["By Jane Doe", "By JANE DOE and JOHN ROE", "Von Anna Schmidt, Berlin", "Por Ana Pérez"]
        {
            assert!(is_line(line), "{line}");
        }
        for line in
            ["By Monday it was over", "By Jane Doe.", "De Gaulle", "Rain", "", "By dpa correspondents"]
        {
            assert!(!is_line(line), "{line}");
        }
    }
}
