//! Binding: what a place typed by a user can mean, whatever form it was typed in.

use super::{Gazetteer, NameKind, PlaceId, name};

impl Gazetteer {
    /// The places that `text` can mean, the most prominent first: a name or alias in any language, `geo/98182`, a path
    /// (`Asia/Iraq/Anbar`, or its end), or a name with what it lies in (`Paris, Texas`). Empty if it means none.
    pub fn bind(&self, text: &str) -> Vec<PlaceId> {
        let text = text.trim();
        if let Some(id) = text.strip_prefix("geo/") {
            return id.parse().ok().and_then(|id| self.by_geonames_id(id)).into_iter().collect();
        }
        if text.contains('/') {
            let found = self.bind_path(text);
            if !found.is_empty() {
                return found;
            }
        }
        let whole = self.named(text);
        if !whole.is_empty() {
            return whole;
        }
        match text.rsplit_once(',') {
            Some((inner, outer)) => self.bind_inside(inner, outer),
            None => Vec::new(),
        }
    }

    /// Whether the first of `bound` is so much better known than the rest that nobody need ask.
    pub fn is_clear(&self, bound: &[PlaceId]) -> bool {
        match bound {
            [] => false,
            [_] => true,
            [first, second, ..] => {
                let population = |place: PlaceId| f64::from(self.population(place).max(100));
                self.contains(*second, *first)
                    || self.contains(*first, *second)
                    || population(*first) >= 8.0 * population(*second)
            }
        }
    }

    /// Places named `text`, or carrying it as their label.
    fn named(&self, text: &str) -> Vec<PlaceId> {
        let (plain, id) = split_id(text);
        let (key, mut candidates) = self.lookup_written(plain);
        if candidates.is_empty() {
            candidates = name::without_generic(&key).map(|short| self.lookup_key(short)).unwrap_or_default();
        }
        // A name before an adjective, a place's own name before what tables also call it.
        candidates.sort_by_key(|candidate| match candidate.kind {
            NameKind::Name | NameKind::Historical | NameKind::Script | NameKind::Abbreviation => 0,
            NameKind::Derived | NameKind::Alternate => 1,
            NameKind::Demonym => 2,
        });
        let mut places: Vec<PlaceId> = Vec::new();
        for candidate in candidates {
            let fits = id.is_none() || self.geonames_id(candidate.place) == id;
            if fits && !places.contains(&candidate.place) {
                places.push(candidate.place);
            }
        }
        places
    }

    fn bind_path(&self, text: &str) -> Vec<PlaceId> {
        let steps: Vec<String> = text.split('/').map(name::key).filter(|step| !step.is_empty()).collect();
        let Some(last) = text.rsplit('/').find(|step| !name::key(step).is_empty()) else { return Vec::new() };
        let mut found: Vec<PlaceId> =
            self.named(last).into_iter().filter(|&place| is_subsequence(&steps, &self.path(place))).collect();
        // A path in full, label by label, means one place.
        if let Some(exact) = found.iter().copied().find(|&place| {
            let path = self.path(place);
            path.len() == steps.len()
                && path.iter().zip(&steps).all(|(label, step)| name::key(label) == *step)
        }) {
            found = vec![exact];
        }
        found
    }

    fn bind_inside(&self, inner: &str, outer: &str) -> Vec<PlaceId> {
        let outer = self.bind(outer);
        self.named(inner)
            .into_iter()
            .filter(|&place| outer.iter().any(|&around| around != place && self.contains(around, place)))
            .collect()
    }
}

/// `Springfield (4250542)` → name and id.
fn split_id(text: &str) -> (&str, Option<u32>) {
    let split = text.trim().strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    match split.and_then(|(plain, id)| Some((plain, id.parse().ok()?))) {
        Some((plain, id)) => (plain, Some(id)),
        None => (text, None),
    }
}

fn is_subsequence(steps: &[String], path: &[&str]) -> bool {
    let mut labels = path.iter();
    steps
        .iter()
        .all(|step| labels.any(|label| name::key(label) == *step || name::key(split_id(label).0) == *step))
}
