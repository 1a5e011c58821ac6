//! Every fixture of every format, read and compared with what it was read as before; and files that mean harm.

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dateline::article::Article;
use dateline::input::{FORMATS, Found, Read, ReadOptions, SourceFile, WalkOptions, located, read_file, walk};
use serde_json::{Value, json};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn read(file: &SourceFile) -> Vec<Read> {
    let mut reads = Vec::new();
    read_file(file, &ReadOptions::default(), &mut |read| {
        reads.push(read);
        ControlFlow::Continue(())
    });
    reads
}

/// The file, named from the tests' folder, so that where the repository lies does not show.
fn from_tests(mut file: SourceFile) -> SourceFile {
    file.shown = format!("fixtures/{}", file.relative);
    file
}

fn shown(file: &SourceFile, read: &Read) -> Value {
    match read {
        Read::Article(article) => of_article(article),
        Read::Skipped { record, member, reason, .. } => {
            let reason = located(member.as_deref(), reason);
            json!({"path": file.shown, "record": record, "skipped": reason})
        }
        Read::Failed { record, member, stage, reason, .. } => {
            let reason = located(member.as_deref(), reason);
            json!({"path": file.shown, "record": record, "failed": stage, "reason": reason})
        }
    }
}

fn of_article(article: &Article) -> Value {
    json!({
        "path": article.path, "record": article.record, "id": article.id, "format": article.format,
        "title": article.title, "text": article.text,
        "published": article.published.as_ref().map(|published| (published.shown(), published.source)),
        "authors": article.authors, "source": article.source, "section": article.section,
        "language": article.language, "url": article.url, "dateline": article.dateline,
        "keywords": article.keywords, "metadata": article.metadata, "notes": article.notes,
    })
}

#[test]
fn fixtures_are_read_as_before() {
    let mut found = String::new();
    for entry in walk(&[tests().join("fixtures")], &WalkOptions::default()) {
        let Found::File(file) = entry else { panic!("{entry:?}") };
        // What gives the text of a PDF depends on what is installed: `documents` looks at those.
        if file.path.extension().is_some_and(|ending| ending == "pdf") {
            continue;
        }
        let file = from_tests(file);
        for read in read(&file) {
            writeln!(found, "{}", shown(&file, &read)).unwrap();
        }
    }
    let golden = tests().join("golden/input.jsonl");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
        std::fs::write(&golden, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap();
    for (have, want) in found.lines().zip(expected.lines()) {
        assert_eq!(have, want, "run with UPDATE=1 if this is meant");
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

#[test]
fn every_format_has_fixtures() {
    for format in FORMATS {
        assert!(tests().join("fixtures").join(format.name).is_dir(), "{} has no fixtures", format.name);
    }
}

/// Reads a file of this content, within a time that no honest file needs.
fn read_quickly(name: &str, content: &[u8]) -> Vec<Read> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    let start = Instant::now();
    let reads = read(&SourceFile::at(&path).unwrap());
    assert!(start.elapsed() < Duration::from_secs(30), "{name} took {:?}", start.elapsed());
    reads
}

#[test]
fn no_nesting_is_too_deep() {
    for element in ["div", "b", "blockquote", "table", "p", "a", "ul><li"] {
        let page = format!("<html><body>{}Text in the depth.", format!("<{element}>").repeat(100_000));
        let reads = read_quickly("deep.html", page.as_bytes());
        let [Read::Article(article)] = reads.as_slice() else { panic!("{element}: {reads:?}") };
        assert_eq!(article.text, "Text in the depth.", "{element}");
    }
    let json = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(!matches!(read_quickly("deep.json", json.as_bytes()).as_slice(), [Read::Article(_)]));
    let object = "{\"a\":".repeat(100_000);
    assert!(matches!(read_quickly("deep.json", object.as_bytes()).as_slice(), [Read::Failed { .. }]));
}

#[test]
fn a_line_without_end_is_one_failure() {
    let mut content = b"{\"title\": \"A\"}\n{\"title\": \"".to_vec();
    content.resize(content.len() + (200 << 20), b'x');
    content.extend(b"\"}\n{\"title\": \"C\"}\n");
    let reads = read_quickly("long.jsonl", &content);
    let [Read::Article(_), Read::Failed { record: Some(2), .. }, Read::Article(last)] = reads.as_slice()
    else {
        panic!("{} records", reads.len())
    };
    assert_eq!(last.title(), "C");
}

#[test]
fn a_bomb_does_not_go_off() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..400 {
        packed.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let reads = read_quickly("bomb.jsonl.gz", &packed.finish().unwrap());
    assert!(!reads.iter().any(|read| matches!(read, Read::Article(_))), "{reads:?}");
}

#[test]
fn a_file_that_vanishes_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gone.txt");
    std::fs::write(&path, "Here\n\nnow.").unwrap();
    let file = SourceFile::at(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(read(&file).as_slice(), [Read::Failed { stage: "open", .. }]));
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe.txt");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    assert!(matches!(read(&SourceFile::at(&path).unwrap()).as_slice(), [Read::Skipped { .. }]));
}
