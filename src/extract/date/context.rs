//! What surrounds a date: whether its clause tells the past or the future, whether its article tells history.

use jiff::civil::Date;

use super::class::Class;
use super::grammar::Mode;
use super::matcher::Reading;
use crate::text::token::TokenKind;

/// Which way from the anchor a date without a year or week lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Past,
    Future,
    Unknown,
}

/// Words that tell the future wherever they stand, before a date, and directly before it ("until Tuesday").
const FUTURE_ANYWHERE: i32 = 1;
pub(super) const FUTURE_BEFORE: i32 = 2;
const FUTURE_BEFORE_DATE: i32 = 3;
/// The same for a verb ("the final is Tuesday"), after which others tell the past all the same.
const FUTURE_VERB: i32 = 5;

/// Tokens before and after a date that are looked at.
const BEFORE: usize = 18;
const AFTER: usize = 10;

/// Far years that make an article history, unless it has much of last Tuesday.
const HISTORY_YEARS: usize = 8;
/// Months that make a history of an article with fewer years, if it has nothing of last Tuesday.
const HISTORY_MONTHS: usize = 10;

/// What speaks for history and what for news.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    /// Years far from publication.
    far_years: usize,
    /// Names of months.
    months: usize,
    /// Yesterday, Tuesday, last week.
    near: usize,
    /// Words of matches, less those of business.
    sport: i32,
}

/// So many words of matches make a report on one.
const SPORT_WORDS: i32 = 2;

/// What the article in `readings` tells, and whether of a match: history has years far from its publication and little of
/// last Tuesday.
pub(super) fn kind(readings: &[Reading<'_>], anchor: Option<Date>) -> (Mode, bool) {
    let year = anchor.map(|date| i32::from(date.year()));
    let mut all = Evidence::default();
    for reading in readings {
        let evidence = reading.evidence(year);
        all.far_years += evidence.far_years;
        all.months += evidence.months;
        all.near += evidence.near;
        all.sport += evidence.sport;
    }
    let many_years = all.far_years >= HISTORY_YEARS && all.far_years > 3 * all.near;
    let no_news = all.near == 0 && all.far_years >= 2 && all.months >= HISTORY_MONTHS;
    let mode = if many_years || no_news { Mode::History } else { Mode::News };
    (mode, all.sport >= SPORT_WORDS)
}

impl Reading<'_> {
    /// The tense of the clause around tokens `start..end`: the nearest verb before decides, else the first after.
    pub(super) fn direction(&self, start: usize, end: usize) -> Direction {
        let sentences = &self.text.sentences;
        let index = sentences.partition_point(|sentence| sentence.start <= start);
        let sentence =
            index.checked_sub(1).map_or(0..self.text.tokens.len(), |index| sentences[index].clone());
        let before_date = start > sentence.start
            && matches!(self.future(start - 1), Some(FUTURE_BEFORE_DATE | FUTURE_VERB));
        let mut clause = (sentence.start..start).rev().take(BEFORE).take_while(|at| !self.breaks_clause(*at));
        let before = clause.find_map(|at| self.tense(at, FUTURE_BEFORE));
        let after = || {
            let rest = end..sentence.end.max(end);
            // A date that opens its sentence is that of the verb, however far away.
            let far = if start <= sentence.start + 1 { 2 * AFTER } else { AFTER };
            rest.take(far).find_map(|at| self.tense(at, FUTURE_ANYWHERE))
        };
        if before_date {
            // "Until Thursday, they had not called": the date opens a clause that tells the past.
            let opens = before.is_none() && start <= sentence.start + 1;
            return if opens && after() == Some(Direction::Past) {
                Direction::Past
            } else {
                Direction::Future
            };
        }
        before.or_else(after).unwrap_or(Direction::Unknown)
    }

    /// The first token of the sentence of token `at`.
    pub(super) fn sentence_of(&self, at: usize) -> Option<usize> {
        let sentences = &self.text.sentences;
        let index = sentences.partition_point(|sentence| sentence.start <= at);
        index.checked_sub(1).map(|index| sentences[index].start)
    }

    /// Whether a clause ends at token `at`.
    fn breaks_clause(&self, at: usize) -> bool {
        let word = self.lexemes.single[at].word;
        self.grammar.entries[usize::from(word)].breaks || self.text.word(at) == ";"
    }

    /// Whether the word before token `start` looks back from the story at hand: since.
    pub(super) fn looks_back(&self, start: usize) -> bool {
        let before = start.checked_sub(1).map(|before| self.lexemes.single[before]);
        before.is_some_and(|before| before.is(Class::PAST) && before.is(Class::BEFORE))
    }

    /// The tense that the word at token `at` tells, if any; words of the future count up to `strength`.
    pub(super) fn tense(&self, at: usize, strength: i32) -> Option<Direction> {
        let lexeme = self.lexemes.single.get(at)?;
        if self.future(at).is_some_and(|value| value <= strength) {
            return Some(Direction::Future);
        }
        let is_past = lexeme.is(Class::PAST) || (lexeme.word == 0 && self.has_past_ending(at));
        // "Will be paid": what follows "be" is no past.
        let passive = || at > 0 && self.future(at - 1).is_some_and(|before| before != FUTURE_VERB);
        (is_past && !passive()).then_some(Direction::Past)
    }

    /// How strongly the word or phrase at token `at` tells the future, 1 the most.
    fn future(&self, at: usize) -> Option<i32> {
        let phrase = self.lexemes.long.get(&(at as u32)).filter(|phrase| phrase.is(Class::FUTURE));
        let lexeme =
            phrase.or_else(|| self.lexemes.single.get(at).filter(|single| single.is(Class::FUTURE)))?;
        Some(lexeme.value(Class::FUTURE, self.grammar))
    }

    fn has_past_ending(&self, at: usize) -> bool {
        let token = self.text.tokens[at];
        let word = self.text.word(at);
        token.kind == TokenKind::Word
            && !token.capital
            && word.len() > 4
            && self.grammar.settings.past_endings.iter().any(|ending| word.ends_with(ending.as_str()))
    }

    fn evidence(&self, anchor: Option<i32>) -> Evidence {
        let mut evidence = Evidence::default();
        for (at, lexeme) in self.lexemes.single.iter().enumerate() {
            if lexeme.is(Class::SPORT) {
                evidence.sport += lexeme.value(Class::SPORT, self.grammar);
            }
            let before = at.checked_sub(1).map(|before| self.lexemes.single[before]).unwrap_or_default();
            if lexeme.is(Class::YEAR) {
                let introduced = before.is(Class::BEFORE)
                    || before.is(Class::MONTH)
                    || self.text.tokens[at].line_start
                    || self.text.word(at - 1) == ",";
                let is_far = anchor.is_none_or(|year| (year - lexeme.number).abs() > 1);
                evidence.far_years += usize::from(introduced && is_far);
            } else if lexeme.is(Class::ERA) && before.is(Class::INTEGER) {
                evidence.far_years += 1;
            } else if lexeme.is(Class::MONTH) {
                evidence.months += 1;
            } else {
                let unit_follows =
                    || self.lexemes.single.get(at + 1).is_some_and(|next| next.is(Class::UNIT));
                // "The next day" tells a story, "last week" the news.
                let near = lexeme.is(Class::SHIFT)
                    && lexeme.value(Class::SHIFT, self.grammar) <= 0
                    && unit_follows();
                evidence.near += usize::from(near || lexeme.is(Class::NOW) || lexeme.is(Class::WEEKDAY));
            }
        }
        evidence
    }
}
