//! `dateline status`: what was read and what became of it, from the ledger.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Args, ValueEnum};
use dateline::Error;
use dateline::config::{self, Config};
use dateline::extract::ANNOTATOR;
use dateline::ledger::{Entry, Ledger, Run, State, Totals};
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
    /// List the runs, the latest first
    #[arg(long)]
    runs: bool,
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
    let ledger = Ledger::read(&folder)?;
    let wanted: Vec<State> =
        [(args.failed, State::Failed), (args.skipped, State::Skipped), (args.duplicate, State::Duplicate)]
            .into_iter()
            .filter_map(|(is_wanted, state)| is_wanted.then_some(state))
            .collect();
    if args.runs {
        list_runs(&ledger, args.format, printer)
    } else if wanted.is_empty() {
        totals(&folder, &ledger, args.format, printer)
    } else {
        list(&ledger, &wanted, args.format, printer)
    }
}

/// What the ledger holds, counted in each way that is shown.
#[derive(Default)]
struct Counts {
    totals: Totals,
    formats: BTreeMap<String, Totals>,
    /// Skipped and failed records, and those indexed without annotations, by state, stage and reason.
    reasons: BTreeMap<(State, String, String), u64>,
}

impl Counts {
    fn of(ledger: &Ledger) -> dateline::Result<Counts> {
        let mut counts = Counts::default();
        ledger.each_row(&mut |Entry { row, .. }| {
            counts.totals.add(&row);
            let format = if row.format.is_empty() { "-".to_owned() } else { row.format.clone() };
            counts.formats.entry(format).or_default().add(&row);
            if !row.reason.is_empty() {
                *counts.reasons.entry((row.state, row.stage, row.reason)).or_default() += 1;
            }
        })?;
        Ok(counts)
    }
}

/// Reasons shown in the table; the lists have them all.
const REASONS_SHOWN: usize = 20;

fn totals(
    folder: &Path,
    ledger: &Ledger,
    format: StatusFormat,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    let counts = Counts::of(ledger)?;
    let index_bytes = folder_bytes(folder);
    match format {
        StatusFormat::Table => show_totals(folder, ledger, &counts, index_bytes, printer)?,
        StatusFormat::Json | StatusFormat::Jsonl => {
            printer.line(totals_as_json(&counts, index_bytes).to_string())?;
        }
        StatusFormat::Csv => {
            let mut table = csv::Writer::from_writer(printer.out());
            table.write_record([
                "format",
                "found",
                "indexed",
                "duplicate",
                "skipped",
                "failed",
                "text_bytes",
            ])?;
            for (format, totals) in &counts.formats {
                let Totals { found, indexed, duplicate, skipped, failed, text_bytes } = totals;
                table.serialize((format, found, indexed, duplicate, skipped, failed, text_bytes))?;
            }
            table.flush()?;
        }
    }
    Ok(Exit::Found)
}

fn totals_as_json(counts: &Counts, index_bytes: u64) -> serde_json::Value {
    let Totals { found, indexed, duplicate, skipped, failed, text_bytes } = counts.totals;
    let reasons = counts.reasons.iter().map(|((state, stage, reason), count)| {
        json!({"state": state.name(), "stage": stage, "reason": reason, "count": count})
    });
    json!({
        "found": found, "indexed": indexed, "duplicate": duplicate, "skipped": skipped, "failed": failed,
        "articles": indexed, "index_bytes": index_bytes, "text_bytes": text_bytes,
        "formats": counts.formats, "reasons": reasons.collect::<Vec<_>>(),
    })
}

fn show_totals(
    folder: &Path,
    ledger: &Ledger,
    counts: &Counts,
    index_bytes: u64,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let totals = counts.totals;
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
    if let Some(run) = ledger.runs()?.first() {
        printer.line(format!("Last run {}", described(run)))?;
    }
    let stale = ledger.annotated_otherwise(ANNOTATOR)?.len();
    if stale > 0 {
        printer.note(format!(
            "{stale} articles were annotated by another version of dateline, or not at all: dateline ingest --reannotate"
        ));
    }
    let width = counts.formats.keys().map(String::len).max().unwrap_or(0).max("format".len());
    printer.line(format!(
        "\n{:<width$} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "format", "found", "indexed", "duplicate", "skipped", "failed"
    ))?;
    for (format, totals) in &counts.formats {
        printer.line(format!(
            "{format:<width$} {:>9} {:>9} {:>9} {:>9} {:>9}",
            totals.found, totals.indexed, totals.duplicate, totals.skipped, totals.failed
        ))?;
    }
    let mut reasons: Vec<_> = counts.reasons.iter().collect();
    reasons.sort_by(|a, b| b.0.0.cmp(&a.0.0).then(b.1.cmp(a.1)));
    if !reasons.is_empty() {
        printer.line("")?;
    }
    for ((state, stage, reason), count) in reasons.iter().take(REASONS_SHOWN) {
        printer.line(format!("{count} {} in {stage}: {reason}", state.name()))?;
    }
    if reasons.len() > REASONS_SHOWN {
        let more = reasons.len() - REASONS_SHOWN;
        printer.note(format!("and {more} more reasons: dateline status --failed --skipped --format csv"));
    }
    Ok(())
}

/// A run in a line.
fn described(run: &Run) -> String {
    let stopped = if run.stopped { ", stopped early" } else { "" };
    format!(
        "{}: {} indexed and {} failed from {} files, {} of text in {:.1} s{stopped}",
        run.started,
        run.indexed,
        run.failed,
        run.files,
        HumanBytes(run.text_bytes),
        run.seconds
    )
}

fn list_runs(ledger: &Ledger, format: StatusFormat, printer: &mut Printer) -> anyhow::Result<Exit> {
    let runs = ledger.runs()?;
    match format {
        StatusFormat::Table => {
            for run in &runs {
                printer.line(described(run))?;
            }
        }
        StatusFormat::Json | StatusFormat::Jsonl => {
            for run in &runs {
                printer.line(serde_json::to_string(run)?)?;
            }
        }
        StatusFormat::Csv => {
            let mut table = csv::Writer::from_writer(printer.out());
            for run in &runs {
                table.serialize(run)?;
            }
            table.flush()?;
        }
    }
    Ok(if runs.is_empty() { Exit::Nothing } else { Exit::Found })
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
                let why = if row.state == State::Duplicate && row.reason.is_empty() {
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
