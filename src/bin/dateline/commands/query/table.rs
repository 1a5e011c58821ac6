//! The answer for people: hits with marked snippets, facets as bars.

use std::io;

use anstyle::{AnsiColor, Style};
use dateline::calendar::between;
use dateline::engine::Engine;
use dateline::field::{FacetView, find_facet};
use dateline::query::response::{FacetCounts, Hit, Response, Snippet, Unit};
use dateline::span::Span;

use crate::commands::query::Asked;
use crate::commands::query::list::Keep;
use crate::output::{Exit, Printer};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const MARK: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));

/// Lines wider than this are hard to read.
const MAX_WIDTH: usize = 110;
const INDENT: usize = 4;

/// Shows hits and facets.
pub(super) fn run(asked: &Asked<'_>, keep: Option<Keep<'_>>, printer: &mut Printer) -> anyhow::Result<Exit> {
    let mut response = asked.index.search(&asked.request)?;
    let is_kept = keep.is_some();
    if let Some(keep) = keep {
        response.hits.retain(|hit| keep(hit));
    }
    let width = width();
    for (index, hit) in response.hits.iter().enumerate() {
        show_hit(printer, asked.request.offset + index + 1, hit, width)?;
    }
    show_total(printer, asked, &response, is_kept)?;
    for counts in &response.facets {
        show_facet(printer, counts, width)?;
    }
    if response.total == 0 && !is_kept {
        printer.note("nothing found; --explain says how many articles each part of the query matches");
    }
    let count = if is_kept { response.hits.len() } else { response.total };
    Ok(if count == 0 { Exit::Nothing } else { Exit::Found })
}

/// The width of the terminal, within reason.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = columns.or_else(|| comfy_table::Table::new().width().map(usize::from)).unwrap_or(MAX_WIDTH);
    width.clamp(40, MAX_WIDTH)
}

fn show_hit(printer: &mut Printer, number: usize, hit: &Hit, width: usize) -> io::Result<()> {
    let title = if hit.title.is_empty() { "(no title)" } else { hit.title.as_str() };
    printer.line(format!("{DIM}{number:>3}{DIM:#} {BOLD}{}{BOLD:#}", one_line(title)))?;
    let published = hit.published.as_ref().map_or("no date", |published| published.date.as_str());
    let mut about: Vec<&str> = vec![published];
    about.extend(hit.source.as_deref());
    about.extend([hit.language.as_str(), hit.id.as_str()]);
    let copies = match hit.copies {
        0 => String::new(),
        1 => " · +1 copy".to_owned(),
        copies => format!(" · +{copies} copies"),
    };
    printer.line(format!("{:INDENT$}{DIM}{}{copies}{DIM:#}", "", one_line(&about.join(" · "))))?;
    for line in wrapped(&hit.snippet, width - INDENT) {
        printer.line(format!("{:INDENT$}{line}", ""))?;
    }
    printer.line("")
}

/// Text that cannot move the cursor.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A snippet as lines no wider than `width`, with its matches marked.
fn wrapped(snippet: &Snippet, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    let mut at = 0;
    for word in snippet.text.split(' ') {
        let span = Span::new(at, at + word.len());
        at = span.end + 1;
        let needed = columns(word);
        if used > 0 && used + 1 + needed > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(&marked(word, span.start, &snippet.marks));
        used += needed;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A piece of text that starts at `offset`, with what lies in `marks` marked.
pub(super) fn marked(text: &str, offset: usize, marks: &[Span]) -> String {
    let end = offset + text.len();
    let mut shown = String::with_capacity(text.len());
    let mut at = offset;
    for mark in marks.iter().filter(|mark| mark.start < end && mark.end > offset) {
        let (start, stop) = (mark.start.max(at), mark.end.min(end));
        let Some(before) = text.get(at - offset..start.saturating_sub(offset)) else { continue };
        let Some(inside) = text.get(start - offset..stop.saturating_sub(offset)) else { continue };
        shown.push_str(&one_line(before));
        shown.extend([MARK.render().to_string(), one_line(inside), MARK.render_reset().to_string()]);
        at = stop;
    }
    shown.push_str(&one_line(text.get(at - offset..).unwrap_or("")));
    shown
}

/// How many columns of a terminal a text takes: East Asian characters take two.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c as u32, 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD)
}

fn show_total(
    printer: &mut Printer,
    asked: &Asked<'_>,
    response: &Response,
    is_kept: bool,
) -> io::Result<()> {
    let unit = match (response.unit, response.total) {
        (Unit::Articles, 1) => "article",
        (Unit::Articles, _) => "articles",
        (Unit::Stories, 1) => "story",
        (Unit::Stories, _) => "stories",
    };
    let listed = response.hits.len();
    let first = asked.request.offset + 1;
    let shown = if is_kept {
        format!("{listed} new of {} {unit}", response.total)
    } else if listed == 0 || listed == response.total {
        format!("{} {unit}", response.total)
    } else {
        format!("{first}–{} of {} {unit}", first + listed - 1, response.total)
    };
    printer.line(format!("{BOLD}{shown}{BOLD:#}"))
}

fn show_facet(printer: &mut Printer, counts: &FacetCounts, width: usize) -> io::Result<()> {
    let facet = find_facet(counts.name);
    let heading = facet.map_or(counts.name, |facet| facet.label);
    printer.line(format!("\n{BOLD}{heading}{BOLD:#} {DIM}--facet {}{DIM:#}", counts.name))?;
    let is_tree = facet.is_some_and(|facet| !matches!(facet.view, FacetView::Flat | FacetView::Calendar));
    let most = counts.values.iter().map(|value| value.count).max().unwrap_or(0);
    let digits = most.to_string().len();
    let longest = counts.values.iter().map(|value| columns(&value.label)).max().unwrap_or(0).min(32);
    if counts.values.is_empty() {
        printer.line(format!("    {DIM}none{DIM:#}"))?;
    }
    let is_timeline = facet.is_some_and(|facet| facet.view == FacetView::Calendar) && counts.more == 0;
    let mut before: Option<&str> = None;
    for value in &counts.values {
        if is_timeline && let Some(gap) = before.and_then(|before| gap(before, &value.value)) {
            printer.line(format!("    {DIM}⋮ none {gap}{DIM:#}"))?;
        }
        before = Some(&value.value);
        let label = cut(&one_line(&value.label), longest);
        let padding = longest.saturating_sub(columns(&label));
        let room = width.saturating_sub(longest + digits + INDENT + 2).min(40);
        let bar = bar(value.count, most, room);
        let chosen = if value.selected { "✓" } else { " " };
        let path = if is_tree && value.value != value.label {
            format!(" {DIM}{}{DIM:#}", one_line(&value.value))
        } else {
            String::new()
        };
        let compared = value.unusual.map_or_else(String::new, |unusual| {
            format!(" of {} in the archive, {} times as frequent", unusual.archive, unusual.times)
        });
        let bar = if value.unusual.is_some() { compared } else { bar };
        printer.line(format!("  {chosen} {label}{:padding$} {:>digits$} {bar}{path}", "", value.count))?;
    }
    if counts.more > 0 {
        printer.line(format!("    {DIM}and {} more: --facet {}=all{DIM:#}", counts.more, counts.name))?;
    }
    Ok(())
}

/// What lies between two dates of a timeline that has counts for neither: `in 1954`, `from 1954 to 1960`.
fn gap(before: &str, after: &str) -> Option<String> {
    let mut missing = between(before, after)?;
    let first = missing.next()?;
    Some(missing.last().map_or_else(|| format!("in {first}"), |last| format!("from {first} to {last}")))
}

/// A bar as long as `count` is of `most`, in eighths of a column.
pub(super) fn bar(count: usize, most: usize, room: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (count * room * 8).checked_div(most).unwrap_or(0);
    let eighths = if count > 0 { eighths.max(1) } else { 0 };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// A text cut to so many columns.
pub(super) fn cut(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = text.chars().take_while(|&c| {
        used += if is_wide(c) { 2 } else { 1 };
        used <= room
    });
    let mut cut: String = fits.collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_counts() {
        assert_eq!(bar(10, 10, 4), "████");
        assert_eq!(bar(5, 10, 4), "██");
        assert_eq!(bar(1, 1000, 4), "▏", "what is there is seen");
        assert_eq!(bar(0, 0, 4), "");
    }

    #[test]
    fn a_gap_of_a_timeline_is_told() {
        assert_eq!(gap("1953", "1955").as_deref(), Some("in 1954"));
        assert_eq!(gap("2020-11", "2021-03").as_deref(), Some("from 2020-12 to 2021-02"));
        assert_eq!(gap("1953", "1954"), None);
        assert_eq!(gap("1953", "missing"), None);
    }

    #[test]
    fn snippets_are_wrapped_and_marked() {
        let snippet = Snippet {
            text: "the war in Iraq went on".into(),
            marks: vec![Span::new(4, 7), Span::new(11, 15)],
        };
        let lines = wrapped(&snippet, 12);
        let plain: Vec<String> =
            lines.iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect();
        assert_eq!(plain, ["the war in", "Iraq went on"]);
        assert!(lines[0].contains(&format!("{MARK}war{MARK:#}")));
        assert_eq!(marked("ab", 0, &[Span::new(1, 9)]), format!("a{MARK}b{MARK:#}"));
    }

    #[test]
    fn long_labels_are_cut() {
        assert_eq!(cut("Baghdad", 4), "Bag…");
        assert_eq!(columns("战争"), 4);
        assert_eq!(one_line("a\u{1b}[31mb"), "a [31mb");
    }
}
