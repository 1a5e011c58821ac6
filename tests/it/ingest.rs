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
    let run = project.run(&["ingest", "news"]);
    assert!(run.code == 0 && run.err.contains("Indexed 1 articles"), "{}", run.err);
    assert!(run.err.contains("from 1 files") && run.err.contains("2 files unchanged"), "{}", run.err);
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
fn a_second_writer_is_told_that_the_index_is_taken_and_readers_are_not_kept_waiting() {
    let project = Project::new();
    project.write("news/a.txt", STORY);
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let index = dateline::engine::local::LocalIndex::open(&project.path(".dateline")).unwrap();
    let writer = index.writer(1, 20_000_000).unwrap();
    let ledger = dateline::ledger::Ledger::open(&project.path(".dateline")).unwrap();
    let change = ledger.change().unwrap();
    change.remove_file("news/a.txt").unwrap();
    project.write("news/b.txt", "Title\n\nAnother body text.\n");
    let refused = project.run(&["ingest", "news"]);
    assert_eq!(refused.code, 4);
    assert!(refused.err.contains("is being written by"), "{}", refused.err);
    assert_eq!(project.totals(), [1, 1, 0, 0, 0], "what was committed last");
    assert_eq!(project.ids(), ["a.txt"]);
    drop((change, writer));
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
}

#[test]
fn a_run_looks_only_at_what_it_is_told_to() {
    let project = Project::new();
    for name in ["a.txt", "b.txt", "sub/c.txt", "sub/d.md"] {
        project.write(&format!("news/{name}"), format!("Title of {name}\n\nSome words about {name}.\n"));
    }
    let run = |options: &[&str]| {
        let run = project.run(&[&["ingest"], options].concat());
        assert_eq!(run.code, 0, "{options:?}: {}", run.err);
    };
    run(&["--include", "sub/*", "news"]);
    assert_eq!(project.ids(), ["sub/c.txt", "sub/d.md"]);
    run(&["--limit", "1", "news"]);
    assert_eq!(project.ids(), ["a.txt", "sub/c.txt", "sub/d.md"]);
    run(&["--since", "2999-01-01", "news"]);
    assert_eq!(project.ids().len(), 3);
    // Files that a run does not look at are not gone.
    run(&["--include", "*.md", "news"]);
    assert_eq!(project.ids().len(), 3);
    // Without a path: all that was ever ingested.
    run(&[]);
    assert_eq!(project.ids(), ["a.txt", "b.txt", "sub/c.txt", "sub/d.md"]);
    project.remove("news/b.txt");
    run(&["--keep-deleted"]);
    assert_eq!(project.ids().len(), 4);
    run(&[]);
    assert_eq!(project.ids(), ["a.txt", "sub/c.txt", "sub/d.md"]);
    run(&["--max-file-size", "1", "news"]);
    // What was too large is passed over once, and read when it may be.
    project
        .write("news/large.txt", format!("A large file\n\n{}", "Some words about large files. ".repeat(99)));
    run(&["--max-file-size", "1K", "news"]);
    assert_eq!(project.totals(), [4, 3, 0, 1, 0]);
    assert!(project.run(&["ingest", "--max-file-size", "1K", "news"]).err.contains("Nothing to do"));
    run(&["--max-file-size", "1M", "news"]);
    assert_eq!(project.totals(), [4, 4, 0, 0, 0]);
    for wrong in [
        &["--since", "last week"][..],
        &["--retry", "everything"],
        &["--retry", "format=nitpf"],
        &["--memory", "much"],
        &["--reannotate", "news"],
    ] {
        assert_eq!(project.run(&[&["ingest"], wrong].concat()).code, 2, "{wrong:?}");
    }
}

#[test]
fn what_failed_is_read_again_when_asked_and_nothing_else_is() {
    let project = Project::new();
    project.write("news/good.txt", STORY);
    project
        .write("news/many.jsonl", lines(&[("x", "One."), ("y", "Two.")]) + "{\"id\": \"z\", \"title\": \n");
    assert_eq!(project.run(&["ingest", "news"]).code, 3);
    assert_eq!(project.run(&["ingest", "news"]).code, 0, "what failed is not read again by itself");
    project.write("news/new.txt", "New\n\nA new file of words.\n");
    for (retry, files) in
        [("failed", 1), ("changed", 0), ("stage=parse", 1), ("stage=open", 0), ("format=text", 1)]
    {
        let run = project.run(&["ingest", "--dry-run", "--retry", retry]);
        assert_eq!(run.out.lines().count(), files, "{retry}: {}", run.out);
        assert!(!run.out.contains("new.txt"), "{retry}: {}", run.out);
    }
    let again = project.run(&["ingest", "--retry", "failed"]);
    assert_eq!(again.code, 3, "it fails as before: {}", again.err);
    assert_eq!(project.totals(), [4, 3, 0, 0, 1]);
    let mended = lines(&[("x", "One."), ("y", "Two."), ("z", "Three.")]);
    project.write("news/many.jsonl", mended);
    assert_eq!(project.run(&["ingest", "--retry", "changed"]).code, 0);
    assert_eq!(project.ids(), ["good.txt", "x", "y", "z"]);
}

#[test]
fn articles_are_annotated_again_from_the_index_alone() {
    let project = Project::new();
    project.write("news/a.txt", STORY);
    project.write("news/b.txt", "Visit\n\nPresident Joe Biden went to Iraq.\n");
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let answer = || project.json(&["query", "--facet", "actor", "--facet", "place", "--format", "json"]);
    let before = answer();
    assert!(project.run(&["ingest", "--reannotate"]).err.contains("Nothing to do"));
    {
        let ledger = dateline::ledger::Ledger::open(&project.path(".dateline")).unwrap();
        let change = ledger.change().unwrap();
        change.set_annotator("b.txt", 0, Some("annotation took more than 60 s")).unwrap();
        change.commit(ledger.generation().unwrap()).unwrap();
    }
    let status = project.run(&["status"]);
    assert!(status.err.contains("--reannotate"), "{}", status.err);
    assert!(status.out.contains("1 indexed in annotate: annotation took more than 60 s"), "{}", status.out);
    std::fs::remove_dir_all(project.path("news")).unwrap();
    let run = project.run(&["ingest", "--reannotate"]);
    assert!(run.err.contains("Annotated 1 articles again"), "{}", run.err);
    assert_eq!(answer(), before);
    assert!(!project.run(&["status"]).err.contains("--reannotate"));
    assert_eq!(project.run(&["status", "--runs"]).out.lines().count(), 2);
}

#[test]
fn a_watched_folder_is_ingested_when_it_changes() {
    let project = Project::new();
    project.write("news/a.txt", STORY);
    let mut watching = project.command(&["ingest", "--watch", "news"]).spawn().unwrap();
    let wait_for = |ids: &[&str]| {
        let started = std::time::Instant::now();
        // An index that is just being made is none yet.
        while project.run(&["query", "--limit", "0"]).code == 4 || project.ids() != ids {
            assert!(started.elapsed() < Duration::from_mins(2), "{:?} is not {ids:?}", project.ids());
            assert!(watching.try_wait().unwrap().is_none(), "it ended");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    let mut wait_for = wait_for;
    wait_for(&["a.txt"]);
    // Told of only when the watch stands: say it until it is heard.
    project.write("news/sub/b.txt", "Title\n\nAnother body of text.\n");
    std::thread::sleep(Duration::from_millis(500));
    project.write("news/sub/c.txt", "Third\n\nYet another body of text.\n");
    wait_for(&["a.txt", "sub/b.txt", "sub/c.txt"]);
    project.remove("news/a.txt");
    wait_for(&["sub/b.txt", "sub/c.txt"]);
    watching.kill().unwrap();
    watching.wait().unwrap();
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

/// A record of the article `g` in this version.
fn version(number: u64) -> String {
    let record = serde_json::json!({"id": "g", "version": number, "title": format!("Version {number}"), "text": format!("Words{number}.")});
    format!("{record}\n")
}

#[test]
fn a_later_version_supersedes_the_earlier_whatever_the_order() {
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1]] {
        let project = Project::new();
        for (name, number) in ["a", "b", "c"].iter().zip(order) {
            project.write(&format!("news/{name}.json"), version(number));
        }
        let run = project.run(&["ingest", "news"]);
        assert!(run.code == 0 && run.err.contains("Indexed 1 articles"), "{}", run.err);
        assert!(run.err.contains("Also: 2 duplicate."), "{}", run.err);
        assert_eq!(project.ids(), ["g"], "{order:?}");
        assert_eq!(project.totals(), [3, 1, 2, 0, 0], "{order:?}");
        for (words, hits) in [("Words3", 1), ("Words2", 0), ("Words1", 0)] {
            assert_eq!(
                project.json(&["query", words, "--format", "json"])["total"],
                hits,
                "{order:?} {words}"
            );
        }
        let listed = project.run(&["status", "--duplicate"]);
        assert!(listed.out.contains("version 1, superseded by version"), "{}", listed.out);
    }
}

#[test]
fn an_earlier_version_comes_back_when_the_later_is_gone() {
    let project = Project::new();
    project.write("news/a.json", version(1));
    project.write("news/x.txt", "Title x\n\nAnother file.\n");
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    project.write("news/b.json", version(2));
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!(project.totals(), [3, 2, 1, 0, 0]);
    project.remove("news/b.json");
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!(project.totals(), [2, 2, 0, 0, 0]);
    assert_eq!(project.json(&["query", "Words1", "--format", "json"])["total"], 1);
}

#[test]
fn one_file_may_hold_several_versions() {
    let project = Project::new();
    project.write("news/a.jsonl", version(1) + &version(3) + &version(2));
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!((project.totals(), project.ids()), ([3, 1, 2, 0, 0], vec!["g".to_owned()]));
    assert_eq!(project.json(&["query", "Words3", "--format", "json"])["total"], 1);
}

#[test]
fn what_is_piped_is_added_once_and_stays() {
    let project = Project::new();
    let first = lines(&[("1", "First."), ("2", "Second.")]);
    assert_eq!(project.pipe(&["ingest", "-"], &first).code, 0);
    let again = project.pipe(&["ingest", "-"], &first);
    assert!(again.err.contains("Nothing to do"), "{}", again.err);
    // Other bytes are another file; what they repeat is a duplicate.
    assert_eq!(project.pipe(&["ingest", "-"], lines(&[("2", "Second."), ("3", "Third.")])).code, 0);
    assert_eq!(
        (project.totals(), project.ids()),
        ([4, 3, 1, 0, 0], ["1", "2", "3"].map(str::to_owned).to_vec())
    );

    // It is beside the folders, and no run over them lets go of it.
    project.write("news/a.txt", STORY);
    assert_eq!(project.run(&["ingest", "."]).code, 0);
    assert_eq!(project.run(&["ingest"]).code, 0);
    assert_eq!(project.ids(), ["1", "2", "3", "news/a.txt"]);
    let shown = project.json(&["show", "3", "--format", "json"]);
    assert!(shown["path"].as_str().unwrap().starts_with("stdin://"), "{shown}");
}

#[test]
fn what_is_piped_under_a_name_replaces_what_came_before() {
    let project = Project::new();
    let pipe = |articles: &[(&str, &str)]| {
        let run = project.pipe(&["ingest", "--name", "desk/today.jsonl", "-"], lines(articles));
        assert_eq!(run.code, 0, "{}", run.err);
    };
    pipe(&[("1", "First."), ("2", "Second.")]);
    pipe(&[("2", "Second."), ("3", "Third.")]);
    assert_eq!((project.totals(), project.ids()), ([2, 2, 0, 0, 0], ["2", "3"].map(str::to_owned).to_vec()));
    // As long as before, but not the same.
    pipe(&[("2", "Second."), ("3", "Thorn.")]);
    assert_eq!(project.json(&["query", "thorn", "--format", "json"])["total"], 1);
    assert_eq!(project.json(&["query", "third", "--format", "json"])["total"], 0);
    assert_eq!(project.run(&["ingest", "--name", "x", "news"]).code, 2);
    assert_eq!(project.pipe(&["ingest", "--watch", "-"], "").code, 2);
}

#[test]
fn a_piped_duplicate_takes_over_without_being_read_again() {
    let project = Project::new();
    for name in ["a", "b", "c", "d"] {
        project.write(
            &format!("news/{name}.jsonl"),
            lines(&[(name, &format!("Words of {name}, zebra{name}."))]),
        );
    }
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!(
        project
            .pipe(&["ingest", "-"], lines(&[("a", "Words of a, zebraa."), ("b", "Words of b, zebrab.")]))
            .code,
        0
    );
    assert_eq!(project.totals(), [6, 4, 2, 0, 0]);
    // One file goes, the other changes.
    project.remove("news/a.jsonl");
    project.write("news/b.jsonl", lines(&[("b2", "Quite other words.")]));
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!(project.ids(), ["a", "b", "b2", "c", "d"]);
    assert_eq!(project.totals(), [5, 5, 0, 0, 0]);
    assert_eq!(project.json(&["query", "zebraa OR zebrab", "--format", "json"])["total"], 2);
}

#[test]
fn a_duplicate_in_a_folder_that_is_not_looked_at_takes_over_when_it_is() {
    let project = Project::new();
    for name in ["a", "b", "c", "d"] {
        project.write(&format!("one/{name}.txt"), format!("Title {name}\n\nWords of {name} in the paper.\n"));
    }
    project.write("two/a.txt", "Title a\n\nWords of a in the paper.\n");
    assert_eq!(project.run(&["ingest", "one"]).code, 0);
    assert_eq!(project.run(&["ingest", "two"]).code, 0);
    assert_eq!(project.totals(), [5, 4, 1, 0, 0]);
    project.remove("one/a.txt");
    assert_eq!(project.run(&["ingest", "one"]).code, 0);
    assert_eq!(project.run(&["ingest", "two"]).code, 0);
    assert_eq!(project.totals(), [4, 4, 0, 0, 0]);
    assert_eq!(project.json(&["query", "\"words of a\"", "--format", "json"])["total"], 1);
}

#[test]
fn the_folder_that_holds_the_index_is_a_root_like_others() {
    let project = Project::new();
    let index = project.path("archive/.dateline");
    let index = ["--index", index.to_str().unwrap()];
    let run = |arguments: &[&str]| {
        let run = project.run(&[&index[..], arguments].concat());
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
        run
    };
    for name in ["archive/a", "archive/b", "archive/c", "archive/d", "beside/a", "beside/b"] {
        project.write(&format!("{name}.txt"), format!("Title {name}\n\nWords of {name} in the paper.\n"));
    }
    run(&["ingest", "archive", "beside"]);
    // Each root lets go of its own, and of nothing else.
    project.remove("archive/a.txt");
    run(&["ingest", "archive"]);
    assert!(run(&["ingest", "beside"]).err.contains("2 files"), "nothing to do there");
    assert!(run(&["ingest"]).err.contains("Nothing to do: 5 files"));
    // A root above the index knows the files beside it.
    project.remove("archive/b.txt");
    run(&["ingest", "."]);
    assert_eq!(run(&["query", "--limit", "all", "--format", "csv", "--fields", "id"]).out.lines().count(), 5);
    assert!(run(&["ingest", "."]).err.contains("Nothing to do: 4 files"));
}

#[test]
fn the_user_may_know_the_format_better() {
    let project = Project::new();
    let table = "title;text\nTalks resume;Envoys met.\n";
    project.write("dump.dat", table);
    let lines = |run: crate::support::Run| run.out.lines().count();
    assert!(project.run(&["read", "dump.dat"]).out.contains("\"format\":\"text\""));
    let run = project.run(&["read", "--format", "csv", "dump.dat"]);
    assert!(run.out.contains("\"title\":\"Talks resume\""), "{}", run.out);
    assert_eq!(lines(project.pipe(&["read", "--format", "csv", "-"], table)), 1);
    let wrong = project.run(&["read", "--format", "csvx", "dump.dat"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("there is no format `csvx`; the formats are nitf,"), "{}", wrong.err);
    assert_eq!(project.pipe(&["ingest", "--format", "csv", "-"], table).code, 0);
    assert_eq!(project.json(&["query", "envoys", "--format", "json"])["hits"][0]["title"], "Talks resume");
}
