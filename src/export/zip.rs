//! A ZIP archive written front to back, each entry compressed as it comes: what a spreadsheet file is made of.
//!
//! Sizes and checksum follow each entry, so nothing is held in memory and nothing is written twice. Entries and archive
//! stay below 4 GB, which is what a spreadsheet of the greatest number of rows needs.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// Version 2.0 of the format is needed to extract.
const VERSION: u16 = 20;
/// Bit 3: sizes follow the data. Bit 11: names are UTF-8.
const FLAGS: u16 = 0x0808;
const DEFLATED: u16 = 8;
/// 1980-01-01, the first day the format knows: files made from the same articles are the same.
const DAY: u16 = 0x0021;

/// An archive being written.
pub(super) struct Archive<W: Write> {
    out: Counted<W>,
    entries: Vec<Entry>,
}

/// What the directory at the end says of an entry.
struct Entry {
    name: &'static str,
    offset: u32,
    crc: u32,
    packed: u32,
    unpacked: u32,
}

/// An entry being written.
pub(super) struct Open<W: Write> {
    entries: Vec<Entry>,
    encoder: DeflateEncoder<Counted<W>>,
    crc: Crc,
    name: &'static str,
    offset: u64,
    data: u64,
    unpacked: u64,
}

struct Counted<W> {
    inner: W,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn small(size: u64) -> io::Result<u32> {
    u32::try_from(size).map_err(|_| io::Error::other("the spreadsheet is larger than 4 GB\nhint: use csv"))
}

impl<W: Write> Archive<W> {
    /// An empty archive.
    pub(super) fn new(out: W) -> Archive<W> {
        Archive { out: Counted { inner: out, written: 0 }, entries: Vec::new() }
    }

    /// Begins an entry.
    pub(super) fn open(mut self, name: &'static str) -> io::Result<Open<W>> {
        let offset = self.out.written;
        let mut header = Vec::new();
        header.extend(0x0403_4B50_u32.to_le_bytes());
        for number in [VERSION, FLAGS, DEFLATED, 0, DAY] {
            header.extend(number.to_le_bytes());
        }
        // Checksum and sizes follow the data.
        header.extend([0; 12]);
        header.extend((name.len() as u16).to_le_bytes());
        header.extend(0_u16.to_le_bytes());
        header.extend(name.bytes());
        self.out.write_all(&header)?;
        let data = self.out.written;
        let encoder = DeflateEncoder::new(self.out, Compression::fast());
        Ok(Open { entries: self.entries, encoder, crc: Crc::new(), name, offset, data, unpacked: 0 })
    }

    /// A whole entry.
    pub(super) fn add(self, name: &'static str, text: &str) -> io::Result<Archive<W>> {
        let mut entry = self.open(name)?;
        entry.write_all(text.as_bytes())?;
        entry.close()
    }

    /// Writes the directory.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let start = self.out.written;
        for entry in &self.entries {
            let mut record = Vec::new();
            record.extend(0x0201_4B50_u32.to_le_bytes());
            for number in [VERSION, VERSION, FLAGS, DEFLATED, 0, DAY] {
                record.extend(number.to_le_bytes());
            }
            for number in [entry.crc, entry.packed, entry.unpacked] {
                record.extend(number.to_le_bytes());
            }
            record.extend((entry.name.len() as u16).to_le_bytes());
            // No extra field, no comment, first disk, no attributes.
            record.extend([0; 12]);
            record.extend(entry.offset.to_le_bytes());
            record.extend(entry.name.bytes());
            self.out.write_all(&record)?;
        }
        let length = small(self.out.written - start)?;
        let count = self.entries.len() as u16;
        let mut end = Vec::new();
        end.extend(0x0605_4B50_u32.to_le_bytes());
        for number in [0, 0, count, count] {
            end.extend(number.to_le_bytes());
        }
        end.extend(length.to_le_bytes());
        end.extend(small(start)?.to_le_bytes());
        end.extend(0_u16.to_le_bytes());
        self.out.write_all(&end)?;
        self.out.flush()
    }
}

impl<W: Write> Open<W> {
    /// Ends the entry.
    pub(super) fn close(self) -> io::Result<Archive<W>> {
        let mut out = self.encoder.finish()?;
        let crc = self.crc.sum();
        let packed = small(out.written - self.data)?;
        let unpacked = small(self.unpacked)?;
        let mut descriptor = Vec::new();
        for number in [0x0807_4B50, crc, packed, unpacked] {
            descriptor.extend(number.to_le_bytes());
        }
        out.write_all(&descriptor)?;
        let mut entries = self.entries;
        entries.push(Entry { name: self.name, offset: small(self.offset)?, crc, packed, unpacked });
        Ok(Archive { out, entries })
    }
}

impl<W: Write> Write for Open<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.encoder.write(bytes)?;
        self.crc.update(&bytes[..written]);
        self.unpacked += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.encoder.flush()
    }
}
