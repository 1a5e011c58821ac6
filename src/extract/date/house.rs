//! Numbers of houses that look like years: "1935 Orchard St.", "1146 and 1160 W. Main Street".

use super::class::Class;
use super::grammar::Grammar;
use super::lexeme::Lexemes;
use crate::text::Text;
use crate::text::token::TokenKind;

/// Tokens from the figures to the last word of the street's name, full stops among them.
const LONGEST_NAME: usize = 7;

/// Takes the year from figures that a street's name follows.
pub(super) fn drop_house_numbers(text: &Text<'_>, grammar: &Grammar, lexemes: &mut Lexemes) {
    if grammar.settings.street_words.is_empty() {
        return;
    }
    // The last of several numbers stands before the street.
    for at in (0..text.tokens.len()).rev() {
        let lexeme = lexemes.single[at];
        let is_candidate = lexeme.is(Class::YEAR) && lexeme.is(Class::INTEGER);
        if is_candidate && (Place { text, grammar, lexemes, at }).is_of_house() {
            lexemes.single[at].bits &= !Class::YEAR.bit();
        }
    }
}

/// Figures in their text.
#[derive(Clone, Copy)]
struct Place<'a> {
    text: &'a Text<'a>,
    grammar: &'a Grammar,
    lexemes: &'a Lexemes,
    at: usize,
}

impl Place<'_> {
    fn is_of_house(&self) -> bool {
        (self.is_before_street() || self.is_before_house()) && !self.is_introduced_as_year()
    }

    /// Whether a name follows that ends like a street: capitalised words, initials, "5th".
    fn is_before_street(&self) -> bool {
        let end = (self.at + 1 + LONGEST_NAME).min(self.text.tokens.len());
        let mut names = 0;
        for at in self.at + 1..end {
            let token = self.text.tokens[at];
            let word = self.text.word(at);
            if token.paragraph_start {
                return false;
            }
            match token.kind {
                TokenKind::Word if !token.capital || is_in(word, &self.grammar.settings.not_streets) => {
                    return false;
                }
                TokenKind::Word if names > 0 && is_in(word, &self.grammar.settings.street_words) => {
                    return true;
                }
                TokenKind::Word => names += 1,
                TokenKind::Number if self.lexemes.single[at].is(Class::ORD) => names += 1,
                TokenKind::Possessive if names > 0 => {}
                TokenKind::Mark if names > 0 && token.joined && matches!(word, "." | "-" | "'" | "’") => {}
                _ => return false,
            }
        }
        false
    }

    /// Whether another number of a house follows: "1146 and 1160 W. Main Street".
    fn is_before_house(&self) -> bool {
        let Some(next) = self.lexemes.single.get(self.at + 2) else { return false };
        let joint = matches!(self.text.word(self.at + 1), "and" | "or" | "&" | "-" | "–");
        let is_house =
            next.is(Class::INTEGER) && !next.is(Class::YEAR) && self.text.word(self.at + 2).len() == 4;
        joint && is_house && Place { at: self.at + 2, ..*self }.is_before_street()
    }

    /// Whether what stands before leads to a year: "in 1935 Orchard Street was", "the 2004 Mill Road race", "June 5, 2010".
    fn is_introduced_as_year(&self) -> bool {
        let Some(before) = self.at.checked_sub(1) else { return false };
        let comma = usize::from(self.text.word(before) == ",");
        let word = self.text.word(before);
        let told = |at: usize, class: Class| {
            self.lexemes.single.get(before.wrapping_sub(at)).is_some_and(|lexeme| lexeme.is(class))
        };
        let dated = told(comma, Class::MONTH) || (told(comma, Class::DAY) && told(comma + 1, Class::MONTH));
        // "The 1929 Wall Street crash".
        let determined = self.lexemes.single[before].belongs_to_noun(self.grammar);
        dated || determined || is_in(word, &self.grammar.settings.year_prepositions)
    }
}

fn is_in(word: &str, words: &[String]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}
