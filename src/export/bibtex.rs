//! Result lists as `BibTeX`: references for LaTeX.

use std::io::{self, Write};

use crate::export::column::Row;
use crate::export::list::{Exporter, Listing};

/// One `@article` per article.
#[derive(Debug)]
pub(super) struct Bibtex;

impl Exporter for Bibtex {
    fn article(&mut self, out: &mut dyn Write, _listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        let article = &row.annotated.article;
        write!(out, "@article{{{}", key(&row.hit.id, row.number))?;
        // The second pair of braces keeps upper and lower case as printed.
        entry(out, "title", &format!("{{{}}}", escaped(&row.hit.title)), &row.hit.title)?;
        let authors: Vec<String> =
            article.authors.iter().map(|name| format!("{{{}}}", escaped(name))).collect();
        entry(out, "author", &authors.join(" and "), &authors.join(""))?;
        let source = row.hit.source.as_deref().unwrap_or("");
        entry(out, "journal", &escaped(source), source)?;
        if let Some(published) = &row.hit.published {
            let date = &published.date;
            let (negative, digits) = date.strip_prefix('-').map_or(("", date.as_str()), |rest| ("-", rest));
            let mut parts = digits.split('-');
            let year = format!("{negative}{}", parts.next().unwrap_or_default());
            entry(out, "year", &year, &year)?;
            for (name, value) in ["month", "day"].into_iter().zip(parts) {
                let value = value.trim_start_matches('0');
                entry(out, name, value, value)?;
            }
        }
        let url = article.url.as_deref().unwrap_or("");
        entry(out, "url", &url.replace(['{', '}', '\\'], ""), url)?;
        entry(out, "language", &row.hit.language, &row.hit.language)?;
        out.write_all(b"\n}\n\n")
    }
}

fn entry(out: &mut dyn Write, name: &str, value: &str, given: &str) -> io::Result<()> {
    if given.is_empty() { Ok(()) } else { write!(out, ",\n  {name} = {{{value}}}") }
}

/// The identifier as a citation key; one that has to be changed is made unique by its number in the list.
fn key(id: &str, number: usize) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.' | '/' | '+');
    if !id.is_empty() && id.chars().all(safe) {
        return id.to_owned();
    }
    let changed: String = id.chars().filter(char::is_ascii).map(|c| if safe(c) { c } else { '_' }).collect();
    format!("{changed}_{number}")
}

/// Text without what TeX would take for commands.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '{' => escaped.push_str("\\{"),
            '}' => escaped.push_str("\\}"),
            '%' | '$' | '#' | '&' | '_' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ if c.is_control() => escaped.push(' '),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_plain() {
        assert_eq!(key("a1", 3), "a1");
        assert_eq!(key("news/2021 é,{x}", 3), "news/2021___x__3");
        assert_eq!(key("", 3), "_3");
    }

    #[test]
    fn commands_are_escaped() {
        assert_eq!(escaped("50% of {A} & B_c"), "50\\% of \\{A\\} \\& B\\_c");
    }
}
