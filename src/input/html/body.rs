//! The text of the article on a page, without what stands around it.
//!
//! Takes a flattened page, gives paragraphs. First the page is cut into blocks of running text; then the element that
//! holds the article is chosen, by what pages call it and by where the text is; then what does not belong is left out.

use crate::input::html::marks::Mark;
use crate::input::html::page::{Attribute, Index, Page, Tag};
use crate::input::html::phrases;

/// A run of text between two breaks.
#[derive(Debug, Clone)]
struct Block {
    /// The element it stands in.
    at: Index,
    tag: Tag,
    text: String,
    chars: usize,
    /// Characters within links.
    linked: usize,
    /// In a list.
    item: bool,
}

/// Fewer characters are a label, not a paragraph.
const PARAGRAPH: usize = 40;

/// A text node of more bytes is prose, not a label.
const PROSE: usize = 60;

/// A longer block is a paragraph of the article, however it begins.
const LONGEST_PHRASE: usize = 200;

/// A longer block is no heading of another part of the page.
const LONGEST_END: usize = 60;

/// How many blocks before the container are looked at for a lead.
const LEAD_WITHIN: usize = 12;

/// Shorter articles are looked for in a wider element too.
const SHORT_BODY: usize = 250;

/// How much is taken for no part of an article; the first that leaves an article is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strictness {
    /// Only what is no text at all.
    Lenient,
    /// What names and elements say is surely something else.
    Careful,
    /// What is something else on most pages too.
    Strict,
}

/// What is known of the article besides its page.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    /// The headline: it is left out of the text.
    pub(super) title: Option<&'a str>,
    /// The summary that the page gives: the paragraph that begins so is the lead.
    pub(super) summary: Option<&'a str>,
    /// The text as the page's metadata have it, without paragraphs or in part on many pages.
    pub(super) told: Option<&'a str>,
}

/// The text of the article.
pub(super) fn text(page: &Page, marks: &[Mark], known: &Known<'_>) -> String {
    let Some(root) = page.find(0, |index| page.tag(index) == Tag::Body) else { return String::new() };
    let mut best = String::new();
    for strictness in [Strictness::Strict, Strictness::Careful, Strictness::Lenient] {
        if best.len() >= SHORT_BODY {
            break;
        }
        let body = Body::new(page, root, marks, strictness);
        let text = body.render(body.container(), known);
        // A little more text is not worth what comes with it.
        if text.len() > best.len() * 2 {
            best = text;
        }
    }
    // Pages that a script fills have their text in the metadata only.
    match known.told {
        Some(told) if told.len() > best.len() * 2 => told.to_owned(),
        _ => best,
    }
}

struct Body<'p> {
    page: &'p Page,
    root: Index,
    marks: &'p [Mark],
    strictness: Strictness,
    blocks: Vec<Block>,
    /// Characters of good blocks before each block.
    good: Vec<usize>,
}

impl<'p> Body<'p> {
    fn new(page: &'p Page, root: Index, marks: &'p [Mark], strictness: Strictness) -> Body<'p> {
        let mut body = Body { page, root, marks, strictness, blocks: Vec::new(), good: Vec::new() };
        body.cut();
        let mut sum = 0;
        body.good.push(0);
        for block in &body.blocks {
            sum += if block.is_good() { block.chars } else { 0 };
            body.good.push(sum);
        }
        body
    }

    /// Cuts the page into blocks, leaving out what is surely no part of an article.
    fn cut(&mut self) {
        let page = self.page;
        let prose = prose(page);
        let total = prose[page.end(self.root)] - prose[self.root];
        let mut cutter = Cutter::new(page);
        let mut ends: Vec<(Index, Tag)> = Vec::new();
        let mut at = self.root;
        while at < page.end(self.root) {
            while let Some(&(end, tag)) = ends.last() {
                if end > at {
                    break;
                }
                ends.pop();
                cutter.bound(tag);
            }
            let tag = page.tag(at);
            let share = prose[page.end(at)] - prose[at];
            if tag == Tag::Text {
                cutter.text(at);
                at += 1;
            } else if self.is_junk(at, tag, share * 100 / total.max(1)) {
                cutter.bound(tag);
                at = page.end(at);
            } else {
                // A cell of figures stays in its row; one that holds prose is a column of the page.
                let tag = if matches!(tag, Tag::Td | Tag::Th) && share == 0 { Tag::Span } else { tag };
                cutter.bound(tag);
                ends.push((page.end(at), tag));
                at += 1;
            }
        }
        cutter.flush();
        self.blocks = cutter.blocks;
    }

    /// Whether a node is no part of an article; `share` is how much of the page's prose it holds, in percent.
    fn is_junk(&self, at: Index, tag: Tag, share: usize) -> bool {
        if at == self.root {
            return false;
        }
        if tag == Tag::Noscript {
            return self.strictness > Strictness::Lenient;
        }
        if tag.is_silent() || self.is_hidden(at) {
            return true;
        }
        if self.strictness == Strictness::Lenient {
            return matches!(tag, Tag::Nav | Tag::Footer) && share < 50;
        }
        let mark = self.marks[at];
        match tag {
            Tag::Nav | Tag::Footer | Tag::Menu | Tag::Label | Tag::Aside | Tag::Form if share < 50 => {
                return true;
            }
            Tag::Figcaption => return true,
            Tag::Main | Tag::Article | Tag::H1 | Tag::Blockquote => return mark.reader && share < 90,
            _ => {}
        }
        mark.reader && share < 90
            || mark.never && share < 60
            || self.strictness == Strictness::Strict && mark.seldom && !mark.body && !mark.lead && share < 40
    }

    fn is_hidden(&self, at: Index) -> bool {
        let style = self.page.attribute(at, Attribute::Style);
        self.page.attribute(at, Attribute::Hidden).is_some()
            || self.page.attribute(at, Attribute::AriaHidden) == Some("true")
            || style.is_some_and(|style| {
                let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
                style.contains("display:none") || style.contains("visibility:hidden")
            })
    }

    /// The blocks within an element.
    fn blocks_in(&self, at: Index) -> std::ops::Range<usize> {
        let start = self.blocks.partition_point(|block| block.at < at);
        let end = self.blocks.partition_point(|block| block.at < self.page.end(at));
        start..end
    }

    /// Characters of good blocks within an element.
    fn good_in(&self, at: Index) -> usize {
        let blocks = self.blocks_in(at);
        self.good[blocks.end] - self.good[blocks.start]
    }

    /// The element that holds the article.
    fn container(&self) -> Index {
        let page = self.page;
        let total = self.good_in(self.root);
        let elements = || page.within(self.root).filter(|&at| !page.tag(at).is_inline());
        let named = elements().filter(|&at| self.marks[at].body && !self.marks[at].never);
        // What says that it is the body of the article is believed even where readers wrote more.
        let told = elements().filter(|&at| page.attribute(at, Attribute::Itemprop) == Some("articleBody"));
        let best = self.richest(told, total * 4 / 10);
        let best = best.or_else(|| self.richest(named, total));
        let best =
            best.or_else(|| self.richest(elements().filter(|&at| page.tag(at) == Tag::Article), total));
        match best {
            Some(best) => best,
            None => self.narrowed(self.root),
        }
    }

    /// Of several elements the one with the most text, and of those that share a text the innermost.
    fn richest(&self, candidates: impl Iterator<Item = Index>, total: usize) -> Option<Index> {
        let mut best: Option<(Index, usize)> = None;
        for at in candidates {
            let good = self.good_in(at);
            let better = best.is_none_or(|(before, most)| {
                good > most || good * 100 >= most * 95 && at < self.page.end(before)
            });
            if better {
                best = Some((at, good));
            }
        }
        let (at, good) = best?;
        (good * 10 >= total * 4 && good >= SHORT_BODY).then_some(at)
    }

    /// Goes down while one child holds nearly everything.
    fn narrowed(&self, from: Index) -> Index {
        let mut at = from;
        loop {
            let good = self.good_in(at);
            let child = self.page.children(at).find(|&child| {
                !self.page.tag(child).is_inline() && self.good_in(child) * 10 >= good * 8 && good > 0
            });
            match child {
                Some(child) if !matches!(self.page.tag(child), Tag::P | Tag::Blockquote | Tag::Ul) => {
                    at = child;
                }
                _ => return at,
            }
        }
    }

    fn render(&self, container: Index, known: &Known<'_>) -> String {
        let range = self.blocks_in(container);
        let mut kept: Vec<&Block> = Vec::new();
        kept.extend(self.leads(range.start, known));
        let range = range.start..self.end_of_article(range.clone());
        for block in &self.blocks[range] {
            let again = kept.last().is_some_and(|before| before.text == block.text);
            if Self::belongs(block, known) && !again {
                kept.push(block);
            }
        }
        // A heading belongs to the paragraph that follows it.
        while kept.last().is_some_and(|block| block.tag.is_heading()) {
            kept.pop();
        }
        let mut text = String::new();
        let mut before: Option<&Block> = None;
        for block in kept {
            if let Some(before) = before {
                let list = before.item && block.item;
                text.push_str(if list { "\n" } else { "\n\n" });
            }
            text.push_str(&block.text);
            before = Some(block);
        }
        text
    }

    /// Where the page begins to speak of other things: at a line that says so with little text after it.
    fn end_of_article(&self, range: std::ops::Range<usize>) -> usize {
        let total = self.good[range.end] - self.good[range.start];
        let ends = |&at: &usize| {
            let block = &self.blocks[at];
            let rest = self.good[range.end] - self.good[at];
            block.chars < LONGEST_END && rest * 3 < total && phrases::begins_end(&block.text)
        };
        range.clone().find(ends).unwrap_or(range.end)
    }

    /// Paragraphs between the headline and the container that open the article.
    fn leads(&self, container: usize, known: &Known<'_>) -> Vec<&Block> {
        let from = container.saturating_sub(LEAD_WITHIN);
        let summary = known.summary.map(opening).filter(|opening| opening.len() >= 20);
        let inside: Vec<&Block> = self.blocks[container..].iter().take(3).collect();
        let is_lead = |block: &&Block| {
            let named = self.page.ancestors(block.at).take(4).any(|above| self.marks[above].lead);
            let told = summary.as_ref().is_some_and(|summary| opening(&block.text) == *summary);
            let repeated = inside.iter().any(|inner| opening(&inner.text) == opening(&block.text));
            (named || told)
                && !repeated
                && block.chars >= PARAGRAPH
                && block.linked * 2 < block.chars
                && known.title != Some(block.text.as_str())
        };
        self.blocks[from..container].iter().filter(is_lead).collect()
    }

    fn belongs(block: &Block, known: &Known<'_>) -> bool {
        if block.linked * 2 > block.chars && block.chars < 200 {
            return false;
        }
        if block.chars < LONGEST_PHRASE && phrases::begins_aside(&block.text) {
            return false;
        }
        if matches!(block.tag, Tag::H1) || known.title == Some(block.text.as_str()) {
            return false;
        }
        true
    }
}

/// The first letters of a text, for comparing.
fn opening(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).take(40).flat_map(char::to_lowercase).collect()
}

impl Block {
    /// Looks like a paragraph of an article.
    fn is_good(&self) -> bool {
        self.chars >= PARAGRAPH && self.linked * 3 < self.chars && !self.tag.is_heading()
    }
}

/// Bytes of prose before each node: text nodes of some length outside of links.
fn prose(page: &Page) -> Vec<usize> {
    let mut lengths = Vec::with_capacity(page.all().len() + 1);
    let mut sum = 0;
    let mut silent_until = 0;
    for at in page.all() {
        lengths.push(sum);
        let tag = page.tag(at);
        if at < silent_until {
            continue;
        }
        if tag.is_silent() && tag != Tag::Noscript || tag == Tag::A {
            silent_until = page.end(at);
        }
        if tag == Tag::Text {
            let length = page.raw(at).trim().len();
            sum += if length >= PROSE { length } else { 0 };
        }
    }
    lengths.push(sum);
    lengths
}

/// Gathers running text into blocks.
struct Cutter<'p> {
    page: &'p Page,
    blocks: Vec<Block>,
    text: String,
    /// The text node that the block begins with.
    first: Index,
    linked: usize,
    gap: bool,
    /// Line breaks since the last word.
    breaks: usize,
}

impl<'p> Cutter<'p> {
    fn new(page: &'p Page) -> Cutter<'p> {
        Cutter { page, blocks: Vec::new(), text: String::new(), first: 0, linked: 0, gap: false, breaks: 0 }
    }

    /// An element begins or ends.
    fn bound(&mut self, tag: Tag) {
        if tag == Tag::Br {
            self.breaks += 1;
            self.gap = true;
        }
        // Two line breaks are how old pages set paragraphs apart; an element bounds twice.
        if self.breaks > 2 || tag != Tag::Br && !tag.is_inline() {
            self.flush();
        }
    }

    fn text(&mut self, at: Index) {
        let linked = self.page.ancestors(at).take(8).any(|above| self.page.tag(above) == Tag::A);
        for (number, word) in self.page.raw(at).split(char::is_whitespace).enumerate() {
            self.gap |= number > 0;
            if word.is_empty() {
                continue;
            }
            if self.text.is_empty() {
                self.first = at;
            } else if self.gap {
                self.text.push(if self.breaks > 0 { '\n' } else { ' ' });
            }
            self.gap = false;
            self.breaks = 0;
            self.text.push_str(word);
            if linked {
                self.linked += word.chars().count() + 1;
            }
        }
    }

    fn flush(&mut self) {
        let linked = std::mem::take(&mut self.linked);
        self.gap = false;
        self.breaks = 0;
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let chars = text.chars().count();
        let outer = self.page.ancestors(self.first).find(|&above| !self.page.tag(above).is_inline());
        let tag = outer.map_or(Tag::Other, |outer| self.page.tag(outer));
        let item = self.page.ancestors(self.first).take(4).any(|above| self.page.tag(above) == Tag::Li);
        self.blocks.push(Block { at: self.first, tag, item, text, chars, linked });
    }
}
