//! How well free-text questions find what judges found relevant: average precision, nDCG and recall.
//!
//! Takes a folder with `docs.jsonl`, `queries.tsv` and `qrels.tsv`, indexes the documents anew beside nothing of the
//! user's, and asks every question as people type it. Never reads judgements to answer.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::article::{Annotated, Annotations, Article};
use crate::engine::Engine;
use crate::engine::local::{LocalIndex, Record};
use crate::error::{Error, Result};
use crate::language::Language;
use crate::query::Query;
use crate::query::request::Request;
use crate::text::detect;

/// How many documents a run lists per question.
const DEPTH: usize = 1_000;

/// English words that say little about what is asked for.
const STOP_WORDS: &str = include_str!("../../data/lang/en/stopwords.txt");

/// What is measured, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RetrievalScores {
    /// How many questions are judged.
    pub queries: usize,
    /// Mean average precision over the first thousand.
    pub map: f64,
    /// Normalised discounted cumulative gain of the first ten.
    #[serde(rename = "ndcg@10")]
    pub ndcg_10: f64,
    /// Share of the relevant documents among the first hundred.
    #[serde(rename = "recall@100")]
    pub recall_100: f64,
}

/// Documents by question, best first, with their scores.
pub type Run = BTreeMap<String, Vec<(String, f32)>>;

/// Grades of relevant documents by question.
type Judgements = BTreeMap<String, BTreeMap<String, u32>>;

/// One line of `docs.jsonl`.
#[derive(Debug, Deserialize)]
struct Document {
    id: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    text: String,
}

/// Indexes the documents of `dir`, asks its questions, and scores the answers. `expand` says whether the words of the
/// best answers order the others, where that is not left to the engine.
pub fn evaluate(dir: &Path, expand: Option<bool>) -> Result<(RetrievalScores, Run)> {
    let folder = tempfile::tempdir().map_err(Error::io(std::env::temp_dir()))?;
    let index = index(dir, folder.path())?;
    let judgements = judgements(&dir.join("qrels.tsv"))?;
    let mut run = Run::new();
    for line in read(&dir.join("queries.tsv"))?.lines() {
        let Some((number, question)) = line.split_once('\t') else { continue };
        run.insert(number.to_owned(), ask(&index, question, expand)?);
    }
    Ok((scores(&judgements, &run), run))
}

/// The run in the format of TREC: question, `Q0`, document, rank, score, tag.
pub fn trec(run: &Run) -> String {
    let mut lines = String::new();
    for (question, documents) in run {
        for (rank, (document, score)) in documents.iter().enumerate() {
            // Writing to a string does not fail.
            let _ = writeln!(lines, "{question} Q0 {document} {} {score} dateline", rank + 1);
        }
    }
    lines
}

/// A question in free text: any of its words that say something.
pub fn free_text(question: &str) -> Query {
    let stop: Vec<&str> = STOP_WORDS.split_whitespace().collect();
    let words: Vec<&str> = question.split_whitespace().collect();
    let is_stop = |word: &&str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        stop.contains(&bare.as_str())
    };
    let mut said: Vec<&str> = words.iter().copied().filter(|word| !is_stop(word)).collect();
    if said.is_empty() {
        said = words;
    }
    Query::or(said.into_iter().map(word).collect())
}

fn word(text: &str) -> Query {
    Query::Word { field: None, text: text.to_owned(), exact: false, distance: 0 }
}

fn ask(index: &LocalIndex, question: &str, expand: Option<bool>) -> Result<Vec<(String, f32)>> {
    let mut request = Request::new(free_text(question));
    request.limit = Some(DEPTH);
    request.expand = expand;
    request.snippets = false;
    let mut found = Vec::new();
    index.stream(&request, &mut |hit, _| {
        found.push((hit.id.clone(), hit.score));
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

fn index(dir: &Path, folder: &Path) -> Result<LocalIndex> {
    let path = dir.join("docs.jsonl");
    let index = LocalIndex::create(folder)?;
    let mut writer = index.writer(1, 0)?;
    for line in read(&path)?.lines() {
        let document: Document = serde_json::from_str(line)
            .map_err(|error| Error::Settings { path: path.clone(), message: error.to_string() })?;
        writer.put(Record::new(&annotated(document))?)?;
    }
    writer.commit("")?;
    writer.close()?;
    Ok(index)
}

fn annotated(document: Document) -> Annotated {
    let title = document.title.unwrap_or_default();
    let language = detect::language(None, &title, &document.text);
    // The sets are English; what is too short to tell, or a table of formulas, is too.
    let language = if language == Language::UNDETERMINED { Language::ENGLISH } else { language };
    let article = Article {
        id: document.id,
        format: "jsonl",
        title: (!title.is_empty()).then_some(title),
        text: document.text,
        ..Article::default()
    };
    Annotated { article, language, published: None, annotations: Annotations::default() }
}

fn judgements(path: &Path) -> Result<Judgements> {
    let mut judgements = Judgements::new();
    for line in read(path)?.lines() {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [question, _, document, grade] = columns.as_slice() else { continue };
        let grade = grade.parse::<f64>().unwrap_or(0.0) as u32;
        if grade > 0 {
            judgements.entry((*question).to_owned()).or_default().insert((*document).to_owned(), grade);
        }
    }
    Ok(judgements)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(Error::io(path))
}

/// Scores a run; a judged question that the run does not answer counts as answered wrongly.
fn scores(judgements: &Judgements, run: &Run) -> RetrievalScores {
    let none = Vec::new();
    let mut sums = [0.0; 3];
    for (question, wanted) in judgements {
        let found: Vec<&str> =
            run.get(question).unwrap_or(&none).iter().map(|(document, _)| document.as_str()).collect();
        sums[0] += average_precision(wanted, &found);
        sums[1] += ndcg(wanted, &found, 10);
        let recalled = found.iter().take(100).filter(|document| wanted.contains_key(**document)).count();
        sums[2] += recalled as f64 / wanted.len() as f64;
    }
    let percent = |sum: f64| 100.0 * sum / judgements.len().max(1) as f64;
    RetrievalScores {
        queries: judgements.len(),
        map: percent(sums[0]),
        ndcg_10: percent(sums[1]),
        recall_100: percent(sums[2]),
    }
}

fn average_precision(wanted: &BTreeMap<String, u32>, found: &[&str]) -> f64 {
    let mut hits = 0.0;
    let mut sum = 0.0;
    for (rank, document) in found.iter().take(DEPTH).enumerate() {
        if wanted.contains_key(*document) {
            hits += 1.0;
            sum += hits / (rank + 1) as f64;
        }
    }
    sum / wanted.len() as f64
}

fn ndcg(wanted: &BTreeMap<String, u32>, found: &[&str], depth: usize) -> f64 {
    let gain = |grades: &[u32]| -> f64 {
        let discounted = |(rank, grade): (usize, &u32)| f64::from(*grade) / (rank as f64 + 2.0).log2();
        grades.iter().take(depth).enumerate().map(discounted).sum()
    };
    let got: Vec<u32> = found.iter().map(|document| wanted.get(*document).copied().unwrap_or(0)).collect();
    let mut best: Vec<u32> = wanted.values().copied().collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    gain(&got) / gain(&best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_and_gain_fall_with_rank() {
        let wanted = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 1)]);
        assert!((average_precision(&wanted, &["a", "b"]) - 1.0).abs() < 1e-9);
        assert!((average_precision(&wanted, &["x", "a"]) - 0.25).abs() < 1e-9);
        assert!(average_precision(&wanted, &[]).abs() < 1e-9);
        assert!((ndcg(&wanted, &["a", "b"], 10) - 1.0).abs() < 1e-9);
        assert!(ndcg(&wanted, &["x", "a", "b"], 10) < ndcg(&wanted, &["a", "x", "b"], 10));
    }

    #[test]
    fn questions_lose_words_that_say_little_unless_nothing_is_left() {
        assert_eq!(
            free_text("What is the boundary layer ?"),
            Query::or(vec![word("boundary"), word("layer"), word("?"),])
        );
        assert_eq!(free_text("who"), word("who"));
    }

    #[test]
    fn a_small_set_is_indexed_asked_and_scored() {
        let dir = tempfile::tempdir().unwrap();
        let docs = [
            r#"{"id":"1","title":"Flow over wings","text":"The boundary layer on a wing."}"#,
            r#"{"id":"2","text":"Libraries and their catalogues."}"#,
        ];
        std::fs::write(dir.path().join("docs.jsonl"), docs.join("\n")).unwrap();
        std::fs::write(dir.path().join("queries.tsv"), "1\twhat is a boundary layer ?\n2\tlibrary").unwrap();
        std::fs::write(dir.path().join("qrels.tsv"), "1\t0\t1\t1\n2\t0\t2\t1\n").unwrap();
        let (scores, run) = evaluate(dir.path(), None).unwrap();
        assert!((scores.map - 100.0).abs() < 1e-9, "{scores:?}");
        assert!(trec(&run).starts_with("1 Q0 1 1 "));
    }
}
