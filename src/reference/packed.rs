//! Files that come with the program compressed and are unpacked in memory when they are first used.
//!
//! For what not every command needs: it costs those that need it some hundredths of a second, and the program is the
//! smaller by it. What queries look up is embedded as it is instead.

use std::io;
use std::sync::OnceLock;

use crate::error::{Error, Result};

/// One such file.
#[derive(Debug)]
pub struct Packed {
    /// What errors call it.
    what: &'static str,
    frame: &'static [u8],
    bytes: OnceLock<Vec<u8>>,
}

impl Packed {
    /// The file `what` in this frame of zstd.
    pub const fn new(what: &'static str, frame: &'static [u8]) -> Packed {
        Packed { what, frame, bytes: OnceLock::new() }
    }

    /// Its content, kept from the first time on.
    ///
    /// # Errors
    /// [`Error::Data`] if it is no zstd frame.
    pub fn bytes(&'static self) -> Result<&'static [u8]> {
        if let Some(bytes) = self.bytes.get() {
            return Ok(bytes);
        }
        let bytes = self.unpacked()?;
        Ok(self.bytes.get_or_init(|| bytes))
    }

    /// A copy of its content.
    ///
    /// # Errors
    /// [`Error::Data`] if it is no zstd frame.
    pub fn unpacked(&self) -> Result<Vec<u8>> {
        let wrong = |error: io::Error| Error::Data { what: self.what.to_owned(), message: error.to_string() };
        zstd::decode_all(self.frame).map_err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_unpacked_once_and_a_damaged_one_refused() {
        // A frame of zstd with one block as it is.
        static WORD: Packed = Packed::new("a word", b"(\xB5/\xFD\x20\x02\x11\0\0hi");
        static DAMAGED: Packed = Packed::new("the list of things", b"(\xB5/\xFDrubbish");
        assert_eq!(WORD.bytes().unwrap(), b"hi");
        assert_eq!(WORD.bytes().unwrap().as_ptr(), WORD.bytes().unwrap().as_ptr());
        assert!(DAMAGED.bytes().unwrap_err().to_string().contains("the list of things"));
    }
}
