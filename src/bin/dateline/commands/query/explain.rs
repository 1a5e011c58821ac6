//! `query --explain`: the query as it was understood, and how many articles each part of it matches alone.

use anstyle::Style;
use dateline::engine::Engine;
use dateline::export::column::Cell;
use dateline::export::list::table_format;
use dateline::export::table::Table;
use dateline::query::Query;
use dateline::query::explain::clauses;

use crate::commands::query::Asked;
use crate::commands::query::list::write_out;
use crate::commands::query::table::one_line;
use crate::output::{Exit, Printer};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// So many words or values are told of each part.
const MAX_FORMS: usize = 8;

/// More parts than this are told without counts.
const MAX_COUNTED: usize = 1000;

/// Tells every clause.
pub(super) fn run(asked: &Asked<'_>, printer: &mut Printer) -> anyhow::Result<Exit> {
    let whole = asked.request.whole();
    let mut total = 0;
    let mut table = Table {
        columns: ["depth", "clause", "meaning", "articles", "stands_for"].map(str::to_owned).to_vec(),
        rows: Vec::new(),
    };
    for (number, clause) in clauses(&whole).iter().enumerate() {
        let count = if number < MAX_COUNTED { Some(asked.index.count(clause.query)?) } else { None };
        if number == 0 {
            total = count.unwrap_or(0);
        }
        table.rows.push(vec![
            Cell::count(clause.depth),
            Cell::Text(clause.query.to_string()),
            Cell::Text(clause.meaning.clone()),
            count.map_or(Cell::Empty, Cell::count),
            if count.is_some() { stands_for(asked, clause.query)? } else { Cell::Empty },
        ]);
    }
    match asked.format {
        Some(format) => {
            let write = table_format(format)?;
            write_out(asked, printer, &mut |out| write(out, &table))?;
        }
        None => show(&table, printer)?,
    }
    Ok(if total == 0 { Exit::Nothing } else { Exit::Found })
}

/// The most frequent words or values that a leaf stands for, each with its articles.
fn stands_for(asked: &Asked<'_>, leaf: &Query) -> dateline::Result<Cell> {
    let forms = asked.index.forms(leaf)?;
    let mut told: Vec<String> =
        forms.iter().take(MAX_FORMS).map(|form| format!("{} ({})", form.value, form.count)).collect();
    if forms.len() > MAX_FORMS {
        told.push(format!("and {} more", forms.len() - MAX_FORMS));
    }
    Ok(if told.is_empty() { Cell::Empty } else { Cell::List(told) })
}

fn show(table: &Table, printer: &mut Printer) -> std::io::Result<()> {
    let longest = table.rows.iter().map(|row| row[3].to_string().len()).max().unwrap_or(0);
    let digits = longest.max("articles".len());
    printer.line(format!("{DIM}{:>digits$}{DIM:#}", "articles"))?;
    for row in &table.rows {
        let [Cell::Number(depth), clause, meaning, count, forms] = row.as_slice() else { continue };
        let indent = *depth as usize * 2;
        let style = if count == &Cell::Number(0.0) { BOLD } else { Style::new() };
        let count = count.to_string();
        printer.line(format!(
            "{style}{count:>digits$}{style:#}  {:indent$}{style}{clause}{style:#}  {DIM}{meaning}{DIM:#}",
            ""
        ))?;
        if let Cell::List(forms) = forms {
            let deeper = digits + 4 + indent;
            printer.line(format!("{:deeper$}{DIM}= {}{DIM:#}", "", one_line(&forms.join(", "))))?;
        }
    }
    Ok(())
}
