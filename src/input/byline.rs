//! A byline to the people it names.
//!
//! Takes what stands where authors are named ("By Jane Doe and John Roe, Reuters"), gives the names. Never decides who
//! somebody is.

/// Words that open a byline, lower case.
const OPENERS: &[&str] = &[
    "written by",
    "posted by",
    "published by",
    "reported by",
    "compiled by",
    "erstellt von",
    "verfasst von",
    "geschrieben von",
    "veröffentlicht von",
    "artikel von",
    "ein artikel von",
    "bericht von",
    "beitrag von",
    "publicado por",
    "escrito por",
    "redactado por",
    "scritto da",
    "pubblicato da",
    "écrit par",
    "publié par",
    "rédigé par",
    "propos recueillis par",
    "geschreven door",
    "geplaatst door",
    "skrevet av",
    "skrevet af",
    "skriven av",
    "napisał",
    "napisała",
    "fotos",
    "foto",
    "photo",
    "photos",
    "words",
    "auteurs",
    "autoren",
    "autores",
    "autori",
    "автор",
    "текст",
    "by",
    "von",
    "par",
    "por",
    "de",
    "di",
    "da",
    "av",
    "door",
    "od",
    "text",
    "autor",
    "autorin",
    "author",
    "auteur",
    "texte",
    "redaktion",
];

/// Whether a line opens like a byline: with one of the words for "by", and a name in capitals after it.
pub(super) fn opens(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    OPENERS.iter().any(|opener| {
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
    OPENERS.iter().any(|opener| opener.eq_ignore_ascii_case(word))
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

/// Words that stand before a name where a byline opens with the day: "Posted on 3 May 2020 by Jane Doe".
const WITHIN: &[&str] = &[" by ", " von ", " por ", " par ", " door ", " av "];

/// The byline proper: after the label or the word for "by" where something else comes first, up to the next label.
fn proper(byline: &str) -> &str {
    let label = |word: &str| word.len() > 3 && word.ends_with(':') && word.starts_with(char::is_uppercase);
    let named = |word: &&str| {
        let word = word.trim_end_matches(':');
        OPENERS.iter().any(|opener| opener.eq_ignore_ascii_case(word) && opener.len() > 3)
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

/// Words between two names.
const JOINTS: &[&str] =
    &[" and ", " AND ", " und ", " et ", " och ", " with ", " mit ", " y ", " e ", " en ", " i "];

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
        for name in split_joints(part) {
            let name = tidy(name);
            if is_name(&name) && !names.contains(&name) {
                names.push(name);
            }
        }
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
    for joint in JOINTS {
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
    for opener in OPENERS {
        let Some(start) = rest.get(..opener.len()) else { continue };
        let after = &rest[opener.len()..];
        if start.eq_ignore_ascii_case(opener) && after.starts_with([' ', ':', '\u{a0}']) {
            // "De Gaulle" is a name, "de Anne Dupont" is not.
            let opens = !start.starts_with(char::is_uppercase) || opener.len() > 2 || *opener == "by";
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
    let rest = rest[..end]
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '-' | '–' | '—' | ':' | '"'));
    let words: Vec<&str> = rest.split_whitespace().collect();
    // One word before figures is a month or a day of the week.
    if dated && words.len() < 2 { String::new() } else { words.join(" ") }
}

fn is_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let opener = OPENERS.iter().any(|opener| opener.eq_ignore_ascii_case(name));
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
            ("Ana Pérez y Luis Gómez", vec!["Ana Pérez", "Luis Gómez"]),
        ] {
            assert_eq!(people(byline), names, "{byline}");
        }
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
