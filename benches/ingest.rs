//! Ingest throughput against bare Tantivy over the same texts in the same run.
//!
//! `DATELINE_BENCH_CORPUS=PATH cargo bench --bench ingest`

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a benchmark prints and may fail")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use common::Bare;
use dateline::article::Article;
use dateline::engine::local::{LocalIndex, Record};
use dateline::extract::{Extractor, date};
use dateline::language::Language;
use dateline::pipeline::annotate;
use dateline::story::Signature;
use dateline::text::Text;
use rayon::prelude::*;
use tantivy::Index;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    let indexed = dateline(&articles, None);
    row("dateline, index alone", bytes, indexed.time, bare);
    println!("  index without annotations: {:.2} x text", indexed.size as f64 / bytes as f64);
    let start = Instant::now();
    articles.par_iter().for_each(|article| {
        std::hint::black_box(annotate(&extractor, article.clone()));
    });
    row("annotation alone", bytes, start.elapsed(), bare);
    let start = Instant::now();
    for article in &articles {
        std::hint::black_box(annotate(&extractor, article.clone()));
    }
    row("annotation, one thread", bytes, start.elapsed(), bare);
    let start = Instant::now();
    let texts: Vec<Text> = articles.iter().map(|article| Text::new(&article.text)).collect();
    row("words and sentences, one thread", bytes, start.elapsed(), bare);
    let start = Instant::now();
    for (article, text) in articles.iter().zip(&texts) {
        std::hint::black_box(date::tag(&[text], article.published.as_ref(), Language::ENGLISH));
    }
    row("dates alone, one thread", bytes, start.elapsed(), bare);
    drop(texts);
    let whole = dateline(&articles, Some(&extractor));
    row("dateline, annotated", bytes, whole.time, bare);
    println!("  index with annotations: {:.2} x text", whole.size as f64 / bytes as f64);
    parts(whole.dir.path(), bytes);
    let start = Instant::now();
    articles.par_iter().for_each(|article| {
        std::hint::black_box(Signature::of(&article.text));
    });
    let signatures = start.elapsed();
    row("signatures of copies", bytes, signatures, bare);
    row("grouping of copies", bytes, whole.grouping, bare);
    let copies = (signatures + whole.grouping).as_secs_f64();
    let others = whole.time.as_secs_f64() - signatures.as_secs_f64();
    println!("  copies: {:.1} % on top of what all else takes", 100.0 * copies / others);
}

/// What the index in `dir` consists of: every part of at least a thousandth of the text, largest first.
fn parts(dir: &Path, bytes: usize) {
    let searcher = Index::open_in_dir(dir.join("articles")).unwrap().reader().unwrap().searcher();
    let mut parts: BTreeMap<String, u64> = BTreeMap::new();
    for segment in searcher.space_usage().unwrap().segments() {
        *parts.entry("stored articles".to_owned()).or_default() += segment.store().total().get_bytes();
        let by_field = [
            ("words", segment.termdict()),
            ("articles of words", segment.postings()),
            ("positions", segment.positions()),
            ("columns", segment.fast_fields()),
            ("lengths", segment.fieldnorms()),
        ];
        for (what, fields) in by_field {
            for field in fields.fields() {
                *parts.entry(format!("{what}, {}", field.field_name())).or_default() +=
                    field.total().get_bytes();
            }
        }
    }
    let mut parts: Vec<(String, u64)> = parts.into_iter().collect();
    parts.sort_unstable_by_key(|(_, size)| std::cmp::Reverse(*size));
    for (what, size) in parts.iter().filter(|(_, size)| *size as usize >= bytes / 1_000) {
        println!("    {what:<40} {:6.2} MB  {:.3} x text", *size as f64 / 1e6, *size as f64 / bytes as f64);
    }
}

fn row(what: &str, bytes: usize, time: Duration, bare: Duration) {
    println!(
        "{what:<24} {:7.2} s  {:7.1} MB/s  {:5.2} x bare  {:7.2} s of all processors so far",
        time.as_secs_f64(),
        bytes as f64 / 1e6 / time.as_secs_f64(),
        time.as_secs_f64() / bare.as_secs_f64(),
        processor_seconds()
    );
}

/// Seconds of processors that this process has taken; on Linux only.
fn processor_seconds() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let told = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = told.rsplit(") ").next().unwrap_or("");
    let ticks = after_name.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}

fn bare(articles: &[Article]) -> Duration {
    let dir = tempfile::tempdir().unwrap();
    let bare = Bare::create(dir.path()).unwrap();
    let start = Instant::now();
    bare.fill(articles.iter().cloned(), THREADS).unwrap();
    start.elapsed()
}

/// What was made of the corpus.
struct Indexed {
    dir: tempfile::TempDir,
    time: Duration,
    /// What the copies took after it.
    grouping: Duration,
    size: u64,
}

/// Annotates, if there is an extractor, and indexes.
fn dateline(articles: &[Article], extractor: Option<&Extractor>) -> Indexed {
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
    let time = start.elapsed();
    let start = Instant::now();
    index.group_stories().unwrap();
    Indexed { time, grouping: start.elapsed(), size: index.bytes().unwrap(), dir }
}
