//! Words, phrases, values, patterns and dates: the leaves of the tree.

use crate::error::Result;
use crate::field::{FIELDS, FLAGS, Field, FieldKind, MISSING, find_field};
use crate::query::Query;
use crate::query::cursor::Bare;
use crate::query::days::{BadDays, days};
use crate::query::parse::{Parser, Scope, nearest};

impl Parser<'_> {
    /// A quotation that holds at least one word.
    pub(super) fn quoted_text(&mut self) -> Result<String> {
        let at = self.cursor.at;
        match self.cursor.quoted() {
            None => {
                self.fail(at, "unbalanced quote", "close it with \", or write \\\" for the character itself")
            }
            Some(text) if !text.chars().any(char::is_alphanumeric) => self.fail(
                at,
                "nothing to search for in the quotes",
                "put a word between them, or remove them",
            ),
            Some(text) => Ok(text),
        }
    }

    /// A phrase, or a value in quotes.
    pub(super) fn quotation(&mut self, scope: Scope) -> Result<Query> {
        let at = self.cursor.at;
        let text = self.quoted_text()?;
        let Some(field) = scope.field.filter(|field| field.kind != FieldKind::Text) else {
            if text.contains(['*', '?'])
                && text.split_whitespace().any(|word| word.len() > 1 && word.contains('*'))
            {
                self.warn(at, "wildcards inside quotes are not wildcards: leave the quotes out");
            }
            let slop = self.slop()?;
            return Ok(Query::Phrase { field: scope.field, text, exact: scope.exact, slop });
        };
        if field.kind == FieldKind::Calendar {
            let syntax = self.cursor.slice(at + 1, self.cursor.at.saturating_sub(1));
            return self.calendar(field, syntax.trim(), at + 1, scope.overlap);
        }
        let distance = self.distance()?;
        Ok(Query::Value { field, value: under(scope.under, text), distance })
    }

    fn slop(&mut self) -> Result<u32> {
        let at = self.cursor.at;
        match self.cursor.suffix('~') {
            None => Ok(0),
            Some(number) => match number.parse::<u32>() {
                Ok(slop) if slop <= 1000 => Ok(slop),
                _ => self.fail(
                    at,
                    "this is no distance",
                    "after a phrase, ~ is followed by 0 to 1000: \"two words\"~5",
                ),
            },
        }
    }

    fn distance(&mut self) -> Result<u8> {
        let at = self.cursor.at;
        match self.cursor.suffix('~').as_deref() {
            None => Ok(0),
            Some("") => Ok(1),
            Some(number) => match number.parse::<u8>() {
                Ok(distance) if distance <= 2 => Ok(distance),
                _ => self.fail(
                    at,
                    "this is no number of typos",
                    "after a word, ~ is followed by 1 or 2: baghdad~1",
                ),
            },
        }
    }

    /// A regular expression, checked.
    pub(super) fn regex(&mut self, at: usize, pattern: &str, scope: Scope) -> Result<Query> {
        let checked = regex::RegexBuilder::new(pattern).size_limit(1 << 20).nest_limit(50).build();
        if let Err(error) = checked {
            if let regex::Error::CompiledTooBig(_) = error {
                let hint = "repeat less: a{1,1000} stands for a thousand letters";
                return self.fail(at, "the regular expression is too large", hint);
            }
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let message = format!("the regular expression cannot be read: {reason}");
            return self.fail(at, &message, "write a backslash before characters that stand for themselves");
        }
        let pattern = scope.under.map_or_else(|| pattern.to_owned(), |top| format!("{top}/(?:{pattern})"));
        Ok(Query::Regex { field: scope.field, pattern })
    }

    /// A word, a value or a pattern without quotes.
    pub(super) fn bare(&mut self, scope: Scope, first: bool) -> Result<Option<Query>> {
        if let Some(field) = scope.field.filter(|field| field.kind == FieldKind::Calendar) {
            return self.bare_calendar(field, scope).map(Some);
        }
        // Words with a comma between them are words; for a field they are one value or phrase.
        let parted = scope.field.is_none() && !scope.exact;
        let mut bare = if parted { self.cursor.word() } else { self.cursor.bare(true) };
        let keyword = scope.field.filter(|field| field.kind != FieldKind::Text);
        if keyword.is_none() {
            self.trim_question(&mut bare);
        }
        let stars = bare.count_syntax('*');
        if stars > 0 && stars == bare.chars.len() {
            return Ok(Some(scope.field.map_or(Query::All, Query::Has)));
        }
        if !bare.chars.iter().any(|(c, _)| c.is_alphanumeric()) {
            return self.punctuation(&bare, scope);
        }
        if let Some(pattern) = self.pattern(&bare, scope)? {
            return Ok(Some(pattern));
        }
        let distance = self.distance()?;
        let Some(field) = keyword else {
            self.warn_about_word(&bare, first)?;
            return Ok(Some(Query::Word {
                field: scope.field,
                text: bare.text(),
                exact: scope.exact,
                distance,
            }));
        };
        if bare.is_syntax(0, '>') || bare.is_syntax(0, '<') {
            let hint = "ranges work on published and event, as in published:>2020-06";
            return self.fail(bare.start, &format!("{} holds no dates", field.name), hint);
        }
        if !scope.grouped {
            self.warn_about_name(field, &bare);
        }
        Ok(Some(Query::Value { field, value: under(scope.under, bare.text()), distance }))
    }

    /// A question mark that ends a word ends a question.
    fn trim_question(&mut self, bare: &mut Bare) {
        let length = bare.chars.len();
        while bare.chars.len() > 1 && bare.is_syntax(bare.chars.len() - 1, '?') {
            bare.chars.pop();
        }
        if bare.chars.len() < length {
            let word = bare.text();
            self.warn(bare.start, format!("the ? after `{word}` is left out: for any ending write {word}*"));
        }
    }

    /// Characters that are no word: left out, unless a field waits for a value.
    fn punctuation(&mut self, bare: &Bare, scope: Scope) -> Result<Option<Query>> {
        let at = self.cursor.at;
        if bare.chars.is_empty() {
            return match (self.cursor.peek(0), scope.field) {
                (Some('~'), _) => self.fail(
                    at,
                    "~ does not fit here",
                    "~ follows a word (fuzzy~1) or a phrase (\"two words\"~5)",
                ),
                (_, Some(field)) => self.fail(at, &format!("{}: needs a value", field.name), ""),
                (_, None) => Ok(None),
            };
        }
        if scope.field.is_some() {
            let hint = "give a word or a name, or * for any value";
            return self.fail(bare.start, &format!("`{}` is no value", bare.text()), hint);
        }
        Ok(None)
    }

    fn pattern(&mut self, bare: &Bare, scope: Scope) -> Result<Option<Query>> {
        let stars = bare.count_syntax('*');
        if stars + bare.count_syntax('?') == 0 {
            return Ok(None);
        }
        if self.cursor.peek(0) == Some('~') {
            return self.fail(self.cursor.at, "a pattern cannot be fuzzy too", "use one of *, ? and ~");
        }
        let last = bare.chars.len() - 1;
        if stars == 1 && bare.is_syntax(last, '*') && bare.count_syntax('?') == 0 {
            let text = bare.chars[..last].iter().map(|(c, _)| *c).collect();
            return Ok(Some(Query::Prefix { field: scope.field, text: under(scope.under, text) }));
        }
        Ok(Some(Query::Wildcard { field: scope.field, pattern: under(scope.under, bare.pattern()) }))
    }

    fn bare_calendar(&mut self, field: &'static Field, scope: Scope) -> Result<Query> {
        let bare = self.cursor.bare(true);
        let text = bare.text();
        if text == "*" {
            return Ok(Query::Has(field));
        }
        let query = self.calendar(field, &text, bare.start, scope.overlap)?;
        let open = text.ends_with("..");
        if open && self.cursor.peek(0) == Some(' ') && self.cursor.peek(1).is_some_and(|c| c.is_ascii_digit())
        {
            self.warn(bare.start, "the range has no end: write it without spaces, as in 2020..2021");
        }
        Ok(query)
    }

    /// Days of a calendar field, written at character `at`.
    pub(super) fn calendar(
        &self,
        field: &'static Field,
        text: &str,
        at: usize,
        overlap: bool,
    ) -> Result<Query> {
        if text == MISSING {
            return Ok(Query::Value { field, value: MISSING.to_owned(), distance: 0 });
        }
        match days(text, self.today) {
            Ok((from, to)) => Ok(Query::Days { field, from, to, overlap }),
            Err(BadDays { offset, message, hint }) => self.fail(at + offset, &message, &hint),
        }
    }

    /// What an article may have, after `has:` or `missing:`.
    pub(super) fn has(&mut self, scope: Scope) -> Result<Query> {
        let quoted = self.cursor.peek(0) == Some('"');
        let at = self.cursor.at;
        let name =
            if quoted { self.quoted_text()? } else { self.cursor.bare(true).text() }.to_ascii_lowercase();
        if let Some(field) = find_field(&name) {
            return Ok(Query::Has(field));
        }
        let flag = FLAGS.iter().find(|(flag, _)| *flag == name);
        if let (Some((flag, _)), Some(field)) = (flag, find_field("has")) {
            return Ok(Query::Value { field, value: (*flag).to_owned(), distance: 0 });
        }
        if name == "*" && !scope.together {
            return Ok(Query::All);
        }
        let names: Vec<&str> =
            FIELDS.iter().map(|field| field.name).chain(FLAGS.iter().map(|(flag, _)| *flag)).collect();
        let hint = match nearest(&name, &names) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("it may be {}", names.join(", ")),
        };
        self.fail(at, &format!("no article can have `{name}`"), &hint)
    }

    fn warn_about_word(&mut self, bare: &Bare, first: bool) -> Result<()> {
        let text = bare.text();
        if bare.is_syntax(0, '.')
            && text.starts_with("..")
            && text.chars().nth(2).is_some_and(|c| c.is_ascii_digit())
        {
            return self.fail(bare.start, "a range has no spaces", "write it as published:2020..2021");
        }
        let escaped = bare.chars.iter().any(|(_, escaped)| *escaped);
        if escaped {
            return Ok(());
        }
        if bare.is_syntax(0, '/') && text.len() > 1 {
            self.warn(
                bare.start,
                "this is read as a word: a regular expression ends with / and has \\/ inside",
            );
        }
        let followed = self.cursor.peek(0) == Some(' ') && self.cursor.peek(1).is_some_and(|c| c != ')');
        let meaning = match text.as_str() {
            "and" => "AND is not needed: all words must match",
            "or" => "write OR for one or the other",
            "not" => "write NOT or - to exclude what follows",
            _ => return Ok(()),
        };
        if followed && (!first || text == "not") {
            self.warn(bare.start, format!("`{text}` is searched for as a word: {meaning}"));
        }
        Ok(())
    }

    /// `actor:Joe Biden` asks for the actor Joe and the word Biden, which is hardly ever meant.
    fn warn_about_name(&mut self, field: &'static Field, bare: &Bare) {
        let named = matches!(field.name, "actor" | "place" | "focus" | "source" | "author");
        let capital = bare.chars.first().is_some_and(|(c, _)| c.is_uppercase());
        if !named || !capital || self.cursor.peek(0) != Some(' ') {
            return;
        }
        let next_capital = self.cursor.peek(1).is_some_and(char::is_uppercase);
        let mut length = 1;
        while !self.cursor.ends_clause(length) && self.cursor.peek(length) != Some(':') {
            length += 1;
        }
        let word = self.cursor.slice(self.cursor.at + 1, self.cursor.at + length);
        let operator = matches!(word.as_str(), "AND" | "OR" | "NOT");
        if next_capital && !operator && self.cursor.peek(length) != Some(':') {
            let (name, value) = (field.name, bare.text());
            self.warn(
                bare.start,
                format!(
                    "`{word}` is not part of {name}:{value}; for one name write {name}:\"{value} {word}\""
                ),
            );
        }
    }
}

/// A value that lies under a top: `Joe Biden` under `person` is `person/Joe Biden`.
pub(super) fn under(top: Option<&'static str>, value: String) -> String {
    match top {
        Some(top) if !value.starts_with(&format!("{top}/")) => format!("{top}/{value}"),
        _ => value,
    }
}
