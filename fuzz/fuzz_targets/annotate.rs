//! Who, where and when together: the first line is the title, the rest the text.
//!
//! Holds: no panic, mentions in order, on character boundaries, without overlaps.
#![no_main]

use std::sync::LazyLock;

use dateline::article::{Article, Mention};
use dateline::extract::Extractor;
use dateline::pipeline::annotate;
use libfuzzer_sys::fuzz_target;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::embedded().expect("the data of the program"));

fn check(text: &str, mentions: &[Mention]) {
    let mut end = 0;
    for mention in mentions {
        assert!(text.get(mention.span.start..mention.span.end).is_some_and(|text| !text.is_empty()));
        assert!(mention.span.start >= end, "{mentions:?}");
        end = mention.span.end;
    }
}

fuzz_target!(|text: &str| {
    let (title, body) = text.split_once('\n').unwrap_or(("", text));
    let article = Article { title: Some(title.to_owned()), text: body.to_owned(), ..Article::default() };
    let annotated = annotate(&EXTRACTOR, article);
    check(title, &annotated.annotations.title_mentions);
    check(body, &annotated.annotations.mentions);
});
