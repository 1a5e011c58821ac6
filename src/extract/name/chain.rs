//! The linear chain: the best labels of a run, and how likely each label of each word is.

#![allow(clippy::needless_range_loop, reason = "one label number indexes several tables at once")]

use crate::extract::name::label::{self, LABELS};

/// Weights of label pairs, as real numbers; forbidden pairs are far below all others.
#[derive(Debug, Clone)]
pub struct Chain {
    /// `pairs[a][b]`: `b` after `a`; the row `LABELS - 1` stands for the start of a run.
    pub pairs: [[f32; LABELS]; LABELS],
    /// A label at the end of a run.
    pub ends: [f32; LABELS],
    pair_factors: [[f32; LABELS]; LABELS],
    end_factors: [f32; LABELS],
    /// The most that leaving [`label::OUTSIDE`] for one word can gain by its pairs.
    gain: f32,
}

/// Row of `pairs` that stands for the start of a run.
pub const START: usize = LABELS - 1;

const FORBIDDEN: f32 = -1.0e4;

impl Default for Chain {
    fn default() -> Chain {
        Chain::new(&[[0.0; LABELS]; LABELS], &[0.0; LABELS])
    }
}

impl Chain {
    /// The chain with these weights for the pairs that the label scheme allows.
    pub fn new(pairs: &[[f32; LABELS]; LABELS], ends: &[f32; LABELS]) -> Chain {
        let mut chain = Chain {
            pairs: [[FORBIDDEN; LABELS]; LABELS],
            ends: [FORBIDDEN; LABELS],
            pair_factors: [[0.0; LABELS]; LABELS],
            end_factors: [0.0; LABELS],
            gain: 0.0,
        };
        for next in 0..LABELS - 1 {
            for before in 0..LABELS {
                let from = if before == START { label::OUTSIDE } else { before };
                if label::may_follow(from, next) {
                    chain.pairs[before][next] = pairs[before][next];
                    chain.pair_factors[before][next] = pairs[before][next].exp();
                }
            }
        }
        for last in (0..LABELS).filter(|&last| label::may_end(last)) {
            chain.ends[last] = ends[last];
            chain.end_factors[last] = ends[last].exp();
        }
        let outside = label::OUTSIDE;
        for (row, pairs) in chain.pairs.iter().enumerate() {
            let own = if row == START { pairs[outside] } else { chain.pairs[outside][outside] };
            let most = pairs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            chain.gain = chain.gain.max(most - own);
        }
        for end in chain.ends {
            chain.gain = chain.gain.max(end - chain.ends[outside]);
        }
        // One word that changes its label changes two pairs.
        chain.gain *= 2.0;
        chain
    }

    /// Whether the words of a run are so clearly outside any name that no pair of labels can change it.
    pub fn is_outside(&self, scores: &[[f32; LABELS]]) -> bool {
        scores.iter().all(|row| {
            let most = row[1..LABELS - 1].iter().copied().fold(f32::NEG_INFINITY, f32::max);
            row[label::OUTSIDE] > most + self.gain
        })
    }

    /// The most likely labels of a run with these scores of its words.
    pub fn best(&self, scores: &[[f32; LABELS]], work: &mut Work, labels: &mut Vec<u8>) {
        labels.clear();
        let Some(first) = scores.first() else { return };
        let back = &mut work.back;
        back.clear();
        let mut value: [f32; LABELS] = std::array::from_fn(|next| self.pairs[START][next] + first[next]);
        for row in &scores[1..] {
            // All labels at a time: what is forbidden is so far below that it never wins.
            let mut from = [0u32; LABELS];
            let mut best = [f32::NEG_INFINITY; LABELS];
            for before in 0..LABELS - 1 {
                for next in 0..LABELS {
                    let score = value[before] + self.pairs[before][next];
                    let wins = score > best[next];
                    best[next] = if wins { score } else { best[next] };
                    from[next] = if wins { before as u32 } else { from[next] };
                }
            }
            value = std::array::from_fn(|next| best[next] + row[next]);
            back.push(from);
        }
        let ended = |label: usize| value[label] + self.ends[label];
        let mut last = (0..LABELS - 1).max_by(|&a, &b| ended(a).total_cmp(&ended(b))).unwrap_or(0);
        labels.push(last as u8);
        for from in back.iter().rev() {
            last = from[last] as usize;
            labels.push(last as u8);
        }
        labels.reverse();
    }

    /// The probability of each label of each word; gives the logarithm of the sum over all labellings.
    ///
    /// `allowed` limits the labels of a word; all zero is not.
    pub fn marginals(
        &self,
        scores: &[[f32; LABELS]],
        allowed: Option<&[u16]>,
        work: &mut Work,
        out: &mut Vec<[f32; LABELS]>,
    ) -> f32 {
        out.clear();
        if scores.is_empty() {
            return 0.0;
        }
        let total = self.forward(scores, allowed, work);
        let mut beta: [f32; LABELS] = self.end_factors;
        out.resize(scores.len(), [0.0; LABELS]);
        work.beta.clear();
        work.beta.resize(scores.len(), [0.0; LABELS]);
        for at in (0..scores.len()).rev() {
            work.beta[at] = beta;
            let alpha = &work.alpha[at];
            let products: [f32; LABELS] = std::array::from_fn(|label| alpha[label] * beta[label]);
            let sum: f32 = products.iter().sum();
            out[at] = products.map(|product| product / sum.max(f32::MIN_POSITIVE));
            let factors = &work.factors[at];
            let weighted: [f32; LABELS] = std::array::from_fn(|next| beta[next] * factors[next]);
            let mut before = [0.0; LABELS];
            for (label, value) in before.iter_mut().enumerate().take(LABELS - 1) {
                *value = dot(&self.pair_factors[label], &weighted);
            }
            let scale = 1.0 / before.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            beta = before.map(|value| value * scale);
        }
        total
    }

    fn forward(&self, scores: &[[f32; LABELS]], allowed: Option<&[u16]>, work: &mut Work) -> f32 {
        work.alpha.clear();
        work.factors.clear();
        let mut total = 0.0;
        let mut before = [0.0; LABELS];
        for (at, row) in scores.iter().enumerate() {
            let top = row[..LABELS - 1].iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let set = allowed.map_or(label::ALL, |allowed| allowed[at]);
            let factors: [f32; LABELS] =
                std::array::from_fn(
                    |label| if set >> label & 1 == 1 { (row[label] - top).exp() } else { 0.0 },
                );
            let mut alpha = [0.0f32; LABELS];
            if at == 0 {
                alpha = self.pair_factors[START];
            } else {
                for label in 0..LABELS - 1 {
                    let weight: f32 = before[label];
                    for (sum, pair) in alpha.iter_mut().zip(&self.pair_factors[label]) {
                        *sum += weight * pair;
                    }
                }
            }
            for (sum, factor) in alpha.iter_mut().zip(&factors) {
                *sum *= factor;
            }
            let sum = alpha.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            alpha = alpha.map(|value| value / sum);
            total += sum.ln() + top;
            work.alpha.push(alpha);
            work.factors.push(factors);
            before = alpha;
        }
        total + dot(&before, &self.end_factors).max(f32::MIN_POSITIVE).ln()
    }

    /// Adds to `gradient` how likely each label pair is, after [`Chain::marginals`]; times `sign`.
    pub fn add_pairs(
        &self,
        work: &Work,
        sign: f32,
        gradient: &mut [[f32; LABELS]; LABELS],
        ends: &mut [f32; LABELS],
    ) {
        let length = work.alpha.len();
        for at in 1..length {
            let (alpha, beta, factors) = (&work.alpha[at - 1], &work.beta[at], &work.factors[at]);
            let right: [f32; LABELS] = std::array::from_fn(|next| beta[next] * factors[next]);
            let mut sum = 0.0;
            for label in 0..LABELS - 1 {
                sum += alpha[label] * dot(&self.pair_factors[label], &right);
            }
            let scale = sign / sum.max(f32::MIN_POSITIVE);
            for label in 0..LABELS - 1 {
                let weight = alpha[label] * scale;
                if weight != 0.0 {
                    for next in 0..LABELS - 1 {
                        gradient[label][next] += weight * self.pair_factors[label][next] * right[next];
                    }
                }
            }
        }
        for (edge, at) in [(true, 0), (false, length - 1)] {
            let products: [f32; LABELS] =
                std::array::from_fn(|label| work.alpha[at][label] * work.beta[at][label]);
            let scale = sign / products.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            for label in 0..LABELS - 1 {
                let target = if edge { &mut gradient[START][label] } else { &mut ends[label] };
                *target += products[label] * scale;
            }
        }
    }
}

/// Working memory of the chain, kept between runs.
#[derive(Debug, Default)]
pub struct Work {
    alpha: Vec<[f32; LABELS]>,
    beta: Vec<[f32; LABELS]>,
    factors: Vec<[f32; LABELS]>,
    /// For each word but the first and each of its labels, the best label before it.
    back: Vec<[u32; LABELS]>,
}

fn dot(a: &[f32; LABELS], b: &[f32; LABELS]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::name::NameClass;
    use crate::extract::name::label::label;

    #[test]
    fn the_best_labels_obey_the_scheme() {
        let chain = Chain::default();
        let mut scores = vec![[0.0; LABELS]; 3];
        scores[0][label(NameClass::Person, 0)] = 3.0;
        scores[1][label(NameClass::Person, 2)] = 2.0;
        scores[2][label(NameClass::Person, 1)] = 2.5;
        let mut labels = Vec::new();
        chain.best(&scores, &mut Work::default(), &mut labels);
        assert_eq!(labels[..2], [label(NameClass::Person, 0) as u8, label(NameClass::Person, 2) as u8]);
        assert_ne!(labels[2], label(NameClass::Person, 1) as u8);
    }

    #[test]
    fn marginals_sum_to_one_and_forbidden_labels_have_none() {
        let chain = Chain::default();
        let mut scores = vec![[0.0; LABELS]; 4];
        scores[1][5] = 1.5;
        let mut out = Vec::new();
        chain.marginals(&scores, None, &mut Work::default(), &mut out);
        for row in &out {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
        assert!(out[0][label(NameClass::Person, 2)] < 1e-6 && out[3][label(NameClass::Person, 0)] < 1e-6);
        chain.marginals(&scores, Some(&[1, 1, 1, 1]), &mut Work::default(), &mut out);
        assert!(out.iter().all(|row| row[0] > 0.999));
    }
}
