//! A web page as a flat list of nodes in reading order, which every finder walks by index.
//!
//! Takes the parsed document, gives a [`Page`]: for each node its element, its parent, where its subtree ends, and its
//! text or the few attributes that say what it is. Built in one pass, without recursion; nothing is judged here.

use std::ops::Range;

use dom_query::{Document, NodeData, NodeId};

/// A node's number in reading order.
pub(super) type Index = usize;

/// A web page.
pub(super) struct Page {
    nodes: Vec<Node>,
    attributes: Vec<(Attribute, Range<usize>)>,
    /// Text and attribute values, one after the other.
    buffer: String,
}

struct Node {
    tag: Tag,
    parent: u32,
    /// One past the last node of the subtree.
    end: u32,
    /// The text of a text node.
    text: Range<usize>,
    attributes: Range<usize>,
}

macro_rules! names {
    ($(#[$doc:meta])* $kind:ident { $($variant:ident = $name:literal),* $(,)? } else $other:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $kind { $($variant,)* $other }

        impl $kind {
            fn named(name: &str) -> $kind {
                match name { $($name => $kind::$variant,)* _ => $kind::$other }
            }
        }
    };
}

names! {
    /// The elements that mean something here.
    Tag {
        A = "a", Abbr = "abbr", Address = "address", Article = "article", Aside = "aside", B = "b",
        Blockquote = "blockquote", Body = "body", Br = "br", Button = "button", Canvas = "canvas",
        Caption = "caption", Center = "center", Cite = "cite", Code = "code", Dd = "dd", Details = "details",
        Dialog = "dialog", Div = "div", Dl = "dl", Dt = "dt", Em = "em", Embed = "embed", Fieldset = "fieldset",
        Figcaption = "figcaption", Figure = "figure", Font = "font", Footer = "footer", Form = "form", H1 = "h1",
        H2 = "h2", H3 = "h3", H4 = "h4", H5 = "h5", H6 = "h6", Head = "head", Header = "header", Hr = "hr",
        Html = "html", I = "i", Iframe = "iframe", Img = "img", Input = "input", Label = "label", Li = "li",
        Link = "link", Main = "main", Menu = "menu", Meta = "meta", Nav = "nav", Noscript = "noscript",
        Object = "object", Ol = "ol", P = "p", Picture = "picture", Pre = "pre", Q = "q", Script = "script",
        Section = "section", Select = "select", Small = "small", Span = "span", Strong = "strong", Style = "style",
        Summary = "summary", Sup = "sup", Svg = "svg", Table = "table", Tbody = "tbody", Td = "td",
        Template = "template", Textarea = "textarea", Th = "th", Time = "time", Title = "title", Tr = "tr", U = "u",
        Ul = "ul", Video = "video", Audio = "audio", Text = "#text",
    } else Other
}

names! {
    /// The attributes that mean something here.
    Attribute {
        AriaHidden = "aria-hidden", AriaLabel = "aria-label", Class = "class", Component = "data-component",
        Content = "content", Datetime = "datetime", Hidden = "hidden", Href = "href", Id = "id",
        Itemprop = "itemprop", Itemtype = "itemtype", Lang = "lang", Name = "name", Property = "property",
        Rel = "rel", Role = "role", Style = "style", TestId = "data-testid", Qa = "data-qa", Kind = "type",
    } else Unknown
}

impl Page {
    /// Flattens a document.
    pub(super) fn new(document: &Document) -> Page {
        let tree = &document.tree;
        let mut page = Page { nodes: Vec::new(), attributes: Vec::new(), buffer: String::new() };
        let root = document.root().id;
        let mut parents: Vec<Index> = Vec::new();
        let mut next = Some(root);
        while let Some(id) = next {
            let parent = parents.last().copied().unwrap_or(0);
            let index = page.nodes.len();
            let (first, sibling) = tree
                .query_node(&id, |node| {
                    page.add(&node.data, parent);
                    (node.first_child, node.next_sibling)
                })
                .unwrap_or_default();
            next = match (first, sibling) {
                (Some(child), _) => {
                    parents.push(index);
                    Some(child)
                }
                (None, Some(sibling)) => {
                    page.close(index);
                    Some(sibling)
                }
                (None, None) => {
                    page.close(index);
                    page.next_after(tree, id, &mut parents)
                }
            };
        }
        page
    }

    /// Climbs from a last child to the next node that is not yet seen.
    fn next_after(
        &mut self,
        tree: &dom_query::Tree,
        from: NodeId,
        parents: &mut Vec<Index>,
    ) -> Option<NodeId> {
        let mut id = from;
        loop {
            let parent = tree.query_node(&id, |node| node.parent).flatten()?;
            self.close(parents.pop()?);
            if let Some(sibling) = tree.query_node(&parent, |node| node.next_sibling).flatten() {
                return Some(sibling);
            }
            id = parent;
        }
    }

    fn close(&mut self, index: Index) {
        self.nodes[index].end = self.nodes.len() as u32;
    }

    fn add(&mut self, data: &NodeData, parent: Index) {
        let mut node = Node {
            tag: Tag::Other,
            parent: parent as u32,
            end: self.nodes.len() as u32 + 1,
            text: 0..0,
            attributes: self.attributes.len()..self.attributes.len(),
        };
        match data {
            NodeData::Text { contents } => {
                node.tag = Tag::Text;
                node.text = self.keep(contents);
            }
            NodeData::Element(element) => {
                node.tag = Tag::named(&element.name.local);
                for attribute in &element.attrs {
                    let name = Attribute::named(&attribute.name.local);
                    if name != Attribute::Unknown {
                        let value = self.keep(&attribute.value);
                        self.attributes.push((name, value));
                    }
                }
                node.attributes.end = self.attributes.len();
            }
            _ => {}
        }
        self.nodes.push(node);
    }

    fn keep(&mut self, text: &str) -> Range<usize> {
        let start = self.buffer.len();
        self.buffer.push_str(text);
        start..self.buffer.len()
    }

    /// Every node, in reading order.
    pub(super) fn all(&self) -> Range<Index> {
        0..self.nodes.len()
    }

    /// The nodes within `index`, itself left out.
    pub(super) fn within(&self, index: Index) -> Range<Index> {
        index + 1..self.end(index)
    }

    /// One past the last node of the subtree.
    pub(super) fn end(&self, index: Index) -> Index {
        self.nodes[index].end as usize
    }

    /// The element of a node.
    pub(super) fn tag(&self, index: Index) -> Tag {
        self.nodes[index].tag
    }

    /// The parent of a node; the root is its own.
    pub(super) fn parent(&self, index: Index) -> Index {
        self.nodes[index].parent as usize
    }

    /// The ancestors of a node, the nearest first.
    pub(super) fn ancestors(&self, index: Index) -> impl Iterator<Item = Index> {
        std::iter::successors(Some(index), |&at| (at != 0).then(|| self.parent(at))).skip(1)
    }

    /// The children of a node.
    pub(super) fn children(&self, index: Index) -> impl Iterator<Item = Index> {
        let end = self.end(index);
        let first = (index + 1 < end).then_some(index + 1);
        std::iter::successors(first, move |&at| (self.end(at) < end).then(|| self.end(at)))
    }

    /// The text of a text node, as it stands.
    pub(super) fn raw(&self, index: Index) -> &str {
        &self.buffer[self.nodes[index].text.clone()]
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, index: Index, wanted: Attribute) -> Option<&str> {
        let attributes = &self.attributes[self.nodes[index].attributes.clone()];
        attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| &self.buffer[value.clone()])
    }

    /// The first descendant (or the node itself) that `wanted` takes.
    pub(super) fn find(&self, from: Index, wanted: impl Fn(Index) -> bool) -> Option<Index> {
        (from..self.end(from)).find(|&index| wanted(index))
    }

    /// All text within a node on one line.
    pub(super) fn line(&self, index: Index) -> String {
        let mut line = String::new();
        let mut gap = false;
        let mut at = index;
        while at < self.end(index) {
            match self.tag(at) {
                Tag::Text => {
                    for (number, word) in self.raw(at).split(char::is_whitespace).enumerate() {
                        gap |= number > 0;
                        if word.is_empty() {
                            continue;
                        }
                        if gap && !line.is_empty() {
                            line.push(' ');
                        }
                        gap = false;
                        line.push_str(word);
                    }
                }
                Tag::Script | Tag::Style | Tag::Noscript | Tag::Template | Tag::Svg => {
                    at = self.end(at);
                    continue;
                }
                Tag::Other => {}
                tag => gap |= !tag.is_inline(),
            }
            at += 1;
        }
        line
    }
}

impl Tag {
    /// Stands within a line of text.
    pub(super) fn is_inline(self) -> bool {
        matches!(
            self,
            Tag::A
                | Tag::Abbr
                | Tag::B
                | Tag::Cite
                | Tag::Code
                | Tag::Em
                | Tag::Font
                | Tag::I
                | Tag::Img
                | Tag::Label
                | Tag::Picture
                | Tag::Q
                | Tag::Small
                | Tag::Span
                | Tag::Strong
                | Tag::Sup
                | Tag::Text
                | Tag::Time
                | Tag::U
                | Tag::Other
        )
    }

    /// A heading.
    pub(super) fn is_heading(self) -> bool {
        matches!(self, Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6)
    }

    /// Nothing in it is text of the page.
    pub(super) fn is_silent(self) -> bool {
        matches!(
            self,
            Tag::Script
                | Tag::Style
                | Tag::Noscript
                | Tag::Template
                | Tag::Svg
                | Tag::Iframe
                | Tag::Object
                | Tag::Embed
                | Tag::Canvas
                | Tag::Video
                | Tag::Audio
                | Tag::Head
                | Tag::Select
                | Tag::Textarea
                | Tag::Input
                | Tag::Button
                | Tag::Dialog
        )
    }
}
