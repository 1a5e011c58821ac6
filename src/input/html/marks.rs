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
}

const NAMED_BY: &[Attribute] = &[
    Attribute::Class,
    Attribute::Id,
    Attribute::Role,
    Attribute::TestId,
    Attribute::Component,
    Attribute::Qa,
    Attribute::Itemprop,
];

/// What the names of a node say.
pub(super) fn mark(page: &Page, index: Index) -> Mark {
    let mut mark = Mark::default();
    for &attribute in NAMED_BY {
        let Some(value) = page.attribute(index, attribute) else { continue };
        // A long list of classes styles a node; only short ones name it.
        for name in value.split_ascii_whitespace().take(12) {
            read_name(name, &mut mark);
        }
    }
    mark
}

fn read_name(name: &str, mark: &mut Mark) {
    if name.len() > 80 {
        return;
    }
    let mut joined = String::with_capacity(name.len());
    let mut ends = Vec::with_capacity(6);
    split(name, &mut joined, &mut ends);
    let word = |number: usize| {
        let start = if number == 0 { 0 } else { ends[number - 1] };
        &joined[start..ends[number]]
    };
    if ends.is_empty() {
        return;
    }
    if MARKS.about.contains(word(0)) {
        mark.add(MARKS.of_word.get(joined.as_str()));
        return;
    }
    let mut said = Mark::default();
    for number in 0..ends.len() {
        said.add(MARKS.of_word.get(word(number)));
    }
    said.add(MARKS.of_word.get(joined.as_str()));
    let has = |wanted: &[&str]| (0..ends.len()).any(|number| wanted.contains(&word(number)));
    let about_author =
        |word: &str| matches!(word, "box" | "bio" | "card" | "info" | "about" | "description" | "profile");
    if has(&["author", "autor", "auteur"]) && (0..ends.len()).any(|number| about_author(word(number))) {
        said.never = true;
    }
    // The foot of an article is not the foot of the page.
    if said.never && has(&["footer"]) && has(&["post", "entry", "article", "story"]) {
        said = Mark { never: false, seldom: true, ..said };
    }
    // "articleBody-related" is what is related, not the body.
    let other = said.reader || said.never || said.seldom;
    said.body = !other && MARKS.body.iter().any(|body| joined.contains(body));
    mark.add(Some(&said));
}

impl Mark {
    fn add(&mut self, said: Option<&Mark>) {
        let Some(said) = said else { return };
        self.reader |= said.reader;
        self.never |= said.never;
        self.seldom |= said.seldom;
        self.body |= said.body;
        self.lead |= said.lead;
        self.caption |= said.caption;
    }
}

/// Lower-case letters of a name without separators, and where its words end.
fn split(name: &str, joined: &mut String, ends: &mut Vec<usize>) {
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphabetic() || (c.is_uppercase() && before.is_lowercase()) {
            end_word(joined, ends);
        }
        if c.is_alphabetic() {
            joined.extend(c.to_lowercase());
        }
        before = c;
    }
    end_word(joined, ends);
}

fn end_word(joined: &str, ends: &mut Vec<usize>) {
    if joined.len() > ends.last().copied().unwrap_or(0) {
        ends.push(joined.len());
    }
}

/// Whether one of the words of a node's names, or a whole name, is `wanted`.
pub(super) fn has_word(page: &Page, index: Index, wanted: impl Fn(&str) -> bool) -> bool {
    NAMED_BY.iter().filter_map(|&attribute| page.attribute(index, attribute)).any(|value| {
        value.split_ascii_whitespace().take(12).any(|name| {
            let (mut joined, mut ends) = (String::new(), Vec::new());
            split(name, &mut joined, &mut ends);
            let mut start = 0;
            let found = ends.iter().any(|&end| {
                let word = &joined[start..end];
                start = end;
                wanted(word)
            });
            found || wanted(&joined)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dom_query::Document;

    fn of(attributes: &str) -> Mark {
        let document = Document::from(format!("<body><div {attributes}>x</div>"));
        let page = Page::new(&document);
        let div = page.all().find(|&index| page.tag(index) == super::super::page::Tag::Div).unwrap();
        mark(&page, div)
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
    }
}
