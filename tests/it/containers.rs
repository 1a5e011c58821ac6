//! Archives in archives: the same articles from a folder and from every way of packing it, and packing that means harm.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

#[cfg(target_os = "linux")]
use crate::support::peak_memory;
use crate::support::{Project, repository};

const ARTICLES: &[(&str, &str)] = &[
    (
        "2021/06/quarry.txt",
        "Quarry reopens near Tuzla\n\nThe quarry near Tuzla reopened on Monday, Joe Biden said.",
    ),
    (
        "2020-05-03-market.txt",
        "Market burns in Erbil\n\nA fire destroyed forty stalls of the market in Erbil last year.",
    ),
    (
        "wires.jsonl",
        "{\"id\": \"w1\", \"title\": \"Ferry\", \"text\": \"The ferry to Gotland sails.\", \"date\": \"2019-02-03\"}\n",
    ),
];

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// Every annotated article of `path`: title, text, date and mentions, whatever it is called.
fn annotated(project: &Project, path: &str) -> BTreeSet<String> {
    let run = project.run(&["extract", path]);
    assert_eq!(run.code, 0, "{path}: {}", run.err);
    let strip = |line: &str| {
        let mut value: Value = serde_json::from_str(line).unwrap();
        value.as_object_mut().unwrap().remove("id");
        // A list of articles has in a field what a folder has in its paths.
        value["published"].as_object_mut().unwrap().remove("source");
        value.to_string()
    };
    run.out.lines().map(strip).collect()
}

#[test]
fn folder_zip_tar_and_lines_give_the_same_articles() {
    let project = Project::new();
    for (name, content) in ARTICLES {
        project.write(&format!("folder/{name}"), content);
    }
    let members: Vec<(&str, &[u8])> = ARTICLES.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    project.write("packed.zip", zipped(&members));
    project.write("packed.tar.zst", zstd::encode_all(tarred(&members).as_slice(), 3).unwrap());
    project.write("nested.zip", zipped(&[("inner.tar", &tarred(&members))]));
    project.write("lines.jsonl", project.run(&["read", "folder"]).out);
    let expected = annotated(&project, "folder");
    assert_eq!(expected.len(), ARTICLES.len());
    for packed in ["packed.zip", "packed.tar.zst", "nested.zip", "lines.jsonl"] {
        assert_eq!(annotated(&project, packed), expected, "{packed}");
    }
    // One after the other into one index: the same records again are duplicates.
    assert_eq!(project.run(&["ingest", "folder"]).code, 0);
    assert_eq!(project.run(&["ingest", "packed.zip", "packed.tar.zst"]).code, 0);
    assert_eq!(project.totals(), [9, 3, 6, 0, 0]);
}

/// Every article that `read` gives of `path`, without what says where it lies, and what it says of the rest.
fn issue_of(project: &Project, path: &str) -> (Vec<Value>, usize, bool) {
    let run = project.run(&["read", path]);
    let strip = |line: &str| {
        let mut value: Value = serde_json::from_str(line).unwrap();
        for place in ["id", "path", "record"] {
            value.as_object_mut().unwrap().remove(place);
        }
        value
    };
    let pages = run.err.matches("a page of the issue mets.xml, read with it").count();
    let outside = run.err.contains("lies outside of the folder of its issue");
    (run.out.lines().map(strip).collect(), pages, outside)
}

#[test]
fn an_issue_is_put_together_in_archives_as_in_a_folder() {
    let project = Project::new();
    let fixture =
        |name: &str| std::fs::read(repository().join("tests/fixtures/mets/1871-03-04").join(name)).unwrap();
    let names = ["mets.xml", "alto/0001.xml", "alto/0002.xml"];
    let contents: Vec<Vec<u8>> = names.iter().map(|name| fixture(name)).collect();
    for (name, content) in names.iter().zip(&contents) {
        project.write(&format!("folder/{name}"), content);
    }
    let paths: Vec<String> = names.iter().map(|name| format!("gazette/1871-03-04/{name}")).collect();
    let listed: Vec<(&str, &[u8])> =
        paths.iter().zip(&contents).map(|(path, content)| (path.as_str(), content.as_slice())).collect();
    // Where the issue lies among its pages must not matter.
    let turned: Vec<(&str, &[u8])> = listed.iter().rev().copied().collect();
    project.write("a.zip", zipped(&listed));
    project.write("b.zip", zipped(&turned));
    project.write("a.tar", tarred(&listed));
    project.write("b.tar.gz", gzip(&tarred(&turned)));
    project.write("nested.zip", zipped(&[("inner.tar", &tarred(&turned))]));
    let expected = issue_of(&project, "folder");
    let titles: Vec<&str> =
        expected.0.iter().map(|article| article["title"].as_str().unwrap_or("")).collect();
    assert_eq!((titles, expected.1, expected.2), (vec!["STORM AT SEA", "Prices", ""], 2, true));
    for packed in ["a.zip", "b.zip", "a.tar", "b.tar.gz", "nested.zip"] {
        assert_eq!(issue_of(&project, packed), expected, "{packed}");
    }

    // Pages of no issue are articles of their own, and an issue without its pages says so.
    project.write("pages.zip", zipped(&listed[1..]));
    let (pages, read_with_an_issue, _) = issue_of(&project, "pages.zip");
    assert_eq!((pages.len(), read_with_an_issue), (2, 0));
    project.write("alone.zip", zipped(&listed[..1]));
    let run = project.run(&["read", "alone.zip"]);
    assert!(run.err.contains("alto/0001.xml: not in the archive"), "{}", run.err);
}

#[test]
fn a_zip_within_zips_to_any_depth_ends() {
    let project = Project::new();
    let mut bytes = zipped(&[("a.txt", b"Core\n\nof it all.")]);
    for _ in 0..30 {
        bytes = zipped(&[("again.zip", &bytes)]);
    }
    project.write("deep.zip", bytes);
    let run = project.run(&["read", "deep.zip"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("more than 4 archives lie in each other"), "{}", run.err);
}

#[test]
fn bombs_in_archives_do_not_go_off() {
    let project = Project::new();
    let text = b"Kabul is calm. ".repeat(2 << 20);
    let inner = zipped(&[("calm.txt", &text)]);
    let names: Vec<String> = (0..200).map(|number| format!("{number}.zip")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), inner.as_slice())).collect();
    project.write("bomb.tar.gz", gzip(&tarred(&members)));
    let started = std::time::Instant::now();
    let run = project.run(&["read", "bomb.tar.gz"]);
    assert_eq!(run.code, 3);
    assert!(run.out.lines().count() < 20);
    assert!(run.err.contains("unpacks to more than 200 times"), "{}", run.err);
    assert!(started.elapsed().as_secs() < 60);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn members_are_never_written_to_their_paths() {
    let project = Project::new();
    project.write(
        "inner/trick.zip",
        zipped(&[("../../escaped.txt", b"Out\n\nof here."), ("a/../../b.txt", b"B\n\nB.")]),
    );
    assert_eq!(project.run(&["ingest", "inner"]).code, 0);
    assert_eq!(project.ids(), ["trick.zip!/a/b.txt", "trick.zip!/escaped.txt"]);
    assert!(!project.path("escaped.txt").exists() && !Path::new("/escaped.txt").exists());
}

#[test]
fn an_archive_that_changes_costs_only_what_changed() {
    let project = Project::new();
    let one = ("1.txt", b"One\n\nis here.".as_slice());
    let two = ("2.txt", b"Two\n\nis here.".as_slice());
    project.write("in/a.zip", zipped(&[one, two]));
    project.run(&["ingest", "in"]);
    project.write("in/a.zip", zipped(&[two, ("3.txt", b"Three\n\nis new.")]));
    project.run(&["ingest", "in"]);
    assert_eq!(project.ids(), ["a.zip!/2.txt", "a.zip!/3.txt"]);
    assert_eq!(project.totals(), [2, 2, 0, 0, 0]);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_size_of_a_crawl() {
    let project = Project::new();
    let record = |number: usize, media: &str, body: &str| {
        let http = format!("HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n\r\n{body}");
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/{number}\r\n\
             WARC-Date: 2021-06-28T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n\
             Content-Length: {}\r\n\r\n{http}\r\n\r\n",
            http.len()
        )
    };
    let story =
        "<p>The ferry ran aground on Sunday with 120 people on board, the coast guard said.</p>".repeat(200);
    let page = format!("<html><body><article><h1>Ferry aground</h1>{story}</article></body></html>");
    let crawl = |pages: usize| {
        let mut warc = String::new();
        for number in 0..pages {
            warc += &record(number, "text/html", &page);
            warc += &record(number, "video/mp4", &"frame ".repeat(40_000));
        }
        warc
    };
    project.write("small.warc", crawl(20));
    project.write("large.warc", crawl(400));
    let [small, large] = ["small.warc", "large.warc"].map(|name| peak_memory(&project, &["read", name]));
    assert!(large < small + (24 << 20), "{small} bytes for 5 MB, {large} for 100 MB");
}

#[cfg(target_os = "linux")]
#[test]
fn small_files_that_ask_for_huge_tables_are_refused() {
    let project = Project::new();
    let fixtures = repository().join("tests/fixtures/broken");
    for (name, reason) in [
        ("bomb.ods", "a sheet of more than 5000000 cells"),
        ("bomb.parquet", "unpacks to 209715234 bytes from"),
        ("brotli-bomb.warc", "larger than the limit of 33554432 bytes for one article"),
    ] {
        project.write(name, std::fs::read(fixtures.join(name)).unwrap());
        let run = project.run(&["read", name]);
        assert_eq!(run.code, 3, "{name}: {}", run.err);
        assert!(run.err.contains(reason), "{name}: {}", run.err);
        let peak = peak_memory(&project, &["read", name]);
        assert!(peak < 200 << 20, "{name}: {peak} bytes");
    }
}
