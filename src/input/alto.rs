//! ALTO: one scanned page, versions 1 to 4. A page that an issue beside it lists is read with the issue.
//!
//! Words cut in two are taken from their `SUBS_CONTENT`; the confidence of words is kept. Streams through the page.

use std::fs;
use std::path::Path;

use crate::input::decode::{declared_in_markup, decode};
use crate::input::scan::{Block, Page};
use crate::input::stream::HEAD;
use crate::input::xml::{Element, Flaw, Step, Xml};
use crate::input::{Confidence, Format, Halt, Head, Reader, skipped};
use crate::language::Language;

/// A scanned page.
pub(super) const FORMAT: Format =
    Format { name: "alto", label: "ALTO scanned page", extensions: &["alto"], sniff, read };

/// An issue that is larger is not looked into for its pages.
const LARGEST_ISSUE: u64 = 64 << 20;

fn sniff(head: &Head<'_>) -> Confidence {
    if head.opens_with("alto") { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    if reader.origin.depth == 0
        && let Some(issue) = issue_of(&reader.file.path)
    {
        reader.records = 1;
        return reader.emit(skipped(None, page_of(&issue)));
    }
    let page = page(&decode(&bytes, declared_in_markup).text)?;
    reader.only(page.article())
}

/// Why a page is no article of its own.
pub(super) fn page_of(issue: &str) -> String {
    format!("a page of the issue {issue}, read with it")
}

/// The METS file beside or above a page that lists it.
fn issue_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    for folder in path.ancestors().skip(1).take(2) {
        let mut files: Vec<_> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
        files.sort();
        for file in files {
            let other = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let is_xml = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml"));
            let is_issue = is_xml && other.to_ascii_lowercase().contains("mets") && file != path;
            if !is_issue || fs::metadata(&file).map_or(true, |found| found.len() > LARGEST_ISSUE) {
                continue;
            }
            let bytes = fs::read(&file).unwrap_or_default();
            if Head::new(&bytes[..bytes.len().min(HEAD)], other).opens_with("mets")
                && memchr::memmem::find(&bytes, name.as_bytes()).is_some()
            {
                return Some(other.to_owned());
            }
        }
    }
    None
}

/// Reads a page.
pub(super) fn page(source: &str) -> Result<Page, Flaw> {
    let mut xml = Xml::new(source.as_bytes(), usize::MAX);
    let mut state = State::default();
    while let Some(step) = xml.step()? {
        match step {
            Step::Open(element) => {
                let name = element.name.clone();
                match name.as_str() {
                    "ReadingOrder" => {
                        let order = xml.complete(element)?;
                        let named = order.find_all("ElementRef").filter_map(|item| item.attribute("REF"));
                        state.order.extend(named.map(str::to_owned));
                    }
                    "fileName" => {
                        state.page.image = xml.complete(element)?.line();
                    }
                    // What only says how letters look.
                    "Styles" | "Shape" | "Glyph" | "ALTERNATIVE" => drop(xml.complete(element)?),
                    _ => state.open(&element),
                }
            }
            // Elements are told apart by what was opened: only lines and blocks matter when they end.
            Step::Close => state.close(),
            Step::Text(_) => {}
        }
    }
    let State { mut page, order, .. } = state;
    if !order.is_empty() {
        page.reorder(&order);
    }
    Ok(page)
}

#[derive(Default)]
struct State {
    page: Page,
    open: Vec<Kind>,
    block: Option<Block>,
    line: String,
    /// The last word was given whole, though the line has only half of it.
    given_whole: bool,
    /// The line ends within a word.
    cut: bool,
    order: Vec<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Block,
    Line,
    Other,
}

impl State {
    fn open(&mut self, element: &Element) {
        let kind = match element.name.as_str() {
            "TextBlock" => Kind::Block,
            "TextLine" => Kind::Line,
            _ => Kind::Other,
        };
        match element.name.as_str() {
            "Page" => {
                self.page.number = element
                    .attribute("PRINTED_IMG_NR")
                    .or(element.attribute("PHYSICAL_IMG_NR"))
                    .map(str::to_owned);
                self.page.language = element.attribute("LANG").and_then(Language::parse);
            }
            "TextBlock" => {
                let kind = element
                    .attribute("TYPE")
                    .or(element.attribute("TAGREFS"))
                    .unwrap_or_default()
                    .to_lowercase();
                self.block = Some(Block {
                    id: element.attribute("ID").unwrap_or_default().to_owned(),
                    heading: ["heading", "title", "headline"].contains(&kind.as_str()),
                    language: element
                        .attribute("LANG")
                        .or(element.attribute("language"))
                        .and_then(Language::parse),
                    ..Block::default()
                });
            }
            "String" => self.word(element),
            "HYP" => self.cut = !self.line.is_empty() && !self.given_whole,
            _ => {}
        }
        self.open.push(kind);
    }

    fn word(&mut self, element: &Element) {
        let part = element.attribute("SUBS_TYPE").unwrap_or_default();
        let whole = element.attribute("SUBS_CONTENT");
        if let (Some(block), Some(sure)) =
            (&mut self.block, element.attribute("WC").and_then(|wc| wc.parse().ok()))
        {
            block.confidence.add(sure);
        }
        // The second half has been read with the first.
        if whole.is_some() && part.eq_ignore_ascii_case("HypPart2") {
            return;
        }
        let is_first = part.eq_ignore_ascii_case("HypPart1");
        let word = whole.filter(|_| is_first).or(element.attribute("CONTENT")).unwrap_or_default();
        if !self.line.is_empty() {
            self.line.push(' ');
        }
        self.line.push_str(word);
        self.given_whole = is_first && whole.is_some();
        self.cut = false;
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Kind::Line) => {
                let line = std::mem::take(&mut self.line);
                let cut = std::mem::take(&mut self.cut);
                if let Some(block) = &mut self.block {
                    block.line(&line, cut);
                }
            }
            Some(Kind::Block) => self.page.blocks.extend(self.block.take()),
            _ => {}
        }
    }
}
