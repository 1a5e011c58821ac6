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

/// What is found of every article: identifier, day of publication, doubts.
fn dated(project: &Project) -> Vec<(String, String, String)> {
    let run = project.run(&["query", "--limit", "all", "--sort", "date", "--format", "jsonl"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let doubtful = hits(project, "has:date-doubtful");
    let read = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let id = line["id"].as_str().unwrap().to_owned();
        let doubt = doubtful.split(' ').find(|known| **known == id).unwrap_or_default().to_owned();
        (id, line["published"]["date"].as_str().or(line["published"].as_str()).unwrap().to_owned(), doubt)
    };
    let mut all: Vec<_> = run.out.lines().map(read).collect();
    all.sort();
    all
}

#[test]
fn an_archive_has_the_same_dates_in_however_many_runs_it_is_ingested() {
    let article = |id: &str, date: &str, source: &str| {
        serde_json::json!({"id": id, "date": date, "source": source, "text": format!("Article {id}.")})
            .to_string()
    };
    let unclear =
        [("a/1.json", "one", "The Example"), ("b/1.json", "two", ""), ("c/1.json", "three", "The Sample")];
    let clear = [("a/2.json", "four", "28/06/2021", "The Example"), ("b/2.json", "five", "26/06/2021", "")];
    let write_unclear = |project: &Project| {
        for (path, id, source) in unclear {
            project.write(&format!("news/{path}"), article(id, "03/04/2021", source));
        }
    };
    let write_clear = |project: &Project| {
        for (path, id, date, source) in clear {
            project.write(&format!("news/{path}"), article(id, date, source));
        }
    };
    let ingest = |project: &Project, what: &str| assert_eq!(project.run(&["ingest", what]).code, 0);

    let (at_once, before, after, apart) = (Project::new(), Project::new(), Project::new(), Project::new());
    write_unclear(&at_once);
    write_clear(&at_once);
    let run = at_once.run(&["ingest", "news"]);
    // What is read again for its day counts once.
    assert!(run.code == 0 && run.err.contains("Indexed 5 articles"), "{}", run.err);
    assert!(run.err.contains("from 5 files"), "{}", run.err);
    let expected = dated(&at_once);
    let of = |id: &str| expected.iter().find(|known| known.0 == id).unwrap();
    assert_eq!(of("one").1, "2021-04-03");
    assert_eq!(of("two").1, "2021-04-03");
    assert_eq!((of("three").1.as_str(), of("three").2.as_str()), ("2021-03-04", "three"));

    write_clear(&before);
    ingest(&before, "news");
    write_unclear(&before);
    ingest(&before, "news");
    assert_eq!(dated(&before), expected, "what was learned in an earlier run holds");

    write_unclear(&after);
    ingest(&after, "news");
    assert_eq!(hits(&after, "has:date-doubtful").split(' ').count(), 3);
    write_clear(&after);
    ingest(&after, "news");
    assert_eq!(dated(&after), expected, "what is learned later sets right what was read before");
    assert_eq!(after.totals(), [5, 5, 0, 0, 0]);

    // Another part of the archive teaches; what it does not look at follows at its next turn.
    write_unclear(&apart);
    ingest(&apart, "news/a");
    apart.write("wire/d/2.json", article("four", "28/06/2021", "The Example"));
    ingest(&apart, "wire");
    ingest(&apart, "news/a");
    assert_eq!(hits(&apart, "published:2021-04-03"), "one");

    // What taught it is gone: nothing is known any more.
    after.remove("news/b/2.json");
    ingest(&after, "news");
    assert!(hits(&after, "has:date-doubtful").contains("two"));
}

#[test]
fn days_printed_on_web_pages_are_read_as_their_publisher_writes_them() {
    let page = |host: &str, printed: &str| {
        format!(
            "<html><head><link rel=\"canonical\" href=\"https://{host}/a\"></head><body>\
             <h1>Ferry runs aground off Gotland</h1><p>{printed}</p>\
             <p>The ferry ran aground with 120 people on board, the coast guard said in a statement.</p></body></html>"
        )
    };
    let project = Project::new();
    for (name, host, printed) in [
        ("a", "gazette.example.com", "Published 03/04/2021"),
        ("b", "gazette.example.com", "03/04/2021"),
        ("c", "gazette.example.com", "Published 04/28/2021"),
        ("d", "other.example.com", "Published 03/04/2021"),
    ] {
        project.write(&format!("pages/{name}/page.html"), page(host, printed));
    }
    let days = || -> Vec<String> {
        let run = project.run(&["read", "pages"]);
        let of = |line: &str| {
            let article: serde_json::Value = serde_json::from_str(line).unwrap();
            let doubts = article["date_doubts"].as_array().is_some_and(|doubts| !doubts.is_empty());
            format!("{}{}", article["published"]["date"].as_str().unwrap(), if doubts { "?" } else { "" })
        };
        run.out.lines().map(of).collect()
    };
    assert_eq!(days(), ["2021-03-04?", "2021-03-04?", "2021-04-28", "2021-03-04?"]);
    project.write("pages/dateline.toml", "[publisher.\"gazette.example.com\"]\ndate_order = \"day-first\"\n");
    assert_eq!(days(), ["2021-04-03", "2021-04-03", "2021-04-28", "2021-03-04?"]);
}

#[test]
fn publishers_have_clocks_orders_and_sections_of_their_own() {
    let project = Project::new();
    let article = |id: &str, date: &str, source: &str| {
        serde_json::json!({"id": id, "date": date, "source": source, "section": "SPO", "text": format!("Article {id}.")})
            .to_string()
    };
    project.write("news/1.json", article("a", "2021-06-28T02:30:00Z", "The Example"));
    project.write("news/2.json", article("b", "03/04/2021", "The Example"));
    project.write("news/3.json", article("c", "2021-06-28T02:30:00Z", "Another"));
    project.write(
        "news/dateline.toml",
        "[publisher.\"The Example\"]\ntime_zone = \"America/New_York\"\ndate_order = \"day-first\"\n\
         [publisher.\"The Example\".section]\n\"spo\" = \"Sport\"\n",
    );
    assert_eq!(published(&project, &["read", "news"]), ["2021-06-27", "2021-04-03", "2021-06-28"]);
    assert_eq!(project.run(&["ingest", "news"]).code, 0);
    assert_eq!(hits(&project, "published:2021-06-27"), "a");
    assert_eq!(hits(&project, "section:Sport"), "b a");
    assert_eq!(hits(&project, "has:date-doubtful"), "");
    // They hold in runs that name no folder, and what was read before follows when it is asked for.
    project.write("news/4.json", article("d", "2021-06-28T03:30:00Z", "The Example"));
    assert_eq!(project.run(&["ingest"]).code, 0);
    assert_eq!(hits(&project, "published:2021-06-27").split(' ').count(), 2);
    project.write("news/dateline.toml", "[publisher.\"The Example\"]\ntime_zone = \"Asia/Tokyo\"\n");
    let told = project.run(&["ingest"]);
    assert!(told.err.contains("hint: dateline ingest --retry all"), "{}", told.err);
    assert_eq!(project.run(&["ingest", "--retry", "all"]).code, 0);
    assert_eq!(hits(&project, "published:2021-06-27"), "");
    assert!(!project.run(&["ingest"]).err.contains("--retry all"));
    project.write("news/dateline.toml", "[publisher.\"The Example\"]\ntime_zone = \"Mars\"\n");
    let wrong = project.run(&["ingest", "news"]);
    assert!(
        wrong.code == 2 && wrong.err.contains("The Example") && wrong.err.contains("Mars"),
        "{}",
        wrong.err
    );
}

#[test]
fn mentions_count_in_the_text_that_read_gives() {
    let project = Project::new();
    project.write("news/a.txt", "\n\n   A short title\n\n\n  It began on 28 June 2021.\n");
    let text = project.json(&["read", "news"])["text"].as_str().unwrap().to_owned();
    let line = project.json(&["extract", "news"]);
    let mention =
        line["mentions"].as_array().unwrap().iter().find(|mention| mention["type"] == "date").unwrap();
    let (start, end) =
        (mention["start"].as_u64().unwrap() as usize, mention["end"].as_u64().unwrap() as usize);
    assert_eq!(text.chars().skip(start).take(end - start).collect::<String>(), "28 June 2021");
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
fn numbers_too_large_to_count_are_no_dates() {
    let project = Project::new();
    let article = r#"{"published": "2021-06-28", "text": "The rock formed 4294967,296 years ago, and was found 2 years ago."}"#;
    let run = project.pipe(&["extract"], article);
    let found: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let values: Vec<&str> = found["mentions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mention| mention["value"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["PAST_REF", "2019"], "{found}");
}

#[test]
fn the_line_that_tells_the_publication_tells_no_event() {
    let texts = [
        "Ship sinks\n\nPublished 28 June 2021, 14:05\n\nThe ship sank on 26 June off the coast.",
        "Ship sinks\n\nMANILA, June 28 (Reuters) - The ship sank on June 26 off the coast.",
    ];
    for text in texts {
        let project = Project::new();
        project.write("2021-06-28-a.txt", text);
        let run = project.run(&["extract", "2021-06-28-a.txt"]);
        let line: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let mentions = line["mentions"].as_array().unwrap();
        let dates: Vec<(&str, Option<&str>)> = mentions
            .iter()
            .filter(|mention| mention["type"] == "date")
            .map(|mention| (mention["value"].as_str().unwrap(), mention["role"].as_str()))
            .collect();
        assert_eq!(line["published"]["date"], "2021-06-28", "{text}");
        let day = dates.iter().find(|(_, role)| *role == Some("publication"));
        assert!(day.is_some_and(|(value, _)| value.starts_with("2021-06-28")), "{dates:?}");
        assert!(dates.contains(&("2021-06-26", None)), "{dates:?}");
        assert_eq!(dates.len(), 2, "{dates:?}");

        project.run(&["ingest", "2021-06-28-a.txt"]);
        let found = |query| project.run(&["query", query, "--format", "jsonl"]).out.lines().count();
        assert_eq!((found("event:2021-06-26"), found("event:2021-06-28")), (1, 0), "{text}");
    }
}

#[test]
fn annotated_articles_keep_their_positions_from_a_file_as_from_standard_input() {
    let project = Project::new();
    let text = "\n\n  It began on 28 June 2021 there.";
    let line = |mentions: &str| format!("{{\"id\":\"a\",\"text\":{text:?},\"mentions\":{mentions}}}\n");
    let article = line("[{\"start\":16,\"end\":28,\"type\":\"date\"}]");
    project.write("gold.jsonl", &article);
    let from_file = project.run(&["extract", "gold.jsonl"]);
    assert_eq!(from_file.out, project.pipe(&["extract"], &article).out);
    assert!(from_file.out.contains("\"start\":16,\"end\":28"), "{}", from_file.out);
    // Mentions of another kind are a field like any other, and its text is tidied.
    project.write("other.jsonl", line("[\"Jane Doe\"]"));
    let tidied = project.run(&["extract", "other.jsonl"]);
    assert!(tidied.out.contains("\"start\":12,\"end\":24"), "{}", tidied.out);
}
