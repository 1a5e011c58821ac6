//! `NewsML-G2`: news items with inline text (NITF, XHTML or plain), alone, in messages and in packages.
//!
//! Each text item is an article. Pictures, sound, video, packages that only point to items, concepts, plans and
//! catalogues are passed over with their kind as the reason.

use crate::input::item::Item;
use crate::input::markup;
use crate::input::nitf;
use crate::input::xml::Element;
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// One item or a message of items.
pub(super) const FORMAT: Format =
    Format { name: "newsml-g2", label: "NewsML-G2", extensions: &[], sniff, read };

/// Items of the standard that hold no news.
const OTHER_ITEMS: &[(&str, &str)] = &[
    ("conceptItem", "concept item"),
    ("knowledgeItem", "knowledge item"),
    ("planningItem", "planning item"),
    ("catalogItem", "catalog item"),
];

/// Ends of the roles of those who wrote something.
const WRITERS: &[&str] = &["writer", "author", "journalist", "reporter", "correspondent"];

fn sniff(head: &Head<'_>) -> Confidence {
    let item = |root: &Element| {
        matches!(root.name.as_str(), "newsItem" | "newsMessage" | "packageItem" | "catalog")
            || OTHER_ITEMS.iter().any(|(name, _)| root.is(name))
    };
    let own = |root: &Element| &*root.uri == "http://iptc.org/std/nar/2006-10-01/" || root.uri.is_empty();
    if head.root().is_some_and(|root| item(root) && own(root)) { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let (root, note) = reader.document()?;
    let is_item = |element: &&Element| {
        matches!(element.name.as_str(), "newsItem" | "packageItem")
            || OTHER_ITEMS.iter().any(|(name, _)| element.is(name))
    };
    let items: Vec<&Element> = std::iter::once(&root).chain(root.descendants()).filter(is_item).collect();
    let alone = items.iter().filter(|item| item.is("newsItem")).count() == 1;
    for element in items {
        match article(element) {
            Ok(mut item) => {
                item.note(note.clone());
                if alone { reader.only(item.finish())? } else { reader.next(item.finish())? }
            }
            Err(reason) => reader.next_skipped(reason)?,
        }
    }
    Ok(())
}

/// The article of an item, or why it is none.
fn article(element: &Element) -> Result<Item, String> {
    if let Some((_, kind)) = OTHER_ITEMS.iter().find(|(name, _)| element.is(name)) {
        return Err(format!("not an article: {kind}"));
    }
    if element.is("packageItem") {
        return Err("not an article: package of other items".into());
    }
    let class = element.at(&["itemMeta", "itemClass"]).and_then(code).unwrap_or_default();
    let kind = class.rsplit(':').next().unwrap_or_default().to_lowercase();
    let mut item = Item::default();
    of_contents(element, &mut item);
    if matches!(kind.as_str(), "picture" | "video" | "audio" | "graphic" | "animation" | "composite") {
        return Err(format!("not an article: {kind}"));
    }
    if !item.has_text() {
        let elsewhere = element.find("remoteContent").and_then(|content| content.attribute("contenttype"));
        if let Some(mime) = elsewhere.filter(|mime| !mime.starts_with("text/")) {
            return Err(format!("not an article: {mime} elsewhere"));
        }
        // Scores and figures have a vocabulary of their own, and no sentence.
        let data = element.find("inlineXML").and_then(|inline| inline.elements().next());
        if let Some(data) = data.filter(|data| !matches!(data.name.as_str(), "nitf" | "html")) {
            return Err(format!("not an article: {} data", data.name));
        }
    }
    item.id(element.attribute("guid").unwrap_or_default());
    item.keep("version", element.attribute("version").unwrap_or_default());
    if let Some(meta) = element.child("itemMeta") {
        of_item(meta, &mut item);
    }
    if let Some(meta) = element.child("contentMeta") {
        of_content(meta, &mut item);
    }
    for rights in element.all("rightsInfo") {
        of_rights(rights, &mut item);
    }
    item.source(element.at(&["itemMeta", "provider"]).and_then(name));
    for part in element.all("partMeta") {
        for caption in part.all("description") {
            item.keep("captions", &caption.line().unwrap_or_default());
        }
    }
    // What the embedded document says of itself stands behind what the item says.
    if let Some(nitf) = element.find("nitf") {
        nitf::fill(nitf, &mut item);
    }
    if let Some(tag) = element.attribute("lang") {
        item.language(tag);
    }
    item.title(element.at(&["itemMeta", "title"]).and_then(Element::line));
    item.title(element.find("html").and_then(|html| html.find("title")).and_then(Element::line));
    Ok(item)
}

/// The code of something: its qualified code, address or literal.
fn code(element: &Element) -> Option<&str> {
    element.attribute("qcode").or(element.attribute("uri")).or(element.attribute("literal"))
}

/// The name of something, English where there are several, else what is written in it, else its literal or code.
fn name(element: &Element) -> Option<String> {
    let english = |it: &&Element| it.attribute("lang").is_none_or(|tag| tag.starts_with("en"));
    let names = || element.all("name");
    let named = names().find(english).or(names().next()).and_then(Element::line);
    named.or_else(|| element.attribute("literal").map(str::to_owned)).or_else(|| {
        let code = element.attribute("qcode")?;
        Some(code.rsplit(':').next().unwrap_or(code).to_owned())
    })
}

fn of_contents(element: &Element, item: &mut Item) {
    for set in element.all("contentSet") {
        for inline in set.all("inlineXML").chain(set.all("inlineData")) {
            if inline
                .attribute("contenttype")
                .is_some_and(|mime| mime.starts_with("image/") || mime.starts_with("video/"))
            {
                continue;
            }
            if let Some(nitf) = inline.find("nitf") {
                let mut inner = Item::default();
                nitf::fill(nitf, &mut inner);
                item.text(&inner.finish().article.text);
            } else if let Some(html) = inline.find("body").or(inline.find("html")) {
                item.text(&html.prose(&|element| {
                    matches!(
                        element.name.as_str(),
                        "figure" | "title" | "aside" | "header" | "footer" | "nav"
                    )
                }));
                for caption in html.find_all("figcaption") {
                    item.keep("captions", &caption.line().unwrap_or_default());
                }
            } else if inline.elements().all(|inner| markup::is_block(&inner.name)) {
                let text = inline.raw();
                item.text(&if inline.elements().next().is_some() {
                    inline.prose(&|_| false)
                } else {
                    of_plain(&text)
                });
            }
        }
    }
}

/// Text that may be HTML, or lines whose indentation sets paragraphs apart.
fn of_plain(text: &str) -> String {
    let text = markup::text(text);
    if text.contains("\n\n") { text } else { markup::wired_paragraphs(&text) }
}

fn of_item(meta: &Element, item: &mut Item) {
    let line = |name: &str| meta.child(name).and_then(Element::line).unwrap_or_default();
    item.published("versionCreated", &line("versionCreated"));
    item.date("firstCreated", &line("firstCreated"));
    item.keep("embargo", &line("embargoed"));
    item.keep("file", &line("fileName"));
    for (key, element) in [
        ("provider", "provider"),
        ("status", "pubStatus"),
        ("service", "service"),
        ("signal", "signal"),
        ("role", "role"),
    ] {
        for found in meta.all(element) {
            item.keep(key, &name(found).unwrap_or_default());
        }
    }
    for note in meta.all("edNote") {
        item.keep("editorial-note", &note.line().unwrap_or_default());
    }
    for link in meta.all("link") {
        let target = link.attribute("href").or(link.attribute("residref")).or(link.attribute("guidref"));
        item.keep("links", target.unwrap_or_default());
        if link.attribute("rel").is_some_and(|rel| rel.ends_with("canonical") || rel.ends_with("alternate")) {
            item.url(target.unwrap_or_default());
        }
    }
}

fn of_content(meta: &Element, item: &mut Item) {
    let lines = |name: &'static str| meta.all(name).filter_map(Element::line);
    // Headlines of a role are second ones, unless it says that it is the main one.
    let role = |headline: &Element| {
        headline.attribute("role").map(|role| role.rsplit(':').next().unwrap_or(role).to_lowercase())
    };
    let is_main =
        |headline: &&Element| role(headline).is_none_or(|role| role.contains("main") || role == "headline");
    item.title(meta.all("headline").find(is_main).or(meta.child("headline")).and_then(Element::line));
    for headline in lines("headline") {
        if !item.is_title(&headline) {
            item.keep("subtitle", &headline);
        }
    }
    for byline in lines("by") {
        item.keep("byline", &byline);
        item.author(&byline);
    }
    for creator in meta.all("creator").chain(meta.all("contributor")) {
        item.keep("creator", &name(creator).unwrap_or_default());
    }
    if !item.has_author() {
        let is_writer = |party: &&Element| {
            party.attribute("role").is_some_and(|role| WRITERS.iter().any(|writer| role.ends_with(writer)))
        };
        for creator in meta.all("creator").chain(meta.all("contributor").filter(is_writer)) {
            let agency = creator.attribute("role").is_some_and(|role| role.ends_with("source"));
            let named = creator.child("name").is_some() || is_writer(&creator);
            if named && !agency {
                item.author(&name(creator).unwrap_or_default());
            }
        }
    }
    for dateline in lines("dateline") {
        item.dateline(Some(dateline));
    }
    for place in meta.all("located") {
        let mut parts: Vec<String> = name(place).into_iter().collect();
        parts.extend(place.all("broader").filter_map(name));
        item.keep("location", &parts.join(", "));
    }
    for source in meta.all("infoSource") {
        item.keep("info-source", &name(source).unwrap_or_default());
    }
    for (key, element) in
        [("slug", "slugline"), ("credit", "creditline"), ("urgency", "urgency"), ("other-ids", "altId")]
    {
        for value in lines(element) {
            item.keep(key, &value);
        }
    }
    for name in ["contentCreated", "contentModified"] {
        if let Some(created) = meta.child(name).and_then(Element::line) {
            item.date(name, &created);
        }
    }
    for description in meta.all("description") {
        let caption = description.attribute("role").is_some_and(|role| role.ends_with("caption"));
        item.keep(if caption { "captions" } else { "abstract" }, &description.line().unwrap_or_default());
    }
    for language in meta.all("language") {
        item.language(language.attribute("tag").unwrap_or_default());
    }
    for keyword in lines("keyword") {
        item.keyword(&keyword);
    }
    for genre in meta.all("genre") {
        item.keep("genre", &name(genre).unwrap_or_default());
    }
    for subject in meta.all("subject") {
        item.subject(name(subject).filter(|_| subject.child("name").is_some()).as_deref(), code(subject));
        let kind = [subject.attribute("type"), subject.attribute("qcode")].into_iter().flatten();
        if kind.into_iter().any(|kind| {
            ["department", "section", "category", "desk", "cat"]
                .iter()
                .any(|word| kind.split([':', '.']).any(|part| part.ends_with(word)))
        }) {
            item.section(name(subject));
        }
    }
}

fn of_rights(rights: &Element, item: &mut Item) {
    for holder in rights.all("copyrightHolder") {
        item.keep("copyright", &name(holder).unwrap_or_default());
        item.source(name(holder));
    }
    for (key, element) in
        [("copyright", "copyrightNotice"), ("rights", "usageTerms"), ("rights", "rightsExpression")]
    {
        for found in rights.all(element) {
            item.keep(key, &found.line().unwrap_or_default());
        }
    }
}
