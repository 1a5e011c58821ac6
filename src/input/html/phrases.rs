//! Lines that pages set around an article ("Read more:", "Über den Autor"), from `data/html/phrases.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize, Default)]
struct File {
    aside: String,
    end: String,
}

struct Phrases {
    aside: Vec<&'static str>,
    end: Vec<&'static str>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let source = include_str!("../../../data/html/phrases.toml");
    // A data file of ours that does not parse is caught by the tests; a reader without it still reads.
    let file: &'static File = Box::leak(Box::new(toml::from_str(source).unwrap_or_default()));
    let lines = |text: &'static str| {
        let mut lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        lines.sort_unstable();
        lines
    };
    Phrases { aside: lines(&file.aside), end: lines(&file.end) }
});

/// Whether a line is one of those that are not of the article.
pub(super) fn begins_aside(line: &str) -> bool {
    begins(line, &PHRASES.aside)
}

/// Whether a line opens a part of the page that is not of the article.
pub(super) fn begins_end(line: &str) -> bool {
    begins(line, &PHRASES.end)
}

fn begins(line: &str, phrases: &[&'static str]) -> bool {
    let opening = line.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '©' | '('));
    let opening: String = opening.chars().take(40).flat_map(char::to_lowercase).collect();
    // Of the phrases that a line begins with, the longest sorts last before the line itself.
    let at = phrases.partition_point(|phrase| *phrase <= opening.as_str());
    phrases[..at].iter().rev().take(12).any(|phrase| {
        let Some(rest) = opening.strip_prefix(phrase) else { return false };
        !phrase.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_around_an_article_are_known() {
        for line in ["Read more: Rain in Spain", "► Lesen Sie auch: Regen", "© 2021 The Times", "Foto: dpa"]
        {
            assert!(begins_aside(line), "{line}");
        }
        for line in ["Readmore House was sold", "Photography is an art", "Foto Schmidt schließt", ""] {
            assert!(!begins_aside(line), "{line}");
        }
        assert!(begins_end("About the author"));
        assert!(!begins_end("Commentshire"));
    }
}
