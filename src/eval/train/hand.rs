//! Sentences of the unlabelled corpora that were labelled by hand, and those that would teach most if they were.
//!
//! Takes `labels.tsv`, whose rows name a corpus, an article, the bytes of a sentence in it and the names of that
//! sentence; the texts themselves stay in the data folder. Gives articles in which only such sentences are labelled.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::error::{Error, Result};
use crate::eval::train::corpus::{self, CORPORA};
use crate::eval::train::gold::{Labelled, Mark};
use crate::extract::name::tagger::Tagger;
use crate::extract::name::{NameClass, NameSpan};
use crate::text::Text;

/// Weight of a sentence labelled by hand: it is of the kind of text that archives hold, and was hard.
const WEIGHT: f32 = 1.5;
/// Tokens of a sentence that is worth labelling.
const LENGTH: std::ops::RangeInclusive<usize> = 6..=60;
/// The tagger is unsure of a word when its best label has a probability in this range.
const UNSURE: std::ops::Range<f32> = 0.3..0.8;

const CLASSES: [(&str, NameClass); 4] = [
    ("PER", NameClass::Person),
    ("ORG", NameClass::Organisation),
    ("LOC", NameClass::Location),
    ("OTHER", NameClass::Other),
];

/// One row of `labels.tsv`.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    corpus: String,
    article: String,
    start: usize,
    end: usize,
    /// Names of the sentence, in bytes from its start.
    names: Vec<(usize, usize, NameClass)>,
}

/// The articles of which `labels` (the file `labels.tsv`) labels sentences.
pub fn labelled(data: &Path, labels: &str) -> Result<Vec<Labelled>> {
    let mut wanted: BTreeMap<(String, String), Vec<Row>> = BTreeMap::new();
    for (number, line) in labels.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        let row = row(line).ok_or_else(|| wrong(&format!("line {}: not a row of labels", number + 1)))?;
        wanted.entry((row.corpus.clone(), row.article.clone())).or_default().push(row);
    }
    let mut found = Vec::new();
    for name in CORPORA {
        if !wanted.keys().any(|(corpus, _)| corpus == stem(name)) {
            continue;
        }
        let mut broken = None;
        corpus::articles(&data.join(name), |record| {
            let key = (stem(name).to_owned(), key(&record));
            for row in wanted.remove(&key).into_iter().flatten() {
                match mark(record.whole(), &row) {
                    Some(one) => found.push(one),
                    None => broken = Some(format!("{} {}: no such sentence", row.corpus, row.article)),
                }
            }
        })?;
        if let Some(message) = broken {
            return Err(wrong(&message));
        }
    }
    match wanted.into_keys().next() {
        Some((corpus, article)) => Err(wrong(&format!("{corpus} has no article {article}"))),
        None => Ok(found),
    }
}

/// Rows of `labels.tsv`, as the built-in tagger would fill them, for sentences that it is unsure of: of every `step`th
/// article of a corpus the worst. A sixth column shows the sentence with its names in brackets.
pub fn unsure(data: &Path, name: &str, step: usize, mut each: impl FnMut(String)) -> Result<()> {
    let tagger = Tagger::embedded()?;
    let mut number = 0;
    corpus::articles(&data.join(name), |record| {
        number += 1;
        if number % step.max(1) == 0 {
            let article = key(&record);
            let whole = record.whole();
            if let Some(row) = worst(&tagger, &whole) {
                each(format!("{}\t{article}\t{row}", stem(name)));
            }
        }
    })
}

fn worst(tagger: &Tagger<'_>, whole: &str) -> Option<String> {
    let text = Text::new(whole);
    let mut doubts = vec![1.0_f32; text.tokens.len()];
    tagger.each_run(&[&text], |run, labels, marginals| {
        for (at, (label, row)) in run.tokens.clone().zip(labels.iter().zip(marginals)) {
            doubts[at] = row[usize::from(*label)];
        }
    });
    let doubt = |sentence: &std::ops::Range<usize>| {
        doubts[sentence.clone()].iter().copied().filter(|p| UNSURE.contains(p)).reduce(f32::min)
    };
    let sentence = text
        .sentences
        .iter()
        .filter(|sentence| LENGTH.contains(&sentence.len()) && doubt(sentence).is_some())
        .min_by(|a, b| doubt(a).unwrap_or(1.0).total_cmp(&doubt(b).unwrap_or(1.0)))?;
    let (start, end) =
        (text.tokens[sentence.start].start as usize, text.tokens[sentence.end - 1].end as usize);
    let names: Vec<NameSpan> = tagger.tag(&[&text]).remove(0);
    let mut marks = Vec::new();
    let (mut shown, mut done) = (String::new(), start);
    for name in names.iter().filter(|name| name.span.start >= start && name.span.end <= end) {
        let class = CLASSES.iter().find(|(_, class)| *class == name.class).map_or("", |(shown, _)| shown);
        marks.push(format!("{}-{} {class}", name.span.start - start, name.span.end - start));
        let _ = write!(shown, "{}[{class} {}]", &whole[done..name.span.start], name.span.of(whole));
        done = name.span.end;
    }
    shown.push_str(&whole[done..end]);
    Some(format!("{start}\t{end}\t{}\t{}", marks.join(","), shown.replace(['\n', '\t'], " ")))
}

/// The name of a corpus in the rows.
fn stem(path: &str) -> &str {
    path.trim_start_matches("corpora/").trim_end_matches(".jsonl.gz")
}

fn key(record: &corpus::Record) -> String {
    match &record.id {
        serde_json::Value::String(id) => id.clone(),
        id => id.to_string(),
    }
}

fn row(line: &str) -> Option<Row> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [corpus, article, start, end, names] = columns.as_slice() else { return None };
    let name = |text: &str| {
        let (bytes, class) = text.split_once(' ')?;
        let (from, to) = bytes.split_once('-')?;
        let class = CLASSES.iter().find(|(shown, _)| *shown == class)?.1;
        Some((from.parse().ok()?, to.parse().ok()?, class))
    };
    Some(Row {
        corpus: (*corpus).to_owned(),
        article: (*article).to_owned(),
        start: start.parse().ok()?,
        end: end.parse().ok()?,
        names: names.split(',').filter(|name| !name.is_empty()).map(name).collect::<Option<_>>()?,
    })
}

/// An article of which only the sentence of a row is labelled; everything around it is open.
fn mark(source: String, row: &Row) -> Option<Labelled> {
    source.get(row.start..row.end)?;
    let mut marks = vec![Mark { start: 0, end: row.start, class: None }];
    for &(from, to, class) in &row.names {
        source.get(row.start + from..row.start + to)?;
        marks.push(Mark { start: row.start + from, end: row.start + to, class: Some(class) });
    }
    marks.push(Mark { start: row.end, end: source.len(), class: None });
    Some(Labelled { source, marks, others_open: false, weight: WEIGHT })
}

fn wrong(message: &str) -> Error {
    Error::Data { what: "labels.tsv".to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_labels_its_sentence_and_leaves_the_rest_open() {
        let row = row("newswire_30k\t7\t6\t25\t0-4 PER,13-18 LOC").unwrap();
        let one = mark("Title\nAnna came to Lorne. More.".to_owned(), &row).unwrap();
        let shown: Vec<(&str, Option<NameClass>)> =
            one.marks.iter().map(|mark| (&one.source[mark.start..mark.end], mark.class)).collect();
        let expected = [
            ("Title\n", None),
            ("Anna", Some(NameClass::Person)),
            ("Lorne", Some(NameClass::Location)),
            (" More.", None),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn broken_rows_are_refused() {
        for line in ["", "a\tb\t1\t2", "a\tb\tx\t2\t", "a\tb\t1\t2\t0-1 WHAT", "a\tb\t1\t2\t01 PER"] {
            assert_eq!(row(line), None, "{line}");
        }
        let far = row("a\tb\t1\t90\t").unwrap();
        assert!(mark("short".to_owned(), &far).is_none());
    }
}
