//! When an article was published: every place that may say so, and the most believable answer.
//!
//! > [`Evidence`] (fields, page, text, address, path, file time) → [`Candidate`]s → [`choose`] → [`Decision`]
//!
//! Pure functions over what the readers found: no files, no clock. Days are the ones printed, in the article's own time
//! zone. A bad date never costs an article: it becomes a note. The order in which sources are believed is that of
//! [`DateSource`]; a time of last change says when a file was copied, so it is used only when asked for by name
//! (`--date-from file-time`).

pub mod choose;
mod clock;
pub mod dateline;
pub mod field;
pub(super) mod html;
mod json_ld;
mod month;
pub mod order;
pub mod parse;
pub mod path;
mod scan;
mod solar;
mod token;
pub mod url;
pub mod visible;

use jiff::civil::Date;

use crate::calendar::{DateDoubt, DateSource, DayOrder, Precision, Published};
use crate::input::published::dateline::Dateline;
use crate::input::published::parse::{Reading, Stamp};
use crate::language::Language;

/// Everything a reader knows that may say when an article was published. Fill in what there is:
/// `Evidence { text, path, ..Evidence::default() }`.
#[derive(Debug, Clone, Default)]
pub struct Evidence<'a> {
    /// `--published DATE`: overrides everything.
    pub given: Option<Published>,
    /// `--date-from RULE`: only this source is asked.
    pub rule: Option<DateSource>,
    /// Metadata as name and value. All of it may be passed: names that do not speak of publication are passed over.
    pub fields: &'a [(&'a str, &'a str)],
    /// What a web page says of its date (`html::candidates`).
    pub page: &'a [Candidate],
    /// The body: its opening may hold an agency dateline, its first and last lines may state the publication.
    pub text: &'a str,
    /// The agency dateline where the file has it as a field of its own: `BAGHDAD, June 28`.
    pub dateline: Option<&'a str>,
    /// The article's address on the web.
    pub url: Option<&'a str>,
    /// The file it was read from, folders included, as the user named it.
    pub path: Option<&'a str>,
    /// The file's day of last change; used only where `rule` asks for it.
    pub file_time: Option<Date>,
    /// The latest day that an article can have been published on: today. Later dates are flagged.
    pub today: Option<Date>,
    /// Language of the article, where known: decides between month names and the order of day and month.
    pub language: Option<Language>,
    /// Order of day and month learned from other articles of the folder or the site.
    pub order: Option<DayOrder>,
}

/// One thing that says when an article was published.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What it says.
    pub stamp: Stamp,
    /// Where it was found.
    pub source: DateSource,
    /// How far it is believed, 0 to 100.
    pub trust: u8,
    /// It may be the day of a later change.
    pub modified: bool,
    /// The name of the field, attribute or pattern: for notes and for counting independent witnesses.
    pub origin: String,
}

/// What [`decide`] makes of the evidence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decision {
    /// The most believable date.
    pub published: Option<Published>,
    /// Dates of other sources that say another day.
    pub conflicts: Vec<Published>,
    /// What the user may want to know: "published date 2048-01-01 lies in the future".
    pub notes: Vec<String>,
    /// Why the date is not to be taken at its word; sorted.
    pub doubts: Vec<DateDoubt>,
    /// The order of day and month that was assumed where `doubts` says so, else the one that the day or the fields show.
    pub order: Option<DayOrder>,
    /// The dateline that opens the text, for its place and agency.
    pub dateline: Option<Dateline>,
}

/// Decides when an article was published.
pub fn decide(evidence: &Evidence<'_>) -> Decision {
    let reading = evidence.reading();
    let opening = match evidence.dateline {
        Some(field) => dateline::of_field(field, reading.language),
        None => dateline::read(evidence.text, reading.language),
    };
    if let Some(given) = &evidence.given {
        let published = Some(given.clone());
        return Decision { published, dateline: opening, ..Decision::default() };
    }
    if evidence.rule == Some(DateSource::Given) {
        return Decision { dateline: opening, ..Decision::default() };
    }
    let mut notes = Vec::new();
    let mut candidates = field::candidates(evidence.fields, &reading, &mut notes);
    let impossible = !notes.is_empty();
    candidates.extend_from_slice(evidence.page);
    candidates.extend(visible::candidates(evidence.text, &reading));
    candidates.extend(evidence.url.and_then(url::candidate));
    candidates.extend(evidence.path.and_then(path::candidate));
    if evidence.rule == Some(DateSource::FileTime) {
        candidates.extend(evidence.file_time.map(of_file_time));
    }
    let completed = opening.as_ref().and_then(|opening| opening.candidate(&candidates));
    candidates.extend(completed);
    if let Some(rule) = evidence.rule {
        candidates.retain(|candidate| candidate.source == rule);
    }
    let mut decision = choose::choose(&candidates, evidence.today);
    notes.append(&mut decision.notes);
    if impossible {
        decision.doubts.push(DateDoubt::Impossible);
        decision.doubts.sort_unstable();
    }
    let order = decision.order.or_else(|| order::shown(evidence.fields));
    Decision { notes, order, dateline: opening, ..decision }
}

/// The publication date that `--published` gives: `2021-06-28`, `2021-06`, `2021`, or any other way of writing it.
pub fn given(text: &str) -> Option<Published> {
    let stamp = parse::parse(text, &Reading::default())?;
    Some(stamp.published(DateSource::Given))
}

/// The source that `--date-from` names: `field`, `dateline`, `text`, `url`, `path`, `file-time`, or `given` for what
/// `--published` says and nothing else.
pub fn rule(name: &str) -> Option<DateSource> {
    RULES.iter().find(|(known, _)| *known == name).map(|(_, source)| *source)
}

/// The values of `--date-from`.
pub const RULES: [(&str, DateSource); 7] = [
    ("field", DateSource::Field),
    ("dateline", DateSource::Dateline),
    ("text", DateSource::Text),
    ("url", DateSource::Url),
    ("path", DateSource::Path),
    ("file-time", DateSource::FileTime),
    ("given", DateSource::Given),
];

impl Evidence<'_> {
    fn reading(&self) -> Reading {
        let site = self.url.and_then(url::order_of_site);
        Reading { order: self.order.or(site), language: self.language, latest: self.today }
    }
}

impl Stamp {
    /// This date as a publication date found in `source`.
    pub fn published(&self, source: DateSource) -> Published {
        Published { date: self.date, time: self.time.clone(), precision: self.precision, source }
    }
}

fn of_file_time(date: Date) -> Candidate {
    let stamp = Stamp { date, time: None, precision: Precision::Day, assumed: None, shown: None };
    Candidate {
        stamp,
        source: DateSource::FileTime,
        trust: 5,
        modified: false,
        origin: "file time".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_evidence_is_decided_without_panic(
            value in "\\PC{0,40}|[0-9 :/.TZ-]{0,30}",
            text in "([A-Z]{2,9}(, |,? )(June|4 FEB|28)? ?[0-9]{0,4} ?\\((Reuters|AP|é)\\)? ?[-—_]{0,2} ?)?\\PC{0,60}",
            url in "(https?://[a-z.]{0,9}/)?[0-9a-z/._é-]{0,40}",
        ) {
            let fields = [("date", value.as_str()), ("published", text.as_str())];
            let evidence = Evidence {
                fields: &fields,
                text: &text,
                url: Some(&url),
                path: Some(&url),
                dateline: Some(&value),
                ..Evidence::default()
            };
            let decision = decide(&evidence);
            if let Some(found) = decision.dateline.filter(|_| !value.is_empty()) {
                prop_assert!(value.get(found.span.start..found.span.end).is_some());
            }
            if let Some(found) = dateline::read(&text, None) {
                prop_assert!(text.get(found.span.start..found.span.end).is_some());
                for span in [found.place, found.when].into_iter().flatten() {
                    prop_assert!(found.span.start <= span.start && span.end <= found.span.end);
                    prop_assert!(text.get(span.start..span.end).is_some());
                }
            }
        }
    }

    fn shown(evidence: &Evidence<'_>) -> Option<(String, DateSource)> {
        decide(evidence).published.map(|published| (published.shown(), published.source))
    }

    #[test]
    fn sources_are_believed_in_order() {
        let fields = [("published", "2021-06-28T14:05:00+02:00")];
        let full = Evidence {
            fields: &fields,
            text: "BAGHDAD, June 27 (Reuters) - Something happened.",
            url: Some("https://example.org/2021/06/26/story"),
            path: Some("news/2021-06-25-story.txt"),
            file_time: Some(date(2024, 1, 1)),
            ..Evidence::default()
        };
        assert_eq!(shown(&full), Some(("2021-06-28".into(), DateSource::Field)));
        let no_fields = Evidence { fields: &[], ..full.clone() };
        assert_eq!(shown(&no_fields), Some(("2021-06-27".into(), DateSource::Dateline)));
        let no_text = Evidence { text: "", ..no_fields };
        assert_eq!(shown(&no_text), Some(("2021-06-26".into(), DateSource::Url)));
        let no_url = Evidence { url: None, ..no_text };
        assert_eq!(shown(&no_url), Some(("2021-06-25".into(), DateSource::Path)));
        let no_path = Evidence { path: None, ..no_url };
        assert_eq!(shown(&no_path), None, "the file time is not believed unless asked for");
        let asked = Evidence { rule: Some(DateSource::FileTime), ..no_path };
        assert_eq!(shown(&asked), Some(("2024-01-01".into(), DateSource::FileTime)));
    }

    #[test]
    fn a_rule_asks_one_source_only() {
        let fields = [("date", "2021-06-28")];
        let both = Evidence {
            fields: &fields,
            path: Some("2020-01-02-story.txt"),
            rule: Some(DateSource::Path),
            ..Evidence::default()
        };
        assert_eq!(shown(&both), Some(("2020-01-02".into(), DateSource::Path)));
    }

    #[test]
    fn what_the_user_gives_overrides_everything() {
        let fields = [("date", "2021-06-28")];
        let evidence = Evidence { fields: &fields, given: given("June 2019"), ..Evidence::default() };
        assert_eq!(shown(&evidence), Some(("2019-06".into(), DateSource::Given)));
        assert_eq!(given("next week"), None);
    }

    #[test]
    fn bad_dates_become_notes() {
        let fields = [("date", "0000-00-00"), ("pubdate", "31 February 2021")];
        let decision = decide(&Evidence { fields: &fields, ..Evidence::default() });
        assert_eq!(decision.published, None);
        assert_eq!(decision.notes.len(), 2, "{:?}", decision.notes);
    }

    #[test]
    fn other_days_are_conflicts_and_modification_is_not() {
        let fields = [("published", "2021-06-28"), ("modified", "2021-07-15")];
        let url = Some("https://example.org/2019/01/02/story");
        let decision = decide(&Evidence { fields: &fields, url, ..Evidence::default() });
        assert_eq!(decision.published.map(|published| published.shown()), Some("2021-06-28".into()));
        assert_eq!(decision.conflicts.len(), 1);
        assert_eq!(decision.conflicts[0].shown(), "2019-01-02");
    }

    #[test]
    fn a_year_is_never_invented() {
        let decision = decide(&Evidence { text: "BAGHDAD, June 28 (Reuters) - x", ..Evidence::default() });
        assert_eq!(decision.published, None);
        assert_eq!(decision.dateline.and_then(|dateline| dateline.day), Some(28));
        let file = Evidence {
            text: "BAGHDAD, June 28 (Reuters) - x",
            path: Some("reuters/2021/06/a.txt"),
            ..Evidence::default()
        };
        assert_eq!(shown(&file), Some(("2021-06-28".into(), DateSource::Dateline)));
    }
}
