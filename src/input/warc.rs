//! WARC files: the pages of a web crawl, each an article addressed by its URL and the time of its capture.
//!
//! Reads `response`, `resource` and `conversion` records; what they hold is `capture`'s business. Requests, metadata and
//! the description of the crawl are passed over.

use std::io::BufRead;

use crate::input::capture::{self, Capture, Content};
use crate::input::crawl::{self, Heading, next_line};
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// A crawl.
pub(super) const FORMAT: Format =
    Format { name: "warc", label: "WARC web archive", extensions: &["warc", "wet"], sniff, read };

fn sniff(head: &Head<'_>) -> Confidence {
    if head.bytes.trim_ascii_start().starts_with(b"WARC/") { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    crawl::read(reader, |line, stream| {
        if !line.starts_with(b"WARC/") {
            return Heading::Noise("bytes between records that are no record");
        }
        Header::read(stream).map_or(Heading::Broken("a record without a readable length"), Header::heading)
    })
}

/// The header of a record, as far as it matters here.
#[derive(Default)]
struct Header {
    kind: String,
    url: Option<String>,
    date: Option<String>,
    media: Option<String>,
    bytes: u64,
}

impl Header {
    fn read(stream: &mut dyn BufRead) -> Option<Header> {
        let mut header = Header::default();
        let mut length = None;
        loop {
            let line = next_line(stream)?;
            let line = String::from_utf8_lossy(line.trim_ascii()).into_owned();
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim().to_owned();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => header.kind = value.to_ascii_lowercase(),
                // Some writers put brackets around it.
                "warc-target-uri" => header.url = Some(value.trim_matches(['<', '>']).to_owned()),
                "warc-date" => header.date = Some(value),
                "content-type" => header.media = Some(value),
                "content-length" => length = value.parse().ok(),
                _ => {}
            }
        }
        header.bytes = length?;
        Some(header)
    }

    fn content(&self) -> Option<Content> {
        let media = || self.media.clone().unwrap_or_default();
        let is_http =
            self.media.as_deref().is_some_and(|media| media.trim_start().starts_with("application/http"));
        match self.kind.as_str() {
            "response" if is_http || self.media.is_none() => Some(Content::Http),
            "response" | "resource" | "conversion" => Some(Content::Bare(media())),
            _ => None,
        }
    }

    fn heading(self) -> Heading {
        let bytes = self.bytes;
        if let (Some(content), Some(url)) = (self.content(), self.url) {
            let fetched = self.date.as_deref().and_then(capture::time);
            return Heading::Page(Capture { url, fetched, content, bytes });
        }
        let is_counted = matches!(self.kind.as_str(), "revisit" | "continuation");
        Heading::Other { bytes, kind: is_counted.then_some(self.kind) }
    }
}
