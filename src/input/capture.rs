//! What a crawler received at one address: taken out of HTTP, and read if it is a page.
//!
//! Takes a record of a crawl, gives what it holds to the reader of its kind with the address, the time and the encoding
//! that the server declared. Pictures, styles, scripts, errors and redirections are counted, not listed: a crawl has ten
//! of them for each page.

use std::borrow::Cow;
use std::io::{self, BufRead, Cursor, Read};
use std::rc::Rc;

use brotli_decompressor::Decompressor;
use encoding_rs::Encoding;
use flate2::read::{DeflateDecoder, ZlibDecoder};
use jiff::civil::DateTime;

use crate::input::container::{Member, Origin};
use crate::input::stream::{Budget, HEAD, Stream};
use crate::input::{Halt, Reader, decode, sniff, too_large};

/// Kinds of content that are read, with the file name ending that stands for each.
const READ: &[(&str, &str)] = &[
    ("text/html", "html"),
    ("application/xhtml+xml", "html"),
    ("application/pdf", "pdf"),
    ("application/json", "json"),
    ("application/feed+json", "json"),
    ("application/rss+xml", "xml"),
    ("application/atom+xml", "xml"),
    ("application/rdf+xml", "xml"),
    ("application/xml", "xml"),
    ("text/xml", "xml"),
    ("application/epub+zip", "epub"),
];

/// Bytes of a record that are looked at to tell whether it is a page.
const LOOKED_AT: u64 = 32 << 10;

/// Bytes that the brotli reader takes at a time.
const BROTLI_BUFFER: usize = 16 << 10;

/// Headers that an answer may have.
const MOST_HEADERS: usize = 256;

/// Bytes in order from which records are cut.
pub(super) trait Source: BufRead {
    /// What may still be unpacked.
    fn budget(&self) -> Rc<Budget>;
}

impl Source for Stream<'_> {
    fn budget(&self) -> Rc<Budget> {
        Rc::clone(Stream::budget(self))
    }
}

/// One record of a crawl.
pub(super) struct Capture {
    /// The address.
    pub(super) url: String,
    /// When it was fetched, in UTC.
    pub(super) fetched: Option<DateTime>,
    /// How it was recorded.
    pub(super) content: Content,
    /// The length of the record.
    pub(super) bytes: u64,
}

/// How a crawler recorded what it received.
#[derive(Clone)]
pub(super) enum Content {
    /// As it came, status and headers first.
    Http,
    /// Without them; of this media type.
    Bare(String),
}

/// The time that a crawl writes: `2014-02-16T05:02:21Z` or `20140216050221`.
pub(super) fn time(text: &str) -> Option<DateTime> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(jiff::tz::TimeZone::UTC.to_datetime(time));
    }
    DateTime::strptime("%Y%m%d%H%M%S", text).ok()
}

/// Passes over `bytes` of a stream.
pub(super) fn skip(stream: &mut dyn Source, bytes: u64) {
    // A stream that ends early says so itself.
    let _ = io::copy(&mut stream.take(bytes), &mut io::sink());
}

impl Capture {
    /// Reads the record that comes next in `stream`, if it is a page.
    pub(super) fn read(&self, reader: &mut Reader<'_>, stream: &mut dyn Source) -> Result<(), Halt> {
        let mut record = Vec::new();
        let _ = Read::take(&mut *stream, self.bytes.min(LOOKED_AT)).read_to_end(&mut record);
        let left = self.bytes - record.len() as u64;
        let answer = match self.answer(&record) {
            Ok(answer) => answer,
            Err(reason) => {
                reader.passed.count(&reason);
                skip(stream, left);
                return Ok(());
            }
        };
        let limit = reader.options.max_record_bytes;
        if self.bytes > limit as u64 {
            skip(stream, left);
            return reader.member_failed(&self.url, "read", too_large(limit));
        }
        let _ = Read::take(&mut *stream, left).read_to_end(&mut record);
        let cut_off = (record.len() as u64) < self.bytes;
        self.page(reader, &answer, answer.body(&record, &stream.budget()))?;
        if cut_off {
            Err(Halt::Failed { stage: "read", reason: "the last record ends early".into() })
        } else {
            Ok(())
        }
    }

    /// What the server said of its answer, or why it is no page.
    fn answer(&self, record: &[u8]) -> Result<Answer, String> {
        let answer = match &self.content {
            Content::Bare(media) => Answer::bare(media),
            Content::Http => Answer::parse(record).ok_or("no answer of a web server")?,
        };
        if !(200..300).contains(&answer.status) {
            return Err(format!("status {}", answer.status));
        }
        let converted = matches!(&self.content, Content::Bare(_)) && answer.media == "text/plain";
        if converted || answer.extension().is_some() {
            Ok(answer)
        } else {
            Err(if answer.media.is_empty() { "no media type".to_owned() } else { answer.media })
        }
    }

    fn page(&self, reader: &mut Reader<'_>, answer: &Answer, body: Stream<'_>) -> Result<(), Halt> {
        let name = format!("page.{}", answer.extension().unwrap_or("txt"));
        let Ok(format) = sniff(body.head(), &name) else {
            reader.passed.count(&format!("{} that is no article", answer.media));
            return Ok(());
        };
        let origin = Origin {
            depth: reader.origin.depth + 1,
            url: Some(self.url.clone()),
            fetched: self.fetched,
            charset: answer.charset,
            name: Some(name),
            format: Some(format),
            neighbours: None,
        };
        let member = Member { path: self.url.clone(), bytes: self.bytes, modified: None };
        reader.read_part(&member, &origin, body)
    }
}

/// What a server said of what it sent.
#[derive(Default)]
struct Answer {
    status: u16,
    media: String,
    charset: Option<&'static Encoding>,
    chunked: bool,
    /// What the server packed the body with, where the body itself does not say so.
    packing: Option<Packing>,
    /// Where the body begins.
    body_at: usize,
}

impl Answer {
    fn bare(media: &str) -> Answer {
        let mut answer = Answer { status: 200, ..Answer::default() };
        answer.set_media(media);
        answer
    }

    fn parse(record: &[u8]) -> Option<Answer> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let mut config = httparse::ParserConfig::default();
        config
            .allow_spaces_after_header_name_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .allow_multiple_spaces_in_response_status_delimiters(true)
            .ignore_invalid_headers_in_responses(true);
        let parsed = config.parse_response(&mut response, record).ok()?;
        let httparse::Status::Complete(body_at) = parsed else { return None };
        let mut answer = Answer { status: response.code?, body_at, ..Answer::default() };
        for header in response.headers.iter() {
            let value = String::from_utf8_lossy(header.value);
            match header.name.to_ascii_lowercase().as_str() {
                "content-type" => answer.set_media(&value),
                "transfer-encoding" => answer.chunked = value.to_ascii_lowercase().contains("chunked"),
                "content-encoding" => answer.packing = Packing::named(&value),
                _ => {}
            }
        }
        Some(answer)
    }

    fn set_media(&mut self, value: &str) {
        let (media, parameters) = value.split_once(';').unwrap_or((value, ""));
        self.media = media.trim().to_ascii_lowercase();
        let charset = parameters.to_ascii_lowercase();
        let label = charset.split_once("charset=").map(|(_, label)| label);
        let label = label.and_then(|label| label.split(';').next());
        self.charset =
            label.and_then(|label| Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes()));
    }

    fn extension(&self) -> Option<&'static str> {
        READ.iter().find(|(media, _)| *media == self.media).map(|(_, extension)| *extension)
    }

    /// The body as it was before it was sent, unpacked on the budget of the crawl.
    fn body<'r>(&self, record: &'r [u8], budget: &Rc<Budget>) -> Stream<'r> {
        let sent = record.get(self.body_at..).unwrap_or_default();
        let sent = if self.chunked { joined(sent) } else { Cow::Borrowed(sent) };
        let is_text = decode::binary(&sent[..sent.len().min(HEAD)]).is_none();
        let Some(packing) = self.packing else { return Stream::in_memory(Cursor::new(sent), budget) };
        let body = Stream::packed_member(packing.opened(Cursor::new(sent.clone())), budget);
        // Crawlers that unpack what they receive keep the header that says otherwise.
        let was_unpacked = body.trouble().is_some() && is_text;
        if was_unpacked { Stream::in_memory(Cursor::new(sent), budget) } else { body }
    }
}

/// How a server packed a body. Gzip and zstd are not looked at here: a stream takes them off by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Packing {
    Deflate,
    Brotli,
}

impl Packing {
    fn named(name: &str) -> Option<Packing> {
        match name.trim().to_ascii_lowercase().as_str() {
            "deflate" => Some(Packing::Deflate),
            "br" => Some(Packing::Brotli),
            _ => None,
        }
    }

    fn opened<'b>(self, sent: Cursor<Cow<'b, [u8]>>) -> Box<dyn Read + 'b> {
        match self {
            // Servers mean either of two things by "deflate".
            Packing::Deflate if is_zlib(sent.get_ref()) => Box::new(ZlibDecoder::new(sent)),
            Packing::Deflate => Box::new(DeflateDecoder::new(sent)),
            Packing::Brotli => Box::new(Decompressor::new(sent, BROTLI_BUFFER)),
        }
    }
}

/// Whether deflated data has the header of zlib: its method and a check of both bytes.
fn is_zlib(sent: &[u8]) -> bool {
    let [method, flags, ..] = sent else { return false };
    method & 15 == 8 && u16::from_be_bytes([*method, *flags]).is_multiple_of(31)
}

/// The chunks of a body put together, as far as they are sound; a body that is not in chunks as it is.
fn joined(sent: &[u8]) -> Cow<'_, [u8]> {
    let mut whole = Vec::with_capacity(sent.len());
    let mut rest = sent;
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let line = String::from_utf8_lossy(&rest[..end]);
        let size = line.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(size, 16) else { break };
        if size == 0 {
            return Cow::Owned(whole);
        }
        let chunk = &rest[end + 1..];
        let within = size.min(chunk.len());
        whole.extend_from_slice(&chunk[..within]);
        rest = chunk[within..]
            .strip_prefix(b"\r\n")
            .or(chunk[within..].strip_prefix(b"\n"))
            .unwrap_or(&chunk[within..]);
    }
    if whole.is_empty() {
        return Cow::Borrowed(sent);
    }
    // Sizes that do not fit: what follows is text all the same.
    whole.extend_from_slice(rest);
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together_as_far_as_they_are_sound() {
        for (sent, whole) in [
            ("5\r\nHello\r\n7;x=y\r\n, world\r\n0\r\n\r\n", "Hello, world"),
            ("<html>not in chunks\n</html>", "<html>not in chunks\n</html>"),
            ("5\r\nHello\r\nand the rest", "Helloand the rest"),
            ("ffffffff\r\nshort", "short"),
            ("", ""),
        ] {
            assert_eq!(joined(sent.as_bytes()), whole.as_bytes(), "{sent}");
        }
    }

    #[test]
    fn answers_say_what_they_are() {
        let record =
            b"HTTP/1.1 200 OK\nContent-Type: text/html; charset=\"ISO-8859-2\"\nbad header\nX: y\n\nbody";
        let answer = Answer::parse(record).unwrap();
        assert_eq!((answer.status, answer.media.as_str()), (200, "text/html"));
        assert_eq!(answer.charset, Some(encoding_rs::ISO_8859_2));
        assert_eq!(answer.body(record, &budget()).rest(100).unwrap(), b"body");
        assert!(Answer::parse(b"not HTTP").is_none());
    }

    fn budget() -> Rc<Budget> {
        Rc::clone(Stream::new(&b""[..], 0).budget())
    }

    /// `Kabul, ` 40 times, as other programs deflate and pack it.
    const ZLIB: &[u8] = b"\x78\xda\xf3\x4e\x4c\x2a\xcd\xd1\x51\xf0\x1e\xa5\x50\x29\x00\x1e\x5b\x59\x39";
    const BROTLI: &[u8] =
        b"\x1b\x17\x01\xf8\x8d\x94\xaa\xdb\xa3\x06\x59\x0a\x13\x93\x2c\x6c\x75\x31\x5b\x24\x70\x69\x1f\x00";

    #[test]
    fn bodies_are_unpacked_as_their_servers_say() {
        let text = b"Kabul, ".repeat(40);
        let deflated = &ZLIB[2..ZLIB.len() - 4];
        for (name, sent, expected) in [
            ("deflate", ZLIB, text.as_slice()),
            ("deflate", deflated, &text),
            ("br", BROTLI, &text),
            (" BR ", BROTLI, &text),
            ("identity", &text, &text),
            ("br", b"<p>unpacked by the crawler</p>", b"<p>unpacked by the crawler</p>"),
            ("deflate", b"<p>unpacked by the crawler</p>", b"<p>unpacked by the crawler</p>"),
        ] {
            let answer = Answer { packing: Packing::named(name), ..Answer::default() };
            assert_eq!(answer.body(sent, &budget()).rest(1000).unwrap(), expected, "{name} {sent:?}");
        }
        let cut_off = Answer { packing: Some(Packing::Brotli), ..Answer::default() };
        assert!(cut_off.body(&BROTLI[..6], &budget()).trouble().is_some());
    }

    #[test]
    fn times_of_crawls_are_read() {
        let expected = jiff::civil::date(2014, 2, 16).at(5, 2, 21, 0);
        assert_eq!(time("2014-02-16T05:02:21Z"), Some(expected));
        assert_eq!(time("20140216050221"), Some(expected));
        assert_eq!(time("yesterday"), None);
    }
}
