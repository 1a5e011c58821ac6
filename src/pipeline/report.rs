//! What an ingest run did, and how far it is while it runs.

use std::time::Duration;

use jiff::Timestamp;
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

use crate::ledger::{Run, State, Totals};

/// How far a run is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress {
    /// Files to read in all.
    pub files_planned: u64,
    /// Files read.
    pub files_done: u64,
    /// Bytes to read in all, as they lie on disk.
    pub bytes_planned: u64,
    /// Bytes read of them.
    pub bytes_done: u64,
    /// Records seen.
    pub records: u64,
    /// Articles handed to the index.
    pub articles: u64,
    /// Bytes of their titles and texts.
    pub text_bytes: u64,
}

/// A record that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The file, as the user would name it.
    pub path: String,
    /// Its number in the file, from 1; 0 for the file as a whole.
    pub record: u64,
    /// Where it went wrong.
    pub stage: String,
    /// Why.
    pub reason: String,
}

/// What a run did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Files that had not changed and were not read.
    pub unchanged_files: u64,
    /// Files read.
    pub read_files: u64,
    /// Files that are gone, and whose articles left the index.
    pub gone_files: u64,
    /// Records read that were indexed already, unchanged.
    pub unchanged: u64,
    /// Records read and indexed.
    pub indexed: u64,
    /// Records that are the same as an indexed one.
    pub duplicate: u64,
    /// Records with nothing to index.
    pub skipped: u64,
    /// Records that could not be read.
    pub failed: u64,
    /// Records indexed without annotations, because annotating them failed or took too long.
    pub bare: u64,
    /// Articles annotated again from the index.
    pub reannotated: u64,
    /// Articles that left the index.
    pub removed: u64,
    /// The first failures, at most [`Report::FAILURES_KEPT`].
    pub failures: Vec<Failure>,
    /// How often each reason for skipping was given.
    pub skip_reasons: std::collections::BTreeMap<String, u64>,
    /// Bytes of title and text that were annotated.
    pub text_bytes: u64,
    /// The run was asked to stop before it was through.
    pub stopped: bool,
    /// The whole ledger after the run.
    pub totals: Totals,
    /// How long it took.
    pub elapsed: Duration,
    /// Hashes of the identifiers of articles with a version that this run indexed.
    versioned: FxHashSet<u64>,
}

impl Report {
    /// How many failures a report keeps; the ledger has them all.
    pub const FAILURES_KEPT: usize = 20;

    /// Whether the run changed nothing.
    pub fn is_idle(&self) -> bool {
        let records = self.indexed + self.duplicate + self.skipped + self.failed;
        records + self.removed + self.gone_files + self.reannotated == 0
    }

    /// The line of the ledger on this run, which began at `started`.
    pub(crate) fn as_run(&self, started: Option<Timestamp>) -> Run {
        Run {
            started: started.map(|started| started.to_string()).unwrap_or_default(),
            seconds: self.elapsed.as_secs_f64(),
            files: self.read_files,
            indexed: self.indexed + self.reannotated,
            failed: self.failed,
            text_bytes: self.text_bytes,
            stopped: self.stopped,
        }
    }

    /// Takes the account `counted` again, and to it what files that were read again have changed in the ledger.
    pub(crate) fn recount(&mut self, counted: Report, (before, after): (Totals, Totals)) {
        let net = |count: u64, before: u64, after: u64| (count + after).saturating_sub(before);
        let Report { removed, bare, text_bytes, stopped, .. } = *self;
        *self = Report {
            indexed: net(counted.indexed, before.indexed, after.indexed),
            duplicate: net(counted.duplicate, before.duplicate, after.duplicate),
            skipped: net(counted.skipped, before.skipped, after.skipped),
            failed: net(counted.failed, before.failed, after.failed),
            removed,
            bare,
            text_bytes,
            stopped,
            ..counted
        };
    }

    /// Counts an article that a later version may supersede.
    pub(crate) fn count_version(&mut self, id: &str) {
        self.versioned.insert(xxh3_64(id.as_bytes()));
    }

    /// Takes off the account that an article was indexed, if it was in this run, which is now superseded.
    pub(crate) fn count_superseded(&mut self, id: &str) {
        if self.versioned.contains(&xxh3_64(id.as_bytes())) {
            self.indexed = self.indexed.saturating_sub(1);
            self.duplicate += 1;
        }
    }

    /// Counts what became of a record.
    pub(crate) fn count(&mut self, state: State) {
        match state {
            State::Indexed => self.indexed += 1,
            State::Duplicate => self.duplicate += 1,
            State::Skipped => self.skipped += 1,
            State::Failed => self.failed += 1,
        }
    }
}
