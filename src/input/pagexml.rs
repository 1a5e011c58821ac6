//! PAGE XML: pages as transcription tools keep them (Transkribus, eScriptorium, OCR-D), in reading order.

use crate::input::decode::{declared_in_markup, decode};
use crate::input::scan::{Block, Page};
use crate::input::xml::{Element, parse};
use crate::input::{Confidence, Format, Halt, Head, Reader};
use crate::language::Language;

/// A transcribed page.
pub(super) const FORMAT: Format =
    Format { name: "page", label: "PAGE XML scanned page", extensions: &["page"], sniff, read };

fn sniff(head: &Head<'_>) -> Confidence {
    if head.opens_with("PcGts") { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    let root = parse(&decode(&bytes, declared_in_markup).text)?;
    reader.only(page(&root).article())
}

fn page(root: &Element) -> Page {
    let mut page = Page::default();
    let Some(sheet) = root.child("Page") else { return page };
    page.image = sheet.attribute("imageFilename").map(str::to_owned);
    page.language = sheet.attribute("primaryLanguage").and_then(language);
    for region in sheet.find_all("TextRegion") {
        page.blocks.push(block(region));
    }
    let order: Vec<String> = sheet.find("ReadingOrder").map(regions_in_order).unwrap_or_default();
    if !order.is_empty() {
        page.reorder(&order);
    }
    page
}

/// The regions that groups name, ordered ones by their index.
fn regions_in_order(group: &Element) -> Vec<String> {
    let mut members: Vec<&Element> = group.elements().collect();
    if group.name.starts_with("Ordered") {
        members.sort_by_key(|member| member.attribute("index").and_then(|index| index.parse::<u32>().ok()));
    }
    let mut order = Vec::new();
    for member in members {
        order.extend(member.attribute("regionRef").map(str::to_owned));
        order.extend(regions_in_order(member));
    }
    order
}

fn block(region: &Element) -> Block {
    let kind = region.attribute("type").unwrap_or_default();
    let mut block = Block {
        id: region.attribute("id").unwrap_or_default().to_owned(),
        heading: matches!(kind, "heading" | "header"),
        language: region.attribute("primaryLanguage").and_then(language),
        ..Block::default()
    };
    let lines: Vec<&Element> = region.all("TextLine").collect();
    if lines.is_empty() {
        // A region that is not cut into lines has its text at once.
        for line in text_of(region, &mut block).unwrap_or_default().lines() {
            block.line(line, false);
        }
    }
    for line in lines {
        let whole = text_of(line, &mut block);
        let words = || {
            let words: Vec<String> =
                line.all("Word").filter_map(|word| text_of(word, &mut Block::default())).collect();
            words.join(" ")
        };
        let text = whole.unwrap_or_else(words);
        block.line(&text, false);
    }
    block
}

/// What an element says: the reading of the lowest index.
fn text_of(element: &Element, block: &mut Block) -> Option<String> {
    let readings = element.all("TextEquiv");
    let best = readings
        .min_by_key(|reading| reading.attribute("index").and_then(|index| index.parse::<u32>().ok()))?;
    if let Some(sure) = best.attribute("conf").and_then(|conf| conf.parse().ok()) {
        block.confidence.add(sure);
    }
    let text = best.child("Unicode").or_else(|| best.child("PlainText"))?.raw();
    (!text.trim().is_empty()).then_some(text)
}

/// PAGE writes languages out: `German`.
fn language(name: &str) -> Option<Language> {
    Language::parse(name).or_else(|| {
        let codes = [
            ("english", "en"),
            ("german", "de"),
            ("french", "fr"),
            ("spanish", "es"),
            ("arabic", "ar"),
            ("dutch", "nl"),
            ("italian", "it"),
            ("russian", "ru"),
            ("portuguese", "pt"),
        ];
        let name = name.to_lowercase();
        codes.iter().find(|(written, _)| *written == name).and_then(|(_, code)| Language::parse(code))
    })
}
