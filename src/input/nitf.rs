//! NITF 3.x, the News Industry Text Format: one story with its headline, byline, dateline and document data.
//!
//! Also reads the NITF that `NewsML` carries ([`fill`]). All versions, with and without namespace.

use crate::input::byline;
use crate::input::item::Item;
use crate::input::xml::{Element, Node};
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// One story.
pub(super) const FORMAT: Format = Format { name: "nitf", label: "NITF", extensions: &["nitf"], sniff, read };

fn sniff(head: &Head<'_>) -> Confidence {
    match head.root() {
        // NewsML-G2 carries it in elements of its own, which some archives keep alone.
        Some(root) if ["nitf", "inlineXML", "contentSet"].iter().any(|name| root.is(name)) => {
            Confidence::Certain
        }
        _ => Confidence::No,
    }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let (root, note) = reader.document()?;
    let mut item = Item::default();
    item.note(note);
    let inner = if root.is("nitf") { None } else { root.find("nitf") };
    fill(inner.unwrap_or(&root), &mut item);
    reader.only(item.finish())
}

/// Adds what a `<nitf>` element says to `item`.
pub(super) fn fill(nitf: &Element, item: &mut Item) {
    if let Some(tag) = nitf.attribute("baselang").or(nitf.attribute("lang")) {
        item.language(tag);
    }
    // Opening and content may be told apart by name only: some writers leave the body out.
    let body = nitf.child("body").unwrap_or(nitf);
    item.source(nitf.find("pubdata").and_then(|data| data.attribute("name")).map(str::to_owned));
    if let Some(opening) = body.child("body.head") {
        of_opening(opening, item);
    }
    if let Some(head) = nitf.child("head") {
        of_head(head, item);
    }
    of_content(body.child("body.content").unwrap_or(body), item);
    if let Some(end) = body.child("body.end") {
        item.keep("tagline", &end.prose(&|_| false));
        item.keep("bibliography", &end.child("bibliography").and_then(Element::line).unwrap_or_default());
    }
}

fn of_opening(opening: &Element, item: &mut Item) {
    if let Some(headline) = opening.child("hedline") {
        item.title(headline.child("hl1").and_then(Element::line));
        for second in headline.all("hl2") {
            let second = second.line();
            if item.has_title() {
                item.keep("subtitle", second.as_deref().unwrap_or_default());
            }
            item.title(second);
        }
        if headline.elements().next().is_none() {
            item.title(headline.line());
        }
    }
    for byline in opening.all("byline") {
        of_byline(byline, item);
    }
    if let Some(dateline) = opening.child("dateline") {
        of_dateline(dateline, item);
    }
    if let Some(distributor) = opening.child("distributor").and_then(Element::line) {
        item.keep("distributor", &distributor);
        item.source(Some(distributor));
    }
    for lead in opening.all("abstract") {
        item.keep("abstract", &lead.prose(&|_| false));
    }
    if let Some(rights) = opening.child("rights") {
        item.source(rights.child("rights.owner").and_then(Element::line));
        item.keep("rights", &rights.line().unwrap_or_default());
    }
    for note in opening.all("note") {
        item.keep("editorial-note", &note.line().unwrap_or_default());
    }
    item.keep("series", &opening.child("series").and_then(Element::line).unwrap_or_default());
}

/// Persons where they are marked, else the words before the title of whoever writes.
pub(super) fn of_byline(byline: &Element, item: &mut Item) {
    let printed = byline.line().unwrap_or_default();
    let mut people: Vec<String> = byline.find_all("person").filter_map(Element::line).collect();
    if people.is_empty() {
        let title_apart = Element {
            nodes: byline.nodes.iter().filter(|node| !is_title_or_place(node)).cloned().collect(),
            ..Element::default()
        };
        people.extend(title_apart.line());
    }
    for person in people {
        item.author(&person);
    }
    // Where nobody is named, whoever is said to have written: an agency.
    if !item.has_author() {
        let titles = byline.find_all("byttl").filter_map(Element::line);
        titles.filter(|title| !byline::is_role(title)).for_each(|title| item.author(&title));
    }
    item.keep("byline", &printed);
    for title in byline.find_all("byttl") {
        item.keep("author-title", &title.line().unwrap_or_default());
    }
}

fn is_title_or_place(node: &Node) -> bool {
    let Node::Element(element) = node else { return false };
    matches!(element.name.as_str(), "byttl" | "location" | "org" | "virtloc" | "chron")
}

fn of_dateline(dateline: &Element, item: &mut Item) {
    for date in dateline.find_all("story.date").chain(dateline.find_all("chron")) {
        let printed = date.line().unwrap_or_default();
        item.date("story-date", date.attribute("norm").unwrap_or(&printed));
    }
    // City, state and country are elements of their own, or words of one.
    let parts: Vec<String> = dateline
        .descendants()
        .filter(|element| !matches!(element.name.as_str(), "story.date" | "chron"))
        .filter(|element| element.elements().next().is_none())
        .filter_map(Element::line)
        .collect();
    // Where text stands between them, the line reads as it is printed.
    let is_said = dateline
        .nodes
        .iter()
        .any(|node| matches!(node, Node::Text(text) if text.contains(char::is_alphabetic)));
    let printed = dateline.line().filter(|_| is_said);
    item.dateline(printed.or((!parts.is_empty()).then(|| parts.join(", "))));
}

fn of_head(head: &Element, item: &mut Item) {
    item.title(head.child("title").and_then(Element::line));
    for meta in head.all("meta") {
        if let (Some(name), Some(content)) = (meta.attribute("name"), meta.attribute("content")) {
            item.keep(name, content);
        }
    }
    for subject in head.find_all("tobject.subject") {
        let names = ["type", "matter", "detail"]
            .map(|level| subject.attribute(&format!("tobject.subject.{level}")).unwrap_or_default());
        let code = subject.attribute("tobject.subject.refnum").or(subject.attribute("tobject.subject.code"));
        item.subject(names.iter().rev().find(|name| !name.is_empty()).copied(), code);
    }
    // Document data stands beside publication data, or, with some writers, around it.
    for data in head.descendants() {
        match data.name.as_str() {
            "docdata" => of_document_data(data, item),
            "pubdata" => of_publication(data, item),
            "revision-history" => {
                let name = data.attribute("name").unwrap_or_default();
                item.keep("revision", name);
                if data.attribute("function") == Some("writer-author") && !item.has_author() {
                    item.author(name);
                }
            }
            _ => {}
        }
    }
    if let Some(kind) = head.child("tobject").and_then(|object| object.attribute("tobject.type")) {
        item.keep("type", kind);
        item.section(Some(kind.to_owned()).filter(|kind| !kind.eq_ignore_ascii_case("news")));
    }
    for property in head.find_all("tobject.property") {
        item.keep("genre", property.attribute("tobject.property.type").unwrap_or_default());
    }
}

fn of_document_data(data: &Element, item: &mut Item) {
    let said =
        |path: &[&str], attribute: &str| data.at(path).and_then(|element| element.attribute(attribute));
    item.id(said(&["doc-id"], "id-string").unwrap_or_default());
    for (name, element) in
        [("date.issue", "date.issue"), ("date.release", "date.release"), ("date.expire", "date.expire")]
    {
        let printed = data.child(element).and_then(Element::line).unwrap_or_default();
        item.date(name, said(&[element], "norm").unwrap_or(&printed));
    }
    for (name, element, attribute) in [
        ("urgency", "urgency", "ed-urg"),
        ("slug", "du-key", "key"),
        ("version", "du-key", "version"),
        ("generation", "du-key", "generation"),
        ("fixture", "fixture", "fix-id"),
        ("editorial-note", "ed-msg", "info"),
        ("scope", "doc-scope", "scope"),
        ("registry", "doc-id", "regsrc"),
        ("series", "series", "series.name"),
        ("series-part", "series", "series.part"),
        ("rights", "doc.rights", "limitations"),
        ("rights-owner", "doc.rights", "owner"),
        ("copyright", "doc.copyright", "holder"),
        ("copyright-year", "doc.copyright", "year"),
    ] {
        for found in data.find_all(element) {
            item.keep(name, found.attribute(attribute).unwrap_or_default());
        }
    }
    for (name, attribute) in [
        ("status", "management-status"),
        ("supersedes", "management-doc-idref"),
        ("supersedes-status", "management-idref-status"),
    ] {
        item.keep(name, data.attribute(attribute).unwrap_or_default());
    }
    for place in data.find_all("evloc") {
        let parts = ["city", "county-dist", "state-prov", "iso-cc"].map(|part| place.attribute(part));
        item.keep("event-location", &parts.into_iter().flatten().collect::<Vec<_>>().join(", "));
    }
    for keyword in data.find_all("keyword") {
        let printed = keyword.line();
        item.keyword(keyword.attribute("key").or(printed.as_deref()).unwrap_or_default());
    }
    for list in data.all("key-list") {
        item.keep("key-list", list.attribute("key").unwrap_or_default());
    }
    for classifier in data.find_all("classifier") {
        item.subject(classifier.attribute("value"), classifier.attribute("id"));
    }
    for through in data.find_all("from-src") {
        item.keep("delivered-by", through.attribute("src-name").unwrap_or_default());
    }
    for owner in [said(&["doc.copyright"], "holder"), said(&["doc-id"], "regsrc")] {
        item.source(owner.map(str::to_owned));
    }
}

fn of_publication(data: &Element, item: &mut Item) {
    item.published("date.publication", data.attribute("date.publication").unwrap_or_default());
    item.section(data.attribute("position.section").map(str::to_owned));
    item.url(data.attribute("ex-ref").unwrap_or_default());
    for (name, attribute) in [
        ("newspaper", "name"),
        ("page", "position.sequence"),
        ("volume", "volume"),
        ("number", "number"),
        ("issue", "issue"),
        ("edition", "edition.name"),
        ("edition-area", "edition.area"),
        ("issn", "issn"),
        ("length", "item-length"),
    ] {
        item.keep(name, data.attribute(attribute).unwrap_or_default());
    }
}

fn of_content(content: &Element, item: &mut Item) {
    for caption in content.find_all("media-caption") {
        item.keep("captions", &caption.line().unwrap_or_default());
    }
    for credit in content.find_all("media-producer") {
        item.keep("picture-credit", &credit.line().unwrap_or_default());
    }
    // Bylines and datelines of blocks are those of the story where its opening has none.
    if let Some(byline) = content.find("byline").filter(|_| !item.has_author()) {
        of_byline(byline, item);
    }
    let passed = |element: &Element| {
        matches!(
            element.name.as_str(),
            "media" | "byline" | "dateline" | "copyrite" | "distributor" | "body.head" | "body.end" | "head"
        )
    };
    if !item.has_title() {
        item.title(content.find("hl1").or(content.find("hl2")).and_then(Element::line));
    }
    item.text(&content.prose(&passed));
}
