//! The tagger: features of candidate runs, weights of the model, best labels.

use std::cell::RefCell;
use std::hint::black_box;
use std::ops::Range;
use std::sync::Arc;

use crate::error::Result;
use crate::extract::name::NameSpan;
use crate::extract::name::candidate;
use crate::extract::name::chain::{Chain, Work};
use crate::extract::name::embedded;
use crate::extract::name::feature::{Document, Memory, Place, REACH, SentenceFacts, Space};
use crate::extract::name::label::{self, LABELS};
use crate::extract::name::lexicon::Lexicon;
use crate::extract::name::model::{Model, Scores};
use crate::extract::name::topic::Topics;
use crate::extract::name::weekday;
use crate::span::Span;
use crate::text::Text;

/// Word roles: the word itself, the first and second to its left, the first and second to its right.
const ROLES: [(u64, isize); 5] = [(0, 0), (1, -1), (2, -2), (3, 1), (4, 2)];

/// Finds the names of an article.
#[derive(Debug, Clone)]
pub struct Tagger<'d> {
    lexicon: Lexicon<'d>,
    model: Arc<Model>,
    chain: Chain,
    topics: Topics,
}

/// A candidate run of one article.
#[derive(Debug, Clone)]
pub struct Run {
    /// Which text of the article.
    pub text: usize,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Its words' rows of scores.
    rows: Range<usize>,
}

impl Tagger<'static> {
    /// The tagger that comes with the program.
    pub fn embedded() -> Result<Tagger<'static>> {
        Ok(Tagger::with(Lexicon::new(embedded::lexicon()?)?, embedded::model()?))
    }
}

impl<'d> Tagger<'d> {
    /// The tagger of a lexicon file and a model file.
    pub fn new(lexicon: &'d [u8], model: &'d [u8]) -> Result<Tagger<'d>> {
        Ok(Tagger::with(Lexicon::new(lexicon)?, Arc::new(Model::read(model)?)))
    }

    fn with(lexicon: Lexicon<'d>, model: Arc<Model>) -> Tagger<'d> {
        let real = |row: [i16; LABELS]| row.map(|weight| f32::from(weight) * model.unit);
        let chain = Chain::new(&model.transitions.map(real), &real(model.ends));
        Tagger { lexicon, model, chain, topics: Topics::default() }
    }

    /// The lexicon, which others ask for the classes of words.
    pub fn lexicon(&self) -> &Lexicon<'d> {
        &self.lexicon
    }

    /// The names of each text of one article, in order, without overlaps.
    pub fn tag(&self, texts: &[&Text]) -> Vec<Vec<NameSpan>> {
        let mut found = vec![Vec::new(); texts.len()];
        self.each_run(texts, |run, labels, marginals| {
            read_spans(texts[run.text], run.tokens.start, labels, marginals, &mut found[run.text]);
        });
        for (text, names) in texts.iter().zip(&mut found) {
            weekday::give_back(text, &self.lexicon, names);
        }
        found
    }

    /// Calls `each` with every candidate run, its best labels and the probability of each label.
    pub fn each_run(&self, texts: &[&Text], mut each: impl FnMut(&Run, &[u8], &[[f32; LABELS]])) {
        thread_local!(static CACHE: RefCell<Cache> = RefCell::default());
        let runs = CACHE.with(|cache| self.scored(texts, &mut cache.borrow_mut()));
        let (mut labels, mut marginals, mut work) = (Vec::new(), Vec::new(), Work::default());
        for run in &runs.runs {
            let scores = &runs.scores[run.rows.clone()];
            if self.chain.is_outside(scores) {
                continue;
            }
            self.chain.best(scores, &mut work, &mut labels);
            if labels.iter().all(|&label| usize::from(label) == label::OUTSIDE) {
                continue;
            }
            self.chain.marginals(scores, None, &mut work, &mut marginals);
            each(run, &labels, &marginals);
        }
    }

    /// The candidate runs of an article with the scores of their words.
    fn scored(&self, texts: &[&Text], cache: &mut Cache) -> Scored {
        cache.open(self.model.rows.number());
        let document = Document::new(texts, &self.lexicon, &self.topics, &mut cache.memory);
        let mut found = Scored::default();
        let (mut sums, mut keys) = (Vec::new(), Vec::new());
        for number in 0..texts.len() {
            each_place(&document, number, &self.lexicon, |place| {
                cache.words(&self.model, &document, place, &mut sums);
                let start = found.scores.len();
                for (at, sum) in place.run().zip(&mut sums) {
                    keys.clear();
                    document.context_keys(place, at, &mut keys);
                    self.model.rows.add(&keys, sum);
                    found.scores.push(sum.map(|score| f32::from(score) * self.model.unit));
                }
                let rows = start..found.scores.len();
                found.runs.push(Run { text: number, tokens: place.run(), rows });
            });
        }
        found
    }
}

/// The candidate runs of an article and a row of scores for each of their words.
#[derive(Debug, Default)]
struct Scored {
    runs: Vec<Run>,
    scores: Vec<[f32; LABELS]>,
}

/// Calls `each` with every candidate run of text number `number` in its sentence.
pub fn each_place(
    document: &Document<'_>,
    number: usize,
    lexicon: &Lexicon,
    mut each: impl FnMut(&Place<'_>),
) {
    let text = document.texts[number];
    let (mut runs, mut space) = (Vec::new(), Space::default());
    candidate::runs(text, document.mode, &mut runs);
    let mut sentences = text.sentences.iter();
    let mut facts: Option<SentenceFacts> = None;
    for run in runs {
        while facts.as_ref().is_none_or(|facts| facts.range.end <= run.start) {
            let Some(range) = sentences.next() else { return };
            if range.end > run.start {
                facts = Some(SentenceFacts::new(text, range.clone()));
            }
        }
        if let Some(facts) = &facts {
            let place = Place::new(document, (number, run), facts, lexicon, std::mem::take(&mut space));
            each(&place);
            space = place.into_space();
        }
    }
}

/// A thread forgets the rarer of the words it has met when there are more: as many as a hash table of a power of two
/// holds.
const MOST_WORDS: usize = 57_300;

/// Sums of the weights that follow from a word alone, once for each word and role, kept from article to article.
#[derive(Default)]
struct Cache {
    /// The number of the weights that the sums are of.
    model: u64,
    memory: Memory,
    sums: Vec<[Scores; ROLES.len()]>,
    /// Bit `role` of a word: its sum is there.
    filled: Vec<u8>,
    keys: Vec<u64>,
}

impl Cache {
    /// Makes ready for an article, tagged with the weights of this number.
    fn open(&mut self, model: u64) {
        if self.model != model {
            self.model = model;
            self.memory.clear();
            self.sums.clear();
            self.filled.clear();
        }
        if self.memory.len() > MOST_WORDS {
            self.forget_rare();
        }
    }

    /// Most words are met once: those that several articles had stay, with their sums.
    fn forget_rare(&mut self) {
        // A word has sums once its article was tagged; a text without names has none.
        self.sums.resize(self.memory.len(), [[0; LABELS]; ROLES.len()]);
        self.filled.resize(self.memory.len(), 0);
        let staying = self.memory.forget_rare(MOST_WORDS / 2);
        for (number, &former) in staying.iter().enumerate() {
            self.sums[number] = self.sums[former];
            self.filled[number] = self.filled[former];
        }
        self.sums.truncate(staying.len());
        self.filled.truncate(staying.len());
    }

    /// For each word of a run, what follows from it and its neighbours by themselves.
    ///
    /// The sums of all its words are asked for before any is used: they wait for memory together.
    fn words(&mut self, model: &Model, document: &Document<'_>, place: &Place<'_>, scores: &mut Vec<Scores>) {
        if self.filled.len() < self.memory.len() {
            self.sums.resize(self.memory.len(), [[0; LABELS]; ROLES.len()]);
            self.filled.resize(self.memory.len(), 0);
        }
        let around = place.run().start.saturating_sub(REACH)..place.run().end + REACH;
        black_box(around.fold(0, |all, at| all ^ self.sums[document.known(place.id(at, 0)) as usize][0][0]));
        scores.clear();
        for at in place.run() {
            let mut sum = [0; LABELS];
            for (role, offset) in ROLES {
                let more = self.sum(model, document.known(place.id(at, offset)) as usize, role);
                for (score, more) in sum.iter_mut().zip(more) {
                    *score = i16::saturating_add(*score, *more);
                }
            }
            scores.push(sum);
        }
    }

    /// The sum of the weights that follow from a word in a role.
    fn sum(&mut self, model: &Model, known: usize, role: u64) -> &Scores {
        let sum = &mut self.sums[known][role as usize];
        if self.filled[known] >> role & 1 == 0 {
            self.filled[known] |= 1 << role;
            self.keys.clear();
            self.memory.word_keys(known as u32, role, &mut self.keys);
            model.rows.add(&self.keys, sum);
        }
        sum
    }
}

/// Adds the names that the labels of a run spell.
fn read_spans(
    text: &Text,
    start: usize,
    labels: &[u8],
    marginals: &[[f32; LABELS]],
    out: &mut Vec<NameSpan>,
) {
    let mut at = 0;
    while at < labels.len() {
        let Some(class) = label::class(usize::from(labels[at])) else {
            at += 1;
            continue;
        };
        let mut end = at + 1;
        while end < labels.len()
            && label::class(usize::from(labels[end])) == Some(class)
            && !label::begins(usize::from(labels[end]))
        {
            end += 1;
        }
        let score = (at..end).map(|word| marginals[word][usize::from(labels[word])]).fold(1.0, f32::min);
        let (first, last) = (start + at, start + end);
        if let (Some(from), Some(to)) = (text.tokens.get(first), text.tokens.get(last - 1)) {
            let span = Span::new(from.start as usize, to.end as usize);
            out.push(NameSpan { span, first, last, class, score });
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of a text as the built-in tagger sees them; checks that they are sound.
    fn names(source: &str) -> Vec<&str> {
        let text = Text::new(source);
        let found = Tagger::embedded().unwrap().tag(&[&text]).remove(0);
        let mut last = 0;
        for name in &found {
            assert!(name.first >= last && name.last > name.first && (0.0..=1.001).contains(&name.score));
            last = name.last;
        }
        found.iter().map(|name| name.span.of(source)).collect()
    }

    #[test]
    fn hostile_text_is_tagged_all_the_same() {
        let long = format!("He met {} in Paris.", "Jean-".repeat(120) + "Pierre");
        let endless = "Al".repeat(5_000);
        let list: Vec<&str> =
            (0..700).map(|n| ["Anna Keller", "Anna Kellerman", "Anna Kellersen"][n % 3]).collect();
        let list = list.join(", ");
        let marks = "e\u{301}\u{301}\u{200b}\u{feff}\u{202e}Paris\u{200d}".repeat(50);
        let lines = "\n".repeat(300) + "A\n\n\nB ¬ c ¬\n¬";
        let mixed = "Владимир Путин met 安倍晋三 and بنيامين نتنياهو in P̷a̷r̷i̷s. İstanbul ǅ ﬁ ß";
        let tails = "' '' 's S's ’s’s -- al- -al & of the of U.S U.S. U.. .U.";
        for source in [&long, &endless, &list, &marks, &lines, mixed, tails, "", "\u{0}", "¬"] {
            names(source);
            names(&source.to_uppercase());
            names(&source.to_lowercase());
        }
        assert!(names(&list).len() > 500);
    }

    #[test]
    fn an_article_is_tagged_the_same_whatever_was_tagged_before() {
        let source = "Shares of Nordhaven Steel Corp fell in London. Nordhaven said Anna Keller would go.";
        let before = names(source);
        names("nordhaven Keller LONDON London NORDHAVEN anna. Corp fell. STEEL steel");
        assert_eq!(names(source), before);
        assert!(before.contains(&"Anna Keller") && before.contains(&"London"));
    }

    #[test]
    fn an_article_is_tagged_the_same_once_rare_words_were_forgotten() {
        let source = "Shares of Nordhaven Steel Corp fell in London. Nordhaven said Anna Keller would go.";
        let before = names(source);
        names(source);
        // Twice as many words as are kept, each met once, in articles of a thousand.
        for article in 0..2 * MOST_WORDS / 1_000 {
            let words = (0..1_000).map(|word| format!("x{article}y{word} "));
            names(&words.collect::<String>());
        }
        assert_eq!(names(source), before);
        let mut memory = Memory::default();
        let lexicon = Tagger::embedded().unwrap().lexicon;
        for text in ["London fell. Keller", "London rose", "London"].map(Text::new) {
            Document::new(&[&text], &lexicon, &Topics::default(), &mut memory);
        }
        assert_eq!((memory.len(), memory.forget_rare(1)), (6, vec![0, 1]));
        assert_eq!(memory.len(), 2);
    }

    proptest::proptest! {
        #[test]
        fn names_lie_in_order_on_whole_tokens(source in "(\\PC|[A-Z][a-z]{0,5}|[ .,'\n-]){0,60}") {
            names(&source);
        }
    }
}
