//! Scores of predicted against gold mentions: span F1 of names, recognition and resolution of toponyms, strict, relaxed
//! and value F1 of dates.
//!
//! The definitions are those of the field: CoNLL span F1 for names, 161 km for places, TempEval-3 for dates. Percent,
//! one decimal.

use serde::Serialize;

use crate::eval::gold::GoldMention;

/// How far a toponym may be off and still count: 100 miles, as the literature has it.
const NEAR_KM: f64 = 161.0;
/// Mean diameter of the Earth.
const EARTH_KM: f64 = 12_742.0;

/// Gold and predicted mentions of one text.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    /// What is there.
    pub gold: Vec<GoldMention>,
    /// What was found.
    pub predicted: Vec<GoldMention>,
}

/// All scores.
#[derive(Debug, Clone, Serialize)]
pub struct Scores {
    /// Persons, organisations and locations by span.
    pub names: Names,
    /// Actors by canonical name and kind, once per article.
    pub actors: Prf,
    /// Toponyms.
    pub places: Places,
    /// TIMEX3 expressions.
    pub dates: Dates,
}

/// Precision, recall and F1 in percent, with what they rest on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Prf {
    /// Precision.
    pub p: f64,
    /// Recall.
    pub r: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// Mentions in gold.
    pub gold: usize,
    /// Mentions predicted.
    pub predicted: usize,
}

/// Span scores of one class of names, with the F1 of spans that only overlap.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct NameScore {
    /// Exact spans.
    #[serde(flatten)]
    pub exact: Prf,
    /// F1 when sharing a character is enough.
    pub overlap_f1: f64,
}

/// Span scores of names.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Names {
    /// Persons.
    #[serde(rename = "PER")]
    pub person: NameScore,
    /// Organisations.
    #[serde(rename = "ORG")]
    pub organisation: NameScore,
    /// Locations.
    #[serde(rename = "LOC")]
    pub location: NameScore,
    /// All three.
    pub any: NameScore,
}

/// Recognition and resolution of toponyms.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Places {
    /// Overlapping spans.
    pub recognition: Prf,
    /// Percent of the found toponyms with gold coordinates that lie within 161 km.
    pub acc161_of_found: f64,
    /// Percent of all gold toponyms with coordinates that were found and lie within 161 km.
    pub acc161_of_all: f64,
    /// How many gold toponyms have coordinates.
    pub located_gold: usize,
}

/// Spans and values of dates.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Dates {
    /// Exact spans.
    pub strict: Prf,
    /// Overlapping spans.
    pub relaxed: Prf,
    /// Overlapping spans with the same value.
    pub value: Prf,
}

/// Scores texts against gold.
pub fn scores(pairs: &[Pair]) -> Scores {
    Scores { names: names(pairs), actors: actors(pairs), places: places(pairs), dates: dates(pairs) }
}

fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { (1000.0 * part as f64 / whole as f64).round() / 10.0 }
}

pub(super) fn prf(right: usize, predicted: usize, gold: usize) -> Prf {
    let f1 = percent(2 * right, predicted + gold);
    Prf { p: percent(right, predicted), r: percent(right, gold), f1, gold, predicted }
}

fn name_class(mention: &GoldMention) -> Option<&'static str> {
    match mention.kind_of.as_str() {
        "actor" if mention.kind.as_deref() == Some("person") => Some("PER"),
        "place" => (!mention.demonym).then_some("LOC"),
        "PER" => Some("PER"),
        "actor" | "ORG" => Some("ORG"),
        "LOC" => Some("LOC"),
        _ => None,
    }
}

fn names(pairs: &[Pair]) -> Names {
    let of = |classes: &[&str]| name_score(pairs, classes);
    Names {
        person: of(&["PER"]),
        organisation: of(&["ORG"]),
        location: of(&["LOC"]),
        any: of(&["PER", "ORG", "LOC"]),
    }
}

fn name_score(pairs: &[Pair], classes: &[&str]) -> NameScore {
    let (mut exact, mut overlap, mut predicted, mut gold) = (0, 0, 0, 0);
    for pair in pairs {
        for class in classes {
            let of_class = |mentions: &[GoldMention]| -> Vec<(usize, usize)> {
                let found = mentions.iter().filter(|mention| name_class(mention) == Some(*class));
                let mut spans: Vec<(usize, usize)> =
                    found.map(|mention| (mention.start, mention.end)).collect();
                spans.sort_unstable();
                spans.dedup();
                spans
            };
            let (gold_spans, predicted_spans) = (of_class(&pair.gold), of_class(&pair.predicted));
            exact += gold_spans.iter().filter(|span| predicted_spans.binary_search(span).is_ok()).count();
            overlap += overlapping(&gold_spans, &predicted_spans).len();
            predicted += predicted_spans.len();
            gold += gold_spans.len();
        }
    }
    NameScore { exact: prf(exact, predicted, gold), overlap_f1: prf(overlap, predicted, gold).f1 }
}

/// One-to-one matches between spans that share a character, leftmost first, as index pairs.
fn overlapping(gold: &[(usize, usize)], predicted: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut used = vec![false; predicted.len()];
    let mut pairs = Vec::new();
    for (at, wanted) in gold.iter().enumerate() {
        let meets = |span: &(usize, usize)| span.0 < wanted.1 && wanted.0 < span.1;
        let free = predicted.iter().enumerate().find(|(found, span)| !used[*found] && meets(span));
        if let Some((found, _)) = free {
            used[found] = true;
            pairs.push((at, found));
        }
    }
    pairs
}

/// Actors count once per text, by kind and by name without regard to case, apostrophes and hyphens.
fn actors(pairs: &[Pair]) -> Prf {
    let (mut right, mut predicted, mut gold) = (0, 0, 0);
    for pair in pairs {
        let named = |mentions: &[GoldMention]| -> std::collections::BTreeSet<(String, String)> {
            let actors = mentions.iter().filter(|mention| mention.kind_of == "actor");
            let key = |mention: &GoldMention| {
                let name = mention.name.as_deref().unwrap_or("");
                (mention.kind.clone().unwrap_or_default(), crate::text::fold::key(name))
            };
            actors.map(key).collect()
        };
        let (wanted, found) = (named(&pair.gold), named(&pair.predicted));
        right += wanted.intersection(&found).count();
        predicted += found.len();
        gold += wanted.len();
    }
    prf(right, predicted, gold)
}

fn of_type(mentions: &[GoldMention], kind_of: &str) -> Vec<GoldMention> {
    let mut found: Vec<GoldMention> =
        mentions.iter().filter(|mention| mention.kind_of == kind_of).cloned().collect();
    found.sort_by_key(|mention| mention.start);
    found
}

fn spans(mentions: &[GoldMention]) -> Vec<(usize, usize)> {
    mentions.iter().map(|mention| (mention.start, mention.end)).collect()
}

fn places(pairs: &[Pair]) -> Places {
    let (mut right, mut predicted_all, mut gold_all) = (0, 0, 0);
    let (mut located, mut located_found, mut near) = (0, 0, 0);
    for pair in pairs {
        let gold = of_type(&pair.gold, "place");
        let predicted = without_unasked_demonyms(&gold, of_type(&pair.predicted, "place"));
        let matches = overlapping(&spans(&gold), &spans(&predicted));
        right += matches.len();
        predicted_all += predicted.len();
        gold_all += gold.len();
        located += gold.iter().filter(|mention| mention.lat.is_some()).count();
        for (wanted, found) in matches {
            let (Some(lat), Some(lon)) = (gold[wanted].lat, gold[wanted].lon) else { continue };
            located_found += 1;
            let found = &predicted[found];
            near +=
                usize::from(found.lat.zip(found.lon).is_some_and(|point| km((lat, lon), point) <= NEAR_KM));
        }
    }
    Places {
        recognition: prf(right, predicted_all, gold_all),
        acc161_of_found: percent(near, located_found),
        acc161_of_all: percent(near, located),
        located_gold: located,
    }
}

/// Sets differ on whether demonyms are toponyms: one counts only where gold has it too.
fn without_unasked_demonyms(gold: &[GoldMention], predicted: Vec<GoldMention>) -> Vec<GoldMention> {
    let demonyms: Vec<(usize, usize)> = predicted
        .iter()
        .filter(|mention| mention.demonym)
        .map(|mention| (mention.start, mention.end))
        .collect();
    let asked: Vec<(usize, usize)> =
        overlapping(&spans(gold), &demonyms).into_iter().map(|(_, found)| demonyms[found]).collect();
    predicted
        .into_iter()
        .filter(|mention| !mention.demonym || asked.contains(&(mention.start, mention.end)))
        .collect()
}

/// Great-circle distance in kilometres between two points in degrees.
pub fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let chord = half(b.0 - a.0) + lat_a.cos() * lat_b.cos() * half(b.1 - a.1);
    EARTH_KM * chord.min(1.0).sqrt().asin()
}

fn dates(pairs: &[Pair]) -> Dates {
    let (mut strict, mut relaxed, mut value, mut predicted_all, mut gold_all) = (0, 0, 0, 0, 0);
    for pair in pairs {
        let (gold, predicted) = (of_type(&pair.gold, "date"), of_type(&pair.predicted, "date"));
        let (gold_spans, predicted_spans) = (spans(&gold), spans(&predicted));
        strict += gold_spans.iter().filter(|span| predicted_spans.contains(span)).count();
        for (wanted, found) in overlapping(&gold_spans, &predicted_spans) {
            relaxed += 1;
            let wanted = gold[wanted].value.as_deref().unwrap_or("");
            value += usize::from(!wanted.is_empty() && predicted[found].value.as_deref() == Some(wanted));
        }
        predicted_all += predicted.len();
        gold_all += gold.len();
    }
    let of = |right| prf(right, predicted_all, gold_all);
    Dates { strict: of(strict), relaxed: of(relaxed), value: of(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention(start: usize, end: usize, kind_of: &str, detail: &str) -> GoldMention {
        let mut mention = GoldMention { start, end, kind_of: kind_of.into(), ..GoldMention::default() };
        match kind_of {
            "date" => mention.value = Some(detail.into()),
            "actor" => mention.kind = Some(detail.into()),
            _ => (mention.lat, mention.lon) = (Some(34.0), detail.parse().ok()),
        }
        mention
    }

    #[test]
    fn names_count_exact_and_overlapping_spans() {
        let gold = vec![mention(0, 9, "actor", "person"), mention(20, 25, "LOC", "")];
        let predicted = vec![
            mention(0, 9, "actor", "person"),
            mention(20, 30, "place", "1"),
            mention(40, 44, "actor", "media"),
        ];
        let names = names(&[Pair { gold, predicted }]);
        assert_eq!((names.any.exact.p, names.any.exact.r, names.any.exact.f1), (33.3, 50.0, 40.0));
        assert_eq!(names.any.overlap_f1, 80.0);
        assert_eq!(names.organisation.exact.predicted, 1);
    }

    #[test]
    fn places_are_right_within_161_km() {
        let gold = vec![
            mention(0, 4, "place", "41.0"),
            mention(10, 14, "place", "41.0"),
            mention(20, 24, "place", "41.0"),
        ];
        let predicted = vec![mention(0, 4, "place", "41.5"), mention(10, 14, "place", "50.0")];
        let places = places(&[Pair { gold, predicted }]);
        assert_eq!((places.acc161_of_found, places.acc161_of_all), (50.0, 33.3));
    }

    #[test]
    fn a_demonym_costs_nothing_where_gold_has_none() {
        let mut demonym = mention(0, 7, "place", "53");
        demonym.demonym = true;
        let places = places(&[Pair { gold: Vec::new(), predicted: vec![demonym] }]);
        assert_eq!(places.recognition.predicted, 0);
    }

    #[test]
    fn dates_need_the_value_too() {
        let gold = vec![mention(0, 8, "date", "2021-02"), mention(10, 14, "date", "2015")];
        let predicted = vec![mention(0, 8, "date", "2021-02"), mention(9, 14, "date", "2016")];
        let dates = dates(&[Pair { gold, predicted }]);
        assert_eq!((dates.strict.f1, dates.relaxed.f1, dates.value.f1), (50.0, 100.0, 50.0));
    }
}
