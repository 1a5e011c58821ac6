//! Annotates again what the index holds, after the program has learned: from the stored articles, without their files.
//!
//! Takes the articles whose row in the ledger names another annotator. Each batch is committed like any other, so that a
//! run that was cut off goes on where it was.

use std::time::{Duration, Instant};

use crate::engine::Engine;
use crate::engine::local::{LocalIndex, Writer};
use crate::error::Result;
use crate::extract::ANNOTATOR;
use crate::ledger::Ledger;
use crate::pipeline::IngestOptions;
use crate::pipeline::crew::{Crew, Done};
use crate::pipeline::foreman::Watch;
use crate::pipeline::report::{Progress, Report};

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Annotates batch by batch, and gives the account of it.
pub(super) fn reannotate(
    (index, mut writer): (&LocalIndex, Writer),
    ledger: &Ledger,
    mut crew: Crew,
    options: &IngestOptions,
    watch: &mut Watch<'_>,
) -> Result<Report> {
    let started = Instant::now();
    let stale = ledger.annotated_otherwise(ANNOTATOR)?;
    let mut report = Report::default();
    let mut last_told = Instant::now();
    let mut progress = Progress { files_planned: stale.len() as u64, ..Progress::default() };
    let limit = options.limit.map_or(stale.len(), |limit| stale.len().min(limit as usize));
    for batch in stale[..limit].chunks(options.commit_articles.max(1)) {
        let change = ledger.change()?;
        let mut put = |done: Done, report: &mut Report| -> Result<()> {
            let annotator = if done.trouble.is_some() { 0 } else { ANNOTATOR };
            report.bare += u64::from(done.trouble.is_some());
            report.reannotated += 1;
            change.set_annotator(&done.id, annotator, done.trouble.as_deref())?;
            writer.put(done.record?)
        };
        for id in batch {
            let Some(annotated) = index.get(id)? else { continue };
            report.text_bytes += (annotated.article.title().len() + annotated.article.text.len()) as u64;
            crew.hand(annotated.article);
            while let Some(done) = crew.finished() {
                put(done, &mut report)?;
            }
            progress.files_done += 1;
            (progress.articles, progress.text_bytes) = (report.reannotated, report.text_bytes);
            if last_told.elapsed() >= TELL_EVERY {
                last_told = Instant::now();
                report.stopped = watch(&progress).is_break();
            }
            if report.stopped {
                break;
            }
        }
        while let Some(done) = crew.wait() {
            put(done, &mut report)?;
        }
        let generation = ledger.generation()? + 1;
        report.elapsed = started.elapsed();
        writer.commit(&generation.to_string())?;
        change.commit(generation)?;
        if report.stopped {
            break;
        }
    }
    if !report.is_idle() {
        let change = ledger.change()?;
        change.add_run(&report.as_run(options.now))?;
        change.commit(ledger.generation()?)?;
    }
    writer.close()?;
    Ok(report)
}
