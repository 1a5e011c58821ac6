//! `query --by place,year`: how many articles of the answer fall where two views of the archive cross.
//!
//! Articles and stories are counted side by side. One dimension gives a list (for days of publication with the rate per 1,000 articles of the archive, so that its growth
//! does not look like news), two a cross table.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use anstyle::Style;
use dateline::Error;
use dateline::article::Annotated;
use dateline::calendar::{Precision, between};
use dateline::engine::Engine;
use dateline::export::column::Cell;
use dateline::export::list::table_format;
use dateline::export::table::Table;
use dateline::field::{FACETS, FacetView, Field, FieldKind, MISSING, find_facet, find_field};
use dateline::query::parse::parse_value;
use dateline::query::request::Request;
use dateline::query::response::Unit;
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

use crate::commands::query::Asked;
use crate::commands::query::list::write_out;
use crate::commands::query::table::{bar, columns, cut, one_line, width};
use crate::output::{Exit, Printer};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// More dimensions than this make no table.
const MAX_DIMENSIONS: usize = 2;

/// Longer stretches of a timeline without any article are left out of its table.
const LONGEST_GAP: usize = 1_200;
/// Shorter ones are shown day by day (or month, or year) in the terminal, longer ones as one line.
const SHOWN_GAP: usize = 3;

/// More rows than this are not shown in the terminal, but for timelines.
const SHOWN_ROWS: usize = 40;
/// The heading of what an article or story counts for in its row, however many columns it is in.
const ALL: &str = "all";

/// One way to divide the archive.
struct Dimension {
    name: String,
    field: &'static Field,
    wanted: Wanted,
}

/// Which values of the field.
enum Wanted {
    /// Those of a facet.
    View(FacetView),
    /// Years, months or days, by how they are written.
    Calendar(Precision),
}

const CALENDAR: &[(&str, &str, Precision)] = &[
    ("year", "published", Precision::Year),
    ("month", "published", Precision::Month),
    ("day", "published", Precision::Day),
    ("event-year", "event", Precision::Year),
    ("event-month", "event", Precision::Month),
    ("event-day", "event", Precision::Day),
];

impl Dimension {
    fn parse(name: &str) -> dateline::Result<Dimension> {
        let calendar = CALENDAR.iter().find(|(known, ..)| *known == name);
        let found = match (calendar, find_facet(name), find_field(name)) {
            (Some((_, field, precision)), ..) => {
                find_field(field).map(|field| (field, Wanted::Calendar(*precision)))
            }
            (None, Some(facet), _) => find_field(facet.field).map(|field| (field, Wanted::View(facet.view))),
            (None, None, Some(field)) if field.kind == FieldKind::Keyword => {
                Some((field, Wanted::View(FacetView::Flat)))
            }
            _ => None,
        };
        let Some((field, wanted)) = found else {
            let names: Vec<&str> = CALENDAR
                .iter()
                .map(|(name, ..)| *name)
                .chain(FACETS.iter().map(|facet| facet.name))
                .collect();
            return Err(Error::Usage(format!(
                "cannot count by `{name}`\nhint: there are {}",
                names.join(", ")
            )));
        };
        Ok(Dimension { name: name.to_owned(), field, wanted })
    }

    /// Where an article falls; every value once.
    fn values(&self, annotated: &Annotated) -> Vec<String> {
        let values = (self.field.values)(annotated);
        values.into_iter().filter(|value| self.is_wanted(value)).collect()
    }

    fn is_wanted(&self, value: &str) -> bool {
        let depth = value.split('/').count();
        match &self.wanted {
            Wanted::Calendar(_) if value == MISSING => true,
            Wanted::Calendar(precision) => {
                let hyphens = value.trim_start_matches('-').matches('-').count();
                let has_digits = value.contains(|c: char| c.is_ascii_digit());
                has_digits && hyphens == *precision as usize
            }
            Wanted::View(FacetView::Flat) => true,
            Wanted::View(FacetView::Top) => depth == 1,
            Wanted::View(FacetView::Depth(wanted)) => depth == *wanted,
            Wanted::View(FacetView::Under(top)) => depth > 1 && value.split('/').next() == Some(top),
            Wanted::View(FacetView::NotUnder(top)) => depth > 1 && value.split('/').next() != Some(top),
            Wanted::View(FacetView::Calendar) => !value.trim_start_matches('-').contains('-'),
        }
    }

    fn is_calendar(&self) -> bool {
        self.field.kind == FieldKind::Calendar
    }
}

type Counts = BTreeMap<Vec<String>, Count>;

/// What was counted.
#[derive(Default)]
struct Counted {
    /// By the values of the dimensions.
    cells: Counts,
    /// By the first of two dimensions alone, where an article is counted once however many values of the other it has.
    rows: BTreeMap<String, Count>,
    /// How many articles there are.
    articles: usize,
    /// How many of them have no value of some dimension, and fall nowhere.
    outside: usize,
}

/// What falls in one cell.
#[derive(Default)]
struct Count {
    articles: usize,
    /// Hashes of the stories that they belong to.
    stories: FxHashSet<u64>,
}

impl Count {
    fn add(&mut self, story: u64) {
        self.articles += 1;
        self.stories.insert(story);
    }

    fn of(&self, unit: Unit) -> usize {
        if unit == Unit::Stories { self.stories.len() } else { self.articles }
    }
}

/// Counts and shows.
pub(super) fn run(asked: &Asked<'_>, dimensions: &str, printer: &mut Printer) -> anyhow::Result<Exit> {
    let dimensions: Vec<Dimension> =
        dimensions.split(',').map(|name| Dimension::parse(name.trim())).collect::<Result<_, _>>()?;
    if dimensions.len() > MAX_DIMENSIONS {
        let message = "--by takes one or two names\nhint: write --by place or --by place,year";
        return Err(Error::Usage(message.to_owned()).into());
    }
    let counted = count(asked, &dimensions)?;
    match (asked.format, dimensions.as_slice()) {
        (Some(format), _) => {
            let write = table_format(format)?;
            let table = long(asked, &dimensions, &counted.cells)?;
            write_out(asked, printer, &mut |out| write(out, &table))?;
        }
        (None, [first, _]) => show_crossed(&counted, asked.request.unit, first.is_calendar(), printer)?,
        (None, _) => {
            let mut table = long(asked, &dimensions, &counted.cells)?;
            let more = table.rows.len().saturating_sub(SHOWN_ROWS);
            if more > 0 && !dimensions.iter().any(Dimension::is_calendar) {
                table.rows.truncate(SHOWN_ROWS);
                printer.note(format!("the most frequent are shown: {more} more with --format csv"));
            }
            show_list(&table, printer)?;
        }
    }
    if counted.outside > 0 {
        let names: Vec<&str> = dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
        let (outside, all) = (counted.outside, counted.articles);
        printer
            .note(format!("{outside} of {all} articles have no {} and are in no row", names.join(" or no ")));
    }
    Ok(if counted.cells.is_empty() { Exit::Nothing } else { Exit::Found })
}

fn count(asked: &Asked<'_>, dimensions: &[Dimension]) -> dateline::Result<Counted> {
    let request =
        Request { limit: None, offset: 0, snippets: false, collapse: false, ..asked.request.clone() };
    let mut counted = Counted::default();
    asked.index.stream(&request, &mut |hit, annotated| {
        let story = xxh3_64(hit.story.as_bytes());
        let mut keys: Vec<Vec<String>> = vec![Vec::new()];
        for dimension in dimensions {
            let values = dimension.values(annotated);
            keys = keys
                .iter()
                .flat_map(|key| {
                    values.iter().map(|value| [key.as_slice(), std::slice::from_ref(value)].concat())
                })
                .collect();
        }
        counted.articles += 1;
        counted.outside += usize::from(keys.is_empty());
        let mut last: Option<&String> = None;
        for [row, ..] in keys.iter().filter_map(|key| key.first_chunk::<1>()) {
            if last != Some(row) {
                counted.rows.entry(row.clone()).or_default().add(story);
            }
            last = Some(row);
        }
        for key in keys {
            counted.cells.entry(key).or_default().add(story);
        }
        ControlFlow::Continue(())
    })?;
    Ok(counted)
}

/// One row per combination: calendars in order of time, all else by count.
fn long(asked: &Asked<'_>, dimensions: &[Dimension], counts: &Counts) -> dateline::Result<Table> {
    let mut columns: Vec<String> = dimensions.iter().map(|dimension| dimension.name.clone()).collect();
    columns.extend(["articles", "stories"].map(str::to_owned));
    let mut rows: Vec<(&Vec<String>, &Count)> = counts.iter().collect();
    if !dimensions.iter().any(Dimension::is_calendar) {
        rows.sort_by(|one, other| other.1.articles.cmp(&one.1.articles).then_with(|| one.0.cmp(other.0)));
    }
    let rows = rows.into_iter().map(|(key, count)| (key.clone(), [count.articles, count.stories.len()]));
    let rows: Vec<Row> = match dimensions {
        [only] if only.is_calendar() => with_gaps(rows),
        _ => rows.collect(),
    };
    let rate = match dimensions {
        [only] if only.field.name == "published" => Some(only.field.name),
        _ => None,
    };
    if rate.is_some() {
        columns.extend(["archive".to_owned(), "per_1000".to_owned()]);
    }
    let mut table = Table { columns, rows: Vec::new() };
    for (key, [articles, stories]) in rows {
        let mut row: Vec<Cell> = key.iter().map(|value| Cell::Text(value.clone())).collect();
        row.extend([Cell::count(articles), Cell::count(stories)]);
        if let Some(field) = rate {
            let archive = asked.index.count(&parse_value(field, &key[0], asked.today)?)?;
            let per_1000 = articles as f64 * 1000.0 / archive.max(1) as f64;
            row.push(Cell::count(archive));
            row.push(Cell::Number((per_1000 * 10.0).round() / 10.0));
        }
        table.rows.push(row);
    }
    Ok(table)
}

/// What a row counts: values of the dimensions; articles and stories.
type Row = (Vec<String>, [usize; 2]);

/// The rows of a timeline with what lies between them and has no article, as far as a table can hold it.
fn with_gaps(rows: impl Iterator<Item = Row>) -> Vec<Row> {
    let mut filled: Vec<Row> = Vec::new();
    for (key, counts) in rows {
        let last = filled.last().and_then(|(last, _)| between(&last[0], &key[0]));
        let missing: Vec<String> = last.into_iter().flatten().take(LONGEST_GAP + 1).collect();
        if missing.len() <= LONGEST_GAP {
            filled.extend(missing.into_iter().map(|date| (vec![date], [0, 0])));
        }
        filled.push((key, counts));
    }
    filled
}

fn show_list(table: &Table, printer: &mut Printer) -> std::io::Result<()> {
    let count =
        |row: &Vec<Cell>| if let Some(Cell::Number(count)) = row.get(1) { *count as usize } else { 0 };
    let most = table.rows.iter().map(count).max().unwrap_or(0);
    let longest = table.rows.iter().map(|row| columns(&row[0].to_string())).max().unwrap_or(0).min(40);
    let digits = most.to_string().len().max("articles".len());
    let rate = if table.columns.len() > 3 { "  per 1,000" } else { "" };
    printer
        .line(format!("{DIM}{:longest$} {:>digits$} {:>digits$}{rate}{DIM:#}", "", "articles", "stories"))?;
    let mut rows = table.rows.as_slice();
    while let Some((row, rest)) = rows.split_first() {
        let empty = rows.iter().take_while(|row| count(row) == 0).count();
        if empty > SHOWN_GAP {
            let (first, last) = (one_line(&row[0].to_string()), one_line(&rows[empty - 1][0].to_string()));
            printer.line(format!("{DIM}⋮ none from {first} to {last}{DIM:#}"))?;
            rows = &rows[empty..];
            continue;
        }
        rows = rest;
        let label = cut(&one_line(&row[0].to_string()), longest);
        let padding = longest.saturating_sub(columns(&label));
        let rate =
            if let Some(Cell::Number(rate)) = row.get(4) { format!("{rate:>10.1}  ") } else { String::new() };
        let room = width().saturating_sub(longest + 2 * digits + 16).min(50);
        printer.line(format!(
            "{label}{:padding$} {:>digits$} {:>digits$} {rate}{}",
            "",
            count(row),
            row[2].to_string(),
            bar(count(row), most, room)
        ))?;
    }
    Ok(())
}

/// The first dimension goes down, the second across, as far as the terminal is wide; what does not fit is told.
fn show_crossed(
    counted: &Counted,
    unit: Unit,
    is_timeline: bool,
    printer: &mut Printer,
) -> std::io::Result<()> {
    let mut down: Vec<(&String, usize)> =
        counted.rows.iter().map(|(row, count)| (row, count.of(unit))).collect();
    if !is_timeline {
        down.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    }
    let more_rows = down.len().saturating_sub(SHOWN_ROWS);
    down.truncate(SHOWN_ROWS);
    let mut across: BTreeMap<&String, usize> = BTreeMap::new();
    for (key, count) in &counted.cells {
        *across.entry(&key[1]).or_default() += count.of(unit);
    }
    let label = down.iter().map(|(row, _)| columns(row)).max().unwrap_or(0).clamp(unit.name().len(), 40);
    let cell = across.keys().map(|value| columns(value)).max().unwrap_or(0).clamp(4, 16) + 1;
    let fitting = (width().saturating_sub(label + ALL.len() + 4) / cell).max(1);
    let mut chosen: Vec<(&String, usize)> = across.iter().map(|(value, count)| (*value, *count)).collect();
    chosen.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    chosen.truncate(fitting);
    chosen.sort();
    let right = |text: &str, room: usize| format!("{}{text}", " ".repeat(room.saturating_sub(columns(text))));
    let mut heading = format!("{:label$}{}", unit.name(), right(ALL, ALL.len() + 4));
    for (value, _) in &chosen {
        let value: String = one_line(value).chars().take(cell - 1).collect();
        heading.push_str(&right(&value, cell));
    }
    printer.line(format!("{BOLD}{heading}{BOLD:#}"))?;
    for (row, all) in down {
        let mut line = cut(&one_line(row), label);
        line.push_str(&" ".repeat(label.saturating_sub(columns(&line))));
        line.push_str(&right(&all.to_string(), ALL.len() + 4));
        for (value, _) in &chosen {
            let count = counted.cells.get(&vec![row.clone(), (*value).clone()]);
            let count = count.map_or_else(|| "·".to_owned(), |count| count.of(unit).to_string());
            line.push_str(&right(&count, cell));
        }
        printer.line(line)?;
    }
    let more_columns = across.len() - chosen.len();
    if more_columns + more_rows > 0 {
        printer.note(format!(
            "the most frequent are shown: {more_columns} more columns and {more_rows} more rows with --format csv"
        ));
    }
    Ok(())
}
