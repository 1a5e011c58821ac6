//! Dates as archives write them: one string in, day, time and precision out.
//!
//! [`parse`] reads a string that is a date (a metadata field), [`find`] the dates inside a longer string. Both know ISO
//! 8601, RFC 2822, the spelled styles of the languages of `data/lang/months.toml`, numeric styles in every order, compact
//! digits and Unix times. The day is the one printed: no zone is ever converted. Impossible dates (31 February,
//! 0000-00-00, year 99999, the zero of a clock) are no dates. Never reads a clock, never guesses a year.
//!
//! Two digits of a year mean 1950 to 2049, and never later than [`Reading::latest`]. Where day and month could be
//! swapped, [`Reading::order`] decides, else the habit of the separator and the language; the result says so.

use jiff::civil::Date;

use crate::calendar::{DayOrder, Precision};
use crate::input::published::scan::Scanner;
use crate::input::published::token::{Kind, pieces};
use crate::language::Language;
use crate::span::Span;

/// Strings longer than this are read up to here: no date is longer, and no field may cost much.
const LONGEST: usize = 4096;

/// What is known before a date is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// Order of day and month, learned from other dates of the same folder or from the country of the site.
    pub order: Option<DayOrder>,
    /// Language of the text.
    pub language: Option<Language>,
    /// The latest day that makes sense, if any: decides the century of two-digit years.
    pub latest: Option<Date>,
}

/// A date that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The day as printed; the first of the month or year when only that is known.
    pub date: Date,
    /// Time of day with its offset where one was given: `14:05:00+02:00`.
    pub time: Option<String>,
    /// How much of `date` was given.
    pub precision: Precision,
    /// Day and month could be the other way round, and nothing but habit chose this order.
    pub assumed: Option<DayOrder>,
    /// The order of day and month that its figures show: 28/06/2021.
    pub shown: Option<DayOrder>,
}

/// A date inside a longer string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it covers, time included.
    pub span: Span,
    /// The date.
    pub stamp: Stamp,
}

/// Reads `text`, which is a date and little else.
pub fn parse(text: &str, reading: &Reading) -> Option<Stamp> {
    let text = clip(text);
    let pieces = pieces(text);
    let scanner = Scanner { text, pieces: &pieces, reading, whole: true };
    let first = (0..pieces.len()).find_map(|at| scanner.date_at(at))?;
    Some(scanner.with_time(&first, 0).0)
}

/// Finds every date in `text` that has at least a day, in order, without overlaps.
pub fn find(text: &str, reading: &Reading) -> Vec<Found> {
    let text = clip(text);
    let pieces = pieces(text);
    let scanner = Scanner { text, pieces: &pieces, reading, whole: false };
    let mut found = Vec::new();
    let (mut at, mut floor) = (0, 0);
    while at < pieces.len() {
        let Some(read) = scanner.date_at(at) else {
            at += 1;
            continue;
        };
        let (stamp, first, next) = scanner.with_time(&read, floor);
        found.push(Found { span: Span::new(pieces[first].start, pieces[next - 1].end), stamp });
        (at, floor) = (next, next);
    }
    found
}

/// The first month and day without a year in `text`: `June 28`, `4 FEB`, with where they stand.
pub(crate) fn month_and_day(text: &str, language: Option<Language>) -> Option<(i8, i8, Span)> {
    let pieces = pieces(clip(text));
    let reading = Reading { language, ..Reading::default() };
    let scanner = Scanner { text, pieces: &pieces, reading: &reading, whole: false };
    (0..pieces.len()).find_map(|at| {
        let (month, day, next) = scanner.month_day_at(at).or_else(|| scanner.day_month_at(at))?;
        // Any day of a leap year will do.
        Date::new(2000, month, day).ok()?;
        Some((month, day, Span::new(pieces[at].start, pieces[next - 1].end)))
    })
}

/// What the numbers of `text` say of the order of day and month: only dates that can be read one way count.
pub fn order_of(text: &str) -> Option<DayOrder> {
    let pieces = pieces(clip(text));
    pieces.windows(5).find_map(|window| {
        let numbers = [window[0].kind, window[2].kind, window[4].kind];
        let [Kind::Number(first, 1..=2), Kind::Number(second, 1..=2), Kind::Number(_, 4)] = numbers else {
            return None;
        };
        let separated =
            window[1].kind == window[3].kind && matches!(window[1].kind, Kind::Mark('/' | '-' | '.'));
        match (separated, first, second) {
            (true, 13..=31, 1..=12) => Some(DayOrder::DayFirst),
            (true, 1..=12, 13..=31) => Some(DayOrder::MonthFirst),
            _ => None,
        }
    })
}

fn clip(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;
    use proptest::prelude::*;

    fn shown(text: &str, reading: &Reading) -> Option<String> {
        let stamp = parse(text, reading)?;
        let date = calendar::shown(stamp.date, stamp.precision);
        Some(stamp.time.map_or(date.clone(), |time| format!("{date} {time}")))
    }

    #[test]
    fn dates_as_archives_write_them() {
        let cases = [
            // ISO 8601 and its relatives
            ("2021-06-28", "2021-06-28"),
            ("2021-06-28T14:05:01+02:00", "2021-06-28 14:05:01+02:00"),
            ("2021-06-28T14:05:01.123456Z", "2021-06-28 14:05:01Z"),
            ("2021-06-28 14:05:01", "2021-06-28 14:05:01"),
            ("2021-06-28 14:05", "2021-06-28 14:05:00"),
            ("2021-06-28T14:05:01-0400", "2021-06-28 14:05:01-04:00"),
            ("2021-06-28T00:00:00Z", "2021-06-28"),
            ("2021-06-28T23:30:00-11:00", "2021-06-28 23:30:00-11:00"),
            ("20210628", "2021-06-28"),
            ("20210628T140501Z", "2021-06-28 14:05:01Z"),
            ("20210628140501", "2021-06-28 14:05:01"),
            ("20061022", "2006-10-22"),
            ("2021-W26-1", "2021-06-28"),
            ("2021-179", "2021-06-28"),
            ("2021-06", "2021-06"),
            ("2021", "2021"),
            ("2021/6/28", "2021-06-28"),
            ("2021.06.28", "2021-06-28"),
            ("2021. 6. 28. 14:05", "2021-06-28 14:05:00"),
            ("2021:06:28 14:05:01", "2021-06-28 14:05:01"),
            // RFC 2822, ctime, wires
            ("Mon, 28 Jun 2021 14:05:01 +0200", "2021-06-28 14:05:01+02:00"),
            ("Mon, 28 Jun 2021 14:05:01 GMT", "2021-06-28 14:05:01Z"),
            ("Mon Jun 28 14:05:01 EDT 2021", "2021-06-28 14:05:01-04:00"),
            ("Mon Jun 28 14:05:01 2021", "2021-06-28 14:05:01"),
            ("26-FEB-1987 15:01:01.79", "1987-02-26 15:01:01"),
            ("4 FEB 90", "1990-02-04"),
            ("28-Jun-21", "2021-06-28"),
            // spelled
            ("June 28, 2021 2:05 p.m. EDT", "2021-06-28 14:05:00-04:00"),
            ("June 28, 2021 at 2:05 PM", "2021-06-28 14:05:00"),
            ("June 28th, 2021", "2021-06-28"),
            ("28th of June, 2021", "2021-06-28"),
            ("Sept. 3, 2010", "2010-09-03"),
            ("Monday, June 28, 2021 - 12:05 AM", "2021-06-28 00:05:00"),
            ("2:05 PM EDT, Mon June 28, 2021", "2021-06-28 14:05:00-04:00"),
            ("14:05, 28 June 2021", "2021-06-28 14:05:00"),
            ("Published: June 28, 2021", "2021-06-28"),
            ("June 2021", "2021-06"),
            ("Octoher 3, 1914", "1914-10-03"),
            ("28 de junio de 2021 a las 14:05", "2021-06-28 14:05:00"),
            ("28 de junho de 2021 às 14h05", "2021-06-28 14:05:00"),
            ("28 juin 2021 à 14h05", "2021-06-28 14:05:00"),
            ("1er juillet 2021", "2021-07-01"),
            ("28. Juni 2021, 14.05 Uhr", "2021-06-28 14:05:00"),
            ("28. kesäkuuta 2021 klo 14.05", "2021-06-28 14:05:00"),
            ("28 giugno 2021", "2021-06-28"),
            ("28 czerwca 2021", "2021-06-28"),
            ("28 июня 2021 г., 14:05", "2021-06-28 14:05:00"),
            ("28 червня 2021", "2021-06-28"),
            ("28 Haziran 2021 14:05", "2021-06-28 14:05:00"),
            ("28 Ιουνίου 2021", "2021-06-28"),
            ("28 يونيو 2021", "2021-06-28"),
            ("٢٨ حزيران ٢٠٢١", "2021-06-28"),
            ("28 كانون الأول 2021", "2021-12-28"),
            ("28 ביוני 2021", "2021-06-28"),
            ("28 जून 2021", "2021-06-28"),
            ("28 Juni 2021", "2021-06-28"),
            ("28 tháng 6, 2021", "2021-06-28"),
            ("2021. június 28. 14:05", "2021-06-28 14:05:00"),
            ("2021年6月28日", "2021-06-28"),
            ("2021年6月28日 14:05", "2021-06-28 14:05:00"),
            ("2021년 6월 28일", "2021-06-28"),
            ("28. června 2021", "2021-06-28"),
            ("28. lipnja 2021.", "2021-06-28"),
            ("28 يونيو/ حزيران 2021", "2021-06-28"),
            ("28 حزيران (يونيو) 2021", "2021-06-28"),
            ("2021. gada 28. jūnijs", "2021-06-28"),
            ("2021 m. birželio 28 d. 14:05", "2021-06-28 14:05:00"),
            // other calendars
            ("۱۴۰۰/۰۴/۰۷ - ۱۴:۰۵", "2021-06-28 14:05:00"),
            ("دوشنبه ۷ تیر ۱۴۰۰", "2021-06-28"),
            ("令和3年6月28日", "2021-06-28"),
            ("民國110年6月28日", "2021-06-28"),
            // numeric
            ("28/06/2021", "2021-06-28"),
            ("28.06.2021 14:05", "2021-06-28 14:05:00"),
            ("28.6.21", "2021-06-28"),
            ("26 | 01 | 2022", "2022-01-26"),
            ("06/28/2021", "2021-06-28"),
            ("06/28/2021 2:05 PM", "2021-06-28 14:05:00"),
            ("3.4.2021", "2021-04-03"),
            ("3/4/2021", "2021-03-04"),
            // clocks
            ("1624889100", "2021-06-28 14:05:00Z"),
            ("1624889100000", "2021-06-28 14:05:00Z"),
            ("/Date(1624889100000)/", "2021-06-28 14:05:00Z"),
            ("1914-08-05", "1914-08-05"),
            ("5 November 1605", "1605-11-05"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text, &Reading::default()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn the_language_tells_the_calendar() {
        let shown = |text: &str, code: &str| {
            shown(text, &Reading { language: Language::parse(code), ..Reading::default() })
        };
        assert_eq!(shown("28 มิถุนายน 2564", "th").as_deref(), Some("2021-06-28"));
        assert_eq!(shown("28 มิ.ย. 2564 14:05", "th").as_deref(), Some("2021-06-28 14:05:00"));
        assert_eq!(shown("28/06/2564", "th").as_deref(), Some("2021-06-28"));
        assert_eq!(shown("1400/04/07", "fa").as_deref(), Some("2021-06-28"));
        assert_eq!(shown("2021/06/28", "fa").as_deref(), Some("2021-06-28"));
        assert_eq!(shown("28/06/2564", "en"), None);
    }

    #[test]
    fn impossible_dates_are_no_dates() {
        let cases = [
            "31 February 2021",
            "2021-02-30",
            "2021-02-31T10:00:00",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "0001-01-01T00:00:00",
            "13/13/2013",
            "32/01/2021",
            "year 99999",
            "99999-01-01",
            "2021-13-01",
            "2021-00-10",
            "0",
            "1",
            "",
            " ",
            "-",
            "today",
            "n/a",
            "null",
            "June",
            "28 June",
            "June 28",
            "3 days ago",
            "12:30",
            "1234567",
            "+49 30 123456",
            "10.3.4.128",
            "2021-366",
            "2021-W54-1",
            "2999-01-01",
            "6775095497",
            "B1624889100",
            "1,234,567",
            "31/04/2021",
            "February 29, 2021",
            "99 bottles of beer",
        ];
        for text in cases {
            assert_eq!(shown(text, &Reading::default()), None, "{text}");
        }
    }

    #[test]
    fn day_and_month_follow_the_evidence() {
        let with =
            |order, language: &str| Reading { order, language: Language::parse(language), latest: None };
        let cases = [
            ("3/4/2021", with(None, "en"), "2021-03-04", true),
            ("3/4/2021", with(None, "es"), "2021-04-03", true),
            ("3/4/2021", with(Some(DayOrder::DayFirst), "en"), "2021-04-03", false),
            ("3/4/2021", with(Some(DayOrder::MonthFirst), "es"), "2021-03-04", false),
            ("28/4/2021", with(Some(DayOrder::MonthFirst), "en"), "2021-04-28", false),
            ("3/3/2021", with(None, "en"), "2021-03-03", false),
        ];
        for (text, reading, expected, assumed) in cases {
            let stamp = parse(text, &reading).unwrap();
            assert_eq!(calendar::shown(stamp.date, stamp.precision), expected, "{text}");
            assert_eq!(stamp.assumed.is_some(), assumed, "{text}");
        }
        assert_eq!(order_of("on 28/06/2021 at"), Some(DayOrder::DayFirst));
        assert_eq!(order_of("06/28/2021"), Some(DayOrder::MonthFirst));
        assert_eq!(order_of("06/08/2021"), None);
    }

    #[test]
    fn two_digit_years_have_a_stated_century() {
        let until = |year| Reading { latest: Date::new(year, 1, 1).ok(), ..Reading::default() };
        assert_eq!(shown("4 FEB 49", &Reading::default()).as_deref(), Some("2049-02-04"));
        assert_eq!(shown("4 FEB 50", &Reading::default()).as_deref(), Some("1950-02-04"));
        assert_eq!(shown("4 FEB 49", &until(2026)).as_deref(), Some("1949-02-04"));
    }

    #[test]
    fn dates_are_found_inside_text() {
        let cases: [(&str, &[&str]); 8] = [
            ("Published 28 June 2021, 14:05 | Updated 3 July 2021", &["28 June 2021, 14:05", "3 July 2021"]),
            ("from June 28, 2021 to July 3, 2021", &["June 28, 2021", "July 3, 2021"]),
            ("By Jane Doe | June 28, 2021 | 2:05pm", &["June 28, 2021 | 2:05pm"]),
            ("version 1.2.2021.4 and 192.168.12.21", &[]),
            ("call 555-2021-06", &[]),
            ("in June 2021 and in 2020", &[]),
            ("28.06.2021", &["28.06.2021"]),
            ("pages 12-13-2021", &["12-13-2021"]),
        ];
        for (text, expected) in cases {
            let found = find(text, &Reading::default());
            let spans: Vec<&str> = found.iter().map(|found| found.span.of(text)).collect();
            assert_eq!(spans, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,80}") {
            let _ = parse(&text, &Reading::default());
            for found in find(&text, &Reading::default()) {
                prop_assert!(text.get(found.span.start..found.span.end).is_some());
            }
        }

        #[test]
        fn near_dates_are_read_without_panic(text in "[0-9]{0,15}[ ./:TZ年-]{0,2}[0-9]{0,4}[ ./:-]{0,2}(Jun|May|th|juin|pm|月)?[ .,]{0,2}[0-9]{0,6}") {
            let _ = parse(&text, &Reading::default());
            for found in find(&text, &Reading::default()) {
                prop_assert!(text.get(found.span.start..found.span.end).is_some());
            }
        }

        #[test]
        fn every_day_survives_its_own_writing(day in 0_i32..200_000, style in 0_usize..6) {
            let date = Date::new(1500, 1, 1).unwrap().checked_add(jiff::Span::new().days(day)).unwrap();
            let written = ["%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%d.%m.%Y", "%a, %d %b %Y 10:00:00 +0000"][style];
            let stamp = parse(&date.strftime(written).to_string(), &Reading::default());
            prop_assert_eq!(stamp.map(|stamp| stamp.date), Some(date));
        }
    }
}
