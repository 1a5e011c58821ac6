//! `query --batch FILE.csv`: one query a row; every row gets a result row, with a count or with the error and its column.

use std::path::Path;

use dateline::Error;
use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::export::column::Cell;
use dateline::export::list::{find_format, table_format};
use dateline::export::table::Table;
use dateline::query::request::{Options, Request};
use jiff::civil::Date;

use crate::commands::query::list::write_file;
use crate::commands::query::{QueryArgs, selections, unit};
use crate::output::{Exit, Printer};

/// How many identifiers of the best articles are listed when `--limit` says nothing.
const LISTED: usize = 3;

/// What became of one row.
struct Answer {
    count: Option<usize>,
    ids: Vec<String>,
    error: String,
    column: Option<usize>,
    warnings: String,
}

/// Asks every row. Selections given as options hold for all rows.
pub(super) fn run(
    args: &QueryArgs,
    file: &Path,
    index: &LocalIndex,
    today: Date,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    let name = match (&args.format, &args.output) {
        (Some(name), _) => name.clone(),
        (None, Some(output)) => output.extension().unwrap_or_default().to_string_lossy().into_owned(),
        (None, None) => "csv".to_owned(),
    };
    let write = table_format(find_format(&name)?)?;
    let bytes = std::fs::read(file).map_err(Error::io(file))?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
    let header = reader
        .byte_headers()
        .map_err(|error| Error::Settings { path: file.to_path_buf(), message: error.to_string() })?
        .clone();
    let mut columns: Vec<String> = header.iter().map(lossy).collect();
    if columns.is_empty() {
        let message = "no heading: the first line names the columns, one of them `query`".to_owned();
        return Err(Error::Settings { path: file.to_path_buf(), message }.into());
    }
    let own = columns.len();
    let asked = columns.iter().position(|column| column.trim().eq_ignore_ascii_case("query")).unwrap_or(0);
    columns.extend(["count", "ids", "error", "error_column", "warnings"].map(str::to_owned));
    let mut table = Table { columns, rows: Vec::new() };
    let mut failed = 0;
    for record in reader.byte_records() {
        let answer = match &record {
            Ok(record) => ask(args, &lossy(record.get(asked).unwrap_or_default()), index, today),
            Err(error) => failure(error.to_string(), None),
        };
        failed += usize::from(!answer.error.is_empty());
        let cell = |at: usize| {
            record.as_ref().map_or(Cell::Empty, |record| Cell::Text(lossy(record.get(at).unwrap_or(b""))))
        };
        let values: Vec<Cell> = (0..own).map(cell).collect();
        table.rows.push(row(values, answer));
    }
    let rows = table.rows.len();
    match &args.output {
        Some(output) => write_file(output, &mut |out| write(out, &table))?,
        None => write(printer.out(), &table)?,
    }
    printer.note(format!("{rows} queries asked, {failed} could not be read"));
    let is_found =
        table.rows.iter().any(|row| matches!(row.get(own), Some(Cell::Number(count)) if *count > 0.0));
    Ok(if is_found { Exit::Found } else { Exit::Nothing })
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_start_matches('\u{FEFF}').to_owned()
}

fn row(mut values: Vec<Cell>, answer: Answer) -> Vec<Cell> {
    let text = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(text) };
    values.push(answer.count.map_or(Cell::Empty, Cell::count));
    values.push(Cell::List(answer.ids));
    values.push(text(answer.error));
    values.push(answer.column.map_or(Cell::Empty, Cell::count));
    values.push(text(answer.warnings));
    values
}

fn failure(error: String, column: Option<usize>) -> Answer {
    Answer { count: None, ids: Vec::new(), error, column, warnings: String::new() }
}

fn ask(args: &QueryArgs, text: &str, index: &LocalIndex, today: Date) -> Answer {
    match try_ask(args, text, index, today) {
        Ok(answer) => answer,
        Err(Error::Query { message, column, hint, .. }) => {
            let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            failure(format!("{message}{hint}"), Some(column))
        }
        Err(error) => failure(error.to_string().replace('\n', "; "), None),
    }
}

fn try_ask(args: &QueryArgs, text: &str, index: &LocalIndex, today: Date) -> dateline::Result<Answer> {
    if text.trim().is_empty() {
        return Err(Error::Usage("the row has no query".to_owned()));
    }
    let limit = args.limit.map_or(Some(LISTED), |limit| limit.0);
    let options = Options {
        text: text.to_owned(),
        selections: selections(args)?,
        from: args.from.clone(),
        to: args.to.clone(),
        sort: args.sort,
        collapse: !args.no_collapse,
        unit: unit(args),
        limit,
        ..Options::default()
    };
    let (request, warnings) = options.build(today)?;
    let response = index.search(&Request { snippets: false, ..request })?;
    let warnings: Vec<String> = warnings.into_iter().map(|warning| warning.message).collect();
    Ok(Answer {
        count: Some(response.total),
        ids: response.hits.into_iter().map(|hit| hit.id).collect(),
        error: String::new(),
        column: None,
        warnings: warnings.join("; "),
    })
}
