//! Every format of lists, opened by a reader that we did not write.
//!
//! `.ci/run` installs the readers that tests/foreign/requirements.txt names under target/foreign and sets `CI`; elsewhere the
//! test is left out, and says so, where they are missing.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use crate::support::{Project, repository};

/// A Python that has the readers.
fn python() -> Option<PathBuf> {
    let installed = repository().join("target/foreign/bin/python");
    let imports = "import openpyxl, geojson, networkx, rispy, bibtexparser, jsonschema";
    [installed, PathBuf::from("python3")].into_iter().find(|python| {
        Command::new(python).args(["-c", imports]).output().is_ok_and(|output| output.status.success())
    })
}

/// Articles with all that breaks lists: quotes, formulas, tabs, line ends, brackets, braces, other scripts, no title.
fn archive() -> Project {
    let titles = [
        "Talks in \"Mosul\", 50% done",
        "=HYPERLINK(\"http://example.org\")",
        "-5 degrees in Baghdad; {cold} & <windy>",
        "A tab\tand a line\nend",
        "@home: \u{202e}reversed\u{202c} 😀 $5 ~ ^ \\ # _",
        "محادثات في بغداد",
        "北京会谈",
        "ER  - end of record",
        "+1 for O'Brien's {unbalanced",
        "",
    ];
    let project = Project::new();
    let mut lines = String::new();
    for (number, title) in titles.iter().enumerate() {
        let text = format!(
            "Joe Biden met Vladimir Putin in Geneva on {} June 2021, and NATO looked on from Brussels. Number {number}.",
            number + 1
        );
        let article = serde_json::json!({
            "id": format!("a{number},\"{number}\""), "title": title, "text": text,
            "published": format!("2021-06-{:02}", number + 1), "source": "The \"Example\" & Co",
            "authors": ["A. Writer", "María José O'Neil"], "url": format!("https://example.org/{number}?a=1&b=2"),
        });
        writeln!(lines, "{article}").unwrap();
    }
    writeln!(lines, "{{\"id\": \"bare\", \"text\": \"Nothing is known of this one, not even a day.\"}}")
        .unwrap();
    project.write("news/all.jsonl", lines);
    let run = project.run(&["ingest", "news"]);
    assert_eq!(run.code, 0, "{}", run.err);
    project
}

#[test]
#[expect(clippy::print_stderr, reason = "what is left out is said")]
fn every_list_is_read_by_others() {
    let Some(python) = python() else {
        assert!(std::env::var_os("CI").is_none(), "the foreign readers are not installed: .ci/run does it");
        eprintln!("left out: no Python with the readers of tests/foreign/requirements.txt");
        return;
    };
    let project = archive();
    let lists = [
        ("jsonl", "list.jsonl"),
        ("json", "list.json"),
        ("csv", "list.csv"),
        ("tsv", "list.tsv"),
        ("markdown", "list.md"),
        ("xlsx", "list.xlsx"),
        ("geojson", "list.geojson"),
        ("geojson-articles", "articles.geojson"),
        ("ris", "list.ris"),
        ("bibtex", "list.bib"),
        ("csl-json", "list.csl.json"),
        ("atom", "list.atom"),
        ("html", "list.html"),
        ("gexf", "list.gexf"),
        ("graphml", "list.graphml"),
    ];
    for (format, file) in lists {
        let run = project.run(&["query", "--limit", "all", "--sort", "date", "-f", format, "-o", file]);
        assert_eq!(run.code, 0, "{format}: {}", run.err);
    }
    let run = project.run(&["graph", "-f", "csv", "-o", "joins.csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let script = repository().join("tests/foreign/read.py");
    let output = Command::new(python).arg(script).arg(project.path("")).output().unwrap();
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
}
