//! Documents whose reading depends on what stands around them: programs for PDF, journals of databases, pages of issues,
//! standard input.

use serde_json::Value;

use crate::support::{Project, repository};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(repository().join("tests/fixtures").join(name)).unwrap()
}

fn articles(run: &str) -> Vec<Value> {
    run.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_pdf_is_read_by_whatever_is_installed() {
    let project = Project::new();
    project.write("bridge.pdf", fixture("pdf/bridge.pdf"));
    let empty_path = tempfile::tempdir().unwrap();
    // Once as the machine is, once with no program but the shell in sight.
    std::os::unix::fs::symlink("/bin/sh", empty_path.path().join("sh")).unwrap();
    for path in [None, Some(empty_path.path())] {
        let mut command = project.command(&["read", "bridge.pdf"]);
        if let Some(path) = path {
            command.env("PATH", path);
        }
        let output = command.output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let [article] = articles(&out).try_into().unwrap();
        assert_eq!(article["title"], "Bridge over the Drina shut", "{article}");
        let text = article["text"].as_str().unwrap();
        for sentence in
            ["was shut on Saturday after heavy rain, police said.", "It is to open again next week"]
        {
            assert!(text.contains(sentence), "{text}");
        }
    }
}

#[test]
fn a_broken_pdf_is_one_failure_and_a_scan_says_what_it_needs() {
    let project = Project::new();
    project.write("in/cut.pdf", fixture("broken/cut.pdf"));
    project.write("in/scan.pdf", fixture("broken/scan.pdf"));
    project.write("in/lie.pdf", "%PDF-1.7\nno more than this");
    let run = project.run(&["ingest", "in"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert_eq!(project.totals(), [3, 0, 0, 1, 2]);
    let read = project.run(&["read", "in/scan.pdf"]);
    assert!(read.err.contains("needs OCR"), "{}", read.err);
}

#[test]
fn a_database_is_read_without_a_trace() {
    let project = Project::new();
    let path = project.path("in/desk.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
             CREATE TABLE news (headline TEXT, body TEXT); CREATE TABLE other (x TEXT, notes TEXT);
             INSERT INTO news VALUES ('Dam inspected', 'Still in the journal.');
             INSERT INTO other VALUES ('y', 'Notes of the desk.');",
        )
        .unwrap();
    let listing = || {
        let entries = std::fs::read_dir(path.parent().unwrap()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| (entry.as_ref().unwrap().file_name(), entry.unwrap().metadata().unwrap().len()))
            .collect();
        names.sort();
        names
    };
    let before = listing();
    let run = project.run(&["read", "in/desk.db"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(articles(&run.out)[0]["text"], "Still in the journal.");
    assert_eq!(listing(), before);
    drop(database);
    let run = project.run(&["read", "in/desk.db", "--map", "table=other", "--map", "text=notes"]);
    assert_eq!(articles(&run.out)[0]["text"], "Notes of the desk.", "{}", run.err);
    let run = project.run(&["read", "in/desk.db", "--map", "table=gone"]);
    assert!(run.code == 3 && run.err.contains("no table gone among news (headline, body)"), "{}", run.err);
}

#[test]
fn pages_of_an_issue_are_read_once() {
    let project = Project::new();
    for name in ["mets.xml", "alto/0001.xml", "alto/0002.xml"] {
        project.write(&format!("issue/{name}"), fixture(&format!("mets/1871-03-04/{name}")));
    }
    let run = project.run(&["read", "issue"]);
    let found = articles(&run.out);
    let titles: Vec<&str> = found.iter().map(|article| article["title"].as_str().unwrap_or("")).collect();
    assert_eq!(titles, ["STORM AT SEA", "Prices", ""]);
    assert_eq!(found[0]["text"], "The Governor arrived at Zanzibar & spoke\n\nto the harbour.");
    assert_eq!(found[0]["published"]["date"], "1871-03-04");
    assert_eq!(found[0]["source"], "The Harbour Gazette");
    assert_eq!(run.err.matches("a page of the issue mets.xml").count(), 2, "{}", run.err);
    assert!(run.err.contains("lies outside of the folder of its issue"), "{}", run.err);
}

#[test]
fn standard_input_may_be_of_any_format() {
    let project = Project::new();
    for (name, count) in [
        ("zip/folder.zip", 4),
        ("docx/quarry.docx", 1),
        ("jsonl/packed.jsonl.gz", 2),
        ("warc/crawl.warc.gz", 4),
    ] {
        let run = project.pipe(&["read", "-"], fixture(name));
        assert!(run.out.lines().count() >= count, "{name}: {}{}", run.out, run.err);
    }
}

#[test]
fn scans_are_recognised_when_asked_for() {
    let project = Project::new();
    project.write("news/scan.pdf", fixture("pdf/scan.pdf"));
    let has = |program: &str| std::process::Command::new(program).arg("--version").output().is_ok();
    if !has("pdftotext") {
        return;
    }
    assert!(project.run(&["read", "news"]).err.contains("needs OCR; hint: --ocr eng"));
    let run = project.run(&["read", "--ocr", "eng", "news"]);
    if !has("tesseract") {
        assert_eq!(run.code, 3);
        assert!(run.err.contains("no tesseract; hint: install tesseract-ocr (ocr)"), "{}", run.err);
        return;
    }
    let found = articles(&run.out);
    let titles: Vec<&str> = found.iter().map(|article| article["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Ferry runs aground off Gotland", "Quarry reopens near Tuzla"]);
    assert_eq!(
        found[0]["text"],
        "The ferry ran aground on Sunday with 120 people on board, the coast guard said."
    );
    assert_eq!((&found[1]["metadata"]["page"], &found[1]["notes"][0]), (&"2".into(), &"text by OCR".into()));
    assert_eq!(found[0]["published"], serde_json::Value::Null, "a scan is younger than what was scanned");

    // What was passed over is read when the user asks for it, and found by its words.
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!(project.totals(), [1, 0, 0, 1, 0]);
    assert_eq!(project.run(&["ingest", "--ocr", "eng", "--retry", "format=pdf"]).code, 0);
    assert_eq!(project.totals(), [2, 2, 0, 0, 0]);
    assert_eq!(project.json(&["query", "quarry", "--format", "json"])["total"], 1);
    let unknown = project.run(&["read", "--ocr", "eng+tlh", "news"]);
    assert!(unknown.err.contains("tesseract does not know the language `tlh`"), "{}", unknown.err);
}
