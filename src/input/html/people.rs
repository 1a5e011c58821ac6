//! The authors of a page.
//!
//! Takes the claims of the head and the bylines that stand on the page, gives names that could be people's, without
//! the name of the site. Never guesses from running text.

use crate::input::byline;
use crate::input::html::marks::{self, Mark};
use crate::input::html::meta::Meta;
use crate::input::html::page::{Attribute, Index, Page, Tag};
use crate::input::html::title::{self, folded};

/// Words of classes and ids that mark the author of an article.
const AUTHOR: &[&str] = &[
    "byline",
    "author",
    "authors",
    "authorname",
    "postauthor",
    "articleauthor",
    "autor",
    "autoren",
    "auteur",
    "writer",
    "reporter",
    "journalist",
    "redacteur",
    "autore",
    "bylines",
    "vcard",
];

/// Labels under which a card for sharing names its author.
const CARD_LABELS: &[&str] =
    &["written", "verfasst", "geschrieben", "écrit", "escrito", "scritto", "geschreven", "by"];

/// Hosts of personal sites.
const BLOG_HOSTS: &[&str] = &["wordpress.com", "blogspot.com", "blogger.com", "tumblr.com", "substack.com"];

/// A longer text is no byline.
const LONGEST_BYLINE: usize = 120;

/// Words of the longest name.
const LONGEST_NAME: usize = 5;

/// The authors of the article, whose headline is `title`.
pub(super) fn authors(page: &Page, marks: &[Mark], meta: &Meta, title: Option<&str>) -> Vec<String> {
    let site = site_names(meta);
    let usable = |names: Vec<String>| -> Vec<String> {
        names.into_iter().filter(|name| is_person(name) && !is_site(name, &site)).collect()
    };
    let from_claims =
        |claims: &[String]| usable(claims.iter().flat_map(|claim| byline::people(claim)).collect());
    let mut found = from_claims(&meta.linked.authors);
    if found.is_empty() {
        // A list of single words is one of keywords or of places.
        let listed = |claim: &&String| {
            let names = byline::people(claim);
            names.len() > 2 && names.iter().all(|name| !name.contains(' '))
        };
        // What goes on for longer than a name describes the site.
        let described = |claim: &&String| {
            byline::people(claim).iter().any(|name| name.split_whitespace().count() > LONGEST_NAME)
        };
        let claims = meta.authors.iter().filter(|claim| !listed(claim) && !described(claim));
        let claims: Vec<String> = claims.cloned().collect();
        found = from_claims(&claims);
    }
    if found.is_empty() {
        // A blog may be called after who writes it, a newspaper is not.
        let host = meta.url.as_deref().map(title::host).unwrap_or_default();
        let blog = BLOG_HOSTS.iter().any(|end| host.ends_with(end));
        let fits = |name: &String| is_person(name) && (blog || !site.contains(&folded(name)));
        found = visible(page, marks, title, false, &fits);
    }
    if found.is_empty() {
        let label = meta.get(&["twitter:label1"]).unwrap_or_default().to_lowercase();
        if CARD_LABELS.iter().any(|word| label.starts_with(word)) {
            found = usable(meta.get(&["twitter:data1"]).map(byline::people).unwrap_or_default());
        }
    }
    if found.is_empty() {
        found = usable(meta.linked.person.iter().flat_map(|name| byline::people(name)).collect());
    }
    if found.is_empty() {
        found = visible(page, marks, title, true, &|name| is_person(name) && !site.contains(&folded(name)));
    }
    // Beside a name and surname, a single word is a place, a paper or a role.
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
    let mut best: (u8, Vec<String>) = (0, Vec::new());
    let mut after_title = false;
    let mut lines_after_title = 0;
    let mut at = body;
    while at < page.end(body) {
        let mark = marks[at];
        let not_of_it = mark.never && rank(page, at) == 0 && !is_author_box(page, at);
        let outside = mark.reader || not_of_it && !anywhere;
        if at != body && (outside || page.tag(at).is_silent() || page.tag(at) == Tag::Nav) {
            at = page.end(at);
            continue;
        }
        let mut rank = rank(page, at);
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
            if byline::is_opener(&page.line(holder)) {
                holder = page.parent(holder);
            }
            let line = page.line(holder);
            rank = if line.len() < LONGEST_BYLINE && byline::opens(&line) { 3 } else { 0 };
        }
        if rank > best.0 {
            let line = page.line(holder);
            if (2..=LONGEST_BYLINE).contains(&line.len()) {
                let mut names = byline::people(&name_within(page, at).unwrap_or(line));
                names.retain(|name| fits(name));
                if !names.is_empty() {
                    best = (rank, names);
                }
            }
        }
        after_title |= page.tag(at) == Tag::H1
            || page.tag(at).is_heading()
                && title.is_some_and(|title| folded(&page.line(at)) == folded(title));
        at += 1;
    }
    best.1
}

/// How surely a node holds the author: 0 not, 5 says so itself.
fn rank(page: &Page, at: Index) -> u8 {
    let is = |attribute, value: &str| page.attribute(at, attribute).is_some_and(|has| has.contains(value));
    if is(Attribute::Rel, "author") || page.attribute(at, Attribute::Itemprop) == Some("author") {
        return 5;
    }
    if page.tag(at) == Tag::A && page.attribute(at, Attribute::Href).is_some_and(is_author_address) {
        return 4;
    }
    let named = page.attribute(at, Attribute::Class).is_some() || page.attribute(at, Attribute::Id).is_some();
    if named && marks::has_word(page, at, |word| AUTHOR.contains(&word) || is_author_word(word)) {
        return if is_author_box(page, at) { 1 } else { 4 };
    }
    0
}

/// The box about the author below an article: it names the author, too, but also others.
fn is_author_box(page: &Page, at: Index) -> bool {
    const BOXES: &[&str] = &["authorbox", "authorbio", "authorcard", "authorinfo", "aboutauthor", "bio"];
    marks::has_word(page, at, |word| BOXES.contains(&word))
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

/// "authorbold", "authorline", but not "authority".
fn is_author_word(word: &str) -> bool {
    word.starts_with("author") && !word.starts_with("authori") && word.len() < 14
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
    const NO_NAMES: &[&str] = &[
        "redaktion",
        "redaction",
        "redazione",
        "redacción",
        "editor",
        "editors",
        "editorial",
        "news",
        "admin",
        "administrator",
        "desk",
        "newsroom",
        "online",
        "webmaster",
        "gmbh",
        "ag",
        "inc",
        "ltd",
        "verlag",
        "magazine",
        "magazin",
        "zeitung",
        "website",
        "user",
        "gast",
        "guest",
        "anonymous",
        "veröffentlicht",
        "published",
        "posted",
        "updated",
        "ceo",
        "author",
        "autor",
        "follow",
        "share",
        "comments",
        "noticias",
        "notizie",
        // Licences and accounts.
        "creative",
        "commons",
        "license",
        "unknown",
        "wordpressadmin",
        "pressemitteilung",
        "pressestelle",
        // Words of dates and labels.
        "datum",
        "date",
        "fecha",
        "publicado",
        "actualizado",
        "hace",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
    ];
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    let no_name = words.iter().any(|word| NO_NAMES.contains(&word.trim_matches(['.', ':'])));
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (1..=LONGEST_NAME).contains(&words.len())
        && letters >= 4
        && !no_name
        && !name.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dom_query::Document;

    fn of(html: &str) -> Vec<String> {
        let page = Page::new(&Document::from(html));
        let marks: Vec<Mark> = page.all().map(|index| marks::mark(&page, index)).collect();
        authors(&page, &marks, &Meta::new(&page), Some("Rain"))
    }

    #[test]
    fn authors_are_found_where_pages_name_them() {
        for (html, names) in [
            ("<meta name=author content='Jane Doe and John Roe'><body>x", vec!["Jane Doe", "John Roe"]),
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
            ("<body><div class='comments'><b class='author'>Troll</b></div>", vec![]),
            (
                "<meta property='og:site_name' content='The Times'><meta name=author content='The Times Online'><body>",
                vec![],
            ),
            (
                r#"<script type="application/ld+json">{"@type": "NewsArticle", "author":
                   [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Organization", "name": "Wire"}]}</script>"#,
                vec!["Jane Doe"],
            ),
        ] {
            assert_eq!(of(html), names, "{html}");
        }
    }
}
