//! The product in two functions: [`annotate`] an article, [`ingest`] a folder.
//!
//! `plan` finds what is new, changed and gone; `books` decides record by record what becomes of it and keeps the
//! ledger; annotating and indexing run in parallel behind a bounded queue; `report` says what happened. Never prints.
//!
//! ```text
//! walk ─▶ plan ─▶ read (in order) ─▶ books: new, same, duplicate? ─▶ queue ─▶ annotate ─▶ index
//!                                          └────────────▶ ledger ◀── committed after ────────┘
//! ```

mod books;
mod crew;
mod plan;
mod report;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::article::{Annotated, Article};
use crate::engine::local::LocalIndex;
use crate::error::Result;
use crate::extract::{Context, Extractor};
use crate::input::ReadOptions;
use crate::ledger::Ledger;
use crate::text::detect;

pub use crate::pipeline::books::fingerprint;
pub use crate::pipeline::plan::{Job, Plan, each_file, plan};
pub use crate::pipeline::report::{Failure, Progress, Report};

/// Finds language, people, organisations, places and dates of an article.
pub fn annotate(extractor: &Extractor, article: Article) -> Annotated {
    let language = detect::language(article.language, article.title(), &article.text);
    let published = article.published.clone();
    let context = Context { article: &article, language, published: published.as_ref() };
    let annotations = extractor.annotate(&context);
    Annotated { article, language, published, annotations }
}

/// How to ingest.
#[derive(Debug, Clone)]
pub struct IngestOptions {
    /// How to read files.
    pub read: ReadOptions,
    /// File names and paths to leave out, as globs.
    pub exclude: Vec<String>,
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
}

impl Default for IngestOptions {
    fn default() -> IngestOptions {
        IngestOptions {
            read: ReadOptions::default(),
            exclude: Vec::new(),
            prune: false,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            writer_bytes: 160 << 20,
            commit_articles: 20_000,
            commit_interval: Duration::from_secs(30),
        }
    }
}

/// Brings the index in `folder` up to date with the files under `roots`.
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
    watch: &mut dyn FnMut(&Progress) -> std::ops::ControlFlow<()>,
) -> Result<Report> {
    let started = Instant::now();
    let index = LocalIndex::create(folder)?;
    let ledger = Ledger::open(folder)?;
    let plan = plan(folder, roots, &ledger, options)?;
    let extractor = Extractor::embedded()?;
    let site =
        crew::Site { folder, plan: &plan, options, ledger: &ledger, index: &index, extractor: &extractor };
    let mut report = crew::work(&site, watch)?;
    report.totals = ledger.totals()?;
    report.elapsed = started.elapsed();
    Ok(report)
}
