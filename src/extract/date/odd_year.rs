//! Years from 2200 on and before 1000: figures that are years only where nothing but a year can stand.

use super::class::{Class, code};
use super::grammar::{Grammar, OF_EVENTS};
use super::lexeme::{FAR_YEARS, Lexeme, Lexemes};
use crate::text::Text;
use crate::text::token::{Token, TokenKind};

/// So many figures that may be years before 1000 tell of those times, where no full date does.
const EARLY_YEARS: usize = 3;

/// Lets figures be a year from 2200 on where only a year stands: after a month, in a date in figures, after "year", and
/// between a preposition of time and the end of the clause. Those of a year before 1000 more often count things: they need
/// a text that tells of early times, too.
pub(super) fn add_odd_years(text: &Text<'_>, grammar: &Grammar, lexemes: &mut Lexemes) {
    let (mut early, mut evidence) = (Vec::new(), 0);
    for at in 0..text.tokens.len() {
        let lexeme = lexemes.single[at];
        if !lexeme.is(Class::INTEGER) {
            continue;
        }
        let place = Neighbours { text, grammar, lexemes, at };
        match text.word(at).len() {
            4 if lexeme.number >= FAR_YEARS && place.want_a_year() => {
                lexemes.single[at].bits |= Class::YEAR.bit();
            }
            3 if lexeme.number >= FIRST_OF_THREE_FIGURES => {
                evidence +=
                    if place.end_a_date() { EARLY_YEARS } else { usize::from(place.is_told_of_events()) };
                early.push(at);
            }
            _ => {}
        }
    }
    if evidence < EARLY_YEARS {
        return;
    }
    for at in early {
        if (Neighbours { text, grammar, lexemes, at }).may_be_early() {
            lexemes.single[at].bits |= Class::YEAR.bit();
        }
    }
}

/// Classes of words that nothing is counted in.
const NO_NOUNS: [Class; 6] =
    [Class::BEFORE, Class::DETERMINER, Class::SUBJECT, Class::JOINT, Class::PAST, Class::FUTURE];

/// From here on figures after a month are prices rather than years.
const END_OF_YEARS: i32 = 3000;

/// Below it, what has three figures begins with a zero.
const FIRST_OF_THREE_FIGURES: i32 = 100;

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
        after_month || numeric || after_year || (self.ends_clause() && self.after_preposition())
    }

    fn ends_clause(&self) -> bool {
        matches!(self.word(1), "" | "." | "," | ";" | ")" | "?" | "!" | "\"" | "”")
    }

    /// Whether a day and month stand before it and no word of things counted behind: "on 25 June 841 they met".
    fn end_a_date(&self) -> bool {
        let day_first = self.is(-1, Class::MONTH) && self.is(-2, Class::DAY);
        let month_first = self.word(-1) == "," && self.is(-2, Class::DAY) && self.is(-3, Class::MONTH);
        (day_first || month_first) && self.count_nothing()
    }

    /// Whether it ends a clause behind a preposition of what happens: "in 845." "A total of 817." counts things.
    fn is_told_of_events(&self) -> bool {
        let led = self.lexeme(-1).is_some_and(|word| {
            word.is(Class::BEFORE) && word.value(Class::BEFORE, self.grammar) == OF_EVENTS
        });
        led && self.ends_clause() && !self.is(-2, Class::NUM)
    }

    /// Whether it may be a year before 1000 in a text that tells of those: "in 845 Vikings came", "(768–814)".
    fn may_be_early(&self) -> bool {
        let dash = |away: isize| self.is(away, Class::DASH);
        let in_brackets = (self.word(-1) == "(" && dash(1)) || (dash(-1) && self.word(1) == ")");
        let preposition = self.lexeme(-1).is_some_and(|word| word.is(Class::BEFORE) || word.is(Class::MONTH));
        let after_year = self.is(-2, Class::YEAR);
        let joined = self.is(-1, Class::JOINT) || self.is(-1, Class::DASH);
        let led = (preposition && !self.is(-2, Class::NUM)) || (after_year && joined);
        let opens = preposition && self.token(-1).is_some_and(|token| token.capital);
        let is_unit = [Class::UNIT, Class::UNITS, Class::NUM].iter().any(|class| self.is(1, *class));
        let counts = is_unit || self.word(1).ends_with('s');
        in_brackets || self.end_a_date() || (led && (self.count_nothing() || (opens && !counts)))
    }

    /// Whether what follows is no thing that may be counted: a mark, a name, a verb or preposition.
    fn count_nothing(&self) -> bool {
        let (Some(token), Some(next)) = (self.token(1), self.lexeme(1)) else { return true };
        let no_noun = NO_NOUNS.iter().any(|class| next.is(*class));
        match token.kind {
            TokenKind::Mark => !matches!(self.word(1), "%" | "/" | "°" | "+"),
            TokenKind::Word => token.capital || no_noun,
            _ => false,
        }
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
