//! What a page says of its article in its head: meta elements, OpenGraph, JSON-LD, links.
//!
//! Takes a flattened page, gives the claims under one roof, unjudged; `title` and `people` choose among them.

use rustc_hash::FxHashMap;

use crate::input::fields::{Fields, Value};
use crate::input::html::page::{Attribute, Index, Page, Tag};
use crate::input::{json, markup};
use crate::language::Language;

/// The claims of a page's head.
#[derive(Debug, Default)]
pub(super) struct Meta {
    /// Content of meta elements by name, property or itemprop, lower case; the first of each.
    named: FxHashMap<String, String>,
    /// All values of the meta elements that name authors.
    pub(super) authors: Vec<String>,
    /// Of JSON-LD.
    pub(super) linked: Linked,
    /// The address that the page gives itself.
    pub(super) url: Option<String>,
    /// The `title` element.
    pub(super) title: Option<String>,
    /// Keywords of all sources.
    pub(super) keywords: Vec<String>,
}

/// What JSON-LD says of the article.
#[derive(Debug, Default)]
pub(super) struct Linked {
    pub(super) headline: Option<String>,
    pub(super) text: Option<String>,
    pub(super) authors: Vec<String>,
    /// The one person that the page describes, though not as the author of an article.
    pub(super) person: Option<String>,
    pub(super) publisher: Option<String>,
    pub(super) section: Option<String>,
    pub(super) language: Option<String>,
}

/// Types of schema.org that are articles, the most telling first.
const ARTICLES: &[&str] = &[
    "NewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "AskPublicNewsArticle",
    "LiveBlogPosting",
    "Article",
    "BlogPosting",
    "Report",
    "TechArticle",
    "ScholarlyArticle",
    "SocialMediaPosting",
    "Review",
    "VideoObject",
];

/// Names of meta elements that name authors.
const AUTHOR_NAMES: &[&str] = &[
    "author",
    "article:author",
    "article:author_name",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "dc:creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "citation_author",
    "cxenseparse:author",
    "authors",
    "article_author",
    "author-name",
];

impl Meta {
    /// Gathers the claims of a page.
    pub(super) fn new(page: &Page) -> Meta {
        let mut meta = Meta::default();
        let mut scripts = Vec::new();
        for index in page.all() {
            match page.tag(index) {
                Tag::Meta => meta.add(page, index),
                Tag::Title if meta.title.is_none() => meta.title = present(&page.line(index)),
                Tag::Link if page.attribute(index, Attribute::Rel) == Some("canonical") => {
                    meta.url = page.attribute(index, Attribute::Href).and_then(absolute);
                }
                Tag::Script if is_linked_data(page, index) => {
                    scripts.extend(page.children(index).map(|text| page.raw(text)));
                }
                _ => {}
            }
        }
        meta.linked = Linked::read(&scripts, &mut meta.keywords);
        if meta.url.is_none() {
            meta.url = meta.get(&["og:url", "twitter:url", "parsely-link"]).and_then(absolute);
        }
        meta
    }

    /// The value of the first of `names` that the page has.
    pub(super) fn get(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.named.get(*name)).map(String::as_str)
    }

    /// The name of the site or newspaper.
    pub(super) fn site(&self) -> Option<&str> {
        const NAMES: &[&str] =
            &["og:site_name", "publisher", "dc.publisher", "application-name", "al:android:app_name"];
        self.linked
            .publisher
            .as_deref()
            .filter(|name| name.len() < 60)
            .or_else(|| self.get(NAMES).filter(|name| !name.contains("://")))
    }

    /// The section of the newspaper.
    pub(super) fn section(&self) -> Option<String> {
        let named =
            self.get(&["article:section", "section", "parsely-section", "cxenseparse:section", "category"]);
        named.map(str::to_owned).or_else(|| self.linked.section.clone())
    }

    /// The language that the page declares.
    pub(super) fn language(&self, page: &Page) -> Option<Language> {
        let html = page.find(0, |index| page.tag(index) == Tag::Html)?;
        let declared = page.attribute(html, Attribute::Lang).and_then(Language::parse);
        let named = || self.get(&["og:locale", "content-language", "dc.language", "language"]);
        declared
            .or_else(|| self.linked.language.as_deref().and_then(Language::parse))
            .or_else(|| named().and_then(Language::parse))
    }

    /// The summary that the page gives of its article.
    pub(super) fn summary(&self) -> Option<&str> {
        self.get(&["og:description", "description", "twitter:description"])
    }

    fn add(&mut self, page: &Page, index: Index) {
        let Some(content) = page.attribute(index, Attribute::Content) else { return };
        let name = [Attribute::Property, Attribute::Name, Attribute::Itemprop]
            .iter()
            .find_map(|&attribute| page.attribute(index, attribute));
        let (Some(name), Some(content)) = (name, present(&markup::line(content))) else { return };
        let name = name.trim().to_ascii_lowercase();
        if AUTHOR_NAMES.contains(&name.as_str()) && !content.contains("://") {
            self.authors.push(content.clone());
        }
        if matches!(name.as_str(), "keywords" | "news_keywords" | "article:tag" | "parsely-tags") {
            self.keywords.extend(content.split([',', ';']).filter_map(present));
        }
        self.named.entry(name).or_insert(content);
    }
}

impl Linked {
    fn read(scripts: &[&str], keywords: &mut Vec<String>) -> Linked {
        let documents: Vec<Value<'static>> =
            scripts.iter().filter_map(|script| json::lenient(script)).collect();
        let mut objects = Vec::new();
        for document in &documents {
            gather(document, &mut objects, 4);
        }
        let rank = |object: &&&Fields<'static>| {
            ARTICLES.iter().position(|kind| types(object).any(|has| has == *kind)).unwrap_or(usize::MAX)
        };
        let Some(article) = objects.iter().filter(|object| rank(object) < usize::MAX).min_by_key(rank) else {
            let publisher = publisher_of_site(&objects);
            return Linked { person: only_person(&objects), publisher, ..Linked::default() };
        };
        let resolve = |name: &str| get(article, name).map(|value| follow(value, &objects));
        let line =
            |name: &str| resolve(name).and_then(Value::text).and_then(|text| present(&markup::line(&text)));
        if let Some(words) = resolve("keywords") {
            for text in texts(words) {
                keywords.extend(text.split(',').filter_map(|word| present(&markup::line(word))));
            }
        }
        Linked {
            headline: line("headline").or_else(|| line("name")),
            text: resolve("articleBody").and_then(Value::text).map(|text| markup::text(&text)),
            authors: people(resolve("author").or_else(|| resolve("creator")), &objects),
            person: only_person(&objects),
            publisher: resolve("publisher").and_then(name).or_else(|| publisher_of_site(&objects)),
            section: line("articleSection"),
            language: line("inLanguage"),
        }
    }
}

/// Every object of a document that has a type, outermost first.
fn gather<'v>(value: &'v Value<'static>, objects: &mut Vec<&'v Fields<'static>>, depth: usize) {
    match value {
        Value::List(items) if depth > 0 => items.iter().for_each(|item| gather(item, objects, depth - 1)),
        Value::Map(fields) => {
            objects.push(fields);
            for (name, inner) in fields {
                if depth > 0
                    && matches!(name.as_ref(), "@graph" | "mainEntity" | "mainEntityOfPage" | "itemReviewed")
                {
                    gather(inner, objects, depth - 1);
                }
            }
        }
        _ => {}
    }
}

fn types<'f>(fields: &'f Fields<'static>) -> impl Iterator<Item = String> + 'f {
    let of = get(fields, "@type").map(texts).unwrap_or_default();
    of.into_iter().map(|kind| kind.rsplit('/').next().unwrap_or_default().to_owned())
}

fn get<'f>(fields: &'f Fields<'static>, wanted: &str) -> Option<&'f Value<'static>> {
    fields.iter().find(|(name, value)| name == wanted && !value.is_empty()).map(|(_, value)| value)
}

fn texts(value: &Value<'static>) -> Vec<String> {
    match value {
        Value::List(items) => {
            items.iter().filter_map(|item| item.text().map(std::borrow::Cow::into_owned)).collect()
        }
        other => other.text().map(std::borrow::Cow::into_owned).into_iter().collect(),
    }
}

/// The object that a reference by `@id` alone stands for.
fn follow<'v>(value: &'v Value<'static>, objects: &[&'v Fields<'static>]) -> &'v Value<'static> {
    let Value::Map(fields) = value else { return value };
    let Some(id) = get(fields, "@id").filter(|_| get(fields, "name").is_none()).and_then(Value::text) else {
        return value;
    };
    let named = |object: &&&'v Fields<'static>| {
        get(object, "@id").and_then(Value::text).is_some_and(|other| other == id)
            && get(object, "name").is_some()
    };
    objects.iter().find(named).and_then(|object| get(object, "name")).unwrap_or(value)
}

fn people(value: Option<&Value<'static>>, objects: &[&Fields<'static>]) -> Vec<String> {
    let items: Vec<&Value<'static>> = match value {
        Some(Value::List(items)) => items.iter().collect(),
        Some(other) => vec![other],
        None => Vec::new(),
    };
    let mut names = Vec::new();
    for item in items {
        let organisation =
            matches!(item, Value::Map(fields) if types(fields).any(|kind| kind.contains("Organization")));
        if !organisation {
            names.extend(texts(follow(item, objects)).iter().map(|name| markup::line(name)));
        }
    }
    names
}

fn name(value: &Value<'static>) -> Option<String> {
    let text = match value {
        Value::Map(fields) => get(fields, "name").and_then(Value::text)?,
        other => other.text()?,
    };
    present(&markup::line(&text)).filter(|name| !name.contains("://"))
}

fn only_person(objects: &[&Fields<'static>]) -> Option<String> {
    let mut people = objects.iter().filter(|object| types(object).any(|kind| kind == "Person"));
    let person = people.next()?;
    if people.next().is_some() { None } else { get(person, "name").and_then(name) }
}

fn publisher_of_site(objects: &[&Fields<'static>]) -> Option<String> {
    let of = |wanted: &str| {
        objects
            .iter()
            .find(|object| types(object).any(|kind| kind == wanted))
            .and_then(|object| get(object, "name"))
    };
    of("NewsMediaOrganization").or_else(|| of("WebSite")).or_else(|| of("Organization")).and_then(name)
}

fn is_linked_data(page: &Page, index: Index) -> bool {
    page.attribute(index, Attribute::Kind)
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json"))
}

fn present(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn absolute(address: &str) -> Option<String> {
    let address = address.trim();
    (address.starts_with("http://") || address.starts_with("https://")).then(|| address.to_owned())
}
