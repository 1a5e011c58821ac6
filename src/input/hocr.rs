//! hOCR: what OCR programs write as HTML, an article a page.
//!
//! One walk over the elements: pages, paragraphs, lines and words by their classes, confidence from their titles.

use dom_query::{Document, NodeRef};

use crate::input::decode::{declared_in_markup, decode};
use crate::input::html::too_deep;
use crate::input::scan::{Block, Page};
use crate::input::{Confidence, Format, Halt, Head, Reader};
use crate::language::Language;

/// Recognised pages.
pub(super) const FORMAT: Format =
    Format { name: "hocr", label: "hOCR scanned pages", extensions: &["hocr"], sniff, read };

/// Classes of lines.
const LINES: &[&str] = &["ocr_line", "ocrx_line", "ocr_header", "ocr_caption", "ocr_textfloat"];
/// Classes of what is read as one.
const BLOCKS: &[&str] = &["ocr_par", "ocr_carea", "ocrx_block"];

fn sniff(head: &Head<'_>) -> Confidence {
    let marks = [&b"ocr-system"[..], b"class=\"ocr_page\"", b"class='ocr_page'"];
    if marks.iter().any(|mark| memchr::memmem::find(head.bytes, mark).is_some()) {
        Confidence::Certain
    } else {
        Confidence::No
    }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    let decoded = decode(&bytes, declared_in_markup);
    if too_deep(&decoded.text) {
        return Err(Halt::Failed { stage: "parse", reason: "elements nested too deeply".to_owned() });
    }
    for page in pages(&decoded.text) {
        reader.next(page.article())?;
    }
    Ok(())
}

/// The pages of a file.
fn pages(source: &str) -> Vec<Page> {
    let document = Document::from(source);
    let mut walk = Walk::default();
    for node in document.root().descendants_it().filter(NodeRef::is_element) {
        walk.visit(&node);
    }
    walk.end_block();
    walk.pages
}

#[derive(Default)]
struct Walk {
    pages: Vec<Page>,
    block: Block,
    line: String,
}

impl Walk {
    fn visit(&mut self, node: &NodeRef<'_>) {
        let Some(class) = node.attr("class") else { return };
        let is = |classes: &[&str]| class.split_whitespace().any(|class| classes.contains(&class));
        let title = node.attr("title").map(|title| title.to_string()).unwrap_or_default();
        if is(&["ocr_page"]) {
            self.end_block();
            let number = property(&title, "ppageno").and_then(|number| number.parse::<u32>().ok());
            self.pages.push(Page {
                number: number.map(|number| (number + 1).to_string()),
                image: property(&title, "image").map(|image| image.trim_matches(['"', '\'']).to_owned()),
                language: language(node),
                ..Page::default()
            });
        } else if is(BLOCKS) {
            self.end_block();
            self.block.language = language(node);
        } else if is(LINES) {
            self.end_line();
            if !node.descendants_it().any(|inner| inner.is_element() && inner.has_class("ocrx_word")) {
                self.line.push_str(&node.text());
            }
        } else if is(&["ocrx_word"]) {
            if !self.line.is_empty() {
                self.line.push(' ');
            }
            self.line.push_str(node.text().trim());
            let sure = property(&title, "x_wconf").and_then(|sure| sure.parse::<f64>().ok());
            if let Some(sure) = sure {
                self.block.confidence.add(sure / 100.0);
            }
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.block.line(&line, false);
    }

    fn end_block(&mut self) {
        self.end_line();
        let block = std::mem::take(&mut self.block);
        if let Some(page) = self.pages.last_mut()
            && !block.text.is_empty()
        {
            page.blocks.push(block);
        }
    }
}

/// A property of a title: `image "a.png"; bbox 0 0 1 1; ppageno 0`.
fn property<'t>(title: &'t str, name: &str) -> Option<&'t str> {
    title.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix(' ')).map(str::trim)
}

fn language(node: &NodeRef<'_>) -> Option<Language> {
    node.attr("lang").or_else(|| node.attr("xml:lang")).and_then(|code| Language::parse(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lines_and_words_are_told_by_class() {
        let source = "<html><body><div class='ocr_page' title='image \"p1.png\"; ppageno 0'><p class='ocr_par' lang='de'>\
            <span class='ocr_line'><span class='ocrx_word' title='bbox 1 2 3 4; x_wconf 90'>Der</span> \
            <span class='ocrx_word' title='x_wconf 70'>Ge-</span></span><span class='ocr_line'>\
            <span class='ocrx_word'>sandte</span></span></p></div><div class='ocr_page'><span class='ocr_line'>Bare line</span></div></body>";
        let pages = pages(source);
        assert_eq!(pages.len(), 2);
        assert_eq!((pages[0].number.as_deref(), pages[0].image.as_deref()), (Some("1"), Some("p1.png")));
        assert_eq!(pages[0].blocks[0].text, "Der Gesandte");
        assert_eq!(pages[0].blocks[0].confidence.shown().as_deref(), Some("0.80"));
        assert_eq!(pages[1].blocks[0].text, "Bare line");
    }
}
