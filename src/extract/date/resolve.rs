//! From what matched to a TIMEX3 value: the calendar, the day of publication, and what was told before.
//!
//! One [`Resolver`] reads an article from its first date to its last and remembers the date told last. Without an
//! anchor it never invents a year: what it does not know is `X`. How each kind of date is found is in `point`,
//! `relative`, `holiday`, `clock` and `length`.

use jiff::civil::Date;

use super::class::Class;
use super::clock::with_daypart;
use super::grammar::{Means, Mode, Which};
use super::length::{duration, fixed, set};
use super::matcher::{Match, Reading};
use super::part::Part;
use super::period::{self, Grain, value};
use super::tense::Direction;
use crate::article::{Timex, TimexKind};
use crate::calendar::{Precision, Published};

/// Years that a story may leave out.
const STRIDE: i16 = 40;

/// A resolved part of a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resolved {
    pub(super) value: String,
    pub(super) kind: TimexKind,
    /// Days covered, where the value does not tell them.
    pub(super) days: Option<(Date, Date)>,
    /// The point of the calendar that later dates may refer to.
    pub(super) point: Option<(Date, Grain)>,
}

impl Resolved {
    pub(super) fn at(date: Date, grain: Grain) -> Resolved {
        Resolved { value: value(date, grain), kind: TimexKind::Date, days: None, point: Some((date, grain)) }
    }

    pub(super) fn unknown(value: impl Into<String>) -> Resolved {
        Resolved { value: value.into(), kind: TimexKind::Date, days: None, point: None }
    }

    pub(super) fn of_kind(value: impl Into<String>, kind: TimexKind) -> Resolved {
        Resolved { kind, ..Resolved::unknown(value) }
    }

    fn timex(self) -> Timex {
        let spelled = match self.kind {
            TimexKind::Date | TimexKind::Time => period::interval(&self.value),
            TimexKind::Duration | TimexKind::Set => None,
        };
        let (from, to) = self.days.or(spelled).unzip();
        Timex { kind: self.kind, value: self.value, from, to, publication: false }
    }
}

/// `timex`, a date, as coarse as what `part` counts: the year of a month. Nothing if it is coarser itself.
pub(super) fn cut_to_unit(timex: &Timex, part: &Part<'_, '_>) -> Option<Timex> {
    let (_, grain) = match part.unit() {
        None if part.has(Class::MONTH) => (1, Grain::Month),
        None if part.has(Class::DAYPART) => (1, Grain::Day),
        unit => part.amount(Grain::of_unit(unit?)?),
    };
    let first = timex.from?;
    let grain = if grain == Grain::Week { Grain::Day } else { grain };
    let cut = Resolved::at(first, grain);
    let cut =
        part.own(Class::DAYPART).map_or_else(|| cut.clone(), |daypart| with_daypart(&cut, daypart)).timex();
    let is_within = cut.from <= timex.from && timex.to <= cut.to;
    is_within.then_some(cut)
}

/// The weekday told last, for those that are listed with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed {
    pub(super) sentence: Option<usize>,
    /// One past its last token.
    pub(super) end: usize,
    /// A preposition leads to it: on Monday.
    pub(super) introduced: bool,
    pub(super) date: Date,
    pub(super) direction: Direction,
    /// Its direction is told by what stands directly before it, and so is of no other date: until Tuesday.
    pub(super) ends: bool,
}

/// The month told last, for "the month".
#[derive(Debug, Clone, Copy)]
pub(super) struct ToldMonth {
    pub(super) date: Date,
    /// How many dates ago.
    pub(super) age: usize,
    sentence: Option<usize>,
}

/// What is remembered of an article while its dates are resolved.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    pub(super) anchor: Option<Date>,
    pub(super) precision: Precision,
    /// The article tells history: a date without a year has the year told last.
    pub(super) narrative: bool,
    /// The date told last.
    pub(super) last: Option<(Date, Grain)>,
    /// Year and month that a history has come to.
    pub(super) story: Option<(i16, Option<i8>)>,
    /// A year told last that does not go on from `last`: an aside, unless the next one confirms it.
    pub(super) doubtful_year: Option<i16>,
    /// The quarter told last, and how many dates ago.
    pub(super) quarter: Option<(Date, usize)>,
    /// The month told last that has begun.
    pub(super) month: Option<ToldMonth>,
    /// The weekday told last.
    pub(super) listed: Option<Listed>,
    /// A month or day told aside, and in which sentence: what follows in the sentence is of its year.
    pub(super) aside: Option<(Option<usize>, Date)>,
    /// The sentence at hand, by its first token, and the one of the date told last.
    pub(super) sentence: Option<usize>,
    pub(super) last_sentence: Option<usize>,
    /// In history, the first year that is told after the expression at hand.
    pub(super) year_ahead: Option<i16>,
    /// A range told last that ends in a later year than it begins in: what follows may lie within.
    pub(super) range: Option<(Date, Date)>,
    /// One past the last token of the day or month told last, and its date.
    ended: Option<(usize, Date)>,
    /// A year that was told last and does not go on with the story, and its sentence.
    bare_year: Option<(Option<usize>, Date)>,
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
            month: None,
            listed: None,
            aside: None,
            sentence: None,
            last_sentence: None,
            year_ahead: None,
            range: None,
            ended: None,
            bare_year: None,
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
        self.sentence = reading.sentence_of(found.start());
        let mut all = Vec::with_capacity(found.parts.len());
        for &range in found.parts {
            let part = Part { reading, found, range };
            let resolved = self.part(&part)?;
            self.note_range(&part, &resolved);
            // "The lowest since April 2008" tells of now.
            if self.narrative || !reading.looks_back(found.start()) {
                self.remember(&resolved, found.rule.means);
            }
            all.push(resolved.timex());
        }
        Some(all)
    }

    /// Notes whether `resolved` ends a range that began in an earlier year: "from 19 September 1870 to 28 January 1871".
    fn note_range(&mut self, part: &Part<'_, '_>, resolved: &Resolved) {
        let Some((date, _)) = resolved.point.filter(|(_, grain)| *grain <= Grain::Month) else { return };
        let joint = part.start().checked_sub(1).filter(|joint| part.reading.is_range(*joint));
        let begin = self.ended.filter(|(end, begin)| joint == Some(*end) && begin.year() < date.year());
        self.range = begin.map(|(_, begin)| (begin, date));
        self.ended = Some((part.end(), date));
    }

    /// The year that "that year", "that spring" and "two years later" are counted from: the one told in this sentence or the one before,
    /// though it may be an aside to the story.
    pub(super) fn year_told(&self, part: &Part<'_, '_>) -> Option<(Date, Grain)> {
        let is_year = part.unit().and_then(Grain::of_unit).is_some_and(|grain| grain >= Grain::Year)
            || part.has(Class::MONTH)
            || part.has(Class::SEASON);
        let (sentence, date) = self.bare_year.filter(|_| self.narrative && is_year)?;
        let before = self.sentence.and_then(|start| part.reading.sentence_of(start.checked_sub(1)?));
        (sentence == self.sentence || sentence == before).then_some((date, Grain::Year))
    }

    /// Remembers `resolved`, which may be told by another date: "the previous month" is not the talk.
    fn remember(&mut self, resolved: &Resolved, means: Means) {
        if let Some((_, age)) = &mut self.quarter {
            *age += 1;
        }
        if let Some(told) = &mut self.month {
            told.age += 1;
        }
        if matches!(resolved.value.as_str(), "P6M" | "P9M") {
            // Half a year's figures are compared with a year's, not with a quarter's.
            self.quarter = None;
        }
        let Some((date, grain)) = resolved.point else { return };
        self.last_sentence = self.sentence;
        self.bare_year = None;
        // Nobody compares with a quarter that is to come.
        let reported = grain == Grain::Quarter && self.anchor.is_none_or(|anchor| date <= anchor);
        // The same quarter of the year before is what the talk is compared with.
        let is_compared = self.quarter.is_some_and(|(told, _)| {
            grain == Grain::Quarter && period::moved(told, -1, Grain::Year) == Some(date)
        });
        if reported && !is_compared {
            self.quarter = Some((date, 0));
        }
        if grain == Grain::Month && means != Means::That {
            self.remember_month(date);
        }
        if grain >= Grain::Year && !self.goes_on(date.year()) {
            self.doubtful_year = Some(date.year());
            self.bare_year = (means == Means::Date).then_some((self.sentence, date));
            if self.narrative {
                return;
            }
        }
        if self.narrative && self.is_aside(date.year()) {
            self.last = Some((date, grain));
            self.aside = (grain <= Grain::Month).then_some((self.sentence, date));
            return;
        }
        self.last = Some((date, grain));
        self.aside = None;
        self.doubtful_year = None;
        self.story = Some(match self.story {
            // The year alone says nothing of where in it the story is.
            Some((year, month)) if grain >= Grain::Year && year == date.year() => (year, month),
            _ => (date.year(), (grain <= Grain::Month).then(|| date.month())),
        });
    }

    /// Remembers a month that has begun; one that the month of the same sentence is compared with ("in June from May") is not
    /// the talk.
    fn remember_month(&mut self, date: Date) {
        let sentence = self.sentence;
        let is_compared = self.month.is_some_and(|told| told.sentence == sentence && date < told.date);
        if !is_compared && self.anchor.is_none_or(|anchor| date <= anchor) {
            self.month = Some(ToldMonth { date, age: 0, sentence });
        }
    }

    /// Whether the story, which is told in order, is back before or after `year` when a year is told next.
    fn is_aside(&self, year: i16) -> bool {
        let (Some((story, _)), Some(ahead)) = (self.story, self.year_ahead) else { return false };
        (year > story && (story..year).contains(&ahead)) || (year < story && ahead >= story)
    }

    /// Whether a bare year goes on with what is told, rather than looking far back or ahead.
    fn goes_on(&self, year: i16) -> bool {
        let near = |other: i16| (-1..=5).contains(&(i32::from(year) - i32::from(other)));
        // A story of an age strides: what is told next does not come back from there.
        let strides =
            self.story.is_some_and(|(story, _)| (story..=story.saturating_add(STRIDE)).contains(&year))
                && self.year_ahead.is_some_and(|ahead| (year..=year.saturating_add(STRIDE)).contains(&ahead));
        if strides {
            return true;
        }
        self.story.is_none_or(|(last, _)| near(last)) || self.doubtful_year.is_some_and(near)
    }

    fn part(&mut self, part: &Part<'_, '_>) -> Option<Resolved> {
        match part.found.rule.means {
            Means::Date => self.date(part),
            Means::Near => self.near(part, self.base()),
            Means::That => self.near(part, self.year_told(part).or(self.last).or_else(|| self.base())),
            Means::The => self.the(part),
            Means::Ago => self.ago(part),
            Means::Later => self.later(part),
            Means::Before => self.beside(part, -1),
            Means::After => self.beside(part, 1),
            Means::Span => self.span(part),
            Means::Duration => duration(part),
            Means::Set => set(part),
            Means::Fixed => self.fixed(part.found.rule.value.as_deref().unwrap_or_default()),
            Means::Nothing => None,
        }
    }

    /// From the date told last in this sentence, unless it is coarser; else from publication.
    fn the(&mut self, part: &Part<'_, '_>) -> Option<Resolved> {
        // What does not happen overnight is of no night.
        if part.wants(Which::Overnight) && part.tense() == Direction::Future {
            return None;
        }
        let grain = part.unit().and_then(Grain::of_unit);
        let near = self.narrative || self.last_sentence == self.sentence;
        let told = self.last.filter(|(_, last)| near && grain.is_none_or(|grain| *last <= grain));
        let near = self.near(part, told.or_else(|| self.base()))?;
        // What is told of the night before goes on about the day.
        let point = near.point.filter(|_| !part.wants(Which::Overnight));
        Some(Resolved { point, ..near })
    }

    /// A value that is the same everywhere; a day that was still to come when the article was published is none.
    fn fixed(&self, value: &str) -> Option<Resolved> {
        let is_known = |day: Date| self.anchor.is_none_or(|anchor| day <= anchor);
        let days = period::interval(value);
        // D-Day is a day that others are counted from.
        let point =
            days.filter(|(first, last)| self.narrative && first == last).map(|(day, _)| (day, Grain::Day));
        days.is_none_or(|(day, _)| is_known(day)).then(|| Resolved { point, ..fixed(value) })
    }

    /// The point that this, last and next are counted from.
    pub(super) fn base(&self) -> Option<(Date, Grain)> {
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
}
