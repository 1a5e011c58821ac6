//! `query --context N`: every match with N words before and after it, one under the other.

use std::ops::ControlFlow;

use anstyle::{AnsiColor, Style};
use dateline::engine::Engine;
use dateline::export::column::Cell;
use dateline::export::list::table_format;
use dateline::export::table::Table;
use dateline::query::request::Request;
use dateline::span::Span;
use dateline::text::segment::is_unspaced;

use crate::commands::query::Asked;
use crate::commands::query::list::write_out;
use crate::commands::query::table::{columns, one_line, width};
use crate::output::{Exit, Printer};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const MARK: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));

/// Longer contexts are whole articles.
const MAX_WORDS: usize = 100;

/// Shows or lists the matches of the asked page of articles.
pub(super) fn run(asked: &Asked<'_>, words: usize, printer: &mut Printer) -> anyhow::Result<Exit> {
    let words = words.min(MAX_WORDS);
    let query = asked.request.whole();
    let request = Request { snippets: false, facets: Vec::new(), ..asked.request.clone() };
    let columns = ["id", "published", "start", "before", "match", "after"].map(str::to_owned).to_vec();
    let mut table = Table { columns, rows: Vec::new() };
    let mut shown = Vec::new();
    let mut articles = 0;
    let matches = asked.index.matcher(&query)?;
    asked.index.stream(&request, &mut |hit, annotated| {
        articles += 1;
        let text = &annotated.article.text;
        shown.push((hit.title.clone(), Vec::new()));
        let mut points = dateline::span::CodePoints::new(text);
        for span in matches(annotated) {
            let (before, after) = around(text, span, words);
            shown.last_mut().into_iter().for_each(|(_, parted)| parted.push(is_parted(text, span)));
            table.rows.push(vec![
                Cell::Text(hit.id.clone()),
                hit.published.as_ref().map_or(Cell::Empty, |published| Cell::Text(published.date.clone())),
                Cell::count(points.at(span.start)),
                Cell::Text(before),
                Cell::Text(squeezed(span.of(text))),
                Cell::Text(after),
            ]);
        }
        ControlFlow::Continue(())
    })?;
    match asked.format {
        Some(format) => {
            let write = table_format(format)?;
            write_out(asked, printer, &mut |out| write(out, &table))?;
        }
        None => show(&table, &shown, printer)?,
    }
    Ok(if articles == 0 { Exit::Nothing } else { Exit::Found })
}

/// The words before and after a match.
fn around(text: &str, span: Span, words: usize) -> (String, String) {
    let (before, after) = text.split_at(span.start);
    let after = &after[span.end - span.start..];
    let kept_before: usize = within(before.chars().rev(), words);
    let kept_after: usize = within(after.chars(), words);
    (squeezed(&before[before.len() - kept_before..]), squeezed(&after[..kept_after]))
}

/// How many bytes the first words take. A character of a script without spaces counts as a word.
fn within(chars: impl Iterator<Item = char>, words: usize) -> usize {
    let (mut bytes, mut begun, mut in_word) = (0, 0, false);
    for c in chars {
        let alone = is_unspaced(c);
        begun += usize::from(!c.is_whitespace() && (alone || !in_word && c.is_alphanumeric()));
        if begun > words {
            break;
        }
        in_word = !c.is_whitespace() && !alone && (in_word || c.is_alphanumeric());
        bytes += c.len_utf8();
    }
    bytes
}

/// Whether white space stands before and after a match.
fn is_parted(text: &str, span: Span) -> [bool; 2] {
    [text[..span.start].ends_with(char::is_whitespace), text[span.end..].starts_with(char::is_whitespace)]
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Shows the rows under their articles: each with its title, and whether white space stands around its matches.
fn show(table: &Table, articles: &[(String, Vec<[bool; 2]>)], printer: &mut Printer) -> std::io::Result<()> {
    let longest = table.rows.iter().map(|row| columns(&row[4].to_string())).max().unwrap_or(0).min(30);
    let side = width().saturating_sub(longest + 2) / 2;
    let mut rows = table.rows.iter();
    for (title, parted) in articles {
        for (index, (parted, row)) in parted.iter().zip(rows.by_ref()).enumerate() {
            let [id, published, _, before, found, after] = row.as_slice() else { continue };
            if index == 0 {
                let about = one_line(&format!("{published} · {id}"));
                printer.line(format!("{BOLD}{}{BOLD:#} {DIM}{about}{DIM:#}", one_line(title)))?;
            }
            let [gap, next_gap] = parted.map(|parted| if parted { " " } else { "" });
            let before = ending(&one_line(&before.to_string()), side + 1 - gap.len());
            let padding = (side + 1).saturating_sub(columns(&before) + gap.len());
            let found = one_line(&found.to_string());
            let after = beginning(&one_line(&after.to_string()), side);
            printer.line(format!("{:padding$}{before}{gap}{MARK}{found}{MARK:#}{next_gap}{after}", ""))?;
        }
    }
    Ok(())
}

/// As much of the end as fits.
fn ending(text: &str, room: usize) -> String {
    let mut start = text.len();
    let mut used = 0;
    for (at, c) in text.char_indices().rev() {
        used += columns(c.encode_utf8(&mut [0; 4]));
        if used > room {
            break;
        }
        start = at;
    }
    text[start..].to_owned()
}

/// As much of the beginning as fits.
fn beginning(text: &str, room: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|c| {
            used += columns(c.encode_utf8(&mut [0; 4]));
            used <= room
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_is_words_on_both_sides() {
        let text = "One two three\nfour five six";
        let span = Span::new(text.find("three").unwrap(), text.find("three").unwrap() + 5);
        assert_eq!(around(text, span, 1), ("two".into(), "four".into()));
        assert_eq!(around(text, span, 9), ("One two".into(), "four five six".into()));
        let text = "中国外交部说，各方应当对话解决NATO问题。";
        let span = Span::new(text.find("对话").unwrap(), text.find("解决").unwrap());
        assert_eq!(around(text, span, 3), ("方应当".into(), "解决NATO".into()));
        assert_eq!(around("a - b's c", Span::new(4, 5), 2), ("a -".into(), "'s c".into()));
        assert_eq!(ending("abc", 2), "bc");
        assert_eq!(beginning("战争", 3), "战");
    }
}
