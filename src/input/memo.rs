//! Answers about names, which repeat from record to record and from page to page.
//!
//! Takes a name and the question, gives the answer, from memory where it was asked before. Of bounded size; an answer
//! must depend on nothing but the name.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

/// More names are not those of fields.
const MOST: usize = 4096;
/// Longer names are not kept.
const LONGEST: usize = 64;

/// What was answered so far.
pub(super) struct Memo<T> {
    known: RefCell<FxHashMap<Box<str>, T>>,
}

impl<T: Copy> Memo<T> {
    /// Nothing yet.
    pub(super) fn new() -> Memo<T> {
        Memo { known: RefCell::default() }
    }

    /// The answer for `name`.
    pub(super) fn answer(&self, name: &str, ask: impl FnOnce(&str) -> T) -> T {
        if name.len() > LONGEST {
            return ask(name);
        }
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        let answer = ask(name);
        let mut known = self.known.borrow_mut();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(name.into(), answer);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_asked_once_and_memory_is_bounded() {
        let memo = Memo::new();
        let mut asked = 0;
        for name in ["date", "title", "date"] {
            let length = memo.answer(name, |name| {
                asked += 1;
                name.len()
            });
            assert_eq!(length, name.len());
        }
        assert_eq!(asked, 2);
        for number in 0..3 * MOST {
            assert_eq!(memo.answer(&number.to_string(), |_| number), number);
        }
        assert!(memo.known.borrow().len() <= MOST);
    }
}
