//! Result lists as GeoJSON (RFC 7946): places on the map, longitude first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::article::Place;
use crate::export::column::Row;
use crate::export::list::{Exporter, Listing};

/// How many articles are named at each place.
const NAMED: usize = 20;

/// One point per place. Memory grows with the places, not with the articles.
#[derive(Debug, Default)]
pub(super) struct Places {
    found: BTreeMap<Vec<String>, Found>,
}

#[derive(Debug)]
struct Found {
    place: Place,
    articles: usize,
    named: Vec<Value>,
}

/// The places of an article, each once, with the number of its mentions.
fn places<'a>(row: &Row<'a>) -> Vec<(&'a Place, usize)> {
    let mut places: Vec<(&Place, usize)> = Vec::new();
    for place in row.annotated.annotations.places() {
        match places.iter_mut().find(|(seen, _)| seen.path == place.path) {
            Some((_, mentions)) => *mentions += 1,
            None => places.push((place, 1)),
        }
    }
    places
}

fn begin(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")
}

fn feature(out: &mut dyn Write, first: bool, place: &Place, mut properties: Value) -> io::Result<()> {
    properties["place"] = place.name.as_str().into();
    properties["kind"] = place.kind.name().into();
    properties["path"] = place.path.join("/").into();
    properties["geonames_id"] = place.geonames_id.into();
    let feature = json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
        "properties": properties,
    });
    write!(out, "{}{feature}", if first { "\n" } else { ",\n" })
}

impl Exporter for Places {
    fn begin(&mut self, out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        begin(out)
    }

    fn article(&mut self, _out: &mut dyn Write, _listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        for (place, _) in places(row) {
            let found = self.found.entry(place.path.clone()).or_insert_with(|| Found {
                place: place.clone(),
                articles: 0,
                named: Vec::new(),
            });
            found.articles += 1;
            if found.named.len() < NAMED {
                found.named.push(json!({"id": row.hit.id, "title": row.hit.title}));
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        for (index, found) in self.found.values().enumerate() {
            let properties = json!({"count": found.articles, "articles": found.named});
            feature(out, index == 0, &found.place, properties)?;
        }
        out.write_all(b"\n]}\n")
    }
}

/// One point per article and place.
#[derive(Debug, Default)]
pub(super) struct Articles {
    started: bool,
}

impl Exporter for Articles {
    fn begin(&mut self, out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        begin(out)
    }

    fn article(&mut self, out: &mut dyn Write, _listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        for (place, mentions) in places(row) {
            let properties = json!({
                "id": row.hit.id,
                "title": row.hit.title,
                "published": row.hit.published.as_ref().map(|published| published.date.as_str()),
                "source": row.hit.source,
                "url": row.annotated.article.url,
                "mentions": mentions,
                "focus": place.focus,
            });
            feature(out, !self.started, place, properties)?;
            self.started = true;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        out.write_all(b"\n]}\n")
    }
}
