//! Every beginning, every end and any mutation of every documented query is answered as `--explain` shows, or refused with a
//! message that points at a column. Nothing panics.

use std::sync::OnceLock;

use dateline::Error;
use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::query::explain::clauses;
use dateline::query::parse::parse;
use dateline::query::request::Options;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::support::{Project, repository};

/// The day on which everything is asked.
const TODAY: Date = date(2026, 3, 31);

/// Every query in a table of docs/QUERY.md, whether it is to be answered or refused.
fn documented() -> Vec<String> {
    let document = std::fs::read_to_string(repository().join("docs/QUERY.md")).unwrap();
    let rows = document.lines().filter(|line| line.starts_with("| `") && !line.starts_with("| `--"));
    let queries = rows.filter_map(|line| line.replace("\\|", "\u{0}").split('`').nth(1).map(str::to_owned));
    queries.map(|query| query.replace('\u{0}', "|")).collect()
}

/// An archive of a few articles, made once.
fn archive() -> &'static (Project, LocalIndex) {
    static ARCHIVE: OnceLock<(Project, LocalIndex)> = OnceLock::new();
    ARCHIVE.get_or_init(|| {
        let project = Project::new();
        let article = r#"{"id":"a","title":"Biden orders strikes in Iraq","published":"2021-06-28","source":"Reuters",
            "text":"Joe Biden ordered strikes near Al Qaim in Iraq on 27 June 2021. Ministers of NATO met in Baghdad."}"#;
        let other = r#"{"id":"b","text":"Vladimir Putin spoke of oil prices in 2014. 北京政府星期一宣布新政策"}"#;
        project.write("news/all.jsonl", format!("{}\n{other}\n", article.replace('\n', " ")));
        assert_eq!(project.run(&["ingest", "news"]).code, 0);
        let index = LocalIndex::open(&project.path(".dateline")).unwrap();
        (project, index)
    })
}

/// What is asked is answered as it is explained, or refused with a message.
fn is_answered_or_refused(text: &str) {
    let index = &archive().1;
    let options = Options { text: text.to_owned(), limit: Some(3), ..Options::default() };
    let answered = options.build(TODAY).and_then(|(request, _)| {
        let response = index.search(&request)?;
        assert!(response.hits.len() <= response.total, "{text}");
        let shown = request.whole().to_string();
        let again =
            parse(&shown, TODAY).unwrap_or_else(|error| panic!("{text} is shown as {shown}: {error}"));
        assert_eq!(again.query.to_string(), shown, "{text}");
        for clause in clauses(&request.whole()) {
            assert!(!clause.meaning.is_empty(), "{text}");
            index.forms(clause.query)?;
        }
        Ok(())
    });
    match answered {
        Ok(()) => {}
        Err(Error::Query { column, message, .. }) => {
            assert!((1..=text.chars().count() + 1).contains(&column) && !message.is_empty(), "{text}");
        }
        Err(Error::Usage(message)) => assert!(!message.is_empty(), "{text}"),
        Err(other) => panic!("{text}: {other}"),
    }
}

#[test]
fn every_beginning_and_end_of_a_documented_query_is_answered_or_refused() {
    let documented = documented();
    assert!(documented.len() > 80, "{}", documented.len());
    for text in documented {
        for (at, _) in text.char_indices() {
            is_answered_or_refused(&text[..at]);
            is_answered_or_refused(&text[at..]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_mutation_of_a_documented_query_is_answered_or_refused(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), "[-+!()\"~^:*?/\\\\.,&|<>@a0 é政”（\u{0}]{0,2}", 0_usize..3), 1..4),
    ) {
        let documented = documented();
        let mut text: Vec<char> = which.get(&documented).chars().collect();
        for (at, put, cut) in edits {
            let at = at.index(text.len() + 1);
            let end = (at + cut).min(text.len());
            text.splice(at..end, put.chars());
        }
        is_answered_or_refused(&text.into_iter().collect::<String>());
    }
}
