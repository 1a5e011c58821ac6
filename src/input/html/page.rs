//! A web page as a flat list of nodes in reading order, which every finder walks by index, that of dates included.
//!
//! Takes the parsed document, gives a [`Page`]: for each node its element, its parent, where its subtree ends, and its
//! text or the few attributes that say what it is. Built in one pass, without recursion; nothing is judged here.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use dom_query::{Document, NodeData, NodeId};
use rustc_hash::FxHashMap;

/// A node's number in reading order.
pub(in crate::input) type Index = usize;

/// A web page.
pub(in crate::input) struct Page {
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
        pub(in crate::input) enum $kind { $($variant,)* $other }

        impl $kind {
            fn named(name: &str) -> $kind {
                static NAMES: LazyLock<FxHashMap<&'static str, $kind>> =
                    LazyLock::new(|| [$(($name, $kind::$variant)),*].into_iter().collect());
                NAMES.get(name).copied().unwrap_or($kind::$other)
            }
        }
    };
}

names! {
    /// The elements that mean something here.
    Tag {
        A = "a", Abbr = "abbr", Address = "address", Article = "article", Aside = "aside", B = "b",
        Bdi = "bdi", Blockquote = "blockquote", Body = "body", Br = "br", Button = "button", Canvas = "canvas",
        Caption = "caption", Center = "center", Cite = "cite", Code = "code", Dd = "dd", Details = "details",
        Dialog = "dialog", Div = "div", Dl = "dl", Dt = "dt", Em = "em", Embed = "embed", Fieldset = "fieldset",
        Figcaption = "figcaption", Figure = "figure", Font = "font", Footer = "footer", Form = "form", H1 = "h1",
        H2 = "h2", H3 = "h3", H4 = "h4", H5 = "h5", H6 = "h6", Head = "head", Header = "header", Hr = "hr",
        Html = "html", I = "i", Iframe = "iframe", Img = "img", Input = "input", Label = "label", Li = "li",
        Link = "link", Main = "main", Mark = "mark", Menu = "menu", Meta = "meta", Nav = "nav", Noscript = "noscript",
        Object = "object", Ol = "ol", Option = "option", P = "p", Picture = "picture", Pre = "pre", Q = "q", Script = "script",
        Section = "section", Select = "select", Small = "small", Source = "source", Span = "span", Strong = "strong", Style = "style",
        Sub = "sub", Summary = "summary", Sup = "sup", Svg = "svg", Table = "table", Tbody = "tbody", Td = "td",
        Template = "template", Textarea = "textarea", Th = "th", Time = "time", Title = "title", Tr = "tr", U = "u",
        Ul = "ul", Video = "video", Audio = "audio", Wbr = "wbr", Text = "#text", Nothing = "#nothing",
    } else Other
}

names! {
    /// The attributes that mean something here.
    Attribute {
        AriaHidden = "aria-hidden", AriaLabel = "aria-label", Class = "class", Component = "data-component",
        Content = "content", DataDate = "data-date", DataDatetime = "data-datetime", DataTime = "data-time",
        DataPublishDate = "data-publish-date", DataPublished = "data-published", DataTimestamp = "data-timestamp",
        DataUtime = "data-utime", Datetime = "datetime", Hidden = "hidden", Href = "href",
        HttpEquiv = "http-equiv", Id = "id",
        Itemprop = "itemprop", Itemtype = "itemtype", Lang = "lang", Name = "name", Property = "property", Pubdate = "pubdate",
        Rel = "rel", Role = "role", Style = "style", TestId = "data-testid", Title = "title", Qa = "data-qa", Kind = "type",
    } else Unknown
}

impl Page {
    /// Flattens a document.
    pub(in crate::input) fn new(document: &Document) -> Page {
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
            tag: Tag::Nothing,
            parent: parent as u32,
            end: self.nodes.len() as u32 + 1,
            text: 0..0,
            attributes: self.attributes.len()..self.attributes.len(),
        };
        match data {
            NodeData::Text { contents } => {
                node.tag = Tag::Text;
                // How a page looks says nothing.
                let is_style = self.nodes.get(parent).is_some_and(|parent| parent.tag == Tag::Style);
                node.text = if is_style { 0..0 } else { self.keep(contents) };
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
    pub(in crate::input) fn all(&self) -> Range<Index> {
        0..self.nodes.len()
    }

    /// The nodes within `index`, itself left out.
    pub(in crate::input) fn within(&self, index: Index) -> Range<Index> {
        index + 1..self.end(index)
    }

    /// One past the last node of the subtree.
    pub(in crate::input) fn end(&self, index: Index) -> Index {
        self.nodes[index].end as usize
    }

    /// The element of a node.
    pub(in crate::input) fn tag(&self, index: Index) -> Tag {
        self.nodes[index].tag
    }

    /// The parent of a node; the root is its own.
    pub(in crate::input) fn parent(&self, index: Index) -> Index {
        self.nodes[index].parent as usize
    }

    /// The ancestors of a node, the nearest first.
    pub(in crate::input) fn ancestors(&self, index: Index) -> impl Iterator<Item = Index> {
        std::iter::successors(Some(index), |&at| (at != 0).then(|| self.parent(at))).skip(1)
    }

    /// The children of a node.
    pub(in crate::input) fn children(&self, index: Index) -> impl Iterator<Item = Index> {
        let end = self.end(index);
        let first = (index + 1 < end).then_some(index + 1);
        std::iter::successors(first, move |&at| (self.end(at) < end).then(|| self.end(at)))
    }

    /// The text of a text node, as it stands.
    pub(in crate::input) fn raw(&self, index: Index) -> &str {
        &self.buffer[self.nodes[index].text.clone()]
    }

    /// The value of an attribute.
    pub(in crate::input) fn attribute(&self, index: Index, wanted: Attribute) -> Option<&str> {
        let attributes = &self.attributes[self.nodes[index].attributes.clone()];
        attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| &self.buffer[value.clone()])
    }

    /// Whether a node has one of these attributes.
    pub(in crate::input) fn has_any(&self, index: Index, wanted: &[Attribute]) -> bool {
        self.attributes[self.nodes[index].attributes.clone()].iter().any(|(name, _)| wanted.contains(name))
    }

    /// The first descendant (or the node itself) that `wanted` takes.
    pub(in crate::input) fn find(&self, from: Index, wanted: impl Fn(Index) -> bool) -> Option<Index> {
        (from..self.end(from)).find(|&index| wanted(index))
    }

    /// The text of all text nodes within `index`, as it stands.
    pub(in crate::input) fn text(&self, index: Index) -> Cow<'_, str> {
        let mut texts = self.within(index).filter(|&at| self.tag(at) == Tag::Text).map(|at| self.raw(at));
        let first = texts.next().unwrap_or_default();
        match texts.next() {
            None => Cow::Borrowed(first),
            Some(second) => Cow::Owned([first, second].into_iter().chain(texts).collect()),
        }
    }

    /// All text within a node on one line, if that has at most `most` bytes.
    pub(in crate::input) fn short_line(&self, index: Index, most: usize) -> Option<String> {
        let line = self.line_up_to(index, most);
        (line.len() <= most).then_some(line)
    }

    /// All text within a node on one line.
    pub(in crate::input) fn line(&self, index: Index) -> String {
        self.line_up_to(index, usize::MAX)
    }

    /// All text within a node on one line; of a longer one more than `most` bytes.
    fn line_up_to(&self, index: Index, most: usize) -> String {
        let mut line = String::new();
        let mut gap = false;
        let mut at = index;
        while at < self.end(index) && line.len() <= most {
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
                        if line.len() > most {
                            break;
                        }
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
    pub(in crate::input) fn is_inline(self) -> bool {
        matches!(
            self,
            Tag::A
                | Tag::Abbr
                | Tag::B
                | Tag::Bdi
                | Tag::Cite
                | Tag::Code
                | Tag::Em
                | Tag::Font
                | Tag::I
                | Tag::Img
                | Tag::Label
                | Tag::Mark
                | Tag::Option
                | Tag::Picture
                | Tag::Q
                | Tag::Small
                | Tag::Source
                | Tag::Span
                | Tag::Strong
                | Tag::Sub
                | Tag::Sup
                | Tag::Text
                | Tag::Time
                | Tag::U
                | Tag::Wbr
                | Tag::Nothing
                | Tag::Other
        )
    }

    /// A heading.
    pub(in crate::input) fn is_heading(self) -> bool {
        matches!(self, Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6)
    }

    /// Nothing in it is text of the page.
    pub(in crate::input) fn is_silent(self) -> bool {
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
