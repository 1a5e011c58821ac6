//! What a tree as a whole says that its asker can hardly mean: parts that exclude each other.
//!
//! Takes a tree, gives warnings; what can be seen in the text alone is told by `parse`. Never asks an index.

use jiff::civil::Date;

use crate::query::Query;
use crate::query::parse::Warning;

/// Fields of which an article has one value at most.
const SINGLE: &[&str] = &["id", "source", "language", "format", "path", "url", "section"];

/// Parts of `query` that no article can match together.
pub fn contradictions(query: &Query) -> Vec<Warning> {
    let mut warnings = Vec::new();
    visit(query, &mut warnings);
    warnings
}

fn visit(query: &Query, warnings: &mut Vec<Warning>) {
    match query {
        Query::And(parts) => {
            excluded(parts, warnings);
            two_values(parts, warnings);
            apart(parts, warnings);
            visit_all(parts, warnings);
        }
        Query::Or(parts) => visit_all(parts, warnings),
        Query::Not(inner) | Query::Boost(inner, _) => visit(inner, warnings),
        _ => {}
    }
}

fn visit_all(parts: &[Query], warnings: &mut Vec<Warning>) {
    for part in parts {
        visit(part, warnings);
    }
}

fn warn(warnings: &mut Vec<Warning>, message: String) {
    warnings.push(Warning { column: None, message });
}

/// `iraq -iraq`.
fn excluded(parts: &[Query], warnings: &mut Vec<Warning>) {
    for part in parts {
        if let Query::Not(inner) = part
            && parts.contains(inner)
        {
            warn(warnings, format!("nothing can match: {inner} is both wanted and excluded"));
        }
    }
}

/// `language:en language:fr`.
fn two_values(parts: &[Query], warnings: &mut Vec<Warning>) {
    let values = || {
        parts.iter().filter_map(|part| match part {
            Query::Value { field, value, distance: 0 } if SINGLE.contains(&field.name) => {
                Some((field.name, value))
            }
            _ => None,
        })
    };
    for (index, (name, value)) in values().enumerate() {
        let other = values().skip(index + 1).find(|(other, _)| *other == name);
        if let Some((_, other)) = other.filter(|(_, other)| !other.eq_ignore_ascii_case(value)) {
            warn(
                warnings,
                format!("nothing can match: an article has one {name}, not both {value} and {other}; use OR"),
            );
        }
    }
}

/// `published:2020 published:2021`.
fn apart(parts: &[Query], warnings: &mut Vec<Warning>) {
    let mut first = Date::MIN;
    let mut last = Date::MAX;
    for part in parts {
        if let Query::Days { field, from, to, .. } = part
            && field.name == "published"
        {
            first = first.max(from.unwrap_or(Date::MIN));
            last = last.min(to.unwrap_or(Date::MAX));
        }
    }
    if first > last {
        warn(
            warnings,
            "nothing can match: no day of publication lies in all these ranges; use OR".to_owned(),
        );
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::query::parse::parse;

    #[test]
    fn parts_that_exclude_each_other_are_told() {
        let cases = [
            ("iraq war -iraq", "iraq is both wanted and excluded"),
            ("a (language:en language:fr)", "an article has one language, not both en and fr"),
            ("published:2020 published:2021-06", "no day of publication lies in all these ranges"),
            ("iraq OR -iraq", ""),
            ("language:en OR language:fr", ""),
            ("language:en language:EN", ""),
            ("published:2020..2021 published:2021-06", ""),
            ("event:2020 event:2021", ""),
            ("actor:Biden actor:Trump", ""),
        ];
        for (text, expected) in cases {
            let query = parse(text, date(2026, 1, 1)).unwrap().query;
            let told: Vec<String> = contradictions(&query).into_iter().map(|w| w.message).collect();
            assert_eq!(told.is_empty(), expected.is_empty(), "{text}: {told:?}");
            assert!(told.join(" ").contains(expected), "{text}: {told:?}");
        }
    }
}
