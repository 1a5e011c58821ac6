//! `NewsML` 1.x: news items that hold components of text, and pictures, sound and video beside them.
//!
//! Every news item is an article: its main text with headline, byline and dateline of the component that holds it.
//! Items without text are passed over, with the media they hold as the reason.

use crate::input::item::Item;
use crate::input::markup;
use crate::input::nitf;
use crate::input::xml::Element;
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// News items in an envelope.
pub(super) const FORMAT: Format =
    Format { name: "newsml", label: "NewsML 1.x", extensions: &["newsml"], sniff, read };

/// Roles of components, lower case, whose text is not the body of the story.
const ASIDE: &[&str] = &[
    "headline",
    "subheadline",
    "caption",
    "summary",
    "abstract",
    "logo",
    "style",
    "stylesheet",
    "byline",
    "keywords",
    "contact",
    "copyright",
    "quote",
];

/// Roles of components, lower case, whose text is the body.
const BODY: &[&str] = &["main", "body", "maintext", "text", "story", "article", "content"];

fn sniff(head: &Head<'_>) -> Confidence {
    match head.root() {
        Some(root) if root.is("NewsML") => Confidence::Certain,
        _ => Confidence::No,
    }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let (root, note) = reader.document()?;
    let envelope = root.child("NewsEnvelope");
    let items: Vec<&Element> = root.all("NewsItem").collect();
    for news in &items {
        // A component may hold whole items in place of content.
        let inner: Vec<&Element> = news.find_all("NewsItem").collect();
        for news in std::iter::once(*news).chain(inner) {
            match article(news, envelope) {
                Ok(mut item) => {
                    item.note(note.clone());
                    if items.len() == 1 { reader.only(item.finish())? } else { reader.next(item.finish())? }
                }
                Err(reason) => reader.next_skipped(reason)?,
            }
        }
    }
    Ok(())
}

/// The article of a news item, or why it is none.
fn article(news: &Element, envelope: Option<&Element>) -> Result<Item, String> {
    let contents: Vec<&Element> = news.find_all("ContentItem").collect();
    let texts: Vec<&Element> = contents.iter().copied().filter(|content| is_text(content)).collect();
    let Some(main) = main_component(news) else { return Err("not an article: no component".into()) };
    if texts.is_empty() {
        let kinds: Vec<String> = contents.iter().filter_map(|content| media(content)).collect();
        if let Some(kind) = kinds.first() {
            return Err(format!("not an article: {kind}"));
        }
        let lines = main.find("NewsLines").is_some_and(|lines| lines.child("HeadLine").is_some());
        if !lines {
            return Err("not an article: no text".into());
        }
    }
    let mut item = Item::default();
    of_identification(news, &mut item);
    of_management(news, &mut item);
    // What the component of the text says comes before what those around it say.
    let bodies = bodies(main, &texts);
    let component = bodies.first().and_then(|text| holder(main, text)).unwrap_or(main);
    for component in [component, main] {
        of_lines(component, &mut item);
        of_metadata(component, &mut item);
    }
    for lines in main.find_all("NewsLines") {
        fill_lines(lines, &mut item);
    }
    for text in bodies {
        if !item.has_text() {
            of_content(text, &mut item);
        }
    }
    of_captions(main, &texts, &mut item);
    if let Some(envelope) = envelope {
        for (name, element) in
            [("product", "NewsProduct"), ("service", "NewsService"), ("priority", "Priority")]
        {
            for found in envelope.all(element) {
                item.keep(name, found.attribute("FormalName").unwrap_or_default());
            }
        }
        item.date("sent", &line(envelope, &["DateAndTime"]));
    }
    if let Some(tag) = news.attribute("lang") {
        item.language(tag);
    }
    Ok(item)
}

fn line(element: &Element, path: &[&str]) -> String {
    element.at(path).and_then(Element::line).unwrap_or_default()
}

/// The component that a reader is to be shown: the one of role Main, else the first.
fn main_component(news: &Element) -> Option<&Element> {
    let direct = news.child("NewsComponent")?;
    let role = |component: &&Element| {
        component
            .child("Role")
            .and_then(|role| role.attribute("FormalName"))
            .is_some_and(|role| role.eq_ignore_ascii_case("main"))
    };
    let has_text = |component: &&Element| component.find_all("ContentItem").any(is_text);
    let mut mains = direct.find_all("NewsComponent").filter(role).filter(has_text);
    // A package of one story keeps its headline outside of the text's component.
    Some(mains.next().filter(|main| main.child("NewsLines").is_some()).unwrap_or(direct))
}

/// The texts of an item, the most likely to be its body first: what says that it is, then what says nothing, then
/// headlines, styles and logos that are components of their own.
fn bodies<'e>(main: &'e Element, texts: &[&'e Element]) -> Vec<&'e Element> {
    let rank = |text: &&Element| {
        let role = holder(main, text).and_then(|holder| holder.child("Role"));
        let role = role.and_then(|role| role.attribute("FormalName")).map(str::to_lowercase);
        match role.as_deref() {
            Some(role) if BODY.contains(&role) => 0,
            Some(role) if ASIDE.contains(&role) => 2,
            _ => 1,
        }
    };
    let mut bodies = texts.to_vec();
    bodies.sort_by_key(rank);
    bodies
}

/// The innermost component that holds `content`.
fn holder<'e>(component: &'e Element, content: &Element) -> Option<&'e Element> {
    let direct = component.all("ContentItem").any(|item| std::ptr::eq(item, content));
    if direct {
        return Some(component);
    }
    component.elements().find_map(|inner| holder(inner, content))
}

/// What kind of medium a content is, lower case, where it says so.
fn media(content: &Element) -> Option<String> {
    let said =
        content.child("MediaType").and_then(|kind| kind.attribute("FormalName")).map(str::to_lowercase);
    let mime = content.child("MimeType").and_then(|kind| kind.attribute("FormalName")).map(str::to_lowercase);
    said.or_else(|| mime.map(|mime| mime.split('/').next().unwrap_or_default().to_owned()))
        .or_else(|| content.attribute("Href").map(|_| "a file elsewhere".to_owned()))
}

fn is_text(content: &Element) -> bool {
    let format =
        content.child("Format").and_then(|format| format.attribute("FormalName")).unwrap_or_default();
    if format.to_lowercase().contains("css") || format.to_lowercase().contains("stylesheet") {
        return false;
    }
    let textual = media(content).is_none_or(|kind| {
        matches!(kind.as_str(), "text" | "complextext" | "application" | "a file elsewhere")
            || kind.contains("text")
    });
    textual && content.child("DataContent").is_some_and(|data| data.line().is_some())
}

fn of_identification(news: &Element, item: &mut Item) {
    let path = |last: &'static str| line(news, &["Identification", "NewsIdentifier", last]);
    let (provider, day, id) = (path("ProviderId"), path("DateId"), path("NewsItemId"));
    // The identifier without its revision: all revisions of an item share it.
    let parts: Vec<&str> =
        [&provider, &day, &id].into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    match (id.is_empty(), path("PublicIdentifier")) {
        (false, _) => item.id(&format!("urn:newsml:{}", parts.join(":"))),
        (true, public) => item.id(&public),
    }
    item.keep("public-identifier", &path("PublicIdentifier"));
    item.keep("version", &path("RevisionId"));
    item.keep("slug", &line(news, &["Identification", "NameLabel"]));
    item.keep("provider", &provider);
    if let Some(revision) = news.at(&["Identification", "NewsIdentifier", "RevisionId"]) {
        item.keep(
            "previous-version",
            revision.attribute("PreviousRevision").filter(|&it| it != "0").unwrap_or_default(),
        );
    }
    item.date("DateId", &day);
}

fn of_management(news: &Element, item: &mut Item) {
    let Some(management) = news.child("NewsManagement") else { return };
    for name in ["ThisRevisionCreated", "FirstCreated"] {
        item.published(name, &line(management, &[name]));
    }
    for (name, element) in
        [("status", "Status"), ("urgency", "Urgency"), ("type", "NewsItemType"), ("update", "Instruction")]
    {
        let found = management.child(element).and_then(|found| found.attribute("FormalName"));
        item.keep(name, found.unwrap_or_default());
    }
    item.keep("embargo", &line(management, &["StatusWillChange", "DateAndTime"]));
    for other in management.all("AssociatedWith").chain(management.all("DerivedFrom")) {
        item.keep("associated-with", other.attribute("NewsItem").unwrap_or_default());
    }
}

fn of_lines(component: &Element, item: &mut Item) {
    for lines in component.all("NewsLines") {
        fill_lines(lines, item);
    }
}

fn fill_lines(lines: &Element, item: &mut Item) {
    let all = |name: &'static str| lines.all(name).filter_map(Element::line).collect::<Vec<_>>();
    for headline in all("HeadLine") {
        item.title(Some(headline));
    }
    for byline in lines.all("ByLine") {
        if item.has_author() {
            item.keep("byline", &byline.line().unwrap_or_default());
        } else {
            nitf::of_byline(byline, item);
        }
    }
    for title in all("ByLineTitle") {
        item.keep("author-title", &title);
    }
    for dateline in all("DateLine") {
        item.dateline(Some(dateline));
    }
    for (name, element) in [
        ("subtitle", "SubHeadLine"),
        ("slug", "SlugLine"),
        ("credit", "CreditLine"),
        ("copyright", "CopyrightLine"),
        ("rights", "RightsLine"),
        ("series", "SeriesLine"),
    ] {
        for value in all(element) {
            item.keep(name, &value);
        }
    }
    for keywords in all("KeywordLine") {
        for keyword in keywords.split([',', ';', '/']) {
            item.keyword(keyword);
        }
    }
    for other in lines.all("NewsLine") {
        let kind =
            other.child("NewsLineType").and_then(|kind| kind.attribute("FormalName")).unwrap_or("line");
        item.keep(kind, &line(other, &["NewsLineText"]));
    }
}

fn of_metadata(component: &Element, item: &mut Item) {
    let party = |element: &Element| {
        let party = element.find("Party");
        party.and_then(|party| party.attribute("FormalName").or(party.attribute("Topic")).map(str::to_owned))
    };
    if let Some(administrative) = component.child("AdministrativeMetadata") {
        for role in ["Provider", "Source"] {
            for found in administrative.all(role) {
                item.keep(&role.to_lowercase(), &party(found).unwrap_or_default());
                item.source(party(found));
            }
        }
        for creator in administrative.all("Creator").chain(administrative.all("Contributor")) {
            item.keep("creator", &party(creator).unwrap_or_default());
        }
        properties(administrative, item);
    }
    if let Some(rights) = component.child("RightsMetadata") {
        for (name, element) in
            [("rights", "UsageType"), ("copyright", "CopyrightHolder"), ("territory", "Geography")]
        {
            for found in rights.find_all(element) {
                item.keep(name, &found.line().unwrap_or_default());
            }
        }
    }
    let Some(descriptive) = component.child("DescriptiveMetadata") else { return };
    if let Some(tag) = descriptive.child("Language").and_then(|language| language.attribute("FormalName")) {
        item.language(tag);
    }
    item.date("DateLineDate", &line(descriptive, &["DateLineDate"]));
    for code in descriptive.all("SubjectCode") {
        for subject in code.elements() {
            item.subject(None, subject.attribute("FormalName"));
            item.keep("categories", subject.attribute("cat").unwrap_or_default());
        }
    }
    for genre in descriptive.all("Genre") {
        item.keep("genre", genre.attribute("FormalName").unwrap_or_default());
    }
    for place in descriptive.all("Location") {
        let parts: Vec<&str> = place.all("Property").filter_map(|part| part.attribute("Value")).collect();
        item.keep("location", &parts.join(", "));
    }
    for topic in component.find_all("Topic") {
        let code = topic.child("FormalName").and_then(Element::line);
        let named = |language: &str| {
            topic
                .all("Description")
                .find(|it| it.attribute("Variant") == Some("Name") && it.attribute("lang") == Some(language))
        };
        let name = named("en").or(topic.child("Description")).and_then(Element::line);
        item.subject(name.as_deref(), code.as_deref());
    }
    properties(descriptive, item);
}

fn properties(metadata: &Element, item: &mut Item) {
    for property in metadata.all("Property") {
        let (Some(name), Some(value)) = (property.attribute("FormalName"), property.attribute("Value"))
        else {
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "keyword" | "keywords" => item.keyword(value),
            "author" | "byline" | "journalist" if !item.has_author() => item.author(value),
            "section" | "category" => item.section(Some(value.to_owned())),
            _ => item.keep(name, value),
        }
    }
}

fn of_content(content: &Element, item: &mut Item) {
    let Some(data) = content.child("DataContent") else { return };
    if let Some(nitf) = data.find("nitf") {
        nitf::fill(nitf, item);
        return;
    }
    let passed = |element: &Element| matches!(element.name.as_str(), "media" | "title");
    if data.elements().next().is_some() {
        let body = data.find("body.content").or(data.find("body")).unwrap_or(data);
        item.text(&body.prose(&passed));
        item.title(data.find("title").and_then(Element::line));
    } else {
        item.text(&markup::text(&data.raw()));
    }
}

/// Texts that stand with pictures are their captions.
fn of_captions(main: &Element, texts: &[&Element], item: &mut Item) {
    for component in main.find_all("NewsComponent") {
        let role = component.child("Role").and_then(|role| role.attribute("FormalName")).unwrap_or_default();
        if role.eq_ignore_ascii_case("caption") {
            let caption = texts.iter().find(|text| holder(component, text).is_some());
            item.keep("captions", &caption.map(|text| text.prose(&|_| false)).unwrap_or_default());
        }
    }
}
