//! Web pages: one article, without what stands around it.

use dom_query::Document;

use crate::article::Article;
use crate::input::decode::{declared_in_markup, decode};
use crate::input::{Confidence, Format, Halt, Head, Reader, markup};

/// A web page.
pub(super) const FORMAT: Format =
    Format { name: "html", label: "HTML", extensions: &["html", "htm", "xhtml", "shtml"], sniff, read };

fn sniff(head: &Head<'_>) -> Confidence {
    let start = head.bytes[..head.bytes.len().min(1024)].to_ascii_lowercase();
    let says = [&b"<!doctype html"[..], b"<html", b"<head", b"<body"]
        .iter()
        .any(|tag| memchr::memmem::find(&start, tag).is_some());
    match (says, FORMAT.extensions.contains(&head.extension.as_str())) {
        (true, _) if start.trim_ascii_start().starts_with(b"<") => Confidence::Certain,
        (_, true) => Confidence::Likely,
        _ => Confidence::No,
    }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    let decoded = decode(&bytes, declared_in_markup);
    let page = Document::from(decoded.text.as_ref());
    let title = markup::line(&page.select("title").text());
    let article = Article {
        title: (!title.is_empty()).then_some(title),
        text: markup::stripped(&decoded.text),
        notes: decoded.note.into_iter().collect(),
        ..Article::default()
    };
    reader.only(article)
}
