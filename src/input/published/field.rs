//! Metadata fields that say when an article was published, by their names in any format.
//!
//! [`standing`] knows from a name how far its value is believed: `datePublished` fully, `date` well, `modified` little,
//! `expires` not at all. Takes names and values as files spell them; never looks at text.

use crate::calendar::DateSource;
use crate::input::published::Candidate;
use crate::input::published::parse::{Reading, parse};

/// How far a field is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// 0 to 100.
    pub trust: u8,
    /// It tells of a later change.
    pub modified: bool,
}

/// Pieces of names that speak of something else than publication.
const OTHER: [&str; 34] = [
    "expire",
    "expiry",
    "birth",
    "death",
    "event",
    "start",
    "end",
    "until",
    "valid",
    "access",
    "retriev",
    "crawl",
    "fetch",
    "embargo",
    "access",
    "scrap",
    "copyright",
    "update_freq",
    "format",
    "timezone",
    "cookie",
    "founding",
    "validfrom",
    "deadline",
    "dataline",
    "dateline",
    "candidate",
    "mandate",
    "order",
    "limit",
    "reminder",
    "filter",
    "zone",
    "upcoming",
];
/// Pieces of names of a later change.
const CHANGED: [&str; 10] =
    ["modif", "updat", "revis", "lastmod", "changed", "edited", "mtime", "reviewed", "lastbuild", "last_mod"];
/// Pieces of names of the first publication.
const PUBLISHED: [&str; 16] = [
    "publish",
    "pubdate",
    "publication",
    "pub_date",
    "issued",
    "firstpub",
    "displaydate",
    "releasedate",
    "postdate",
    "date_posted",
    "posted",
    "embargoed_until",
    "pubtime",
    "sailthru.date",
    "artdate",
    "storydate",
];
/// Pieces of names that speak of a time at all.
const DATED: [&str; 12] = [
    "date",
    "time",
    "datum",
    "fecha",
    "data",
    "created",
    "uploaded",
    "timestamp",
    "day",
    "issue",
    "dat",
    "when",
];

/// How far the field called `name` is believed, or nothing if it does not speak of publication.
pub fn standing(name: &str) -> Option<Standing> {
    let name = name.trim().to_ascii_lowercase();
    let has = |pieces: &[&str]| pieces.iter().any(|piece| name.contains(piece));
    if has(&CHANGED) {
        let dated =
            has(&DATED) || has(&PUBLISHED) || name.starts_with("updated") || name.contains("modified");
        return dated.then_some(Standing { trust: 30, modified: true });
    }
    if has(&PUBLISHED) && !name.contains("publisher") {
        return Some(Standing { trust: 95, modified: false });
    }
    if has(&OTHER) {
        return None;
    }
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let exact = ["date", "datum", "fecha", "data", "datetime", "timestamp", "day", "time"];
    if words.iter().any(|word| exact.contains(word)) {
        return Some(Standing { trust: 85, modified: false });
    }
    let creation = ["created", "creation", "uploaded", "uploaddate", "creationdate", "issue"];
    if words.iter().any(|word| creation.contains(word)) || name.contains("datecreated") {
        return Some(Standing { trust: 75, modified: false });
    }
    let dated =
        words.iter().any(|word| word.ends_with("date") || word.starts_with("date") || word.ends_with("time"));
    dated.then_some(Standing { trust: 60, modified: false })
}

/// Every field of `fields` that says when; values that should be dates and are not become notes.
pub fn candidates(fields: &[(&str, &str)], reading: &Reading, notes: &mut Vec<String>) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (name, value) in fields {
        let Some(standing) = standing(name) else { continue };
        if value.trim().is_empty() {
            continue;
        }
        match parse(value, reading) {
            Some(stamp) => candidates.push(Candidate {
                stamp,
                source: DateSource::Field,
                trust: standing.trust,
                modified: standing.modified,
                origin: (*name).to_owned(),
            }),
            None if standing.trust >= 85 => {
                let shown: String = value.trim().chars().take(40).collect();
                notes.push(format!("field {name} holds no possible date: {shown}"));
            }
            None => {}
        }
    }
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_how_far_a_field_is_believed() {
        let published =
            ["datePublished", "article:published_time", "pubDate", "publication_date", "dcterms.issued"];
        for name in published {
            assert_eq!(standing(name), Some(Standing { trust: 95, modified: false }), "{name}");
        }
        for name in ["date", "DATE", "dc.date", "Datum", "timestamp", "date_time"] {
            assert_eq!(standing(name), Some(Standing { trust: 85, modified: false }), "{name}");
        }
        for name in
            ["dateModified", "updated_at", "article:modified_time", "last-modified-date", "date_updated"]
        {
            assert!(standing(name).is_some_and(|standing| standing.modified), "{name}");
        }
        let others =
            ["title", "publisher", "expires", "birthDate", "author", "dateline", "mandate", "candidate", ""];
        for name in others {
            assert_eq!(standing(name), None, "{name}");
        }
    }
}
