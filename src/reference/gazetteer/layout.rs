//! The gazetteer file: a header, a table of sections, and the sections as little-endian columns.
//!
//! Columns of numbers are as wide as their largest number needs, three bytes or four. Opening checks the header and
//! slices the bytes; nothing is copied or built. Columns rather than records, because like beside like compresses
//! better. Never interprets what the columns mean.

use std::sync::Arc;

use crate::error::{Error, Result};

const MAGIC: &[u8; 8] = b"DATELGAZ";
/// Raised whenever an old file would be misread.
const VERSION: u32 = 2;
const HEADER: usize = MAGIC.len() + 4 + 4 + 4;

/// The sections, in the order in which they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// fst map: key of a name → index of its first entry in `Candidates`.
    Names,
    /// A number each: place, kind of name, last of its list.
    Candidates,
    /// i32 each, 1e-5 degrees.
    Lat,
    /// i32 each, 1e-5 degrees.
    Lon,
    /// u32 each.
    Population,
    /// A number each, 0 for none.
    GeonamesId,
    /// A number each: places in ascending order of their `GeoNames` id, those without left out.
    ById,
    /// A number each: offset into `Strings`.
    Label,
    /// Length (u8) and bytes.
    Strings,
    /// A number each: the place one step up, or `NONE`.
    Parent,
    /// A number each: the second-level division, or `NONE`.
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

/// The columns of numbers: written with four bytes each, laid down with three where that is enough.
const NUMBERS: [Section; 6] = [
    Section::Candidates,
    Section::GeonamesId,
    Section::ById,
    Section::Label,
    Section::Parent,
    Section::District,
];
/// With three bytes, what stands for the largest number of four: [`super::NONE`].
const NARROW_NONE: u32 = 0x00FF_FFFF;

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
    /// Its numbers have three bytes rather than four.
    narrow: bool,
}

impl AsRef<[u8]> for Column {
    fn as_ref(&self) -> &[u8] {
        &self.bytes.all()[self.start..self.end]
    }
}

impl Column {
    /// The `index`th number, unsigned; 0 beyond the end.
    pub(super) fn u32(&self, index: usize) -> u32 {
        if self.narrow {
            return match self.as_ref().get(index * 3..index * 3 + 3) {
                Some(&[255, 255, 255]) => u32::MAX,
                Some(&[a, b, c]) => u32::from_le_bytes([a, b, c, 0]),
                _ => 0,
            };
        }
        let at = index * 4;
        match self.as_ref().get(at..at + 4) {
            Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
            _ => 0,
        }
    }

    /// The `index`th number of four bytes, signed.
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

    /// How many numbers it has.
    pub(super) fn len(&self) -> usize {
        self.as_ref().len() / if self.narrow { 3 } else { 4 }
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
            let size = number(3 + section);
            let end = start.saturating_add((size & !NARROW) as usize);
            if end > total {
                return Err(fail(format!("section {section} reaches beyond the end")));
            }
            columns.push(Column { bytes: bytes.clone(), start, end, narrow: size & NARROW != 0 });
            start = end;
        }
        Ok(Sections(columns))
    }

    /// One section.
    pub(super) fn get(&self, section: Section) -> Column {
        self.0[section as usize].clone()
    }
}

/// In the size of a section: its numbers have three bytes.
const NARROW: u32 = 1 << 31;

/// Lays sections down as one file; numbers of four bytes become narrow where they can.
pub(super) fn assemble(mut sections: [Vec<u8>; SECTIONS]) -> Vec<u8> {
    let narrowed = NUMBERS.map(|section| (section, narrowed(&sections[section as usize])));
    let mut flags = [0; SECTIONS];
    for (section, narrow) in narrowed {
        if let Some(narrow) = narrow {
            (sections[section as usize], flags[section as usize]) = (narrow, NARROW);
        }
    }
    let total = HEADER + SECTIONS * 4 + sections.iter().map(Vec::len).sum::<usize>();
    let mut file = Vec::with_capacity(total);
    file.extend_from_slice(MAGIC);
    for number in [VERSION, total as u32, SECTIONS as u32] {
        file.extend_from_slice(&number.to_le_bytes());
    }
    for (section, flag) in sections.iter().zip(flags) {
        file.extend_from_slice(&(section.len() as u32 | flag).to_le_bytes());
    }
    for section in &sections {
        file.extend_from_slice(section);
    }
    file
}

/// A column of four-byte numbers with three bytes each, if no number is too large.
fn narrowed(column: &[u8]) -> Option<Vec<u8>> {
    let mut narrow = Vec::with_capacity(column.len() / 4 * 3);
    for four in column.chunks_exact(4) {
        let number = u32::from_le_bytes(four.try_into().ok()?);
        let number =
            if number == u32::MAX { NARROW_NONE } else { Some(number).filter(|&n| n < NARROW_NONE)? };
        narrow.extend_from_slice(&number.to_le_bytes()[..3]);
    }
    Some(narrow)
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
        let good = assemble(empty());
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

    #[test]
    fn numbers_are_as_wide_as_the_largest_needs() {
        let largest = NARROW_NONE - 1;
        for (numbers, bytes) in [
            (vec![0, 1, largest, u32::MAX], 12),
            (vec![0, largest + 1, u32::MAX], 12),
            (vec![u32::MAX - 1], 4),
            (vec![], 0),
        ] {
            let mut sections = empty();
            sections[Section::Parent as usize] = numbers.iter().flat_map(|n: &u32| n.to_le_bytes()).collect();
            let file = assemble(sections);
            let column = Sections::cut(&Bytes::Shared(file.into()), "g.bin").unwrap().get(Section::Parent);
            assert_eq!(column.as_ref().len(), bytes, "{numbers:?}");
            assert_eq!((0..column.len()).map(|at| column.u32(at)).collect::<Vec<_>>(), numbers);
            assert_eq!(column.u32(numbers.len()), 0);
        }
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
