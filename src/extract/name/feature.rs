//! Features of the words of candidate runs, as hashed keys.
//!
//! [`Memory`] holds every word met so far with everything that follows from the word alone; [`Memory::word_keys`] gives
//! the keys of a word in a role (itself, a neighbour), which the tagger sums once per word. [`Document`] holds the
//! distinct words of one article; [`Document::context_keys`] gives the keys that depend on the place in the text.

use std::collections::hash_map;
use std::hint::black_box;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::extract::name::candidate::{self, CaseMode};
use crate::extract::name::lexicon::{self, Classes, LONGEST, Lexicon, WordEntry};
use crate::extract::name::topic::Topics;
use crate::extract::name::word;
use crate::text::Text;
use crate::text::token::{BREAK, SOFT_HYPHEN, Token, TokenKind};

/// How far the words of a run look to either side.
pub const REACH: usize = 2;

/// What the places of an article ask of one of its distinct words.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    normal: u64,
    collapsed: u64,
    entry: WordEntry,
    case: CaseClass,
    /// Occurrences in the article: lower case, capitalised inside a sentence, in capitals only.
    seen: [u8; 3],
    /// Its number in the memory.
    known: u32,
}

/// A word as the memory keeps it.
#[derive(Debug, Clone, Copy)]
struct Kept {
    word: Word,
    surface: u64,
    shape: u64,
    affixes: [u64; 7],
    flags: u64,
}

/// What every token of an article asks of its word.
#[derive(Debug, Clone, Copy)]
struct Head {
    /// While an article is read: its number among the article's words; 0 if it has none yet.
    here: u32,
    /// The number of the first word met with the same normal form.
    family: u32,
    case: CaseClass,
    /// Articles that had it since the memory was last sorted out, as far as that is counted.
    articles: u8,
}

/// Words met before, in this article or another, so that what follows from a word alone is worked out once.
///
/// Words are told apart by a hash of 64 bits: among the words that a thread keeps no two share one.
#[derive(Debug, Default)]
pub struct Memory {
    ids: FxHashMap<u64, u32>,
    families: FxHashMap<u64, u32>,
    words: Vec<Kept>,
    heads: Vec<Head>,
    /// While counts are shared: those of each family, by its first word.
    seen: Vec<[u8; 3]>,
    /// While a text is read: the hash of each token, and its number or [`NEW`].
    tokens: Vec<(u64, u32)>,
    buffer: String,
}

/// The number of a word that was not met before.
const NEW: u32 = u32::MAX;

impl Memory {
    /// How many words it holds.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Forgets all words.
    pub fn clear(&mut self) {
        *self = Memory::default();
    }

    /// Forgets the words that the fewest articles had, so that at most `most` stay. Gives the former numbers of those
    /// that stay, in their new order.
    pub fn forget_rare(&mut self, most: usize) -> Vec<usize> {
        let mut having = [0; 256];
        for head in self.heads.iter().skip(1) {
            having[usize::from(head.articles)] += 1;
        }
        let mut staying = 0;
        let least = (0..256).rev().find(|&articles| {
            staying += having[articles];
            staying > most
        });
        let old = std::mem::take(self);
        self.keep_outside();
        let mut numbers = vec![OUTSIDE as usize];
        for (number, kept) in old.words.into_iter().enumerate().skip(1) {
            if least.is_none_or(|least| usize::from(old.heads[number].articles) > least) {
                self.ids.insert(kept.surface, self.words.len() as u32);
                self.keep(kept);
                numbers.push(number);
            }
        }
        numbers
    }

    /// Looks all tokens of a text up before any is worked on: so the look-ups wait for memory together.
    fn look_up(&mut self, text: &Text) {
        self.tokens.clear();
        self.tokens.extend((0..text.tokens.len()).map(|at| (word::hash(text.word(at)), NEW)));
        for (surface, number) in &mut self.tokens {
            *number = self.ids.get(surface).copied().unwrap_or(NEW);
        }
        let known =
            self.tokens.iter().filter(|(_, number)| *number != NEW).map(|(_, number)| *number as usize);
        black_box(known.fold(0, |all, at| all ^ self.heads[at].here ^ self.words[at].word.known));
    }

    /// The number of token `at` of the text that was looked up; a word that was not met before is worked out.
    fn word(&mut self, text: &Text, at: usize, lexicon: &Lexicon) -> usize {
        let (surface, number) = self.tokens[at];
        if number != NEW {
            return number as usize;
        }
        // What kind a token is follows from its characters, but for an apostrophe and the s after it.
        match self.ids.entry(surface) {
            hash_map::Entry::Occupied(id) => *id.get() as usize,
            hash_map::Entry::Vacant(free) => {
                free.insert(self.words.len() as u32);
                let kept = Kept::new((text.word(at), surface), &text.tokens[at], lexicon, &mut self.buffer);
                self.keep(kept)
            }
        }
    }

    /// Number 0 stands for "outside the sentence".
    fn keep_outside(&mut self) {
        if self.words.is_empty() {
            self.keep(Kept::outside());
        }
    }

    fn keep(&mut self, mut kept: Kept) -> usize {
        let number = self.words.len();
        kept.word.known = number as u32;
        let family = *self.families.entry(kept.word.normal).or_insert(number as u32);
        self.heads.push(Head { here: 0, family, case: kept.word.case, articles: 0 });
        self.words.push(kept);
        self.seen.push([0; 3]);
        number
    }

    /// Adds the keys of what follows from the word of this number alone, in a role: 0 the word itself, 1 and 2 left,
    /// 3 and 4 right.
    pub fn word_keys(&self, known: u32, role: u64, keys: &mut Vec<u64>) {
        let kept = &self.words[known as usize];
        let word = &kept.word;
        let mut push = |template: u64, value: u64| keys.push(key(template * 8 + role, value));
        let [g64, g256, g1024, g3000] = word.entry.groups.map(u64::from);
        push(1, word.normal);
        push(2, g256);
        push(3, g1024);
        push(4, word.collapsed);
        classes(word.entry.classes, |bit| push(5, bit));
        if role == 2 || role == 4 {
            return;
        }
        push(6, kept.surface);
        push(7, g64);
        push(8, g3000);
        push(9, kept.shape);
        push(10, u64::from(word.entry.case) << 3 | word.case as u64);
        if role != 0 {
            return;
        }
        push(11, 0);
        for (at, &affix) in kept.affixes.iter().enumerate() {
            push(12 + at as u64, affix);
        }
        push(20, kept.flags);
        push(22, u64::from(word.entry.classes) << 3 | word.case as u64);
        push(24, g1024 << 3 | word.case as u64);
    }

    /// Gives each word of an article the counts of all spellings of its normal form, and is ready for the next article.
    fn share_counts(&mut self, words: &mut [Word]) {
        for word in &*words {
            let head = &mut self.heads[word.known as usize];
            head.here = 0;
            head.articles = head.articles.saturating_add(1);
            let all = &mut self.seen[head.family as usize];
            *all = std::array::from_fn(|case| all[case].saturating_add(word.seen[case]));
        }
        for word in &mut *words {
            word.seen = self.seen[self.heads[word.known as usize].family as usize];
        }
        for word in &*words {
            self.seen[self.heads[word.known as usize].family as usize] = [0; 3];
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CaseClass {
    Lower,
    Capital,
    Upper,
    Initial,
    Mixed,
    Number,
    Mark,
}

/// The texts of an article, their distinct words, and of each token which word it is.
#[derive(Debug)]
pub struct Document<'t> {
    /// The texts.
    pub texts: &'t [&'t Text<'t>],
    /// How they use capitals.
    pub mode: CaseMode,
    /// What they are about, as [`Topics::of`] says.
    pub topic: u8,
    /// Distinct words; the first stands for "outside the sentence".
    pub words: Vec<Word>,
    /// For each text, the word of each token.
    pub tokens: Vec<Vec<u32>>,
}

/// The word before the first and after the last of a sentence.
pub const OUTSIDE: u32 = 0;

impl<'t> Document<'t> {
    /// Collects the words of `texts`.
    pub fn new(
        texts: &'t [&'t Text<'t>],
        lexicon: &Lexicon,
        topics: &Topics,
        memory: &mut Memory,
    ) -> Document<'t> {
        memory.keep_outside();
        let mut words = vec![memory.words[OUTSIDE as usize].word];
        let mut tokens = Vec::with_capacity(texts.len());
        for text in texts {
            let mut row = Vec::with_capacity(text.tokens.len());
            memory.look_up(text);
            for at in 0..text.tokens.len() {
                let number = memory.word(text, at, lexicon);
                let head = &mut memory.heads[number];
                if head.here == 0 {
                    head.here = words.len() as u32;
                    words.push(memory.words[number].word);
                }
                row.push(head.here);
                count_case(&mut words[head.here as usize].seen, head.case, text, at);
            }
            tokens.push(row);
        }
        memory.share_counts(&mut words);
        let topic = topics.of(words.iter().map(Word::normal));
        Document { texts, mode: candidate::case_mode(texts), topic, words, tokens }
    }

    /// The number of a word in the memory.
    pub fn known(&self, id: u32) -> u32 {
        self.words[id as usize].known
    }

    /// Adds the keys of token `at` that depend on its place.
    pub fn context_keys(&self, place: &Place<'_>, at: usize, keys: &mut Vec<u64>) {
        let word = |offset: isize| place.word(self, at, offset);
        let (w0, left, right) = (word(0), word(-1), word(1));
        let (left2, right2) = (word(-2), word(2));
        let hashed = |(template, value): (u64, u64)| key(template, value);
        let [l, c, r] = [left, w0, right].map(|word| word.entry.groups.map(u64::from));
        keys.extend(
            [
                // How the article writes the word.
                (168, w0.seen_key()),
                (184, u64::from(w0.entry.case) << 24 | w0.seen_key() << 3 | w0.case as u64),
                // Words with their neighbours.
                (300, mix(left.normal, w0.normal)),
                (301, mix(w0.normal, right.normal)),
                (302, mix(left.normal, right.normal)),
                (303, mix(mix(left.collapsed, w0.collapsed), right.collapsed)),
                (304, mix(left.collapsed, w0.collapsed)),
                (305, mix(w0.collapsed, right.collapsed)),
                (306, mix(mix(left2.collapsed, left.collapsed), mix(w0.collapsed, right.collapsed))),
                (307, mix(left2.normal, left.normal)),
                (308, mix(right.normal, right2.normal)),
                // Groups with their neighbours'.
                (310, l[1] << 16 | c[1]),
                (311, c[1] << 16 | r[1]),
                (312, l[0] << 32 | c[0] << 16 | r[0]),
                (313, mix(l[2], w0.collapsed)),
                (314, mix(r[2], w0.collapsed)),
                (315, l[1] << 16 | r[1]),
                (316, mix(left.normal, c[1])),
                (317, mix(right.normal, c[1])),
            ]
            .map(hashed),
        );
        // The lexicon's sequences.
        let here = place.marks(at);
        let (before, after) = (place.marks_or_none(at, -1), place.marks_or_none(at, 1));
        here.each(|position, bit| {
            let mark = position << 6 | bit;
            keys.extend(
                [
                    (320, mark),
                    (321, mark << 4 | w0.case as u64),
                    (322, mix(mark, left.normal)),
                    (323, mark << 8 | u64::from(w0.entry.case) << 4 | u64::from(place.starts(at))),
                    (329, mix(mark, right.normal)),
                ]
                .map(hashed),
            );
        });
        let [before, here, after] = [before, here, after].map(|marks| marks.hash());
        let (joined, sentence) = (place.joined(at), u64::from(place.sentence_case));
        let (starts, topic) = (u64::from(place.starts(at)), u64::from(place.topic));
        let in_run = (at - place.run.start).min(4) as u64 * 8 + (place.run.end - at).min(5) as u64;
        keys.extend(
            [
                (324, here),
                (325, mix(here, before)),
                (326, mix(here, after)),
                (327, mix(mix(before, here), after)),
                (328, mix(here, w0.collapsed)),
                // The sentence and the run.
                (330, joined << 3 | w0.case as u64),
                (331, sentence << 6 | joined << 3 | w0.case as u64),
                (332, starts << 12 | sentence << 8 | u64::from(w0.entry.case) << 3 | w0.case as u64),
                (333, mix(w0.seen_key() << 4 | starts << 3 | sentence, w0.case as u64)),
                (334, sentence << 8 | in_run),
                (335, mix(place.after_run, w0.collapsed)),
                (336, mix(place.before_run, w0.collapsed)),
                (337, topic << 8 | w0.case as u64),
                (338, mix(topic, here)),
                (339, mix(topic << 2 | sentence, mix(left.collapsed, right.collapsed))),
                (340, mix(topic, left.normal)),
                (341, mix(topic, right.normal)),
                // The sentence as a row of a table, and where in it the run stands.
                (342, place.row),
                (343, mix(place.row, topic << 4 | w0.case as u64)),
                (344, mix(place.row, here)),
                (345, mix(mix(place.before_run, place.after_run), w0.case as u64)),
                (346, mix(mix(place.after_run, w0.entry.case.into()), here)),
                (347, mix(place.after_run, place.after_run2)),
                (348, mix(place.before_run, place.before_run2)),
            ]
            .map(hashed),
        );
    }
}

fn count_case(count: &mut [u8; 3], case: CaseClass, text: &Text, at: usize) {
    let which = match case {
        CaseClass::Lower => 0,
        CaseClass::Upper => 2,
        CaseClass::Capital | CaseClass::Mixed => {
            let opens = at == 0 || text.tokens[at].line_start || text.tokens[at - 1].kind == TokenKind::Mark;
            if opens {
                return;
            }
            1
        }
        _ => return,
    };
    count[which] = count[which].saturating_add(1);
}

/// Calls `each` with the number of every class of a set; with 63 for none.
fn classes(set: Classes, mut each: impl FnMut(u64)) {
    if set == 0 {
        each(63);
    }
    let mut rest = set;
    while rest != 0 {
        each(u64::from(rest.trailing_zeros()));
        rest &= rest - 1;
    }
}

/// The key of a feature.
fn key(template: u64, value: u64) -> u64 {
    mix(template.wrapping_mul(0xA24B_AED4_963E_E407), value)
}

fn mix(a: u64, b: u64) -> u64 {
    let product = (a.rotate_left(29) ^ b).wrapping_mul(0x9FB2_1C65_1E98_DF25);
    product ^ (product >> 32)
}

impl Kept {
    fn outside() -> Kept {
        let word = Word {
            normal: 1,
            collapsed: 1,
            entry: WordEntry::default(),
            case: CaseClass::Mark,
            seen: [0; 3],
            known: OUTSIDE,
        };
        Kept { word, surface: 1, shape: 1, affixes: [1; 7], flags: 1 }
    }

    fn new((shown, surface): (&str, u64), token: &Token, lexicon: &Lexicon, buffer: &mut String) -> Kept {
        buffer.clear();
        word::write_normal(shown, buffer);
        let normal = word::hash(buffer);
        let (shape, collapsed) = shapes(shown);
        let case = case_class(shown, token);
        let word = Word { normal, collapsed, entry: lexicon.word(normal), case, seen: [0; 3], known: 0 };
        let (affixes, flags) = (affixes(buffer), flags(shown));
        Kept { word, surface, shape, affixes, flags }
    }
}

impl Word {
    /// The hash of its normal form: the name under which the article's evidence is collected.
    pub fn normal(&self) -> u64 {
        self.normal
    }

    fn seen_key(&self) -> u64 {
        let few = |count: u8| u64::from(count.min(2));
        few(self.seen[0]) << 4 | few(self.seen[1]) << 2 | few(self.seen[2])
    }
}

fn case_class(shown: &str, token: &Token) -> CaseClass {
    match token.kind {
        TokenKind::Number => return CaseClass::Number,
        TokenKind::Mark | TokenKind::Possessive => return CaseClass::Mark,
        TokenKind::Word => {}
    }
    let mut upper = 0;
    let mut lower = 0;
    for c in shown.chars() {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
    }
    match (upper, lower) {
        (0, _) => CaseClass::Lower,
        (1, 0) => CaseClass::Initial,
        (_, 0) => CaseClass::Upper,
        (1, _) if token.capital => CaseClass::Capital,
        _ => CaseClass::Mixed,
    }
}

/// Hashes of the word with every letter as X or x and every digit as 0, in full (up to eight) and without repetition.
fn shapes(shown: &str) -> (u64, u64) {
    let (mut full, mut collapsed) = (0xCBF2_9CE4u64, 0x8422_2325u64);
    let mut last = '\0';
    let is_letter = |c: &char| !matches!(*c, BREAK | SOFT_HYPHEN) && !c.is_whitespace();
    for (at, c) in shown.chars().filter(is_letter).enumerate() {
        let class = match c {
            _ if c.is_uppercase() => 'X',
            _ if c.is_alphabetic() => 'x',
            _ if c.is_numeric() => '0',
            _ => c,
        };
        if at < 8 {
            full = mix(full, u64::from(class));
        }
        if class != last {
            collapsed = mix(collapsed, u64::from(class));
            last = class;
        }
    }
    (full, collapsed)
}

/// Hashes of the first two to four and the last one to four characters of a normal form.
fn affixes(normal: &str) -> [u64; 7] {
    let mut found = [0; 7];
    for (at, length) in (2..=4).enumerate() {
        let end = normal.char_indices().nth(length).map_or(normal.len(), |(end, _)| end);
        found[at] = word::hash(&normal[..end]);
    }
    for (at, length) in (1..=4).enumerate() {
        let start = normal.char_indices().rev().nth(length - 1).map_or(0, |(start, _)| start);
        found[3 + at] = word::hash(&normal[start..]);
    }
    found
}

fn flags(shown: &str) -> u64 {
    let digit = shown.bytes().any(|byte| byte.is_ascii_digit());
    let dot = shown.contains('.');
    let apostrophe = shown.contains(['\'', '’']);
    let wide = !shown.is_ascii();
    let length = shown.len().min(12) as u64;
    length << 4 | u64::from(digit) << 3 | u64::from(dot) << 2 | u64::from(apostrophe) << 1 | u64::from(wide)
}

/// Which classes of the lexicon a token has, by its position in the matched sequence.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marks {
    single: Classes,
    begin: Classes,
    inside: Classes,
    end: Classes,
}

impl Marks {
    fn each(&self, mut each: impl FnMut(u64, u64)) {
        for (position, set) in [self.single, self.begin, self.inside, self.end].into_iter().enumerate() {
            if set != 0 {
                classes(set, |bit| each(position as u64, bit));
            }
        }
    }

    fn hash(&self) -> u64 {
        let pairs = |a: Classes, b: Classes| u64::from(a) << 32 | u64::from(b);
        mix(pairs(self.single, self.begin), pairs(self.inside, self.end))
    }

    fn all(&self) -> Classes {
        self.single | self.begin | self.inside | self.end
    }
}

/// Working memory of a run, handed on from one to the next.
#[derive(Debug, Default)]
pub struct Space {
    /// One a token of the run.
    marks: Vec<Marks>,
    /// The tokens of the run that count as words of a sequence.
    counted: Vec<usize>,
}

/// A candidate run in its sentence.
#[derive(Debug)]
pub struct Place<'r> {
    text: &'r Text<'r>,
    ids: &'r [u32],
    run: Range<usize>,
    sentence: Range<usize>,
    space: Space,
    /// 0 usual, 1 mostly capitalised words, 2 all capitals, 3 no capitals at all.
    sentence_case: u8,
    before_run: u64,
    before_run2: u64,
    after_run: u64,
    after_run2: u64,
    /// The skeleton of a short sentence and which of its names this run is.
    row: u64,
    topic: u8,
}

impl<'r> Place<'r> {
    /// The run `run` of text number `number`, in the sentence `sentence`; it works in `space`.
    pub fn new(
        document: &'r Document<'r>,
        (number, run): (usize, Range<usize>),
        sentence: &SentenceFacts,
        lexicon: &Lexicon,
        mut space: Space,
    ) -> Place<'r> {
        let text = document.texts[number];
        let ids = document.tokens[number].as_slice();
        let normal_of = |at: Option<usize>| at.map_or(1, |at| document.words[ids[at] as usize].normal);
        let before = run.start.checked_sub(1).filter(|&at| at >= sentence.range.start);
        let before2 = before.and_then(|at| at.checked_sub(1)).filter(|&at| at >= sentence.range.start);
        let after = Some(run.end).filter(|&at| at < sentence.range.end);
        let after2 = after.map(|at| at + 1).filter(|&at| at < sentence.range.end);
        space.marks.clear();
        space.marks.resize(run.len(), Marks::default());
        let mut place = Place {
            text,
            ids,
            space,
            row: sentence.row(text, run.start),
            run,
            sentence: sentence.range.clone(),
            sentence_case: sentence.case,
            before_run: normal_of(before),
            before_run2: normal_of(before2),
            after_run: normal_of(after),
            after_run2: normal_of(after2),
            topic: document.topic,
        };
        place.match_sequences(document, lexicon);
        place
    }

    fn word<'d>(&self, document: &'d Document<'_>, at: usize, offset: isize) -> &'d Word {
        &document.words[self.id(at, offset) as usize]
    }

    /// The word `offset` tokens from `at`, or [`OUTSIDE`] beyond the sentence.
    pub fn id(&self, at: usize, offset: isize) -> u32 {
        at.checked_add_signed(offset)
            .filter(|at| self.sentence.contains(at))
            .map_or(OUTSIDE, |at| self.ids[at])
    }

    /// Gives back what it worked in.
    pub fn into_space(self) -> Space {
        self.space
    }

    /// The tokens of the run.
    pub fn run(&self) -> Range<usize> {
        self.run.clone()
    }

    fn marks(&self, at: usize) -> Marks {
        self.space.marks[at - self.run.start]
    }

    fn marks_or_none(&self, at: usize, offset: isize) -> Marks {
        at.checked_add_signed(offset)
            .filter(|at| self.run.contains(at))
            .map_or(Marks::default(), |at| self.marks(at))
    }

    fn starts(&self, at: usize) -> bool {
        at == self.sentence.start
            || (at == self.sentence.start + 1 && self.text.tokens[at - 1].kind == TokenKind::Mark)
    }

    fn joined(&self, at: usize) -> u64 {
        let next = self.text.tokens.get(at + 1).is_some_and(|token| token.joined);
        u64::from(self.text.tokens[at].joined) << 1 | u64::from(next)
    }

    /// Marks, for every class, the leftmost longest sequences of the lexicon in the run.
    fn match_sequences(&mut self, document: &Document<'_>, lexicon: &Lexicon) {
        let mut counted = std::mem::take(&mut self.space.counted);
        counted.clear();
        counted.extend(self.run.clone().filter(|&at| is_counted(self.text, at)));
        for (start, &first) in counted.iter().enumerate() {
            let word = &document.words[self.ids[first] as usize];
            let mut found = [0; LONGEST + 1];
            found[1] = word.entry.classes;
            let mut hash = word.normal;
            let longest = 9 - word.entry.lengths.leading_zeros() as usize;
            for length in 2..=longest.min(counted.len() - start) {
                let next = &document.words[self.ids[counted[start + length - 1]] as usize];
                hash = lexicon::extend(hash, next.normal);
                if word.entry.lengths & (1 << (length - 2)) != 0 {
                    found[length] = lexicon.phrase(hash);
                }
            }
            for length in (1..=LONGEST).rev().filter(|&length| found[length] != 0) {
                self.mark(first, counted[start + length - 1], found[length]);
            }
        }
        self.space.counted = counted;
    }

    fn mark(&mut self, first: usize, last: usize, classes: Classes) {
        let marks = &mut self.space.marks[first - self.run.start..=last - self.run.start];
        let taken = marks.iter().fold(0, |taken, mark| taken | mark.all());
        let new = classes & !taken;
        if new == 0 {
            return;
        }
        if let [only] = marks {
            only.single |= new;
            return;
        }
        for mark in marks.iter_mut() {
            mark.inside |= new;
        }
        if let [begin, .., end] = marks {
            begin.inside &= !new;
            begin.begin |= new;
            end.inside &= !new;
            end.end |= new;
        }
    }
}

/// Hyphens and full stops are no words of a sequence.
fn is_counted(text: &Text, at: usize) -> bool {
    text.tokens[at].kind != TokenKind::Mark
        || !matches!(text.word(at), "-" | "." | "'" | "’" | "‘" | "‐" | "‑")
}

/// Longer sentences are no rows of a table.
const LONGEST_ROW: usize = 24;

/// What all runs of one sentence share.
#[derive(Debug, Clone)]
pub struct SentenceFacts {
    /// Its tokens.
    pub range: Range<usize>,
    case: u8,
    /// Hash of the kinds of its tokens, 0 for a long one.
    skeleton: u64,
}

impl SentenceFacts {
    /// Reads the sentence `range`.
    pub fn new(text: &Text, range: Range<usize>) -> SentenceFacts {
        let (mut lower, mut capital, mut upper) = (0, 0, 0);
        for at in range.clone().filter(|&at| text.tokens[at].kind == TokenKind::Word) {
            let word = text.word(at);
            if !text.tokens[at].capital {
                lower += 1;
            } else if word.len() > 1 && !word.bytes().any(|byte| byte.is_ascii_lowercase()) {
                upper += 1;
            } else {
                capital += 1;
            }
        }
        let case = match (lower, capital, upper) {
            (l, c, u) if u > 2 * (l + c) => 2,
            (l, c, u) if c + u > 2 * l && l + c + u > 2 => 1,
            (l, 0, 0) if l > 0 => 3,
            _ => 0,
        };
        let skeleton = if range.len() > LONGEST_ROW { 0 } else { skeleton(text, range.clone()) };
        SentenceFacts { range, case, skeleton }
    }

    /// The skeleton with the number of names that stand before token `at`; one value for all long sentences.
    fn row(&self, text: &Text, at: usize) -> u64 {
        if self.skeleton == 0 {
            return 0;
        }
        let name = |at: &usize| text.tokens[*at].capital && (*at == 0 || !text.tokens[*at - 1].capital);
        mix(self.skeleton, (self.range.start..at).filter(name).take(3).count() as u64)
    }
}

/// What a sentence looks like from afar: names, numbers, words, marks, each once in a row; the first dozen of them.
fn skeleton(text: &Text, range: Range<usize>) -> u64 {
    let (mut hash, mut last, mut length) = (1, 0, 0);
    for at in range {
        let token = &text.tokens[at];
        let word = text.word(at);
        let kind = match token.kind {
            TokenKind::Number => 2,
            TokenKind::Word if matches!(word, "at" | "AT" | "v" | "V" | "beat" | "c" | "b" | "and") => {
                3 + u64::from(word.as_bytes()[0].to_ascii_lowercase()) * 8
            }
            TokenKind::Word if token.capital => 1,
            TokenKind::Word => 4,
            TokenKind::Possessive => continue,
            TokenKind::Mark if token.joined && matches!(word, "-" | "." | "/") && last == 2 => continue,
            TokenKind::Mark => 5 + u64::from(word.as_bytes()[0]) * 8,
        };
        if kind != last {
            hash = mix(hash, kind);
            length += 1;
            if length == 12 {
                break;
            }
        }
        last = kind;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_and_affixes_follow_characters_not_bytes() {
        assert_eq!(shapes("Baghdad").1, shapes("Köln").1);
        assert_ne!(shapes("Baghdad").1, shapes("NATO").1);
        assert_eq!(affixes("koln")[0], word::hash("ko"));
        assert_eq!(affixes("ü")[6], word::hash("ü"));
    }
}
