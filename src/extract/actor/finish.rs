//! Names as the news uses them: agencies that only sign are nobody in the news, heads are parted from their firms, a firm
//! that is called like a street or a village is a firm, and a possessive ending that belongs to a listed name is taken in.
//!
//! Takes the spans that [`super::claim()`] has corrected and corrects them for the last time. The tagger is not taught by
//! what happens here.

use crate::article::ActorKind;
use crate::extract::actor::Scene;
use crate::extract::actor::kind::{Nation, Words};
use crate::extract::actor::plain::Plain;
use crate::extract::actor::village::Villages;
use crate::extract::name::{NameClass, NameSpan, lexicon, word};
use crate::language::Language;
use crate::reference::gazetteer::Gazetteer;
use crate::span::Span;
use crate::text::token::TokenKind;
use crate::text::{Text, fold, weekday};

/// Finishes the spans of each text.
pub fn finish(texts: &[&Text], names: &mut [Vec<NameSpan>], scene: &Scene<'_>, gazetteer: &Gazetteer) {
    let villages = Villages::new(texts, names, scene, gazetteer);
    for (text, spans) in texts.iter().zip(names) {
        split_offices(text, spans);
        split_heads(text, spans, scene);
        for at in 0..spans.len() {
            // Behind a name, brackets explain it: "Federal Reserve (Fed) - ".
            let explains = at > 0
                && spans[at - 1].last + 1 == spans[at].first
                && spans[at - 1].class == NameClass::Organisation;
            let name = spans[at];
            if !explains && is_agency_of_dateline(text, &name) {
                spans[at].class = NameClass::Other;
            } else if name.class == NameClass::Location && is_firm(text, &name, scene) {
                spans[at].class = NameClass::Organisation;
            } else if let Some(class) = villages.meant(text, spans, at) {
                spans[at].class = class;
            } else if name.class == NameClass::Organisation {
                take_in_ending(text, &mut spans[at], scene);
                leave_day(text, &mut spans[at], scene);
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
