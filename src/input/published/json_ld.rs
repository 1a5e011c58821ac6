//! Dates in the JSON that pages carry: schema.org JSON-LD, and keys in other scripts as a last resort.
//!
//! Takes the text of one script, gives candidates. An article's own date is believed most, that of the page, its video
//! or its comments less; JSON that does not parse is searched for the keys all the same.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde_json::{Map, Value};

use crate::calendar::DateSource;
use crate::input::published::Candidate;
use crate::input::published::field::{Standing, standing};
use crate::input::published::parse::{Reading, parse};

/// JSON nested deeper than this is somebody else's data.
const DEEPEST: usize = 8;
/// Kinds of things by a piece of their name, and the share of trust that each deserves as the article of the page. Works
/// and houses have days of their own, long before anybody wrote of them.
const WORTH: [(&[&str], f32); 4] = [
    (&["Article", "Posting", "Report", "Recipe"], 1.0),
    (&["WebPage", "CreativeWork", "ItemPage"], 0.85),
    (&["Comment", "Review", "Event", "List", "Answer"], 0.2),
    (&["WebSite", "Organization", "Person", "Place", "Book", "Movie", "Music", "Series", "Product"], 0.0),
];
/// The share left to an article with another headline than the page.
const OTHER: f32 = 0.3;
/// So many letters of a headline tell it from others.
const HEADLINE: usize = 24;
/// Keys under which other things than the article hang.
const ELSEWHERE: [&str; 14] = [
    "comment",
    "review",
    "itemListElement",
    "hasPart",
    "citation",
    "relatedLink",
    "mentions",
    "publisher",
    "author",
    "isPartOf",
    "event",
    "offers",
    "subjectOf",
    "breadcrumb",
];

/// What a block of JSON-LD says; of several articles in it those with another headline than the page, if it has one of
/// `titles`, are other articles.
pub(crate) fn candidates(script: &str, titles: &[String], reading: &Reading) -> Vec<Candidate> {
    let script = unescaped(trimmed(script));
    let Ok(value) = serde_json::from_str::<Value>(&script) else {
        return keys(&script, reading, 80, "json-ld");
    };
    let mut found = Vec::new();
    let titles = if names_page(&value, titles, 0) { titles } else { &[] };
    walk(&value, titles, 0, reading, &mut found);
    found
}

/// The script without the entities that some templates write for its quotes.
fn unescaped(script: &str) -> Cow<'_, str> {
    let is_escaped = !script.contains('"') && script.contains("&quot;");
    if is_escaped { Cow::Owned(script.replace("&quot;", "\"")) } else { Cow::Borrowed(script) }
}

/// Whether anything in `value` has the headline of the page.
fn names_page(value: &Value, titles: &[String], depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    match value {
        Value::Array(values) => values.iter().any(|value| names_page(value, titles, depth + 1)),
        Value::Object(object) => {
            is_titled(object, titles) == Some(true)
                || object.values().any(|value| names_page(value, titles, depth + 1))
        }
        _ => false,
    }
}

/// Whether the headline of a thing is that of the page, if it has one.
fn is_titled(object: &Map<String, Value>, titles: &[String]) -> Option<bool> {
    let start: String = object.get("headline")?.as_str()?.trim().chars().take(HEADLINE).collect();
    Some(titles.iter().any(|title| title.contains(&start)))
}

/// What other scripts say (`"publishedAt": "…"` in the data of a page): believed only where they agree.
pub(crate) fn in_script(script: &str, reading: &Reading) -> Vec<Candidate> {
    let mut found = keys(script, reading, 45, "script");
    found.retain(|candidate| !candidate.modified);
    let one_day = found.windows(2).all(|pair| pair[0].stamp.date == pair[1].stamp.date);
    found.truncate(1);
    if !one_day {
        for candidate in &mut found {
            candidate.trust = 22;
        }
    }
    found
}

/// Without the comment and CDATA wrappers that old templates put around.
fn trimmed(script: &str) -> &str {
    let script = script.split_once("CDATA[").map_or(script, |(_, rest)| rest);
    let script = script.split_once("]]>").map_or(script, |(json, _)| json);
    let start = script.find(['{', '[']).unwrap_or(0);
    let end = script.rfind(['}', ']']).map_or(script.len(), |at| at + 1);
    script.get(start..end).unwrap_or(script)
}

fn walk(value: &Value, titles: &[String], depth: usize, reading: &Reading, found: &mut Vec<Candidate>) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Array(values) => {
            for value in values {
                walk(value, titles, depth + 1, reading, found);
            }
        }
        Value::Object(object) => {
            let other = !titles.is_empty() && is_titled(object, titles) == Some(false);
            let worth =
                worth(object.get("@type").or_else(|| object.get("type"))) * if other { OTHER } else { 1.0 };
            for (key, value) in object {
                if let Some(standing) = dated_key(key) {
                    found.extend(candidate(value, key, weighed(standing, worth), reading));
                } else if !ELSEWHERE.contains(&key.as_str()) {
                    walk(value, titles, depth + 1, reading, found);
                }
            }
        }
        _ => {}
    }
}

/// The share of trust that a thing of this type deserves as the article of the page.
fn worth(kind: Option<&Value>) -> f32 {
    let name = match kind {
        Some(Value::String(name)) => name.clone(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        _ => return 0.8,
    };
    worth_of(&name)
}

/// The share of trust that a thing called so deserves: `NewsArticle`, `http://schema.org/Comment`.
fn worth_of(name: &str) -> f32 {
    let known = WORTH.iter().find(|(pieces, _)| pieces.iter().any(|piece| name.contains(piece)));
    known.map_or(0.65, |(_, worth)| *worth)
}

/// The standing of a schema.org key that dates its thing.
fn dated_key(key: &str) -> Option<Standing> {
    let dated = ["datePublished", "dateCreated", "datePosted", "uploadDate", "dateModified"]
        .iter()
        .any(|known| key.contains(known))
        || key.eq_ignore_ascii_case("datepublished");
    dated.then(|| standing(key)).flatten()
}

fn weighed(standing: Standing, worth: f32) -> Standing {
    Standing { trust: (f32::from(standing.trust) * worth) as u8, ..standing }
}

fn candidate(value: &Value, key: &str, standing: Standing, reading: &Reading) -> Option<Candidate> {
    let stamp = match value {
        Value::String(text) => parse(text, reading),
        Value::Number(number) => parse(&number.to_string(), reading),
        Value::Array(values) => values.first().and_then(Value::as_str).and_then(|text| parse(text, reading)),
        Value::Object(object) => object.get("@value")?.as_str().and_then(|text| parse(text, reading)),
        _ => None,
    }?;
    (standing.trust > 0).then(|| Candidate {
        stamp,
        source: DateSource::Field,
        trust: standing.trust,
        modified: standing.modified,
        origin: format!("json-ld {key}"),
    })
}

/// Every `"…publish…": "value"` of a script that is not JSON.
fn keys(script: &str, reading: &Reading, most: u8, origin: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for finder in FINDERS.iter() {
        for at in finder.find_iter(script.as_bytes()).take(40) {
            if let Some((key, value)) = key_and_value(script, at)
                && let Some(standing) =
                    standing(key).filter(|standing| standing.trust >= 75 || standing.modified)
                && let Some(stamp) = parse(value, reading)
            {
                found.push(Candidate {
                    stamp,
                    source: DateSource::Field,
                    trust: standing.trust.min(most),
                    modified: standing.modified,
                    origin: format!("{origin} {key}"),
                });
            }
        }
    }
    found
}

/// The key around byte `at` and the value behind it: `"published": "2021-06-28"`, `publishedAt:'…'`, `\"…\":\"…\"`.
fn key_and_value(script: &str, at: usize) -> Option<(&str, &str)> {
    let is_key = |c: char| c.is_ascii_alphanumeric() || "_-.:".contains(c);
    let before = script.get(at.saturating_sub(40)..at).or_else(|| script.get(at..at))?;
    let start =
        at - (before.len() - before.rfind(|c: char| !is_key(c) || c == ':').map_or(0, |found| found + 1));
    let rest = script.get(start..)?;
    let key_end = rest.find(|c: char| !is_key(c) || c == ':')?;
    let after = after_quotes(rest.get(key_end..)?);
    let value = after_quotes(after.strip_prefix([':', '=', ','])?);
    let end = value.find(['"', '\'', '\\', ',', '}', ';', '\n', '&']).filter(|end| *end <= 60)?;
    Some((&rest[..key_end], &value[..end]))
}

/// What is searched for in scripts: pieces of keys that speak of publication.
static FINDERS: LazyLock<[Finder<'static>; 7]> = LazyLock::new(|| {
    let pieces = ["ublish", "ubDate", "pub_date", "ublication", "uploadDate", "rticleDate", "rticle_date"];
    pieces.map(|piece| Finder::new(piece.as_bytes()))
});

/// What stands behind quotes, also those that a template has written as entities.
fn after_quotes(text: &str) -> &str {
    let text = text.trim_start_matches(['"', '\'', '\\', ' ']);
    let entity = ["&quot;", "&q;"].iter().find_map(|entity| text.strip_prefix(entity));
    entity.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;

    fn shown(script: &str) -> Vec<(String, u8)> {
        let found = candidates(script, &[], &Reading::default());
        found
            .into_iter()
            .map(|found| (calendar::shown(found.stamp.date, found.stamp.precision), found.trust))
            .collect()
    }

    #[test]
    fn articles_in_graphs_and_arrays_are_believed() {
        let cases = [
            r#"{"@type":"NewsArticle","datePublished":"2021-06-28T14:05:00+02:00"}"#,
            r#"[{"@type":"BreadcrumbList"},{"@type":["Article"],"datePublished":"2021-06-28"}]"#,
            r#"{"@context":"x","@graph":[{"@type":"Organization"},{"@type":"BlogPosting","datePublished":["2021-06-28"]}]}"#,
            r#"{"@type":"NewsArticle","datePublished":{"@type":"Date","@value":"2021-06-28"}}"#,
            "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;datePublished&quot;:&quot;2021-06-28&quot;}",
            "/*<![CDATA[*/ {\"@type\":\"NewsArticle\",\"datePublished\":\"2021-06-28\"} /*]]>*/",
        ];
        for script in cases {
            assert_eq!(shown(script), [("2021-06-28".to_owned(), 95)], "{script}");
        }
    }

    #[test]
    fn broken_json_is_searched_for_the_keys() {
        let script = "{\"@type\":\"NewsArticle\",\"headline\":\"a \"quoted\" word\",\"datePublished\": \"2021-06-28\",}";
        assert_eq!(shown(script), [("2021-06-28".to_owned(), 80)]);
        assert_eq!(shown("{\"publisher\":\"x\", \"datePublished\": \"soon\""), []);
    }

    #[test]
    fn comments_and_lists_are_not_the_article() {
        let script =
            r#"{"@type":"ItemList","itemListElement":[{"@type":"Article","datePublished":"2021-06-28"}]}"#;
        assert_eq!(shown(script), []);
        let script = r#"{"@type":"Comment","datePublished":"2021-06-28"}"#;
        assert!(shown(script)[0].1 < 25);
    }

    #[test]
    fn works_and_houses_have_days_of_their_own() {
        for kind in ["WebSite", "NewsMediaOrganization", "Book", "Movie"] {
            let script = format!(r#"{{"@type":"{kind}","datePublished":"2009-06-28"}}"#);
            assert_eq!(shown(&script), [], "{kind}");
        }
    }

    #[test]
    fn of_several_articles_that_of_the_page_is_believed() {
        let script = r#"[{"@type":"NewsArticle","headline":"Another story","datePublished":"2021-07-01"},
            {"@type":"NewsArticle","headline":"The new bridge","datePublished":"2021-06-28"}]"#;
        let trusts = |title: &str| {
            let found = candidates(script, &[title.to_owned()], &Reading::default());
            found.iter().map(|found| found.trust).collect::<Vec<_>>()
        };
        assert_eq!(trusts("The new bridge | Example"), [28, 95]);
        assert_eq!(trusts("Something else"), [95, 95]);
    }

    #[test]
    fn other_scripts_name_their_dates_in_many_ways() {
        let cases = [
            r#"{"page_datetime_publication":"2021-06-28 14:05"}"#,
            "var article_date = '2021-06-28';",
            "{&q;published_date&q;:&q;2021-06-28T14:05:00Z&q;}",
            "{&quot;publishedAt&quot;:&quot;2021-06-28T14:05:00Z&quot;}",
        ];
        for script in cases {
            let found = in_script(script, &Reading::default());
            let days: Vec<String> = found.iter().map(|found| found.stamp.date.to_string()).collect();
            assert_eq!(days, ["2021-06-28"], "{script}");
        }
    }
}
