//! WARC files: the pages of a web crawl, each an article addressed by its URL and the time of its capture.
//!
//! Reads `response`, `resource` and `conversion` records; what they hold is `capture`'s business. Requests, metadata and
//! the description of the crawl are passed over. Streams: one record is in memory at a time, and only if it is a page. A
//! broken record costs itself: reading goes on at the next that can be recognised.

use std::io::{self, BufRead};

use crate::input::capture::{self, Capture, Content};
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// A crawl.
pub(super) const FORMAT: Format =
    Format { name: "warc", label: "WARC web archive", extensions: &["warc", "wet"], sniff, read };

/// A longer line is no header.
const LONGEST_LINE: u64 = 64 << 10;

fn sniff(head: &Head<'_>) -> Confidence {
    if head.bytes.trim_ascii_start().starts_with(b"WARC/") { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let mut stream = reader.take_stream();
    let outcome = read_records(reader, &mut stream);
    reader.stream = stream;
    outcome
}

fn read_records(reader: &mut Reader<'_>, stream: &mut dyn capture::Source) -> Result<(), Halt> {
    let mut lost = false;
    while let Some(line) = next_line(stream) {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        if !line.starts_with(b"WARC/") {
            // Told once; then the next record is looked for.
            if !lost {
                reader.next_failed("parse", "bytes between records that are no record".into())?;
            }
            lost = true;
            continue;
        }
        lost = false;
        let Some(header) = Header::read(stream) else {
            lost = true;
            reader.next_failed("parse", "a record without a readable length".into())?;
            continue;
        };
        record(reader, &header, stream)?;
    }
    Ok(())
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
}

fn record(reader: &mut Reader<'_>, header: &Header, stream: &mut dyn capture::Source) -> Result<(), Halt> {
    if let (Some(content), Some(url)) = (header.content(), &header.url) {
        let fetched = header.date.as_deref().and_then(capture::time);
        let capture = Capture { url: url.clone(), fetched, content, bytes: header.bytes };
        return capture.read(reader, stream);
    }
    if matches!(header.kind.as_str(), "revisit" | "continuation") {
        reader.passed.count(&header.kind);
    }
    capture::skip(stream, header.bytes);
    Ok(())
}

/// The next line, cut at a length that no header has; `None` at the end.
pub(super) fn next_line(stream: &mut dyn BufRead) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    let mut within = io::Read::take(stream, LONGEST_LINE);
    // The stream keeps its own trouble; here it only ends.
    let _ = within.read_until(b'\n', &mut line);
    (!line.is_empty()).then_some(line)
}
