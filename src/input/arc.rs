//! ARC files: the crawls of before WARC. Each record is a line (address, host, time, type, length) and what was received.
//!
//! What a record holds is `capture`'s business. Addresses with spaces in them are read from the other end of the line.

use crate::input::capture::{self, Capture, Content};
use crate::input::crawl::{self, Heading};
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// A crawl of the old kind.
pub(super) const FORMAT: Format =
    Format { name: "arc", label: "ARC web archive", extensions: &["arc"], sniff, read };

/// The fields after the address: host, time, type, length.
const FIELDS: usize = 4;
/// In the second version of the format: host, time, type, result, checksum, location, offset, file name, length.
const FIELDS_OF_2: usize = 9;

fn sniff(head: &Head<'_>) -> Confidence {
    if head.bytes.starts_with(b"filedesc://") { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    crawl::read(reader, |line, _| match header(&String::from_utf8_lossy(line)) {
        None => Heading::Noise("a line that is no record of a crawl"),
        Some((capture, kind)) if capture.url.starts_with("filedesc:") || kind == "text/dns" => {
            Heading::Other { bytes: capture.bytes, kind: None }
        }
        Some((capture, _)) => Heading::Page(capture),
    })
}

/// The capture that a line announces, and its declared type.
fn header(line: &str) -> Option<(Capture, String)> {
    let parts = |count: usize| -> Option<Vec<&str>> {
        let mut parts: Vec<&str> = line.rsplitn(count + 1, ' ').collect();
        parts.reverse();
        let is_time = |text: &str| text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
        (parts.len() == count + 1 && is_time(parts[2])).then_some(parts)
    };
    let parts = parts(FIELDS).or_else(|| parts(FIELDS_OF_2))?;
    let bytes = parts.last()?.parse().ok()?;
    let is_address = parts[0].contains(':');
    let capture =
        Capture { url: parts[0].to_owned(), fetched: capture::time(parts[2]), content: Content::Http, bytes };
    is_address.then(|| (capture, parts[3].to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_versions_announce_captures() {
        for (line, url, bytes) in [
            ("http://a.org/x y 1.2.3.4 20140216050221 text/html 1591", "http://a.org/x y", 1591),
            ("http://a.org/ 1.2.3.4 19970101000000 text/html 200 ck - 17 f.arc 90", "http://a.org/", 90),
        ] {
            let (capture, kind) = header(line).unwrap();
            assert_eq!((capture.url.as_str(), capture.bytes, kind.as_str()), (url, bytes, "text/html"));
        }
        for line in ["", "http://a.org/ 1.2.3.4 yesterday text/html 1", "a b c d e", "x 1 20140216050221 t 1"]
        {
            assert!(header(line).is_none(), "{line}");
        }
    }
}
