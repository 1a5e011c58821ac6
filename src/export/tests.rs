//! Every format is written for two sample articles and compared with docs/OUTPUT.md, so that the document is true.
//!
//! `UPDATE=1 cargo test export` writes the document's blocks anew.

use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use jiff::civil::date;

use crate::article::{
    Actor, ActorKind, Annotated, Annotations, Article, Entity, Mention, Place, PlaceKind, Timex, TimexKind,
};
use crate::calendar::{DateSource, Precision, Published};
use crate::export::column::{Column, Row};
use crate::export::list::{EXPORTERS, Format, Listing, check_fields, find_format, table_format};
use crate::export::table::Table;
use crate::language::Language;
use crate::query::response::{FacetCounts, FacetValue, Hit, Snippet, Unit};
use crate::span::Span;

const DOCUMENT: &str = "docs/OUTPUT.md";

fn actor(name: &str, kind: ActorKind) -> Entity {
    Entity::Actor(Arc::new(Actor { name: name.into(), kind, country: Some("US".into()) }))
}

fn place(path: &[&str], kind: PlaceKind, lat: f64, lon: f64) -> Entity {
    Entity::Place(Arc::new(Place {
        demonym: false,
        kind,
        name: (*path.last().unwrap()).into(),
        path: path.iter().map(|&step| step.into()).collect(),
        lat,
        lon,
        geonames_id: Some(99_072),
        approximate: false,
        confidence: 1.0,
        focus: true,
    }))
}

fn mention(text: &str, name: &str, entity: Entity) -> Mention {
    let start = text.find(name).unwrap();
    Mention { span: Span::new(start, start + name.len()), entity }
}

fn sample() -> Vec<(Hit, Annotated)> {
    let text =
        "Joe Biden spoke with the governor of Mosul on 28 June 2021. The White House & others listened.";
    let june = Timex {
        kind: TimexKind::Date,
        value: "2021-06-28".into(),
        from: Some(date(2021, 6, 28)),
        to: Some(date(2021, 6, 28)),
        publication: false,
    };
    let published = Published {
        date: date(2021, 6, 29),
        time: None,
        precision: Precision::Day,
        source: DateSource::Field,
    };
    let article = Article {
        id: "a1".into(),
        path: "news/a1.json".into(),
        format: "json",
        title: Some("=Talks in \"Mosul\", 50% done".into()),
        text: text.into(),
        published: Some(published.clone()),
        authors: vec!["A. Writer".into(), "B. Reporter".into()],
        source: Some("The Example".into()),
        section: Some("World".into()),
        url: Some("https://example.org/a1?x=1&y=2".into()),
        keywords: vec!["talks".into()],
        ..Article::default()
    };
    let mentions = vec![
        mention(text, "Joe Biden", actor("Joe Biden", ActorKind::Person)),
        mention(text, "Mosul", place(&["Asia", "Iraq", "Nineveh", "Mosul"], PlaceKind::City, 36.34, 43.13)),
        mention(text, "28 June 2021", Entity::Date(Arc::new(june))),
        mention(text, "White House", actor("White House", ActorKind::Government)),
    ];
    let annotated = Annotated {
        article,
        language: Language::ENGLISH,
        published: Some(published),
        annotations: Annotations { title_mentions: Vec::new(), mentions },
    };
    let hit = Hit {
        id: "a1".into(),
        title: annotated.article.title().into(),
        published: annotated.published.as_ref().map(Published::record),
        source: annotated.article.source.clone(),
        language: "en".into(),
        path: annotated.article.path.clone(),
        snippet: Snippet { text: "the governor of Mosul on 28 June".into(), marks: vec![Span::new(16, 21)] },
        score: 1.234_567,
        story: "a1".into(),
        copies: 0,
        has_copies: false,
    };
    let bare = Annotated {
        article: Article { id: "b 2".into(), path: "b.txt".into(), format: "text", ..Article::default() },
        language: Language::UNDETERMINED,
        published: None,
        annotations: Annotations::default(),
    };
    let bare_hit = Hit {
        id: "b 2".into(),
        title: String::new(),
        published: None,
        source: None,
        language: "und".into(),
        path: "b.txt".into(),
        snippet: Snippet::default(),
        score: 0.5,
        story: "b 2".into(),
        copies: 0,
        has_copies: false,
    };
    vec![(hit, annotated), (bare_hit, bare)]
}

fn facets() -> Vec<FacetCounts> {
    let value = |value: &str, label: &str| FacetValue {
        unusual: None,
        value: value.into(),
        label: label.into(),
        count: 1,
        selected: false,
    };
    let values = vec![value("government/White House", "White House"), value("person/Joe Biden", "Joe Biden")];
    vec![FacetCounts { name: "actor", values, more: 3 }]
}

fn listing() -> Listing {
    Listing {
        query: "mosul".into(),
        tree: "mosul".into(),
        total: 2,
        unit: Unit::Articles,
        facets: facets(),
        warnings: Vec::new(),
        columns: Column::defaults(),
        chosen: false,
        made: "2026-03-31T12:00:00Z".into(),
    }
}

fn written(format: &Format, listing: &Listing) -> Vec<u8> {
    let mut out = Vec::new();
    let mut exporter = (format.list)();
    exporter.begin(&mut out, listing).unwrap();
    for (index, (hit, annotated)) in sample().iter().enumerate() {
        exporter.article(&mut out, listing, &Row { number: index + 1, hit, annotated }).unwrap();
    }
    exporter.end(&mut out, listing).unwrap();
    out
}

/// The block that follows the line `### NAME` in the document, as a byte range.
fn block(document: &str, name: &str) -> std::ops::Range<usize> {
    let heading = format!("\n### {name}\n");
    let section = document.find(&heading).unwrap_or_else(|| panic!("no section {name} in {DOCUMENT}"));
    let fence = section + document[section..].find("\n```").unwrap() + 1;
    let start = fence + document[fence..].find('\n').unwrap() + 1;
    start..start + document[start..].find("```").unwrap()
}

#[test]
fn every_format_is_written_as_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let mut document = fs::read_to_string(&path).unwrap();
    for format in EXPORTERS.iter().filter(|format| format.name != "xlsx") {
        let found = String::from_utf8(written(format, &listing())).unwrap().replace('\r', "");
        let range = block(&document, format.name);
        if env::var_os("UPDATE").is_some() {
            document.replace_range(range, &found);
        } else {
            assert_eq!(document[range], found, "{}: UPDATE=1 writes {DOCUMENT} anew", format.name);
        }
    }
    if env::var_os("UPDATE").is_some() {
        fs::write(path, document).unwrap();
    }
}

#[test]
fn chosen_fields_are_listed_in_their_order() {
    let columns = Column::parse_list("place,id,actor,published,author,event,number").unwrap();
    let chosen = Listing { columns, chosen: true, ..listing() };
    let csv = String::from_utf8(written(find_format("csv").unwrap(), &chosen)).unwrap();
    let expected = "place,id,actor,published,author,event,number\n\
        Asia/Iraq/Nineveh/Mosul,a1,government/White House; person/Joe Biden,2021-06-29,A. Writer; B. Reporter,2021-06-28,1\n\
        ,b 2,,,,,2\n";
    assert_eq!(csv, expected);
    let jsonl = String::from_utf8(written(find_format("jsonl").unwrap(), &chosen)).unwrap();
    let expected = r#"{"place":[],"id":"b 2","actor":[],"published":null,"author":[],"event":[],"number":2}"#;
    assert_eq!(jsonl.lines().nth(1), Some(expected));
}

#[test]
fn json_formats_are_json() {
    for name in ["json", "geojson", "geojson-articles", "csl-json"] {
        let found = written(find_format(name).unwrap(), &listing());
        serde_json::from_slice::<serde_json::Value>(&found).unwrap();
    }
}

#[test]
fn a_spreadsheet_is_a_zip_archive() {
    assert!(written(find_format("xlsx").unwrap(), &listing()).starts_with(b"PK"));
}

#[test]
fn tables_are_written_where_they_fit() {
    let table = Table::of_facets(&facets());
    for format in EXPORTERS {
        match table_format(format) {
            Ok(write) => {
                let mut out = Vec::new();
                write(&mut out, &table).unwrap();
                assert!(!out.is_empty(), "{}", format.name);
            }
            Err(error) => assert!(error.to_string().contains("json, jsonl, csv"), "{error}"),
        }
    }
    let mut out = Vec::new();
    table_format(find_format("csv").unwrap()).unwrap()(&mut out, &table).unwrap();
    let csv = String::from_utf8(out).unwrap();
    assert_eq!(csv.lines().nth(2), Some("actor,person/Joe Biden,Joe Biden,1"));
}

#[test]
fn what_does_not_fit_says_what_does() {
    let ris = find_format("ris").unwrap();
    assert!(check_fields(ris, true).is_err_and(|error| error.to_string().contains("csv")));
    assert!(check_fields(ris, false).is_ok());
    assert!(find_format("docx").is_err_and(|error| error.to_string().contains("geojson")));
    assert_eq!(find_format("bib").unwrap().name, "bibtex");
}
