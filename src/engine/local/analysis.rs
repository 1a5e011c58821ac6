//! How text becomes terms: the same for articles, queries and highlights.
//!
//! A word is folded (case, accents, apostrophes) and stemmed by its article's language; scripts that are written
//! without spaces are cut into single characters, so that a word there is a phrase. A value (keyword, path) becomes
//! several terms, told apart by a marker: as it is, folded, its last step, and the words of its last step.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::field::{Field, FieldKind};
use crate::language::{LANGUAGES, Language};
use crate::text::fold;
use crate::text::token::{self, TokenKind};

/// Longer words are noise (encoded attachments); they keep their position but are not indexed.
const LONGEST_WORD_BYTES: usize = 120;

/// A tokenizer forgets what it has learned when it knows this many words.
const CACHED_WORDS: usize = 200_000;

/// How the words of one language are turned into terms: a row of `LANGUAGES` with a stemmer, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Analyser(Option<frostem::Algorithm>);

impl Analyser {
    /// The analyser for texts in `language`.
    pub(super) fn of(language: Language) -> Analyser {
        let name = language.row().stemmer;
        Analyser(name.and_then(|name| frostem::Algorithm::from_name(name).ok()))
    }

    /// Every analyser, once; the plain one first.
    pub(super) fn all() -> Vec<Analyser> {
        let mut all = vec![Analyser(None)];
        for row in LANGUAGES {
            let analyser = Language::parse(row.code).map_or(Analyser(None), Analyser::of);
            if !all.contains(&analyser) {
                all.push(analyser);
            }
        }
        all
    }

    /// The name used for fields and tokenizers.
    pub(super) fn name(self) -> &'static str {
        self.0.map_or("plain", |algorithm| algorithm.name())
    }

    /// The term of a word.
    pub(super) fn term(self, word: &str) -> String {
        let Some(algorithm) = self.0 else { return fold::key(word) };
        let stemmer = frostem::Stemmer::new(algorithm);
        if folds_first(algorithm) {
            return stemmer.stem(&fold::key(word)).into_owned();
        }
        let lower = word.to_lowercase();
        let bare = if algorithm == frostem::Algorithm::Arabic { without_proclitics(&lower) } else { &lower };
        fold::key(&stemmer.stem(bare))
    }
}

/// Where the stemmer works as well on words without accents, they are folded first, so that a query typed without
/// accents finds the same; elsewhere the stemmer needs the letters as they are.
fn folds_first(algorithm: frostem::Algorithm) -> bool {
    use frostem::Algorithm;
    !matches!(
        algorithm,
        Algorithm::Arabic
            | Algorithm::Greek
            | Algorithm::Hungarian
            | Algorithm::Romanian
            | Algorithm::Russian
            | Algorithm::Tamil
            | Algorithm::Turkish
    )
}

/// An Arabic word without "and", "in", "the" and the like, which are written as its first letters.
fn without_proclitics(word: &str) -> &str {
    const PROCLITICS: &[&str] = &["وال", "بال", "فال", "كال", "لل", "ال"];
    for proclitic in PROCLITICS {
        if let Some(rest) = word.strip_prefix(proclitic)
            && rest.chars().count() >= 3
        {
            return rest;
        }
    }
    word
}

/// Whether a script is written without spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}'   // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Myanmar
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3040}'..='\u{30ff}' // Hiragana, Katakana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // Han
        | '\u{20000}'..='\u{3134f}')
}

/// A word of a text, in bytes, with its place among the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
}

/// The words of `source` in order: what gets a position. Punctuation and possessive endings are left out.
pub(super) fn words(source: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(source.len() / 5 + 1);
    for token in token::tokens(source) {
        if matches!(token.kind, TokenKind::Mark | TokenKind::Possessive) {
            continue;
        }
        let (start, end) = (token.start as usize, token.end as usize);
        let text = &source[start..end];
        if text.is_ascii() || !text.contains(is_unspaced) {
            words.push(Word { start, end });
        } else {
            push_unspaced(&mut words, text, start);
        }
    }
    words
}

/// Cuts every character of an unspaced script off, and leaves the rest of the word in pieces.
fn push_unspaced(words: &mut Vec<Word>, text: &str, offset: usize) {
    let mut piece = 0;
    for (at, c) in text.char_indices() {
        if is_unspaced(c) {
            if piece < at {
                words.push(Word { start: offset + piece, end: offset + at });
            }
            piece = at + c.len_utf8();
            words.push(Word { start: offset + at, end: offset + piece });
        }
    }
    if piece < text.len() {
        words.push(Word { start: offset + piece, end: offset + text.len() });
    }
}

/// The distinct folded words of `source`, unstemmed: what prefixes, patterns and exact words are looked up in.
pub(super) fn vocabulary<'s>(sources: impl IntoIterator<Item = &'s str>) -> String {
    let mut seen = rustc_hash::FxHashSet::default();
    let mut joined = String::new();
    for source in sources {
        for word in words(source) {
            let raw = &source[word.start..word.end];
            if !seen.insert(raw) || raw.len() > LONGEST_WORD_BYTES {
                continue;
            }
            let folded = fold::key(raw);
            if !folded.is_empty() {
                joined.push_str(&folded);
                joined.push(SEPARATOR);
            }
        }
    }
    joined
}

/// Stands between the words that [`vocabulary`] joins.
const SEPARATOR: char = '\u{1f}';

/// Tokenizer of running text.
#[derive(Debug, Clone)]
pub(super) struct TextTokenizer {
    analyser: Analyser,
    known: FxHashMap<Box<str>, Box<str>>,
}

impl TextTokenizer {
    /// A tokenizer that has learned nothing yet.
    pub(super) fn new(analyser: Analyser) -> TextTokenizer {
        TextTokenizer { analyser, known: FxHashMap::default() }
    }
}

impl Tokenizer for TextTokenizer {
    type TokenStream<'a> = TextStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TextStream<'a> {
        if self.known.len() > CACHED_WORDS {
            self.known.clear();
        }
        TextStream { tokenizer: self, source: text, words: words(text), next: 0, token: Token::default() }
    }
}

/// The terms of one text.
#[derive(Debug)]
pub(super) struct TextStream<'a> {
    tokenizer: &'a mut TextTokenizer,
    source: &'a str,
    words: Vec<Word>,
    next: usize,
    token: Token,
}

impl TokenStream for TextStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(&Word { start, end }) = self.words.get(self.next) {
            self.token.position = self.next;
            self.next += 1;
            let raw = &self.source[start..end];
            if raw.len() > LONGEST_WORD_BYTES {
                continue;
            }
            self.token.offset_from = start;
            self.token.offset_to = end;
            self.token.text.clear();
            if let Some(term) = self.tokenizer.known.get(raw) {
                self.token.text.push_str(term);
            } else {
                let term = self.tokenizer.analyser.term(raw);
                self.token.text.push_str(&term);
                self.tokenizer.known.insert(raw.into(), term.into_boxed_str());
            }
            if !self.token.text.is_empty() {
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Marks a value as it is shown.
pub(super) const AS_IS: char = '=';
/// Marks a value with every step folded.
pub(super) const FOLDED: char = '~';
/// Marks the folded last step of a path.
pub(super) const LEAF: char = '/';
/// Marks one folded word of the last step.
pub(super) const WORD: char = '#';

/// `value` after its marker: the term to look up.
pub(super) fn marked(marker: char, value: &str) -> String {
    let mut term = String::with_capacity(value.len() + 1);
    term.push(marker);
    term.push_str(value);
    term
}

/// A path with every step folded.
pub(super) fn folded_path(path: &str) -> String {
    let steps: Vec<String> = path.split('/').map(fold::key).collect();
    steps.join("/")
}

/// The last step of a path, as it is.
pub(super) fn leaf(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What a term says folded: its value without the marker, folded if it is as it is.
pub(super) fn folded_term(term: &[u8]) -> Cow<'_, str> {
    let term = std::str::from_utf8(term).unwrap_or("");
    match term.strip_prefix(AS_IS) {
        Some(value) => Cow::Owned(folded_path(value)),
        None => Cow::Borrowed(term.get(1..).unwrap_or("")),
    }
}

/// Which terms the values of a field get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueTerms {
    /// Only as it is: calendar nodes.
    AsIs,
    /// Only as it is, too: identifiers and addresses, which are seldom typed otherwise than shown.
    Whole,
    /// Also by word: names of publishers, authors.
    Words,
    /// Also by last step.
    Path,
}

impl ValueTerms {
    /// What `field` needs; none for running text.
    pub(super) fn of(field: &Field) -> Option<ValueTerms> {
        Some(match field.kind {
            FieldKind::Text => return None,
            FieldKind::Calendar => ValueTerms::AsIs,
            FieldKind::Path => ValueTerms::Path,
            FieldKind::Keyword if matches!(field.name, "id" | "path" | "url") => ValueTerms::Whole,
            FieldKind::Keyword => ValueTerms::Words,
        })
    }

    /// The name of its tokenizer.
    pub(super) fn name(self) -> &'static str {
        match self {
            ValueTerms::AsIs => "value",
            ValueTerms::Whole => "whole-value",
            ValueTerms::Words => "value-words",
            ValueTerms::Path => "path",
        }
    }

    /// The marker of the terms that say a value whole, or its last step.
    pub(super) fn name_marker(self) -> char {
        match self {
            ValueTerms::AsIs | ValueTerms::Whole => AS_IS,
            ValueTerms::Words => FOLDED,
            ValueTerms::Path => LEAF,
        }
    }

    /// The terms of `value`.
    pub(super) fn terms(self, value: &str) -> Vec<String> {
        let mut terms = vec![marked(AS_IS, value)];
        match self {
            ValueTerms::AsIs | ValueTerms::Whole => {}
            ValueTerms::Words => {
                let folded = fold::key(value);
                terms.extend(folded.split(' ').map(|word| marked(WORD, word)));
                terms.push(marked(FOLDED, &folded));
            }
            ValueTerms::Path => {
                let folded = fold::key(leaf(value));
                terms.extend(folded.split(' ').map(|word| marked(WORD, word)));
                terms.push(marked(LEAF, &folded));
                // Deeper paths are seldom typed otherwise than shown, and then looked for among all.
                if !value.contains('/') {
                    terms.push(marked(FOLDED, &folded));
                }
            }
        }
        terms
    }
}

/// Tokenizer of whole values.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValueTokenizer(pub(super) ValueTerms);

impl Tokenizer for ValueTokenizer {
    type TokenStream<'a> = ListStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ListStream {
        ListStream { terms: self.0.terms(text).into_iter(), token: Token::default() }
    }
}

/// Tokenizer of what [`vocabulary`] joins.
#[derive(Debug, Clone, Copy)]
pub(super) struct VocabularyTokenizer;

impl Tokenizer for VocabularyTokenizer {
    type TokenStream<'a> = VocabularyStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> VocabularyStream<'a> {
        VocabularyStream { words: text.split(SEPARATOR), token: Token::default() }
    }
}

/// The words that [`vocabulary`] joined.
#[derive(Debug)]
pub(super) struct VocabularyStream<'a> {
    words: std::str::Split<'a, char>,
    token: Token,
}

impl TokenStream for VocabularyStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.find(|word| !word.is_empty()) else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(word);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Ready-made terms.
#[derive(Debug)]
pub(super) struct ListStream {
    terms: std::vec::IntoIter<String>,
    token: Token,
}

impl TokenStream for ListStream {
    fn advance(&mut self) -> bool {
        let Some(term) = self.terms.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text = term;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
