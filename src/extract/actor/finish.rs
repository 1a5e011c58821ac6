//! Names as the news uses them: agencies that only sign are nobody in the news, heads are parted from their firms, a firm
//! that is called like a street is a firm, and a possessive ending that belongs to a listed name is taken in.
//!
//! Takes the spans that [`super::claim()`] has corrected and corrects them for the last time. The tagger is not taught by
//! what happens here.

use rustc_hash::FxHashSet;

use crate::article::{ActorKind, PlaceKind};
use crate::extract::actor::Scene;
use crate::extract::actor::claim::in_capitals;
use crate::extract::actor::firm::{self, Sign};
use crate::extract::actor::kind::{Nation, Words};
use crate::extract::actor::plain::Plain;
use crate::extract::name::{NameClass, NameSpan, lexicon, word};
use crate::language::Language;
use crate::reference::authority::Known;
use crate::reference::gazetteer::{Gazetteer, NameKind};
use crate::span::Span;
use crate::text::token::TokenKind;
use crate::text::{Text, fold, weekday};

/// A firm or a leader is meant by a name rather than a town of fewer people.
const TOWN: u32 = 60_000;
/// A club rather than a village.
const VILLAGE: u32 = 30_000;
/// The initials of a body rather than a city.
const CITY: u32 = 150_000;

/// Finishes the spans of each text.
pub fn finish(texts: &[&Text], names: &mut [Vec<NameSpan>], scene: &Scene<'_>, gazetteer: &Gazetteer) {
    let bodies = bodies(texts, names);
    let firms = firms(texts, names, gazetteer);
    for (text, spans) in texts.iter().zip(names) {
        split_offices(text, spans);
        split_heads(text, spans, scene);
        for at in 0..spans.len() {
            // Behind a name, brackets explain it: "Federal Reserve (Fed) - ".
            let explains = at > 0
                && spans[at - 1].last + 1 == spans[at].first
                && spans[at - 1].class == NameClass::Organisation;
            // `Cisco, Texas`
            let has_parent = spans.get(at + 1).is_some_and(|next| {
                next.class == NameClass::Location
                    && next.first == spans[at].last + 1
                    && text.word(spans[at].last) == ","
            });
            let name = &mut spans[at];
            if !explains && is_agency_of_dateline(text, name) {
                name.class = NameClass::Other;
            } else if name.class == NameClass::Location
                && (is_firm(text, name, scene) || firms.contains(name.span.of(text.source)))
            {
                name.class = NameClass::Organisation;
            } else if name.class == NameClass::Location
                && let Some(class) = listed_class(text, name, has_parent, &bodies, scene, gazetteer)
            {
                name.class = class;
            } else if name.class == NameClass::Organisation {
                take_in_ending(text, name, scene);
                leave_day(text, name, scene);
            }
        }
    }
}

/// "Standard & Poor's" is the name of a firm, "Ford's" is not.
fn take_in_ending(text: &Text, name: &mut NameSpan, scene: &Scene<'_>) {
    let Some(ending) = text.tokens.get(name.last).filter(|token| token.kind == TokenKind::Possessive) else {
        return;
    };
    let span = Span::new(name.span.start, ending.end as usize);
    if scene.lists(span.of(text.source)) && !scene.lists(name.span.of(text.source)) {
        *name = NameSpan { span, last: name.last + 1, ..*name };
    }
}

/// "The Court of Appeals Monday ruled": the day is no part of the name, but it is in "Mail on Sunday".
fn leave_day(text: &Text, name: &mut NameSpan, scene: &Scene<'_>) {
    const FEWEST: usize = 3;
    let before = name.last.saturating_sub(2);
    let last = fold::key(text.word(name.last - 1));
    if name.last - name.first < FEWEST
        || !weekday::full_names(Language::ENGLISH).any(|day| day == last)
        || !text.tokens[before].capital
        || !scene.authority.lookup(name.span.of(text.source)).is_empty()
    {
        return;
    }
    let span = Span::new(name.span.start, text.tokens[before].end as usize);
    *name = NameSpan { span, last: name.last - 1, ..*name };
}

/// An agency in the brackets of a dateline: "PARIS, June 3 (Meridian) - Prices rose". It signs, and is not in the news.
fn is_agency_of_dateline(text: &Text, name: &NameSpan) -> bool {
    const LONGEST_DATELINE: usize = 20;
    let is = |at: usize, marks: &[&str]| at < text.tokens.len() && marks.contains(&text.word(at));
    let dash = name.last + 1;
    let is_in_brackets =
        name.first > 0 && is(name.first - 1, &["(", "[", "/"]) && is(name.last, &[")", "]", "/"]);
    let is_spaced = |at: usize| text.tokens.get(at).is_some_and(|token| !token.joined);
    if !is_in_brackets || !is(dash, &["-", "–", "—", "_", ":"]) || !(is_spaced(dash) || is_spaced(dash + 1))
    {
        return false;
    }
    // From the start of its paragraph on nothing but the place and the day.
    let start = (0..name.first).rev().take(LONGEST_DATELINE).find(|&at| text.tokens[at].paragraph_start);
    start.is_some_and(|start| (start..name.first - 1).all(|at| !is_spaced(at) || is_of_dateline(text, at)))
}

/// Names, numbers and marks; "and" between two places, "de" within one.
fn is_of_dateline(text: &Text, at: usize) -> bool {
    let token = &text.tokens[at];
    token.kind != TokenKind::Word || token.can_name || text.word(at).len() < 4
}

/// "Alan Mulally of Ford" is the head and the firm; "King Abdullah of Jordan" the king and the country.
fn split_heads(text: &Text, spans: &mut Vec<NameSpan>, scene: &Scene<'_>) {
    let mut found = Vec::with_capacity(spans.len());
    for name in spans.drain(..) {
        let of = (name.first + 2..name.last.saturating_sub(1)).find(|&at| text.word(at) == "of");
        let Some(of) = of.filter(|_| name.class == NameClass::Person) else {
            found.push(name);
            continue;
        };
        let part = |first: usize, last: usize, class: NameClass| {
            let span = Span::new(text.tokens[first].start as usize, text.tokens[last - 1].end as usize);
            NameSpan { span, first, last, class, ..name }
        };
        let right = part(of + 1, name.last, NameClass::Organisation);
        let shown = right.span.of(text.source);
        let class = match Words::embedded().nation(shown) {
            Some(Nation::Country) => Some(NameClass::Location),
            _ if scene.lists(shown) => Some(NameClass::Organisation),
            _ => None,
        };
        match class {
            Some(class) => {
                found.extend([part(name.first, of, NameClass::Person), NameSpan { class, ..right }]);
            }
            None => found.push(name),
        }
    }
    *spans = found;
}

/// "State Street": a listed firm of several words that no city is called after.
fn is_firm(text: &Text, name: &NameSpan, scene: &Scene<'_>) -> bool {
    name.last - name.first > 1 && !is_city(text, name, scene) && {
        let listed = scene.authority.lookup(name.span.of(text.source));
        listed.iter().any(|known| known.is_own && known.kind == ActorKind::Company)
    }
}

/// "The Obama administration", "Cisco's routers", "the SEC": what a name is that the tagger takes for a village, where the
/// lists have a leader, a firm, a club or the initials of a body and no word says that something is there; `has_parent`
/// where what it lies in follows.
fn listed_class(
    text: &Text,
    name: &NameSpan,
    has_parent: bool,
    bodies: &FxHashSet<&str>,
    scene: &Scene<'_>,
    gazetteer: &Gazetteer,
) -> Option<NameClass> {
    let shown = name.span.of(text.source);
    let of_now = |known: &Known| scene.year.is_none_or(|year| known.years_away(year) == 0);
    let mut listed = scene.authority.lookup(shown);
    listed.retain(|known| known.is_own && known.kind != ActorKind::Person && of_now(known));
    let is_told = bodies.contains(shown);
    if is_initials(shown) && (is_told || !listed.is_empty()) {
        let is_town = has_parent || most_people(shown, gazetteer)? >= CITY;
        return (!is_town && !in_capitals(text, name.first)).then_some(NameClass::Organisation);
    }
    let is_leader = || {
        scene.year.is_some()
            && scene.authority.leaders(shown).iter().any(|known| known.is_own && of_now(known))
    };
    let is_held = Plain::embedded().is_held_before(text, name.first);
    if listed.is_empty() && !is_leader()
        || (has_parent || is_somewhere(text, name)) && !is_held
        || Words::embedded().nation(shown).is_some()
    {
        return None;
    }
    let town = most_people(shown, gazetteer)?;
    if listed.is_empty() {
        return (town < TOWN).then_some(NameClass::Person);
    }
    let is_told = is_told || is_held || Plain::embedded().is_firm_word(text, name.last);
    let is_larger = |known: &Known| match known.kind {
        ActorKind::Company => town < TOWN,
        _ => known.is_club && town < VILLAGE,
    };
    let is_body = is_told && listed.iter().any(is_larger) && !in_capitals(text, name.first);
    is_body.then_some(NameClass::Organisation)
}

/// "SEC", "BoE".
fn is_initials(shown: &str) -> bool {
    const LONGEST: usize = 6;
    shown.len() <= LONGEST && shown.chars().filter(|c| c.is_uppercase()).count() > 1 && !shown.contains(' ')
}

/// Names of several words that the tagger takes for places, that no place bears, and that the words around make a firm's
/// somewhere in the article: "Circuit City shares fell".
fn firms<'t>(texts: &[&Text<'t>], names: &[Vec<NameSpan>], gazetteer: &Gazetteer) -> FxHashSet<&'t str> {
    let mut firms = FxHashSet::default();
    for (text, names) in texts.iter().zip(names) {
        let places =
            names.iter().filter(|name| name.class == NameClass::Location && name.last - name.first > 1);
        let told = places.filter(|name| firm::sign(text, name.first, name.last) >= Sign::Called);
        let told = told.map(|name| name.span.of(text.source));
        firms.extend(told.filter(|shown| gazetteer.lookup_written(shown).1.is_empty()));
    }
    firms
}

/// The names that the tagger takes for bodies somewhere in the article.
fn bodies<'t>(texts: &[&Text<'t>], names: &[Vec<NameSpan>]) -> FxHashSet<&'t str> {
    let mut bodies = FxHashSet::default();
    for (text, names) in texts.iter().zip(names) {
        let of_text = names.iter().filter(|name| name.class == NameClass::Organisation);
        bodies.extend(of_text.map(|name| name.span.of(text.source)));
    }
    bodies
}

/// How many people live in the largest city that is plainly called so; none where more than a city is.
fn most_people(shown: &str, gazetteer: &Gazetteer) -> Option<u32> {
    let (_, candidates) = gazetteer.lookup_written(shown);
    let plain = candidates.iter().filter(|candidate| candidate.kind == NameKind::Name);
    plain.map(|candidate| candidate.place).try_fold(0, |most, place| {
        (gazetteer.kind(place) == PlaceKind::City).then(|| most.max(gazetteer.population(place)))
    })
}

/// Whether the words around a name say that something is there: `in Nokia`, `EVERTON (AP)`.
fn is_somewhere(text: &Text, name: &NameSpan) -> bool {
    const PLACING: [&str; 8] = ["in", "near", "outside", "around", "throughout", "across", "into", "of"];
    let is_placed = name.first > 0 && PLACING.contains(&text.word(name.first - 1));
    let is_led = text.tokens[name.first].line_start
        && name.last < text.tokens.len()
        && matches!(text.word(name.last), "(" | "-" | "–" | "—");
    is_placed || is_led
}

/// Whether the lexicon knows the words of a name as a city's: El Paso.
fn is_city(text: &Text, name: &NameSpan, scene: &Scene<'_>) -> bool {
    let cities = ["city-million", "city-large", "city-medium"].map(lexicon::class);
    let words = (name.first..name.last).map(|at| word::hash(&word::normal(text.word(at))));
    let classes = words.reduce(lexicon::extend).map_or(0, |sequence| scene.lexicon.phrase(sequence));
    cities.iter().any(|city| classes & city != 0)
}

/// "Ford Chief Executive Alan Mulally" is the firm and its head.
fn split_offices(text: &Text, spans: &mut Vec<NameSpan>) {
    let mut found = Vec::with_capacity(spans.len());
    for name in spans.drain(..) {
        let office = match name.class {
            NameClass::Person => {
                let titles = Plain::embedded().titles_before(text, name.first, name.last);
                Plain::embedded().office_in(text, name.first + titles + 1, name.last)
            }
            _ => None,
        };
        let Some((start, end)) = office else {
            found.push(name);
            continue;
        };
        let part = |first: usize, last: usize, class: NameClass| {
            let span = Span::new(text.tokens[first].start as usize, text.tokens[last - 1].end as usize);
            NameSpan { span, first, last, class, ..name }
        };
        let firm = part(name.first, start, NameClass::Organisation);
        let is_country = Words::embedded().nation(firm.span.of(text.source)) == Some(Nation::Country);
        found.push(NameSpan { class: if is_country { NameClass::Location } else { firm.class }, ..firm });
        found.push(part(end, name.last, NameClass::Person));
    }
    *spans = found;
}
