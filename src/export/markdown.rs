//! Result lists as a Markdown table.

use std::io::{self, Write};

use crate::export::column::Row;
use crate::export::list::{Exporter, Listing};

/// A pipe table; what would break it is escaped.
#[derive(Debug)]
pub(super) struct Markdown;

impl Exporter for Markdown {
    fn begin(&mut self, out: &mut dyn Write, listing: &Listing) -> io::Result<()> {
        let columns = &listing.columns;
        write_row(out, columns.iter().map(|column| column.name.to_owned()))?;
        write_row(out, columns.iter().map(|_| "---".to_owned()))
    }

    fn article(&mut self, out: &mut dyn Write, listing: &Listing, row: &Row<'_>) -> io::Result<()> {
        write_row(out, listing.columns.iter().map(|column| escaped(&column.value(row).to_string())))
    }
}

/// One line of the table.
pub(super) fn write_row(out: &mut dyn Write, values: impl Iterator<Item = String>) -> io::Result<()> {
    let values: Vec<String> = values.collect();
    writeln!(out, "| {} |", values.join(" | "))
}

/// Text that stays one cell and means nothing to Markdown.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '<' | '\\' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ if c.is_control() || c == '\u{2028}' || c == '\u{2029}' => escaped.push(' '),
            _ => escaped.push(c),
        }
    }
    escaped
}
