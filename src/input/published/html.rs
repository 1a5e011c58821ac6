//! What a web page says of its date: JSON-LD, meta elements, `<time>`, marked-up and visible dates, its address.
//!
//! Takes a flattened page, walks it once, gives [`Candidate`]s for [`choose`](super::choose). What stands near the headline
//! is believed, what stands in footers and sidebars hardly, what stands in comments and lists of other articles never.
//! Never changes the page.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

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

/// What the words of a class or an id say.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    /// Holds the byline of the article, not other articles.
    own: bool,
    /// Holds other things than the article.
    aside: bool,
    /// Holds what readers wrote, or other articles and events.
    foreign: bool,
    /// Is the picture of a calendar or a clock.
    calendar: bool,
    /// Holds a date.
    date: bool,
    /// Holds that of a change.
    changed: bool,
    /// Holds that of the publication.
    published: bool,
}

impl Said {
    fn of(value: &str, words: &mut String) -> Said {
        words.clear();
        let mut lower_before = false;
        for c in value.chars() {
            if !c.is_alphanumeric() || c.is_uppercase() && lower_before {
                words.push(' ');
            }
            if c.is_alphanumeric() {
                words.extend(c.to_lowercase());
            }
            lower_before = c.is_lowercase();
        }
        let mut said = Said::default();
        let has = |wanted: &str| words.split(' ').any(|word| word == wanted);
        // "detail-page__teaser" is the lead of the article, other teasers lead elsewhere; "widget Blog" holds the article
        // itself.
        let (lead, blog) = (has("detail"), has("blog"));
        // "entry-footer" is the foot of the article.
        said.own = has("footer") && ["entry", "post", "article"].into_iter().any(has);
        for word in words.split(' ').filter(|word| !word.is_empty()) {
            said.own |= matches!(word, "meta" | "byline" | "author" | "posted" | "info");
            said.calendar |= matches!(word, "calendar" | "clock");
            said.foreign |= FOREIGN.contains(&word);
            let leads_in = lead && word == "teaser" || blog && word == "widget";
            said.aside |= said.foreign || is_aside_word(word) && !leads_in;
            said.date |= is_date_word(word);
            said.changed |= CHANGED.contains(&word);
            said.published |= PUBLISHED.contains(&word);
        }
        said
    }

    fn add(&mut self, other: Said) {
        self.own |= other.own;
        self.aside |= other.aside;
        self.foreign |= other.foreign;
        self.calendar |= other.calendar;
        self.date |= other.date;
        self.changed |= other.changed;
        self.published |= other.published;
    }

    /// How far the date in it is believed.
    fn standing(self, trust: u8) -> Standing {
        if self.changed && !self.published {
            return CHANGE;
        }
        Standing { trust: if self.published { trust + 8 } else { trust }, modified: false }
    }
}

/// How far the date of a change is believed.
const CHANGE: Standing = Standing { trust: 30, modified: true };
/// Words of the date of a change, and of that of the publication.
const CHANGED: [&str; 6] = ["updated", "modified", "update", "lastmod", "revised", "aktualisiert"];
const PUBLISHED: [&str; 7] =
    ["published", "pubdate", "publication", "entry", "posted", "publish", "publishdate"];
/// Words of what readers wrote, and of lists of other articles and events.
const FOREIGN: [&str; 24] = [
    "comments",
    "comment",
    "commentlist",
    "kommentare",
    "kommentar",
    "commentaires",
    "commentaire",
    "comentarios",
    "comentario",
    "commenti",
    "reacties",
    "disqus",
    "replies",
    "respond",
    "related",
    "recommended",
    "recommendations",
    "popular",
    "recent",
    "trending",
    "mostread",
    "recirc",
    "events",
    "tweet",
];

fn is_date_word(word: &str) -> bool {
    let spoken =
        word.len() > 4 && (word.starts_with("date") || word.ends_with("date")) || word.contains("publish");
    let named = matches!(
        word,
        "date"
            | "dates"
            | "datetime"
            | "published"
            | "pubdate"
            | "publication"
            | "posted"
            | "timestamp"
            | "dateline"
            | "datum"
            | "fecha"
            | "byline"
            | "publishdate"
            | "publisheddate"
            | "postdate"
            | "time"
            | "created"
            | "postmeta"
            | "postmetadata"
            | "entrydate"
            | "dateposted"
            | "articledate"
            | "newsdate"
            | "meta"
            | "zeit"
            | "submitted"
            | "info"
            | "ago"
            | "timeago"
            | "livetimestamp"
    );
    named || spoken && !["candidate", "validate", "mandate", "publisher"].contains(&word)
}

fn is_aside_word(word: &str) -> bool {
    matches!(
        word,
        "sidebar"
            | "footer"
            | "teaser"
            | "teasers"
            | "latest"
            | "widget"
            | "promo"
            | "nav"
            | "menu"
            | "breadcrumb"
            | "breadcrumbs"
            | "more"
            | "newsletter"
            | "rail"
            | "carousel"
            | "slider"
            | "calendar"
            | "ticker"
            | "archive"
            | "references"
            | "footnotes"
            | "prev"
            | "previous"
            | "next"
            | "pager"
            | "pagination"
    )
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
mod tests {
    use super::*;
    use crate::calendar;
    use crate::input::published::choose::choose;
    use dom_query::Document;
    use proptest::prelude::*;

    fn chosen(html: &str) -> Option<String> {
        let page = Page::new(&Document::from(html));
        choose(&candidates(&page, None, &Reading::default()), None)
            .published
            .map(|published| published.shown())
    }

    #[test]
    fn pages_say_their_date_in_many_ways() {
        let cases = [
            "<meta property='article:published_time' content='2021-06-28T14:05:00+02:00'><p>x",
            "<meta name='parsely-pub-date' content='2021-06-28'>",
            "<meta name='sailthru.date' content='2021-06-28 14:05:00'>",
            "<meta name='DC.date.issued' content='2021-06-28'>",
            "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2021-06-28\"}</script>",
            "<h1>A headline of some length</h1><time datetime='2021-06-28T14:05'>yesterday</time>",
            "<h1>A headline of some length</h1><span class='entry-date'>June 28, 2021</span>",
            "<h1>A headline of some length</h1><p>Published <b>28 June 2021</b>, 14:05</p>",
            "<h1>A headline of some length</h1><p>28.06.2021</p><p>Long text</p>",
            "<p>World | 28 June 2021 | Jane Doe</p><h1>A headline of some length</h1>",
            "<html lang='de'><h1>Eine Schlagzeile</h1><p>Veröffentlicht am 28. Juni 2021</p>",
            "<h1>A headline</h1><abbr class='published' title='2021-06-28T14:05:00'>last week</abbr>",
            "<link rel='canonical' href='https://example.org/2021/06/28/story'><p>x",
            "<script>var page = {\"publishedAt\": \"2021-06-28T14:05:00Z\"}</script>",
            "<meta itemprop='datePublished' content='2021-06-28'>",
        ];
        for html in cases {
            assert_eq!(chosen(html).as_deref(), Some("2021-06-28"), "{html}");
        }
    }

    #[test]
    fn the_article_is_told_from_what_stands_around_it() {
        let html = "<h1>A headline of some length</h1><p>28 June 2021</p><p>Text.</p>
            <div class='related'><time datetime='2021-07-01'></time><time datetime='2021-07-02'></time></div>
            <div class='comments'><p>Posted on July 3, 2021</p></div><footer>Updated July 4, 2021</footer>";
        assert_eq!(chosen(html).as_deref(), Some("2021-06-28"));
        let updated = "<h1>A headline</h1><p>Updated July 4, 2021</p><p>Published June 28, 2021</p>";
        assert_eq!(chosen(updated).as_deref(), Some("2021-06-28"));
        let british = "<html lang='en-GB'><h1>A headline of some length</h1><time>04/06/2021</time>";
        assert_eq!(chosen(british).as_deref(), Some("2021-06-04"));
    }

    const HEADLINE: &str = "<title>A headline of some length</title><h1>A headline of some length</h1>";

    #[test]
    fn attributes_and_boxes_hold_dates_whatever_they_are_called() {
        let cases = [
            "<relative-time datetime='2021-06-28T14:05:00Z'>3 days ago</relative-time>",
            "<div data-published='2021-06-28T14:05:00Z'>3 days ago</div>",
            "<div data-publish-date='2021-06-28'></div>",
            "<abbr data-utime='1624889100'>3 days ago</abbr>",
            "<span class='timeago' title='2021-06-28T14:05:00Z'>3 days ago</span>",
            "<ul><li>28</li><li>Jun</li><li>2021</li></ul>",
            "<div><div>Jun 28</div><div>2021</div></div>",
            "<div><div>28</div><div>Jun 2021</div></div>",
            "<link rel='canonical' href='https://example.org/2021/06/story'><p>28</p><p>Jun</p>",
        ];
        for html in cases {
            assert_eq!(chosen(&format!("{HEADLINE}{html}")).as_deref(), Some("2021-06-28"), "{html}");
        }
        let other_month =
            "<link rel='canonical' href='https://example.org/2021/05/story'><p>28</p><p>Jun</p>";
        assert_eq!(chosen(&format!("{HEADLINE}{other_month}")).as_deref(), Some("2021-05"));
    }

    #[test]
    fn a_change_is_told_by_the_words_before_it() {
        let cases = [
            "<p>Updated <time datetime='2021-07-03'>3 July 2021</time></p><p>28 June 2021</p>",
            "<div class='meta'>Last updated: July 3, 2021 | Posted: June 28, 2021</div>",
            "<p>Updated: <span class='date'>3.7.2021</span></p><p>Created: <span class='date'>28.6.2021</span></p>",
            "<time datetime='2021-07-03'>Last updated 3 July 2021</time><p>28 June 2021</p>",
            "<span class='article-date-update'>3 July 2021</span><span class='article-date'>28 June 2021</span>",
            "<dl><dt>Last updated</dt><dd>3 July 2021</dd><dt>Published</dt><dd>28 June 2021</dd></dl>",
            "<footer class='entry-footer'><time>28.6.2021</time></footer><aside><time>3.7.2021</time> <time>4.7.2021</time></aside>",
            "<div class='more-options__published'>28 June 2021</div><aside><time>3.7.2021</time> <time>4.7.2021</time></aside>",
        ];
        for html in cases {
            assert_eq!(chosen(&format!("{HEADLINE}{html}")).as_deref(), Some("2021-06-28"), "{html}");
        }
    }

    #[test]
    fn days_of_other_things_on_the_page_are_passed_over() {
        let far = "<p>Words of an article that goes on and on.</p>".repeat(40);
        let cases = [
            "<ol class='comment-list'><li class='comment'><time datetime='2021-07-03'>July 3</time></li></ol>",
            "<div class='related'><time datetime='2021-07-03'>July 3</time></div>",
            "<div itemscope itemtype='https://schema.org/Comment'><meta itemprop='dateCreated' content='2021-07-03'></div>",
            "<aside><span class='date'>3 July 2021</span> A <span class='date'>4 July 2021</span> B</aside>",
            "<div class='date'>3 July 2021, 13:15 - 19:00</div>",
            "<div class='date'>3 July 2021 – 5 July 2021</div>",
            "<p>When: 3 July 2021</p>",
            "<table><tr><th>Opened</th><td>3 July 2021</td></tr></table>",
            "<dl><dt>Date of birth</dt><dd>3 July 2021</dd></dl>",
            &format!("{far}<p>3 July 2021</p>"),
            &format!("{far}<p>The report on the bridge was published on 3 July 2021 by them.</p>"),
            "<p>A text.</p><table><tr><td>First</td><td>seen</td></tr></table>",
        ];
        for html in cases {
            assert_eq!(chosen(&format!("{HEADLINE}{html}")), None, "{html}");
        }
        let story =
            |day: i32| format!("<div><time datetime='2021-07-0{day}'></time><a>Another story</a></div>");
        let list: String = (1..6).map(story).collect();
        let after_list = format!("{list}{HEADLINE}<time datetime='2021-06-28'></time>");
        assert_eq!(chosen(&after_list).as_deref(), Some("2021-06-28"));
    }

    #[test]
    fn the_name_of_the_site_is_no_headline() {
        let menu = "<p>Words of the menu</p>".repeat(150);
        let html = format!(
            "<title>A headline that has some length « The Example</title><h1>The Example</h1>{menu}\
             <h2>A headline that has some length</h2><p>28 June 2021 · World · 3 comments</p>"
        );
        assert_eq!(chosen(&html).as_deref(), Some("2021-06-28"));
    }

    #[test]
    fn weak_places_count_where_nothing_else_tells() {
        let far = "<p>Words of an article that goes on and on.</p>".repeat(40);
        let title = "<title>A headline of some length | Example | 28.06.2021</title><h1>A headline of some length</h1>";
        let icon =
            format!("{HEADLINE}{far}<p><i class='fa fa-calendar'></i> 28 June 2021 / Jane / 1 answer</p>");
        let footer = format!(
            "{HEADLINE}{far}<p>This entry was posted on Monday, June 28th, 2021 at 2:05 pm and is filed under News. You \
             can follow any answers to this entry through the feed. You can leave an answer of your own here.</p>"
        );
        for html in [title, icon.as_str(), footer.as_str()] {
            assert_eq!(chosen(html).as_deref(), Some("2021-06-28"), "{html}");
        }
    }

    #[test]
    fn a_long_headline_and_its_lead_keep_their_date() {
        let headline = "Words of a very long headline ".repeat(14);
        let lead = format!(
            "<h1>{headline}</h1><div class='detail-page__teaser-text'><p>Press release of 28 June 2021 | Berlin \
             – The minister said it.</p></div>"
        );
        assert_eq!(chosen(&lead).as_deref(), Some("2021-06-28"));
        let list = lead.replace("detail-page__teaser-text", "teaser-text");
        assert_eq!(chosen(&list), None);
        let labelled = "<h1>A headline of some length</h1><p>Published on:</p><h2>28 June 2021</h2><p>Last changed:</p><p>2 July 2021</p>";
        assert_eq!(chosen(labelled).as_deref(), Some("2021-06-28"));
    }

    #[test]
    fn pages_without_a_date_get_none() {
        let cases = [
            "",
            "<h1>About us</h1><p>We were founded in 1998.</p><footer>© 2021</footer>",
            "<p>The war began on June 28, 1914 and ended on November 11, 1918.</p>",
            "<meta name='viewport' content='width=device-width'><meta name='date' content='0000-00-00'>",
        ];
        for html in cases {
            assert_eq!(chosen(html), None, "{html}");
        }
    }

    #[test]
    fn candidates_keep_the_precision_they_have() {
        let page =
            Page::new(&Document::from("<link rel='canonical' href='https://example.org/2021/06/story'>"));
        let found = candidates(&page, None, &Reading::default());
        assert_eq!(calendar::shown(found[0].stamp.date, found[0].stamp.precision), "2021-06");
    }

    proptest! {
        #[test]
        fn any_page_is_read_without_panic(
            html in "(<(meta name=date content=|time datetime=|p|h1|div class=date|script|!--)[^<]{0,20}>?\\PC{0,20}){0,8}",
        ) {
            let page = Page::new(&Document::from(html.as_str()));
            let _ = candidates(&page, Some(&html), &Reading::default());
        }

        #[test]
        fn any_script_is_read_without_panic(script in "[{\\[]?\\PC{0,30}(datePublished|ublish|é)\\PC{0,30}[}\\]]?") {
            let _ = json_ld::candidates(&script, &[], &Reading::default());
            let _ = json_ld::in_script(&script, &Reading::default());
        }
    }
}
