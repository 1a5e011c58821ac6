//! Days that the moon tells: the new years of the Jewish and the Chinese calendar.
//!
//! Takes a year of the Gregorian calendar, gives the day in it. Never decides which year is meant.

use jiff::civil::{Date, date};

use super::period::{Grain, moved};

/// First day of the Jewish year, Rosh Hashanah, in the autumn of `year`.
pub(super) fn jewish_new_year(year: i16) -> Option<Date> {
    // Days from 1 January of the year 1 to the Jewish epoch, and from there to 1970.
    const EPOCH: i64 = -1_373_427;
    const TO_1970: i64 = 719_163;
    let jewish = i64::from(year) + 3761;
    let [before, days, after] = [jewish - 1, jewish, jewish + 1].map(days_to_jewish_year);
    // A year may be neither too long nor too short.
    let delay = match (after - days, days - before) {
        (356, _) => 2,
        (_, 382) => 1,
        _ => 0,
    };
    day_since_1970(EPOCH + days + delay - TO_1970)
}

/// Days after the Jewish new year of `year`, of a month with an average length before it: in a long year Hanukkah is a day later.
pub(super) fn jewish_day(year: i16, days: i32) -> Option<Date> {
    let first = jewish_new_year(year)?;
    let length = (jewish_new_year(year.checked_add(1)?)? - first).get_days();
    let is_late = days > LAST_OF_HESHVAN && matches!(length, 355 | 385);
    moved(first, i64::from(days) + i64::from(is_late), Grain::Day)
}

/// Days from the Jewish new year to the end of the month that a long year makes longer.
const LAST_OF_HESHVAN: i32 = 58;

/// Days from the epoch to the new moon with which a Jewish year begins, which is never a Sunday, Wednesday or Friday.
fn days_to_jewish_year(year: i64) -> i64 {
    let months = (235 * year - 234).div_euclid(19);
    let parts = 12_084 + 13_753 * months;
    let days = months * 29 + parts.div_euclid(25_920);
    days + i64::from((3 * (days + 1)).rem_euclid(7) < 3)
}

/// The Lunar New Year of `year`: the day, in China, of the second new moon after the month of the winter solstice.
pub(super) fn lunar_new_year(year: i16) -> Option<Date> {
    let solstice = day_in_china(solstice(year.checked_sub(1)?));
    let mut month = ((f64::from(solstice) - FIRST_NEW_MOON) / LUNATION).floor() + 1.0;
    while day_in_china(new_moon(month)) > solstice {
        month -= 1.0;
    }
    let after = |months: f64| day_since_1970(i64::from(day_in_china(new_moon(month + months)) - DAY_OF_1970));
    // A leap month may come between.
    after(2.0).filter(|day| *day >= date(year, 1, 21)).or_else(|| after(3.0))
}

/// Julian day of 1 January 1970.
const DAY_OF_1970: i32 = 2_440_588;
/// Time of the first new moon of 2000, in Julian days, and days from one to the next.
const FIRST_NEW_MOON: f64 = 2_451_550.097_66;
const LUNATION: f64 = 29.530_588_861;

fn day_since_1970(days: i64) -> Option<Date> {
    moved(date(1970, 1, 1), days, Grain::Day)
}

/// The Julian day of a moment, in China.
#[expect(clippy::cast_possible_truncation, reason = "Julian days are small")]
fn day_in_china(moment: f64) -> i32 {
    const HOURS_AHEAD: f64 = 8.0;
    (moment + 0.5 + HOURS_AHEAD / 24.0).floor() as i32
}

/// When winter begins in `year` (Meeus, Astronomical Algorithms, chapter 27), to some twenty minutes.
fn solstice(year: i16) -> f64 {
    let millennia = (f64::from(year) - 2000.0) / 1000.0;
    2_451_900.059_52 + millennia * (365_242.740_49 - millennia * 0.062_23)
}

/// When the moon is new for the `number`th time since 2000 (Meeus, chapter 49), to some minutes.
fn new_moon(number: f64) -> f64 {
    let sun = (2.5534 + 29.105_356_7 * number).to_radians();
    let moon = (201.5643 + 385.816_935_28 * number).to_radians();
    let node = (160.7108 + 390.670_502_84 * number).to_radians();
    FIRST_NEW_MOON + LUNATION * number - 0.4072 * moon.sin()
        + 0.172_41 * sun.sin()
        + 0.016_08 * (2.0 * moon).sin()
        + 0.010_39 * (2.0 * node).sin()
        + 0.007_39 * (moon - sun).sin()
        - 0.005_14 * (moon + sun).sin()
        + 0.002_08 * (2.0 * sun).sin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jewish_years_begin_and_hold_their_feasts() {
        let cases = [(1973, "1973-09-27"), (1987, "1987-09-24"), (2008, "2008-09-30"), (2021, "2021-09-07")];
        for (year, expected) in cases {
            assert_eq!(jewish_new_year(year).unwrap().to_string(), expected);
        }
        for (year, passover, hanukkah) in [
            (2008, "2008-04-20", "2008-12-22"),
            (2012, "2012-04-07", "2012-12-09"),
            (2013, "2013-03-26", "2013-11-28"),
        ] {
            assert_eq!(jewish_day(year, -163).unwrap().to_string(), passover);
            assert_eq!(jewish_day(year, 83).unwrap().to_string(), hanukkah);
        }
    }

    #[test]
    fn lunar_years_begin_with_their_moon() {
        let cases = [
            (1950, "02-17"),
            (1966, "01-21"),
            (1985, "02-20"),
            (2008, "02-07"),
            (2012, "01-23"),
            (2015, "02-19"),
            (2020, "01-25"),
            (2034, "02-19"),
        ];
        for (year, expected) in cases {
            assert_eq!(lunar_new_year(year).unwrap().to_string(), format!("{year}-{expected}"));
        }
    }

    #[test]
    fn no_year_is_too_far() {
        for year in [-9999, -1, 0, 1, 9999] {
            let _ = (jewish_day(year, 83), lunar_new_year(year));
        }
    }
}
