//! Prints a [`Query`] tree as text that parses to the same tree.
//!
//! Parentheses are put wherever a reader might wonder, so the text also says how a query was understood.

use std::fmt;

use jiff::civil::Date;

use crate::calendar::{Precision, shown};
use crate::field::Field;
use crate::query::cursor::{parts_words, syntax_of};
use crate::query::{Centre, Query};

/// How tightly a node holds together; a child that holds less tightly than its place asks for is put in parentheses.
#[derive(PartialEq, PartialOrd)]
enum Strength {
    Any,
    All,
    Unary,
    Boosted,
    Leaf,
}

impl fmt::Display for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Query::All => out.write_str("*"),
            Query::And(parts) if parts.is_empty() => out.write_str("*"),
            Query::Or(parts) if parts.is_empty() => out.write_str("-*"),
            Query::And(parts) => joined(out, parts, " "),
            Query::Or(parts) => joined(out, parts, " OR "),
            Query::Not(inner) => {
                out.write_str("-")?;
                // Brackets would nest what is printed deeper than what was typed.
                child(out, inner, &Strength::Unary)
            }
            Query::Boost(inner, factor) => {
                child(out, inner, &Strength::Leaf)?;
                write!(out, "^{factor}")
            }
            Query::Together { parts, paragraph } => {
                out.write_str("together(")?;
                joined(out, parts, " ")?;
                out.write_str(if *paragraph { ")~paragraph" } else { ")" })
            }
            leaf => print_leaf(out, leaf),
        }
    }
}

fn strength(query: &Query) -> Strength {
    match query {
        Query::Or(parts) if !parts.is_empty() => Strength::Any,
        Query::And(parts) if !parts.is_empty() => Strength::All,
        Query::Not(_) | Query::Or(_) => Strength::Unary,
        Query::Boost(..) => Strength::Boosted,
        _ => Strength::Leaf,
    }
}

fn joined(out: &mut fmt::Formatter<'_>, parts: &[Query], between: &str) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.write_str(between)?;
        }
        child(out, part, &Strength::Unary)?;
    }
    Ok(())
}

fn child(out: &mut fmt::Formatter<'_>, query: &Query, wanted: &Strength) -> fmt::Result {
    if strength(query) < *wanted { write!(out, "({query})") } else { write!(out, "{query}") }
}

fn print_leaf(out: &mut fmt::Formatter<'_>, leaf: &Query) -> fmt::Result {
    match leaf {
        Query::Word { field, text, exact, distance } => {
            prefix(out, *field, *exact)?;
            out.write_str(&bare(text))?;
            suffix(out, u32::from(*distance))
        }
        Query::Phrase { field, text, exact, slop } => {
            prefix(out, *field, *exact)?;
            out.write_str(&quoted(text))?;
            suffix(out, *slop)
        }
        Query::Prefix { field, text } => {
            prefix(out, *field, false)?;
            write!(out, "{}*", bare(text))
        }
        Query::Wildcard { field, pattern } => {
            prefix(out, *field, false)?;
            out.write_str(&wildcard(pattern))
        }
        Query::Regex { field, pattern } => {
            prefix(out, *field, false)?;
            write!(out, "/{}/", regex(pattern))
        }
        Query::Value { field, value, distance } => {
            let plain = value.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '/' || c == '_');
            let plain = plain && value.starts_with(char::is_alphanumeric) && syntax_free(value);
            let plain = plain && !matches!(value.as_str(), "AND" | "OR" | "NOT");
            let value = if plain { value.clone() } else { quoted(value) };
            write!(out, "{}:{value}", field.name)?;
            suffix(out, u32::from(*distance))
        }
        Query::Days { field, from, to, overlap } => {
            write!(out, "{}{}:{}", field.name, if *overlap { "~" } else { "" }, range(*from, *to))
        }
        Query::Near { centre: Centre::Point { lat, lon }, km } => write!(out, "near:{lat},{lon}~{km}km"),
        Query::Near { centre: Centre::Place(name), km } => write!(out, "near:{}~{km}km", quoted(name)),
        Query::Bbox { west, south, east, north } => write!(out, "bbox:{west},{south},{east},{north}"),
        Query::Has(field) => write!(out, "{}:*", field.name),
        other => write!(out, "({other})"),
    }
}

fn prefix(out: &mut fmt::Formatter<'_>, field: Option<&'static Field>, exact: bool) -> fmt::Result {
    if exact {
        out.write_str("exact:")?;
    }
    match field {
        Some(field) => write!(out, "{}:", field.name),
        None => Ok(()),
    }
}

fn suffix(out: &mut fmt::Formatter<'_>, number: u32) -> fmt::Result {
    if number > 0 { write!(out, "~{number}") } else { Ok(()) }
}

/// A word with a backslash before everything that would be read as syntax.
fn bare(text: &str) -> String {
    if matches!(text, "AND" | "OR" | "NOT") {
        return format!("\\{text}");
    }
    let mut printed = String::with_capacity(text.len());
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if parts_words(before, c, chars.peek().copied()) {
            printed.push('\\');
            printed.push(c);
        } else {
            push_escaped(&mut printed, c, before.is_none());
        }
        before = Some(c);
    }
    printed
}

/// A pattern, in which `*`, `?` and backslashes are already syntax.
fn wildcard(pattern: &str) -> String {
    let mut printed = String::with_capacity(pattern.len());
    let mut escaped = false;
    let mut before = None;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if escaped || matches!(c, '*' | '?' | '\\') {
            printed.push(c);
            escaped = !escaped && c == '\\';
        } else if parts_words(before, c, chars.peek().copied()) {
            printed.push('\\');
            printed.push(c);
        } else {
            push_escaped(&mut printed, c, before.is_none());
        }
        before = Some(c);
    }
    printed
}

/// An expression with its slashes escaped.
fn regex(pattern: &str) -> String {
    let mut printed = String::with_capacity(pattern.len());
    let mut escaped = false;
    for c in pattern.chars() {
        if syntax_of(c) == '/' && !escaped {
            printed.push('\\');
        }
        printed.push(c);
        escaped = !escaped && c == '\\';
    }
    printed
}

fn push_escaped(printed: &mut String, c: char, first: bool) {
    let safe = if c.is_ascii() {
        c.is_ascii_alphanumeric() || (!first && matches!(c, '-' | '\'' | ',' | '.' | '_' | '$' | '%' | '@'))
    } else {
        !c.is_whitespace() && syntax_of(c) == c
    };
    if !safe {
        printed.push('\\');
    }
    printed.push(c);
}

fn syntax_free(text: &str) -> bool {
    text.chars().all(|c| syntax_of(c) == c)
}

fn quoted(text: &str) -> String {
    let mut printed = String::with_capacity(text.len() + 2);
    printed.push('"');
    for c in text.chars() {
        if c == '\\' || syntax_of(c) == '"' {
            printed.push('\\');
        }
        printed.push(c);
    }
    printed.push('"');
    printed
}

/// Two days as the shortest calendar values that cover exactly them.
fn range(from: Option<Date>, to: Option<Date>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from.first_of_year() == from && to == from.last_of_year() => {
            shown(from, Precision::Year)
        }
        (Some(from), Some(to)) if from.first_of_month() == from && to == from.last_of_month() => {
            shown(from, Precision::Month)
        }
        (Some(from), Some(to)) if from == to => shown(from, Precision::Day),
        _ => {
            let start = from.map_or(Precision::Year, start_precision);
            let end = to.map_or(Precision::Year, end_precision);
            let show = |day: Option<Date>| day.map(|day| shown(day, start.max(end))).unwrap_or_default();
            format!("{}..{}", show(from), show(to))
        }
    }
}

fn start_precision(day: Date) -> Precision {
    if day == day.first_of_year() {
        Precision::Year
    } else if day == day.first_of_month() {
        Precision::Month
    } else {
        Precision::Day
    }
}

fn end_precision(day: Date) -> Precision {
    if day == day.last_of_year() {
        Precision::Year
    } else if day == day.last_of_month() {
        Precision::Month
    } else {
        Precision::Day
    }
}
