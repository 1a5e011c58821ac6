//! What goes wrong outside dateline: files that are broken, unreadable or not what they say.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::hostile;
use crate::support::{Project, repository};

/// How many tables lie about themselves.
const TABLES: usize = 400;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_thousand_hostile_files_give_their_good_articles_and_reasons_for_the_rest() {
    let project = Project::new();
    let expected = hostile::lay(&project.path("news"), 1000);
    assert!(expected.words.len() > 1000, "{} good articles", expected.words.len());

    let run = project.run(&["ingest", "news"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(!run.err.contains("panicked"), "{}", run.err);
    let [found, indexed, _, skipped, failed] = project.totals();
    assert!(found >= expected.files as u64, "{found} records of {} files", expected.files);
    assert!(indexed >= expected.words.len() as u64);
    assert!(skipped > 0 && failed > 0);

    let titles = project.run(&["query", "--limit", "all", "--no-collapse", "--format", "jsonl"]);
    let titles = lines(&titles.out);
    let words: BTreeSet<&str> =
        titles.iter().filter_map(|hit| hit["title"].as_str()).flat_map(str::split_whitespace).collect();
    let lost: Vec<&String> = expected.words.iter().filter(|word| !words.contains(word.as_str())).collect();
    assert!(lost.is_empty(), "{} of {} good articles lost: {lost:?}", lost.len(), expected.words.len());

    let rows = lines(&project.run(&["status", "--failed", "--format", "jsonl"]).out);
    assert_eq!(rows.len() as u64, failed);
    for row in &rows {
        let reason = row["reason"].as_str().unwrap();
        assert!(!reason.is_empty() && row["stage"].as_str().is_some_and(|stage| !stage.is_empty()), "{row}");
        assert!(!reason.starts_with("the reader stopped"), "a reader panicked: {row}");
    }
    if cfg!(unix) {
        let walked = rows.iter().filter(|row| row["stage"] == "walk").count();
        assert_eq!(walked, 3, "a circle, a link to itself and a link to nowhere: {rows:?}");
    }

    let again = project.run(&["ingest", "news"]);
    assert!(!again.err.contains("panicked"), "{}", again.err);
    assert_eq!(project.totals()[..2], [found, indexed], "a second run changes nothing");

    #[cfg(target_os = "linux")]
    {
        let peak = crate::support::peak_memory(&project, &["--index", "other", "ingest", "news"]);
        assert!(peak <= 600 << 20, "{peak} bytes");
    }
}

/// Our own table with bytes of its metadata changed, so that what they say of it is not true: the same each time.
fn lying_tables(count: usize) -> Vec<Vec<u8>> {
    let table = std::fs::read(repository().join("tests/fixtures/parquet/articles.parquet")).unwrap();
    let footer = table.len() / 3;
    let mut state = 0x5EED_u64;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    let mut lie = |_| {
        let mut table = table.clone();
        for _ in 0..=below(3) {
            let at = footer + below(table.len() - footer);
            table[at] = if below(2) == 0 { table[at] ^ (1 << below(8)) } else { below(256) as u8 };
        }
        table
    };
    (0..count).map(&mut lie).collect()
}

#[test]
fn a_library_that_panics_costs_the_file_that_it_reads() {
    let project = Project::new();
    let tables = lying_tables(TABLES);
    for (number, table) in tables.iter().enumerate() {
        project.write(&format!("news/{number:04}.parquet"), table);
    }
    project.write("news/last.txt", "Ferry sails\n\nThe ferry Wendover sailed on Monday.\n");
    let run = project.run(&["ingest", "news"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(!run.err.contains("panicked at"), "{}", run.err);

    // Every file is on the books, whatever became of it.
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut stopped = 0;
    for row in
        lines(&project.run(&["status", "--failed", "--skipped", "--duplicate", "--format", "jsonl"]).out)
    {
        seen.insert(row["path"].as_str().unwrap().to_owned());
        let reason = row["reason"].as_str().unwrap();
        stopped += usize::from(reason.starts_with("the reader stopped: ") && reason.contains("(parquet-"));
    }
    let listed = project.run(&["query", "--limit", "all", "--no-collapse", "--format", "jsonl"]);
    seen.extend(lines(&listed.out).iter().map(|hit| hit["path"].as_str().unwrap().to_owned()));
    assert_eq!(seen.len(), TABLES + 1, "{} files are on the books", seen.len());
    assert!(stopped > 0, "no table makes the library panic: change more bytes");
    assert_eq!(project.json(&["query", "wendover", "--format", "json"])["total"], 1);
    let again = project.run(&["ingest", "news"]);
    assert!(again.err.contains("Nothing to do"), "{}", again.err);
}

#[test]
fn an_index_with_a_damaged_description_is_told_and_made_anew() {
    let project = Project::new();
    project.write("news/a.txt", "Ferry sails\n\nThe ferry Wendover sailed on Monday.\n");
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let path = project.path(".dateline/articles/meta.json");
    let description = std::fs::read_to_string(&path).unwrap();
    // Two fields of one name, which the library takes for a fault of its caller.
    let name = |nth: usize| description.split("\"name\": \"").nth(nth).unwrap().split('"').next().unwrap();
    let twice =
        description.replace(&format!("\"name\": \"{}\"", name(2)), &format!("\"name\": \"{}\"", name(1)));
    for damaged in [twice.as_str(), "{", "", &description.replace("segments", "fragments")] {
        std::fs::write(&path, damaged).unwrap();
        let run = project.run(&["query", "wendover"]);
        assert_eq!(run.code, 4, "{}", run.err);
        assert!(run.err.starts_with("error: ") && !run.err.contains("panicked"), "{}", run.err);
        assert!(run.err.contains(".dateline"), "{}", run.err);
    }
    std::fs::remove_dir_all(project.path(".dateline")).unwrap();
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
}

#[cfg(unix)]
#[test]
fn an_index_that_may_only_be_read_is_asked_all_the_same() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    let project = Project::new();
    project.write("news/a.txt", "Ferry sails\n\nThe ferry Wendover sailed on Monday.\n");
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    let mode = |name: &str| std::fs::metadata(project.path(name)).unwrap().permissions().mode();
    for name in ["articles/meta.json", "articles/.managed.json"] {
        let name = format!(".dateline/{name}");
        assert_eq!(
            mode(&name) & 0o444,
            mode(".dateline/version") & 0o444,
            "{name} is as readable as the rest"
        );
    }

    let lock = |write: u32| {
        for entry in walkdir::WalkDir::new(project.path("")).into_iter().map(Result::unwrap) {
            let bits = if entry.file_type().is_dir() { 0o555 } else { 0o444 };
            std::fs::set_permissions(entry.path(), std::fs::Permissions::from_mode(bits | write)).unwrap();
        }
    };
    lock(0);
    // Root may write everywhere: somebody else asks.
    let is_root = std::fs::write(project.path(".dateline/probe"), "").is_ok();
    let ask = |arguments: &[&str]| {
        let own = project.command(arguments);
        let mut command = Command::new(if is_root { "setpriv" } else { env!("CARGO_BIN_EXE_dateline") });
        if is_root {
            command.args([
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                env!("CARGO_BIN_EXE_dateline"),
            ]);
        }
        command.args(arguments).current_dir(own.get_current_dir().unwrap()).env("NO_COLOR", "1");
        command.output()
    };
    let can_ask = ask(&["--version"]).is_ok_and(|run| run.status.success());
    let asked = can_ask.then(|| (ask(&["query", "wendover"]).unwrap(), ask(&["ingest", "news"]).unwrap()));
    lock(0o200);
    let Some((query, ingest)) = asked else { return };
    let said = |run: &std::process::Output| String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(query.status.code(), Some(0), "{}", said(&query));
    assert!(String::from_utf8_lossy(&query.stdout).contains("Wendover"));
    assert!(ingest.status.code().is_some_and(|code| code > 1), "{}", said(&ingest));
    assert!(said(&ingest).starts_with("error: ") && said(&ingest).contains(".dateline"), "{}", said(&ingest));
}
