//! Result lists as CSL-JSON: references for citation processors.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::export::column::Row;
use crate::export::list::{Exporter, Listing};

/// One array of `article-newspaper` items.
#[derive(Debug, Default)]
pub(super) struct Csl {
    started: bool,
}

impl Exporter for Csl {
    fn begin(&mut self, out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn article(&mut self, out: &mut dyn Write, _listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        out.write_all(if self.started { b",\n" } else { b"\n" })?;
        self.started = true;
        serde_json::to_writer(out, &item(row))?;
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        out.write_all(b"\n]\n")
    }
}

fn item(row: &Row<'_>) -> Value {
    let article = &row.annotated.article;
    let mut item = Map::new();
    item.insert("id".into(), row.hit.id.as_str().into());
    item.insert("type".into(), "article-newspaper".into());
    let authors: Vec<Value> = article.authors.iter().map(|name| json!({"literal": name})).collect();
    let texts = [
        ("title", Some(row.hit.title.as_str())),
        ("container-title", row.hit.source.as_deref()),
        ("section", article.section.as_deref()),
        ("URL", article.url.as_deref()),
        ("language", Some(row.hit.language.as_str())),
        ("abstract", Some(row.hit.snippet.text.as_str())),
    ];
    for (name, text) in texts {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            item.insert(name.into(), text.into());
        }
    }
    if !authors.is_empty() {
        item.insert("author".into(), authors.into());
    }
    if let Some(published) = &row.annotated.published {
        let date = published.date;
        let parts = [i64::from(date.year()), i64::from(date.month()), i64::from(date.day())];
        let known = published.shown().trim_start_matches('-').split('-').count();
        item.insert("issued".into(), json!({"date-parts": [parts[..known.min(3)]]}));
    }
    Value::Object(item)
}
