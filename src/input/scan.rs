//! What scanned pages have in common: words to lines, lines to blocks, blocks to a page in reading order.
//!
//! Words that a line break cuts in two are put together again; how sure the recognition was is kept as a number from 0 to
//! 1. Takes words from the readers of ALTO, PAGE and hOCR; never looks at a file.

use std::collections::BTreeMap;

use crate::article::Article;
use crate::language::Language;

/// The characters that stand for a hyphen at the end of a line: also the not sign and the double hyphen of blackletter.
const HYPHENS: &[char] = &['-', '\u{AD}', '¬', '⸗', '‐', '='];

/// A piece of a page that is read as one.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    /// Its name in the file.
    pub(super) id: String,
    /// Its lines, joined.
    pub(super) text: String,
    /// It is a headline.
    pub(super) heading: bool,
    /// Its language, where the file says so.
    pub(super) language: Option<Language>,
    /// How sure the recognition of its words was.
    pub(super) confidence: Confidence,
    /// The last line broke off within a word.
    pub(super) broken_off: bool,
}

/// How sure recognition was of words: their number and the sum.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Confidence {
    words: u32,
    sum: f64,
}

impl Confidence {
    /// One more word, from 0 to 1.
    pub(super) fn add(&mut self, sure: f64) {
        if (0.0..=1.0).contains(&sure) {
            self.words += 1;
            self.sum += sure;
        }
    }

    /// The words of another block too.
    pub(super) fn join(&mut self, other: Confidence) {
        self.words += other.words;
        self.sum += other.sum;
    }

    /// The mean, in two digits; nothing if no word says.
    pub(super) fn shown(self) -> Option<String> {
        (self.words > 0).then(|| format!("{:.2}", self.sum / f64::from(self.words)))
    }
}

impl Block {
    /// Adds a line. One that ends in a hyphen is joined with the next if that goes on in small letters; `cut` says that it
    /// does, whatever it looks like.
    pub(super) fn line(&mut self, line: &str, cut: bool) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        let goes_on = line.chars().next().is_some_and(char::is_lowercase);
        let hyphened = self.text.ends_with(HYPHENS)
            && self.text.chars().rev().nth(1).is_some_and(char::is_alphabetic)
            && goes_on;
        if hyphened {
            self.text.pop();
        } else if !self.text.is_empty() && !self.broken_off {
            self.text.push(' ');
        }
        self.text.push_str(line);
        self.broken_off = cut;
    }
}

/// A page as it was recognised.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// In reading order.
    pub(super) blocks: Vec<Block>,
    /// Its number in what was scanned.
    pub(super) number: Option<String>,
    /// The picture it was read from.
    pub(super) image: Option<String>,
    /// The language of the whole page.
    pub(super) language: Option<Language>,
}

impl Page {
    /// Puts the blocks named in `order` first, in that order.
    pub(super) fn reorder(&mut self, order: &[String]) {
        let place: BTreeMap<&str, usize> =
            order.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        self.blocks.sort_by_key(|block| place.get(block.id.as_str()).copied().unwrap_or(usize::MAX));
    }

    /// The page as an article: the first headline its title, blocks as paragraphs.
    pub(super) fn article(self) -> Article {
        let mut article = of_blocks(self.blocks.iter());
        article.language = article.language.or(self.language);
        let said = [("page", self.number), ("image", self.image)];
        for (name, value) in said {
            article.metadata.extend(value.map(|value| (name.to_owned(), value)));
        }
        article
    }
}

/// An article of these blocks: headlines at its beginning are the title.
pub(super) fn of_blocks<'b>(blocks: impl Iterator<Item = &'b Block>) -> Article {
    let mut article = Article::default();
    let mut confidence = Confidence::default();
    let mut title: Vec<&str> = Vec::new();
    let mut text: Vec<&str> = Vec::new();
    for block in blocks.filter(|block| !block.text.is_empty()) {
        confidence.join(block.confidence);
        article.language = article.language.or(block.language);
        if block.heading && text.is_empty() { title.push(&block.text) } else { text.push(&block.text) }
    }
    if text.is_empty() {
        std::mem::swap(&mut text, &mut title);
    }
    article.title = (!title.is_empty()).then(|| title.join(" "));
    article.text = text.join("\n\n");
    article.metadata.extend(confidence.shown().map(|shown| ("word_confidence".to_owned(), shown)));
    article
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cut_by_the_end_of_a_line_are_put_together() {
        let mut block = Block::default();
        for (line, cut) in [
            ("The Gov-", false),
            ("ernor of New", false),
            ("York spoke Anglo-", false),
            ("American. A pro", true),
            ("mise", false),
        ] {
            block.line(line, cut);
        }
        assert_eq!(block.text, "The Governor of New York spoke Anglo- American. A promise");
    }

    #[test]
    fn headlines_at_the_beginning_are_the_title() {
        let block = |text: &str, heading| Block { text: text.into(), heading, ..Block::default() };
        let page = Page {
            blocks: vec![
                block("STORM", true),
                block("AT SEA", true),
                block("It blew.", false),
                block("Later", true),
            ],
            ..Page::default()
        };
        let article = page.article();
        assert_eq!((article.title(), article.text.as_str()), ("STORM AT SEA", "It blew.\n\nLater"));
    }
}
