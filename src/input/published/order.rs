//! Which of two numbers is the day, learned from the articles of a publisher or folder as they are read.
//!
//! `28/06/2021` tells how its publisher writes dates; `03/04/2021` is then read alike. [`Orders`] learns from articles in
//! walking order and turns dates round that habit alone decided. Takes and gives articles; never reads a file.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::calendar::{DateDoubt, DateSource, DayOrder, Precision, Published};
use crate::input::published::Decision;
use crate::input::published::field::standing;
use crate::input::published::parse::{Reading, order_of, parse};

/// An order is believed once it is this many times as frequent as the other: a stray foreign date does not turn a folder.
const MAJORITY: u32 = 9;

/// How often each order was seen.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    day_first: u32,
    month_first: u32,
}

/// The orders of day and month by publisher and by folder.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    tallies: FxHashMap<String, Tally>,
}

impl Orders {
    /// Takes note of an article's dates; those that can be read both ways tell nothing.
    pub fn learn(&mut self, article: &Article) {
        let Some(order) = article.day_order.filter(|_| !is_doubtful(article)) else { return };
        for key in keys(article) {
            let tally = self.tallies.entry(key).or_default();
            match order {
                DayOrder::DayFirst => tally.day_first += 1,
                DayOrder::MonthFirst => tally.month_first += 1,
            }
        }
    }

    /// Reads the date of an article in the order of its publisher, else of its folder, where habit alone decided.
    pub fn settle(&self, article: &mut Article) {
        let (Some(assumed), true) = (article.day_order, is_doubtful(article)) else { return };
        let tallies = || keys(article).into_iter().filter_map(|key| self.tallies.get(&key));
        let Some(order) = tallies().find_map(|tally| tally.order()) else { return };
        if order != assumed {
            let Some(published) = article.published.as_ref().and_then(turned) else { return };
            article.published = Some(published);
        }
        article.day_order = Some(order);
        article.date_doubts.retain(|doubt| *doubt != DateDoubt::DayOrder);
        article.notes.retain(|note| !note.starts_with("day and month of "));
    }
}

impl Tally {
    fn order(self) -> Option<DayOrder> {
        let (day, month) = (self.day_first, self.month_first);
        if day > 0 && day >= MAJORITY * month {
            Some(DayOrder::DayFirst)
        } else if month > 0 && month >= MAJORITY * day {
            Some(DayOrder::MonthFirst)
        } else {
            None
        }
    }
}

/// What an article's order is learned for and from: its publisher, then its folder.
fn keys(article: &Article) -> Vec<String> {
    let folder = article.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let publisher = article.source.as_ref().map(|source| format!("publisher {source}"));
    publisher.into_iter().chain([format!("folder {folder}")]).collect()
}

fn is_doubtful(article: &Article) -> bool {
    article.date_doubts.contains(&DateDoubt::DayOrder)
}

/// The date with day and month the other way round.
fn turned(published: &Published) -> Option<Published> {
    let date = published.date;
    let date = Date::new(date.year(), date.day(), date.month()).ok()?;
    (published.precision >= Precision::Day).then(|| Published { date, ..published.clone() })
}

/// The order that `fields` show: that of a date which can be read one way only, else the one in which `decision` was read.
pub(super) fn shown(fields: &[(&str, &str)], decision: &Decision, reading: &Reading) -> Option<DayOrder> {
    let mut dated = fields.iter().filter(|(name, _)| standing(name).is_some());
    if !decision.doubts.contains(&DateDoubt::DayOrder) {
        return dated.find_map(|(_, value)| order_of(value));
    }
    let published = decision.published.as_ref().filter(|published| published.source == DateSource::Field)?;
    [DayOrder::DayFirst, DayOrder::MonthFirst].into_iter().find(|order| {
        let ordered = Reading { order: Some(*order), ..*reading };
        dated.clone().any(|(_, value)| parse(value, &ordered).is_some_and(|s| s.date == published.date))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::published::{Evidence, decide};

    fn article(path: &str, source: Option<&str>, date: &str) -> Article {
        let fields = [("date", date)];
        let decision = decide(&Evidence { fields: &fields, ..Evidence::default() });
        Article {
            path: path.to_owned(),
            source: source.map(str::to_owned),
            published: decision.published,
            date_doubts: decision.doubts,
            day_order: decision.order,
            notes: decision.notes,
            ..Article::default()
        }
    }

    fn settled(known: &[Article], mut article: Article) -> (String, bool) {
        let mut orders = Orders::default();
        for known in known {
            orders.learn(known);
        }
        orders.settle(&mut article);
        (
            article.published.map(|published| published.shown()).unwrap_or_default(),
            article.date_doubts.is_empty(),
        )
    }

    #[test]
    fn dates_are_read_as_their_publisher_or_folder_writes_them() {
        let clear = || article("a/1.json", Some("The Example"), "28/06/2021");
        let american = || article("b/1.json", Some("The Sample"), "06/28/2021");
        let unclear = |path: &str, source| article(path, source, "03/04/2021");
        let cases = [
            (vec![], unclear("a/2.json", None), "2021-03-04", false),
            (vec![clear()], unclear("a/2.json", None), "2021-04-03", true),
            (vec![clear()], unclear("c/2.json", None), "2021-03-04", false),
            (vec![clear()], unclear("c/2.json", Some("The Example")), "2021-04-03", true),
            (vec![american()], unclear("b/2.json", None), "2021-03-04", true),
            (vec![clear(), american()], unclear("a/2.json", Some("The Sample")), "2021-03-04", true),
            (
                vec![clear(), article("a/3.json", None, "06/28/2021")],
                unclear("a/2.json", None),
                "2021-03-04",
                false,
            ),
        ];
        for (known, unclear, date, sure) in cases {
            assert_eq!(settled(&known, unclear), (date.to_owned(), sure));
        }
    }

    #[test]
    fn a_clear_date_is_left_alone() {
        let known = [article("a/1.json", None, "28/06/2021")];
        assert_eq!(settled(&known, article("a/2.json", None, "06/28/2021")), ("2021-06-28".to_owned(), true));
        assert_eq!(
            settled(&known, article("a/2.json", None, "4 March 2021")),
            ("2021-03-04".to_owned(), true)
        );
    }
}
