//! Spots: the stretches of text that may name a place, with the candidates of the gazetteer.
//!
//! Takes the tagger's names and the tokens; takes over its toponyms, finds the demonyms, adds toponyms that it missed
//! where the gazetteer and the words around leave little doubt, and drops those that are clearly something else.
//! Never decides which place is meant.

use rustc_hash::{FxHashMap, FxHashSet};

use super::claim::{is_dateline, precedes_its_state};
use super::words;
use crate::article::PlaceKind;
use crate::extract::name::{NameClass, NameSpan};
use crate::reference::gazetteer::{Candidate, Gazetteer, NameKind, name};
use crate::span::Span;
use crate::text::Text;
use crate::text::token::{Token, TokenKind};

/// No name of a place has more tokens.
const LONGEST: usize = 7;
/// A name that the tagger missed needs a place of so many people, if nothing but its capital speaks for it.
const PROMINENT: u32 = 150_000;

/// A part of an unlisted name is looked at from this population on.
const PART: u32 = 100_000;

/// What a spot is taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpotKind {
    /// Names a place.
    Toponym,
    /// Names a people or is an adjective.
    Demonym,
    /// Stands inside the name of somebody or something else.
    Silent,
}

/// A stretch of text that may name a place.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) span: Span,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) kind: SpotKind,
    /// The key under which it was looked up; equal keys of one kind are one name.
    pub(super) key: String,
    /// The gazetteer knows only a part of it.
    pub(super) is_part: bool,
    /// The tagger is sure that it is a place, even if the gazetteer does not know it.
    pub(super) tagged: bool,
    /// Index of its name among the article's, once they are grouped.
    pub(super) group: usize,
}

/// Candidates by key, filled as names are looked up.
#[derive(Debug, Default)]
pub(super) struct Known(FxHashMap<String, Vec<Candidate>>);

impl Known {
    /// The candidates of `key`.
    pub(super) fn of(&mut self, key: &str, gazetteer: &Gazetteer) -> &[Candidate] {
        if !self.0.contains_key(key) {
            self.0.insert(key.to_owned(), gazetteer.lookup_key(key));
        }
        self.0.get(key).map_or(&[], Vec::as_slice)
    }
}

/// Finds the spots of one article.
pub(super) struct Spotter<'a> {
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) known: Known,
    /// Words of people's names in the article, as keys.
    people: Vec<String>,
    /// Keys of the toponyms that the tagger found: elsewhere in the article they are toponyms too.
    tagged: FxHashSet<String>,
}

impl<'a> Spotter<'a> {
    pub(super) fn new(gazetteer: &'a Gazetteer, texts: &[&Text], names: &[Vec<NameSpan>]) -> Spotter<'a> {
        let mut people = Vec::new();
        for (text, names) in texts.iter().zip(names) {
            for name in
                names.iter().filter(|name| name.class == NameClass::Person && name.last - name.first > 1)
            {
                people.push(name::key(text.word(name.last - 1)));
            }
        }
        people.sort_unstable();
        people.dedup();
        let located = |name: &&NameSpan| name.class == NameClass::Location;
        let keys = texts.iter().zip(names).flat_map(|(text, names)| {
            names.iter().filter(located).map(|name| name::key(name.span.of(text.source)))
        });
        Spotter { gazetteer, known: Known::default(), people, tagged: keys.collect() }
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
        let surface = &text.source[text.tokens[first].start as usize..text.tokens[last - 1].end as usize];
        let whole = name::key(surface);
        if whole.is_empty() || self.is_no_place(text, first, last, &whole) {
            return;
        }
        let (key, is_part) = self.key_of(&whole, surface);
        spots.push(Spot {
            span: span(text, first, last),
            first,
            last,
            kind: SpotKind::Toponym,
            key,
            is_part,
            tagged: true,
            group: 0,
        });
    }

    /// `Madison` before `County`, `N` before `.Y.`: takes in what belongs to the name.
    fn widened(&mut self, text: &Text, first: usize, last: usize) -> usize {
        let Some(next) = text.tokens.get(last) else { return last };
        if next.joined && text.word(last) == "." {
            let surface = &text.source[text.tokens[first].start as usize..text.tokens[last].end as usize];
            let is_short = self.abbreviations(surface).next().is_some();
            return if is_short { last + 1 } else { last };
        }
        if next.capital && !next.line_start && words::is_generic(text.word(last)) {
            let longer = name::key(&text.source[text.tokens[first].start as usize..next.end as usize]);
            if !self.known.of(&longer, self.gazetteer).is_empty() {
                return last + 1;
            }
        }
        last
    }

    /// What `surface` abbreviates, if it is written like an abbreviation.
    fn abbreviations(&mut self, surface: &str) -> impl Iterator<Item = Candidate> + use<'_> {
        let written_so = surface.contains('.') || surface.chars().all(|c| !c.is_lowercase());
        let key = name::key(surface);
        let candidates = self.known.of(&key, self.gazetteer);
        candidates
            .iter()
            .copied()
            .filter(move |candidate| written_so && candidate.kind == NameKind::Abbreviation)
    }

    /// The key under which the gazetteer knows a name, and whether it knows only a part of it.
    fn key_of(&mut self, whole: &str, surface: &str) -> (String, bool) {
        if self.is_toponym(whole, surface) {
            return (whole.to_owned(), false);
        }
        let single = whole.strip_suffix('s').filter(|single| single.len() > 3);
        if let Some(single) = single.filter(|single| self.is_toponym(single, surface)) {
            return (single.to_owned(), false);
        }
        let shorter = name::without_generic(whole).or_else(|| words::without_direction(whole));
        if let Some(shorter) = shorter.filter(|shorter| self.is_toponym(shorter, surface)) {
            return (shorter.to_owned(), false);
        }
        for extended in [format!("{whole} city"), format!("{whole} county")] {
            if self.is_toponym(&extended, surface) {
                return (extended, false);
            }
        }
        match self.longest_part(whole) {
            Some(part) => (part, true),
            None => (whole.to_owned(), false),
        }
    }

    fn is_toponym(&mut self, key: &str, surface: &str) -> bool {
        let short = surface.chars().all(|c| !c.is_lowercase()) || surface.contains('.');
        self.known.of(key, self.gazetteer).iter().any(|candidate| match candidate.kind {
            NameKind::Demonym => false,
            NameKind::Abbreviation => short,
            _ => true,
        })
    }

    /// The longest run of words of `whole` that names a place on its own.
    fn longest_part(&mut self, whole: &str) -> Option<String> {
        let words: Vec<&str> = whole.split(' ').collect();
        for length in (1..words.len()).rev() {
            for start in 0..=words.len() - length {
                let part = words[start..start + length].join(" ");
                if part.len() > 3 && !words::is_generic(&part) && self.prominence(&part) >= PART {
                    return Some(part);
                }
            }
        }
        None
    }

    /// A tagged location that is clearly something else.
    fn is_no_place(&mut self, text: &Text, first: usize, last: usize, key: &str) -> bool {
        let lone = last - first == 1;
        if lone && words::is_never_a_place(key) {
            return true;
        }
        // A surname of the article without a word of place before it is the person.
        lone && self.people.binary_search_by(|known| known.as_str().cmp(key)).is_ok()
            && !is_locative(text, first)
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
        let surface = &text.source[text.tokens[first].start as usize..text.tokens[last - 1].end as usize];
        let key = name::key(surface);
        let candidates = self.known.of(&key, self.gazetteer);
        let people = candidates.iter().any(|candidate| candidate.kind == NameKind::Demonym);
        let named = candidates.iter().any(|candidate| {
            matches!(candidate.kind, NameKind::Name)
                && self.gazetteer.kind(candidate.place) != PlaceKind::City
        });
        (people && !named).then(|| Spot {
            span: span(text, first, last),
            first,
            last,
            kind: SpotKind::Demonym,
            key,
            is_part: false,
            tagged: false,
            group: 0,
        })
    }

    /// A place in the name of an organisation: it informs.
    fn inside(&mut self, text: &Text, name: &NameSpan, spots: &mut Vec<Spot>) {
        let mut at = name.first;
        let last = name.last.min(text.tokens.len());
        while at < last {
            let found = (at + 1..=last.min(at + 3)).rev().find_map(|end| {
                let key = name::key(
                    &text.source[text.tokens[at].start as usize..text.tokens[end - 1].end as usize],
                );
                let known = key.len() > 3
                    && text.tokens[at].capital
                    && !words::is_never_a_place(&key)
                    && self.prominence(&key) >= PROMINENT / 5;
                known.then_some((end, key))
            });
            let Some((end, key)) = found else {
                at += 1;
                continue;
            };
            spots.push(Spot {
                span: span(text, at, end),
                first: at,
                last: end,
                kind: SpotKind::Silent,
                key,
                is_part: false,
                tagged: false,
                group: 0,
            });
            at = end;
        }
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
            let spot = self
                .demonym(text, at, (at + 2).min(tokens.end))
                .or_else(|| self.demonym(text, at, at + 1))
                .or_else(|| self.missed(text, at, tokens.end));
            at = spot.as_ref().map_or(at + 1, |spot| spot.last);
            spots.extend(spot);
        }
    }

    /// A toponym that begins at token `first` though the tagger says nothing.
    fn missed(&mut self, text: &Text, first: usize, end: usize) -> Option<Spot> {
        if let Some(last) = self.abbreviation_end(text, first, end) {
            return Some(self.untagged(text, first, last));
        }
        let most = end.min(first + LONGEST);
        let reach = (first..most).take_while(|&at| at == first || continues(text, at)).count();
        for last in (first + 1..=first + reach).rev() {
            if !text.tokens[last - 1].capital {
                continue;
            }
            let surface = &text.source[text.tokens[first].start as usize..text.tokens[last - 1].end as usize];
            let key = name::key(surface);
            if self.is_toponym(&key, surface) && self.is_believed(text, first, last, &key) {
                let last = self.widened(text, first, last);
                return Some(self.untagged(text, first, last));
            }
        }
        None
    }

    fn untagged(&mut self, text: &Text, first: usize, last: usize) -> Spot {
        let span = span(text, first, last);
        let (key, is_part) = self.key_of(&name::key(span.of(text.source)), span.of(text.source));
        Spot { span, first, last, kind: SpotKind::Toponym, key, is_part, tagged: false, group: 0 }
    }

    /// `W.Va.`, `N.D.`, and `Kan.` after a comma: where the abbreviation of a place that begins here ends.
    fn abbreviation_end(&mut self, text: &Text, first: usize, end: usize) -> Option<usize> {
        let after_place = first > 0 && matches!(text.word(first - 1), "," | "(" | "-");
        (first + 1..=end.min(first + 4)).rev().find(|&last| {
            let surface = span(text, first, last).of(text.source);
            let inner = surface.trim_end_matches('.').contains('.');
            surface.ends_with('.')
                && !surface.contains('\n')
                && (inner || after_place)
                && self.abbreviations(surface).next().is_some()
        })
    }

    /// Whether what stands around a name that the tagger missed makes it a place.
    fn is_believed(&mut self, text: &Text, first: usize, last: usize, key: &str) -> bool {
        if key.len() < 2 || words::is_never_a_place(key) {
            return false;
        }
        let stands_alone = !is_name_word(text, first.checked_sub(1)) && !is_name_word(text, Some(last));
        if !stands_alone || self.people.binary_search_by(|known| known.as_str().cmp(key)).is_ok() {
            return false;
        }
        let name =
            NameSpan { span: span(text, first, last), first, last, class: NameClass::Location, score: 0.0 };
        if precedes_its_state(text, &name, &mut self.known, self.gazetteer) || self.tagged.contains(key) {
            return true;
        }
        let opens_sentence = text.sentences.binary_search_by(|sentence| sentence.start.cmp(&first)).is_ok();
        let prominence = self.prominence(key);
        let of_townsmen =
            text.tokens.get(last).is_some_and(|next| !next.capital && words::is_townsman(text.word(last)));
        if is_locative(text, first) || of_townsmen || is_dateline(text, first, last) {
            return prominence >= 500 && !words::is_common(key);
        }
        let is_country = self.known.of(key, self.gazetteer).iter().any(|candidate| {
            self.gazetteer.kind(candidate.place) == PlaceKind::Country
                && candidate.kind != NameKind::Alternate
        });
        let floor = if opens_sentence { 4 * PROMINENT } else { PROMINENT };
        !words::is_common(key) && !words::is_a_given_name(key) && (is_country || prominence >= floor)
    }

    /// The population of the best known place of a name, 0 if it is only somebody's alternate or abbreviation.
    fn prominence(&mut self, key: &str) -> u32 {
        let gazetteer = self.gazetteer;
        let candidates = self.known.of(key, gazetteer);
        let plain = candidates.iter().filter(|candidate| {
            matches!(candidate.kind, NameKind::Name | NameKind::Historical | NameKind::Script)
        });
        plain.map(|candidate| gazetteer.population(candidate.place)).max().unwrap_or(0)
    }
}

fn span(text: &Text, first: usize, last: usize) -> Span {
    Span::new(text.tokens[first].start as usize, text.tokens[last - 1].end as usize)
}

/// Whether token `at` can go on a name: a capital, or a small word or mark inside one.
fn continues(text: &Text, at: usize) -> bool {
    let token: &Token = &text.tokens[at];
    if token.paragraph_start {
        return false;
    }
    token.capital
        || token.joined && text.word(at) == "-"
        || matches!(text.word(at), "of" | "the" | "and" | "de" | "al")
}

/// Whether a token is a capitalised word, so that a name beside it may only be a part of a longer one.
fn is_name_word(text: &Text, at: Option<usize>) -> bool {
    let Some(at) = at else { return false };
    let Some(token) = text.tokens.get(at) else { return false };
    let opens = text.sentences.binary_search_by(|sentence| sentence.start.cmp(&at)).is_ok();
    token.capital && token.kind == TokenKind::Word && !token.line_start && !opens
}

/// Whether the word before token `first` says that a place follows.
pub(super) fn is_locative(text: &Text, first: usize) -> bool {
    let Some(before) = first.checked_sub(1) else { return false };
    let word = text.word(before);
    let word = if word == "the" && before > 0 { text.word(before - 1) } else { word };
    words::is_locative(word)
}
