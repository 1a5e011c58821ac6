//! Named days: when they are in a year, and which year is meant.

use std::ops::RangeInclusive;

use jiff::civil::{Date, Weekday};

use super::class::Class;
use super::grammar::Holiday;
use super::moon;
use super::part::Part;
use super::period::{self, Grain, moved};
use super::resolve::{Resolved, Resolver};
use super::tense::Direction;

/// Years that a date of the Islamic calendar counts from the Hijra: 1883 to 2077.
const HIJRI: RangeInclusive<i32> = 1300..=1500;

/// Days within which a holiday is the one that people mean, whatever the tense.
const CLOSE_HOLIDAY: i32 = 21;

impl Resolver {
    pub(super) fn holiday(&self, part: &Part<'_, '_>, number: i32) -> Option<Resolved> {
        let holiday = *part.reading.grammar.holidays.get(usize::try_from(number).ok()?)?;
        let holiday = match (holiday, part.own(Class::DAY)) {
            // "The 15th of Ramadan".
            (Holiday::Islamic(month, 0), Some(day)) => Holiday::Islamic(month, day),
            _ => holiday,
        };
        let known = self.explicit_year(part).or_else(|| self.near_year(part));
        if let (Holiday::Islamic(month, day), Some(hijri)) =
            (holiday, known.filter(|year| HIJRI.contains(year)))
        {
            return islamic(period::hijri(hijri, month, day.max(1))?, day);
        }
        let known =
            known.or_else(|| if self.narrative { self.last.map(|(d, _)| i32::from(d.year())) } else { None });
        if let Some(known) = known {
            return on_holiday(holiday, i16::try_from(known).ok()?);
        }
        let Some(anchor) = self.anchor else {
            return match holiday {
                Holiday::Fixed(month, day) => Some(Resolved::unknown(format!("XXXX-{month:02}-{day:02}"))),
                _ => Some(Resolved::unknown("XXXX-XX-XX")),
            };
        };
        // The nearest one, by tense where both are near.
        let near = [anchor.year().saturating_sub(1), anchor.year(), anchor.year().saturating_add(1)];
        let shift = part.own(Class::SHIFT).unwrap_or(0);
        let wanted = |date: Date| match (part.tense(), shift) {
            // On the day after Christmas, last Christmas is that of the year before.
            (_, -1) => (anchor - date).get_days() > CLOSE_HOLIDAY,
            (Direction::Past, 0) => date <= anchor,
            (_, 1) | (Direction::Future, 0) => date >= anchor,
            _ => true,
        };
        let distance = |resolved: &Resolved| {
            resolved.point.map_or(i32::MAX, |(date, _)| (date - anchor).get_days().abs())
        };
        let candidates: Vec<Resolved> =
            near.into_iter().filter_map(|year| on_holiday(holiday, year)).collect();
        let close = candidates.iter().filter(|resolved| shift == 0 && distance(resolved) <= CLOSE_HOLIDAY);
        let by_tense =
            || candidates.iter().filter(|resolved| resolved.point.is_some_and(|(date, _)| wanted(date)));
        close
            .min_by_key(|resolved| distance(resolved))
            .or_else(|| by_tense().min_by_key(|r| distance(r)))
            .cloned()
    }
}

fn on_holiday(holiday: Holiday, year: i16) -> Option<Resolved> {
    let day = |date| Some(Resolved::at(date, Grain::Day));
    match holiday {
        Holiday::Fixed(month, number) => day(Date::new(year, month, number).ok()?),
        Holiday::Easter(days) => day(moved(period::easter(year)?, i64::from(days), Grain::Day)?),
        Holiday::Jewish(days) => day(moon::jewish_day(year, days)?),
        Holiday::Lunar(days) => day(moved(moon::lunar_new_year(year)?, i64::from(days), Grain::Day)?),
        Holiday::Nth(nth, weekday, month, days) => {
            let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
            let counted = Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()?;
            day(moved(counted, i64::from(days), Grain::Day)?)
        }
        Holiday::Islamic(month, number) => islamic(period::islamic(year, month, number.max(1))?, number),
    }
}

/// The day `first` of the Islamic calendar; with day 0 the month that begins then.
fn islamic(first: Date, day: i32) -> Option<Resolved> {
    if day > 0 {
        return Some(Resolved::at(first, Grain::Day));
    }
    let last = moved(first, 29, Grain::Day)?;
    let resolved = Resolved::at(first, Grain::Month);
    Some(Resolved { days: Some((first, last)), point: Some((first, Grain::Month)), ..resolved })
}
