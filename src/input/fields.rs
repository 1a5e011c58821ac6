//! Named values of a record to an article: which of the many names that files use means what.
//!
//! Takes a [`Value`] tree (from JSON, YAML front matter, a table row), gives an [`Article`]. What has no meaning here
//! becomes metadata, as text, under its own name; also fields that happen to be called places, people or orgs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::input::memo::Memo;
use crate::input::{Draft, byline, markup};
use crate::language::Language;

/// A value of a record.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// Text.
    Text(Cow<'a, str>),
    /// Several values.
    List(Vec<Value<'a>>),
    /// Named values, in the order of the file.
    Map(Fields<'a>),
}

/// Named values, in the order of the file.
pub(super) type Fields<'a> = Vec<(Cow<'a, str>, Value<'a>)>;

/// What a field can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Slot {
    Id,
    Title,
    Text,
    /// A summary: the text of records that have no other.
    Lead,
    Published,
    Author,
    Source,
    Section,
    Language,
    Url,
    Keywords,
    Dateline,
}

const SLOTS: usize = Slot::Dateline as usize + 1;

/// The names of each slot, the most telling first; compared in lower case without `_`, `-`, `.`, `:` and spaces.
const NAMES: &[(Slot, &[&str])] = &[
    (Slot::Id, &["id", "guid", "uri", "articleid", "uuid", "docid", "identifier", "altids", "newid"]),
    (Slot::Title, &["title", "headline", "headlines", "heading", "subject", "name", "hl", "hl1"]),
    (
        Slot::Text,
        &[
            "text",
            "body",
            "articlebody",
            "bodytext",
            "content",
            "contenttext",
            "fulltext",
            "maintext",
            "plaintext",
            "articletext",
            "story",
            "bodyhtml",
            "bodyxhtml",
            "contenthtml",
            "contentencoded",
            "html",
            "article",
            "paragraphs",
        ],
    ),
    (
        Slot::Lead,
        &["description", "summary", "abstract", "leadparagraph", "lead", "excerpt", "snippet", "standfirst"],
    ),
    (
        Slot::Published,
        &[
            "published",
            "datepublished",
            "publisheddate",
            "publishdate",
            "publicationdate",
            "dateofpublication",
            "publishedat",
            "publishedon",
            "pubdate",
            "pubtime",
            "webpublicationdate",
            "firstpublicationdate",
            "firstpublished",
            "articlepublishedtime",
            "issued",
            "issuedate",
            "date",
            "dcdate",
            "dateissued",
            "postdate",
            "displaydate",
            "versioncreated",
            "firstcreated",
            "created",
            "createdat",
            "datecreated",
            "creationdate",
            "datetime",
            "timestamp",
            "time",
        ],
    ),
    (
        Slot::Author,
        &[
            "authors",
            "author",
            "byline",
            "bylines",
            "creator",
            "creators",
            "dccreator",
            "by",
            "writer",
            "writers",
            "journalist",
            "authorname",
        ],
    ),
    (
        Slot::Source,
        &[
            "source",
            "publisher",
            "publication",
            "newspaper",
            "outlet",
            "site",
            "sitename",
            "sourcename",
            "provider",
            "agency",
            "infosources",
            "domain",
            "feed",
        ],
    ),
    (
        Slot::Section,
        &["section", "sectionname", "category", "articlesection", "desk", "newsdesk", "rubric", "categories"],
    ),
    (Slot::Language, &["language", "lang", "inlanguage", "dclanguage", "locale"]),
    (
        Slot::Url,
        &[
            "url",
            "link",
            "permalink",
            "canonicalurl",
            "weburl",
            "sourceurl",
            "href",
            "articleurl",
            "mainentityofpage",
        ],
    ),
    (Slot::Keywords, &["keywords", "tags", "keyword", "topics", "tag", "subjects", "hashtags"]),
    (Slot::Dateline, &["dateline"]),
];

/// Names whose value holds the text of a field that is itself an object: `headline.main`, `title.rendered`.
const INNER: &[&str] = &[
    "main", "rendered", "default", "text", "name", "value", "title", "content", "original", "#text", "$t",
    "date", "$date",
];

/// Keys of objects that wrap the record proper: `_source` of Elasticsearch, `attributes` of JSON:API.
const WRAPPERS: &[&str] =
    &["_source", "source", "article", "attributes", "data", "document", "doc", "item", "node"];

static SLOT_OF: LazyLock<FxHashMap<&'static str, (Slot, usize)>> = LazyLock::new(|| {
    let pairs = NAMES
        .iter()
        .flat_map(|(slot, names)| names.iter().enumerate().map(move |(rank, &name)| (name, (*slot, rank))));
    pairs.collect()
});

thread_local! {
    static SLOTS_OF_NAMES: Memo<Option<(Slot, usize)>> = Memo::new();
}

/// What a field of this name means, and how telling the name is.
fn slot_of(name: &str) -> Option<(Slot, usize)> {
    SLOTS_OF_NAMES.with(|known| known.answer(name, |name| SLOT_OF.get(folded(name).as_str()).copied()))
}

/// The article that `fields` describe; `map` names slots the way the user does (`title=headline.main`).
pub(super) fn draft(mut fields: Fields<'_>, map: &[(String, String)]) -> Draft {
    let mut slots = Slots::default();
    for (slot, path) in map {
        if let (Some((slot, _)), Some(value)) = (slot_of(slot), take(&mut fields, path)) {
            slots.mapped(slot, path.clone(), value);
        }
    }
    let mut draft = Draft::default();
    for (name, value) in fields {
        match slot_of(&name) {
            _ if value.is_empty() => {}
            Some((slot, rank)) => slots.offer(slot, rank, name.into_owned(), value),
            None => flatten(&name, value, &mut draft.article.metadata),
        }
    }
    slots.fill(&mut draft);
    draft
}

/// Whether `fields` could be an article: they have a title or a text.
pub(super) fn looks_like_article(fields: &Fields<'_>, map: &[(String, String)]) -> bool {
    let named = fields.iter().any(|(name, value)| {
        matches!(slot_of(name), Some((Slot::Title | Slot::Text | Slot::Lead, _))) && value.text().is_some()
    });
    named || map.iter().any(|(_, path)| find(fields, path).is_some())
}

/// Whether `fields` have one for texts, not only for titles, which names of anything may be.
pub(super) fn has_text(fields: &Fields<'_>, map: &[(String, String)]) -> bool {
    let is_text = |name: &str| matches!(slot_of(name), Some((Slot::Text | Slot::Lead, _)));
    fields.iter().any(|(name, _)| is_text(name))
        || map.iter().any(|(slot, path)| is_text(slot) && find(fields, path).is_some())
}

/// The record proper, where an object wraps it.
pub(super) fn unwrapped<'a>(mut fields: Fields<'a>, map: &[(String, String)]) -> Fields<'a> {
    if looks_like_article(&fields, map) {
        return fields;
    }
    let wrapped = fields.iter().position(|(name, value)| {
        let Value::Map(inner) = value else { return false };
        WRAPPERS.contains(&name.as_ref()) && looks_like_article(inner, map)
    });
    let Some(at) = wrapped else { return fields };
    let Value::Map(mut inner) = fields.swap_remove(at).1 else { return fields };
    for (name, value) in fields {
        if !inner.iter().any(|(have, _)| *have == name) {
            inner.push((name, value));
        }
    }
    inner
}

/// The values on offer for each slot.
#[derive(Default)]
struct Slots<'a> {
    offers: [Vec<(usize, String, Value<'a>)>; SLOTS],
}

impl<'a> Slots<'a> {
    fn mapped(&mut self, slot: Slot, name: String, value: Value<'a>) {
        self.offers[slot as usize].insert(0, (0, name, value));
    }

    fn offer(&mut self, slot: Slot, rank: usize, name: String, value: Value<'a>) {
        self.offers[slot as usize].push((rank + 1, name, value));
    }

    /// Takes the first value of a slot that `read` can use; the others become metadata.
    fn best<T>(
        &mut self,
        slot: Slot,
        metadata: &mut BTreeMap<String, String>,
        read: impl Fn(&Value<'a>) -> Option<T>,
    ) -> Option<T> {
        let mut offers = std::mem::take(&mut self.offers[slot as usize]);
        offers.sort_by_key(|(rank, _, _)| *rank);
        let mut best = None;
        for (_, name, value) in offers {
            if best.is_none() {
                best = read(&value);
                if best.is_some() {
                    continue;
                }
            }
            flatten(&name, value, metadata);
        }
        best
    }

    /// Everything that may say when; what is not the most telling stays in the metadata as well.
    fn dates(&mut self, metadata: &mut BTreeMap<String, String>) -> Vec<(String, String)> {
        let mut offers = std::mem::take(&mut self.offers[Slot::Published as usize]);
        offers.sort_by_key(|(rank, _, _)| *rank);
        let mut dates = Vec::new();
        for (rank, name, value) in offers {
            if let Some(text) = value.text() {
                // What the user names as the date is one, whatever it is called.
                let name = if rank == 0 { "published".to_owned() } else { name.clone() };
                dates.push((name, text.trim().to_owned()));
            }
            if dates.len() > 1 {
                flatten(&name, value, metadata);
            }
        }
        dates
    }

    fn fill(mut self, draft: &mut Draft) {
        let article = &mut draft.article;
        let mut metadata = std::mem::take(&mut article.metadata);
        let plain = |value: &Value<'_>| value.text().map(|text| markup::line(&text));
        article.id = self.best(Slot::Id, &mut metadata, identifier).unwrap_or_default();
        article.title = self.best(Slot::Title, &mut metadata, plain);
        let text = self.best(Slot::Text, &mut metadata, body);
        article.text = match text {
            Some(text) => text,
            None => self.best(Slot::Lead, &mut metadata, body).unwrap_or_default(),
        };
        draft.dates = self.dates(&mut metadata);
        article.authors = self.best(Slot::Author, &mut metadata, authors).unwrap_or_default();
        article.source = self.best(Slot::Source, &mut metadata, plain);
        article.section = self.best(Slot::Section, &mut metadata, plain);
        article.language =
            self.best(Slot::Language, &mut metadata, |value| Language::parse(value.text()?.as_ref()));
        article.url = self.best(Slot::Url, &mut metadata, address);
        article.keywords = self.best(Slot::Keywords, &mut metadata, keywords).unwrap_or_default();
        article.dateline = self.best(Slot::Dateline, &mut metadata, plain);
        for rest in std::mem::take(&mut self.offers).into_iter().flatten() {
            flatten(&rest.1, rest.2, &mut metadata);
        }
        article.metadata = metadata;
    }
}

impl Value<'_> {
    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Value::Null => true,
            Value::Bool(_) | Value::Number(_) => false,
            Value::Text(text) => text.trim().is_empty(),
            Value::List(items) => items.iter().all(Value::is_empty),
            Value::Map(fields) => fields.iter().all(|(_, value)| value.is_empty()),
        }
    }

    /// Its text: itself, or that of the member of an object or the first of a list that stands for it.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        let text = match self {
            Value::Null | Value::Bool(_) => return None,
            Value::Number(number) => Cow::Borrowed(number.as_str()),
            Value::Text(text) => Cow::Borrowed(text.as_ref()),
            Value::List(items) => return items.iter().find_map(Value::text),
            Value::Map(fields) => return inner(fields)?.text(),
        };
        (!text.trim().is_empty()).then_some(text)
    }

    /// The same value, held by itself.
    pub(super) fn owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(truth) => Value::Bool(truth),
            Value::Number(number) => Value::Number(number),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::List(items) => Value::List(items.into_iter().map(Value::owned).collect()),
            Value::Map(fields) => {
                let own =
                    |(name, value): (Cow<'_, str>, Value<'_>)| (Cow::Owned(name.into_owned()), value.owned());
                Value::Map(fields.into_iter().map(own).collect())
            }
        }
    }

    /// The member of this name of an object.
    pub(super) fn get(&self, name: &str) -> Option<&Value<'_>> {
        let Value::Map(fields) = self else { return None };
        fields.iter().find(|(have, value)| have == name && !value.is_empty()).map(|(_, value)| value)
    }

    /// The text of the member of this name of an object.
    pub(super) fn text_at(&self, name: &str) -> Option<String> {
        self.get(name)?.text().map(Cow::into_owned)
    }

    /// The elements of the list that is the member of this name of an object.
    pub(super) fn list(&self, name: &str) -> &[Value<'_>] {
        match self.get(name) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// The texts of a list, or the one text of anything else.
    pub(super) fn texts(&self) -> Vec<Cow<'_, str>> {
        match self {
            Value::List(items) => items.iter().filter_map(Value::text).collect(),
            other => other.text().into_iter().collect(),
        }
    }
}

fn inner<'v, 'a>(fields: &'v Fields<'a>) -> Option<&'v Value<'a>> {
    INNER.iter().find_map(|wanted| {
        fields.iter().find(|(name, value)| name == wanted && !value.is_empty()).map(|(_, value)| value)
    })
}

fn identifier(value: &Value<'_>) -> Option<String> {
    let text = value.text()?;
    let text = text.trim();
    // An identifier is one line; anything else under that name is a description of something.
    (text.len() <= 500 && !text.contains('\n')).then(|| text.to_owned())
}

fn body(value: &Value<'_>) -> Option<String> {
    // A list of paragraphs is one text.
    let paragraphs = value.texts();
    let text = match paragraphs.as_slice() {
        [] => return None,
        [one] => markup::text(one),
        several => several.iter().map(|paragraph| markup::text(paragraph)).collect::<Vec<_>>().join("\n\n"),
    };
    (!text.is_empty()).then_some(text)
}

fn authors(value: &Value<'_>) -> Option<Vec<String>> {
    let names: Vec<String> = match value {
        Value::List(items) => {
            items.iter().filter_map(person).flat_map(|name| byline::people(&name)).collect()
        }
        other => person(other).map(|name| byline::people(&name)).unwrap_or_default(),
    };
    (!names.is_empty()).then_some(names)
}

/// The name of somebody given as text or as an object, perhaps in parts.
fn person(value: &Value<'_>) -> Option<String> {
    let Value::Map(fields) = value else { return value.text().map(|text| markup::line(&text)) };
    let part = |names: &[&str]| {
        names.iter().find_map(|wanted| {
            fields.iter().find(|(name, _)| folded(name) == *wanted).and_then(|(_, value)| value.text())
        })
    };
    if let Some(whole) = part(&["name", "original", "displayname", "fullname"]) {
        return Some(markup::line(&whole));
    }
    let first = part(&["firstname", "givenname", "first"]);
    let last = part(&["lastname", "familyname", "last", "surname"]);
    match (first, last) {
        (None, None) => value.text().map(|text| markup::line(&text)),
        (first, last) => Some([first, last].into_iter().flatten().collect::<Vec<_>>().join(" ")),
    }
}

fn address(value: &Value<'_>) -> Option<String> {
    let at_id = match value {
        Value::Map(fields) => fields
            .iter()
            .find(|(name, _)| matches!(name.as_ref(), "@id" | "url" | "href"))
            .and_then(|(_, value)| value.text()),
        _ => None,
    };
    let text = at_id.or_else(|| value.text())?;
    Some(text.trim().to_owned())
}

fn keywords(value: &Value<'_>) -> Option<Vec<String>> {
    let words: Vec<String> = match value {
        Value::List(_) => value.texts().iter().map(|word| markup::line(word)).collect(),
        other => {
            let text = other.text()?;
            let separator = if text.contains(';') { ';' } else { ',' };
            text.split(separator).map(markup::line).collect()
        }
    };
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then_some(words)
}

/// Keeps a value as metadata: objects under dotted names, lists joined.
pub(super) fn flatten(name: &str, value: Value<'_>, metadata: &mut BTreeMap<String, String>) {
    match value {
        Value::Null => {}
        Value::Bool(truth) => keep(name, truth.to_string(), metadata),
        Value::Number(number) => keep(name, number, metadata),
        Value::Text(text) => keep(name, text.into_owned(), metadata),
        Value::List(items) => {
            for item in items {
                flatten(name, item, metadata);
            }
        }
        Value::Map(fields) => {
            for (inner, value) in fields {
                flatten(&format!("{name}.{inner}"), value, metadata);
            }
        }
    }
}

/// Keeps a text as metadata; a second one of the same name stands beside the first.
pub(super) fn keep(name: &str, text: String, metadata: &mut BTreeMap<String, String>) {
    if text.trim().is_empty() {
        return;
    }
    match metadata.get_mut(name) {
        Some(have) => {
            have.push_str("; ");
            have.push_str(&text);
        }
        None => {
            metadata.insert(name.to_owned(), text);
        }
    }
}

fn take<'a>(fields: &mut Fields<'a>, path: &str) -> Option<Value<'a>> {
    if let Some(at) = fields.iter().position(|(name, _)| name == path) {
        return Some(fields.remove(at).1);
    }
    find(fields, path).cloned()
}

/// The value at a dotted path: `headline.main`, `pages.0.text`.
fn find<'v, 'a>(fields: &'v Fields<'a>, path: &str) -> Option<&'v Value<'a>> {
    if let Some((_, value)) = fields.iter().find(|(name, _)| name == path) {
        return Some(value);
    }
    let (first, rest) = path.split_once('.')?;
    let mut value = &fields.iter().find(|(name, _)| name == first)?.1;
    let mut rest = rest;
    while let Value::List(items) = value {
        let (index, after) = rest.split_once('.').unwrap_or((rest, ""));
        value = items.get(index.parse::<usize>().ok()?)?;
        if after.is_empty() {
            return Some(value);
        }
        rest = after;
    }
    match value {
        Value::Map(inner) => find(inner, rest),
        _ => None,
    }
}

/// A name in lower case, without what only sets its words apart.
pub(super) fn folded(name: &str) -> String {
    let kept = name.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.' | ':'));
    kept.map(|c| c.to_ascii_lowercase()).collect()
}
