//! The labels of the tagger and which may follow which: begin, inside, last and unit of a person, an organisation or
//! a location, begin and inside of another name, and outside.

use crate::extract::name::NameClass;

/// How many labels there are; rows of weights have this length.
pub const LABELS: usize = 16;

/// A set of labels, one bit each.
pub type LabelSet = u16;

/// Outside any name.
pub const OUTSIDE: usize = 0;
/// First word of another name.
pub const OTHER: usize = 13;
/// Later word of another name.
pub const OTHER_INSIDE: usize = 14;
/// Every label in use; the last column only fills the row.
pub const ALL: LabelSet = 0x7FFF;

/// The label of position `position` (begin, inside, last, unit) of a class.
pub fn label(class: NameClass, position: usize) -> usize {
    match class {
        NameClass::Person => 1 + position,
        NameClass::Organisation => 5 + position,
        NameClass::Location => 9 + position,
        NameClass::Other => [OTHER, OTHER_INSIDE, OTHER_INSIDE, OTHER][position],
    }
}

/// The class of a label, if it is one of a name.
pub fn class(label: usize) -> Option<NameClass> {
    match label {
        1..=4 => Some(NameClass::Person),
        5..=8 => Some(NameClass::Organisation),
        9..=12 => Some(NameClass::Location),
        13 | 14 => Some(NameClass::Other),
        _ => None,
    }
}

fn position(label: usize) -> usize {
    (label - 1) % 4
}

fn is_open(label: usize) -> bool {
    matches!(label, 1..=12) && position(label) < 2
}

fn goes_on(label: usize) -> bool {
    matches!(label, 1..=12) && (position(label) == 1 || position(label) == 2)
}

/// Whether `next` may follow `label`.
pub fn may_follow(label: usize, next: usize) -> bool {
    if next == OTHER_INSIDE {
        return label == OTHER || label == OTHER_INSIDE;
    }
    if is_open(label) || goes_on(next) {
        return is_open(label) && goes_on(next) && class(label) == class(next);
    }
    true
}

/// Whether a run may end with `label`.
pub fn may_end(label: usize) -> bool {
    label < 15 && !is_open(label)
}

/// Whether the label begins a name.
pub fn begins(label: usize) -> bool {
    label == OTHER || (matches!(label, 1..=12) && matches!(position(label), 0 | 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_follow_the_scheme() {
        let person = |position| label(NameClass::Person, position);
        let place = |position| label(NameClass::Location, position);
        assert!(may_follow(person(0), person(2)) && may_follow(person(1), person(1)));
        assert!(!may_follow(person(0), place(2)) && !may_follow(OUTSIDE, person(1)));
        assert!(!may_follow(person(0), OUTSIDE) && may_follow(person(3), place(0)));
        assert!(may_follow(OTHER, OTHER_INSIDE) && !may_follow(OUTSIDE, OTHER_INSIDE));
        assert!(may_end(person(2)) && !may_end(person(1)) && may_end(OTHER));
    }
}
