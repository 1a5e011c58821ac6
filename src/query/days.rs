//! Values of calendar fields: `2021`, `2021-06`, `1990s`, `2021-Q1`, `2021-W26`, ranges and ISO 8601 intervals.
//!
//! Takes text and today's date, gives the first and the last day meant, either end open. Never reads the clock.

use jiff::Span;
use jiff::civil::{Date, ISOWeekDate, Weekday};

/// The first and the last day, none where open.
pub(super) type Days = (Option<Date>, Option<Date>);

/// Why a text is no calendar value.
#[derive(Debug, PartialEq)]
pub(super) struct BadDays {
    /// Where the trouble starts, in characters from 0.
    pub(super) offset: usize,
    /// What is wrong.
    pub(super) message: String,
    /// What to write instead.
    pub(super) hint: String,
}

const SHAPES: &str =
    "write a date as 2021, 2021-06, 2021-06-28, 1990s, 2021-Q2 or 2021-W26, a range as 2020..2021";

fn bad<T>(offset: usize, message: impl Into<String>, hint: impl Into<String>) -> Result<T, BadDays> {
    Err(BadDays { offset, message: message.into(), hint: hint.into() })
}

/// The days that `text` means.
pub(super) fn days(text: &str, today: Date) -> Result<Days, BadDays> {
    if let Some((first, last)) = text.split_once("..") {
        return range(first, last, today);
    }
    if let Some((first, last)) = text.split_once('/') {
        return interval(text, first, last, today);
    }
    for (mark, read) in COMPARISONS {
        if let Some(rest) = text.strip_prefix(mark) {
            let found = value(rest, today).map_err(|e| BadDays { offset: e.offset + mark.len(), ..e })?;
            return read(found).map_or_else(|| bad(0, "no day is so far out", SHAPES), Ok);
        }
    }
    let (first, last) = value(text, today)?;
    Ok((Some(first), Some(last)))
}

type Comparison = fn((Date, Date)) -> Option<Days>;

/// Longer marks first.
const COMPARISONS: &[(&str, Comparison)] = &[
    (">=", |(first, _)| Some((Some(first), None))),
    ("<=", |(_, last)| Some((None, Some(last)))),
    (">", |(_, last)| Some((Some(last.tomorrow().ok()?), None))),
    ("<", |(first, _)| Some((None, Some(first.yesterday().ok()?)))),
    ("=", |(first, last)| Some((Some(first), Some(last)))),
];

fn range(first: &str, last: &str, today: Date) -> Result<Days, BadDays> {
    let offset = first.chars().count() + 2;
    if first.is_empty() && last.is_empty() {
        return bad(0, "a range needs a date on at least one side", SHAPES);
    }
    let from = if first.is_empty() { None } else { Some(value(first, today)?.0) };
    let to = if last.is_empty() {
        None
    } else {
        let found = value(last, today).map_err(|e| BadDays { offset: e.offset + offset, ..e })?;
        Some(found.1)
    };
    in_order(from, to, first, last)
}

fn in_order(from: Option<Date>, to: Option<Date>, first: &str, last: &str) -> Result<Days, BadDays> {
    match (from, to) {
        (Some(start), Some(end)) if start > end => {
            bad(0, "the range ends before it begins", format!("the other way round: {last}..{first}"))
        }
        _ => Ok((from, to)),
    }
}

/// `2020/2021`, `2021-03/P2M`, `P2M/2021-03`, `P7D/` (the last seven days), `2020/` and `/2021`.
fn interval(text: &str, first: &str, last: &str, today: Date) -> Result<Days, BadDays> {
    let offset = first.chars().count() + 1;
    if is_slashed_date(text) {
        return bad(0, "dates are written with hyphens", format!("write {}", text.replace('/', "-")));
    }
    let shift = |e: BadDays| BadDays { offset: e.offset + offset, ..e };
    if let Some(length) = period(first) {
        let length = length?;
        let last_day = if last.is_empty() { today } else { value(last, today).map_err(shift)?.1 };
        // Counted from the day after, so that two months that end with February begin with January.
        let start = last_day.tomorrow().and_then(|after| after.checked_sub(length));
        return match start {
            Ok(day) => in_order(Some(day), Some(last_day), first, last),
            Err(_) => bad(0, "no day is so far back", SHAPES),
        };
    }
    if let Some(length) = period(last) {
        let length = length.map_err(shift)?;
        let start = if first.is_empty() { today } else { value(first, today)?.0 };
        let end = start.checked_add(length).and_then(Date::yesterday);
        return match end {
            Ok(day) => in_order(Some(start), Some(day), first, last),
            Err(_) => bad(offset, "no day is so far ahead", SHAPES),
        };
    }
    range(first, last, today).map_err(|e| {
        let beyond = e.offset > first.chars().count();
        BadDays { offset: e.offset - usize::from(beyond), ..e }
    })
}

fn is_slashed_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    let short = |part: &&str| part.len() <= 2 && part.parse::<u8>().is_ok();
    parts.len() >= 2 && parts[0].len() == 4 && parts[0].parse::<u16>().is_ok() && parts[1..].iter().all(short)
}

/// An ISO 8601 period of years, months, weeks and days; none if `text` does not begin as one.
fn period(text: &str) -> Option<Result<Span, BadDays>> {
    let body = text.strip_prefix(['P', 'p'])?;
    if !body.starts_with(|c: char| c.is_ascii_digit()) && !body.is_empty() {
        return None;
    }
    Some(read_period(body))
}

fn read_period(body: &str) -> Result<Span, BadDays> {
    const HINT: &str = "write a period as P7D, P2W, P6M or P1Y6M";
    let mut span = Span::new();
    let mut digits = String::new();
    let mut any = false;
    for c in body.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let Ok(count) = digits.parse::<i64>() else { return bad(0, "this is no period", HINT) };
        digits.clear();
        let longer = match c.to_ascii_uppercase() {
            'Y' => span.try_years(count),
            'M' => span.try_months(count),
            'W' => span.try_weeks(count),
            'D' => span.try_days(count),
            _ => return bad(0, "this is no period", HINT),
        };
        span = match longer {
            Ok(longer) => longer,
            Err(_) => return bad(0, "the period is too long", HINT),
        };
        any = true;
    }
    if any && digits.is_empty() { Ok(span) } else { bad(0, "this is no period", HINT) }
}

/// One date, as the first and the last day it may mean.
fn value(text: &str, today: Date) -> Result<(Date, Date), BadDays> {
    match text.to_ascii_lowercase().as_str() {
        "today" => return Ok((today, today)),
        "yesterday" => {
            return today
                .yesterday()
                .map_or_else(|_| bad(0, "no day is so far back", SHAPES), |day| Ok((day, day)));
        }
        "" => return bad(0, "a date is missing", SHAPES),
        _ => {}
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut parts = digits.split('-');
    let year_text = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    if let Some(decade) = decade(year_text, &rest) {
        return whole_years(decade, negative);
    }
    if year_text.is_empty() || !year_text.bytes().all(|b| b.is_ascii_digit()) {
        return bad(0, format!("`{text}` is no date"), SHAPES);
    }
    if year_text.len() != 4 {
        let hint = if year_text.len() < 4 {
            format!("write the year in four digits: {year_text:0>4}, or 19{year_text:0>2} if you mean that")
        } else {
            SHAPES.to_owned()
        };
        return bad(0, format!("`{year_text}` is no year"), hint);
    }
    let Ok(year) = year_text.parse::<i16>() else {
        return bad(0, format!("`{year_text}` is no year"), SHAPES);
    };
    let year = if negative { -year } else { year };
    within_year(year, &rest, 4 + usize::from(negative))
}

fn decade(year_text: &str, rest: &[&str]) -> Option<i16> {
    let start = year_text.strip_suffix(['s', 'S'])?;
    let year: i16 = start.parse().ok()?;
    (start.len() == 4 && year % 10 == 0 && rest.is_empty()).then_some(year)
}

fn whole_years(decade: i16, negative: bool) -> Result<(Date, Date), BadDays> {
    let first = Date::new(decade, 1, 1);
    let last = Date::new(decade + 9, 12, 31);
    match (negative, first, last) {
        (false, Ok(first), Ok(last)) => Ok((first, last)),
        _ => bad(0, "this is no decade", SHAPES),
    }
}

/// What follows the year: nothing, a month, a month and a day, a quarter or a week.
fn within_year(year: i16, rest: &[&str], offset: usize) -> Result<(Date, Date), BadDays> {
    let Ok(new_year) = Date::new(year, 1, 1) else {
        return bad(0, format!("there is no year {year}"), SHAPES);
    };
    let at = offset + 1;
    match rest {
        [] => Ok((new_year, new_year.last_of_year())),
        [part] if part.starts_with(['Q', 'q']) => quarter(year, part, at),
        [part] if part.starts_with(['W', 'w']) => week(year, part, at),
        [month] => {
            let first = first_of_month(year, month, at)?;
            Ok((first, first.last_of_month()))
        }
        [month, day] => {
            let first = first_of_month(year, month, at)?;
            let at_day = at + month.chars().count() + 1;
            let date = two_digits(day).and_then(|day| Date::new(year, first.month(), day).ok());
            match date {
                Some(date) => Ok((date, date)),
                None => bad(
                    at_day,
                    format!("there is no day {day} in {year}-{:02}", first.month()),
                    format!("that month has {} days", first.days_in_month()),
                ),
            }
        }
        _ => bad(at, "this is no date", SHAPES),
    }
}

fn first_of_month(year: i16, month: &str, at: usize) -> Result<Date, BadDays> {
    let date = two_digits(month).and_then(|month| Date::new(year, month, 1).ok());
    date.map_or_else(|| bad(at, format!("there is no month {month}"), "months are 01 to 12"), Ok)
}

/// A number of one or two digits.
fn two_digits(text: &str) -> Option<i8> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn quarter(year: i16, part: &str, at: usize) -> Result<(Date, Date), BadDays> {
    let number = two_digits(&part[1..]).filter(|number| (1..=4).contains(number));
    let first = number.and_then(|number| Date::new(year, number * 3 - 2, 1).ok());
    let last = number.and_then(|number| Date::new(year, number * 3, 1).ok());
    match (first, last) {
        (Some(first), Some(last)) => Ok((first, last.last_of_month())),
        _ => bad(at, format!("there is no quarter {part}"), "quarters are Q1 to Q4"),
    }
}

fn week(year: i16, part: &str, at: usize) -> Result<(Date, Date), BadDays> {
    let monday = two_digits(&part[1..])
        .and_then(|number| ISOWeekDate::new(year, number, Weekday::Monday).ok())
        .map(Date::from);
    let sunday = monday.and_then(|monday| monday.checked_add(Span::new().days(6)).ok());
    match (monday, sunday) {
        (Some(monday), Some(sunday)) => Ok((monday, sunday)),
        _ => bad(at, format!("there is no week {part} in {year}"), "weeks are W01 to W52, in some years W53"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(text: &str) -> String {
        let show = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        match days(text, date(2026, 3, 31)) {
            Ok((from, to)) => format!("{}..{}", show(from), show(to)),
            Err(error) => format!("{}: {}", error.offset, error.message),
        }
    }

    #[test]
    fn calendar_values_have_real_day_bounds() {
        let cases = [
            ("2021", "2021-01-01..2021-12-31"),
            ("2020-02", "2020-02-01..2020-02-29"),
            ("2021-6-8", "2021-06-08..2021-06-08"),
            ("2020..2021", "2020-01-01..2021-12-31"),
            ("2014-02..2014-04", "2014-02-01..2014-04-30"),
            ("..2021", "..2021-12-31"),
            ("2021..", "2021-01-01.."),
            ("1990s", "1990-01-01..1999-12-31"),
            ("1980s..1990s", "1980-01-01..1999-12-31"),
            ("2021-Q4", "2021-10-01..2021-12-31"),
            ("2021-W26", "2021-06-28..2021-07-04"),
            (">2020-06", "2020-07-01.."),
            (">=2020-06", "2020-06-01.."),
            ("<2020", "..2019-12-31"),
            ("<=2020", "..2020-12-31"),
            ("2021-03/P2M", "2021-03-01..2021-04-30"),
            ("P2M/2021-03", "2021-02-01..2021-03-31"),
            ("P1M/2021-02", "2021-02-01..2021-02-28"),
            ("P7D/", "2026-03-25..2026-03-31"),
            ("P1M/", "2026-03-01..2026-03-31"),
            ("/P1W", "2026-03-31..2026-04-06"),
            ("2001-03-01/2002-05-01", "2001-03-01..2002-05-01"),
            ("2001/", "2001-01-01.."),
            ("/2003", "..2003-12-31"),
            ("1066-10-14", "1066-10-14..1066-10-14"),
            ("-0048-03-15", "-000048-03-15..-000048-03-15"),
            ("9999", "9999-01-01..9999-12-31"),
            ("yesterday", "2026-03-30..2026-03-30"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn bad_dates_say_where_and_why() {
        let cases = [
            ("2021-13", "5: there is no month 13"),
            ("2021-02-30", "8: there is no day 30 in 2021-02"),
            ("2020..2021-13", "11: there is no month 13"),
            ("2020/2021-13", "10: there is no month 13"),
            ("2021..2020", "0: the range ends before it begins"),
            ("..", "0: a range needs a date on at least one side"),
            ("79", "0: `79` is no year"),
            ("12021", "0: `12021` is no year"),
            ("2021/06/28", "0: dates are written with hyphens"),
            ("2021-W60", "5: there is no week W60 in 2021"),
            ("2021-Q5", "5: there is no quarter Q5"),
            ("june", "0: `june` is no date"),
            (">9999", "0: no day is so far out"),
            ("P99999Y/", "0: the period is too long"),
            ("P9999Y/-0002", "0: no day is so far back"),
            ("2021/P", "5: this is no period"),
            ("9990s/P100Y", "6: no day is so far ahead"),
            ("", "0: a date is missing"),
            ("2021-06-28-01", "5: this is no date"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
