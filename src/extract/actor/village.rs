//! Villages: names that the tagger takes for places and that are somebody in the news, whose namesake is a small town.
//!
//! "The Obama administration" is not in Fukui, "orders at Cisco" were not placed in Texas, and no place is called Circuit
//! City. Takes names of the class of places, gives the class that is meant where the lists of actors, the rest of the
//! article or the words around tell another. Never touches a name that a large city bears.

use rustc_hash::FxHashSet;

use crate::article::{ActorKind, PlaceKind};
use crate::extract::actor::Scene;
use crate::extract::actor::claim::in_capitals;
use crate::extract::actor::firm::{self, Sign};
use crate::extract::actor::kind::Words;
use crate::extract::actor::plain::Plain;
use crate::extract::name::{NameClass, NameSpan};
use crate::reference::authority::Known;
use crate::reference::gazetteer::{Gazetteer, NameKind};
use crate::text::Text;

/// A firm or a leader is meant by a name rather than a town of fewer people.
const TOWN: u32 = 60_000;
/// A club rather than a village.
const VILLAGE: u32 = 30_000;
/// The initials of a body rather than a city.
const CITY: u32 = 150_000;

/// What an article and the lists tell of names that may be villages.
pub(super) struct Villages<'s, 't> {
    /// Names that the tagger takes for bodies somewhere in the article.
    bodies: FxHashSet<&'t str>,
    /// Names of several words that no place bears and that are a firm's somewhere in the article.
    firms: FxHashSet<&'t str>,
    scene: &'s Scene<'s>,
    gazetteer: &'s Gazetteer,
}

impl<'s, 't> Villages<'s, 't> {
    pub(super) fn new(
        texts: &[&Text<'t>],
        names: &[Vec<NameSpan>],
        scene: &'s Scene<'s>,
        gazetteer: &'s Gazetteer,
    ) -> Villages<'s, 't> {
        let (bodies, firms) = (bodies(texts, names), firms(texts, names, gazetteer));
        Villages { bodies, firms, scene, gazetteer }
    }

    /// The class of the name at index `at` of a text, if it is a place to the tagger and no place.
    pub(super) fn meant(&self, text: &Text, spans: &[NameSpan], at: usize) -> Option<NameClass> {
        let name = &spans[at];
        let shown = name.span.of(text.source);
        if name.class != NameClass::Location || Words::embedded().nation(shown).is_some() {
            return None;
        }
        if self.firms.contains(shown) {
            return Some(NameClass::Organisation);
        }
        let listed = self.listed(shown);
        let has_parent = has_parent(text, spans, at);
        if is_initials(shown) {
            return self.initials(
                text,
                name,
                has_parent || listed.is_empty() && !self.bodies.contains(shown),
            );
        }
        let is_held = Plain::embedded().is_held_before(text, name.first);
        if (has_parent || is_somewhere(text, name)) && !is_held {
            return None;
        }
        if listed.is_empty() {
            let is_leader = self.is_leader(shown) && self.most_people(shown)? < TOWN;
            return is_leader.then_some(NameClass::Person);
        }
        let is_told =
            is_held || self.bodies.contains(shown) || Plain::embedded().is_firm_word(text, name.last);
        let town = self.most_people(shown)?;
        let is_larger = |known: &Known| match known.kind {
            ActorKind::Company => town < TOWN,
            _ => known.is_club && town < VILLAGE,
        };
        let is_body = is_told && listed.iter().any(is_larger) && !in_capitals(text, name.first);
        is_body.then_some(NameClass::Organisation)
    }

    /// Initials that the lists or the article know are a body's, unless they are a town's.
    fn initials(&self, text: &Text, name: &NameSpan, is_town: bool) -> Option<NameClass> {
        let is_body =
            !is_town && self.most_people(name.span.of(text.source))? < CITY && !in_capitals(text, name.first);
        is_body.then_some(NameClass::Organisation)
    }

    /// The bodies of this name that the project's own lists have, and that there were when the article was published.
    fn listed(&self, shown: &str) -> Vec<Known> {
        let mut listed = self.scene.authority.lookup(shown);
        listed.retain(|known| known.is_own && known.kind != ActorKind::Person && self.is_of_now(known));
        listed
    }

    /// Whether a leader of that year is called so by the surname alone.
    fn is_leader(&self, shown: &str) -> bool {
        let mut leaders = self.scene.authority.leaders(shown).into_iter();
        self.scene.year.is_some() && leaders.any(|known| known.is_own && self.is_of_now(&known))
    }

    fn is_of_now(&self, known: &Known) -> bool {
        self.scene.year.is_none_or(|year| known.years_away(year) == 0)
    }

    /// How many people live in the largest city that is plainly called so; none where more than a city is.
    fn most_people(&self, shown: &str) -> Option<u32> {
        let gazetteer = self.gazetteer;
        let (_, candidates) = gazetteer.lookup_written(shown);
        let plain = candidates.iter().filter(|candidate| candidate.kind == NameKind::Name);
        plain.map(|candidate| candidate.place).try_fold(0, |most, place| {
            (gazetteer.kind(place) == PlaceKind::City).then(|| most.max(gazetteer.population(place)))
        })
    }
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

/// Initials: "SEC", "`BoE`".
fn is_initials(shown: &str) -> bool {
    const LONGEST: usize = 6;
    shown.len() <= LONGEST && shown.chars().filter(|c| c.is_uppercase()).count() > 1 && !shown.contains(' ')
}

/// `Cisco, Texas`: what it lies in follows.
fn has_parent(text: &Text, spans: &[NameSpan], at: usize) -> bool {
    let name = &spans[at];
    spans.get(at + 1).is_some_and(|next| {
        next.class == NameClass::Location && next.first == name.last + 1 && text.word(name.last) == ","
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
