//! TIMEX3 values of the calendar: how they are written and which days they cover. Pure functions.
//!
//! Years are astronomical inside (0 is 1 BC) and written as the annotation schemes do: `0793`, `BC0493`.

use jiff::Span;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::class::code;

/// How coarse a point of the calendar is, as the unit that it was told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Grain {
    Time,
    Day,
    Week,
    Month,
    Quarter,
    Season,
    Half,
    Year,
    Decade,
    Century,
    Millennium,
}

impl Grain {
    /// The grain of a unit's code; times of day are days here.
    pub(super) fn of_unit(unit: i32) -> Option<Grain> {
        const UNITS: [(i32, Grain); 13] = [
            (code("S"), Grain::Time),
            (code("TM"), Grain::Time),
            (code("H"), Grain::Time),
            (code("D"), Grain::Day),
            (code("W"), Grain::Week),
            (code("F"), Grain::Week),
            (code("WE"), Grain::Week),
            (code("M"), Grain::Month),
            (code("Q"), Grain::Quarter),
            (code("Y"), Grain::Year),
            (code("E"), Grain::Decade),
            (code("C"), Grain::Century),
            (code("L"), Grain::Millennium),
        ];
        UNITS.iter().find(|(known, _)| *known == unit).map(|(_, grain)| *grain)
    }
}

/// A year as values write it.
pub(super) fn year(year: i32) -> String {
    if year > 0 { format!("{year:04}") } else { format!("BC{:04}", 1 - year) }
}

/// `date` cut to `grain`.
pub(super) fn value(date: Date, grain: Grain) -> String {
    let year_number = i32::from(date.year());
    let year = year(year_number);
    match grain {
        Grain::Time | Grain::Day => format!("{year}-{:02}-{:02}", date.month(), date.day()),
        Grain::Week => {
            let week = date.iso_week_date();
            format!("{}-W{:02}", self::year(i32::from(week.year())), week.week())
        }
        Grain::Month => format!("{year}-{:02}", date.month()),
        Grain::Quarter => format!("{year}-Q{}", quarter(date)),
        Grain::Half => format!("{year}-H{}", (date.month() - 1) / 6 + 1),
        Grain::Season => format!("{year}-{}", season(date)),
        Grain::Year => year,
        // 1990s: 199; the 20th century: 19.
        Grain::Decade => year[..year.len() - 1].to_owned(),
        Grain::Century => year[..year.len() - 2].to_owned(),
        Grain::Millennium => year[..year.len() - 3].to_owned(),
    }
}

/// The quarter that a day lies in, 1 to 4.
pub(super) fn quarter(date: Date) -> i8 {
    (date.month() - 1) / 3 + 1
}

/// The season that a day lies in, northern and by whole months.
pub(super) fn season(date: Date) -> &'static str {
    match date.month() {
        3..=5 => "SP",
        6..=8 => "SU",
        9..=11 => "FA",
        _ => "WI",
    }
}

/// `date` moved by `count` times `grain`; nothing where the calendar ends.
pub(super) fn moved(date: Date, count: i64, grain: Grain) -> Option<Date> {
    let span = Span::new();
    let span = match grain {
        Grain::Time => span,
        Grain::Day => span.try_days(count).ok()?,
        Grain::Week => span.try_weeks(count).ok()?,
        Grain::Month => span.try_months(count).ok()?,
        Grain::Quarter | Grain::Season => span.try_months(count.checked_mul(3)?).ok()?,
        Grain::Half => span.try_months(count.checked_mul(6)?).ok()?,
        Grain::Year => span.try_years(count).ok()?,
        Grain::Decade => span.try_years(count.checked_mul(10)?).ok()?,
        Grain::Century => span.try_years(count.checked_mul(100)?).ok()?,
        Grain::Millennium => span.try_years(count.checked_mul(1000)?).ok()?,
    };
    date.checked_add(span).ok()
}

/// The days that a value covers; nothing for durations, sets, references and values with unknown figures.
pub(super) fn interval(value: &str) -> Option<(Date, Date)> {
    let day = value.split('T').next().unwrap_or(value);
    let (before_christ, rest) = match day.strip_prefix("BC") {
        Some(rest) => (true, rest),
        None => (false, day),
    };
    let (digits, rest) = match rest.split_once('-') {
        Some((digits, rest)) => (digits, Some(rest)),
        None => (rest, None),
    };
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let width = 10_i32.pow(4 - digits.len() as u32);
    let astronomical = |year: i32| if before_christ { 1 - year } else { year };
    let mut ends = [astronomical(number * width), astronomical(number * width + width - 1)];
    ends.sort_unstable();
    let first = Date::new(i16::try_from(ends[0]).ok()?, 1, 1).ok()?;
    let last = Date::new(i16::try_from(ends[1]).ok()?, 12, 31).ok()?;
    match rest {
        None => Some((first, last)),
        Some(_) if width > 1 => None,
        Some(rest) => within_year(first, rest),
    }
}

fn within_year(first: Date, rest: &str) -> Option<(Date, Date)> {
    let months = |from: i8, count: i64| {
        let start = Date::new(first.year(), from, 1).ok()?;
        let end = moved(start, count, Grain::Month)?.yesterday().ok()?;
        Some((start, end))
    };
    let digit = |text: &str| text.parse::<i8>().ok();
    match rest {
        "XX" | "XX-XX" => Some((first, first.last_of_year())),
        "SP" => months(3, 3),
        "SU" => months(6, 3),
        "FA" => months(9, 3),
        "WI" => months(12, 3),
        _ if rest.starts_with('Q') => months(digit(&rest[1..]).filter(|q| (1..=4).contains(q))? * 3 - 2, 3),
        _ if rest.starts_with('H') => months(digit(&rest[1..]).filter(|h| (1..=2).contains(h))? * 6 - 5, 6),
        _ if rest.starts_with('W') => week(first.year(), &rest[1..]),
        _ => {
            let (month, day) = rest.split_once('-').unwrap_or((rest, "XX"));
            let month = digit(month).filter(|month| (1..=12).contains(month))?;
            if day == "XX" {
                return months(month, 1);
            }
            let day = Date::new(first.year(), month, digit(day)?).ok()?;
            Some((day, day))
        }
    }
}

fn week(year: i16, rest: &str) -> Option<(Date, Date)> {
    let (number, day) = rest.split_once('-').map_or((rest, None), |(number, day)| (number, Some(day)));
    let on = |weekday| Some(ISOWeekDate::new(year, number.parse().ok()?, weekday).ok()?.date());
    match day {
        None => Some((on(Weekday::Monday)?, on(Weekday::Sunday)?)),
        Some("WE") => Some((on(Weekday::Saturday)?, on(Weekday::Sunday)?)),
        Some(day) => {
            let day = on(Weekday::from_monday_one_offset(day.parse().ok()?).ok()?)?;
            Some((day, day))
        }
    }
}

/// Easter Sunday of a year of the Gregorian calendar, by the age of the moon and the day of the week.
pub(super) fn easter(year: i16) -> Option<Date> {
    let number = i32::from(year);
    if number < 326 {
        return None;
    }
    let (golden, century, in_century) = (number % 19, number / 100, number % 100);
    let lunar = (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + century - century / 4 - lunar + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - moon - in_century % 4) % 7;
    let late = (golden + 11 * moon + 22 * weekday) / 451;
    let day = moon + weekday - 7 * late + 114;
    Date::new(year, (day / 31) as i8, (day % 31 + 1) as i8).ok()
}

/// The first day of a month of the tabular Islamic calendar that begins in `year`; a day off at most from sightings.
pub(super) fn islamic(year: i16, month: i32, day: i32) -> Option<Date> {
    if year < 622 {
        return None;
    }
    let y = i32::from(year);
    let guess = (y - 622) * 33 / 32;
    (guess - 1..=guess + 2).find_map(|h| hijri(h, month, day).filter(|date| date.year() == year))
}

/// The same day of a year of the Islamic calendar.
pub(super) fn hijri(year: i32, month: i32, day: i32) -> Option<Date> {
    // Days from the epoch, Friday 16 July 622 of the Julian calendar, to 1970.
    const EPOCH: i32 = -492_148;
    let days = EPOCH + (year - 1) * 354 + (3 + 11 * year) / 30 + (59 * (month - 1) + 1) / 2 + day - 1;
    moved(jiff::civil::date(1970, 1, 1), i64::from(days), Grain::Day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn values_cover_their_days() {
        let cases = [
            ("2021-02", "2021-02-01..2021-02-28"),
            ("2020-02", "2020-02-01..2020-02-29"),
            ("2021", "2021-01-01..2021-12-31"),
            ("199", "1990-01-01..1999-12-31"),
            ("19", "1900-01-01..1999-12-31"),
            ("2021-06-28TEV", "2021-06-28..2021-06-28"),
            ("2021-W26", "2021-06-28..2021-07-04"),
            ("2021-W26-WE", "2021-07-03..2021-07-04"),
            ("1989-Q3", "1989-07-01..1989-09-30"),
            ("1990-H1", "1990-01-01..1990-06-30"),
            ("1916-WI", "1916-12-01..1917-02-28"),
            ("BC0493", "-000492-01-01..-000492-12-31"),
            ("1998-XX-XX", "1998-01-01..1998-12-31"),
        ];
        for (value, expected) in cases {
            let (from, to) = interval(value).expect(value);
            assert_eq!(format!("{from}..{to}"), expected, "{value}");
        }
        for value in
            ["XXXX-02", "P5M", "PAST_REF", "2021-13", "2021-02-31", "", "99999", "2021-Q9", "2021-W77", "é"]
        {
            assert_eq!(interval(value), None, "{value}");
        }
    }

    #[test]
    fn movable_feasts_fall_on_their_days() {
        for (year, month, day) in [(1998, 4, 12), (2000, 4, 23), (2021, 4, 4), (2024, 3, 31)] {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
        // The first of Ramadan, within a day of what was seen.
        for (year, month, day) in [(2021, 4, 13), (2015, 6, 18), (2003, 10, 27)] {
            let computed = islamic(year, 9, 1).unwrap();
            assert!((computed - date(year, month, day)).get_days().abs() <= 1, "{computed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_value_is_too_strange(value in "(BC)?[0-9XW]{0,5}(-[0-9WQHX]{0,3}){0,2}\\PC{0,3}") {
            if let Some((from, to)) = interval(&value) {
                proptest::prop_assert!(from <= to);
            }
        }
    }
}
