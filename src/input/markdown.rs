//! Markdown: one article, its metadata in YAML or TOML front matter, its first heading the title where that has none.
//!
//! Gives text without the marks: headings, emphasis, links, images. What the front matter's names mean is `fields`'
//! business.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use saphyr::{LoadableYamlNode, Scalar, Yaml};

use crate::input::decode::{decode, undeclared};
use crate::input::fields::{self, Fields, Value};
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// Markdown, with front matter or without.
pub(super) const FORMAT: Format = Format {
    name: "markdown",
    label: "Markdown",
    extensions: &["md", "markdown", "mdown", "mkd"],
    sniff,
    read,
};

/// Longer front matter, or front matter with more brackets or references, is an attack and not metadata.
const LONGEST_FRONT: usize = 32 * 1024;
const MOST_BRACKETS: usize = 200;
const MOST_ALIASES: usize = 8;

fn sniff(head: &Head<'_>) -> Confidence {
    let text = String::from_utf8_lossy(head.bytes);
    let named = FORMAT.extensions.contains(&head.extension.as_str());
    let front = split_front(&text).is_some_and(|front| front.source.contains([':', '=']));
    match (named, front) {
        (_, true) => Confidence::Certain,
        (true, false) => Confidence::Likely,
        (false, false) => Confidence::No,
    }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    let decoded = decode(&bytes, undeclared);
    let mut notes: Vec<String> = decoded.note.into_iter().collect();
    let source = decoded.text.replace("\r\n", "\n").replace('\0', " ");
    let (fields, body) = match split_front(&source) {
        Some(front) => match front.fields() {
            Ok(fields) => (fields, front.rest),
            Err(reason) => {
                notes.push(format!("the front matter was not read: {reason}"));
                (Vec::new(), front.rest)
            }
        },
        None => (Vec::new(), source.as_str()),
    };
    let mut draft = fields::draft(fields, &reader.options.map);
    let article = &mut draft.article;
    article.notes.extend(notes);
    let (heading, body) = first_heading(body);
    // A heading that repeats the title is no text.
    let text = match (&article.title, heading) {
        (Some(title), Some(heading)) if plain(heading) != *title => {
            format!("{}\n\n{}", plain(heading), plain(body))
        }
        _ => plain(body),
    };
    article.title = article.title.take().or_else(|| heading.map(plain));
    if !text.is_empty() {
        article.text = text;
    }
    reader.only(draft)
}

/// Metadata before the text.
struct Front<'s> {
    source: &'s str,
    toml: bool,
    rest: &'s str,
}

/// Cuts front matter off: between lines of `---` (YAML) or `+++` (TOML) at the very start.
fn split_front(source: &str) -> Option<Front<'_>> {
    let start = source.trim_start_matches(['\u{feff}', '\n', '\r']);
    let (fence, toml) = if start.starts_with("---") { ("---", false) } else { ("+++", true) };
    let inner = start.strip_prefix(fence)?;
    let inner = inner.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n')?;
    let mut at = 0;
    for line in inner.split_inclusive('\n') {
        let content = line.trim_end();
        if content == fence || (!toml && content == "...") {
            return Some(Front { source: &inner[..at], toml, rest: &inner[at + line.len()..] });
        }
        at += line.len();
    }
    None
}

impl Front<'_> {
    fn fields(&self) -> Result<Fields<'static>, String> {
        let brackets = self.source.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
        let aliases = self.source.matches(": *").count() + self.source.matches("- *").count();
        let dashes = self
            .source
            .lines()
            .any(|line| line.matches("- ").count() > 20 && line.trim_start().starts_with("- - "));
        if self.source.len() > LONGEST_FRONT || brackets > MOST_BRACKETS || aliases > MOST_ALIASES || dashes {
            return Err("it is too large or nested too deeply".to_owned());
        }
        if self.toml {
            let table: toml::Table =
                self.source.parse().map_err(|error: toml::de::Error| error.message().to_lowercase())?;
            return Ok(table.into_iter().map(|(name, value)| (Cow::Owned(name), of_toml(value))).collect());
        }
        let documents = Yaml::load_from_str(self.source).map_err(|error| error.to_string().to_lowercase())?;
        match documents.into_iter().next().map(of_yaml) {
            Some(Value::Map(fields)) => Ok(fields),
            Some(Value::Null) | None => Ok(Vec::new()),
            Some(_) => Err("it has no names".to_owned()),
        }
    }
}

fn of_yaml(yaml: Yaml<'_>) -> Value<'static> {
    match yaml {
        Yaml::Value(Scalar::String(text)) | Yaml::Representation(text, _, _) => {
            Value::Text(Cow::Owned(text.into_owned()))
        }
        Yaml::Value(Scalar::Boolean(truth)) => Value::Bool(truth),
        Yaml::Value(Scalar::Integer(number)) => Value::Number(number.to_string()),
        Yaml::Value(Scalar::FloatingPoint(number)) => Value::Number(number.to_string()),
        Yaml::Sequence(items) => Value::List(items.into_iter().map(of_yaml).collect()),
        Yaml::Mapping(entries) => {
            let entries = entries.into_iter();
            let named = entries.filter_map(|(name, value)| {
                let name = of_yaml(name).text()?.into_owned();
                Some((Cow::Owned(name), of_yaml(value)))
            });
            Value::Map(named.collect())
        }
        Yaml::Tagged(_, inner) => of_yaml(*inner),
        Yaml::Value(Scalar::Null) | Yaml::Alias(_) | Yaml::BadValue => Value::Null,
    }
}

fn of_toml(value: toml::Value) -> Value<'static> {
    match value {
        toml::Value::String(text) => Value::Text(Cow::Owned(text)),
        toml::Value::Integer(number) => Value::Number(number.to_string()),
        toml::Value::Float(number) => Value::Number(number.to_string()),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(when) => Value::Text(Cow::Owned(when.to_string())),
        toml::Value::Array(items) => Value::List(items.into_iter().map(of_toml).collect()),
        toml::Value::Table(table) => {
            Value::Map(table.into_iter().map(|(name, value)| (Cow::Owned(name), of_toml(value))).collect())
        }
    }
}

/// The heading that the text begins with, and the rest.
fn first_heading(body: &str) -> (Option<&str>, &str) {
    let body = body.trim_start();
    let (line, rest) = body.split_once('\n').unwrap_or((body, ""));
    if let Some(heading) = line.strip_prefix("# ") {
        return (Some(heading.trim().trim_end_matches('#').trim_end()), rest);
    }
    // Underlined with equals signs.
    let (under, after) = rest.split_once('\n').unwrap_or((rest, ""));
    let underlined = under.len() > 2 && under.trim_end().bytes().all(|byte| byte == b'=');
    if underlined && !line.trim().is_empty() { (Some(line.trim()), after) } else { (None, body) }
}

/// Text without Markdown's marks.
fn plain(source: &str) -> String {
    static IMAGE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])").ok());
    static LINK: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\[([^\]]+)\](\([^)]*\)|\[[^\]]*\])|<(https?://[^>\s]+)>").ok());
    static STRONG: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\*\*(\S(?:.*?\S)?)\*\*|__(\S(?:.*?\S)?)__|`([^`]+)`").ok());
    static EMPHASIS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(^|[\s(])[*_]([^\s*_](?:[^*_]*[^\s*_])?)[*_]([\s).,;:!?]|$)").ok());
    let mut text = String::with_capacity(source.len());
    let mut fenced = false;
    for line in source.lines() {
        let content = line.trim_end();
        if content.trim_start().starts_with("```") || content.trim_start().starts_with("~~~") {
            fenced = !fenced;
            continue;
        }
        let rule =
            content.len() > 2 && content.bytes().all(|byte| matches!(byte, b'-' | b'*' | b'_' | b'=' | b' '));
        if !fenced && rule {
            continue;
        }
        let mut line = Cow::Borrowed(if fenced { content } else { without_prefix(content) });
        if !fenced {
            for (pattern, by) in [(&IMAGE, ""), (&LINK, "$1$3"), (&STRONG, "$1$2$3"), (&EMPHASIS, "$1$2$3")] {
                if let Some(pattern) = pattern.as_ref() {
                    line = Cow::Owned(pattern.replace_all(&line, by).into_owned());
                }
            }
        }
        text.push_str(&line);
        text.push('\n');
    }
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    super::markup::text(text.trim())
}

/// A line without the marks of headings and quotations.
fn without_prefix(line: &str) -> &str {
    let quoted = line.trim_start_matches(['>', ' ']);
    let line = if line.trim_start().starts_with('>') { quoted } else { line };
    let heading = line.trim_start_matches('#');
    let level = line.len() - heading.len();
    if (1..=6).contains(&level) && heading.starts_with(' ') {
        heading.trim().trim_end_matches('#').trim_end()
    } else {
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_are_taken_off() {
        for (source, text) in [
            (
                "## Heading\n\nA **bold** and *fine* [link](http://x.y), `code`.",
                "Heading\n\nA bold and fine link, code.",
            ),
            ("![a picture](x.png)\nText_with_underscores stays 2*3*4", "Text_with_underscores stays 2*3*4"),
            ("> Quoted **words**.\n\n---\n\n- one\n- two", "Quoted words.\n\n- one\n- two"),
            ("<https://example.org> and [ref][1]", "https://example.org and ref"),
        ] {
            assert_eq!(plain(source), text, "{source}");
        }
    }

    #[test]
    fn front_matter_is_cut_off() {
        let yaml = split_front("---\ntitle: A\ndate: 2021-06-28\n---\nText").unwrap();
        assert_eq!(yaml.rest, "Text");
        let names: Vec<String> =
            yaml.fields().unwrap().into_iter().map(|(name, _)| name.into_owned()).collect();
        assert_eq!(names, ["title", "date"]);
        assert!(split_front("+++\ntitle = \"A\"\n+++\nText").unwrap().fields().is_ok());
        assert!(split_front("--- not front matter\ntext").is_none());
        assert!(split_front("---\ntitle: unclosed").is_none());
        assert!(split_front("---\n: : [\n---\nText").unwrap().fields().is_err());
        let bomb = format!("---\na: {}\n---\n", "[".repeat(1000));
        assert!(split_front(&bomb).unwrap().fields().is_err());
    }

    proptest! {
        #[test]
        fn never_panics(source in "(---\n)?([a-z]{0,4}[:#*_>`\\[\\]() !-]{0,4}\n?){0,20}(---\n)?.{0,20}") {
            plain(&source);
            first_heading(&source);
            if let Some(front) = split_front(&source) {
                let _ = front.fields();
            }
        }
    }
}
