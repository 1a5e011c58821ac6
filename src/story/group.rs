//! Which signatures belong together: texts that meet in a band are compared, and copies of copies are one group.
//!
//! A pure function of the set of signatures, so that it does not matter when, in which order and by how many threads
//! they were made.

use crate::story::signature::{BANDS, Signature};

/// The group of every signature, as the smallest index in it.
pub fn groups(signatures: &[Signature]) -> Vec<u32> {
    let mut forest = Forest { above: (0..signatures.len() as u32).collect() };
    let mut keyed = Vec::with_capacity(signatures.len());
    for band in 0..BANDS {
        keyed.clear();
        keyed.extend(
            (0_u32..).zip(signatures).map(|(at, one)| u64::from(one.key(band)) << 32 | u64::from(at)),
        );
        keyed.sort_unstable();
        for meeting in keyed.chunk_by(|one, other| one >> 32 == other >> 32) {
            if meeting.len() > 1 {
                forest.compare(meeting.iter().map(|&keyed| keyed as u32), signatures);
            }
        }
    }
    (0..signatures.len() as u32).map(|at| forest.root(at)).collect()
}

/// Groups that grow together; every tree is one.
struct Forest {
    above: Vec<u32>,
}

impl Forest {
    fn root(&mut self, mut at: u32) -> u32 {
        while self.above[at as usize] != at {
            let above = self.above[at as usize];
            self.above[at as usize] = self.above[above as usize];
            at = above;
        }
        at
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        self.above[one.max(other) as usize] = one.min(other);
    }

    /// Joins what are copies among texts that met. Those that are of one group already need no comparison.
    fn compare(&mut self, meeting: impl Iterator<Item = u32>, signatures: &[Signature]) {
        let mut parts: Vec<Vec<u32>> = Vec::new();
        for at in meeting {
            let mut own = vec![at];
            let mut apart = Vec::with_capacity(parts.len());
            for part in parts {
                let is_joined = self.root(part[0]) == self.root(at);
                let is_copy = |&met: &u32| signatures[at as usize].is_copy_of(&signatures[met as usize]);
                if is_joined || part.iter().any(is_copy) {
                    self.join(part[0], at);
                    own.extend(part);
                } else {
                    apart.push(part);
                }
            }
            apart.push(own);
            parts = apart;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::shingle::mixed;

    fn text(seed: u64, words: usize) -> String {
        let words = (0..words as u64).map(|number| format!("w{}", mixed(seed << 32 | number) % 3_000));
        words.collect::<Vec<_>>().join(" ")
    }

    fn signatures(texts: &[String]) -> Vec<Signature> {
        texts.iter().filter_map(|text| Signature::of(text)).collect()
    }

    #[test]
    fn copies_of_copies_are_one_group() {
        let whole = text(1, 300);
        let words: Vec<&str> = whole.split(' ').collect();
        let (most, middle) = (words[..240].join(" "), words[40..240].join(" "));
        let texts = [text(2, 300), whole, text(3, 200), most, middle];
        assert_eq!(groups(&signatures(&texts)), [0, 1, 2, 1, 1]);
        assert!(groups(&[]).is_empty());
    }

    #[test]
    fn many_equal_texts_take_no_time() {
        let texts = vec![text(1, 100); 20_000];
        assert!(groups(&signatures(&texts)).iter().all(|&group| group == 0));
    }

    proptest::proptest! {
        #[test]
        fn order_does_not_matter(seeds in proptest::collection::vec((0_u64..6, 120_usize..200), 2..14), shift in 0_usize..14) {
            let texts: Vec<String> = seeds.iter().map(|&(seed, words)| text(seed, words)).collect();
            let shift = shift % texts.len();
            let mut moved = texts.clone();
            moved.rotate_left(shift);
            let (one, other) = (groups(&signatures(&texts)), groups(&signatures(&moved)));
            let moved_from = |at: usize| (at + texts.len() - shift) % texts.len();
            for a in 0..texts.len() {
                for b in 0..texts.len() {
                    proptest::prop_assert_eq!(one[a] == one[b], other[moved_from(a)] == other[moved_from(b)]);
                }
            }
        }
    }
}
