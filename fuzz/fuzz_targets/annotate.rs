//! Who, where and when together: the first line is the title, the rest the text.
//!
//! Holds: no panic, mentions in order, on character boundaries, apart or one within another.
#![no_main]

use std::sync::LazyLock;

use dateline::article::{Article, Mention};
use dateline::extract::Extractor;
use dateline::pipeline::annotate;
use libfuzzer_sys::fuzz_target;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::embedded().expect("the data of the program"));

fn check(text: &str, mentions: &[Mention]) {
    let (mut start, mut end) = (0, 0);
    for mention in mentions {
        assert!(text.get(mention.span.start..mention.span.end).is_some_and(|text| !text.is_empty()));
        // A place may stand in the name of a body of that place.
        let is_apart = mention.span.start >= end;
        let is_within = mention.span.start >= start && mention.span.end <= end;
        assert!(is_apart || is_within, "{mentions:?}");
        if is_apart {
            (start, end) = (mention.span.start, mention.span.end);
        }
    }
}

fuzz_target!(|text: &str| {
    let (title, body) = text.split_once('\n').unwrap_or(("", text));
    let article = Article { title: Some(title.to_owned()), text: body.to_owned(), ..Article::default() };
    let annotated = annotate(&EXTRACTOR, article);
    check(title, &annotated.annotations.title_mentions);
    check(body, &annotated.annotations.mentions);
});
