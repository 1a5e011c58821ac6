//! Places end to end: the catalogue, its tree, searching by place, explanations, publishers' homes.

use std::fmt::Write as _;

use crate::support::Project;

/// Articles that name places at every depth of the tree, and one that names none.
fn atlas() -> Project {
    let project = Project::new();
    let articles = [
        ("a1", "Drones were shot down over al-Qaim on Monday. Officials in Baghdad said so."),
        ("a2", "Iranian leaders met in Tehran. Iraq sent nobody."),
        ("a3", "The mayor of Paris spoke in Lyon. France watched."),
        ("a4", "A fair opened in Paris, Texas, on Monday. Visitors came from Dallas and Houston."),
        ("a5", "Peace in the Middle East is far, leaders said in Fiji and in Samoa."),
        ("a6", "The Danube rose in Vienna and Budapest. Ships waited in the Black Sea."),
        ("a7", "Nobody knows anything. It rained."),
        ("a8", "Ships left Leningrad for East Germany in 1950, said Soviet Union records."),
        ("a9", "The Springfield City Council met. Springfield, Illinois, is quiet."),
    ];
    let mut lines = String::new();
    for (id, text) in articles {
        writeln!(lines, "{}", serde_json::json!({"id": id, "text": text})).unwrap();
    }
    project.write("news/all.jsonl", lines);
    let run = project.run(&["ingest", "news"]);
    assert_eq!(run.code, 0, "{}", run.err);
    project
}

fn total(project: &Project, query: &str) -> u64 {
    project.json(&["query", query, "--limit", "0", "--format", "json"])["total"].as_u64().unwrap()
}

fn ids(project: &Project, query: &str) -> String {
    let run = project.run(&["query", query, "--limit", "all", "--format", "csv", "--fields", "id"]);
    assert!(run.code <= 1, "{query}: {}", run.err);
    let mut ids: Vec<&str> = run.out.lines().skip(1).collect();
    ids.sort_unstable();
    ids.join(" ")
}

#[test]
fn every_node_of_the_tree_counts_what_it_finds() {
    let project = atlas();
    for field in ["place", "focus"] {
        let table = project.json(&["query", "--by", field, "--format", "json"]);
        let rows = table.as_array().unwrap();
        assert!(rows.len() > 5, "{field}: {table}");
    }
    let listed = project.json(&["places", "list", "--format", "json"]);
    let rows = listed.as_array().unwrap();
    assert!(rows.len() > 30, "{}", rows.len());
    let mut batch = "query\n".to_owned();
    for row in rows {
        writeln!(batch, "\"place:\"\"{}\"\"\"", row["place"].as_str().unwrap()).unwrap();
    }
    project.write("batch.csv", batch);
    let run = project.run(&["query", "--batch", "batch.csv", "--format", "jsonl"]);
    let counts: Vec<u64> = run
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["count"].as_u64().unwrap())
        .collect();
    assert_eq!(counts.len(), rows.len(), "{}", run.err);
    for (row, count) in rows.iter().zip(counts) {
        assert_eq!(row["articles"].as_u64(), Some(count), "{row}");
    }
}

#[test]
fn the_catalogue_lists_places_with_counts_and_coordinates() {
    let project = atlas();
    let rows = project.json(&["places", "list", "Al Q", "--under", "Iraq", "--format", "json"]);
    let row = &rows[0];
    assert_eq!(row["place"], "Asia/Iraq/Anbar/Al Qaim", "{rows}");
    assert_eq!(row["articles"], 1);
    assert!((row["lat"].as_f64().unwrap() - 34.39).abs() < 0.05, "{row}");
    assert!((row["lon"].as_f64().unwrap() - 40.99).abs() < 0.05, "{row}");
    let run = project.run(&["places", "list", "--under", "Texas", "--format", "csv"]);
    assert!(run.out.contains("Texas/Dallas") && !run.out.contains("France"), "{}", run.out);
    let run = project.run(&["places", "list", "--under", "Middle East", "--limit", "2"]);
    assert_eq!(run.out.lines().count(), 2, "{}", run.out);
    assert_eq!(project.run(&["places", "list", "Zzz"]).code, 1);
    let run = project.run(&["places", "list", "--under", "Qwxyzabad"]);
    assert!(run.code == 2 && run.err.contains("no place is called `Qwxyzabad`"), "{}", run.err);
    assert_eq!(Project::new().run(&["places", "list"]).code, 4);
}

#[test]
fn places_are_found_by_any_name_path_id_and_distance() {
    let project = atlas();
    for (query, expected) in [
        ("place:Iraq", "a1 a2"),
        ("place:\"Al Anbar\"", "a1"),
        ("place:العراق", "a1 a2"),
        ("place:Irak", "a1 a2"),
        ("place:geo/98182", "a1"),
        ("place:Asia/Iraq/Anbar", "a1"),
        ("place:\"Paris, Texas\"", "a4"),
        ("place:Europe/France", "a3"),
        ("place:USA", "a4 a9"),
        ("place:Leningrad", "a8"),
        ("near:\"Al Qaim\"~100km", "a1"),
        ("near:34.39,40.99~10km", "a1"),
        ("bbox:170,-25,-170,-10", "a5"),
        ("bbox:-170,-25,170,-10", ""),
        ("focus:France", "a3"),
        ("place:Danube", "a6"),
    ] {
        assert_eq!(ids(&project, query), expected, "{query}");
    }
    assert_eq!(total(&project, "place:\"Middle East\""), 3);
}

#[test]
fn what_cannot_be_a_place_is_told() {
    let project = atlas();
    for (query, code, message) in [
        ("near:95,40~50km", 2, "latitude"),
        ("near:34,400~50km", 2, "longitude"),
        ("near:34,40~-5km", 2, "near"),
        ("near:Qwxyzabad~5km", 2, "no place is called `Qwxyzabad`"),
        ("bbox:38,49,49,29", 2, "bbox"),
        ("place:Baghdda", 1, "Baghdad"),
        ("place:Springfield", 0, "several places are called Springfield"),
    ] {
        let run = project.run(&["query", query]);
        assert_eq!(run.code, code, "{query}: {} {}", run.out, run.err);
        assert!(run.err.contains(message), "{query}: {}", run.err);
    }
}

#[test]
fn a_place_can_be_pinned_or_blocked_afterwards() {
    let project = atlas();
    assert_eq!(ids(&project, "place:\"Paris, Texas\""), "a4");
    // The other one was right already, but less sure than a pinned one is.
    let run = project.run(&["places", "pin", "Paris", "Paris, Texas"]);
    assert!(run.code == 0 && run.err.contains("2 articles "), "{}", run.err);
    assert_eq!(ids(&project, "place:\"Paris, Texas\""), "a3 a4");
    let run = project.run(&["places", "block", "Danube"]);
    assert!(run.code == 0 && run.err.contains("1 article"), "{}", run.err);
    assert_eq!(ids(&project, "place:Danube"), "");
    assert_eq!(ids(&project, "place:Vienna"), "a6");
    // What is read later is set right too, and nothing is read again.
    project.write("news/later.json", r#"{"id": "a10", "text": "The Danube froze. It rained in Paris."}"#);
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!(ids(&project, "place:\"Paris, Texas\""), "a10 a3 a4");
    assert_eq!(ids(&project, "place:Danube"), "");
    assert_eq!(project.run(&["places", "pin", "Paris", "Qwxyzabad"]).code, 2);
}

#[test]
fn an_explanation_names_candidates_and_evidence() {
    let project = atlas();
    let told = project.json(&["explain", "a4", "--place", "Paris", "--json"]);
    assert_eq!(told["verdict"], "North America/United States/Texas/Paris");
    assert!(told["candidates"].as_array().unwrap().len() > 2, "{told}");
    let why: Vec<&str> = told["candidates"][0]["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|evidence| evidence["why"].as_str().unwrap())
        .collect();
    assert!(why.contains(&"what it lies in is named after it"), "{why:?}");
    let run = project.run(&["explain", "a4", "--place", "Paris"]);
    assert!(run.out.contains("Texas/Paris") && run.out.contains("together"), "{}", run.out);
    assert_eq!(project.run(&["explain", "a4", "--place", "Oslo"]).code, 1);
    assert_eq!(project.run(&["explain", "zzz", "--place", "Oslo"]).code, 1);
}

/// Articles of a paper in Ontario: `many` that say so, and before and after them one that names only its town.
fn local_paper(many: usize) -> Project {
    let project = Project::new();
    let local = |id: &str| serde_json::json!({"id": id, "text": "The mayor of London spoke.", "source": "The Free Press"});
    let mut lines = format!("{}\n", local("a"));
    for number in 0..many {
        let text = format!("Fire number {number} burned in Woodstock, Ontario, and in Stratford, Ontario.");
        let article =
            serde_json::json!({"id": format!("b{number}"), "text": text, "source": "The Free Press"});
        writeln!(lines, "{article}").unwrap();
    }
    writeln!(lines, "{}", local("z")).unwrap();
    project.write("news/all.jsonl", lines);
    project
}

#[test]
fn a_publishers_home_is_learned_while_its_articles_are_read() {
    for (threads, many) in [("1", 70), ("4", 70), ("1", 3)] {
        let project = local_paper(many);
        let run = project.run(&["ingest", "news", "--threads", threads]);
        assert_eq!(run.code, 0);
        // What came before its home was known is annotated again, and counted once.
        assert!(run.err.contains(&format!("Indexed {} articles", many + 2)), "{}", run.err);
        assert_eq!(ids(&project, "place:\"London, Ontario\""), "a z", "{threads} threads, {many} articles");
        assert_eq!(ids(&project, "mayor"), "a z");
        let told = project.json(&["explain", "z", "--place", "London", "--json"]);
        assert_eq!(told["verdict"], "North America/Canada/Ontario/London");
    }
}

#[test]
fn a_publishers_home_is_learned_from_the_batch_that_is_extracted() {
    let project = local_paper(3);
    let run = project.run(&["extract", "news"]);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), 5);
    for line in [lines[0], lines[4]] {
        assert!(line.contains(r#""Ontario","London""#), "{line}");
    }
}

#[test]
fn a_publishers_home_may_be_given() {
    let project = Project::new();
    project.write("dateline.toml", "[home]\n\"The Free Press\" = \"London, Ontario\"\n");
    let article =
        serde_json::json!({"id": "z", "text": "The mayor of London spoke.", "source": "The Free Press"});
    project.write("news/one.json", article.to_string());
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!(ids(&project, "place:\"London, Ontario\""), "z");
    // Or beside the articles, for whoever reads them from there.
    let beside = Project::new();
    beside.write("news/dateline.toml", "[publisher.\"The Free Press\"]\nhome = \"London, Ontario\"\n");
    beside.write("news/one.json", article.to_string());
    assert_eq!(beside.run(&["ingest", "news"]).code, 0);
    assert_eq!(ids(&beside, "place:\"London, Ontario\""), "z");
    assert_eq!(
        beside.json(&["explain", "z", "--place", "London", "--json"])["verdict"],
        "North America/Canada/Ontario/London"
    );

    project.write("dateline.toml", "[home]\n\"The Free Press\" = \"Qwxyzabad\"\n");
    let run = project.run(&["ingest", "news"]);
    assert!(run.code == 2 && run.err.contains("no place is called `Qwxyzabad`"), "{}", run.err);
}
