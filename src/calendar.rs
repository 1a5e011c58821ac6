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
    /// When a crawler fetched the page: it is no younger.
    Crawl,
}

/// Which of two numbers is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayOrder {
    /// 28/06/2021.
    DayFirst,
    /// 06/28/2021.
    MonthFirst,
}

/// How an article writes its day in figures; for one that can be read both ways, how it was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayHabit {
    /// Who published it; empty if that is not known.
    pub publisher: String,
    /// The folder that its file lies in.
    pub folder: String,
    /// The order of day and month that it shows; else the one that was learned from others, if any.
    pub order: Option<DayOrder>,
    /// It shows the order itself.
    pub shown: bool,
}

/// Why a publication date is not to be taken at its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateDoubt {
    /// It lies after the day on which the article was read.
    Future,
    /// A field that should hold it says what no calendar has: 31 February, 0000-00-00.
    Impossible,
    /// Day and month may be the other way round, and nothing but habit decided.
    DayOrder,
    /// It is the day of a later change; that of publication is not told.
    Change,
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

/// Reads what [`shown`] writes.
fn read_shown(text: &str) -> Option<(Date, Precision)> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let mut numbers = digits.split('-').map(|number| number.parse::<i16>().ok());
    let year = numbers.next()?? * sign;
    let (month, day) = (numbers.next(), numbers.next());
    let precision = match (month, day) {
        (None, _) => Precision::Year,
        (_, None) => Precision::Month,
        _ => Precision::Day,
    };
    let number = |given: Option<Option<i16>>| i8::try_from(given.unwrap_or(Some(1))?).ok();
    Some((Date::new(year, number(month)?, number(day)?).ok()?, precision))
}

/// The years, months or days (as these are written) between two dates in the form of [`shown`], in order, ends left out;
/// nothing if they are no two dates of one precision.
pub fn between(first: &str, last: &str) -> Option<impl Iterator<Item = String> + use<>> {
    let (start, precision) = read_shown(first)?;
    let (end, other) = read_shown(last)?;
    let step = match precision {
        Precision::Year => jiff::Span::new().years(1),
        Precision::Month => jiff::Span::new().months(1),
        Precision::Day | Precision::Second => jiff::Span::new().days(1),
    };
    let dates = std::iter::successors(start.checked_add(step).ok(), move |date| date.checked_add(step).ok());
    let inside = dates.take_while(move |date| *date < end).map(move |date| shown(date, precision));
    (precision == other).then_some(inside)
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
    fn what_lies_between_two_dates_is_listed() {
        let listed = |first, last| between(first, last).map(|dates| dates.collect::<Vec<_>>().join(" "));
        let cases = [
            ("2019", "2022", Some("2020 2021")),
            ("2020-11", "2021-02", Some("2020-12 2021-01")),
            ("2021-02-27", "2021-03-02", Some("2021-02-28 2021-03-01")),
            ("-0002", "0002", Some("-0001 0000 0001")),
            ("2021", "2022", Some("")),
            ("2022", "2021", Some("")),
            ("2021", "2022-03", None),
            ("missing", "2022", None),
        ];
        for (first, last, expected) in cases {
            assert_eq!(listed(first, last).as_deref(), expected, "{first} {last}");
        }
    }

    #[test]
    fn day_numbers_work_before_1677_and_after_2262() {
        assert_eq!(day_number(date(1970, 1, 2)), 1);
        assert_eq!(day_number(date(1066, 10, 14)), -329_893);
        assert!(day_number(date(2500, 1, 1)) > 0);
    }
}
