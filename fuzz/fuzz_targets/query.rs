//! The query language: what parses prints to text that parses to the same tree; what does not has a column inside.
#![no_main]

use dateline::Error;
use dateline::query::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let today = jiff::civil::date(2021, 6, 28);
    match parse::parse(text, today) {
        Ok(parsed) => {
            let printed = parsed.query.to_string();
            let again = parse::parse(&printed, today).unwrap_or_else(|error| panic!("{printed}: {error}"));
            assert_eq!(again.query, parsed.query, "{printed}");
        }
        Err(Error::Query { column, .. }) => assert!(column >= 1 && column <= text.chars().count() + 1),
        Err(other) => panic!("{other}"),
    }
});
