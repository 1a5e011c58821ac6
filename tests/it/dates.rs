//! Publication dates and timelines through the command: what is believed, what is flagged, what a calendar shows.

use crate::support::Project;

/// Identifiers of the hits of a query, in order of date.
fn hits(project: &Project, query: &str) -> String {
    let run = project
        .run(&["query", query, "--sort", "date", "--format", "csv", "--fields", "id", "--limit", "all"]);
    assert!(run.code <= 1, "{query}: {}", run.err);
    run.out.lines().skip(1).collect::<Vec<_>>().join(" ")
}

fn published(project: &Project, arguments: &[&str]) -> Vec<String> {
    let run = project.run(arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    let read = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let shown =
        |article: serde_json::Value| article["published"]["date"].as_str().unwrap_or("none").to_owned();
    run.out.lines().map(read).map(shown).collect()
}

#[test]
fn dates_that_cannot_be_believed_are_flagged_and_lose_no_article() {
    let project = Project::new();
    let articles = [
        r#"{"id":"good","date":"2021-06-28","text":"A ship came in with grain."}"#,
        r#"{"id":"future","date":"2048-01-01","text":"A ship came in with corn."}"#,
        r#"{"id":"impossible","date":"0000-00-00","text":"A ship came in with coal."}"#,
        r#"{"id":"unclear","date":"03/04/2021","text":"A ship came in with salt."}"#,
        r#"{"id":"changed","modified":"2021-07-01","text":"A ship came in with fish."}"#,
        r#"{"id":"conflict","date":"2021-06-28","url":"https://example.org/2019/01/02/a","text":"A ship came in with rum."}"#,
        r#"{"id":"far","date":"99999-01-01","text":"A ship came in with tea."}"#,
        r#"{"id":"seconds","date":"1624876800","text":"A ship came in with oil."}"#,
        r#"{"id":"milliseconds","date":"1624876800000","text":"A ship came in with tin."}"#,
    ];
    project.write("news.jsonl", articles.join("\n"));
    assert_eq!(project.run(&["ingest", "news.jsonl"]).code, 0);
    let cases = [
        ("ship", "seconds milliseconds good conflict unclear changed future impossible far"),
        ("has:date-future", "future"),
        ("has:date-doubtful", "unclear changed future impossible far"),
        ("has:date-conflict", "conflict"),
        ("missing:published", "impossible far"),
        ("published:2021-06-28", "good conflict seconds milliseconds"),
        ("published:>2045", "future"),
    ];
    for (query, expected) in cases {
        let mut found: Vec<String> = hits(&project, query).split(' ').map(str::to_owned).collect();
        let mut wanted: Vec<&str> = expected.split(' ').collect();
        found.sort();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{query}");
    }
}

#[test]
fn a_folder_teaches_the_order_of_day_and_month() {
    let project = Project::new();
    project.write("british/news.csv", "id,date,text\na,28/06/2021,One.\nb,03/04/2021,Two.\n");
    project.write("american/a.json", r#"{"id":"c","date":"06/28/2021","text":"Three."}"#);
    project.write("american/b.json", r#"{"id":"d","date":"04/03/2021","text":"Four."}"#);
    project.write("silent/a.json", r#"{"id":"e","date":"04/03/2021","text":"Five."}"#);
    let read = published(&project, &["read", "british", "american", "silent"]);
    assert_eq!(read, ["2021-06-28", "2021-04-03", "2021-06-28", "2021-04-03", "2021-04-03"]);
    assert_eq!(project.run(&["ingest", "british", "american", "silent"]).code, 0);
    assert_eq!(hits(&project, "published:2021-04-03"), "b d e");
    assert_eq!(hits(&project, "has:date-doubtful"), "e");
    // Nothing of it makes an article look changed.
    let before = project.totals();
    assert_eq!(project.run(&["ingest", "british", "american", "silent"]).code, 0);
    assert_eq!(project.totals(), before);
    assert_eq!(hits(&project, "published:2021-04-03"), "b d e");
}

#[test]
fn rules_for_dates_are_typed_or_stand_in_the_settings() {
    let project = Project::new();
    project.write("news/1999/2001-02-03-a.json", r#"{"id":"a","date":"2021-06-28","text":"One."}"#);
    project.write("news/old/b.txt", "A title\n\nA text without any date.");
    let read = |arguments: &[&str]| published(&project, &[&["read", "news"], arguments].concat());
    assert_eq!(read(&[]), ["2021-06-28", "none"]);
    assert_eq!(read(&["--date-from", "path"]), ["2001-02-03", "none"]);
    assert_eq!(read(&["--published", "1987"]), ["2021-06-28", "1987"]);
    assert_eq!(read(&["--published", "1987", "--date-from", "given"]), ["1987", "1987"]);
    project.write(
        "news/dateline.toml",
        "[folder.1999]\ndate_from = \"path\"\n[folder.old]\npublished = \"1963-05\"\n",
    );
    assert_eq!(read(&[]), ["2001-02-03", "1963-05"]);
    assert_eq!(read(&["--published", "1987"]), ["1987", "1987"], "what is typed wins");
    let wrong = project.run(&["read", "news", "--date-from", "stars"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("file-time"), "{}", wrong.err);
    project.write("news/dateline.toml", "[folder.old]\npublished = \"soon\"\n");
    assert!(project.run(&["read", "news"]).err.contains("old"));
}

#[test]
fn timelines_show_their_gaps_on_both_axes_and_beyond_the_usual_calendar() {
    let project = Project::new();
    let articles = [
        r#"{"id":"a","date":"2020-11-05","text":"In 44 BC he was killed."}"#,
        r#"{"id":"b","date":"2021-01-05","text":"In 1066 they landed, and in May 1068 others did."}"#,
        r#"{"id":"c","date":"2021-08-05","text":"It will end in the year 2101."}"#,
    ];
    project.write("news.jsonl", articles.join("\n"));
    assert_eq!(project.run(&["ingest", "news.jsonl"]).code, 0);
    let table = |by| project.run(&["query", "--by", by, "--format", "csv"]).out;
    assert_eq!(
        table("month").lines().take(5).collect::<Vec<_>>(),
        [
            "month,articles,stories,archive,per_1000",
            "2020-11,1,1,1,1000",
            "2020-12,0,0,0,0",
            "2021-01,1,1,1,1000",
            "2021-02,0,0,0,0"
        ]
    );
    assert_eq!(table("event-month"), "event-month,articles,stories\n1068-05,1,1\n");
    assert!(table("event-year").contains("1066,1,1\n1067,0,0\n1068,1,1\n"), "{}", table("event-year"));
    let shown = project.run(&["query", "--by", "month"]).out;
    assert!(shown.contains("⋮ none from 2021-02 to 2021-07"), "{shown}");
    let facet = project.run(&["query", "--limit", "0", "--facet", "event"]).out;
    assert!(facet.contains("⋮ none in 1067"), "{facet}");
    for (query, expected) in [
        ("event:1066", "b"),
        ("event:1060s", "b"),
        ("event:..1000", "a"),
        ("event:-0043", "a"),
        ("event:2101", "c"),
        ("event:>1677", "c"),
        ("event:1068-Q2", "b"),
        ("event~:1068-05-10", "b"),
        ("event:1066/P3Y", "b"),
    ] {
        assert_eq!(hits(&project, query), expected, "{query}");
    }
}

#[test]
fn the_line_that_tells_the_publication_tells_no_event() {
    let project = Project::new();
    project.write(
        "a.txt",
        "Ship sinks\n\nPublished 28 June 2021, 14:05\n\nThe ship sank on 26 June off the coast.",
    );
    let run = project.run(&["extract", "a.txt"]);
    let line: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let dates: Vec<&str> = line["mentions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|mention| mention["type"] == "date")
        .map(|mention| mention["value"].as_str().unwrap())
        .collect();
    assert_eq!(line["published"]["date"], "2021-06-28");
    assert_eq!(dates, ["2021-06-26"]);
}
