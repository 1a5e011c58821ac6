//! What comes through standard input: kept on disk while it is read, since formats seek and are told by content.
//!
//! Gives a [`SourceFile`] like a walk does, and a fingerprint of the bytes, by which an ingest tells whether it has seen
//! them before. Memory is flat however much comes. Never asks what is in it.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::NamedTempFile;
use xxhash_rust::xxh3::Xxh3;

use crate::input::SourceFile;

/// What the addresses of piped files begin with; no path does, as none has two strokes in a row.
pub const SCHEME: &str = "stdin://";

/// A file that was piped; its copy goes away with it.
#[derive(Debug, Clone)]
pub struct Piped {
    /// Its copy.
    pub file: SourceFile,
    /// Fingerprint of its bytes.
    pub digest: u64,
    _copy: Arc<NamedTempFile>,
}

impl Piped {
    /// Takes standard input to its end.
    ///
    /// # Errors
    /// When it cannot be read or kept.
    pub fn take() -> io::Result<Piped> {
        let mut copy = NamedTempFile::new()?;
        let (bytes, digest) = keep(&mut io::stdin().lock(), &mut copy)?;
        let file = SourceFile {
            path: copy.path().to_path_buf(),
            shown: "standard input".to_owned(),
            relative: "stdin".to_owned(),
            root: PathBuf::from("-"),
            bytes,
            modified: None,
        };
        Ok(Piped { file, digest, _copy: Arc::new(copy) })
    }

    /// The same under an address that lasts: `stdin://NAME`, or without a name one that derives from its bytes.
    #[must_use]
    pub fn addressed(mut self, name: Option<&str>) -> Piped {
        let address = format!("{SCHEME}{}", name.map_or_else(|| letters(self.digest), str::to_owned));
        self.file.shown.clone_from(&address);
        self.file.relative = address;
        self
    }
}

/// Copies everything; gives how many bytes there were and their fingerprint.
fn keep(from: &mut dyn BufRead, to: &mut dyn Write) -> io::Result<(u64, u64)> {
    let (mut hash, mut bytes) = (Xxh3::new(), 0);
    loop {
        let chunk = match from.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            to.flush()?;
            return Ok((bytes, hash.digest()));
        }
        hash.update(chunk);
        to.write_all(chunk)?;
        let count = chunk.len();
        bytes += count as u64;
        from.consume(count);
    }
}

/// A number as letters: figures in an address would be looked at for a date.
fn letters(digest: u64) -> String {
    (0..16).map(|place| char::from(b'a' + (digest >> (60 - 4 * place) & 15) as u8)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_came() {
        let content = b"Kabul, Herat. ".repeat(100_000);
        let (mut first, mut second) = (Vec::new(), Vec::new());
        let kept = keep(&mut content.as_slice(), &mut first).unwrap();
        let in_drops = keep(&mut io::BufReader::with_capacity(7, content.as_slice()), &mut second).unwrap();
        assert_eq!((kept.0, &first), (content.len() as u64, &content));
        assert_eq!((kept, first), (in_drops, second));
        assert_ne!(kept.1, keep(&mut &content[1..], &mut io::sink()).unwrap().1);
    }

    #[test]
    fn addresses_have_no_figures() {
        assert_eq!(letters(0x0123_4567_89ab_cdef), "abcdefghijklmnop");
        assert_eq!(letters(0), "a".repeat(16));
    }
}
