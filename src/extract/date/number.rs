//! Numbers of several words or marks: `twenty-five`, `nineteen ninety-six`, `2 1/2`.

use super::class::Class;
use super::grammar::Grammar;
use super::lexeme::{Lexeme, Lexemes};
use crate::text::Text;

pub(super) fn is_number_word(lexeme: Lexeme, grammar: &Grammar) -> bool {
    grammar.entries[usize::from(lexeme.word)].bits & Class::NUM.bit() != 0
}

/// `2 1/2`, `2-1/2`: a whole number with a fraction.
pub(super) fn mixed_number(text: &Text<'_>, lexemes: &Lexemes, at: usize) -> Option<Lexeme> {
    let whole = lexemes.single[at];
    if !whole.is(Class::INTEGER) {
        return None;
    }
    let figures = |at: usize| lexemes.single.get(at).filter(|lexeme| lexeme.is(Class::MNUM));
    let joined = |at: usize| text.tokens.get(at).is_some_and(|token| token.joined);
    let hyphen = joined(at + 1) && joined(at + 2) && text.word(at + 1) == "-";
    let first = at + 1 + usize::from(hyphen);
    if (!hyphen && joined(first)) || !joined(first + 1) || !joined(first + 2) || text.word(first + 1) != "/" {
        return None;
    }
    let (over, under) = (figures(first)?.number, figures(first + 2)?.number);
    (over < under && under <= 8).then(|| Lexeme {
        bits: Class::NUM.bit() | Class::PART.bit(),
        number: whole.number,
        hundredths: (100 * over / under) as u8,
        tokens: if hyphen { 5 } else { 4 },
        ..Lexeme::default()
    })
}

/// A number of several words from `at`: `twenty-five`, `one hundred and two`; or a year: `nineteen ninety-six`.
pub(super) fn composed(text: &Text<'_>, grammar: &Grammar, lexemes: &Lexemes, at: usize) -> Option<Lexeme> {
    let mut reader = NumberReader { text, grammar, lexemes, at };
    let first = reader.below_hundred()?;
    let mut lexeme = Lexeme { number: first, bits: Class::NUM.bit(), ..Lexeme::default() };
    let after_first = reader.at;
    match reader.take() {
        Some(second) if (13..=20).contains(&first) && (10..100).contains(&second) => {
            reader.at = after_first;
            lexeme.number = first * 100 + reader.below_hundred()?;
            lexeme.bits = Class::YEAR.bit();
        }
        Some(100) if first < 100 => {
            lexeme.number = first * 100 + reader.rest();
            // "Twelve hundred" counts people; years are told so from the sixteenth century on.
            if (15..=20).contains(&first) {
                lexeme.bits |= Class::YEAR.bit();
            }
        }
        Some(1000) if first < 1000 => {
            lexeme.number = first * 1000 + reader.rest();
            if first == 2 && lexeme.number < 2100 {
                lexeme.bits |= Class::YEAR.bit();
            }
        }
        _ => reader.at = after_first,
    }
    lexeme.tokens = u8::try_from(reader.at - at).ok().filter(|tokens| *tokens > 1)?;
    Some(lexeme)
}

struct NumberReader<'a> {
    text: &'a Text<'a>,
    grammar: &'a Grammar,
    lexemes: &'a Lexemes,
    at: usize,
}

impl NumberReader<'_> {
    /// The next number word, over a hyphen that joins it.
    fn take(&mut self) -> Option<i32> {
        let mut at = self.at;
        if self.text.tokens.get(at).is_some_and(|token| token.joined) && self.text.word(at) == "-" {
            at += 1;
        }
        let lexeme = *self.lexemes.single.get(at)?;
        if !is_number_word(lexeme, self.grammar) {
            return None;
        }
        self.at = at + 1;
        Some(lexeme.value(Class::NUM, self.grammar))
    }

    fn below_hundred(&mut self) -> Option<i32> {
        let first = self.take()?;
        if (20..100).contains(&first) {
            let before = self.at;
            self.skip_loose_hyphen();
            match self.take() {
                Some(ones) if (1..10).contains(&ones) => return Some(first + ones),
                _ => self.at = before,
            }
        }
        Some(first)
    }

    /// "Twenty - four", as it is read from print.
    fn skip_loose_hyphen(&mut self) {
        let is_loose = self.text.tokens.get(self.at).is_some_and(|token| !token.joined);
        self.at += usize::from(is_loose && self.text.word(self.at) == "-");
    }

    /// What follows hundred or thousand: `and five`, `ninety-six`; 0 if nothing does.
    fn rest(&mut self) -> i32 {
        let before = self.at;
        if self.text.tokens.get(self.at).is_some() && self.text.word(self.at).eq_ignore_ascii_case("and") {
            self.at += 1;
        }
        match self.below_hundred() {
            Some(rest) if rest < 100 => rest,
            _ => {
                self.at = before;
                0
            }
        }
    }
}
