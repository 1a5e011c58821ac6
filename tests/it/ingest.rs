//! Folders in, ledger out: what is new, changed, gone or the same again, and nothing lost on the way.

use std::fmt::Write as _;
use std::time::Duration;

use crate::support::Project;

const STORY: &str =
    "Talks resume in Geneva\n\nGENEVA, June 28 (Meridian) — Envoys met on Monday. They will meet again.\n";

fn lines(articles: &[(&str, &str)]) -> String {
    let mut lines = String::new();
    for (id, text) in articles {
        writeln!(lines, "{}", serde_json::json!({"id": id, "title": format!("Title of {id}"), "text": text}))
            .unwrap();
    }
    lines
}

#[test]
fn every_record_is_booked_and_the_books_add_up() {
    let project = Project::new();
    project.write("news/a.txt", STORY);
    project.write("news/empty.txt", "");
    project.write("news/picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0");
    project
        .write("news/many.jsonl", lines(&[("x", "One."), ("y", "Two.")]) + "{\"id\": \"z\", \"title\": \n");
    let run = project.run(&["ingest", "news"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(run.err.contains("many.jsonl, record 3"), "{}", run.err);
    assert_eq!(project.totals(), [6, 3, 0, 2, 1]);
    assert_eq!(project.ids(), ["a.txt", "x", "y"]);
}

#[test]
fn a_second_run_touches_only_what_is_new_changed_or_gone() {
    let project = Project::new();
    for name in ["a", "b", "c", "d", "e"] {
        project.write(
            &format!("news/{name}.txt"),
            format!("Title {name}\n\nSome words about {name} in the paper.\n"),
        );
    }
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let again = project.run(&["ingest", "news"]);
    assert!(again.err.contains("Nothing to do"), "{}", again.err);

    project.write("news/a.txt", "Title a\n\nOther words, more of them, zebra.\n");
    project.write("news/f.txt", "Title f\n\nA new file.\n");
    project.remove("news/b.txt");
    let dry = project.run(&["ingest", "--dry-run", "news"]);
    assert_eq!(dry.out, "changed\tnews/a.txt\nnew\tnews/f.txt\ngone\tnews/b.txt\n");
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!(project.ids(), ["a.txt", "c.txt", "d.txt", "e.txt", "f.txt"]);
    assert_eq!(project.json(&["query", "zebra", "--format", "json"])["total"], 1);
    assert_eq!(project.totals(), [5, 5, 0, 0, 0]);
}

#[test]
fn a_folder_that_is_gone_or_has_shrunk_by_half_is_not_believed() {
    let project = Project::new();
    for number in 0..6 {
        project.write(&format!("news/{number}.txt"), format!("Title {number}\n\nBody of number {number}.\n"));
    }
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    for number in 0..4 {
        project.remove(&format!("news/{number}.txt"));
    }
    let refused = project.run(&["ingest", "news"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("--prune"), "{}", refused.err);
    assert_eq!(project.ids().len(), 6);
    assert_eq!(project.run(&["ingest", "--prune", "news"]).code, 0);
    assert_eq!(project.ids(), ["4.txt", "5.txt"]);

    std::fs::remove_dir_all(project.path("news")).unwrap();
    assert_eq!(project.run(&["ingest", "news"]).code, 2);
    assert_eq!(project.run(&["ingest", "--prune", "news"]).code, 0);
    assert_eq!(project.totals()[0], 0);
}

#[test]
fn the_same_record_again_is_a_duplicate_and_takes_over_when_the_first_is_gone() {
    let project = Project::new();
    project.write("news/1/a.txt", STORY);
    project.write("news/2/a.txt", STORY);
    project.write("news/copy.jsonl", lines(&[("x", "Same text."), ("y", "Same text.")]));
    project.write("news/extra.txt", "Extra\n\nSomething else is told here.\n");
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    // Equal text under another identifier is a copy, and indexed.
    assert_eq!(project.totals(), [5, 4, 1, 0, 0]);
    assert_eq!(project.ids(), ["1/a.txt", "extra.txt", "x", "y"]);

    project.remove("news/1/a.txt");
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!(project.ids(), ["2/a.txt", "extra.txt", "x", "y"]);
    assert_eq!(project.totals(), [4, 4, 0, 0, 0]);
}

#[test]
fn clashing_identifiers_are_told_apart_and_kept() {
    let project = Project::new();
    project.write("news/a.jsonl", lines(&[("1", "First.")]));
    project.write("news/b.jsonl", lines(&[("1", "Second."), ("2", "Third.")]));
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let ids = project.ids();
    assert_eq!(ids, ["1", "1 (news/b.jsonl#1)", "2"]);

    // A line that is put in front moves all records, and changes no identifier.
    project.write("news/b.jsonl", lines(&[("0", "Before."), ("1", "Second."), ("2", "Third.")]));
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!(project.ids(), ["0", "1", "1 (news/b.jsonl#1)", "2"]);
}

#[test]
fn killing_an_ingest_again_and_again_loses_nothing() {
    let whole = Project::new();
    let killed = Project::new();
    for project in [&whole, &killed] {
        for file in 0..12 {
            let articles: Vec<(String, String)> = (0..400)
                .map(|n| {
                    (
                        format!("{file}-{n}"),
                        format!("President Joe Biden met envoys from Iraq, number {n} of {file}."),
                    )
                })
                .collect();
            let borrowed: Vec<(&str, &str)> =
                articles.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
            project.write(&format!("news/{file}.jsonl"), lines(&borrowed));
        }
    }
    assert_eq!(whole.run(&["ingest", "news"]).code, 0);
    for round in 1..6_u64 {
        let mut child = killed.command(&["ingest", "--commit-every", "300", "news"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(round * 67));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(killed.run(&["ingest", "news"]).code, 0);
    assert_eq!(killed.totals(), whole.totals());
    assert_eq!(killed.ids(), whole.ids());
    let facets = |project: &Project| {
        let answer = project
            .json(&["query", "--facet", "actor", "--facet", "place", "--limit", "0", "--format", "json"]);
        (answer["total"].clone(), answer["facets"].clone())
    };
    assert_eq!(facets(&killed), facets(&whole));
}

#[test]
fn a_second_writer_is_told_that_the_index_is_taken() {
    let project = Project::new();
    project.write("news/a.txt", STORY);
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let ledger = dateline::ledger::Ledger::open(&project.path(".dateline")).unwrap();
    project.write("news/b.txt", "Title\n\nAnother body text.\n");
    let refused = project.run(&["ingest", "news"]);
    assert_eq!(refused.code, 4);
    assert!(refused.err.contains("is being written by"), "{}", refused.err);
    drop(ledger);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_a_row_and_its_articles_stay() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    project.write("news/good.txt", STORY);
    project.write("news/locked/a.txt", "Title\n\nBehind a locked door.\n");
    std::os::unix::fs::symlink(".", project.path("news/loop")).unwrap();
    assert_eq!(project.run(&["ingest", "news"]).code, 3);
    let lock = |mode| {
        std::fs::set_permissions(project.path("news/locked"), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    lock(0o000);
    // Root reads everything; there the folder is simply read again.
    let run = project.run(&["ingest", "news"]);
    lock(0o755);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(project.ids().contains(&"locked/a.txt".to_owned()));
    project.totals();
}
