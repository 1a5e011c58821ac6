//! Rich Text Format: one article, control words read as far as they are text.
//!
//! A tokenizer of its own: groups, control words, code pages and `\u` escapes; destinations that hold no text (fonts,
//! colours, pictures, styles, what newer programs mark with `\*`) are passed over. Never fails: RTF that is broken is
//! read as far as it makes sense.

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::article::Article;
use crate::input::{Confidence, Draft, Format, Halt, Head, Reader, plain};

/// A document in Rich Text Format.
pub(super) const FORMAT: Format =
    Format { name: "rtf", label: "Rich Text Format", extensions: &["rtf"], sniff, read };

/// Groups whose content is not the document's text.
const SILENT: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "footnote",
    "annotation",
    "listtable",
    "listoverridetable",
    "revtbl",
    "rsidtbl",
    "generator",
    "themedata",
    "colorschememapping",
    "latentstyles",
    "datastore",
    "fldinst",
    "xmlnstbl",
    "mmathPr",
    "bkmkstart",
    "bkmkend",
    "nonshppict",
    "filetbl",
    "template",
    "private1",
    "xe",
    "tc",
];

/// Groups of the head that say something of the document.
const KEPT: &[&str] = &["title", "subject", "author", "keywords", "doccomm", "company"];

/// Deeper groups are read as if they were flat: no document needs them.
const DEEPEST: usize = 10_000;

fn sniff(head: &Head<'_>) -> Confidence {
    let starts = head.bytes.trim_ascii_start().starts_with(b"{\\rtf");
    if starts { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    reader.only(draft(&bytes))
}

fn draft(bytes: &[u8]) -> Draft {
    let mut parser = Parser::new();
    parser.run(bytes);
    let mut article = Article::default();
    let body = tidy(&parser.text);
    for (name, value) in parser.properties {
        let value = value.trim().to_owned();
        match name {
            _ if value.is_empty() => {}
            "title" => article.title = Some(value),
            "author" => article.authors.push(value),
            "keywords" => article.keywords.extend(value.split([',', ';']).map(|word| word.trim().to_owned())),
            other => drop(article.metadata.insert(other.to_owned(), value)),
        }
    }
    if article.title.is_none() {
        let (title, text) = plain::split_title(&body);
        (article.title, article.text) = (title.map(str::to_owned), text.to_owned());
    } else {
        article.text = body;
    }
    let dates = parser.created.map(|date| ("created".to_owned(), date)).into_iter().collect();
    Draft { article, dates, ..Draft::default() }
}

/// Paragraphs with blank lines between.
fn tidy(text: &str) -> String {
    let lines = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    lines.collect::<Vec<_>>().join("\n\n")
}

#[derive(Clone, Copy)]
struct Group {
    /// Where its text goes.
    target: Target,
    /// Characters to pass over after a `\u`.
    fallback: usize,
    encoding: &'static Encoding,
    /// It is the table of fonts.
    in_fonts: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Target {
    Text,
    Nothing,
    Property(&'static str),
    /// `\creatim` and its numbers.
    Created,
    /// `\info`, until one of its parts begins.
    Info,
}

struct Parser {
    text: String,
    properties: Vec<(&'static str, String)>,
    created: Option<String>,
    groups: Vec<Group>,
    group: Group,
    /// Bytes in the code page, not yet decoded.
    pending: Vec<u8>,
    /// Characters still to be passed over after a `\u`.
    passing: usize,
    /// The first half of a character outside the basic plane.
    surrogate: Option<u16>,
    /// The code page of each font.
    fonts: Vec<(i32, &'static Encoding)>,
    font: i32,
    default: &'static Encoding,
    day: [i32; 3],
}

impl Parser {
    fn new() -> Parser {
        let group = Group { target: Target::Text, fallback: 1, encoding: WINDOWS_1252, in_fonts: false };
        Parser {
            text: String::new(),
            properties: Vec::new(),
            created: None,
            groups: Vec::new(),
            group,
            pending: Vec::new(),
            passing: 0,
            surrogate: None,
            fonts: Vec::new(),
            font: 0,
            default: WINDOWS_1252,
            day: [0; 3],
        }
    }

    fn run(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'{' => {
                    self.flush();
                    if self.groups.len() < DEEPEST {
                        self.groups.push(self.group);
                    }
                }
                b'}' => self.close(),
                b'\\' => at = self.control(bytes, at),
                b'\r' | b'\n' => {}
                byte => self.byte(byte),
            }
        }
        self.flush();
    }

    fn close(&mut self) {
        self.flush();
        let closed = self.group.target;
        if let Some(group) = self.groups.pop() {
            self.group = group;
        }
        if closed == Target::Created && self.group.target != Target::Created {
            let [year, month, day] = self.day;
            if year > 0 {
                self.created = Some(format!("{year:04}-{month:02}-{day:02}"));
            }
        }
        self.passing = 0;
    }

    /// Reads the control that begins at `at`, after its backslash; gives where it ends.
    fn control(&mut self, bytes: &[u8], at: usize) -> usize {
        let Some(&first) = bytes.get(at) else { return at };
        if !first.is_ascii_alphabetic() {
            return self.symbol(first, bytes, at + 1);
        }
        let letters = bytes[at..].iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = std::str::from_utf8(&bytes[at..at + letters]).unwrap_or_default();
        let mut end = at + letters;
        let negative = bytes.get(end) == Some(&b'-');
        let digits_at = end + usize::from(negative);
        let digits = bytes[digits_at.min(bytes.len())..]
            .iter()
            .take(10)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let mut number = None;
        if digits > 0 {
            let text = std::str::from_utf8(&bytes[digits_at..digits_at + digits]).unwrap_or_default();
            let value = text.parse::<i64>().unwrap_or(0).min(i64::from(i32::MAX)) as i32;
            number = Some(if negative { -value } else { value });
            end = digits_at + digits;
        }
        if bytes.get(end) == Some(&b' ') {
            end += 1;
        }
        if word == "bin" {
            return end.saturating_add(number.unwrap_or(0).max(0) as usize).min(bytes.len());
        }
        self.word(word, number);
        end
    }

    fn symbol(&mut self, symbol: u8, bytes: &[u8], after: usize) -> usize {
        match symbol {
            b'\'' => {
                let hex = bytes.get(after..after + 2).and_then(|hex| std::str::from_utf8(hex).ok());
                if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    self.byte(byte);
                    return after + 2;
                }
            }
            b'*' => {
                self.flush();
                self.group.target = Target::Nothing;
            }
            b'~' => self.push('\u{A0}'),
            b'_' => self.push('\u{2011}'),
            b'\r' | b'\n' => self.push_str("\n\n"),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            _ => {}
        }
        after
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        if word == "u" {
            return self.unicode(number.unwrap_or(0));
        }
        self.flush();
        match word {
            "ansicpg" => self.set_default(number.and_then(code_page)),
            "mac" => self.set_default(Some(encoding_rs::MACINTOSH)),
            "pc" | "pca" => self.set_default(code_page(850)),
            "uc" => self.group.fallback = number.unwrap_or(1).clamp(0, 16) as usize,
            "f" if self.group.in_fonts => self.font = number.unwrap_or(0),
            "f" => self.use_font(number.unwrap_or(0)),
            "plain" => self.group.encoding = self.default,
            "fcharset" => {
                self.fonts.extend(number.and_then(character_set).map(|encoding| (self.font, encoding)));
            }
            "par" | "sect" | "page" | "row" => self.push_str("\n\n"),
            "line" => self.push('\n'),
            "tab" | "cell" | "nestcell" | "emspace" | "enspace" | "qmspace" => self.push(' '),
            "emdash" => self.push('—'),
            "endash" => self.push('–'),
            "lquote" => self.push('‘'),
            "rquote" => self.push('’'),
            "ldblquote" => self.push('“'),
            "rdblquote" => self.push('”'),
            "bullet" => self.push('•'),
            "info" => self.group.target = Target::Info,
            "creatim" if self.group.target == Target::Info => {
                self.group.target = Target::Created;
                self.day = [0; 3];
            }
            "yr" | "mo" | "dy" if self.group.target == Target::Created => {
                let at = ["yr", "mo", "dy"].iter().position(|name| *name == word).unwrap_or(0);
                self.day[at] = number.unwrap_or(0);
            }
            _ => self.destination(word),
        }
    }

    fn destination(&mut self, word: &str) {
        if self.group.target == Target::Info {
            if let Some(name) = KEPT.iter().find(|name| **name == word) {
                self.group.target = Target::Property(name);
            } else {
                self.group.target = Target::Nothing;
            }
        } else if SILENT.contains(&word) {
            self.group.in_fonts = word == "fonttbl";
            self.group.target = Target::Nothing;
        }
    }

    fn set_default(&mut self, encoding: Option<&'static Encoding>) {
        if let Some(encoding) = encoding {
            self.default = encoding;
            self.group.encoding = encoding;
        }
    }

    fn use_font(&mut self, font: i32) {
        let known = self.fonts.iter().find(|(number, _)| *number == font);
        self.group.encoding = known.map_or(self.default, |(_, encoding)| encoding);
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        // Written as a signed number of 16 bits.
        let unit = number as u16;
        let decoded = match (self.surrogate.take(), unit) {
            (_, 0xD800..0xDC00) => {
                self.surrogate = Some(unit);
                None
            }
            (Some(first), second) => char::decode_utf16([first, second]).next().and_then(Result::ok),
            (None, unit) => char::from_u32(u32::from(unit)),
        };
        if let Some(c) = decoded {
            self.push(c);
        }
        self.passing = self.group.fallback;
    }

    fn byte(&mut self, byte: u8) {
        if self.passing > 0 {
            self.passing -= 1;
        } else if self.group.target != Target::Nothing {
            self.pending.push(byte);
        }
    }

    /// Decodes what waits in the code page of the group.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let (text, _) = self.group.encoding.decode_without_bom_handling(&bytes);
        self.push_str(&text);
    }

    fn push(&mut self, c: char) {
        self.push_str(c.encode_utf8(&mut [0; 4]));
    }

    fn push_str(&mut self, text: &str) {
        self.flush();
        match self.group.target {
            Target::Text => self.text.push_str(text),
            Target::Property(name) => match self.properties.last_mut() {
                Some((last, value)) if *last == name => value.push_str(text),
                _ => self.properties.push((name, text.to_owned())),
            },
            Target::Nothing | Target::Created | Target::Info => {}
        }
    }
}

/// The encoding of a Windows or DOS code page.
fn code_page(number: i32) -> Option<&'static Encoding> {
    let label = match number {
        437 | 850 | 858 => "windows-1252",
        852 => "windows-1250",
        866 => "ibm866",
        855 => "windows-1251",
        932 => "shift_jis",
        936 => "gbk",
        949 => "euc-kr",
        950 => "big5",
        10000 => "macintosh",
        65001 => "utf-8",
        874 | 1250..=1258 => return Encoding::for_label(format!("windows-{number}").as_bytes()),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// The encoding of a Windows character set, as fonts name it.
fn character_set(number: i32) -> Option<&'static Encoding> {
    let page = match number {
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        0 => 1252,
        _ => return None,
    };
    code_page(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(source: &str) -> String {
        let mut parser = Parser::new();
        parser.run(source.as_bytes());
        tidy(&parser.text)
    }

    #[test]
    fn control_words_are_read_as_far_as_they_are_text() {
        for (source, expected) in [
            (r"{\rtf1\ansi Caf\'e9 in K\u246?ln.\par Second}", "Café in Köln.\n\nSecond"),
            (r"{\rtf1\ansicpg1251 \'cc\'ee\'f1\'ea\'e2\'e0}", "Москва"),
            (r"{\rtf1{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset238 X;}}\f1 \'b3\f0  \'b3}", "ł ³"),
            (r"{\rtf1 {\*\generator Word;}{\pict\bin3 }}x} shown}", "shown"),
            (r"{\rtf1\uc2\u1052 ??\u1086 ??!}", "Мо!"),
            (r"{\rtf1 \u-10179?\u-9013? smile}", "\u{1F4CB} smile"),
            (r"{\rtf1 a\emdash b \lquote c\rquote\tab d\{e\}}", "a—b ‘c’ d{e}"),
            (r"{\rtf1 {\footnote left out} unclosed {group", "unclosed group"),
            (r"{\rtf1 \'zz\'", "zz"),
            ("", ""),
        ] {
            assert_eq!(text(source), expected, "{source}");
        }
    }

    #[test]
    fn the_head_says_who_and_when() {
        let source = r"{\rtf1{\info{\title Dam inspected}{\author Ada Vale}{\creatim\yr2021\mo6\dy28\hr9}{\operator x}}Body.}";
        let draft = draft(source.as_bytes());
        assert_eq!((draft.article.title(), draft.article.text.as_str()), ("Dam inspected", "Body."));
        assert_eq!(draft.article.authors, ["Ada Vale"]);
        assert_eq!(draft.dates, [("created".to_owned(), "2021-06-28".to_owned())]);
    }

    #[test]
    fn groups_of_any_depth_end() {
        assert_eq!(text(&format!("{{\\rtf1 {}core", "{".repeat(1_000_000))), "core");
    }

    proptest! {
        #[test]
        fn never_panics(source in "\\{\\\\rtf1(\\\\[a-z*'~u]{1,6}-?[0-9]{0,11} ?|[{}x]|\\PC){0,40}") {
            draft(source.as_bytes());
        }
    }
}
