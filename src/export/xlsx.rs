//! Result lists as a spreadsheet: one sheet in Office Open XML, written row by row.
//!
//! Texts stand in their cells as texts, so a spreadsheet never takes one for a formula.

use std::io::{self, Seek, SeekFrom, Write};

use crate::export::column::{Cell, Row};
use crate::export::list::{Exporter, Listing};
use crate::export::xml::escaped;
use crate::export::zip::{Archive, Open};

/// What a sheet can hold.
const MAX_ROWS: usize = 1_048_576;
const MAX_COLUMNS: usize = 16_384;
/// In UTF-16 units.
const MAX_CELL: usize = 32_767;

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="dateline" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const WORKBOOK_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// Style 0 is plain, style 1 is bold.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#;
/// The heading stays in sight.
const SHEET_HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>"#;
const SHEET_TAIL: &str = "</sheetData></worksheet>";

/// One sheet, packed into a temporary file until it is whole.
pub(super) struct Sheet {
    file: std::fs::File,
    entry: Open<std::fs::File>,
    rows: usize,
}

impl Sheet {
    /// A sheet with a bold heading.
    pub(super) fn new(names: &[&str]) -> io::Result<Sheet> {
        let file = tempfile::tempfile()?;
        let mut entry = Archive::new(file.try_clone()?)
            .add("[Content_Types].xml", CONTENT_TYPES)?
            .add("_rels/.rels", RELATIONS)?
            .add("xl/workbook.xml", WORKBOOK)?
            .add("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS)?
            .add("xl/styles.xml", STYLES)?
            .open("xl/worksheets/sheet1.xml")?;
        entry.write_all(SHEET_HEAD.as_bytes())?;
        let mut sheet = Sheet { file, entry, rows: 0 };
        let names: Vec<Cell> = names.iter().map(|name| Cell::Text((*name).to_owned())).collect();
        sheet.styled_row(&names, " s=\"1\"")?;
        Ok(sheet)
    }

    /// One more row.
    pub(super) fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.styled_row(cells, "")
    }

    fn styled_row(&mut self, cells: &[Cell], style: &str) -> io::Result<()> {
        if self.rows == MAX_ROWS {
            return Err(io::Error::other(format!(
                "a spreadsheet ends at {MAX_ROWS} rows\nhint: use csv, or --limit and --offset"
            )));
        }
        self.rows += 1;
        let mut row = Vec::new();
        write!(row, "<row r=\"{}\">", self.rows)?;
        for (column, cell) in cells.iter().take(MAX_COLUMNS).enumerate() {
            let head = format!("<c r=\"{}{}\"{style}", letters(column), self.rows);
            match cell {
                Cell::Empty => {}
                Cell::Number(number) => write!(row, "{head}><v>{number}</v></c>")?,
                Cell::Text(_) | Cell::List(_) => {
                    let text = escaped(&fitting(cell.to_string()));
                    write!(row, "{head} t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")?;
                }
            }
        }
        row.extend(b"</row>");
        self.entry.write_all(&row)
    }

    /// Copies the finished spreadsheet out.
    pub(super) fn save(self, out: &mut dyn Write) -> io::Result<()> {
        let Sheet { mut file, mut entry, .. } = self;
        entry.write_all(SHEET_TAIL.as_bytes())?;
        entry.close()?.finish()?;
        file.seek(SeekFrom::Start(0))?;
        io::copy(&mut file, out)?;
        Ok(())
    }
}

/// The letters of a column, from 0: A, Z, AA.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}

/// A text cut to what a cell can hold.
fn fitting(text: String) -> String {
    // Half as many characters as units always fit.
    if text.encode_utf16().count() <= MAX_CELL { text } else { text.chars().take(MAX_CELL / 2).collect() }
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
    use super::letters;

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 701, 702, 16_383].map(letters), ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }
}
