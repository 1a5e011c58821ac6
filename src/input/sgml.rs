//! Text collections in SGML: Reuters-21578 (`<REUTERS>`) and TREC (`<DOC>`).
//!
//! Streams: a document is in memory at a time. Tags need not be closed; entities are few. What a collection annotates
//! (places, people, topics) is kept as metadata, never read as annotations.

use std::io::BufRead;

use crate::input::decode::{decode, undeclared};
use crate::input::item::Item;
use crate::input::{Confidence, Format, Halt, Head, Reader, markup, too_large};

/// Documents of a collection.
pub(super) const FORMAT: Format = Format {
    name: "sgml",
    label: "Reuters-21578 and TREC SGML",
    extensions: &["sgm", "sgml", "trec"],
    sniff,
    read,
};

/// Elements of each part of a document, the most telling first.
const TITLE: &[&str] = &["TITLE", "HEADLINE", "HEAD", "HL", "TI", "HT"];
const BYLINE: &[&str] = &["AUTHOR", "BYLINE"];
const DATES: &[&str] = &["DATE", "DATE1", "DATE_TIME", "DATETIME", "PUBDATE", "DD"];
const TEXT: &[&str] = &["BODY", "TEXT", "LEADPARA", "LP"];
const SOURCE: &[&str] = &["SOURCE", "SO", "PUB"];

/// Elements kept as metadata, with the name they get.
const KEPT: &[(&str, &str)] = &[
    ("TOPICS", "topics"),
    ("PLACES", "places"),
    ("PEOPLE", "people"),
    ("ORGS", "orgs"),
    ("EXCHANGES", "exchanges"),
    ("COMPANIES", "companies"),
    ("SUBJECT", "subjects"),
    ("IN", "industries"),
    ("GV", "government"),
    ("CO", "companies"),
    ("PAGE", "page"),
    ("TYPE", "type"),
    ("DOCTYPE", "type"),
    ("DOCID", "docid"),
    ("FILEID", "file"),
    ("SLUG", "slug"),
    ("GRAPHIC", "captions"),
    ("CORRECTION", "correction"),
];

fn sniff(head: &Head<'_>) -> Confidence {
    let text = String::from_utf8_lossy(&head.bytes[..head.bytes.len().min(2048)]);
    let reuters = text.contains("<REUTERS ");
    let first = text.trim_start().to_ascii_uppercase();
    let trec = (first.starts_with("<DOC>") || first.starts_with("<DOC ")) && first.contains("<DOCNO>")
        || first.starts_with("<DOC ID=");
    if reuters || trec { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let limit = reader.options.max_record_bytes;
    let (mut line, mut start, mut first_line) = (Vec::new(), Vec::new(), 0);
    let mut number = 0;
    let mut large = false;
    loop {
        line.clear();
        // A stream that breaks off ends here; why is told by the reader.
        let count = std::io::Read::take(&mut reader.stream, limit as u64 + 1)
            .read_until(b'\n', &mut line)
            .unwrap_or(0);
        if count == 0 {
            break;
        }
        number += 1;
        if start.is_empty() && !large {
            if !opens(&line) {
                continue;
            }
            first_line = number;
        }
        large |= start.len() + line.len() > limit;
        if large {
            start.clear();
        } else {
            start.extend_from_slice(&line);
        }
        if closes(&line) {
            if std::mem::take(&mut large) {
                reader.next_failed("read", format!("line {first_line}: {}", too_large(limit)))?;
            } else {
                document(&start, reader)?;
            }
            start.clear();
        }
    }
    if start.is_empty() || reader.stream.trouble().is_some() {
        return Ok(());
    }
    reader.next_failed(
        "parse",
        format!("line {first_line}: the file ends within the document that begins here"),
    )
}

fn opens(line: &[u8]) -> bool {
    let start = line.trim_ascii_start();
    let tag = |name: &[u8]| {
        start.len() > name.len() + 1
            && start[0] == b'<'
            && start[1..=name.len()].eq_ignore_ascii_case(name)
            && matches!(start[name.len() + 1], b'>' | b' ' | b'\n' | b'\r')
    };
    tag(b"REUTERS") || tag(b"DOC")
}

fn closes(line: &[u8]) -> bool {
    let end = line.trim_ascii_end().to_ascii_uppercase();
    end.ends_with(b"</REUTERS>") || end.ends_with(b"</DOC>")
}

fn document(bytes: &[u8], reader: &mut Reader<'_>) -> Result<(), Halt> {
    let decoded = decode(bytes, undeclared);
    let source = &without_controls(&decoded.text);
    let mut item = Item::default();
    item.note(decoded.note.clone().filter(|note| note.contains("replaced")));
    let tag = &source[..source.find('>').unwrap_or(0)];
    for (name, key) in [
        ("NEWID", ""),
        ("ID", ""),
        ("OLDID", "old-id"),
        ("LEWISSPLIT", "lewis-split"),
        ("CGISPLIT", "cgi-split"),
        ("TOPICS", "has-topics"),
    ] {
        let value = attribute(tag, name).unwrap_or_default();
        if key.is_empty() { item.id(value) } else { item.keep(key, value) }
    }
    let line = |names: &[&str]| {
        names.iter().find_map(|name| element(source, name)).map(self::line).filter(|it| !it.is_empty())
    };
    item.id(&line(&["DOCNO", "DOCID"]).unwrap_or_default());
    item.title(line(TITLE));
    for name in DATES {
        item.published("date", &line(&[name]).map(|date| of_figures(&date)).unwrap_or_default());
    }
    item.byline(&line(BYLINE).unwrap_or_default());
    item.dateline(line(&["DATELINE"]).map(|dateline| dateline.trim_end_matches(['-', ' ']).to_owned()));
    item.source(line(SOURCE));
    item.section(line(&["SECTION"]));
    item.language(&line(&["LANGUAGE", "LANG"]).unwrap_or_default());
    for (name, key) in KEPT {
        let Some(inner) = element(source, name) else { continue };
        for part in inner.replace("</D>", "<D>").split("<D>") {
            item.keep(key, &self::line(part));
        }
    }
    for name in TEXT {
        let parts: Vec<String> = elements(source, name).map(text).filter(|part| !part.is_empty()).collect();
        item.text(&parts.join("\n\n"));
    }
    reader.next(item.finish())
}

/// A document without the characters of the line that are written as `&#3;`.
fn without_controls(source: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(source.len()), source);
    while let Some(at) = rest.find("&#") {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let number = rest[2..]
            .split(';')
            .next()
            .filter(|digits| digits.len() < 3)
            .and_then(|it| it.parse::<u8>().ok());
        let control = number.filter(|number| *number < 32).map(|_| rest.find(';').map_or(2, |end| end + 1));
        text.push_str(if control.is_some() { " " } else { "&#" });
        rest = &rest[control.unwrap_or(2)..];
    }
    text.push_str(rest);
    text
}

/// What is between the first tag of this name and its end, or the next line where it has none.
fn element<'s>(source: &'s str, name: &str) -> Option<&'s str> {
    elements(source, name).next()
}

fn elements<'s>(source: &'s str, name: &str) -> impl Iterator<Item = &'s str> {
    let mut rest = source;
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    std::iter::from_fn(move || {
        loop {
            let at = find(rest, &open)?;
            rest = &rest[at + open.len()..];
            if !rest.starts_with(['>', ' ', '\n']) {
                continue;
            }
            rest = &rest[rest.find('>')? + 1..];
            let end = find(rest, &close).or_else(|| rest.find('\n')).unwrap_or(rest.len());
            let inner = &rest[..end];
            rest = &rest[end..];
            return Some(inner);
        }
    })
}

/// Names of tags are written in either case, but in one within a collection.
fn find(source: &str, tag: &str) -> Option<usize> {
    let found = memchr::memmem::find(source.as_bytes(), tag.as_bytes());
    found.or_else(|| memchr::memmem::find(source.as_bytes(), tag.to_ascii_lowercase().as_bytes()))
}

fn attribute<'s>(tag: &'s str, name: &str) -> Option<&'s str> {
    let start = find(tag, &format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

/// On one line, without tags and control characters.
fn line(inner: &str) -> String {
    let plain = markup::unescaped(inner);
    let plain: String = plain.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    markup::line(&without_tags(&plain))
}

fn text(inner: &str) -> String {
    // Within a text without body, the title and dateline are elements of their own.
    let inner = ["TITLE", "DATELINE", "AUTHOR"].iter().fold(inner.to_owned(), |text, name| {
        match element(&text, name) {
            Some(part) => text.replacen(part, "", 1),
            None => text,
        }
    });
    let marked =
        inner.replace("<P>", "\n\n").replace("</P>", "\n\n").replace("<p>", "\n\n").replace("</p>", "\n\n");
    let plain = without_tags(&marked);
    let plain = markup::unescaped(&plain)
        .chars()
        .filter(|&c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect::<String>();
    // The agency's name ends the transmission, not the text.
    let end = plain.trim_end();
    let signed = end.rsplit_once('\n').filter(|(_, last)| last.trim().eq_ignore_ascii_case("reuter"));
    markup::wired_paragraphs(signed.map_or(end, |(before, _)| before))
}

/// Takes out what is surely a tag: letters in one case after `<` or `</`, up to `>`, on one line. `<ABC.N>` is a share.
fn without_tags(source: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(source.len()), source);
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let inner = rest[1..].split('>').next().unwrap_or_default();
        let name = inner.trim_start_matches('/').split(' ').next().unwrap_or_default();
        let known = matches!(
            name.to_ascii_uppercase().as_str(),
            "P" | "TITLE"
                | "DATELINE"
                | "AUTHOR"
                | "BODY"
                | "TEXT"
                | "D"
                | "F"
                | "FIG"
                | "H3"
                | "H4"
                | "H5"
                | "HT"
                | "TI"
                | "TABLE"
                | "TR"
                | "TD"
                | "BR"
        );
        if known && rest.len() > inner.len() + 1 {
            rest = &rest[inner.len() + 2..];
            text.push(' ');
        } else {
            text.push('<');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    text
}

/// A day of six figures, `930101`, in full.
fn of_figures(date: &str) -> String {
    let six = date.len() == 6 && date.bytes().all(|byte| byte.is_ascii_digit());
    if six { format!("19{}-{}-{}", &date[..2], &date[2..4], &date[4..]) } else { date.to_owned() }
}
