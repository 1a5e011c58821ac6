//! The calendar of Iran and Afghanistan, whose year begins in spring: 7 Tir 1400 is 28 June 2021.
//!
//! Takes the numbers and names of a date, gives the civil day. Good for the years that papers print, 1300 to 1499.

use std::ops::RangeInclusive;

use jiff::civil::Date;

/// The figures that Persian is written with.
pub(super) const FIGURES: [char; 10] = ['۰', '۱', '۲', '۳', '۴', '۵', '۶', '۷', '۸', '۹'];
/// Years that papers print.
const YEARS: RangeInclusive<u64> = 1300..=1499;
/// The months in Iran, and those in Afghanistan.
const MONTHS: [(&str, &str); 12] = [
    ("فروردین", "حمل"),
    ("اردیبهشت", "ثور"),
    ("خرداد", "جوزا"),
    ("تیر", "سرطان"),
    ("مرداد", "اسد"),
    ("شهریور", "سنبله"),
    ("مهر", "میزان"),
    ("آبان", "عقرب"),
    ("آذر", "قوس"),
    ("دی", "جدی"),
    ("بهمن", "دلو"),
    ("اسفند", "حوت"),
];

/// The month, 1 to 12, that `name` means.
pub(super) fn month(name: &str) -> Option<i8> {
    // Arabic keyboards have another letter for the same sound.
    let name = name.replace('ي', "ی");
    let at = MONTHS.iter().position(|(iran, afghanistan)| *iran == name || *afghanistan == name)?;
    Some(at as i8 + 1)
}

/// The civil day of a date; none if there is no such day.
pub(super) fn day(year: u64, month: i8, day: i8) -> Option<Date> {
    let year = YEARS.contains(&year).then_some(year as i32)?;
    let longest = match month {
        1..=6 => 31,
        7..=11 => 30,
        _ => 29 + i8::from(first_day(year + 1) - first_day(year) == 366),
    };
    if !(1..=longest).contains(&day) {
        return None;
    }
    let months = i32::from(month) - 1;
    let in_year = months * 30 + months.min(6) + i32::from(day) - 1;
    let known = Date::new(2021, 3, 21).ok()?;
    known.checked_add(jiff::Span::new().days(first_day(year) - first_day(1400) + in_year)).ok()
}

/// The number of the first day of a year: eight of 33 years have a day more.
fn first_day(year: i32) -> i32 {
    let year = year + 1595;
    365 * year + year / 33 * 8 + (year % 33 + 3) / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_iranian_calendar() {
        let cases = [
            ((1400, 4, 7), Some("2021-06-28")),
            ((1400, 1, 1), Some("2021-03-21")),
            ((1399, 12, 30), Some("2021-03-20")),
            ((1357, 11, 22), Some("1979-02-11")),
            ((1403, 12, 30), Some("2025-03-20")),
            ((1402, 10, 11), Some("2024-01-01")),
            ((1400, 12, 30), None),
            ((1400, 7, 31), None),
            ((1200, 1, 1), None),
        ];
        for ((year, number, in_month), expected) in cases {
            let found = day(year, number, in_month).map(|date| date.to_string());
            assert_eq!(found.as_deref(), expected, "{year}-{number}-{in_month}");
        }
        assert_eq!(month("تیر"), Some(4));
        assert_eq!(month("سرطان"), Some(4));
        assert_eq!(month("ژوئن"), None);
    }
}
