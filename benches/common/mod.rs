//! What both benchmarks share: the corpus, bare Tantivy over the same texts, and percentiles.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "each benchmark uses its part")]

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use dateline::article::{Annotated, Annotations, Article};
use dateline::extract::Extractor;
use dateline::input::{Found, Read, ReadOptions, WalkOptions, read_file, walk};
use dateline::pipeline::annotate;
use dateline::text::detect;
use tantivy::schema::{Field, STORED, STRING, Schema, TEXT, TextFieldIndexing};
use tantivy::{Index, IndexWriter, TantivyDocument};

/// Names the corpus: a file or folder that dateline reads.
const CORPUS: &str = "DATELINE_BENCH_CORPUS";

/// The articles of the corpus, and its name.
pub fn corpus() -> (PathBuf, Vec<Article>) {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample-corpus");
    let path = std::env::var_os(CORPUS).map_or(default, PathBuf::from);
    let mut articles = Vec::new();
    for found in walk(std::slice::from_ref(&path), &WalkOptions::default()) {
        let Found::File(file) = found else { continue };
        read_file(&file, &ReadOptions::default(), &mut |read| {
            if let Read::Article(article) = read {
                articles.push(*article);
            }
            ControlFlow::Continue(())
        });
    }
    (path, articles)
}

/// Bare Tantivy over titles and bodies: English stems, positions, everything stored.
pub struct Bare {
    pub index: Index,
    pub id: Field,
    pub title: Field,
    pub body: Field,
}

impl Bare {
    /// The index in `dir`.
    pub fn open(dir: &std::path::Path) -> tantivy::Result<Bare> {
        let index = Index::open_in_dir(dir)?;
        let field = |name: &str| index.schema().get_field(name);
        let (id, title, body) = (field("id")?, field("title")?, field("body")?);
        Ok(Bare { index, id, title, body })
    }

    /// An empty index in `dir`.
    pub fn create(dir: &std::path::Path) -> tantivy::Result<Bare> {
        let mut builder = Schema::builder();
        let stemmed = TextFieldIndexing::default()
            .set_tokenizer("en_stem")
            .set_index_option(tantivy::schema::IndexRecordOption::WithFreqsAndPositions);
        let text = (TEXT | STORED).set_indexing_options(stemmed);
        let id = builder.add_text_field("id", STRING | STORED);
        let title = builder.add_text_field("title", text.clone());
        let body = builder.add_text_field("body", text);
        let index = Index::create_in_dir(dir, builder.build())?;
        Ok(Bare { index, id, title, body })
    }

    /// Indexes the articles.
    pub fn fill(&self, articles: impl IntoIterator<Item = Article>, threads: usize) -> tantivy::Result<()> {
        let mut writer: IndexWriter = self.index.writer_with_num_threads(threads, 160 << 20)?;
        for article in articles {
            let mut document = TantivyDocument::new();
            document.add_text(self.id, &article.id);
            document.add_text(self.title, article.title());
            document.add_text(self.body, &article.text);
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()
    }
}

/// The value below which `share` of the times lie.
pub fn percentile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    let at = ((times.len() as f64 - 1.0) * share).round() as usize;
    times.get(at).copied().unwrap_or_default()
}

/// In milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// An article annotated, or with nothing found where there is no extractor.
pub fn annotated(article: Article, extractor: Option<&Extractor>) -> Annotated {
    if let Some(extractor) = extractor {
        return annotate(extractor, article);
    }
    let language = detect::language(article.language, article.title(), &article.text);
    let published = article.published.clone();
    Annotated { article, language, published, annotations: Annotations::default() }
}
