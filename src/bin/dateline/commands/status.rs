//! `dateline status`: what was read and what became of it, from the ledger.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Args, ValueEnum};
use dateline::Error;
use dateline::config::{self, Config};
use dateline::ledger::{Entry, Ledger, State, Totals};
use indicatif::HumanBytes;
use serde_json::json;

use crate::args::Global;
use crate::output::{Exit, Printer};

/// Options of `status`.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// List the records that failed
    #[arg(long)]
    failed: bool,
    /// List the records that were skipped
    #[arg(long)]
    skipped: bool,
    /// List the records that are duplicates
    #[arg(long)]
    duplicate: bool,
    /// How to write it
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    format: StatusFormat,
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StatusFormat {
    Table,
    Json,
    Jsonl,
    Csv,
}

/// Shows totals, or lists records by state.
pub(crate) fn run(args: &StatusArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    let here = std::env::current_dir()?;
    let folder = config::index_folder(global.index.as_deref(), &Config::upwards_of(&here)?, &here);
    if !Ledger::file_in(&folder).is_file() {
        return Err(Error::NoIndex { path: folder }.into());
    }
    let ledger = Ledger::open(&folder)?;
    let wanted: Vec<State> =
        [(args.failed, State::Failed), (args.skipped, State::Skipped), (args.duplicate, State::Duplicate)]
            .into_iter()
            .filter_map(|(is_wanted, state)| is_wanted.then_some(state))
            .collect();
    if wanted.is_empty() {
        totals(&folder, &ledger, args.format, printer)
    } else {
        list(&ledger, &wanted, args.format, printer)
    }
}

fn totals(
    folder: &Path,
    ledger: &Ledger,
    format: StatusFormat,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    let mut totals = Totals::default();
    let mut formats: BTreeMap<String, Totals> = BTreeMap::new();
    let mut reasons: BTreeMap<(State, String, String), u64> = BTreeMap::new();
    ledger.each_row(&mut |Entry { row, .. }| {
        totals.add(&row);
        let format = if row.format.is_empty() { "-".to_owned() } else { row.format.clone() };
        formats.entry(format).or_default().add(&row);
        if matches!(row.state, State::Skipped | State::Failed) {
            *reasons.entry((row.state, row.stage, row.reason)).or_default() += 1;
        }
    })?;
    let index_bytes = folder_bytes(folder);
    if format != StatusFormat::Table {
        let line = json!({
            "found": totals.found, "indexed": totals.indexed, "duplicate": totals.duplicate, "skipped": totals.skipped,
            "failed": totals.failed, "articles": totals.indexed, "index_bytes": index_bytes, "text_bytes": totals.text_bytes,
        });
        printer.line(line.to_string())?;
        return Ok(Exit::Found);
    }
    printer.line(format!("Index {}", folder.display()))?;
    printer.line(format!(
        "{} records found = {} indexed + {} duplicate + {} skipped + {} failed",
        totals.found, totals.indexed, totals.duplicate, totals.skipped, totals.failed
    ))?;
    printer.line(format!(
        "{} of text, {} on disk",
        HumanBytes(totals.text_bytes),
        HumanBytes(index_bytes)
    ))?;
    for (format, totals) in &formats {
        printer.line(format!(
            "  {format:<12} {:>8} found {:>8} indexed {:>6} duplicate {:>6} skipped {:>6} failed",
            totals.found, totals.indexed, totals.duplicate, totals.skipped, totals.failed
        ))?;
    }
    for ((state, stage, reason), count) in &reasons {
        printer.line(format!("  {count} {} in {stage}: {reason}", state.name()))?;
    }
    Ok(Exit::Found)
}

fn list(
    ledger: &Ledger,
    wanted: &[State],
    format: StatusFormat,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    let mut entries = Vec::new();
    ledger.each_row(&mut |entry| {
        if wanted.contains(&entry.row.state) {
            entries.push(entry);
        }
    })?;
    let is_empty = entries.is_empty();
    match format {
        StatusFormat::Csv => write_csv(&entries, printer)?,
        StatusFormat::Table => {
            for Entry { file, record, row } in &entries {
                let record = if *record > 0 { format!(", record {record}") } else { String::new() };
                let why = if row.state == State::Duplicate {
                    format!("same as {}", row.id)
                } else {
                    row.reason.clone()
                };
                printer.line(format!("{} {file}{record}: {why}", row.state.name()))?;
            }
        }
        StatusFormat::Json | StatusFormat::Jsonl => {
            for Entry { file, record, row } in &entries {
                let line = json!({
                    "path": file, "record": record, "state": row.state.name(), "stage": row.stage, "reason": row.reason,
                    "id": row.id,
                });
                printer.line(line.to_string())?;
            }
        }
    }
    Ok(if is_empty { Exit::Nothing } else { Exit::Found })
}

fn write_csv(entries: &[Entry], printer: &mut Printer) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["path", "record", "state", "stage", "reason", "id"])?;
    for Entry { file, record, row } in entries {
        let record = record.to_string();
        writer.write_record([file, &record, row.state.name(), &row.stage, &row.reason, &row.id])?;
    }
    printer.out().write_all(&writer.into_inner()?)?;
    Ok(())
}

fn folder_bytes(folder: &Path) -> u64 {
    let files = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    files
        .filter_map(|entry| entry.metadata().ok())
        .filter(std::fs::Metadata::is_file)
        .map(|file| file.len())
        .sum()
}
