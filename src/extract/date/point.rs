//! Points of the calendar: days, months, seasons, quarters, years, decades, with what they leave out taken from the day of
//! publication or, in a history, from the story.

use jiff::civil::{Date, Weekday};

use super::class::{Class, code, code_text};
use super::clock::with_time;
use super::grammar::Which;
use super::part::Part;
use super::period::{Grain, moved, year};
use super::relative::{MONTHS_OF_REPORTS, QUARTER_MEMORY, day_of_month, weekend_beside};
use super::resolve::{Listed, Resolved, Resolver};
use super::tense::Direction;
use crate::article::TimexKind;
use crate::calendar::Precision;

/// Years of a range whose end is told in two figures: 1914-18.
const LONGEST_RANGE: i32 = 60;
/// Decades to the 1900s, which a decade of two figures is of.
const LAST_CENTURY: i32 = 190;
/// Years from an early story to a decade that is of it, at most.
const LONGEST_AGE: i32 = 150;
/// Months that the calendar must go back for the year to have turned in history.
const TURN_OF_YEAR: i8 = 7;

/// Months to the beginning of a quarter that has only just ended.
const MONTHS_TO_A_PAST_QUARTER: i8 = 7;
/// Months from the beginning of a quarter, and of a half year, after which one that is to come is of the next year.
const MONTHS_SINCE_QUARTER: i8 = 5;
const MONTHS_SINCE_HALF: i8 = 9;

/// The months in which winter begins and ends.
const WINTER: i8 = 12;
const FIRST_OF_SPRING: i8 = 3;
/// Months to the beginning of a season that may be to come, and from that of one that is over.
const MONTHS_TO_SEASON: i8 = 3;
const MONTHS_SINCE_SEASON: i8 = 5;

/// A week is of the month that its Thursday is in.
const OF_WEEK: i32 = 4;

/// Months from one that is to come to the next that is told, at most.
const NEXT_OF_MONTHS: i8 = 3;

/// Days from one weekday of a list to the next, at most.
const NEXT_OF_LIST: i64 = 3;

impl Resolver {
    pub(super) fn date(&mut self, part: &Part<'_, '_>) -> Option<Resolved> {
        if let Some(ended) = self.quarter_that_ends(part) {
            return Some(ended);
        }
        let day = self.day_or_coarser(part)?;
        if part.found.rule.unit == Some(code("W"))
            && let Some((date, Grain::Day)) = day.point
        {
            return Some(Resolved::at(date, Grain::Week));
        }
        // Its number is the day, no hour.
        if part.found.rule.unit == Some(code("D")) {
            return Some(day);
        }
        with_time(part, day)
    }

    /// "The quarter ended Sept. 30": the one that is the talk, which may be of a fiscal year, else the one of the day.
    fn quarter_that_ends(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        if part.found.rule.unit != Some(code("Q")) || part.has(Class::MONTH) {
            return None;
        }
        let month = part.get(Class::MONTH)?;
        if self.quarter.is_some_and(|(_, age)| age <= QUARTER_MEMORY) {
            return Some(self.the_quarter());
        }
        let end = Part { range: *part.found.parts.last()?, ..*part };
        let (date, _) = self.month_or_day(&end, month as i8)?.point?;
        Some(Resolved::at(date, Grain::Quarter))
    }

    pub(super) fn day_or_coarser(&mut self, part: &Part<'_, '_>) -> Option<Resolved> {
        if let Some(holiday) = part.own(Class::HOLIDAY) {
            // "Ash Wednesday, 25 February 1601" was told by another calendar.
            let day = self.day_of_other(part).or_else(|| self.holiday(part, holiday));
            let has_weekend = part.found.rule.unit == Some(code("WE"));
            return if has_weekend { day.map(|day| weekend_beside(&day)) } else { day };
        }
        if let Some(dotted) = part.own(Class::DOTTED) {
            let date = Date::new((dotted / 10_000) as i16, (dotted / 100 % 100) as i8, (dotted % 100) as i8);
            return Some(Resolved::at(date.ok()?, Grain::Day));
        }
        if let Some(day) = part.own(Class::DAYMONTH) {
            return self.day_in_figures(part, (day / 100) as i8, (day % 100) as i8);
        }
        if let Some(month) = month_of(part) {
            return self.month_or_day(part, month as i8);
        }
        if let Some(weekday) = part.own(Class::WEEKDAY) {
            return Some(self.weekday(part, weekday as i8));
        }
        if (part.has_clock() || part.has(Class::DAYPART))
            && let Some(day) = self.day_of_other(part)
        {
            return Some(day);
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
        let is_ordinal = (part.has(Class::ORD) || part.told_number().is_some()) && part.unit().is_some();
        // "19. Jahrhundert": in figures an ordinal may look like a day.
        let is_counted = part.has(Class::DAY) && part.found.rule.unit.is_some();
        if let Some(term) = part.own(Class::TERM) {
            return term_of(term);
        }
        if part.has(Class::QUARTER) || part.has(Class::HALF) || is_ordinal || is_counted {
            return self.ordinal(part);
        }
        if part.found.rule.unit == Some(code("E"))
            && let Some(year) = part.own(Class::YEAR).or_else(|| Some(1900 + part.own(Class::YEAR2)?))
        {
            return (year % 10 == 0).then(|| decade_of(year / 10, None))?;
        }
        if let Some(decade) = part.own(Class::DECADE) {
            let of_story = || (self.narrative && self.is_of_early_story(decade * 10)).then_some(1);
            let era = part.get(Class::ERA);
            // "The 50s BC" are not those of the 20th century.
            let decade = if era.is_some() && part.is_short_decade() { decade - LAST_CENTURY } else { decade };
            return decade_of(decade, era.or_else(of_story));
        }
        if let Some(known) = self.explicit_year(part) {
            return whole_year(known);
        }
        if let Some(day) = part.own(Class::DAY) {
            return self.day_of_month(part, day as i8);
        }
        if let Some(shift) = part.own(Class::NOW) {
            return Some(self.near_day(shift));
        }
        if part.has_clock() || part.has(Class::DAYPART) || counts_hours(part) {
            return Some(self.day_of_clock(part));
        }
        part.has(Class::NUM).then(|| self.same_day())
    }

    /// The day of another time in its match: "from 9 a.m. to 5 p.m. Saturday", "10:59 a.m. (0259 GMT) Saturday".
    fn day_of_other(&mut self, part: &Part<'_, '_>) -> Option<Resolved> {
        let others = part.found.parts.iter().rev().filter(|range| **range != part.range);
        let mut others = others.map(|&range| Part { range, ..*part });
        let is_told = |other: &Part<'_, '_>| {
            [Class::WEEKDAY, Class::MONTH, Class::NOW].iter().any(|class| other.has(*class))
        };
        let told = others.find(is_told).filter(|_| !is_told(part))?;
        self.day_or_coarser(&told)
    }

    /// The day that a clock alone belongs to: in news that of a day told just before ("He was shot on Friday. At 10 p.m.
    /// he died"), unless its zone shows that it is of the day of publication ("At 0619 GMT, the dollar was up").
    fn day_of_clock(&self, part: &Part<'_, '_>) -> Resolved {
        let before = || part.reading.sentence_of(self.sentence?.checked_sub(1)?);
        let near = self.last_sentence == self.sentence || self.last_sentence == before();
        let exact = |daypart: i32| [code("NO"), code("MN")].contains(&daypart);
        let is_clock = part.has_clock() || counts_hours(part) || part.own(Class::DAYPART).is_some_and(exact);
        match self.last {
            Some((date, Grain::Day)) if near && is_clock && !self.narrative && !is_of_market(part) => {
                Resolved::at(date, Grain::Day)
            }
            _ => self.same_day(),
        }
    }

    /// The day that a time of day alone belongs to.
    pub(super) fn same_day(&self) -> Resolved {
        match (self.narrative, self.last) {
            (true, Some((date, Grain::Day | Grain::Time))) => Resolved::at(date, Grain::Day),
            (true, _) => Resolved::unknown("XXXX-XX-XX"),
            (false, _) => self.near_day(0),
        }
    }

    pub(super) fn near_day(&self, shift: i32) -> Resolved {
        let anchor = self.anchor.filter(|_| self.precision >= Precision::Day);
        match anchor.and_then(|date| moved(date, i64::from(shift), Grain::Day)) {
            Some(date) if !self.narrative => Resolved::at(date, Grain::Day),
            Some(_) => Resolved::unknown("PRESENT_REF"),
            None if self.narrative && shift == 0 => Resolved::unknown("PRESENT_REF"),
            None => Resolved::unknown("XXXX-XX-XX"),
        }
    }

    pub(super) fn month_or_day(&self, part: &Part<'_, '_>, month: i8) -> Option<Resolved> {
        // "April one": a number is the day only in a rule of days.
        let in_words = || part.own(Class::NUM).filter(|_| part.found.rule.unit == Some(code("D")));
        let own_day = part.own(Class::DAY).or_else(|| part.own(Class::ORD)).or_else(in_words);
        let nth = part.wants(Which::Nth).then(|| part.own(Class::WEEKDAY).unwrap_or(OF_WEEK));
        let known = self.explicit_year(part).map(|year| earlier_half(part, month, year));
        // The nth weekday is no day of the month, which would tell the year.
        let day = own_day.filter(|_| nth.is_none());
        let known = known.or_else(|| self.near_year(part)).or_else(|| self.year_of_range(part, month));
        let known = known.or_else(|| self.year_of(part, month, day));
        if let Some(weekday) = nth {
            return nth_weekday(known, month, own_day.unwrap_or(-1), weekday);
        }
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

    /// `28.06.`: its year is told by the tense.
    fn day_in_figures(&self, part: &Part<'_, '_>, month: i8, day: i8) -> Option<Resolved> {
        let Some(year) = self.year_of(part, month, Some(i32::from(day))) else {
            return Date::new(2000, month, day)
                .is_ok()
                .then(|| Resolved::unknown(format!("XXXX-{month:02}-{day:02}")));
        };
        Some(Resolved::at(Date::new(i16::try_from(year).ok()?, month, day).ok()?, Grain::Day))
    }

    /// The year that a part tells.
    pub(super) fn explicit_year(&self, part: &Part<'_, '_>) -> Option<i32> {
        let era = part.get(Class::ERA).unwrap_or(1);
        let in_era = |year: i32| if era < 0 { 1 - year } else { year };
        if let Some(year) = part.own(Class::YEAR) {
            return Some(in_era(year));
        }
        if let Some(short) = part.own(Class::YEAR2) {
            return self.whole_of_short_year(short, part.get(Class::YEAR));
        }
        if let Some(figures) = part.own(Class::INTEGER) {
            return match part.get(Class::YEAR) {
                _ if part.get(Class::ERA).is_some() => Some(in_era(figures)),
                // "2005-7", "2009/0": the last figure of a year soon after.
                Some(year) => {
                    let end = year - year % 10 + figures;
                    if figures == 0 && year % 10 == 9 {
                        Some(year + 1)
                    } else {
                        (end > year && figures < 10).then_some(end)
                    }
                }
                None => None,
            };
        }
        part.get(Class::YEAR).map(in_era)
    }

    /// A year of two figures: in the century of the other part or of the story, else the latest that is not far ahead.
    /// "1998-02" goes on into the next century, "2021-06" is no range.
    pub(super) fn whole_of_short_year(&self, short: i32, other: Option<i32>) -> Option<i32> {
        let in_century_of = |year: i32| year - year.rem_euclid(100) + short;
        if let Some(other) = other {
            let end = in_century_of(other);
            let end = if end < other { end + 100 } else { end };
            return (end - other < LONGEST_RANGE).then_some(end);
        }
        if let Some((year, _)) = self.story.filter(|_| self.narrative) {
            let story = i32::from(year);
            let near = [story - 100, story, story + 100].map(in_century_of);
            return near.into_iter().min_by_key(|year| (year - story).abs());
        }
        let latest = self.anchor.map_or(2030, |date| i32::from(date.year()) + 5);
        let candidate = in_century_of(latest);
        Some(if candidate > latest { candidate - 100 } else { candidate })
    }

    /// The year of "July last year".
    pub(super) fn near_year(&self, part: &Part<'_, '_>) -> Option<i32> {
        let shift = part.get(Class::SHIFT).filter(|_| part.unit() == Some(code("Y")))?;
        Some(i32::from(self.base()?.0.year()) + shift)
    }

    /// The year of one of two months, which lie together: "between January and November". The last tells it, unless the
    /// first is about to come and the last with it.
    fn year_of_range(&self, part: &Part<'_, '_>, month: i8) -> Option<i32> {
        let first = i8::try_from(part.first(Class::MONTH)?).ok()?;
        let last = i8::try_from(part.last(Class::MONTH)?).ok()?;
        if self.narrative || first == last {
            return None;
        }
        let ahead = |month: i8| (month - self.anchor.map_or(month, Date::month)).rem_euclid(12);
        // "From April to October", told in March.
        let latest = if part.is_range() && !part.is_over() { 8 } else { 5 };
        if (1..=2).contains(&ahead(first)) && (3..=latest).contains(&ahead(last)) {
            return Some(self.year_of(part, first, None)? + i32::from(month < first));
        }
        // "July and June" goes back, "from July to June" does not.
        let goes_back = !part.is_range() && (1..=2).contains(&(first - last));
        Some(self.year_of(part, last, None)? - i32::from(month > last && !goes_back))
    }

    /// The year of a month or day that tells none.
    pub(super) fn year_of(&self, part: &Part<'_, '_>, month: i8, day: Option<i32>) -> Option<i32> {
        if self.narrative {
            let year = self.story_year(month, part.is_to_come())?;
            return Some(year - i32::from(self.leads_to_story(part, month)));
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
            1 | 2 => !part.is_over(),
            3..=9 => {
                part.is_to_come()
                    || (self.follows_what_comes(month) && !part.is_over() && !part.is_attribute())
            }
            // Hardly over: the one of next year is meant only where that is told.
            10 => part.is_promised(),
            _ => false,
        };
        let next = this_year + i32::from(month < anchor.month());
        Some(if in_future { next } else { next - 1 })
    }

    /// Whether the sentence has told a month or day that is to come, which `month` follows: "in November, in December, then
    /// here in January".
    fn follows_what_comes(&self, month: i8) -> bool {
        let told = self.last.filter(|(date, grain)| {
            *grain <= Grain::Month && self.last_sentence == self.sentence && self.anchor < Some(*date)
        });
        told.is_some_and(|(date, _)| (1..=NEXT_OF_MONTHS).contains(&(month - date.month()).rem_euclid(12)))
    }

    /// Whether `month` of a history begins a range that ends where the story is, in a month before it: in March 1945, "from
    /// October to March".
    fn leads_to_story(&self, part: &Part<'_, '_>, month: i8) -> bool {
        let last = part.last(Class::MONTH).and_then(|last| i8::try_from(last).ok());
        let is_first = part.first(Class::MONTH) == Some(i32::from(month));
        let story = self.story.and_then(|(_, month)| month);
        is_first
            && part.is_range()
            && last.is_some_and(|last| last < month && story.is_some_and(|told| told <= last))
    }

    /// The year of a month that a history tells without one: after November, January is of the next year.
    pub(super) fn story_year(&self, month: i8, to_come: bool) -> Option<i32> {
        let aside = self.aside.filter(|(sentence, _)| *sentence == self.sentence);
        let (year, told) = aside.map(|(_, date)| (date.year(), Some(date.month()))).or(self.story)?;
        if let Some(within) = self.year_within_range(month) {
            return Some(within);
        }
        let next = year.saturating_add(1);
        // What is told has happened: a chronicle that goes back to May has left the story.
        let is_known = self.anchor.is_none_or(|anchor| (next, month) <= (anchor.year(), anchor.month()));
        let turned = (is_known || to_come) && told.is_some_and(|told| told - month >= TURN_OF_YEAR);
        Some(i32::from(year) + i32::from(turned))
    }

    /// Whether the story is not far from `year`, which is before 1000.
    fn is_of_early_story(&self, year: i32) -> bool {
        let story = self.story.map(|(story, _)| story).or(self.year_ahead);
        story.is_some_and(|story| (i32::from(story) - year).abs() <= LONGEST_AGE)
    }

    /// The first year of a range told last, if `month` of it lies within: "from September 1870 to January 1871" holds October.
    fn year_within_range(&self, month: i8) -> Option<i32> {
        let (begin, end) = self.range?;
        let date = Date::new(begin.year(), month, end.day().min(28)).ok()?;
        (date.first_of_month() >= begin.first_of_month() && date <= end).then(|| i32::from(begin.year()))
    }

    fn weekday(&mut self, part: &Part<'_, '_>, weekday: i8) -> Resolved {
        let unknown = || Resolved::unknown(format!("XXXX-WXX-{weekday}"));
        let base = if self.narrative { self.last.map(|(date, _)| date) } else { self.anchor };
        let Some(base) = base.filter(|_| self.narrative || self.precision >= Precision::Day) else {
            return unknown();
        };
        if let Some(day) = part.own(Class::DAY).filter(|_| !self.narrative)
            && let Some(date) = weekday_with_day(base, weekday, day)
        {
            return Resolved::at(date, Grain::Day);
        }
        let from_base = days_ahead(base, weekday);
        let introduced = part.start() > 0 && part.reading.is_of_events(part.start() - 1);
        let is_alike = |first: &Listed| first.introduced == introduced;
        let listed = self.listed.filter(|listed| !self.narrative && listed.sentence == self.sentence);
        let follows = listed.filter(|listed| part.goes_on_from(listed.end));
        let inherited = listed.filter(|listed| {
            follows.is_some()
                || (listed.direction == Direction::Future
                    && !listed.ends
                    && part.reading.keeps_tense(listed.end, part.start(), part.end()))
        });
        let direction = inherited.map_or_else(|| part.direction(), |listed| listed.direction);
        let is_next = if part.wants(Which::Closest) {
            from_base <= 3
        } else if part.is_past_by_rule() {
            from_base == 0
        } else {
            // No daily names tomorrow's weekday to tell of six days ago, but a weekly does; an agency's "said on Tuesday"
            // may be dated Monday elsewhere.
            let near = match direction {
                _ if self.narrative => 0,
                _ if part.wants(Which::Nearest) => 3,
                Direction::Unknown if part.wants(Which::Close) => 3,
                Direction::Unknown if !part.is_attribute() => 2,
                Direction::Past if !part.reading.wire => 0,
                _ => 1,
            };
            direction == Direction::Future || from_base <= near
        };
        let days = if is_next { from_base } else { from_base - 7 };
        let mut date = moved(base, days, Grain::Day);
        if let Some(first) = inherited {
            let gap = days_ahead(first.date, weekday);
            let is_future = direction == Direction::Future;
            let joined = follows.is_some() && (gap == 1 || part.reading.is_range(part.start() - 1));
            // "Tuesday through Sunday", "Thursday and Friday", and what is to come in its order.
            if joined || (is_future && is_alike(&first) && gap <= NEXT_OF_LIST && date < Some(first.date)) {
                date = moved(first.date, gap, Grain::Day);
            }
        }
        let Some(date) = date else { return unknown() };
        let (sentence, end, ends) = (self.sentence, part.end(), part.direction_is_of_date());
        self.listed = Some(Listed { sentence, end, introduced, date, direction, ends });
        Resolved::at(date, Grain::Day)
    }

    pub(super) fn season(&self, part: &Part<'_, '_>, season: i32) -> Option<Resolved> {
        let text = code_text(season);
        let month = season_month(season)?;
        let told = self.explicit_year(part).or_else(|| self.near_year(part));
        let known = told.or_else(|| match (self.narrative, self.last) {
            (true, Some((last, _))) => self.story_year(month, false).or(Some(i32::from(last.year()))),
            _ => self.anchor.map(|anchor| season_year(anchor, month, part.direction())),
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
    pub(super) fn ordinal(&self, part: &Part<'_, '_>) -> Option<Resolved> {
        // Of a century, its halves are told as the whole.
        let half = part.own(Class::HALF).filter(|_| part.found.rule.unit != Some(code("C")));
        let number = part.own(Class::QUARTER).or(half).or_else(|| part.own(Class::ORD));
        let number = number.or_else(|| part.told_number()).or_else(|| part.own(Class::DAY))?;
        let unit = if part.has(Class::QUARTER) { code("Q") } else { part.unit().unwrap_or(code("H")) };
        if unit == code("C") {
            return (1..=21).contains(&number).then(|| {
                let era = part.get(Class::ERA).unwrap_or(1);
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
        let shifted = || Some(i32::from(self.anchor?.year()) + part.get(Class::SHIFT)?);
        let of_year = || {
            let deciding = self.deciding_part(part, number, months);
            self.year_of_quarter(part, ((deciding - 1) * months + 1) as i8)
        };
        let Some(known) = told.or_else(shifted).or_else(of_year) else {
            return Some(Resolved::unknown(format!("XXXX-{letter}{number}")));
        };
        Some(Resolved::at(Date::new(i16::try_from(known).ok()?, month, 1).ok()?, grain))
    }

    /// Which of several quarters tells the year that they share ("the third and fourth quarters"): the last, or the first
    /// while it runs.
    fn deciding_part(&self, part: &Part<'_, '_>, number: i32, months: i32) -> i32 {
        let (Some(first), Some(last)) = (part.first(Class::ORD), part.last(Class::ORD)) else {
            return number;
        };
        if !(first..=last).contains(&number) || last > 12 / months {
            return number;
        }
        let begins = (first - 1) * months + 1;
        let month = self.anchor.map_or(0, |anchor| i32::from(anchor.month()));
        if (begins..begins + months).contains(&month) { first } else { last }
    }

    /// Reports tell of the latest quarter that has begun, forecasts of the next one.
    pub(super) fn year_of_quarter(&self, part: &Part<'_, '_>, month: i8) -> Option<i32> {
        if self.narrative {
            return self.last.map(|(last, _)| i32::from(last.year()));
        }
        let anchor = self.anchor?;
        let this_year = i32::from(anchor.year());
        let begun = month <= anchor.month();
        // The second half is talked of in spring for what it may bring.
        let is_half = part.has(Class::HALF) || part.found.rule.unit == Some(code("HY"));
        if is_half && !begun && anchor.month() > MONTHS_OF_REPORTS && !part.is_over() {
            return Some(this_year);
        }
        // Until March the fourth quarter is the one whose figures are due.
        let just_over = month - anchor.month() >= MONTHS_TO_A_PAST_QUARTER;
        let future = part.direction() == Direction::Future && !just_over;
        Some(match (begun, future) {
            (true, true)
                if month + if is_half { MONTHS_SINCE_HALF } else { MONTHS_SINCE_QUARTER }
                    < anchor.month() =>
            {
                this_year + 1
            }
            (true, _) | (false, true) => this_year,
            (false, false) => this_year - 1,
        })
    }

    /// "The 19th": of the month that a history tells of; in news the latest that is over or the first to come, by tense.
    fn day_of_month(&self, part: &Part<'_, '_>, day: i8) -> Option<Resolved> {
        let (base, grain) = self.last.filter(|_| self.narrative).or_else(|| self.base())?;
        if grain > Grain::Month {
            return None;
        }
        // "On the 12 islands" counts.
        if part.wants(Which::Ordinal) && !part.is_ordinal_in_figures() {
            return None;
        }
        let months = match part.direction() {
            _ if self.narrative || grain > Grain::Day => 0,
            Direction::Past if day > base.day() => -1,
            Direction::Future if day < base.day() => 1,
            _ => 0,
        };
        day_of_month(base, months, day)
    }
}

/// Whether its rule reads its number as the hour: 17 horas.
fn counts_hours(part: &Part<'_, '_>) -> bool {
    part.found.rule.unit == Some(code("H")) && part.has(Class::NUM)
}

/// Whether a time with its zone tells how things stood on the day of publication: "At 0619 GMT, the dollar was up", but not
/// "at 1645 (2245 GMT)".
fn is_of_market(part: &Part<'_, '_>) -> bool {
    let before = part.found.start().checked_sub(1).map_or("", |before| part.reading.text.word(before));
    part.get(Class::ZONE).is_some() && part.get(Class::BRACKET).is_none() && before != "("
}

/// Days from `base` to the next day that is a `weekday`, itself among them.
fn days_ahead(base: Date, weekday: i8) -> i64 {
    i64::from((weekday - base.weekday().to_monday_one_offset()).rem_euclid(7))
}

/// The day nearest to `base` that is a `weekday` and has the number `day`: Monday 28.
fn weekday_with_day(base: Date, weekday: i8, day: i32) -> Option<Date> {
    let first = days_ahead(base, weekday);
    let near = [first, first - 7, first + 7, first - 14, first + 14, first - 21, first + 21, first - 28];
    let mut near = near.into_iter().filter_map(|days| moved(base, days, Grain::Day));
    near.find(|date| i32::from(date.day()) == day)
}

/// The third Thursday of November, the last Friday of June (-1).
fn nth_weekday(year: Option<i32>, month: i8, nth: i32, weekday: i32) -> Option<Resolved> {
    let Some(year) = year else { return Some(Resolved::unknown(format!("XXXX-{month:02}-XX"))) };
    let first = Date::new(i16::try_from(year).ok()?, month, 1).ok()?;
    let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
    let day = first.nth_weekday_of_month(i8::try_from(nth).ok()?, weekday).ok()?;
    Some(Resolved::at(day, Grain::Day))
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

/// 2Q21 as 202102, 1H21 as 202111.
fn term_of(term: i32) -> Option<Resolved> {
    let (year, number) = (i16::try_from(term / 100).ok()?, term % 100);
    let (month, grain) = if number > 10 {
        ((number - 11) * 6 + 1, Grain::Half)
    } else {
        ((number - 1) * 3 + 1, Grain::Quarter)
    };
    Some(Resolved::at(Date::new(year, month as i8, 1).ok()?, grain))
}

/// The year of a season that begins in `month`. Winter belongs to the year that it begins in, so in January it is the one
/// of the year before; what is over is meant again where the future is told, what is far ahead was where the past is.
fn season_year(anchor: Date, month: i8, direction: Direction) -> i32 {
    let year = i32::from(anchor.year());
    let future = direction == Direction::Future;
    let is_winter = month == WINTER && anchor.month() < FIRST_OF_SPRING;
    let not_yet = month > anchor.month() + MONTHS_TO_SEASON && direction == Direction::Past;
    let over = month + MONTHS_SINCE_SEASON <= anchor.month() && future;
    year - i32::from(is_winter || not_yet) + i32::from(over)
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

pub(super) fn season_month(season: i32) -> Option<i8> {
    const SEASONS: [(i32, i8); 4] = [(code("SP"), 3), (code("SU"), 6), (code("FA"), 9), (code("WI"), 12)];
    SEASONS.iter().find(|(known, _)| *known == season).map(|(_, month)| *month)
}
