//! The authors of a page.
//!
//! Takes the claims of the head and the bylines that stand on the page, gives names that could be people's, without
//! the name of the site. Never guesses from running text.

use crate::input::byline;
use crate::input::html::marks::Mark;
use crate::input::html::meta::Meta;
use crate::input::html::page::{Attribute, Index, Page, Tag};
use crate::input::html::title::{self, folded};

/// Labels under which a card for sharing names its author.
const CARD_LABELS: &[&str] =
    &["written", "verfasst", "geschrieben", "écrit", "escrito", "scritto", "geschreven", "by"];

/// Hosts of personal sites.
const BLOG_HOSTS: &[&str] = &["wordpress.com", "blogspot.com", "blogger.com", "tumblr.com", "substack.com"];

/// A longer text is no byline.
const LONGEST_BYLINE: usize = 120;

/// Words of the longest claim that names authors, and perhaps joins two of them.
const LONGEST_CLAIM: usize = 8;

/// Words of the longest name.
const LONGEST_NAME: usize = 5;

/// Who wrote the article, whose headline is `title`.
pub(super) fn authors(page: &Page, marks: &[Mark], meta: &Meta, title: Option<&str>) -> Authors {
    let search = Search { page, marks, meta, title, site: site_names(meta) };
    let mut claimed = Vec::new();
    for (way, place) in WAYS {
        let mut names = way(&search);
        if *place == Place::Head {
            let (printed, other): (Vec<String>, Vec<String>) =
                names.into_iter().partition(|name| is_printed(page, name));
            claimed.extend(other);
            names = printed;
        }
        if !names.is_empty() {
            return Authors { printed: distinct(names), claimed: Vec::new() };
        }
    }
    Authors { printed: Vec::new(), claimed: distinct(claimed) }
}

/// Who is named as author.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Authors {
    /// To readers.
    pub(super) printed: Vec<String>,
    /// Where readers do not see it, if nobody is named to them: often whoever keeps the site.
    pub(super) claimed: Vec<String>,
}

/// Where a page names its author.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    Body,
}

/// A way to find the people who wrote an article.
type Way = fn(&Search<'_>) -> Vec<String>;

/// The ways to find authors, the surest first.
const WAYS: &[(Way, Place)] = &[
    (|search| search.linked(), Place::Head),
    (|search| search.stated(), Place::Head),
    (|search| search.described(), Place::Body),
    (|search| search.marked(), Place::Body),
    (|search| search.on_card(), Place::Head),
    (|search| search.person(), Place::Head),
    (|search| search.beside(), Place::Body),
    (|search| search.signed(), Place::Body),
];

/// A page whose author is looked for.
struct Search<'p> {
    page: &'p Page,
    marks: &'p [Mark],
    meta: &'p Meta,
    title: Option<&'p str>,
    site: Vec<String>,
}

impl Search<'_> {
    /// What linked data says of the article.
    fn linked(&self) -> Vec<String> {
        self.people_of(&self.meta.linked.authors)
    }

    /// What the elements of the head say.
    fn stated(&self) -> Vec<String> {
        // A list of single words is one of keywords or of places.
        let listed = |claim: &str| {
            let names = byline::people(claim);
            names.len() > 2 && names.iter().all(|name| !name.contains(' '))
        };
        // What goes on for longer than a name describes the site.
        let described = |claim: &str| {
            let mut parts = claim.split([',', ';', '|', '/', '&']);
            parts.any(|part| part.split_whitespace().count() > LONGEST_CLAIM)
        };
        let claims = self.meta.authors.iter().filter(|claim| !listed(claim) && !described(claim));
        self.people_of(claims)
    }

    /// Blogs without a description of their own are described by their opening: "Posted by Jane Doe - Last week …".
    fn described(&self) -> Vec<String> {
        let opening = self.meta.get(&["og:description", "description"]).unwrap_or_default();
        let line = opening.split(" - ").next().unwrap_or_default();
        let is_byline = opening.len() > line.len() && line.len() < LONGEST_BYLINE && byline::opens(line);
        if is_byline { self.people_of([line]) } else { Vec::new() }
    }

    /// The byline of the article.
    fn marked(&self) -> Vec<String> {
        // A blog may be called after who writes it, a newspaper is not.
        let host = self.meta.url.as_deref().map(title::host).unwrap_or_default();
        let blog = BLOG_HOSTS.iter().any(|end| host.ends_with(end));
        visible(self.page, self.marks, self.title, false, &|name| {
            is_person(name) && (blog || !self.site.contains(&folded(name)))
        })
    }

    /// The card for sharing.
    fn on_card(&self) -> Vec<String> {
        let label = self.meta.get(&["twitter:label1"]).unwrap_or_default().to_lowercase();
        let is_author = CARD_LABELS.iter().any(|word| label.starts_with(word));
        self.people_of(self.meta.get(&["twitter:data1"]).filter(|_| is_author))
    }

    /// The person that linked data tells of.
    fn person(&self) -> Vec<String> {
        self.people_of(&self.meta.linked.person)
    }

    /// Bylines in parts of the page that are not of the article, near its headline.
    fn beside(&self) -> Vec<String> {
        visible(self.page, self.marks, self.title, true, &|name| self.fits(name))
    }

    /// The line that signs the article.
    fn signed(&self) -> Vec<String> {
        signed(self.page, self.marks, &|name| self.fits(name))
    }

    fn fits(&self, name: &str) -> bool {
        is_person(name) && !self.site.contains(&folded(name))
    }

    fn people_of(&self, claims: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
        let names = claims.into_iter().flat_map(|claim| byline::people(claim.as_ref()));
        names.filter(|name| is_person(name) && !is_site(name, &self.site)).collect()
    }
}

/// Whether readers of the page see the name, or its last word at least.
fn is_printed(page: &Page, name: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or(name).to_lowercase();
    let mut at = page.find(0, |index| page.tag(index) == Tag::Body).unwrap_or(0);
    let end = page.end(at);
    while at < end {
        if page.tag(at).is_silent() {
            at = page.end(at);
            continue;
        }
        if page.tag(at) == Tag::Text && holds_folded(page.raw(at), &last) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether `text` holds `lower` in any case.
fn holds_folded(text: &str, lower: &str) -> bool {
    // Few letters beyond ASCII become some of it in lower case, but some do.
    if !text.is_ascii() || !lower.is_ascii() || lower.is_empty() {
        return text.to_lowercase().contains(lower);
    }
    let (text, lower) = (text.as_bytes(), lower.as_bytes());
    let starts = memchr::memchr2_iter(lower[0], lower[0].to_ascii_uppercase(), text);
    starts
        .into_iter()
        .any(|at| text.get(at..at + lower.len()).is_some_and(|word| word.eq_ignore_ascii_case(lower)))
}

/// Whether an element holds nothing but the word for "by".
fn is_opener(page: &Page, at: Index) -> bool {
    page.short_line(at, LONGEST_BYLINE).is_some_and(|line| byline::is_opener(&line))
}

/// Every name once; beside a name and surname, a single word is a place, a paper or a role.
fn distinct(mut found: Vec<String>) -> Vec<String> {
    let full = |name: &String| name.trim().contains(' ');
    if found.iter().any(full) {
        found.retain(full);
    }
    let mut names: Vec<String> = Vec::new();
    for name in found {
        if !names.iter().any(|have| folded(have) == folded(&name)) {
            names.push(name);
        }
    }
    names
}

fn site_names(meta: &Meta) -> Vec<String> {
    let named = [meta.site(), meta.get(&["og:site_name"]), meta.get(&["application-name"])];
    let host = meta.url.as_deref().map(title::host);
    let label = host.and_then(|host| host.rsplit('.').nth(1));
    let all = named.into_iter().flatten().chain(host).chain(label);
    all.map(folded).filter(|name| name.len() > 2).collect()
}

/// Whether a name is the site's, perhaps with more or less around it.
fn is_site(name: &str, site: &[String]) -> bool {
    let name = folded(name);
    site.iter().any(|site| name.contains(site.as_str()) || name.len() > 5 && site.contains(name.as_str()))
}

/// How many pieces of text below the headline a marked byline stands at most, where it is in a part of the page that
/// is not of the article.
const NEAR_TITLE: usize = 40;

/// Names of the byline that stands on the page: the best marked one, of several the first; only names that `fits`.
/// With `anywhere`, parts of the page that are not of the article are looked at too, near the headline.
fn visible(
    page: &Page,
    marks: &[Mark],
    title: Option<&str>,
    anywhere: bool,
    fits: &dyn Fn(&String) -> bool,
) -> Vec<String> {
    let Some(body) = page.find(0, |index| page.tag(index) == Tag::Body) else { return Vec::new() };
    let title = title.map(folded);
    let mut best: (u8, Vec<String>) = (0, Vec::new());
    let mut after_title = false;
    let mut lines_after_title = 0;
    let mut at = body;
    while at < page.end(body) {
        let mark = marks[at];
        let not_of_it = mark.never && rank(page, mark, at) == 0 && !mark.author_box;
        // An article in a part that is not of this one is another.
        let other = mark.never && page.tag(at) == Tag::Aside;
        let outside = mark.reader || not_of_it && (!anywhere || other);
        if at != body && (outside || page.tag(at).is_silent() || page.tag(at) == Tag::Nav) {
            at = page.end(at);
            continue;
        }
        let mut rank = rank(page, mark, at);
        if anywhere && (!after_title || rank < 4 || lines_after_title >= NEAR_TITLE) {
            rank = 0;
        }
        if page.tag(at) == Tag::Text && after_title && !page.raw(at).trim().is_empty() {
            lines_after_title += 1;
        }
        let near = after_title && lines_after_title <= 12 && !anywhere;
        // Elsewhere an address is whom to ask, not who wrote.
        if near && rank == 0 && page.tag(at) == Tag::Address {
            rank = 2;
        }
        let mut holder = if page.tag(at) == Tag::Text { page.parent(at) } else { at };
        if near && page.tag(at) == Tag::Text {
            // "By" often stands beside the element that holds the name.
            if is_opener(page, holder) {
                holder = page.parent(holder);
            }
            let line = page.short_line(holder, LONGEST_BYLINE - 1);
            let is_line = line.as_ref().is_some_and(|line| !line.starts_with('©'));
            let line = line.unwrap_or_default();
            rank = if is_line && byline::opens(&line) {
                3
            } else if is_line && byline::beside_day(&line).is_some() {
                2
            } else {
                0
            };
        }
        if rank > best.0 {
            let line = page.short_line(holder, LONGEST_BYLINE).unwrap_or_default();
            if line.len() >= 2 {
                let name = name_within(page, at).or(byline::beside_day(&line).map(str::to_owned));
                let mut names = byline::people(&name.unwrap_or(line));
                names.retain(|name| fits(name));
                if !names.is_empty() {
                    best = (rank, names);
                }
            }
        }
        after_title |= page.tag(at) == Tag::H1
            || page.tag(at).is_heading()
                && title.as_ref().is_some_and(|title| folded(&page.line(at)) == *title);
        at += 1;
    }
    best.1
}

/// Names of the line that signs the article ("Von Jane Doe"), the last of them.
fn signed(page: &Page, marks: &[Mark], fits: &dyn Fn(&String) -> bool) -> Vec<String> {
    let Some(body) = page.find(0, |index| page.tag(index) == Tag::Body) else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = body;
    while at < page.end(body) {
        let mark = marks[at];
        if at != body && (mark.reader || mark.never || page.tag(at).is_silent() || page.tag(at) == Tag::Nav) {
            at = page.end(at);
            continue;
        }
        if page.tag(at) == Tag::Text && byline::begins(page.raw(at)) {
            let mut holder = page.parent(at);
            // The word for "by" often has an element of its own, or the name has.
            if is_opener(page, holder) {
                holder = page.parent(holder);
            }
            let line = page.short_line(holder, LONGEST_BYLINE).unwrap_or_default();
            let names = if byline::signs(&line) { byline::people(&line) } else { Vec::new() };
            if names.iter().any(fits) {
                found = names.into_iter().filter(fits).collect();
            }
        }
        at += 1;
    }
    found
}

/// How surely a node holds the author: 0 not, 5 says so itself.
fn rank(page: &Page, mark: Mark, at: Index) -> u8 {
    let is = |attribute, value: &str| page.attribute(at, attribute).is_some_and(|has| has.contains(value));
    if is(Attribute::Rel, "author") || page.attribute(at, Attribute::Itemprop) == Some("author") {
        return 5;
    }
    if page.tag(at) == Tag::A && page.attribute(at, Attribute::Href).is_some_and(is_author_address) {
        return 4;
    }
    let named = || page.attribute(at, Attribute::Class).or(page.attribute(at, Attribute::Id)).is_some();
    match mark {
        Mark { author: true, author_box, .. } if named() => {
            if author_box {
                1
            } else {
                4
            }
        }
        _ => 0,
    }
}

/// The address of an author's page.
fn is_author_address(href: &str) -> bool {
    const FOLDERS: &[&str] = &[
        "/author/",
        "/authors/",
        "/autor/",
        "/autoren/",
        "/autores/",
        "/auteur/",
        "/auteurs/",
        "/autore/",
        "/autori/",
        "/journalist/",
        "/journalists/",
        "/redakteur/",
        "/redactie/auteur/",
        "/profile/author/",
        "/by/",
        "/reporter/",
    ];
    FOLDERS.iter().any(|folder| href.contains(folder))
}

/// The name proper within a byline that marks it up.
fn name_within(page: &Page, at: Index) -> Option<String> {
    let says = |attribute, value: &str, index| page.attribute(index, attribute) == Some(value);
    let named = (at..page.end(at)).find(|&index| {
        says(Attribute::Itemprop, "name", index)
            || says(Attribute::Rel, "author", index)
            || page
                .attribute(index, Attribute::Class)
                .is_some_and(|class| class.split(' ').any(|name| name == "fn"))
    })?;
    let line = page.line(named);
    (!line.is_empty()).then_some(line)
}

/// Could be somebody's name: a few words without figures.
fn is_person(name: &str) -> bool {
    let words = name.split_whitespace().count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (1..=LONGEST_NAME).contains(&words)
        && (letters >= 4 || byline::is_agency(name))
        && !is_phrase(name)
        && !byline::is_no_name(name)
        && !name.contains(|c: char| c.is_ascii_digit() || c == ':')
}

/// Words that open with a small one and go on with a capital: "unserem Hochzeitsteam". Particles of names open names.
fn is_phrase(name: &str) -> bool {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    let is_small = |word: &str| word.starts_with(char::is_lowercase);
    is_small(first) && first.len() > 3 && words.any(|word| !is_small(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::html::marks;
    use dom_query::Document;

    fn of(html: &str) -> Vec<String> {
        found(html).printed
    }

    fn found(html: &str) -> Authors {
        let page = Page::new(&Document::from(html));
        let marks = marks::marks(&page);
        authors(&page, &marks, &Meta::new(&page), Some("Rain"))
    }

    #[test]
    fn authors_are_found_where_pages_name_them() {
        for (html, names) in [
            (
                "<meta name=author content='Jane Doe and John Roe'><body>Jane <b>DOE</b>, J. Roe",
                vec!["Jane Doe", "John Roe"],
            ),
            ("<body><p class='byline'>By <a rel='author'>Jane Doe</a>, 3 May 2020</p>", vec!["Jane Doe"]),
            ("<body><h1>Rain</h1><p>By Jane Doe</p><p>It rained.</p>", vec!["Jane Doe"]),
            ("<body><h1>Rain</h1><p>It rained by The Hague.</p>", vec![]),
            ("<body><span class='author vcard'>eseppelt</span>", vec!["eseppelt"]),
            ("<body><h1>Rain</h1><p class='author'>Jane Doe, Berlin</p>", vec!["Jane Doe"]),
            ("<body><address>Jane Doe, press officer</address><h1>Rain</h1>", vec![]),
            ("<meta name=author content='All about the wines of the south and Jane Doe'><body>x", vec![]),
            ("<body><h1>Rain</h1><time class=author-date>Thursday, 4. November 2021</time>", vec![]),
            (
                "<body><h1>Rain</h1><div><span>| By </span><span>Jane Doe</span> | <time>May 3</time></div>",
                vec!["Jane Doe"],
            ),
            ("<body><h1>Rain</h1><p>11.12.2019 - Jane Doe</p><p>It rained.</p>", vec!["Jane Doe"]),
            (
                "<body><h1>Rain</h1><p>It rained.</p><p><em>Von <span>Jane Doe</span></em></p>",
                vec!["Jane Doe"],
            ),
            ("<body><h1>Rain</h1><p>It rained.</p><a><b>Von:</b><br>Jane Doe</a>", vec!["Jane Doe"]),
            ("<body><h1>Rain</h1><p>It rained.</p><p>Foto: Jane Doe</p>", vec![]),
            ("<body><h1>Rain</h1><small>© By Jane Doe (Own work)</small><p>It rained.</p>", vec![]),
            ("<meta name=author content='unserem Hochzeitsteam'><body>x", vec![]),
            (
                "<body><h1>Rain</h1><aside class='related'><h2>Snow</h2><b class='entry__author'>Jane Doe</b></aside>",
                vec![],
            ),
            ("<body><div class='comments'><b class='author'>Troll</b></div>", vec![]),
            (
                "<meta property='og:site_name' content='The Times'><meta name=author content='The Times Online'><body>",
                vec![],
            ),
            (
                r#"<script type="application/ld+json">{"@type": "NewsArticle", "author":
                   [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Organization", "name": "Wire"}]}</script><body>Doe"#,
                vec!["Jane Doe"],
            ),
        ] {
            assert_eq!(of(html), names, "{html}");
        }
    }

    #[test]
    fn what_no_reader_sees_is_a_claim() {
        let page =
            "<meta name=author content='Jane Doe'><body><h1>Rain</h1><p>It rained.</p><script>Doe</script>";
        let claimed = vec!["Jane Doe".to_owned()];
        assert_eq!(found(page), Authors { printed: Vec::new(), claimed });
        let signed = format!("{page}<p>By John Roe</p>");
        assert_eq!(found(&signed), Authors { printed: vec!["John Roe".to_owned()], claimed: Vec::new() });
    }
}
