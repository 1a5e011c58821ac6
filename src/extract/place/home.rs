//! The publisher's home: what a newspaper writes about, learned from its other articles or given by the user.
//!
//! Local papers do not say which Paris they mean. [`Beats`] counts the places of annotated articles by publisher,
//! [`Homes`] is what they have in common. Counting is a sum, so the order of the articles is of no account. Never looks
//! at text.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::choose::{direction, nearness};
use super::weights::{Evidence, Feature};
use crate::article::{Annotations, Article, PlaceKind};
use crate::error::{Error, Result};
use crate::reference::gazetteer::{Gazetteer, PlaceId};

/// Places of a publisher that are remembered: its most frequent.
const MOST_PLACES: usize = 40;
/// A publisher of fewer articles has no home yet.
const FEWEST_ARTICLES: u32 = 3;
/// Kilometres at which the pull of a place falls to a third.
const REACH: f32 = 100.0;

/// What publishers wrote about so far: counts that are kept and added to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Beats {
    by_publisher: BTreeMap<String, Beat>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Beat {
    articles: u32,
    /// Hundredths of a mention by path.
    places: BTreeMap<String, u32>,
}

impl Beats {
    /// Counts the places of an article.
    pub fn add(&mut self, article: &Article, annotations: &Annotations) {
        let Some(publisher) = publisher(article) else { return };
        let beat = match self.by_publisher.get_mut(publisher) {
            Some(beat) => beat,
            None => self.by_publisher.entry(publisher.to_owned()).or_default(),
        };
        beat.articles += 1;
        for place in annotations.places().filter(|place| !place.demonym && !place.approximate) {
            if matches!(place.kind, PlaceKind::City | PlaceKind::District | PlaceKind::Division) {
                let count = beat.places.entry(place.path.join("/")).or_default();
                *count = count.saturating_add((place.confidence * 100.0) as u32);
            }
        }
    }
}

impl Beat {
    fn home(&self, gazetteer: &Gazetteer) -> Home {
        let mut counts: Vec<(&String, &u32)> = self.places.iter().collect();
        counts.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        counts.truncate(MOST_PLACES);
        let place = |path: &String| gazetteer.bind(path).first().copied();
        let placed = counts.into_iter().filter_map(|(path, count)| Some((place(path)?, *count as f32)));
        Home { articles: self.articles, ..Home::of(&placed.collect::<Vec<_>>(), gazetteer) }
    }
}

/// The publisher of an article: its source, else the site that it is from.
pub fn publisher(article: &Article) -> Option<&str> {
    let site = || {
        let (_, rest) = article.url.as_deref()?.split_once("://")?;
        let host = rest.split(['/', '?', '#', ':']).next()?;
        Some(host.strip_prefix("www.").unwrap_or(host)).filter(|host| !host.is_empty())
    };
    article.source.as_deref().or_else(site)
}

/// The homes of all publishers, cheap to copy.
#[derive(Debug, Clone, Default)]
pub struct Homes {
    by_publisher: BTreeMap<String, Arc<Home>>,
}

/// What one publisher writes about.
#[derive(Debug, Clone, Default)]
pub struct Home {
    /// Of how many articles it was learned; `u32::MAX` if it was given.
    articles: u32,
    /// Directions of places with their share of the publisher's mentions.
    places: Vec<([f32; 3], f32)>,
    /// Shares by number of the country and of the division.
    areas: BTreeMap<u32, f32>,
}

impl Homes {
    /// Says that publishers are at home in these places, as the user's settings may: a name or path for each.
    ///
    /// # Errors
    /// [`Error::Usage`] for a place that the gazetteer does not know.
    pub fn given(given: &BTreeMap<String, String>, gazetteer: &Gazetteer) -> Result<Homes> {
        let mut homes = Homes::default();
        for (publisher, name) in given {
            let Some(&place) = gazetteer.bind(name).first() else {
                return Err(Error::Usage(format!(
                    "the home of `{publisher}` is unknown: no place is called `{name}`\nhint: `dateline places find` shows which there are"
                )));
            };
            let home = Home { articles: u32::MAX, ..Home::of(&[(place, 1.0)], gazetteer) };
            homes.by_publisher.insert(publisher.clone(), Arc::new(home));
        }
        Ok(homes)
    }

    /// Learns the homes of publishers that wrote enough, anew once they have written twice as much. Given homes stay.
    pub fn learn(&mut self, beats: &Beats, gazetteer: &Gazetteer) {
        for (publisher, beat) in &beats.by_publisher {
            let known = self.by_publisher.get(publisher).map_or(0, |home| home.articles);
            if beat.articles >= FEWEST_ARTICLES.max(known.saturating_mul(2)) {
                self.by_publisher.insert(publisher.clone(), Arc::new(beat.home(gazetteer)));
            }
        }
    }

    /// Whether the publisher of this name has a home.
    pub fn knows(&self, publisher: &str) -> bool {
        self.by_publisher.contains_key(publisher)
    }

    /// The home of the publisher of `article`.
    pub fn of(&self, article: &Article) -> Option<&Home> {
        self.by_publisher.get(publisher(article)?).map(Arc::as_ref)
    }
}

impl Home {
    fn of(counts: &[(PlaceId, f32)], gazetteer: &Gazetteer) -> Home {
        let total: f32 = counts.iter().map(|(_, count)| count).sum::<f32>().max(f32::MIN_POSITIVE);
        let mut home = Home::default();
        for &(place, count) in counts {
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
