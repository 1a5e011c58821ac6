//! Whether the clause around a date tells the past or the future, by the verbs and other words of time in it.
//!
//! The words are data: classes `FUTURE`, `PAST`, `BEFORE`, `DETERMINER`, `SUBJECT` and `JOINT`, whose values are explained in the
//! English rule file. Never looks beyond the sentence.

use std::ops::Range;

use super::class::Class;
use super::grammar::OF_EVENTS;
use super::lexeme::Lexeme;
use super::matcher::Reading;
use crate::text::token::{Token, TokenKind};

/// Which way from the anchor a date without a year or week lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Past,
    Future,
    Unknown,
}

/// Where a word stands, seen from the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Before,
    After,
    /// Before a date that tells which of several is meant: "he would discuss Friday's ruling".
    BeforeNoun,
    /// After a date that opens its sentence: "On Friday, the court may rule".
    AfterOpening,
    /// After one that opens its sentence and tells which of several is meant: "Friday's report is expected to".
    AfterNoun,
}

/// Values of class `FUTURE`: what tells the future wherever it stands, before a date, directly before it ("until Tuesday").
pub(super) const ANYWHERE: i32 = 1;
const BEFORE_DATE: i32 = 2;
const DIRECTLY_BEFORE: i32 = 3;
/// What tells no time itself, and after which a verb is no past: be, to.
const NO_PAST_FOLLOWS: i32 = 4;
/// A verb directly before the date ("the final is Tuesday"), after which others tell the past all the same.
const VERB_BEFORE: i32 = 5;
/// What tells the future before a date, and after one that opens its sentence: could.
const MODAL: i32 = 6;
/// What tells the future before a date if it is a verb, and may be a noun: plans.
const PRESENT: i32 = 7;
/// What leads to the end of a length of time: through.
const THROUGH: i32 = 10;

/// What leads to when something will be done, or was: by.
const BY: i32 = 11;

/// A modal, which tells what is said to have been with an infinitive of the perfect: "soll gekommen sein".
const HEARSAY: i32 = 8;

/// A form of "to be", which before a date tells what is to come unless a participle ends its clause: "die Premiere ist am 3. Mai".
const COPULA: i32 = 9;

/// Values of class `PAST`: what is also a noun or an infinitive ("a rate cut"), and what is told with which may be to come.
const LOOSE: i32 = 2;
const OF_SPEECH: i32 = 3;
/// Of class `PAST`, what tells how something was: it had risen, they were clear.
const STATE: i32 = 4;
/// Tokens from such a word to its participle.
const TO_PARTICIPLE: usize = 3;

/// The value of class `BEFORE` for what stands before people too.
const OF_PEOPLE: i32 = 2;

/// Values of class `SUBJECT` for what no noun follows (who), and for what leads to something before (after).
const PRONOUN: i32 = 1;
const BEHIND: i32 = 2;

/// The value of class `JOINT` for what leads to the end of a range: through.
const TO_THE_END: i32 = 1;

/// Tokens from a verb of the future to a date that it leads straight to.
const CLOSE: usize = 6;

/// Tokens from a modal to the infinitive that ends its clause.
const CLAUSE: usize = 30;

/// Classes of words that an adjective does not stand before.
const OTHER_THAN_NOUNS: [Class; 8] = [
    Class::BEFORE,
    Class::DETERMINER,
    Class::SUBJECT,
    Class::JOINT,
    Class::WEEKDAY,
    Class::NOW,
    Class::PAST,
    Class::FUTURE,
];

/// Tokens before and after a date that are looked at.
const BEFORE: usize = 18;
const AFTER: usize = 10;

impl Reading<'_> {
    /// The tense of the clause around tokens `start..end`: the nearest verb before decides, else the first after.
    pub(super) fn direction(&self, start: usize, end: usize) -> Direction {
        let sentence = self.sentence(start);
        let before_date = start > sentence.start && self.is_directly_future(start);
        if self.interrupts(start, end) || self.leads_to_past(end) {
            return Direction::Past;
        }
        let before = self.tense_before(sentence.start, start, end);
        let after = || self.tense_after(&sentence, start, end).map(|(_, tense)| tense);
        if before_date {
            // "Until Thursday, they had not called": the date opens a clause that tells the past.
            let opens = before.is_none() && opens(&sentence, start);
            return if opens && after() == Some(Direction::Past) {
                Direction::Past
            } else {
                Direction::Future
            };
        }
        match before {
            // "He said that on Thursday it will open."
            Some((told, tense)) if (told + 1..start).any(|at| self.reports(at)) => after().unwrap_or(tense),
            Some((_, tense)) => tense,
            None => after().unwrap_or(Direction::Unknown),
        }
    }

    /// Whether what somebody says begins with the word at token `at`: that.
    fn reports(&self, at: usize) -> bool {
        self.grammar.entries[usize::from(self.lexemes.single[at].word)].reports
    }

    /// Whether a date at `start..end` stands between a comma and its verb of the past: "the bank, which may fail, on Tuesday
    /// denied".
    fn interrupts(&self, start: usize, end: usize) -> bool {
        let comma = |at: usize| start.checked_sub(at).is_some_and(|before| self.text.word(before) == ",");
        let introduced = start > 0 && self.lexemes.single[start - 1].is(Class::BEFORE);
        (comma(1) || (introduced && comma(2)))
            && end < self.text.tokens.len()
            && self.tense(end, Place::After) == Some(Direction::Past)
    }

    /// Whether a verb of the past stands directly behind a date that ends at token `end`, where verbs stand last: "am Dienstag
    /// sagte", "am Dienstag veröffentlichte Zahlen".
    fn leads_to_past(&self, end: usize) -> bool {
        self.grammar.settings.verbs_last
            && end < self.text.tokens.len()
            && self.tense(end, Place::After) == Some(Direction::Past)
    }

    /// Whether the word before a date at `start` puts just this date into the future: until, is.
    pub(super) fn is_directly_future(&self, start: usize) -> bool {
        match start.checked_sub(1).and_then(|before| self.future(before)) {
            Some(DIRECTLY_BEFORE | VERB_BEFORE) => true,
            Some(THROUGH) => !self.ends_span(start),
            Some(BY) => !self.is_reached(start),
            _ => false,
        }
    }

    /// Whether it is told how things were by a date at `start`: "it had risen to 20 by Tuesday evening", "roads were clear by
    /// Thursday", but not "it had to be clear" and "they wanted it clear".
    fn is_reached(&self, start: usize) -> bool {
        let sentence = self.sentence(start).start;
        let Some((verb, Direction::Past)) = self.tense_before(sentence, start, start) else { return false };
        let leads_on = |at: usize| self.future(at + 1) == Some(NO_PAST_FOLLOWS);
        let is_state = |at: usize| self.past(at) == Some(STATE);
        let mut auxiliaries = (sentence..verb).rev().take(TO_PARTICIPLE);
        let of_state = is_state(verb) || (!self.is_of_speech(verb) && auxiliaries.any(is_state));
        of_state && !leads_on(verb)
    }

    /// Whether a date at `start` ends a length of time that is told: "in the two weeks through Tuesday".
    fn ends_span(&self, start: usize) -> bool {
        let is_length = |at: usize| {
            let lexeme = self.lexemes.single[at];
            lexeme.is(Class::UNIT) || lexeme.is(Class::UNITS)
        };
        start.checked_sub(2).is_some_and(is_length)
    }

    /// Whether tokens `between` only join two dates of one list or range.
    pub(super) fn joins(&self, mut between: Range<usize>) -> bool {
        between.all(|at| {
            let lexeme = self.lexemes.single[at];
            self.text.word(at) == "," || lexeme.is(Class::JOINT) || lexeme.is(Class::DASH)
        })
    }

    /// Whether the word at token `at` leads to the end of a range: through.
    pub(super) fn is_range(&self, at: usize) -> bool {
        let lexeme = self.lexemes.single[at];
        lexeme.is(Class::DASH)
            || (lexeme.is(Class::JOINT) && lexeme.value(Class::JOINT, self.grammar) == TO_THE_END)
    }

    /// Whether what happened at tokens `start..end` is told to be over, not only spoken of: "it ended in April".
    pub(super) fn is_over(&self, start: usize, end: usize) -> bool {
        let sentence = self.sentence(start);
        let Some(before) = start.checked_sub(1).filter(|before| *before >= sentence.start) else {
            return false;
        };
        let introduced = self.is_of_events(before);
        let is_verb = |at: usize| self.tense(at, Place::Before) == Some(Direction::Past);
        // "The year ending in April": the participle has a time of its own, "a meeting in April" has not.
        let is_participle = |at: usize| self.is_participle(at) && !(at > 0 && self.leads_to_noun(at - 1));
        let has_own_time = introduced && before > sentence.start && is_participle(before - 1);
        if has_own_time || (!introduced && !is_verb(before)) {
            return false;
        }
        match self.tense_before(sentence.start, start, end) {
            Some((at, Direction::Past)) => {
                let adjacent = at + 1 + usize::from(introduced) >= start;
                self.is_active(at, start)
                    && !(at + 1..start).any(|between| self.begins_other_verb(between))
                    && (adjacent || !(self.is_of_speech(at) || self.leads_to_another(at..start)))
            }
            None if introduced
                && (opens(&sentence, start) || self.is_after_copula(sentence.start, start)) =>
            {
                let after = self.tense_after(&sentence, start, end);
                after.is_some_and(|(at, tense)| tense == Direction::Past && !self.is_of_speech(at))
            }
            _ => false,
        }
    }

    /// Whether a form of "to be" before token `start` leads to a participle after the date: "ist im August in Kraft getreten".
    fn is_after_copula(&self, sentence: usize, start: usize) -> bool {
        let mut clause = (sentence..start).rev().take(BEFORE).take_while(|at| !self.breaks_clause(*at));
        clause.any(|at| self.future(at) == Some(COPULA))
    }

    /// Whether what a past verb tells before a date at `start..end` is a plan: "it announced plans to leave in April".
    pub(super) fn is_planned(&self, start: usize, end: usize) -> bool {
        let told = self.tense_before(self.sentence(start).start, start, end);
        let Some((told, Direction::Past)) = told else { return false };
        let is_plan = |at: usize| self.future(at) == Some(PRESENT) && self.leads_on(at);
        (told + 1..start.saturating_sub(1)).any(is_plan)
    }

    /// Whether a past verb before a date at `start..end` leads to another: "it was thought to rise this year".
    pub(super) fn is_expected(&self, start: usize, end: usize) -> bool {
        let told = self.tense_before(self.sentence(start).start, start, end);
        matches!(told, Some((at, Direction::Past)) if self.leads_to_another(at..start))
    }

    /// Whether a verb of the future leads straight to a date at `start..end`: "it will open in January".
    pub(super) fn is_promised(&self, start: usize, end: usize) -> bool {
        let sentence = self.sentence(start).start;
        let introduced = start > sentence && self.is_of_events(start - 1);
        // "Would be" and "going to" promise less.
        let is_will = |at: usize| self.future(at) == Some(ANYWHERE) && !self.lexemes.single[at].begins_longer;
        let is_boundary = |at: usize| {
            self.text.tokens[at].kind == TokenKind::Mark || self.lexemes.single[at].is(Class::SUBJECT)
        };
        let near = |at: usize| start - at <= CLOSE && is_will(at) && !(at..start).any(is_boundary);
        introduced && self.tense_before(sentence, start, end).is_some_and(|(at, _)| near(at))
    }

    /// Whether the word at token `at` leads to when something happened: in.
    pub(super) fn is_of_events(&self, at: usize) -> bool {
        let lexeme = self.lexemes.single[at];
        lexeme.is(Class::BEFORE) && lexeme.value(Class::BEFORE, self.grammar) == OF_EVENTS
    }

    /// Whether a date at `start..end` has the tense of one before it that ends at token `told`: no word of time stands
    /// between them and no other clause begins.
    pub(super) fn keeps_tense(&self, told: usize, start: usize, end: usize) -> bool {
        let begins_clause = |at: usize| {
            let lexeme = self.lexemes.single[at];
            self.breaks_clause(at) || (lexeme.is(Class::SUBJECT) && !lexeme.is(Class::JOINT))
        };
        !self.is_attribute(start, end)
            && (told..start).all(|at| self.tense(at, Place::Before).is_none() && !begins_clause(at))
    }

    /// The word that tells the tense of the clause before a date at `start..end`, with that tense.
    fn tense_before(&self, sentence: usize, start: usize, end: usize) -> Option<(usize, Direction)> {
        let place = if self.is_attribute(start, end) { Place::BeforeNoun } else { Place::Before };
        let mut clause = (sentence..start).rev().take(BEFORE).take_while(|at| !self.breaks_clause(*at));
        let (at, tense) = clause.find_map(|at| Some((at, self.tense(at, place)?)))?;
        if self.future(at) == Some(MODAL) && (at..start).any(|between| self.leads_away(between)) {
            return None;
        }
        let adjective = tense == Direction::Past && self.may_be_adjective(at, start);
        let future = adjective && self.is_governed(sentence, at);
        Some((at, if future { Direction::Future } else { tense }))
    }

    /// Whether the word at token `at` leads away from what may come: "it would stop after the crash", "we can say that it
    /// was planned".
    fn leads_away(&self, at: usize) -> bool {
        let lexeme = self.lexemes.single[at];
        lexeme.is(Class::SUBJECT) && matches!(lexeme.value(Class::SUBJECT, self.grammar), BEHIND | PRONOUN)
    }

    /// The first word of the past or future after a date at `start..end`.
    fn tense_after(&self, sentence: &Range<usize>, start: usize, end: usize) -> Option<(usize, Direction)> {
        // A date that opens its sentence is that of the verb, however far away.
        let opens = opens(sentence, start);
        let mut place = Place::After;
        if opens && !self.is_heading(end) {
            place = if self.is_attribute(start, end) { Place::AfterNoun } else { Place::AfterOpening };
        }
        let rest = (end..sentence.end.max(end)).take(if opens { 2 * AFTER } else { AFTER });
        for at in rest.take_while(|at| !self.reports(*at)) {
            if let Some(tense) = self.tense(at, place) {
                return Some((at, tense));
            }
            // What another clause may bring is not of this date.
            let lexeme = self.lexemes.single[at];
            if lexeme.is(Class::SUBJECT) && !lexeme.is(Class::JOINT) {
                place = Place::After;
            }
        }
        None
    }

    /// Whether a mark ends a date at token `end` that stands before what happened then: "April 9: He resigns".
    fn is_heading(&self, end: usize) -> bool {
        let mark = self.text.tokens.get(end).is_some_and(|token| token.kind == TokenKind::Mark);
        mark && !matches!(self.text.word(end), "," | "(")
    }

    /// Whether a date at `start..end` tells which of several things is meant: Friday's ruling, its April ruling,
    /// fourth-quarter sales.
    pub(super) fn is_attribute(&self, start: usize, end: usize) -> bool {
        let possessive = |token: &Token| token.kind == TokenKind::Possessive;
        let determined = start
            .checked_sub(1)
            .is_some_and(|before| self.lexemes.single[before].belongs_to_noun(self.grammar));
        let introduced =
            start.checked_sub(1).is_some_and(|before| self.lexemes.single[before].is(Class::BEFORE));
        let hyphened = !introduced && (start..end).any(|at| self.lexemes.single[at].is(Class::DASH));
        determined || hyphened || self.text.tokens.get(end).is_some_and(possessive)
    }

    fn sentence(&self, at: usize) -> Range<usize> {
        let sentences = &self.sentences;
        let index = sentences.partition_point(|sentence| sentence.start <= at);
        index.checked_sub(1).map_or(0..self.text.tokens.len(), |index| sentences[index].clone())
    }

    /// The first token of the sentence of token `at`.
    pub(super) fn sentence_of(&self, at: usize) -> Option<usize> {
        let sentences = &self.sentences;
        let index = sentences.partition_point(|sentence| sentence.start <= at);
        index.checked_sub(1).map(|index| sentences[index].start)
    }

    /// Whether a clause ends at token `at`.
    fn breaks_clause(&self, at: usize) -> bool {
        let word = self.lexemes.single[at].word;
        self.grammar.entries[usize::from(word)].breaks || self.text.word(at) == ";"
    }

    /// Whether the word before token `start` looks back from the story at hand: since. The Spanish word says no more than
    /// "from" in what is to come.
    pub(super) fn looks_back(&self, start: usize) -> bool {
        let Some(before) = start.checked_sub(1) else { return false };
        let lexeme = self.lexemes.single[before];
        let may_look_ahead = || self.past(before) == Some(LOOSE);
        let is_to_come = || self.is_governed(self.sentence(before).start, before);
        lexeme.is(Class::PAST) && lexeme.is(Class::BEFORE) && !(may_look_ahead() && is_to_come())
    }

    /// The tense that the word or phrase at token `at` tells, if any, where it stands.
    pub(super) fn tense(&self, at: usize, place: Place) -> Option<Direction> {
        let future = match self.future(at) {
            Some(HEARSAY) if self.leads_to_perfect(at) => return Some(Direction::Past),
            Some(ANYWHERE | HEARSAY) => true,
            Some(BEFORE_DATE) => matches!(place, Place::Before | Place::BeforeNoun) && !self.is_given_up(at),
            // "Friday's ruling may" tells nothing, "Friday's report is expected to" does.
            Some(MODAL) if place == Place::AfterNoun => self.lexemes.long.contains_key(&(at as u32)),
            Some(MODAL) => matches!(place, Place::Before | Place::AfterOpening),
            Some(COPULA) => {
                matches!(place, Place::Before | Place::AfterOpening) && !self.leads_to_participle(at)
            }
            Some(PRESENT) => {
                let leads = matches!(place, Place::Before | Place::AfterNoun)
                    || (place == Place::AfterOpening && self.leads_on(at));
                leads && self.is_finite(at)
            }
            None => self.has_future_form(at),
            _ => false,
        };
        if future {
            return Some(Direction::Future);
        }
        let no_past = || at.checked_sub(1).is_some_and(|before| self.is_auxiliary(before));
        let is_past = self.past(at).is_some() || self.has_past_ending(at);
        let is_other = || no_past() || self.is_compound(at) || self.is_adjective(at);
        (is_past && (self.is_past_phrase(at) || !is_other())).then_some(Direction::Past)
    }

    /// Whether an infinitive of the perfect ends the clause of a modal at token `at`: "soll am Freitag gekommen sein".
    fn leads_to_perfect(&self, at: usize) -> bool {
        let end = self.sentence(at).end.min(at + CLAUSE);
        let ends_clause = |at: usize| {
            self.text.tokens.get(at).is_none_or(|next| next.kind == TokenKind::Mark)
                || self.lexemes.single[at].is(Class::JOINT)
        };
        (at + 2..end).any(|at| ends_clause(at + 1) && self.is_perfect(at))
    }

    /// Whether the word at token `at` is an infinitive of the perfect, with its participle before it: gekommen sein.
    fn is_perfect(&self, at: usize) -> bool {
        let Some(endings) = self.grammar.settings.perfect_infinitives.get(self.text.word(at)) else {
            return false;
        };
        let (token, participle) = (self.text.tokens[at - 1], self.text.word(at - 1));
        token.kind == TokenKind::Word
            && !token.capital
            && endings.iter().any(|ending| participle.ends_with(ending.as_str()))
    }

    /// Whether a participle ends the clause of a verb at token `at`: "ist am Freitag gestorben".
    fn leads_to_participle(&self, at: usize) -> bool {
        let end = self.sentence(at).end.min(at + CLAUSE);
        let mark =
            (at + 1..end).find(|at| self.text.tokens[*at].kind == TokenKind::Mark && !self.is_stop(*at));
        let last = mark.unwrap_or(end).saturating_sub(1);
        let (token, word) = (self.text.tokens[last], self.text.word(last));
        let endings = &self.grammar.settings.past_participles;
        last > at
            && token.kind == TokenKind::Word
            && !token.capital
            && endings.iter().any(|ending| word.ends_with(ending.as_str()))
    }

    /// Whether the mark at token `at` is the full stop of an ordinal: 26. September.
    fn is_stop(&self, at: usize) -> bool {
        self.grammar.settings.ordinal_stops
            && self.text.word(at) == "."
            && at.checked_sub(1).is_some_and(|before| self.text.tokens[before].kind == TokenKind::Number)
    }

    /// Whether what the word at token `at` expects was expected once: "had been scheduled for Thursday".
    fn is_given_up(&self, at: usize) -> bool {
        let before = at.checked_sub(2).and_then(|before| self.lexemes.long.get(&(before as u32)));
        before.is_some_and(|phrase| phrase.tokens == 2 && phrase.is(Class::PAST))
    }

    /// Whether a verb after token `at` tells no time itself: will, to.
    fn is_auxiliary(&self, at: usize) -> bool {
        matches!(self.future(at), Some(ANYWHERE | NO_PAST_FOLLOWS | MODAL | HEARSAY))
            || self.has_future_form(at)
    }

    /// What the word or phrase at token `at` is as a member of `class`; a phrase of time hides its first word.
    fn value_of_time(&self, at: usize, class: Class) -> Option<i32> {
        let of_time = |lexeme: &&Lexeme| lexeme.is(Class::FUTURE) || lexeme.is(Class::PAST);
        let phrase = self.lexemes.long.get(&(at as u32)).filter(of_time);
        let lexeme = phrase.or_else(|| self.lexemes.single.get(at))?;
        // "May" is a month, "may" is none.
        let is_month = lexeme.is(Class::MONTH);
        (lexeme.is(class) && !is_month).then(|| lexeme.value(class, self.grammar))
    }

    fn future(&self, at: usize) -> Option<i32> {
        self.value_of_time(at, Class::FUTURE)
    }

    fn past(&self, at: usize) -> Option<i32> {
        self.value_of_time(at, Class::PAST)
    }

    fn is_past_phrase(&self, at: usize) -> bool {
        self.lexemes.long.get(&(at as u32)).is_some_and(|phrase| phrase.is(Class::PAST))
    }

    fn has_past_ending(&self, at: usize) -> bool {
        self.may_be_verb(at) && self.ends_as_past(at)
    }

    /// Whether the word at token `at` is a verb of the future by how it begins or ends: `celebrará`, `سيعقد`.
    fn has_future_form(&self, at: usize) -> bool {
        let settings = &self.grammar.settings;
        if settings.future_endings.is_empty() && settings.future_prefixes.is_empty() {
            return false;
        }
        let word = self.text.word(at);
        // "And it will meet" is one word where conjunctions are glued on.
        let bare = settings.prefixes.iter().find_map(|prefix| word.strip_prefix(prefix.as_str()));
        let is_noun = |word: &str| {
            let number = self.grammar.number(word.as_bytes());
            self.grammar.entries[usize::from(number)].no_verb
        };
        let bare = bare.filter(|bare| !is_noun(bare));
        let begins = |prefix: &String| {
            word.starts_with(prefix.as_str()) || bare.is_some_and(|bare| bare.starts_with(prefix.as_str()))
        };
        self.may_be_verb(at)
            && (settings.future_endings.iter().any(|ending| word.ends_with(ending.as_str()))
                || settings.future_prefixes.iter().any(begins))
    }

    /// Whether the word at token `at` may be a verb that the vocabulary does not know.
    fn may_be_verb(&self, at: usize) -> bool {
        let (token, lexeme) = (self.text.tokens[at], self.lexemes.single[at]);
        let entry = &self.grammar.entries[usize::from(lexeme.word)];
        // "Aimed at" tells no past.
        let begins_phrase = !entry.phrases.is_empty();
        lexeme.bits == 0
            && !begins_phrase
            && !entry.no_verb
            && token.kind == TokenKind::Word
            && !token.capital
            && self.text.word(at).len() > 4
    }

    fn ends_as_past(&self, at: usize) -> bool {
        let word = self.text.word(at);
        self.grammar.settings.past_endings.iter().any(|ending| word.ends_with(ending.as_str()))
    }

    /// Whether a participle at token `at` is surely of a noun: the proposed merger, of covered bonds.
    fn is_adjective(&self, at: usize) -> bool {
        self.ends_as_past(at) && at.checked_sub(1).is_some_and(|before| self.leads_to_noun(before))
    }

    /// Whether a noun follows the word at token `at`, and no verb: the, of, in.
    fn leads_to_noun(&self, at: usize) -> bool {
        let lexeme = self.lexemes.single[at];
        lexeme.is(Class::DETERMINER)
            || (lexeme.is(Class::BEFORE) && lexeme.value(Class::BEFORE, self.grammar) >= OF_PEOPLE)
    }

    /// Whether a hyphen joins the word at `at` to another, as an adjective: a closed-door meeting, US-led talks.
    fn is_compound(&self, at: usize) -> bool {
        let hyphen = |at: usize| self.text.word(at) == "-" && self.text.tokens[at].joined;
        let joined = |at: usize| self.text.tokens.get(at).is_some_and(|token| token.joined);
        let before = at > 1 && joined(at) && hyphen(at - 1) && self.text.word(at - 2).len() > 2;
        before || (at + 2 < self.text.tokens.len() && hyphen(at + 1) && joined(at + 2))
    }

    /// Whether the past at token `at` is surely a verb of its own: not in "is heard in April", "has agreed in April", "then
    /// accepted by them in April", "see a cut in April", "was leaving in April".
    fn is_active(&self, at: usize, date: usize) -> bool {
        let is_present = at.checked_sub(1).is_some_and(|before| {
            self.future(before) == Some(VERB_BEFORE) || self.past(before) == Some(OF_SPEECH)
        });
        let is_passive = self.future(at + 1) == Some(BY);
        let next = self.lexemes.single[at + 1];
        let preposition =
            next.is(Class::BEFORE) || (next.is(Class::DETERMINER) && !next.belongs_to_noun(self.grammar));
        let is_noun = self.past(at) == Some(LOOSE) && (at + 1 == date || preposition);
        !is_present && !is_passive && !is_noun && !self.is_participle(at + 1)
    }

    /// Whether the word at token `at` is a participle of the present: "it was cutting".
    fn is_participle(&self, at: usize) -> bool {
        let (token, word) = (self.text.tokens[at], self.text.word(at));
        let endings = &self.grammar.settings.participle_endings;
        token.kind == TokenKind::Word
            && !token.capital
            && endings.iter().any(|ending| word.ends_with(ending.as_str()))
    }

    /// Whether token `at` belongs to a verb that tells no past of its own: "was begun and is up for review in April", "named
    /// the man who retires in April", or to a date that the verb has already.
    fn begins_other_verb(&self, at: usize) -> bool {
        let lexeme = self.lexemes.single[at];
        let pronoun = lexeme.is(Class::SUBJECT) && lexeme.value(Class::SUBJECT, self.grammar) == PRONOUN;
        let is_dated = lexeme.is(Class::WEEKDAY) || lexeme.is(Class::MONTH);
        pronoun || is_dated || self.future(at) == Some(VERB_BEFORE)
    }

    /// Whether a word that may be a verb or a noun is a verb, of the present: they plan, but not "the plan", "to face".
    fn is_finite(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        let is_object = self.past(before).is_some() || self.has_past_ending(before);
        !self.leads_to_noun(before) && !is_object && !self.is_auxiliary(before) && !self.ends_compound(at)
    }

    /// Whether the word at token `at` is the last of a noun of several words: "its turnaround plan in January", but not
    /// "its lawyers plan", "the police plan to".
    fn ends_compound(&self, at: usize) -> bool {
        if self.leads_on(at) || at < 2 || self.text.word(at).ends_with('s') {
            return false;
        }
        let (token, lexeme) = (self.text.tokens[at - 1], self.lexemes.single[at - 1]);
        let is_singular =
            token.kind == TokenKind::Word && !token.capital && !self.text.word(at - 1).ends_with('s');
        let is_determined =
            (at.saturating_sub(3)..at - 1).any(|at| self.lexemes.single[at].is(Class::DETERMINER));
        is_singular && lexeme.bits == 0 && is_determined
    }

    /// Whether an infinitive follows the word at token `at`: plans to leave.
    fn leads_on(&self, at: usize) -> bool {
        self.future(at + 1) == Some(NO_PAST_FOLLOWS)
            && self.lexemes.single.get(at + 1).is_some_and(|next| next.is(Class::BEFORE))
    }

    /// Whether a word that looks like a past may be none: "revised figures", "a rate cut".
    fn may_be_adjective(&self, at: usize, date: usize) -> bool {
        let next = at + 1;
        let is_noun = |lexeme: Lexeme| !OTHER_THAN_NOUNS.iter().any(|class| lexeme.is(*class));
        let before_noun = next < date
            && self.text.tokens[next].kind == TokenKind::Word
            && is_noun(self.lexemes.single[next]);
        let after_auxiliary = at > 0 && self.past(at - 1).is_some();
        self.past(at) == Some(LOOSE) || (self.past(at).is_none() && before_noun && !after_auxiliary)
    }

    /// Whether a verb of the future reaches from before token `at` to it, with no other clause between.
    fn is_governed(&self, sentence: usize, at: usize) -> bool {
        for before in (sentence..at).rev().take(BEFORE) {
            let lexeme = self.lexemes.single[before];
            let is_boundary = self.text.tokens[before].kind == TokenKind::Mark
                && self.text.word(before) != "-"
                || lexeme.is(Class::SUBJECT)
                || self.breaks_clause(before);
            if is_boundary {
                return false;
            }
            match self.tense(before, Place::Before) {
                Some(Direction::Future) => return true,
                Some(_) if !self.may_be_adjective(before, at) => return false,
                _ => {}
            }
        }
        false
    }

    /// Whether the past at token `at` is of a verb of speech or planning, so that what is told with it may be to come.
    fn is_of_speech(&self, at: usize) -> bool {
        self.past(at) == Some(OF_SPEECH)
    }

    /// Whether a verb that only another verb leads to stands in tokens `between`: "asked him to leave", "named him,
    /// replacing her".
    fn leads_to_another(&self, between: Range<usize>) -> bool {
        let lower = |at: usize| {
            let token = self.text.tokens[at];
            token.kind == TokenKind::Word && !token.capital
        };
        let is_infinitive = |at: usize| {
            let is_to = self.future(at) == Some(NO_PAST_FOLLOWS) && self.lexemes.single[at].is(Class::BEFORE);
            is_to && lower(at + 1) && !self.lexemes.single[at + 1].is(Class::DETERMINER)
        };
        let is_participle = |at: usize| self.text.word(at) == "," && self.is_participle(at + 1);
        let last = between.end.saturating_sub(1);
        let mut between = between.start..last;
        between.any(|at| is_infinitive(at) || is_participle(at))
    }
}

/// Whether a date at `start` opens its sentence, with at most a preposition before it.
fn opens(sentence: &Range<usize>, start: usize) -> bool {
    start <= sentence.start + 1
}
