//! Walks the automaton of a grammar over the lexemes of a text: the longest match at each place, left to right.
//!
//! Gives what matched with its captures; values are found by [`super::resolve`].

use std::borrow::Cow;
use std::ops::Range;

use super::class::Class;
use super::grammar::{Field, Grammar, Means, Mode, Neighbour, Rule, Step};
use super::lexeme::{Lexeme, Lexemes, lexemes};
use super::tense::Place;
use crate::text::Text;
use crate::text::token::TokenKind;

/// A preposition that stands before people as often as before dates.
const BEFORE_PEOPLE: i32 = 2;

/// Capitals of a code that a number is joined to: VVER-1000.
const LONGEST_CODE: usize = 4;

/// A text with its lexemes, in one language.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) text: &'a Text<'a>,
    pub(super) grammar: &'a Grammar,
    pub(super) lexemes: Lexemes,
    /// Its sentences, as ranges of tokens.
    pub(super) sentences: Cow<'a, [Range<usize>]>,
    /// Written in capitals throughout, so that capitals tell nothing.
    pub(super) shouted: bool,
    /// What its article tells.
    pub(super) mode: Mode,
    /// What its article reports on.
    pub(super) field: Field,
    /// An agency signs its article.
    pub(super) wire: bool,
}

/// One element of a match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caught {
    /// Class that the rule asked for, as its bit; 0 for a word.
    pub(super) bits: u64,
    /// What stands there.
    pub(super) lexeme: Lexeme,
    /// Its first token.
    pub(super) token: u32,
}

/// A rule that matched.
#[derive(Debug, Clone)]
pub(super) struct Match<'a> {
    pub(super) rule: &'a Rule,
    pub(super) elements: Vec<Caught>,
    pub(super) parts: &'a [(usize, usize)],
}

impl Match<'_> {
    /// Whether it asked for a `class`.
    pub(super) fn tells(&self, class: Class) -> bool {
        self.elements.iter().any(|caught| caught.bits == class.bit())
    }

    /// First token of its first part.
    pub(super) fn start(&self) -> usize {
        let first = self.parts.first().map_or(0, |part| part.0);
        self.elements.get(first).map_or(0, |caught| caught.token as usize)
    }

    /// One past the last token of its last part.
    pub(super) fn end(&self) -> usize {
        let last = self.parts.last().map_or(self.elements.len(), |part| part.1);
        self.elements[..last]
            .last()
            .map_or(0, |caught| caught.token as usize + usize::from(caught.lexeme.tokens))
    }
}

impl<'a> Reading<'a> {
    /// Reads `text` with the vocabulary of `grammar`.
    pub(super) fn new(text: &'a Text<'a>, grammar: &'a Grammar) -> Reading<'a> {
        let lexemes = lexemes(text, grammar);
        Reading {
            text,
            grammar,
            sentences: sentences(text, grammar, &lexemes),
            lexemes,
            shouted: is_shouted(text.source),
            mode: Mode::News,
            field: Field::default(),
            wire: false,
        }
    }

    /// The best match that begins at token `at`. Context may not keep a longer expression from what it introduces:
    /// in "by summer 1944" the season with its year wins over "by" with a season.
    ///
    /// `work` is a place to work in.
    pub(super) fn best(&self, at: usize, work: &mut Work) -> Option<Match<'a>> {
        let mut best = self.longest(at, work)?;
        for inner in at + 1..=best.start() {
            if let Some(longer) = self.longest(inner, work).filter(|longer| longer.end() > best.end()) {
                best = longer;
                break;
            }
        }
        Some(best)
    }

    /// What the tokens from `at` on can be, the longer lexeme first; nothing for a word that no rule knows.
    fn at(&self, at: usize) -> impl Iterator<Item = Lexeme> + use<> {
        let single = self.lexemes.single[at];
        let long = if single.begins_longer { self.lexemes.long.get(&(at as u32)).copied() } else { None };
        long.into_iter().chain([single]).filter(|lexeme| lexeme.bits != 0 || lexeme.word != 0)
    }

    fn longest(&self, at: usize, work: &mut Work) -> Option<Match<'a>> {
        let mut walk = Walk { reading: self, work, best: None, steps: 0 };
        for lexeme in self.at(at) {
            walk.over(self.grammar.beginnings(&lexeme), lexeme, at);
        }
        let (ending, _) = walk.best?;
        let ending = &self.grammar.endings[ending as usize];
        let rule = &self.grammar.rules[usize::from(ending.rule)];
        Some(Match { rule, elements: work.best.clone(), parts: &ending.parts })
    }
}

/// The sentences of `text`; where a full stop makes an ordinal, the one of "26. September" ends none.
fn sentences<'a>(text: &'a Text<'a>, grammar: &Grammar, lexemes: &Lexemes) -> Cow<'a, [Range<usize>]> {
    if !grammar.settings.ordinal_stops {
        return Cow::Borrowed(&text.sentences);
    }
    let is_date_word = |at: usize| {
        let lexeme = lexemes.single[at];
        lexeme.is(Class::MONTH) || lexeme.is(Class::UNIT)
    };
    let goes_on = |start: usize| {
        let stop = start.checked_sub(2).is_some_and(|day| {
            lexemes.single[day].is(Class::DAY) && text.tokens[day + 1].joined && text.word(day + 1) == "."
        });
        stop && is_date_word(start) && !text.tokens[start].paragraph_start
    };
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(text.sentences.len());
    for sentence in &text.sentences {
        match joined.last_mut() {
            Some(last) if goes_on(sentence.start) => last.end = sentence.end,
            _ => joined.push(sentence.clone()),
        }
    }
    Cow::Owned(joined)
}

/// Mostly capitals, judged on the first letters.
fn is_shouted(source: &str) -> bool {
    let letters = source.chars().filter(|c| c.is_alphabetic()).take(400);
    let (upper, all) =
        letters.fold((0, 0), |(upper, all), c| (upper + usize::from(c.is_uppercase()), all + 1));
    upper * 10 > all * 6
}

/// Working memory of searches.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// What was caught on the way to where a search is.
    stack: Vec<Caught>,
    /// What its best match caught.
    best: Vec<Caught>,
}

/// A search from one token. The best match is the longest, then the one of the earliest rule.
struct Walk<'w, 'a> {
    reading: &'w Reading<'a>,
    work: &'w mut Work,
    /// The ending of the best match and one past its last token.
    best: Option<(u32, usize)>,
    steps: usize,
}

/// Steps that one search may take: far more than any text needs, a bound against texts made to be slow.
const MOST_STEPS: usize = 20_000;

impl Walk<'_, '_> {
    fn from(&mut self, node: u32, at: usize) {
        let node = &self.reading.grammar.nodes[node as usize];
        for &ending in &node.accepts {
            self.accept(ending, at);
        }
        self.steps += 1;
        let Some(token) = self.reading.text.tokens.get(at) else { return };
        if node.edges.is_empty() || self.steps > MOST_STEPS || token.paragraph_start {
            return;
        }
        for lexeme in self.reading.at(at).filter(|lexeme| node.may_take(lexeme)) {
            self.over(&node.edges, lexeme, at);
        }
    }

    /// Takes every one of `edges` that `lexeme`, at token `at`, fits.
    fn over(&mut self, edges: &[(Step, u32)], lexeme: Lexeme, at: usize) {
        let joined = self.reading.text.tokens[at].joined;
        for &(step, next) in edges {
            let fits = lexeme.bits & step.bits != 0
                || (step.word != 0 && step.word == lexeme.word && lexeme.tokens == 1);
            if fits && (!step.joined || joined) {
                self.work.stack.push(Caught { bits: step.bits, lexeme, token: at as u32 });
                self.from(next, at + usize::from(lexeme.tokens));
                self.work.stack.pop();
            }
        }
    }

    fn accept(&mut self, ending: u32, end: usize) {
        let rule = |ending: u32| self.reading.grammar.endings[ending as usize].rule;
        let better = match &self.best {
            None => true,
            Some((other, other_end)) => {
                end > *other_end || (end == *other_end && rule(ending) < rule(*other))
            }
        };
        if better && self.reading.allows(ending, &self.work.stack, end) {
            self.best = Some((ending, end));
            self.work.best.clone_from(&self.work.stack);
        }
    }
}

impl Reading<'_> {
    /// Whether the neighbours of a match let it stand.
    fn allows(&self, ending: u32, elements: &[Caught], end: usize) -> bool {
        let rule = &self.grammar.rules[usize::from(self.grammar.endings[ending as usize].rule)];
        let Some(start) = elements.first().map(|caught| caught.token as usize) else { return false };
        if rule.mode.is_some_and(|mode| mode != self.mode) {
            return false;
        }
        let told = |class: Class| elements.iter().any(|caught| caught.bits == class.bit());
        let elsewhere = (rule.not_in_sport && self.field == Field::Sport)
            || (rule.in_business && self.field != Field::Business);
        if elsewhere && !told(Class::YEAR) || rule.opens && !self.is_sentence_start(start) {
            return false;
        }
        let is_capital = |caught: &Caught| self.text.tokens[caught.token as usize].capital;
        if rule.lower && !self.shouted && elements.iter().any(is_capital) && !self.is_sentence_start(start) {
            return false;
        }
        // What stands in another paragraph is no neighbour.
        let begins_paragraph = |at: usize| self.text.tokens.get(at).is_none_or(|token| token.paragraph_start);
        let before = start.checked_sub(1).filter(|_| !begins_paragraph(start));
        if before.is_some_and(|before| rule.not_after.iter().any(|n| self.stands(n, before, start))) {
            return false;
        }
        if !begins_paragraph(end) && rule.not_before.iter().any(|n| self.stands(n, end, end)) {
            return false;
        }
        rule.means == Means::Nothing || !rule.alone || self.may_stand_alone(elements, start, end)
    }

    /// Whether `neighbour` describes token `at`; `seam` is the later of the two tokens that touch.
    fn stands(&self, neighbour: &Neighbour, at: usize, seam: usize) -> bool {
        let lexeme = &self.lexemes.single[at];
        let token = self.text.tokens[at];
        let is_word = token.kind == TokenKind::Word;
        let entry = &self.grammar.entries[usize::from(lexeme.word)];
        let is_plain = || is_word && !token.capital && lexeme.bits == 0 && (lexeme.word == 0 || entry.plain);
        match neighbour {
            Neighbour::Word(word) => lexeme.word == *word,
            Neighbour::Class(class) => lexeme.is(*class),
            Neighbour::Capital => {
                is_word && token.capital && !self.shouted && lexeme.bits == 0 && !self.is_sentence_start(at)
            }
            Neighbour::Plural => {
                is_plain() && {
                    let word = self.text.word(at);
                    word.len() > 3 && word.ends_with('s') && !word.ends_with("ss")
                }
            }
            Neighbour::Plain => is_plain(),
            Neighbour::Joined => {
                self.text.tokens[seam].joined && (token.kind != TokenKind::Mark || self.ends_model(at))
            }
        }
    }

    /// Whether the hyphen at `at` joins what follows to a name with figures or to letters of a code: `A350-1000`, `MI-1630`.
    fn ends_model(&self, at: usize) -> bool {
        let name = at.checked_sub(1).map_or("", |before| self.text.word(before));
        let is_code =
            (1..=LONGEST_CODE).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_uppercase());
        self.text.word(at) == "-"
            && self.text.tokens[at].joined
            && (is_code || name.contains(|c: char| c.is_ascii_digit()))
    }

    /// Whether the word at `at` is in capitals throughout: EU, U.S.
    fn is_acronym(&self, at: usize) -> bool {
        let word = self.text.word(at);
        word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'.')
    }

    /// Whether a month at `at` tells which of several things is meant, though its name is also a verb: "the March results",
    /// "March sales fell" at the beginning of a sentence.
    fn is_of_things(&self, at: usize, end: usize, is_name: bool) -> bool {
        let Some(next) = self.text.tokens.get(end) else { return false };
        if next.kind != TokenKind::Word {
            return next.kind == TokenKind::Possessive && !is_name;
        }
        let of_noun = |at: usize| self.lexemes.single[at].belongs_to_noun(self.grammar);
        let acronym = self.is_acronym(end) && !self.is_acronym(at);
        let determined = at.checked_sub(1).is_some_and(of_noun) && (self.shouted || !next.capital || acronym);
        let follows = self.lexemes.single[end];
        let is_noun = (!next.capital || acronym)
            && [Class::BEFORE, Class::DETERMINER, Class::SUBJECT, Class::FUTURE, Class::JOINT]
                .iter()
                .all(|class| !follows.is(*class));
        // "Total March sales", "March was cold", but "Kevin March told us", "May said".
        let is_verb = || self.tense(end, Place::After).is_some();
        let opens = self.is_sentence_start(at);
        determined || (is_noun && (opens || !is_name) && ((opens && !is_name) || !is_verb()))
    }

    pub(super) fn is_sentence_start(&self, at: usize) -> bool {
        let sentences = &self.sentences;
        let index = sentences.partition_point(|sentence| sentence.start <= at);
        // A quotation mark or the star of a list may open it.
        let is_mark = |at: usize| self.text.tokens[at].kind == TokenKind::Mark;
        index > 0 && (sentences[index - 1].start..at).all(is_mark)
    }

    /// Whether a date word with nothing beside it is one: "May" needs more than "Monday" does.
    fn may_stand_alone(&self, elements: &[Caught], start: usize, end: usize) -> bool {
        // The number of "May one" tells nothing about its month.
        let is_word = |caught: &&Caught| caught.lexeme.word != 0 && !caught.lexeme.is(Class::NUM);
        let Some(word) = elements.iter().rev().find(is_word) else { return true };
        let entry = &self.grammar.entries[usize::from(word.lexeme.word)];
        let at = word.token as usize;
        // "DEC" and "APR" are names of other things.
        if entry.abbreviation && !self.shouted && self.is_acronym(at) {
            return false;
        }
        if !entry.ambiguous && !entry.name {
            return true;
        }
        let next = self.text.tokens.get(end);
        // "The March EU summit" names nobody; "EARNINGS MAY FALL" is a headline.
        let before_acronym = next.is_some() && !self.shouted && self.is_acronym(end) && !self.is_acronym(at);
        let before_name = !before_acronym
            && next.is_some_and(|next| next.capital && next.kind == TokenKind::Word && !next.line_start);
        // In capitals, "the April elections" is as little of a name as "in April"; "may" is anything.
        let is_known = !(self.shouted && entry.ambiguous);
        if is_known && word.lexeme.is(Class::MONTH) && self.is_of_things(at, end, entry.name) {
            return true;
        }
        let before = at.checked_sub(1).map(|before| self.lexemes.single[before]);
        let preposition = before.filter(|before| before.is(Class::BEFORE));
        // "Edited by Jan Smith", "the mother of April Jones".
        let before_people =
            preposition.is_some_and(|word| word.value(Class::BEFORE, self.grammar) == BEFORE_PEOPLE);
        let introduced = at > start || preposition.is_some() && !(before_people && entry.name && before_name);
        if introduced && is_known {
            return true;
        }
        if entry.ambiguous {
            // "For March" may begin a sentence.
            let after_name = before.is_some_and(|before| before.bits == 0 || !self.is_sentence_start(at - 1))
                && self.text.tokens[at - 1].capital;
            return introduced || !(self.shouted || before_name || after_name || self.is_sentence_start(at));
        }
        !before_name
    }
}
