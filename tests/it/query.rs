//! Questions and answers on the command line: what is found, listed, saved, refused, and with which exit code.

use std::fmt::Write as _;

use crate::support::{Project, Run, repository};

fn query(project: &Project, arguments: &[&str]) -> Run {
    let mut all = vec!["query"];
    all.extend(arguments);
    project.run(&all)
}

/// Four short articles in one file.
fn archive() -> Project {
    let project = Project::new();
    let articles = [
        (
            "a1",
            "Biden orders strikes in Iraq",
            "2021-06-28",
            "Reuters",
            "Joe Biden ordered strikes in Iraq on June 27, 2021. Troops stayed in Baghdad.",
        ),
        (
            "a2",
            "=Flood in Germany",
            "2021-07-15",
            "AFP",
            "Rivers rose in Germany. Angela Merkel visited the flooded towns, \"shocked\".",
        ),
        (
            "a3",
            "Election in France",
            "2022-04-24",
            "AFP",
            "Emmanuel Macron won the election in France on April 24, 2022.",
        ),
        (
            "a4",
            "Iraq votes",
            "2021-10-10",
            "Reuters",
            "Voters went to the polls in Iraq. Few voted in Baghdad, observers said.",
        ),
    ];
    let mut lines = String::new();
    for (id, title, published, source, text) in articles {
        let article = serde_json::json!({"id": id, "title": title, "text": text, "published": published, "source": source});
        writeln!(lines, "{article}").unwrap();
    }
    project.write("news/all.jsonl", lines);
    let run = project.run(&["ingest", "news"]);
    assert_eq!(run.code, 0, "{}", run.err);
    project
}

/// Identifiers of what a query finds, sorted.
fn found(project: &Project, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["--limit", "all", "--format", "csv", "--fields", "id"];
    all.extend(arguments);
    let run = query(project, &all);
    assert!(run.code <= 1, "{arguments:?}: {}", run.err);
    let mut ids: Vec<String> = run.out.lines().skip(1).map(str::to_owned).collect();
    ids.sort();
    ids
}

#[test]
fn questions_have_answers() {
    let project = archive();
    for (arguments, expected) in [
        (&["strikes"][..], "a1"),
        (&["iraq baghdad"], "a1 a4"),
        (&["iraq -strikes"], "a4"),
        (&["flood OR election"], "a2 a3"),
        (&["\"won the election\""], "a3"),
        (&["elect*"], "a3"),
        (&["electin~1"], "a3"),
        (&["published:2021-07..2021-10"], "a2 a4"),
        (&["--source", "AFP", "--source", "Reuters", "--published", "2022"], "a3"),
        (&["--from", "2021-10"], "a3 a4"),
        (&["title:iraq"], "a1 a4"),
        (&["source:AFP -language:fr"], "a2 a3"),
        (&["nothingofthekind"], ""),
        (&["iraq", "-strikes"], "a4"),
        (&["-source:Reuters"], "a2 a3"),
        (&["-iraq", "-officials"], "a2 a3"),
        (&["iraq,baghdad"], "a1 a4"),
    ] {
        assert_eq!(found(&project, arguments).join(" "), expected, "{arguments:?}");
    }
}

#[test]
fn exit_codes_tell_what_happened() {
    let project = archive();
    let code = |arguments: &[&str]| query(&project, arguments).code;
    assert_eq!(code(&["iraq"]), 0);
    assert_eq!(code(&["iraq", "--format", "json"]), 0);
    assert_eq!(code(&["zebra"]), 1);
    assert_eq!(code(&["zebra", "--format", "csv"]), 1);
    assert_eq!(code(&["\"iraq"]), 2);
    assert_eq!(code(&["iraq", "--format", "docx"]), 2);
    assert_eq!(code(&["iraq", "--facet", "nonsense"]), 2);
    assert_eq!(code(&["@unknown"]), 2);
    assert_eq!(Project::new().run(&["query", "iraq"]).code, 4);
}

#[test]
fn a_wrong_query_says_where_and_what_instead() {
    let project = archive();
    let run = project.run(&["query", "iraq actr:Biden"]);
    assert!(run.err.contains("unknown field `actr` at column 6"), "{}", run.err);
    assert!(run.err.contains("did you mean actor:"), "{}", run.err);
    let run = project.run(&["query", "iraq and source:Reutres"]);
    assert!(run.err.contains("`and` is searched for as a word"), "{}", run.err);
    assert!(run.err.contains("no article has the source Reutres; did you mean Reuters?"), "{}", run.err);
}

#[test]
fn counts_are_what_a_click_finds() {
    let project = archive();
    let mut arguments = vec!["query", "--limit", "0", "--format", "json"];
    for facet in ["source=all", "published=all", "place=all", "actor=all"] {
        arguments.extend(["--facet", facet]);
    }
    let answer = project.json(&arguments);
    let mut clicked = 0;
    for (name, values) in answer["facets"].as_object().unwrap() {
        for value in values.as_array().unwrap() {
            let click = format!("{name}={}", value["value"].as_str().unwrap());
            let hits = found(&project, &["--filter", &click]).len() as u64;
            assert_eq!(hits, value["count"].as_u64().unwrap(), "{click}");
            clicked += 1;
        }
    }
    assert!(clicked >= 4, "{answer}");
}

#[test]
fn what_is_unusual_is_told_in_json_too() {
    let project = archive();
    let answer =
        project.json(&["query", "baghdad", "--unusual", "--facet", "source", "--limit", "0", "-f", "json"]);
    let reuters = &answer["facets"]["source"][0];
    assert_eq!(
        (reuters["value"].as_str(), reuters["archive"].as_u64()),
        (Some("Reuters"), Some(2)),
        "{answer}"
    );
    assert!(reuters["times"].as_f64() == Some(2.0) && reuters["score"].as_f64() > Some(0.0), "{answer}");
}

#[test]
fn a_list_appears_whole_or_not_at_all() {
    let project = archive();
    let run = project.run(&["query", "-o", "list.csv", "--limit", "all", "--manifest"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    let list = std::fs::read_to_string(project.path("list.csv")).unwrap();
    assert_eq!(list.lines().count(), 5);
    assert!(list.contains("a2,'=Flood in Germany,"), "a formula is defused: {list}");
    let manifest = std::fs::read(project.path("list.csv.manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!((manifest["listed"].as_u64(), manifest["total"].as_u64()), (Some(4), Some(4)));
    assert_eq!(manifest["blake3"], blake3::hash(list.as_bytes()).to_hex().to_string());

    let run = project.run(&["query", "-o", "missing/list.csv"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("missing/list.csv"), "{}", run.err);
    assert_eq!(project.run(&["query", "-o", "map.geojson"]).code, 0);
    let map = std::fs::read_to_string(project.path("map.geojson")).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&map).unwrap()["features"].is_array());
    let run = project.run(&["query", "--limit", "0", "--facet", "source", "--format", "ris"]);
    assert!(run.code == 2 && run.err.contains("csv"), "{}", run.err);
}

#[test]
fn a_saved_query_tells_what_is_new() {
    let project = archive();
    assert_eq!(project.run(&["query", "iraq", "--save", "iraq"]).code, 0);
    assert_eq!(found(&project, &["@iraq"]).join(" "), "a1 a4");
    assert_eq!(found(&project, &["@iraq", "-strikes"]).join(" "), "a4");
    assert_eq!(project.run(&["query", "@iraq -strikes", "--since", "last"]).code, 2);
    let since = |project: &Project| {
        project.run(&["query", "@iraq", "--since", "last", "--format", "csv", "--fields", "id"])
    };
    let run = since(&project);
    assert_eq!((run.code, run.out.as_str()), (1, "id\n"), "{}", run.err);
    project.write(
        "news/new.json",
        r#"{"id": "a5", "title": "Talks on Iraq", "text": "More talks about Iraq."}"#,
    );
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let run = since(&project);
    assert_eq!((run.code, run.out.as_str()), (0, "id\na5\n"), "{}", run.err);
    assert_eq!(since(&project).code, 1);
    assert!(project.run(&["query", "@irak"]).err.contains("there are iraq"));
}

#[test]
fn a_batch_survives_its_broken_rows() {
    let project = archive();
    let mut batch = "name,query\n".to_owned();
    for number in 0..100 {
        let query = if number % 20 == 7 { "\"\"\"iraq\"" } else { "iraq OR flood" };
        writeln!(batch, "row {number},{query}").unwrap();
    }
    project.write("batch.csv", batch);
    let run = project.run(&["query", "--batch", "batch.csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let rows: Vec<&str> = run.out.lines().collect();
    assert_eq!(rows[0], "name,query,count,ids,error,error_column,warnings");
    assert_eq!(rows.len(), 101);
    assert!(rows[1].starts_with("row 0,iraq OR flood,3,"), "{}", rows[1]);
    assert_eq!(rows.iter().filter(|row| row.contains("unbalanced quote")).count(), 5);
    project.write("one.csv", "query\nsource:Reutres\n\"\"\"won the\nelection\"\"\"\n");
    let run = project.run(&["query", "--batch", "one.csv"]);
    assert!(
        run.out.contains("source:Reutres,0,,,,no article has the source Reutres; did you mean Reuters?"),
        "{}",
        run.out
    );
    assert!(run.out.contains("the query goes on in the next line"), "{}", run.out);
    assert!(rows[8].contains("\"close it with") || rows[8].contains("unbalanced quote"), "{}", rows[8]);
}

#[test]
fn explain_counts_every_clause() {
    let project = archive();
    let rows = project.json(&["query", "iraq zebra", "--explain", "--format", "json"]);
    let told: Vec<(String, u64)> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["clause"].as_str().unwrap().to_owned(), row["articles"].as_u64().unwrap()))
        .collect();
    let expected = [("iraq zebra", 0), ("iraq", 2), ("zebra", 0)];
    assert_eq!(told, expected.map(|(clause, count)| (clause.to_owned(), count)));
}

#[test]
fn counts_and_contexts_are_tables() {
    let project = archive();
    let run = project.run(&["query", "--by", "month", "--format", "csv"]);
    assert_eq!(run.out.lines().nth(1), Some("2021-06,1,1,1,1000"), "{}", run.err);
    let run = project.run(&["query", "--by", "source,year", "--format", "csv"]);
    assert_eq!(
        run.out, "source,year,articles,stories\nAFP,2021,1,1\nAFP,2022,1,1\nReuters,2021,2,2\n",
        "{}",
        run.err
    );
    let run = project.run(&["query", "strikes", "--context", "2", "--format", "csv"]);
    assert_eq!(run.out.lines().nth(1), Some("a1,2021-06-28,18,Biden ordered,strikes,in Iraq"), "{}", run.err);
}

#[test]
fn a_timeline_holds_what_has_no_date() {
    let project = archive();
    project.write(
        "news/undated.jsonl",
        "{\"id\": \"b1\", \"text\": \"Nobody knows when this was.\"}\n\
         {\"id\": \"b2\", \"text\": \"Only the year is known.\", \"published\": \"2019\"}\n",
    );
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let run = project.run(&["query", "--by", "year", "-f", "csv"]);
    assert!(run.out.contains("\nmissing,1,1,1,1000\n"), "{}", run.out);
    assert!(!run.err.contains("in no row"), "{}", run.err);
    let run = project.run(&["query", "--by", "month", "-f", "csv"]);
    assert!(run.out.contains("\nmissing,1,1,1,1000\n"), "{}", run.out);
    assert!(run.err.contains("1 of 6 articles have no month and are in no row"), "{}", run.err);
    let run = project.run(&["query", "--by", "source,year"]);
    assert!(run.out.starts_with("stories    all    2019    2021    2022 missing\n"), "{}", run.out);
    assert!(run.out.contains("\nReuters      2       ·       2       ·       ·\n"), "{}", run.out);
}

#[test]
fn context_is_shown_as_it_was_printed() {
    let project = archive();
    let run = project.run(&["query", "baghdad", "--context", "3", "--sort", "date"]);
    assert!(run.out.starts_with("Biden orders strikes in Iraq 2021-06-28 · a1\n"), "{}", run.out);
    assert!(run.out.contains("Troops stayed in Baghdad.\n"), "{}", run.out);
}

#[test]
fn an_article_is_shown_with_its_mentions() {
    let project = archive();
    let article = project.json(&["show", "a1", "--format", "json"]);
    assert_eq!(article["title"], "Biden orders strikes in Iraq");
    assert_eq!(article["published"]["date"], "2021-06-28");
    assert!(article["mentions"].is_array());
    assert!(project.run(&["show", "a1"]).out.contains("Joe Biden"));
    assert_eq!(project.run(&["show", "zzz"]).code, 1);
}

/// Every query of docs/QUERY.md, asked of an index.
#[test]
fn every_documented_query_is_answered() {
    let document = std::fs::read_to_string(repository().join("docs/QUERY.md")).unwrap();
    let (examples, _) = document.split_once("\n## What is refused").unwrap();
    let mut batch = "query\n".to_owned();
    let mut asked = 0;
    for line in examples.lines().filter(|line| line.starts_with("| `")) {
        let line = line.replace("\\|", "\u{0}");
        let query = line.split('|').nth(1).unwrap().trim().trim_matches('`').replace('\u{0}', "|");
        writeln!(batch, "\"{}\"", query.replace('"', "\"\"")).unwrap();
        asked += 1;
    }
    assert!(asked > 70, "{asked}");
    let project = archive();
    project.write("batch.csv", batch);
    let run = project.run(&["query", "--batch", "batch.csv", "--format", "jsonl"]);
    let mut answered = 0;
    for line in run.out.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(row["count"].is_u64(), "{line}");
        answered += 1;
    }
    assert_eq!(answered, asked, "{}", run.err);
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let project = archive();
    let mut child = project
        .command(&["query", "--limit", "all", "--format", "jsonl"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
