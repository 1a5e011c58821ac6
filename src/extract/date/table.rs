//! Figures of tables that look like years: "1308 1309 1299 200".

use super::class::Class;
use super::lexeme::Lexemes;
use crate::text::Text;
use crate::text::token::TokenKind;

/// Years that a row of figures may hold: "1988 1989 1990".
const COMMON: std::ops::RangeInclusive<i32> = 1900..=2100;

/// Takes the year from figures that stand beside other figures, unless it is a common one or a day and month lead to it.
pub(super) fn drop_figures_of_tables(text: &Text<'_>, lexemes: &mut Lexemes) {
    for at in 0..text.tokens.len() {
        let lexeme = lexemes.single[at];
        let is_candidate =
            lexeme.is(Class::YEAR) && lexeme.is(Class::INTEGER) && !COMMON.contains(&lexeme.number);
        if is_candidate && is_in_row(text, lexemes, at) {
            lexemes.single[at].bits &= !Class::YEAR.bit();
        }
    }
}

fn is_in_row(text: &Text<'_>, lexemes: &Lexemes, at: usize) -> bool {
    let is_figure = |at: usize| text.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Number);
    let is_month = |at: usize| lexemes.single.get(at).is_some_and(|lexeme| lexeme.is(Class::MONTH));
    let before = at.checked_sub(1).is_some_and(is_figure);
    let dated = at.checked_sub(2).is_some_and(is_month);
    (before && !dated) || is_figure(at + 1)
}
