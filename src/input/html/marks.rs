//! What a page calls its parts: class names, ids, roles, looked up in `data/html/marks.toml`.
//!
//! Takes the names of a node, gives what they say of it. Never looks at text.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::input::html::page::{Attribute, Index, Page};

#[derive(Deserialize, Default)]
struct File {
    reader: String,
    never: String,
    seldom: String,
    about: String,
    body: String,
    lead: String,
    caption: String,
}

struct Marks {
    of_word: FxHashMap<&'static str, Mark>,
    about: FxHashSet<&'static str>,
    body: Vec<&'static str>,
}

static MARKS: LazyLock<Marks> = LazyLock::new(|| {
    let source = include_str!("../../../data/html/marks.toml");
    // A data file of ours that does not parse is caught by the tests; a reader without it still reads.
    let file: &'static File = Box::leak(Box::new(toml::from_str(source).unwrap_or_default()));
    let mut of_word: FxHashMap<&'static str, Mark> = FxHashMap::default();
    let mut set = |words: &'static str, set: fn(&mut Mark)| {
        for word in words.split_whitespace() {
            set(of_word.entry(word).or_default());
        }
    };
    set(&file.reader, |mark| mark.reader = true);
    set(&file.never, |mark| mark.never = true);
    set(&file.seldom, |mark| mark.seldom = true);
    set(&file.lead, |mark| mark.lead = true);
    set(&file.caption, |mark| mark.caption = true);
    Marks {
        of_word,
        about: file.about.split_whitespace().collect(),
        body: file.body.split_whitespace().collect(),
    }
});

/// What a node's names say of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// Readers wrote it.
    pub(super) reader: bool,
    /// Never part of an article.
    pub(super) never: bool,
    /// Not part of an article unless it holds most of the page's text.
    pub(super) seldom: bool,
    /// Holds the text of the article.
    pub(super) body: bool,
    /// The paragraph between headline and article.
    pub(super) lead: bool,
    /// The text of a picture.
    pub(super) caption: bool,
    /// The author of an article.
    pub(super) author: bool,
    /// The box about the author below an article: it names the author, too, but also others.
    pub(super) author_box: bool,
}

/// A longer name is made by a program.
const LONGEST_NAME: usize = 80;

/// Words that mark the box about the author.
const AUTHOR_BOX: &[&str] = &["authorbox", "authorbio", "authorcard", "authorinfo", "aboutauthor", "bio"];

const NAMED_BY: &[Attribute] = &[
    Attribute::Class,
    Attribute::Id,
    Attribute::Role,
    Attribute::TestId,
    Attribute::Component,
    Attribute::Qa,
    Attribute::Itemprop,
];

/// Whether a word of a name marks what readers wrote: comments.
pub(in crate::input) fn is_of_readers(word: &str) -> bool {
    MARKS.of_word.get(word).is_some_and(|mark| mark.reader)
}

/// What the names of each node of a page say.
pub(super) fn marks(page: &Page) -> Vec<Mark> {
    let mut known = Known::default();
    page.all().map(|index| known.mark(page, index)).collect()
}

/// What is known of the names of a page: lists and grids repeat theirs.
#[derive(Default)]
struct Known<'p> {
    marks: FxHashMap<&'p str, Mark>,
    name: Name,
}

impl<'p> Known<'p> {
    fn mark(&mut self, page: &'p Page, index: Index) -> Mark {
        let mut mark = Mark::default();
        for &attribute in NAMED_BY {
            if let Some(value) = page.attribute(index, attribute) {
                let name = &mut self.name;
                mark.add(*self.marks.entry(value).or_insert_with(|| of_value(value, name)));
            }
        }
        mark
    }
}

/// What the names in the value of an attribute say.
fn of_value(value: &str, scratch: &mut Name) -> Mark {
    let mut mark = Mark::default();
    // A long list of classes styles a node; only short ones name it.
    for name in value.split_ascii_whitespace().take(12) {
        scratch.cut(name);
        mark.add(scratch.said_of_author());
        if name.len() <= LONGEST_NAME {
            mark.add(scratch.said());
        }
    }
    mark
}

/// A name in lower-case letters without separators, and where its words end.
#[derive(Default)]
struct Name {
    joined: String,
    ends: Vec<usize>,
}

impl Name {
    fn cut(&mut self, name: &str) {
        self.joined.clear();
        self.ends.clear();
        let mut before = ' ';
        for c in name.chars() {
            let is_letter = if c.is_ascii() { c.is_ascii_alphabetic() } else { c.is_alphabetic() };
            if !is_letter || (c.is_uppercase() && before.is_lowercase()) {
                self.end_word();
            }
            if is_letter && c.is_ascii() {
                self.joined.push(c.to_ascii_lowercase());
            } else if is_letter {
                self.joined.extend(c.to_lowercase());
            }
            before = c;
        }
        self.end_word();
    }

    fn end_word(&mut self) {
        if self.joined.len() > self.ends.last().copied().unwrap_or(0) {
            self.ends.push(self.joined.len());
        }
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.joined[start..end])
    }

    fn said(&self) -> Mark {
        let Some(first) = self.words().next() else { return Mark::default() };
        let whole = MARKS.of_word.get(self.joined.as_str()).copied().unwrap_or_default();
        if MARKS.about.contains(first) {
            return whole;
        }
        let mut said = whole;
        for word in self.words() {
            said.add(MARKS.of_word.get(word).copied().unwrap_or_default());
        }
        let has = |wanted: &[&str]| self.words().any(|word| wanted.contains(&word));
        if has(&["author", "autor", "auteur"])
            && has(&["box", "bio", "card", "info", "about", "description", "profile"])
        {
            said.never = true;
        }
        // The foot of an article is not the foot of the page.
        if said.never && has(&["footer"]) && has(&["post", "entry", "article", "story"]) {
            said = Mark { never: false, seldom: true, ..said };
        }
        // "articleBody-related" is what is related, not the body.
        let other = said.reader || said.never || said.seldom;
        said.body = !other && MARKS.body.iter().any(|body| self.joined.contains(body));
        said
    }

    /// What a name or one of its words says of the author.
    fn said_of_author(&self) -> Mark {
        let mut mark = Mark::default();
        for word in self.words().chain([self.joined.as_str()]) {
            mark.author |= is_author_word(word);
            mark.author_box |= AUTHOR_BOX.contains(&word);
        }
        mark
    }
}

/// Whether a word marks the author of an article: also "authorbold", "authorline", but not "authority".
fn is_author_word(word: &str) -> bool {
    let named = matches!(
        word,
        "byline"
            | "author"
            | "authors"
            | "authorname"
            | "postauthor"
            | "articleauthor"
            | "autor"
            | "autoren"
            | "auteur"
            | "writer"
            | "reporter"
            | "journalist"
            | "redacteur"
            | "autore"
            | "bylines"
            | "vcard"
    );
    named || word.starts_with("author") && !word.starts_with("authori") && word.len() < 14
}

impl Mark {
    fn add(&mut self, said: Mark) {
        self.reader |= said.reader;
        self.never |= said.never;
        self.seldom |= said.seldom;
        self.body |= said.body;
        self.lead |= said.lead;
        self.caption |= said.caption;
        self.author |= said.author;
        self.author_box |= said.author_box;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dom_query::Document;

    fn of(attributes: &str) -> Mark {
        let document = Document::from(format!("<body><div {attributes}>x</div>"));
        let page = Page::new(&document);
        let div = page.all().find(|&index| page.tag(index) == super::super::page::Tag::Div).unwrap();
        marks(&page)[div]
    }

    #[test]
    fn names_say_what_a_part_is() {
        assert!(of("class='relatedPosts'").never);
        assert!(of("id='site-footer'").never);
        assert!(of("class='box share-buttons'").seldom);
        assert!(of("class='article__body'").body && !of("class='article__body'").never);
        assert!(of("itemprop='articleBody'").body);
        assert!(of("class='wp-caption-text'").caption);
        assert!(of("class='ArticleBody-related'").never && !of("class='ArticleBody-related'").body);
        assert_eq!(of("class='has-sidebar no-comments is-related'"), Mark::default());
        assert_eq!(of("class='heading shadow'"), Mark::default());
        assert!(of("class='x' id='author-line'").author && of("class='authorBold'").author);
        assert!(of("class='about-author'").author_box && !of("class='authority'").author);
    }
}
