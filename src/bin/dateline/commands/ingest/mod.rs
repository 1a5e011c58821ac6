//! `dateline ingest`: brings the index up to date with folders of articles.

mod progress;
mod summary;
mod watch;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use anyhow::Context as _;
use clap::Args;
use dateline::config::{self, Config, INDEX_FOLDER};
use dateline::engine::local::LocalIndex;
use dateline::input::piped::Piped;
use dateline::ledger::{Ledger, Retry};
use dateline::pipeline::{self, IngestOptions, Report, Watch};

use crate::args::Global;
use crate::commands::ingest::progress::Display;
use crate::commands::ingest::summary::{show_what_is_in_it, sum_up};
use crate::commands::reading::{ReadingArgs, homes, parse_bytes, parse_format};
use crate::output::{Exit, Printer};

/// Set when the user asks to stop; what was done until then is committed.
static STOP: AtomicBool = AtomicBool::new(false);

/// Memory of an ingest that is not told otherwise, and the least that it can do with.
const MEMORY_BYTES: u64 = 600 << 20;
const LEAST_MEMORY_BYTES: u64 = 100 << 20;

/// Options of `ingest`.
#[derive(Debug, Args)]
pub(crate) struct IngestArgs {
    /// Folders and files to read, - for standard input [default: all that were ever ingested into this index]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    /// What standard input is called: it replaces what came under this name before [default: a name made of its content]
    #[arg(long, value_name = "NAME", conflicts_with_all = ["retry", "reannotate"])]
    name: Option<String>,
    /// Look only at files of this name or path; the others stay as they are
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// Look only at files changed since this day (2021-06-28) or moment (2021-06-28T14:05Z)
    #[arg(long, value_name = "DATE", value_parser = parse_since)]
    since: Option<SystemTime>,
    /// Read again what is on the books: all, failed, changed, stage=STAGE (open, decode, parse, annotate, …) or
    /// format=FORMAT; nothing new is read
    #[arg(long, value_name = "WHAT", value_parser = parse_retry)]
    retry: Option<Retry>,
    /// Annotate again, from the index alone, what another version of dateline annotated
    #[arg(long, conflicts_with_all = ["paths", "retry", "since", "include", "dry_run", "watch"])]
    reannotate: bool,
    /// Stay, and ingest whenever a file changes, until Ctrl-C
    #[arg(long, conflicts_with = "dry_run")]
    watch: bool,
    /// Let go of the articles of folders that are gone or have lost more than half of their files
    #[arg(long, conflicts_with = "keep_deleted")]
    prune: bool,
    /// Keep the articles of files that are gone
    #[arg(long)]
    keep_deleted: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Stop after so many articles; the next run goes on from there
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Threads that annotate and index [default: as many as the machine has]
    #[arg(short = 'j', long, value_name = "N")]
    threads: Option<usize>,
    /// Memory to use, about: 600M, 2G
    #[arg(long, value_name = "SIZE", value_parser = parse_bytes, default_value = "600M")]
    memory: u64,
    /// Seconds that annotating one article may take; then it is indexed without annotations
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// Articles between two commits: what a crash can cost
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    commit_every: usize,
}

/// Ingests, shows progress, and sums up.
pub(crate) fn run(args: &IngestArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    let here = std::env::current_dir().context("the working folder")?;
    let config = Config::upwards_of(&here)?;
    let folder = config::index_folder(global.index.as_deref(), &config, &here);
    let (paths, piped) = take_piped(args)?;
    // The settings beside the articles hold, whether their folder is named or known from before.
    let roots = if paths.is_empty() && piped.is_none() { known_roots(&folder)? } else { paths.clone() };
    let options = IngestOptions { piped, ..options(args, &roots, &config)? };
    if let Some(path) = settings_since_last_run(&folder, &roots, &here)? {
        printer.note(format!(
            "{} has changed since the last run: what was read before is as it was; hint: dateline ingest --retry all",
            path.display()
        ));
    }
    printer.detail(format!("index {}, {} threads", folder.display(), options.threads));
    if args.dry_run {
        return dry_run(&folder, &paths, &options, printer);
    }
    if args.reannotate {
        let report = watched(printer, &mut |watch| pipeline::reannotate(&folder, &options, watch))?;
        sum_up(&report, printer);
        return Ok(exit_of(&report));
    }
    let report = ingest(&folder, &paths, &options, printer)?;
    sum_up(&report, printer);
    if !report.is_idle() {
        show_what_is_in_it(&LocalIndex::open(&folder)?, printer)?;
    }
    if args.watch && !report.stopped {
        return watch::watch(&folder, &paths, &options, printer);
    }
    Ok(exit_of(&report))
}

/// The paths that were named, and what standard input holds if it is one of them.
fn take_piped(args: &IngestArgs) -> anyhow::Result<(Vec<PathBuf>, Option<Piped>)> {
    let (dashes, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        args.paths.iter().cloned().partition(|path| path.as_os_str() == "-");
    let usage = |message: &str| Err(dateline::Error::Usage(message.to_owned()).into());
    if dashes.is_empty() {
        return match args.name {
            Some(_) => usage("--name is for standard input: name the path - too"),
            None => Ok((paths, None)),
        };
    }
    if args.watch {
        return usage("standard input cannot be watched");
    }
    let piped = Piped::take().context("standard input")?;
    Ok((paths, Some(piped.addressed(args.name.as_deref()))))
}

/// What was ingested before; nothing where there is no index.
pub(crate) fn known_roots(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !Ledger::file_in(folder).is_file() {
        return Ok(Vec::new());
    }
    Ok(pipeline::known_roots(folder, &Ledger::read(folder)?).unwrap_or_default())
}

/// The settings file, upwards of `here` or beside the articles, that was changed after the last run.
fn settings_since_last_run(folder: &Path, roots: &[PathBuf], here: &Path) -> anyhow::Result<Option<PathBuf>> {
    if !Ledger::file_in(folder).is_file() {
        return Ok(None);
    }
    let last = Ledger::read(folder)?.runs()?.into_iter().next();
    let began = last.and_then(|run| run.started.parse::<jiff::Timestamp>().ok());
    let Some(began) = began.and_then(|began| SystemTime::try_from(began).ok()) else { return Ok(None) };
    let above = here.ancestors().map(|folder| folder.join(config::SETTINGS)).find(|path| path.is_file());
    let beside = roots.iter().map(|root| root.join(config::SETTINGS));
    let is_newer = |path: &PathBuf| {
        let changed = std::fs::metadata(path).and_then(|found| found.modified());
        changed.is_ok_and(|changed| changed > began)
    };
    Ok(beside.chain(above).find(is_newer))
}

fn options(args: &IngestArgs, paths: &[PathBuf], config: &Config) -> anyhow::Result<IngestOptions> {
    let (read, exclude) = args.reading.options(paths, config)?;
    let defaults = IngestOptions::default();
    let threads = args.threads.or(config.threads).unwrap_or(defaults.threads);
    // What is not for the index writer goes to batches of files, the queue and the ledger.
    let share = args.memory.max(LEAST_MEMORY_BYTES) as f64 / MEMORY_BYTES as f64;
    Ok(IngestOptions {
        read,
        exclude,
        include: args.include.clone(),
        since: args.since,
        retry: args.retry.clone(),
        keep_deleted: args.keep_deleted,
        limit: args.limit,
        prune: args.prune,
        threads: threads.clamp(1, 64),
        writer_bytes: (defaults.writer_bytes as f64 * share) as usize,
        commit_articles: args.commit_every.max(1),
        article_timeout: std::time::Duration::from_secs(args.timeout),
        homes: homes(paths, config)?,
        ..defaults
    })
}

/// Reads the value of `--since`: a moment, or a day, which begins at midnight here.
fn parse_since(text: &str) -> Result<SystemTime, String> {
    let day = || {
        let midnight = text.parse::<jiff::civil::Date>().ok()?.at(0, 0, 0, 0);
        jiff::tz::TimeZone::system().to_timestamp(midnight).ok()
    };
    let moment = text.parse::<jiff::Timestamp>().ok().or_else(day);
    let wrong = || "not a day or moment; write 2021-06-28 or 2021-06-28T14:05Z".to_owned();
    moment.and_then(|moment| SystemTime::try_from(moment).ok()).ok_or_else(wrong)
}

/// Reads the value of `--retry`.
fn parse_retry(text: &str) -> Result<Retry, String> {
    match text.split_once('=') {
        None if text == "all" => Ok(Retry::All),
        None if text == "failed" => Ok(Retry::Failed),
        None if text == "changed" => Ok(Retry::Changed),
        Some(("stage", stage)) if !stage.is_empty() => Ok(Retry::Stage(stage.to_owned())),
        Some(("format", name)) => Ok(Retry::Format(parse_format(name)?.name.to_owned())),
        _ => Err("write all, failed, changed, stage=STAGE or format=FORMAT".to_owned()),
    }
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
    let homes = homes(&roots, &Config::default())?;
    let options = IngestOptions { read, exclude, homes, ..IngestOptions::default() };
    let report = ingest(&folder, &roots, &options, printer)?;
    if !report.is_idle() {
        sum_up(&report, printer);
    }
    Ok(folder)
}

/// The index folder in `root`, or, where `root` cannot be written, one in the user's cache folder.
fn own_index_of(root: &Path) -> anyhow::Result<PathBuf> {
    pipeline::refuse_index(root)?;
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
    let options = IngestOptions { now: Some(jiff::Timestamp::now()), ..options.clone() };
    watched(printer, &mut |watch| pipeline::ingest(folder, roots, &options, watch))
}

/// Does `work` while showing how far it is, until it is done or the user asks to stop.
fn watched(
    printer: &mut Printer,
    work: &mut dyn FnMut(&mut Watch<'_>) -> dateline::Result<Report>,
) -> anyhow::Result<Report> {
    // A second Ctrl-C ends the program at once.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::abort();
        }
    });
    let mut display = Display::new(printer);
    let report = work(&mut |progress| {
        display.show(progress);
        if STOP.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    display.finish();
    Ok(report?)
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
    let ledger = if exists { Ledger::read(folder)? } else { Ledger::open(scratch.path())? };
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
