//! How many reprints are known as copies: reprints are made from real articles, and counted where they are missed.
//!
//! Reprints are made as newspapers make them: the end is cut, the byline is another, a sentence goes in front, words are
//! changed. What is changed follows from the article's number, so a measurement can be repeated.

use std::ops::ControlFlow;
use std::path::PathBuf;

use serde::Serialize;

use crate::input::{Found, Read, ReadOptions, WalkOptions, read_file, walk};
use crate::story::{Signature, groups, words};

/// Articles of fewer words are not reprinted here: a changed word is too much of them.
const LEAST_WORDS: usize = 60;

/// A way to reprint.
struct Reprint {
    name: &'static str,
    /// Up to this share of the text is cut off at its end.
    cut: f64,
    /// This share of the words is changed.
    changed: f64,
    /// Whether byline and sign-off are others.
    byline: bool,
}

const REPRINTS: &[Reprint] = &[
    Reprint { name: "other headline and byline", cut: 0.0, changed: 0.0, byline: true },
    Reprint { name: "end cut by up to 20 %", cut: 0.2, changed: 0.0, byline: false },
    Reprint { name: "1 % of words changed", cut: 0.0, changed: 0.01, byline: false },
    Reprint { name: "all of these", cut: 0.2, changed: 0.01, byline: true },
    Reprint { name: "5 % of words changed", cut: 0.0, changed: 0.05, byline: false },
];

/// What became of one kind of reprint.
#[derive(Debug, Clone, Serialize)]
pub struct Recall {
    /// How they were made.
    pub reprints: &'static str,
    /// How many.
    pub made: usize,
    /// How many share the story of their original.
    pub found: usize,
    /// The same in per cent.
    pub recall: f64,
}

/// Makes reprints of every `step`th article under `paths`, groups each kind with all articles, and counts.
pub fn evaluate(paths: &[PathBuf], step: usize) -> Vec<Recall> {
    let texts = texts(paths);
    let originals: Vec<(usize, Signature)> =
        texts.iter().enumerate().filter_map(|(number, text)| Some((number, Signature::of(text)?))).collect();
    REPRINTS
        .iter()
        .map(|reprint| {
            let mut signatures: Vec<Signature> =
                originals.iter().map(|(_, signature)| signature.clone()).collect();
            let mut pairs = Vec::new();
            for (at, &(number, _)) in originals.iter().enumerate().step_by(step.max(1)) {
                if words(&texts[number]).len() >= LEAST_WORDS
                    && let Some(signature) = Signature::of(&reprinted(&texts[number], reprint, number))
                {
                    pairs.push((at, signatures.len()));
                    signatures.push(signature);
                }
            }
            let groups = groups(&signatures);
            let found = pairs.iter().filter(|&&(one, other)| groups[one] == groups[other]).count();
            let recall = (found as f64 * 1_000.0 / pairs.len().max(1) as f64).round() / 10.0;
            Recall { reprints: reprint.name, made: pairs.len(), found, recall }
        })
        .collect()
}

fn texts(paths: &[PathBuf]) -> Vec<String> {
    let mut texts = Vec::new();
    for found in walk(paths, &WalkOptions::default()) {
        let Found::File(file) = found else { continue };
        read_file(&file, &ReadOptions::default(), &mut |read| {
            if let Read::Article(article) = read {
                texts.push(article.text);
            }
            ControlFlow::Continue(())
        });
    }
    texts
}

/// The text as another paper would print it.
fn reprinted(text: &str, reprint: &Reprint, seed: usize) -> String {
    let mut lot = Lot(seed as u64);
    let words = words(text);
    let cut = (words.len() as f64 * reprint.cut * lot.share()) as usize;
    let kept = &words[..words.len() - cut];
    let mut changed = String::with_capacity(text.len() + 100);
    if reprint.byline {
        changed.push_str("From our own correspondent in the capital\n\n");
    }
    let mut at = 0;
    for word in kept {
        changed.push_str(&text[at..word.start]);
        if lot.share() < reprint.changed {
            changed.push_str(["otherwise", "yesterday", "meanwhile", "altogether"][lot.next() as usize % 4]);
        } else {
            changed.push_str(&text[word.clone()]);
        }
        at = word.end;
    }
    if reprint.byline {
        changed.push_str(" (Additional reporting by our staff)");
    }
    changed
}

/// Numbers that look like chance and are always the same.
struct Lot(u64);

impl Lot {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        xxhash_rust::xxh3::xxh3_64(&self.0.to_le_bytes())
    }

    /// At least 0, less than 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
