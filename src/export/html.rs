//! Result lists as a report: one HTML page without scripts or outside files, to read and to print.

use std::io::{self, Write};

use crate::export::column::Row;
use crate::export::list::{Exporter, Listing};
use crate::export::xml::escaped;
use crate::query::response::{FacetCounts, Snippet};

/// The page: the question, the counts, then the articles.
#[derive(Debug)]
pub(super) struct Report;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}\
h1{font-size:1.3rem}h2{font-size:1rem;margin:0}code{background:#eee;padding:.1em .3em}\
article{border-top:1px solid #ccc;padding:.7rem 0}article p{margin:.2rem 0}.meta{color:#666;font-size:.85rem}\
mark{background:#fe8}section{display:inline-block;vertical-align:top;width:18rem;margin:0 1rem 1rem 0}\
td{font-size:.85rem;padding:0 .5rem 0 0}td.n{text-align:right}meter{width:6rem}";

impl Exporter for Report {
    fn begin(&mut self, out: &mut dyn Write, listing: &Listing) -> io::Result<()> {
        let title = if listing.query.is_empty() { &listing.tree } else { &listing.query };
        writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
        writeln!(out, "<meta name=\"viewport\" content=\"width=device-width\">")?;
        writeln!(
            out,
            "<title>{} – dateline</title>\n<style>{STYLE}</style>\n</head>\n<body>",
            escaped(title)
        )?;
        writeln!(out, "<h1>{}</h1>", escaped(title))?;
        let unit = listing.unit.name();
        let (total, tree) = (listing.total, escaped(&listing.tree));
        writeln!(out, "<p>{total} {unit} for <code>{tree}</code>, listed {}</p>", escaped(&listing.made))?;
        for counts in &listing.facets {
            write_facet(out, counts)?;
        }
        Ok(())
    }

    fn article(&mut self, out: &mut dyn Write, listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        let hit = row.hit;
        let title = escaped(if hit.title.is_empty() { &hit.id } else { &hit.title });
        writeln!(out, "<article>")?;
        match row.annotated.article.url.as_deref().filter(|url| url.starts_with("http")) {
            Some(url) => writeln!(out, "<h2><a href=\"{}\">{title}</a></h2>", escaped(url))?,
            None => writeln!(out, "<h2>{title}</h2>")?,
        }
        let published = hit.published.as_ref().map(|published| published.date.as_str());
        let meta: Vec<&str> =
            [hit.source.as_deref(), published, Some(hit.id.as_str())].into_iter().flatten().collect();
        writeln!(out, "<p class=\"meta\">{}</p>", escaped(&meta.join(" · ")))?;
        if listing.chosen {
            for column in &listing.columns {
                let value = column.value(row).to_string();
                writeln!(out, "<p><b>{}</b> {}</p>", column.name, escaped(&value))?;
            }
        } else if !hit.snippet.text.is_empty() {
            writeln!(out, "<p>{}</p>", marked(&hit.snippet))?;
        }
        writeln!(out, "</article>")
    }

    fn end(&mut self, out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        writeln!(out, "</body>\n</html>")
    }
}

fn write_facet(out: &mut dyn Write, counts: &FacetCounts) -> io::Result<()> {
    let most = counts.values.iter().map(|value| value.count).max().unwrap_or(0);
    writeln!(out, "<section><h2>{}</h2><table>", escaped(counts.name))?;
    for value in &counts.values {
        let (label, count) = (escaped(&value.label), value.count);
        writeln!(
            out,
            "<tr><td>{label}</td><td class=\"n\">{count}</td><td><meter max=\"{most}\" value=\"{count}\"></meter></td></tr>"
        )?;
    }
    if counts.more > 0 {
        writeln!(out, "<tr><td>and {} more</td></tr>", counts.more)?;
    }
    writeln!(out, "</table></section>")
}

/// A snippet with its matches marked.
fn marked(snippet: &Snippet) -> String {
    let mut html = String::with_capacity(snippet.text.len() + 32);
    let mut at = 0;
    for mark in &snippet.marks {
        let between = snippet.text.get(at..mark.start).unwrap_or("");
        html.push_str(&escaped(between));
        html.push_str("<mark>");
        html.push_str(&escaped(mark.of(&snippet.text)));
        html.push_str("</mark>");
        at = mark.end;
    }
    html.push_str(&escaped(snippet.text.get(at..).unwrap_or("")));
    html
}
