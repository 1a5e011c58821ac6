//! Cases of dates in running text, and the laws that hold for any text.

use super::*;
use crate::calendar::{DateSource, Precision};

fn published(day: &str) -> Option<Published> {
    let date = day.trim().parse().ok()?;
    Some(Published { date, time: None, precision: Precision::Day, source: DateSource::Given })
}

fn shown(grammar: &Grammar, source: &str, anchor: &str) -> String {
    let text = Text::new(source);
    let found = trace_with(grammar, &[&text], published(anchor).as_ref()).remove(0);
    let show = |traced: &Traced| format!("{} = {}", traced.span.of(source), traced.timex.value);
    found.iter().map(show).collect::<Vec<_>>().join("; ")
}

#[test]
fn every_rule_does_what_its_examples_show() {
    let mut wrong = Vec::new();
    for rules in &RULES {
        let grammar =
            Grammar::compile(rules.source).unwrap_or_else(|error| panic!("{}: {error}", rules.code));
        let file: grammar::RuleFile = toml::from_str(rules.source).unwrap();
        for rule in &file.rules {
            for example in &rule.examples {
                let fields: Vec<&str> = example.splitn(3, '|').map(str::trim).collect();
                let [anchor, text, expected] = fields[..] else { panic!("{}: {example}", rule.name) };
                let found = shown(&grammar, text, anchor);
                if found != expected {
                    wrong.push(format!(
                        "{} {}: {text}\n  wanted {expected}\n  found  {found}",
                        rules.code, rule.name
                    ));
                }
            }
            for reject in &rule.rejects {
                let found = shown(&grammar, reject, "2021-06-28");
                if !found.is_empty() {
                    wrong.push(format!(
                        "{} {}: {reject}\n  wanted nothing\n  found  {found}",
                        rules.code, rule.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_that_finds_something_has_an_example() {
    for rules in &RULES {
        let file: grammar::RuleFile = toml::from_str(rules.source).unwrap();
        for rule in file.rules.iter().filter(|rule| rule.means != Means::Nothing) {
            assert!(!rule.examples.is_empty(), "{} {} has no example", rules.code, rule.name);
        }
    }
}

#[test]
fn bad_dates_are_ignored_or_read_as_what_they_are() {
    let cases = [
        ("It was on 31 February 1990 there.", ""),
        ("The field held 0000-00-00 again.", ""),
        ("It was on 13/13/2013 there.", ""),
        ("In the year 99999 it ends.", ""),
        ("The stamps 1624876800 and 1624876800123 were stored.", ""),
        ("It began on Octoher 5 there.", ""),
        ("It began in l9l4 and in 19l4 there.", ""),
        ("He came on 5 May 68 there.", "5 May 68 = 1968-05-05"),
        ("He came on 5 MAY 19 there.", "5 MAY 19 = 2019-05-05"),
        ("It was on June\n28, 2021 there.", "June\n28, 2021 = 2021-06-28"),
        ("It was on Sep-\ntember 5, 2001 there.", "Sep-\ntember 5, 2001 = 2001-09-05"),
        ("It was in Febru-\nary 1999 there.", "Febru-\nary 1999 = 1999-02"),
        ("In May,\n\n1999 people came.", "May = 2021-05"),
        ("On 29 February 2021 and 29 February 2020 it rained.", "29 February 2020 = 2020-02-29"),
        ("From 99/99/99 to 32/13/1999 it rained.", ""),
        ("At 25:61 and 99 p.m. it rained.", ""),
        ("Twelve hundred people came.", ""),
        ("It ends in 2350. The year 2525 comes.", "2350 = 2350; The year 2525 = 2525"),
        ("By June 5, 2350 and on 2350-06-28 it ends.", "June 5, 2350 = 2350-06-05; 2350-06-28 = 2350-06-28"),
        ("They paid 2350 dollars in 2400 homes and rose to 2500.", ""),
        ("They met in 1066 and 79 AD and 44 BC.", "1066 = 1066; 79 AD = 0079; 44 BC = BC0044"),
    ];
    let grammar = Grammar::compile(RULES[0].source).unwrap();
    for (text, expected) in cases {
        assert_eq!(shown(&grammar, text, "2021-06-28"), expected, "{text}");
    }
}

#[test]
fn a_year_told_aside_does_not_turn_a_history() {
    let text = "In 1861, in 1862, in 1863 and in 1864 they fought. By 1865, 1866, 1867 and 1868 it was told. \
                In 1945 they met. On 3 May 1945 it ended. The plan looked to 1948. On 7 June they left, and in \
                July 1945 others came. They had begun in 1939. On 9 August 1945 it fell. In autumn it rained.";
    let grammar = Grammar::compile(RULES[0].source).unwrap();
    let found = shown(&grammar, text, "2009-12-19");
    assert!(found.contains("7 June = 1945-06-07"), "{found}");
    assert!(found.ends_with("autumn = 1945-FA"), "{found}");
}

#[test]
fn a_short_history_is_read_as_it_is_told() {
    let cases = [
        (
            "Louis died on 20 June 840. On 25 June 841 Charles won, and the following month Lothair fled. In August 843 the \
             brothers made peace. In 845 Vikings came with 120 ships. Lothair shared his realm in 855, shortly before his \
             death on 29 September of that year. Of 400 men 200, perhaps fewer, lived in the 870s.",
            "20 June 840 = 0840-06-20; 25 June 841 = 0841-06-25; the following month = 0841-07; August 843 = 0843-08; \
             845 = 0845; 855 = 0855; 29 September of that year = 0855-09-29; the 870s = 087",
        ),
        (
            "The siege of Paris lasted from 19 September 1870 to 28 January 1871. The minister left on 7 October. On 18 \
             January an empire was proclaimed; ten days later, on 28 January, it ended. Peace was signed in May 1871.",
            "19 September 1870 = 1870-09-19; 28 January 1871 = 1871-01-28; 7 October = 1870-10-07; \
             18 January = 1871-01-18; ten days later = 1871-01-28; 28 January = 1871-01-28; May 1871 = 1871-05",
        ),
        (
            "The rising began on 8 March 1917 (23 February Old Style). On the 12th the garrison joined it. On the night of \
             6/7 November the bridges were taken, and at dawn the next day it was over. In April the court was moved. \
             In 1921, four years later, it ended. Thirty years later, in 1948, he wrote of it. He died in 1950.",
            "8 March 1917 = 1917-03-08; 23 February = 1917-02-23; the 12th = 1917-03-12; \
             the night of 6 = 1917-11-06TNI; 7 November = 1917-11-07; dawn the next day = 1917-11-08TMO; \
             April = 1918-04; 1921 = 1921; four years later = 1921; Thirty years later = 1948; 1948 = 1948; 1950 = 1950",
        ),
    ];
    let grammar = Grammar::compile(RULES[0].source).unwrap();
    for (text, expected) in cases {
        assert_eq!(shown(&grammar, text, "2009-12-19"), expected, "{text}");
    }
    let news = "In 2004 and in 2006 he won, as in 1998. On Friday he lost. In October he ran, he said.";
    let found = shown(&grammar, news, "2009-12-19");
    assert!(found.ends_with("Friday = 2009-12-18; October = 2009-10"), "{found}");
}

#[test]
fn ten_thousand_dates_in_one_article_are_read_in_linear_time() {
    let source = "On 3 May 1999 and 5 and 7 June the next day, ".repeat(2_500);
    let text = Text::new(&source);
    let started = std::time::Instant::now();
    let found = tag(&[&text], published("2021-06-28").as_ref(), Language::ENGLISH).remove(0);
    assert_eq!(found.len(), 10_000);
    // A quarter of a second on a busy machine; work that grows with the square would take minutes.
    assert!(started.elapsed().as_secs() < 10);
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_strange(source in "\\PC{0,60}") {
        check_spans(&source, Some("2021-06-28"));
    }

    #[test]
    fn no_mixture_of_date_words_is_too_strange(
        words in proptest::collection::vec(proptest::sample::select(STRANGE.to_vec()), 0..14),
        anchor in proptest::sample::select(vec!["2021-06-28", "", "9999-12-31", "-009999-01-01", "0001-01-01"]),
    ) {
        check_spans(&words.join(" "), Some(anchor));
    }
}

/// Words that rules begin, go on and end with, and numbers on the edge of every calendar.
const STRANGE: &[&str] = &[
    "May",
    "31",
    "February",
    "29",
    "1900",
    "99999",
    "9999",
    "0000",
    "BC",
    "AD",
    "next",
    "last",
    "century",
    "the",
    "first",
    "third",
    "quarter",
    "years",
    "later",
    "ago",
    "-",
    "/",
    ",",
    "13/13/2013",
    "0000-00-00",
    "2021-02-30",
    "Sunday",
    "night",
    "a",
    "999999999",
    "hundred",
    "thousand",
    "nineteen",
    "Easter",
    "of",
    "weeks",
    "2,147",
    "5pm",
    "25:61",
    "p.m.",
    "'",
    "68",
    "1990s",
    "early",
    "end",
    "é",
    "\n",
    "\n\n",
    "century's",
    "decades",
    "10000",
    "earlier",
    "following",
    "٣",
    "３",
];

fn check_spans(source: &str, anchor: Option<&str>) {
    let text = Text::new(source);
    let found = tag(&[&text, &text], published(anchor.unwrap_or("")).as_ref(), Language::ENGLISH);
    assert_eq!(found.len(), 2);
    for mentions in found {
        let mut last = 0;
        for mention in mentions {
            assert!(mention.span.start >= last && mention.span.end > mention.span.start);
            assert!(source.get(mention.span.start..mention.span.end).is_some());
            last = mention.span.end;
        }
    }
}
