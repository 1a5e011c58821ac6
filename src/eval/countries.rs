//! Countries per article: whether an article is found under the countries that its publisher or a reader filed it under.
//!
//! Takes JSON Lines, an article a line with `countries`, a list of names; gives precision and recall over pairs of
//! article and country, and the share of articles all of whose countries were found. A state that is no more stands for
//! its successors; names that no country or former state has are counted as unknown and left out.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::article::{Article, Place, PlaceKind};
use crate::error::{Error, Result};
use crate::eval::score::{Prf, prf};
use crate::eval::train::corpus;
use crate::export::article::ArticleLine;
use crate::extract::Extractor;
use crate::pipeline::annotate;
use crate::reference::gazetteer::{Gazetteer, PlaceId};

/// How well countries are found.
#[derive(Debug, Clone, Serialize)]
pub struct CountryScores {
    /// Articles that are filed under any country.
    pub articles: usize,
    /// Of these in percent: all their countries were found.
    pub complete: f64,
    /// Pairs of article and country.
    pub pairs: Prf,
    /// Names of countries that the gazetteer does not know.
    pub unknown: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Line {
    countries: Vec<String>,
}

/// Annotates the articles of the file at `path` and compares.
///
/// # Errors
/// When the file cannot be read, or a line is no article with countries.
pub fn evaluate(path: &Path) -> Result<CountryScores> {
    let extractor = Extractor::embedded()?;
    let gazetteer = extractor.gazetteer();
    let text = corpus::read(path)?;
    let lines: Vec<(usize, &str)> =
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
    let compared: Vec<Compared> = lines
        .into_par_iter()
        .map(|(number, line)| {
            let wrong = |error: serde_json::Error| Error::Settings {
                path: path.to_path_buf(),
                message: format!("line {}: {error}", number + 1),
            };
            let filed: Line = serde_json::from_str(line).map_err(wrong)?;
            let article: ArticleLine = serde_json::from_str(line).map_err(wrong)?;
            Ok(compare(&extractor, gazetteer, article.into_article(), filed.countries))
        })
        .collect::<Result<_>>()?;
    Ok(sum(compared))
}

#[derive(Default)]
struct Compared {
    filed: usize,
    found: usize,
    right: usize,
    unknown: Vec<String>,
}

fn compare(extractor: &Extractor, gazetteer: &Gazetteer, article: Article, filed: Vec<String>) -> Compared {
    let mut compared = Compared::default();
    let mut wanted: Vec<BTreeSet<PlaceId>> = Vec::new();
    for name in filed {
        let bound = gazetteer.bind(&name.replace('-', " "));
        match bound.into_iter().map(|place| states(gazetteer, place)).find(|states| !states.is_empty()) {
            Some(states) => wanted.push(states),
            None => compared.unknown.push(name),
        }
    }
    let annotated = annotate(extractor, article);
    let mut found: Vec<BTreeSet<PlaceId>> = Vec::new();
    for place in annotated.annotations.places() {
        let known = known(gazetteer, place);
        let states = known.map(|place| states(gazetteer, place)).unwrap_or_default();
        if !states.is_empty() && !found.contains(&states) {
            found.push(states);
        }
    }
    let meets = |a: &BTreeSet<PlaceId>, b: &BTreeSet<PlaceId>| !a.is_disjoint(b);
    compared.filed = wanted.len();
    compared.right = wanted.iter().filter(|want| found.iter().any(|found| meets(want, found))).count();
    // Two names of one filed country are one finding.
    let wrong = found.iter().filter(|found| !wanted.iter().any(|want| meets(want, found))).count();
    compared.found = compared.right + wrong;
    compared
}

fn known(gazetteer: &Gazetteer, place: &Place) -> Option<PlaceId> {
    let by_id = place.geonames_id.and_then(|id| gazetteer.by_geonames_id(id));
    by_id.or_else(|| gazetteer.bind(&place.path.join("/")).first().copied())
}

/// The country of a place, or the successors of a state that is no more; none for seas and continents.
fn states(gazetteer: &Gazetteer, place: PlaceId) -> BTreeSet<PlaceId> {
    match gazetteer.kind(place) {
        PlaceKind::HistoricalCountry => gazetteer.members(place).into_iter().collect(),
        _ => gazetteer.country(place).into_iter().collect(),
    }
}

fn sum(compared: Vec<Compared>) -> CountryScores {
    let (mut filed, mut found, mut right, mut articles, mut complete) = (0, 0, 0, 0, 0);
    let mut unknown = BTreeSet::new();
    for article in compared {
        unknown.extend(article.unknown);
        if article.filed > 0 {
            articles += 1;
            complete += usize::from(article.right == article.filed);
            filed += article.filed;
            found += article.found;
            right += article.right;
        }
    }
    let share = if articles == 0 { 0.0 } else { 100.0 * complete as f64 / articles as f64 };
    let complete = (share * 10.0).round() / 10.0;
    CountryScores { articles, complete, pairs: prf(right, found, filed), unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_compared_by_article() {
        let extractor = Extractor::embedded().expect("the data are built in");
        let article = Article {
            text: "Troops of the Soviet Union left Kabul in Afghanistan. Iraqi officials in Paris said so."
                .into(),
            ..Article::default()
        };
        let filed = ["ussr", "afghanistan", "west-germany", "qwxyzabad"].map(str::to_owned).to_vec();
        let compared = compare(&extractor, extractor.gazetteer(), article, filed);
        assert_eq!((compared.filed, compared.right, compared.found), (3, 2, 4));
        assert_eq!(compared.unknown, ["qwxyzabad"]);
    }
}
