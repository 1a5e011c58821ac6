//! Whether an article tells history or news, and whether of a match or of business.

use jiff::civil::Date;

use super::class::Class;
use super::grammar::{Field, Mode};
use super::lexeme::Lexeme;
use super::matcher::Reading;
use super::tense::ANYWHERE;
use crate::text::token::TokenKind;

/// Far years that make an article history, unless it has much of last Tuesday.
const HISTORY_YEARS: usize = 8;
/// Months that make a history of an article with fewer years, if it has nothing of last Tuesday.
const HISTORY_MONTHS: usize = 10;
/// Far years that make a history of a short article, or two and so many months, if it has nothing of last Tuesday, quotes
/// nobody, promises nothing, and has so many more of them than of years at hand and of today.
const SHORT_HISTORY_YEARS: usize = 3;
const SHORT_HISTORY_MONTHS: usize = 6;
const FAR_TO_A_NEAR_YEAR: usize = 3;
const FAR_TO_A_TODAY: usize = 4;

/// What speaks for history and what for news.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    /// The day of publication is known.
    dated: bool,
    /// Years far from publication.
    far_years: usize,
    /// Years of publication and beside it.
    near_years: usize,
    /// Names of months.
    months: usize,
    /// Tuesday, last week.
    near: usize,
    /// Today, yesterday; where nobody knows the day of publication, Tuesday too, which may be told of any.
    now: usize,
    /// Words of matches, less those of business.
    sport: i32,
    /// Verbs that people are quoted with, quotation marks, and tokens in all.
    speech: usize,
    /// Verbs that promise what is to come: will.
    promises: usize,
    quotes: usize,
    tokens: usize,
}

impl Evidence {
    /// Whether it tells a history.
    fn is_history(&self) -> bool {
        let many_years = self.far_years >= HISTORY_YEARS && self.far_years > 3 * (self.near + self.now);
        let many_months = self.far_years >= 2 && self.months >= HISTORY_MONTHS;
        let no_news = self.near == 0 && ((self.now == 0 && many_months) || self.is_short_history());
        (many_years || no_news) && !self.is_reported()
    }

    /// Whether it looks back throughout, though it tells few years.
    fn is_short_history(&self) -> bool {
        // What has a day of publication is more often news.
        let looks_back = self.far_years >= SHORT_HISTORY_YEARS + usize::from(self.dated)
            || (self.far_years >= 2 && self.months >= SHORT_HISTORY_MONTHS);
        looks_back
            && self.speech == 0
            && self.promises == 0
            && self.far_years > FAR_TO_A_NEAR_YEAR * self.near_years
            && self.far_years > FAR_TO_A_TODAY * self.now
    }

    /// Whether people are quoted throughout, as no history does it: a report, however far back it looks.
    fn is_reported(&self) -> bool {
        self.speech >= FEWEST_QUOTED
            && self.quotes >= FEWEST_QUOTED
            && self.tokens <= TOKENS_TO_A_QUOTATION * self.speech
    }
}

/// Tokens of a date behind its weekday: ", 7 December 1941".
const DATE_BEHIND: usize = 5;

/// So many quotations, and so many tokens to each at most, make a report of an article with many far years.
const FEWEST_QUOTED: usize = 6;
const TOKENS_TO_A_QUOTATION: usize = 300;

/// So many words of matches make a report on one, and so many of business one on that.
const SPORT_WORDS: i32 = 2;
const BUSINESS_WORDS: i32 = 2;

/// What the article in `readings` tells, and of which field: history has years far from its publication and little of
/// last Tuesday.
pub(super) fn kind(readings: &[Reading<'_>], anchor: Option<Date>) -> (Mode, Field) {
    let year = anchor.map(|date| i32::from(date.year()));
    let mut all = Evidence { dated: anchor.is_some(), ..Evidence::default() };
    for reading in readings {
        let evidence = reading.evidence(year);
        all.far_years += evidence.far_years;
        all.near_years += evidence.near_years;
        all.months += evidence.months;
        all.near += evidence.near;
        all.now += evidence.now;
        all.sport += evidence.sport;
        all.speech += evidence.speech;
        all.promises += evidence.promises;
        all.quotes += evidence.quotes;
        all.tokens += evidence.tokens;
    }
    let mode = if all.is_history() { Mode::History } else { Mode::News };
    let field = match all.sport {
        SPORT_WORDS.. => Field::Sport,
        sport if sport <= -BUSINESS_WORDS => Field::Business,
        _ => Field::Other,
    };
    (mode, field)
}

/// Tokens at the beginning of a text in which an agency signs.
const OPENING: usize = 40;
/// Words of the name of an agency, at most.
const LONGEST_AGENCY: usize = 3;

impl Reading<'_> {
    /// Whether an agency signs the text where it begins: "(Reuters) -". Its readers and its clock may be in another time
    /// zone than its reporter.
    pub(super) fn is_of_agency(&self) -> bool {
        let word = |at: usize| self.text.tokens.get(at).map_or("", |_| self.text.word(at));
        let opens = (0..self.text.tokens.len().min(OPENING)).filter(|at| word(*at) == "(");
        let closes = |at: usize| (at + 2..=at + 1 + LONGEST_AGENCY).find(|end| word(*end) == ")");
        let is_dash = |at: usize| matches!(word(at), "-" | "–" | "—" | "_");
        opens.filter_map(closes).any(|end| is_dash(end + 1))
    }

    fn evidence(&self, anchor: Option<i32>) -> Evidence {
        let mut evidence = Evidence { tokens: self.text.tokens.len(), ..Evidence::default() };
        for (at, lexeme) in self.lexemes.single.iter().enumerate() {
            if lexeme.is(Class::SPORT) {
                evidence.sport += lexeme.value(Class::SPORT, self.grammar);
            }
            evidence.speech += usize::from(lexeme.is(Class::SPEECH));
            let promises = lexeme.is(Class::FUTURE) && lexeme.value(Class::FUTURE, self.grammar) == ANYWHERE;
            evidence.promises += usize::from(promises);
            let is_quote = || matches!(self.text.word(at), "\"" | "“" | "”");
            evidence.quotes += usize::from(self.text.tokens[at].kind == TokenKind::Mark && is_quote());
            let before = at.checked_sub(1).map(|before| self.lexemes.single[before]).unwrap_or_default();
            if lexeme.is(Class::YEAR) {
                let introduced = before.is(Class::BEFORE)
                    || before.is(Class::MONTH)
                    || self.text.tokens[at].line_start
                    || self.text.word(at - 1) == ","
                    || (self.grammar.settings.bare_years && self.is_sentence_start(at));
                let is_far = anchor.is_none_or(|year| (year - lexeme.number).abs() > 1);
                evidence.far_years += usize::from(introduced && is_far);
                evidence.near_years += usize::from(introduced && !is_far);
            } else if lexeme.is(Class::ERA) && before.is(Class::INTEGER) {
                evidence.far_years += 1;
            } else if lexeme.is(Class::MONTH) {
                evidence.months += 1;
            } else {
                let near = self.is_near(at, lexeme, anchor);
                evidence.near += usize::from(near && anchor.is_some());
                evidence.now += usize::from(lexeme.is(Class::NOW) || (near && anchor.is_none()));
            }
        }
        evidence
    }

    /// Whether the lexeme at `at` tells of the days around publication: last week, Tuesday. "The next day" tells a story, as does
    /// "Sunday, 7 December 1941".
    fn is_near(&self, at: usize, lexeme: &Lexeme, anchor: Option<i32>) -> bool {
        if lexeme.is(Class::SHIFT) {
            let is = |at: usize, class: Class| self.lexemes.single.get(at).is_some_and(|next| next.is(class));
            // "The last week of August."
            let of_another = is(at + 2, Class::BEFORE) && at > 0 && is(at - 1, Class::DETERMINER);
            return lexeme.value(Class::SHIFT, self.grammar) <= 0 && is(at + 1, Class::UNIT) && !of_another;
        }
        let is_far =
            |next: &Lexeme| next.is(Class::YEAR) && anchor.is_none_or(|year| (year - next.number).abs() > 1);
        let behind = || self.lexemes.single.iter().skip(at + 1).take(DATE_BEHIND);
        let dated = || behind().any(|next| next.is(Class::MONTH)) && behind().any(is_far);
        lexeme.is(Class::WEEKDAY) && !dated()
    }
}
