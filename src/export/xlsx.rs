//! Result lists as a spreadsheet: one sheet in Office Open XML, written row by row.
//!
//! Texts stand in their cells as texts, so a spreadsheet never takes one for a formula.

use std::io::{self, Write};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::export::column::{Cell, Row};
use crate::export::list::{Exporter, Listing};

/// What a sheet can hold.
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: usize = 16_384;
/// In UTF-16 units.
const MAX_CELL: usize = 32_767;

/// One sheet, kept in a temporary file until it is whole.
pub(super) struct Sheet {
    workbook: Workbook,
    rows: u32,
}

impl Sheet {
    /// A sheet with a bold heading that stays in sight.
    pub(super) fn new(names: &[&str]) -> io::Result<Sheet> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(other)?;
        sheet.set_name("dateline").map_err(other)?;
        sheet.set_freeze_panes(1, 0).map_err(other)?;
        let bold = Format::new().set_bold();
        for (column, name) in (0..).zip(names.iter().take(MAX_COLUMNS)) {
            sheet.write_string_with_format(0, column, *name, &bold).map_err(other)?;
        }
        Ok(Sheet { workbook, rows: 1 })
    }

    /// One more row.
    pub(super) fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        if self.rows == MAX_ROWS {
            return Err(io::Error::other(format!(
                "a spreadsheet ends at {MAX_ROWS} rows\nhint: use csv, or --limit and --offset"
            )));
        }
        let row = self.rows;
        self.rows += 1;
        let sheet = self.workbook.worksheet_from_index(0).map_err(other)?;
        for (column, cell) in (0..).zip(cells.iter().take(MAX_COLUMNS)) {
            write_cell(sheet, (row, column), cell).map_err(other)?;
        }
        Ok(())
    }

    /// Writes the finished spreadsheet out.
    pub(super) fn save(mut self, out: &mut dyn Write) -> io::Result<()> {
        // The writer seeks, which an output need not be able to.
        let mut file = tempfile::tempfile()?;
        self.workbook.save_to_writer(&mut file).map_err(other)?;
        io::Seek::rewind(&mut file)?;
        io::copy(&mut file, out)?;
        Ok(())
    }
}

fn write_cell(sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Number(number) => {
            sheet.write_number(row, column, *number)?;
        }
        Cell::Text(_) | Cell::List(_) => {
            sheet.write_string(row, column, fitting(cell.to_string()))?;
        }
    }
    Ok(())
}

fn other(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error),
    }
}

/// A text cut to what a cell can hold, without what XML cannot.
fn fitting(text: String) -> String {
    let text = if text.contains(|c| !is_in_xml(c)) { text.replace(|c| !is_in_xml(c), " ") } else { text };
    // Half as many characters as units always fit.
    if text.encode_utf16().count() <= MAX_CELL { text } else { text.chars().take(MAX_CELL / 2).collect() }
}

fn is_in_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// A list as a spreadsheet.
#[derive(Default)]
pub(super) struct Xlsx {
    sheet: Option<Sheet>,
}

impl Exporter for Xlsx {
    fn begin(&mut self, _out: &mut dyn Write, listing: &Listing) -> io::Result<()> {
        let names: Vec<&str> = listing.columns.iter().map(|column| column.name).collect();
        self.sheet = Some(Sheet::new(&names)?);
        Ok(())
    }

    fn article(&mut self, _out: &mut dyn Write, listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        let cells: Vec<Cell> = listing.columns.iter().map(|column| column.value(row)).collect();
        self.sheet.as_mut().map_or(Ok(()), |sheet| sheet.row(&cells))
    }

    fn end(&mut self, out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        self.sheet.take().map_or(Ok(()), |sheet| sheet.save(out))
    }
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn cells_hold_what_fits() {
        assert_eq!(fitting("a\u{0}b\nc".to_owned()), "a b\nc");
        assert_eq!(fitting("😀".repeat(20_000)).chars().count(), 16_383);
    }
}
