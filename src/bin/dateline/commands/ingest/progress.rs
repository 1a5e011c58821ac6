//! How far a run is: a bar on a terminal, else a line every few seconds.

use std::time::{Duration, Instant};

use dateline::pipeline::Progress;
use indicatif::{ProgressBar, ProgressStyle};

use crate::output::Printer;

/// How often a plain progress line is written.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows progress while a run goes on.
pub(super) struct Display<'p> {
    printer: &'p mut Printer,
    bar: Option<ProgressBar>,
    started: Instant,
    last_line: Instant,
}

impl<'p> Display<'p> {
    pub(super) fn new(printer: &'p mut Printer) -> Display<'p> {
        Display { printer, bar: None, started: Instant::now(), last_line: Instant::now() }
    }

    pub(super) fn show(&mut self, progress: &Progress) {
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
            let share = progress.bytes_done * 100 / progress.bytes_planned.max(1);
            let files = format!("{} of {} files", progress.files_done, progress.files_planned);
            self.printer.note(format!("{share} %, {files}, {rate}"));
        }
    }

    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn new_bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} · {msg} · {eta} left");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
