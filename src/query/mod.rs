//! The question and the answer, independent of any engine.
//!
//! `parse` turns what people type into a [`Query`] tree, which prints back to text that parses to it; [`request`] adds
//! filters, facets, sorting and paging; [`response`] is what an engine answers. Never knows an engine.

pub mod bind;
mod cursor;
mod days;
pub mod explain;
pub mod lint;
pub mod parse;
mod print;
pub mod request;
pub mod response;

use jiff::civil::Date;

use crate::field::Field;

/// What is asked for; [`parse::parse`] reads it, `Display` prints it. Fields are rows of `field::FIELDS`; `None` is the default text search over title and body.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Every article.
    All,
    /// One word, analysed by language; `exact` switches stemming off; `distance` > 0 allows that many typos.
    Word {
        /// The text field searched.
        field: Option<&'static Field>,
        /// As typed.
        text: String,
        /// Without stemming.
        exact: bool,
        /// Typos allowed, 0 to 2.
        distance: u8,
    },
    /// Words in this order, with up to `slop` moves.
    Phrase {
        /// The text field searched.
        field: Option<&'static Field>,
        /// As typed, without quotes.
        text: String,
        /// Without stemming.
        exact: bool,
        /// Moves allowed.
        slop: u32,
    },
    /// Words or values that begin so.
    Prefix {
        /// The field searched.
        field: Option<&'static Field>,
        /// The beginning, as typed.
        text: String,
    },
    /// Words or values of this pattern: `?` one character, `*` any number.
    Wildcard {
        /// The field searched.
        field: Option<&'static Field>,
        /// As typed.
        pattern: String,
    },
    /// Words or values that a regular expression matches whole.
    Regex {
        /// The field searched.
        field: Option<&'static Field>,
        /// Between the slashes.
        pattern: String,
    },
    /// A value of a keyword or path field, compared folded. An actor or place may be given by path
    /// (`person/Joe Biden`), by name (`Joe Biden`), by alias, or, where no name is so, by whole words of it (`biden`).
    /// In a calendar field only [`crate::field::MISSING`] is a value; everything else there is [`Query::Days`].
    Value {
        /// A keyword or path field.
        field: &'static Field,
        /// As typed.
        value: String,
        /// Typos allowed, 0 to 2.
        distance: u8,
    },
    /// Days of a calendar field: the article's interval lies within, or with `overlap` touches, `from..=to`.
    Days {
        /// `published` or `event`.
        field: &'static Field,
        /// First day, open if none.
        from: Option<Date>,
        /// Last day, open if none.
        to: Option<Date>,
        /// Touching is enough.
        overlap: bool,
    },
    /// Articles with a place within `km` of a point.
    Near {
        /// The point, or the name of a place, which is looked up before an engine is asked.
        centre: Centre,
        /// Radius in kilometres.
        km: f64,
    },
    /// Articles with a place in a box; `west` may be greater than `east` over the antimeridian.
    Bbox {
        /// Western longitude in degrees.
        west: f64,
        /// Southern latitude in degrees.
        south: f64,
        /// Eastern longitude in degrees.
        east: f64,
        /// Northern latitude in degrees.
        north: f64,
    },
    /// Articles that have any value but [`crate::field::MISSING`] in this field.
    Has(&'static Field),
    /// Parts that must be found in one sentence or paragraph of the stored annotations.
    Together {
        /// What must stand together.
        parts: Vec<Query>,
        /// In one paragraph rather than one sentence.
        paragraph: bool,
    },
    /// All of these; every article if there are none. May consist of [`Query::Not`] alone.
    And(Vec<Query>),
    /// Any of these; no article if there are none.
    Or(Vec<Query>),
    /// Not this; alone, every other article.
    Not(Box<Query>),
    /// This, weighing more or less in the ranking.
    Boost(Box<Query>, f32),
}

/// The middle of a circle on the map.
#[derive(Debug, Clone, PartialEq)]
pub enum Centre {
    /// Degrees, WGS 84.
    Point {
        /// Latitude.
        lat: f64,
        /// Longitude.
        lon: f64,
    },
    /// A place by name.
    Place(String),
}

impl Query {
    /// All of `parts`, without needless nesting.
    pub fn and(parts: Vec<Query>) -> Query {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Query::And(inner) => flat.extend(inner),
                Query::All => {}
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Query::All,
            1 => flat.remove(0),
            _ => Query::And(flat),
        }
    }

    /// Any of `parts`, without needless nesting.
    pub fn or(parts: Vec<Query>) -> Query {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Query::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Query::Or(flat) }
    }
}
