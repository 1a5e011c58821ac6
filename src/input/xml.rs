//! XML to small trees: what every format made of XML reads through.
//!
//! Takes text ([`parse`]) or a stream ([`Xml`]), gives [`Element`]s: a whole document, or one record of a large file
//! at a time, so that a file of any size is read in constant memory. Names are compared by their local part; the
//! namespace is kept beside it. A document type may declare entities: their expansion is bounded, and what they would
//! fetch from elsewhere is left out. Never opens anything, never recurses deeper than [`DEEPEST`].

use std::fmt;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use quick_xml::NsReader;
use quick_xml::escape::EscapeError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use rustc_hash::FxHashMap;

pub(super) use crate::input::element::{Element, Node};
use crate::input::{Halt, markup};

/// Elements deeper than this are a fault: no format of news comes near.
const DEEPEST: usize = 400;

/// How much text the entities of one document may expand to, and how deep they may stand in one another.
const EXPANDED: usize = 1 << 20;
const ENTITIES_WITHIN: usize = 16;

/// What keeps a document from being read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    /// From 1.
    pub(super) line: u64,
    /// From 1, in bytes.
    pub(super) column: u64,
    /// Lower case, no full stop.
    pub(super) what: String,
    /// Only this element is lost: the next can be read.
    pub(super) passing: bool,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.what)
    }
}

impl From<Flaw> for Halt {
    fn from(flaw: Flaw) -> Halt {
        Halt::Failed { stage: "parse", reason: flaw.to_string() }
    }
}

/// The root element of a document.
///
/// # Errors
/// What is wrong with it, and where.
pub(super) fn parse(text: &str) -> Result<Element, Flaw> {
    let mut xml = Xml::new(text.as_bytes(), usize::MAX);
    while let Some(step) = xml.step()? {
        if let Step::Open(root) = step {
            return xml.complete(root);
        }
    }
    Err(xml.flaw("no element in it".to_owned()))
}

/// The first element of a document that begins like this, without what is in it.
pub(super) fn root(head: &str) -> Option<Element> {
    let mut xml = Xml::new(head.as_bytes(), usize::MAX);
    loop {
        if let Step::Open(root) = xml.step().ok()?? {
            return Some(root);
        }
    }
}

/// A document read from start to end.
pub(super) struct Xml<S> {
    reader: NsReader<Lines<S>>,
    buffer: Vec<u8>,
    /// Names of the elements that are open.
    open: Vec<String>,
    entities: Entities,
    /// The namespace met last: neighbours share it.
    uri: Rc<str>,
    limit: usize,
}

/// What comes next in a document.
pub(super) enum Step {
    /// An element begins; what is in it follows, or is had at once by [`Xml::complete`].
    Open(Element),
    /// The element that was opened last and not completed ends.
    Close,
    /// Characters, entities resolved.
    Text(String),
}

impl<S: BufRead> Xml<S> {
    /// Reads UTF-8 from `source`; one completed element may take `limit` bytes.
    pub(super) fn new(source: S, limit: usize) -> Xml<S> {
        let lines = Lines { source, line: 1, column: 1, taken: 0, since: 0, limit };
        let mut reader = NsReader::from_reader(lines);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Xml {
            reader,
            buffer: Vec::new(),
            open: Vec::new(),
            entities: Entities::default(),
            uri: Rc::from(""),
            limit,
        }
    }

    /// The source back, read as far as it was.
    pub(super) fn into_source(self) -> S {
        self.reader.into_inner().source
    }

    /// What comes next; nothing at the end.
    ///
    /// # Errors
    /// What is wrong with the document at this point. After one that is not passing, nothing more can be read.
    pub(super) fn step(&mut self) -> Result<Option<Step>, Flaw> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().since = 0;
            let resolved = self.reader.read_resolved_event_into(&mut self.buffer);
            let step = match resolved {
                Err(error) => Err(explain(&error)),
                Ok((namespace, Event::Start(tag))) => {
                    let uri = match namespace {
                        ResolveResult::Bound(uri) => uri.into_inner(),
                        _ => "",
                    };
                    if *self.uri != *uri {
                        self.uri = Rc::from(uri);
                    }
                    if self.open.len() == DEEPEST {
                        Err(format!("elements nested more than {DEEPEST} deep"))
                    } else {
                        element(&tag, Rc::clone(&self.uri), &mut self.entities).map(Step::Open)
                    }
                }
                Ok((_, Event::End(_))) => Ok(Step::Close),
                Ok((_, Event::Text(text))) => Ok(Step::Text(tidy(&text))),
                Ok((_, Event::CData(text))) => Ok(Step::Text(tidy(&text))),
                Ok((_, Event::GeneralRef(name))) => {
                    let mut text = String::new();
                    self.entities.resolve(&name, 0, &mut text).map(|()| Step::Text(text))
                }
                Ok((_, Event::DocType(declared))) => {
                    self.entities.declare(&declared);
                    continue;
                }
                Ok((_, Event::Eof)) => match self.open.last() {
                    Some(name) => Err(format!("the file ends within <{name}>")),
                    None => return Ok(None),
                },
                Ok(_) => continue,
            };
            let step = step.map_err(|what| self.flaw(what))?;
            match &step {
                Step::Open(element) => self.open.push(element.name.clone()),
                Step::Close => drop(self.open.pop()),
                Step::Text(_) => {}
            }
            return Ok(Some(step));
        }
    }

    /// `element`, which was opened last, with everything in it.
    ///
    /// # Errors
    /// What is wrong with the document; passing where the element is only too large.
    pub(super) fn complete(&mut self, element: Element) -> Result<Element, Flaw> {
        let start = self.reader.get_ref().taken;
        let above = self.open.len() - 1;
        let mut unfinished = vec![element];
        let mut flaw = None;
        while let Some(step) = self.step()? {
            if self.reader.get_ref().taken - start > self.limit && flaw.is_none() {
                let what = format!("larger than the limit of {} bytes for one article", self.limit);
                flaw = Some(Flaw { passing: true, ..self.flaw(what) });
                unfinished.truncate(1);
            }
            match step {
                _ if flaw.is_some() => {}
                Step::Open(element) => unfinished.push(element),
                Step::Text(text) => {
                    if let Some(last) = unfinished.last_mut() {
                        last.push_text(text);
                    }
                }
                Step::Close if self.open.len() > above => {
                    if let (Some(done), Some(parent)) = (unfinished.pop(), unfinished.last_mut()) {
                        parent.nodes.push(Node::Element(done));
                    }
                }
                Step::Close => {}
            }
            if self.open.len() == above {
                break;
            }
        }
        match (flaw, unfinished.pop()) {
            (None, Some(element)) => Ok(element),
            (Some(flaw), _) => Err(flaw),
            (None, None) => Err(self.flaw("an element without beginning".to_owned())),
        }
    }

    /// `what` is wrong here.
    pub(super) fn flaw(&self, what: String) -> Flaw {
        let lines = self.reader.get_ref();
        Flaw { line: lines.line, column: lines.column, what, passing: false }
    }
}

fn element(tag: &BytesStart<'_>, uri: Rc<str>, entities: &mut Entities) -> Result<Element, String> {
    let name = tag.local_name().into_inner().to_owned();
    let mut attributes = Vec::new();
    // Attributes without quotes or given twice are a fault of the writer that costs nothing.
    for attribute in tag.html_attributes().with_checks(false).flatten() {
        let mut value = String::new();
        entities.expand(&attribute.value, 0, &mut value)?;
        attributes.push((attribute.key.into_inner().to_owned(), value));
    }
    Ok(Element { name, uri, attributes, nodes: Vec::new() })
}

/// Control characters are no text.
fn tidy(text: &str) -> String {
    let unwanted = |c: char| c < ' ' && !matches!(c, '\n' | '\t' | '\r');
    if text.contains(unwanted) { text.replace(unwanted, " ") } else { text.to_owned() }
}

fn explain(error: &quick_xml::Error) -> String {
    let text = match error {
        quick_xml::Error::Io(error) => error.to_string(),
        quick_xml::Error::Escape(EscapeError::UnrecognizedEntity(_, name)) => {
            format!("unknown entity {name}")
        }
        quick_xml::Error::Syntax(error) => error.to_string(),
        quick_xml::Error::IllFormed(error) => error.to_string(),
        other => other.to_string(),
    };
    // Names in the message keep their case.
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// The entities that a document declares.
#[derive(Default)]
struct Entities {
    declared: FxHashMap<String, String>,
    expanded: usize,
}

impl Entities {
    /// Takes the internal entities of a document type; those that lie elsewhere stand for nothing.
    fn declare(&mut self, doctype: &str) {
        let mut rest = doctype;
        while let Some(at) = rest.find("<!ENTITY") {
            rest = rest[at + 8..].trim_start();
            let Some((name, value)) = rest.split_once(char::is_whitespace) else { return };
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let literal = quote.and_then(|quote| value[1..].split_once(quote));
            let (literal, after) = literal.unwrap_or(("", value));
            // The first declaration of a name is binding.
            self.declared.entry(name.to_owned()).or_insert_with(|| literal.to_owned());
            rest = after;
        }
    }

    /// Adds `source`, its entities resolved, to `text`.
    fn expand(&mut self, source: &str, within: usize, text: &mut String) -> Result<(), String> {
        let mut rest = source;
        while let Some(at) = rest.find('&') {
            text.push_str(&tidy(&rest[..at]));
            rest = &rest[at + 1..];
            match rest.find(';').filter(|&end| end > 0 && rest[..end].bytes().all(is_of_name)) {
                Some(end) => {
                    self.resolve(&rest[..end], within, text)?;
                    rest = &rest[end + 1..];
                }
                None => text.push('&'),
            }
        }
        text.push_str(&tidy(rest));
        Ok(())
    }

    /// Adds what the entity called `name` stands for to `text`.
    fn resolve(&mut self, name: &str, within: usize, text: &mut String) -> Result<(), String> {
        if let Some(value) = self.declared.get(name) {
            let value = value.clone();
            self.expanded += value.len() + 1;
            if self.expanded > EXPANDED || within > ENTITIES_WITHIN {
                return Err(format!("entity {name} expands without bounds"));
            }
            return self.expand(&value, within + 1, text);
        }
        let written = format!("&{name};");
        text.push_str(&tidy(&markup::unescaped(&written)));
        Ok(())
    }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"#_-.:".contains(&byte) || !byte.is_ascii()
}

/// Counts lines, and ends a stream whose single piece of text is too large.
struct Lines<S> {
    source: S,
    line: u64,
    column: u64,
    taken: usize,
    /// Bytes since the last piece.
    since: usize,
    limit: usize,
}

impl<S: BufRead> Read for Lines<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(into.len());
        into[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<S: BufRead> BufRead for Lines<S> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since > self.limit {
            let what = format!("larger than the limit of {} bytes for one article", self.limit);
            return Err(io::Error::other(what));
        }
        self.source.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if let Ok(bytes) = self.source.fill_buf() {
            let bytes = &bytes[..count.min(bytes.len())];
            self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
            self.column = match memchr::memrchr(b'\n', bytes) {
                Some(at) => (bytes.len() - at) as u64,
                None => self.column + bytes.len() as u64,
            };
        }
        self.taken += count;
        self.since = self.since.saturating_add(count);
        self.source.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    use proptest::prelude::*;

    #[test]
    fn elements_hold_names_attributes_and_text() {
        let root = parse(
            "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'a.dtd' [<!ENTITY agency \"AP &amp; Co\">]>\
             <a xmlns='urn:x' xmlns:y='urn:y' lang='en'><y:b id='1&quot;2' x=3>one &agency; &eacute;&#233; &lt;two&gt; R&D</y:b>\
             <c/><c><![CDATA[<raw>]]></c></a>",
        )
        .unwrap();
        assert_eq!((root.name.as_str(), &*root.uri, root.attribute("lang")), ("a", "urn:x", Some("en")));
        let b = root.child("b").unwrap();
        assert_eq!((&*b.uri, b.attribute("id"), b.attribute("x")), ("urn:y", Some("1\"2"), Some("3")));
        assert_eq!(b.line().unwrap(), "one AP & Co éé <two> R&D");
        assert_eq!(root.all("c").filter_map(Element::line).collect::<Vec<_>>(), ["<raw>"]);
        let names: Vec<&str> = root.descendants().map(|element| element.name.as_str()).collect();
        assert_eq!(names, ["b", "c", "c"]);
    }

    #[test]
    fn prose_has_paragraphs() {
        let root = parse(
            "<body><p>One <em>two</em>\n three.</p><p>Four<br/>five.</p><media><p>No.</p></media><ul><li>A</li>\
             <li>B</li></ul><pre>x  y\n\nz</pre></body>",
        )
        .unwrap();
        let prose = root.prose(&|element| element.is("media"));
        assert_eq!(prose, "One two three.\n\nFour\nfive.\n\nA\n\nB\n\nx y\n\nz");
    }

    #[test]
    fn documents_that_mean_harm_are_refused_with_line_and_column() {
        let mut laughs = String::new();
        for n in 1..12 {
            write!(laughs, "<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)).unwrap();
        }
        let deep = "<a>".repeat(200_000);
        let unclosed = format!("<a b=\"{}", "x".repeat(1000));
        let mut wrong = Vec::new();
        for (source, expected) in [
            (
                format!("<!DOCTYPE a [<!ENTITY l0 \"ha\">{laughs}]>\n<a>&l11;</a>"),
                "line 2, column 9: entity l",
            ),
            (
                "<!DOCTYPE a [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]><a>&a;</a>".into(),
                "line 1, column 56: entity b",
            ),
            (deep, "line 1, column 1204: elements nested more than 400 deep"),
            ("<a>\n<b>text".into(), "line 2, column 8: the file ends within <b>"),
            ("<a>\n<b>text</c></a>".into(), "line 2, column 12: expected `</b>`, but `</c>` was found"),
            (unclosed, "line 1, column 1007: attribute value not closed"),
            ("no markup".into(), "line 1, column 10: no element in it"),
            (String::new(), "line 1, column 1: no element in it"),
        ] {
            let flaw = parse(&source).unwrap_err().to_string();
            if !flaw.starts_with(expected) {
                wrong.push((expected, flaw));
            }
        }
        assert_eq!(wrong, []);
    }

    #[test]
    fn what_lies_elsewhere_is_not_fetched() {
        let root = parse(
            "<!DOCTYPE a [<!ENTITY f SYSTEM \"file:///etc/passwd\"><!ENTITY % g PUBLIC 'x' 'http://h/'>]><a>x&f;y</a>",
        );
        assert_eq!(root.unwrap().line().unwrap(), "xy");
    }

    #[test]
    fn records_are_completed_one_at_a_time_and_large_ones_pass() {
        let large = "x".repeat(400);
        let source = format!("<r><i>1</i><i><t>{large}</t><t>{large}</t></i><h>no</h><i>3</i></r>");
        let mut xml = Xml::new(source.as_bytes(), 500);
        let mut found = Vec::new();
        while let Some(step) = xml.step().unwrap() {
            match step {
                Step::Open(element) if element.is("i") => found.push(match xml.complete(element) {
                    Ok(element) => element.line().unwrap(),
                    Err(flaw) if flaw.passing => flaw.what,
                    Err(flaw) => panic!("{flaw}"),
                }),
                _ => {}
            }
        }
        assert_eq!(found, ["1", "larger than the limit of 500 bytes for one article", "3"]);
        let endless = format!("<r><i>{}", "x".repeat(100_000));
        let mut xml = Xml::new(io::BufReader::with_capacity(64, endless.as_bytes()), 500);
        let flaw = loop {
            if let Err(flaw) = xml.step() {
                break flaw;
            }
        };
        assert!(flaw.what.contains("limit") && !flaw.passing, "{flaw}");
    }

    #[test]
    fn a_root_is_told_from_the_first_bytes() {
        let head = "<?xml version='1.0'?>\n<!-- by hand -->\n<nitf:nitf xmlns:nitf='urn:nitf'><hea";
        assert_eq!(root(head).unwrap().name, "nitf");
        assert_eq!(root("<!DOCTYPE html><html><head>").unwrap().name, "html");
        assert!(root("{\"a\": 1}").is_none());
    }

    proptest! {
        #[test]
        fn never_panics(source in "(<[a-z/!?:&-]{0,6}[ a-z='\"]{0,9}>?|&[a-z#0-9]{0,4};?|\\PC{0,5}){0,12}") {
            if let Ok(root) = parse(&source) {
                root.prose(&|_| false);
                root.line();
            }
        }
    }
}
