//! A query text under a cursor: every character as typed and as syntax.
//!
//! Curly quotes, full-width and Arabic punctuation are read as their plain forms, one character for one, so that
//! columns stay true. Never knows the grammar.

/// A text with a position in it.
#[derive(Debug)]
pub(super) struct Cursor {
    typed: Vec<char>,
    syntax: Vec<char>,
    /// The position, in characters from 0.
    pub(super) at: usize,
}

/// A run of characters without white space, quotes and parentheses, with escapes resolved.
#[derive(Debug)]
pub(super) struct Bare {
    /// Where it starts.
    pub(super) start: usize,
    /// Its characters, and whether each was written with a backslash and so is no syntax.
    pub(super) chars: Vec<(char, bool)>,
}

impl Bare {
    /// The characters alone.
    pub(super) fn text(&self) -> String {
        self.chars.iter().map(|(c, _)| *c).collect()
    }

    /// The text as a pattern, in which `*` and `?` are syntax unless escaped.
    pub(super) fn pattern(&self) -> String {
        let mut pattern = String::new();
        for &(c, escaped) in &self.chars {
            if c == '\\' || (escaped && matches!(c, '*' | '?')) {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern
    }

    /// Whether character `index` is this piece of syntax.
    pub(super) fn is_syntax(&self, index: usize, wanted: char) -> bool {
        self.chars.get(index).is_some_and(|&(c, escaped)| c == wanted && !escaped)
    }

    /// How many characters are this piece of syntax.
    pub(super) fn count_syntax(&self, wanted: char) -> usize {
        (0..self.chars.len()).filter(|&index| self.is_syntax(index, wanted)).count()
    }
}

/// What a character means as syntax: the plain form of typographic, full-width and Arabic punctuation and digits.
pub(super) fn syntax_of(c: char) -> char {
    match c {
        '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」' | '『' | '』' | '＂' => '"',
        // Question marks of other scripts end questions; they are never typed as wildcards.
        '？' | '؟' | '،' | '؛' | '、' | '。' | '\u{3000}' => ' ',
        '\u{2212}' => '-',
        '٠'..='٩' => digit(c, '٠'),
        '۰'..='۹' => digit(c, '۰'),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// Whether `c` parts the words on both sides of it. Between two digits it belongs to a number.
pub(super) fn parts_words(before: Option<char>, c: char, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    let ends = before.is_alphanumeric() || matches!(before, '.' | '*' | '?' | '\'' | '’');
    let begins = after.is_alphanumeric() || after == '*';
    matches!(c, ',' | ';') && ends && begins && !(before.is_ascii_digit() && after.is_ascii_digit())
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(c as u32 - zero as u32, 10).unwrap_or(c)
}

impl Cursor {
    /// At the beginning of `text`.
    pub(super) fn new(text: &str) -> Cursor {
        let typed: Vec<char> = text.chars().collect();
        let syntax = typed.iter().map(|&c| if c.is_whitespace() { ' ' } else { syntax_of(c) }).collect();
        Cursor { typed, syntax, at: 0 }
    }

    /// The syntax `ahead` characters further on.
    pub(super) fn peek(&self, ahead: usize) -> Option<char> {
        self.syntax.get(self.at + ahead).copied()
    }

    /// Steps over `wanted` if it is next.
    pub(super) fn take(&mut self, wanted: char) -> bool {
        let there = self.peek(0) == Some(wanted);
        if there {
            self.at += 1;
        }
        there
    }

    /// Steps over white space and says whether there was any.
    pub(super) fn skip_space(&mut self) -> bool {
        let start = self.at;
        while self.peek(0) == Some(' ') {
            self.at += 1;
        }
        self.at > start
    }

    /// Whether nothing is left.
    pub(super) fn at_end(&self) -> bool {
        self.at >= self.syntax.len()
    }

    /// Whether a clause ends `ahead` characters further on.
    pub(super) fn ends_clause(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), None | Some(' ' | '(' | ')' | '"'))
    }

    /// Whether these characters are next.
    pub(super) fn starts_with(&self, wanted: &str) -> bool {
        wanted.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c))
    }

    /// The name of letters, digits, `-` and `_` that is next and is followed by `:` or `~:`, in lower case, with its
    /// length; nothing is consumed.
    pub(super) fn field_name(&self) -> Option<(String, usize)> {
        if !self.peek(0)?.is_ascii_alphabetic() {
            return None;
        }
        let mut name = String::new();
        while let Some(c) = self.peek(name.len()) {
            match c {
                '_' | '-' => name.push('-'),
                _ if c.is_ascii_alphanumeric() => name.push(c.to_ascii_lowercase()),
                _ => break,
            }
        }
        let length = name.len();
        let follows = self.peek(length) == Some(':')
            || (self.peek(length) == Some('~') && self.peek(length + 1) == Some(':'));
        follows.then_some((name, length))
    }

    /// The number in `~2` or `^1.5`, if such a suffix is next: the mark must be followed by number characters only, to
    /// the end of the clause or the next mark.
    pub(super) fn suffix(&mut self, mark: char) -> Option<String> {
        let length = self.suffix_length(mark)?;
        let digits = self.syntax[self.at + 1..self.at + length].iter().collect();
        self.at += length;
        Some(digits)
    }

    fn suffix_length(&self, mark: char) -> Option<usize> {
        if self.peek(0) != Some(mark) {
            return None;
        }
        let mut length = 1;
        while self.peek(length).is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | '+' | '-')) {
            length += 1;
        }
        (self.ends_clause(length) || matches!(self.peek(length), Some('~' | '^'))).then_some(length)
    }

    /// Reads up to white space, a quote, a parenthesis or, with `suffixes`, a suffix.
    pub(super) fn bare(&mut self, suffixes: bool) -> Bare {
        self.run(suffixes, false)
    }

    /// The same up to a comma between two words, which is stepped over: `iraq,iran`, `北京，上海`.
    pub(super) fn word(&mut self) -> Bare {
        self.run(true, true)
    }

    fn run(&mut self, suffixes: bool, parted: bool) -> Bare {
        let start = self.at;
        let mut chars: Vec<(char, bool)> = Vec::new();
        while let Some(c) = self.peek(0) {
            let at_suffix =
                suffixes && (self.suffix_length('~').is_some() || self.suffix_length('^').is_some());
            if matches!(c, ' ' | '"' | '(' | ')') || at_suffix {
                break;
            }
            if parted && parts_words(chars.last().map(|&(c, _)| c), c, self.peek(1)) {
                self.at += 1;
                break;
            }
            if c == '\\' && self.at + 1 < self.typed.len() {
                chars.push((self.typed[self.at + 1], true));
                self.at += 2;
            } else {
                chars.push((c, false));
                self.at += 1;
            }
        }
        Bare { start, chars }
    }

    /// Reads a quoted string at the opening quote, as typed; none if it is not closed.
    pub(super) fn quoted(&mut self) -> Option<String> {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        while let Some(c) = self.peek(0) {
            if c == '"' {
                self.at += 1;
                return Some(text);
            }
            if c == '\\' && self.at + 1 < self.typed.len() {
                self.at += 1;
            }
            text.push(self.typed[self.at]);
            self.at += 1;
        }
        self.at = start;
        None
    }

    /// Reads a regular expression at its opening slash. It ends at the first slash without backslash, which must end
    /// the clause; none if there is no such slash, as in `/home/me/news`.
    pub(super) fn regex(&mut self) -> Option<String> {
        let mut pattern = String::new();
        let mut at = self.at + 1;
        while at < self.typed.len() {
            match self.syntax[at] {
                '/' => break,
                '\\' if at + 1 < self.typed.len() => {
                    // An escaped slash is only a slash; every other escape belongs to the expression.
                    if self.syntax[at + 1] != '/' {
                        pattern.push('\\');
                    }
                    pattern.push(self.typed[at + 1]);
                    at += 2;
                }
                _ => {
                    pattern.push(self.typed[at]);
                    at += 1;
                }
            }
        }
        let ahead = at + 1 - self.at;
        let closed = at < self.typed.len() && (self.ends_clause(ahead) || self.peek(ahead) == Some('^'));
        if pattern.is_empty() || !closed {
            return None;
        }
        self.at = at + 1;
        Some(pattern)
    }

    /// The characters `from..to`, as syntax.
    pub(super) fn slice(&self, from: usize, to: usize) -> String {
        self.syntax[from.min(to)..to.min(self.syntax.len())].iter().collect()
    }
}
