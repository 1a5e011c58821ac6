//! Result lists as JSON and JSON Lines; the shapes are documented in docs/OUTPUT.md.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::export::column::{Row, score};
use crate::export::list::{Exporter, Listing};
use crate::query::response::{FacetCounts, Snippet};
use crate::span::CodePoints;

/// One object with `hits` and `facets`.
#[derive(Debug, Default)]
pub(super) struct Json {
    started: bool,
}

impl Exporter for Json {
    fn begin(&mut self, out: &mut dyn Write, listing: &Listing) -> io::Result<()> {
        let Listing { query, tree, total, unit, .. } = listing;
        let head = json!({"query": query, "tree": tree, "total": total, "unit": unit});
        let head = head.to_string();
        out.write_all(head.trim_end_matches('}').as_bytes())?;
        if !listing.warnings.is_empty() {
            write!(out, ",\"warnings\":{}", serde_json::to_string(&listing.warnings)?)?;
        }
        out.write_all(b",\"hits\":[")
    }

    fn article(&mut self, out: &mut dyn Write, listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        out.write_all(if self.started { b",\n" } else { b"\n" })?;
        self.started = true;
        serde_json::to_writer(out, &hit(listing, row))?;
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, listing: &Listing) -> io::Result<()> {
        write!(out, "],\"facets\":{}", facets(&listing.facets))?;
        let more: Map<String, Value> = listing
            .facets
            .iter()
            .filter(|counts| counts.more > 0)
            .map(|counts| (counts.name.to_owned(), counts.more.into()))
            .collect();
        if !more.is_empty() {
            write!(out, ",\"facets_more\":{}", Value::Object(more))?;
        }
        out.write_all(b"}\n")
    }
}

/// One object a line.
#[derive(Debug)]
pub(super) struct JsonLines;

impl Exporter for JsonLines {
    fn article(&mut self, out: &mut dyn Write, listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut *out, &hit(listing, row))?;
        out.write_all(b"\n")
    }
}

/// A hit: the chosen fields, or the shape that `query --format json` always has.
fn hit(listing: &Listing, row: &Row<'_>) -> Value {
    if listing.chosen {
        let pairs = listing.columns.iter().map(|column| (column.name.to_owned(), column.value(row).json()));
        return Value::Object(pairs.collect());
    }
    let hit = row.hit;
    json!({
        "id": hit.id,
        "title": hit.title,
        "published": hit.published,
        "source": hit.source,
        "language": hit.language,
        "path": hit.path,
        "snippet": hit.snippet.text,
        "marks": marks(&hit.snippet),
        "score": score(hit.score),
        "story": hit.story,
        "copies": hit.copies,
    })
}

/// What matched in a snippet, in code points.
fn marks(snippet: &Snippet) -> Vec<[usize; 2]> {
    let mut points = CodePoints::new(&snippet.text);
    snippet.marks.iter().map(|mark| [points.at(mark.start), points.at(mark.end)]).collect()
}

/// Facets by name, each a list of values.
fn facets(facets: &[FacetCounts]) -> Value {
    let pairs = facets.iter().map(|counts| {
        let values: Vec<Value> = counts
            .values
            .iter()
            .map(|value| {
                let mut object = json!({"value": value.value, "label": value.label, "count": value.count});
                if value.selected {
                    object["selected"] = true.into();
                }
                if let Some(unusual) = value.unusual {
                    object["archive"] = unusual.archive.into();
                    object["times"] = unusual.times.into();
                    object["score"] = unusual.score.into();
                }
                object
            })
            .collect();
        (counts.name.to_owned(), Value::Array(values))
    });
    Value::Object(pairs.collect())
}
