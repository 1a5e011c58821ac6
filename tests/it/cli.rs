//! The commands end to end, as people type them: what they print, and how they exit.

use crate::support::{Project, repository};

fn sample() -> Project {
    let project = Project::new();
    let corpus = repository().join("sample-corpus");
    let run = project.run(&["ingest", corpus.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(!run.err.contains("warning"), "the first run ends clean: {}", run.err);
    project
}

#[test]
fn the_sample_corpus_answers_by_text_actor_place_and_date() {
    let project = sample();
    let [found, indexed, duplicate, skipped, failed] = project.totals();
    assert!(found >= 80, "{found}");
    assert_eq!((indexed + duplicate, skipped, failed), (found, 0, 0));
    let answer = project.json(&[
        "query",
        "drone attack",
        "--actor",
        "Joe Biden",
        "--place",
        "Iraq",
        "--event",
        "2021-06",
        "--facet",
        "actor=50",
        "--facet",
        "place=50",
        "--facet",
        "published",
        "--format",
        "json",
        "--limit",
        "all",
    ]);
    assert!(answer["total"].as_u64().unwrap() > 0, "{answer}");
    assert_eq!(answer["hits"].as_array().unwrap().len() as u64, answer["total"].as_u64().unwrap());
    for facet in ["actor", "place", "published"] {
        assert!(!answer["facets"][facet].as_array().unwrap().is_empty(), "{facet} in {answer}");
    }
}

#[test]
fn every_count_of_a_facet_is_what_clicking_it_shows() {
    let project = sample();
    for facet in ["actor", "place", "event", "published", "source", "language"] {
        let counted = format!("{facet}=8");
        let answer = project.json(&["query", "the", "--facet", &counted, "--limit", "0", "--format", "json"]);
        for value in answer["facets"][facet].as_array().unwrap() {
            let clicked = format!("{facet}={}", value["value"].as_str().unwrap());
            let shown =
                project.json(&["query", "the", "--filter", &clicked, "--limit", "0", "--format", "json"]);
            assert_eq!(shown["total"], value["count"], "{clicked}");
        }
    }
}

#[test]
fn commands_exit_with_what_happened() {
    let project = sample();
    let cases: &[(&[&str], i32, &str)] = &[
        (&["query", "reactor"], 0, ""),
        (&["query", "zyxwvu"], 1, "nothing found"),
        (&["query", "one \"two"], 2, "unbalanced quote at column 5"),
        (&["query", "plce:Iraq"], 2, "did you mean place:?"),
        (&["query", "--facet", "plce"], 2, "place"),
        (&["query", "--format", "docx", "reactor"], 2, "csv"),
        (&["query", "--index", "nowhere", "reactor"], 4, "dateline ingest"),
        (&["status", "--index", "nowhere"], 4, "dateline ingest"),
        (&["ingest", "nowhere"], 2, "no such file or folder"),
        (&["ingest", ".dateline"], 2, "an index, not a folder of articles"),
        (&["query", "--in", ".dateline", "reactor"], 2, "ask it with --index .dateline"),
        (&["show", "nobody"], 1, "nobody"),
        (&["status"], 0, ""),
        (&["--version"], 0, ""),
        (&["completions", "bash"], 0, ""),
    ];
    for (arguments, code, message) in cases {
        let run = project.run(arguments);
        assert_eq!(run.code, *code, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn an_index_of_another_version_says_what_to_do() {
    let project = sample();
    project.write(".dateline/version", "0\n");
    let run = project.run(&["query", "reactor"]);
    assert_eq!(run.code, 4);
    assert!(run.err.contains("format 0") && run.err.contains("dateline ingest"), "{}", run.err);
}

#[test]
fn one_command_asks_a_folder_that_was_never_indexed() {
    let project = Project::new();
    project
        .write("news/a.txt", "Reactor burns\n\nKIEV, May 1 - The reactor at Chernobyl in Ukraine burns.\n");
    let first = project.run(&["query", "--in", "news", "reactor", "--facet", "place"]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.out.contains("Reactor burns") && first.out.contains("Europe/Ukraine"), "{}", first.out);
    project.write("news/b.txt", "Second reactor\n\nAnother reactor was switched off.\n");
    let second = project.json(&["query", "--in", "news", "reactor", "--format", "json"]);
    assert_eq!(second["total"], 2);
}

#[test]
fn reading_and_extracting_compose() {
    let project = Project::new();
    project.write("news/a.txt", "Envoys meet\n\nBarack Obama flew to Berlin on Tuesday.\n");
    let read = project.run(&["read", "--published", "2013-06-20", "news"]);
    project.write("read.jsonl", &read.out);
    let by_hand = project.run(&["extract", "--published", "2013-06-20", "news"]);
    let input = std::fs::File::open(project.path("read.jsonl")).unwrap();
    let piped = project.command(&["extract"]).stdin(input).output().unwrap();
    assert_eq!(String::from_utf8(piped.stdout).unwrap(), by_hand.out);
    let line: serde_json::Value = serde_json::from_str(&by_hand.out).unwrap();
    let named = |kind: &str, key: &str| -> Vec<String> {
        let mentions = line["mentions"].as_array().unwrap().iter().filter(|mention| mention["type"] == kind);
        mentions.filter_map(|mention| mention[key].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(named("actor", "name"), ["Barack Obama"]);
    assert_eq!(named("place", "name"), ["Berlin"]);
    assert_eq!(named("date", "value"), ["2013-06-18"]);
}

/// One file that people hand on; debug builds are larger.
#[test]
#[cfg(not(debug_assertions))]
fn the_program_is_small_enough_to_hand_on() {
    const MOST_BYTES: u64 = 60 << 20;
    let bytes = std::fs::metadata(env!("CARGO_BIN_EXE_dateline")).unwrap().len();
    assert!(bytes <= MOST_BYTES, "{bytes} bytes; was it built with CARGO_PROFILE_RELEASE_STRIP=none?");
}

#[test]
fn the_example_of_the_readme_is_what_the_program_prints() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let (_, example) = readme.split_once("```console\n$ dateline ").unwrap();
    let (example, _) = example.split_once("\n```").unwrap();
    let (command, printed) = example.split_once('\n').unwrap();
    // Only the words in quotation marks hold a space.
    let arguments: Vec<&str> = command
        .split('\'')
        .enumerate()
        .flat_map(|(at, part)| if at % 2 == 1 { vec![part] } else { part.split_whitespace().collect() })
        .collect();
    assert_eq!(sample().run(&arguments).out.trim_end(), printed.trim_end());
}
