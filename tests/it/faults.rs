//! What goes wrong outside dateline: files that are broken, unreadable or not what they say.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::hostile;
use crate::support::Project;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_thousand_hostile_files_give_their_good_articles_and_reasons_for_the_rest() {
    let project = Project::new();
    let expected = hostile::lay(&project.path("news"), 1000);
    assert!(expected.words.len() > 1000, "{} good articles", expected.words.len());

    let run = project.run(&["ingest", "news"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(!run.err.contains("panicked"), "{}", run.err);
    let [found, indexed, _, skipped, failed] = project.totals();
    assert!(found >= expected.files as u64, "{found} records of {} files", expected.files);
    assert!(indexed >= expected.words.len() as u64);
    assert!(skipped > 0 && failed > 0);

    let titles = project.run(&["query", "--limit", "all", "--no-collapse", "--format", "jsonl"]);
    let titles = lines(&titles.out);
    let words: BTreeSet<&str> =
        titles.iter().filter_map(|hit| hit["title"].as_str()).flat_map(str::split_whitespace).collect();
    let lost: Vec<&String> = expected.words.iter().filter(|word| !words.contains(word.as_str())).collect();
    assert!(lost.is_empty(), "{} of {} good articles lost: {lost:?}", lost.len(), expected.words.len());

    let rows = lines(&project.run(&["status", "--failed", "--format", "jsonl"]).out);
    assert_eq!(rows.len() as u64, failed);
    for row in &rows {
        let reason = row["reason"].as_str().unwrap();
        assert!(!reason.is_empty() && row["stage"].as_str().is_some_and(|stage| !stage.is_empty()), "{row}");
        assert!(!reason.starts_with("the reader stopped"), "a reader panicked: {row}");
    }
    if cfg!(unix) {
        let walked = rows.iter().filter(|row| row["stage"] == "walk").count();
        assert_eq!(walked, 3, "a circle, a link to itself and a link to nowhere: {rows:?}");
    }

    let again = project.run(&["ingest", "news"]);
    assert!(!again.err.contains("panicked"), "{}", again.err);
    assert_eq!(project.totals()[..2], [found, indexed], "a second run changes nothing");
}
