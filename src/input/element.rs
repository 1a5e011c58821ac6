//! Elements of XML: what readers look into, by name, attribute and text.
//!
//! Made by `xml`; gives lines and prose of what is in it. Names are compared by their local part. Never parses.

use std::rc::Rc;

use crate::input::markup::{self, Paragraphs};

/// One element with everything in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Element {
    /// Its name without prefix.
    pub(super) name: String,
    /// The namespace of its name, empty if it has none.
    pub(super) uri: Rc<str>,
    /// Names, as written, and values, in the order of the file.
    pub(super) attributes: Vec<(String, String)>,
    /// What is in it, in order.
    pub(super) nodes: Vec<Node>,
}

/// Something in an element.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// An element.
    Element(Element),
    /// Characters, entities resolved.
    Text(String),
}

impl Element {
    /// Whether it has this name; the namespace is not looked at.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// The value of the attribute with this local name, if there is something in it.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let local = |written: &str| written.rsplit(':').next() == Some(name) && !written.starts_with("xmlns");
        let value = self.attributes.iter().find(|(written, _)| local(written)).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty())
    }

    /// The elements directly in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements of this name directly in it.
    pub(super) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.elements().filter(move |element| element.is(name))
    }

    /// The first element of this name directly in it.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.is(name))
    }

    /// The element at the end of this path of names, first children all the way: `["head", "docdata", "doc-id"]`.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// Every element in it, at any depth, in the order of the file.
    pub(super) fn descendants(&self) -> Descendants<'_> {
        let mut waiting: Vec<&Element> = self.elements().collect();
        waiting.reverse();
        Descendants { waiting }
    }

    /// The first element of this name in it, at any depth.
    pub(super) fn find(&self, name: &str) -> Option<&Element> {
        self.descendants().find(|element| element.is(name))
    }

    /// Every element of this name in it, at any depth.
    pub(super) fn find_all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.descendants().filter(move |element| element.is(name))
    }

    /// All characters in it, as they are.
    pub(super) fn raw(&self) -> String {
        let mut text = String::new();
        self.gather(&mut text);
        text
    }

    /// All characters in it on one line, or nothing if there are none.
    pub(super) fn line(&self) -> Option<String> {
        let mut text = Paragraphs::default();
        self.write_line(&mut text);
        let line = text.finish().split_whitespace().collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    }

    /// Everything in it as paragraphs with blank lines between; elements that `passed` picks are left out.
    pub(super) fn prose(&self, passed: &dyn Fn(&Element) -> bool) -> String {
        let mut text = Paragraphs::default();
        self.write(&mut text, passed);
        text.finish()
    }

    pub(super) fn push_text(&mut self, text: String) {
        match self.nodes.last_mut() {
            Some(Node::Text(before)) => before.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.nodes.push(Node::Text(text)),
        }
    }

    pub(super) fn gather(&self, text: &mut String) {
        for node in &self.nodes {
            match node {
                Node::Text(piece) => text.push_str(piece),
                Node::Element(element) => element.gather(text),
            }
        }
    }

    pub(super) fn write_line(&self, text: &mut Paragraphs) {
        for node in &self.nodes {
            match node {
                Node::Text(piece) => text.push_plain(piece),
                Node::Element(element) => {
                    let apart = markup::is_block(&element.name) || element.is("br");
                    if apart {
                        text.line_break();
                    }
                    element.write_line(text);
                    if apart {
                        text.line_break();
                    }
                }
            }
        }
    }

    pub(super) fn write(&self, text: &mut Paragraphs, passed: &dyn Fn(&Element) -> bool) {
        for node in &self.nodes {
            match node {
                Node::Text(piece) => text.push_plain(piece),
                Node::Element(element) if passed(element) || markup::is_silent(&element.name) => {}
                Node::Element(element) if element.is("br") => text.line_break(),
                Node::Element(element) if element.is("pre") => {
                    text.paragraph_break();
                    text.push_lines(&element.raw());
                    text.paragraph_break();
                }
                Node::Element(element) => {
                    let block = markup::is_block(&element.name);
                    if block {
                        text.paragraph_break();
                    } else if matches!(element.name.as_str(), "td" | "th") {
                        text.push_plain(" ");
                    }
                    element.write(text, passed);
                    if block {
                        text.paragraph_break();
                    }
                }
            }
        }
    }
}

/// Elements at any depth, in the order of the file.
pub(super) struct Descendants<'e> {
    waiting: Vec<&'e Element>,
}

impl<'e> Iterator for Descendants<'e> {
    type Item = &'e Element;

    fn next(&mut self) -> Option<&'e Element> {
        let element = self.waiting.pop()?;
        let below = self.waiting.len();
        self.waiting.extend(element.elements());
        self.waiting[below..].reverse();
        Some(element)
    }
}
