//! Name spans: one pass over the tokens that decides what is a person, an organisation or a location.
//!
//! Takes the texts of one article, gives spans with a class; never resolves what they stand for.

pub mod candidate;

use crate::error::Result;
use crate::span::Span;
use crate::text::Text;
use crate::text::token::TokenKind;

/// What a name is taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameClass {
    /// A human being.
    Person,
    /// An organisation of any kind.
    Organisation,
    /// A toponym.
    Location,
    /// Another name: nationality, event, product, work. Demonyms are found here.
    Other,
}

/// A name as the tagger sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NameSpan {
    /// In bytes.
    pub span: Span,
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub last: usize,
    /// What it is taken to be.
    pub class: NameClass,
    /// 0 to 1: how sure the tagger is.
    pub score: f32,
}

/// Finds the names of an article.
#[derive(Debug)]
pub struct Tagger {}

impl Tagger {
    /// The tagger that comes with the program.
    pub fn embedded() -> Result<Tagger> {
        Ok(Tagger {})
    }

    /// The names of each text of one article, in order, without overlaps.
    pub fn tag(&self, texts: &[&Text]) -> Vec<Vec<NameSpan>> {
        let mode = candidate::case_mode(texts);
        let mut runs = Vec::new();
        texts
            .iter()
            .map(|text| {
                candidate::runs(text, mode, &mut runs);
                runs.iter().filter_map(|run| guess(text, run.start, run.end)).collect()
            })
            .collect()
    }
}

/// A first guess by the words of a run and the word before it.
fn guess(text: &Text, first: usize, last: usize) -> Option<NameSpan> {
    const ORGANISATION: &[&str] = &[
        "Ministry",
        "Party",
        "Bank",
        "Army",
        "Council",
        "University",
        "Inc",
        "Corp",
        "Co",
        "Ltd",
        "Group",
        "Union",
        "Agency",
        "Forces",
        "Brigades",
        "Committee",
        "Department",
        "Court",
        "Association",
    ];
    const TITLES: &[&str] = &["President", "Minister", "Mr", "Mrs", "Ms", "Dr", "General", "Senator", "Gen"];
    let sentence_start = text.sentences.iter().any(|sentence| sentence.start == first);
    if (sentence_start && last - first == 1) || text.word(first).len() < 2 {
        return None;
    }
    let last = if text.tokens[last - 1].kind == TokenKind::Possessive { last - 1 } else { last };
    let titles = (first..last).take_while(|&at| TITLES.contains(&text.word(at))).count();
    let class = if (first..last).any(|at| ORGANISATION.contains(&text.word(at))) {
        NameClass::Organisation
    } else if titles > 0 {
        NameClass::Person
    } else if first > 0 && ["in", "at", "from", "near", "of", "to"].contains(&text.word(first - 1)) {
        NameClass::Location
    } else {
        NameClass::Other
    };
    let first = first + titles;
    let span = Span::new(text.tokens.get(first)?.start as usize, text.tokens[last - 1].end as usize);
    (first < last).then_some(NameSpan { span, first, last, class, score: 0.3 })
}
