//! Points that are counted from another: last week, two years later, the quarter of a year before, the past decade.

use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::class::code_text;
use super::class::{Class, code};
use super::clock::{with_daypart, with_time};
use super::grammar::{Means, Which};
use super::length::{duration, fixed};
use super::part::Part;
use super::period::{self, Grain, moved, value};
use super::point::season_month;
use super::resolve::{Resolved, Resolver};
use super::tense::Direction;

/// Dates after which a quarter is no longer what "a year earlier" compares with.
pub(super) const QUARTER_MEMORY: usize = 12;

/// Dates after which a month is no longer the talk.
const MONTH_MEMORY: usize = 8;
/// Months after which the figures of a month are out.
const MONTHS_TO_FIGURES: i64 = 3;

/// Months in which the figures of the year before come out.
pub(super) const MONTHS_OF_REPORTS: i8 = 3;

/// From this weekday on the next weekend is nearer than the last.
const CLOSE_TO_WEEKEND: i8 = 3;

/// Months in which a year is new.
const MONTHS_OF_A_NEW_YEAR: i8 = 4;

impl Resolver {
    /// `shift` units from `base`: last week, this May, the following day.
    pub(super) fn near(&self, part: &Part<'_, '_>, base: Option<(Date, Grain)>) -> Option<Resolved> {
        let shift = part.shift();
        let in_week = part.found.rule.unit == Some(code("W"));
        let of_week = if in_week { weekday_of_week } else { near_weekday };
        let weekday = part.own(Class::WEEKDAY).map(|weekday| of_week(base, weekday as i8, shift));
        if let Some(daypart) = part.own(Class::DAYPART) {
            let day = weekday.unwrap_or_else(|| self.near_point(base, shift, Grain::Day));
            // "11.30pm last night" is told by the clock, "one night" is not.
            let by_clock = part.found.rule.means == Means::Near || part.wants(Which::Clock);
            let has_hour = part.has(Class::NUM) && by_clock;
            return if part.has_clock() || has_hour {
                with_time(part, day)
            } else {
                Some(with_daypart(&day, daypart))
            };
        }
        if let Some(day) = weekday {
            return with_time(part, day);
        }
        if let Some(month) = part.own(Class::MONTH) {
            return near_month(part, base, month as i8, shift);
        }
        if let Some(season) = part.own(Class::SEASON) {
            return near_season(base, season, shift);
        }
        if let Some(holiday) = part.own(Class::HOLIDAY) {
            return self.holiday(part, holiday);
        }
        if let Some(day) = part.own(Class::DAY) {
            let of_month = part.found.rule.unit == Some(code("M"));
            let near_day = if of_month { day_of_near_month } else { near_day_of_month };
            return near_day(base, day as i8, shift);
        }
        let Some(unit) = part.unit() else { return base.map(|(date, grain)| Resolved::at(date, grain)) };
        if unit == code("W") && part.wants(Which::Ending) {
            return Some(self.near_point(base, shift + i32::from(is_week_ending(base)), Grain::Week));
        }
        if unit == code("WE") {
            let told = part.found.rule.shift.is_some() || part.has(Class::SHIFT);
            return Some(weekend(base, if told { shift } else { weekend_by_tense(base, part) }));
        }
        let grain = Grain::of_unit(unit)?;
        let told_last = match part.found.rule.shift {
            None => !part.has(Class::SHIFT),
            Some(shift) => shift == 0 && part.found.rule.means == Means::That,
        };
        if grain == Grain::Quarter && told_last {
            return Some(self.the_quarter());
        }
        if grain == Grain::Month
            && part.wants(Which::Told)
            && let Some(month) = self.the_month()
        {
            return Some(Resolved::at(month, Grain::Month));
        }
        let shift = shift - i32::from(is_reported(part, base) || is_begun(part, base));
        let point = self.near_point(base, shift, grain);
        Some(half_of(part, &point).unwrap_or(point))
    }

    /// "The quarter": the one told last, else the one that ended before publication.
    pub(super) fn the_quarter(&self) -> Resolved {
        let told = self.quarter.map(|(date, _)| date);
        let ended = || self.anchor.and_then(|anchor| moved(anchor, -1, Grain::Quarter));
        told.or_else(ended)
            .map_or_else(|| Resolved::unknown("XXXX-QX"), |date| Resolved::at(date, Grain::Quarter))
    }

    /// "The month" of a report is the one told just before, if it is not long over: figures come out in the next month.
    fn the_month(&self) -> Option<Date> {
        let anchor = self.anchor?.first_of_month();
        let told = self.month.filter(|told| told.age <= MONTH_MEMORY)?;
        let oldest = moved(anchor, -MONTHS_TO_FIGURES, Grain::Month)?;
        (told.date >= oldest).then_some(told.date)
    }

    #[expect(clippy::unused_self, reason = "reads as one of the ways to a point")]
    pub(super) fn near_point(&self, base: Option<(Date, Grain)>, shift: i32, grain: Grain) -> Resolved {
        let Some((base, base_grain)) = base else { return Resolved::unknown(unknown_at(grain)) };
        if base_grain > grain && !(shift == 0 && base_grain <= Grain::Week) {
            return coarser(base, base_grain, grain);
        }
        match moved(base, i64::from(shift), grain) {
            Some(date) => Resolved::at(first_of(date, grain), grain),
            None => Resolved::unknown(unknown_at(grain)),
        }
    }

    pub(super) fn ago(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        let grain = Grain::of_unit(part.unit()?)?;
        let ahead = part.found.rule.shift.is_some_and(|shift| shift > 0);
        // "In drei Wochen" is when it will be, or how long it took.
        let is_told = part.wants(Which::Counted) || part.tense() == Direction::Future;
        if ahead && (!is_told || grain == Grain::Time) {
            return duration(part);
        }
        if part.has(Class::FEW) || (part.has(Class::UNITS) && !part.has(Class::NUM) && !part.has(Class::PART))
        {
            return Some(fixed(if ahead { "FUTURE_REF" } else { "PAST_REF" }));
        }
        let (count, grain) = part.amount(grain);
        if ahead {
            return Some(counted(self.base(), count, grain));
        }
        if let Some(near) = self.near_to_count_from(part) {
            let (date, finer) = near.point?;
            return Some(Resolved::at(moved(date, i64::from(-count), grain)?, finer));
        }
        if let Some(compared) = self.compared_quarter(grain, count) {
            return Some(compared);
        }
        Some(counted(self.base(), -count, grain))
    }

    /// What years are counted from where that is told: "ten years ago this week", "five years ago today".
    fn near_to_count_from(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        if let Some(shift) = part.own(Class::NOW) {
            return Some(self.near_day(shift));
        }
        let shift = part.own(Class::SHIFT)?;
        Some(self.near_point(self.base(), shift, Grain::of_unit(part.last(Class::UNIT)?)?))
    }

    /// The day, week or year before or after a date that the part tells: "the Friday before Christmas".
    pub(super) fn beside(&mut self, part: &Part<'_, '_>, sign: i32) -> Option<Resolved> {
        let base = match (part.own(Class::SHIFT), part.own(Class::WEEKDAY)) {
            (Some(shift), Some(weekday)) => near_weekday(self.base(), weekday as i8, shift).point,
            _ => self.day_or_coarser(part)?.point,
        };
        if let (None, Some(weekday)) = (part.own(Class::SHIFT), part.own(Class::WEEKDAY)) {
            return Some(near_weekday(base, weekday as i8, sign));
        }
        if let Some(daypart) = part.own(Class::DAYPART) {
            return Some(with_daypart(&counted(base, sign, Grain::Day), daypart));
        }
        let unit = part.unit()?;
        if unit == code("WE") {
            return Some(weekend(base, sign));
        }
        Some(self.near_point(base, sign, Grain::of_unit(unit)?))
    }

    pub(super) fn later(&mut self, part: &Part<'_, '_>) -> Option<Resolved> {
        let grain = Grain::of_unit(part.unit()?)?;
        let sign = part.found.rule.shift.unwrap_or(1);
        if let Some(holiday) = part.own(Class::HOLIDAY) {
            let base = self.holiday(part, holiday)?.point;
            let is_week = grain == Grain::Week && !part.has(Class::NUM);
            return Some(if is_week {
                self.near_point(base, sign, grain)
            } else {
                counted(base, sign * part.own(Class::NUM).unwrap_or(1), grain)
            });
        }
        if let Some(year) = part.own(Class::YEAR) {
            return self.period_of(year);
        }
        if part.has(Class::FEW) || (part.has(Class::UNITS) && !part.has(Class::NUM)) {
            // "A few days later, they left" is no future.
            return match sign {
                ..0 => Some(fixed("PAST_REF")),
                _ if !self.narrative && part.tense() != Direction::Future => duration(part),
                _ => Some(fixed("FUTURE_REF")),
            };
        }
        if let Some(same) = self.same_of_year(part, sign) {
            return Some(same);
        }
        let (count, grain) = part.amount(grain);
        if sign < 0
            && let Some(compared) = self.compared_quarter(grain, count)
        {
            return Some(compared);
        }
        let base = self.year_told(part).or(self.last).or_else(|| self.base());
        let counted = counted(base, sign * count, grain);
        // The year that figures are compared with is not the talk: "from 40 a year earlier, and from 60 a year earlier".
        let is_compared = sign < 0 && count == 1 && grain == Grain::Year && !self.narrative;
        Some(if is_compared { Resolved { point: None, ..counted } } else { counted })
    }

    /// "The same month a year earlier": the month or day told last, `years` from it.
    fn same_of_year(&self, part: &Part<'_, '_>, years: i32) -> Option<Resolved> {
        let told = Grain::of_unit(part.own(Class::UNIT)?)?;
        if part.found.rule.unit != Some(code("Y")) || told >= Grain::Quarter {
            return None;
        }
        let (date, _) = self.last.filter(|(_, last)| *last <= told)?;
        let years = match part.own(Class::SHIFT) {
            // "From July 2011 to the same month this year."
            Some(0) => i32::from(self.anchor?.year() - date.year()),
            _ => years,
        };
        Some(Resolved::at(moved(date, i64::from(years), Grain::Year)?, told))
    }

    /// "A year earlier" is the same quarter of the year before while quarters are the talk.
    pub(super) fn compared_quarter(&self, grain: Grain, count: i32) -> Option<Resolved> {
        let (quarter, age) = self.quarter?;
        if grain != Grain::Year || count != 1 || age > QUARTER_MEMORY {
            return None;
        }
        let mut compared = Resolved::at(moved(quarter, -1, Grain::Year)?, Grain::Quarter);
        // The talk stays about the quarter that it is compared with.
        compared.point = None;
        Some(compared)
    }

    /// "The 1988 period": the quarter that is the talk, in that year; else the year.
    fn period_of(&self, year: i32) -> Option<Resolved> {
        let year = i16::try_from(year).ok()?;
        let quarter = self.quarter.filter(|(_, age)| *age <= QUARTER_MEMORY);
        let mut period = match quarter {
            Some((quarter, _)) => Resolved::at(quarter.with().year(year).build().ok()?, Grain::Quarter),
            None => Resolved::at(Date::new(year, 1, 1).ok()?, Grain::Year),
        };
        // What it is compared with stays the talk.
        period.point = None;
        Some(period)
    }

    /// The past decade, the next three months: a length with a place on the calendar.
    pub(super) fn span(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        let mut length = duration(part)?;
        let grain = Grain::of_unit(part.unit()?)?;
        let (count, grain) = part.amount(grain);
        let count = i64::from(count);
        if let Some((base, _)) = self.base()
            && !part.has(Class::FEW)
            && let Some(other) = moved(base, count * i64::from(part.shift().signum()), grain)
        {
            length.days = Some((base.min(other), base.max(other)));
        }
        Some(length)
    }
}

/// "The second half of this year" is a half of the year that `point` is.
fn half_of(part: &Part<'_, '_>, point: &Resolved) -> Option<Resolved> {
    let half = i8::try_from(part.own(Class::HALF)?).ok()?;
    let (year, _) = point.point.filter(|(_, grain)| *grain == Grain::Year)?;
    Some(Resolved::at(Date::new(year.year(), half * 6 - 5, 1).ok()?, Grain::Half))
}

fn near_weekday(base: Option<(Date, Grain)>, weekday: i8, shift: i32) -> Resolved {
    let unknown = || Resolved::unknown(format!("XXXX-WXX-{weekday}"));
    let Some((base, _)) = base.filter(|(_, grain)| *grain <= Grain::Day) else { return unknown() };
    let ahead = i64::from((weekday - base.weekday().to_monday_one_offset()).rem_euclid(7));
    let days = match shift {
        shift if shift < 0 => ahead - 7,
        0 => ahead,
        _ => {
            if ahead == 0 {
                7
            } else {
                ahead
            }
        }
    };
    moved(base, days, Grain::Day).map_or_else(unknown, |date| Resolved::at(date, Grain::Day))
}

/// Last May is the latest May that is over, next May the first that has not begun; last 5 May the latest one.
fn near_month(part: &Part<'_, '_>, base: Option<(Date, Grain)>, month: i8, shift: i32) -> Option<Resolved> {
    let day = part.own(Class::DAY);
    let Some((base, _)) = base else {
        return Some(Resolved::unknown(match day {
            Some(day) => format!("XXXX-{month:02}-{day:02}"),
            None => format!("XXXX-{month:02}"),
        }));
    };
    let this_year = base.year();
    let told = (month, day.map_or(0, |day| day as i8));
    let now = (base.month(), day.map_or(0, |_| base.day()));
    let year = match shift {
        shift if shift < 0 && told >= now => this_year.checked_sub(1)?,
        shift if shift > 0 && told <= now => this_year.checked_add(1)?,
        _ => this_year,
    };
    let grain = if day.is_some() { Grain::Day } else { Grain::Month };
    let date = Date::new(year, month, i8::try_from(day.unwrap_or(1)).ok()?).ok()?;
    Some(Resolved::at(date, grain))
}

/// The last 15th is the latest that is over, the next the first that has not come.
fn near_day_of_month(base: Option<(Date, Grain)>, day: i8, shift: i32) -> Option<Resolved> {
    let Some((base, _)) = base.filter(|(_, grain)| *grain <= Grain::Day) else {
        return Some(Resolved::unknown(format!("XXXX-XX-{day:02}")));
    };
    let months = match shift {
        shift if shift < 0 && day >= base.day() => -1,
        shift if shift > 0 && day <= base.day() => 1,
        _ => 0,
    };
    day_of_month(base, months, day)
}

/// `day` of the month that is `months` from that of `base`.
pub(super) fn day_of_month(base: Date, months: i32, day: i8) -> Option<Resolved> {
    let month = moved(base.first_of_month(), i64::from(months), Grain::Month)?;
    Some(Resolved::at(Date::new(month.year(), month.month(), day).ok()?, Grain::Day))
}

/// "The 5th inst." is of the month of publication, "the 5th ult." of the month before.
fn day_of_near_month(base: Option<(Date, Grain)>, day: i8, months: i32) -> Option<Resolved> {
    let Some((base, _)) = base.filter(|(_, grain)| *grain <= Grain::Month) else {
        return Some(Resolved::unknown(format!("XXXX-XX-{day:02}")));
    };
    day_of_month(base, months, day)
}

fn near_season(base: Option<(Date, Grain)>, season: i32, shift: i32) -> Option<Resolved> {
    let text = code_text(season);
    let month = season_month(season)?;
    let Some((base, _)) = base else { return Some(Resolved::unknown(format!("XXXX-{text}"))) };
    let this_year = base.year();
    // Winter belongs to the year that it begins in; "this winter" in January began last year.
    let this_year = if month == 12 && base.month() < 3 { this_year.checked_sub(1)? } else { this_year };
    let over_or_on = month <= base.month() || (month == 12 && base.month() < 3);
    let on = period::season(base) == text;
    let year = match shift {
        shift if shift < 0 && (!over_or_on || on) => this_year.checked_sub(1)?,
        shift if shift > 0 && over_or_on => this_year.checked_add(1)?,
        _ => this_year,
    };
    let value = format!("{}-{text}", period::year(i32::from(year)));
    let point = Date::new(year, month, 1).ok().map(|date| (date, Grain::Season));
    Some(Resolved { point, ..Resolved::unknown(value) })
}

/// Whether the week of `base` is all but over: from Friday on, the past week is this one.
fn is_week_ending(base: Option<(Date, Grain)>) -> bool {
    base.is_some_and(|(date, grain)| {
        grain <= Grain::Day && date.weekday().to_monday_one_offset() >= Weekday::Friday.to_monday_one_offset()
    })
}

/// A weekday in the week of `base` or `shift` weeks from it: Friday of next week.
fn weekday_of_week(base: Option<(Date, Grain)>, weekday: i8, shift: i32) -> Resolved {
    let day = base.filter(|(_, grain)| *grain <= Grain::Day).and_then(|(base, _)| {
        let monday = i64::from(base.weekday().to_monday_zero_offset());
        moved(base, i64::from(shift) * 7 - monday + i64::from(weekday) - 1, Grain::Day)
    });
    day.map_or_else(|| Resolved::unknown(format!("XXXX-WXX-{weekday}")), |day| Resolved::at(day, Grain::Day))
}

/// Whether a year that is told of with its figures is over: those come out in the first months of the next.
fn is_reported(part: &Part<'_, '_>, base: Option<(Date, Grain)>) -> bool {
    let early = base.is_some_and(|(date, _)| date.month() <= MONTHS_OF_REPORTS);
    let is_expected = || part.reading.is_expected(part.start(), part.end());
    early && part.wants(Which::Reported) && part.tense() == Direction::Past && !is_expected()
}

/// Whether "the new year" is the one that has just begun.
fn is_begun(part: &Part<'_, '_>, base: Option<(Date, Grain)>) -> bool {
    let month = base.map_or(0, |(date, _)| date.month());
    part.wants(Which::New)
        && (month == 1 || (month <= MONTHS_OF_A_NEW_YEAR && part.tense() == Direction::Past))
}

/// "The weekend" is the last one, on a Sunday this one; of what is to come the next. Where the rule wants the nearest, it is
/// the next one from Wednesday on, unless a past is told.
fn weekend_by_tense(base: Option<(Date, Grain)>, part: &Part<'_, '_>) -> i32 {
    let weekday = base.map_or(Weekday::Monday, |(date, _)| date.weekday());
    let is_close = part.wants(Which::Nearest) && weekday.to_monday_one_offset() >= CLOSE_TO_WEEKEND;
    let is_next = match part.tense() {
        Direction::Future => true,
        Direction::Past => weekday == Weekday::Sunday,
        Direction::Unknown => weekday == Weekday::Sunday || is_close,
    };
    if is_next { 0 } else { -1 }
}

/// The weekend that a holiday makes longer: that before a Monday or Tuesday, else that after it.
pub(super) fn weekend_beside(holiday: &Resolved) -> Resolved {
    let begins_week =
        |date: Date| date.weekday().to_monday_one_offset() <= Weekday::Tuesday.to_monday_one_offset();
    weekend(holiday.point, if holiday.point.is_some_and(|(date, _)| begins_week(date)) { -1 } else { 0 })
}

fn weekend(base: Option<(Date, Grain)>, shift: i32) -> Resolved {
    let unknown = || Resolved::unknown("XXXX-WXX-WE");
    let Some((base, _)) = base.filter(|(_, grain)| *grain <= Grain::Day) else { return unknown() };
    let Some(day) = moved(base, i64::from(shift), Grain::Week) else { return unknown() };
    let week = day.iso_week_date();
    let point = ISOWeekDate::new(week.year(), week.week(), Weekday::Saturday).ok();
    Resolved {
        point: point.map(|point| (point.date(), Grain::Week)),
        ..Resolved::unknown(format!("{}-WE", value(day, Grain::Week)))
    }
}

/// `count` units from `base`, as precise as the unit: two years later is a year.
fn counted(base: Option<(Date, Grain)>, count: i32, grain: Grain) -> Resolved {
    let shown = match grain {
        Grain::Time | Grain::Week => Grain::Day,
        grain => grain,
    };
    let Some((base, base_grain)) = base else { return Resolved::unknown(unknown_at(shown)) };
    if base_grain > shown {
        return coarser(base, base_grain, shown);
    }
    match moved(base, i64::from(count), grain) {
        Some(date) => Resolved::at(date, shown),
        None => Resolved::unknown(unknown_at(shown)),
    }
}

/// A finer point of a coarser period: some day of that month.
fn coarser(base: Date, base_grain: Grain, grain: Grain) -> Resolved {
    let unknown = match (base_grain, grain) {
        (Grain::Month, Grain::Day | Grain::Time) | (Grain::Year, Grain::Month) => "-XX",
        (Grain::Year | Grain::Season | Grain::Half, Grain::Day | Grain::Time) => "-XX-XX",
        _ => "",
    };
    if unknown.is_empty() {
        return Resolved::unknown(unknown_at(grain));
    }
    let known = if base_grain == Grain::Month { Grain::Month } else { Grain::Year };
    Resolved::unknown(format!("{}{unknown}", value(base, known)))
}

fn unknown_at(grain: Grain) -> &'static str {
    match grain {
        Grain::Time | Grain::Day => "XXXX-XX-XX",
        Grain::Week => "XXXX-WXX",
        Grain::Month => "XXXX-XX",
        Grain::Quarter => "XXXX-QX",
        _ => "XXXX",
    }
}

fn first_of(date: Date, grain: Grain) -> Date {
    match grain {
        Grain::Month => date.first_of_month(),
        Grain::Year => date.first_of_year(),
        _ => date,
    }
}
