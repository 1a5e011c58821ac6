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
