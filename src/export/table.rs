//! Tables of counts: facets and cross tables, in every format that can hold them.

use std::io::{self, Write};

use serde_json::{Map, Value};

use crate::export::column::Cell;
use crate::export::xml::escaped;
use crate::export::{markdown, separated, xlsx};
use crate::query::response::FacetCounts;

/// A heading and rows of as many cells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// What the columns are called.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Facets as rows of facet, value, label and count; where they show what is unusual, also the count of the
    /// archive, how many times as frequent the value is, and the score.
    pub fn of_facets(facets: &[FacetCounts]) -> Table {
        let mut columns = ["facet", "value", "label", "count"].map(str::to_owned).to_vec();
        let mut values = facets.iter().flat_map(|counts| &counts.values);
        if values.any(|value| value.unusual.is_some()) {
            columns.extend(["archive", "times", "score"].map(str::to_owned));
        }
        let mut rows = Vec::new();
        for counts in facets {
            for value in &counts.values {
                let mut row = vec![
                    Cell::Text(counts.name.to_owned()),
                    Cell::Text(value.value.clone()),
                    Cell::Text(value.label.clone()),
                    Cell::count(value.count),
                ];
                if let Some(unusual) = value.unusual {
                    row.extend([
                        Cell::count(unusual.archive),
                        Cell::Number(unusual.times),
                        Cell::Number(unusual.score),
                    ]);
                }
                rows.push(row);
            }
        }
        Table { columns, rows }
    }

    fn object(&self, row: &[Cell]) -> Value {
        let pairs = self.columns.iter().zip(row).map(|(name, cell)| (name.clone(), cell.json()));
        Value::Object(pairs.collect::<Map<_, _>>())
    }
}

/// As one array of objects.
pub(super) fn write_json(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    let rows: Vec<Value> = table.rows.iter().map(|row| table.object(row)).collect();
    writeln!(out, "{}", Value::Array(rows))
}

/// As one object a line.
pub(super) fn write_jsonl(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    for row in &table.rows {
        writeln!(out, "{}", table.object(row))?;
    }
    Ok(())
}

/// As CSV or TSV.
pub(super) fn write_separated(out: &mut dyn Write, table: &Table, separator: u8) -> io::Result<()> {
    separated::write_record(out, separator, table.columns.iter().cloned())?;
    for row in &table.rows {
        separated::write_record(out, separator, row.iter().map(separated::plain))?;
    }
    Ok(())
}

/// As a pipe table.
pub(super) fn write_markdown(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    markdown::write_row(out, table.columns.iter().map(|name| markdown::escaped(name)))?;
    markdown::write_row(out, table.columns.iter().map(|_| "---".to_owned()))?;
    for row in &table.rows {
        markdown::write_row(out, row.iter().map(|cell| markdown::escaped(&cell.to_string())))?;
    }
    Ok(())
}

/// As a spreadsheet.
pub(super) fn write_xlsx(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    let names: Vec<&str> = table.columns.iter().map(String::as_str).collect();
    let mut sheet = xlsx::Sheet::new(&names)?;
    for row in &table.rows {
        sheet.row(row)?;
    }
    sheet.save(out)
}

/// As an HTML table on a page of its own.
pub(super) fn write_html(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>dateline</title>\n<table>"
    )?;
    let heads: Vec<String> = table.columns.iter().map(|name| format!("<th>{}</th>", escaped(name))).collect();
    writeln!(out, "<tr>{}</tr>", heads.concat())?;
    for row in &table.rows {
        let cells: Vec<String> =
            row.iter().map(|cell| format!("<td>{}</td>", escaped(&cell.to_string()))).collect();
        writeln!(out, "<tr>{}</tr>", cells.concat())?;
    }
    writeln!(out, "</table>\n</html>")
}
