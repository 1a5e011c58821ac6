//! Whether an article tells history or news, and whether of a match.

use jiff::civil::Date;

use super::class::Class;
use super::grammar::Mode;
use super::matcher::Reading;

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
                    || self.text.word(at - 1) == ","
                    || (self.grammar.settings.bare_years && self.is_sentence_start(at));
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
