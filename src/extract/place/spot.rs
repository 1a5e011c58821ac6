//! Spots: the stretches of text that may name a place, with the candidates of the gazetteer.
//!
//! Takes the tagger's names and the tokens; takes over its toponyms, finds the demonyms, adds toponyms that it missed
//! where the gazetteer and the words around leave little doubt, and drops those that are clearly something else.
//! Never decides which place is meant.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::claim::{is_county, is_dateline, listed_member, precedes_its_state};
use super::known::{Entry, Known, is_written_short};
use super::words;
use crate::extract::name::{NameClass, NameSpan};
use crate::reference::gazetteer::{Gazetteer, name};
use crate::span::Span;
use crate::text::Text;
use crate::text::token::{Token, TokenKind};

/// No name of a place has more tokens.
const LONGEST: usize = 7;
/// A name that the tagger missed needs a place of so many people, if nothing but its capital speaks for it.
const PROMINENT: u32 = 150_000;

/// With a word of place before it, a place of so many people is enough, if its name is no common word: `flew to Nice`.
const KNOWN_TOWN: u32 = 500;
/// A council or a police department tells of its town from this population on.
const INNER_TOWN: u32 = 500;
/// A part of an unlisted name is looked at from this population on.
const PART: u32 = 100_000;

/// What a spot is taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpotKind {
    /// Names a place.
    Toponym,
    /// Names a people or is an adjective.
    Demonym,
    /// Stands in the name of a body of the place it names, and is mentioned beside it: `Dublin City Council`.
    Inner,
    /// The same, naming a people: `Iraqi Interior Ministry`.
    InnerDemonym,
    /// Stands inside the name of somebody or something else: it only informs.
    Silent,
}

impl SpotKind {
    /// Whether it names a people or is an adjective.
    pub(super) fn is_demonym(self) -> bool {
        matches!(self, SpotKind::Demonym | SpotKind::InnerDemonym)
    }
}

/// A stretch of text that may name a place.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) span: Span,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) kind: SpotKind,
    /// The key under which it was looked up; equal keys of one kind are one name.
    pub(super) key: Rc<str>,
    /// The gazetteer knows only a part of it.
    pub(super) is_part: bool,
    /// The tagger is sure that it is a place, even if the gazetteer does not know it.
    pub(super) tagged: bool,
    /// It names a street: it lies where its neighbours lie, whatever town it is called after.
    pub(super) is_street: bool,
    /// Index of its name among the article's, once they are grouped.
    pub(super) group: usize,
}

/// Finds the spots of one article.
pub(super) struct Spotter<'a> {
    pub(super) known: Known<'a>,
    /// Words of people's names in the article, as keys.
    people: Vec<Rc<str>>,
    /// Keys of the toponyms that the tagger found: elsewhere in the article they are toponyms too.
    tagged: FxHashSet<Rc<str>>,
}

impl<'a> Spotter<'a> {
    pub(super) fn new(gazetteer: &'a Gazetteer, texts: &[&Text], names: &[Vec<NameSpan>]) -> Spotter<'a> {
        let mut spotter =
            Spotter { known: Known::new(gazetteer), people: Vec::new(), tagged: FxHashSet::default() };
        for (text, names) in texts.iter().zip(names) {
            for name in names {
                if name.class == NameClass::Person && name.last - name.first > 1 {
                    let surname = spotter.known.of(text.word(name.last - 1));
                    spotter.people.push(Rc::clone(&surname.key));
                } else if name.class == NameClass::Location {
                    let located = spotter.known.of(name.span.of(text.source));
                    spotter.tagged.insert(Rc::clone(&located.key));
                }
            }
        }
        spotter.people.sort_unstable();
        spotter.people.dedup();
        spotter
    }

    /// The spots of one text, in order, without overlaps.
    pub(super) fn spots(&mut self, text: &Text, names: &[NameSpan]) -> Vec<Spot> {
        let mut spots = Vec::new();
        let mut at = 0;
        for name in names {
            self.between(text, at..name.first.max(at), &mut spots);
            match name.class {
                NameClass::Location => self.location(text, name, &mut spots),
                NameClass::Other => self.other(text, name, &mut spots),
                NameClass::Person => {}
                NameClass::Organisation => self.inside(text, name, &mut spots),
            }
            at = at.max(name.last).max(spots.last().map_or(0, |spot| spot.last));
        }
        self.between(text, at..text.tokens.len(), &mut spots);
        spots
    }

    /// A name that the tagger takes for a toponym.
    fn location(&mut self, text: &Text, name: &NameSpan, spots: &mut Vec<Spot>) {
        let start = spots.last().map_or(0, |spot| spot.last);
        let mut first = name.first.max(start);
        let last = name.last.min(text.tokens.len());
        // A comma inside: what stands before and after are two names.
        while first < last {
            let comma = (first..last).find(|&at| text.word(at) == ",").unwrap_or(last);
            if first < comma {
                self.toponym(text, first, comma, spots);
            }
            first = comma + 1;
        }
    }

    fn toponym(&mut self, text: &Text, first: usize, last: usize, spots: &mut Vec<Spot>) {
        if let Some(demonym) = self.demonym(text, first, last) {
            spots.push(demonym);
            return;
        }
        if (first..last).any(|at| text.word(at) == "-") && self.demonyms_joined(text, first, last, spots) {
            return;
        }
        let last = self.widened(text, first, last);
        let first =
            if last - first > 1 && text.word(first).eq_ignore_ascii_case("the") { first + 1 } else { first };
        let surface = span(text, first, last).of(text.source);
        let whole = self.known.of(surface);
        if whole.key.is_empty() || self.is_no_place(text, &located(text, first, last), &whole) {
            return;
        }
        if is_street(text, first, last) && !whole.is_plain {
            let street = spot(text, (first, last), SpotKind::Toponym, &whole.key);
            spots.push(Spot { is_street: true, tagged: true, ..street });
            return;
        }
        let (key, is_part) = self.key_of(&whole, surface, listed_member(text, first, last));
        spots.push(Spot { is_part, tagged: true, ..spot(text, (first, last), SpotKind::Toponym, &key) });
    }

    /// `Madison` before `County`, `N` before `.Y.`: takes in what belongs to the name.
    fn widened(&mut self, text: &Text, first: usize, last: usize) -> usize {
        let Some(next) = text.tokens.get(last) else { return last };
        if next.joined && text.word(last) == "." {
            let surface = span(text, first, last + 1).of(text.source);
            return if self.is_abbreviation(surface) { last + 1 } else { last };
        }
        // `Washington Drive`, `2517 Memphis St.`; but `London, St. Paul's`.
        let is_street = next.capital && !next.line_start && words::is_street(text.word(last));
        let has_number = || first > 0 && text.tokens[first - 1].kind == TokenKind::Number;
        // The Highway Patrol of Florida is no street.
        let is_body = text.tokens.get(last + 1).is_some_and(|next| next.capital && !next.line_start)
            && words::is_public_body(text.word(last + 1));
        if is_street && !is_body && (text.word(last) != "St" || has_number()) {
            return last + 1;
        }
        if next.capital && !next.line_start && words::is_generic(text.word(last)) {
            let longer = span(text, first, last + 1).of(text.source);
            if !self.known.of(longer).candidates.is_empty() {
                return last + 1;
            }
        }
        last
    }

    /// Whether `surface` abbreviates a place and is written so.
    fn is_abbreviation(&mut self, surface: &str) -> bool {
        is_written_short(surface) && self.known.of(surface).is_abbreviation
    }

    /// The key under which the gazetteer knows a name, and whether it knows only a part of it.
    fn key_of(&mut self, whole: &Entry, surface: &str, generic: Option<&str>) -> (Rc<str>, bool) {
        let key: &str = &whole.key;
        if let Some(generic) = generic {
            let longer = self.known.of(&format!("{key} {generic}"));
            if longer.is_toponym(surface) {
                return (Rc::clone(&longer.key), false);
            }
        }
        if whole.is_toponym(surface) {
            return (Rc::clone(&whole.key), false);
        }
        let single = key.strip_suffix('s').filter(|single| single.len() > 3);
        let shorter = || name::without_generic(key).or_else(|| words::without_direction(key));
        for other in single.into_iter().chain(shorter()) {
            let other = self.known.of(other);
            if other.is_toponym(surface) && !other.is_never {
                return (Rc::clone(&other.key), false);
            }
        }
        for extended in [format!("{key} city"), format!("{key} county")] {
            let extended = self.known.of(&extended);
            if extended.is_toponym(surface) {
                return (Rc::clone(&extended.key), false);
            }
        }
        match self.longest_part(key) {
            Some(part) => (part, true),
            None => (Rc::clone(&whole.key), false),
        }
    }

    /// The longest run of words of `whole` that names a place on its own.
    fn longest_part(&mut self, whole: &str) -> Option<Rc<str>> {
        let words: Vec<&str> = whole.split(' ').collect();
        // Lake Vermont is no part of Vermont.
        let is_ground = words.first().into_iter().chain(words.last()).any(|word| words::is_ground_key(word));
        // Nor is Hampton Hills one of Hampton.
        if matches!(words[..], [_, last] if words::is_development(last)) {
            return None;
        }
        for length in (1..words.len()).rev() {
            for start in 0..=words.len() - length {
                let part = words[start..start + length].join(" ");
                if part.len() <= 3 || words::is_generic(&part) {
                    continue;
                }
                let part = self.known.of(&part);
                if part.is_never || is_ground && part.is_wide && length == 1 {
                    continue;
                }
                // `Rapides Parish Fire District`: a county named in full is no chance word.
                if part.prominence >= PART || part.is_wide && length > 1 {
                    return Some(Rc::clone(&part.key));
                }
            }
        }
        None
    }

    /// A tagged location that is clearly something else.
    fn is_no_place(&mut self, text: &Text, name: &NameSpan, entry: &Entry) -> bool {
        let (first, last) = (name.first, name.last);
        // A surname of the article without a word of place before it is the person.
        let is_shown = || is_locative(text, first) || is_county(text, last);
        entry.is_never
            || last - first == 1
                && (self.is_unknown_body(text, name, entry)
                || self.is_surname(&entry.key) && !is_shown()
                // `in Spring` is a season, `in Spring, Texas` is none.
                || words::is_season(&entry.key) && !precedes_its_state(text, name, &mut self.known))
    }

    /// `TARP`, `IE`: initials, and no abbreviation of a place.
    fn is_unknown_body(&mut self, text: &Text, name: &NameSpan, entry: &Entry) -> bool {
        let is_place = entry.is_abbreviation || entry.is_wide || entry.prominence >= PROMINENT;
        !is_place
            && name.last - name.first == 1
            && is_initials(text, name.first)
            && !is_dateline(text, name.first, name.last)
            && !precedes_its_state(text, name, &mut self.known)
    }

    fn is_surname(&self, key: &str) -> bool {
        self.people.binary_search_by(|known| known.as_ref().cmp(key)).is_ok()
    }

    /// Nationalities, and what else the tagger has no class for.
    fn other(&mut self, text: &Text, name: &NameSpan, spots: &mut Vec<Spot>) {
        let (first, last) = (name.first, name.last.min(text.tokens.len()));
        if first >= last {
            return;
        }
        if let Some(demonym) = self.demonym(text, first, last) {
            spots.push(demonym);
            return;
        }
        // `Iraqi-Syrian`, `Iranian New Year`: each word by itself.
        for at in first..last {
            if let Some(demonym) = self.demonym(text, at, at + 1) {
                spots.push(demonym);
            }
        }
    }

    /// `Iraqi-Syrian`: every part is a demonym.
    fn demonyms_joined(&mut self, text: &Text, first: usize, last: usize, spots: &mut Vec<Spot>) -> bool {
        let parts: Vec<usize> = (first..last).filter(|&at| text.word(at) != "-").collect();
        let found: Vec<Spot> = parts.iter().filter_map(|&at| self.demonym(text, at, at + 1)).collect();
        let all = found.len() == parts.len();
        if all {
            spots.extend(found);
        }
        all
    }

    /// A demonym at exactly these tokens.
    fn demonym(&mut self, text: &Text, first: usize, last: usize) -> Option<Spot> {
        if first >= last || last - first > 3 || !text.tokens[first].capital || !text.tokens[last - 1].capital
        {
            return None;
        }
        let entry = self.known.of(span(text, first, last).of(text.source));
        entry.is_demonym.then(|| spot(text, (first, last), SpotKind::Demonym, &entry.key))
    }

    /// Places in the name of an organisation: that of a body of the place names it too, any other informs.
    fn inside(&mut self, text: &Text, name: &NameSpan, spots: &mut Vec<Spot>) {
        let mut at = name.first.max(spots.last().map_or(0, |spot| spot.last));
        let last = name.last.min(text.tokens.len());
        // `Kansas City` played: the name of a place as a whole names no body of its first half.
        if at < last && self.known.of(span(text, at, last).of(text.source)).is_plain {
            return;
        }
        while at < last {
            let found = self.inner(text, (at, last), name.first);
            at = found.as_ref().map_or(at + 1, |spot| spot.last);
            spots.extend(found);
        }
    }

    /// The place that begins at token `at` of an organisation's name, which ends at `last` and began at `start`.
    fn inner(&mut self, text: &Text, (at, last): (usize, usize), start: usize) -> Option<Spot> {
        if !text.tokens[at].capital {
            return None;
        }
        let opens = at == start || at == start + 1 && text.word(start).eq_ignore_ascii_case("the");
        let body = if opens { body_after(text, at + 1..last) } else { body_before(text, start..at) };
        let most = if self.known.of(text.word(at)).begins_longer { last.min(at + 3) } else { at + 1 };
        for end in (at + 1..=most).rev() {
            // A name that is nothing but a place is the affair of whoever tagged it.
            if end == last && at == start {
                continue;
            }
            let surface = span(text, at, end).of(text.source);
            let entry = self.known.of(surface);
            if entry.is_never && end == at + 1 {
                continue;
            }
            let kind = match body {
                Some(Body::Public) if opens && entry.is_demonym => SpotKind::InnerDemonym,
                Some(body) if self.names_its_place(&entry, (body, opens), surface) => SpotKind::Inner,
                _ if entry.key.len() > 3 && entry.prominence >= PROMINENT / 5 => SpotKind::Silent,
                _ => continue,
            };
            let end = if kind == SpotKind::Inner { self.without_city(text, at, end) } else { end };
            let key = Rc::clone(&self.known.of(span(text, at, end).of(text.source)).key);
            return Some(spot(text, (at, end), kind, &key));
        }
        None
    }

    /// Whether a body of this sort that carries the name of a place tells of that place.
    fn names_its_place(&self, entry: &Entry, (body, opens): (Body, bool), surface: &str) -> bool {
        if entry.is_abbreviation && surface.contains('.') || self.tagged.contains(&entry.key) {
            return true;
        }
        if entry.is_wide && !entry.is_doubtful() {
            return true;
        }
        match body {
            Body::Public => entry.prominence >= INNER_TOWN && !entry.is_common,
            // Jackson Hospital may be called after somebody, the University of Jackson not.
            Body::Any => entry.prominence >= PROMINENT / 5 && !entry.is_common && !(opens && entry.is_given),
        }
    }

    /// `Dublin` of `Dublin City Council`, where the article speaks of Dublin.
    fn without_city(&mut self, text: &Text, first: usize, last: usize) -> usize {
        if last - first < 2 || !text.word(last - 1).eq_ignore_ascii_case("city") {
            return last;
        }
        let longer = self.known.of(span(text, first, last).of(text.source));
        let shorter = self.known.of(span(text, first, last - 1).of(text.source));
        let is_meant = |entry: &Entry| self.tagged.contains(&entry.key);
        if is_meant(&shorter) && !is_meant(&longer) { last - 1 } else { last }
    }

    /// Tokens that the tagger gave to nobody: demonyms, and toponyms that are hardly to be doubted.
    fn between(&mut self, text: &Text, tokens: std::ops::Range<usize>, spots: &mut Vec<Spot>) {
        let mut at = tokens.start.max(spots.last().map_or(0, |spot| spot.last));
        while at < tokens.end {
            let token = &text.tokens[at];
            // An article at the head of a sentence is no part of the name after it.
            if !token.capital || token.kind != TokenKind::Word || text.word(at) == "The" {
                at += 1;
                continue;
            }
            let entry = self.known.of(text.word(at));
            let longer = entry.begins_longer && at + 2 <= tokens.end;
            let spot = longer
                .then(|| self.demonym(text, at, at + 2))
                .flatten()
                .or_else(|| entry.is_demonym.then(|| spot(text, (at, at + 1), SpotKind::Demonym, &entry.key)))
                .or_else(|| self.missed(text, at, tokens.end, &entry));
            at = spot.as_ref().map_or(at + 1, |spot| spot.last);
            spots.extend(spot);
        }
    }

    /// A toponym that begins at token `first`, of which `entry` tells, though the tagger says nothing.
    fn missed(&mut self, text: &Text, first: usize, end: usize, entry: &Entry) -> Option<Spot> {
        if let Some(last) = self.abbreviation_end(text, first, end) {
            return Some(self.untagged(text, first, last));
        }
        let most = end.min(if entry.begins_longer { first + LONGEST } else { first + 1 });
        let reach = (first..most).take_while(|&at| at == first || continues(text, at)).count();
        for last in (first + 1..=first + reach).rev() {
            if !text.tokens[last - 1].capital {
                continue;
            }
            let surface = span(text, first, last).of(text.source);
            let entry = self.known.of(surface);
            if entry.is_toponym(surface) && self.is_believed(text, first, last, &entry) {
                let last = self.widened(text, first, last);
                return Some(self.untagged(text, first, last));
            }
        }
        None
    }

    fn untagged(&mut self, text: &Text, first: usize, last: usize) -> Spot {
        let surface = span(text, first, last).of(text.source);
        let whole = self.known.of(surface);
        let (key, is_part) = self.key_of(&whole, surface, listed_member(text, first, last));
        Spot { is_part, ..spot(text, (first, last), SpotKind::Toponym, &key) }
    }

    /// `W.Va.`, `N.D.`, and `Kan.` after a comma: where the abbreviation of a place that begins here ends.
    fn abbreviation_end(&mut self, text: &Text, first: usize, end: usize) -> Option<usize> {
        // Every abbreviation ends in a full stop, so without one near by there is none.
        if !(first..end.min(first + 4)).any(|at| text.word(at).ends_with('.')) {
            return None;
        }
        let after_place = first > 0 && matches!(text.word(first - 1), "," | "(" | "-");
        (first + 1..=end.min(first + 4)).rev().find(|&last| {
            let surface = span(text, first, last).of(text.source);
            let inner = surface.trim_end_matches('.').contains('.');
            surface.ends_with('.')
                && !surface.contains('\n')
                && (inner || after_place)
                && self.is_abbreviation(surface)
        })
    }

    /// Whether what stands around a name that the tagger missed makes it a place.
    fn is_believed(&mut self, text: &Text, first: usize, last: usize, entry: &Entry) -> bool {
        if entry.key.len() < 2 || entry.is_never {
            return false;
        }
        let stands_alone = !is_name_word(text, first.checked_sub(1)) && !is_name_word(text, Some(last));
        if !stands_alone || self.is_surname(&entry.key) {
            return false;
        }
        if self.is_unknown_body(text, &located(text, first, last), entry) {
            return false;
        }
        if self.tagged.contains(&entry.key)
            || precedes_its_state(text, &located(text, first, last), &mut self.known)
        {
            return true;
        }
        let of_townsmen =
            text.tokens.get(last).is_some_and(|next| !next.capital && words::is_townsman(text.word(last)));
        if is_locative(text, first) || of_townsmen || is_dateline(text, first, last) {
            return entry.prominence >= if entry.is_common { PROMINENT } else { KNOWN_TOWN };
        }
        let opens_sentence = text.sentences.binary_search_by(|sentence| sentence.start.cmp(&first)).is_ok();
        let floor = if opens_sentence { 4 * PROMINENT } else { PROMINENT };
        !entry.is_doubtful() && (entry.is_country || entry.prominence >= floor)
    }
}

/// How closely a body is bound to the place whose name it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    /// It governs or serves the place: a council, a police department, a ministry.
    Public,
    /// It stands there: a school, a hospital, a library.
    Any,
}

/// What sort of body the words after a place say: `Athens | Police Department`. None for papers, banks and clubs.
fn body_after(text: &Text, rest: std::ops::Range<usize>) -> Option<Body> {
    let mut body = None;
    let end = rest.end;
    for at in rest {
        let word = text.word(at);
        // `Manchester City` is a club, `Dublin City Council` a council.
        let names_itself = at + 1 == end && (words::is_generic(word) || word.eq_ignore_ascii_case("city"));
        if words::is_public_body(word) && !names_itself {
            body = Some(Body::Public);
        } else if words::is_seated_body(word) {
            body = body.or(Some(Body::Any));
        } else if words::is_private_body(word) {
            return None;
        }
    }
    body
}

/// The same for the words before it: `University of | Georgia`.
fn body_before(text: &Text, before: std::ops::Range<usize>) -> Option<Body> {
    let of = before.clone().last().filter(|&at| text.word(at).eq_ignore_ascii_case("of"))?;
    body_after(text, before.start..of)
}

/// These tokens as the name of a place.
fn located(text: &Text, first: usize, last: usize) -> NameSpan {
    NameSpan { span: span(text, first, last), first, last, class: NameClass::Location, score: 0.0 }
}

/// A spot that was not tagged, at these tokens.
fn spot(text: &Text, (first, last): (usize, usize), kind: SpotKind, key: &Rc<str>) -> Spot {
    Spot {
        span: span(text, first, last),
        first,
        last,
        kind,
        key: Rc::clone(key),
        is_part: false,
        tagged: false,
        is_street: false,
        group: 0,
    }
}

fn span(text: &Text, first: usize, last: usize) -> Span {
    Span::new(text.tokens[first].start as usize, text.tokens[last - 1].end as usize)
}

/// `TARP`, `IE`: a word of a few capitals in a sentence that has small letters; a village is not written so.
fn is_initials(text: &Text, at: usize) -> bool {
    const LONGEST: usize = 4;
    let word = text.word(at);
    let number = text.sentences.partition_point(|sentence| sentence.end <= at);
    let small = |at: usize| text.tokens[at].kind == TokenKind::Word && !text.tokens[at].capital;
    word.len() <= LONGEST
        && word.chars().all(char::is_uppercase)
        && text.sentences.get(number).is_some_and(|sentence| sentence.clone().any(small))
}

/// `Orchard St.`, `County Road`: the last of several words says that it is a street.
fn is_street(text: &Text, first: usize, last: usize) -> bool {
    let end = if text.word(last - 1) == "." { last - 1 } else { last };
    end > first + 1 && words::is_street(text.word(end - 1))
}

/// Whether token `at` can go on a name: a capital, or a small word or mark inside one.
fn continues(text: &Text, at: usize) -> bool {
    let token: &Token = &text.tokens[at];
    if token.paragraph_start {
        return false;
    }
    token.capital || token.joined && text.word(at) == "-" || words::is_particle(text.word(at))
}

/// Whether a token is a capitalised word, so that a name beside it may only be a part of a longer one.
fn is_name_word(text: &Text, at: Option<usize>) -> bool {
    let Some(at) = at else { return false };
    let Some(token) = text.tokens.get(at) else { return false };
    let opens = text.sentences.binary_search_by(|sentence| sentence.start.cmp(&at)).is_ok();
    token.capital && token.kind == TokenKind::Word && !token.line_start && !opens
}

/// Whether the words before token `first` say that a place follows: `in Rome`, `flew to Rome`.
pub(super) fn is_locative(text: &Text, first: usize) -> bool {
    let mut before = (0..first).rev().map(|at| text.word(at));
    let word = before.next().filter(|word| *word != "the").or_else(|| before.next()).unwrap_or_default();
    words::is_locative(word) || word == "to" && before.next().is_some_and(words::is_motion)
}
