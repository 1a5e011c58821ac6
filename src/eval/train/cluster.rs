//! Word clusters and case statistics, learned from the unlabelled corpora: CBOW vectors with negative sampling, then
//! spherical k-means at several sizes.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::eval::train::corpus::{self, CORPORA};
use crate::eval::train::random::Random;
use crate::extract::name::word;
use crate::text::Text;
use crate::text::token::TokenKind;

/// How many groups the words are put into, from coarse to fine.
pub const SIZES: [usize; 4] = [64, 256, 1024, 3000];

const DIMENSIONS: usize = 64;
const WINDOW: usize = 4;
const NEGATIVES: usize = 5;
const EPOCHS: usize = 4;
const RATE: f32 = 0.04;
/// Rarer words have no vector.
const FEWEST: u32 = 7;
const ROUNDS: usize = 8;

type Vector = [f32; DIMENSIONS];

/// What the corpora say about one word.
#[derive(Debug, Clone)]
pub struct WordFacts {
    /// The word as `word::normal` writes it.
    pub word: String,
    /// How often it occurs.
    pub count: u32,
    /// Occurrences inside sentences in lower case, capitalised, and in capitals only.
    pub cases: [u32; 3],
    /// Its group at each size of [`SIZES`].
    pub groups: [u16; 4],
}

#[derive(Default)]
struct Vocabulary {
    ids: FxHashMap<String, u32>,
    facts: Vec<WordFacts>,
}

impl Vocabulary {
    fn id(&mut self, word: &str) -> u32 {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let id = self.facts.len() as u32;
        self.ids.insert(word.to_owned(), id);
        self.facts.push(WordFacts { word: word.to_owned(), count: 0, cases: [0; 3], groups: [0; 4] });
        id
    }
}

/// Learns groups and case statistics from the corpora of the `data` folder; sorted by word.
pub fn learn(data: &Path, seed: u64) -> Result<Vec<WordFacts>> {
    let mut vocabulary = Vocabulary::default();
    let mut stream = Vec::new();
    for name in CORPORA {
        corpus::articles(&data.join(name), |record| read(&record, &mut vocabulary, &mut stream))?;
    }
    let facts = vocabulary.facts;
    let (words, places) = frequent(&facts);
    for id in stream.iter_mut().filter(|id| **id != END) {
        *id = places[*id as usize];
    }
    stream.retain(|&id| id != RARE);
    let mut kept: Vec<WordFacts> = words.iter().map(|&id| facts[id as usize].clone()).collect();
    let counts: Vec<u32> = kept.iter().map(|facts| facts.count).collect();
    let vectors = vectors(&stream, &counts, seed);
    for (level, &size) in SIZES.iter().enumerate() {
        let groups = group(&vectors, size, seed + level as u64);
        for (facts, group) in kept.iter_mut().zip(groups) {
            facts.groups[level] = group + 1;
        }
    }
    kept.sort_by(|a, b| a.word.cmp(&b.word));
    Ok(kept)
}

/// Marks the end of a sentence in the stream of words.
const END: u32 = u32::MAX;

/// Stands in the stream for words without a vector until they are dropped.
const RARE: u32 = u32::MAX - 1;

fn read(record: &corpus::Record, vocabulary: &mut Vocabulary, stream: &mut Vec<u32>) {
    for (is_body, source) in [(false, record.title.as_deref().unwrap_or("")), (true, record.body.as_str())] {
        let text = Text::new(source);
        for sentence in &text.sentences {
            let counts_case = is_body && has_lower(&text, sentence.clone());
            for at in sentence.clone() {
                let shown = text.word(at);
                let id = vocabulary.id(&word::normal(shown));
                vocabulary.facts[id as usize].count += 1;
                stream.push(id);
                let inside = counts_case && at > sentence.start && !text.tokens[at].line_start;
                if inside && text.tokens[at].kind == TokenKind::Word && is_word_before(&text, at) {
                    vocabulary.facts[id as usize].cases[case_of(shown)] += 1;
                }
            }
            stream.push(END);
        }
    }
}

/// Capitals after a quotation mark or a colon say nothing.
fn is_word_before(text: &Text, at: usize) -> bool {
    !matches!(
        text.word(at - 1),
        "\"" | "“" | "''" | "``" | ":" | "-" | "--" | "—" | "‘" | "'" | "(" | "." | "*"
    )
}

fn has_lower(text: &Text, sentence: std::ops::Range<usize>) -> bool {
    let words = sentence.clone().filter(|&at| text.tokens[at].kind == TokenKind::Word);
    let lower = words.clone().filter(|&at| text.word(at).starts_with(char::is_lowercase)).count();
    lower * 2 > words.count()
}

fn case_of(word: &str) -> usize {
    let mut capitals = word.chars().filter(|c| c.is_alphabetic()).map(char::is_uppercase);
    match capitals.next() {
        Some(true) if word.chars().count() > 1 && capitals.all(|upper| upper) => 2,
        Some(true) => 1,
        _ => 0,
    }
}

/// The words that get a vector, most frequent first, and for every word its place among them.
fn frequent(facts: &[WordFacts]) -> (Vec<u32>, Vec<u32>) {
    let mut words: Vec<u32> =
        (0..facts.len() as u32).filter(|&id| facts[id as usize].count >= FEWEST).collect();
    words.sort_by(|&a, &b| {
        let (a, b) = (&facts[a as usize], &facts[b as usize]);
        b.count.cmp(&a.count).then_with(|| a.word.cmp(&b.word))
    });
    let mut places = vec![RARE; facts.len()];
    for (place, &id) in words.iter().enumerate() {
        places[id as usize] = place as u32;
    }
    (words, places)
}

/// What is learned: each word's vector as context and as target.
struct Learner {
    input: Vec<Vector>,
    output: Vec<Vector>,
    negatives: Vec<u32>,
    random: Random,
}

/// Continuous bag of words with negative sampling.
fn vectors(stream: &[u32], counts: &[u32], seed: u64) -> Vec<Vector> {
    let mut random = Random::new(seed);
    let input =
        counts.iter().map(|_| std::array::from_fn(|_| (random.unit() - 0.5) / DIMENSIONS as f32)).collect();
    let output = vec![[0.0; DIMENSIONS]; counts.len()];
    let mut learner = Learner { input, output, negatives: negative_table(counts), random };
    let total: f32 = counts.iter().map(|&count| count as f32).sum();
    let keep: Vec<f32> = counts
        .iter()
        .map(|&count| {
            let share = count as f32 / (total * 1e-4);
            (share.sqrt() + 1.0) / share
        })
        .collect();
    let mut sentence: Vec<u32> = Vec::new();
    let steps = (stream.len() * EPOCHS) as f32;
    let mut seen = 0usize;
    for _ in 0..EPOCHS {
        for &id in stream {
            seen += 1;
            if id != END && sentence.len() < 200 {
                if keep[id as usize] >= learner.random.unit() {
                    sentence.push(id);
                }
                continue;
            }
            let rate = RATE * (1.0 - seen as f32 / steps).max(1e-3);
            learner.learn(&sentence, rate);
            sentence.clear();
        }
    }
    for vector in &mut learner.input {
        let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-9);
        *vector = vector.map(|x| x / norm);
    }
    learner.input
}

/// Words to draw negatives from, each about as often as its count to the power of 3/4.
fn negative_table(counts: &[u32]) -> Vec<u32> {
    const SIZE: f64 = 2_000_000.0;
    let powers: Vec<f64> = counts.iter().map(|&count| f64::from(count).powf(0.75)).collect();
    let total: f64 = powers.iter().sum();
    let mut table = Vec::with_capacity(SIZE as usize + counts.len());
    for (id, power) in powers.iter().enumerate() {
        let share = (power / total * SIZE).ceil() as usize;
        table.extend(std::iter::repeat_n(id as u32, share));
    }
    table
}

impl Learner {
    fn learn(&mut self, sentence: &[u32], rate: f32) {
        for at in 0..sentence.len() {
            let reach = 1 + self.random.below(WINDOW);
            let window = at.saturating_sub(reach)..(at + reach + 1).min(sentence.len());
            let around = || window.clone().filter(|&other| other != at).map(|other| sentence[other] as usize);
            let size = around().count();
            if size == 0 {
                continue;
            }
            let mut hidden = [0.0f32; DIMENSIONS];
            for other in around() {
                add(&mut hidden, &self.input[other], 1.0 / size as f32);
            }
            let error = self.targets(sentence[at], &hidden, rate);
            for other in around() {
                add(&mut self.input[other], &error, 1.0);
            }
        }
    }

    /// Moves the word and some others as targets; gives what the context words must move by.
    fn targets(&mut self, word: u32, hidden: &Vector, rate: f32) -> Vector {
        let mut error = [0.0f32; DIMENSIONS];
        for draw in 0..=NEGATIVES {
            let target =
                if draw == 0 { word } else { self.negatives[self.random.below(self.negatives.len())] };
            if draw > 0 && target == word {
                continue;
            }
            let label = if draw == 0 { 1.0 } else { 0.0 };
            let output = &mut self.output[target as usize];
            let gradient = (label - 1.0 / (1.0 + (-dot(hidden, output)).exp())) * rate;
            add(&mut error, output, gradient);
            add(output, hidden, gradient);
        }
        error
    }
}

fn dot(a: &Vector, b: &Vector) -> f32 {
    let mut sums = [0.0f32; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}

fn add(to: &mut Vector, from: &Vector, weight: f32) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from * weight;
    }
}

/// Spherical k-means: the group of every vector.
fn group(vectors: &[Vector], size: usize, seed: u64) -> Vec<u16> {
    let mut random = Random::new(seed);
    let mut picks: Vec<usize> = (0..vectors.len().min(size * 8)).collect();
    random.shuffle(&mut picks);
    let mut centres: Vec<Vector> = picks.iter().take(size).map(|&pick| vectors[pick]).collect();
    let mut groups = vec![0u16; vectors.len()];
    for _ in 0..ROUNDS {
        for (group, vector) in groups.iter_mut().zip(vectors) {
            *group = nearest(&centres, vector);
        }
        let mut sums = vec![[0.0f32; DIMENSIONS]; centres.len()];
        for (group, vector) in groups.iter().zip(vectors) {
            add(&mut sums[usize::from(*group)], vector, 1.0);
        }
        for (centre, sum) in centres.iter_mut().zip(sums) {
            let norm = dot(&sum, &sum).sqrt();
            if norm > 0.0 {
                *centre = sum.map(|x| x / norm);
            }
        }
    }
    groups
}

fn nearest(centres: &[Vector], vector: &Vector) -> u16 {
    let mut best = (0, f32::NEG_INFINITY);
    for (at, centre) in centres.iter().enumerate() {
        let score = dot(centre, vector);
        if score > best.1 {
            best = (at, score);
        }
    }
    best.0 as u16
}
