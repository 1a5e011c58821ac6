//! Crawls: the shell that WARC and ARC have in common, records with a header each, one after the other.
//!
//! Takes what a format makes of a header, gives each page to `capture`. Streams: one record is in memory at a time, and
//! only if it is a page. A broken record costs itself: reading goes on at the next that can be recognised.

use std::io::{self, BufRead};

use crate::input::capture::{self, Capture, Source};
use crate::input::{Halt, Reader};

/// A longer line is no header.
const LONGEST_LINE: u64 = 64 << 10;

/// What the header of a record announces.
pub(super) enum Heading {
    /// Something that was received.
    Page(Capture),
    /// So many bytes of something else; of a kind that is counted, or of none.
    Other { bytes: u64, kind: Option<String> },
    /// A header that does not say where its record ends.
    Broken(&'static str),
    /// No header at all.
    Noise(&'static str),
}

/// Reads a crawl to its end. `heading` is given the first line of what should be a record, and may read on.
pub(super) fn read(
    reader: &mut Reader<'_>,
    heading: impl Fn(&[u8], &mut dyn Source) -> Heading,
) -> Result<(), Halt> {
    let mut stream = reader.take_stream();
    let outcome = read_records(reader, &mut stream, heading);
    reader.stream = stream;
    outcome
}

fn read_records(
    reader: &mut Reader<'_>,
    stream: &mut dyn Source,
    heading: impl Fn(&[u8], &mut dyn Source) -> Heading,
) -> Result<(), Halt> {
    let mut lost = false;
    while let Some(line) = next_line(stream) {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let heading = heading(line, stream);
        let was_lost =
            std::mem::replace(&mut lost, matches!(heading, Heading::Broken(_) | Heading::Noise(_)));
        match heading {
            Heading::Page(capture) => capture.read(reader, stream)?,
            Heading::Other { bytes, kind } => {
                if let Some(kind) = kind {
                    reader.passed.count(&kind);
                }
                capture::skip(stream, bytes);
            }
            // Told once; then the next record is looked for.
            Heading::Noise(_) if was_lost => {}
            Heading::Broken(reason) | Heading::Noise(reason) => reader.next_failed("parse", reason.into())?,
        }
    }
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
