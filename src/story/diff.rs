//! What was changed between two copies, in words.

use std::ops::Range;

use crate::story::shingle::words;

/// A stretch of words that one text has in place of one of the other; either may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As bytes of the old text.
    pub old: Range<usize>,
    /// As bytes of the new text.
    pub new: Range<usize>,
}

/// What turns `old` into `new`, in order; words are compared without regard to case and punctuation.
///
/// Words that each text has just once hold the texts together; between two of them everything that is not equal at the
/// ends is a change. So it takes no longer than sorting, and is short for texts that are copies.
pub fn changes(old: &str, new: &str) -> Vec<Change> {
    let (one, other) = (Words::of(old), Words::of(new));
    let mut changes = Vec::new();
    let mut from = (0, 0);
    for anchor in anchors(&one, &other).into_iter().chain([(one.len(), other.len())]) {
        if let Some((old, new)) = differing(&one, &other, from, anchor) {
            changes.push(Change { old: one.bytes(old), new: other.bytes(new) });
        }
        from = anchor;
    }
    joined(changes, old, new)
}

/// The words of a text, and the same folded.
struct Words {
    ranges: Vec<Range<usize>>,
    folded: Vec<String>,
    end: usize,
}

impl Words {
    fn of(text: &str) -> Words {
        let ranges = words(text);
        let folded = ranges.iter().map(|range| text[range.clone()].to_lowercase()).collect();
        Words { ranges, folded, end: text.len() }
    }

    fn len(&self) -> usize {
        self.ranges.len()
    }

    /// The bytes of a range of words; an empty one lies before its word.
    fn bytes(&self, words: Range<usize>) -> Range<usize> {
        let start = self.ranges.get(words.start).map_or(self.end, |range| range.start);
        let end = if words.is_empty() { start } else { self.ranges[words.end - 1].end };
        start..end
    }

    /// Where each word that occurs once is.
    fn unique(&self) -> std::collections::BTreeMap<&str, usize> {
        let mut places: std::collections::BTreeMap<&str, Option<usize>> = std::collections::BTreeMap::new();
        for (at, word) in self.folded.iter().enumerate() {
            places.entry(word).and_modify(|place| *place = None).or_insert(Some(at));
        }
        places.into_iter().filter_map(|(word, place)| Some((word, place?))).collect()
    }
}

/// Pairs of places of words that both texts have once: the longest list of them that goes forward in both.
fn anchors(one: &Words, other: &Words) -> Vec<(usize, usize)> {
    let places = other.unique();
    let mut pairs: Vec<(usize, usize)> =
        one.unique().into_iter().filter_map(|(word, at)| Some((at, *places.get(word)?))).collect();
    pairs.sort_unstable();
    // The longest increasing run by patience: `tops` holds the last pair of each pile.
    let mut tops: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (number, pair) in pairs.iter().enumerate() {
        let pile = tops.partition_point(|&top| pairs[top].1 < pair.1);
        before.push(pile.checked_sub(1).map(|below| tops[below]));
        if pile == tops.len() {
            tops.push(number);
        } else {
            tops[pile] = number;
        }
    }
    let mut kept = Vec::with_capacity(tops.len());
    let mut next = tops.last().copied();
    while let Some(number) = next {
        kept.push(pairs[number]);
        next = before[number];
    }
    kept.reverse();
    kept
}

/// What differs between two anchors when equal words at both ends are left out.
fn differing(
    one: &Words,
    other: &Words,
    mut from: (usize, usize),
    mut to: (usize, usize),
) -> Option<(Range<usize>, Range<usize>)> {
    while from.0 < to.0 && from.1 < to.1 && one.folded[from.0] == other.folded[from.1] {
        from = (from.0 + 1, from.1 + 1);
    }
    while from.0 < to.0 && from.1 < to.1 && one.folded[to.0 - 1] == other.folded[to.1 - 1] {
        to = (to.0 - 1, to.1 - 1);
    }
    (from != to).then_some((from.0..to.0, from.1..to.1))
}

/// Changes that touch are one.
fn joined(changes: Vec<Change>, old: &str, new: &str) -> Vec<Change> {
    let is_blank = |text: &str| !text.contains(char::is_alphanumeric);
    let mut joined: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        match joined.last_mut() {
            Some(last)
                if is_blank(&old[last.old.end..change.old.start])
                    && is_blank(&new[last.new.end..change.new.start]) =>
            {
                last.old.end = change.old.end;
                last.new.end = change.new.end;
            }
            _ => joined.push(change),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> Vec<String> {
        let changes = changes(old, new).into_iter();
        changes.map(|change| format!("{}>{}", &old[change.old], &new[change.new])).collect()
    }

    #[test]
    fn changed_words_are_told() {
        let old = "Three drones fell near Erbil on Saturday, officials said. Nobody was hurt.";
        for (new, expected) in [
            (old, &[][..]),
            ("three drones fell near ERBIL on Saturday; officials said nobody was hurt", &[]),
            ("Four drones fell near Erbil on Saturday, officials said. Nobody was hurt.", &["Three>Four"]),
            (
                "Three drones fell near Erbil on Saturday, officials of the region said. Nobody was hurt.",
                &[">of the region"],
            ),
            ("Three drones fell near Erbil on Saturday, officials said.", &["Nobody was hurt>"]),
            (
                "Five drones fell near Erbil late on Saturday, officials said. Two were hurt.",
                &["Three>Five", ">late", "Nobody was>Two were"],
            ),
        ] {
            assert_eq!(shown(old, new), expected, "{new}");
        }
        assert_eq!(shown("", "all new"), [">all new"]);
        assert_eq!(shown("all old", ""), ["all old>"]);
    }

    proptest::proptest! {
        #[test]
        fn what_is_not_changed_is_equal(old in "[a-d ]{0,60}", new in "[a-d ]{0,60}") {
            let (mut at_old, mut at_new) = (0, 0);
            let words = |text: &str| words(text).into_iter().map(|word| text[word].to_owned()).collect::<Vec<_>>();
            for change in changes(&old, &new) {
                proptest::prop_assert_eq!(words(&old[at_old..change.old.start]), words(&new[at_new..change.new.start]));
                (at_old, at_new) = (change.old.end, change.new.end);
            }
            proptest::prop_assert_eq!(words(&old[at_old..]), words(&new[at_new..]));
        }
    }
}
