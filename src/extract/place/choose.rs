//! Choosing: which of the places that a name can stand for is meant, by the evidence of the whole article.
//!
//! Takes the distinct names of an article with their candidates, gives a probability to each. Passes: the first looks
//! at every name alone, the later ones let the names vote for countries, divisions and neighbourhoods. The early passes
//! leave much open, so that five small towns of one state are heard beside five famous namesakes. Never looks at the
//! text.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::home::Home;
use super::weights::{Evidence, FEATURES, Feature, Weights};
use crate::article::PlaceKind;
use crate::reference::gazetteer::{Candidate, Gazetteer, NameKind, PlaceId, Seat};
use crate::text::fold;

/// Candidates of one name that take part: the most prominent, and those that the text itself points to.
const MOST_OPTIONS: usize = 24;
/// Names that vote; league tables hold thousands, and more do not make it clearer.
const MOST_VOTERS: usize = 80;
/// Where a place so many times larger is called so, an alternate name is not meant: a town of West Virginia is no California.
const FAMOUS: u32 = 100;
/// Where a water or range so many times better known is called so, a division is not meant.
const WELL_KNOWN: u32 = 10;
/// Decimal logarithm of the population of a city that is better known than others' alternate names.
const LARGE_CITY: f32 = 5.0;
/// Inhabitants of a city of the world that is no capital, and of one that is the seat of a division.
const WORLD_CITY: u32 = 1_000_000;
const WORLD_SEAT: u32 = 150_000;
/// Decimal logarithm of how many times smaller than its namesake a village is.
const VILLAGE: f32 = 2.0;
/// Mean radius of the earth in kilometres.
const RADIUS: f32 = 6371.0;
/// A candidate below this probability does not vote.
const FAINT: f32 = 0.02;

/// One place that a name can stand for, with the evidence.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) place: PlaceId,
    pub(super) kind: PlaceKind,
    pub(super) evidence: Evidence,
    pub(super) score: f32,
    pub(super) probability: f32,
    country: u32,
    division: u32,
    /// Unit vector from the middle of the earth.
    direction: [f32; 3],
    /// It is a city that stands beside others of the world.
    is_of_the_world: bool,
    /// How much it pulls its neighbours: towns fully, wide areas little.
    pull: f32,
}

/// A distinct name of the article.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// The places it can stand for; the best first once chosen.
    pub(super) choices: Vec<Choice>,
    /// How often it is mentioned; of a silent one, how many words of public life speak for it.
    pub(super) count: u32,
    /// The name is an adjective or the name of a people.
    pub(super) demonym: bool,
    /// Sum of the votes in its favour, told after choosing: nothing supports it if 0.
    pub(super) support: f32,
    /// It stands in somebody's name: it informs, but is no toponym.
    pub(super) silent: bool,
    /// Groups of the same name, longer or shorter: they say nothing of this one that it does not say itself.
    pub(super) kin: Vec<usize>,
}

impl Group {
    /// Opens the group of a name with these candidates.
    pub(super) fn new(candidates: &[Candidate], is_part: bool, gazetteer: &Gazetteer) -> Group {
        let population = |candidate: &&Candidate| gazetteer.population(candidate.place);
        let plain = || candidates.iter().filter(|candidate| candidate.kind == NameKind::Name);
        let names_country = plain().any(|candidate| gazetteer.kind(candidate.place) == PlaceKind::Country);
        let most = plain().map(|candidate| population(&candidate)).max().unwrap_or(0);
        let names_region = plain().any(|candidate| gazetteer.kind(candidate.place) == PlaceKind::WorldRegion);
        let is_kind = |candidate: &Candidate, kind: PlaceKind| gazetteer.kind(candidate.place) == kind;
        let natural = plain().filter(|candidate| is_kind(candidate, PlaceKind::Natural));
        let best_natural = natural.map(|candidate| population(&candidate)).max().unwrap_or(0);
        // Tables hold "Iraq" for Arak in Iran, a quarter of Baltimore is called Middle East, and a state of Sudan Red Sea.
        let is_meant = |candidate: &&Candidate| match candidate.kind {
            NameKind::Alternate => !names_country && most / FAMOUS <= population(candidate),
            _ if is_kind(candidate, PlaceKind::City) => !names_region,
            _ if is_kind(candidate, PlaceKind::Division) => population(candidate) > best_natural / WELL_KNOWN,
            _ => true,
        };
        let options = candidates.iter().filter(is_meant).take(MOST_OPTIONS);
        let mut choices: Vec<Choice> =
            options.map(|candidate| Choice::new(*candidate, is_part, gazetteer)).collect();
        mark_namesakes(&mut choices);
        keep_largest_of_the_world(&mut choices);
        Group { choices, ..Group::default() }
    }

    /// Lowers the places whose names have the `key` of the name that the text has, but are not `written` like it, where
    /// the name of another is.
    pub(super) fn mark_spelling(&mut self, written: &str, key: &str, gazetteer: &Gazetteer) {
        const SLIGHTLY: f32 = 0.2;
        if self.choices.len() < 2 || !key.starts_with("saint ") && !written.contains('-') {
            return;
        }
        let written = fold::key(written);
        let is_so = |choice: &Choice| fold::key(gazetteer.name(choice.place)) == written;
        if self.choices.iter().any(is_so) {
            for choice in self.choices.iter_mut().filter(|choice| !is_so(choice)) {
                choice.mark(Feature::Derived, SLIGHTLY);
            }
        }
    }

    /// An agency names a town alone in its dateline if everybody knows it.
    pub(super) fn mark_standalone(&mut self) {
        let Some(most) = self.most_people() else { return };
        let is_told = |choice: &Choice| {
            choice.evidence[Feature::Explicit as usize] > 0.0 || choice.kind == PlaceKind::Country
        };
        if self.choices.iter().any(is_told) {
            return;
        }
        for choice in self.choices.iter_mut().filter(|choice| choice.is_town() && choice.people() >= most) {
            choice.mark(Feature::Standalone, 1.0);
        }
    }

    /// An agency names the lesser of two towns with what it lies in; quarters lie where the story does.
    pub(super) fn mark_wire(&mut self) {
        let Some(most) = self.most_people() else { return };
        for choice in self.choices.iter_mut().filter(|choice| choice.kind == PlaceKind::City) {
            let is_quarter = choice.evidence[Feature::Section as usize] > 0.0;
            choice.evidence[Feature::Wire as usize] = if is_quarter {
                0.0
            } else if choice.is_plain() {
                (choice.people() - most).min(0.0)
            } else {
                // Who writes for everybody uses no second names.
                -1.0
            };
        }
    }

    /// Decimal logarithm of the population of the largest city that is called so.
    fn most_people(&self) -> Option<f32> {
        let towns = self.choices.iter().filter(|choice| choice.is_town());
        towns.map(Choice::people).max_by(f32::total_cmp)
    }

    /// The chosen place.
    pub(super) fn best(&self) -> Option<&Choice> {
        self.choices.first()
    }
}

impl Choice {
    fn new(candidate: Candidate, is_part: bool, gazetteer: &Gazetteer) -> Choice {
        let place = candidate.place;
        let kind = gazetteer.kind(place);
        let mut evidence = [0.0; FEATURES];
        let mut set = |feature: Feature, value: f32| evidence[feature as usize] = value;
        set(Feature::Population, (gazetteer.population(place).max(100) as f32).log10());
        match kind {
            PlaceKind::Country | PlaceKind::HistoricalCountry => set(Feature::Country, 1.0),
            PlaceKind::Division => set(Feature::Division, 1.0),
            PlaceKind::District => set(Feature::District, 1.0),
            PlaceKind::Continent => set(Feature::Continent, 1.0),
            PlaceKind::WorldRegion => set(Feature::Region, 1.0),
            PlaceKind::Natural => set(Feature::Natural, 1.0),
            PlaceKind::City => {}
        }
        match candidate.kind {
            NameKind::Alternate => set(Feature::Alternate, 1.0),
            NameKind::Derived => set(Feature::Derived, 1.0),
            NameKind::Demonym => set(Feature::Demonym, 1.0),
            NameKind::Abbreviation => set(Feature::Abbreviation, 1.0),
            NameKind::Name | NameKind::Historical | NameKind::Script => {}
        }
        if is_part {
            set(Feature::Derived, 1.0);
        }
        match gazetteer.seat(place) {
            Seat::Capital => set(Feature::Capital, 1.0),
            Seat::Division => set(Feature::DivisionSeat, 1.0),
            Seat::District => set(Feature::DistrictSeat, 1.0),
            Seat::Section => set(Feature::Section, 1.0),
            Seat::None => {}
        }
        let number = |place: Option<PlaceId>| place.map_or(u32::MAX, |place| place.index() as u32);
        Choice {
            place,
            kind,
            evidence,
            score: 0.0,
            probability: 0.0,
            country: number(gazetteer.country(place)),
            division: number(gazetteer.division(place)),
            direction: direction(gazetteer.point(place)),
            is_of_the_world: is_own_name(candidate.kind) && is_of_the_world(place, gazetteer),
            pull: match kind {
                PlaceKind::City | PlaceKind::District => 1.0,
                PlaceKind::Division | PlaceKind::Natural => 0.3,
                _ => 0.0,
            },
        }
    }

    /// Raises the evidence of `feature` to at least `value`.
    pub(super) fn mark(&mut self, feature: Feature, value: f32) {
        let slot = &mut self.evidence[feature as usize];
        *slot = slot.max(value);
    }

    /// The name is its own: neither an alternate nor a part.
    pub(super) fn is_plain(&self) -> bool {
        [Feature::Alternate, Feature::Derived].iter().all(|&feature| self.evidence[feature as usize] == 0.0)
    }

    /// A city that is called so itself.
    fn is_town(&self) -> bool {
        self.kind == PlaceKind::City && self.is_plain()
    }

    /// Decimal logarithm of the population.
    fn people(&self) -> f32 {
        self.evidence[Feature::Population as usize]
    }

    fn weigh(&mut self, weights: &Evidence) {
        self.score = self.evidence.iter().zip(weights).map(|(evidence, weight)| evidence * weight).sum();
    }
}

/// A name of the place itself rather than one of the many that tables hold for it.
fn is_own_name(kind: NameKind) -> bool {
    matches!(kind, NameKind::Name | NameKind::Historical | NameKind::Script)
}

/// Capitals, cities of a million and large seats of divisions are named together all over the world: without their
/// votes for one another Rome, Athens, Lisbon and Geneva would be four villages of Ohio.
fn is_of_the_world(place: PlaceId, gazetteer: &Gazetteer) -> bool {
    let population = gazetteer.population(place);
    gazetteer.kind(place) == PlaceKind::City
        && match gazetteer.seat(place) {
            Seat::Capital => true,
            Seat::Division => population >= WORLD_SEAT,
            _ => population >= WORLD_CITY,
        }
}

/// Of one name only its largest city is a city of the world, and none where the country is called so too: St. Louis is not
/// the seat of a division of Senegal, nor Panama its capital.
fn keep_largest_of_the_world(choices: &mut [Choice]) {
    let names_country = choices.iter().any(|choice| choice.kind == PlaceKind::Country);
    let cities = choices.iter().filter(|choice| choice.kind == PlaceKind::City);
    let most = cities.map(Choice::people).fold(0.0, f32::max);
    for choice in choices.iter_mut() {
        choice.is_of_the_world &= !names_country && choice.people() >= most;
        if names_country {
            choice.evidence[Feature::Capital as usize] = 0.0;
        }
    }
}

/// What a name says less of, since a better known place of the same country is called so.
fn mark_namesakes(choices: &mut [Choice]) {
    mark_capitals_namesakes(choices);
    mark_villages(choices);
    let cities = choices.iter().filter(|choice| choice.is_plain() && choice.people() > LARGE_CITY);
    let cities: Vec<u32> = cities.map(|choice| choice.country).collect();
    // Korolev was called Kaliningrad once.
    for choice in choices.iter_mut().filter(|choice| choice.evidence[Feature::Alternate as usize] > 0.0) {
        if choice.people() < LARGE_CITY && cities.contains(&choice.country) {
            choice.mark(Feature::Alternate, 2.0);
        }
    }
}

/// A division that is called like the capital of its country is named with a word for what it is: Washington state.
fn mark_capitals_namesakes(choices: &mut [Choice]) {
    let is_capital = |choice: &&Choice| choice.evidence[Feature::Capital as usize] > 0.0;
    let Some(country) = choices.iter().find(is_capital).map(|capital| capital.country) else { return };
    for choice in choices.iter_mut().filter(|choice| choice.country == country) {
        if choice.kind == PlaceKind::Division {
            choice.mark(Feature::Namesake, 1.0);
        }
    }
}

/// A village that is called like a division or the capital of its country is named with a word for where it lies: Wales
/// in Yorkshire, Washington in Connecticut.
fn mark_villages(choices: &mut [Choice]) {
    let is_capital = |choice: &Choice| choice.evidence[Feature::Capital as usize] > 0.0;
    let is_better_known =
        |choice: &&Choice| choice.is_plain() && (choice.kind == PlaceKind::Division || is_capital(choice));
    let better: Vec<(u32, f32)> =
        choices.iter().filter(is_better_known).map(|choice| (choice.country, choice.people())).collect();
    for choice in choices.iter_mut().filter(|choice| choice.kind == PlaceKind::City) {
        let is_lesser =
            |&(country, people): &(u32, f32)| country == choice.country && people - VILLAGE > choice.people();
        if better.iter().any(is_lesser) {
            choice.mark(Feature::Namesake, 3.0);
        }
    }
}

/// Scores every candidate of every group, the best first.
pub(super) fn choose(groups: &mut [Group], home: Option<&Home>, weights: &Weights) {
    for group in groups.iter_mut() {
        for choice in &mut group.choices {
            if let Some(home) = home {
                home.speak(choice.direction, choice.country, choice.division, &mut choice.evidence);
            }
            choice.weigh(&weights.first);
        }
        settle(group, weights.first_heat);
    }
    for (pass, &heat) in weights.heats.iter().enumerate() {
        let votes = Votes::cast(groups);
        let is_last = pass + 1 == weights.heats.len();
        // A name with one choice is sure of it in every pass; what speaks for it is asked in the last.
        let asked = groups.iter_mut().enumerate().filter(|(_, group)| is_last || group.choices.len() > 1);
        for (index, group) in asked {
            let own = votes.own(index, &group.kin);
            let is_own = |other: usize| other == index || group.kin.contains(&other);
            for choice in &mut group.choices {
                votes.speak(&own, is_own, choice, weights);
                choice.weigh(&weights.later);
            }
            settle(group, heat);
        }
    }
    for group in groups.iter_mut() {
        group.support = group.best().map_or(0.0, |best| {
            best.evidence[Feature::DivisionVotes as usize]
                + best.evidence[Feature::Nearness as usize]
                + best.evidence[Feature::Explicit as usize]
                + best.evidence[Feature::HomeNearness as usize]
        });
    }
}

/// Turns scores into probabilities, the more even the greater the heat, and puts the best first.
fn settle(group: &mut Group, heat: f32) {
    let top = group.choices.iter().map(|choice| choice.score).fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for choice in &mut group.choices {
        choice.probability = ((choice.score - top) / heat).exp();
        sum += choice.probability;
    }
    for choice in &mut group.choices {
        choice.probability /= sum.max(f32::MIN_POSITIVE);
    }
    group.choices.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.place.cmp(&b.place)));
}

/// What the names of an article say about one another.
struct Votes {
    voters: Vec<Voter>,
    countries: FxHashMap<u32, f32>,
    divisions: FxHashMap<u32, f32>,
    /// For the cities of the world together.
    world: f32,
    total: f32,
    /// What each group gave.
    given: Vec<Own>,
}

struct Voter {
    group: usize,
    direction: [f32; 3],
    /// Weight of the name times probability times pull.
    force: f32,
}

#[derive(Default, Clone)]
struct Own {
    weight: f32,
    countries: Vec<(u32, f32)>,
    divisions: Vec<(u32, f32)>,
    world: f32,
}

impl Votes {
    fn cast(groups: &[Group]) -> Votes {
        let mut order: Vec<usize> =
            (0..groups.len()).filter(|&index| !groups[index].choices.is_empty()).collect();
        if order.len() > MOST_VOTERS {
            order.sort_by_key(|&index| std::cmp::Reverse(groups[index].count));
            order.truncate(MOST_VOTERS);
        }
        let mut votes = Votes {
            voters: Vec::with_capacity(order.len() * 2),
            countries: FxHashMap::default(),
            divisions: FxHashMap::default(),
            world: 0.0,
            total: 0.0,
            given: vec![Own::default(); groups.len()],
        };
        for index in order {
            votes.hear(index, &groups[index]);
        }
        votes
    }

    fn hear(&mut self, index: usize, group: &Group) {
        let weight = if group.silent {
            0.3 + 0.25 * group.count as f32
        } else {
            1.0 + (group.count.max(1) as f32).ln()
        };
        self.total += weight;
        let own = &mut self.given[index];
        own.weight = weight;
        for choice in group.choices.iter().filter(|choice| choice.probability >= FAINT) {
            let vote = weight * choice.probability;
            for (key, table, mine) in [
                (choice.country, &mut self.countries, &mut own.countries),
                (choice.division, &mut self.divisions, &mut own.divisions),
            ] {
                if key != u32::MAX {
                    *table.entry(key).or_default() += vote;
                    mine.push((key, vote));
                }
            }
            if choice.is_of_the_world {
                self.world += vote;
                own.world += vote;
            }
            if choice.pull > 0.0 {
                self.voters.push(Voter {
                    group: index,
                    direction: choice.direction,
                    force: vote * choice.pull,
                });
            }
        }
    }

    /// What group `index` and its kin gave: it is left out of their own account.
    fn own(&self, index: usize, kin: &[usize]) -> Cow<'_, Own> {
        let mut own = Cow::Borrowed(&self.given[index]);
        for given in kin.iter().map(|&kin| &self.given[kin]) {
            let own = own.to_mut();
            own.weight += given.weight;
            own.world += given.world;
            own.countries.extend_from_slice(&given.countries);
            own.divisions.extend_from_slice(&given.divisions);
        }
        own
    }

    /// Sets the evidence that the others give to a choice of a group, which has `own` itself and is or is kin to
    /// those that `is_own` says.
    fn speak(&self, own: &Own, is_own: impl Fn(usize) -> bool, choice: &mut Choice, weights: &Weights) {
        let others = (self.total - own.weight).max(1.0);
        let share = |key: u32, table: &FxHashMap<u32, f32>, mine: &[(u32, f32)]| {
            let all = table.get(&key).copied().unwrap_or(0.0);
            let given: f32 = mine.iter().filter(|(own, _)| *own == key).map(|(_, vote)| vote).sum();
            ((all - given) / others).max(0.0)
        };
        choice.evidence[Feature::CountryVotes as usize] =
            share(choice.country, &self.countries, &own.countries);
        choice.evidence[Feature::DivisionVotes as usize] =
            share(choice.division, &self.divisions, &own.divisions);
        let world = ((self.world - own.world) / others).max(0.0);
        choice.evidence[Feature::WorldVotes as usize] = if choice.is_of_the_world { world } else { 0.0 };
        choice.evidence[Feature::Nearness as usize] = if choice.pull > 0.0 {
            let mut sum = 0.0;
            for voter in &self.voters {
                if !is_own(voter.group) {
                    sum += voter.force * nearness(choice.direction, voter.direction, weights.reach);
                }
            }
            (1.0 + sum).ln()
        } else {
            0.0
        };
    }
}

/// `e^(−distance / reach)`, 0 from five times the reach on.
pub(super) fn nearness(a: [f32; 3], b: [f32; 3], reach: f32) -> f32 {
    let squares = a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
    let limit = 5.0 * reach / RADIUS;
    if squares > limit * limit { 0.0 } else { (-squares.sqrt() * RADIUS / reach).exp() }
}

/// The unit vector that points to a place.
pub(super) fn direction((lat, lon): (f64, f64)) -> [f32; 3] {
    let (lat, lon) = (lat.to_radians(), lon.to_radians());
    [(lat.cos() * lon.cos()) as f32, (lat.cos() * lon.sin()) as f32, lat.sin() as f32]
}
