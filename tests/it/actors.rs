//! Who is in the archive, and putting it right: listed, merged, renamed, retyped, blocked, taken back.

use crate::support::Project;

/// An archive of three articles.
fn archive() -> Project {
    let project = Project::new();
    project.write(
        "news/all.jsonl",
        concat!(
            r#"{"id":"a","published":"2021-06-28","text":"President Joe Biden met German Chancellor Angela Merkel in Berlin. Biden left."}"#,
            "\n",
            r#"{"id":"b","published":"2021-06-29","text":"Angela Merkel spoke to Reuters in Berlin. The Wagner Group said nothing."}"#,
            "\n",
            r#"{"id":"c","published":"2021-07-01","text":"President Biden called the Pentagon in Washington. The United States is ready."}"#,
            "\n",
        ),
    );
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    project
}

fn listed(project: &Project, arguments: &[&str]) -> Vec<(String, String, u64)> {
    let mut all = vec!["actors", "list", "--format", "json", "--limit", "all"];
    all.extend(arguments);
    let rows = project.json(&all);
    let row = |row: &serde_json::Value| {
        let text = |key: &str| row[key].as_str().unwrap_or("").to_owned();
        (text("name"), text("kind"), row["articles"].as_u64().unwrap())
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

fn has(rows: &[(String, String, u64)], name: &str, kind: &str, articles: u64) -> bool {
    rows.contains(&(name.to_owned(), kind.to_owned(), articles))
}

#[test]
fn actors_are_listed_with_counts_kinds_and_company() {
    let project = archive();
    let all = listed(&project, &[]);
    assert!(has(&all, "Joe Biden", "person", 2) && has(&all, "Angela Merkel", "person", 2), "{all:?}");
    assert!(has(&all, "Pentagon", "government", 1), "{all:?}");
    let people = listed(&project, &["--kind", "person"]);
    assert!(people.iter().all(|(_, kind, _)| kind == "person"), "{people:?}");
    let american = listed(&project, &["--country", "United States"]);
    assert!(has(&american, "Joe Biden", "person", 2) && !has(&american, "Angela Merkel", "person", 2));
    let beside = listed(&project, &["--with", "Joe Biden"]);
    assert!(
        has(&beside, "Angela Merkel", "person", 1) && !has(&beside, "Joe Biden", "person", 2),
        "{beside:?}"
    );
    assert!(has(&listed(&project, &["Bid"]), "Joe Biden", "person", 2), "by an alias seen");
    let unknown = project.run(&["actors", "list", "Angela Merkle"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("did you mean Angela Merkel"), "{}", unknown.err);
    let csv = project.run(&["actors", "list", "Merkel", "--format", "csv"]).out;
    assert!(csv.contains("Angela Merkel,person,DE,2,2021-06-28,2021-06-29,"), "{csv}");
}

#[test]
fn retyping_and_blocking_hold_everywhere_and_can_be_taken_back() {
    let project = archive();
    let shown = |id: &str| project.json(&["show", id, "--format", "json"]).to_string();
    let count = |value: &str| {
        let found = project.json(&["query", "--actor", value, "--format", "json", "--limit", "0"]);
        found["total"].as_u64().unwrap()
    };
    assert_eq!((count("person/Angela Merkel"), count("government/Pentagon")), (2, 1));
    let told = project.run(&["actors", "retype", "Pentagon", "military"]);
    assert!(told.code == 0 && told.err.contains("1 article rewritten"), "{}", told.err);
    let told = project.run(&["actors", "block", "Angela Merkel"]);
    assert!(told.code == 0 && told.err.contains("2 articles rewritten"), "{}", told.err);
    assert_eq!(
        (count("person/Angela Merkel"), count("government/Pentagon"), count("military/Pentagon")),
        (0, 0, 1)
    );
    assert!(!shown("a").contains("Angela Merkel\",\"") || !shown("a").contains("\"name\":\"Angela Merkel\""));
    assert!(shown("c").contains("military"));
    let all = listed(&project, &[]);
    assert!(
        has(&all, "Pentagon", "military", 1) && !all.iter().any(|(name, ..)| name == "Angela Merkel"),
        "{all:?}"
    );
    let run = project.run(&["query", "--actor", "Angela Merkl"]);
    assert!(!run.err.contains("Angela Merkel"), "nobody is told of who is blocked: {}", run.err);
    // They survive what reads the sources again.
    project.write(
        "news/more.jsonl",
        r#"{"id":"d","published":"2021-07-02","text":"Angela Merkel called the Pentagon."}"#,
    );
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!((count("person/Angela Merkel"), count("military/Pentagon")), (0, 2));
    // A row taken back is undone from what is stored.
    std::fs::remove_file(project.path(".dateline/corrections.toml")).unwrap();
    let told = project.run(&["actors", "apply"]);
    assert!(told.code == 0 && told.err.contains("articles rewritten"), "{}", told.err);
    assert_eq!((count("person/Angela Merkel"), count("government/Pentagon")), (3, 2));
}

#[test]
fn merging_and_renaming_hold_in_exports_and_broken_files_are_told_where() {
    let project = archive();
    assert_eq!(project.run(&["actors", "merge", "Joe Biden", "Angela Merkel"]).code, 0);
    assert_eq!(project.run(&["actors", "rename", "Angela Merkel", "A. Merkel"]).code, 0);
    let all = listed(&project, &[]);
    assert!(has(&all, "A. Merkel", "person", 3), "{all:?}");
    // An actor of another kind that counts as one which has a new name is no second of that name.
    assert_eq!(project.run(&["actors", "merge", "Pentagon", "Angela Merkel"]).code, 0);
    let all = listed(&project, &[]);
    assert_eq!(all.iter().filter(|(name, ..)| name == "A. Merkel").count(), 1, "{all:?}");
    let lines = project.run(&["query", "--format", "jsonl", "--fields", "id,actor"]).out;
    assert!(lines.contains("A. Merkel") && !lines.contains("Joe Biden"), "{lines}");
    project.write(".dateline/corrections.toml", "[merge]\n\"Joe Biden\" = 3\n");
    let run = project.run(&["actors", "list"]);
    assert!(run.code != 0 && run.err.contains("line 2, column 1"), "{}", run.err);
}

/// Counts of values, by value.
type Counts = std::collections::BTreeMap<String, u64>;

fn rows(project: &Project, arguments: &[&str]) -> Vec<serde_json::Value> {
    project.json(arguments).as_array().unwrap().clone()
}

/// What the facet of actors counts.
fn facet_counts(project: &Project, more: &[&str]) -> Counts {
    let mut all = vec!["query", "--limit", "0", "--facet", "actor=all", "--format", "json"];
    all.extend(more);
    let answer = project.json(&all);
    let values = answer["facets"]["actor"].as_array().unwrap().iter();
    values.map(|row| (row["value"].as_str().unwrap().to_owned(), row["count"].as_u64().unwrap())).collect()
}

#[test]
fn networks_and_cross_tables_count_actors_as_facets_do() {
    let project = archive();
    let wire = "President Joe Biden met German Chancellor Angela Merkel of Germany in Berlin on Monday to talk about trade, the \
        climate and the war, and both said that they would meet again in the autumn before the summit of the group.";
    let lines: Vec<String> =
        [("w1", ""), ("w2", " Vladimir Putin was silent."), ("w3", " The Pentagon was silent.")]
            .iter()
            .map(|(id, end)| {
                serde_json::json!({"id": id, "published": "2021-08-01", "text": format!("{wire}{end}")})
                    .to_string()
            })
            .collect();
    project.write("news/wire.jsonl", lines.join("\n"));
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    for correction in [
        ["merge", "Vladimir Putin", "Angela Merkel"],
        ["rename", "Joe Biden", "Joseph Biden"],
        ["retype", "Pentagon", "military"],
    ] {
        let run = project.run(&[&["actors"][..], &correction].concat());
        assert_eq!(run.code, 0, "{correction:?}: {}", run.err);
    }
    assert_eq!(project.run(&["actors", "block", "Wagner Group"]).code, 0);
    for unit in [&["--no-collapse"][..], &[]] {
        let facet = facet_counts(&project, unit);
        assert!(
            facet.contains_key("military/Pentagon") && facet.contains_key("person/Joseph Biden"),
            "{facet:?}"
        );
        assert!(!facet.keys().any(|actor| actor.contains("Wagner") || actor.contains("Putin")), "{facet:?}");
        let joins = rows(&project, &[&["graph", "--format", "json"][..], unit].concat());
        assert!(joins.len() > 2);
        for join in &joins {
            let (one, other) = (join["one"].as_str().unwrap(), join["other"].as_str().unwrap());
            assert_eq!(join["articles_one"].as_u64(), facet.get(one).copied(), "{one} {unit:?}");
            assert_eq!(join["articles_other"].as_u64(), facet.get(other).copied(), "{other} {unit:?}");
            let filters = [format!("actor:\"{one}\""), format!("actor:\"{other}\"")].join(" ");
            let both =
                project.json(&[&["query", &filters, "--limit", "0", "--format", "json"][..], unit].concat());
            assert_eq!(join["together"], both["total"], "{one} and {other} {unit:?}");
        }
        let crossed = rows(&project, &[&["query", "--by", "actor", "--format", "json"][..], unit].concat());
        let counted = if unit.is_empty() { "stories" } else { "articles" };
        let crossed: Counts = crossed
            .iter()
            .map(|row| (row["actor"].as_str().unwrap().to_owned(), row[counted].as_u64().unwrap()))
            .collect();
        assert_eq!(crossed, facet, "{unit:?}");
    }
}
