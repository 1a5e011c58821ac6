//! Ingest throughput against bare Tantivy over the same texts in the same run.
//!
//! `DATELINE_BENCH_CORPUS=PATH cargo bench --bench ingest`

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a benchmark prints and may fail")]

mod common;

use std::time::{Duration, Instant};

use common::Bare;
use dateline::article::Article;
use dateline::engine::local::{LocalIndex, Record};
use dateline::extract::Extractor;
use dateline::pipeline::annotate;
use rayon::prelude::*;

const THREADS: usize = 2;
/// How many articles are annotated at a time.
const BATCH: usize = 2_000;

fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(THREADS).build_global().unwrap();
    let (path, articles) = common::corpus();
    let bytes: usize = articles.iter().map(|article| article.text.len() + article.title().len()).sum();
    println!(
        "{}: {} articles, {:.1} MB of text, {THREADS} threads",
        path.display(),
        articles.len(),
        bytes as f64 / 1e6
    );
    let bare = bare(&articles);
    row("bare Tantivy", bytes, bare, bare);
    let extractor = Extractor::embedded().unwrap();
    let (indexing, size) = dateline(&articles, None);
    row("dateline, index alone", bytes, indexing, bare);
    println!("  index without annotations: {:.2} x text", size as f64 / bytes as f64);
    let start = Instant::now();
    articles.par_iter().for_each(|article| {
        std::hint::black_box(annotate(&extractor, article.clone()));
    });
    row("annotation alone", bytes, start.elapsed(), bare);
    let (whole, size) = dateline(&articles, Some(&extractor));
    row("dateline, annotated", bytes, whole, bare);
    println!("  index with annotations: {:.2} x text", size as f64 / bytes as f64);
}

fn row(what: &str, bytes: usize, time: Duration, bare: Duration) {
    println!(
        "{what:<24} {:7.2} s  {:7.1} MB/s  {:5.2} x bare",
        time.as_secs_f64(),
        bytes as f64 / 1e6 / time.as_secs_f64(),
        time.as_secs_f64() / bare.as_secs_f64()
    );
}

fn bare(articles: &[Article]) -> Duration {
    let dir = tempfile::tempdir().unwrap();
    let bare = Bare::create(dir.path()).unwrap();
    let start = Instant::now();
    bare.fill(articles.iter().cloned(), THREADS).unwrap();
    start.elapsed()
}

/// Annotates, if there is an extractor, and indexes; time and size.
fn dateline(articles: &[Article], extractor: Option<&Extractor>) -> (Duration, u64) {
    let dir = tempfile::tempdir().unwrap();
    let index = LocalIndex::create(dir.path()).unwrap();
    let start = Instant::now();
    let mut writer = index.writer(THREADS, 160 << 20).unwrap();
    for batch in articles.chunks(BATCH) {
        let records: Vec<Record> = batch
            .par_iter()
            .map(|article| Record::new(&common::annotated(article.clone(), extractor)).unwrap())
            .collect();
        for record in records {
            writer.put(record).unwrap();
        }
    }
    writer.commit("").unwrap();
    writer.close().unwrap();
    (start.elapsed(), index.bytes().unwrap())
}
