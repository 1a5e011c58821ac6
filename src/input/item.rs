//! A news item as agencies describe it: headline, byline, dates, topics, rights, whatever the format.
//!
//! Takes what the readers of NITF, `NewsML`, ninjs, wires and feeds find, piece by piece, gives a [`Draft`]. The first
//! piece of a kind that says anything stands; everything else is kept as metadata under the names of docs/OUTPUT.md.

use crate::input::fields::Value;
use crate::input::{Draft, byline, fields, markup};
use crate::language::Language;

/// A news item in the making.
#[derive(Default)]
pub(super) struct Item {
    draft: Draft,
}

impl Item {
    /// The identifier that its publisher gave it.
    pub(super) fn id(&mut self, id: &str) {
        if self.draft.article.id.is_empty() {
            id.trim().clone_into(&mut self.draft.article.id);
        }
    }

    /// A headline.
    pub(super) fn title(&mut self, title: Option<String>) {
        first(&mut self.draft.article.title, title);
    }

    /// Whether it has a headline.
    pub(super) fn has_title(&self) -> bool {
        self.draft.article.title.is_some()
    }

    /// Whether its headline is this one.
    pub(super) fn is_title(&self, title: &str) -> bool {
        self.draft.article.title.as_deref() == Some(markup::line(title).as_str())
    }

    /// The body.
    pub(super) fn text(&mut self, text: &str) {
        if self.draft.article.text.is_empty() {
            text.trim().clone_into(&mut self.draft.article.text);
        }
    }

    /// Whether it has a body.
    pub(super) fn has_text(&self) -> bool {
        !self.draft.article.text.is_empty()
    }

    /// More of the body, a paragraph apart.
    pub(super) fn add_text(&mut self, text: &str) {
        let body = &mut self.draft.article.text;
        if !body.is_empty() && !text.trim().is_empty() {
            body.push_str("\n\n");
        }
        body.push_str(text.trim());
    }

    /// A byline as printed: "By Jane Doe and John Roe, AP Writers".
    pub(super) fn byline(&mut self, printed: &str) {
        self.keep("byline", printed);
        if self.draft.article.authors.is_empty() {
            self.draft.article.authors = byline::people(printed);
        }
    }

    /// One author by name.
    pub(super) fn author(&mut self, name: &str) {
        for name in byline::people(name) {
            if !self.draft.article.authors.contains(&name) {
                self.draft.article.authors.push(name);
            }
        }
    }

    /// Whether somebody is named as author.
    pub(super) fn has_author(&self) -> bool {
        !self.draft.article.authors.is_empty()
    }

    /// The publisher.
    pub(super) fn source(&mut self, source: Option<String>) {
        first(&mut self.draft.article.source, source);
    }

    /// The section of the publisher.
    pub(super) fn section(&mut self, section: Option<String>) {
        first(&mut self.draft.article.section, section);
    }

    /// The place, and perhaps day, that it was written at.
    pub(super) fn dateline(&mut self, dateline: Option<String>) {
        first(&mut self.draft.article.dateline, dateline);
    }

    /// Its address on the web.
    pub(super) fn url(&mut self, url: &str) {
        let url = url.trim();
        if url.starts_with("http://") || url.starts_with("https://") {
            first(&mut self.draft.article.url, Some(url.to_owned()));
        }
    }

    /// The language it says it is in.
    pub(super) fn language(&mut self, tag: &str) {
        if self.draft.article.language.is_none() {
            self.draft.article.language = Language::parse(tag);
        }
    }

    /// A keyword.
    pub(super) fn keyword(&mut self, word: &str) {
        let word = markup::line(word);
        let keywords = &mut self.draft.article.keywords;
        if !word.is_empty() && !keywords.contains(&word) {
            keywords.push(word);
        }
    }

    /// A topic by name, by code (`medtop:04000000`), or both.
    pub(super) fn subject(&mut self, name: Option<&str>, code: Option<&str>) {
        self.keep("subjects", name.unwrap_or_default());
        self.keep("subject-codes", code.unwrap_or_default());
    }

    /// A date that may be that of publication; the most telling first.
    pub(super) fn date(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.draft.dates.push((name.to_owned(), value.to_owned()));
            self.keep(name, value);
        }
    }

    /// The date of this version of it, believed before all others; kept under the name that its file has for it.
    pub(super) fn published(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.draft.dates.push(("published".to_owned(), value.to_owned()));
            self.keep(name, value);
        }
    }

    /// What the user may want to know of the reading.
    pub(super) fn note(&mut self, note: Option<String>) {
        self.draft.article.notes.extend(note);
    }

    /// Keeps a value under a name; several values of one name stand side by side.
    pub(super) fn keep(&mut self, name: &str, value: &str) {
        let value = markup::line(value);
        let metadata = &mut self.draft.article.metadata;
        let known = metadata.get(name).is_some_and(|have| have.split("; ").any(|one| one == value));
        if !value.is_empty() && !known {
            fields::keep(name, value, metadata);
        }
    }

    /// Keeps a value of a record as it is: objects under dotted names, lists side by side.
    pub(super) fn flatten(&mut self, name: &str, value: &Value<'_>) {
        fields::flatten(name, value.clone(), &mut self.draft.article.metadata);
    }

    /// What is kept under a name.
    pub(super) fn kept(&self, name: &str) -> Option<String> {
        self.draft.article.metadata.get(name).cloned()
    }

    /// The article.
    pub(super) fn finish(mut self) -> Draft {
        // Where no field names an author, the first line of the text may: "By Jane Doe".
        if !self.has_author() {
            let opening = self.draft.article.text.lines().next().unwrap_or_default().trim().to_owned();
            if byline::is_line(&opening) {
                self.byline(&opening);
            }
        }
        self.draft
    }
}

fn first(slot: &mut Option<String>, value: Option<String>) {
    if slot.is_none() {
        *slot = value.map(|value| markup::line(&value)).filter(|value| !value.is_empty());
    }
}
