//! The publisher's home: what a newspaper writes about, learned from its other articles.
//!
//! Local papers do not say which Paris they mean. Takes annotated articles of many publishers, gives what each
//! publisher's places have in common. Never looks at text.

use std::collections::BTreeMap;

use super::choose::{direction, nearness};
use super::weights::{Evidence, Feature};
use crate::article::{Annotations, PlaceKind};
use crate::reference::gazetteer::{Gazetteer, PlaceId};

/// Places of a publisher that are remembered: its most frequent.
const MOST_PLACES: usize = 40;
/// Kilometres at which the pull of a place falls to a third.
const REACH: f32 = 100.0;

/// The homes of all publishers.
#[derive(Debug, Clone, Default)]
pub struct Homes {
    by_source: BTreeMap<String, Home>,
}

/// What one publisher writes about.
#[derive(Debug, Clone, Default)]
pub struct Home {
    /// Directions of places with their share of the publisher's mentions.
    places: Vec<([f32; 3], f32)>,
    /// Shares by number of the country and of the division.
    areas: BTreeMap<u32, f32>,
}

impl Homes {
    /// Learns the homes from articles: publisher and annotations of each.
    pub fn learn<'a>(
        articles: impl IntoIterator<Item = (&'a str, &'a Annotations)>,
        gazetteer: &Gazetteer,
    ) -> Homes {
        let mut counts: BTreeMap<&str, BTreeMap<PlaceId, f32>> = BTreeMap::new();
        for (source, annotations) in articles {
            let count = counts.entry(source).or_default();
            for place in annotations.places().filter(|place| !place.demonym && !place.approximate) {
                if !matches!(place.kind, PlaceKind::City | PlaceKind::District | PlaceKind::Division) {
                    continue;
                }
                let known = place.geonames_id.and_then(|id| gazetteer.by_geonames_id(id));
                if let Some(known) = known.or_else(|| gazetteer.bind(&place.path.join("/")).first().copied())
                {
                    *count.entry(known).or_default() += place.confidence;
                }
            }
        }
        let by_source =
            counts.into_iter().map(|(source, count)| (source.to_owned(), Home::of(count, gazetteer)));
        Homes { by_source: by_source.collect() }
    }

    /// Says that `source` is at home in `place`, as the user's settings may.
    pub fn set(&mut self, source: &str, place: PlaceId, gazetteer: &Gazetteer) {
        self.by_source.insert(source.to_owned(), Home::of(BTreeMap::from([(place, 1.0)]), gazetteer));
    }

    /// The home of `source`.
    pub fn of(&self, source: &str) -> Option<&Home> {
        self.by_source.get(source)
    }
}

impl Home {
    fn of(counts: BTreeMap<PlaceId, f32>, gazetteer: &Gazetteer) -> Home {
        let mut counts: Vec<(PlaceId, f32)> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.total_cmp(&a.1));
        counts.truncate(MOST_PLACES);
        let total: f32 = counts.iter().map(|(_, count)| count).sum::<f32>().max(f32::MIN_POSITIVE);
        let mut home = Home::default();
        for (place, count) in counts {
            let share = count / total;
            home.places.push((direction(gazetteer.point(place)), share));
            for area in [gazetteer.country(place), gazetteer.division(place)].into_iter().flatten() {
                *home.areas.entry(area.index() as u32).or_default() += share;
            }
        }
        home
    }

    /// Adds what the home says of a place in this direction, country and division.
    pub(super) fn speak(&self, towards: [f32; 3], country: u32, division: u32, evidence: &mut Evidence) {
        let share = |area: u32| self.areas.get(&area).copied().unwrap_or(0.0);
        let near = self.places.iter().map(|(place, share)| share * nearness(towards, *place, REACH)).sum();
        evidence[Feature::HomeNearness as usize] = near;
        evidence[Feature::HomeDivision as usize] = share(division);
        evidence[Feature::HomeCountry as usize] = share(country);
    }
}
