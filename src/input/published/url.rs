//! Dates in web addresses: `/2021/06/28/`, `/2021-06-28-`, `20210628`, `/2021/jun/28/`.
//!
//! Takes an address, gives what it says of the day; numbers of articles and pages are no dates. Never opens it.

use jiff::civil::Date;

use crate::calendar::{DateSource, DayOrder, Precision};
use crate::input::published::Candidate;
use crate::input::published::month::month;
use crate::input::published::parse::Stamp;

/// How far the day in an address is believed.
const TRUST: u8 = 54;
/// How far a month or a year in an address is believed.
const COARSE_TRUST: u8 = 35;
/// The web has no articles before.
const FIRST_YEAR: u64 = 1900;
const LAST_YEAR: u64 = 2099;

/// What `url` says of the day of publication.
pub fn candidate(url: &str) -> Option<Candidate> {
    let (date, precision) = date_in(path_of(url))?;
    let trust = if precision >= Precision::Day { TRUST } else { COARSE_TRUST };
    let stamp = Stamp { date, time: None, precision, assumed: None, shown: None };
    Some(Candidate { stamp, source: DateSource::Url, trust, modified: false, origin: "url".to_owned() })
}

/// The order of day and month in the country of a site, where its address tells.
pub fn order_of_site(url: &str) -> Option<DayOrder> {
    let host = url.split("://").nth(1)?.split(['/', '?', '#', ':']).next()?;
    let top = host.rsplit('.').next()?.to_ascii_lowercase();
    let american =
        ["com", "org", "net", "info", "edu", "gov", "mil", "us", "ph", "biz", "tv", "news", "io", "co"];
    (top.len() == 2 && !american.contains(&top.as_str())).then_some(DayOrder::DayFirst)
}

/// The path of the address; of a copy in a web archive, the path of the address that was copied.
fn path_of(url: &str) -> &str {
    let url = url.rfind("http").map_or(url, |at| &url[at..]);
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    match after_scheme.find('/') {
        Some(at) if url.contains("://") => &after_scheme[at..],
        _ => after_scheme,
    }
}

/// The most precise date in a path of folders and names, the leftmost of equals.
pub(crate) fn date_in(path: &str) -> Option<(Date, Precision)> {
    let parts: Vec<&str> =
        path.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let mut best: Option<(Date, Precision)> = None;
    for at in 0..parts.len() {
        let found = date_at(&parts, at);
        if let Some(found) = found.filter(|found| best.is_none_or(|best| found.1 > best.1)) {
            best = Some(found);
        }
    }
    best.or_else(|| folders(path))
}

fn date_at(parts: &[&str], at: usize) -> Option<(Date, Precision)> {
    let part = parts.get(at)?;
    if let Some(date) = compact(part) {
        return Some((date, Precision::Day));
    }
    let number = |at: usize, most: u64| parts.get(at).and_then(|part| small(part, most));
    if let Some(year) = year(part) {
        let named = parts.get(at + 1).and_then(|part| named_month(part));
        if let Some(month) = number(at + 1, 12).or(named)
            && let Some(day) = number(at + 2, 31)
        {
            return Date::new(year, month, day).ok().map(|date| (date, Precision::Day));
        }
        return None;
    }
    // 28-06-2021 and 28-june-2021 in a slug; never 06-28-2021, which could be either.
    let day = small(part, 31)?;
    let year = parts.get(at + 2).and_then(|part| year(part))?;
    let month = parts
        .get(at + 1)
        .and_then(|part| named_month(part))
        .or_else(|| number(at + 1, 12).filter(|_| day > 12))?;
    Date::new(year, month, day).ok().map(|date| (date, Precision::Day))
}

/// Year and month as folders: `/2021/06/`, `/2021-06/`, `/2021/jun/`; a year alone is too often something else.
fn folders(path: &str) -> Option<(Date, Precision)> {
    let folders: Vec<&str> = path.split('/').collect();
    for (at, folder) in folders.iter().enumerate() {
        let (year_text, month_text) = match folder.split_once(['-', '_', '.']) {
            Some((year, month)) => (year, Some(month)),
            None => (*folder, folders.get(at + 1).copied()),
        };
        let (Some(year), Some(month_text)) = (year(year_text), month_text) else { continue };
        let two_digits = month_text.len() == 2;
        if let Some(month) = small(month_text, 12).filter(|_| two_digits).or_else(|| named_month(month_text))
        {
            return Date::new(year, month, 1).ok().map(|date| (date, Precision::Month));
        }
    }
    None
}

fn named_month(part: &str) -> Option<i8> {
    part.chars().all(char::is_alphabetic).then(|| month(part, None)).flatten()
}

fn digits(part: &str) -> Option<u64> {
    part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
}

fn year(part: &str) -> Option<i16> {
    let year = digits(part).filter(|_| part.len() == 4)?;
    (FIRST_YEAR..=LAST_YEAR).contains(&year).then_some(year as i16)
}

fn small(part: &str, most: u64) -> Option<i8> {
    let number = digits(part).filter(|_| part.len() <= 2)?;
    (1..=most).contains(&number).then_some(number as i8)
}

/// `20210628`, also with a time of day behind: the digits must be a day of this or the last century.
fn compact(part: &str) -> Option<Date> {
    let day = match part.len() {
        8 => digits(part)?,
        12 => digits(part)? / 10_000,
        14 => digits(part)? / 1_000_000,
        _ => return None,
    };
    let year = day / 10_000;
    if !(1970..=2049).contains(&year) {
        return None;
    }
    Date::new(year as i16, (day / 100 % 100) as i8, (day % 100) as i8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;

    fn shown(url: &str) -> Option<String> {
        candidate(url).map(|candidate| calendar::shown(candidate.stamp.date, candidate.stamp.precision))
    }

    #[test]
    fn days_in_addresses() {
        let cases = [
            ("https://example.org/2021/06/28/story", "2021-06-28"),
            ("https://example.org/2021/6/8/story", "2021-06-08"),
            ("https://example.org/news/2021-06-28-story.html", "2021-06-28"),
            ("https://example.org/news/story-2021-06-28", "2021-06-28"),
            ("https://example.org/20210628/story", "2021-06-28"),
            ("https://example.org/story_20210628140500.html", "2021-06-28"),
            ("https://example.org/world/2021/jun/28/story", "2021-06-28"),
            ("https://example.org/28-june-2021/story", "2021-06-28"),
            ("https://example.org/story-28-06-2021.html", "2021-06-28"),
            ("https://example.org/2021/06/story", "2021-06"),
            ("https://example.org/2021-06/story", "2021-06"),
            ("/2021/06/28/story", "2021-06-28"),
            (
                "https://web.archive.org/web/20220226054445/http://www.example.org/2021/06/28/story",
                "2021-06-28",
            ),
        ];
        for (url, expected) in cases {
            assert_eq!(shown(url).as_deref(), Some(expected), "{url}");
        }
    }

    #[test]
    fn numbers_that_are_no_dates() {
        let cases = [
            "https://example.org/story-20219928",
            "https://example.org/12345678/story",
            "https://example.org/2021/13/45/story",
            "https://example.org/story/2021",
            "https://example.org/page/2/3",
            "https://example.org/2021-elections/15",
            "https://example.org/2021/02/31/story/",
            "https://20210628.example.org/",
            "https://example.org/a2021/06b/28",
            "",
        ];
        for url in cases {
            let found = shown(url).filter(|date| date.len() > 7);
            assert_eq!(found, None, "{url}");
        }
    }

    #[test]
    fn countries_tell_the_order() {
        assert_eq!(order_of_site("https://www.example.co.uk/x"), Some(DayOrder::DayFirst));
        assert_eq!(order_of_site("https://example.com/x"), None);
        assert_eq!(order_of_site("not an address"), None);
    }
}
