//! How text becomes terms: the same for articles, queries and highlights.
//!
//! A word is folded (case, accents, apostrophes) and stemmed by its article's language; scripts that are written
//! without spaces are cut into characters, which a dictionary tells to begin or end a word. A value (keyword, path) becomes
//! several terms, told apart by a marker: as it is, folded, its last step, and the words of its last step.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::OnceLock;

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

/// A thread forgets what it has learned when it knows this many words.
const CACHED_WORDS: usize = 200_000;

static ALL: OnceLock<Vec<Analyser>> = OnceLock::new();

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

    /// The name of its stemmer.
    pub(super) fn name(self) -> &'static str {
        self.0.map_or("plain", |algorithm| algorithm.name())
    }

    /// What every term of its texts begins with in the index: texts of all analysers share the columns.
    fn code(self) -> char {
        let all = ALL.get_or_init(Analyser::all);
        let number = all.iter().position(|analyser| *analyser == self).unwrap_or(0);
        char::from(b'A' + number as u8)
    }

    /// A term as it stands in the index.
    pub(super) fn coded(self, term: &str) -> String {
        let mut coded = String::with_capacity(term.len() + 1);
        coded.push(self.code());
        coded.push_str(term);
        coded
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

/// The same with words of scripts without spaces whole, as far as a dictionary knows them.
pub(super) fn whole_words(source: &str) -> Vec<Word> {
    let mut whole: Vec<Word> = Vec::new();
    for word in words(source) {
        match whole.last_mut() {
            Some(last) if word.edges.unspaced && !last.edges.closes && last.end == word.start => {
                last.end = word.end;
                last.edges.closes = word.edges.closes;
            }
            _ => whole.push(word),
        }
    }
    whole
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
                    let piece = text[from..to].trim_start_matches(token::is_apostrophe);
                    // An apostrophe between two scripts belongs to neither word.
                    let from = to - piece.len();
                    let end = from + piece.trim_end_matches(token::is_apostrophe).len();
                    if from < end {
                        let edges = Edges { unspaced, opens, closes };
                        words.push(Word { start: start + from, end: start + end, edges });
                    }
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

/// The terms of an article, as [`JoinedTokenizer`] takes them apart again.
#[derive(Debug, Default)]
pub(super) struct Terms {
    /// Stems of the title, twice, and of the text.
    pub(super) whole: String,
    /// Stems of the title.
    pub(super) title: String,
    /// Distinct words: what prefixes, patterns and exact words are looked up in.
    pub(super) vocabulary: String,
    /// Distinct words of the title.
    pub(super) title_vocabulary: String,
}

/// The terms of an article: every word is cut out, folded and stemmed once.
pub(super) fn terms(analyser: Analyser, title: &str, text: &str) -> Terms {
    thread_local! {
        static MEMORIES: RefCell<FxHashMap<Analyser, Memory>> = RefCell::default();
    }
    MEMORIES.with_borrow_mut(|memories| memories.entry(analyser).or_default().terms(analyser, title, text))
}

/// Ends a term among those of [`Terms`]; terms are apart by as many positions as they have of these.
const SEPARATOR: char = '\u{1f}';

/// Stands between terms of one position.
const VARIANT: char = '\u{1e}';

/// The words of one analyser that a thread has met.
#[derive(Debug, Default)]
struct Memory {
    /// The number of each in `known`.
    words: FxHashMap<Box<str>, u32>,
    known: Vec<Known>,
    /// The number of each folded form in `folded`.
    folded_numbers: FxHashMap<Box<str>, u32>,
    folded: Vec<Folded>,
    /// The number of the present article.
    article: u64,
}

/// What is known of a word.
#[derive(Debug)]
struct Known {
    stem: Box<str>,
    /// The number of its folded form.
    folded: u32,
}

/// The folded form of words.
#[derive(Debug)]
struct Folded {
    form: Box<str>,
    /// The last article that has it.
    last: u64,
}

impl Memory {
    fn terms(&mut self, analyser: Analyser, title: &str, text: &str) -> Terms {
        if self.known.len() > CACHED_WORDS {
            *self = Memory { article: self.article, ..Memory::default() };
        }
        self.article += 1;
        let mut terms = Terms::default();
        self.add(analyser, title, &mut terms.title, &mut terms.title_vocabulary);
        terms.vocabulary.push_str(&terms.title_vocabulary);
        terms.whole.reserve(2 * terms.title.len() + text.len() + 8);
        terms.whole.push(analyser.code());
        for _ in 0..2 {
            terms.whole.push_str(&terms.title);
            // No phrase goes over the end of the title.
            terms.whole.push(SEPARATOR);
        }
        self.add(analyser, text, &mut terms.whole, &mut terms.vocabulary);
        terms.title.insert(0, analyser.code());
        terms
    }

    /// Adds the stems of a text, and the words that the article did not have before.
    fn add(&mut self, analyser: Analyser, source: &str, stems: &mut String, vocabulary: &mut String) {
        for Word { start, end, edges } in words(source) {
            let raw = &source[start..end];
            if raw.len() <= LONGEST_WORD_BYTES {
                let number = self.words.get(raw).copied().unwrap_or_else(|| self.learn(analyser, raw));
                let known = &self.known[number as usize];
                if !known.stem.is_empty() {
                    push_variants(stems, &known.stem, edges);
                }
                let folded = &mut self.folded[known.folded as usize];
                if folded.last != self.article && !folded.form.is_empty() {
                    vocabulary.push_str(&folded.form);
                    vocabulary.push(SEPARATOR);
                }
                folded.last = self.article;
            }
            stems.push(SEPARATOR);
        }
    }

    fn learn(&mut self, analyser: Analyser, raw: &str) -> u32 {
        let form = folded_word(raw).into_boxed_str();
        let folded = self.folded_numbers.get(&form).copied().unwrap_or_else(|| {
            let number = self.folded.len() as u32;
            self.folded.push(Folded { form: form.clone(), last: 0 });
            self.folded_numbers.insert(form, number);
            number
        });
        let number = self.known.len() as u32;
        self.known.push(Known { stem: analyser.term(raw).into_boxed_str(), folded });
        self.words.insert(raw.into(), number);
        number
    }
}

/// Adds a stem under every mark by which it may be asked for.
fn push_variants(stems: &mut String, stem: &str, edges: Edges) {
    for (number, mark) in edges.marks().iter().enumerate() {
        if number > 0 {
            stems.push(VARIANT);
        }
        stems.push_str(stem);
        stems.push_str(mark);
    }
}

/// Tokenizer of what [`terms`] joins.
#[derive(Debug, Clone, Copy)]
pub(super) struct JoinedTokenizer {
    /// Whether the code of an analyser comes first, which every term begins with.
    pub(super) is_marked: bool,
}

impl Tokenizer for JoinedTokenizer {
    type TokenStream<'a> = JoinedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> JoinedStream<'a> {
        let start = if self.is_marked { text.chars().next().map_or(0, char::len_utf8) } else { 0 };
        let (code, rest) = text.split_at(start);
        JoinedStream { code, rest, next: 0, token: Token::default() }
    }
}

/// Terms that were joined.
#[derive(Debug)]
pub(super) struct JoinedStream<'a> {
    code: &'a str,
    rest: &'a str,
    /// The position of the next term.
    next: usize,
    token: Token,
}

impl TokenStream for JoinedStream<'_> {
    fn advance(&mut self) -> bool {
        let bytes = self.rest.as_bytes();
        let separators = [SEPARATOR as u8, VARIANT as u8];
        let empty = bytes.iter().take_while(|byte| **byte == separators[0]).count();
        self.next += empty;
        let bytes = &bytes[empty..];
        if bytes.is_empty() {
            return false;
        }
        let end = memchr::memchr2(separators[0], separators[1], bytes).unwrap_or(bytes.len());
        self.token.position = self.next;
        self.token.text.clear();
        self.token.text.push_str(self.code);
        self.token.text.push_str(&self.rest[empty..empty + end]);
        let is_last = bytes.get(end) != Some(&separators[1]);
        self.next += usize::from(is_last);
        self.rest = self.rest.get(empty + end + 1..).unwrap_or("");
        true
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
/// Marks one folded word of a last step of several.
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
                terms.extend(several_words(&folded));
                terms.push(marked(FOLDED, &folded));
            }
            ValueTerms::Path => {
                let folded = fold::key(leaf(value));
                terms.extend(several_words(&folded));
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

/// The terms of the words of a name; of one word the name itself is term enough.
fn several_words(folded: &str) -> impl Iterator<Item = String> {
    folded.split(' ').filter(|_| folded.contains(' ')).map(|word| marked(WORD, word))
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
