//! The columns of result lists: every field of `FIELDS`, and what only a hit has (rank, score, snippet).
//!
//! Takes a [`Row`], gives [`Cell`]s; the formats decide how a cell is written.

use std::fmt;

use crate::article::Annotated;
use crate::error::{Error, Result};
use crate::field::{FIELDS, Field, FieldKind, find_field};
use crate::query::response::Hit;

/// One article of a result list.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Its place in the list, from 1.
    pub number: usize,
    /// What the engine says of it.
    pub hit: &'a Hit,
    /// The article itself.
    pub annotated: &'a Annotated,
}

/// One value of a list or table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing is known.
    Empty,
    /// One text.
    Text(String),
    /// A number.
    Number(f64),
    /// Any number of texts.
    List(Vec<String>),
}

impl Cell {
    /// A count.
    pub fn count(count: usize) -> Cell {
        Cell::Number(count as f64)
    }

    fn of(text: Option<impl Into<String>>) -> Cell {
        text.map_or(Cell::Empty, |text| Cell::Text(text.into()))
    }

    /// As JSON.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Cell::Empty => serde_json::Value::Null,
            Cell::Text(text) => text.as_str().into(),
            // Counts are whole, and are read as whole numbers.
            Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => (*number as i64).into(),
            Cell::Number(number) => (*number).into(),
            Cell::List(list) => list.as_slice().into(),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Empty => Ok(()),
            Cell::Text(text) => out.write_str(text),
            Cell::Number(number) => write!(out, "{number}"),
            Cell::List(list) => out.write_str(&list.join("; ")),
        }
    }
}

/// One column of a list.
#[derive(Clone, Copy)]
pub struct Column {
    /// The heading, and the name in `--fields`.
    pub name: &'static str,
    value: Source,
}

/// What an article has in a column.
type ValueOf = fn(&Row<'_>) -> Cell;

#[derive(Clone, Copy)]
enum Source {
    Field(&'static Field),
    Row(ValueOf),
}

impl fmt::Debug for Column {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Column({})", self.name)
    }
}

/// Columns that are no field, or that show a field otherwise than it is indexed.
const OF_ROWS: &[(&str, ValueOf)] = &[
    ("number", |row| Cell::count(row.number)),
    ("score", |row| Cell::Number(score(row.hit.score))),
    ("snippet", |row| Cell::Text(row.hit.snippet.text.clone())),
    ("story", |row| Cell::Text(row.hit.story.clone())),
    ("copies", |row| Cell::count(row.hit.copies)),
    ("published", |row| Cell::of(row.hit.published.as_ref().map(|published| published.date.clone()))),
    ("source", |row| Cell::of(row.hit.source.as_deref())),
    ("title", |row| Cell::of(Some(row.hit.title.as_str()).filter(|title| !title.is_empty()))),
    ("record", |row| row.annotated.article.record.map_or(Cell::Empty, |record| Cell::Number(record as f64))),
    ("dateline", |row| Cell::of(row.annotated.article.dateline.as_deref())),
    ("notes", |row| Cell::List(row.annotated.article.notes.clone())),
];

/// The columns of a list when none are asked for.
const DEFAULT: &[&str] =
    &["id", "title", "published", "source", "language", "path", "snippet", "score", "copies"];

impl Column {
    /// The columns of a comma-separated list of names.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a name that is no column.
    pub fn parse_list(names: &str) -> Result<Vec<Column>> {
        names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(Column::find).collect()
    }

    /// The columns of a list when none are asked for.
    pub fn defaults() -> Vec<Column> {
        DEFAULT.iter().filter_map(|name| Column::find(name).ok()).collect()
    }

    /// The names of all columns.
    pub fn names() -> Vec<&'static str> {
        let mut names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        names.extend(OF_ROWS.iter().map(|(name, _)| *name).filter(|name| find_field(name).is_none()));
        names
    }

    fn find(name: &str) -> Result<Column> {
        let wanted = name.to_ascii_lowercase();
        let canonical = find_field(&wanted).map_or(wanted.as_str(), |field| field.name);
        if let Some((name, value)) = OF_ROWS.iter().find(|(name, _)| *name == canonical) {
            return Ok(Column { name, value: Source::Row(*value) });
        }
        if let Some(field) = find_field(canonical) {
            return Ok(Column { name: field.name, value: Source::Field(field) });
        }
        Err(Error::Usage(format!(
            "no field is called `{name}`\nhint: fields are {}",
            Column::names().join(", ")
        )))
    }

    /// The value of this column for an article.
    pub fn value(&self, row: &Row<'_>) -> Cell {
        match self.value {
            Source::Row(value) => value(row),
            Source::Field(field) => {
                let mut values = (field.values)(row.annotated);
                if matches!(field.kind, FieldKind::Path | FieldKind::Calendar) {
                    values = leaves(&values);
                }
                match (field.kind, is_single(field.name)) {
                    (FieldKind::Text, _) | (_, true) => Cell::of(values.into_iter().next()),
                    _ => Cell::List(values),
                }
            }
        }
    }
}

/// Fields of which an article has one value at most.
fn is_single(name: &str) -> bool {
    matches!(name, "id" | "section" | "language" | "format" | "path" | "url" | "date-source")
}

/// Values of a tree without those that another value lies under: `Asia/Iraq`, not `Asia` too.
fn leaves(values: &[String]) -> Vec<String> {
    let is_ancestor = |ancestor: &str, value: &String| {
        value.strip_prefix(ancestor).is_some_and(|rest| rest.starts_with(['/', '-']))
    };
    let inner = |value: &String| !values.iter().any(|other| is_ancestor(value, other));
    values.iter().filter(|value| inner(value)).cloned().collect()
}

/// A score with as many digits as it is good for.
pub(super) fn score(score: f32) -> f64 {
    (f64::from(score) * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name_and_alias() {
        let columns = Column::parse_list("id, headline,pub,who,snippet,").unwrap();
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        assert_eq!(names, ["id", "title", "published", "actor", "snippet"]);
        assert!(
            Column::parse_list("id,nmae").is_err_and(|error| error.to_string().contains("fields are id"))
        );
        assert_eq!(Column::defaults().len(), DEFAULT.len());
    }

    #[test]
    fn only_the_leaves_of_a_tree_are_listed() {
        let values = ["Asia", "Asia/Iraq", "Asia/Iraq/Anbar", "Europe", "2021", "2021-06", "2021-06-28"];
        let values = values.map(str::to_owned).to_vec();
        assert_eq!(leaves(&values), ["Asia/Iraq/Anbar", "Europe", "2021-06-28"]);
    }
}
