//! Claims: names that the tagger gave to people or organisations, or cut wrongly, and that the gazetteer and the words
//! around show to be places.
//!
//! Takes the tagger's names before anybody has used them and corrects their class and span, so that one decision
//! stands per name. Never adds names where there was none, never resolves them.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::known::{Entry, Known};
use super::spot::is_locative;
use super::words;
use crate::article::PlaceKind;
use crate::extract::name::{NameClass, NameSpan};
use crate::reference::gazetteer::{Gazetteer, NameKind, name};
use crate::span::Span;
use crate::text::Text;
use crate::text::token::TokenKind;

/// A town is known well enough to be claimed after "in" or "of" from this population on.
const KNOWN_TOWN: u32 = 500;

/// From this score on the tagger's organisations stay what they are where only their name speaks for a place: a
/// county's or a city's team.
const SURE_BODY: f32 = 0.6;
/// `al-Qaim`: a name with the Arabic article is that of a town of so many people rather than of a body.
const ARABIC_TOWN: u32 = 10_000;
/// A city of so many people is known by its name of several words, whatever the tagger makes of them.
const CITY: u32 = 150_000;
/// A name that the tagger cut is followed for so many tokens.
const LONGEST_NAME: usize = 6;
/// A list of places is followed for so many tokens.
const LONGEST_LIST: usize = 12;

/// Corrects the names of one article.
pub fn claim(texts: &[&Text], names: &mut [Vec<NameSpan>], gazetteer: &Gazetteer) {
    let mut claims = Claims { known: Known::new(gazetteer), tally: FxHashMap::default() };
    for (text, names) in texts.iter().zip(names.iter_mut()) {
        for name in names.iter_mut() {
            uncouple_party(text, name);
            uncouple_country(text, name);
        }
        claims.join_cut(text, names);
    }
    for (text, names) in texts.iter().zip(names.iter()) {
        claims.count(text, names);
    }
    for (text, names) in texts.iter().zip(names.iter_mut()) {
        for at in 0..names.len() {
            let is_claimed = names[at].class != NameClass::Location
                && (claims.is_place(text, &names[at]) || claims.is_listed(text, names, at));
            if is_claimed {
                names[at].class = NameClass::Location;
            } else if claims.is_people(text, &names[at]) {
                names[at].class = NameClass::Other;
            }
        }
    }
}

/// `R-Charleston`, `D-N.D.`: the constituency of a legislator.
fn uncouple_party(text: &Text, name: &mut NameSpan) {
    let fits = name.last - name.first >= 3
        && matches!(text.word(name.first), "D" | "R" | "I" | "Lib" | "Lab" | "Con")
        && text.word(name.first + 1) == "-";
    if fits {
        name.first += 2;
        name.span = Span::new(text.tokens[name.first].start as usize, name.span.end);
        name.class = NameClass::Location;
    }
}

/// `U.S. Sen. Smith`: the country is no part of the person.
fn uncouple_country(text: &Text, name: &mut NameSpan) {
    let begins = matches!(text.word(name.first), "U.S." | "US" | "UK" | "U.K.");
    if begins && name.class == NameClass::Person && name.last - name.first > 1 {
        name.first += 1;
        name.span = Span::new(text.tokens[name.first].start as usize, name.span.end);
    }
}

struct Claims<'g> {
    known: Known<'g>,
    /// How often a key is tagged, or shown by what stands around it, as a location, a person, an organisation.
    tally: FxHashMap<Rc<str>, [u32; 3]>,
}

impl Claims<'_> {
    /// `Dar es Salaam`: the tagger cuts the names of cities at their small words.
    fn join_cut(&mut self, text: &Text, names: &mut Vec<NameSpan>) {
        let mut at = 0;
        while at < names.len() {
            let name = names[at];
            at += 1;
            let goes_on = text.tokens.get(name.last).is_some_and(|next| {
                !next.capital && !next.paragraph_start && words::is_particle(text.word(name.last))
            });
            if !goes_on {
                continue;
            }
            let most = text.tokens.len().min(name.first + LONGEST_NAME);
            let whole = (name.last + 2..=most).rev().find_map(|last| {
                let span = Span::new(name.span.start, text.tokens[last - 1].end as usize);
                let parts = names[at..].iter().take_while(|next| next.first < last).count();
                let fits = text.tokens[last - 1].capital
                    && names[at..at + parts].iter().all(|next| next.last <= last);
                let is_city = |entry: Rc<Entry>| entry.is_plain && entry.prominence >= CITY;
                (fits && is_city(self.known.of(span.of(text.source)))).then_some((span, last, parts))
            });
            if let Some((span, last, parts)) = whole {
                names.drain(at..at + parts);
                names[at - 1] = NameSpan { span, last, class: NameClass::Location, ..name };
            }
        }
    }

    fn count(&mut self, text: &Text, names: &[NameSpan]) {
        for span in names {
            let column = match span.class {
                NameClass::Location => 0,
                NameClass::Person => 1,
                NameClass::Organisation => 2,
                NameClass::Other => continue,
            };
            let entry = self.known.of(span.span.of(text.source));
            // Where the words around leave no doubt, the tagger has no say.
            // In capitals throughout they do: `CHICAGO AT DETROIT` are two clubs.
            let surface = span.span.of(text.source);
            let in_capitals = surface.len() > 3 && surface.chars().all(|c| !c.is_lowercase());
            let is_shown = column > 0 && !in_capitals && self.stands_as_place(text, span, &entry);
            let column = if is_shown { 0 } else { column };
            self.tally.entry(Rc::clone(&entry.key)).or_default()[column] += 1;
            if column == 1 && span.last - span.first > 1 {
                // The surname alone is the person too.
                let surname = self.known.of(text.word(span.last - 1));
                self.tally.entry(Rc::clone(&surname.key)).or_default()[1] += 2;
            }
        }
    }

    /// `S.Korean`, the adjective of a country by its initial, is nobody else's name; `Sicilian` hardly a body's.
    fn is_people(&mut self, text: &Text, span: &NameSpan) -> bool {
        let surface = span.span.of(text.source);
        let is_doubtful = span.class == NameClass::Organisation && span.score < SURE_BODY;
        (is_doubtful || name::with_its_quarter(surface).is_some()) && self.known.of(surface).is_demonym
    }

    fn is_place(&mut self, text: &Text, span: &NameSpan) -> bool {
        let surface = span.span.of(text.source);
        let entry = self.known.of(surface);
        if entry.key.is_empty() || entry.is_never {
            return false;
        }
        if entry.is_abbreviation && surface.contains('.') || is_ground(text, span) {
            return true;
        }
        if !entry.is_plain {
            return false;
        }
        let [places, people, bodies] = self.tally.get(&entry.key).copied().unwrap_or_default();
        if people > 1 && span.class == NameClass::Person && places < people {
            return false;
        }
        let is_body = span.class == NameClass::Organisation && span.score >= SURE_BODY;
        self.stands_as_place(text, span, &entry)
            || (entry.prominence >= ARABIC_TOWN && words::has_arabic_article(surface))
            || (places > 0 && places >= bodies.max(people) && !is_body)
            || (entry.prominence >= CITY && span.class == NameClass::Other && entry.key.contains(' '))
            || (entry.is_wide
                && (entry.is_country || !is_body)
                && (!entry.is_doubtful() || entry.key.contains(' ')))
    }

    /// `Bantam, Litchfield, Winsted and Torrington`: between two places of a list stands a third.
    fn is_listed(&mut self, text: &Text, names: &[NameSpan], at: usize) -> bool {
        let (Some(before), Some(after)) = (at.checked_sub(1).map(|at| &names[at]), names.get(at + 1)) else {
            return false;
        };
        let name = &names[at];
        let are_places = before.class == NameClass::Location && after.class == NameClass::Location;
        let joins = |gap: usize| {
            matches!(text.tokens.get(gap).map(|_| text.word(gap)), Some("," | "and" | ";"))
                && !text.tokens[gap].line_start
        };
        if !are_places || before.last + 1 != name.first || name.last + 1 != after.first {
            return false;
        }
        let entry = self.known.of(name.span.of(text.source));
        let is_town = entry.prominence >= KNOWN_TOWN && !entry.is_doubtful() && !entry.is_never;
        is_town && joins(before.last) && joins(name.last)
    }

    /// Whether the words around a name make it a place, whoever else bears it.
    fn stands_as_place(&mut self, text: &Text, span: &NameSpan, entry: &Entry) -> bool {
        if entry.is_never {
            return false;
        }
        if is_ground(text, span) {
            return true;
        }
        if !entry.is_plain {
            return false;
        }
        let locative = || {
            is_locative(text, span.first)
                || of_a_town(text, span.first)
                || is_dateline(text, span.first, span.last)
        };
        let next = next_word(text, span.last);
        (entry.prominence >= KNOWN_TOWN && !entry.is_common && locative())
            || (!entry.is_doubtful() && words::is_townsman(next))
            || listed_generic(text, span.last).is_some()
            || precedes_its_state(text, span, &mut self.known)
    }
}

/// `Darby Street`, `Dolly Sods Wilderness`: the last of several words says that it is a piece of ground. Where the tagger
/// sees a person, somebody called Lake or Street, it needs a word of place or a number before it too.
fn is_ground(text: &Text, name: &NameSpan) -> bool {
    // The full stop of `Hungerford St.` may belong to the name.
    let last = (name.first..name.last.min(text.tokens.len())).rev().find(|&at| text.word(at) != ".");
    let ends_so = last.is_some_and(|last| {
        last > name.first && text.tokens[last].capital && words::is_ground(text.word(last))
    });
    let is_led = || {
        let before = name.first.checked_sub(1).map(|at| (text.word(at), text.tokens[at].kind));
        is_locative(text, name.first)
            || before.is_some_and(|(word, kind)| {
                kind == TokenKind::Number || matches!(word, "on" | "along" | "off" | "down" | "up" | "onto")
            })
    };
    is_county(text, name.last) || ends_so && (name.class != NameClass::Person || is_led())
}

/// `Jackson county`: the word behind a name, written small, says that it is a piece of a country.
pub(super) fn is_county(text: &Text, last: usize) -> bool {
    matches!(next_word(text, last), "county" | "township") && text.tokens[last - 1].capital
}

/// `Jackson, Barrow and Madison counties`: what a list that begins behind a name says of its members, in the singular.
pub(super) fn listed_generic(text: &Text, after: usize) -> Option<&'static str> {
    for at in after..text.tokens.len().min(after + LONGEST_LIST) {
        if text.tokens[at].paragraph_start {
            return None;
        }
        let word = text.word(at);
        if let Some(generic) = words::singular_generic(word) {
            return Some(generic);
        }
        let goes_on = text.tokens[at].capital || word == "," || word == "and" || word == "or";
        // The list has to begin right behind the name.
        if !goes_on || at == after && text.tokens[at].capital {
            return None;
        }
    }
    None
}

/// What the list that a name is a member of says of it: `Jackson` is a county in `Jackson, Barrow and Madison counties`,
/// `Georgia` is none in `Georgia counties`.
pub(super) fn listed_member(text: &Text, first: usize, last: usize) -> Option<&'static str> {
    let is_joint = |at: usize| matches!(text.word(at), "," | "and" | "or");
    let is_member = last < text.tokens.len() && is_joint(last) || first > 0 && is_joint(first - 1);
    listed_generic(text, last).filter(|_| is_member)
}

/// `19, of Lebanon,` and `residents of Henderson`: what follows is where they live.
fn of_a_town(text: &Text, first: usize) -> bool {
    if first < 2 || !text.word(first - 1).eq_ignore_ascii_case("of") {
        return false;
    }
    let before = text.word(first - 2);
    before == "," || before == "both" || words::is_townsman(before) || words::is_settlement(before)
}

/// `HUDSON --`, `BANTAM (AP)` and `NEW YORK, Feb 26 -` at the beginning of a line or sentence, in capitals.
pub(super) fn is_dateline(text: &Text, first: usize, last: usize) -> bool {
    let in_capitals = || (first..last).all(|at| text.word(at).chars().all(|c| !c.is_lowercase()));
    let opens = || {
        text.tokens[first].line_start
            || text.sentences.binary_search_by(|sentence| sentence.start.cmp(&first)).is_ok()
    };
    let is_end = |at: usize| matches!(next_word(text, at), "-" | "–" | "—" | "(");
    // A day may stand between: a comma, the month, its full stop, the number.
    let after_day = || {
        next_word(text, last) == ","
            && (last + 2..text.tokens.len().min(last + 5))
                .any(|at| text.tokens[at].kind == TokenKind::Number && is_end(at + 1))
    };
    (is_end(last) || after_day()) && in_capitals() && opens()
}

/// `GENEVA (Meridian) -`, `GENEVA, Feb 26 -`: the dateline of an agency, which writes for readers everywhere; papers write
/// `HUDSON --`.
pub(super) fn is_wire_dateline(text: &Text, first: usize, last: usize) -> bool {
    matches!(next_word(text, last), "(" | ",") && is_dateline(text, first, last)
}

fn next_word<'t>(text: &Text<'t>, at: usize) -> &'t str {
    if at < text.tokens.len() && !text.tokens[at].paragraph_start { text.word(at) } else { "" }
}

/// `Surprise, Ariz.`: a division follows after a comma.
pub(super) fn precedes_its_state(text: &Text, span: &NameSpan, known: &mut Known<'_>) -> bool {
    let last = span.last;
    if text.tokens.len() <= last + 1 || text.word(last) != "," || !text.tokens[last + 1].capital {
        return false;
    }
    let most = if known.of(text.word(last + 1)).begins_longer { last + 5 } else { last + 3 };
    (last + 2..=most.min(text.tokens.len())).rev().any(|end| {
        let surface = &text.source[text.tokens[last + 1].start as usize..text.tokens[end - 1].end as usize];
        let written_short =
            surface.contains('.') || surface.len() == 2 && surface.chars().all(char::is_uppercase);
        let gazetteer = known.gazetteer;
        known.of(surface).candidates.iter().any(|candidate| {
            let kind = gazetteer.kind(candidate.place);
            match candidate.kind {
                NameKind::Abbreviation => written_short && kind == PlaceKind::Division,
                NameKind::Name => matches!(kind, PlaceKind::Division | PlaceKind::Country),
                _ => false,
            }
        })
    })
}
