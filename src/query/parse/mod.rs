//! Text to [`Query`] tree: a recursive descent over a cursor, with a limit on depth and size.
//!
//! Takes what people type and today's date (for `P7D/`), gives a tree and warnings, or an error that points at a
//! column. `docs/QUERY.md` is the reference of the language. Never knows an index: whether a value exists is asked later.

mod geo;
mod leaf;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::field::{FACETS, FIELDS, FacetView, Field, FieldKind, find_facet, find_field};
use crate::query::Query;
use crate::query::cursor::Cursor;

/// Deeper nesting is refused.
pub const MAX_DEPTH: usize = 60;
/// More clauses are refused.
pub const MAX_CLAUSES: usize = 20_000;

/// A tree, and what the asker may not have meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What is asked for.
    pub query: Query,
    /// Readings that may surprise.
    pub warnings: Vec<Warning>,
}

/// Something that was read in a way that may surprise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Where, in characters from 1, if it is at one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// How it was read and what to write instead; lower case, no full stop.
    pub message: String,
}

/// Reads `text`; an empty one asks for every article.
///
/// # Errors
///
/// [`Error::Query`] with the column of the first thing that cannot be read.
pub fn parse(text: &str, today: Date) -> Result<Parsed> {
    let mut parser = Parser::new(text, today);
    parser.cursor.skip_space();
    if parser.cursor.at_end() {
        return Ok(Parsed { query: Query::All, warnings: Vec::new() });
    }
    let query = parser.any(Scope::default())?;
    if parser.cursor.peek(0) == Some(')') {
        return parser.fail(
            parser.cursor.at,
            "unbalanced parenthesis",
            "remove this one, or open one before",
        );
    }
    let Some(query) = query else {
        return parser.fail(0, "nothing to search for", "give at least one word");
    };
    Ok(Parsed { query, warnings: parser.warnings })
}

/// Reads `text` as one value of the field or facet `name`, as an option such as `--place` gives it: no quotes are
/// needed.
///
/// # Errors
///
/// [`Error::Query`] if a calendar field is given something that is no date, or if there is no such name.
pub fn parse_value(name: &str, text: &str, today: Date) -> Result<Query> {
    let parser = Parser::new(text, today);
    let value = text.trim();
    // A field before a facet of its name: both hold the same values.
    let scope = match find_field(name) {
        Some(field) => Some(Scope { field: Some(field), ..Scope::default() }),
        None => parser.named(name, Scope::default(), false)?,
    };
    let Some((field, top)) = scope.and_then(|scope| Some((scope.field?, scope.under))) else {
        return parser.fail(0, &format!("unknown field `{name}`"), "");
    };
    if value.is_empty() {
        return parser.fail(0, &format!("{name} needs a value"), "leave the option out for any");
    }
    if value == "*" {
        return Ok(Query::Has(field));
    }
    match field.kind {
        FieldKind::Calendar => {
            let syntax = parser.cursor.slice(0, usize::MAX);
            let offset = syntax.chars().count() - syntax.trim_start().chars().count();
            parser.calendar(field, syntax.trim(), offset, false)
        }
        FieldKind::Text => {
            Ok(Query::Phrase { field: Some(field), text: value.to_owned(), exact: false, slop: 0 })
        }
        FieldKind::Keyword | FieldKind::Path => {
            Ok(Query::Value { field, value: leaf::under(top, value.to_owned()), distance: 0 })
        }
    }
}

/// What the clauses at one place inherit.
#[derive(Clone, Copy, Default)]
struct Scope {
    /// The field named before.
    field: Option<&'static Field>,
    /// The top of the tree that values lie under: `person` in `person:"Joe Biden"`.
    under: Option<&'static str>,
    /// Without stemming.
    exact: bool,
    /// Touching days are enough.
    overlap: bool,
    /// Inside `together(…)`.
    together: bool,
    /// Inside parentheses that the field stands before: every word in them is a value of it.
    grouped: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Operator {
    And,
    Or,
    Not,
}

struct Parser<'t> {
    text: &'t str,
    cursor: Cursor,
    today: Date,
    depth: usize,
    clauses: usize,
    warnings: Vec<Warning>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, today: Date) -> Parser<'t> {
        Parser { text, cursor: Cursor::new(text), today, depth: 0, clauses: 0, warnings: Vec::new() }
    }

    fn fail<T>(&self, at: usize, message: &str, hint: &str) -> Result<T> {
        Err(Error::Query {
            text: self.text.to_owned(),
            column: at + 1,
            message: message.to_owned(),
            hint: (!hint.is_empty()).then(|| hint.to_owned()),
        })
    }

    fn warn(&mut self, at: usize, message: impl Into<String>) {
        self.warnings.push(Warning { column: Some(at + 1), message: message.into() });
    }

    /// Clauses joined by `OR`; none if there is nothing but punctuation.
    fn any(&mut self, scope: Scope) -> Result<Option<Query>> {
        let start = self.cursor.at;
        let mut parts = Vec::new();
        let mut several = false;
        loop {
            let before = self.cursor.at;
            let (part, width) = self.all(scope)?;
            several |= width > 1;
            self.cursor.skip_space();
            let at = self.cursor.at;
            let more = self.operator() == Some(Operator::Or);
            if part.is_none() && (more || !parts.is_empty()) {
                let column = if more { at } else { before.saturating_sub(2) };
                return self.fail(
                    column,
                    "OR needs something on both sides",
                    "quote it to search for the word: \"OR\"",
                );
            }
            parts.extend(part);
            if !more {
                break;
            }
            self.take_operator(Operator::Or);
        }
        if parts.len() > 1 && several {
            self.warn(
                start,
                "words next to each other bind before OR: use parentheses to say which belong together",
            );
        }
        Ok(if parts.is_empty() { None } else { Some(Query::or(parts)) })
    }

    /// Clauses next to each other, all of which must match; with how many there were.
    fn all(&mut self, scope: Scope) -> Result<(Option<Query>, usize)> {
        let mut parts = Vec::new();
        let mut and_at = None;
        loop {
            self.cursor.skip_space();
            if self.cursor.at_end() || self.cursor.peek(0) == Some(')') {
                break;
            }
            match self.operator() {
                Some(Operator::Or) => break,
                Some(Operator::And) => {
                    if parts.is_empty() || and_at.is_some() {
                        return self.and_alone(self.cursor.at);
                    }
                    and_at = Some(self.cursor.at);
                    self.take_operator(Operator::And);
                }
                _ => {
                    let first = parts.is_empty();
                    let part = self.unary(scope, first)?;
                    if part.is_some() {
                        and_at = None;
                    }
                    parts.extend(part);
                }
            }
        }
        if let Some(at) = and_at {
            return self.and_alone(at);
        }
        let width = parts.len();
        Ok((if parts.is_empty() { None } else { Some(Query::and(parts)) }, width))
    }

    fn and_alone<T>(&self, at: usize) -> Result<T> {
        self.fail(at, "AND needs something on both sides", "quote it to search for the word: \"AND\"")
    }

    /// One clause with what stands before it: `NOT`, `-`, `+`.
    fn unary(&mut self, scope: Scope, first: bool) -> Result<Option<Query>> {
        let at = self.cursor.at;
        if self.operator() == Some(Operator::Not) {
            self.take_operator(Operator::Not);
            self.cursor.skip_space();
            let at_operator = matches!(self.operator(), Some(Operator::And | Operator::Or));
            let inner =
                if at_operator { None } else { self.deeper(at, |parser| parser.unary(scope, false))? };
            return match inner {
                Some(inner) => Ok(Some(Query::Not(Box::new(inner)))),
                None => {
                    self.fail(at, "NOT needs something after it", "quote it to search for the word: \"NOT\"")
                }
            };
        }
        if matches!(self.cursor.peek(0), Some('-' | '!')) && self.starts_clause(1) {
            self.cursor.at += 1;
            let inner = self.deeper(at, |parser| parser.unary(scope, false))?;
            return Ok(inner.map(|inner| Query::Not(Box::new(inner))));
        }
        if self.cursor.peek(0) == Some('+') && self.starts_clause(1) {
            // Every clause is required already.
            self.cursor.at += 1;
            return self.deeper(at, |parser| parser.unary(scope, false));
        }
        self.boosted(scope, first)
    }

    /// Whether something that can be a clause starts `ahead` characters further on.
    fn starts_clause(&self, ahead: usize) -> bool {
        self.cursor.peek(ahead).is_some_and(|c| {
            c.is_alphanumeric()
                || !c.is_ascii()
                || matches!(c, '"' | '(' | '/' | '\\' | '*' | '?' | '-' | '+' | '!')
        })
    }

    fn boosted(&mut self, scope: Scope, first: bool) -> Result<Option<Query>> {
        let start = self.cursor.at;
        self.clauses += 1;
        if self.clauses > MAX_CLAUSES {
            return self.fail(start, &format!("more than {MAX_CLAUSES} clauses"), "ask in several queries");
        }
        let mut clause = self.clause(scope, first)?;
        let mut at = self.cursor.at;
        if at == start && self.cursor.peek(0) == Some('^') {
            return self.fail(start, "^ needs something before it", "write a weight after a word: baghdad^2");
        }
        while let Some(number) = self.cursor.suffix('^') {
            let factor = number.parse::<f32>().ok().filter(|factor| (0.0..=1000.0).contains(factor));
            let Some(factor) = factor else {
                return self.fail(
                    at,
                    "this is no weight",
                    "^ is followed by a number from 0 to 1000, as in baghdad^2",
                );
            };
            // Minus zero prints differently from zero.
            let factor = factor.abs();
            clause = clause.map(|inner| Query::Boost(Box::new(inner), factor));
            at = self.cursor.at;
        }
        if self.cursor.suffix('~').is_some() {
            let hint = "~ follows a word (fuzzy~1), a phrase (\"two words\"~5) or a place (near:Mosul~50km)";
            return self.fail(at, "~ does not fit here", hint);
        }
        Ok(clause)
    }

    /// A group, a quotation, an expression, a named clause or a word.
    fn clause(&mut self, scope: Scope, first: bool) -> Result<Option<Query>> {
        if self.cursor.starts_with("together(") {
            return self.together(scope).map(Some);
        }
        let Some((name, length)) = self.cursor.field_name() else { return self.value(scope, first) };
        let at = self.cursor.at;
        let overlap = self.cursor.peek(length) == Some('~');
        let after = length + 1 + usize::from(overlap);
        let Some(scope) = self.named(&name, scope, overlap)? else {
            return self.special_or_word(&name, after, scope, first);
        };
        self.check_together(at, &name, scope)?;
        self.cursor.at += after;
        self.need_value(at, &name)?;
        if scope.exact && scope.field.is_none() && self.cursor.field_name().is_some() {
            return self.deeper(at, |parser| parser.clause(scope, false));
        }
        self.value(scope, false)
    }

    fn need_value(&mut self, at: usize, name: &str) -> Result<()> {
        self.cursor.skip_space();
        if self.cursor.at_end() || self.cursor.peek(0) == Some(')') || self.operator().is_some() {
            let hint = format!("write {name}:value, {name}:\"several words\", or {name}:* for any value");
            return self.fail(at, &format!("{name}: needs a value"), &hint);
        }
        Ok(())
    }

    /// The scope that a field's or facet's name opens.
    fn named(&self, name: &str, scope: Scope, overlap: bool) -> Result<Option<Scope>> {
        if name == "exact" {
            return Ok(Some(Scope { exact: true, ..scope }));
        }
        let (field, under) = match (find_field(name), find_facet(name)) {
            _ if name == "has" => return Ok(None),
            (Some(field), _) => (field, None),
            (None, Some(facet)) => {
                let under = if let FacetView::Under(top) = facet.view { Some(top) } else { None };
                let Some(field) = find_field(facet.field) else { return Ok(None) };
                (field, under)
            }
            (None, None) => return Ok(None),
        };
        if overlap && field.kind != FieldKind::Calendar {
            let hint = "~: finds days that touch a range, as in event~:2014-02..2014-04";
            return self.fail(self.cursor.at + name.len(), &format!("{name} holds no dates"), hint);
        }
        Ok(Some(Scope { field: Some(field), under, overlap, grouped: false, ..scope }))
    }

    /// `near:`, `bbox:`, `has:`, `missing:`; else a word with a colon in it, or an unknown field.
    fn special_or_word(
        &mut self,
        name: &str,
        after: usize,
        scope: Scope,
        first: bool,
    ) -> Result<Option<Query>> {
        let at = self.cursor.at;
        if matches!(name, "near" | "bbox" | "has" | "missing") && self.cursor.peek(after - 2) != Some('~') {
            if scope.together && matches!(name, "has" | "missing") {
                return self.outside_together(at, name);
            }
            self.cursor.at += after;
            self.need_value(at, name)?;
            let query = match name {
                "near" => self.near()?,
                "bbox" => self.bbox()?,
                "has" => self.has(scope)?,
                _ => Query::Not(Box::new(self.has(scope)?)),
            };
            return Ok(Some(query));
        }
        let address = self.cursor.peek(after) == Some('/') && self.cursor.peek(after + 1) == Some('/');
        if address || self.cursor.ends_clause(after) && self.cursor.peek(after) != Some('"') {
            return self.value(scope, first);
        }
        let message = format!("unknown field `{name}`");
        let escape = format!("to search for the words, write \"{name}:…\" in quotes");
        let hint = match nearest(name, &field_names()) {
            Some(near) => format!("did you mean {near}:? {escape}"),
            None => format!("fields are {}; {escape}", field_names().join(", ")),
        };
        self.fail(at, &message, &hint)
    }

    /// A value of the scope's field, or text.
    fn value(&mut self, scope: Scope, first: bool) -> Result<Option<Query>> {
        let at = self.cursor.at;
        match self.cursor.peek(0) {
            Some('(') => self.group(scope),
            Some('"') => self.quotation(scope).map(Some),
            Some('/') if !is_calendar(scope.field) => match self.cursor.regex() {
                Some(pattern) => self.regex(at, &pattern, scope).map(Some),
                None => self.bare(scope, first),
            },
            _ => self.bare(scope, first),
        }
    }

    fn group(&mut self, scope: Scope) -> Result<Option<Query>> {
        let at = self.cursor.at;
        self.cursor.at += 1;
        let inner = self.deeper(at, |parser| parser.any(Scope { grouped: true, ..scope }))?;
        if !self.cursor.take(')') {
            return self.fail(at, "unbalanced parenthesis", "close this one with )");
        }
        match inner {
            Some(inner) => Ok(Some(inner)),
            None => self.fail(at, "empty parentheses", "put something between them, or remove them"),
        }
    }

    fn deeper<T>(&mut self, at: usize, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            return self.fail(at, &format!("nested more than {MAX_DEPTH} deep"), "ask in several queries");
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn together(&mut self, scope: Scope) -> Result<Query> {
        let at = self.cursor.at;
        if scope.together {
            return self.fail(at, "together( ) cannot stand in itself", "put all parts into one");
        }
        self.cursor.at += "together".len();
        let inner = self.group(Scope { together: true, exact: scope.exact, ..Scope::default() })?;
        let parts = match inner {
            Some(Query::And(parts)) => parts,
            Some(other) => vec![other],
            None => Vec::new(),
        };
        let paragraph = self.cursor.starts_with("~paragraph");
        if paragraph {
            self.cursor.at += "~paragraph".len();
        } else if self.cursor.starts_with("~sentence") {
            self.cursor.at += "~sentence".len();
        } else if self.cursor.peek(0) == Some('~') {
            return self.fail(
                self.cursor.at,
                "together( ) is in a sentence or a paragraph",
                "write ~paragraph after it",
            );
        }
        if parts.len() < 2 {
            self.warn(at, "together( ) has one part only, so it means the same as that part in any sentence");
        }
        Ok(Query::Together { parts, paragraph })
    }

    /// Inside `together(…)` only what stands in sentences can be asked for.
    fn check_together(&self, at: usize, name: &str, scope: Scope) -> Result<()> {
        const IN_TEXT: &[&str] = &["text", "actor", "place", "event"];
        match scope.field {
            Some(field) if scope.together && !IN_TEXT.contains(&field.name) => {
                self.outside_together(at, name)
            }
            _ => Ok(()),
        }
    }

    fn outside_together<T>(&self, at: usize, name: &str) -> Result<T> {
        let message = format!("{name}: is the same for the whole article");
        self.fail(at, &message, "put it outside together( ), which looks at sentences")
    }

    fn operator(&self) -> Option<Operator> {
        let words = [
            ("AND", Operator::And),
            ("OR", Operator::Or),
            ("NOT", Operator::Not),
            ("&&", Operator::And),
            ("||", Operator::Or),
        ];
        let found = words
            .into_iter()
            .find(|(word, _)| self.cursor.starts_with(word) && self.cursor.ends_clause(word.len()));
        found.map(|(_, operator)| operator)
    }

    fn take_operator(&mut self, operator: Operator) {
        let symbol = matches!(self.cursor.peek(0), Some('&' | '|'));
        self.cursor.at += if symbol || operator == Operator::Or { 2 } else { 3 };
    }
}

fn is_calendar(field: Option<&'static Field>) -> bool {
    field.is_some_and(|field| field.kind == FieldKind::Calendar)
}

fn field_names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = FIELDS.iter().map(|field| field.name).collect();
    names.extend(FIELDS.iter().flat_map(|field| field.aliases));
    names.extend(FACETS.iter().map(|facet| facet.name).filter(|name| find_field(name).is_none()));
    names.extend(["near", "bbox", "missing", "exact", "together"]);
    names
}

/// The name that was probably meant.
pub(super) fn nearest<'n>(typed: &str, names: &[&'n str]) -> Option<&'n str> {
    let close = |name: &&&str| {
        let distance = strsim::damerau_levenshtein(typed, name);
        (distance <= 2 && distance * 2 < name.len().max(3)) || (typed.len() >= 3 && name.starts_with(typed))
    };
    names.iter().filter(close).min_by_key(|name| strsim::damerau_levenshtein(typed, name)).copied()
}
