//! The gazetteer file: a header, a table of sections, and the sections as little-endian columns.
//!
//! Opening checks the header and slices the bytes; nothing is copied or built. Columns rather than records, because
//! like beside like compresses better. Never interprets what the columns mean.

use std::sync::Arc;

use crate::error::{Error, Result};

const MAGIC: &[u8; 8] = b"DATELGAZ";
/// Raised whenever an old file would be misread.
const VERSION: u32 = 1;
const HEADER: usize = MAGIC.len() + 4 + 4 + 4;

/// The sections, in the order in which they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// fst map: key of a name → index of its first entry in `Candidates`.
    Names,
    /// u32 each: place, kind of name, last of its list.
    Candidates,
    /// i32 each, 1e-5 degrees.
    Lat,
    /// i32 each, 1e-5 degrees.
    Lon,
    /// u32 each.
    Population,
    /// u32 each, 0 for none.
    GeonamesId,
    /// u32 each: places in ascending order of their `GeoNames` id, those without left out.
    ById,
    /// u32 each: offset into `Strings`.
    Label,
    /// Length (u8) and bytes.
    Strings,
    /// u32 each: the place one step up, or `NONE`.
    Parent,
    /// u32 each: the second-level division, or `NONE`.
    District,
    /// u16 each: place number of the country, or `NO_COUNTRY`.
    Country,
    /// u8 each: kind.
    Kind,
    /// u8 each: seat of a country or division, and flags.
    Seat,
    /// 2 bytes each: ISO code of the first places, the countries; zero for others.
    Iso,
    /// u32 pairs: place, offset into `Members`; ascending.
    Sets,
    /// u16 each: countries of a region or historical country, ended by `NO_COUNTRY`.
    Members,
    /// Triples of i32: index into `Candidates`, first and last year (`i32::MIN`/`MAX` if open); ascending.
    Years,
}

const SECTIONS: usize = 18;

/// The bytes of a gazetteer: part of the program, or read from a file.
#[derive(Debug, Clone)]
pub(super) enum Bytes {
    /// Embedded.
    Static(&'static [u8]),
    /// Read.
    Shared(Arc<[u8]>),
}

impl Bytes {
    fn all(&self) -> &[u8] {
        match self {
            Bytes::Static(bytes) => bytes,
            Bytes::Shared(bytes) => bytes,
        }
    }
}

/// One section: a window on the bytes.
#[derive(Debug, Clone)]
pub(super) struct Column {
    bytes: Bytes,
    start: usize,
    end: usize,
}

impl AsRef<[u8]> for Column {
    fn as_ref(&self) -> &[u8] {
        &self.bytes.all()[self.start..self.end]
    }
}

impl Column {
    /// The `index`th four bytes as an unsigned number; 0 beyond the end.
    pub(super) fn u32(&self, index: usize) -> u32 {
        let at = index * 4;
        match self.as_ref().get(at..at + 4) {
            Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
            _ => 0,
        }
    }

    /// The `index`th four bytes as a signed number.
    pub(super) fn i32(&self, index: usize) -> i32 {
        self.u32(index) as i32
    }

    /// The `index`th two bytes.
    pub(super) fn u16(&self, index: usize) -> u16 {
        let at = index * 2;
        match self.as_ref().get(at..at + 2) {
            Some(&[a, b]) => u16::from_le_bytes([a, b]),
            _ => 0,
        }
    }

    /// The `index`th byte.
    pub(super) fn u8(&self, index: usize) -> u8 {
        self.as_ref().get(index).copied().unwrap_or(0)
    }

    /// Number of four-byte entries.
    pub(super) fn len32(&self) -> usize {
        self.as_ref().len() / 4
    }

    /// The length-prefixed string at `offset`; empty if there is none.
    pub(super) fn string(&self, offset: usize) -> &str {
        let bytes = self.as_ref();
        let length = usize::from(self.u8(offset));
        let text = bytes.get(offset + 1..offset + 1 + length).unwrap_or(&[]);
        std::str::from_utf8(text).unwrap_or("")
    }
}

/// All sections of a file, checked to lie inside it.
#[derive(Debug)]
pub(super) struct Sections(Vec<Column>);

impl Sections {
    /// Checks the header of `bytes` and cuts it into sections; `what` names it in errors.
    pub(super) fn cut(bytes: &Bytes, what: &str) -> Result<Sections> {
        let fail = |message: String| Error::Data { what: what.to_owned(), message };
        let all = bytes.all();
        if all.len() < HEADER || !all.starts_with(MAGIC) {
            return Err(fail("this is not a gazetteer\nhint: make one with `dateline places build`".into()));
        }
        let number = |index: usize| {
            let at = MAGIC.len() + index * 4;
            all.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
        };
        if number(0) != VERSION {
            return Err(fail(format!(
                "the gazetteer has format {}, this dateline reads {VERSION}\nhint: make it anew with `dateline places build`",
                number(0)
            )));
        }
        let total = number(1) as usize;
        if total != all.len() {
            return Err(fail(format!("the gazetteer is truncated: {} of {total} bytes", all.len())));
        }
        if number(2) as usize != SECTIONS {
            return Err(fail("the table of sections is damaged".into()));
        }
        let mut columns = Vec::with_capacity(SECTIONS);
        let mut start = HEADER + SECTIONS * 4;
        for section in 0..SECTIONS {
            let end = start.saturating_add(number(3 + section) as usize);
            if end > total {
                return Err(fail(format!("section {section} reaches beyond the end")));
            }
            columns.push(Column { bytes: bytes.clone(), start, end });
            start = end;
        }
        Ok(Sections(columns))
    }

    /// One section.
    pub(super) fn get(&self, section: Section) -> Column {
        self.0[section as usize].clone()
    }
}

/// Lays sections down as one file.
pub(super) fn assemble(sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
    let total = HEADER + SECTIONS * 4 + sections.iter().map(Vec::len).sum::<usize>();
    let mut file = Vec::with_capacity(total);
    file.extend_from_slice(MAGIC);
    for number in [VERSION, total as u32, SECTIONS as u32] {
        file.extend_from_slice(&number.to_le_bytes());
    }
    for section in sections {
        file.extend_from_slice(&(section.len() as u32).to_le_bytes());
    }
    for section in sections {
        file.extend_from_slice(section);
    }
    file
}

/// The empty sections to be filled.
pub(super) fn empty() -> [Vec<u8>; SECTIONS] {
    std::array::from_fn(|_| Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_files_are_told_apart() {
        let good = assemble(&empty());
        let cut = |bytes: &[u8]| match Sections::cut(&Bytes::Shared(bytes.into()), "g.bin") {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        };
        assert_eq!(cut(&good), "");
        assert!(cut(&good[..good.len() - 1]).contains("truncated"));
        assert!(cut(b"").contains("not a gazetteer"));
        assert!(cut(b"PK\x03\x04 something else altogether").contains("not a gazetteer"));
        let mut other = good.clone();
        other[8] = 99;
        assert!(cut(&other).contains("format 99"));
        let mut long = good;
        let at = HEADER;
        long[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(cut(&long).contains("beyond the end"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let mut bytes = MAGIC.to_vec();
            bytes.extend_from_slice(&VERSION.to_le_bytes());
            bytes.extend(tail);
            let _ = Sections::cut(&Bytes::Shared(bytes.into()), "g.bin");
        }
    }
}
