//! One annotated part of a match, as resolution asks for it: its classes, its unit, its number, its tense.
//!
//! Never decides what a date means.

use super::class::{Class, code};
use super::grammar::Which;
use super::matcher::{Caught, Match, Reading};
use super::period::Grain;
use super::tense::Direction;

/// Tokens between two dates of a list: ", and", "through".
const LONGEST_JOINT: usize = 3;

/// One annotated part of a match, with the context that resolves it.
pub(super) struct Part<'a, 'm> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) found: &'m Match<'a>,
    pub(super) range: (usize, usize),
}

impl Part<'_, '_> {
    fn value_in(&self, class: Class, range: std::ops::Range<usize>) -> Option<i32> {
        // Some classes count too where the rule names the word itself: last night.
        let nameable = [
            Class::DAYPART,
            Class::UNIT,
            Class::UNITS,
            Class::SEASON,
            Class::NUM,
            Class::WEEKDAY,
            Class::OFTEN,
        ]
        .contains(&class);
        // "Montagabend" and "stasera" are a day and a part of it in one word; "Morgen" is one or the other, by its capital.
        let holds_daypart = |caught: &Caught| {
            let entry = &self.reading.grammar.entries[usize::from(caught.lexeme.word)];
            class == Class::DAYPART
                && !entry.day_or_part
                && entry.bits & class.bit() != 0
                && [Class::WEEKDAY, Class::NOW].iter().any(|day| caught.bits == day.bit())
        };
        let named = |caught: &Caught| {
            (holds_daypart(caught) || (nameable && caught.bits == 0)) && caught.lexeme.is(class)
        };
        let mut elements = self.found.elements.get(range)?.iter();
        let caught = elements.find(|caught| caught.bits == class.bit() || named(caught))?;
        Some(caught.lexeme.value(class, self.reading.grammar))
    }

    /// Value of the first element of `class` in this part.
    pub(super) fn own(&self, class: Class) -> Option<i32> {
        self.value_in(class, self.range.0..self.range.1)
    }

    /// The same, or of another part of the match: in "5 and 7 June" the first 5 is of June too.
    pub(super) fn get(&self, class: Class) -> Option<i32> {
        self.own(class).or_else(|| self.value_in(class, 0..self.found.elements.len()))
    }

    /// Value of the last element of `class` in the match.
    pub(super) fn last(&self, class: Class) -> Option<i32> {
        let caught = self.found.elements.iter().rev().find(|caught| caught.bits == class.bit())?;
        Some(caught.lexeme.value(class, self.reading.grammar))
    }

    /// Value of the first element of `class` in the match.
    pub(super) fn first(&self, class: Class) -> Option<i32> {
        let caught = self.found.elements.iter().find(|caught| caught.bits == class.bit())?;
        Some(caught.lexeme.value(class, self.reading.grammar))
    }

    pub(super) fn has(&self, class: Class) -> bool {
        self.own(class).is_some()
    }

    /// Whether it tells the time by the clock: 14:05, 5pm, 14.30 Uhr.
    pub(super) fn has_clock(&self) -> bool {
        [Class::CLOCK, Class::HHMM, Class::EARLY, Class::HOUR, Class::MERIDIEM]
            .iter()
            .any(|class| self.has(*class))
            || (self.found.rule.unit == Some(code("H")) && self.has(Class::NUM))
    }

    /// Its first token.
    pub(super) fn start(&self) -> usize {
        self.elements().first().map_or(0, |caught| caught.token as usize)
    }

    /// One past its last token.
    pub(super) fn end(&self) -> usize {
        self.elements().last().map_or(0, |caught| caught.token as usize + usize::from(caught.lexeme.tokens))
    }

    /// Whether what happened then is told to be over: it ended in April, since March.
    pub(super) fn is_over(&self) -> bool {
        if let Some(shift) = self.found.rule.shift {
            return shift < 0;
        }
        // Of two months, what stands before the first leads to both.
        let shared = self.first(Class::MONTH) != self.last(Class::MONTH);
        let start = if shared { self.found.start() } else { self.start() };
        self.reading.looks_back(start) || self.reading.is_over(start, self.end())
    }

    /// Whether its match tells where something begins and ends: from July to June.
    pub(super) fn is_range(&self) -> bool {
        self.found.elements.iter().any(|caught| self.reading.is_range(caught.token as usize))
    }

    /// Whether it is to come by a verb of the future, or as what was planned: "it announced plans to leave in April".
    pub(super) fn is_to_come(&self) -> bool {
        let (start, end) = (self.found.start(), self.found.end());
        self.direction() == Direction::Future
            || (self.found.rule.shift.is_none() && self.reading.is_planned(start, end))
    }

    /// Whether a verb of the future leads straight to it: it will open in January.
    pub(super) fn is_promised(&self) -> bool {
        self.found.rule.shift.is_none() && self.reading.is_promised(self.found.start(), self.found.end())
    }

    /// Whether only marks, "and" and prepositions of ranges stand between a date that ends at token `end` and this one.
    pub(super) fn goes_on_from(&self, end: usize) -> bool {
        self.start() > end && self.start() - end <= LONGEST_JOINT && self.reading.joins(end..self.start())
    }

    /// Whether its direction is told by what stands directly before it, and so is of no other date.
    pub(super) fn direction_is_of_date(&self) -> bool {
        self.found.rule.shift.is_some() || self.reading.is_directly_future(self.start())
    }

    pub(super) fn unit(&self) -> Option<i32> {
        self.found.rule.unit.or_else(|| self.get(Class::UNIT)).or_else(|| self.get(Class::UNITS))
    }

    /// Whether its day is written as "19th".
    pub(super) fn is_ordinal_in_figures(&self) -> bool {
        let day = self.elements().iter().find(|caught| caught.bits == Class::DAY.bit());
        day.is_some_and(|day| day.lexeme.word == 0 && day.lexeme.is(Class::ORD))
    }

    /// Whether its rule wants this of the dates that its words can mean.
    pub(super) fn wants(&self, which: Which) -> bool {
        self.found.rule.which == Some(which)
    }

    /// Whether it tells which of several things is meant: Friday's ruling.
    pub(super) fn is_attribute(&self) -> bool {
        self.reading.is_attribute(self.start(), self.end())
    }

    /// Whether its rule tells that it is over.
    pub(super) fn is_past_by_rule(&self) -> bool {
        self.found.rule.shift.is_some_and(|shift| shift < 0)
    }

    /// The number that its rule tells: the last quarter of a year is the fourth.
    pub(super) fn told_number(&self) -> Option<i32> {
        self.found.rule.value.as_deref()?.parse().ok()
    }

    pub(super) fn shift(&self) -> i32 {
        self.found.rule.shift.or_else(|| self.get(Class::SHIFT)).unwrap_or(0)
    }

    fn elements(&self) -> &[Caught] {
        &self.found.elements[self.range.0..self.range.1]
    }

    /// Its numbers, in order.
    pub(super) fn numbers(&self) -> impl Iterator<Item = i32> {
        let grammar = self.reading.grammar;
        let numbers = self.elements().iter().filter(|caught| caught.bits == Class::NUM.bit());
        numbers.map(|caught| caught.lexeme.value(Class::NUM, grammar))
    }

    /// Whether its decade is told in two figures: the 50s.
    pub(super) fn is_short_decade(&self) -> bool {
        self.elements().iter().any(|caught| caught.lexeme.is(Class::DECADE2))
    }

    fn number(&self) -> Option<&Caught> {
        self.elements().iter().find(|caught| caught.bits == Class::NUM.bit())
    }

    /// Decimals of its number.
    pub(super) fn hundredths(&self) -> u8 {
        self.number().map_or(0, |caught| caught.lexeme.hundredths)
    }

    /// Whole units and hundredths where a fraction is told: half a year, 2 1/2 hours, a month and a half.
    pub(super) fn fraction(&self) -> Option<(i32, i32)> {
        let number = self.number();
        if let Some(fraction) = number.filter(|number| number.lexeme.is(Class::PART)) {
            let (lexeme, grammar) = (fraction.lexeme, self.reading.grammar);
            if lexeme.word != 0 {
                // "Anderthalb" is one and a half in one word.
                return Some((lexeme.value(Class::NUM, grammar), lexeme.value(Class::PART, grammar)));
            }
            return Some((lexeme.number, i32::from(lexeme.hundredths)));
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
    pub(super) fn amount(&self, grain: Grain) -> (i32, Grain) {
        match (self.fraction(), grain) {
            (Some((whole, hundredths)), Grain::Year) => (whole * 12 + hundredths * 12 / 100, Grain::Month),
            (Some((whole, hundredths)), Grain::Decade) => (whole * 10 + hundredths / 10, Grain::Year),
            (Some((whole, hundredths)), Grain::Century) => (whole * 100 + hundredths, Grain::Year),
            (Some((whole, _)), grain) => (whole, grain),
            // "48 hours later" is two days.
            (None, Grain::Time) if self.unit() == Some(code("H")) && self.own(Class::NUM) >= Some(24) => {
                (self.own(Class::NUM).unwrap_or(0) / 24, Grain::Day)
            }
            (None, grain) => (self.own(Class::NUM).unwrap_or(1).saturating_mul(self.weeks_of_unit()), grain),
        }
    }

    /// Two for a fortnight, which is counted in weeks.
    fn weeks_of_unit(&self) -> i32 {
        if self.unit() == Some(code("F")) { 2 } else { 1 }
    }

    /// The tense of its clause, whatever the rule says.
    pub(super) fn tense(&self) -> Direction {
        let start = self.found.elements.first().map_or(0, |caught| caught.token as usize);
        self.reading.direction(start, self.found.end())
    }

    pub(super) fn direction(&self) -> Direction {
        let elements = &self.found.elements;
        let start = elements.first().map_or(0, |caught| caught.token as usize);
        match self.found.rule.shift {
            Some(shift) if shift < 0 => Direction::Past,
            Some(shift) if shift > 0 => Direction::Future,
            _ => self.reading.direction(start, self.found.end()),
        }
    }
}
