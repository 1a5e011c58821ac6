//! The closing words of a run: what it did, what failed and why, and what the archive now tells of most.

use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::field::find_facet;
use dateline::pipeline::Report;
use dateline::query::Query;
use dateline::query::request::{FacetRequest, Request};
use indicatif::HumanBytes;

use crate::output::Printer;

/// The facets whose most frequent values a run ends with, and how many of each.
const SHOWN_AT_THE_END: [(&str, usize); 5] =
    [("person", 5), ("organisation", 5), ("place", 6), ("event", 6), ("published", 6)];

/// Who, where and when the archive tells of most, and what to ask it next.
pub(super) fn show_what_is_in_it(index: &LocalIndex, printer: &mut Printer) -> anyhow::Result<()> {
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

/// How many reasons for skipping are told at the end, the most frequent first.
const REASONS_SHOWN: usize = 5;

/// The closing words: counts, what failed and why, and what to do next.
pub(super) fn sum_up(report: &Report, printer: &mut Printer) {
    if report.is_idle() && !report.stopped {
        // A file with another time and the same content was read, and is not new.
        let files = report.unchanged_files + report.read_files;
        printer.note(format!("Nothing to do: {files} files, none new, changed or gone."));
        return;
    }
    let seconds = report.elapsed.as_secs_f64().max(0.001);
    let done = match report.reannotated {
        0 => format!("Indexed {} articles", report.indexed),
        again => format!("Annotated {again} articles again"),
    };
    let source =
        if report.reannotated > 0 { String::new() } else { format!(" from {} files", report.read_files) };
    let mut lines = vec![format!(
        "{done} ({} of text){source} in {seconds:.1} s: {:.0} articles/s, {:.1} MB/s.",
        HumanBytes(report.text_bytes),
        (report.indexed + report.reannotated) as f64 / seconds,
        report.text_bytes as f64 / 1e6 / seconds
    )];
    let others = [
        (report.unchanged, "unchanged"),
        (report.duplicate, "duplicate"),
        (report.skipped, "skipped"),
        (report.failed, "failed"),
        (report.bare, "without annotations"),
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
    let mut reasons: Vec<(&String, &u64)> = report.skip_reasons.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (reason, count) in reasons.iter().take(REASONS_SHOWN) {
        printer.note(format!("skipped {count}: {reason}"));
    }
    if reasons.len() > REASONS_SHOWN {
        let more = reasons.len() - REASONS_SHOWN;
        printer
            .note(format!("Skipped for {more} other reasons too: dateline status --skipped lists them all."));
    }
    if report.stopped {
        printer.note("Stopped early; what was done is kept. Run the same command again to go on.");
    }
}
