//! Places: which stretches of an article name a place, which place each means, and what the article is about.
//!
//! Takes the texts of an article with the tagger's names, gives mentions with coordinates and the path up to the
//! continent. `spot` finds the stretches, `choose` weighs the places that each can stand for by the evidence of the
//! whole article, `home` knows what a publisher writes about. Where nothing is sure it says so: `confidence`,
//! `approximate`, or the country instead of the town. Never reads files.

mod choose;
pub mod claim;
pub mod home;
mod institution;
mod known;
mod spot;
pub mod weights;
mod words;

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::article::{Entity, Mention, Place, PlaceKind};
use crate::extract::Context;
use crate::extract::name::NameSpan;
use crate::reference::gazetteer::{Candidate, Gazetteer, NameKind, PlaceId, name};
use crate::text::Text;

use choose::{Choice, Group};
use home::{Home, Homes};
use spot::{Spot, SpotKind, Spotter};
use weights::{Feature, Weights};

/// An unlisted name takes the region of a town among so many placed names around it, else of any.
const NEIGHBOURS: usize = 12;
/// A neighbour that is itself in doubt is asked only where there is no other.
const SURE_NEIGHBOUR: f32 = 0.5;
/// A city of so many people is meant rather than a state that is long gone.
const LARGE_CITY: u32 = 150_000;
/// A state is in the news for so many years after its end.
const REMEMBERED: i32 = 20;
/// A town that is the only place of its name is believed from this population on, whatever the article speaks of.
const ONLY_TOWN: f32 = 10_000.0;
/// Only the most frequent names can be what an article is about.
const FOCUS_NAMES: usize = 60;

/// Resolves places over one gazetteer.
#[derive(Debug, Clone)]
pub struct Resolver<'g> {
    gazetteer: &'g Gazetteer,
    homes: Option<&'g Homes>,
    weights: Weights,
}

/// Why a name was taken for a place: its candidates, the best first.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// What the name was taken for in the end: a path, or why it was taken for none of the candidates.
    pub verdict: String,
    /// The candidates.
    pub candidates: Vec<Weighed>,
}

/// A candidate with what speaks for it.
#[derive(Debug, Clone)]
pub struct Weighed {
    /// The place.
    pub place: PlaceId,
    /// Its path, joined by `/`.
    pub path: String,
    /// Its `GeoNames` id, where it has one.
    pub geonames_id: Option<u32>,
    /// 0 to 1.
    pub probability: f32,
    /// The sum of the evidence.
    pub score: f32,
    /// Each piece of evidence in words, with what it adds to the score.
    pub evidence: Vec<(&'static str, f32)>,
}

impl<'g> Resolver<'g> {
    /// A resolver with the standard weights that knows no publisher's home.
    pub fn new(gazetteer: &'g Gazetteer) -> Resolver<'g> {
        Resolver { gazetteer, homes: None, weights: Weights::default() }
    }

    /// The same, knowing the publishers' homes.
    #[must_use]
    pub fn with_homes(self, homes: &'g Homes) -> Resolver<'g> {
        Resolver { homes: Some(homes), ..self }
    }

    /// The same with other weights, for measuring.
    #[must_use]
    pub fn with_weights(self, weights: Weights) -> Resolver<'g> {
        Resolver { weights, ..self }
    }

    /// The place mentions of each text, in order.
    pub fn resolve(
        &self,
        texts: &[&Text],
        names: &[Vec<NameSpan>],
        context: &Context<'_>,
    ) -> Vec<Vec<Mention>> {
        let scene = self.scene(texts, names, context);
        scene.mentions(self)
    }

    /// Why `name` was taken for what it was taken for in this article; none if it was not taken for a place.
    pub fn explain(
        &self,
        wanted: &str,
        texts: &[&Text],
        names: &[Vec<NameSpan>],
        context: &Context<'_>,
    ) -> Option<Explanation> {
        let scene = self.scene(texts, names, context);
        let key = name::key(wanted);
        let spot = texts.iter().zip(&scene.spots).find_map(|(text, spots)| {
            spots.iter().find(|spot| *spot.key == *key || name::key(spot.span.of(text.source)) == key)
        })?;
        let group = &scene.groups[spot.group];
        let candidates = group.choices.iter().map(|choice| self.weighed(choice)).collect();
        let path = |place: PlaceId| self.gazetteer.path(place).join("/");
        let verdict = match Verdict::of(group, &scene, self) {
            Verdict::Placed(choice) => path(choice.place),
            Verdict::Country(place, _) => format!("{}, too doubtful for more than the country", path(place)),
            Verdict::Unknown if group.silent => "it stands in somebody's name, and only informs".to_owned(),
            Verdict::Unknown if group.choices.is_empty() => {
                "unknown, so it takes its neighbours' region".to_owned()
            }
            Verdict::Unknown => {
                "nothing in the article supports it, so it takes its neighbours' region".to_owned()
            }
        };
        Some(Explanation { verdict, candidates })
    }

    fn weighed(&self, choice: &Choice) -> Weighed {
        let evidence = Feature::ALL
            .iter()
            .map(|&feature| {
                (feature.describe(), choice.evidence[feature as usize] * self.weights.later[feature as usize])
            })
            .filter(|(_, adds)| adds.abs() > 0.005)
            .collect();
        Weighed {
            place: choice.place,
            geonames_id: self.gazetteer.geonames_id(choice.place),
            path: self.gazetteer.path(choice.place).join("/"),
            probability: choice.probability,
            score: choice.score,
            evidence,
        }
    }

    fn scene(&self, texts: &[&Text], names: &[Vec<NameSpan>], context: &Context<'_>) -> Scene {
        let mut spotter = Spotter::new(self.gazetteer, texts, names);
        let spots: Vec<Vec<Spot>> =
            texts.iter().zip(names).map(|(text, names)| spotter.spots(text, names)).collect();
        let mut scene = Scene { spots, groups: Vec::new() };
        let year = context.published.map(|published| i32::from(published.date.year()));
        scene.group(&mut spotter, year);
        scene.mark_spellings(texts, self.gazetteer);
        scene.open_quarters(&mut spotter);
        scene.hear_institutions(texts, &mut spotter);
        scene.find_kin();
        scene.mark_parents(texts, self.gazetteer);
        scene.mark_datelines(texts);
        choose::choose(&mut scene.groups, self.home(context), &self.weights);
        scene
    }

    fn home(&self, context: &Context<'_>) -> Option<&Home> {
        self.homes?.of(context.article)
    }
}

/// The spots of an article and the distinct names among them.
struct Scene {
    spots: Vec<Vec<Spot>>,
    groups: Vec<Group>,
}

impl Scene {
    /// One group for all mentions of one name.
    fn group(&mut self, spotter: &mut Spotter<'_>, year: Option<i32>) {
        let gazetteer = spotter.known.gazetteer;
        let mut index: FxHashMap<(Rc<str>, bool), usize> = FxHashMap::default();
        for spot in self.spots.iter_mut().flatten() {
            let demonym = spot.kind.is_demonym();
            let silent = spot.kind == SpotKind::Silent;
            let next = self.groups.len();
            spot.group = *index.entry((Rc::clone(&spot.key), demonym)).or_insert(next);
            if spot.group == next {
                let fits = |candidate: &&Candidate| {
                    !spot.is_street && demonym == (candidate.kind == NameKind::Demonym)
                };
                let mut candidates: Vec<Candidate> =
                    spotter.known.of(&spot.key).candidates.iter().filter(fits).copied().collect();
                leave_past(&mut candidates, &spot.key, year, gazetteer);
                let mut group = Group::new(&candidates, spot.is_part, gazetteer);
                (group.demonym, group.silent) = (demonym, true);
                self.groups.push(group);
            }
            let group = &mut self.groups[spot.group];
            group.silent &= silent;
            group.count += u32::from(!silent);
        }
    }

    /// `St. Louis` is rather the city in Missouri than Saint-Louis in Senegal, though tables file them under one key.
    fn mark_spellings(&mut self, texts: &[&Text], gazetteer: &Gazetteer) {
        let mut is_done = vec![false; self.groups.len()];
        for (text, spots) in texts.iter().zip(&self.spots) {
            for spot in spots {
                if !std::mem::replace(&mut is_done[spot.group], true) {
                    let written = spot.span.of(text.source);
                    self.groups[spot.group].mark_spelling(written, &spot.key, gazetteer);
                }
            }
        }
    }

    /// `North Arlington`: beside Arlington it may be the north of it, and no town of another state.
    fn open_quarters(&mut self, spotter: &mut Spotter<'_>) {
        let gazetteer = spotter.known.gazetteer;
        let named = |spots: &[Spot]| -> Vec<(Rc<str>, usize)> {
            let toponyms = spots.iter().filter(|spot| !spot.kind.is_demonym());
            toponyms.map(|spot| (Rc::clone(&spot.key), spot.group)).collect()
        };
        let names: FxHashMap<Rc<str>, usize> = self.spots.iter().flat_map(|spots| named(spots)).collect();
        for (key, &group) in &names {
            let whole = words::without_quarter(key).filter(|whole| names.contains_key(*whole));
            let Some(whole) = whole else { continue };
            let entry = spotter.known.of(whole);
            let is_town = |candidate: &&Candidate| {
                matches!(gazetteer.kind(candidate.place), PlaceKind::City | PlaceKind::District)
                    && candidate.kind == NameKind::Name
            };
            let towns: Vec<Candidate> = entry.candidates.iter().filter(is_town).copied().collect();
            let wholes = Group::new(&towns, true, gazetteer).choices;
            let choices = &mut self.groups[group].choices;
            if !choices.is_empty() {
                choices.extend(wholes);
                // It follows the town; the town does not follow it.
                self.groups[names[whole]].kin.push(group);
            }
        }
    }

    /// Words of public life inform like a name that stands in somebody's name.
    fn hear_institutions(&mut self, texts: &[&Text], spotter: &mut Spotter<'_>) {
        if self.groups.is_empty() {
            return;
        }
        let gazetteer = spotter.known.gazetteer;
        for (country, words) in institution::spoken_for(texts) {
            let is_country = |candidate: &&Candidate| gazetteer.kind(candidate.place) == PlaceKind::Country;
            let entry = spotter.known.of(country);
            let candidates: Vec<Candidate> =
                entry.candidates.iter().filter(is_country).take(1).copied().collect();
            let mut group = Group::new(&candidates, false, gazetteer);
            (group.silent, group.count) = (true, words);
            self.groups.push(group);
        }
    }

    /// `DeKalb` and `DeKalb County`, `Mexico` and `Mexico City`: neither makes the other more likely.
    fn find_kin(&mut self) {
        let spots = self.spots.iter().flatten().filter(|spot| !spot.kind.is_demonym());
        let names: FxHashMap<&str, usize> = spots.map(|spot| (&*spot.key, spot.group)).collect();
        for (longer, &group) in &names {
            let shorter = name::without_generic(longer).and_then(|shorter| names.get(shorter));
            if let Some(&shorter) = shorter.filter(|&&shorter| shorter != group) {
                self.groups[group].kin.push(shorter);
                self.groups[shorter].kin.push(group);
            }
        }
    }

    /// `Paris, Texas` and `Baghdad (Iraq)`: the second name holds the first.
    fn mark_parents(&mut self, texts: &[&Text], gazetteer: &Gazetteer) {
        let mut pairs = Vec::new();
        for (text, spots) in texts.iter().zip(&self.spots) {
            for pair in spots.windows(2) {
                let [inner, outer] = pair else { continue };
                if !outer.kind.is_demonym() && stands_right_after(text, inner, outer) {
                    pairs.push((inner.group, outer.group, outer.span.of(text.source).contains('.')));
                }
            }
        }
        for (inner, outer, is_short) in pairs {
            if inner != outer {
                self.mark_parent(inner, outer, is_short, gazetteer);
            }
        }
    }

    /// `NEW YORK, Feb 26 -`: an article is written in the town, not in the state, and not in a village that needs the state
    /// behind its name: `WASHINGTON, March 2 -`.
    fn mark_datelines(&mut self, texts: &[&Text]) {
        let mut is_wire = false;
        for (text, spots) in texts.iter().zip(&self.spots) {
            for spot in spots.iter().filter(|spot| claim::is_dateline(text, spot.first, spot.last)) {
                let group = &mut self.groups[spot.group];
                let is_none = |choice: &&mut Choice| {
                    matches!(choice.kind, PlaceKind::Division | PlaceKind::District)
                        || choice.evidence[Feature::Namesake as usize] > 0.0
                };
                for choice in group.choices.iter_mut().filter(is_none) {
                    choice.evidence[Feature::Dateline as usize] = 1.0;
                }
                if claim::is_wire_dateline(text, spot.first, spot.last) {
                    is_wire = true;
                    group.mark_standalone();
                }
            }
        }
        if is_wire {
            self.groups.iter_mut().for_each(Group::mark_wire);
        }
    }

    fn mark_parent(&mut self, inner: usize, outer: usize, is_short: bool, gazetteer: &Gazetteer) {
        let around: Vec<PlaceId> = self.groups[outer].choices.iter().map(|choice| choice.place).collect();
        let is_area = |place: PlaceId| gazetteer.kind(place) != PlaceKind::City;
        // `Missouri, Iowa` and `Augusta, New York` may be members of a list: there the pair says less. What is written
        // for short is no member: `Washington, D.C.`.
        let may_be_list = !is_short
            && (self.groups[inner].choices.first().is_some_and(|choice| is_wide(choice.kind))
                || self.groups[outer].choices.first().is_some_and(|choice| !is_wide(choice.kind)));
        let strength = if may_be_list { 0.4 } else { 1.0 };
        let mut holds = vec![false; around.len()];
        for choice in &mut self.groups[inner].choices {
            for (at, &outer) in around.iter().enumerate() {
                if outer != choice.place && is_area(outer) && gazetteer.contains(outer, choice.place) {
                    choice.mark(Feature::Explicit, strength);
                    holds[at] = true;
                }
            }
        }
        if !holds.contains(&true) {
            return;
        }
        for choice in &mut self.groups[inner].choices {
            if choice.evidence[Feature::Explicit as usize] == 0.0 {
                choice.mark(Feature::Contradicted, strength);
            }
        }
        for (choice, holds) in self.groups[outer].choices.iter_mut().zip(holds) {
            if holds {
                choice.mark(Feature::ParentOfOne, strength);
            }
        }
    }

    fn mentions(&self, resolver: &Resolver<'_>) -> Vec<Vec<Mention>> {
        let places: Vec<Verdict> =
            self.groups.iter().map(|group| Verdict::of(group, self, resolver)).collect();
        let focus = self.focus(&places, resolver.gazetteer);
        let shared: Vec<Option<Arc<Place>>> = places
            .iter()
            .zip(&self.groups)
            .zip(&focus)
            .map(|((verdict, group), &focus)| match verdict {
                Verdict::Placed(choice) => Some(Arc::new(Place {
                    demonym: group.demonym,
                    focus,
                    ..described(resolver.gazetteer, choice.place, confidence(group, resolver.gazetteer))
                })),
                Verdict::Country(place, confidence) => Some(Arc::new(Place {
                    demonym: group.demonym,
                    focus,
                    ..described(resolver.gazetteer, *place, *confidence)
                })),
                Verdict::Unknown => None,
            })
            .collect();
        self.spots.iter().map(|spots| self.mentions_of(spots, &shared, resolver.gazetteer)).collect()
    }

    fn mentions_of(
        &self,
        spots: &[Spot],
        shared: &[Option<Arc<Place>>],
        gazetteer: &Gazetteer,
    ) -> Vec<Mention> {
        let mut mentions = Vec::with_capacity(spots.len());
        let mut approximate: FxHashMap<&str, Arc<Place>> = FxHashMap::default();
        for (at, spot) in spots.iter().enumerate() {
            if spot.kind == SpotKind::Silent {
                continue;
            }
            let known = shared[spot.group].clone();
            let place = known.or_else(|| {
                // An unlisted name takes its neighbours' region, the same one all over the text.
                if !spot.tagged {
                    return None;
                }
                if let Some(place) = approximate.get(&*spot.key) {
                    return Some(Arc::clone(place));
                }
                let place = Arc::new(self.neighbours_region(at, spots, shared, gazetteer)?);
                approximate.insert(&spot.key, Arc::clone(&place));
                Some(place)
            });
            if let Some(place) = place {
                mentions.push(Mention { span: spot.span, entity: Entity::Place(place) });
            }
        }
        mentions
    }

    /// The region of the nearest placed mention, at that mention's point.
    fn neighbours_region(
        &self,
        at: usize,
        spots: &[Spot],
        shared: &[Option<Arc<Place>>],
        gazetteer: &Gazetteer,
    ) -> Option<Place> {
        let placed = |index: usize| -> Option<&Choice> {
            let group = &self.groups[spots[index].group];
            let named = shared[spots[index].group].is_some() && !group.demonym;
            group.best().filter(|_| named)
        };
        let local = |choice: &&Choice| {
            matches!(choice.kind, PlaceKind::City | PlaceKind::District | PlaceKind::Division)
        };
        let sure = |choice: &&Choice| choice.probability >= SURE_NEIGHBOUR;
        let outwards = || (1..spots.len()).flat_map(|by| [at.checked_sub(by), Some(at + by)]).flatten();
        let near = || outwards().filter(|&index| index < spots.len()).filter_map(placed);
        let around = || near().take(NEIGHBOURS).filter(local);
        let neighbour = around().find(sure).or_else(|| around().next()).or_else(|| near().next())?.place;
        let region =
            gazetteer.division(neighbour).or_else(|| gazetteer.country(neighbour)).unwrap_or(neighbour);
        let (lat, lon) = gazetteer.point(neighbour);
        Some(Place { lat, lon, approximate: true, ..described(gazetteer, region, 0.3) })
    }

    /// Which names the article is about: in the title, early, often, and not left far behind by others.
    fn focus(&self, places: &[Verdict<'_>], gazetteer: &Gazetteer) -> Vec<bool> {
        let mut weights = vec![0.0f32; self.groups.len()];
        for (text, spots) in self.spots.iter().enumerate() {
            let is_title = text == 0 && self.spots.len() > 1;
            let early = spots.last().map_or(0, |spot| spot.span.end) / 5;
            for spot in spots.iter().filter(|spot| spot.kind != SpotKind::Silent) {
                let weight = if is_title {
                    3.0
                } else if spot.span.start <= early {
                    2.0
                } else {
                    1.0
                };
                weights[spot.group] += if spot.kind.is_demonym() { weight / 2.0 } else { weight };
            }
        }
        // A name speaks for what it lies in as well: Baghdad for Iraq.
        let chosen: Vec<Option<PlaceId>> = places.iter().map(Verdict::place).collect();
        let mut order: Vec<usize> = (0..weights.len()).filter(|&index| chosen[index].is_some()).collect();
        order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]).then(a.cmp(&b)));
        order.truncate(FOCUS_NAMES);
        let mut lifted = weights.clone();
        for (&inner, &outer) in order.iter().flat_map(|inner| order.iter().map(move |outer| (inner, outer))) {
            let pair = chosen[inner].zip(chosen[outer]);
            if inner != outer && pair.is_some_and(|(inner, outer)| gazetteer.contains(outer, inner)) {
                lifted[outer] += 0.5 * weights[inner];
            }
        }
        let most = lifted.iter().copied().fold(0.0, f32::max);
        lifted.iter().map(|&weight| weight >= 2.0 && weight >= 0.5 * most).collect()
    }
}

/// What is said of a name in the end.
enum Verdict<'s> {
    Placed(&'s Choice),
    /// Too doubtful for a place, but the country is sure.
    Country(PlaceId, f32),
    Unknown,
}

impl<'s> Verdict<'s> {
    fn of(group: &'s Group, scene: &Scene, resolver: &Resolver<'_>) -> Verdict<'s> {
        let Some(best) = group.best() else { return Verdict::Unknown };
        if group.silent {
            return Verdict::Unknown;
        }
        let (weights, gazetteer) = (&resolver.weights, resolver.gazetteer);
        let population = gazetteer.population(best.place) as f32;
        let is_town = best.kind == PlaceKind::City;
        let is_crowd = scene.groups.iter().filter(|group| !group.demonym && !group.silent).count() >= 4;
        let unsupported = group.support < 0.05;
        // Nothing else in the world is called Davos.
        let is_only = group.choices.len() == 1 && best.is_plain() && population >= ONLY_TOWN;
        if is_town && population < weights.lone_town && is_crowd && unsupported && !is_only {
            return Verdict::Unknown;
        }
        if let Some(country) = gazetteer.country(best.place).filter(|_| best.probability < weights.floor) {
            let same = |choice: &&Choice| gazetteer.country(choice.place) == Some(country);
            let sure: f32 = group.choices.iter().filter(same).map(|choice| choice.probability).sum();
            if sure >= 0.8 {
                return Verdict::Country(country, sure);
            }
        }
        Verdict::Placed(best)
    }

    fn place(&self) -> Option<PlaceId> {
        match self {
            Verdict::Placed(choice) => Some(choice.place),
            Verdict::Country(place, _) => Some(*place),
            Verdict::Unknown => None,
        }
    }
}

/// How sure the choice is: the probability of all candidates that mean the same spot on the map.
fn confidence(group: &Group, gazetteer: &Gazetteer) -> f32 {
    let Some(best) = group.best() else { return 0.0 };
    let same = |choice: &&Choice| {
        choice.place == best.place
            || gazetteer.contains(choice.place, best.place) && choice.kind != PlaceKind::Country
            || gazetteer.contains(best.place, choice.place) && best.kind != PlaceKind::Country
    };
    group.choices.iter().filter(same).map(|choice| choice.probability).sum::<f32>().min(1.0)
}

/// A place of the gazetteer as annotations hold it.
pub fn described(gazetteer: &Gazetteer, place: PlaceId, confidence: f32) -> Place {
    let (lat, lon) = gazetteer.point(place);
    Place {
        demonym: false,
        kind: gazetteer.kind(place),
        name: gazetteer.name(place).to_owned(),
        path: gazetteer.path(place).into_iter().map(str::to_owned).collect(),
        lat,
        lon,
        geonames_id: gazetteer.geonames_id(place),
        approximate: false,
        confidence,
        focus: false,
    }
}

/// Long after a state is gone a large city that is called so is meant: the Gold Coast is Australian today.
fn leave_past(candidates: &mut Vec<Candidate>, name: &str, year: Option<i32>, gazetteer: &Gazetteer) {
    let is_large = |candidate: &Candidate| {
        candidate.kind == NameKind::Name
            && gazetteer.kind(candidate.place) == PlaceKind::City
            && gazetteer.population(candidate.place) >= LARGE_CITY
    };
    let Some(year) = year.filter(|_| candidates.iter().any(is_large)) else { return };
    let is_past = |candidate: &Candidate| {
        gazetteer.kind(candidate.place) == PlaceKind::HistoricalCountry
            && gazetteer
                .years(name, candidate.place)
                .and_then(|years| years.1)
                .is_some_and(|until| until + REMEMBERED < year)
    };
    candidates.retain(|candidate| !is_past(candidate));
}

/// Countries and first-level divisions.
fn is_wide(kind: PlaceKind) -> bool {
    matches!(kind, PlaceKind::Country | PlaceKind::HistoricalCountry | PlaceKind::Division)
}

/// Whether only a comma or an opening bracket stands between two spots.
fn stands_right_after(text: &Text, inner: &Spot, outer: &Spot) -> bool {
    outer.first == inner.last + 1 && matches!(text.word(inner.last), "," | "(")
}

#[cfg(test)]
mod tests;
