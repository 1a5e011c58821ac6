//! Spreadsheets: one article a row, the first row that is not empty the names of the columns, sheet by sheet.
//!
//! Which names mean what is `fields`' business. Sheets that hold no articles are told of once. What an archive of a
//! spreadsheet unpacks to is bounded before it is opened, for the table in it is held in memory.

use std::borrow::Cow;
use std::io::{self, BufReader, Read as _};

use calamine::{Data, Ods, Range, Reader as _, Xls, Xlsb, Xlsx};
use zip::read::ZipArchive;

use crate::input::container::ReadSeek;
use crate::input::csv::columns;
use crate::input::extent;
use crate::input::fields::{self, Fields, Value};
use crate::input::office::{has_type, is_package, is_zip};
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// A workbook of Excel or `LibreOffice`.
pub(super) const FORMAT: Format = Format {
    name: "spreadsheet",
    label: "spreadsheet (Excel, OpenDocument)",
    extensions: &["xlsx", "xlsm", "xlsb", "xls", "ods"],
    sniff,
    read,
};

/// What a workbook may unpack to: a table of this size takes some times as much memory.
const LARGEST_UNPACKED: u64 = 128 << 20;
/// Cells from the first to the last corner of a sheet, empty ones included: they are all held.
const MOST_CELLS: u64 = 5_000_000;

/// The start of files of Office before 2007.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

fn sniff(head: &Head<'_>) -> Confidence {
    let named = FORMAT.extensions.contains(&head.extension.as_str());
    let is_ods = has_type(head, b"application/vnd.oasis.opendocument.spreadsheet");
    let is_old = head.bytes.starts_with(COMPOUND) && head.extension == "xls";
    if is_ods || is_old || is_package(head, b"xl/") || named && is_zip(head) {
        Confidence::Certain
    } else {
        Confidence::No
    }
}

fn broken(error: &dyn std::fmt::Display) -> Halt {
    Halt::Failed { stage: "parse", reason: error.to_string().to_lowercase() }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let head = Head::new(reader.stream.head(), reader.file.name());
    let is_ods = has_type(&head, b"application/vnd.oasis.opendocument.spreadsheet");
    let (is_zip, is_binary) = (is_zip(&head), head.extension == "xlsb");
    let mut source = reader.seekable()?;
    if is_zip {
        source = bounded(source)?;
    }
    if !is_zip {
        let mut book = Xls::new(source).map_err(|error| broken(&error))?;
        let sheets = book.worksheets();
        return read_sheets(reader, sheets);
    }
    if is_ods {
        source = extent_bounded(source)?;
        let mut book = Ods::new(source).map_err(|error| broken(&error))?;
        let sheets = book.worksheets();
        return read_sheets(reader, sheets);
    }
    if is_binary {
        let mut book = Xlsb::new(source).map_err(|error| broken(&error))?;
        let sheets = book.worksheets();
        return read_sheets(reader, sheets);
    }
    read_xlsx(reader, source)
}

/// Sees that the parts of a workbook unpack to what fits into memory.
fn bounded(source: Box<dyn ReadSeek>) -> Result<Box<dyn ReadSeek>, Halt> {
    let mut archive = ZipArchive::new(source).map_err(|error| broken(&error))?;
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let Ok(part) = archive.by_index(index) else { continue };
        if part.name().is_ok_and(|name| name.contains("media/")) {
            continue;
        }
        // What is broken in it is told by the reader proper.
        unpacked += io::copy(&mut part.take(LARGEST_UNPACKED + 1 - unpacked), &mut io::sink()).unwrap_or(0);
        if unpacked > LARGEST_UNPACKED {
            let reason = format!("unpacks to more than {LARGEST_UNPACKED} bytes; hint: save it as CSV");
            return Err(Halt::Failed { stage: "decompress", reason });
        }
    }
    Ok(archive.into_inner())
}

/// Sees that the sheets of an `OpenDocument` fit into memory, however often they repeat a cell.
fn extent_bounded(source: Box<dyn ReadSeek>) -> Result<Box<dyn ReadSeek>, Halt> {
    let mut archive = ZipArchive::new(source).map_err(|error| broken(&error))?;
    let cells = archive.by_name("content.xml").map_or(0, |part| extent::largest_sheet(BufReader::new(part)));
    if cells > MOST_CELLS {
        let reason = format!("a sheet of more than {MOST_CELLS} cells");
        return Err(Halt::Failed { stage: "read", reason });
    }
    Ok(archive.into_inner())
}

/// Sheets of the newer kind are read cell by cell, for a single cell far off would make a table of billions.
fn read_xlsx(reader: &mut Reader<'_>, source: Box<dyn ReadSeek>) -> Result<(), Halt> {
    let mut book = Xlsx::new(source).map_err(|error| broken(&error))?;
    let mut tally = Tally::default();
    for name in book.sheet_names() {
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(error) => {
                reader.next_failed("parse", format!("sheet {name}: {error}").to_lowercase())?;
                continue;
            }
        };
        let mut sheet = Sheet::new(&name);
        let mut row: Vec<(u32, Data)> = Vec::new();
        let mut row_at = 0;
        loop {
            match cells.next_cell() {
                Ok(Some(cell)) => {
                    let (at, column) = cell.get_position();
                    if at != row_at && !row.is_empty() {
                        sheet.row(reader, &std::mem::take(&mut row))?;
                    }
                    row_at = at;
                    row.push((column, cell.get_value().clone().into()));
                }
                Ok(None) => break,
                Err(error) => {
                    reader.next_failed("parse", format!("sheet {name}: {error}").to_lowercase())?;
                    break;
                }
            }
        }
        if !row.is_empty() {
            sheet.row(reader, &row)?;
        }
        tally.add(reader, sheet);
    }
    tally.finish()
}

fn read_sheets(reader: &mut Reader<'_>, sheets: Vec<(String, Range<Data>)>) -> Result<(), Halt> {
    let mut tally = Tally::default();
    for (name, range) in sheets {
        let (height, width) = range.get_size();
        if height as u64 * width as u64 > MOST_CELLS {
            reader.next_failed("read", format!("sheet {name}: more than {MOST_CELLS} cells"))?;
            continue;
        }
        let mut sheet = Sheet::new(&name);
        for row in range.rows() {
            let cells: Vec<(u32, Data)> = (0..)
                .zip(row)
                .filter(|(_, cell)| **cell != Data::Empty)
                .map(|(at, cell)| (at, cell.clone()))
                .collect();
            if !cells.is_empty() {
                sheet.row(reader, &cells)?;
            }
        }
        tally.add(reader, sheet);
    }
    tally.finish()
}

/// A sheet being read.
struct Sheet {
    name: String,
    /// The names of the columns by position; the sheet is passed over if they mean nothing.
    names: Option<Result<Vec<(u32, String)>, Halt>>,
}

impl Sheet {
    fn new(name: &str) -> Sheet {
        Sheet { name: name.to_owned(), names: None }
    }

    fn row(&mut self, reader: &mut Reader<'_>, cells: &[(u32, Data)]) -> Result<(), Halt> {
        let Some(names) = &self.names else {
            let names: Vec<(u32, String)> = cells.iter().map(|(at, cell)| (*at, text(cell))).collect();
            let plain: Vec<String> = names.iter().map(|(_, name)| name.clone()).collect();
            self.names = Some(columns(&plain, &reader.options.map).map(|()| names));
            return Ok(());
        };
        let Ok(names) = names else { return Ok(()) };
        let mut found: Fields<'_> = Vec::new();
        for (at, cell) in cells {
            if let Some((_, name)) = names.iter().find(|(column, _)| column == at) {
                found.push((Cow::Borrowed(name.as_str()), Value::Text(Cow::Owned(text(cell)))));
            }
        }
        let mut draft = fields::draft(found, &reader.options.map);
        draft.article.metadata.insert("sheet".to_owned(), self.name.clone());
        reader.next(draft)
    }
}

/// What became of the sheets of a workbook.
#[derive(Default)]
struct Tally {
    read: usize,
    refused: Option<Halt>,
}

impl Tally {
    fn add(&mut self, reader: &mut Reader<'_>, sheet: Sheet) {
        match sheet.names {
            Some(Ok(_)) => self.read += 1,
            Some(Err(halt)) => {
                reader.passed.count(&format!("sheet {} without articles", sheet.name));
                self.refused.get_or_insert(halt);
            }
            None => {}
        }
    }

    /// A workbook without any sheet of articles is a failure: its columns may only be called otherwise.
    fn finish(self) -> Result<(), Halt> {
        match self.refused {
            Some(halt) if self.read == 0 => Err(halt),
            _ => Ok(()),
        }
    }
}

fn text(cell: &Data) -> String {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string(),
        Data::DateTime(stamp) => {
            let (year, month, day, hour, minute, second, _) = stamp.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) {
                day
            } else {
                format!("{day}T{hour:02}:{minute:02}:{second:02}")
            }
        }
        Data::Error(_) | Data::Empty => String::new(),
    }
}
