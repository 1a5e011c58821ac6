//! Copies on the command line: collapsed lists, counts in stories, what was changed, what is similar.

use std::fmt::Write as _;

use crate::support::Project;

const REPORT: &str = "Three drones loaded with explosives hit an area close to Erbil in northern Iraq late on Saturday, \
    security officials of the regional government said, in the latest of a run of attacks on places where foreign troops \
    are stationed. Nobody was hurt and no group said that it had sent them. The consulate nearby was not damaged, a \
    diplomat said.";

/// A report, two reprints of it, a summary and something else.
fn archive() -> Project {
    let project = Project::new();
    let cut = REPORT.replace(" The consulate nearby was not damaged, a diplomat said.", "");
    let changed = REPORT.replace("Three drones", "Four drones");
    let articles = [
        ("late", "Drones near Erbil", "2021-06-28", "Gazette", cut.as_str()),
        ("first", "Drones fall near Erbil", "2021-06-27", "Wire", REPORT),
        ("again", "Four drones near Erbil", "2021-06-29", "Herald", changed.as_str()),
        ("summary", "Drones", "2021-06-29", "Wire", "Three drones fell near Erbil in Iraq. Nobody was hurt."),
        ("other", "Rates", "2021-06-29", "Wire", "The central bank left its rates as they were, it said."),
    ];
    let mut lines = String::new();
    for (id, title, published, source, text) in articles {
        let article = serde_json::json!({"id": id, "title": title, "published": published, "source": source, "text": text});
        writeln!(lines, "{article}").unwrap();
    }
    project.write("news/all.jsonl", lines);
    let run = project.run(&["ingest", "news"]);
    assert_eq!(run.code, 0, "{}", run.err);
    project
}

fn ids(project: &Project, arguments: &[&str]) -> String {
    let mut all = vec!["query", "--limit", "all", "--sort", "date", "-f", "csv", "--fields", "id,copies"];
    all.extend(arguments);
    let run = project.run(&all);
    assert!(run.code <= 1, "{}", run.err);
    run.out.lines().skip(1).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_story_is_listed_once_by_its_earliest_matching_copy() {
    let project = archive();
    assert_eq!(ids(&project, &["erbil"]), "first,2 summary,0");
    assert_eq!(ids(&project, &["erbil", "--no-collapse"]), "first,0 late,0 again,0 summary,0");
    assert_eq!(ids(&project, &["erbil", "--from", "2021-06-28"]), "late,1 summary,0");
    assert!(project.run(&["query", "erbil"]).out.contains("+2 copies"));
    let run = project.run(&[
        "query",
        "--no-collapse",
        "--sort",
        "date",
        "--limit",
        "all",
        "-f",
        "csv",
        "--fields",
        "id,story",
    ]);
    assert_eq!(run.out, "id,story\nfirst,first\nlate,first\nagain,first\nother,other\nsummary,summary\n");
}

#[test]
fn counts_say_what_they_count() {
    let project = archive();
    for (options, unit, total, wire) in [
        (&[][..], "stories", 2, 2),
        (&["--no-collapse"], "articles", 4, 2),
        (&["--count", "articles"], "articles", 4, 2),
        (&["--no-collapse", "--count", "stories"], "stories", 2, 2),
    ] {
        let mut arguments = vec!["query", "erbil", "--facet", "source=all", "-f", "json"];
        arguments.extend(options);
        let answer = project.json(&arguments);
        assert_eq!(
            (answer["unit"].as_str(), answer["total"].as_u64()),
            (Some(unit), Some(total)),
            "{options:?}"
        );
        let sources = answer["facets"]["source"].as_array().unwrap();
        let count =
            |name: &str| sources.iter().find(|value| value["value"] == name).unwrap()["count"].as_u64();
        assert_eq!((count("Wire"), count("Herald")), (Some(wire), Some(1)), "{options:?}");
    }
    let run = project.run(&["query", "erbil", "--by", "month", "-f", "csv"]);
    assert_eq!(run.out.lines().nth(1), Some("2021-06,4,2,5,800"), "{}", run.out);
}

#[test]
fn copies_are_shown_with_what_was_changed() {
    let project = archive();
    let run = project.run(&["show", "first", "--copies", "-f", "json"]);
    let copies: Vec<serde_json::Value> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(copies.iter().map(|copy| &copy["id"]).collect::<Vec<_>>(), ["late", "again"]);
    assert_eq!(copies[0]["changes"][0]["old"], "The consulate nearby was not damaged, a diplomat said");
    assert_eq!(copies[1]["changes"], serde_json::json!([{"old": "Three", "new": "Four"}]));
    let run = project.run(&["show", "first", "--copies"]);
    assert!(run.out.contains("Three → Four"), "{}", run.out);
    assert_eq!(project.run(&["show", "other", "--copies"]).code, 1);
}

#[test]
fn similar_articles_are_neither_itself_nor_its_copies() {
    let project = archive();
    let run = project.run(&["similar", "first", "-f", "csv", "--fields", "id"]);
    let ids: Vec<&str> = run.out.lines().skip(1).collect();
    assert_eq!((run.code, ids.first()), (0, Some(&"summary")), "{}", run.err);
    assert!(!ids.iter().any(|id| ["first", "late", "again"].contains(id)), "{ids:?}");
    assert_eq!(project.run(&["similar", "nobody"]).code, 1);
}

#[test]
fn stories_are_the_same_in_one_run_or_in_many() {
    let whole = archive();
    let parts = Project::new();
    let text = std::fs::read_to_string(whole.path("news/all.jsonl")).unwrap();
    for (number, line) in text.lines().rev().enumerate() {
        parts.write(&format!("news/{number}.json"), line);
        assert_eq!(parts.run(&["ingest", "news"]).code, 0);
    }
    assert_eq!(ids(&parts, &["erbil"]), "first,2 summary,0");
    parts.remove("news/3.json");
    assert_eq!(parts.run(&["ingest", "news"]).code, 0);
    assert_eq!(ids(&parts, &["erbil"]), "late,1 summary,0", "the first is gone");
}

#[test]
fn a_list_is_verified_against_the_index() {
    let project = archive();
    let listed = ["query", "erbil", "--limit", "all", "-o", "list.csv", "--manifest"];
    assert_eq!(project.run(&listed).code, 0);
    let run = project.run(&["verify", "list.csv"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    project.write("news/more.json", r#"{"id": "more", "text": "More of Erbil.", "published": "2021-07-01"}"#);
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let run = project.run(&["verify", "list.csv"]);
    assert!(run.code == 1 && run.out.contains("3 stories match where 2 did"), "{}{}", run.out, run.err);
    assert!(run.out.contains("added    more") && !run.out.contains("removed "), "{}", run.out);
    assert!(!run.out.contains("changed  more"), "{}", run.out);
    assert_eq!(project.run(&listed).code, 0);
    project.write(
        "news/more.json",
        r#"{"id": "more", "text": "Much more of Erbil.", "published": "2021-07-01"}"#,
    );
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let run = project.run(&["verify", "list.csv"]);
    assert!(run.code == 1 && run.out.contains("changed  more"), "{}", run.out);
    project.remove("news/more.json");
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let run = project.run(&["verify", "list.csv"]);
    assert!(run.code == 1 && run.out.contains("removed  more"), "{}", run.out);
    project.write("list.csv", "id\n");
    assert!(project.run(&["verify", "list.csv"]).out.contains("the list was edited"));
    assert!(project.run(&["verify", "news/all.jsonl"]).err.contains("--manifest"));
}

#[test]
fn a_watch_list_gives_a_matrix_and_a_reading_list() {
    let project = archive();
    project.write("names.txt", "Erbil\ncentral bank\nNobody Atall\n\n");
    let run = project.run(&["query", "--names", "names.txt", "--matrix", "m.csv", "--reading-list", "r.csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let rows: Vec<&str> = run.out.lines().collect();
    assert_eq!(rows[0], "name,count,ids,error,error_column,warnings");
    assert!(
        rows[1].starts_with("Erbil,2,")
            && rows[2] == "central bank,1,other,,,"
            && rows[3] == "Nobody Atall,0,,,,"
    );
    let matrix = std::fs::read_to_string(project.path("m.csv")).unwrap();
    assert_eq!(matrix, "id,Erbil,central bank,Nobody Atall\nfirst,1,,\nother,,1,\nsummary,1,,\n");
    let list = std::fs::read_to_string(project.path("r.csv")).unwrap();
    assert_eq!(list.lines().count(), 4, "{list}");
}

#[test]
fn a_batch_that_was_stopped_goes_on() {
    let project = archive();
    project.write("batch.csv", "query\nerbil\n\"(rates\"\nrates\n");
    let arguments = ["query", "--batch", "batch.csv", "-o", "answers.csv"];
    assert_eq!(project.run(&arguments).code, 0);
    let whole = std::fs::read_to_string(project.path("answers.csv")).unwrap();
    assert!(!project.path("answers.csv.partial").exists());
    // A folder in the way of the result stops the run at its very end.
    std::fs::remove_file(project.path("answers.csv")).unwrap();
    std::fs::create_dir(project.path("answers.csv")).unwrap();
    assert_eq!(project.run(&arguments).code, 2);
    let partial = std::fs::read_to_string(project.path("answers.csv.partial")).unwrap();
    assert_eq!(partial.lines().count(), 4);
    project.write("answers.csv.partial", &partial[..partial.len() - 5]);
    std::fs::remove_dir(project.path("answers.csv")).unwrap();
    let run = project.run(&arguments);
    assert!(run.err.contains("2 answers were there already"), "{}", run.err);
    assert_eq!(std::fs::read_to_string(project.path("answers.csv")).unwrap(), whole);
}
