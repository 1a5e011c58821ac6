//! Which of two numbers is the day, learned from the articles of a publisher or folder as they are read.
//!
//! `28/06/2021` tells how its publisher writes dates; `03/04/2021` is then read alike. [`Orders`] learns from articles in
//! walking order and turns dates round that habit alone decided. Takes and gives articles; never reads a file.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::calendar::{DateDoubt, DayHabit, DayOrder, Precision, Published};
use crate::input::published::field::standing;
use crate::input::published::parse::order_of;

/// An order is believed once it is this many times as frequent as the other: a stray foreign date does not turn a folder.
const MAJORITY: u64 = 9;

/// How often each order was seen.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    day_first: u64,
    month_first: u64,
}

/// The orders of day and month by publisher and by folder.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    publishers: FxHashMap<String, Tally>,
    folders: FxHashMap<String, Tally>,
}

impl Orders {
    /// Takes note of an article's dates; those that can be read both ways tell nothing.
    pub fn learn(&mut self, article: &Article) {
        if let Some(habit) = habit(article) {
            self.add(&habit, 1);
        }
    }

    /// Takes note of `articles` with the same habit.
    pub fn add(&mut self, habit: &DayHabit, articles: u64) {
        self.count(habit, |seen| *seen = seen.saturating_add(articles));
    }

    /// Forgets `articles` of a habit that are no more.
    pub fn forget(&mut self, habit: &DayHabit, articles: u64) {
        self.count(habit, |seen| *seen = seen.saturating_sub(articles));
    }

    fn count(&mut self, habit: &DayHabit, change: impl Fn(&mut u64)) {
        let Some(order) = habit.order.filter(|_| habit.shown) else { return };
        let change = |tally: &mut Tally| match order {
            DayOrder::DayFirst => change(&mut tally.day_first),
            DayOrder::MonthFirst => change(&mut tally.month_first),
        };
        change(self.folders.entry(habit.folder.clone()).or_default());
        if !habit.publisher.is_empty() {
            change(self.publishers.entry(habit.publisher.clone()).or_default());
        }
    }

    /// The order that the publisher of `habit` shows, else its folder.
    pub fn order_of(&self, habit: &DayHabit) -> Option<DayOrder> {
        let tallies = [self.publishers.get(&habit.publisher), self.folders.get(&habit.folder)];
        tallies.into_iter().flatten().find_map(|tally| tally.order())
    }

    /// Reads the date of an article in the order of its publisher, else of its folder, where habit alone decided. Gives
    /// what its date shows, or how it was read.
    pub fn settle(&self, article: &mut Article) -> Option<DayHabit> {
        let mut habit = habit(article)?;
        if !habit.shown {
            habit.order = self.order_of(&habit);
            if let Some(order) = habit.order {
                settle_as(article, order);
            }
        }
        Some(habit)
    }
}

/// Reads the date of an article in this order, where habit alone decided.
pub fn settle_as(article: &mut Article, order: DayOrder) {
    let (Some(assumed), true) = (article.day_order, is_doubtful(article)) else { return };
    if order != assumed {
        let Some(published) = article.published.as_ref().and_then(turned) else { return };
        article.published = Some(published);
    }
    // What was told of it shows nothing to others.
    article.day_order = None;
    article.date_doubts.retain(|doubt| *doubt != DateDoubt::DayOrder);
    article.notes.retain(|note| !note.starts_with("day and month of "));
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

/// What the date of an article shows, not yet settled; none if it is not written in figures.
fn habit(article: &Article) -> Option<DayHabit> {
    let order = article.day_order?;
    let folder = article.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let shown = !is_doubtful(article);
    Some(DayHabit {
        publisher: article.source.clone().unwrap_or_default(),
        folder: folder.to_owned(),
        order: shown.then_some(order),
        shown,
    })
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

/// The order that `fields` show: that of a date which can be read one way only.
pub(super) fn shown(fields: &[(&str, &str)]) -> Option<DayOrder> {
    let mut dated = fields.iter().filter(|(name, _)| standing(name).is_some());
    dated.find_map(|(_, value)| order_of(value))
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
        let habit = orders.settle(&mut article);
        assert_eq!(
            orders.settle(&mut article).is_some(),
            habit.is_some_and(|h| h.shown || h.order.is_none())
        );
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
    fn a_day_that_is_only_printed_shows_the_order_too() {
        let printed = |text: &str| decide(&Evidence { text, ..Evidence::default() });
        let cases = [
            ("A headline\nPublished 28/06/2021\nText.", Some(DayOrder::DayFirst), true),
            ("A headline\nPublished 06/28/2021\nText.", Some(DayOrder::MonthFirst), true),
            ("A headline\nPublished 03/04/2021\nText.", Some(DayOrder::MonthFirst), false),
            ("A headline\nPublished 28 June 2021\nText.", None, true),
        ];
        for (text, order, sure) in cases {
            let decision = printed(text);
            assert_eq!((decision.order, decision.doubts.is_empty()), (order, sure), "{text}");
        }
    }

    #[test]
    fn what_is_forgotten_no_longer_counts() {
        let clear = article("a/1.json", None, "28/06/2021");
        let shown = Orders::default().settle(&mut clear.clone()).unwrap();
        let mut orders = Orders::default();
        orders.add(&shown, 2);
        assert_eq!(orders.order_of(&shown), Some(DayOrder::DayFirst));
        orders.forget(&shown, 2);
        assert_eq!(orders.order_of(&shown), None);
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
