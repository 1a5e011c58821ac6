//! What the user knows of publishers: the time zone they print in, how they write days, what their sections are called.
//!
//! A publisher is known by its name as articles give it, or by the host of its address. Takes an article whose dates
//! were decided and sets it right; never reads a file.

use globset::{GlobBuilder, GlobMatcher};
use jiff::civil::Time;
use jiff::tz::{Offset, TimeZone};

use crate::article::Article;
use crate::calendar::{DayOrder, Precision, Published};
use crate::input::published::order;

/// What is known of one publisher; empty where nothing is.
#[derive(Debug, Clone, Default)]
pub struct Publisher {
    /// The zone of its clock: times in UTC are put on its local day, times without a zone are in it.
    time_zone: Option<TimeZone>,
    /// How it writes days in figures.
    day_order: Option<DayOrder>,
    /// Section names by what the section, the address or the path of an article matches, the longest pattern first.
    sections: Vec<(GlobMatcher, String)>,
}

/// The publishers that the settings tell of, by name or host.
#[derive(Debug, Clone, Default)]
pub struct Publishers {
    known: Vec<(String, Publisher)>,
}

impl Publisher {
    /// Reads the zone, for example `Europe/London`.
    ///
    /// # Errors
    /// When the system's tables of time zones have none of that name.
    pub fn set_time_zone(&mut self, name: &str) -> Result<(), String> {
        let zone = TimeZone::get(name).map_err(|_| {
            format!("no time zone is called {name:?}; write a name like Europe/London or America/New_York")
        })?;
        self.time_zone = Some(zone);
        Ok(())
    }

    /// Reads the order of day and month, `day-first` or `month-first`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn set_day_order(&mut self, name: &str) -> Result<(), String> {
        self.day_order = Some(match name {
            "day-first" => DayOrder::DayFirst,
            "month-first" => DayOrder::MonthFirst,
            _ => {
                return Err(format!("{name:?} is no order of day and month; write day-first or month-first"));
            }
        });
        Ok(())
    }

    /// Gives articles the section `name` whose section, address or path matches `pattern`.
    ///
    /// # Errors
    /// When the pattern is no glob.
    pub fn add_section(&mut self, pattern: &str, name: &str) -> Result<(), String> {
        let glob = GlobBuilder::new(pattern).case_insensitive(true).literal_separator(false).build();
        let glob = glob.map_err(|error| error.to_string())?;
        self.sections.push((glob.compile_matcher(), name.to_owned()));
        self.sections.sort_by_key(|(glob, _)| std::cmp::Reverse(glob.glob().glob().len()));
        Ok(())
    }

    fn set_right(&self, article: &mut Article) {
        if let Some(order) = self.day_order {
            order::settle_as(article, order);
        }
        if let (Some(zone), Some(published)) = (&self.time_zone, &article.published) {
            article.published = in_zone(published, zone).or_else(|| article.published.take());
        }
        if let Some(section) = self.section_of(article) {
            article.section = Some(section);
        }
    }

    fn section_of(&self, article: &Article) -> Option<String> {
        let told = [article.section.as_deref(), article.url.as_deref(), Some(article.path.as_str())];
        let fits = |glob: &GlobMatcher| told.iter().flatten().any(|told| glob.is_match(told));
        self.sections.iter().find(|(glob, _)| fits(glob)).map(|(_, name)| name.clone())
    }
}

impl Publishers {
    /// Adds a publisher by its name or by the host of its address.
    pub fn add(&mut self, name: &str, publisher: Publisher) {
        self.known.push((name.to_owned(), publisher));
    }

    /// Sets right what is known of the publisher of `article`.
    pub fn set_right(&self, article: &mut Article) {
        let is_its = |(name, _): &&(String, Publisher)| {
            article.source.as_deref().is_some_and(|source| source.eq_ignore_ascii_case(name))
                || article.url.as_deref().and_then(host).is_some_and(|host| host.eq_ignore_ascii_case(name))
        };
        if let Some((_, publisher)) = self.known.iter().find(is_its) {
            publisher.set_right(article);
        }
    }
}

/// `example.org` of `https://www.example.org/2021/a`.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// `published` as the clocks of `zone` showed it; none if it says no time, or one with an offset of its own.
fn in_zone(published: &Published, zone: &TimeZone) -> Option<Published> {
    let told = published.time.as_deref().filter(|_| published.precision >= Precision::Day)?;
    let is_utc = told.ends_with('Z') || told.ends_with("+00:00");
    let written = told.trim_end_matches('Z').trim_end_matches("+00:00");
    if written.contains(['+', '-']) {
        return None;
    }
    let time: Time = written.parse().ok()?;
    let moment = published.date.to_datetime(time);
    let clock = if is_utc { &TimeZone::UTC } else { zone };
    let stamp = clock.to_timestamp(moment).ok()?;
    let local = zone.to_datetime(stamp);
    let time = format!("{}{}", local.time().strftime("%H:%M:%S"), shown(zone.to_offset(stamp)));
    Some(Published { date: local.date(), time: Some(time), ..published.clone() })
}

/// `+02:00`.
fn shown(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::calendar::DateSource;

    fn article(time: &str) -> Article {
        let published = Published {
            date: date(2021, 6, 28),
            time: (!time.is_empty()).then(|| time.to_owned()),
            precision: if time.is_empty() { Precision::Day } else { Precision::Second },
            source: DateSource::Field,
        };
        Article {
            source: Some("The Example".to_owned()),
            url: Some("https://www.sample.example/uk/football/1".to_owned()),
            section: Some("SPO".to_owned()),
            path: "wire/2021/a.json".to_owned(),
            published: Some(published),
            ..Article::default()
        }
    }

    fn set_right(name: &str, publisher: &Publisher, mut article: Article) -> Article {
        let mut publishers = Publishers::default();
        publishers.add(name, publisher.clone());
        publishers.set_right(&mut article);
        article
    }

    #[test]
    fn times_are_those_of_the_publishers_clock() {
        let mut publisher = Publisher::default();
        publisher.set_time_zone("America/New_York").unwrap();
        let cases = [
            ("02:30:00Z", "2021-06-27 22:30:00-04:00"),
            ("02:30:00+00:00", "2021-06-27 22:30:00-04:00"),
            ("14:05:00", "2021-06-28 14:05:00-04:00"),
            ("14:05:00+02:00", "2021-06-28 14:05:00+02:00"),
            ("", "2021-06-28 "),
        ];
        for (time, expected) in cases {
            let published = set_right("the example", &publisher, article(time)).published.unwrap();
            let time = published.time.clone().unwrap_or_default();
            assert_eq!(format!("{} {time}", published.shown()), expected);
        }
        let other = set_right("Another", &publisher, article("02:30:00Z")).published.unwrap();
        assert_eq!(other.shown(), "2021-06-28");
    }

    #[test]
    fn sections_are_named_by_what_matches() {
        let mut publisher = Publisher::default();
        publisher.add_section("*/football/*", "Football").unwrap();
        publisher.add_section("spo", "Sport").unwrap();
        let section = |article| set_right("sample.example", &publisher, article).section;
        assert_eq!(section(article("")).as_deref(), Some("Football"), "the longest pattern wins");
        let elsewhere = Article { url: Some("https://sample.example/a".to_owned()), ..article("") };
        assert_eq!(section(elsewhere.clone()).as_deref(), Some("Sport"));
        assert_eq!(
            section(Article { section: Some("World".to_owned()), ..elsewhere }).as_deref(),
            Some("World")
        );
    }

    #[test]
    fn wrong_settings_are_told() {
        let mut publisher = Publisher::default();
        assert!(publisher.set_time_zone("Mars/Olympus").unwrap_err().contains("no time zone"));
        assert!(publisher.set_day_order("american").unwrap_err().contains("day-first"));
        assert!(publisher.add_section("[", "x").is_err());
    }
}
