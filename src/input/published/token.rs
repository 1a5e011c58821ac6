//! The pieces of a date string: numbers, words and marks, with where they stand.
//!
//! Digits of any script count (`٢٨`, `२८`). White space only shows as [`Piece::gap`].

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A run of digits: its value (capped) and how many there are.
    Number(u64, usize),
    /// A run of letters.
    Word,
    /// Any other character.
    Mark(char),
}

/// One number, word or mark.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// What it is.
    pub(crate) kind: Kind,
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// White space stands before it.
    pub(crate) gap: bool,
}

/// Cuts `text` into pieces.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(text.len() / 4);
    let mut gap = false;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if c.is_whitespace() || is_invisible(c) {
            gap = true;
            continue;
        }
        let joins = pieces.last_mut().filter(|last| !gap && last.end == start);
        match (joins, digit(c)) {
            (Some(Piece { kind: Kind::Number(value, count), end: last, .. }), Some(digit)) => {
                *value = value.saturating_mul(10).saturating_add(digit);
                *count += 1;
                *last = end;
            }
            (_, Some(digit)) => pieces.push(Piece { kind: Kind::Number(digit, 1), start, end, gap }),
            (Some(Piece { kind: Kind::Word, end: last, .. }), None) if is_letter(c) => *last = end,
            (_, None) if is_letter(c) => pieces.push(Piece { kind: Kind::Word, start, end, gap }),
            _ => pieces.push(Piece { kind: Kind::Mark(c), start, end, gap }),
        }
        gap = false;
    }
    pieces
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c)
}

/// Marks of direction and joining, which word processors leave between the numbers.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// The value of a digit of the scripts that newspapers print numbers in.
fn digit(c: char) -> Option<u64> {
    const ZEROS: [char; 12] = ['0', '٠', '۰', '०', '০', '੦', '૦', '௦', '౦', '๐', '０', '၀'];
    if c.is_ascii() {
        return c.to_digit(10).map(u64::from);
    }
    let code = u32::from(c);
    ZEROS
        .into_iter()
        .map(u32::from)
        .find(|zero| (*zero..zero + 10).contains(&code))
        .map(|zero| u64::from(code - zero))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_words_and_marks_are_told_apart() {
        let kinds: Vec<Kind> = pieces("28th-Feb ٢٠٢١年").into_iter().map(|piece| piece.kind).collect();
        let expected =
            [Kind::Number(28, 2), Kind::Word, Kind::Mark('-'), Kind::Word, Kind::Number(2021, 4), Kind::Word];
        assert_eq!(kinds, expected);
        assert!(pieces(" \u{200f}\n").is_empty());
    }
}
