//! Query latency against bare Tantivy's top ten with exact count and stored fields: same queries, same run.
//!
//! `DATELINE_BENCH_CORPUS=PATH cargo bench --bench search`; `DATELINE_BENCH_COPIES=N` indexes every article N times, each
//! time with other numbers in it; `DATELINE_BENCH_HOME=DIR` keeps both indexes there and uses them again.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a benchmark prints and may fail")]

mod common;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::{Bare, ms, percentile};
use dateline::article::{Annotated, Article};
use dateline::engine::Engine;
use dateline::engine::local::{LocalIndex, Record};
use dateline::extract::Extractor;
use dateline::field::{FACETS, find_facet};
use dateline::query::Query;
use dateline::query::request::{FacetRequest, Filter, Request, Sort};
use dateline::query::response::Unit;
use rayon::prelude::*;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::QueryParser;
use tantivy::{Searcher, TantivyDocument};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rounds over the queries; the first warms up.
const ROUNDS: usize = 6;

/// What news readers ask: rare and frequent, one word to three.
const PLAIN: &[&str] = &[
    "oil prices",
    "president",
    "minister election",
    "earthquake",
    "central bank rates",
    "football",
    "police killed",
    "iraq",
    "shares fell",
    "climate",
    "nuclear programme iran",
    "microsoft",
    "court ruled",
    "protest",
    "flood",
    "health insurance",
    "merger",
    "china trade",
    "hurricane",
    "peace talks",
];

const PHRASES: &[&str] = &[
    "\"prime minister\"",
    "\"interest rates\"",
    "\"united nations\"",
    "\"oil prices\"",
    "\"white house\"",
    "\"first quarter\"",
    "\"suicide bomber\"",
    "\"climate change\"",
];

fn main() {
    let copies: usize = std::env::var("DATELINE_BENCH_COPIES").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let scratch = tempfile::tempdir().unwrap();
    let home = std::env::var_os("DATELINE_BENCH_HOME").map_or(scratch.path().to_path_buf(), PathBuf::from);
    let (bare, index) = indexes(&home, copies);
    let searcher = bare.index.reader().unwrap().searcher();
    println!("{} articles, {} segments", index.len(), segments(&home));
    println!("bare: {} articles, {} segments", searcher.num_docs(), searcher.segment_readers().len());

    for (what, queries) in [("plain", PLAIN), ("phrase", PHRASES)] {
        let theirs = timed(queries, |query| ask_bare(&bare, &searcher, query));
        for (how, snippets) in [("", false), (", snippets", true)] {
            let ours = timed(queries, |query| {
                let mut request = request(query);
                request.snippets = snippets;
                index.search(&request).unwrap().total
            });
            against(&format!("{what}{how}"), &ours, &theirs);
        }
    }
    let theirs = timed(PLAIN, |query| ask_bare(&bare, &searcher, query));
    let ours = timed(PLAIN, |query| {
        let mut request = request(query);
        request.sort = Sort::Newest;
        index.search(&request).unwrap().total
    });
    against("plain, newest first", &ours, &theirs);
    let ours = timed(PLAIN, |query| {
        let mut request = request(query);
        request.filters.push(published_in_years(2000, 2030));
        index.search(&request).unwrap().total
    });
    against("plain, filtered by date", &ours, &theirs);

    let ours = timed(PLAIN, |query| {
        let mut request = request(query);
        (request.collapse, request.unit) = (true, Unit::Stories);
        index.search(&request).unwrap().total
    });
    against("plain, collapsed", &ours, &theirs);

    let four = ["actor", "place", "event", "published"];
    let all: Vec<&str> = FACETS.iter().map(|facet| facet.name).collect();
    for (what, names) in [("four facets", four.as_slice()), ("all facets", all.as_slice())] {
        alone(&format!("{what}, plain"), &timed(PLAIN, |query| faceted(&index, Some(query), names, false)));
        alone(&format!("{what}, filtered"), &timed(PLAIN, |query| faceted(&index, Some(query), names, true)));
        alone(&format!("{what}, every article"), &timed(&["*"], |_| faceted(&index, None, names, false)));
    }
}

/// Both indexes in `home`, made there if they are not.
fn indexes(home: &Path, copies: usize) -> (Bare, LocalIndex) {
    let (bare, dateline) = (home.join("bare"), home.join("dateline"));
    if bare.exists() && dateline.exists() {
        return (Bare::open(&bare).unwrap(), LocalIndex::open(&dateline).unwrap());
    }
    std::fs::create_dir_all(&bare).unwrap();
    let (_, articles) = common::corpus();
    let bare = Bare::create(&bare).unwrap();
    let all = (0..copies).flat_map(|copy| articles.iter().map(move |article| copied(article, copy)));
    bare.fill(all, 2).unwrap();
    let index = LocalIndex::create(&dateline).unwrap();
    index_all(&index, &articles, copies);
    (bare, index)
}

/// The same article again under another identifier, with other numbers in it.
fn copied(article: &Article, copy: usize) -> Article {
    let mut article = article.clone();
    if copy > 0 {
        article.id = format!("{}-{copy}", article.id);
        let shifted =
            |c: char| c.to_digit(10).map_or(c, |digit| ((digit as usize + copy) % 10).to_string().remove(0));
        article.text = article.text.chars().map(shifted).collect();
    }
    article
}

/// Annotates every article once and indexes its copies with the same annotations.
fn index_all(index: &LocalIndex, articles: &[Article], copies: usize) {
    let extractor = Extractor::embedded().unwrap();
    let mut writer = index.writer(2, 160 << 20).unwrap();
    for batch in articles.chunks(2_000) {
        let annotated: Vec<_> =
            batch.par_iter().map(|article| common::annotated(article.clone(), Some(&extractor))).collect();
        for copy in 0..copies {
            let record = |annotated: &Annotated| {
                let article = copied(&annotated.article, copy);
                Record::new(&Annotated { article, ..annotated.clone() }).unwrap()
            };
            let records: Vec<Record> = annotated.par_iter().map(record).collect();
            for record in records {
                writer.put(record).unwrap();
            }
        }
    }
    writer.commit("").unwrap();
    writer.close().unwrap();
}

/// How many segments the index in `home` has.
fn segments(home: &Path) -> usize {
    let files = std::fs::read_dir(home.join("dateline/articles")).unwrap();
    files
        .filter(|file| file.as_ref().is_ok_and(|file| file.path().extension().is_some_and(|e| e == "store")))
        .count()
}

fn request(query: &str) -> Request {
    let mut request = Request::new(parsed(query));
    request.snippets = false;
    request
}

fn parsed(query: &str) -> Query {
    let word = |text: &str| Query::Word { field: None, text: text.to_owned(), exact: false, distance: 0 };
    match query.strip_prefix('"').and_then(|query| query.strip_suffix('"')) {
        Some(text) => Query::Phrase { field: None, text: text.to_owned(), exact: false, slop: 0 },
        None => Query::and(query.split(' ').map(word).collect()),
    }
}

fn published_in_years(from: i16, to: i16) -> Filter {
    let field = dateline::field::find_field("published").unwrap();
    let from = Some(jiff::civil::date(from, 1, 1));
    let to = Some(jiff::civil::date(to, 12, 31));
    Filter { name: field.name, field, any: vec![Query::Days { field, from, to, overlap: false }] }
}

fn faceted(index: &LocalIndex, query: Option<&str>, names: &[&str], filtered: bool) -> usize {
    let mut request = query.map_or_else(|| Request::new(Query::All), request);
    request.snippets = false;
    let facets = names.iter().filter_map(|name| find_facet(name));
    request.facets = facets.map(|facet| FacetRequest { facet, limit: Some(10) }).collect();
    if filtered {
        let field = dateline::field::find_field("place").unwrap();
        let value = Query::Value { field, value: "North America".to_owned(), distance: 0 };
        request.filters.push(Filter { name: field.name, field, any: vec![value] });
    }
    index.search(&request).unwrap().total
}

/// Top ten with exact count and stored fields.
fn ask_bare(bare: &Bare, searcher: &Searcher, query: &str) -> usize {
    let mut parser = QueryParser::for_index(&bare.index, vec![bare.title, bare.body]);
    parser.set_conjunction_by_default();
    let query = parser.parse_query(query).unwrap();
    let (top, count) = searcher.search(&query, &(TopDocs::with_limit(10).order_by_score(), Count)).unwrap();
    for (_, address) in top {
        std::hint::black_box(searcher.doc::<TantivyDocument>(address).unwrap());
    }
    count
}

/// Times of every query in every round but the first.
fn timed(queries: &[&str], mut ask: impl FnMut(&str) -> usize) -> Vec<Duration> {
    let mut times = Vec::with_capacity(queries.len() * ROUNDS);
    for round in 0..ROUNDS {
        for query in queries {
            let start = Instant::now();
            std::hint::black_box(ask(query));
            if round > 0 {
                times.push(start.elapsed());
            }
        }
    }
    times
}

fn against(what: &str, ours: &[Duration], theirs: &[Duration]) {
    let ratio = |share: f64| {
        let [ours, theirs] = [ours, theirs].map(|times| percentile(&mut best(times), share).as_secs_f64());
        ours / theirs
    };
    let (best50, best95) = (ratio(0.5), ratio(0.95));
    let (mut ours, mut theirs) = (ours.to_vec(), theirs.to_vec());
    let at = |times: &mut Vec<Duration>, share| ms(percentile(times, share));
    let (p50, p95) = (at(&mut ours, 0.5), at(&mut ours, 0.95));
    let (bare50, bare95) = (at(&mut theirs, 0.5), at(&mut theirs, 0.95));
    println!(
        "{what:<28} p50 {p50:7.3} ms  p95 {p95:7.3} ms  bare {bare50:7.3} / {bare95:7.3} ms  \
         ratio {:.2} / {:.2}  of the best {best50:.2} / {best95:.2}",
        p50 / bare50,
        p95 / bare95
    );
}

/// The best time of each query, in which other processes of the machine do not show.
fn best(times: &[Duration]) -> Vec<Duration> {
    let queries = times.len() / (ROUNDS - 1);
    (0..queries).filter_map(|query| times.iter().skip(query).step_by(queries).min().copied()).collect()
}

fn alone(what: &str, ours: &[Duration]) {
    let (mut all, mut best) = (ours.to_vec(), best(ours));
    println!(
        "{what:<28} p50 {:7.3} ms  p95 {:7.3} ms  best of each query {:7.3} / {:7.3} ms",
        ms(percentile(&mut all, 0.5)),
        ms(percentile(&mut all, 0.95)),
        ms(percentile(&mut best, 0.5)),
        ms(percentile(&mut best, 0.95))
    );
}
