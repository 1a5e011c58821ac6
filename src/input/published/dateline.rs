//! The agency dateline that opens a text: `BAGHDAD, June 28 (Reuters) —`, in the styles of the world's agencies.
//!
//! Takes the opening of a text, gives place, day and agency with where they stand, so that the text proper can be told
//! from them. Looks at the first few hundred bytes only. A date without a year stays without one until [`complete`] is
//! given another dated source.

use jiff::civil::Date;

use crate::calendar::{DateSource, Precision};
use crate::input::published::Candidate;
use crate::input::published::parse::{Reading, Stamp, find, month_and_day};
use crate::language::Language;
use crate::span::Span;
use crate::text::weekday::is_weekday;

/// A dateline lies within this many bytes of the start of the text.
const OPENING: usize = 300;
/// A dateline is no longer than this.
const LONGEST: usize = 120;
/// Lines before the dateline (byline, slug) are shorter than this, and at most so many.
const LONGEST_BYLINE: usize = 80;
const LINES: usize = 4;
/// How far a dateline is believed as a publication date.
const TRUST: u8 = 58;
/// A dateline and another source of one article lie at most so many days apart.
const NEAR_DAYS: i32 = 45;

/// Articles between the comma and the day.
const ARTICLES: [&str; 5] = [" le", " den", " the", " el", " il"];

/// Names in parentheses after which nobody doubts that this is a dateline, in lower case.
const AGENCIES: [&str; 44] = [
    "reuters",
    "ap",
    "afp",
    "upi",
    "dpa",
    "efe",
    "ansa",
    "tass",
    "itar-tass",
    "interfax",
    "xinhua",
    "pti",
    "ani",
    "ians",
    "kyodo",
    "yonhap",
    "cna",
    "bernama",
    "antara",
    "irna",
    "isna",
    "sana",
    "wafa",
    "mena",
    "aa",
    "anadolu",
    "ips",
    "apa",
    "sda",
    "belga",
    "anp",
    "lusa",
    "ritzau",
    "ntb",
    "tt",
    "stt",
    "pap",
    "ctk",
    "mti",
    "cnn",
    "bloomberg",
    "acan-efe",
    "prnewswire",
    "business wire",
];

/// A dateline as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dateline {
    /// From its first letter to where the text proper begins.
    pub span: Span,
    /// The place as printed (`BAGHDAD`, `TEHRAN/WASHINGTON`), where one is.
    pub place: Option<Span>,
    /// The date as printed, where one is.
    pub when: Option<Span>,
    /// Year, if given.
    pub year: Option<i16>,
    /// Month, if given.
    pub month: Option<i8>,
    /// Day of the month, if given.
    pub day: Option<i8>,
    /// The agency as printed: `Reuters`.
    pub agency: Option<String>,
}

/// The dateline that `text` opens with, if it does.
pub fn read(text: &str, language: Option<Language>) -> Option<Dateline> {
    let opening = &text[..text.floor_char_boundary(OPENING)];
    let mut start = 0;
    for line in opening.split_inclusive('\n').take(LINES) {
        let content = line.trim();
        if let Some(found) = read_line(text, start + offset_of(line, content), language) {
            return Some(found);
        }
        if content.len() > LONGEST_BYLINE {
            return None;
        }
        start += line.len();
    }
    None
}

/// The dateline of a field that holds nothing else: `SALVADOR, Feb 26`, with or without its dash.
pub fn of_field(field: &str, language: Option<Language>) -> Option<Dateline> {
    let field = field.trim_end_matches(|c: char| c.is_whitespace() || "-–—_".contains(c));
    let mut found = read(&format!("{field} - "), language)?;
    found.span.end = found.span.end.min(field.len());
    Some(found)
}

/// The day that month and day mean when the article is dated by `anchor`: the nearest one, if it is near.
pub fn complete(month: i8, day: i8, anchor: &Stamp) -> Option<Date> {
    let year = anchor.date.year();
    match anchor.precision {
        Precision::Year => Date::new(year, month, day).ok(),
        Precision::Month => {
            let found = nearest(month, day, anchor.date)?;
            let months = i32::from(found.year() - year) * 12 + i32::from(found.month() - anchor.date.month());
            (-1..=1).contains(&months).then_some(found)
        }
        Precision::Day | Precision::Second => {
            let found = nearest(month, day, anchor.date)?;
            ((found - anchor.date).get_days().abs() <= NEAR_DAYS).then_some(found)
        }
    }
}

fn nearest(month: i8, day: i8, anchor: Date) -> Option<Date> {
    let years = [anchor.year() - 1, anchor.year(), anchor.year() + 1];
    let days = years.into_iter().filter_map(|year| Date::new(year, month, day).ok());
    days.min_by_key(|date| (*date - anchor).get_days().abs())
}

impl Dateline {
    /// What it says of the day of publication; a missing year is taken from the best of `others`.
    pub fn candidate(&self, others: &[Candidate]) -> Option<Candidate> {
        let (month, day) = (self.month?, self.day?);
        let date = if let Some(year) = self.year {
            Date::new(year, month, day).ok()?
        } else {
            let anchor = others.iter().max_by_key(|other| other.trust)?;
            complete(month, day, &anchor.stamp)?
        };
        let stamp = Stamp { date, time: None, precision: Precision::Day, assumed: None, shown: None };
        let origin = "dateline".to_owned();
        Some(Candidate { stamp, source: DateSource::Dateline, trust: TRUST, modified: false, origin })
    }
}

fn offset_of(outer: &str, inner: &str) -> usize {
    inner.as_ptr() as usize - outer.as_ptr() as usize
}

/// A dateline that begins at byte `start`.
fn read_line(text: &str, start: usize, language: Option<Language>) -> Option<Dateline> {
    let rest = text.get(start..)?;
    let line = rest.split('\n').next().unwrap_or("");
    let line = &line[..line.floor_char_boundary(LONGEST)];
    // What stands behind the dash is the text, and its parentheses are its own.
    let dash = closing(line);
    let before_dash = dash.as_ref().map_or(line.len(), |dash| dash.start);
    let agency = agency(line).filter(|agency| agency.start < before_dash);
    let (head_end, end) = match &agency {
        Some(agency) => (agency.start, closing_after(line, agency.end)?),
        None => dash.map(|dash| (dash.start, dash.end))?,
    };
    let head = &line[..head_end];
    let mut dateline = Dateline {
        span: Span::new(start, start + end),
        place: None,
        when: None,
        year: None,
        month: None,
        day: None,
        agency: agency.as_ref().map(|agency| line[agency.start + 1..agency.end - 1].trim().to_owned()),
    };
    let place_end = read_date(head, language, &mut dateline);
    dateline.when = dateline.when.map(|when| Span::new(when.start + start, when.end + start));
    // "PARIS, le 28 juin 2021 (AFP)", "Berlin, den 28. Juni 2021".
    let before = head[..place_end].trim_end();
    let before =
        ARTICLES.iter().find_map(|article| before.strip_suffix(article)).unwrap_or(before).trim_end();
    let place = place_of(before, language);
    dateline.place = (!place.is_empty()).then(|| {
        let from = start + offset_of(line, place);
        Span::new(from, from + place.len())
    });
    is_believable(place, before.ends_with(','), &dateline).then_some(dateline)
}

/// The agency in parentheses or slashes: its span, delimiters included.
fn agency(line: &str) -> Option<Span> {
    for (open, close) in [('(', ')'), ('/', '/')] {
        let mut from = 0;
        while let Some(start) = line[from..].find(open).map(|at| at + from) {
            let inside = start + open.len_utf8();
            let Some(end) = line[inside..].find(close).map(|at| at + inside) else { break };
            let name = line[inside..end].trim();
            let known = AGENCIES.contains(&name.to_lowercase().as_str())
                || name.to_lowercase().starts_with("reuters");
            let named = name.chars().next().is_some_and(char::is_uppercase) && name.len() <= 60;
            // Slashes also stand between two places, so there only a known name counts.
            let behind = end + close.len_utf8();
            let fits = known || (named && open == '(') || (named && name.to_lowercase().contains("wire"));
            // "LONDON (UK), 15 FEB 90 (EFE)": only what the dash follows is an agency.
            if fits && closing_after(line, behind).is_some() {
                return Some(Span::new(start, behind));
            }
            from = inside;
        }
    }
    None
}

/// The first byte of the longer dashes.
const DASH: u8 = 0xE2;

/// The dash that ends a dateline, with the white space around it.
fn closing(line: &str) -> Option<Span> {
    let bytes = line.as_bytes();
    let found = memchr::memchr3_iter(b'-', b'_', DASH, bytes).find_map(|at| dash_around(bytes, at))?;
    let behind = &line[found.end..];
    let text = behind.trim_start_matches(|c: char| c.is_whitespace() || "-–—_".contains(c));
    Some(Span::new(found.start, line.len() - text.len()))
}

/// The dash that byte `at` belongs to: between spaces, doubled, long, or after a full stop.
fn dash_around(bytes: &[u8], at: usize) -> Option<Span> {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let starts = |mark: &[u8]| bytes[at..].starts_with(mark);
    let (spaced, start) = (before == Some(b' '), at - usize::from(before == Some(b' ')));
    match bytes[at] {
        b'-' if spaced && starts(b"-- ") => Some(Span::new(start, at + 3)),
        b'-' | b'_' if spaced && bytes.get(at + 1) == Some(&b' ') => Some(Span::new(start, at + 2)),
        b'-' if before == Some(b'.') => Some(Span::new(at - 1, at + 1)),
        b'-' if starts(b"--") => Some(Span::new(at, at + 2)),
        DASH if starts("—".as_bytes()) || starts("–".as_bytes()) => {
            let is_between = spaced && bytes.get(at + 3) == Some(&b' ');
            Some(if is_between { Span::new(start, at + 4) } else { Span::new(at, at + 3) })
        }
        _ => None,
    }
}

/// Where the text begins after an agency: directly behind a dash, a colon or a full stop.
fn closing_after(line: &str, agency_end: usize) -> Option<usize> {
    let rest = &line[agency_end..];
    let text = rest.trim_start_matches(|c: char| c.is_whitespace() || "-–—_:.·|".contains(c));
    let marks = &rest[..rest.len() - text.len()];
    marks.contains(|c: char| "-–—_:.".contains(c)).then_some(agency_end + marks.len())
}

/// Reads the date of `head` into `dateline`; gives where the place before it ends.
fn read_date(head: &str, language: Option<Language>, dateline: &mut Dateline) -> usize {
    let reading = Reading { language, ..Reading::default() };
    if let Some(found) = find(head, &reading).into_iter().next() {
        let date = found.stamp.date;
        (dateline.year, dateline.month, dateline.day) =
            (Some(date.year()), Some(date.month()), Some(date.day()));
        dateline.when = Some(found.span);
        return found.span.start;
    }
    let Some((month, day, when)) = month_and_day(head, language) else { return head.len() };
    (dateline.month, dateline.day) = (Some(month), Some(day));
    dateline.when = Some(when);
    when.start
}

/// The place without the marks and the weekday around it.
fn place_of(head: &str, language: Option<Language>) -> &str {
    let trim =
        |place: &str| place.trim_matches(|c: char| c.is_whitespace() || ",;:-–—_/|*·".contains(c)).len();
    let mut place = head.trim_start_matches(|c: char| c.is_whitespace() || ",;:-–—_/|*·".contains(c));
    place = &place[..trim(place)];
    if let Some((before, last)) = place.rsplit_once([',', ' '])
        && is_weekday(last, language)
    {
        place = before.trim_end_matches([',', ' ']);
    }
    place
}

/// Whether what was read is a dateline and not the beginning of a sentence.
fn is_believable(place: &str, comma: bool, dateline: &Dateline) -> bool {
    let known_agency = dateline.agency.as_ref().is_some_and(|agency| {
        let agency = agency.to_lowercase();
        AGENCIES.iter().any(|known| agency == *known)
            || agency.starts_with("reuters")
            || agency.contains("wire")
    });
    if place.is_empty() {
        return known_agency;
    }
    let named = place.chars().next().is_some_and(char::is_uppercase) && place.len() <= 60;
    if !named
        || place.split_whitespace().count() > 6
        || place.contains(['.', '!', '?']) && place.ends_with(['!', '?'])
    {
        return false;
    }
    let shouted = place.split([',', '/', ' ']).next().is_some_and(|word| {
        word.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !word.chars().any(char::is_lowercase)
    });
    let uppercase_words = place.split([' ', '-', '/', ',']).filter(|word| !word.is_empty());
    let capitalised = uppercase_words
        .filter(|word| word.chars().count() > 3)
        .all(|word| !word.chars().next().is_some_and(char::is_lowercase));
    let dated = dateline.day.is_some() && (comma || dateline.agency.is_some()) && !is_preposition(place);
    capitalised && (known_agency || dated || shouted && !place.contains(char::is_numeric))
}

/// "On Monday, June 28 - …": what is left of the place is a word that leads to the date.
fn is_preposition(place: &str) -> bool {
    ["on", "by", "since", "until", "from", "last", "this", "am", "le", "el"]
        .contains(&place.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        let found = read(text, None)?;
        let place = found.place.map_or("", |place| place.of(text));
        let date = [found.year.map(i32::from), found.month.map(i32::from), found.day.map(i32::from)];
        let date: Vec<String> = date.into_iter().flatten().map(|part| part.to_string()).collect();
        let rest = &text[found.span.end..];
        Some(format!("{place}|{}|{}|{rest}", date.join("-"), found.agency.unwrap_or_default()))
    }

    #[test]
    fn datelines_of_many_agencies() {
        let cases = [
            ("BAGHDAD, June 28 (Reuters) — Text", "BAGHDAD|6-28|Reuters|Text"),
            ("WASHINGTON  (Reuters) - Text", "WASHINGTON||Reuters|Text"),
            ("SALVADOR, Feb 26 - Text", "SALVADOR|2-26||Text"),
            ("GUATEMALA CITY, 4 FEB 90 (ACAN-EFE) -- Text", "GUATEMALA CITY|1990-2-4|ACAN-EFE|Text"),
            ("LIMA, 25 OCT 89 (EFE) -- [TEXT] Text", "LIMA|1989-10-25|EFE|[TEXT] Text"),
            ("PARIS (AP) _ Text", "PARIS||AP|Text"),
            ("LONDON, March 3 /PRNewswire/ -- Text", "LONDON|3-3|PRNewswire|Text"),
            ("NEW DELHI, Sept. 3, 2010 (AFP) - Text", "NEW DELHI|2010-9-3|AFP|Text"),
            ("TEHRAN/WASHINGTON, June 28 (Reuters) - Text", "TEHRAN/WASHINGTON|6-28|Reuters|Text"),
            ("By Jane Doe\n\nBAGHDAD, June 28 (Reuters) - Text", "BAGHDAD|6-28|Reuters|Text"),
            ("Berlin (dpa) - Text", "Berlin||dpa|Text"),
            ("Madrid, 28 jun (EFE).- Text", "Madrid|6-28|EFE|Text"),
            ("PARIS, 28 juin 2021 (AFP) - Text", "PARIS|2021-6-28|AFP|Text"),
            ("Paris, le 28 juin 2021 – Text", "Paris|2021-6-28||Text"),
            ("MOSCOW. June 28 (Interfax) - Text", "MOSCOW.|6-28|Interfax|Text"),
            ("NEW YORK — Text", "NEW YORK|||Text"),
            ("WASHINGTON, D.C. -- Text", "WASHINGTON, D.C.|||Text"),
            ("PORTLAND, Ore. (AP) — Text", "PORTLAND, Ore.||AP|Text"),
            ("BAGHDAD, Monday, June 28 (Reuters) - Text", "BAGHDAD|6-28|Reuters|Text"),
            ("LONDON (UK), 15 FEB 90 (EFE) -- Text", "LONDON (UK)|1990-2-15|EFE|Text"),
            ("London, March 24 - The bank (of England) - Text", "London|3-24||The bank (of England) - Text"),
            ("(Reuters) - Text", "||Reuters|Text"),
            ("June 28 (Reuters) - Text", "|6-28|Reuters|Text"),
            (
                "BOGOTA, 3 APR 90 (INRAVISION TELEVISION CADENA 1) -- [REPORT] Text",
                "BOGOTA|1990-4-3|INRAVISION TELEVISION CADENA 1|[REPORT] Text",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn fields_hold_datelines_without_a_dash() {
        for field in ["SALVADOR, Feb 26", "SALVADOR, Feb 26 -", "SALVADOR, 26 FEB 87 (EFE)"] {
            let found = of_field(field, None).unwrap();
            assert_eq!((found.month, found.day), (Some(2), Some(26)), "{field}");
            assert!(field.get(found.span.start..found.span.end).is_some(), "{field}");
        }
        assert_eq!(of_field("", None), None);
    }

    #[test]
    fn sentences_are_no_datelines() {
        let cases = [
            "The minister (Labour) - who resigned in June - said so.",
            "Joe Biden (Democrat) said on June 28 that he would.",
            "He came - and went.",
            "A man in Baghdad — who was not named — said so.",
            "On June 28 - a Monday - the strikes began.",
            "On Monday, June 28 - a holiday - the strikes began.",
            "",
            "-",
            "(",
            "I — he",
            "US — no",
        ];
        for text in cases {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn a_missing_year_is_the_nearest_one() {
        let stamp = |text: &str| crate::input::published::parse::parse(text, &Reading::default()).unwrap();
        assert_eq!(complete(12, 31, &stamp("2021-01-01")), Date::new(2020, 12, 31).ok());
        assert_eq!(complete(1, 1, &stamp("2020-12-31")), Date::new(2021, 1, 1).ok());
        assert_eq!(complete(6, 28, &stamp("2021-06")), Date::new(2021, 6, 28).ok());
        assert_eq!(complete(6, 28, &stamp("2021")), Date::new(2021, 6, 28).ok());
        assert_eq!(complete(6, 28, &stamp("2021-01-01")), None, "too far apart to be one article");
        assert_eq!(complete(2, 29, &stamp("2021")), None);
    }
}
