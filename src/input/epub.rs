//! E-books: each document of the reading order that opens with a heading is an article; those without one go on with the
//! article before.
//!
//! Newspapers and magazines are given out as EPUB too, an article a document. Title, publisher, date and language of the
//! book count for all of its articles.

use std::collections::BTreeMap;

use zip::read::ZipArchive;

use crate::article::Article;
use crate::input::container::ReadSeek;
use crate::input::office::{has_type, is_zip, needed, part};
use crate::input::xml::{Element, parse};
use crate::input::{Confidence, Draft, Format, Halt, Head, Reader, markup, zip as archive};
use crate::language::Language;

/// An e-book.
pub(super) const FORMAT: Format =
    Format { name: "epub", label: "EPUB e-book", extensions: &["epub"], sniff, read };

fn sniff(head: &Head<'_>) -> Confidence {
    let named = FORMAT.extensions.contains(&head.extension.as_str());
    if has_type(head, b"application/epub+zip") || named && is_zip(head) {
        Confidence::Certain
    } else {
        Confidence::No
    }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let limit = reader.options.max_record_bytes;
    let mut archive = archive::open(reader)?;
    let book = Book::open(&mut archive, limit)?;
    let mut waiting: Option<Draft> = None;
    for path in &book.documents {
        let Some(source) = part(&mut archive, path, limit)? else {
            reader.member_failed(path, "read", "the book has no such document".into())?;
            continue;
        };
        let (title, text) = chapter(&source);
        if title.is_none() && text.is_empty() {
            continue;
        }
        match (&mut waiting, title) {
            (Some(draft), None) => {
                draft.article.text.push_str("\n\n");
                draft.article.text.push_str(&text);
            }
            (waiting, title) => {
                if let Some(draft) = waiting.replace(book.draft(title, text, path)) {
                    reader.next(draft)?;
                }
            }
        }
    }
    match waiting {
        Some(draft) => reader.next(draft),
        None => Ok(()),
    }
}

/// What a book says of itself, and its documents in reading order.
struct Book {
    metadata: Element,
    documents: Vec<String>,
}

impl Book {
    fn open(archive: &mut ZipArchive<Box<dyn ReadSeek>>, limit: usize) -> Result<Book, Halt> {
        let wrong = |what: &str| Halt::Failed { stage: "parse", reason: what.to_owned() };
        let container = parse(&needed(archive, "META-INF/container.xml", limit)?)?;
        let package_path = container.find("rootfile").and_then(|root| root.attribute("full-path"));
        let package_path = package_path.ok_or_else(|| wrong("the book does not say where its package is"))?;
        let package = parse(&needed(archive, package_path, limit)?)?;
        let folder = package_path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut files = BTreeMap::new();
        for item in package.find_all("item") {
            let media = item.attribute("media-type").unwrap_or_default();
            let is_text = media.contains("html")
                && !item.attribute("properties").is_some_and(|all| all.contains("nav"));
            if let (Some(id), Some(href), true) = (item.attribute("id"), item.attribute("href"), is_text) {
                files.insert(id.to_owned(), within(folder, href));
            }
        }
        let spine = package.find_all("itemref").filter_map(|item| item.attribute("idref"));
        let documents = spine.filter_map(|id| files.get(id).cloned()).collect();
        Ok(Book { metadata: package.find("metadata").cloned().unwrap_or_default(), documents })
    }

    fn says(&self, name: &str) -> Option<String> {
        self.metadata.find(name).and_then(Element::line)
    }

    fn draft(&self, title: Option<String>, text: String, path: &str) -> Draft {
        let mut article = Article { title: title.or_else(|| self.says("title")), text, ..Article::default() };
        let book = self.says("title");
        // The program that packs newspapers for reading gives itself as the publisher.
        let publisher = self.says("publisher").filter(|name| !name.eq_ignore_ascii_case("calibre"));
        article.source = publisher.or_else(|| book.clone());
        article.authors = self.metadata.find_all("creator").filter_map(Element::line).collect();
        article.authors.retain(|name| !name.eq_ignore_ascii_case("calibre"));
        article.keywords = self.metadata.find_all("subject").filter_map(Element::line).collect();
        article.language = self.says("language").and_then(|code| Language::parse(&code));
        let kept = [("book", book), ("rights", self.says("rights")), ("identifier", self.says("identifier"))];
        for (name, value) in kept {
            if let Some(value) = value {
                article.metadata.insert(name.to_owned(), value);
            }
        }
        article.metadata.insert("document".to_owned(), path.to_owned());
        let dates = self.says("date").map(|date| ("published".to_owned(), date)).into_iter().collect();
        Draft { article, dates, ..Draft::default() }
    }
}

/// A path beside the package, `..` and escapes taken out.
fn within(folder: &str, href: &str) -> String {
    let href = unescaped(href.split('#').next().unwrap_or_default());
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Percent escapes to characters.
fn unescaped(href: &str) -> String {
    let mut bytes = Vec::with_capacity(href.len());
    let mut rest = href.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let escape = code.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| first == b'%');
        bytes.push(escape.unwrap_or(first));
        rest = if escape.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The heading that a document opens with, and its text without it.
fn chapter(source: &str) -> (Option<String>, String) {
    let body = source.find("<body").map_or(source, |at| &source[at..]);
    let lower = body.to_ascii_lowercase();
    let heading = ["<h1", "<h2", "<h3"].iter().filter_map(|tag| lower.find(tag)).min();
    let Some(start) = heading else { return (None, markup::stripped(body)) };
    let close = format!("</{}", &lower[start + 1..start + 3]);
    let Some(end) = lower[start..].find(&close).map(|at| start + at) else {
        return (None, markup::stripped(body));
    };
    let title = markup::line(&format!("{}{close}>", &body[start..end]));
    let after = body[end..].find('>').map_or("", |at| &body[end + at + 1..]);
    let text = markup::stripped(&format!("{}<p>{after}", &body[..start]));
    if title.is_empty() { (None, markup::stripped(body)) } else { (Some(title), text.trim().to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_open_with_their_heading() {
        let page = "<html><head><title>x</title></head><body><h2>Storm <i>at</i> sea</h2><p>It blew.</p></body></html>";
        assert_eq!(chapter(page), (Some("Storm at sea".into()), "It blew.".into()));
        assert_eq!(chapter("<body><p>No heading.</p></body>"), (None, "No heading.".into()));
        assert_eq!(chapter("<body><h1>unclosed"), (None, "unclosed".into()));
    }

    #[test]
    fn paths_stay_within_the_book() {
        assert_eq!(within("OEBPS", "../../text/a%20b.xhtml#top"), "text/a b.xhtml");
        assert_eq!(within("", "./x%zz.html"), "x%zz.html");
    }
}
