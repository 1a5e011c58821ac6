//! Tables in text: one article a row, the first row the names of the fields, separated by commas, semicolons or tabs.
//!
//! Streams row by row. Which names mean what is `fields`' business; a table whose names mean nothing there is told so.

use std::borrow::Cow;
use std::io::Read;

use csv::{ReaderBuilder, StringRecord};

use crate::input::decode::{Transcoder, decode, undeclared, utf16};
use crate::input::fields::{self, Fields, Value};
use crate::input::{Confidence, Format, Halt, Head, Reader, too_large};

/// A table with a head.
pub(super) const FORMAT: Format =
    Format { name: "csv", label: "CSV", extensions: &["csv", "tsv", "tab"], sniff, read };

const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];

fn sniff(head: &Head<'_>) -> Confidence {
    let named = FORMAT.extensions.contains(&head.extension.as_str());
    if named { Confidence::Likely } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let limit = reader.options.max_record_bytes;
    let utf16 = utf16(reader.stream.head());
    let separator = separator(reader.stream.head());
    let mut names: Option<Vec<String>> = None;
    let mut rows = Rows::new(separator, limit);
    let mut transcoded = match utf16 {
        Some(encoding) => {
            let bytes = reader.whole()?;
            let mut text = Vec::new();
            let _ = Transcoder::new(bytes.as_slice(), encoding).read_to_end(&mut text);
            Some(std::io::Cursor::new(text))
        }
        None => None,
    };
    loop {
        let row = match &mut transcoded {
            Some(text) => rows.next(text),
            None => rows.next(&mut reader.stream),
        };
        let (row, note) = match row {
            Row::End => return Ok(()),
            Row::TooLarge => {
                reader.next_failed("read", too_large(limit))?;
                continue;
            }
            Row::Cells(row, note) => (row, note),
        };
        let Some(names) = &names else {
            names = Some(head_of(&row, &reader.options.map)?);
            continue;
        };
        let cells = names.iter().zip(row.iter());
        let fields: Fields<'_> = cells
            .map(|(name, cell)| (Cow::Borrowed(name.as_str()), Value::Text(Cow::Borrowed(cell))))
            .collect();
        let mut draft = fields::draft(fields, &reader.options.map);
        draft.article.notes.extend(note);
        reader.next(draft)?;
    }
}

/// The names of the columns, or why the table cannot be read.
fn head_of(row: &StringRecord, map: &[(String, String)]) -> Result<Vec<String>, Halt> {
    let names: Vec<String> =
        row.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
    columns(&names, map)?;
    Ok(names)
}

/// Whether columns of these names make articles, or why a table of them cannot be read.
pub(super) fn columns(names: &[String], map: &[(String, String)]) -> Result<(), Halt> {
    if fields::looks_like_article(&sample(names), map) {
        return Ok(());
    }
    let reason = format!(
        "no column for title or text among {}; hint: name them with --map title=COLUMN --map text=COLUMN",
        names.join(", ").chars().take(200).collect::<String>()
    );
    Err(Halt::Failed { stage: "parse", reason })
}

/// A row of a table with these columns.
pub(super) fn sample(names: &[String]) -> Fields<'_> {
    names.iter().map(|name| (Cow::Borrowed(name.as_str()), Value::Text(Cow::Borrowed("x")))).collect()
}

/// The separator that the first line has most of.
fn separator(head: &[u8]) -> u8 {
    let line: Vec<u8> =
        head.iter().copied().filter(|&byte| byte != 0).take_while(|&byte| byte != b'\n').collect();
    let count = |separator: u8| memchr::memchr_iter(separator, &line).count();
    SEPARATORS.into_iter().rev().max_by_key(|&separator| count(separator)).unwrap_or(b',')
}

/// Cuts a stream into rows; a line break within quotation marks does not end one.
struct Rows {
    separator: u8,
    limit: usize,
}

enum Row {
    End,
    TooLarge,
    Cells(StringRecord, Option<String>),
}

impl Rows {
    fn new(separator: u8, limit: usize) -> Rows {
        Rows { separator, limit }
    }

    fn next(&mut self, source: &mut dyn std::io::BufRead) -> Row {
        let mut line = Vec::new();
        let mut quoted = false;
        let mut too_large = false;
        loop {
            let available = match source.fill_buf() {
                Ok(available) if !available.is_empty() => available,
                _ if line.is_empty() && !too_large => return Row::End,
                _ => break,
            };
            let mut end = None;
            for at in memchr::memchr2_iter(b'"', b'\n', available) {
                if available[at] == b'"' {
                    quoted = !quoted;
                } else if !quoted {
                    end = Some(at);
                    break;
                }
            }
            let count = end.map_or(available.len(), |at| at + 1);
            too_large |= line.len() + count > self.limit;
            if too_large {
                line.clear();
                // A quotation mark that is never closed must not swallow the rest of the table.
                quoted = false;
            } else {
                line.extend_from_slice(&available[..count]);
            }
            source.consume(count);
            if end.is_some() {
                if line.trim_ascii().is_empty() && !too_large {
                    line.clear();
                    continue;
                }
                break;
            }
        }
        if too_large { Row::TooLarge } else { self.cells(&line) }
    }

    fn cells(&self, line: &[u8]) -> Row {
        let decoded = decode(line, undeclared);
        let mut parser = ReaderBuilder::new()
            .delimiter(self.separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(decoded.text.as_bytes());
        let mut row = StringRecord::new();
        // Decoded text cannot be refused, and a row of any number of cells is one.
        let _ = parser.read_record(&mut row);
        Row::Cells(row, decoded.note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(source: &str, separator: u8) -> Vec<Vec<String>> {
        let mut rows = Rows::new(separator, 1000);
        let mut source = source.as_bytes();
        let mut found = Vec::new();
        while let Row::Cells(row, _) = rows.next(&mut source) {
            found.push(row.iter().map(str::to_owned).collect());
        }
        found
    }

    #[test]
    fn rows_are_cut_outside_of_quotation_marks() {
        let table = "title,text\n\"A, b\",\"one\ntwo \"\"three\"\"\"\n\nC,d\n";
        assert_eq!(rows(table, b','), [["title", "text"], ["A, b", "one\ntwo \"three\""], ["C", "d"]]);
        assert_eq!(rows("a\tb\n", b'\t'), [["a", "b"]]);
    }

    #[test]
    fn separators_are_found() {
        for (head, separator) in
            [("a,b,c\n1;2;3;4;5", b','), ("a;b, or c;d\n", b';'), ("a\tb\n", b'\t'), ("title\n", b',')]
        {
            assert_eq!(separator_of(head), separator, "{head}");
        }
    }

    fn separator_of(head: &str) -> u8 {
        separator(head.as_bytes())
    }

    proptest! {
        #[test]
        fn never_panics(table in "([a-z\",;\n]{0,10}){0,10}") {
            rows(&table, b',');
        }
    }
}
