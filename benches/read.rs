//! How fast files are read into articles, one row per path: no extraction, no index, one thread.
//!
//! `DATELINE_BENCH_READ=PATH:PATH cargo bench --bench read`; bytes are those on disk, the best of three runs counts. Time is
//! that of the processor where the system tells it, so that others at work on the machine cost nothing.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a benchmark prints and may fail")]

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use dateline::input::{Found, Read, ReadOptions, SourceFile, WalkOptions, read_file, walk};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RUNS: usize = 3;

/// Processor time of this thread, or else the time that passes.
struct Clock {
    began: Instant,
    used: Option<Duration>,
}

impl Clock {
    fn start() -> Clock {
        Clock { began: Instant::now(), used: used() }
    }

    fn elapsed(&self) -> Duration {
        used().zip(self.used).map_or_else(|| self.began.elapsed(), |(now, before)| now.saturating_sub(before))
    }
}

/// Nanoseconds that this thread has had a processor, as Linux counts them.
fn used() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn main() {
    let paths = std::env::var("DATELINE_BENCH_READ").unwrap_or_else(|_| "sample-corpus".to_owned());
    for path in paths.split(':') {
        let files: Vec<SourceFile> = walk(&[PathBuf::from(path)], &WalkOptions::default())
            .filter_map(|found| match found {
                Found::File(file) => Some(file),
                Found::Problem(_) => None,
            })
            .collect();
        let bytes: u64 = files.iter().map(|file| file.bytes).sum();
        let (mut best, mut articles, mut formats) = (Duration::MAX, 0, BTreeSet::new());
        for _ in 0..RUNS {
            let start = Clock::start();
            articles = 0;
            for file in &files {
                read_file(file, &ReadOptions::default(), &mut |read| {
                    if let Read::Article(article) = read {
                        articles += 1;
                        formats.insert(article.format);
                    }
                    ControlFlow::Continue(())
                });
            }
            best = best.min(start.elapsed());
        }
        let formats: Vec<&str> = formats.into_iter().collect();
        println!(
            "{path}: {articles} articles ({}), {:.1} MB, {:.2} s, {:.1} MB/s",
            formats.join(", "),
            bytes as f64 / 1e6,
            best.as_secs_f64(),
            bytes as f64 / 1e6 / best.as_secs_f64()
        );
    }
}
