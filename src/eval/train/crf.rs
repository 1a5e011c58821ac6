//! Fits the weights of a conditional random field by stochastic gradient descent with one rate per weight.

use rustc_hash::FxHashMap;

use crate::eval::train::random::Random;
use crate::extract::name::chain::{Chain, START, Work};
use crate::extract::name::label::{LABELS, LabelSet};
use crate::extract::name::model;

type Row = [f32; LABELS];

/// The number of each key.
pub type Numbers = FxHashMap<u64, u32>;

/// A run to learn from.
#[derive(Debug)]
pub struct Example {
    /// The rows of each word.
    pub rows: Vec<Vec<u32>>,
    /// The labels allowed for each word.
    pub allowed: Vec<LabelSet>,
    /// How much it counts.
    pub weight: f32,
}

/// How to fit.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Times that every example is seen.
    pub epochs: usize,
    /// Step size.
    pub rate: f32,
    /// Pull towards zero.
    pub decay: f32,
    /// Share of what is known of a word that is left out each time.
    pub dropout: f32,
    /// Last epochs whose weights are averaged.
    pub averaged: usize,
    /// Seed of the order.
    pub seed: u64,
}

/// Fitted weights.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    /// A row for each feature.
    pub rows: Vec<Row>,
    /// Label pairs; the row [`START`] is the start of a run.
    pub pairs: [Row; LABELS],
    /// Labels at the end of a run.
    pub ends: Row,
}

/// Numbers for keys, from 0, for those that occur at least `fewest` times.
pub fn index<'k>(keys: impl Iterator<Item = &'k u64>, fewest: u32) -> Numbers {
    let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
    for &key in keys {
        *counts.entry(key).or_default() += 1;
    }
    let mut kept: Vec<u64> =
        counts.into_iter().filter(|(_, count)| *count >= fewest).map(|(key, _)| key).collect();
    kept.sort_unstable();
    kept.into_iter().enumerate().map(|(at, key)| (key, at as u32)).collect()
}

/// Fits weights to examples.
pub fn fit(examples: &[Example], features: usize, settings: Settings) -> Weights {
    let mut weights =
        Weights { rows: vec![[0.0; LABELS]; features], pairs: [[0.0; LABELS]; LABELS], ends: [0.0; LABELS] };
    let mut squares = vec![[1e-2f32; LABELS]; features];
    let mut pair_squares = [[1e-1f32; LABELS]; LABELS];
    let mut end_squares = [1e-1f32; LABELS];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = Random::new(settings.seed);
    let mut scratch = Scratch::default();
    let mut chain = Chain::new(&weights.pairs, &weights.ends);
    let mut mean = Mean::default();
    for epoch in 0..settings.epochs {
        random.shuffle(&mut order);
        let rate = settings.rate * (1.0 - 0.7 * epoch as f32 / settings.epochs as f32);
        for (done, &number) in order.iter().enumerate() {
            let example = &examples[number];
            scratch.keep(example, settings.dropout, &mut random);
            scratch.step(example, &weights, &chain);
            for (rows, gradient) in scratch.rows.iter().zip(&scratch.gradients) {
                if gradient.iter().all(|g| g.abs() < 2e-3) {
                    continue;
                }
                for &row in rows {
                    let (weight, square) = (&mut weights.rows[row as usize], &mut squares[row as usize]);
                    for label in 0..LABELS {
                        let slope = gradient[label] + settings.decay * weight[label];
                        square[label] += slope * slope;
                        weight[label] -= rate * slope / square[label].sqrt();
                    }
                }
            }
            for ((pairs, slopes), squares) in
                weights.pairs.iter_mut().zip(&scratch.pairs).zip(&mut pair_squares)
            {
                update(pairs, slopes, squares, rate);
            }
            update(&mut weights.ends, &scratch.ends, &mut end_squares, rate);
            if done % 16 == 0 {
                chain = Chain::new(&weights.pairs, &weights.ends);
            }
        }
        if epoch + settings.averaged >= settings.epochs {
            mean.add(&weights);
        }
    }
    mean.finish()
}

/// The mean of several weights, of epochs or of whole fits: it depends less on chance than any of them.
#[derive(Debug, Default)]
pub struct Mean {
    sum: Option<Weights>,
    count: f32,
}

impl Mean {
    /// Takes weights in.
    pub fn add(&mut self, weights: &Weights) {
        self.count += 1.0;
        let Some(sum) = &mut self.sum else {
            self.sum = Some(weights.clone());
            return;
        };
        let rows = sum.rows.iter_mut().chain(&mut sum.pairs).chain([&mut sum.ends]);
        let more = weights.rows.iter().chain(&weights.pairs).chain([&weights.ends]);
        for (row, more) in rows.zip(more) {
            row.iter_mut().zip(more).for_each(|(weight, more)| *weight += more);
        }
    }

    /// The mean of what was taken in.
    pub fn finish(self) -> Weights {
        let mut mean = self.sum.unwrap_or_default();
        let rows = mean.rows.iter_mut().chain(&mut mean.pairs).chain([&mut mean.ends]);
        rows.flatten().for_each(|weight| *weight /= self.count.max(1.0));
        mean
    }
}

fn update(weights: &mut Row, slopes: &Row, squares: &mut Row, rate: f32) {
    for label in 0..LABELS {
        squares[label] += slopes[label] * slopes[label];
        weights[label] -= rate * 0.3 * slopes[label] / squares[label].sqrt();
    }
}

/// The scores of words by their rows, of which a share was left out.
fn scores(words: &[Vec<u32>], dropout: f32, weights: &Weights, out: &mut Vec<Row>) {
    out.clear();
    for rows in words {
        let mut sum = [0.0; LABELS];
        for &row in rows {
            for (sum, weight) in sum.iter_mut().zip(&weights.rows[row as usize]) {
                *sum += weight;
            }
        }
        out.push(sum.map(|score| score / (1.0 - dropout)));
    }
}

#[derive(Default)]
struct Scratch {
    /// The rows of the example's words that are not left out.
    rows: Vec<Vec<u32>>,
    dropout: f32,
    scores: Vec<Row>,
    gradients: Vec<Row>,
    wanted: Vec<Row>,
    pairs: [Row; LABELS],
    ends: Row,
    work: Work,
}

impl Scratch {
    /// Leaves out a share of what is known of each word, so that the weights do not lean on one thing alone: names that
    /// nobody has seen lack some of it.
    fn keep(&mut self, example: &Example, dropout: f32, random: &mut Random) {
        self.dropout = dropout;
        self.rows.resize_with(example.rows.len(), Vec::new);
        for (kept, rows) in self.rows.iter_mut().zip(&example.rows) {
            kept.clear();
            kept.extend(rows.iter().copied().filter(|_| dropout <= 0.0 || random.unit() >= dropout));
        }
    }

    /// The gradient of one example.
    fn step(&mut self, example: &Example, weights: &Weights, chain: &Chain) {
        scores(&self.rows, self.dropout, weights, &mut self.scores);
        self.pairs = [[0.0; LABELS]; LABELS];
        self.ends = [0.0; LABELS];
        chain.marginals(&self.scores, None, &mut self.work, &mut self.gradients);
        chain.add_pairs(&self.work, example.weight, &mut self.pairs, &mut self.ends);
        chain.marginals(&self.scores, Some(&example.allowed), &mut self.work, &mut self.wanted);
        chain.add_pairs(&self.work, -example.weight, &mut self.pairs, &mut self.ends);
        for (gradient, wanted) in self.gradients.iter_mut().zip(&self.wanted) {
            for (gradient, wanted) in gradient.iter_mut().zip(wanted) {
                *gradient = (*gradient - wanted) * example.weight;
            }
        }
    }
}

/// The model file of fitted weights: the `most` weightiest rows, in steps of `unit`.
pub fn write(weights: &Weights, keys: &Numbers, most: usize, unit: f32) -> Vec<u8> {
    let step = |weight: f32, limit: f32| (weight / unit).round().clamp(-limit, limit);
    let mut ranked: Vec<(f32, u64, u32)> = keys
        .iter()
        .map(|(&key, &row)| {
            (weights.rows[row as usize].iter().map(|w| w.abs()).fold(0.0, f32::max), key, row)
        })
        .filter(|(size, ..)| *size >= unit * 0.5)
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ranked.truncate(most);
    let rows: Vec<(u64, [i8; LABELS])> = ranked
        .into_iter()
        .map(|(_, key, row)| (key, weights.rows[row as usize].map(|weight| step(weight, 127.0) as i8)))
        .collect();
    let whole = |row: Row| row.map(|weight| step(weight, 30_000.0) as i16);
    let mut pairs = weights.pairs.map(whole);
    pairs[START] = whole(weights.pairs[START]);
    model::write(&rows, &pairs, &whole(weights.ends), unit)
}
