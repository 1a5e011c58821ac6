//! From what matched to a TIMEX3 value: the calendar, the day of publication, and what was told before.
//!
//! One [`Resolver`] reads an article from its first date to its last and remembers the date told last. Without an
//! anchor it never invents a year: what it does not know is `X`.

use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::class::{Class, code, code_text};
use super::context::{Direction, FUTURE_BEFORE};
use super::grammar::{Holiday, Means, Mode};
use super::matcher::{Caught, Match, Reading};
use super::period::{self, Grain, moved, value, year};
use crate::article::{Timex, TimexKind};
use crate::calendar::{Precision, Published};

/// A resolved part of a match.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Resolved {
    value: String,
    kind: TimexKind,
    /// Days covered, where the value does not tell them.
    days: Option<(Date, Date)>,
    /// The point of the calendar that later dates may refer to.
    point: Option<(Date, Grain)>,
}

impl Resolved {
    fn at(date: Date, grain: Grain) -> Resolved {
        Resolved { value: value(date, grain), kind: TimexKind::Date, days: None, point: Some((date, grain)) }
    }

    fn unknown(value: impl Into<String>) -> Resolved {
        Resolved { value: value.into(), kind: TimexKind::Date, days: None, point: None }
    }

    fn of_kind(value: impl Into<String>, kind: TimexKind) -> Resolved {
        Resolved { kind, ..Resolved::unknown(value) }
    }

    fn timex(self) -> Timex {
        let spelled = match self.kind {
            TimexKind::Date | TimexKind::Time => period::interval(&self.value),
            TimexKind::Duration | TimexKind::Set => None,
        };
        let (from, to) = self.days.or(spelled).unzip();
        Timex { kind: self.kind, value: self.value, from, to }
    }
}

/// What is remembered of an article while its dates are resolved.
#[derive(Debug)]
pub(super) struct Resolver {
    anchor: Option<Date>,
    precision: Precision,
    /// The article tells history: a date without a year has the year told last.
    narrative: bool,
    /// The date told last.
    last: Option<(Date, Grain)>,
    /// Year and month that a history has come to.
    story: Option<(i16, Option<i8>)>,
    /// A year told last that does not go on from `last`: an aside, unless the next one confirms it.
    doubtful_year: Option<i16>,
    /// The quarter told last, and how many dates ago.
    quarter: Option<(Date, usize)>,
    /// In history, the first year that is told after the expression at hand.
    year_ahead: Option<i16>,
}

/// Dates after which a quarter is no longer what "a year earlier" compares with.
const QUARTER_MEMORY: usize = 12;

/// Months that the calendar must go back for the year to have turned in history.
const TURN_OF_YEAR: i8 = 8;

/// Days within which a holiday is the one that people mean, whatever the tense.
const CLOSE_HOLIDAY: i32 = 21;

/// One annotated part of a match, with the context that resolves it.
struct Part<'a, 'm> {
    reading: &'a Reading<'a>,
    found: &'m Match<'a>,
    range: (usize, usize),
}

impl Part<'_, '_> {
    fn value_in(&self, class: Class, range: std::ops::Range<usize>) -> Option<i32> {
        // Some classes count too where the rule names the word itself: last night.
        let nameable =
            [Class::DAYPART, Class::UNIT, Class::UNITS, Class::SEASON, Class::NUM].contains(&class);
        let named = |caught: &Caught| nameable && caught.bits == 0 && caught.lexeme.is(class);
        let mut elements = self.found.elements.get(range)?.iter();
        let caught = elements.find(|caught| caught.bits == class.bit() || named(caught))?;
        Some(caught.lexeme.value(class, self.reading.grammar))
    }

    /// Value of the first element of `class` in this part.
    fn own(&self, class: Class) -> Option<i32> {
        self.value_in(class, self.range.0..self.range.1)
    }

    /// The same, or of another part of the match: in "5 and 7 June" the first 5 is of June too.
    fn get(&self, class: Class) -> Option<i32> {
        self.own(class).or_else(|| self.value_in(class, 0..self.found.elements.len()))
    }

    fn has(&self, class: Class) -> bool {
        self.own(class).is_some()
    }

    /// Whether the word before the match tells the past: since March.
    fn follows_past(&self) -> bool {
        let start = self.found.elements.first().map_or(0, |caught| caught.token as usize);
        start
            .checked_sub(1)
            .is_some_and(|before| self.reading.tense(before, FUTURE_BEFORE) == Some(Direction::Past))
    }

    fn unit(&self) -> Option<i32> {
        self.found.rule.unit.or_else(|| self.get(Class::UNIT)).or_else(|| self.get(Class::UNITS))
    }

    fn shift(&self) -> i32 {
        self.found.rule.shift.or_else(|| self.get(Class::SHIFT)).unwrap_or(0)
    }

    fn elements(&self) -> &[Caught] {
        &self.found.elements[self.range.0..self.range.1]
    }

    fn number(&self) -> Option<&Caught> {
        self.elements().iter().find(|caught| caught.bits == Class::NUM.bit())
    }

    /// Decimals of its number.
    fn hundredths(&self) -> u8 {
        self.number().map_or(0, |caught| caught.lexeme.hundredths)
    }

    /// Whole units and hundredths where a fraction is told: half a year, 2 1/2 hours, a month and a half.
    fn fraction(&self) -> Option<(i32, i32)> {
        let number = self.number();
        if let Some(fraction) = number.filter(|number| number.lexeme.is(Class::PART)) {
            let whole = fraction.lexeme.number;
            return Some((whole, i32::from(fraction.lexeme.hundredths)));
        }
        let hundredths = self.own(Class::PART)?;
        let is_unit = |caught: &Caught| caught.lexeme.is(Class::UNIT) || caught.lexeme.is(Class::UNITS);
        let first = self.elements().iter().find(|caught| caught.bits == Class::PART.bit() || is_unit(caught));
        // "Half a year" has no whole one, "a year and a half" does.
        let no_whole = first.is_some_and(|caught| caught.bits == Class::PART.bit());
        let whole = self.own(Class::NUM).unwrap_or(i32::from(!no_whole));
        Some((whole, hundredths))
    }

    /// How many of which unit are counted; with a fraction of a year or decade, in finer ones.
    fn amount(&self, grain: Grain) -> (i32, Grain) {
        match (self.fraction(), grain) {
            (Some((whole, hundredths)), Grain::Year) => (whole * 12 + hundredths * 12 / 100, Grain::Month),
            (Some((whole, hundredths)), Grain::Decade) => (whole * 10 + hundredths / 10, Grain::Year),
            (Some((whole, _)), grain) => (whole, grain),
            (None, grain) => (self.own(Class::NUM).unwrap_or(1), grain),
        }
    }

    fn direction(&self) -> Direction {
        let elements = &self.found.elements;
        let start = elements.first().map_or(0, |caught| caught.token as usize);
        match self.found.rule.shift {
            Some(shift) if shift < 0 => Direction::Past,
            Some(shift) if shift > 0 => Direction::Future,
            _ => self.reading.direction(start, self.found.end()),
        }
    }
}

impl Resolver {
    /// A resolver for an article published at `published`.
    pub(super) fn new(published: Option<&Published>, mode: Mode) -> Resolver {
        Resolver {
            anchor: published.map(|published| published.date),
            precision: published.map_or(Precision::Year, |published| published.precision),
            narrative: mode == Mode::History,
            last: None,
            story: None,
            doubtful_year: None,
            quarter: None,
            year_ahead: None,
        }
    }

    /// For each of `matches`, the first year that is told after it; empty where the article tells no history.
    pub(super) fn years_ahead<'a>(
        &self,
        reading: &'a Reading<'a>,
        matches: &[Match<'a>],
    ) -> Vec<Option<i16>> {
        if !self.narrative {
            return Vec::new();
        }
        let mut ahead = None;
        let mut years = Vec::with_capacity(matches.len());
        for found in matches.iter().rev() {
            years.push(ahead);
            let told = found.parts.iter().find_map(|&range| {
                let year = self.explicit_year(&Part { reading, found, range })?;
                i16::try_from(year).ok()
            });
            ahead = told.or(ahead);
        }
        years.reverse();
        years
    }

    /// Tells the first year after the expression that is resolved next.
    pub(super) fn look_ahead(&mut self, year: Option<i16>) {
        self.year_ahead = year;
    }

    /// Values of the parts of `found`, in order; nothing if it names no possible date.
    pub(super) fn resolve<'a>(&mut self, reading: &'a Reading<'a>, found: &Match<'a>) -> Option<Vec<Timex>> {
        let mut all = Vec::with_capacity(found.parts.len());
        for &range in found.parts {
            let part = Part { reading, found, range };
            let resolved = self.part(&part)?;
            self.remember(&resolved);
            all.push(resolved.timex());
        }
        Some(all)
    }

    fn remember(&mut self, resolved: &Resolved) {
        if let Some((_, age)) = &mut self.quarter {
            *age += 1;
        }
        if matches!(resolved.value.as_str(), "P6M" | "P9M") {
            // Half a year's figures are compared with a year's, not with a quarter's.
            self.quarter = None;
        }
        let Some((date, grain)) = resolved.point else { return };
        if grain == Grain::Quarter {
            self.quarter = Some((date, 0));
        }
        if grain >= Grain::Year && !self.goes_on(date.year()) {
            self.doubtful_year = Some(date.year());
            if self.narrative {
                return;
            }
        }
        if self.narrative && self.is_aside(date.year()) {
            self.last = Some((date, grain));
            return;
        }
        self.last = Some((date, grain));
        self.doubtful_year = None;
        self.story = Some(match self.story {
            // The year alone says nothing of where in it the story is.
            Some((year, month)) if grain >= Grain::Year && year == date.year() => (year, month),
            _ => (date.year(), (grain <= Grain::Month).then(|| date.month())),
        });
    }

    /// Whether the story, which is told in order, is back before or after `year` when a year is told next.
    fn is_aside(&self, year: i16) -> bool {
        let (Some((story, _)), Some(ahead)) = (self.story, self.year_ahead) else { return false };
        (year > story && (story..year).contains(&ahead)) || (year < story && ahead >= story)
    }

    /// Whether a bare year goes on with what is told, rather than looking far back or ahead.
    fn goes_on(&self, year: i16) -> bool {
        let near = |other: i16| (-1..=5).contains(&(i32::from(year) - i32::from(other)));
        self.story.is_none_or(|(last, _)| near(last)) || self.doubtful_year.is_some_and(near)
    }

    fn part(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        match part.found.rule.means {
            Means::Date => self.date(part),
            Means::Near => self.near(part, self.base()),
            Means::That => self.near(part, self.last.or_else(|| self.base())),
            Means::Ago => self.ago(part),
            Means::Later => self.later(part),
            Means::Span => self.span(part),
            Means::Duration => duration(part),
            Means::Set => set(part),
            Means::Fixed => Some(fixed(part.found.rule.value.as_deref().unwrap_or_default())),
            Means::Nothing => None,
        }
    }

    /// The point that this, last and next are counted from.
    fn base(&self) -> Option<(Date, Grain)> {
        if self.narrative {
            return self.last;
        }
        let grain = match self.precision {
            Precision::Year => Grain::Year,
            Precision::Month => Grain::Month,
            Precision::Day | Precision::Second => Grain::Day,
        };
        self.anchor.map(|date| (date, grain))
    }

    // Points of the calendar.

    fn date(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        let day = self.day_or_coarser(part)?;
        if part.found.rule.unit == Some(code("W"))
            && let Some((date, Grain::Day)) = day.point
        {
            return Some(Resolved::at(date, Grain::Week));
        }
        with_time(part, day)
    }

    fn day_or_coarser(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        if let Some(holiday) = part.own(Class::HOLIDAY) {
            return self.holiday(part, holiday);
        }
        if let Some(dotted) = part.own(Class::DOTTED) {
            let date = Date::new((dotted / 10_000) as i16, (dotted / 100 % 100) as i8, (dotted % 100) as i8);
            return Some(Resolved::at(date.ok()?, Grain::Day));
        }
        if let Some(month) = month_of(part) {
            return self.month_or_day(part, month as i8);
        }
        if let Some(weekday) = part.own(Class::WEEKDAY) {
            return Some(self.weekday(part, weekday as i8));
        }
        if let Some(season) = part.own(Class::SEASON) {
            return self.season(part, season);
        }
        // "The second half of the '80s" is told as its decade.
        if part.has(Class::HALF)
            && let Some(decade) = part.own(Class::DECADE)
        {
            return decade_of(decade, None);
        }
        let is_ordinal = part.has(Class::ORD) && part.unit().is_some();
        // "19. Jahrhundert": in figures an ordinal may look like a day.
        let is_counted = part.has(Class::DAY) && part.found.rule.unit.is_some();
        if part.has(Class::QUARTER) || part.has(Class::HALF) || is_ordinal || is_counted {
            return self.ordinal(part);
        }
        if part.found.rule.unit == Some(code("E"))
            && let Some(year) = part.own(Class::YEAR).or_else(|| Some(1900 + part.own(Class::YEAR2)?))
        {
            return (year % 10 == 0).then(|| decade_of(year / 10, None))?;
        }
        if let Some(decade) = part.own(Class::DECADE) {
            return decade_of(decade, part.get(Class::ERA));
        }
        if let Some(known) = self.explicit_year(part) {
            return whole_year(known);
        }
        if let Some(day) = part.own(Class::DAY) {
            return self.day_of_month(day as i8);
        }
        if let Some(shift) = part.own(Class::NOW) {
            return Some(self.near_day(shift));
        }
        (part.has(Class::CLOCK)
            || part.has(Class::HHMM)
            || part.has(Class::HOUR)
            || part.has(Class::MERIDIEM)
            || part.has(Class::DAYPART)
            || part.has(Class::NUM))
        .then(|| self.same_day())
    }

    /// The day that a time of day alone belongs to.
    fn same_day(&self) -> Resolved {
        match (self.narrative, self.last) {
            (true, Some((date, Grain::Day | Grain::Time))) => Resolved::at(date, Grain::Day),
            (true, _) => Resolved::unknown("XXXX-XX-XX"),
            (false, _) => self.near_day(0),
        }
    }

    fn near_day(&self, shift: i32) -> Resolved {
        let anchor = self.anchor.filter(|_| self.precision >= Precision::Day);
        match anchor.and_then(|date| moved(date, i64::from(shift), Grain::Day)) {
            Some(date) if !self.narrative => Resolved::at(date, Grain::Day),
            Some(_) => Resolved::unknown("PRESENT_REF"),
            None => Resolved::unknown("XXXX-XX-XX"),
        }
    }

    fn month_or_day(&self, part: &Part<'_, '_>, month: i8) -> Option<Resolved> {
        let own_day = part.own(Class::DAY).or_else(|| part.own(Class::ORD));
        let known = self.explicit_year(part).map(|year| earlier_half(part, month, year));
        let known = known.or_else(|| self.near_year(part)).or_else(|| self.year_of(part, month, own_day));
        let Some(known) = known else {
            let day = own_day.filter(|day| *day <= 31);
            return Some(Resolved::unknown(match day {
                Some(day) if Date::new(2000, month, day as i8).is_ok() => format!("XXXX-{month:02}-{day:02}"),
                Some(_) => return None,
                None => format!("XXXX-{month:02}"),
            }));
        };
        let grain = if own_day.is_some() { Grain::Day } else { Grain::Month };
        let day = i8::try_from(own_day.unwrap_or(1)).ok()?;
        Some(Resolved::at(Date::new(i16::try_from(known).ok()?, month, day).ok()?, grain))
    }

    /// The year that a part tells.
    fn explicit_year(&self, part: &Part<'_, '_>) -> Option<i32> {
        let era = part.get(Class::ERA).unwrap_or(1);
        let in_era = |year: i32| if era < 0 { 1 - year } else { year };
        if let Some(year) = part.own(Class::YEAR) {
            return Some(in_era(year));
        }
        if let Some(short) = part.own(Class::YEAR2) {
            return Some(self.whole_of_short_year(short, part.get(Class::YEAR)));
        }
        if let Some(year) = part.own(Class::INTEGER).filter(|_| part.get(Class::ERA).is_some()) {
            return Some(in_era(year));
        }
        part.get(Class::YEAR).map(in_era)
    }

    /// A year of two figures: in the century of the other part or of the story, else the latest that is not far ahead.
    fn whole_of_short_year(&self, short: i32, other: Option<i32>) -> i32 {
        let in_century_of = |year: i32| year - year.rem_euclid(100) + short;
        if let Some(other) = other {
            return in_century_of(other);
        }
        if let Some((year, _)) = self.story.filter(|_| self.narrative) {
            let story = i32::from(year);
            let near = [story - 100, story, story + 100].map(in_century_of);
            return near.into_iter().min_by_key(|year| (year - story).abs()).unwrap_or(story);
        }
        let latest = self.anchor.map_or(2030, |date| i32::from(date.year()) + 5);
        let candidate = in_century_of(latest);
        if candidate > latest { candidate - 100 } else { candidate }
    }

    /// The year of "July last year".
    fn near_year(&self, part: &Part<'_, '_>) -> Option<i32> {
        let shift = part.own(Class::SHIFT).filter(|_| part.unit() == Some(code("Y")))?;
        Some(i32::from(self.base()?.0.year()) + shift)
    }

    /// The year of a month or day that tells none.
    fn year_of(&self, part: &Part<'_, '_>, month: i8, day: Option<i32>) -> Option<i32> {
        if self.narrative {
            return self.story_year(month);
        }
        let anchor = self.anchor?;
        let this_year = i32::from(anchor.year());
        let months_ahead = (month - anchor.month()).rem_euclid(12);
        if self.precision == Precision::Year || months_ahead == 0 {
            return Some(this_year);
        }
        let day = day.and_then(|day| i8::try_from(day).ok());
        if let (Some(day), Some(weekday)) = (day, part.own(Class::WEEKDAY))
            && let Some(year) = year_with_weekday(anchor, month, day, weekday)
        {
            return Some(year);
        }
        let in_future = match months_ahead {
            1 | 2 => !part.follows_past(),
            _ => part.direction() == Direction::Future,
        };
        let next = this_year + i32::from(month < anchor.month());
        Some(if in_future { next } else { next - 1 })
    }

    /// The year of a month that a history tells without one: after November, January is of the next year.
    fn story_year(&self, month: i8) -> Option<i32> {
        let (year, told) = self.story?;
        let turned = told.is_some_and(|told| told - month >= TURN_OF_YEAR);
        Some(i32::from(year) + i32::from(turned))
    }

    fn weekday(&self, part: &Part<'_, '_>, weekday: i8) -> Resolved {
        let unknown = || Resolved::unknown(format!("XXXX-WXX-{weekday}"));
        let base = if self.narrative { self.last.map(|(date, _)| date) } else { self.anchor };
        let Some(base) = base.filter(|_| self.narrative || self.precision >= Precision::Day) else {
            return unknown();
        };
        let ahead = i64::from((weekday - base.weekday().to_monday_one_offset()).rem_euclid(7));
        let in_future = part.direction() == Direction::Future;
        let days = if ahead == 0 || in_future { ahead } else { ahead - 7 };
        moved(base, days, Grain::Day).map_or_else(unknown, |date| Resolved::at(date, Grain::Day))
    }

    fn season(&self, part: &Part<'_, '_>, season: i32) -> Option<Resolved> {
        let text = code_text(season);
        let month = season_month(season)?;
        let known = self.explicit_year(part).or_else(|| match (self.narrative, self.last) {
            (true, Some((last, _))) => self.story_year(month).or(Some(i32::from(last.year()))),
            _ => self.anchor.map(|anchor| {
                let not_yet = month > anchor.month() + 3 && part.direction() == Direction::Past;
                i32::from(anchor.year()) - i32::from(not_yet)
            }),
        });
        Some(match known {
            Some(known) => Resolved {
                value: format!("{}-{text}", year(known)),
                kind: TimexKind::Date,
                days: None,
                point: Date::new(i16::try_from(known).ok()?, month, 1).ok().map(|date| (date, Grain::Season)),
            },
            None => Resolved::unknown(format!("XXXX-{text}")),
        })
    }

    /// The third quarter, the first half, the 20th century.
    fn ordinal(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        let number =
            part.own(Class::QUARTER).or_else(|| part.own(Class::HALF)).or_else(|| part.own(Class::ORD));
        let number = number.or_else(|| part.own(Class::DAY))?;
        let unit = if part.has(Class::QUARTER) { code("Q") } else { part.unit().unwrap_or(code("H")) };
        if unit == code("C") {
            return (1..=21).contains(&number).then(|| {
                let era = part.own(Class::ERA).unwrap_or(1);
                if era < 0 {
                    Resolved::unknown(format!("BC{:02}", number - 1))
                } else {
                    Resolved::unknown(format!("{:02}", number - 1))
                }
            });
        }
        let (grain, letter, months) = match unit {
            unit if unit == code("Q") => (Grain::Quarter, 'Q', 3),
            _ => (Grain::Half, 'H', 6),
        };
        if !(1..=12 / months).contains(&number) {
            return None;
        }
        let month = ((number - 1) * months + 1) as i8;
        let told = self.explicit_year(part);
        let shifted = || Some(i32::from(self.anchor?.year()) + part.own(Class::SHIFT)?);
        let Some(known) = told.or_else(shifted).or_else(|| self.year_of_quarter(part, month)) else {
            return Some(Resolved::unknown(format!("XXXX-{letter}{number}")));
        };
        Some(Resolved::at(Date::new(i16::try_from(known).ok()?, month, 1).ok()?, grain))
    }

    /// Reports tell of the latest quarter that has begun, forecasts of the next one.
    fn year_of_quarter(&self, part: &Part<'_, '_>, month: i8) -> Option<i32> {
        if self.narrative {
            return self.last.map(|(last, _)| i32::from(last.year()));
        }
        let anchor = self.anchor?;
        let this_year = i32::from(anchor.year());
        let begun = month <= anchor.month();
        let future = part.direction() == Direction::Future;
        Some(match (begun, future) {
            (true, true) if month + 5 < anchor.month() => this_year + 1,
            (true, _) | (false, true) => this_year,
            (false, false) => this_year - 1,
        })
    }

    fn day_of_month(&self, day: i8) -> Option<Resolved> {
        let (base, grain) = self.last.filter(|_| self.narrative).or_else(|| self.base())?;
        if grain > Grain::Month {
            return None;
        }
        Some(Resolved::at(Date::new(base.year(), base.month(), day).ok()?, Grain::Day))
    }

    fn holiday(&self, part: &Part<'_, '_>, number: i32) -> Option<Resolved> {
        let holiday = *part.reading.grammar.holidays.get(usize::try_from(number).ok()?)?;
        let known = self.explicit_year(part);
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
        let wanted = |date: Date| match (part.direction(), shift) {
            (_, -1) | (Direction::Past, 0) => date <= anchor,
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

    // Points that are counted from another.

    /// `shift` units from `base`: last week, this May, the following day.
    fn near(&self, part: &Part<'_, '_>, base: Option<(Date, Grain)>) -> Option<Resolved> {
        let shift = part.shift();
        let weekday = part.own(Class::WEEKDAY).map(|weekday| near_weekday(base, weekday as i8, shift));
        if let Some(daypart) = part.own(Class::DAYPART) {
            let day = weekday.unwrap_or_else(|| self.near_point(base, shift, Grain::Day));
            return Some(with_daypart(&day, daypart));
        }
        if weekday.is_some() {
            return weekday;
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
        let Some(unit) = part.unit() else { return base.map(|(date, grain)| Resolved::at(date, grain)) };
        if unit == code("WE") {
            return Some(weekend(base, shift));
        }
        let grain = Grain::of_unit(unit)?;
        if grain == Grain::Quarter && part.found.rule.shift.is_none() && !part.has(Class::SHIFT) {
            return Some(self.the_quarter());
        }
        Some(self.near_point(base, shift, grain))
    }

    /// "The quarter": the one told last, else the one that ended before publication.
    fn the_quarter(&self) -> Resolved {
        let told = self.quarter.map(|(date, _)| date);
        let ended = || self.anchor.and_then(|anchor| moved(anchor, -1, Grain::Quarter));
        told.or_else(ended)
            .map_or_else(|| Resolved::unknown("XXXX-QX"), |date| Resolved::at(date, Grain::Quarter))
    }

    #[expect(clippy::unused_self, reason = "reads as one of the ways to a point")]
    fn near_point(&self, base: Option<(Date, Grain)>, shift: i32, grain: Grain) -> Resolved {
        let Some((base, base_grain)) = base else { return Resolved::unknown(unknown_at(grain)) };
        if base_grain > grain && !(shift == 0 && base_grain <= Grain::Week) {
            return coarser(base, base_grain, grain);
        }
        match moved(base, i64::from(shift), grain) {
            Some(date) => Resolved::at(first_of(date, grain), grain),
            None => Resolved::unknown(unknown_at(grain)),
        }
    }

    fn ago(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        let grain = Grain::of_unit(part.unit()?)?;
        if part.has(Class::FEW) || (part.has(Class::UNITS) && !part.has(Class::NUM)) {
            return Some(fixed("PAST_REF"));
        }
        let (count, grain) = part.amount(grain);
        if let Some(compared) = self.compared_quarter(grain, count) {
            return Some(compared);
        }
        Some(counted(self.base(), -count, grain))
    }

    fn later(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        let grain = Grain::of_unit(part.unit()?)?;
        let sign = part.found.rule.shift.unwrap_or(1);
        if part.has(Class::FEW) || (part.has(Class::UNITS) && !part.has(Class::NUM)) {
            return Some(fixed(if sign < 0 { "PAST_REF" } else { "FUTURE_REF" }));
        }
        let (count, grain) = part.amount(grain);
        if sign < 0
            && let Some(compared) = self.compared_quarter(grain, count)
        {
            return Some(compared);
        }
        Some(counted(self.last.or_else(|| self.base()), sign * count, grain))
    }

    /// "A year earlier" is the same quarter of the year before while quarters are the talk.
    fn compared_quarter(&self, grain: Grain, count: i32) -> Option<Resolved> {
        let (quarter, age) = self.quarter?;
        if grain != Grain::Year || count != 1 || age > QUARTER_MEMORY {
            return None;
        }
        let mut compared = Resolved::at(moved(quarter, -1, Grain::Year)?, Grain::Quarter);
        // The talk stays about the quarter that it is compared with.
        compared.point = None;
        Some(compared)
    }

    /// The past decade, the next three months: a length with a place on the calendar.
    fn span(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        let mut length = duration(part)?;
        let grain = Grain::of_unit(part.unit()?)?;
        let count = i64::from(part.own(Class::NUM).unwrap_or(1));
        if let Some((base, _)) = self.base()
            && !part.has(Class::FEW)
            && let Some(other) = moved(base, count * i64::from(part.shift().signum()), grain)
        {
            length.days = Some((base.min(other), base.max(other)));
        }
        Some(length)
    }
}

/// The month that a part tells; a day alone is of the month of the other part.
fn month_of(part: &Part<'_, '_>) -> Option<i32> {
    let borrowed = || part.get(Class::MONTH).filter(|_| part.has(Class::DAY));
    part.own(Class::MONTH).or_else(borrowed).or_else(|| part.own(Class::MNUM))
}

/// "From October to March 1945": the year told with the second month is the next one for the first.
fn earlier_half(part: &Part<'_, '_>, month: i8, year: i32) -> i32 {
    let borrowed = !part.has(Class::YEAR) && part.get(Class::YEAR).is_some();
    let later = part.found.elements[part.range.1..].iter().find(|caught| caught.bits == Class::MONTH.bit());
    let later = later.map(|caught| caught.lexeme.value(Class::MONTH, part.reading.grammar));
    year - i32::from(
        borrowed && part.has(Class::MONTH) && later.is_some_and(|later| i32::from(month) > later),
    )
}

/// The year nearest to `anchor` in which the day falls on `weekday`.
fn year_with_weekday(anchor: Date, month: i8, day: i8, weekday: i32) -> Option<i32> {
    let fits = |year: i16| {
        let date = Date::new(year, month, day).ok()?;
        (i32::from(date.weekday().to_monday_one_offset()) == weekday).then_some(year)
    };
    let year = anchor.year();
    [year, year.saturating_sub(1), year.saturating_add(1)].into_iter().find_map(fits).map(i32::from)
}

fn whole_year(known: i32) -> Option<Resolved> {
    let date = i16::try_from(known).ok().and_then(|year| Date::new(year, 1, 1).ok())?;
    Some(Resolved::at(date, Grain::Year))
}

/// The 1990s; before the year 1000 only with its era, because 380s are aeroplanes.
fn decade_of(decade: i32, era: Option<i32>) -> Option<Resolved> {
    if decade < 100 && era.is_none() {
        return None;
    }
    if era.is_some_and(|era| era < 0) {
        return Some(Resolved::unknown(format!("BC{decade:03}")));
    }
    let point = i16::try_from(decade * 10).ok().and_then(|year| Date::new(year, 1, 1).ok());
    let point = point.map(|date| (date, Grain::Decade));
    Some(Resolved { point, ..Resolved::unknown(format!("{decade:03}")) })
}

fn with_time(part: &Part<'_, '_>, day: Resolved) -> Option<Resolved> {
    let clock = part.own(Class::CLOCK).or_else(|| part.own(Class::HHMM).map(|n| n / 100 * 60 + n % 100));
    let minutes = match (part.own(Class::HOUR), clock, part.own(Class::MERIDIEM)) {
        (Some(minutes), ..) | (None, Some(minutes), None) => Some(minutes),
        (None, clock, Some(half)) => {
            let minutes = clock.or_else(|| part.own(Class::NUM).map(|hours| hours * 60))?;
            if !(60..780).contains(&minutes) {
                return None;
            }
            Some(minutes % 720 + half * 60)
        }
        _ => hour_of_daypart(part),
    };
    if let Some(minutes) = minutes {
        let value = format!("{}T{:02}:{:02}", day.value, minutes / 60, minutes % 60);
        return Some(Resolved { value, kind: TimexKind::Time, ..day });
    }
    Some(match part.own(Class::DAYPART) {
        Some(daypart) => with_daypart(&day, daypart),
        None => day,
    })
}

/// `Five o'clock`, `4 in the morning`: the hour in minutes, by the part of the day.
fn hour_of_daypart(part: &Part<'_, '_>) -> Option<i32> {
    let hour = part.own(Class::NUM).filter(|hour| (1..=12).contains(hour))?;
    let late = match part.own(Class::DAYPART).map(code_text).as_deref() {
        Some("AF" | "EV") => true,
        Some("NI") => hour >= 6,
        _ => false,
    };
    let hour = if late { hour % 12 + 12 } else { hour };
    Some(hour * 60)
}

fn with_daypart(day: &Resolved, daypart: i32) -> Resolved {
    let part = match code_text(daypart) {
        noon if noon == "NO" => "T12:00".to_owned(),
        midnight if midnight == "MN" => "T24:00".to_owned(),
        part => format!("T{part}"),
    };
    Resolved {
        value: format!("{}{part}", day.value),
        kind: TimexKind::Time,
        days: day.days,
        point: day.point,
    }
}

fn season_month(season: i32) -> Option<i8> {
    const SEASONS: [(i32, i8); 4] = [(code("SP"), 3), (code("SU"), 6), (code("FA"), 9), (code("WI"), 12)];
    SEASONS.iter().find(|(known, _)| *known == season).map(|(_, month)| *month)
}

fn on_holiday(holiday: Holiday, year: i16) -> Option<Resolved> {
    let day = |date| Some(Resolved::at(date, Grain::Day));
    match holiday {
        Holiday::Fixed(month, number) => day(Date::new(year, month, number).ok()?),
        Holiday::Easter(days) => day(moved(period::easter(year)?, i64::from(days), Grain::Day)?),
        Holiday::Nth(nth, weekday, month) => {
            let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
            day(Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()?)
        }
        Holiday::Islamic(month, 0) => {
            let first = period::islamic(year, month, 1)?;
            let last = moved(first, 29, Grain::Day)?;
            let resolved = Resolved::at(first, Grain::Month);
            Some(Resolved { days: Some((first, last)), point: Some((first, Grain::Month)), ..resolved })
        }
        Holiday::Islamic(month, number) => day(period::islamic(year, month, number)?),
    }
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

/// Last May is the latest May that is over, next May the first that has not begun.
fn near_month(part: &Part<'_, '_>, base: Option<(Date, Grain)>, month: i8, shift: i32) -> Option<Resolved> {
    let day = part.own(Class::DAY);
    let Some((base, _)) = base else {
        return Some(Resolved::unknown(match day {
            Some(day) => format!("XXXX-{month:02}-{day:02}"),
            None => format!("XXXX-{month:02}"),
        }));
    };
    let this_year = base.year();
    let year = match shift {
        shift if shift < 0 && month >= base.month() => this_year.checked_sub(1)?,
        shift if shift > 0 && month <= base.month() => this_year.checked_add(1)?,
        _ => this_year,
    };
    let grain = if day.is_some() { Grain::Day } else { Grain::Month };
    let date = Date::new(year, month, i8::try_from(day.unwrap_or(1)).ok()?).ok()?;
    Some(Resolved::at(date, grain))
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
        (Grain::Year, Grain::Day | Grain::Time) => "-XX-XX",
        _ => "",
    };
    if unknown.is_empty() {
        return Resolved::unknown(unknown_at(grain));
    }
    Resolved::unknown(format!("{}{unknown}", value(base, base_grain)))
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

/// The letters of a unit in a period: `P3M`, `PT4H`.
fn length(count: &str, unit: i32) -> Option<String> {
    Some(match code_text(unit).as_str() {
        "S" => format!("PT{count}S"),
        "TM" => format!("PT{count}M"),
        "H" => format!("PT{count}H"),
        "WE" => format!("P{count}WE"),
        "E" => match count.parse::<i64>() {
            Ok(count) => format!("P{}Y", count * 10),
            Err(_) => format!("P{count}E"),
        },
        "C" => match count.parse::<i64>() {
            Ok(count) => format!("P{}Y", count * 100),
            Err(_) => format!("P{count}C"),
        },
        unit @ ("D" | "W" | "M" | "Q" | "Y") => format!("P{count}{unit}"),
        _ => return None,
    })
}

/// A length with a fraction, which years, hours and minutes tell in the finer unit: `P2Y6M`.
fn length_with_part(whole: i32, hundredths: i32, unit: i32) -> Option<String> {
    let (time, letter, finer, times) = match code_text(unit).as_str() {
        "Y" => ("", 'Y', 'M', 12),
        "H" => ("T", 'H', 'M', 60),
        "TM" => ("T", 'M', 'S', 60),
        "E" => return length(&(whole * 10 + hundredths / 10).to_string(), code("Y")),
        "C" => return length(&(whole * 100 + hundredths).to_string(), code("Y")),
        _ => return length(&decimal(whole, hundredths), unit),
    };
    let rest = hundredths * times / 100;
    let whole = if whole == 0 { String::new() } else { format!("{whole}{letter}") };
    Some(format!("P{time}{whole}{rest}{finer}"))
}

fn decimal(whole: i32, hundredths: i32) -> String {
    match hundredths {
        0 => whole.to_string(),
        hundredths if hundredths % 10 == 0 => format!("{whole}.{}", hundredths / 10),
        hundredths => format!("{whole}.{hundredths:02}"),
    }
}

fn count_text(part: &Part<'_, '_>) -> String {
    let Some(count) = part.own(Class::NUM) else {
        let some = part.has(Class::FEW) || part.has(Class::UNITS);
        return if some { "X".to_owned() } else { "1".to_owned() };
    };
    decimal(count, i32::from(part.hundredths()))
}

fn duration(part: &Part<'_, '_>) -> Option<Resolved> {
    if let Some((whole, hundredths)) = part.fraction() {
        let value = length_with_part(whole, hundredths, part.unit()?)?;
        return Some(Resolved::of_kind(value, TimexKind::Duration));
    }
    Some(Resolved::of_kind(length(&count_text(part), part.unit()?)?, TimexKind::Duration))
}

fn set(part: &Part<'_, '_>) -> Option<Resolved> {
    let value = if let Some(value) = &part.found.rule.value {
        value.clone()
    } else if let Some(weekday) = part.own(Class::WEEKDAY) {
        let day = format!("XXXX-WXX-{weekday}");
        part.own(Class::DAYPART).map_or(day.clone(), |daypart| format!("{day}T{}", code_text(daypart)))
    } else if let Some(month) = part.own(Class::MONTH) {
        format!("XXXX-{month:02}")
    } else if let Some(season) = part.own(Class::SEASON) {
        format!("XXXX-{}", code_text(season))
    } else if let Some(daypart) = part.own(Class::DAYPART) {
        format!("XXXX-XX-XXT{}", code_text(daypart))
    } else {
        let unit = part.own(Class::OFTEN).or_else(|| part.unit())?;
        // "Every two years"; but "three times a day" recurs within a day.
        let counted = part.has(Class::EACH);
        let count = part.own(Class::NUM).filter(|_| counted).or_else(|| part.own(Class::ORD)).unwrap_or(1);
        length(&count.to_string(), unit)?
    };
    Some(Resolved::of_kind(value, TimexKind::Set))
}

fn fixed(value: &str) -> Resolved {
    let duration = value.starts_with('P') && !value.ends_with("_REF");
    Resolved::of_kind(value, if duration { TimexKind::Duration } else { TimexKind::Date })
}
