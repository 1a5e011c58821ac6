//! Metadata fields that say when an article was published, by their names in any format.
//!
//! [`standing`] knows from a name how far its value is believed: `datePublished` fully, `date` well, `modified` little,
//! `expires` not at all. Takes names and values as files spell them; never looks at text.

use crate::calendar::DateSource;
use crate::input::memo::Memo;
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

/// Pieces of names that end a publication or tell of the reader's own doings.
const NEVER: [&str; 10] =
    ["expir", "unpublish", "until", "offline", "retriev", "crawl", "fetch", "scrap", "publisher", "accessed"];
/// Pieces of names of a later change.
const CHANGED: [&str; 9] =
    ["modif", "updat", "revis", "lastmod", "changed", "edited", "mtime", "reviewed", "lastbuild"];
/// Pieces of names of the first publication.
const PUBLISHED: [&str; 18] = [
    "publish",
    "pubdate",
    "publicat",
    "issued",
    "firstpub",
    "displaydate",
    "releasedate",
    "postdate",
    "dateposted",
    "postedon",
    "posteddate",
    "pubtime",
    "sailthrudate",
    "artdate",
    "storydate",
    "articledate",
    "veroeffentlich",
    "fechapub",
];
/// Words that say when.
const DATED: [&str; 10] =
    ["date", "datum", "fecha", "data", "datetime", "timestamp", "day", "time", "posted", "zeitpunkt"];
/// Words of a beginning that need not be a publication.
const CREATED: [&str; 6] = ["created", "creation", "uploaded", "datecreated", "creationdate", "uploaddate"];
/// Words beside which a date is not that of publication.
const OTHER: [&str; 14] = [
    "birth",
    "death",
    "event",
    "start",
    "end",
    "valid",
    "embargo",
    "copyright",
    "format",
    "zone",
    "founding",
    "deadline",
    "upcoming",
    "access",
];

/// Words of names that speak of something else, however much they sound like a date: of a house, a state, a duration.
const NO_DATE: [&str; 39] = [
    "house",
    "houses",
    "publishing",
    "status",
    "state",
    "stage",
    "name",
    "names",
    "title",
    "type",
    "place",
    "places",
    "location",
    "city",
    "country",
    "region",
    "area",
    "office",
    "group",
    "company",
    "id",
    "ids",
    "by",
    "url",
    "link",
    "language",
    "frequency",
    "is",
    "was",
    "to",
    "count",
    "reading",
    "read",
    "length",
    "duration",
    "code",
    "book",
    "album",
    "music",
];

thread_local! {
    static STANDINGS: Memo<Option<Standing>> = Memo::new();
}

/// How far the field called `name` is believed, or nothing if it does not speak of publication.
pub fn standing(name: &str) -> Option<Standing> {
    STANDINGS.with(|known| known.answer(name, judged))
}

fn judged(name: &str) -> Option<Standing> {
    let words = words(name);
    let squeezed: String = words.concat();
    let has = |pieces: &[&str]| pieces.iter().any(|piece| squeezed.contains(piece));
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(&NEVER) || says(&NO_DATE) || squeezed.len() > 60 {
        return None;
    }
    if has(&CHANGED) {
        let plain = words.len() == 1 || says(&DATED) || has(&PUBLISHED) || says(&["at", "on", "last"]);
        return plain.then_some(Standing { trust: 30, modified: true });
    }
    if has(&PUBLISHED) {
        return Some(Standing { trust: 95, modified: false });
    }
    if says(&OTHER) {
        return None;
    }
    if says(&CREATED) {
        return Some(Standing { trust: 75, modified: false });
    }
    if says(&DATED) {
        return Some(Standing { trust: 85, modified: false });
    }
    let dated =
        words.iter().any(|word| word.len() > 4 && (word.ends_with("date") || word.starts_with("date")));
    let misled = ["candidate", "mandate", "validate", "dateline", "accommodate", "consolidate"];
    let misled = words.iter().any(|word| misled.iter().any(|other| word.ends_with(other)));
    (dated && !misled).then_some(Standing { trust: 60, modified: false })
}

/// The words of a field name, lower case: `datePublished`, `date_published` and `date-published` are alike.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && lower_before {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
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
            None if standing.trust >= 85 && is_attempt(value) => {
                let shown: String = value.trim().chars().take(40).collect();
                notes.push(format!("field {name} holds no possible date: {shown}"));
            }
            None => {}
        }
    }
    candidates
}

/// Whether a value that is no date was meant to be one: figures make up a good part of it.
fn is_attempt(value: &str) -> bool {
    let figures = value.chars().filter(char::is_ascii_digit).count();
    let all = value.chars().filter(|c| c.is_alphanumeric()).count();
    figures >= 4 && figures * 3 >= all
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
        let others = [
            "title",
            "publisher",
            "publishing_house",
            "publishingHouse",
            "published_by",
            "publish_status",
            "publication_place",
            "publication.name",
            "isPublished",
            "reading_time",
            "readingTime",
            "time_to_read",
            "readtime.read",
            "book:release_date",
            "time_zone",
            "expires",
            "birthDate",
            "author",
            "dateline",
            "mandate",
            "candidate",
            "msvalidate.01",
            "",
        ];
        for name in others {
            assert_eq!(standing(name), None, "{name}");
        }
    }

    #[test]
    fn only_what_was_meant_to_be_a_date_is_told_of() {
        for (name, value, told) in [
            ("published", "31 February 2021", true),
            ("date", "0000-00-00", true),
            ("publication", "The Harbour Gazette", false),
            ("publication", "Channel 4 News", false),
            ("time", "morning", false),
            ("data", "see table 2001 to 2004 in the appendix of the report", false),
            ("published", "true", false),
            ("reading_time", "5 min", false),
            ("date", "unknown", false),
        ] {
            let mut notes = Vec::new();
            let found = candidates(&[(name, value)], &Reading::default(), &mut notes);
            assert_eq!((found.len(), !notes.is_empty()), (0, told), "{name}: {value}");
        }
    }
}
