//! Training samples: candidate runs of labelled texts with the keys of their words and the labels allowed for each.

use crate::eval::train::gold::{Labelled, Mark};
use crate::extract::name::feature::{Document, Memory, Place};
use crate::extract::name::label::{self, LabelSet};
use crate::extract::name::lexicon::Lexicon;
use crate::extract::name::tagger::each_place;
use crate::extract::name::topic::Topics;
use crate::text::Text;

/// One candidate run.
#[derive(Debug)]
pub struct Sample {
    /// The keys of each word.
    pub keys: Vec<Vec<u64>>,
    /// The labels allowed for each word.
    pub allowed: Vec<LabelSet>,
    /// How much it counts.
    pub weight: f32,
}

/// The samples of labelled texts.
pub fn samples(labelled: &[Labelled], lexicon: &Lexicon) -> Vec<Sample> {
    let topics = Topics::default();
    let (mut found, mut memory) = (Vec::new(), Memory::default());
    for one in labelled {
        let text = Text::new(&one.source);
        let allowed = allowed(&text, one);
        let texts = [&text];
        let document = Document::new(&texts, lexicon, &topics, &mut memory);
        each_place(&document, 0, lexicon, |place| {
            // What is open says nothing.
            if allowed[place.run()].iter().all(|&set| set == label::ALL) {
                return;
            }
            found.push(Sample {
                keys: place.run().map(|at| keys((&memory, &document), place, at)).collect(),
                allowed: cut(&allowed[place.run()]),
                weight: one.weight,
            });
        });
    }
    found
}

fn keys((memory, document): (&Memory, &Document<'_>), place: &Place<'_>, at: usize) -> Vec<u64> {
    let mut keys = Vec::with_capacity(128);
    for (role, offset) in [(0, 0), (1, -1), (2, -2), (3, 1), (4, 2)] {
        memory.word_keys(document.known(place.id(at, offset)), role, &mut keys);
    }
    document.context_keys(place, at, &mut keys);
    keys
}

/// The labels allowed for each token of a text.
fn allowed(text: &Text, labelled: &Labelled) -> Vec<LabelSet> {
    let outside: LabelSet = if labelled.others_open {
        1 << label::OUTSIDE | 1 << label::OTHER | 1 << label::OTHER_INSIDE
    } else {
        1 << label::OUTSIDE
    };
    let mut allowed = vec![outside; text.tokens.len()];
    let mut first = 0;
    for mark in &labelled.marks {
        while first < text.tokens.len() && text.tokens[first].end as usize <= mark.start {
            first += 1;
        }
        let mut last = first;
        while last < text.tokens.len() && (text.tokens[last].start as usize) < mark.end {
            last += 1;
        }
        spell(text, mark, &mut allowed[first..last], first, last);
    }
    allowed
}

fn spell(text: &Text, mark: &Mark, allowed: &mut [LabelSet], first: usize, last: usize) {
    let Some(class) = mark.class else {
        allowed.fill(label::ALL);
        return;
    };
    let exact = first < last
        && text.tokens[first].start as usize == mark.start
        && text.tokens[last - 1].end as usize == mark.end;
    if !exact {
        allowed.fill(label::ALL);
        return;
    }
    let length = allowed.len();
    for (at, set) in allowed.iter_mut().enumerate() {
        let position = match (at, length) {
            (0, 1) => 3,
            (0, _) => 0,
            _ if at + 1 == length => 2,
            _ => 1,
        };
        *set = 1 << label::label(class, position);
    }
}

/// A name that the run cuts off may end or begin there in any way.
fn cut(allowed: &[LabelSet]) -> Vec<LabelSet> {
    let mut allowed = allowed.to_vec();
    let is_possible =
        |set: LabelSet, test: fn(usize) -> bool| (0..15).any(|label| set >> label & 1 == 1 && test(label));
    if let Some(first) = allowed.first_mut()
        && !is_possible(*first, |label| label::may_follow(label::OUTSIDE, label))
    {
        *first = label::ALL;
    }
    if let Some(last) = allowed.last_mut()
        && !is_possible(*last, label::may_end)
    {
        *last = label::ALL;
    }
    for at in 1..allowed.len() {
        let linked = (0..15).any(|before| {
            allowed[at - 1] >> before & 1 == 1
                && (0..15).any(|next| allowed[at] >> next & 1 == 1 && label::may_follow(before, next))
        });
        if !linked {
            allowed[at - 1] = label::ALL;
            allowed[at] = label::ALL;
        }
    }
    allowed
}
