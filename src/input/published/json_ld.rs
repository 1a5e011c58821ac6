//! Dates in the JSON that pages carry: schema.org JSON-LD, and keys in other scripts as a last resort.
//!
//! Takes the text of one script, gives candidates. An article's own date is believed most, that of the page, its video
//! or its comments less; JSON that does not parse is searched for the keys all the same.

use memchr::memmem;
use serde_json::Value;

use crate::calendar::DateSource;
use crate::input::published::Candidate;
use crate::input::published::field::{Standing, standing};
use crate::input::published::parse::{Reading, parse};

/// JSON nested deeper than this is somebody else's data.
const DEEPEST: usize = 8;
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

/// What a block of JSON-LD says.
pub(crate) fn candidates(script: &str, reading: &Reading) -> Vec<Candidate> {
    let mut found = Vec::new();
    match serde_json::from_str::<Value>(trimmed(script)) {
        Ok(value) => walk(&value, 0, reading, &mut found),
        Err(_) => found = keys(script, reading, 80, "json-ld"),
    }
    found
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

fn walk(value: &Value, depth: usize, reading: &Reading, found: &mut Vec<Candidate>) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Array(values) => {
            for value in values {
                walk(value, depth + 1, reading, found);
            }
        }
        Value::Object(object) => {
            let worth = worth(object.get("@type").or_else(|| object.get("type")));
            for (key, value) in object {
                if let Some(standing) = dated_key(key) {
                    found.extend(candidate(value, key, weighed(standing, worth), reading));
                } else if !ELSEWHERE.contains(&key.as_str()) {
                    walk(value, depth + 1, reading, found);
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
    if name.contains("Article")
        || name.contains("Posting")
        || name.contains("Report")
        || name.contains("Recipe")
    {
        1.0
    } else if name.contains("WebPage") || name.contains("CreativeWork") || name.contains("ItemPage") {
        0.85
    } else if name.contains("Comment")
        || name.contains("Review")
        || name.contains("Event")
        || name.contains("List")
    {
        0.2
    } else {
        0.65
    }
}

/// The standing of a schema.org key that dates its thing.
fn dated_key(key: &str) -> Option<Standing> {
    let dated = ["datePublished", "dateCreated", "uploadDate", "dateModified"]
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
        _ => None,
    }?;
    Some(Candidate {
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
    for needle in ["ublish", "ubDate", "pub_date", "ublicationDate", "uploadDate"] {
        for at in memmem::find_iter(script.as_bytes(), needle).take(40) {
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
    let after = rest.get(key_end..)?.trim_start_matches(['"', '\'', '\\', ' ']);
    let value = after.strip_prefix([':', '=', ','])?.trim_start_matches(['"', '\'', '\\', ' ']);
    let end = value.find(['"', '\'', '\\', ',', '}', ';', '\n', '&']).filter(|end| *end <= 60)?;
    Some((&rest[..key_end], &value[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;

    fn shown(script: &str) -> Vec<(String, u8)> {
        let found = candidates(script, &Reading::default());
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
}
