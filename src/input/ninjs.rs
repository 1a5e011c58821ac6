//! ninjs 1.x to 3.x and its kin (AP Media API, Superdesk): news items as JSON.
//!
//! Text items are articles, also those that a package or a picture brings along; pictures, sound, video, events and
//! packages are passed over with their kind as the reason. Names are compared without case and `_`, which is what
//! tells the versions of the standard apart.

use std::borrow::Cow;

use crate::input::fields::{self, Fields, Value};
use crate::input::item::Item;
use crate::input::{Confidence, Format, Halt, Head, Reader, json, markup, nitf, xml};

/// One item, or many in a response.
pub(super) const FORMAT: Format = Format { name: "ninjs", label: "ninjs", extensions: &[], sniff, read };

/// Fields that only items of news have, one of each row in every item: what it is, and what it says.
const OF_ITEM: [&[&str]; 2] = [
    &["versioncreated", "pubstatus", "representationtype", "firstcreated", "contentcreated"],
    &[
        "headline",
        "headlines",
        "bodytext",
        "bodyhtml",
        "bodyxhtml",
        "bodynitf",
        "bodies",
        "descriptiontext",
        "descriptionhtml",
        "descriptions",
        "slugline",
        "associations",
        "renditions",
    ],
];

/// Fields by which an item is known without a word on what it is.
const OF_NINJS: &[&str] = &[
    "versioncreated",
    "firstcreated",
    "contentcreated",
    "pubstatus",
    "representationtype",
    "bodytext",
    "bodyhtml",
    "bodyxhtml",
    "bodynitf",
    "bodies",
    "headlines",
    "descriptiontext",
    "descriptionhtml",
    "descriptions",
    "eventdetails",
    "infosources",
    "copyrightnotice",
    "copyrightholder",
    "usageterms",
    "associations",
    "renditions",
    "slugline",
    "ednote",
];

/// How deep in a response items are looked for.
const WITHIN: usize = 6;

fn sniff(head: &Head<'_>) -> Confidence {
    let start = head.bytes.trim_ascii_start();
    if !start.starts_with(b"{") && !start.starts_with(b"[") && !start.starts_with(b"\xEF\xBB\xBF") {
        return Confidence::No;
    }
    let text = String::from_utf8_lossy(head.bytes);
    let keys: Vec<String> = text.split('"').skip(1).step_by(2).map(fields::folded).collect();
    let has = |names: &[&str]| keys.iter().any(|key| names.contains(&key.as_str()));
    // Other programs' records have a headline and a status too, but not several of the names that only ninjs has.
    let own = OF_NINJS.iter().filter(|name| has(&[name])).count();
    let named = has(&["uri", "guid", "altids"]);
    if named && (own >= 2 || own == 1 && text.contains("ninjs")) {
        Confidence::Certain
    } else {
        Confidence::No
    }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    json::read_values(reader, &mut |reader, value, many, note| {
        let mut found = Vec::new();
        items(&value, WITHIN, &mut found);
        let many = many || found.len() > 1;
        if found.is_empty() {
            return reader.next_skipped("not an article: no news item".into());
        }
        for fields in found {
            give(fields, many, note, reader)?;
        }
        Ok(())
    })
}

/// The items in a value, outermost first; what an item brings along is `give`'s business.
fn items<'v>(value: &'v Value<'_>, within: usize, found: &mut Vec<&'v Fields<'v>>) {
    match value {
        Value::Map(fields) if is_item(fields) => found.push(fields),
        _ if within == 0 => {}
        Value::Map(fields) => fields.iter().for_each(|(_, inner)| items(inner, within - 1, found)),
        Value::List(list) => list.iter().for_each(|inner| items(inner, within, found)),
        _ => {}
    }
}

fn is_item(fields: &Fields<'_>) -> bool {
    let has = |name: &&str| get(fields, name).is_some();
    let named = ["uri", "guid", "type", "altids"].iter().any(has);
    let standard = || {
        get(fields, "standard")
            .and_then(map)
            .is_some_and(|standard| said(standard, "name").is_some_and(|name| name == "ninjs"))
    };
    let whole = OF_ITEM.iter().all(|names| names.iter().any(has));
    let is_event = || named && has(&"eventdetails");
    whole || named && (standard() || OF_ITEM[1].iter().any(has)) || is_event()
}

fn give(fields: &Fields<'_>, many: bool, note: Option<&str>, reader: &mut Reader<'_>) -> Result<(), Halt> {
    let brought = associations(fields);
    match article(fields) {
        Ok(mut item) => {
            item.note(note.map(str::to_owned));
            for (_, other) in &brought {
                if kind(other) != "text" {
                    item.keep("captions", &caption(other).unwrap_or_default());
                }
            }
            let texts = brought.iter().any(|(_, other)| has_body(other));
            if many || texts { reader.next(item.finish())? } else { reader.only(item.finish())? }
        }
        Err(reason) => reader.next_skipped(reason)?,
    }
    // Whole texts that come with an item are articles too; mere pointers are not.
    for (_, other) in brought {
        if kind(other) == "text" && has_body(other) {
            give(other, true, note, reader)?;
        }
    }
    Ok(())
}

fn associations<'v>(fields: &'v Fields<'v>) -> Vec<(&'v str, &'v Fields<'v>)> {
    match get(fields, "associations") {
        Some(Value::Map(named)) => {
            named.iter().filter_map(|(name, value)| Some((name.as_ref(), map(value)?))).collect()
        }
        Some(Value::List(list)) => list.iter().filter_map(|value| Some(("", map(value)?))).collect(),
        _ => Vec::new(),
    }
}

fn map<'v>(value: &'v Value<'v>) -> Option<&'v Fields<'v>> {
    if let Value::Map(fields) = value { Some(fields) } else { None }
}

/// The value of the field called `name`, if there is anything in it.
fn get<'v>(fields: &'v Fields<'v>, name: &str) -> Option<&'v Value<'v>> {
    fields
        .iter()
        .find(|(have, value)| fields::folded(have) == name && !value.is_empty())
        .map(|(_, value)| value)
}

fn said(fields: &Fields<'_>, name: &str) -> Option<String> {
    get(fields, name).and_then(Value::text).map(Cow::into_owned)
}

fn kind(fields: &Fields<'_>) -> String {
    let event = || get(fields, "eventdetails").map(|_| "event".to_owned());
    said(fields, "type").or_else(event).map_or_else(|| "text".to_owned(), |kind| kind.to_lowercase())
}

fn has_body(fields: &Fields<'_>) -> bool {
    ["bodytext", "bodyhtml", "bodyxhtml", "bodynitf", "bodies"].iter().any(|name| get(fields, name).is_some())
}

/// The elements of a list of objects, or the one object.
fn objects<'v>(fields: &'v Fields<'v>, name: &str) -> Vec<&'v Fields<'v>> {
    match get(fields, name) {
        Some(Value::List(list)) => list.iter().filter_map(map).collect(),
        Some(Value::Map(one)) => vec![one],
        _ => Vec::new(),
    }
}

/// The article of an item, or why it is none.
fn article(fields: &Fields<'_>) -> Result<Item, String> {
    let kind = kind(fields);
    let media = [
        "picture",
        "photo",
        "image",
        "graphic",
        "audio",
        "video",
        "animation",
        "event",
        "planning",
        "component",
    ];
    if media.contains(&kind.as_str()) || kind == "composite" && !has_body(fields) {
        return Err(format!(
            "not an article: {}",
            if kind == "composite" { "package of other items" } else { &kind }
        ));
    }
    let mut item = Item::default();
    for id in ["guid", "uri", "id", "itemid"] {
        let of_ap = get(fields, "altids").and_then(map).and_then(|ids| said(ids, "itemid"));
        item.id(&of_ap.or_else(|| said(fields, id)).unwrap_or_default());
    }
    item.url(
        &said(fields, "url")
            .or_else(|| said(fields, "uri"))
            .filter(|uri| !uri.contains("/v/content/"))
            .unwrap_or_default(),
    );
    for name in ["headline", "headlines", "title", "name"] {
        item.title(of_role(fields, name, &["main", "headline", "title"]).map(|(_, text)| text));
    }
    for other in objects(fields, "headlines") {
        let value = said(other, "value").unwrap_or_default();
        if !item.is_title(&value) {
            item.keep("subtitle", &value);
        }
    }
    of_body(fields, &mut item);
    of_people(fields, &mut item);
    for name in ["versioncreated", "firstcreated", "contentcreated", "contentmodified"] {
        if let Some(date) = said(fields, name) {
            item.published(name, &date);
        }
    }
    let place = get(fields, "datelinelocation").and_then(map).and_then(|place| said(place, "city"));
    let text = get(fields, "dateline").and_then(map).and_then(|dateline| said(dateline, "text"));
    item.dateline(text.or_else(|| said(fields, "dateline")).or(place));
    for name in ["infosources", "infosource", "source", "provider", "copyrightholder"] {
        item.source(said(fields, name));
    }
    item.language(&said(fields, "language").unwrap_or_default());
    for keyword in get(fields, "keywords").or(get(fields, "keyword")).iter().flat_map(|words| words.texts()) {
        item.keyword(&keyword);
    }
    of_subjects(fields, &mut item);
    for (key, names) in [
        ("version", &["version"][..]),
        ("embargo", &["embargoed", "embargo"]),
        ("status", &["pubstatus"]),
        ("urgency", &["urgency"]),
        ("slug", &["slugline", "slug"]),
        ("rights", &["usageterms", "rightsinfo"]),
        ("copyright", &["copyrightnotice", "copyrightholder"]),
        ("editorial-note", &["ednote", "ednotes"]),
        ("location", &["located"]),
        ("genre", &["genre", "genres"]),
        ("type", &["type"]),
        ("profile", &["profile"]),
        ("expires", &["expires"]),
        ("priority", &["priority", "editorialpriority"]),
    ] {
        for value in names.iter().filter_map(|name| get(fields, name)) {
            for text in value.texts() {
                item.keep(key, &text);
            }
        }
    }
    // What has no place of its own is kept under its own name.
    for (name, value) in fields {
        let folded = fields::folded(name);
        if !KNOWN.contains(&folded.as_str()) {
            item.flatten(name, value);
        }
    }
    Ok(item)
}

/// Fields that are read above, and those that repeat whole documents.
const KNOWN: &[&str] = &[
    "associations",
    "authors",
    "bodies",
    "bodyhtml",
    "bodynitf",
    "bodytext",
    "bodyxhtml",
    "by",
    "byline",
    "bylines",
    "contentcreated",
    "contentmodified",
    "copyrightholder",
    "copyrightnotice",
    "dateline",
    "datelinelocation",
    "descriptionhtml",
    "descriptions",
    "descriptionsummary",
    "descriptiontext",
    "ednote",
    "ednotes",
    "embargo",
    "embargoed",
    "editorialpriority",
    "expires",
    "firstcreated",
    "genre",
    "genres",
    "guid",
    "headline",
    "headlines",
    "infosource",
    "infosources",
    "keyword",
    "keywords",
    "language",
    "located",
    "priority",
    "profile",
    "provider",
    "pubstatus",
    "renditions",
    "rightsinfo",
    "slug",
    "slugline",
    "source",
    "subject",
    "subjects",
    "title",
    "type",
    "urgency",
    "uri",
    "url",
    "usageterms",
    "version",
    "versioncreated",
];

/// A text, or of a list of texts that have roles the one of the first of `roles` that is there; with its media type.
fn of_role(fields: &Fields<'_>, name: &str, roles: &[&str]) -> Option<(String, String)> {
    let variants = match get(fields, name)? {
        Value::List(list) if list.iter().any(|one| map(one).is_some()) => objects(fields, name),
        Value::Map(_) => objects(fields, name),
        other => return Some((String::new(), other.text()?.into_owned())),
    };
    let role = |variant: &Fields<'_>| said(variant, "role").unwrap_or_default().to_lowercase();
    let is_of = |wanted: &str| {
        variants.iter().find(|variant| role(variant) == wanted && get(variant, "value").is_some())
    };
    let chosen = roles.iter().find_map(|wanted| is_of(wanted)).or_else(|| is_of("")).or(variants.first())?;
    Some((
        said(chosen, "contenttype").unwrap_or_default(),
        said(chosen, "value").or_else(|| said(chosen, "text"))?,
    ))
}

fn of_body(fields: &Fields<'_>, item: &mut Item) {
    for name in ["bodies", "bodyhtml", "bodyxhtml", "bodynitf", "bodytext"] {
        let Some((mime, body)) = of_role(fields, name, &["main", "body", "text"]) else { continue };
        let as_nitf = name == "bodynitf" || mime.contains("nitf");
        match xml::parse(body.trim()) {
            Ok(root) if as_nitf && root.is("nitf") => nitf::fill(&root, item),
            Ok(root) if as_nitf => item.text(&root.prose(&|_| false)),
            _ => item.text(&markup::text(&body)),
        }
    }
    let summary = ["descriptiontext", "descriptionhtml", "descriptionsummary", "descriptions"]
        .iter()
        .find_map(|name| of_role(fields, name, &["summary", "abstract", "lead"]))
        .map(|(_, text)| markup::text(&text));
    item.keep("abstract", summary.as_deref().unwrap_or_default());
    // Without a body the summary is what there is to read.
    item.text(summary.as_deref().unwrap_or_default());
}

fn of_people(fields: &Fields<'_>, item: &mut Item) {
    for name in ["byline", "by"] {
        if let Some(printed) = said(fields, name) {
            item.byline(&printed);
        }
    }
    for by in objects(fields, "bylines") {
        let name = said(by, "by").or_else(|| said(by, "name")).unwrap_or_default();
        item.keep("byline", &name);
        item.author(&name);
        item.keep("author-title", &said(by, "title").unwrap_or_default());
    }
    if !item.has_author() {
        for author in objects(fields, "authors") {
            item.author(&said(author, "name").unwrap_or_default());
        }
    }
}

fn of_subjects(fields: &Fields<'_>, item: &mut Item) {
    for subject in objects(fields, "subject").into_iter().chain(objects(fields, "subjects")) {
        let (name, code) = (said(subject, "name"), said(subject, "code").or_else(|| said(subject, "uri")));
        item.subject(name.as_deref(), code.as_deref());
        let of = |key: &str| {
            get(subject, key).map(|value| value.texts().join(" ").to_lowercase()).unwrap_or_default()
        };
        let words = [of("rel"), of("rels"), of("scheme"), of("creator")].join(" ");
        let mut words = words.split(|c: char| !c.is_alphanumeric());
        if words.any(|word| matches!(word, "category" | "section" | "desk" | "department")) {
            item.section(name.clone());
        }
    }
    item.section(said(fields, "section"));
}

fn caption(fields: &Fields<'_>) -> Option<String> {
    let names =
        ["descriptioncaption", "descriptiontext", "descriptions", "descriptionhtml", "bodytext", "headline"];
    names
        .iter()
        .find_map(|name| of_role(fields, name, &["caption", "main"]))
        .map(|(_, text)| markup::line(&text))
}
