//! Years from 2200 on: figures that are years only where nothing but a year can stand.

use super::class::{Class, code};
use super::grammar::Grammar;
use super::lexeme::{FAR_YEARS, Lexeme, Lexemes};
use crate::text::Text;
use crate::text::token::Token;

/// From here on figures after a month are prices rather than years.
const END_OF_YEARS: i32 = 3000;

/// Lets figures be a year from 2200 on where only a year stands: after a month, in a date in figures, after "year", and
/// between a preposition of time and the end of the clause.
pub(super) fn add_far_years(text: &Text<'_>, grammar: &Grammar, lexemes: &mut Lexemes) {
    for at in 0..text.tokens.len() {
        let lexeme = lexemes.single[at];
        let is_far = lexeme.number >= FAR_YEARS && lexeme.is(Class::INTEGER) && text.word(at).len() == 4;
        let wanted = is_far && (Neighbours { text, grammar, lexemes, at }).want_a_year();
        if wanted {
            lexemes.single[at].bits |= Class::YEAR.bit();
        }
    }
}

/// What stands beside the token at `at`.
struct Neighbours<'a> {
    text: &'a Text<'a>,
    grammar: &'a Grammar,
    lexemes: &'a Lexemes,
    at: usize,
}

impl Neighbours<'_> {
    fn want_a_year(&self) -> bool {
        let comma = usize::from(self.word(-1) == ",");
        let before = -1 - comma as isize;
        // "JUN 7656" is a price.
        let fits_month = self.lexeme(0).is_some_and(|year| year.number < END_OF_YEARS);
        let after_month = fits_month
            && (self.is(before, Class::MONTH)
                || (self.is(before, Class::DAY) && self.is(before - 1, Class::MONTH)));
        let numeric = self.in_figures(-1) || self.in_figures(1);
        let unit = Class::UNIT;
        let after_year =
            self.lexeme(-1).is_some_and(|word| word.is(unit) && word.value(unit, self.grammar) == code("Y"));
        let ends_clause = matches!(self.word(1), "" | "." | "," | ";" | ")" | "?" | "!" | "\"" | "”");
        after_month || numeric || after_year || (ends_clause && self.after_preposition())
    }

    fn after_preposition(&self) -> bool {
        let word = self.word(-1).to_lowercase();
        self.grammar.settings.year_prepositions.contains(&word)
    }

    /// The token `away` is a mark that joins two numbers: `28/06/2350`, `2350-06-28`.
    fn in_figures(&self, away: isize) -> bool {
        let joined = |away: isize| self.token(away).is_some_and(|token| token.joined);
        let beyond = away + away.signum();
        matches!(self.word(away), "/" | "-")
            && joined(away.max(0))
            && joined(away.max(beyond))
            && self.is(beyond, Class::DAY)
    }

    fn index(&self, away: isize) -> Option<usize> {
        self.at.checked_add_signed(away).filter(|at| *at < self.text.tokens.len())
    }

    fn token(&self, away: isize) -> Option<&Token> {
        self.text.tokens.get(self.index(away)?)
    }

    fn lexeme(&self, away: isize) -> Option<&Lexeme> {
        self.lexemes.single.get(self.index(away)?)
    }

    fn word(&self, away: isize) -> &str {
        self.index(away).map_or("", |at| self.text.word(at))
    }

    fn is(&self, away: isize, class: Class) -> bool {
        self.lexeme(away).is_some_and(|lexeme| lexeme.is(class))
    }
}
