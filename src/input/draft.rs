//! An article as a format reads it, before its dates are weighed.
//!
//! Takes what a reader found, and what is known of its file, gives the article with the day it was published on. Never reads
//! a file.

use std::time::SystemTime;

use jiff::civil::Date;

use crate::article::Article;
use crate::calendar::{DateSource, Published};
use crate::input::container::Origin;
use crate::input::published::{self, Candidate, Evidence};
use crate::input::{ReadOptions, SourceFile, decode};
use crate::span::Span;

/// An article as a format reads it, before its dates are weighed.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) article: Article,
    /// Fields that may say when it was published, by name.
    pub(super) dates: Vec<(String, String)>,
    /// What a web page says of its date.
    pub(super) page: Vec<Candidate>,
}

impl From<Article> for Draft {
    fn from(article: Article) -> Draft {
        Draft { article, ..Draft::default() }
    }
}

impl Draft {
    /// Undoes a wrong decoding that lies before this file.
    pub(super) fn mend(&mut self) {
        let article = &mut self.article;
        let texts = article.title.iter_mut().chain([&mut article.text]).chain(&mut article.authors);
        let mut mended = false;
        for text in texts {
            if let Some(meant) = decode::mended(text) {
                *text = meant;
                mended = true;
            }
        }
        if mended {
            article.notes.push("UTF-8 that had been read as windows-1252 was restored".to_owned());
        }
    }

    /// Decides when the article was published, and reads the agency dateline that it opens with.
    pub(super) fn date(&mut self, file: &SourceFile, origin: &Origin, options: &ReadOptions) {
        let article = &mut self.article;
        let dates = options.dates_of(file);
        let mut fields: Vec<(&str, &str)> =
            self.dates.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend(article.metadata.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let decision = published::decide(&Evidence {
            rule: dates.date_from,
            fields: &fields,
            page: &self.page,
            text: &article.text,
            // The text's own dateline says more than a field that repeats its place.
            dateline: article.dateline.as_deref().filter(|place| !opens_with(&article.text, place)),
            url: article.url.as_deref(),
            // What a crawl is called says when it was made, as its records do.
            path: origin.url.is_none().then_some(file.shown.as_str()),
            file_time: file.modified.and_then(day),
            today: origin.fetched.map(jiff::civil::DateTime::date).or(options.today),
            language: article.language,
            ..Evidence::default()
        });
        article.notes.extend(decision.notes);
        article.other_dates = decision.conflicts;
        article.date_doubts = decision.doubts;
        article.day_order = decision.order;
        if let Some(dateline) = decision.dateline {
            article.source = article.source.take().or(dateline.agency);
            // Place and day as printed; the agency and the dash are not of the dateline.
            let parts = [dateline.place, dateline.when];
            let ends = parts.iter().flatten().map(|part| part.end).max().unwrap_or(dateline.span.end);
            let opening = Span::new(dateline.span.start, ends).of(&article.text).trim();
            let printed = (!opening.is_empty()).then(|| opening.to_owned());
            article.dateline = article.dateline.take().or(printed);
        }
        // What the user gives is for articles that say nothing of it themselves; a folder's name is not the article's.
        let weak =
            |published: &Published| matches!(published.source, DateSource::Path | DateSource::FileTime);
        article.published = match (decision.published, &dates.published) {
            (Some(found), Some(given)) if weak(&found) => Some(given.clone()),
            (None, given) => given.clone().or(origin.published().filter(|_| dates.date_from.is_none())),
            (found, _) => found,
        };
    }
}

fn opens_with(text: &str, place: &str) -> bool {
    let word = place.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    !word.is_empty() && text.trim_start().starts_with(word)
}

fn day(time: SystemTime) -> Option<Date> {
    let stamp = jiff::Timestamp::try_from(time).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_datetime(stamp).date())
}
