//! METS: an issue of a newspaper, its articles put together from scanned pages.
//!
//! The logical structure names the articles and the blocks of each; the pages are ALTO files beside the METS file, in its
//! folder or in its archive, and never others. Without articles in it, an issue is read page by page. Title and day of the
//! issue come from MODS.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use crate::article::Article;
use crate::input::alto;
use crate::input::decode::{declared_in_markup, decode};
use crate::input::scan::{Block, Page, of_blocks};
use crate::input::shelf::Neighbours;
use crate::input::xml::{Element, parse};
use crate::input::{Confidence, Draft, Format, Halt, Head, Reader, skipped, too_large};
use crate::language::Language;

/// An issue.
pub(super) const FORMAT: Format =
    Format { name: "mets", label: "METS newspaper issue", extensions: &["mets"], sniff, read };

/// Parts of an issue that are read as articles, in lower case.
const ARTICLES: &[&str] =
    &["article", "letter", "editorial", "obituary", "review", "serial", "item", "chapter", "advertisement"];
/// Parts of an article that hold its headline.
const HEADINGS: &[&str] = &["heading", "title", "headline", "title_section", "subheadline", "overline"];
/// Why a page is not read that lies elsewhere.
pub(super) const OUTSIDE: &str = "lies outside of the folder of its issue";
/// Parts that hold no text of it.
const SILENT: &[&str] = &["illustration", "picture", "image"];

fn sniff(head: &Head<'_>) -> Confidence {
    if head.opens_with("mets") { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    let root = parse(&decode(&bytes, declared_in_markup).text)?;
    let place = match &reader.origin.neighbours {
        Some(neighbours) => Place::Archive(Rc::clone(neighbours)),
        None if reader.origin.depth == 0 => {
            Place::Folder(reader.file.path.parent().unwrap_or(Path::new("")).to_path_buf())
        }
        None => {
            reader.records = 1;
            return reader.emit(skipped(None, "an issue that came without its pages".to_owned()));
        }
    };
    let files = files(&root);
    let numbers = page_numbers(&root, &files);
    let mut pages = Pages { place, read: BTreeMap::new() };
    let issue = Issue::new(&root);
    let mut articles = Vec::new();
    for map in root
        .all("structMap")
        .filter(|map| map.attribute("TYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("logical")))
    {
        collect(map, &mut articles);
    }
    // A page is read when the first article on it is; what is wrong with it is told once.
    for (id, href) in &files {
        if let Err(reason) = pages.load(id, href, reader.options.max_record_bytes) {
            reader.next_failed("read", format!("page {href}: {reason}"))?;
        }
    }
    if articles.is_empty() {
        for (id, _) in &files {
            if let Some(page) = pages.read.remove(id) {
                let mut article = page.article();
                article.metadata.extend(numbers.get(id).map(|number| ("page".to_owned(), number.clone())));
                reader.next(issue.draft(article))?;
            }
        }
        return Ok(());
    }
    for element in articles {
        let article = issue.article(element, &pages, &numbers);
        if article.text.is_empty() && article.title.is_none() {
            reader.passed.count("articles of an issue without text");
            continue;
        }
        reader.next(issue.draft(article))?;
    }
    Ok(())
}

/// The topmost articles below an element, in order; what is inside of one is its own.
fn collect<'e>(element: &'e Element, found: &mut Vec<&'e Element>) {
    for inner in element.all("div") {
        if is_of(inner, ARTICLES) { found.push(inner) } else { collect(inner, found) }
    }
}

fn is_of(element: &Element, kinds: &[&str]) -> bool {
    element.attribute("TYPE").is_some_and(|kind| kinds.contains(&kind.to_ascii_lowercase().as_str()))
}

/// The ALTO files of an issue by identifier, in the order in which they are listed.
fn files(root: &Element) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for group in root.find_all("fileGrp") {
        let says = |element: &Element| {
            let words = [element.attribute("USE"), element.attribute("ID"), element.attribute("MIMETYPE")];
            words.into_iter().flatten().any(|word| {
                let word = word.to_ascii_lowercase();
                word.contains("alto") || word.contains("fulltext") || word.contains("xml")
            })
        };
        for file in group.all("file") {
            let href = file.child("FLocat").and_then(|place| place.attribute("href"));
            if let (Some(id), Some(href)) = (file.attribute("ID"), href)
                && (says(group) || says(file))
                && href.to_ascii_lowercase().ends_with(".xml")
            {
                files.push((id.to_owned(), href.to_owned()));
            }
        }
    }
    files
}

/// The number of each page, from the physical structure or else by the order of the files.
fn page_numbers(root: &Element, files: &[(String, String)]) -> BTreeMap<String, String> {
    let mut numbers: BTreeMap<String, String> =
        files.iter().enumerate().map(|(at, (id, _))| (id.clone(), (at + 1).to_string())).collect();
    for map in root
        .all("structMap")
        .filter(|map| map.attribute("TYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("physical")))
    {
        for page in map.find_all("div").filter(|page| is_of(page, &["page"])) {
            let Some(number) = page.attribute("ORDERLABEL").or(page.attribute("ORDER")) else { continue };
            let pointers = page.find_all("fptr").chain(page.find_all("area"));
            for file in pointers.filter_map(|pointer| pointer.attribute("FILEID")) {
                if let Some(known) = numbers.get_mut(file) {
                    number.clone_into(known);
                }
            }
        }
    }
    numbers
}

/// Where the pages of an issue lie.
enum Place {
    Folder(PathBuf),
    Archive(Rc<Neighbours>),
}

impl Place {
    /// The bytes of the page that the issue calls `href`, if they are no more than `limit`.
    fn page(&self, href: &str, limit: usize) -> Result<Vec<u8>, String> {
        let folder = match self {
            Place::Folder(folder) => folder,
            Place::Archive(neighbours) => return neighbours.page(href, limit),
        };
        let path = folder.join(inner_path(href).ok_or(OUTSIDE)?);
        let explain = |error: std::io::Error| error.to_string().to_lowercase();
        if fs::metadata(&path).map_err(explain)?.len() > limit as u64 {
            return Err(too_large(limit));
        }
        fs::read(&path).map_err(explain)
    }
}

/// Where a page lies, from the folder of its issue: in it, or beside it.
pub(super) fn inner_path(href: &str) -> Option<String> {
    let href = href.strip_prefix("file://").unwrap_or(href).replace('\\', "/");
    let relative = href.trim_start_matches("./");
    let is_inside = Path::new(relative).components().enumerate().all(|(at, part)| match part {
        Component::Normal(_) | Component::CurDir => true,
        Component::ParentDir => at == 0,
        Component::RootDir | Component::Prefix(_) => false,
    });
    is_inside.then(|| relative.to_owned())
}

/// The pages that an issue lists, as it calls them; none if it cannot be read.
pub(super) fn pages_of(issue: &[u8]) -> Vec<String> {
    let root = parse(&decode(issue, declared_in_markup).text);
    root.map(|root| files(&root).into_iter().map(|(_, href)| href).collect()).unwrap_or_default()
}

/// Pages that have been read, by the identifier of their file.
struct Pages {
    place: Place,
    read: BTreeMap<String, Page>,
}

impl Pages {
    fn load(&mut self, id: &str, href: &str, limit: usize) -> Result<(), String> {
        let bytes = self.place.page(href, limit)?;
        let page = alto::page(&decode(&bytes, declared_in_markup).text).map_err(|flaw| flaw.to_string())?;
        self.read.insert(id.to_owned(), page);
        Ok(())
    }

    fn block(&self, file: &str, id: &str) -> Option<&Block> {
        let page = self.read.get(file)?;
        page.blocks.iter().find(|block| block.id == id)
    }
}

/// What is said of the issue as a whole.
struct Issue<'e> {
    title: Option<String>,
    date: Option<String>,
    language: Option<Language>,
    number: Option<String>,
    descriptions: BTreeMap<&'e str, &'e Element>,
}

impl<'e> Issue<'e> {
    fn new(root: &'e Element) -> Issue<'e> {
        let mut descriptions = BTreeMap::new();
        for section in root.all("dmdSec") {
            descriptions.extend(section.attribute("ID").map(|id| (id, section)));
        }
        // The issue's own description comes before those of its articles.
        let says =
            |name: &str| root.all("dmdSec").find_map(|section| section.find(name).and_then(Element::line));
        let title = root.all("dmdSec").find_map(|section| {
            let info = section.find("relatedItem").and_then(|host| host.find("titleInfo"));
            info.or_else(|| section.find("titleInfo"))?.child("title")?.line()
        });
        let label = root.attribute("LABEL").map(str::to_owned);
        Issue {
            title: title.or(label),
            date: says("dateIssued").or_else(|| says("date")),
            language: says("languageTerm").and_then(|code| Language::parse(&code)),
            number: root.all("dmdSec").find_map(|section| section.find("part")?.find("number")?.line()),
            descriptions,
        }
    }

    /// The article that a part of the structure stands for.
    fn article(&self, element: &Element, pages: &Pages, numbers: &BTreeMap<String, String>) -> Article {
        let mut blocks: Vec<Block> = Vec::new();
        let mut on: Vec<&str> = Vec::new();
        gather(element, false, &mut |file, id, heading| {
            if let Some(block) = pages.block(file, id)
                && !blocks.iter().any(|known| known.id == block.id && on.contains(&file))
            {
                if !on.contains(&file) {
                    on.extend(numbers.get_key_value(file).map(|(file, _)| file.as_str()));
                }
                blocks.push(Block { heading: heading || block.heading, ..block.clone() });
            }
        });
        let mut article = of_blocks(blocks.iter());
        let described =
            element.attribute("DMDID").and_then(|id| self.descriptions.get(id.split(' ').next()?));
        let named = described.and_then(|section| section.find("title")).and_then(Element::line);
        let label =
            element.attribute("LABEL").map(str::trim).filter(|label| !label.is_empty()).map(str::to_owned);
        article.title = article.title.or(named).or(label);
        if let Some(section) = described {
            article.authors.extend(section.find("namePart").and_then(Element::line));
        }
        let shown: Vec<&str> = on.iter().filter_map(|file| numbers.get(*file).map(String::as_str)).collect();
        if !shown.is_empty() {
            article.metadata.insert("page".to_owned(), shown.join("; "));
        }
        article
            .metadata
            .extend(element.attribute("TYPE").map(|kind| ("type".to_owned(), kind.to_lowercase())));
        article
    }

    fn draft(&self, mut article: Article) -> Draft {
        article.source.clone_from(&self.title);
        article.language = article.language.or(self.language);
        article.metadata.extend(self.number.clone().map(|number| ("issue".to_owned(), number)));
        let dates = self.date.iter().map(|date| ("published".to_owned(), date.clone())).collect();
        Draft { article, dates, ..Draft::default() }
    }
}

/// Visits the blocks that an element of the structure names: file, block, whether it belongs to a headline.
fn gather(element: &Element, heading: bool, visit: &mut dyn FnMut(&str, &str, bool)) {
    if is_of(element, SILENT) {
        return;
    }
    let heading = heading || is_of(element, HEADINGS);
    for inner in element.elements() {
        if inner.is("area") {
            if let (Some(file), Some(block)) = (inner.attribute("FILEID"), inner.attribute("BEGIN")) {
                visit(file, block, heading);
            }
        } else {
            gather(inner, heading, visit);
        }
    }
}
