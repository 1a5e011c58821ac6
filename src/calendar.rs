//! Days and how precisely they are known: the publication date with its source, and nothing of how it was found.
//!
//! Days are `jiff::civil::Date`, proleptic Gregorian, years -9999 to 9999, so that archives older than 1677 work.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// The day.
    Day,
    /// The time of day too.
    Second,
}

/// Where a publication date was found, in the order in which the sources are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateSource {
    /// Given by the user with `--published`.
    Given,
    /// A metadata field of the file (front matter, JSON field, JSON-LD, meta element, feed).
    Field,
    /// The agency dateline that opens the text.
    Dateline,
    /// A line of the visible text ("Published 28 June 2021").
    Text,
    /// The article's own address.
    Url,
    /// A folder or file name.
    Path,
    /// The file's time of last change.
    FileTime,
}

/// When an article was published, how precisely that is known, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The day as printed, in the article's own time zone; the first day of the month or year when only that is known.
    pub date: Date,
    /// The time of day as printed, with its offset where given: `14:05:00+02:00`.
    pub time: Option<String>,
    /// How much of `date` is known.
    pub precision: Precision,
    /// Where it was found.
    pub source: DateSource,
}

/// The shape a [`Published`] has in files: `{"date": "2021-06", "precision": "month", "source": "url"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedRecord {
    /// The date, cut to its precision.
    pub date: String,
    /// The time of day, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// How much is known.
    pub precision: Precision,
    /// Where it was found.
    pub source: DateSource,
}

impl Published {
    /// The date as people write it, cut to its precision: `2021-06-28`, `2021-06` or `2021`.
    pub fn shown(&self) -> String {
        shown(self.date, self.precision)
    }

    /// The first and the last day that this date may mean.
    pub fn days(&self) -> (Date, Date) {
        match self.precision {
            Precision::Year => (self.date.first_of_year(), self.date.last_of_year()),
            Precision::Month => (self.date.first_of_month(), self.date.last_of_month()),
            Precision::Day | Precision::Second => (self.date, self.date),
        }
    }

    /// The shape it has in files.
    pub fn record(&self) -> PublishedRecord {
        PublishedRecord {
            date: self.shown(),
            time: self.time.clone(),
            precision: self.precision,
            source: self.source,
        }
    }
}

/// `date` cut to `precision`, in ISO 8601.
pub fn shown(date: Date, precision: Precision) -> String {
    let year = iso_year(date.year());
    match precision {
        Precision::Year => year,
        Precision::Month => format!("{year}-{:02}", date.month()),
        Precision::Day | Precision::Second => format!("{year}-{:02}-{:02}", date.month(), date.day()),
    }
}

/// A year in four digits, with a minus sign before the common era (year 0 is 1 BC).
pub fn iso_year(year: i16) -> String {
    if year < 0 { format!("-{:04}", -i32::from(year)) } else { format!("{year:04}") }
}

/// Every ancestor of a day on the calendar, coarsest first: `2021`, `2021-06`, `2021-06-28`, down to `precision`.
pub fn ancestors(date: Date, precision: Precision) -> Vec<String> {
    let levels = [Precision::Year, Precision::Month, Precision::Day];
    levels.into_iter().filter(|&level| level <= precision).map(|level| shown(date, level)).collect()
}

/// Days since 1970-01-01, negative before.
pub fn day_number(date: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    (date - epoch).get_days()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_are_shown_no_more_precisely_than_they_are_known() {
        let day = date(2021, 6, 28);
        assert_eq!(shown(day, Precision::Year), "2021");
        assert_eq!(shown(day, Precision::Month), "2021-06");
        assert_eq!(ancestors(day, Precision::Second), ["2021", "2021-06", "2021-06-28"]);
        assert_eq!(shown(date(-48, 3, 15), Precision::Day), "-0048-03-15");
    }

    #[test]
    fn day_numbers_work_before_1677_and_after_2262() {
        assert_eq!(day_number(date(1970, 1, 2)), 1);
        assert_eq!(day_number(date(1066, 10, 14)), -329_893);
        assert!(day_number(date(2500, 1, 1)) > 0);
    }
}
