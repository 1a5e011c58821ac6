//! The question and the answer, independent of any engine.
//!
//! `parse` turns what people type into a [`Query`] tree, which prints back to text that parses to it; [`request`] adds
//! filters, facets, sorting and paging; [`response`] is what an engine answers. Never knows an engine.

pub mod request;
pub mod response;

use jiff::civil::Date;

use crate::field::Field;

/// What is asked for. Fields are rows of `field::FIELDS`; `None` is the default text search over title and body.
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
    /// A value of a keyword or path field. An actor or place may be given by path, name or alias.
    Value {
        /// A keyword or path field.
        field: &'static Field,
        /// As typed.
        value: String,
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
        /// Latitude in degrees.
        lat: f64,
        /// Longitude in degrees.
        lon: f64,
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
    /// Articles that have any value in this field.
    Has(&'static Field),
    /// Parts that must be found in one sentence or paragraph of the stored annotations.
    Together {
        /// What must stand together.
        parts: Vec<Query>,
        /// In one paragraph rather than one sentence.
        paragraph: bool,
    },
    /// All of these.
    And(Vec<Query>),
    /// Any of these.
    Or(Vec<Query>),
    /// Not this.
    Not(Box<Query>),
    /// This, weighing more or less in the ranking.
    Boost(Box<Query>, f32),
}
