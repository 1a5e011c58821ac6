//! An article as one JSON line: what `dateline read` writes and `dateline extract` takes.
//!
//! Writing keeps everything that was read; reading is lenient and wants only a title or a text. The shape is documented
//! in docs/OUTPUT.md; keys may be added, none renamed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::calendar::{DateDoubt, DateSource, Precision, Published, PublishedRecord};
use crate::language::Language;

/// One article as a line of JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ArticleLine {
    /// Identifier.
    #[serde(deserialize_with = "text_or_number")]
    pub id: String,
    /// The file it was read from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Its number in that file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// The format that read it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub format: String,
    /// Headline.
    pub title: Option<String>,
    /// Body.
    pub text: String,
    /// Day of publication: a date, or the object that `read` writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<PublishedField>,
    /// Dates from other sources that say another day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_dates: Vec<PublishedRecord>,
    /// Why `published` is not to be taken at its word: `future`, `impossible`, `day-order`, `change`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub date_doubts: Vec<DateDoubt>,
    /// People of the byline.
    pub authors: Vec<String>,
    /// Publisher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// ISO 639-1 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Address on the web.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Agency dateline, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dateline: Option<String>,
    /// Keywords of the publisher.
    pub keywords: Vec<String>,
    /// Every other field of the file.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// What the reader noticed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A publication date as files give it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PublishedField {
    /// With precision and source.
    Record(PublishedRecord),
    /// Only the date: `2021-06-28`, `2021-06` or `2021`, possibly with a time after it.
    Date(String),
}

fn text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => text,
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    })
}

impl ArticleLine {
    /// The line of an article, with the language that was declared or detected.
    pub fn new(article: &Article, language: Language) -> ArticleLine {
        ArticleLine {
            id: article.id.clone(),
            path: article.path.clone(),
            record: article.record,
            format: article.format.to_owned(),
            title: article.title.clone(),
            text: article.text.clone(),
            published: article.published.as_ref().map(|published| PublishedField::Record(published.record())),
            other_dates: article.other_dates.iter().map(Published::record).collect(),
            date_doubts: article.date_doubts.clone(),
            authors: article.authors.clone(),
            source: article.source.clone(),
            section: article.section.clone(),
            language: (language != Language::UNDETERMINED).then_some(language),
            url: article.url.clone(),
            dateline: article.dateline.clone(),
            keywords: article.keywords.clone(),
            metadata: article.metadata.clone(),
            notes: article.notes.clone(),
        }
    }

    /// The article of a line; its format is `json`.
    pub fn into_article(self) -> Article {
        Article {
            id: self.id,
            path: self.path,
            record: self.record,
            format: "json",
            title: self.title.filter(|title| !title.is_empty()),
            text: self.text,
            published: self.published.as_ref().and_then(PublishedField::read),
            other_dates: self.other_dates.iter().filter_map(read_record).collect(),
            date_doubts: self.date_doubts,
            day_order: None,
            authors: self.authors,
            source: self.source,
            section: self.section,
            language: self.language.filter(|language| *language != Language::UNDETERMINED),
            url: self.url,
            dateline: self.dateline,
            keywords: self.keywords,
            metadata: self.metadata,
            notes: self.notes,
        }
    }
}

impl PublishedField {
    /// The date it stands for; none if it is not one.
    pub fn read(&self) -> Option<Published> {
        match self {
            PublishedField::Record(record) => read_record(record),
            PublishedField::Date(text) => read_date(text, DateSource::Field),
        }
    }
}

fn read_record(record: &PublishedRecord) -> Option<Published> {
    let read = read_date(&record.date, record.source)?;
    let precision =
        if record.time.is_some() { Precision::Second } else { record.precision.min(read.precision) };
    Some(Published { time: record.time.clone(), precision, ..read })
}

/// Reads `2021`, `2021-06`, `2021-06-28` or `2021-06-28T14:05:00Z`; the time is kept as printed.
pub fn read_date(text: &str, source: DateSource) -> Option<Published> {
    let (day, time) = match text.trim().split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time.to_owned())),
        None => (text.trim(), None),
    };
    let steps: Vec<&str> = day.split('-').collect();
    let number =
        |step: &str| step.parse::<i16>().ok().filter(|_| step.bytes().all(|byte| byte.is_ascii_digit()));
    let year = number(steps[0]).filter(|_| steps[0].len() == 4)?;
    let month = steps.get(1).map_or(Some(1), |step| number(step))?;
    let day = steps.get(2).map_or(Some(1), |step| number(step))?;
    let precision = match (steps.len(), &time) {
        (1, _) => Precision::Year,
        (2, _) => Precision::Month,
        (3, None) => Precision::Day,
        (3, Some(_)) => Precision::Second,
        _ => return None,
    };
    let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(Published { date, time, precision, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_the_precision_they_have() {
        for (text, shown) in [("2021", "2021"), ("2021-06", "2021-06"), ("2021-06-28", "2021-06-28")] {
            assert_eq!(read_date(text, DateSource::Given).map(|read| read.shown()).as_deref(), Some(shown));
        }
        let second = read_date("2021-06-28T14:05:00+02:00", DateSource::Field).unwrap();
        assert_eq!((second.precision, second.time.as_deref()), (Precision::Second, Some("14:05:00+02:00")));
        for text in ["", "21-06-28", "2021-13-01", "2021-02-31", "June 2021", "+021-01-01"] {
            assert_eq!(read_date(text, DateSource::Given), None, "{text}");
        }
    }

    #[test]
    fn a_line_is_read_back_as_it_was_written() {
        let article = Article {
            id: "a1".into(),
            title: Some("Title".into()),
            text: "Text".into(),
            format: "json",
            published: read_date("2021-06", DateSource::Url),
            authors: vec!["A. Writer".into()],
            ..Article::default()
        };
        let line = serde_json::to_string(&ArticleLine::new(&article, Language::UNDETERMINED)).unwrap();
        let read: ArticleLine = serde_json::from_str(&line).unwrap();
        assert_eq!(read.into_article(), article);
    }
}
