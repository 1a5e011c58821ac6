//! `dateline ingest`: brings the index up to date with folders of articles.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use dateline::config::{self, Config, INDEX_FOLDER};
use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::field::find_facet;
use dateline::ledger::Ledger;
use dateline::pipeline::{self, IngestOptions, Progress, Report};
use dateline::query::Query;
use dateline::query::request::{FacetRequest, Request};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::args::Global;
use crate::commands::reading::ReadingArgs;
use crate::output::{Exit, Printer};

/// How often a plain progress line is written.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Set when the user asks to stop; what was done until then is committed.
static STOP: AtomicBool = AtomicBool::new(false);

/// Options of `ingest`.
#[derive(Debug, Args)]
pub(crate) struct IngestArgs {
    /// Folders and files to read
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    /// Let go of the articles of folders that are gone or have lost more than half of their files
    #[arg(long)]
    prune: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Threads that annotate and index [default: as many as the machine has]
    #[arg(short = 'j', long, value_name = "N")]
    threads: Option<usize>,
    /// Articles between two commits: what a crash can cost
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    commit_every: usize,
}

/// Ingests, shows progress, and sums up.
pub(crate) fn run(args: &IngestArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    let here = std::env::current_dir().context("the working folder")?;
    let config = Config::upwards_of(&here)?;
    let folder = config::index_folder(global.index.as_deref(), &config, &here);
    let options = options(args, &config)?;
    printer.detail(format!("index {}, {} threads", folder.display(), options.threads));
    if args.dry_run {
        return dry_run(&folder, &args.paths, &options, printer);
    }
    let report = ingest(&folder, &args.paths, &options, printer)?;
    sum_up(&report, printer);
    if !report.is_idle() {
        show_what_is_in_it(&LocalIndex::open(&folder)?, printer)?;
    }
    Ok(exit_of(&report))
}

fn options(args: &IngestArgs, config: &Config) -> anyhow::Result<IngestOptions> {
    let (read, exclude) = args.reading.options(&args.paths, config)?;
    let defaults = IngestOptions::default();
    let threads = args.threads.or(config.threads).unwrap_or(defaults.threads);
    Ok(IngestOptions {
        read,
        exclude,
        prune: args.prune,
        threads: threads.clamp(1, 64),
        commit_articles: args.commit_every.max(1),
        ..defaults
    })
}

fn exit_of(report: &Report) -> Exit {
    if report.stopped {
        Exit::Interrupted
    } else if report.failed > 0 {
        Exit::SomeFailed
    } else {
        Exit::Found
    }
}

/// Ingests what changed in `root` into its own index and gives the folder of that: the one-command way in.
pub(crate) fn bring_up_to_date(root: &Path, printer: &mut Printer) -> anyhow::Result<PathBuf> {
    let folder = own_index_of(root)?;
    let roots = [root.to_path_buf()];
    let (read, exclude) = ReadingArgs::default().options(&roots, &Config::default())?;
    let options = IngestOptions { read, exclude, ..IngestOptions::default() };
    let report = ingest(&folder, &roots, &options, printer)?;
    if !report.is_idle() {
        sum_up(&report, printer);
    }
    Ok(folder)
}

/// The index folder in `root`, or, where `root` cannot be written, one in the user's cache folder.
fn own_index_of(root: &Path) -> anyhow::Result<PathBuf> {
    let inside = root.join(INDEX_FOLDER);
    if inside.is_dir() || std::fs::create_dir(&inside).is_ok() {
        return Ok(inside);
    }
    if !root.is_dir() {
        return Err(dateline::Error::Usage(format!("{}: no such folder", root.display())).into());
    }
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache
        .or_else(|| Some(std::env::home_dir()?.join(".cache")))
        .context("no home folder for the index")?;
    let whole = std::path::absolute(root)?;
    let name = whole.to_string_lossy().replace(['/', '\\', ':'], "_");
    Ok(cache.join("dateline").join(name))
}

/// Runs the pipeline with a progress bar or lines; used by `query --in` too.
pub(crate) fn ingest(
    folder: &Path,
    roots: &[PathBuf],
    options: &IngestOptions,
    printer: &mut Printer,
) -> anyhow::Result<Report> {
    // A second Ctrl-C ends the program at once.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::abort();
        }
    });
    let mut display = Display::new(printer);
    let report = pipeline::ingest(folder, roots, options, &mut |progress| {
        display.show(progress);
        if STOP.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    display.finish();
    Ok(report?)
}

/// Shows how far a run is: a bar on a terminal, else a line every few seconds.
struct Display<'p> {
    printer: &'p mut Printer,
    bar: Option<ProgressBar>,
    started: Instant,
    last_line: Instant,
}

impl<'p> Display<'p> {
    fn new(printer: &'p mut Printer) -> Display<'p> {
        Display { printer, bar: None, started: Instant::now(), last_line: Instant::now() }
    }

    fn show(&mut self, progress: &Progress) {
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        let rate = format!(
            "{} articles, {:.0}/s, {:.1} MB/s",
            progress.articles,
            progress.articles as f64 / seconds,
            progress.text_bytes as f64 / 1e6 / seconds
        );
        if self.printer.wants_progress_bar() {
            let bar = self.bar.get_or_insert_with(|| new_bar(progress.bytes_planned));
            bar.set_position(progress.bytes_done);
            bar.set_message(format!("{} of {} files, {rate}", progress.files_done, progress.files_planned));
        } else if self.printer.wants_progress_lines() && self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            self.printer.note(format!("{} of {} files, {rate}", progress.files_done, progress.files_planned));
        }
    }

    fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn new_bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} · {msg} · {eta} left");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn dry_run(
    folder: &Path,
    roots: &[PathBuf],
    options: &IngestOptions,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    // Without an index everything is new; a ledger in a folder that goes away with us says just that.
    let scratch = tempfile::tempdir().context("a folder for temporary files")?;
    let exists = Ledger::file_in(folder).is_file();
    let ledger = Ledger::open(if exists { folder } else { scratch.path() })?;
    let plan = pipeline::plan(folder, roots, &ledger, options)?;
    for job in &plan.jobs {
        printer.line(format!("{}\t{}", if job.known { "changed" } else { "new" }, job.file.shown))?;
    }
    for key in &plan.gone {
        printer.line(format!("gone\t{key}"))?;
    }
    for (_, problem) in &plan.problems {
        printer.warning(format!("{}: {}", problem.path, problem.reason));
    }
    let known = plan.jobs.iter().filter(|job| job.known).count();
    printer.note(format!(
        "would read {} new and {known} changed files, let go of {}, and leave {} as they are; nothing was done",
        plan.jobs.len() - known,
        plan.gone.len(),
        plan.unchanged.len()
    ));
    Ok(Exit::Found)
}

/// The facets whose most frequent values a run ends with, and how many of each.
const SHOWN_AT_THE_END: [(&str, usize); 5] =
    [("person", 5), ("organisation", 5), ("place", 6), ("event", 6), ("published", 6)];

/// Who, where and when the archive tells of most, and what to ask it next.
fn show_what_is_in_it(index: &LocalIndex, printer: &mut Printer) -> anyhow::Result<()> {
    let facets = SHOWN_AT_THE_END
        .iter()
        .filter_map(|(name, limit)| Some(FacetRequest { facet: find_facet(name)?, limit: Some(*limit) }));
    let request = Request { facets: facets.collect(), limit: Some(0), ..Request::new(Query::All) };
    let answer = index.search(&request)?;
    for facet in &answer.facets {
        let label = find_facet(facet.name).map_or(facet.name, |facet| facet.label);
        let values: Vec<String> =
            facet.values.iter().map(|value| format!("{} {}", value.label, value.count)).collect();
        if !values.is_empty() {
            printer.note(format!("{label}: {}", values.join(" · ")));
        }
    }
    let first = |name: &str| answer.facets.iter().find(|facet| facet.name == name)?.values.first();
    if let (Some(person), Some(place)) = (first("person"), first("place")) {
        printer.note(format!(
            "Next: dateline query --actor '{}' --facet place, or dateline query --place '{}' --facet event",
            person.label, place.label
        ));
    }
    Ok(())
}

/// The closing words: counts, what failed and why, and what to do next.
fn sum_up(report: &Report, printer: &mut Printer) {
    if report.is_idle() && !report.stopped {
        printer.note(format!("Nothing to do: {} files, none new, changed or gone.", report.unchanged_files));
        return;
    }
    let seconds = report.elapsed.as_secs_f64().max(0.001);
    let mut lines = vec![format!(
        "Indexed {} articles ({} of text) from {} files in {seconds:.1} s: {:.0} articles/s, {:.1} MB/s.",
        report.indexed,
        HumanBytes(report.text_bytes),
        report.read_files,
        report.indexed as f64 / seconds,
        report.text_bytes as f64 / 1e6 / seconds
    )];
    let others = [
        (report.unchanged, "unchanged"),
        (report.duplicate, "duplicate"),
        (report.skipped, "skipped"),
        (report.failed, "failed"),
        (report.removed, "removed"),
        (report.unchanged_files, "files unchanged"),
        (report.gone_files, "files gone"),
    ];
    let others: Vec<String> =
        others.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if !others.is_empty() {
        lines.push(format!("Also: {}.", others.join(", ")));
    }
    let totals = report.totals;
    lines.push(format!(
        "The archive: {} records found = {} indexed + {} duplicate + {} skipped + {} failed.",
        totals.found, totals.indexed, totals.duplicate, totals.skipped, totals.failed
    ));
    for line in lines {
        printer.note(line);
    }
    for failure in &report.failures {
        let record = if failure.record > 0 { format!(", record {}", failure.record) } else { String::new() };
        printer.warning(format!("{}{record}: {} ({})", failure.path, failure.reason, failure.stage));
    }
    if report.failed > report.failures.len() as u64 {
        printer.note("More failed: dateline status --failed lists them all.");
    }
    for (reason, count) in report.skip_reasons.iter().take(5) {
        printer.note(format!("skipped {count}: {reason}"));
    }
    if report.stopped {
        printer.note("Stopped early; what was done is kept. Run the same command again to go on.");
    }
}
