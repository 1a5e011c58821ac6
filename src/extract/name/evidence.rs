//! What the first pass made of the same words elsewhere in the article, as keys of the second pass.

use rustc_hash::FxHashMap;

use crate::extract::name::NameClass;
use crate::extract::name::label::{self, LABELS};

/// Sums of label probabilities.
pub type Votes = [f32; LABELS];

/// Votes for each word and each pair of words.
#[derive(Debug, Default)]
pub struct Evidence {
    votes: FxHashMap<u64, Votes>,
}

impl Evidence {
    /// Adds what the first pass thinks of the word or pair `key`.
    pub fn add(&mut self, key: u64, marginals: &Votes) {
        let votes = self.votes.entry(key).or_insert([0.0; LABELS]);
        for (sum, value) in votes.iter_mut().zip(marginals) {
            *sum += value;
        }
    }

    /// The keys of one word: the votes for it (`kind` 0) or for its pair with a neighbour (1 left, 2 right), its own
    /// `marginals` left out.
    pub fn keys(&self, key: u64, kind: u64, marginals: &Votes, keys: &mut Vec<u64>) {
        let Some(votes) = self.votes.get(&key) else { return };
        let rest: Votes = std::array::from_fn(|label| (votes[label] - marginals[label]).max(0.0));
        let total: f32 = rest.iter().sum();
        let prefix = (kind + 1) << 32;
        if total < 0.3 {
            keys.push(prefix);
            return;
        }
        let own = strongest(marginals);
        let amount = match total {
            _ if total < 1.5 => 0,
            _ if total < 3.5 => 1,
            _ => 2,
        };
        let classes = by_class(&rest);
        for (at, sum) in classes.into_iter().enumerate() {
            let share = (sum / total * 5.0).round() as u64;
            let value = (at as u64) << 8 | share << 4;
            keys.push(prefix | 1 << 24 | value | amount);
            keys.push(prefix | 2 << 24 | value << 8 | own << 4 | amount);
        }
        keys.push(prefix | 3 << 24 | strongest(&rest) << 8 | own);
        let last_of_person = rest[label::label(NameClass::Person, 2)] / total > 0.2;
        let first_of_person = rest[label::label(NameClass::Person, 0)] / total > 0.2;
        keys.push(prefix | 4 << 24 | own << 8 | u64::from(last_of_person) << 1 | u64::from(first_of_person));
    }
}

fn by_class(votes: &Votes) -> [f32; 5] {
    let sum = |range: std::ops::Range<usize>| votes[range].iter().sum::<f32>();
    [votes[0], sum(1..5), sum(5..9), sum(9..13), sum(13..15)]
}

fn strongest(votes: &Votes) -> u64 {
    (0..LABELS).max_by(|&a, &b| votes[a].total_cmp(&votes[b])).unwrap_or(0) as u64
}
