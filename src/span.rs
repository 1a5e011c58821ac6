//! A stretch of text: a byte range that lies on character boundaries.
//!
//! Inside the program spans are bytes, because slicing is free; people and files get Unicode code points, which
//! [`CodePoints`] converts to in one walk over the text. Never holds the text itself.

use serde::{Deserialize, Serialize};

/// A byte range `start..end` of some text, `start <= end`, both on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span of `start..end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The text that this span covers; empty if it does not fit `text`.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(&self, other: &Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing.
    pub fn is_empty(&self) -> bool {
        self.end <= self.start
    }
}

/// Converts byte offsets into code-point offsets; ask for them in ascending order for one walk in all.
#[derive(Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    byte: usize,
    point: usize,
}

impl<'t> CodePoints<'t> {
    /// Starts at the beginning of `text`.
    pub fn new(text: &'t str) -> CodePoints<'t> {
        CodePoints { text, byte: 0, point: 0 }
    }

    /// The number of code points before byte `offset`.
    pub fn at(&mut self, offset: usize) -> usize {
        if offset < self.byte {
            self.byte = 0;
            self.point = 0;
        }
        let end = offset.min(self.text.len());
        let passed = &self.text.as_bytes()[self.byte..end];
        self.point += passed.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        self.byte = end;
        self.point
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_count_characters_not_bytes() {
        let text = "Köln — Zürich";
        let mut points = CodePoints::new(text);
        let dash = text.find('—').unwrap();
        assert_eq!(points.at(dash), 5);
        assert_eq!(points.at(text.len()), 13);
        assert_eq!(points.at(0), 0, "going back starts anew");
    }
}
