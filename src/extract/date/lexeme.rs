//! Tokens as rules see them: which classes each can be, with its value.
//!
//! Takes a text and the vocabulary of a language; gives one [`Lexeme`] a token, and a longer one where several tokens
//! make one number or name. Never decides whether something is a date.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::class::Class;
use super::grammar::{Entry, Grammar, Phrase};
use super::house::drop_house_numbers;
use super::number::{composed, is_number_word, mixed_number};
use super::odd_year::add_odd_years;
use super::table::drop_figures_of_tables;
use crate::text::Text;
use crate::text::token::{Token, TokenKind};

/// The value of class `DETERMINER` for words that belong to a noun: the, its, but not with.
const OF_NOUN: i32 = 0;

/// What a token (or several) can be.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lexeme {
    /// Classes, one bit each.
    pub(super) bits: u64,
    /// Vocabulary number, 0 if unknown.
    pub(super) word: u16,
    /// Number of tokens.
    pub(super) tokens: u8,
    /// Bytes at its front that belong to no class: an article or preposition glued on.
    pub(super) skip: u8,
    /// Value of the numeric classes.
    pub(super) number: i32,
    /// Hundredths after the number: 22.8 years.
    pub(super) hundredths: u8,
    /// A longer one begins at the same token.
    pub(super) begins_longer: bool,
}

impl Lexeme {
    /// Whether it can be of this class.
    pub(super) fn is(&self, class: Class) -> bool {
        self.bits & class.bit() != 0
    }

    /// Whether it is a word that belongs to the noun behind it: the, its, but not with.
    pub(super) fn belongs_to_noun(&self, grammar: &Grammar) -> bool {
        self.is(Class::DETERMINER) && self.value(Class::DETERMINER, grammar) == OF_NOUN
    }

    /// Its value as a member of `class`.
    pub(super) fn value(&self, class: Class, grammar: &Grammar) -> i32 {
        if self.tokens > 1 && self.word == 0 {
            return self.number;
        }
        let classes = &grammar.entries[usize::from(self.word)].classes;
        classes.iter().find(|(known, ..)| *known == class).map_or(self.number, |(_, value, _)| *value)
    }
}

/// The lexemes of a text.
#[derive(Debug)]
pub(super) struct Lexemes {
    /// One a token.
    pub(super) single: Vec<Lexeme>,
    /// Longer ones, by first token.
    pub(super) long: FxHashMap<u32, Lexeme>,
}

impl Lexemes {
    fn add(&mut self, at: usize, longer: Lexeme) {
        self.single[at].begins_longer = true;
        self.long.insert(at as u32, longer);
    }
}

/// Longest word that is looked up, in bytes.
const LONGEST: usize = 48;

/// Reads the tokens of `text`.
pub(super) fn lexemes(text: &Text<'_>, grammar: &Grammar) -> Lexemes {
    let mut lexemes = Lexemes { single: Vec::with_capacity(text.tokens.len()), long: FxHashMap::default() };
    for (at, token) in text.tokens.iter().enumerate() {
        let lexeme = match token.kind {
            TokenKind::Number => {
                let figures = figures(&western(text.word(at)), grammar);
                Lexeme { word: grammar.number(text.word(at).as_bytes()), ..figures }
            }
            _ => word(text, at, token, grammar),
        };
        lexemes.single.push(lexeme);
    }
    add_odd_years(text, grammar, &mut lexemes);
    drop_house_numbers(text, grammar, &mut lexemes);
    drop_figures_of_tables(text, &mut lexemes);
    add_long(text, grammar, &mut lexemes);
    add_broken(text, grammar, &mut lexemes);
    lexemes
}

/// `word` in lower case in `buffer`; nothing if it is too long to be a date word.
fn lower<'b>(word: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b [u8]> {
    let bytes = word.as_bytes();
    let mut length = 0;
    if word.is_ascii() {
        length = bytes.len();
        let target = buffer.get_mut(..length)?;
        target.copy_from_slice(bytes);
        target.make_ascii_lowercase();
    } else {
        for c in word.chars().flat_map(char::to_lowercase) {
            let c = if matches!(c, '’' | '‘') { '\'' } else { c };
            let target = buffer.get_mut(length..length + c.len_utf8())?;
            c.encode_utf8(target);
            length += c.len_utf8();
        }
    }
    Some(&buffer[..length])
}

fn word(text: &Text<'_>, at: usize, token: &Token, grammar: &Grammar) -> Lexeme {
    let mut buffer = [0; LONGEST];
    let written = text.word(at);
    let has_prefixes = !grammar.settings.prefixes.is_empty();
    if !has_prefixes && written.is_ascii() && !grammar.may_know(written.as_bytes()) {
        return fiscal_year(written, grammar).unwrap_or(Lexeme { tokens: 1, ..Lexeme::default() });
    }
    let Some(lowered) = lower(written, &mut buffer) else { return Lexeme { tokens: 1, ..Lexeme::default() } };
    let mut skip = 0;
    let mut number = grammar.number(lowered);
    if number == 0 && has_prefixes {
        let (known, characters) = without_prefix(lowered, grammar);
        number = known;
        // In the text itself an apostrophe may be longer than in lower case.
        skip = written.char_indices().nth(characters).map_or(0, |(skip, _)| skip as u8);
    }
    if number == 0
        && has_prefixes
        && let Some(joined) = figures_behind_prefix(written, grammar)
    {
        return joined;
    }
    if number == 0 {
        return fiscal_year(written, grammar).unwrap_or(Lexeme { tokens: 1, ..Lexeme::default() });
    }
    let entry = &grammar.entries[usize::from(number)];
    // A glued-on prefix may carry the capital: "D'avril".
    let capital = token.capital || skip > 0;
    let bits = if capital { entry.capital_bits } else { entry.bits };
    Lexeme { bits, word: number, tokens: 1, skip, ..Lexeme::default() }
}

/// `FY2021`, `FY21`.
fn fiscal_year(word: &str, grammar: &Grammar) -> Option<Lexeme> {
    if !word.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let figures =
        grammar.settings.fiscal_prefixes.iter().find_map(|prefix| word.strip_prefix(prefix.as_str()))?;
    let number = year_in_figures(figures)?;
    Some(Lexeme { number, bits: Class::YEAR.bit(), tokens: 1, ..Lexeme::default() })
}

/// The number of a word behind what is glued to its front, and how many characters that is.
fn without_prefix(lowered: &[u8], grammar: &Grammar) -> (u16, usize) {
    for prefix in &grammar.settings.prefixes {
        if let Some(rest) = lowered.strip_prefix(prefix.as_bytes()) {
            let number = grammar.number(rest);
            // Only what has a class or begins a phrase: a preposition glued to a preposition is no date.
            let entry = &grammar.entries[usize::from(number)];
            if number != 0 && (entry.capital_bits != 0 || !entry.phrases.is_empty()) {
                return (number, prefix.chars().count());
            }
        }
    }
    (0, 0)
}

/// Figures behind what is glued to their front: `و2008`.
fn figures_behind_prefix(word: &str, grammar: &Grammar) -> Option<Lexeme> {
    let strip = |prefix: &String| word.strip_prefix(prefix.as_str()).map(|rest| (prefix.len(), rest));
    let (skip, rest) = grammar.settings.prefixes.iter().find_map(strip)?;
    if !rest.starts_with(char::is_numeric) {
        return None;
    }
    Some(Lexeme { skip: skip as u8, ..figures(&western(rest), grammar) })
}

/// Figures as the West writes them, for those of Arabic and Persian.
fn western(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let figure = |c: char| match c {
        '\u{660}'..='\u{669}' => char::from_digit(c as u32 - 0x660, 10).unwrap_or(c),
        '\u{6f0}'..='\u{6f9}' => char::from_digit(c as u32 - 0x6f0, 10).unwrap_or(c),
        c => c,
    };
    Cow::Owned(word.chars().map(figure).collect())
}

/// The classes of a token that begins with a figure.
fn figures(word: &str, grammar: &Grammar) -> Lexeme {
    let bytes = word.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let mut lexeme = Lexeme { tokens: 1, ..Lexeme::default() };
    if digits == 0 || digits > 9 {
        return lexeme;
    }
    lexeme.number = word[..digits].parse().unwrap_or(0);
    let ends =
        |endings: &[String], rest: &str| endings.iter().any(|ending| rest.eq_ignore_ascii_case(ending));
    match &word[digits..] {
        "" => lexeme.bits = plain_bits(lexeme.number, digits),
        rest if (2..=4).contains(&digits)
            && lexeme.number % 10 == 0
            && ends(&grammar.settings.decade_endings, rest) =>
        {
            // The 90s are those of the 20th century.
            let short = if digits == 2 { Class::DECADE2.bit() } else { 0 };
            let decade = decade(if digits == 2 { 190 } else { 0 } + lexeme.number / 10);
            return Lexeme { bits: decade.bits | short, ..decade };
        }
        rest if digits == 1 && rest.starts_with(['Q', 'H']) => term(&mut lexeme, rest),
        rest if ends(&grammar.settings.ordinal_endings, rest) => {
            lexeme.bits = Class::ORD.bit() | day_bit(lexeme.number);
        }
        // "2021-06-28T14:05:00Z": the time of day is not kept.
        rest if digits == 2
            && rest.starts_with('T')
            && rest[1..].starts_with(|c: char| c.is_ascii_digit()) =>
        {
            lexeme.bits = day_bit(lexeme.number);
        }
        rest => match dotted(word, lexeme.number, grammar.settings.short_years) {
            Some(number) => lexeme = Lexeme { number, bits: Class::DOTTED.bit(), ..lexeme },
            None => other_figures(&mut lexeme, rest),
        },
    }
    lexeme
}

/// `2Q` and `1H` are a quarter and a half, `2Q21` with their year.
fn term(lexeme: &mut Lexeme, rest: &str) {
    let (letter, year) = rest.split_at(1);
    let most = if letter == "Q" { 4 } else { 2 };
    if !(1..=most).contains(&lexeme.number) {
        return;
    }
    if year.is_empty() {
        lexeme.bits = if letter == "Q" { Class::QUARTER.bit() } else { Class::HALF.bit() };
    } else if let Some(year) = year_in_figures(year) {
        lexeme.bits = Class::TERM.bit();
        // Halves are counted from ten.
        lexeme.number += year * 100 + if letter == "Q" { 0 } else { 10 };
    }
}

/// A year of two or four figures and nothing else, of a report on business: of this century or the end of the last.
fn year_in_figures(figures: &str) -> Option<i32> {
    let year: i32 = figures.bytes().all(|b| b.is_ascii_digit()).then(|| figures.parse().ok())??;
    match figures.len() {
        2 => Some(if year < 60 { 2000 + year } else { 1900 + year }),
        4 => (1900..FAR_YEARS).contains(&year).then_some(year),
        _ => None,
    }
}

/// `28.06.2021` as 20210628, and `28.06.21` where years may be short: with full stops the day comes first everywhere.
fn dotted(word: &str, day: i32, short_years: bool) -> Option<i32> {
    let (first, rest) = word.split_once('.')?;
    let (month, year) = rest.split_once('.')?;
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_short = short_years && (first.len(), month.len(), year.len()) == (2, 2, 2);
    let fits = (1..=2).contains(&month.len()) && (year.len() == 4 || is_short);
    let month: i32 = month.parse().ok()?;
    let known = fits && is_number(rest.get(..1)?) && (1..=31).contains(&day) && (1..=12).contains(&month);
    let whole =
        || if is_short { year_in_figures(year) } else { year.parse().ok().filter(|_| is_number(year)) };
    known.then(whole)?.map(|year: i32| year * 10_000 + month * 100 + day)
}

fn decade(number: i32) -> Lexeme {
    Lexeme { number, bits: Class::DECADE.bit(), tokens: 1, ..Lexeme::default() }
}

fn day_bit(number: i32) -> u64 {
    if (1..=31).contains(&number) { Class::DAY.bit() } else { 0 }
}

fn plain_bits(number: i32, digits: usize) -> u64 {
    let mut bits = Class::NUM.bit();
    if digits <= 5 {
        bits |= Class::INTEGER.bit();
    }
    if digits <= 2 {
        bits |= day_bit(number);
        if (1..=12).contains(&number) {
            bits |= Class::MNUM.bit();
        }
    }
    if digits == 2 {
        bits |= Class::YEAR2.bit();
    }
    if digits == 4 && number / 100 <= 24 && number % 100 < 60 {
        bits |= Class::HHMM.bit();
        if number < 1000 {
            bits |= Class::EARLY.bit();
        }
    }
    if digits == 4 && (1000..FAR_YEARS).contains(&number) {
        bits |= Class::YEAR.bit();
    }
    bits
}

/// From here on four figures count things more often than years.
pub(super) const FAR_YEARS: i32 = 2200;

/// Decimals, thousands, clocks.
fn other_figures(lexeme: &mut Lexeme, rest: &str) {
    let (mark, after) = rest.split_at(rest.chars().next().map_or(0, char::len_utf8));
    let whole = lexeme.number;
    match mark {
        "." => {
            if let Some(hundredths) = hundredths(after) {
                lexeme.bits = Class::NUM.bit();
                lexeme.hundredths = hundredths;
            } else if let (Some(minutes), Some(half)) = (after.get(..2), after.get(2..)) {
                // "3.15pm", as the British write it.
                if let Some(minutes) = minutes.parse::<i32>().ok().filter(|minutes| *minutes < 60) {
                    lexeme.number = whole * 60 + minutes;
                    with_half_of_day(lexeme, half);
                    // "20.30h", as the Spanish write it.
                    if half == "h" && whole < 25 {
                        lexeme.bits = Class::CLOCK.bit();
                    }
                }
            }
        }
        "," if after.len() == 3 && after.bytes().all(|b| b.is_ascii_digit()) => {
            // What is too large to count is no number here.
            let hundreds = after.parse::<i32>().unwrap_or(0);
            if let Some(number) = whole.checked_mul(1000).and_then(|number| number.checked_add(hundreds)) {
                lexeme.bits = Class::NUM.bit();
                lexeme.number = number;
            }
        }
        ":" => {
            let minutes = after.get(..2).and_then(|minutes| minutes.parse::<i32>().ok());
            if let Some(minutes) = minutes.filter(|minutes| whole < 25 && *minutes < 60) {
                lexeme.number = whole * 60 + minutes;
                match after.get(2..).unwrap_or("") {
                    "" | "h" => lexeme.bits = Class::CLOCK.bit(),
                    // Seconds are not kept.
                    seconds if seconds.starts_with(':') && seconds.len() == 3 => {
                        lexeme.bits = Class::CLOCK.bit();
                    }
                    "hrs" => lexeme.bits = Class::HOUR.bit(),
                    half => with_half_of_day(lexeme, half),
                }
            }
        }
        // "0530hrs", as soldiers write it.
        "h" if after == "rs" && whole < 2500 && whole % 100 < 60 => {
            lexeme.number = whole / 100 * 60 + whole % 100;
            lexeme.bits = Class::HOUR.bit();
        }
        // "17h", "17h30", as the French write it.
        "h" if whole < 25 && (after.is_empty() || after.len() == 2) => {
            if let Some(minutes) = after.parse().ok().or(after.is_empty().then_some(0)).filter(|m| *m < 60) {
                lexeme.number = whole * 60 + minutes;
                lexeme.bits = Class::CLOCK.bit();
            }
        }
        _ => {
            if whole <= 12 {
                lexeme.number = whole * 60;
                with_half_of_day(lexeme, rest);
            }
        }
    }
}

/// `5pm`: the hour with its half of the day.
fn with_half_of_day(lexeme: &mut Lexeme, half: &str) {
    let hour = lexeme.number / 60;
    let base = match half {
        "am" | "AM" => 0,
        "pm" | "PM" => 12,
        _ => return,
    };
    if (1..=12).contains(&hour) {
        lexeme.number += (base + if hour == 12 { -12 } else { 0 }) * 60;
        lexeme.bits = Class::HOUR.bit();
    }
}

fn hundredths(digits: &str) -> Option<u8> {
    let value: u8 = digits.parse().ok()?;
    match digits.len() {
        1 => Some(value * 10),
        2 => Some(value),
        _ => None,
    }
}

/// Finds words that a line break cuts in two: `Sep-\ntember`.
fn add_broken(text: &Text<'_>, grammar: &Grammar, lexemes: &mut Lexemes) {
    for at in 2..text.tokens.len() {
        let (token, hyphen) = (text.tokens[at], text.tokens[at - 1]);
        let cut =
            token.line_start && !token.paragraph_start && token.kind == TokenKind::Word && hyphen.joined;
        if !cut || text.word(at - 1) != "-" {
            continue;
        }
        let whole = format!("{}{}", text.word(at - 2), text.word(at));
        let mut buffer = [0; LONGEST];
        let Some(lowered) = lower(&whole, &mut buffer) else { continue };
        let number = grammar.number(lowered);
        if number == 0 {
            continue;
        }
        let entry = &grammar.entries[usize::from(number)];
        let bits = if text.tokens[at - 2].capital { entry.capital_bits } else { entry.bits };
        lexemes.add(at - 2, Lexeme { bits, word: number, tokens: 3, ..Lexeme::default() });
    }
}

/// Finds what takes several tokens: abbreviations with their full stop, phrases, composed numbers.
fn add_long(text: &Text<'_>, grammar: &Grammar, lexemes: &mut Lexemes) {
    let mut number_end = 0;
    for at in 0..text.tokens.len() {
        let lexeme = lexemes.single[at];
        if let Some(mixed) = mixed_number(text, lexemes, at) {
            lexemes.add(at, mixed);
            continue;
        }
        if grammar.settings.ordinal_stops
            && let Some(day) = day_and_month(text, at)
        {
            lexemes.add(at, day);
            continue;
        }
        if lexeme.word == 0 {
            continue;
        }
        let entry = &grammar.entries[usize::from(lexeme.word)];
        let longer = if !entry.phrases.is_empty()
            && let Some(phrase) = phrase(text, at, entry, grammar, lexemes)
        {
            Some(phrase)
        } else if entry.abbreviation && lexeme.bits != 0 && is_full_stop(text, at + 1) {
            Some(Lexeme { tokens: 2, ..lexeme })
        } else if grammar.settings.composed_numbers && at >= number_end && is_number_word(lexeme, grammar) {
            let composed = composed(text, grammar, lexemes, at);
            number_end = at + composed.map_or(1, |composed| usize::from(composed.tokens));
            composed
        } else {
            None
        };
        if let Some(longer) = longer {
            lexemes.add(at, longer);
        }
    }
}

/// `28.06.` as 628: a day and a month, each with its full stop.
fn day_and_month(text: &Text<'_>, at: usize) -> Option<Lexeme> {
    if text.tokens[at].kind != TokenKind::Number || !is_full_stop(text, at + 1) {
        return None;
    }
    let (day, month) = text.word(at).split_once('.').filter(|(_, month)| month.len() <= 2)?;
    let (day, month): (i32, i32) = (day.parse().ok()?, month.parse().ok()?);
    let is_date = (1..=31).contains(&day) && (1..=12).contains(&month);
    is_date.then(|| Lexeme {
        bits: Class::DAYMONTH.bit(),
        number: month * 100 + day,
        tokens: 2,
        ..Lexeme::default()
    })
}

fn is_full_stop(text: &Text<'_>, at: usize) -> bool {
    text.tokens.get(at).is_some_and(|token| token.joined) && text.word(at) == "."
}

fn phrase(text: &Text<'_>, at: usize, entry: &Entry, grammar: &Grammar, lexemes: &Lexemes) -> Option<Lexeme> {
    let fits = |phrase: &&Phrase| {
        let as_written = text.tokens[at].capital || !phrase.capital;
        as_written
            && phrase.rest.iter().enumerate().all(|(k, word)| {
                lexemes.single.get(at + 1 + k).is_some_and(|lexeme| {
                    lexeme.word != 0 && lexeme.word == grammar.number(word.as_bytes()) && lexeme.skip == 0
                }) && !text.tokens[at + 1 + k].paragraph_start
            })
    };
    let best = entry.phrases.iter().filter(fits).max_by_key(|phrase| phrase.rest.len());
    best.map(|phrase| Lexeme {
        bits: phrase.class.bit(),
        tokens: phrase.rest.len() as u8 + 1,
        number: phrase.value,
        skip: lexemes.single[at].skip,
        ..Lexeme::default()
    })
}
