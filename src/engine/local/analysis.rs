//! How text becomes terms: the same for articles, queries and highlights.
//!
//! A word is folded (case, accents, apostrophes) and stemmed by its article's language; scripts that are written
//! without spaces are cut into characters, which a dictionary tells to begin or end a word. A value (keyword, path) becomes
//! several terms, told apart by a marker: as it is, folded, its last step, and the words of its last step.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;

use crate::engine::local::affix::{is_hangul, without_endings, without_proclitics};
use crate::field::{Field, FieldKind};
use crate::language::{LANGUAGES, Language};
use crate::text::fold;
use crate::text::segment::{self, Piece, is_unspaced};
use crate::text::token::{self, TokenKind, is_apostrophe};

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
        if !word.is_ascii() && word.ends_with(is_hangul) {
            return folded_word(without_endings(word));
        }
        let Some(algorithm) = self.0 else { return folded_word(word) };
        let stemmer = frostem::Stemmer::new(algorithm);
        if folds_first(algorithm) {
            return stemmer.stem(&folded_word(word)).into_owned();
        }
        let lower = word.to_lowercase();
        let bare = if algorithm == frostem::Algorithm::Arabic { without_proclitics(&lower) } else { &lower };
        folded_word(&stemmer.stem(bare))
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

/// The form in which words are compared: folded, but with the marks that make other letters of them in the scripts of
/// Asia, where they are no accents (`パリ` is Paris, `バリ` is Bali).
pub(super) fn folded_word(word: &str) -> String {
    if word.is_ascii() || !word.contains(has_telling_marks) {
        return fold::key(word);
    }
    word.nfkc().filter(|c| !is_apostrophe(*c)).flat_map(char::to_lowercase).collect()
}

fn has_telling_marks(c: char) -> bool {
    matches!(c,
        '\u{0900}'..='\u{11ff}' // India and its neighbours, Georgian, Korean letters
        | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ffdc}'
        | '\u{20000}'..='\u{3134f}')
}

/// A word of a text, in bytes, or a character of a script without spaces: what gets a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// Where it stands in what is looked for, or may stand in a word of the text.
    pub(super) edges: Edges,
}

/// What characters of scripts without spaces begin or end: in a text what they may, in a query what they must.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edges {
    unspaced: bool,
    opens: bool,
    closes: bool,
}

impl Edges {
    /// Those of a word between spaces.
    const SPACED: Edges = Edges { unspaced: false, opens: true, closes: true };

    /// Whether what stands in a text so may be what is looked for so.
    pub(super) fn suit(self, wanted: Edges) -> bool {
        (self.opens || !wanted.opens) && (self.closes || !wanted.closes)
    }

    /// The same, with anything after it.
    pub(super) fn open_ended(self) -> Edges {
        Edges { closes: false, ..self }
    }

    /// What is written after the term of a character; nothing after the term of a word.
    fn mark(self) -> &'static str {
        match (self.unspaced, self.opens, self.closes) {
            (false, ..) | (true, false, false) => "",
            (true, true, false) => "\u{2}",
            (true, false, true) => "\u{3}",
            (true, true, true) => "\u{4}",
        }
    }

    /// Under which marks a character of a text is indexed: every one that may be asked for.
    fn marks(self) -> &'static [&'static str] {
        match (self.unspaced, self.opens, self.closes) {
            (false, ..) | (true, false, false) => &[""],
            (true, true, false) => &["", "\u{2}"],
            (true, false, true) => &["", "\u{3}"],
            (true, true, true) => &["", "\u{2}", "\u{3}", "\u{4}"],
        }
    }
}

/// The words of a text in order. Punctuation and possessive endings are left out.
pub(super) fn words(source: &str) -> Vec<Word> {
    cut(source, true)
}

/// The words of a query: what is unspaced there is looked for as a whole, whatever words it is made of.
pub(super) fn typed_words(typed: &str) -> Vec<Word> {
    cut(typed, false)
}

fn cut(source: &str, by_dictionary: bool) -> Vec<Word> {
    let mut words = Vec::with_capacity(source.len() / 5 + 1);
    for token in token::tokens(source) {
        if matches!(token.kind, TokenKind::Mark | TokenKind::Possessive) {
            continue;
        }
        let (start, end) = (token.start as usize, token.end as usize);
        let text = &source[start..end];
        if text.is_ascii() || !text.contains(is_unspaced) {
            words.push(Word { start, end, edges: Edges::SPACED });
        } else {
            segment::pieces(
                text,
                by_dictionary,
                &mut |Piece { start: from, end: to, unspaced, opens, closes }| {
                    let edges = Edges { unspaced, opens, closes };
                    words.push(Word { start: start + from, end: start + to, edges });
                },
            );
        }
    }
    words
}

/// The terms of what was typed, without those that are nothing but punctuation, each with its edges.
pub(super) fn typed_terms(analyser: Analyser, typed: &str) -> Vec<(String, Edges)> {
    let terms = typed_words(typed).into_iter();
    let terms = terms.map(|word| (analyser.term(&typed[word.start..word.end]), word.edges));
    terms.filter(|(term, _)| !term.is_empty()).collect()
}

/// A term as it is looked up.
pub(super) fn marked_term((term, edges): (String, Edges)) -> String {
    term + edges.mark()
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
            let folded = folded_word(raw);
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
        TextStream {
            tokenizer: self,
            source: text,
            words: words(text),
            next: 0,
            marks: &[],
            token: Token::default(),
        }
    }
}

/// The terms of one text.
#[derive(Debug)]
pub(super) struct TextStream<'a> {
    tokenizer: &'a mut TextTokenizer,
    source: &'a str,
    words: Vec<Word>,
    next: usize,
    /// Under which the last word is still to be indexed.
    marks: &'static [&'static str],
    token: Token,
}

impl TokenStream for TextStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some((mark, rest)) = self.marks.split_first() {
            self.marks = rest;
            self.token.text.truncate(self.token.text.trim_end_matches(is_edge_mark).len());
            self.token.text.push_str(mark);
            return true;
        }
        while let Some(&Word { start, end, edges }) = self.words.get(self.next) {
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
                self.marks = &edges.marks()[1..];
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

/// Whether this is written after the term of a character.
fn is_edge_mark(c: char) -> bool {
    matches!(c, '\u{2}'..='\u{4}')
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
