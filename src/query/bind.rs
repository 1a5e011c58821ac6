//! Binding: places that a query names are looked up in the gazetteer, before an engine is asked.
//!
//! Takes a tree, gives the tree with every `near:"Al Qaim"~50km` measured from a point, and says which of several places
//! of a name was taken, or that they are searched together. Without such a clause the gazetteer is not touched.

use crate::error::{Error, Result};
use crate::query::parse::Warning;
use crate::query::{Centre, Query};
use crate::reference::gazetteer::{Gazetteer, PlaceId};

/// How many other places of a name are told.
const TOLD: usize = 4;

/// The tree with points for names.
///
/// # Errors
///
/// [`Error::Usage`] for a name that no place has, with names that begin so.
pub fn centres(query: Query, warnings: &mut Vec<Warning>) -> Result<Query> {
    let mut all = |parts: Vec<Query>| -> Result<Vec<Query>> {
        parts.into_iter().map(|part| centres(part, warnings)).collect()
    };
    Ok(match query {
        Query::Near { centre: Centre::Place(name), km } => {
            Query::Near { centre: point(&name, warnings)?, km }
        }
        Query::And(parts) => Query::And(all(parts)?),
        Query::Or(parts) => Query::Or(all(parts)?),
        Query::Together { parts, paragraph } => Query::Together { parts: all(parts)?, paragraph },
        Query::Not(inner) => Query::Not(Box::new(centres(*inner, warnings)?)),
        Query::Boost(inner, factor) => Query::Boost(Box::new(centres(*inner, warnings)?), factor),
        Query::Value { field, value, distance } => {
            if distance == 0 && matches!(field.name, "place" | "focus") {
                tell_namesakes(&value, warnings)?;
            }
            Query::Value { field, value, distance }
        }
        leaf => leaf,
    })
}

/// Says which places of one name are searched together, so that one of them can be asked for.
fn tell_namesakes(name: &str, warnings: &mut Vec<Warning>) -> Result<()> {
    if name.contains('/') {
        return Ok(());
    }
    let gazetteer = Gazetteer::embedded()?;
    let bound = gazetteer.bind(name);
    if bound.len() > 1 && !gazetteer.is_clear(&bound) {
        let some: Vec<String> = bound.iter().take(TOLD).map(|&place| told(gazetteer, place)).collect();
        let more =
            if bound.len() > TOLD { format!(" and {} more", bound.len() - TOLD) } else { String::new() };
        let message =
            format!("several places are called {name}: {}{more}; ask for one by id or path", some.join(", "));
        warnings.push(Warning { column: None, message });
    }
    Ok(())
}

fn point(name: &str, warnings: &mut Vec<Warning>) -> Result<Centre> {
    let gazetteer = Gazetteer::embedded()?;
    let bound = gazetteer.bind(name);
    let Some(&first) = bound.first() else { return Err(unknown(gazetteer, name)) };
    if !gazetteer.is_clear(&bound) {
        let others: Vec<String> =
            bound.iter().skip(1).take(TOLD).map(|&place| told(gazetteer, place)).collect();
        let message = format!(
            "there are several places called {name}: {} is taken; others are {}",
            told(gazetteer, first),
            others.join(", ")
        );
        warnings.push(Warning { column: None, message });
    }
    let (lat, lon) = gazetteer.point(first);
    Ok(Centre::Point { lat, lon })
}

/// A place so that it can be asked for.
fn told(gazetteer: &Gazetteer, place: PlaceId) -> String {
    let path = gazetteer.path(place).join("/");
    match gazetteer.geonames_id(place) {
        Some(id) => format!("{path} (geo/{id})"),
        None => path,
    }
}

fn unknown(gazetteer: &Gazetteer, name: &str) -> Error {
    let beginning: String = name.chars().take(4).collect();
    let mut names: Vec<String> = gazetteer
        .with_prefix(&beginning, 200)
        .into_iter()
        .map(|(_, place)| gazetteer.label(place).to_owned())
        .collect();
    names.sort_by_key(|known| strsim::damerau_levenshtein(known, name));
    names.dedup();
    names.truncate(TOLD);
    let hint = if names.is_empty() {
        "give a point instead: near:34.4,41.0~50km".to_owned()
    } else {
        format!("did you mean {}?", names.join(" or "))
    };
    Error::Usage(format!("no place is called `{name}`\nhint: {hint}"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::query::parse::parse;

    fn bound(text: &str) -> Result<(String, Vec<Warning>)> {
        let mut warnings = Vec::new();
        let query = centres(parse(text, date(2026, 1, 1))?.query, &mut warnings)?;
        Ok((query.to_string(), warnings))
    }

    #[test]
    fn named_places_become_points() {
        let (text, _) = bound("war -near:\"Al Qaim\"~100km").unwrap();
        assert!(text.starts_with("war -near:34.") && text.ends_with("~100km"), "{text}");
        let (text, warnings) = bound("war near:34.4,41~5km").unwrap();
        assert_eq!((text.as_str(), warnings.len()), ("war near:34.4,41~5km", 0));
        let (text, warnings) = bound("place:Springfield").unwrap();
        assert_eq!((text.as_str(), warnings.len()), ("place:Springfield", 1));
        assert!(warnings[0].message.contains("geo/"), "{}", warnings[0].message);
        for clear in ["place:Iraq", "place:geo/4250542", "place:\"Asia/Iraq\"", "actor:Springfield"] {
            assert_eq!(bound(clear).unwrap().1, [], "{clear}");
        }
        assert!(
            bound("near:Nowhereville~5km")
                .is_err_and(|error| error.to_string().contains("no place is called"))
        );
    }
}
