//! Result lists as an Atom feed, for a saved query that is made anew every day.

use std::io::{self, Write};

use crate::calendar::{Precision, Published, shown};
use crate::export::column::Row;
use crate::export::list::{Exporter, Listing};
use crate::export::xml::escaped;

/// One entry per article.
#[derive(Debug)]
pub(super) struct Atom;

impl Exporter for Atom {
    fn begin(&mut self, out: &mut dyn Write, listing: &Listing) -> io::Result<()> {
        let title = if listing.query.is_empty() { &listing.tree } else { &listing.query };
        writeln!(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>")?;
        writeln!(out, "<feed xmlns=\"http://www.w3.org/2005/Atom\">")?;
        writeln!(out, "<id>urn:dateline:query:{}</id>", blake3::hash(listing.tree.as_bytes()).to_hex())?;
        writeln!(out, "<title>{}</title>", escaped(title))?;
        writeln!(out, "<updated>{}</updated>", escaped(&listing.made))?;
        writeln!(out, "<generator version=\"{}\">dateline</generator>", env!("CARGO_PKG_VERSION"))?;
        writeln!(out, "<author><name>dateline</name></author>")
    }

    fn article(&mut self, out: &mut dyn Write, listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        let article = &row.annotated.article;
        let title = if row.hit.title.is_empty() { &row.hit.id } else { &row.hit.title };
        writeln!(out, "<entry>")?;
        writeln!(out, "<id>urn:dateline:article:{}</id>", blake3::hash(row.hit.id.as_bytes()).to_hex())?;
        writeln!(out, "<title>{}</title>", escaped(title))?;
        if let Some(url) = &article.url {
            writeln!(out, "<link rel=\"alternate\" href=\"{}\"/>", escaped(url))?;
        }
        let moment = row.annotated.published.as_ref().and_then(moment);
        writeln!(out, "<updated>{}</updated>", escaped(moment.as_ref().unwrap_or(&listing.made)))?;
        if let Some(moment) = &moment {
            writeln!(out, "<published>{moment}</published>")?;
        }
        for author in &article.authors {
            writeln!(out, "<author><name>{}</name></author>", escaped(author))?;
        }
        if let Some(source) = &row.hit.source {
            writeln!(out, "<category term=\"{}\" label=\"source\"/>", escaped(source))?;
        }
        if !row.hit.snippet.text.is_empty() {
            writeln!(out, "<summary>{}</summary>", escaped(&row.hit.snippet.text))?;
        }
        writeln!(out, "</entry>")
    }

    fn end(&mut self, out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        writeln!(out, "</feed>")
    }
}

/// Midnight of the day of publication; Atom has no years before the common era.
fn moment(published: &Published) -> Option<String> {
    (published.date.year() > 0).then(|| format!("{}T00:00:00Z", shown(published.date, Precision::Day)))
}
