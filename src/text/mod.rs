//! Language-aware reading of a string: tokens, sentences, language, folding. No files, no clock.
//!
//! [`Text`] is a view of a title or a body cut into tokens and sentences, which every extractor shares, so that the
//! text is walked once.

pub mod detect;
pub mod fold;
pub mod segment;
pub mod sentence;
pub mod token;
pub mod weekday;

use crate::text::token::Token;

/// A string with its tokens and sentences.
#[derive(Debug, Clone)]
pub struct Text<'t> {
    /// The string itself.
    pub source: &'t str,
    /// Words, numbers and punctuation in order; white space is between them.
    pub tokens: Vec<Token>,
    /// Token ranges of the sentences, in order, covering every token.
    pub sentences: Vec<std::ops::Range<usize>>,
}

impl<'t> Text<'t> {
    /// Cuts `source` into tokens and sentences.
    pub fn new(source: &'t str) -> Text<'t> {
        let tokens = token::tokens(source);
        let sentences = sentence::sentences(source, &tokens);
        Text { source, tokens, sentences }
    }

    /// The characters of token `index`.
    pub fn word(&self, index: usize) -> &'t str {
        self.tokens[index].span().of(self.source)
    }
}
