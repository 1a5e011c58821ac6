//! The passage of an article that shows best why it was found.

use crate::engine::local::pattern::Match;
use crate::query::response::Snippet;
use crate::span::Span;

/// How long a passage is, in bytes of the article.
const PASSAGE_BYTES: usize = 240;

/// How much of it may stand before its first match.
const LEAD_BYTES: usize = 60;

/// The best passage of `text`: with the most different parts of the query, then with the most matches, then the first.
pub(super) fn snippet(text: &str, matches: &[Match]) -> Snippet {
    let start = best_start(matches).map_or(0, |first| passage_start(text, first));
    let end = passage_end(text, start);
    on_one_line(text, start, end, matches)
}

fn best_start(matches: &[Match]) -> Option<usize> {
    let mut best = None;
    let mut most = (0, 0);
    for (number, first) in matches.iter().enumerate() {
        let reach = first.span.start + PASSAGE_BYTES - LEAD_BYTES;
        let within = matches[number..].iter().take_while(|found| found.span.end <= reach);
        let mut leaves: Vec<usize> = within.map(|found| found.leaf).collect();
        let all = leaves.len();
        leaves.sort_unstable();
        leaves.dedup();
        if (leaves.len(), all) > most || best.is_none() {
            most = (leaves.len(), all);
            best = Some(first.span.start);
        }
    }
    best
}

/// Goes back from the first match to the beginning of its sentence, or of a word.
fn passage_start(text: &str, first: usize) -> usize {
    let mut from = first.saturating_sub(LEAD_BYTES);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let before = &text[from..first];
    if let Some(at) = before.rfind(['.', '!', '?', '\n', '。']) {
        let after = &before[at..];
        let skipped = after.find(|c: char| c.is_alphanumeric() || "\"“«‘([".contains(c));
        return skipped.map_or(first, |skip| from + at + skip);
    }
    if from == 0 {
        return 0;
    }
    before.find(char::is_whitespace).map_or(from, |at| from + at)
}

/// The end of the last whole word that fits.
fn passage_end(text: &str, start: usize) -> usize {
    let mut end = (start + PASSAGE_BYTES).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    if end == text.len() {
        return end;
    }
    match text[start..end].rfind(char::is_whitespace) {
        Some(space) if space > PASSAGE_BYTES / 2 => start + space,
        _ => end,
    }
}

/// Copies a passage with white space as single spaces, and moves the marks along.
fn on_one_line(text: &str, start: usize, end: usize, matches: &[Match]) -> Snippet {
    let mut line = String::with_capacity(end - start + 8);
    if text[..start].contains(|c: char| !c.is_whitespace()) {
        line.push_str("… ");
    }
    let mut marks: Vec<Span> = Vec::new();
    let mut spans = matches
        .iter()
        .map(|found| found.span)
        .filter(|span| span.start >= start && span.end <= end)
        .peekable();
    let mut open: Option<(usize, usize)> = None;
    let begins = line.len();
    for (offset, c) in text[start..end].char_indices() {
        let at = start + offset;
        close(&mut open, &mut marks, at, line.len());
        while let Some(span) = spans.next_if(|span| span.start <= at) {
            let from = open.map_or(line.len(), |(from, _)| from);
            let until = open.map_or(span.end, |(_, until)| until.max(span.end));
            open = Some((from, until));
        }
        if !c.is_whitespace() {
            line.push(c);
        } else if line.len() > begins && !line.ends_with(' ') {
            line.push(' ');
        }
    }
    close(&mut open, &mut marks, usize::MAX, line.len());
    let whole = line.trim_end().len();
    line.truncate(whole);
    for mark in &mut marks {
        mark.end = mark.end.min(whole);
    }
    marks.retain(|mark| mark.start < mark.end);
    if text[end..].contains(|c: char| !c.is_whitespace()) {
        line.push_str(" …");
    }
    Snippet { text: line, marks }
}

/// Ends the open mark when its text has been copied.
fn close(open: &mut Option<(usize, usize)>, marks: &mut Vec<Span>, at: usize, written: usize) {
    if let Some((from, _)) = open.filter(|&(_, until)| until <= at) {
        *open = None;
        if from < written {
            marks.push(Span::new(from, written));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, words: &[&str]) -> Vec<Match> {
        let mut matches: Vec<Match> = words
            .iter()
            .enumerate()
            .flat_map(|(leaf, word)| {
                text.match_indices(word)
                    .map(move |(at, word)| Match { span: Span::new(at, at + word.len()), leaf })
            })
            .collect();
        matches.sort_unstable_by_key(|found| found.span.start);
        matches
    }

    #[test]
    fn marks_cover_what_matched() {
        let text = "The  minister of\nSyria left. Nobody knew why the minister went.";
        let snippet = snippet(text, &found(text, &["minister of\nSyria", "minister"]));
        assert_eq!(snippet.text, "The minister of Syria left. Nobody knew why the minister went.");
        let marked: Vec<&str> = snippet.marks.iter().map(|mark| mark.of(&snippet.text)).collect();
        assert_eq!(marked, ["minister of Syria", "minister"]);
    }

    #[test]
    fn the_passage_with_the_most_parts_of_the_query_wins() {
        let text = format!("Oil is up. {} Oil and gas are up again.", "Nothing happened here. ".repeat(30));
        let snippet = snippet(&text, &found(&text, &["Oil", "gas"]));
        assert_eq!(snippet.text, "… Oil and gas are up again.");
        assert_eq!(snippet.marks.len(), 2);
    }

    #[test]
    fn an_article_without_a_match_shows_its_beginning() {
        assert_eq!(snippet("Short.", &[]).text, "Short.");
        assert!(snippet("", &[]).text.is_empty());
        assert!(snippet(&"word ".repeat(100), &[]).text.ends_with("word …"));
    }

    proptest::proptest! {
        #[test]
        fn marks_lie_within_the_line(text in "[a-c é\n.。]{0,400}", word in "[a-c é]{1,3}") {
            let snippet = snippet(&text, &found(&text, &[&word]));
            let mut last = 0;
            for mark in &snippet.marks {
                proptest::prop_assert!(mark.start >= last && mark.start < mark.end);
                proptest::prop_assert!(snippet.text.get(mark.start..mark.end).is_some());
                last = mark.end;
            }
            proptest::prop_assert!(!snippet.text.contains('\n'));
        }
    }
}
