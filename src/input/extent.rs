//! How large the tables of an `OpenDocument` spreadsheet are, before they are made.
//!
//! A cell and a row say how often they are repeated: a file of a kilobyte can ask for a table of billions of cells. Takes
//! the content of a spreadsheet as XML, gives the number of cells that a reader would hold. Never keeps a cell.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The cells of the largest sheet, from its first to its last corner; what is wrong with the XML is told by its reader.
pub(super) fn largest_sheet(content: impl BufRead) -> u64 {
    let mut reader = Reader::from_reader(content);
    let mut buffer = Vec::new();
    let (mut largest, mut sheet) = (0, Sheet::default());
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => sheet.open(&tag),
            Ok(Event::Empty(tag)) => {
                sheet.open(&tag);
                sheet.close(tag.local_name().as_ref());
            }
            Ok(Event::End(tag)) => {
                sheet.close(tag.local_name().as_ref());
                if tag.local_name().as_ref() == "table" {
                    largest = largest.max(std::mem::take(&mut sheet).cells());
                }
            }
            Ok(Event::Eof) | Err(_) => return largest.max(sheet.cells()),
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// A sheet as far as it has been read. What is empty counts only when something follows it.
#[derive(Default)]
struct Sheet {
    rows: u64,
    empty_rows: u64,
    width: u64,
    row: Row,
}

/// A row as far as it has been read.
#[derive(Default)]
struct Row {
    repeated: u64,
    cells: u64,
    empty_cells: u64,
}

impl Sheet {
    fn open(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "table-row" => self.row = Row { repeated: number(tag, "number-rows-repeated"), ..Row::default() },
            "table-cell" | "covered-table-cell" => {
                let repeated = number(tag, "number-columns-repeated");
                let has_value = tag.attributes().flatten().any(|attribute| {
                    let name = attribute.key.local_name();
                    name.as_ref() == "value-type" || name.as_ref() == "formula"
                });
                if has_value {
                    let before = std::mem::take(&mut self.row.empty_cells);
                    self.row.cells = self.row.cells.saturating_add(before).saturating_add(repeated);
                } else {
                    self.row.empty_cells = self.row.empty_cells.saturating_add(repeated);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if name != "table-row" {
            return;
        }
        let row = std::mem::take(&mut self.row);
        if row.cells == 0 {
            self.empty_rows = self.empty_rows.saturating_add(row.repeated);
            return;
        }
        let before = std::mem::take(&mut self.empty_rows);
        self.rows = self.rows.saturating_add(before).saturating_add(row.repeated);
        self.width = self.width.max(row.cells);
    }

    fn cells(&self) -> u64 {
        self.rows.saturating_mul(self.width)
    }
}

/// How often something is repeated: once, where it does not say.
fn number(tag: &BytesStart<'_>, name: &str) -> u64 {
    let mut attributes = tag.attributes().flatten();
    let said = attributes.find(|attribute| attribute.key.local_name().as_ref() == name);
    // What is too large for a number is larger than any table may be.
    said.map_or(1, |attribute| attribute.value.trim().parse().unwrap_or(u64::from(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_cells_count_where_something_follows_them() {
        let cell = |repeated: u64, value: &str| {
            format!("<t:table-cell t:number-columns-repeated=\"{repeated}\" {value}/>")
        };
        let row = |repeated: u64, cells: &str| {
            format!("<t:table-row t:number-rows-repeated=\"{repeated}\">{cells}</t:table-row>")
        };
        let value = "o:value-type=\"string\"";
        for (rows, cells) in [
            (row(1, &cell(3, value)), 3),
            // As programs write the rest of a sheet.
            (row(1, &(cell(2, value) + &cell(16_382, ""))) + &row(1_048_575, &cell(16_384, "")), 2),
            (row(1_000_000, &cell(10_000, value)), 10_000_000_000),
            (row(1, &cell(1, value)) + &row(1_000, "") + &row(1, &(cell(99, "") + &cell(1, value))), 100_200),
            (row(1, &cell(u64::MAX, value)) + &row(u64::MAX, &cell(1, value)), u64::MAX),
            (String::new(), 0),
        ] {
            let content = format!("<d xmlns:t=\"t\" xmlns:o=\"o\"><t:table>{rows}</t:table></d>");
            assert_eq!(largest_sheet(content.as_bytes()), cells, "{rows}");
        }
        assert_eq!(largest_sheet(&b"<broken"[..]), 0);
    }
}
