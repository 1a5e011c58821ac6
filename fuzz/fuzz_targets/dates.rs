//! The date tagger: the first line is the code of the language, the rest the text.
//!
//! Holds: spans lie on character boundaries, in order, without overlaps; intervals begin before they end.
#![no_main]

use dateline::article::Entity;
use dateline::extract::date;
use dateline::language::Language;
use dateline::text::Text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let Some((code, content)) = data.split_once('\n') else { return };
    let language = Language::parse(code).unwrap_or(Language::ENGLISH);
    let text = Text::new(content);
    for mention in date::tag(&[&text], None, language).into_iter().flatten() {
        assert!(content.get(mention.span.start..mention.span.end).is_some_and(|text| !text.is_empty()));
        if let Entity::Date(timex) = &mention.entity {
            assert_eq!(timex.from.is_some(), timex.to.is_some());
            assert!(timex.from <= timex.to, "{timex:?}");
        }
    }
});
