//! The product in two functions: [`annotate`] an article, [`ingest`] a folder.
//!
//! `repair` mends what a crash may have left; `plan` finds what is new, changed and gone; `foreman` reads it and `books`
//! decides record by record what becomes of it and keeps the ledger; the `crew` annotates in parallel behind a bounded
//! queue; `reannotate` does that again from the index alone; `report` says what happened. Never prints.
//!
//! ```text
//! walk ─▶ plan ─▶ read (in order) ─▶ books: new, same, duplicate? ─▶ queue ─▶ annotate ─▶ index
//!                                          └────────────▶ ledger ◀── committed after ────────┘
//! ```

mod annotator;
mod books;
mod correct;
mod crew;
mod foreman;
mod pins;
mod plan;
mod reannotate;
mod repair;
mod report;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;

use crate::article::{Annotated, Article, Entity, Mention, Timex};
use crate::calendar::{Precision, Published};
use crate::engine::local::LocalIndex;
use crate::error::Result;
use crate::extract::{Context, Extractor};
use crate::input::ReadOptions;
use crate::input::piped::Piped;
use crate::input::published::{dateline, visible};
use crate::ledger::{Ledger, Retry};
use crate::pipeline::annotator::Annotator;
use crate::pipeline::crew::Crew;
use crate::pipeline::foreman::{Foreman, Site};
use crate::text::detect;

pub use crate::pipeline::books::fingerprint;
pub use crate::pipeline::correct::correct;
pub use crate::pipeline::foreman::Watch;
pub use crate::pipeline::pins::correct_places;
pub use crate::pipeline::plan::{Job, Plan, each_file, known_roots, plan, refuse_index};
pub use crate::pipeline::report::{Failure, Progress, Report};

/// Finds language, people, organisations, places and dates of an article.
pub fn annotate(extractor: &Extractor, article: Article) -> Annotated {
    let language = detect::language(article.language, article.title(), &article.text);
    let published = article.published.clone();
    let context = Context { article: &article, language, published: published.as_ref() };
    let mut annotations = extractor.annotate(&context);
    mark_publication(&article, published.as_ref(), &mut annotations.mentions);
    Annotated { article, language, published, annotations }
}

/// Days between the day of a dateline and the day of the paper, at most.
const DAYS_TO_PRINT: i32 = 7;

/// Marks the dates among `mentions` that tell when the article was filed or published: those of its dateline and of lines
/// that state nothing else.
fn mark_publication(article: &Article, published: Option<&Published>, mentions: &mut [Mention]) {
    let stated = visible::statements(&article.text, published);
    let dateline = dateline::read(&article.text, article.language).and_then(|dateline| dateline.when);
    for mention in mentions {
        let Entity::Date(timex) = &mut mention.entity else { continue };
        let in_dateline = || dateline.is_some_and(|when| when.overlaps(&mention.span));
        let is_stated = stated.iter().any(|line| line.overlaps(&mention.span));
        if is_stated || (in_dateline() && is_near(timex, published)) {
            Arc::make_mut(timex).publication = true;
        }
    }
}

/// Whether a date of a dateline is as near to the day of the paper as such dates are.
fn is_near(timex: &Timex, published: Option<&Published>) -> bool {
    let (Some(day), Some(published)) = (timex.from, published) else { return true };
    published.precision < Precision::Day || (published.date - day).get_days().abs() <= DAYS_TO_PRINT
}

/// The extractor as the index in `folder` uses it: it knows the homes of publishers that were learned there or that
/// `homes` gives.
///
/// # Errors
/// When `homes` names a place that the gazetteer does not know.
pub fn extractor(folder: &Path, homes: &BTreeMap<String, String>) -> Result<Extractor> {
    Ok(Annotator::open(folder, homes)?.into_extractor())
}

/// How to ingest.
#[derive(Debug, Clone)]
pub struct IngestOptions {
    /// How to read files.
    pub read: ReadOptions,
    /// File names and paths to leave out, as globs.
    pub exclude: Vec<String>,
    /// Only files of these names and paths are looked at, as globs; all if there are none.
    pub include: Vec<String>,
    /// Only files that were changed since are looked at.
    pub since: Option<SystemTime>,
    /// Only files that look changed are read, and those that this asks for; no new ones.
    pub retry: Option<Retry>,
    /// Keep the articles of files that are gone.
    pub keep_deleted: bool,
    /// Stop after so many articles.
    pub limit: Option<u64>,
    /// Let go of the articles of roots that are gone or have lost more than half of their files.
    pub prune: bool,
    /// Threads that annotate, and threads that index.
    pub threads: usize,
    /// Memory for the index writer, in bytes.
    pub writer_bytes: usize,
    /// Articles between two commits.
    pub commit_articles: usize,
    /// Time between two commits.
    pub commit_interval: Duration,
    /// Time that annotating one article may take; then it is indexed without annotations.
    pub article_timeout: Duration,
    /// When the run begins, for the ledger.
    pub now: Option<Timestamp>,
    /// What came through standard input, to be ingested like a file.
    pub piped: Option<Piped>,
    /// Where publishers are at home, as the user's settings say: a place for each.
    pub homes: BTreeMap<String, String>,
}

impl Default for IngestOptions {
    fn default() -> IngestOptions {
        IngestOptions {
            read: ReadOptions::default(),
            exclude: Vec::new(),
            include: Vec::new(),
            since: None,
            retry: None,
            keep_deleted: false,
            limit: None,
            prune: false,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            writer_bytes: 160 << 20,
            commit_articles: 20_000,
            commit_interval: Duration::from_secs(30),
            article_timeout: Duration::from_mins(1),
            now: None,
            piped: None,
            homes: BTreeMap::new(),
        }
    }
}

/// Brings the index in `folder` up to date with the files under `roots`, or under all roots that were ever ingested if
/// none is named and nothing was piped.
///
/// Only what is new, changed or gone since the last run is touched. `watch` is told of progress a few times a second
/// and may ask to stop; what was done until then is committed.
///
/// # Errors
/// When the index cannot be written or is being written by somebody else, and when a root is gone or has shrunk by half
/// and `prune` is off. A file that cannot be read is no error: it is a row of the ledger.
pub fn ingest(
    folder: &Path,
    roots: &[PathBuf],
    options: &IngestOptions,
    watch: &mut Watch<'_>,
) -> Result<Report> {
    let started = Instant::now();
    let index = LocalIndex::create(folder)?;
    let mut writer = index.writer(options.threads, options.writer_bytes)?;
    let ledger = Ledger::open(folder)?;
    repair::repair(&index, &mut writer, &ledger)?;
    let plan = plan(folder, roots, &ledger, options)?;
    let annotator = Arc::new(Annotator::open(folder, &options.homes)?);
    let crew = Crew::hire(Arc::clone(&annotator), options.threads, options.article_timeout);
    let site = Site { folder, options, ledger: &ledger, annotator: &annotator };
    let mut report = Foreman::new(&site, &plan, (writer, crew), watch)?.run(started)?;
    annotator.save()?;
    index.group_stories()?;
    report.totals = ledger.totals()?;
    report.elapsed = started.elapsed();
    Ok(report)
}

/// Annotates the articles of the index in `folder` again that were annotated by something else than this program, from
/// the index itself: no source is read.
///
/// # Errors
/// When there is no index, or it cannot be written or is being written by somebody else.
pub fn reannotate(folder: &Path, options: &IngestOptions, watch: &mut Watch<'_>) -> Result<Report> {
    let started = Instant::now();
    let index = LocalIndex::open(folder)?;
    let mut writer = index.writer(options.threads, options.writer_bytes)?;
    let ledger = Ledger::open(folder)?;
    repair::repair(&index, &mut writer, &ledger)?;
    correct::correct_with(folder, &index, &mut writer)?;
    let annotator = Arc::new(Annotator::open(folder, &options.homes)?);
    let crew = Crew::hire(annotator, options.threads, options.article_timeout);
    let mut report = reannotate::reannotate((&index, writer), &ledger, crew, options, watch)?;
    report.totals = ledger.totals()?;
    report.elapsed = started.elapsed();
    Ok(report)
}
