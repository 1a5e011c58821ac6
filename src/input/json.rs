//! JSON and JSON Lines: one article, an array of them, an object that wraps an array, or one on each line.
//!
//! Streams: a line, or one element of the outermost array, is in memory at a time. A record that is not valid JSON is
//! one failure with its line and column, and the rest is read. Which names mean what is `fields`' business.

use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

use encoding_rs::Encoding;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::input::decode::{Transcoder, decode, undeclared, utf16};
use crate::input::fields::{self, Fields, Value};
use crate::input::{Confidence, Format, Halt, Head, Reader, too_large};

/// One document: an article, an array of articles, or an object around one.
pub(super) const FORMAT: Format = Format { name: "json", label: "JSON", extensions: &["json"], sniff, read };

/// One article on each line.
pub(super) const LINES: Format = Format {
    name: "jsonl",
    label: "JSON Lines",
    extensions: &["jsonl", "ndjson", "jl"],
    sniff: sniff_lines,
    read,
};

/// How deep in wrapping objects an array of articles is looked for.
const WRAPPED_WITHIN: usize = 4;

fn sniff(head: &Head<'_>) -> Confidence {
    if LINES.extensions.contains(&head.extension.as_str()) || is_lines(head.bytes) {
        return Confidence::No;
    }
    starts_as_json(head, FORMAT.extensions)
}

fn sniff_lines(head: &Head<'_>) -> Confidence {
    let named = LINES.extensions.contains(&head.extension.as_str());
    if !named && !is_lines(head.bytes) {
        return Confidence::No;
    }
    starts_as_json(head, LINES.extensions)
}

fn starts_as_json(head: &Head<'_>, extensions: &[&str]) -> Confidence {
    let named = extensions.contains(&head.extension.as_str());
    let bytes: Vec<u8> = head.bytes.iter().copied().filter(|&byte| byte != 0).take(256).collect();
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let start = start.strip_prefix(b"\xFF\xFE").or(start.strip_prefix(b"\xFE\xFF")).unwrap_or(start);
    let start = start.trim_ascii_start();
    let next = start.get(1..).unwrap_or_default().trim_ascii_start().first().copied();
    let opens = match start.first() {
        Some(b'{') => matches!(next, Some(b'"' | b'}')),
        Some(b'[') => matches!(next, Some(b'{' | b']')),
        _ => false,
    };
    match (opens, named) {
        (true, _) => Confidence::Certain,
        (false, true) => Confidence::Likely,
        (false, false) => Confidence::No,
    }
}

/// Whether the first line is a whole object and a second one begins.
fn is_lines(head: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'\n', head) else { return false };
    let (first, rest) = (head[..end].trim_ascii(), head[end..].trim_ascii_start());
    first.starts_with(b"{") && first.ends_with(b"}") && first.len() > 2 && rest.starts_with(b"{")
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    read_values(reader, &mut record)
}

/// What is done with a top-level value, whether there are many of them, and what is to be noted.
pub(super) type TakeValue<'t> =
    dyn FnMut(&mut Reader<'_>, Value<'_>, bool, Option<&str>) -> Result<(), Halt> + 't;

/// Reads the top-level values of a file one by one; what is not valid JSON is a failure each.
pub(super) fn read_values(reader: &mut Reader<'_>, take: &mut TakeValue<'_>) -> Result<(), Halt> {
    let mut transcoded =
        utf16(reader.stream.head()).map(|encoding| transcode(reader, encoding)).transpose()?;
    let mut many = reader.format.name == LINES.name;
    let head = reader.stream.head();
    let lines = is_lines(head) || many && memchr::memchr(b'\n', head).is_none();
    let mut chunks = Chunks::new(reader.options.max_record_bytes, lines);
    loop {
        let source: &mut dyn BufRead = match &mut transcoded {
            Some(text) => text,
            None => &mut reader.stream,
        };
        match chunks.next(source) {
            Chunk::End => return Ok(()),
            Chunk::TooLarge { line } => {
                let reason = format!("line {line}: {}", too_large(reader.options.max_record_bytes));
                reader.next_failed("read", reason)?;
            }
            Chunk::Value { line, bytes, last } => {
                many |= !last;
                read_value(reader, &bytes, line, many, take)?;
                chunks.give_back(bytes);
            }
        }
    }
}

/// UTF-16 is read whole: the stream cannot be lent to a decoder and kept.
fn transcode(
    reader: &mut Reader<'_>,
    encoding: &'static Encoding,
) -> Result<BufReader<std::io::Cursor<Vec<u8>>>, Halt> {
    let bytes = reader.whole()?;
    let mut text = Vec::new();
    let _ = Transcoder::new(bytes.as_slice(), encoding).read_to_end(&mut text);
    Ok(BufReader::new(std::io::Cursor::new(text)))
}

/// Reads one top-level value.
fn read_value(
    reader: &mut Reader<'_>,
    bytes: &[u8],
    line: u64,
    many: bool,
    take: &mut TakeValue<'_>,
) -> Result<(), Halt> {
    let decoded = decode(bytes, undeclared);
    let repaired;
    let value = match serde_json::from_str::<Value<'_>>(&decoded.text) {
        Ok(value) => Ok(value),
        Err(error) if error.to_string().starts_with("control character") => {
            repaired = escape_controls(&decoded.text);
            serde_json::from_str(&repaired)
        }
        Err(error) => Err(error),
    };
    match value {
        Ok(value) => take(reader, value, many, decoded.note.as_deref()),
        // The stream broke off within the record: that is told once, at the end.
        Err(_) if reader.stream.trouble().is_some() => Ok(()),
        Err(error) => reader.next_failed("parse", explain(&error, line)),
    }
}

/// Gives the articles of one top-level value.
fn record(reader: &mut Reader<'_>, value: Value<'_>, many: bool, note: Option<&str>) -> Result<(), Halt> {
    let map = &reader.options.map;
    let articles = articles(value, map);
    let single = !many && articles.len() == 1;
    for fields in articles {
        let mut draft = fields::draft(fields, map);
        draft.article.notes.extend(note.map(str::to_owned));
        if single {
            reader.only(draft)?;
        } else {
            reader.next(draft)?;
        }
    }
    Ok(())
}

fn explain(error: &serde_json::Error, line: u64) -> String {
    let text = error.to_string();
    // serde_json counts lines from the start of the record.
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    let line = line + (error.line() as u64).saturating_sub(1);
    format!("line {line}, column {}: {}", error.column(), message.to_lowercase())
}

/// The articles in a value: itself, its elements, or those of an array it wraps.
fn articles<'a>(value: Value<'a>, map: &[(String, String)]) -> Vec<Fields<'a>> {
    match value {
        Value::Map(fields) => {
            let fields = fields::unwrapped(fields, map);
            if fields::looks_like_article(&fields, map) {
                return vec![fields];
            }
            match wrapped(fields, map, WRAPPED_WITHIN) {
                Ok(records) => records,
                Err(fields) => vec![fields],
            }
        }
        Value::List(items) => items.into_iter().flat_map(|item| articles(item, map)).collect(),
        // A bare string or number has neither title nor text: it is passed over with that reason.
        _ => vec![Vec::new()],
    }
}

/// The records of the first array of articles within `fields`, or the fields back.
fn wrapped<'a>(
    mut fields: Fields<'a>,
    map: &[(String, String)],
    depth: usize,
) -> Result<Vec<Fields<'a>>, Fields<'a>> {
    let holds_articles = |value: &Value<'a>| match value {
        Value::List(items) => items.iter().any(|item| is_article(item, map)),
        _ => false,
    };
    if let Some(at) = fields.iter().position(|(_, value)| holds_articles(value)) {
        return Ok(articles(fields.swap_remove(at).1, map));
    }
    if depth == 0 {
        return Err(fields);
    }
    for (_, value) in &mut fields {
        if let Value::Map(inner) = value {
            match wrapped(std::mem::take(inner), map, depth - 1) {
                Ok(records) => return Ok(records),
                Err(untouched) => *inner = untouched,
            }
        }
    }
    Err(fields)
}

fn is_article(value: &Value<'_>, map: &[(String, String)]) -> bool {
    let Value::Map(fields) = value else { return false };
    let inner =
        |value: &Value<'_>| matches!(value, Value::Map(inner) if fields::looks_like_article(inner, map));
    fields::looks_like_article(fields, map) || fields.iter().any(|(_, value)| inner(value))
}

/// A JSON text within another file, read as leniently as such texts are written; owned.
pub(super) fn lenient(source: &str) -> Option<Value<'static>> {
    let source = source.trim().trim_end_matches(';');
    let source = source.strip_prefix("<!--").and_then(|inner| inner.strip_suffix("-->")).unwrap_or(source);
    let value = serde_json::from_str::<Value<'_>>(source).map(Value::owned);
    value.ok().or_else(|| {
        let repaired = escape_controls(source);
        serde_json::from_str::<Value<'_>>(&repaired).map(Value::owned).ok()
    })
}

/// Escapes the raw line breaks and tabs that careless programs leave in strings.
fn escape_controls(json: &str) -> String {
    let mut repaired = String::with_capacity(json.len() + 64);
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = in_string,
            '"' => in_string = !in_string,
            _ => {}
        }
        match c {
            '\n' if in_string => repaired.push_str("\\n"),
            '\t' if in_string => repaired.push_str("\\t"),
            c if in_string && c < ' ' => repaired.push(' '),
            c => repaired.push(c),
        }
    }
    repaired
}

/// Cuts a stream into top-level values: the lines of JSON Lines, the elements of the outermost array, or objects
/// that follow each other, over several lines or not.
struct Chunks {
    limit: usize,
    /// Every value is a line: a broken one ends with it.
    lines: bool,
    /// The line that comes next, from 1.
    line: u64,
    /// Within the brackets of an outermost array.
    in_array: bool,
    started: bool,
    spare: Vec<u8>,
}

enum Chunk {
    End,
    TooLarge { line: u64 },
    Value { line: u64, bytes: Vec<u8>, last: bool },
}

/// Where in a value the scanner stands.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Chunks {
    fn new(limit: usize, lines: bool) -> Chunks {
        Chunks { limit, lines, line: 1, in_array: false, started: false, spare: Vec::new() }
    }

    fn give_back(&mut self, mut bytes: Vec<u8>) {
        bytes.clear();
        self.spare = bytes;
    }

    fn next(&mut self, source: &mut dyn BufRead) -> Chunk {
        if !self.skip_to_value(source) {
            return Chunk::End;
        }
        let line = self.line;
        let mut bytes = std::mem::take(&mut self.spare);
        let mut scan = Scan::default();
        let mut too_large = false;
        loop {
            let available = match source.fill_buf() {
                Ok(available) if !available.is_empty() => available,
                _ => break,
            };
            let (count, done) = if self.lines { to_line_end(available) } else { scan.advance(available) };
            let taken = &available[..count];
            self.line += memchr::memchr_iter(b'\n', taken).count() as u64;
            too_large |= bytes.len() + count > self.limit;
            if too_large {
                bytes.clear();
            } else {
                bytes.extend_from_slice(taken);
            }
            source.consume(count);
            if done {
                break;
            }
        }
        // An object on one line, outside of an array: more lines of the kind are to be expected.
        self.lines |= !self.in_array && self.line == line;
        if too_large {
            return Chunk::TooLarge { line };
        }
        let last = !self.skip_to_value(source);
        Chunk::Value { line, bytes, last: last && !self.in_array }
    }

    /// Goes to the first byte of the next value; `false` at the end.
    fn skip_to_value(&mut self, source: &mut dyn BufRead) -> bool {
        loop {
            let available = match source.fill_buf() {
                Ok(available) if !available.is_empty() => available,
                _ => return false,
            };
            let mut used = 0;
            for &byte in available {
                if self.begins_value(byte) {
                    break;
                }
                self.line += u64::from(byte == b'\n');
                used += 1;
            }
            let found = used < available.len();
            source.consume(used);
            if found {
                return true;
            }
        }
    }

    fn begins_value(&mut self, byte: u8) -> bool {
        if !self.started && !self.lines && byte == b'[' {
            self.started = true;
            self.in_array = true;
            return false;
        }
        // Outside of lines only an object is an article: what else stands there is the wreck of a broken one.
        let begins = match byte {
            b'{' => true,
            b' ' | b'\t' | b'\r' | b'\n' | b',' | 0x1E => false,
            0xEF | 0xBB | 0xBF if !self.started => false,
            _ => self.lines,
        };
        self.started |= begins;
        begins
    }
}

fn to_line_end(bytes: &[u8]) -> (usize, bool) {
    memchr::memchr(b'\n', bytes).map_or((bytes.len(), false), |at| (at, true))
}

impl Scan {
    /// How many of `bytes` belong to the value, and whether it ends there.
    fn advance(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while at < bytes.len() {
            if self.escaped {
                self.escaped = false;
                at += 1;
                continue;
            }
            if self.in_string {
                let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) else { break };
                at += found + 1;
                match bytes[at - 1] {
                    b'"' => self.in_string = false,
                    _ => self.escaped = true,
                }
                continue;
            }
            let byte = bytes[at];
            at += 1;
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth <= 1 => return (at, true),
                b'}' | b']' => self.depth -= 1,
                _ => {}
            }
        }
        (bytes.len(), false)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value<'a>, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

/// A name of an object, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name<'a>, D::Error> {
        match deserializer.deserialize_str(ValueVisitor)? {
            Value::Text(text) => Ok(Name(text)),
            _ => Ok(Name(Cow::Borrowed(""))),
        }
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some((Name(name), value)) = entries.next_entry()? {
            fields.push((name, value));
        }
        Ok(Value::Map(fields))
    }
}
