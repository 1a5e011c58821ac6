//! Word and `OpenDocument` texts: one article, paragraphs as they stand, properties of the document as metadata.
//!
//! Both are zip archives of XML. What was deleted under change tracking, comments, and the second copy of what older
//! programs cannot show are left out.

use std::io::Read as _;

use zip::read::ZipArchive;

use crate::article::Article;
use crate::input::container::ReadSeek;
use crate::input::decode::{declared_in_markup, decode};
use crate::input::xml::{Element, Flaw, Step, Xml, parse};
use crate::input::{Confidence, Draft, Format, Halt, Head, Reader, plain, too_large, zip as archive};
use crate::language::Language;

/// A text of Word since 2007.
pub(super) const DOCX: Format = Format {
    name: "docx",
    label: "Word document",
    extensions: &["docx", "docm"],
    sniff: sniff_docx,
    read: read_docx,
};

/// A text of `LibreOffice` and others.
pub(super) const ODT: Format = Format {
    name: "odt",
    label: "OpenDocument text",
    extensions: &["odt", "ott"],
    sniff: sniff_odt,
    read: read_odt,
};

fn sniff_docx(head: &Head<'_>) -> Confidence {
    let named = DOCX.extensions.contains(&head.extension.as_str());
    if is_package(head, b"word/") || named && is_zip(head) { Confidence::Certain } else { Confidence::No }
}

fn sniff_odt(head: &Head<'_>) -> Confidence {
    if has_type(head, b"application/vnd.oasis.opendocument.text") {
        Confidence::Certain
    } else {
        Confidence::No
    }
}

pub(super) fn is_zip(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"PK\x03\x04")
}

/// Whether this is an Office package whose parts lie in `folder`.
pub(super) fn is_package(head: &Head<'_>, folder: &[u8]) -> bool {
    let first = head.bytes.get(30..).unwrap_or_default();
    let package = [&b"[Content_Types].xml"[..], b"_rels/", b"docProps/", folder];
    is_zip(head)
        && package.iter().any(|name| first.starts_with(name))
        && memchr::memmem::find(head.bytes, folder).is_some()
}

/// Whether the first member of the archive says that this is its type, as `OpenDocument` and EPUB ask.
pub(super) fn has_type(head: &Head<'_>, media: &[u8]) -> bool {
    let rest = head.bytes.get(30..).unwrap_or_default().strip_prefix(b"mimetype").unwrap_or_default();
    is_zip(head)
        && rest.get(..100.min(rest.len())).is_some_and(|rest| memchr::memmem::find(rest, media).is_some())
}

/// The text of a member of an office file; nothing if it has none of this name.
pub(super) fn part(
    archive: &mut ZipArchive<Box<dyn ReadSeek>>,
    name: &str,
    limit: usize,
) -> Result<Option<String>, Halt> {
    let Ok(member) = archive.by_name(name) else { return Ok(None) };
    let mut bytes = Vec::new();
    let read = member.take(limit as u64 + 1).read_to_end(&mut bytes);
    if bytes.len() > limit {
        return Err(Halt::Failed { stage: "decompress", reason: format!("{name}: {}", too_large(limit)) });
    }
    match read {
        Ok(_) => Ok(Some(decode(&bytes, declared_in_markup).text.into_owned())),
        Err(error) => {
            let reason = format!("{name}: {}", error.to_string().to_lowercase());
            Err(Halt::Failed { stage: "decompress", reason })
        }
    }
}

/// What a member must be there for.
pub(super) fn needed(
    archive: &mut ZipArchive<Box<dyn ReadSeek>>,
    name: &str,
    limit: usize,
) -> Result<String, Halt> {
    let missing = || Halt::Failed { stage: "parse", reason: format!("{name} is missing") };
    part(archive, name, limit)?.ok_or_else(missing)
}

fn read_docx(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let limit = reader.options.max_record_bytes;
    let mut archive = archive::open(reader)?;
    let body = Body::of_docx(&needed(&mut archive, "word/document.xml", limit)?)?;
    let properties = part(&mut archive, "docProps/core.xml", limit)?;
    let properties = properties.and_then(|text| parse(&text).ok());
    reader.only(document(body, properties.as_ref()))
}

fn read_odt(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let limit = reader.options.max_record_bytes;
    let mut archive = archive::open(reader)?;
    let body = Body::of_odt(&needed(&mut archive, "content.xml", limit)?)?;
    let properties = part(&mut archive, "meta.xml", limit)?.and_then(|text| parse(&text).ok());
    let meta = properties.as_ref().and_then(|root| root.child("meta"));
    reader.only(document(body, meta))
}

/// What a document shows.
#[derive(Default)]
struct Body {
    paragraphs: Vec<String>,
    /// The paragraph that is set as the title.
    title: Option<usize>,
    line: String,
}

impl Body {
    fn of_docx(source: &str) -> Result<Body, Flaw> {
        let mut xml = Xml::new(source.as_bytes(), usize::MAX);
        let mut body = Body::default();
        let mut open: Vec<String> = Vec::new();
        while let Some(step) = xml.step()? {
            match step {
                Step::Open(element) => {
                    if element.is("Fallback") {
                        xml.complete(element)?;
                        continue;
                    }
                    match element.name.as_str() {
                        "p" => body.end_paragraph(),
                        "tab" => body.line.push(' '),
                        "br" | "cr" => body.line.push('\n'),
                        "noBreakHyphen" => body.line.push('\u{2011}'),
                        "pStyle" => body.style(element.attribute("val").unwrap_or_default()),
                        _ => {}
                    }
                    open.push(element.name);
                }
                Step::Close => {
                    if open.pop().as_deref() == Some("p") {
                        body.end_paragraph();
                    }
                }
                Step::Text(text) if open.last().is_some_and(|name| name == "t") => body.line.push_str(&text),
                Step::Text(_) => {}
            }
        }
        body.end_paragraph();
        Ok(body)
    }

    fn of_odt(source: &str) -> Result<Body, Flaw> {
        const LEFT_OUT: &[&str] =
            &["annotation", "tracked-changes", "note", "automatic-styles", "scripts", "font-face-decls"];
        let mut xml = Xml::new(source.as_bytes(), usize::MAX);
        let mut body = Body::default();
        let mut open: Vec<String> = Vec::new();
        let mut within = 0_usize;
        while let Some(step) = xml.step()? {
            match step {
                Step::Open(element) if LEFT_OUT.contains(&element.name.as_str()) => {
                    xml.complete(element)?;
                }
                Step::Open(element) => {
                    match element.name.as_str() {
                        "p" | "h" => {
                            if within == 0 {
                                body.end_paragraph();
                            }
                            within += 1;
                            body.style(element.attribute("style-name").unwrap_or_default());
                        }
                        "s" | "tab" => body.line.push(' '),
                        "line-break" => body.line.push('\n'),
                        _ => {}
                    }
                    open.push(element.name);
                }
                Step::Close => {
                    if matches!(open.pop().as_deref(), Some("p" | "h")) {
                        within -= 1;
                        body.end_paragraph();
                    }
                }
                Step::Text(text) if within > 0 => body.line.push_str(&text),
                Step::Text(_) => {}
            }
        }
        Ok(body)
    }

    /// The paragraph that begins is set in this style.
    fn style(&mut self, name: &str) {
        if self.title.is_none() && matches!(name, "Title" | "Titel" | "Titre" | "Heading1" | "Heading_20_1") {
            self.title = Some(self.paragraphs.len());
        }
    }

    fn end_paragraph(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        if !line.is_empty() {
            self.paragraphs.push(line.to_owned());
        }
    }
}

/// The article of a document and its properties (`dc:title`, `dc:creator`, …).
fn document(mut body: Body, properties: Option<&Element>) -> Draft {
    let mut article = Article::default();
    let mut dates = Vec::new();
    if let Some(title) = body.title.filter(|&at| at < body.paragraphs.len().min(3)) {
        article.title = Some(body.paragraphs.remove(title));
    }
    article.text = body.paragraphs.join("\n\n");
    for property in properties.into_iter().flat_map(Element::elements) {
        let Some(value) = property.line() else { continue };
        match property.name.as_str() {
            "title" => article.title = article.title.take().or(Some(value)),
            "creator" | "initial-creator" if !article.authors.contains(&value) => article.authors.push(value),
            "created" | "creation-date" => dates.push(("created".to_owned(), value)),
            "language" => article.language = Language::parse(&value),
            "keywords" | "keyword" => {
                article.keywords.extend(value.split([',', ';']).map(|word| word.trim().to_owned()));
            }
            "subject" | "description" | "modified" | "category" => {
                article.metadata.insert(property.name.clone(), value);
            }
            _ => {}
        }
    }
    if article.title.is_none() {
        let (title, text) = plain::split_title(&article.text);
        let (title, text) = (title.map(str::to_owned), text.to_owned());
        (article.title, article.text) = (title, text);
    }
    Draft { article, dates, ..Draft::default() }
}
