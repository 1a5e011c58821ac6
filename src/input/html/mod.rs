//! Web pages: one article, without what stands around it, and what the page says of it.
//!
//! One parse and one flattening per page; `body` finds the text, `meta` the title, the people and the publisher, and
//! `published::html` the date. Pages too deep or too large for a tree are read as running text.

mod body;
pub(super) mod marks;
mod meta;
pub(super) mod page;
mod people;
mod phrases;
mod title;

use dom_query::Document;

use crate::article::Article;
use crate::input::decode::{declared_in_markup, decode_sent};
use crate::input::html::marks::Mark;
use crate::input::html::meta::Meta;
use crate::input::html::page::Page;
use crate::input::published::{self, parse::Reading};
use crate::input::{Confidence, Draft, Format, Halt, Head, Reader, markup};

/// A web page.
pub(super) const FORMAT: Format =
    Format { name: "html", label: "HTML", extensions: &["html", "htm", "xhtml", "shtml"], sniff, read };

/// Deeper nesting is no page that a person wrote, and parsing it takes time that grows with the square of its depth.
const DEEPEST: usize = 2_000;

/// A larger page is read without a tree, which takes ten times its size in memory.
const LARGEST: usize = 8 << 20;

fn sniff(head: &Head<'_>) -> Confidence {
    let start = head.bytes[..head.bytes.len().min(1024)].to_ascii_lowercase();
    let tags = [&b"<!doctype html"[..], b"<html", b"<head>", b"<head ", b"<body>", b"<body "];
    let says = tags.iter().any(|tag| memchr::memmem::find(&start, tag).is_some());
    // A document of another vocabulary may have a head and a body too.
    let other =
        memchr::memmem::find(&start, b"<?xml").is_some() && head.root().is_some_and(|root| !root.is("html"));
    if other {
        return Confidence::No;
    }
    let named = FORMAT.extensions.contains(&head.extension.as_str());
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&start);
    if says && start.trim_ascii_start().starts_with(b"<") {
        Confidence::Certain
    } else if named {
        Confidence::Likely
    } else {
        Confidence::No
    }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    let decoded = decode_sent(&bytes, reader.origin.charset, declared_in_markup);
    let mut draft = draft(&decoded.text);
    draft.article.notes.extend(decoded.note);
    reader.only(draft)
}

/// The article of a page.
fn draft(source: &str) -> Draft {
    if source.len() > LARGEST || too_deep(source) {
        let note = "the page is too large or nested too deeply: read as running text".to_owned();
        return Article { text: markup::stripped(source), notes: vec![note], ..Article::default() }.into();
    }
    let document = Document::from(source);
    let page = Page::new(&document);
    let marks: Vec<Mark> = marks::marks(&page);
    let meta = Meta::new(&page);
    let title = title::title(&page, &marks, &meta);
    let known =
        body::Known { title: title.as_deref(), summary: meta.summary(), told: meta.linked.text.as_deref() };
    let mut text = body::text(&page, &marks, &known);
    if text.is_empty() && title.is_none() {
        // A page of nothing but links is still something that somebody kept.
        text = markup::stripped(source);
    }
    let language = meta.language(&page);
    let reading = Reading { language, ..Reading::default() };
    let dates = published::html::candidates(&page, meta.url.as_deref(), &reading);
    let authors = people::authors(&page, &marks, &meta, title.as_deref());
    let claimed = (!authors.claimed.is_empty()).then(|| authors.claimed.join("; "));
    let article = Article {
        text,
        authors: authors.printed,
        metadata: claimed.map(|names| ("claimed-author".to_owned(), names)).into_iter().collect(),
        source: title::source(&meta),
        section: meta.section(),
        language,
        url: meta.url.clone(),
        keywords: unique(meta.keywords),
        title,
        ..Article::default()
    };
    Draft { article, page: dates, ..Draft::default() }
}

fn unique(words: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for word in words {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen
}

/// Whether elements that a parser does not close by itself lie deeper than [`DEEPEST`].
pub(super) fn too_deep(source: &str) -> bool {
    let bytes = source.as_bytes();
    let mut depth = 0_usize;
    for at in memchr::memchr_iter(b'<', bytes) {
        let closing = bytes.get(at + 1) == Some(&b'/');
        let rest = &bytes[(at + 1 + usize::from(closing)).min(bytes.len())..];
        let mut name = [0; LONGEST_NESTING];
        let mut length = 0;
        while length < LONGEST_NESTING && rest.get(length).is_some_and(u8::is_ascii_alphanumeric) {
            name[length] = rest[length].to_ascii_lowercase();
            length += 1;
        }
        if !nests(&name[..length]) {
            continue;
        }
        depth = if closing { depth.saturating_sub(1) } else { depth + 1 };
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// One more than the letters of the longest name of an element that nests.
const LONGEST_NESTING: usize = 11;

/// Whether elements of this name lie in each other as deep as a page says.
fn nests(name: &[u8]) -> bool {
    matches!(
        name,
        b"div"
            | b"span"
            | b"section"
            | b"article"
            | b"blockquote"
            | b"ul"
            | b"ol"
            | b"table"
            | b"center"
            | b"font"
            | b"b"
            | b"i"
            | b"em"
            | b"strong"
            | b"u"
            | b"small"
            | b"big"
            | b"svg"
            | b"g"
            | b"math"
            | b"object"
            | b"template"
            | b"dl"
            | b"form"
            | b"main"
            | b"aside"
    )
}
