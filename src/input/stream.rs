//! Opens a file as a stream of bytes, with gzip taken off and with bounds on what it may unpack to.
//!
//! Takes a path, gives a [`Stream`]: the first bytes for sniffing, then everything in order. A stream that breaks off
//! gives what could be read and remembers why it ended ([`Stream::trouble`]). Never holds a whole file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

/// How many bytes are looked at to tell what a file is.
pub(super) const HEAD: usize = 16 * 1024;

const BUFFER: usize = 256 * 1024;

/// Unpacked bytes that are let through whatever the ratio, and the ratio above which a file is held to be a bomb:
/// plain text packs 3 to 10 times, the most repetitive logs some 50 times, a bomb 1,000 times.
const UNPACKED_ALWAYS: u64 = 64 << 20;
const UNPACKED_RATIO: u64 = 200;

/// Bytes in order, unpacked.
pub(super) struct Stream {
    source: Box<dyn BufRead>,
    head: Vec<u8>,
    taken: usize,
    trouble: Option<String>,
    /// Whether compression was taken off.
    pub(super) packed: bool,
}

impl Stream {
    /// Opens `path`.
    ///
    /// # Errors
    /// What the operating system says.
    pub(super) fn open(path: &Path) -> io::Result<Stream> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Stream::new(BufReader::with_capacity(BUFFER, file), bytes))
    }

    /// A stream over `source`, which is `bytes` long.
    pub(super) fn new(mut source: impl BufRead + 'static, bytes: u64) -> Stream {
        let packed = source.fill_buf().is_ok_and(|start| start.starts_with(&[0x1F, 0x8B, 0x08]));
        let source: Box<dyn BufRead> = if packed {
            let unpacked = Bounded { source: MultiGzDecoder::new(source), packed: bytes, given: 0 };
            Box::new(BufReader::with_capacity(BUFFER, unpacked))
        } else {
            Box::new(source)
        };
        let mut stream = Stream { source, head: Vec::new(), taken: 0, trouble: None, packed };
        stream.fill_head();
        stream
    }

    /// The first bytes, at most [`HEAD`], without taking them.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// Why the stream ended before its end, if it did.
    pub(super) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Everything that is left, or `None` if that is more than `limit` bytes.
    pub(super) fn rest(&mut self, limit: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let within = limit as u64 + 1;
        // Errors end the stream and are kept in `trouble`; `read_to_end` itself cannot fail.
        let _ = self.by_ref().take(within).read_to_end(&mut bytes);
        (bytes.len() <= limit).then_some(bytes)
    }

    fn fill_head(&mut self) {
        let mut head = vec![0; HEAD];
        let mut filled = 0;
        while filled < HEAD {
            match self.source.read(&mut head[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.trouble = Some(self.explain(&error));
                    break;
                }
            }
        }
        head.truncate(filled);
        self.head = head;
    }

    fn explain(&self, error: &io::Error) -> String {
        match error.kind() {
            io::ErrorKind::UnexpectedEof if self.packed => "the gzip data ends early".to_owned(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData if self.packed => {
                format!("broken gzip data: {error}")
            }
            _ => error.to_string().to_lowercase(),
        }
    }
}

impl Default for Stream {
    /// A stream of nothing: what is left where the stream itself is lent.
    fn default() -> Stream {
        let source = Box::new(io::empty());
        Stream { source, head: Vec::new(), taken: 0, trouble: None, packed: false }
    }
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(into.len());
        into[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken < self.head.len() {
            return Ok(&self.head[self.taken..]);
        }
        while self.trouble.is_none() {
            match self.source.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.trouble = Some(self.explain(&error)),
            }
        }
        if self.trouble.is_some() { Ok(&[]) } else { self.source.fill_buf() }
    }

    fn consume(&mut self, count: usize) {
        if self.taken < self.head.len() {
            self.taken += count;
        } else {
            self.source.consume(count);
        }
    }
}

/// Ends a stream that unpacks to absurdly more than was packed.
struct Bounded<R> {
    source: R,
    packed: u64,
    given: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given > UNPACKED_ALWAYS && self.given / UNPACKED_RATIO > self.packed {
            let message = format!("unpacks to more than {UNPACKED_RATIO} times its size");
            return Err(io::Error::other(message));
        }
        let count = self.source.read(into)?;
        self.given += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::{Cursor, Write};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn stream(bytes: Vec<u8>) -> Stream {
        let length = bytes.len() as u64;
        Stream::new(Cursor::new(bytes), length)
    }

    #[test]
    fn members_of_gzip_follow_each_other() {
        let mut bytes = gzip(b"one ");
        bytes.extend(gzip(b"two"));
        let mut stream = stream(bytes);
        assert_eq!(stream.head(), b"one two");
        assert_eq!(stream.rest(100).unwrap(), b"one two");
        assert_eq!(stream.trouble(), None);
    }

    #[test]
    fn truncated_gzip_gives_what_was_read() {
        let text: String = (0..200_000).map(|n: u32| n.to_string() + " ").collect();
        let mut bytes = gzip(text.as_bytes());
        bytes.truncate(bytes.len() / 2);
        let mut stream = stream(bytes);
        let read = stream.rest(usize::MAX - 1).unwrap();
        assert!(read.len() > 100_000 && text.as_bytes().starts_with(&read));
        assert_eq!(stream.trouble(), Some("the gzip data ends early"));
    }

    #[test]
    fn bombs_are_stopped() {
        let mut stream = stream(gzip(&vec![0; 200 << 20]));
        assert!(stream.rest(500 << 20).unwrap().len() < 100 << 20);
        assert!(stream.trouble().unwrap().contains("unpacks to more"));
    }

    #[test]
    fn more_than_the_limit_is_refused() {
        assert_eq!(stream(b"12345".to_vec()).rest(4), None);
        assert_eq!(stream(b"12345".to_vec()).rest(5).unwrap(), b"12345");
    }
}
