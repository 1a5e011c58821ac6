//! What surrounds a date: whether its clause tells the past or the future, whether its article tells history.

use super::class::Class;
use super::matcher::Reading;
use crate::text::token::TokenKind;

/// Which way from the anchor a date without a year or week lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Past,
    Future,
    Unknown,
}

/// Tokens before and after a date that are looked at.
const BEFORE: usize = 18;
const AFTER: usize = 10;

impl Reading<'_> {
    /// The tense of the clause around tokens `start..end`: the nearest verb before decides, else the first after.
    pub(super) fn direction(&self, start: usize, end: usize) -> Direction {
        let sentences = &self.text.sentences;
        let index = sentences.partition_point(|sentence| sentence.start <= start);
        let sentence =
            index.checked_sub(1).map_or(0..self.text.tokens.len(), |index| sentences[index].clone());
        let before = (sentence.start..start).rev().take(BEFORE).find_map(|at| self.tense(at));
        let after = || (end..sentence.end.max(end)).take(AFTER).find_map(|at| self.tense(at));
        before.or_else(after).unwrap_or(Direction::Unknown)
    }

    fn tense(&self, at: usize) -> Option<Direction> {
        let lexeme = self.lexemes.single.get(at)?;
        if lexeme.is(Class::FUTURE) {
            return Some(Direction::Future);
        }
        if lexeme.is(Class::PAST) {
            return Some(Direction::Past);
        }
        let token = self.text.tokens[at];
        let word = self.text.word(at);
        let endings = &self.grammar.settings.past_endings;
        let is_past = token.kind == TokenKind::Word
            && !token.capital
            && word.len() > 4
            && lexeme.word == 0
            && endings.iter().any(|ending| word.ends_with(ending.as_str()));
        is_past.then_some(Direction::Past)
    }

    /// How much speaks for history (years far from `anchor`) and for news (yesterday, Tuesday, last week).
    pub(super) fn history_and_news(&self, anchor: Option<i32>) -> (usize, usize) {
        let (mut history, mut news) = (0, 0);
        for (at, lexeme) in self.lexemes.single.iter().enumerate() {
            if lexeme.is(Class::YEAR) {
                let introduced = at > 0 && {
                    let before = self.lexemes.single[at - 1];
                    before.is(Class::BEFORE) || before.is(Class::MONTH) || self.text.word(at - 1) == ","
                };
                history +=
                    usize::from(introduced && anchor.is_none_or(|year| (year - lexeme.number).abs() > 1));
                news +=
                    usize::from(introduced && anchor.is_some_and(|year| (year - lexeme.number).abs() <= 1));
            } else if lexeme.is(Class::ERA) && at > 0 && self.lexemes.single[at - 1].is(Class::INTEGER) {
                history += 1;
            } else {
                let unit_follows =
                    || self.lexemes.single.get(at + 1).is_some_and(|next| next.is(Class::UNIT));
                let near = lexeme.is(Class::SHIFT) && unit_follows();
                news += usize::from(near || lexeme.is(Class::NOW) || lexeme.is(Class::WEEKDAY));
            }
        }
        (history, news)
    }
}
