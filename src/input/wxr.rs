//! WXR, the export of a `WordPress` site: posts and pages with authors, categories and tags.
//!
//! Streams: an item is in memory at a time. Attachments, menus and what lies in the trash are passed over with a reason.

use rustc_hash::FxHashMap;

use crate::input::item::Item;
use crate::input::xml::{Element, Step};
use crate::input::{Confidence, Format, Halt, Head, Reader, markup};

/// The posts of a site.
pub(super) const FORMAT: Format =
    Format { name: "wxr", label: "WordPress export (WXR)", extensions: &["wxr"], sniff, read };

/// Shortcodes whose content is no text of the post.
const SHORTCODES: &[&str] = &["audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption"];

fn sniff(head: &Head<'_>) -> Confidence {
    let exported = |root: &Element| {
        root.is("rss")
            && root.attributes.iter().any(|(_, uri)| uri.starts_with("http://wordpress.org/export/"))
    };
    if head.root().is_some_and(exported) { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    reader.records(|reader, xml| {
        let mut site = Site::default();
        while let Some(step) = xml.step()? {
            let Step::Open(element) = step else { continue };
            match element.name.as_str() {
                "rss" | "channel" => {}
                "item" => match xml.complete(element) {
                    Ok(post) => site.give(&post, reader)?,
                    Err(flaw) if flaw.passing => reader.next_failed("read", flaw.to_string())?,
                    Err(flaw) => return Err(flaw.into()),
                },
                _ => site.learn(&xml.complete(element)?),
            }
        }
        Ok(())
    })
}

/// What an export says before its items.
#[derive(Default)]
struct Site {
    title: Option<String>,
    language: String,
    /// Names to show, by login.
    people: FxHashMap<String, String>,
}

impl Site {
    fn learn(&mut self, element: &Element) {
        let inner = |name: &str| element.child(name).and_then(Element::line);
        match element.name.as_str() {
            "title" => self.title = element.line(),
            "language" => self.language = element.line().unwrap_or_default(),
            "author" => {
                let name = match (inner("author_first_name"), inner("author_last_name")) {
                    (Some(first), Some(last)) => Some(format!("{first} {last}")),
                    _ => inner("author_display_name"),
                };
                if let (Some(login), Some(name)) = (inner("author_login"), name) {
                    self.people.insert(login, name);
                }
            }
            _ => {}
        }
    }

    fn give(&self, post: &Element, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let inner = |name: &str| post.child(name).and_then(Element::line).unwrap_or_default();
        let (kind, status) = (inner("post_type"), inner("status"));
        if matches!(
            kind.as_str(),
            "attachment" | "nav_menu_item" | "revision" | "custom_css" | "wp_navigation"
        ) || kind.starts_with("wp_")
        {
            return reader.next_skipped(format!("not an article: {}", kind.replace('_', " ")));
        }
        if matches!(status.as_str(), "trash" | "auto-draft") {
            return reader.next_skipped(format!("not an article: {}", status.replace('-', " ")));
        }
        let mut item = Item::default();
        item.id(&inner("guid"));
        item.title(Some(inner("title")));
        item.url(&inner("link"));
        item.source(self.title.clone());
        item.language(&self.language);
        // The time of the site first, as printed; drafts have a date of zeros.
        for name in ["post_date", "pubDate", "post_date_gmt"] {
            let date = inner(name);
            if !date.starts_with("0000") && !date.starts_with('-') {
                item.date(name, &date);
            }
        }
        let login = inner("creator");
        item.author(self.people.get(&login).unwrap_or(&login));
        let mut categories = Vec::new();
        for category in post.all("category") {
            let name = category.line().unwrap_or_default();
            match category.attribute("domain") {
                Some("post_tag") => item.keyword(&name),
                Some("category") | None => categories.push(name),
                Some(taxonomy) => item.keep(taxonomy, &name),
            }
        }
        item.section(categories.first().cloned());
        for category in &categories {
            item.keep("categories", category);
        }
        item.keep("type", &kind);
        item.keep("status", &status);
        item.keep("abstract", &excerpt(post));
        for meta in post.all("postmeta") {
            let part = |name: &str| meta.child(name).and_then(Element::line).unwrap_or_default();
            if !part("meta_key").starts_with('_') {
                item.keep(&part("meta_key"), &part("meta_value"));
            }
        }
        let source = post.all("encoded").find(|encoded| !encoded.uri.ends_with("excerpt/")).map(Element::raw);
        let (body, captions) = without_shortcodes(&source.unwrap_or_default());
        for caption in captions {
            item.keep("captions", &caption);
        }
        item.text(&markup::text(&with_paragraphs(&body)));
        reader.next(item.finish())
    }
}

fn excerpt(post: &Element) -> String {
    let excerpt = post.all("encoded").find(|encoded| encoded.uri.ends_with("excerpt/"));
    excerpt.or(post.child("description")).map(Element::raw).unwrap_or_default()
}

/// Blank lines of a post are its paragraphs where it has no others.
fn with_paragraphs(body: &str) -> String {
    let unix = body.replace("\r\n", "\n");
    let paragraphs: Vec<&str> = unix.split("\n\n").collect();
    let marked = unix.contains("<p>") || unix.contains("<p ");
    let lines = |part: &str| {
        if part.contains('<') && marked { part.to_owned() } else { part.trim().replace('\n', "<br>") }
    };
    let parts: Vec<String> = paragraphs.iter().map(|part| lines(part)).collect();
    format!("<div>{}</div>", parts.join("</div><div>"))
}

/// A post without its shortcodes, and the captions that were in them.
fn without_shortcodes(body: &str) -> (String, Vec<String>) {
    let (mut text, mut captions, mut rest) = (String::with_capacity(body.len()), Vec::new(), body);
    while let Some(at) = rest.find('[') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest[1..].split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        let end = rest.find(']').filter(|_| SHORTCODES.contains(&name));
        let Some(end) = end else {
            text.push('[');
            rest = &rest[1..];
            continue;
        };
        rest = &rest[end + 1..];
        let closing = format!("[/{name}]");
        if let Some(close) = rest.find(&closing) {
            if name.ends_with("caption") {
                captions.push(markup::line(&rest[..close]));
            }
            rest = &rest[close + closing.len()..];
        }
    }
    text.push_str(rest);
    (text, captions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_are_paragraphs_without_shortcodes() {
        for (post, expected) in [
            ("One.\nTwo.\r\n\r\nThree.", "One.\nTwo.\n\nThree."),
            ("<p>One\ntwo.</p>\n<p>Three.</p>", "One two.\n\nThree."),
            (
                "A [caption id=\"1\"]<img src='x'/> A bridge[/caption]B [sic] [gallery ids=\"1,2\"]C",
                "A B [sic] C",
            ),
            ("<!-- wp:paragraph --><p>One.</p><!-- /wp:paragraph -->", "One."),
            ("[caption", "[caption"),
        ] {
            let (body, _) = without_shortcodes(post);
            assert_eq!(markup::text(&with_paragraphs(&body)), expected, "{post}");
        }
    }
}
