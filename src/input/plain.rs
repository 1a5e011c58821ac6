//! Plain text: one article, the first line its title where it looks like one.

use crate::article::Article;
use crate::input::decode::{decode, undeclared};
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// One article of text.
pub(super) const FORMAT: Format =
    Format { name: "text", label: "plain text", extensions: &["txt", "text", "asc"], sniff, read };

/// A longer first line is a paragraph.
const LONGEST_TITLE: usize = 160;

fn sniff(head: &Head<'_>) -> Confidence {
    let named = FORMAT.extensions.contains(&head.extension.as_str());
    // Markup and crawls are text too, but not an article's: better passed over than read as prose.
    let start = head.bytes.trim_ascii_start();
    let xml = head.extension == "xml" && start.starts_with(b"<");
    let coded = xml || [&b"<?xml"[..], b"<!DOCTYPE", b"WARC/"].iter().any(|mark| start.starts_with(mark));
    match (named, coded) {
        (true, _) => Confidence::Likely,
        (false, true) => Confidence::No,
        (false, false) => Confidence::Possible,
    }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let bytes = reader.whole()?;
    let decoded = decode(&bytes, undeclared);
    let (title, text) = split_title(&decoded.text);
    let article = Article {
        title: title.map(str::to_owned),
        text: text.replace("\r\n", "\n").replace('\0', " "),
        notes: decoded.note.into_iter().collect(),
        ..Article::default()
    };
    reader.only(article)
}

/// The title and the text: the first line is the title if it is short, ends without a full stop and more follows.
pub(super) fn split_title(source: &str) -> (Option<&str>, &str) {
    let source = source.trim();
    let Some((first, rest)) = source.split_once('\n') else { return (None, source) };
    let (first, rest) = (first.trim(), rest.trim());
    let ends_as_sentence = first.ends_with(['.', ',', ';', ':']) && !first.ends_with("...");
    let short = first.chars().count() <= LONGEST_TITLE;
    if short && !ends_as_sentence && !rest.is_empty() { (Some(first), rest) } else { (None, source) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_first_line_without_full_stop_is_the_title() {
        for (source, title, text) in [
            ("Strikes in Syria\n\nBody text.", Some("Strikes in Syria"), "Body text."),
            ("Will it hold?\nBody.", Some("Will it hold?"), "Body."),
            ("It rained. All day.\nBody.", None, "It rained. All day.\nBody."),
            ("Only one line", None, "Only one line"),
            ("Only one line\n\n  \n", None, "Only one line"),
            ("", None, ""),
        ] {
            assert_eq!(split_title(source), (title, text), "{source:?}");
        }
        let long = format!("{}\nBody.", "word ".repeat(50));
        assert_eq!(split_title(&long).0, None);
    }
}
