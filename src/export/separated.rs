//! Result lists as CSV and TSV, safe to open in a spreadsheet.

use std::io::{self, Write};

use crate::export::column::{Cell, Row};
use crate::export::list::{Exporter, Listing};

/// Comma- or tab-separated values with a heading.
#[derive(Debug)]
pub(super) struct Separated {
    separator: u8,
}

impl Separated {
    /// With commas, quoted where needed.
    pub(super) fn csv() -> Separated {
        Separated { separator: b',' }
    }

    /// With tabs; tabs and line ends inside values become spaces.
    pub(super) fn tsv() -> Separated {
        Separated { separator: b'\t' }
    }
}

impl Exporter for Separated {
    fn begin(&mut self, out: &mut dyn Write, listing: &Listing) -> io::Result<()> {
        let names = listing.columns.iter().map(|column| column.name.to_owned());
        write_record(out, self.separator, names)
    }

    fn article(&mut self, out: &mut dyn Write, listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        let values = listing.columns.iter().map(|column| plain(&column.value(row)));
        write_record(out, self.separator, values)
    }
}

/// One line.
pub(super) fn write_record(
    out: &mut dyn Write,
    separator: u8,
    values: impl Iterator<Item = String>,
) -> io::Result<()> {
    let mut line = Vec::new();
    if separator == b'\t' {
        let values: Vec<String> = values.map(|value| value.replace(['\t', '\n', '\r'], " ")).collect();
        line.extend(values.join("\t").bytes());
        line.push(b'\n');
    } else {
        let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(&mut line);
        writer.write_record(values.map(String::into_bytes))?;
        writer.flush()?;
        drop(writer);
    }
    out.write_all(&line)
}

/// A cell as text that no spreadsheet takes for a formula.
pub(super) fn plain(cell: &Cell) -> String {
    let text = cell.to_string();
    match cell {
        Cell::Number(_) | Cell::Empty => text,
        _ => defused(text),
    }
}

/// Text that begins as a formula gets an apostrophe, which spreadsheets take for "this is text".
fn defused(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}']) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(values: &[&str]) -> String {
        let mut out = Vec::new();
        write_record(&mut out, b',', values.iter().map(|value| (*value).to_owned())).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_are_quoted_where_needed() {
        assert_eq!(csv(&["a", "b,c", "d\"e", "f\ng", ""]), "a,\"b,c\",\"d\"\"e\",\"f\ng\",\n");
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(plain(&Cell::Text(text.into())), format!("'{text}"));
        }
        assert_eq!(plain(&Cell::Number(-1.5)), "-1.5");
        assert_eq!(plain(&Cell::Text("a=1".into())), "a=1");
        assert_eq!(plain(&Cell::List(vec!["=a".into(), "b".into()])), "'=a; b");
    }
}
