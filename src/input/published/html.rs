//! What a web page says of its date: JSON-LD, meta elements, `<time>`, marked-up and visible dates, its address.
//!
//! Takes a flattened page, walks it once, gives [`Candidate`]s for [`choose`](super::choose). What stands near the headline
//! is believed, what stands in footers and sidebars hardly, what stands in comments and lists of other articles never.
//! Never changes the page.

mod said;
mod thread;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use self::said::{CHANGE, Said};
use crate::calendar::{DateSource, DayOrder, Precision};
use crate::input::html::page::{Attribute, Index, Page, Tag};
use crate::input::published::field::{Standing, standing};
use crate::input::published::parse::{Reading, Stamp, month_and_day, parse};
use crate::input::published::visible::Statement;
use crate::input::published::{Candidate, json_ld, url, visible};
use crate::language::Language;

/// A marked-up date is no longer than this, in bytes.
const LONGEST: usize = 200;
/// Pages nested deeper than this are hostile.
const DEEPEST: usize = 400;
/// Dates this many bytes of text before and after the headline belong to it.
const BEFORE_HEADLINE: usize = 400;
const AFTER_HEADLINE: usize = 1500;
/// The share of trust left to a date in a sidebar, list or comment, and to one far from the headline.
const ELSEWHERE: f32 = 0.25;
const FAR: f32 = 0.5;
/// The rank from which a heading has words of the page's title.
const TITLED: u8 = 2;
/// How far a day in the page's title is believed.
const IN_TITLE: u8 = 34;
/// So many letters of a headline tell it from others.
const HEADLINE: usize = 24;
/// Dates this near are beside the headline.
const BESIDE_BEFORE: usize = 200;
const BESIDE_AFTER: usize = 350;
/// The origin of a date that counts only there.
const BESIDE: &str = "beside the headline";
/// Things that microdata describes beside the article.
const DESCRIBED: [&str; 7] =
    ["Comment", "Answer", "Review", "Event", "VideoObject", "ImageObject", "AudioObject"];
/// So many days before the headline are those of other articles.
const LISTED: usize = 3;
/// How far a date behind the picture of a calendar is believed, wherever it stands.
const PICTURED: u8 = 46;
/// How far a date in a box of several lines is believed, and how many lines it has.
const BOXED: u8 = 45;
const BOX_PARTS: usize = 3;
/// The origin of a day whose year the address has to tell, and any year that has all days.
const YEARLESS: &str = "day without a year";
const LEAP_YEAR: i16 = 2000;
/// More dates than this on one page are a calendar or an archive.
const MOST: usize = 400;

/// Attributes that hold the date of an element.
const DATED: [Attribute; 10] = [
    Attribute::Datetime,
    Attribute::Content,
    Attribute::Title,
    Attribute::DataDatetime,
    Attribute::DataDate,
    Attribute::DataTimestamp,
    Attribute::DataTime,
    Attribute::DataPublished,
    Attribute::DataPublishDate,
    Attribute::DataUtime,
];
/// Those that hold a date whatever the element is called.
const SELF_DATED: [Attribute; 6] = [
    Attribute::Datetime,
    Attribute::DataDatetime,
    Attribute::DataTimestamp,
    Attribute::DataPublished,
    Attribute::DataPublishDate,
    Attribute::DataUtime,
];

/// Everything the page says of its day of publication, its address included; `url` is the address if it is known
/// otherwise, `reading` what is known of its language and its site.
pub(in crate::input) fn candidates(page: &Page, url: Option<&str>, reading: &Reading) -> Vec<Candidate> {
    let mut walk = Walk::new(page, *reading);
    walk.run();
    let address = url.or(walk.address.as_deref()).and_then(url::candidate);
    let mut found = walk.placed(address.as_ref());
    found.extend(address);
    found
}

/// A date in the body of the page.
struct Spot {
    stamp: Stamp,
    trust: u8,
    modified: bool,
    origin: &'static str,
    source: DateSource,
    /// Bytes of text before it.
    position: usize,
    /// The sidebars, lists and footers that it stands in.
    asides: Vec<Aside>,
    /// It stands in a cell of a table or list.
    cell: bool,
}

/// A part of the page that is not the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Aside {
    number: u32,
    /// Readers wrote it, or it leads to other articles: its days are never that of this one.
    foreign: bool,
}

/// One walk over a page.
struct Walk<'p> {
    page: &'p Page,
    reading: Reading,
    candidates: Vec<Candidate>,
    spots: Vec<Spot>,
    address: Option<String>,
    /// Text of the line being read, and bytes of text before it.
    line: String,
    position: usize,
    /// A line that names a date and holds none: "Published on:", whose date is the next line.
    label: String,
    /// The lines before this one that may be parts of a date.
    parts: Vec<String>,
    /// The line began with the picture of a calendar or a clock.
    icon: bool,
    /// So many cells of tables and lists are open, and so many of those tell of something else than the page.
    cells: u32,
    facts: u32,
    /// The headline: how far into the text it begins and ends.
    headline: Option<(usize, usize)>,
    /// How surely that is the headline, and the page's titles, which tell.
    rank: u8,
    titles: Vec<String>,
    /// Numbers of the asides that are open, all that were opened, and those that turned out to hold the headline.
    asides: Vec<Aside>,
    opened: u32,
    main: Vec<Aside>,
    /// What classes and ids say: lists and grids repeat theirs.
    said: FxHashMap<&'p str, Said>,
    words: String,
}

/// An element that is open.
struct Open {
    end: Index,
    block: bool,
    aside: bool,
    cell: bool,
    fact: bool,
}

impl<'p> Walk<'p> {
    fn new(page: &'p Page, reading: Reading) -> Walk<'p> {
        Walk {
            page,
            reading,
            candidates: Vec::new(),
            spots: Vec::new(),
            address: None,
            line: String::new(),
            position: 0,
            label: String::new(),
            parts: Vec::new(),
            icon: false,
            cells: 0,
            facts: 0,
            headline: None,
            rank: 0,
            titles: Vec::new(),
            asides: Vec::new(),
            opened: 0,
            main: Vec::new(),
            said: FxHashMap::default(),
            words: String::new(),
        }
    }

    fn run(&mut self) {
        let page = self.page;
        let mut open: Vec<Open> = Vec::new();
        let mut at = 1;
        while at < page.end(0) {
            while let Some(last) = open.pop_if(|last| last.end <= at) {
                self.close(&last);
            }
            match page.tag(at) {
                Tag::Text => self.text(at),
                Tag::Nothing => {}
                tag => {
                    let inner = self.element(at, tag);
                    let is_shallow = open.len() < DEEPEST;
                    match inner {
                        Some(element) if is_shallow => open.push(element),
                        Some(element) => {
                            self.close(&element);
                            at = page.end(at);
                            continue;
                        }
                        None => {
                            at = page.end(at);
                            continue;
                        }
                    }
                }
            }
            at += 1;
        }
        while let Some(last) = open.pop() {
            self.close(&last);
        }
        self.end_line();
    }

    fn close(&mut self, element: &Open) {
        if element.block {
            self.end_line();
        }
        if element.aside {
            self.asides.pop();
        }
        self.cells -= u32::from(element.cell);
        self.facts -= u32::from(element.fact);
    }

    fn text(&mut self, at: Index) {
        for word in self.page.raw(at).split_whitespace() {
            self.position += word.len() + 1;
            // One byte more than a line may have shows that it is too long.
            if self.line.len() <= LONGEST {
                self.line.push_str(word);
                self.line.push(' ');
            }
        }
    }

    /// Reads an element; gives it where its content is to be read too.
    fn element(&mut self, at: Index, tag: Tag) -> Option<Open> {
        match tag {
            Tag::Meta => self.meta(at),
            Tag::Link => self.link(at),
            Tag::Script => self.script(at),
            Tag::Title => self.title_element(at),
            Tag::Style
            | Tag::Noscript
            | Tag::Svg
            | Tag::Template
            | Tag::Iframe
            | Tag::Select
            | Tag::Textarea
            | Tag::Option => {}
            _ => return Some(self.content(at, tag)),
        }
        None
    }

    fn content(&mut self, at: Index, tag: Tag) -> Open {
        if tag == Tag::Html {
            self.language(at);
        }
        let block = is_block(tag);
        if block {
            self.end_line();
        }
        let said = self.said(at);
        let aside = self.opens_aside(at, tag, said);
        if matches!(tag, Tag::H1 | Tag::H2 | Tag::H3) {
            self.headline(at, tag == Tag::H1);
        }
        let cell = matches!(tag, Tag::Td | Tag::Dd);
        let fact = cell && self.is_fact(at);
        self.cells += u32::from(cell);
        self.facts += u32::from(fact);
        self.icon |= said.calendar && !block && self.line.is_empty();
        self.marked(at, tag, said);
        Open { end: self.page.end(at), block, aside, cell, fact }
    }

    /// Whether a cell is what a table or list tells of its term, which is no publication: "Born", "Opened".
    fn is_fact(&self, at: Index) -> bool {
        let page = self.page;
        let elements = page.children(page.parent(at)).take_while(|&other| other < at);
        let term = elements.filter(|&other| !matches!(page.tag(other), Tag::Text | Tag::Nothing)).last();
        let Some(term) = term.filter(|&term| matches!(page.tag(term), Tag::Th | Tag::Dt)) else {
            return false;
        };
        let words = short_text(page, term).unwrap_or_default();
        let said = visible::statement(&words);
        words.contains(char::is_alphabetic)
            && !matches!(said, Some(Statement::Published | Statement::Changed))
    }

    /// What class and id of an element say.
    fn said(&mut self, at: Index) -> Said {
        let mut said = Said::default();
        for attribute in [Attribute::Class, Attribute::Id] {
            if let Some(value) = self.page.attribute(at, attribute) {
                let words = &mut self.words;
                said.add(*self.said.entry(value).or_insert_with(|| Said::of(value, words)));
            }
        }
        said
    }

    fn language(&mut self, at: Index) {
        let Some(tag) = self.page.attribute(at, Attribute::Lang) else { return };
        if self.reading.language.is_none() {
            self.reading.language = Language::parse(tag);
        }
        if self.reading.order.is_none() {
            self.reading.order = order_of_tag(tag);
        }
    }

    fn meta(&mut self, at: Index) {
        let Some(content) = self.page.attribute(at, Attribute::Content) else { return };
        let names =
            [Attribute::Property, Attribute::Name, Attribute::Itemprop, Attribute::HttpEquiv, Attribute::Id];
        let named = names.into_iter().find_map(|attribute| self.page.attribute(at, attribute));
        let Some(name) = named else { return };
        if name.eq_ignore_ascii_case("og:title") {
            self.title(content);
        }
        if name.eq_ignore_ascii_case("og:url") {
            self.address.get_or_insert_with(|| content.to_owned());
        }
        if let Some(standing) = standing(name)
            && let Some(stamp) = parse(content, &self.reading)
        {
            if !self.asides.is_empty() {
                self.spot(stamp, standing, "meta", DateSource::Field);
                return;
            }
            self.candidates.push(Candidate {
                stamp,
                source: DateSource::Field,
                trust: standing.trust,
                modified: standing.modified,
                origin: format!("meta {name}"),
            });
        }
    }

    fn link(&mut self, at: Index) {
        let rel = self.page.attribute(at, Attribute::Rel);
        let canonical = rel.is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
        if canonical && let Some(address) = self.page.attribute(at, Attribute::Href) {
            self.reading.order = self.reading.order.or_else(|| url::order_of_site(address));
            self.address = Some(address.to_owned());
        }
    }

    fn script(&mut self, at: Index) {
        let script = self.page.text(at);
        let kind = self.page.attribute(at, Attribute::Kind).unwrap_or_default().to_ascii_lowercase();
        let found = if kind.contains("ld+json") {
            json_ld::candidates(&script, &self.titles, &self.reading)
        } else {
            json_ld::in_script(&script, &self.reading)
        };
        self.candidates.extend(found);
    }

    /// Opens an aside if the element is one.
    fn opens_aside(&mut self, at: Index, tag: Tag, said: Said) -> bool {
        let by_name = matches!(tag, Tag::Footer | Tag::Nav | Tag::Aside);
        let may_be =
            matches!(tag, Tag::Div | Tag::Section | Tag::Ul | Tag::Ol | Tag::Li | Tag::Table | Tag::Td);
        // What the page describes as another thing than an article.
        let kind = self.page.attribute(at, Attribute::Itemtype);
        let described = kind.is_some_and(|kind| DESCRIBED.iter().any(|thing| kind.contains(thing)));
        let own = said.own || said.date && said.published;
        let aside = (by_name || may_be && said.aside) && !own || described;
        if aside {
            self.opened += 1;
            let foreign =
                said.foreign && !said.own && !said.date || kind.is_some_and(|kind| kind.contains("Comment"));
            self.asides.push(Aside { number: self.opened, foreign });
        }
        aside
    }

    /// Takes a heading for the headline: an `h1` with the words of the page's title, else another heading with them,
    /// else any `h1`; the first of equals. Sites put their own name in headings and titles too, so short ones come last.
    fn headline(&mut self, at: Index, first_level: bool) {
        let text = short_text(self.page, at).unwrap_or_default();
        let text = text.trim();
        let start: String = text.chars().take(HEADLINE).collect();
        let titled = self.titles.iter().any(|title| title.contains(&start));
        // Few sites have so long a name.
        let long = text.len() > start.len();
        let rank = match (titled, first_level) {
            (true, true) if long => 5,
            (true, false) if long => 4,
            (true, true) if text.len() > 8 => 3,
            (true, false) if text.len() > 20 => 2,
            (_, true) => 1,
            _ => 0,
        };
        if rank > self.rank {
            self.rank = rank;
            // The text of a long one is not known.
            let length = if text.is_empty() { LONGEST } else { text.len() };
            self.headline = Some((self.position, self.position + length));
            self.main.clone_from(&self.asides);
        }
    }

    /// The title of the page, which may end with its day.
    fn title_element(&mut self, at: Index) {
        let title = self.page.text(at);
        self.title(&title);
        if let Some((stamp, false)) = visible::marked(&title, &self.reading) {
            self.candidates.push(Candidate {
                stamp,
                source: DateSource::Text,
                trust: IN_TITLE,
                modified: false,
                // The headline has it too: it is no second witness.
                origin: BESIDE.to_owned(),
            });
        }
    }

    /// Remembers a title of the page, with its white space as [`short_text`] leaves it.
    fn title(&mut self, title: &str) {
        let words: Vec<&str> = title.split_whitespace().collect();
        self.titles.push(words.join(" "));
    }

    /// Dates that the page marks as such: `<time>`, `itemprop`, `<abbr title>`, classes and ids that speak of a date.
    fn marked(&mut self, at: Index, tag: Tag, said: Said) {
        let page = self.page;
        let property = page.attribute(at, Attribute::Itemprop).or(page.attribute(at, Attribute::Property));
        let by_property = property.and_then(standing);
        let has = |attribute| page.attribute(at, attribute).is_some();
        let stated = match (tag, by_property) {
            (_, Some(standing)) => Standing { trust: standing.trust.min(90), ..standing },
            (Tag::Time, None) if has(Attribute::Pubdate) => Standing { trust: 88, modified: false },
            (Tag::Time, None) => said.standing(68),
            _ if said.date => said.standing(60),
            (Tag::Abbr, None) if has(Attribute::Title) => Standing { trust: 60, modified: false },
            _ if page.has_any(at, &SELF_DATED) => Standing { trust: 56, modified: false },
            _ => return,
        };
        let reading = self.reading;
        let text = short_text(page, at);
        let attribute = DATED.into_iter().find_map(|name| {
            let value = page.attribute(at, name)?;
            parse(value, &reading).filter(|stamp| stamp.precision >= Precision::Day)
        });
        let found = match attribute {
            Some(stamp) => {
                let words = text.as_deref().unwrap_or_default();
                let words = words.find(char::is_numeric).map_or("", |figures| &words[..figures]);
                Some((stamp, visible::statement(words) == Some(Statement::Changed)))
            }
            None => text.and_then(|text| visible::marked(&text, &reading)),
        };
        if let Some((stamp, changed)) = found {
            let changed = changed || by_property.is_none() && !said.published && self.led_by_change();
            let stated = if changed { CHANGE } else { stated };
            self.spot(stamp, stated, if tag == Tag::Time { "time" } else { "marked" }, DateSource::Field);
        }
    }

    /// Whether the words before this place in the line, or above it, tell of a change: "Updated <time>".
    fn led_by_change(&self) -> bool {
        let words = if self.line.is_empty() { &self.label } else { &self.line };
        visible::statement(words) == Some(Statement::Changed)
    }

    fn spot(&mut self, stamp: Stamp, standing: Standing, origin: &'static str, source: DateSource) {
        if self.spots.len() < MOST {
            let (position, asides, cell) = (self.position, self.asides.clone(), self.cells > 0);
            let Standing { trust, modified } = standing;
            self.spots.push(Spot { stamp, trust, modified, origin, source, position, asides, cell });
        }
    }

    /// A line of visible text is complete.
    fn end_line(&mut self) {
        if self.line.is_empty() {
            return;
        }
        let line = std::mem::take(&mut self.line);
        // The line began before its own bytes were counted.
        let start = self.position.saturating_sub(line.len());
        if let Some((stamp, standing, origin)) = self.dated(&line) {
            self.spot(stamp, standing, origin, DateSource::Text);
        }
        if let Some(spot) = self.spots.last_mut().filter(|spot| spot.source == DateSource::Text) {
            spot.position = spot.position.min(start.max(spot.position.saturating_sub(LONGEST)));
        }
        if visible::may_label(&line) {
            self.label.push_str(&line);
        }
        self.line = line;
        self.line.clear();
    }

    /// What a line of visible text says of the date of the page, with the lines before it, and where that counts.
    fn dated(&mut self, line: &str) -> Option<(Stamp, Standing, &'static str)> {
        let (label, parts) = (std::mem::take(&mut self.label), std::mem::take(&mut self.parts));
        let icon = std::mem::take(&mut self.icon);
        // What a table tells of its terms dates no page.
        if self.facts > 0 {
            return None;
        }
        let labelled =
            || (!label.is_empty()).then(|| visible::labelled(&label, line, &self.reading)).flatten();
        if let Some(found) = labelled().or_else(|| visible::candidate(line, &self.reading)) {
            let trust = if icon && visible::is_bare_trust(found.trust) { PICTURED } else { found.trust };
            return Some((found.stamp, Standing { trust, modified: found.modified }, "visible"));
        }
        if let Some(found) = visible::beside_headline(line, &self.reading) {
            let origin = if icon && visible::opens(&found) { "visible" } else { BESIDE };
            return Some((found.stamp, Standing { trust: found.trust, modified: false }, origin));
        }
        self.parts = parts;
        let (stamp, origin) = self.boxed(line)?;
        Some((stamp, Standing { trust: BOXED, modified: false }, origin))
    }

    /// The date that this line completes where each of its parts has a line: "28", "Jun", "2021" in a box. Of a box
    /// without a year the day and the month.
    fn boxed(&mut self, line: &str) -> Option<(Stamp, &'static str)> {
        if !visible::may_be_part(line) {
            self.parts.clear();
            return None;
        }
        let figures = |part: &String| visible::has_figures(part);
        let counts = visible::has_figures(line) || self.parts.last().is_some_and(figures);
        let mut part = if self.parts.len() == BOX_PARTS { self.parts.remove(0) } else { String::new() };
        part.clear();
        part.push_str(line);
        self.parts.push(part);
        if !counts {
            return None;
        }
        let language = self.reading.language;
        let other = self.parts.iter().rposition(|part| !visible::is_part(part, language));
        let text = self.parts[other.map_or(0, |other| other + 1)..].join(" ");
        if !text.contains(char::is_alphabetic) {
            return None;
        }
        if let Some((stamp, _)) = visible::marked(&text, &self.reading) {
            self.parts.clear();
            return Some((stamp, "visible"));
        }
        let (month, day, _) = month_and_day(&text, language)?;
        let date = Date::new(LEAP_YEAR, month, day).ok()?;
        let stamp = Stamp { date, time: None, precision: Precision::Day, assumed: None, shown: None };
        Some((stamp, YEARLESS))
    }

    /// Whether the headline is preceded by a list of other articles: by several days that are no changes.
    fn follows_list(&self) -> bool {
        let Some((headline, _)) = self.headline else { return false };
        let before = |spot: &&Spot| {
            spot.position < headline && !spot.modified && spot.origin != YEARLESS && self.is_main(spot)
        };
        let mut days: Vec<Date> = self.spots.iter().filter(before).map(|spot| spot.stamp.date).collect();
        days.sort_unstable();
        days.dedup();
        days.len() >= LISTED
    }

    /// The days of the marked dates in asides where those are several and no changes: other articles have them.
    fn days_of_others(&self) -> Vec<Date> {
        let marked = |spot: &&Spot| spot.source == DateSource::Field && !spot.modified && !self.is_main(spot);
        let mut days: Vec<Date> = self.spots.iter().filter(marked).map(|spot| spot.stamp.date).collect();
        days.sort_unstable();
        days.dedup();
        if days.len() < 2 { Vec::new() } else { days }
    }

    fn is_main(&self, spot: &Spot) -> bool {
        spot.asides.iter().all(|aside| self.main.contains(aside))
    }

    /// The candidates, those of the body weighed by where they stand.
    fn placed(&mut self, address: Option<&Candidate>) -> Vec<Candidate> {
        let (follows_list, others) = (self.follows_list(), self.days_of_others());
        let mut found = std::mem::take(&mut self.candidates);
        let in_article = self.spots.iter().filter(|spot| self.is_main(spot));
        let post = thread::first_post(&self.titles, &found, in_article).map(|post| post.stamp.clone());
        for mut spot in std::mem::take(&mut self.spots) {
            if spot.origin == YEARLESS {
                let Some(date) = address.and_then(|address| in_month(spot.stamp.date, address)) else {
                    continue;
                };
                spot.stamp.date = date;
            }
            let before = self.headline.is_some_and(|(start, _)| spot.position < start);
            let share = match self.share(&spot) {
                _ if others.contains(&spot.stamp.date) && !self.is_main(&spot) => 0.0,
                share if post.as_ref() == Some(&spot.stamp) && self.is_main(&spot) => share.max(1.0),
                share if follows_list && before => share.min(FAR),
                share => share,
            };
            let trust = f32::from(spot.trust) * share;
            if trust >= 1.0 {
                found.push(Candidate {
                    stamp: spot.stamp,
                    source: spot.source,
                    trust: trust.min(90.0) as u8,
                    modified: spot.modified,
                    origin: spot.origin.to_owned(),
                });
            }
        }
        if let Some(written) = post {
            thread::prefer(&written, &mut found);
        }
        found
    }

    /// The share of its trust that a date keeps where it stands.
    fn share(&self, spot: &Spot) -> f32 {
        let mut asides = spot.asides.iter().filter(|aside| !self.main.contains(aside));
        let (aside, foreign) = (asides.clone().next().is_some(), asides.any(|aside| aside.foreign));
        let within = |before: usize, after: usize| {
            self.headline.is_some_and(|(start, end)| {
                (start.saturating_sub(before)..end + after).contains(&spot.position)
            })
        };
        let beside = within(BESIDE_BEFORE, BESIDE_AFTER);
        let near = self.headline.is_none() || within(BEFORE_HEADLINE, AFTER_HEADLINE);
        match (spot.origin == BESIDE, aside, beside, near) {
            (true, false, true, _) => 1.0,
            (true, false, _, true) if self.headline.is_some() => 0.6,
            (true, ..) => 0.0,
            _ if foreign && self.headline.is_some() => 0.0,
            (_, true, ..) => ELSEWHERE,
            (_, _, true, _) => 1.2,
            // What a table far below tells of.
            _ if spot.cell && self.headline.is_some() && is_bare(spot) => 0.0,
            (_, _, _, true) => 1.0,
            (_, _, _, false) if self.rank >= TITLED && is_bare(spot) => 0.0,
            _ => FAR,
        }
    }
}

/// The day with the year of an address that has its month.
fn in_month(day: Date, address: &Candidate) -> Option<Date> {
    let month = address.stamp.date;
    let same = address.stamp.precision == Precision::Month && month.month() == day.month();
    same.then(|| Date::new(month.year(), day.month(), day.day()).ok()).flatten()
}

/// Whether a date is a line of its own that nothing else speaks for.
fn is_bare(spot: &Spot) -> bool {
    spot.source == DateSource::Text && !spot.modified && visible::is_bare_trust(spot.trust)
}

/// The order of day and month of a language tag with a country: `en-GB` is not `en-US`.
fn order_of_tag(tag: &str) -> Option<DayOrder> {
    let country = tag.split(['-', '_']).nth(1)?.to_ascii_uppercase();
    match country.as_str() {
        "US" | "PH" => Some(DayOrder::MonthFirst),
        "GB" | "AU" | "NZ" | "IE" | "IN" | "ZA" | "NG" | "KE" | "PK" | "SG" | "HK" => {
            Some(DayOrder::DayFirst)
        }
        _ => None,
    }
}

fn is_block(tag: Tag) -> bool {
    !matches!(
        tag,
        Tag::A
            | Tag::Abbr
            | Tag::B
            | Tag::Bdi
            | Tag::Cite
            | Tag::Em
            | Tag::Font
            | Tag::I
            | Tag::Mark
            | Tag::Small
            | Tag::Span
            | Tag::Strong
            | Tag::Sub
            | Tag::Sup
            | Tag::Time
            | Tag::U
            | Tag::Img
            | Tag::Picture
            | Tag::Source
            | Tag::Wbr
            | Tag::Label
    )
}

/// The text of an element, if it is as short as a date with a few words.
fn short_text(page: &Page, at: Index) -> Option<String> {
    let mut text = String::new();
    for part in page.within(at).filter(|&part| page.tag(part) == Tag::Text) {
        for word in page.raw(part).split_whitespace() {
            text.push_str(word);
            text.push(' ');
            if text.len() > LONGEST {
                return None;
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests;
