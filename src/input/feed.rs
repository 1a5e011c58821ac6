//! Feeds: RSS 0.9x, 1.0 and 2.0, Atom, and JSON Feed.
//!
//! Streams: an entry is in memory at a time. Dates stay as printed, in the zone of the feed; those that no standard
//! allows are read like any other date.

use crate::input::fields::Value;
use crate::input::item::Item;
use crate::input::markup;
use crate::input::xml::{Element, Step};
use crate::input::{Confidence, Format, Halt, Head, Reader, json};

/// The entries of an RSS or Atom feed.
pub(super) const FORMAT: Format =
    Format { name: "feed", label: "RSS and Atom", extensions: &["rss", "atom", "rdf"], sniff, read };

/// The entries of a JSON Feed.
pub(super) const JSON: Format =
    Format { name: "jsonfeed", label: "JSON Feed", extensions: &[], sniff: sniff_json, read: read_json };

fn sniff(head: &Head<'_>) -> Confidence {
    let feed = |root: &Element| match root.name.as_str() {
        "rss" => true,
        "RDF" => root
            .attributes
            .iter()
            .any(|(_, uri)| uri.contains("purl.org/rss/") || uri.contains("netscape.com/rdf")),
        "feed" => root.uri.is_empty() || root.uri.contains("/atom") || root.uri.contains("/Atom"),
        _ => false,
    };
    if head.root().is_some_and(feed) { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    reader.records(|reader, xml| {
        let mut feed = Feed::default();
        while let Some(step) = xml.step()? {
            let Step::Open(element) = step else { continue };
            if let Some(tag) = element.attribute("lang").filter(|_| feed.language.is_empty()) {
                tag.clone_into(&mut feed.language);
            }
            match element.name.as_str() {
                "rss" | "RDF" | "channel" | "feed" => {}
                "item" | "entry" => match xml.complete(element) {
                    Ok(entry) => reader.next(feed.item(&entry).finish())?,
                    Err(flaw) if flaw.passing => reader.next_failed("read", flaw.to_string())?,
                    Err(flaw) => return Err(flaw.into()),
                },
                _ => feed.learn(&xml.complete(element)?),
            }
        }
        if reader.records == 0 {
            reader.next_skipped("not an article: feed without entries".into())
        } else {
            Ok(())
        }
    })
}

/// What a feed says of itself.
#[derive(Default)]
struct Feed {
    title: Option<String>,
    language: String,
    /// Who writes the entries that name nobody.
    authors: Vec<String>,
    rights: String,
}

impl Feed {
    fn learn(&mut self, element: &Element) {
        let line = element.line();
        match element.name.as_str() {
            "title" => self.title = line.map(|title| markup::line(&title)),
            "language" => self.language = line.unwrap_or_default(),
            "author" => self.authors.extend(person(element)),
            "copyright" | "rights" => self.rights = line.unwrap_or_default(),
            _ => {}
        }
    }

    fn item(&self, entry: &Element) -> Item {
        let mut item = Item::default();
        let line = |name: &str| entry.child(name).and_then(Element::line).unwrap_or_default();
        let guid = entry.child("guid").or(entry.child("id"));
        item.id(guid.and_then(Element::line).as_deref().or(entry.attribute("about")).unwrap_or_default());
        item.title(entry.child("title").map(plain));
        for link in entry.all("link") {
            let main = link.attribute("rel").is_none_or(|rel| rel == "alternate");
            let printed = link.line();
            if let Some(url) = link.attribute("href").or(printed.as_deref()).filter(|_| main) {
                item.url(url);
            }
        }
        if guid.is_some_and(|guid| guid.attribute("isPermaLink") != Some("false")) {
            item.url(&guid.and_then(Element::line).unwrap_or_default());
        }
        // An entry without identifier is known by its address.
        item.id(&line("link"));
        for name in ["pubDate", "published", "issued", "date", "created", "updated", "modified"] {
            item.date(name, &line(name));
        }
        for writer in entry.all("creator").chain(entry.all("author")) {
            for name in person(writer) {
                item.author(&name);
            }
        }
        if !item.has_author() {
            for name in &self.authors {
                item.author(name);
            }
        }
        for category in entry.all("category").chain(entry.all("subject")) {
            let printed = category.line();
            let name = category.attribute("label").or(category.attribute("term")).or(printed.as_deref());
            item.keyword(name.unwrap_or_default());
        }
        item.source(
            entry
                .child("source")
                .and_then(|source| source.child("title").or(Some(source)))
                .and_then(Element::line),
        );
        item.source(entry.child("publisher").and_then(Element::line));
        item.source(self.title.clone());
        item.keep("feed", self.title.as_deref().unwrap_or_default());
        item.keep("rights", &line("rights"));
        item.keep("rights", &self.rights);
        item.keep("comments", &line("comments"));
        for picture in entry.find_all("thumbnail").chain(entry.find_all("enclosure")) {
            item.keep("media", picture.attribute("url").unwrap_or_default());
        }
        let bodies = ["encoded", "content", "description", "summary"];
        let media = |element: &Element| element.uri.contains("/mrss");
        let mut found = bodies.iter().filter_map(|name| entry.all(name).find(|body| !media(body)));
        if let Some(body) = found.next() {
            item.text(&text(body));
        }
        for other in found {
            item.keep("abstract", &text(other));
            item.text(&text(other));
        }
        for described in entry.find_all("description").filter(|element| media(element)) {
            item.text(&text(described));
            item.keep("captions", &text(described));
        }
        item.language(entry.attribute("lang").unwrap_or(&line("language")));
        item.language(&self.language);
        item
    }
}

/// A body: marked up in place, or as text that is markup.
fn text(body: &Element) -> String {
    if body.elements().next().is_some() { body.prose(&|_| false) } else { markup::text(&body.raw()) }
}

/// A title, whose text may be markup.
fn plain(title: &Element) -> String {
    markup::line(&title.line().unwrap_or_default())
}

/// The names of an author: the element `name`, "jane@example.com (Jane Doe)", or just a name.
fn person(element: &Element) -> Vec<String> {
    if element.elements().next().is_some() {
        return element.all("name").filter_map(Element::line).collect();
    }
    let printed = element.line().unwrap_or_default();
    let inner = printed
        .split_once('(')
        .and_then(|(address, rest)| address.contains('@').then(|| rest.trim_end_matches(')').to_owned()));
    vec![inner.unwrap_or(printed)]
}

fn sniff_json(head: &Head<'_>) -> Confidence {
    let marked = memchr::memmem::find(head.bytes, b"jsonfeed.org/version/").is_some();
    if marked && head.bytes.trim_ascii_start().starts_with(b"{") {
        Confidence::Certain
    } else {
        Confidence::No
    }
}

fn read_json(reader: &mut Reader<'_>) -> Result<(), Halt> {
    json::read_values(reader, &mut |reader, value, _, note| {
        let feed = Value::text_at(&value, "title");
        let language = Value::text_at(&value, "language").unwrap_or_default();
        let authors: Vec<String> = value
            .list("authors")
            .iter()
            .chain(value.get("author"))
            .filter_map(|one| one.text_at("name"))
            .collect();
        for entry in value.list("items") {
            let said = |name: &str| entry.text_at(name).unwrap_or_default();
            let mut item = Item::default();
            item.id(&said("id"));
            item.title(entry.text_at("title"));
            item.url(&said("url"));
            item.url(&said("external_url"));
            for name in ["date_published", "date_modified"] {
                item.date(name, &said(name));
            }
            for writer in entry.list("authors").iter().chain(entry.get("author")) {
                item.author(&writer.text_at("name").unwrap_or_default());
            }
            if !item.has_author() {
                for name in &authors {
                    item.author(name);
                }
            }
            for tag in entry.list("tags") {
                item.keyword(&tag.text().unwrap_or_default());
            }
            item.source(feed.clone());
            item.language(&said("language"));
            item.language(&language);
            item.keep("abstract", &said("summary"));
            item.keep("media", &said("image"));
            for body in ["content_html", "content_text", "summary"] {
                item.text(&markup::text(&said(body)));
            }
            item.note(note.map(str::to_owned));
            reader.next(item.finish())?;
        }
        if reader.records == 0 {
            reader.next_skipped("not an article: feed without entries".into())
        } else {
            Ok(())
        }
    })
}
