//! `dateline ingest --watch`: stays, and ingests whenever files change.
//!
//! The system tells of changes; a burst of them is waited out and taken at once. Every round is an ingest like any
//! other, so that nothing depends on having been told of everything.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::Context as _;
use dateline::ledger::Ledger;
use dateline::pipeline::{self, IngestOptions};
use notify_debouncer_full::notify::{EventKind, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, new_debouncer};

use crate::commands::ingest::{STOP, ingest, sum_up};
use crate::output::{Exit, Printer};

/// How long a file must be left alone before it is read: writers may not be through.
const QUIET: Duration = Duration::from_secs(1);
/// How often Ctrl-C is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Where the system drops events without saying so, a round now and then finds what was missed.
const ROUND_EVERY: Duration = Duration::from_mins(10);

/// Ingests after every burst of changes under `roots` until the user asks to stop.
pub(super) fn watch(
    folder: &Path,
    roots: &[PathBuf],
    options: &IngestOptions,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    let roots = if roots.is_empty() {
        pipeline::known_roots(folder, &Ledger::read(folder)?)?
    } else {
        roots.to_vec()
    };
    let (told, changes) = mpsc::channel();
    let own = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let mut watcher = new_debouncer(QUIET, None, move |result: DebounceEventResult| {
        if is_news(&result, &own) {
            // Nobody listens any more only when the program ends.
            let _ = told.send(());
        }
    })
    .context("watching folders")?;
    for root in &roots {
        watcher
            .watch(root, RecursiveMode::Recursive)
            .with_context(|| format!("watching {}", root.display()))?;
    }
    printer.note("Watching for changes; Ctrl-C ends.");
    let mut waited = Duration::ZERO;
    while !STOP.load(Ordering::SeqCst) {
        match changes.recv_timeout(LOOK_EVERY) {
            Err(RecvTimeoutError::Timeout) if waited < ROUND_EVERY => {
                waited += LOOK_EVERY;
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => break,
            _ => {}
        }
        waited = Duration::ZERO;
        while changes.try_recv().is_ok() {}
        match ingest(folder, &roots, options, printer) {
            Ok(report) if report.is_idle() => {}
            Ok(report) => sum_up(&report, printer),
            // A root that vanishes, or another writer: said, and tried again with the next change.
            Err(error) => printer.warning(format!("{error:#}")),
        }
    }
    Ok(Exit::Interrupted)
}

/// Whether anything but the index itself changed. What went wrong in watching is a reason to look.
fn is_news(result: &DebounceEventResult, own: &Path) -> bool {
    let Ok(events) = result else { return true };
    let is_change = |kind: &EventKind| !matches!(kind, EventKind::Access(_));
    events.iter().any(|event| is_change(&event.kind) && event.paths.iter().any(|path| !path.starts_with(own)))
}
