//! Markup inside fields: HTML in a body to text, entities to characters, titles to one line.
//!
//! A single pass that never builds a tree, so that no nesting is too deep for it; whole pages are `html`'s. Text that
//! only looks like markup ("<ABC.N> rose") is left as it is.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// Elements that begin on a line of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
];

/// Elements of NITF that begin on a line of their own.
const NEWS_BLOCKS: &[&str] = &[
    "abstract",
    "block",
    "bq",
    "byline",
    "byttl",
    "body.content",
    "body.end",
    "body.head",
    "credit",
    "dateline",
    "distributor",
    "fn",
    "hedline",
    "hl1",
    "hl2",
    "media",
    "media-caption",
    "nitf-table",
    "note",
    "tagline",
];

/// Elements that stand within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "td", "th", "time",
    "tt", "u", "var", "wbr",
];

/// Elements whose content is not text.
const SILENT: &[&str] = &["script", "style", "noscript", "template", "iframe", "svg", "head", "object"];

/// A body: HTML to text with blank lines between paragraphs, entities to characters, line ends to `\n`.
pub(super) fn text(source: &str) -> String {
    if is_markup(source) {
        return stripped(source);
    }
    let source = unescaped(source);
    let unix = if memchr(b'\r', source.as_bytes()).is_some() {
        Cow::Owned(source.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        source
    };
    let trimmed = unix.trim();
    if trimmed.len() == unix.len() { unix.into_owned() } else { trimmed.to_owned() }
}

/// A title or name: on one line, without markup.
pub(super) fn line(source: &str) -> String {
    let plain = if is_markup(source) { Cow::Owned(stripped(source)) } else { unescaped(source) };
    let mut line = String::with_capacity(plain.len());
    for word in plain.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Whether `source` has elements of HTML in it: a closing tag of a known one, or a line break or paragraph.
pub(super) fn is_markup(source: &str) -> bool {
    let bytes = source.as_bytes();
    memchr::memchr_iter(b'<', bytes).any(|at| {
        let rest = &source[at + 1..];
        match rest.as_bytes().first() {
            Some(b'/') => is_element(tag_name(&rest[1..])),
            Some(b'p' | b'b' | b'i') => {
                let name = tag_name(rest);
                // Stock symbols stand in such brackets too, in capitals: <P>, <BR>.
                matches!(name, "p" | "br" | "img") && rest[name.len()..].starts_with(['>', ' ', '/'])
            }
            _ => false,
        }
    })
}

fn is_element(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let name = lower.as_str();
    BLOCKS.contains(&name) || INLINE.contains(&name) || SILENT.contains(&name)
}

fn tag_name(rest: &str) -> &str {
    let end = rest.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
    &rest[..end]
}

/// Whether an element of HTML or NITF begins on a line of its own.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
        || NEWS_BLOCKS.contains(&name)
        || matches!(name, "body" | "caption" | "tbody" | "thead")
}

/// Whether what is in an element of HTML is no text.
pub(super) fn is_silent(name: &str) -> bool {
    SILENT.contains(&name)
}

/// Entities to characters.
pub(super) fn unescaped(source: &str) -> Cow<'_, str> {
    if memchr(b'&', source.as_bytes()).is_none() {
        return Cow::Borrowed(source);
    }
    html_escape::decode_html_entities(source)
}

/// Takes every tag, comment and silent element out; block elements become paragraph breaks.
pub(super) fn stripped(source: &str) -> String {
    let mut text = Paragraphs::default();
    let mut rest = source;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        text.push(&rest[..at]);
        rest = &rest[at..];
        rest = match Tag::read(rest) {
            None => {
                text.push("<");
                &rest[1..]
            }
            Some((Tag::Comment, after)) => after,
            Some((Tag::Element { name, closing }, after)) => {
                let name = name.to_ascii_lowercase();
                if name == "br" {
                    text.line_break();
                } else if BLOCKS.contains(&name.as_str()) {
                    text.paragraph_break();
                }
                if !closing && SILENT.contains(&name.as_str()) { past_end_tag(after, &name) } else { after }
            }
        };
    }
    text.push(rest);
    text.finish()
}

enum Tag<'s> {
    Comment,
    Element { name: &'s str, closing: bool },
}

impl Tag<'_> {
    /// The tag that `source` starts with, and what follows it.
    fn read(source: &str) -> Option<(Tag<'_>, &str)> {
        let inner = &source[1..];
        if inner.starts_with("!--") {
            let end = memmem::find(inner.as_bytes(), b"-->").map_or(inner.len(), |at| at + 3);
            return Some((Tag::Comment, &inner[end..]));
        }
        if inner.starts_with(['!', '?']) {
            let end = memchr(b'>', inner.as_bytes()).map_or(inner.len(), |at| at + 1);
            return Some((Tag::Comment, &inner[end..]));
        }
        let closing = inner.starts_with('/');
        let name = tag_name(&inner[usize::from(closing)..]);
        if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let end = memchr(b'>', inner.as_bytes()).map_or(inner.len(), |at| at + 1);
        Some((Tag::Element { name, closing }, &inner[end..]))
    }
}

fn past_end_tag<'s>(source: &'s str, name: &str) -> &'s str {
    let mut from = 0;
    while let Some(at) = memmem::find(&source.as_bytes()[from..], b"</") {
        let start = from + at + 2;
        let inner = &source[start..];
        if tag_name(inner).eq_ignore_ascii_case(name) {
            let end = memchr(b'>', inner.as_bytes()).map_or(inner.len(), |at| at + 1);
            return &inner[end..];
        }
        from = start;
    }
    ""
}

/// Text in lines of one width to paragraphs: a blank line ends one, and so does the indentation of the next where
/// lines are otherwise not indented; lines of a table stay as they are.
pub(super) fn wired_paragraphs(source: &str) -> String {
    let unix = source.replace("\r\n", "\n");
    let indented = |line: &str| line.starts_with("  ") || line.starts_with('\t');
    let lines: Vec<&str> = unix.lines().collect();
    let told = lines.iter().any(|line| indented(line))
        && lines.iter().any(|line| !line.trim().is_empty() && !indented(line));
    let mut text = Paragraphs::default();
    for line in lines {
        let blank = line.trim().is_empty();
        if blank || told && indented(line) {
            text.paragraph_break();
        }
        if tabular(line) {
            text.line_break();
        }
        text.push_plain(line);
        if tabular(line) {
            text.line_break();
        } else if !blank {
            text.push_plain(" ");
        }
    }
    text.finish()
}

/// Columns set apart by runs of spaces.
fn tabular(line: &str) -> bool {
    line.trim().split("   ").filter(|part| !part.trim().is_empty()).count() > 2
}

/// Builds text of paragraphs with single spaces within and blank lines between.
#[derive(Default)]
pub(super) struct Paragraphs {
    done: String,
    /// What goes before the next word.
    pending: Gap,
}

#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

impl Paragraphs {
    /// Adds running text with entities in it.
    pub(super) fn push(&mut self, source: &str) {
        self.push_plain(&unescaped(source));
    }

    /// Adds running text as it is.
    pub(super) fn push_plain(&mut self, plain: &str) {
        let mut words = plain.split(|c: char| c.is_whitespace());
        if let Some(first) = words.next() {
            self.word(first);
        }
        for word in words {
            self.pending = self.pending.max(Gap::Space);
            self.word(word);
        }
    }

    /// Adds text whose line ends mean something.
    pub(super) fn push_lines(&mut self, plain: &str) {
        for (at, line) in plain.trim().lines().enumerate() {
            if at > 0 {
                self.line_break();
            }
            self.push_plain(line);
        }
    }

    /// Ends the line.
    pub(super) fn line_break(&mut self) {
        // Two line breaks in a row are how old pages set paragraphs apart.
        let next = if self.pending >= Gap::Line { Gap::Paragraph } else { Gap::Line };
        self.pending = next;
    }

    /// Ends the paragraph.
    pub(super) fn paragraph_break(&mut self) {
        self.pending = Gap::Paragraph;
    }

    /// The text so far.
    pub(super) fn finish(self) -> String {
        self.done
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if !self.done.is_empty() {
            self.done.push_str(match self.pending {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Paragraph => "\n\n",
            });
        }
        self.pending = Gap::None;
        self.done.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn html_in_fields_becomes_paragraphs() {
        for (source, expected) in [
            ("<p>One &amp; two.</p><p>Three<br/>four.</p>", "One & two.\n\nThree\nfour."),
            ("One.<br><br>Two.", "One.\n\nTwo."),
            ("<div>A<script>var x = '</p>';</script>B</div>", "AB"),
            ("a <b>bold</b> word", "a bold word"),
            ("<p>unclosed <a href='x'", "unclosed"),
            ("x <!-- note --> y</p>", "x y"),
            ("Plain text, 3 < 4 and AT&amp;T.\r\n\r\nNext.", "Plain text, 3 < 4 and AT&T.\n\nNext."),
            ("Shares of <ABC.N> and <P> rose", "Shares of <ABC.N> and <P> rose"),
            ("", ""),
        ] {
            assert_eq!(text(source), expected, "{source}");
        }
        assert_eq!(line(" A\n <i>title</i>&nbsp;here "), "A title here");
    }

    #[test]
    fn nesting_of_any_depth_is_read() {
        let deep = format!("{}core{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        assert_eq!(text(&deep), "core");
    }

    proptest! {
        #[test]
        fn never_panics(source in ".{0,60}(<[a-z/!?-]{0,6}.{0,12}){0,6}") {
            text(&source);
            line(&source);
            stripped(&source);
        }
    }
}
