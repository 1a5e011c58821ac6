//! Tokens: the words, numbers and punctuation marks of a text, as byte spans.
//!
//! News conventions decide: `U.S.` and `al-Qaim's` matter more than what a general word-breaking standard says.
//! A word keeps its inner apostrophes (`Kata'ib`), gives up its possessive (`Iran|'s`), and is cut at hyphens
//! (`Iranian|-|backed`) so that each half can be named; single letters with full stops stay together (`U.S.`). A word
//! that a scanned page breaks at the end of a line stays one (`Jeru¬ salem`).

use unicode_normalization::char::is_combining_mark;

use crate::span::Span;

/// What kind of characters a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, possibly with digits after them.
    Word,
    /// Begins with a digit: `1990`, `3.5`, `14:05`, `2nd`.
    Number,
    /// The possessive ending `'s`, or `'` after s.
    Possessive,
    /// One mark of punctuation or symbol.
    Mark,
}

/// One token. Offsets are bytes; the source is below 4 GB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is made of.
    pub kind: TokenKind,
    /// First character is an upper-case letter.
    pub capital: bool,
    /// It has a capital somewhere, or is a word of a script without case: it can be a name by itself.
    pub can_name: bool,
    /// A line break stands between this token and the one before, or it is the first.
    pub line_start: bool,
    /// A blank line stands between this token and the one before, or it is the first.
    pub paragraph_start: bool,
    /// No white space stands before it.
    pub joined: bool,
}

impl Token {
    /// Its span.
    pub fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

/// Cuts `source` into tokens.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(source.len() / 5 + 1);
    let mut at = 0;
    let mut line_breaks = 2;
    let mut spaced = true;
    while let Some(first) = char_at(source, at) {
        if first.is_whitespace() || is_invisible(first) {
            spaced |= first.is_whitespace();
            line_breaks += u32::from(first == '\n');
            at += first.len_utf8();
            continue;
        }
        let (end, kind) = token_end(source, at, first, &tokens, spaced);
        tokens.push(Token {
            start: at as u32,
            end: end as u32,
            kind,
            capital: first.is_uppercase(),
            can_name: first.is_uppercase() || can_name(&source[at..end], kind),
            line_start: line_breaks > 0,
            paragraph_start: line_breaks > 1,
            joined: !spaced,
        });
        at = end;
        line_breaks = 0;
        spaced = false;
    }
    tokens
}

/// Whether a token shows by itself that a name may be here.
fn can_name(token: &str, kind: TokenKind) -> bool {
    let has_capital = token.bytes().any(|byte| byte.is_ascii_uppercase());
    match kind {
        TokenKind::Word if !has_capital && !token.is_ascii() => {
            token.chars().any(char::is_uppercase) || !token.chars().any(char::is_lowercase)
        }
        TokenKind::Word | TokenKind::Number => has_capital,
        TokenKind::Possessive | TokenKind::Mark => false,
    }
}

fn char_at(source: &str, at: usize) -> Option<char> {
    let byte = *source.as_bytes().get(at)?;
    if byte < 0x80 { Some(byte as char) } else { source[at..].chars().next() }
}

/// Zero-width characters and direction marks are no part of any token.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// Apostrophes that may stand inside a word.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʿ' | 'ʾ' | '`')
}

fn token_end(source: &str, at: usize, first: char, before: &[Token], spaced: bool) -> (usize, TokenKind) {
    if first.is_alphabetic() || is_mark_of_word(first) {
        return (word_end(source, at), TokenKind::Word);
    }
    if first.is_numeric() {
        return (number_end(source, at), TokenKind::Number);
    }
    if is_apostrophe(first) && !spaced && before.last().is_some_and(|token| token.kind == TokenKind::Word) {
        let after = at + first.len_utf8();
        match char_at(source, after) {
            Some('s' | 'S') if !char_at(source, after + 1).is_some_and(char::is_alphanumeric) => {
                return (after + 1, TokenKind::Possessive);
            }
            _ => {}
        }
    }
    (at + first.len_utf8(), TokenKind::Mark)
}

fn is_mark_of_word(c: char) -> bool {
    // Combining accents, Arabic and Hebrew points; vowels, tones and joiners of the scripts of Asia.
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0591}'..='\u{05c7}' | '\u{0610}'..='\u{061a}' | '\u{064b}'..='\u{065f}' | '\u{0670}')
        || matches!(c, '\u{0900}'..='\u{1cff}' | '\u{3099}' | '\u{309a}') && is_combining_mark(c)
}

fn word_end(source: &str, start: usize) -> usize {
    let mut at = start;
    let mut letters = 0;
    loop {
        let plain = source.as_bytes()[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        (at, letters) = (at + plain, letters + plain);
        // Most words end at a space or a comma, with nothing behind it that could go on.
        if let [b' ' | b',' | b')' | b'"', next, ..] = source.as_bytes()[at..]
            && next.is_ascii()
        {
            break;
        }
        let Some(c) = char_at(source, at) else { break };
        if c.is_alphanumeric() || is_mark_of_word(c) {
            at += c.len_utf8();
            letters += 1;
        } else if is_apostrophe(c) && continues_after_apostrophe(source, at + c.len_utf8()) {
            at += c.len_utf8();
        } else if c == '.' && letters == 1 && is_initial_before_letter(source, at) {
            return initials_end(source, start);
        } else if let Some(next) = after_break(source, at, c) {
            at = next;
        } else {
            break;
        }
    }
    at
}

/// The sign by which scanned text shows that a word was broken at the end of a line.
pub const BREAK: char = '¬';

/// Where a broken word goes on, if at `at` it is broken: a break sign or soft hyphen, then a small letter.
fn after_break(source: &str, at: usize, c: char) -> Option<usize> {
    let sign = match c {
        BREAK | SOFT_HYPHEN => at,
        ' ' if char_at(source, at + 1) == Some(BREAK) => at + 1,
        _ => return None,
    };
    let after = sign + char_at(source, sign)?.len_utf8();
    let space = char_at(source, after).filter(|c| matches!(c, ' ' | '\n'));
    let next = after + space.map_or(0, char::len_utf8);
    char_at(source, next).filter(|c| c.is_lowercase()).map(|_| next)
}

/// An invisible hyphen where a word may be broken.
pub const SOFT_HYPHEN: char = '\u{ad}';

/// `Kata'ib` and `O'Neill` go on after their apostrophe, `Iran's` does not.
fn continues_after_apostrophe(source: &str, after: usize) -> bool {
    match char_at(source, after) {
        Some('s' | 'S') => char_at(source, after + 1).is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphabetic(),
        None => false,
    }
}

fn is_initial_before_letter(source: &str, dot: usize) -> bool {
    char_at(source, dot + 1).is_some_and(char::is_alphabetic) && {
        let next = char_at(source, dot + 1).map_or(1, char::len_utf8);
        matches!(char_at(source, dot + 1 + next), Some('.'))
    }
}

/// `U.S.`, `a.m.`: letters each followed by a full stop, the last full stop included.
fn initials_end(source: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(letter) = char_at(source, at).filter(|c| c.is_alphabetic()) {
        let dot = at + letter.len_utf8();
        if char_at(source, dot) != Some('.') {
            break;
        }
        at = dot + 1;
    }
    at
}

fn number_end(source: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(c) = char_at(source, at) {
        let joins =
            matches!(c, '.' | ',' | ':') && char_at(source, at + 1).is_some_and(|next| next.is_ascii_digit());
        if c.is_alphanumeric() || joins {
            at += c.len_utf8();
        } else {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        let shown: Vec<&str> = tokens(source).iter().map(|token| token.span().of(source)).collect();
        assert_eq!(shown.join("|"), expected, "{source}");
    }

    #[test]
    fn tokens_follow_news_conventions() {
        check("Iran's al-Qaim", "Iran|'s|al|-|Qaim");
        check("Kata’ib Hezbollah", "Kata’ib|Hezbollah");
        check("the U.S. Army, 5 a.m.", "the|U.S.|Army|,|5|a.m.");
        check("Mr. Smith paid $3.5 bn", "Mr|.|Smith|paid|$|3.5|bn");
        check("Jeru ¬ salem and Bra¬\nbant", "Jeru ¬ salem|and|Bra¬\nbant");
        check("Con\u{ad}gress ¬ Mitch ¬ The", "Con\u{ad}gress|¬|Mitch|¬|The");
        check("F-15s at 14:05", "F|-|15s|at|14:05");
        check("", "");
        check("हिन्दी में", "हिन्दी|में");
        check("น้ำ มือ", "น้ำ|มือ");
        check("الرئيس جو بايدن", "الرئيس|جو|بايدن");
    }

    proptest::proptest! {
        #[test]
        fn tokens_lie_on_character_boundaries_in_order(source in "\\PC{0,80}") {
            let mut last = 0;
            for token in tokens(&source) {
                proptest::prop_assert!(token.start as usize >= last && token.end > token.start);
                proptest::prop_assert!(source.get(token.start as usize..token.end as usize).is_some());
                last = token.end as usize;
            }
        }
    }
}
