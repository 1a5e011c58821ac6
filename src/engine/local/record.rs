//! An article as a Tantivy document. Made in the threads that annotate, so that the writer only indexes.

use jiff::civil::Date;
use tantivy::TantivyDocument;

use crate::article::{Annotated, Place, PlaceKind};
use crate::calendar::day_number;
use crate::engine::local::analysis::{self, Analyser};
use crate::engine::local::schema::Columns;
use crate::engine::local::stored;
use crate::error::{Error, Result};
use crate::field::{FIELDS, FieldKind};
use crate::reference::corrections::Corrections;
use crate::story::Signature;

/// An article, ready to be put into an index.
#[derive(Debug)]
pub struct Record {
    /// The article's identifier.
    pub(super) id: String,
    /// What Tantivy indexes and stores.
    pub(super) document: TantivyDocument,
}

impl Record {
    /// Analyses and packs an article.
    pub fn new(annotated: &Annotated) -> Result<Record> {
        Record::corrected(annotated, &Corrections::default())
    }

    /// The same, found under the kinds and without the actors that the user says; stored as it is, so that a correction
    /// can be taken back.
    pub fn corrected(annotated: &Annotated, corrections: &Corrections) -> Result<Record> {
        let original = annotated;
        let changed = corrections.applied(annotated)?;
        let annotated = changed.as_ref().unwrap_or(original);
        let (_, columns) = layout();
        let mut document = TantivyDocument::new();
        add_text(&mut document, columns, annotated);
        for field in FIELDS {
            let Some(column) = columns.values(field) else { continue };
            for value in (field.values)(annotated) {
                document.add_text(column, value);
            }
            if let Some(column) = columns.intervals(field).filter(|_| field.kind == FieldKind::Calendar) {
                for (from, to) in intervals(field.name, annotated) {
                    let number = interval_number(from, to);
                    match field.name {
                        "published" => document.add_u64(column, number),
                        _ => document.add_bytes(column, &number.to_be_bytes()),
                    }
                }
            }
        }
        for term in points(annotated) {
            document.add_bytes(columns.points, &term);
        }
        if let Some(signature) = Signature::of(&annotated.article.text) {
            document.add_bytes(columns.signature, &signature.to_bytes());
        }
        let packed = stored::pack(original).map_err(|error: postcard::Error| Error::Data {
            what: annotated.article.id.clone(),
            message: error.to_string(),
        })?;
        for number in packed.head {
            document.add_u64(columns.head, number);
        }
        for number in packed.marks {
            document.add_u64(columns.marks, number);
        }
        for place in &packed.places {
            document.add_bytes(columns.kept_places, place);
        }
        document.add_bytes(columns.stored, &packed.body);
        Ok(Record { id: annotated.article.id.clone(), document })
    }
}

/// Schema and columns; every index of this version has the same.
pub(super) fn layout() -> &'static (tantivy::schema::Schema, Columns) {
    static LAYOUT: std::sync::OnceLock<(tantivy::schema::Schema, Columns)> = std::sync::OnceLock::new();
    LAYOUT.get_or_init(Columns::lay_out)
}

fn add_text(document: &mut TantivyDocument, columns: &Columns, annotated: &Annotated) {
    let title = annotated.article.title();
    let terms = analysis::terms(Analyser::of(annotated.language), title, &annotated.article.text);
    if !title.is_empty() {
        document.add_text(columns.title, terms.title);
        document.add_text(columns.title_vocabulary, terms.title_vocabulary);
    }
    document.add_text(columns.whole, terms.whole);
    document.add_text(columns.vocabulary, terms.vocabulary);
}

/// The intervals of a calendar field, each once.
pub(super) fn intervals(field: &str, annotated: &Annotated) -> Vec<(Date, Date)> {
    let mut intervals: Vec<(Date, Date)> = if field == "published" {
        annotated.published.iter().map(crate::calendar::Published::days).collect()
    } else {
        annotated.annotations.dates().filter_map(|timex| Some((timex.from?, timex.to?))).collect()
    };
    intervals.sort_unstable();
    intervals.dedup();
    intervals
}

/// Day numbers are shifted to be positive: year -9999 lies some 4.4 million days before 1970.
const DAY_SHIFT: i64 = 4_400_000;

/// So many bits hold a shifted day.
const DAY_BITS: u32 = 23;

/// A day as half of an interval's number.
fn shifted(day: Date) -> u64 {
    (i64::from(day_number(day)) + DAY_SHIFT) as u64
}

/// An interval with its two ends in one number, in the order of its first day.
pub(super) fn interval_number(from: Date, to: Date) -> u64 {
    shifted(from) << DAY_BITS | shifted(to)
}

/// The two ends of an interval, each as a number of days.
pub(super) fn interval_ends(number: u64) -> (u64, u64) {
    (number >> DAY_BITS, number & ((1 << DAY_BITS) - 1))
}

/// The ends of a range of days that may be open, in the numbers of [`interval_ends`].
pub(super) fn range_ends(from: Option<Date>, to: Option<Date>) -> (u64, u64) {
    (from.map_or(0, shifted), to.map_or(u64::MAX, shifted))
}

/// What kind of point a place is on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// A city, a hill: its coordinates say where it is.
    Spot,
    /// A country or division: its coordinates are only its middle.
    Area,
}

/// Coordinates in units of a ten-thousandth of a degree, then the extent: nine bytes in the order of latitude.
pub(super) fn point_term(lat: f64, lon: f64, extent: Extent) -> [u8; 9] {
    let mut term = [0; 9];
    term[..4].copy_from_slice(&degrees(lat + 90.0).to_be_bytes());
    term[4..8].copy_from_slice(&degrees(lon + 180.0).to_be_bytes());
    term[8] = u8::from(extent == Extent::Area);
    term
}

/// The coordinates and extent of a point term.
pub(super) fn read_point(term: &[u8]) -> Option<(f64, f64, Extent)> {
    let lat = u32::from_be_bytes(term.get(..4)?.try_into().ok()?);
    let lon = u32::from_be_bytes(term.get(4..8)?.try_into().ok()?);
    let extent = if *term.get(8)? == 0 { Extent::Spot } else { Extent::Area };
    Some((f64::from(lat) / 1e4 - 90.0, f64::from(lon) / 1e4 - 180.0, extent))
}

fn degrees(positive: f64) -> u32 {
    (positive.clamp(0.0, 360.0) * 1e4).round() as u32
}

/// What a place counts as on the map; continents and world regions are not on it.
pub(super) fn extent(place: &Place) -> Option<Extent> {
    match place.kind {
        PlaceKind::Continent | PlaceKind::WorldRegion => None,
        PlaceKind::Country | PlaceKind::HistoricalCountry | PlaceKind::Division => Some(Extent::Area),
        PlaceKind::District | PlaceKind::City | PlaceKind::Natural => Some(Extent::Spot),
    }
}

fn points(annotated: &Annotated) -> Vec<[u8; 9]> {
    let mut points: Vec<[u8; 9]> = annotated
        .annotations
        .places()
        .filter(|place| place.lat.is_finite() && place.lon.is_finite())
        .filter_map(|place| Some(point_term(place.lat, place.lon, extent(place)?)))
        .collect();
    points.sort_unstable();
    points.dedup();
    points
}
