//! What the language means, as tables; and the laws it keeps on any input.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

const TODAY: Date = date(2026, 3, 31);

fn tree(text: &str) -> Query {
    match parse(text, TODAY) {
        Ok(parsed) => parsed.query,
        Err(error) => panic!("{text}: {error}"),
    }
}

fn field(name: &str) -> &'static Field {
    find_field(name).unwrap()
}

fn word(text: &str) -> Query {
    Query::Word { field: None, text: text.into(), exact: false, distance: 0 }
}

fn value(name: &str, value: &str) -> Query {
    Query::Value { field: field(name), value: value.into(), distance: 0 }
}

/// What each text is understood as, printed back.
const READINGS: &[(&str, &str)] = &[
    ("", "*"),
    ("*", "*"),
    ("iraq war", "iraq war"),
    ("iraq AND war", "iraq war"),
    ("iraq && war", "iraq war"),
    ("+iraq +war", "iraq war"),
    ("iraq OR war", "iraq OR war"),
    ("a b OR c", "(a b) OR c"),
    ("(a OR b) OR c", "a OR b OR c"),
    ("a (b (c d))", "a b c d"),
    ("a -b", "a -b"),
    ("a NOT b", "a -b"),
    ("a !b", "a -b"),
    ("NOT (a OR b)", "-(a OR b)"),
    ("--a", "--a"),
    ("well-known", "well-known"),
    ("U.S. - Iran", "U.S. Iran"),
    ("C++", "C\\+\\+"),
    ("\\AND \\-x", "\\AND \\-x"),
    ("\"prime minister\"", "\"prime minister\""),
    ("\"prime minister\"~5", "\"prime minister\"~5"),
    ("“prime minister”", "\"prime minister\""),
    ("«premier ministre»", "\"premier ministre\""),
    ("minist*", "minist*"),
    ("wom?n", "wom?n"),
    ("*stan", "*stan"),
    ("100\\* a\\?b*c", "100\\* a\\?b*c"),
    ("bagdad~", "bagdad~1"),
    ("bagdad~2", "bagdad~2"),
    ("/bomb(er|ing)s?/", "/bomb(er|ing)s?/"),
    ("/a\\/b/", "/a\\/b/"),
    ("path:/home/me/news", "path:\"/home/me/news\""),
    ("actor:Biden", "actor:Biden"),
    ("ACTOR:Biden", "actor:Biden"),
    ("who:Biden", "actor:Biden"),
    ("actor:\"Joe Biden\"", "actor:\"Joe Biden\""),
    ("actor:\"person/Joe Biden\"", "actor:\"person/Joe Biden\""),
    ("person:\"Joe Biden\"", "actor:\"person/Joe Biden\""),
    ("person:Bid*", "actor:person\\/Bid*"),
    ("kind:armed-group", "actor:armed-group"),
    ("continent:Asia", "place:Asia"),
    ("place:Asia/Iraq", "place:Asia/Iraq"),
    ("place: Iraq", "place:Iraq"),
    ("focus:Iraq", "focus:Iraq"),
    ("actor:Kadafi~1", "actor:Kadafi~1"),
    ("actor:(Biden OR Trump)", "actor:Biden OR actor:Trump"),
    ("actor:(Biden -Trump)", "actor:Biden -actor:Trump"),
    ("title:(iraq \"white house\")", "title:iraq title:\"white house\""),
    ("source:Reut*", "source:Reut*"),
    ("source:/Reut.*/", "source:/Reut.*/"),
    ("actor:*", "actor:*"),
    ("url:http://example.org/~x", "url:\"http://example.org/~x\""),
    ("http://example.org/", "http\\:\\/\\/example.org\\/"),
    ("Breaking: quake at 12:30", "Breaking\\: quake at 12\\:30"),
    ("who won the election?", "who won the election"),
    ("من فاز؟", "من فاز"),
    ("published:2021", "published:2021"),
    ("pub:2020..2021", "published:2020..2021"),
    ("pub:>2020-06", "published:2020-07.."),
    ("pub:<=2020-06", "published:..2020-06"),
    ("event:2014-02..2014-04", "event:2014-02..2014-04"),
    ("event:1990s", "event:1990..1999"),
    ("event:\"1990s\"", "event:1990..1999"),
    ("event~:2014-02", "event~:2014-02"),
    ("published:2021-03/P2M", "published:2021-03..2021-04"),
    ("published:P7D/", "published:2026-03-25..2026-03-31"),
    ("published:٢٠٢١", "published:2021"),
    ("published:-0048-03-15", "published:-0048-03-15"),
    ("published:missing", "published:missing"),
    ("published:*", "published:*"),
    ("has:place", "place:*"),
    ("has:date-conflict", "has:date-conflict"),
    ("missing:published", "-published:*"),
    ("near:34.4,41.0~50km", "near:34.4,41~50km"),
    ("near:34.4, 41.0~50", "near:34.4,41~50km"),
    ("near:-34.4,-41~500m", "near:-34.4,-41~0.5km"),
    ("near:\"Al Qaim\"~50km", "near:\"Al Qaim\"~50km"),
    ("near:Mosul~10km^2", "near:\"Mosul\"~10km^2"),
    ("bbox:38.8,29.1,48.6,37.4", "bbox:38.8,29.1,48.6,37.4"),
    ("bbox:170,-50,-170,-30", "bbox:170,-50,-170,-30"),
    ("together(actor:\"Wagner\" place:Mali event:2022)", "together(actor:Wagner place:Mali event:2022)"),
    ("together(a b)~paragraph", "together(a b)~paragraph"),
    ("together(a b)~sentence", "together(a b)"),
    ("exact:\"prime ministers\"", "exact:\"prime ministers\""),
    ("exact:ministers", "exact:ministers"),
    ("exact:title:ministers", "exact:title:ministers"),
    ("exact:(a OR b)", "exact:a OR exact:b"),
    ("iraq^2 war^0.5", "iraq^2 war^0.5"),
    ("(a OR b)^3", "(a OR b)^3"),
    ("(actor：“Biden”)　place:Iraq", "actor:Biden place:Iraq"),
    ("战争 OR 和平", "战争 OR 和平"),
    ("北京，上海、广州", "北京 上海 广州"),
    ("iraq,iran;syria", "iraq iran syria"),
    ("1,000 U.S.,Iran", "1,000 U.S. Iran"),
    ("iraq\\,iran m*,iran", "iraq\\,iran m* iran"),
    ("iran\\,m*x", "iran\\,m*x"),
    ("title:iraq,iran exact:iraq,iran", "title:iraq\\,iran exact:iraq\\,iran"),
];

#[test]
fn texts_are_read_as_documented() {
    for (text, expected) in READINGS {
        let query = tree(text);
        assert_eq!(query.to_string(), *expected, "{text}");
        assert_eq!(tree(&query.to_string()), query, "{text} printed as {query}");
    }
}

#[test]
fn leaves_carry_what_engines_need() {
    assert_eq!(tree("kind:person"), value("actor", "person"));
    assert_eq!(tree("a b"), Query::And(vec![word("a"), word("b")]));
    let days = Query::Days {
        field: field("event"),
        from: Some(date(2014, 2, 1)),
        to: Some(date(2014, 2, 28)),
        overlap: true,
    };
    assert_eq!(tree("event~:2014-02"), days);
    assert_eq!(tree("a\\*b?c"), Query::Wildcard { field: None, pattern: "a\\*b?c".into() });
    assert_eq!(tree("missing:title"), Query::Not(Box::new(Query::Has(field("title")))));
}

#[test]
fn errors_point_at_the_trouble() {
    let cases = [
        ("a \"b c", 3, "unbalanced quote"),
        ("a (b", 3, "unbalanced parenthesis"),
        ("a) b", 2, "unbalanced parenthesis"),
        ("a ()", 3, "empty parentheses"),
        ("OR a", 1, "OR needs"),
        ("a OR", 3, "OR needs"),
        ("a OR OR b", 6, "OR needs"),
        ("a AND", 3, "AND needs"),
        ("AND a", 1, "AND needs"),
        ("a NOT", 3, "NOT needs"),
        ("(a OR) b", 4, "OR needs"),
        ("actr:Biden", 1, "unknown field `actr`"),
        ("x plaec:Iraq", 3, "unknown field `plaec`"),
        ("actor:", 1, "actor: needs a value"),
        ("actor: OR b", 1, "actor: needs a value"),
        ("actor:^2", 7, "actor: needs a value"),
        ("\"\"", 1, "nothing to search for in the quotes"),
        ("&", 1, "nothing to search for"),
        ("a~3", 2, "this is no number of typos"),
        ("\"a b\"~-1", 6, "this is no distance"),
        ("a^x^1e", 0, ""),
        ("a^-1", 2, "this is no weight"),
        ("^2", 1, "^ needs something before it"),
        ("~2", 1, "~ does not fit here"),
        ("(a b)~2", 6, "~ does not fit here"),
        ("mini*~1", 6, "a pattern cannot be fuzzy too"),
        ("/a(/", 1, "the regular expression cannot be read"),
        ("/(a{1000}){1000}/", 1, "the regular expression is too large"),
        ("published:2021-13", 16, "there is no month 13"),
        ("published:2020..2021-02-30", 25, "there is no day 30"),
        ("published:june", 11, "`june` is no date"),
        ("place~:Iraq", 6, "place holds no dates"),
        ("source:>a", 8, "source holds no dates"),
        ("published:2020 ..2021", 16, "a range has no spaces"),
        ("near:34.4,41", 12, "near: needs a radius"),
        ("near:95,41~5km", 6, "latitude 95"),
        ("near:34,181~5km", 6, "longitude 181"),
        ("near:34,41~-5km", 12, "a radius must be greater than 0"),
        ("near:34,41~99999km", 12, "no two places"),
        ("near:34,41~5parsec", 12, "`5parsec` is no radius"),
        ("near:34~5km", 6, "a point has two numbers"),
        ("bbox:1,2,3", 6, "a box has four numbers"),
        ("bbox:1,9,3,2", 6, "the box has its south"),
        ("has:wings", 5, "no article can have `wings`"),
        ("together(a together(b c))", 12, "together( ) cannot stand in itself"),
        ("together(a published:2021)", 12, "published: is the same"),
    ];
    for (text, column, message) in cases {
        match parse(text, TODAY) {
            Err(Error::Query { column: found, message: said, .. }) => {
                assert_eq!(found, column, "{text}: {said}");
                assert!(said.starts_with(message), "{text}: {said}");
            }
            Ok(parsed) => assert_eq!(column, 0, "{text} reads as {}", parsed.query),
            Err(other) => panic!("{text}: {other}"),
        }
    }
}

#[test]
fn wrong_names_are_met_with_the_right_one() {
    for (text, expected) in [
        ("actr:x", "did you mean actor:?"),
        ("publshed:2021", "did you mean published:?"),
        ("lat:3", "fields are"),
        ("has:plaec", "did you mean place?"),
        ("near:41.0,95~5km", ""),
        ("near:95,41~5km", "latitude comes first: did you mean 41,95?"),
        ("published:2021..2020", "the other way round: 2020..2021"),
    ] {
        match parse(text, TODAY) {
            Err(Error::Query { hint, .. }) => {
                assert!(hint.unwrap_or_default().contains(expected), "{text}");
            }
            Err(other) => panic!("{text}: {other}"),
            Ok(_) => assert_eq!(expected, "", "{text}"),
        }
    }
}

#[test]
fn surprising_readings_are_told() {
    for (text, expected) in [
        ("war and peace", Some("`and` is searched for")),
        ("war or peace", Some("`or` is searched for")),
        ("not peace", Some("`not` is searched for")),
        ("war AND peace", None),
        ("a b OR c", Some("words next to each other bind before OR")),
        ("(a b) OR c", None),
        ("actor:Joe Biden", Some("`Biden` is not part of actor:Joe")),
        ("actor:Biden place:Iraq", None),
        ("actor:(Biden Putin -Zelensky)", None),
        ("actor:(Joe) Biden", None),
        ("together(actor:Joe Biden)", Some("`Biden` is not part of actor:Joe")),
        ("actor:Biden OR actor:Trump", None),
        ("\"prime minist*\"", Some("wildcards inside quotes")),
        ("election?", Some("the ? after `election` is left out")),
        ("/home/me", Some("this is read as a word")),
        ("bbox:170,-50,-170,-30", Some("the box crosses")),
        ("published:2020.. 2021", Some("the range has no end")),
        ("together(a)", Some("together( ) has one part")),
    ] {
        let warnings = parse(text, TODAY).unwrap().warnings;
        match expected {
            None => assert_eq!(warnings, [], "{text}"),
            Some(start) => {
                assert!(
                    warnings.iter().any(|warning| warning.message.starts_with(start)),
                    "{text}: {warnings:?}"
                );
            }
        }
    }
}

#[test]
fn depth_and_size_are_bounded() {
    for text in
        ["(".repeat(5000), "-".repeat(5000) + "a", "NOT ".repeat(5000) + "a", "exact:".repeat(5000) + "a"]
    {
        assert!(matches!(parse(&text, TODAY), Err(Error::Query { .. })));
    }
    let many = "a ".repeat(MAX_CLAUSES + 1);
    assert!(matches!(parse(&many, TODAY), Err(Error::Query { .. })));
    // What is typed is printed no deeper.
    let denied = "!".repeat(MAX_DEPTH) + "a";
    let printed = tree(&denied).to_string();
    assert_eq!(tree(&printed), tree(&denied), "{printed}");
    let nested = "(".repeat(MAX_DEPTH) + "a" + &")".repeat(MAX_DEPTH);
    assert_eq!(tree(&nested), word("a"));
}

#[test]
fn option_values_need_no_quotes() {
    let read = |name: &str, text: &str| parse_value(name, text, TODAY).unwrap().to_string();
    assert_eq!(read("actor", "person/Joe Biden"), "actor:\"person/Joe Biden\"");
    assert_eq!(read("source", "The \"Times\""), "source:\"The \\\"Times\\\"\"");
    assert_eq!(read("event", "2021-06"), "event:2021-06");
    assert_eq!(read("published", "missing"), "published:missing");
    assert_eq!(read("place", "*"), "place:*");
    assert!(parse_value("event", "june", TODAY).is_err());
    assert!(parse_value("actor", " ", TODAY).is_err());
}

const DOCUMENT: &str = include_str!("../../../docs/QUERY.md");

/// The rows of the document's tables of examples: query, and what is said of it.
fn documented(section: &str) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    for part in DOCUMENT.split("\n## ").filter(|part| part.starts_with(section)) {
        for line in part.lines().filter(|line| line.starts_with("| `")) {
            let line = line.replace("\\|", "\u{0}");
            let cells: Vec<String> = line.split('|').map(|cell| cell.replace('\u{0}', "|")).collect();
            let query = cells[1].trim().trim_matches('`').to_owned();
            rows.push((query, cells[2].trim().replace('`', "")));
        }
    }
    rows
}

#[test]
fn every_documented_example_is_read() {
    let sections = ["Words and phrases", "Fields", "Dates", "Places on the map", "In one sentence"];
    for section in sections {
        let examples = documented(section);
        assert!(!examples.is_empty(), "no examples under {section}");
        for (text, _) in examples {
            let query = tree(&text);
            assert_eq!(tree(&query.to_string()), query, "{text} printed as {query}");
        }
    }
}

#[test]
fn every_documented_mistake_is_told() {
    let examples = documented("What is refused");
    assert!(examples.len() > 10);
    for (text, told) in examples {
        match parse(&text, TODAY) {
            Err(Error::Query { message, .. }) => {
                assert!(message.replace('`', "").starts_with(&told), "{text}: {message}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

/// Either an error with a column in the text, or a tree that prints to itself.
fn obeys_the_laws(text: &str) -> Result<(), TestCaseError> {
    match parse(text, TODAY) {
        Ok(parsed) => {
            let printed = parsed.query.to_string();
            let again = parse(&printed, TODAY);
            prop_assert!(again.is_ok(), "{text:?} prints as {printed:?}: {again:?}");
            prop_assert_eq!(
                again.map(|again| again.query).ok(),
                Some(parsed.query),
                "{:?} as {:?}",
                text,
                printed
            );
            for warning in parsed.warnings {
                prop_assert!(
                    warning.column.is_none_or(|column| (1..=text.chars().count()).contains(&column))
                );
            }
        }
        Err(Error::Query { column, .. }) => {
            prop_assert!((1..=text.chars().count() + 1).contains(&column), "{text:?}: column {column}");
        }
        Err(other) => return Err(TestCaseError::fail(format!("{text:?}: {other}"))),
    }
    Ok(())
}

#[test]
fn every_prefix_of_every_reading_is_read_or_refused() {
    let sections = DOCUMENT.split("\n## ").map(|part| part.lines().next().unwrap_or_default());
    let mut texts: Vec<String> = sections.flat_map(documented).map(|(query, _)| query).collect();
    assert!(texts.len() > 100, "{}", texts.len());
    texts.extend(READINGS.iter().map(|(text, _)| (*text).to_owned()));
    for text in &texts {
        for (end, _) in text.char_indices() {
            obeys_the_laws(&text[..end]).unwrap();
            obeys_the_laws(&text[end..]).unwrap();
        }
    }
}

/// Text made of little but syntax.
fn syntax(longest: usize) -> impl Strategy<Value = String> {
    let class = r#"[-+!()"~^:*?/\\<>=.,a-cA0-9 “”：（＊OR]"#;
    proptest::string::string_regex(&format!("{class}{{0,{longest}}}")).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        obeys_the_laws(&text)?;
    }

    #[test]
    fn any_syntax_is_read_or_refused(text in syntax(25)) {
        obeys_the_laws(&text)?;
    }

    #[test]
    fn any_mutation_of_a_reading_is_read_or_refused(
        (first, second) in (0..READINGS.len(), 0..READINGS.len()),
        cut in 0..60usize,
        noise in syntax(3),
    ) {
        let head: String = READINGS[first].0.chars().take(cut).collect();
        let tail: String = READINGS[second].0.chars().skip(cut / 2).collect();
        obeys_the_laws(&format!("{head}{noise}{tail}"))?;
    }

    #[test]
    fn any_value_survives_printing(text in "\\PC{1,20}") {
        if text.chars().any(char::is_alphanumeric) {
            obeys_the_laws(&value("source", &text).to_string())?;
            obeys_the_laws(&word(&text).to_string())?;
        }
    }
}
