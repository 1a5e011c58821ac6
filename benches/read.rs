//! How fast files are read into articles, one row per path: no extraction, no index, one thread.
//!
//! `DATELINE_BENCH_READ=PATH:PATH cargo bench --bench read`; bytes are those on disk, the best of three runs counts.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a benchmark prints and may fail")]

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use dateline::input::{Found, Read, ReadOptions, SourceFile, WalkOptions, read_file, walk};

const RUNS: usize = 3;

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
            let start = Instant::now();
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
