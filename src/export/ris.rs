//! Result lists as RIS: references for Zotero, `EndNote` and others.

use std::io::{self, Write};

use crate::export::column::Row;
use crate::export::list::{Exporter, Listing};

/// One `NEWS` reference per article.
#[derive(Debug)]
pub(super) struct Ris;

impl Exporter for Ris {
    fn article(&mut self, out: &mut dyn Write, _listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        let article = &row.annotated.article;
        line(out, "TY", "NEWS")?;
        line(out, "ID", &row.hit.id)?;
        line(out, "TI", &row.hit.title)?;
        for author in &article.authors {
            line(out, "AU", author)?;
        }
        if let Some(published) = &row.hit.published {
            let parts: Vec<&str> = published.date.split('-').collect();
            line(out, "PY", parts.first().unwrap_or(&""))?;
            let month = parts.get(1).unwrap_or(&"");
            let day = parts.get(2).unwrap_or(&"");
            line(out, "DA", &format!("{}/{month}/{day}/", parts.first().unwrap_or(&"")))?;
        }
        line(out, "T2", row.hit.source.as_deref().unwrap_or(""))?;
        line(out, "SE", article.section.as_deref().unwrap_or(""))?;
        line(out, "UR", article.url.as_deref().unwrap_or(""))?;
        line(out, "LA", &row.hit.language)?;
        for keyword in &article.keywords {
            line(out, "KW", keyword)?;
        }
        line(out, "AB", &row.hit.snippet.text)?;
        line(out, "L1", &row.hit.path)?;
        out.write_all(b"ER  - \r\n\r\n")
    }
}

/// One tag, unless there is nothing to say; a value has one line.
fn line(out: &mut dyn Write, tag: &str, value: &str) -> io::Result<()> {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if value.is_empty() { Ok(()) } else { write!(out, "{tag}  - {value}\r\n") }
}
