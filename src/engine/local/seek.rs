//! Seeks words in a text by how they begin, so that few of them are cut out and compared.
//!
//! Between spaces a text is cut the same way wherever it begins, so that only pieces with a word that may be meant are
//! cut at all. Takes a text, gives the words that begin so, and those after each.

use memchr::{memchr_iter, memchr2};

use crate::engine::local::analysis::{Word, words};
use crate::text::token::{BREAK, SOFT_HYPHEN};

/// Which bytes a word may begin with. Bytes of other characters than ASCII are let through: what they are folded to is
/// not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening {
    /// The small first letter, or 0 if anything may come first.
    first: u8,
    /// The small second letter, or 0 if anything may come next.
    second: u8,
}

/// Stems of so many letters or more keep the second letter of their words, which `dying`, of the stem `die`, does not.
const TELLING_STEM: usize = 4;

impl Opening {
    /// Any word.
    pub(super) const ANY: Opening = Opening { first: 0, second: 0 };

    /// Words that are folded to what begins with `folded`.
    pub(super) fn of_word(folded: &str) -> Opening {
        let letter = |at: usize| folded.as_bytes().get(at).copied().filter(u8::is_ascii_alphanumeric);
        match letter(0) {
            Some(first) => Opening { first, second: letter(1).unwrap_or(0) },
            None => Opening::ANY,
        }
    }

    /// Words of a stem.
    pub(super) fn of_stem(stem: &str) -> Opening {
        let opening = Opening::of_word(stem);
        if stem.len() >= TELLING_STEM { opening } else { Opening { second: 0, ..opening } }
    }

    /// Whether a word may begin with these bytes.
    fn admits(self, first: u8, second: Option<u8>) -> bool {
        let is = |byte: u8, letter: u8| {
            letter == 0 || !byte.is_ascii_alphanumeric() || byte.to_ascii_lowercase() == letter
        };
        is(first, self.first) && second.is_none_or(|second| is(second, self.second))
    }
}

/// The words of a text that begin so.
pub(super) struct Words<'t> {
    source: &'t str,
    opening: Opening,
    /// Words that were cut and not yet looked at, the last first.
    cut: Vec<Word>,
    /// Where the rest begins that was not cut.
    rest: usize,
    /// The next byte that is not ASCII: what it is folded to may be meant.
    wide: usize,
    /// Words may go on after a space.
    is_broken: bool,
}

impl<'t> Words<'t> {
    /// Those of `source`, in order.
    pub(super) fn opened(source: &'t str, opening: Opening) -> Words<'t> {
        let is_broken = has_breaks(source);
        let wide = before_wide(source.as_bytes());
        Words { source, opening, cut: Vec::new(), rest: 0, wide, is_broken }
    }

    /// The `count` words after the last one given, none beyond the end.
    pub(super) fn after(&self, count: usize) -> impl Iterator<Item = Option<Word>> + use<> {
        let mut next: Vec<Option<Word>> = self.cut.iter().rev().copied().map(Some).take(count).collect();
        let mut at = self.rest;
        while next.len() < count && at < self.source.len() {
            let end = self.piece_end(at);
            next.extend(cut(self.source, at, end).map(Some));
            at = end;
        }
        next.resize(count, None);
        next.into_iter()
    }

    /// Where the piece at `at` ends: after the spaces that follow it, if they part words for certain.
    fn piece_end(&self, at: usize) -> usize {
        let bytes = self.source.as_bytes();
        if self.is_broken {
            return bytes.len();
        }
        let Some(space) = bytes[at..].iter().position(u8::is_ascii_whitespace) else { return bytes.len() };
        let after = at + space;
        bytes[after..].iter().position(|byte| !byte.is_ascii_whitespace()).map_or(bytes.len(), |n| after + n)
    }

    /// The first piece from `rest` on with a word that may be meant.
    fn piece(&mut self) -> Option<(usize, usize)> {
        let bytes = self.source.as_bytes();
        if self.is_broken || self.opening == Opening::ANY {
            return (self.rest < bytes.len()).then(|| (self.rest, self.piece_end(self.rest)));
        }
        if self.wide < self.rest {
            self.wide = self.rest + before_wide(&bytes[self.rest..]);
        }
        let (small, great) = (self.opening.first, self.opening.first.to_ascii_uppercase());
        let mut from = self.rest;
        while let Some(found) = memchr2(small, great, &bytes[from..self.wide]) {
            let at = from + found;
            let is_first = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
            if is_first && self.opening.admits(bytes[at], bytes.get(at + 1).copied()) {
                return Some((self.piece_start(at), self.piece_end(at)));
            }
            from = at + 1;
        }
        (self.wide < bytes.len()).then(|| (self.piece_start(self.wide), self.piece_end(self.wide)))
    }

    /// Where the piece begins that holds the byte `at`.
    fn piece_start(&self, at: usize) -> usize {
        let before = &self.source.as_bytes()[self.rest..at];
        self.rest + before.iter().rposition(u8::is_ascii_whitespace).map_or(0, |space| space + 1)
    }
}

/// How many bytes stand before the first that is not ASCII.
fn before_wide(bytes: &[u8]) -> usize {
    const AT_ONCE: usize = 32;
    let narrow = bytes.chunks(AT_ONCE).take_while(|chunk| chunk.is_ascii()).count() * AT_ONCE;
    let rest = bytes.get(narrow..).unwrap_or(&[]);
    narrow.min(bytes.len()) + rest.iter().take_while(|byte| byte.is_ascii()).count()
}

/// Whether any word may be broken at the end of a line.
fn has_breaks(source: &str) -> bool {
    let mut first = [0; 2];
    BREAK.encode_utf8(&mut first);
    // Both begin with the same byte, which only begins characters.
    memchr_iter(first[0], source.as_bytes()).any(|at| source[at..].starts_with([BREAK, SOFT_HYPHEN]))
}

/// The words of a piece of a text.
fn cut(source: &str, start: usize, end: usize) -> impl DoubleEndedIterator<Item = Word> + use<> {
    let shifted = move |word: Word| Word { start: start + word.start, end: start + word.end, ..word };
    words(&source[start..end]).into_iter().map(shifted)
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        loop {
            if let Some(word) = self.cut.pop() {
                let mut bytes = self.source[word.start..word.end].bytes();
                if bytes.next().is_some_and(|first| self.opening.admits(first, bytes.next())) {
                    return Some(word);
                }
                continue;
            }
            let (start, end) = self.piece()?;
            self.cut.extend(cut(self.source, start, end).rev());
            self.rest = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str, opening: Opening) -> Vec<&str> {
        Words::opened(source, opening).map(|word| &source[word.start..word.end]).collect()
    }

    #[test]
    fn words_are_found_by_how_they_begin() {
        let text = "Oil-rich states (oil too) and O'Neill's “Oil” of the U.S.: oi, Öl, \"oils\" oft.";
        assert_eq!(
            found(text, Opening::of_word("oil")),
            ["Oil", "oil", "O'Neill", "Oil", "oi", "Öl", "oils"]
        );
        assert_eq!(found("He died. Dying", Opening::of_stem("die")), ["died", "Dying"]);
        assert_eq!(found("Jeru ¬ salem and Bra¬\nbant", Opening::of_word("bra")), ["Bra¬\nbant"]);
        assert_eq!(found("", Opening::ANY), [""; 0]);
    }

    #[test]
    fn the_words_after_one_are_those_of_the_text() {
        let text = "a well-known\tname, b";
        let mut opened = Words::opened(text, Opening::of_word("well"));
        opened.next();
        let after: Vec<Option<&str>> =
            opened.after(4).map(|word| word.map(|word| &text[word.start..word.end])).collect();
        assert_eq!(after, [Some("known"), Some("name"), Some("b"), None]);
    }

    proptest::proptest! {
        #[test]
        fn seeking_finds_what_cutting_the_whole_text_finds(
            source in "([a-eA-E0-9'.,¬é\u{ad}’ \n\u{3000}北京のก้-]|al|dy){0,40}",
            folded in "[a-e]{1,5}",
        ) {
            for opening in [Opening::ANY, Opening::of_word(&folded), Opening::of_stem(&folded)] {
                let admitted = |word: &Word| {
                    let mut bytes = source[word.start..word.end].bytes();
                    bytes.next().is_some_and(|first| opening.admits(first, bytes.next()))
                };
                let expected: Vec<Word> = words(&source).into_iter().filter(admitted).collect();
                let sought: Vec<Word> = Words::opened(&source, opening).collect();
                proptest::prop_assert_eq!(sought, expected);
            }
        }
    }
}
