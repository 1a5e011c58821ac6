//! Opens a file as a stream of bytes, with compression taken off and with bounds on what it may unpack to.
//!
//! Takes a path or the member of an archive, gives a [`Stream`]: the first bytes for sniffing, then everything in order.
//! [`COMPRESSIONS`] is the registry of what is taken off. A stream that breaks off gives what could be read and remembers
//! why it ended ([`Stream::trouble`]). Never holds a whole file.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

/// How many bytes are looked at to tell what a file is.
pub(super) const HEAD: usize = 16 * 1024;

const BUFFER: usize = 256 * 1024;
/// Members are many and small.
const MEMBER_BUFFER: usize = 64 * 1024;

/// Unpacked bytes that are let through whatever the ratio, and the ratio above which a file is held to be a bomb:
/// plain text packs 3 to 10 times, the most repetitive logs some 50 times, a bomb 1,000 times.
const UNPACKED_ALWAYS: u64 = 64 << 20;
const UNPACKED_RATIO: u64 = 200;

/// Compression of compression is taken off so many times.
const LAYERS: usize = 4;

/// Memory that an xz file may ask for; `xz -9` takes 65 MB.
const XZ_MEMORY_KB: u32 = 128 << 10;

/// Takes a compression off a stream.
type Unpack = for<'a> fn(Box<dyn BufRead + 'a>) -> io::Result<Box<dyn Read + 'a>>;

/// One row of [`COMPRESSIONS`].
pub(super) struct Compression {
    name: &'static str,
    /// The ending it gives to file names.
    extension: &'static str,
    /// The ending that stands for it and a tar archive within.
    of_tar: &'static str,
    magic: &'static [u8],
    open: Unpack,
}

/// Every compression that is taken off; files of several members in a row are one.
pub(super) const COMPRESSIONS: &[Compression] = &[
    Compression {
        name: "gzip",
        extension: "gz",
        of_tar: "tgz",
        magic: b"\x1F\x8B\x08",
        open: |source| Ok(Box::new(MultiGzDecoder::new(source))),
    },
    Compression {
        name: "bzip2",
        extension: "bz2",
        of_tar: "tbz2",
        magic: b"BZh",
        open: |source| Ok(Box::new(bzip2::bufread::MultiBzDecoder::new(source))),
    },
    Compression {
        name: "xz",
        extension: "xz",
        of_tar: "txz",
        magic: b"\xFD7zXZ\0",
        open: |source| Ok(Box::new(lzma_rust2::XzReader::new_mem_limit(source, true, XZ_MEMORY_KB))),
    },
    Compression {
        name: "zstd",
        extension: "zst",
        of_tar: "tzst",
        magic: b"\x28\xB5\x2F\xFD",
        open: |source| Ok(Box::new(zstd::stream::read::Decoder::with_buffer(source)?)),
    },
];

/// The name of a file without the endings of compression, in lower case: `a.tar` of `A.tar.gz` and of `a.tgz`.
pub(super) fn unpacked_name(name: &str) -> String {
    let mut name = name.to_ascii_lowercase();
    while let Some((stem, ending)) = name.rsplit_once('.') {
        if COMPRESSIONS.iter().any(|compression| compression.extension == ending) {
            name.truncate(stem.len());
        } else if COMPRESSIONS.iter().any(|compression| compression.of_tar == ending) {
            name = format!("{stem}.tar");
        } else {
            break;
        }
    }
    name
}

/// Whether something unpacks to so much more than it takes that nobody means it well.
pub(super) fn is_bomb(packed_bytes: u64, unpacked_bytes: u64) -> bool {
    unpacked_bytes > packed_bytes.saturating_mul(UNPACKED_RATIO).max(UNPACKED_ALWAYS)
}

/// How many more bytes may be unpacked from one file of the disk, all archives within archives together.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<u64>,
}

impl Budget {
    fn of(packed_bytes: u64) -> Rc<Budget> {
        let left = packed_bytes.saturating_mul(UNPACKED_RATIO).max(UNPACKED_ALWAYS);
        Rc::new(Budget { left: Cell::new(left) })
    }

    /// Whether everything has been spent.
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}

/// Bytes in order, unpacked.
pub(super) struct Stream<'s> {
    source: Box<dyn BufRead + 's>,
    head: Vec<u8>,
    taken: usize,
    trouble: Option<String>,
    budget: Rc<Budget>,
    /// The compression that was taken off.
    packing: Option<&'static str>,
    /// Whether the bytes are those of the file on disk.
    pub(super) plain: bool,
    /// How far the file on disk has been read.
    pub(super) position: Position,
}

/// How far a file on disk has been read, in bytes.
#[derive(Debug, Clone, Default)]
pub struct Position(Rc<Cell<u64>>);

impl Position {
    /// The bytes before it.
    pub fn bytes(&self) -> u64 {
        self.0.get()
    }
}

/// A file that says how far it has been read.
pub(super) struct Tracked {
    pub(super) file: File,
    pub(super) position: Position,
}

impl Read for Tracked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        self.position.0.update(|at| at + count as u64);
        Ok(count)
    }
}

impl Seek for Tracked {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.file.seek(to)?;
        self.position.0.set(at);
        Ok(at)
    }
}

impl<'s> Stream<'s> {
    /// Opens `path`.
    ///
    /// # Errors
    /// What the operating system says.
    pub(super) fn open(path: &Path, position: &Position) -> io::Result<Stream<'static>> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let file = Tracked { file, position: position.clone() };
        let mut stream = Stream::new(BufReader::with_capacity(BUFFER, file), bytes);
        stream.plain = stream.packing.is_none();
        stream.position = position.clone();
        Ok(stream)
    }

    /// A stream over `source`, which is `bytes` long.
    pub(super) fn new(source: impl BufRead + 's, bytes: u64) -> Stream<'s> {
        Stream::layered(Box::new(source), Budget::of(bytes))
    }

    /// A member of an archive that is unpacked while it is read, on the budget of the archive.
    pub(super) fn packed_member(source: impl Read + 's, budget: &Rc<Budget>) -> Stream<'s> {
        Stream::member(Bounded { source, budget: Rc::clone(budget) }, budget)
    }

    /// A member of an archive that lies in it as it is.
    pub(super) fn member(source: impl Read + 's, budget: &Rc<Budget>) -> Stream<'s> {
        Stream::layered(Box::new(BufReader::with_capacity(MEMBER_BUFFER, source)), Rc::clone(budget))
    }

    /// A stream over bytes that have been unpacked already.
    pub(super) fn of_bytes(bytes: &'s [u8], budget: &Rc<Budget>) -> Stream<'s> {
        Stream::in_memory(bytes, budget)
    }

    /// The same, over anything that lies in memory.
    pub(super) fn in_memory(source: impl BufRead + 's, budget: &Rc<Budget>) -> Stream<'s> {
        Stream::layered(Box::new(source), Rc::clone(budget))
    }

    fn layered(source: Box<dyn BufRead + 's>, budget: Rc<Budget>) -> Stream<'s> {
        let mut stream = Stream::raw(source, budget);
        for _ in 0..LAYERS {
            let found = COMPRESSIONS.iter().find(|compression| stream.head.starts_with(compression.magic));
            let Some(compression) = found else { break };
            let budget = Rc::clone(&stream.budget);
            let mut unpacked = match (compression.open)(Box::new(stream)) {
                Ok(source) => {
                    let bounded = Bounded { source, budget: Rc::clone(&budget) };
                    Stream::unfilled(Box::new(BufReader::with_capacity(BUFFER, bounded)), budget)
                }
                Err(error) => {
                    let mut nothing = Stream::unfilled(Box::new(io::empty()), budget);
                    nothing.trouble = Some(error.to_string().to_lowercase());
                    nothing
                }
            };
            unpacked.packing = Some(compression.name);
            unpacked.fill_head();
            stream = unpacked;
        }
        stream
    }

    fn raw(source: Box<dyn BufRead + 's>, budget: Rc<Budget>) -> Stream<'s> {
        let mut stream = Stream::unfilled(source, budget);
        stream.fill_head();
        stream
    }

    fn unfilled(source: Box<dyn BufRead + 's>, budget: Rc<Budget>) -> Stream<'s> {
        let position = Position::default();
        Stream {
            source,
            head: Vec::new(),
            taken: 0,
            trouble: None,
            budget,
            packing: None,
            plain: false,
            position,
        }
    }

    /// The first bytes, at most [`HEAD`], without taking them.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// What may still be unpacked.
    pub(super) fn budget(&self) -> &Rc<Budget> {
        &self.budget
    }

    /// Why the stream ended before its end, if it did.
    pub(super) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// The stage at which trouble happens.
    pub(super) fn stage(&self) -> &'static str {
        if self.packing.is_some() { "decompress" } else { "read" }
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
        match (error.kind(), self.packing) {
            (io::ErrorKind::UnexpectedEof, Some(packing)) => format!("the {packing} data ends early"),
            (io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData, Some(packing)) => {
                format!("broken {packing} data: {}", error.to_string().to_lowercase())
            }
            _ => error.to_string().to_lowercase(),
        }
    }
}

impl Default for Stream<'_> {
    /// A stream of nothing: what is left where the stream itself is lent.
    fn default() -> Self {
        Stream::unfilled(Box::new(io::empty()), Budget::of(0))
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(into.len());
        into[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Stream<'_> {
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
    budget: Rc<Budget>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.budget.is_spent() {
            let message = format!("unpacks to more than {UNPACKED_RATIO} times its size");
            return Err(io::Error::other(message));
        }
        let count = self.source.read(into)?;
        self.budget.left.set(self.budget.left.get().saturating_sub(count as u64));
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

    fn stream(bytes: Vec<u8>) -> Stream<'static> {
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
    fn every_compression_is_taken_off_and_layers_of_them() {
        let text = b"Kabul, Herat, Kandahar. ".repeat(4000);
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
        bzip2.write_all(&text).unwrap();
        let zstd = zstd::encode_all(text.as_slice(), 3).unwrap();
        let zstd_of_gzip = zstd::encode_all(gzip(&text).as_slice(), 3).unwrap();
        for packed in [gzip(&text), bzip2.finish().unwrap(), zstd.repeat(2), zstd_of_gzip] {
            let read = stream(packed).rest(10 << 20).unwrap();
            assert!(read.starts_with(&text) && read.len().is_multiple_of(text.len()));
        }
    }

    #[test]
    fn names_lose_the_endings_of_compression() {
        let cases = [
            ("A.JSON.gz", "a.json"),
            ("a.tgz", "a.tar"),
            ("a.tar.zst.xz", "a.tar"),
            ("gz", "gz"),
            ("a.b", "a.b"),
        ];
        for (name, unpacked) in cases {
            assert_eq!(unpacked_name(name), unpacked);
        }
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
