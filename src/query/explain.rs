//! A tree told clause by clause: what each part asks for, in words, indented as it is nested.
//!
//! Takes a tree, gives [`Clause`]s in reading order; how many articles each matches is asked by the caller.

use crate::field::{Field, FieldKind, MISSING};
use crate::query::{Centre, Query};

/// One node of a tree.
#[derive(Debug, Clone)]
pub struct Clause<'q> {
    /// How deep it is nested, from 0.
    pub depth: usize,
    /// The node itself.
    pub query: &'q Query,
    /// What it asks for.
    pub meaning: String,
}

/// Every node of the tree, each before its parts.
pub fn clauses(query: &Query) -> Vec<Clause<'_>> {
    let mut clauses = Vec::new();
    add(query, 0, &mut clauses);
    clauses
}

fn add<'q>(query: &'q Query, depth: usize, clauses: &mut Vec<Clause<'q>>) {
    clauses.push(Clause { depth, query, meaning: meaning(query) });
    match query {
        Query::And(parts) | Query::Or(parts) | Query::Together { parts, .. } => {
            for part in parts {
                add(part, depth + 1, clauses);
            }
        }
        Query::Not(inner) | Query::Boost(inner, _) => add(inner, depth + 1, clauses),
        _ => {}
    }
}

fn meaning(query: &Query) -> String {
    match query {
        Query::All => "every article".to_owned(),
        Query::And(_) => "all of these".to_owned(),
        Query::Or(_) => "any of these".to_owned(),
        Query::Not(_) => "not this".to_owned(),
        Query::Boost(_, factor) => format!("this, weighing {factor} times as much in the ranking"),
        Query::Together { paragraph: false, .. } => "all of these in one sentence".to_owned(),
        Query::Together { paragraph: true, .. } => "all of these in one paragraph".to_owned(),
        leaf => leaf_meaning(leaf),
    }
}

fn leaf_meaning(leaf: &Query) -> String {
    match leaf {
        Query::Word { field, text, exact, distance } => {
            let form = if *exact { "exactly so" } else { "in any form" };
            format!("the word {text} {form}{}, {}", typos(*distance), place(*field))
        }
        Query::Phrase { field, text, exact, slop } => {
            let form = if *exact { ", exactly so" } else { "" };
            let order = match slop {
                0 => "in this order".to_owned(),
                1 => "with one move between them".to_owned(),
                moves => format!("with up to {moves} moves between them"),
            };
            format!("the words {text} {order}{form}, {}", place(*field))
        }
        Query::Prefix { field, text } => format!("what begins with {text}, {}", place(*field)),
        Query::Wildcard { field, pattern } => format!("what looks like {pattern}, {}", place(*field)),
        Query::Regex { field, pattern } => {
            format!("what the expression {pattern} matches whole, {}", place(*field))
        }
        Query::Value { field, value, .. } if value == MISSING => format!("without {}", field.name),
        Query::Value { field, value, distance } => format!("{} is {value}{}", field.name, typos(*distance)),
        Query::Days { field, from, to, overlap } => {
            let how = if *overlap { "touches" } else { "lies within" };
            let first = from.map_or("the beginning".to_owned(), |day| day.to_string());
            let last = to.map_or("the end".to_owned(), |day| day.to_string());
            format!("{} {how} {first} to {last}", field.name)
        }
        Query::Near { centre: Centre::Point { lat, lon }, km } => {
            format!("a place within {km} km of latitude {lat}, longitude {lon}")
        }
        Query::Near { centre: Centre::Place(name), km } => format!("a place within {km} km of {name}"),
        Query::Bbox { west, south, east, north } => {
            format!("a place between longitudes {west} and {east}, latitudes {south} and {north}")
        }
        Query::Has(field) => format!("any {}", field.name),
        other => other.to_string(),
    }
}

fn typos(distance: u8) -> String {
    match distance {
        0 => String::new(),
        1 => ", or one typo away".to_owned(),
        more => format!(", or up to {more} typos away"),
    }
}

fn place(field: Option<&'static Field>) -> String {
    match field {
        None => "in title or text".to_owned(),
        Some(field) if field.kind == FieldKind::Text => format!("in the {}", field.name),
        Some(field) => format!("as {}", field.name),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::query::parse::parse;

    #[test]
    fn every_clause_is_told_in_words() {
        let text = "iraq OR (actor:Biden~1 -published:2020) event~:2014-02..";
        let query = parse(text, date(2026, 1, 1)).unwrap().query;
        let told: Vec<String> = clauses(&query)
            .iter()
            .map(|clause| format!("{}{}", "  ".repeat(clause.depth), clause.meaning))
            .collect();
        let expected = [
            "any of these",
            "  the word iraq in any form, in title or text",
            "  all of these",
            "    actor is Biden, or one typo away",
            "    not this",
            "      published lies within 2020-01-01 to 2020-12-31",
            "    event touches 2014-02-01 to the end",
        ];
        assert_eq!(told, expected);
    }
}
