//! The tagger: features of candidate runs, weights of the model, best labels.

use std::ops::Range;

use crate::error::Result;
use crate::extract::name::NameSpan;
use crate::extract::name::candidate;
use crate::extract::name::chain::{Chain, Work};
use crate::extract::name::evidence::Evidence;
use crate::extract::name::feature::{Document, Place, SentenceFacts};
use crate::extract::name::label::{self, LABELS};
use crate::extract::name::lexicon::{self, Lexicon};
use crate::extract::name::model::{Model, Scores};
use crate::extract::name::topic::Topics;
use crate::span::Span;
use crate::text::Text;

static LEXICON: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/names.lexicon"));
static MODEL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/names.model"));

/// Word roles: the word itself, the first and second to its left, the first and second to its right.
const ROLES: [(u64, isize); 5] = [(0, 0), (1, -1), (2, -2), (3, 1), (4, 2)];

/// Finds the names of an article.
#[derive(Debug)]
pub struct Tagger<'d> {
    lexicon: Lexicon<'d>,
    first: Model<'d>,
    first_chain: Chain,
    second: Option<(Model<'d>, Chain)>,
    topics: Topics,
}

/// A candidate run of one article, with what the first pass thinks of its words.
#[derive(Debug, Clone)]
pub struct Run {
    /// Which text of the article.
    pub text: usize,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// First run and one past the last in the rows of scores and marginals.
    rows: Range<usize>,
}

impl Tagger<'static> {
    /// The tagger that comes with the program.
    pub fn embedded() -> Result<Tagger<'static>> {
        Tagger::new(LEXICON, MODEL)
    }
}

impl<'d> Tagger<'d> {
    /// The tagger of a lexicon file and a model file.
    pub fn new(lexicon: &'d [u8], model: &'d [u8]) -> Result<Tagger<'d>> {
        let lexicon = Lexicon::new(lexicon)?;
        let (first, rest) = Model::read(model)?;
        let second = if rest.is_empty() { None } else { Some(Model::read(rest)?.0) };
        Ok(Tagger {
            lexicon,
            first_chain: chain(&first),
            first,
            second: second.map(|model| {
                let chain = chain(&model);
                (model, chain)
            }),
            topics: Topics::default(),
        })
    }

    /// The lexicon, which others ask for the classes of words.
    pub fn lexicon(&self) -> &Lexicon<'d> {
        &self.lexicon
    }

    /// The names of each text of one article, in order, without overlaps.
    pub fn tag(&self, texts: &[&Text]) -> Vec<Vec<NameSpan>> {
        let mut found = vec![Vec::new(); texts.len()];
        self.each_run(texts, |run, labels, marginals| {
            read_spans(texts[run.text], run.tokens.start, labels, marginals, &mut found[run.text]);
        });
        found
    }

    /// Calls `each` with every candidate run, its best labels and the probability of each label.
    pub fn each_run(&self, texts: &[&Text], mut each: impl FnMut(&Run, &[u8], &[[f32; LABELS]])) {
        let mut pass = self.first_pass(texts);
        let chain = match &self.second {
            Some((model, chain)) => {
                self.second_pass(&mut pass, model);
                chain
            }
            None => &self.first_chain,
        };
        let (mut labels, mut marginals) = (Vec::new(), Vec::new());
        for run in &pass.runs {
            let scores = &pass.scores[run.rows.clone()];
            chain.best(scores, &mut labels);
            if labels.iter().all(|&label| label == 0) {
                continue;
            }
            chain.marginals(scores, None, &mut pass.work, &mut marginals);
            each(run, &labels, &marginals);
        }
    }

    fn first_pass(&self, texts: &[&Text]) -> Pass {
        let document = Document::new(texts, &self.lexicon, &self.topics);
        let mut pass = Pass::default();
        let mut cache = Cache::new(&document, &self.first);
        let mut keys = Vec::new();
        for number in 0..texts.len() {
            each_place(&document, number, &self.lexicon, |place| {
                let start = pass.scores.len();
                for at in place.run() {
                    let mut sum: Scores = [0; LABELS];
                    for (role, offset) in ROLES {
                        cache.add(place.id(at, offset), role, &mut sum);
                    }
                    keys.clear();
                    document.context_keys(place, at, &mut keys);
                    for &key in &keys {
                        self.first.rows.add(key, &mut sum);
                    }
                    pass.scores.push(sum.map(|score| f32::from(score) * self.first.unit));
                    pass.normals.push(document.words[place.id(at, 0) as usize].normal());
                }
                pass.runs.push(Run { text: number, tokens: place.run(), rows: start..pass.scores.len() });
            });
        }
        pass
    }

    /// Adds to the scores what the same words elsewhere in the article say.
    fn second_pass(&self, pass: &mut Pass, model: &Model) {
        let found = Found::gather(&self.first_chain, pass);
        let mut keys = Vec::new();
        for run in &pass.runs {
            for row in run.rows.clone() {
                keys.clear();
                found.keys(pass, run, row, &mut keys);
                let mut sum: Scores = [0; LABELS];
                for &key in &keys {
                    model.rows.add(spread(key), &mut sum);
                }
                for (score, more) in pass.scores[row].iter_mut().zip(sum) {
                    *score += f32::from(more) * model.unit;
                }
            }
        }
    }
}

/// The chain with a model's weights.
fn chain(model: &Model) -> Chain {
    let real = |row: [i16; LABELS]| row.map(|weight| f32::from(weight) * model.unit);
    Chain::new(&model.transitions.map(real), &real(model.ends))
}

/// What the passes know of one article.
#[derive(Debug, Default)]
pub struct Pass {
    /// The candidate runs, in order.
    pub runs: Vec<Run>,
    /// A row for each word of each run.
    pub scores: Vec<[f32; LABELS]>,
    /// The normal form of each word.
    pub normals: Vec<u64>,
    work: Work,
}

impl Pass {
    /// Adds a run with the scores of its words and their normal forms.
    pub fn push(
        &mut self,
        text: usize,
        tokens: Range<usize>,
        rows: impl Iterator<Item = ([f32; LABELS], u64)>,
    ) {
        let start = self.scores.len();
        for (scores, normal) in rows {
            self.scores.push(scores);
            self.normals.push(normal);
        }
        self.runs.push(Run { text, tokens, rows: start..self.scores.len() });
    }
}

impl Run {
    /// Its rows in the pass.
    pub fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }
}

/// What the first pass found in an article.
#[derive(Debug)]
pub struct Found {
    evidence: Evidence,
    marginals: Vec<[f32; LABELS]>,
}

impl Found {
    /// Collects the evidence of all runs.
    pub fn gather(chain: &Chain, pass: &mut Pass) -> Found {
        let mut found =
            Found { evidence: Evidence::default(), marginals: Vec::with_capacity(pass.scores.len()) };
        let mut marginals = Vec::new();
        for run in &pass.runs {
            chain.marginals(&pass.scores[run.rows.clone()], None, &mut pass.work, &mut marginals);
            for (row, votes) in run.rows.clone().zip(&marginals) {
                found.evidence.add(pass.normals[row], votes);
                if row + 1 < run.rows.end {
                    found.evidence.add(lexicon::extend(pass.normals[row], pass.normals[row + 1]), votes);
                }
            }
            found.marginals.extend_from_slice(&marginals);
        }
        found
    }

    /// The keys of one row for the second pass.
    pub fn keys(&self, pass: &Pass, run: &Run, row: usize, keys: &mut Vec<u64>) {
        let normals = &pass.normals;
        self.evidence.keys(normals[row], 0, &self.marginals[row], keys);
        if row + 1 < run.rows.end {
            let pair = lexicon::extend(normals[row], normals[row + 1]);
            self.evidence.keys(pair, 1, &self.marginals[row], keys);
        }
        if row > run.rows.start {
            let pair = lexicon::extend(normals[row - 1], normals[row]);
            self.evidence.keys(pair, 2, &self.marginals[row - 1], keys);
        }
    }
}

/// Keys of the second pass are small numbers; the table wants them spread.
pub fn spread(key: u64) -> u64 {
    let product = key.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    product ^ (product >> 29)
}

/// Calls `each` with every candidate run of text number `number` in its sentence.
pub fn each_place(
    document: &Document<'_>,
    number: usize,
    lexicon: &Lexicon,
    mut each: impl FnMut(&Place<'_>),
) {
    let text = document.texts[number];
    let mut runs = Vec::new();
    candidate::runs(text, document.mode, &mut runs);
    let mut sentences = text.sentences.iter();
    let mut facts: Option<SentenceFacts> = None;
    for run in runs {
        while facts.as_ref().is_none_or(|facts| facts.range.end <= run.start) {
            let Some(range) = sentences.next() else { return };
            if range.end > run.start {
                facts = Some(SentenceFacts::new(text, range.clone()));
            }
        }
        if let Some(facts) = &facts {
            each(&Place::new(document, number, run, facts, lexicon));
        }
    }
}

/// Sums of the weights that follow from a word alone, once for each word and role.
struct Cache<'c> {
    document: &'c Document<'c>,
    model: &'c Model<'c>,
    sums: Vec<Option<Box<Scores>>>,
    keys: Vec<u64>,
}

impl<'c> Cache<'c> {
    fn new(document: &'c Document<'c>, model: &'c Model<'c>) -> Cache<'c> {
        let sums = vec![None; document.words.len() * ROLES.len()];
        Cache { document, model, sums, keys: Vec::new() }
    }

    fn add(&mut self, id: u32, role: u64, scores: &mut Scores) {
        let keys = &mut self.keys;
        let sum = self.sums[id as usize * ROLES.len() + role as usize].get_or_insert_with(|| {
            keys.clear();
            self.document.word_keys(id, role, keys);
            let mut sum: Scores = [0; LABELS];
            for &key in keys.iter() {
                self.model.rows.add(key, &mut sum);
            }
            Box::new(sum)
        });
        for (score, more) in scores.iter_mut().zip(sum.iter()) {
            *score = score.saturating_add(*more);
        }
    }
}

/// Adds the names that the labels of a run spell.
fn read_spans(
    text: &Text,
    start: usize,
    labels: &[u8],
    marginals: &[[f32; LABELS]],
    out: &mut Vec<NameSpan>,
) {
    let mut at = 0;
    while at < labels.len() {
        let Some(class) = label::class(usize::from(labels[at])) else {
            at += 1;
            continue;
        };
        let mut end = at + 1;
        while end < labels.len()
            && label::class(usize::from(labels[end])) == Some(class)
            && !label::begins(usize::from(labels[end]))
        {
            end += 1;
        }
        let score = (at..end).map(|word| marginals[word][usize::from(labels[word])]).fold(1.0, f32::min);
        let (first, last) = (start + at, start + end);
        if let (Some(from), Some(to)) = (text.tokens.get(first), text.tokens.get(last - 1)) {
            let span = Span::new(from.start as usize, to.end as usize);
            out.push(NameSpan { span, first, last, class, score });
        }
        at = end;
    }
}
