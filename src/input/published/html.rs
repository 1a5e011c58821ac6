//! What a web page says of its date: JSON-LD, meta elements, `<time>`, marked-up and visible dates, its address.
//!
//! Takes a flattened page, walks it once, gives [`Candidate`]s for [`choose`](super::choose). What stands near the headline
//! is believed, what stands in footers, sidebars, lists of other articles and comments hardly. Never changes the page.

use rustc_hash::FxHashMap;

use crate::calendar::{DateSource, DayOrder, Precision};
use crate::input::html::page::{Attribute, Index, Page, Tag};
use crate::input::published::field::{Standing, standing};
use crate::input::published::parse::{Reading, Stamp, find, parse};
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
/// Dates this near are beside the headline.
const BESIDE_BEFORE: usize = 200;
const BESIDE_AFTER: usize = 350;
/// The origin of a date that counts only there.
const BESIDE: &str = "beside the headline";
/// More dates than this on one page are a calendar or an archive.
const MOST: usize = 400;

/// Attributes that hold the date of an element.
const DATED: [Attribute; 7] = [
    Attribute::Datetime,
    Attribute::Content,
    Attribute::Title,
    Attribute::DataDatetime,
    Attribute::DataDate,
    Attribute::DataTimestamp,
    Attribute::DataTime,
];

/// Everything the page says of its day of publication, its address included; `url` is the address if it is known
/// otherwise, `reading` what is known of its language and its site.
pub(in crate::input) fn candidates(page: &Page, url: Option<&str>, reading: &Reading) -> Vec<Candidate> {
    let mut walk = Walk::new(page, *reading);
    walk.run();
    let mut found = walk.placed();
    let address = url.or(walk.address.as_deref());
    found.extend(address.and_then(url::candidate));
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
    asides: Vec<u32>,
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
    /// The headline: how far into the text it begins and ends.
    headline: Option<(usize, usize)>,
    /// How surely that is the headline, and the page's titles, which tell.
    rank: u8,
    titles: Vec<String>,
    /// Numbers of the asides that are open, all that were opened, and those that turned out to hold the headline.
    asides: Vec<u32>,
    opened: u32,
    main: Vec<u32>,
    /// What classes and ids say: lists and grids repeat theirs.
    said: FxHashMap<&'p str, Said>,
    words: String,
}

/// An element that is open.
struct Open {
    end: Index,
    block: bool,
    aside: bool,
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
            Tag::Title => self.title(&self.page.text(at)),
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
        let aside = self.opens_aside(tag, said);
        if matches!(tag, Tag::H1 | Tag::H2 | Tag::H3) {
            self.headline(at, tag == Tag::H1);
        }
        self.marked(at, tag, said);
        Open { end: self.page.end(at), block, aside }
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
            json_ld::candidates(&script, &self.reading)
        } else {
            json_ld::in_script(&script, &self.reading)
        };
        self.candidates.extend(found);
    }

    /// Opens an aside if the element is one.
    fn opens_aside(&mut self, tag: Tag, said: Said) -> bool {
        let by_name = matches!(tag, Tag::Footer | Tag::Nav | Tag::Aside);
        let may_be =
            matches!(tag, Tag::Div | Tag::Section | Tag::Ul | Tag::Ol | Tag::Li | Tag::Table | Tag::Td);
        let aside = (by_name || may_be && said.aside) && !said.own;
        if aside {
            self.opened += 1;
            self.asides.push(self.opened);
        }
        aside
    }

    /// Takes a heading for the headline: an `h1` with the words of the page's title, else another heading with them,
    /// else any `h1`; the first of equals.
    fn headline(&mut self, at: Index, first_level: bool) {
        let text = short_text(self.page, at).unwrap_or_default();
        let text = text.trim();
        let start: String = text.chars().take(24).collect();
        let titled = self.titles.iter().any(|title| title.contains(&start));
        let rank = match (titled, first_level) {
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
            _ => return,
        };
        let reading = self.reading;
        let attribute = DATED.into_iter().find_map(|name| {
            let value = page.attribute(at, name)?;
            parse(value, &reading).filter(|stamp| stamp.precision >= Precision::Day)
        });
        let written = || {
            let text = short_text(page, at)?;
            find(&text, &reading).into_iter().next().map(|found| found.stamp)
        };
        if let Some(stamp) = attribute.or_else(written) {
            self.spot(stamp, stated, if tag == Tag::Time { "time" } else { "marked" }, DateSource::Field);
        }
    }

    fn spot(&mut self, stamp: Stamp, standing: Standing, origin: &'static str, source: DateSource) {
        if self.spots.len() < MOST {
            let (position, asides) = (self.position, self.asides.clone());
            let Standing { trust, modified } = standing;
            self.spots.push(Spot { stamp, trust, modified, origin, source, position, asides });
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
        let label = std::mem::take(&mut self.label);
        let labelled =
            || (!label.is_empty()).then(|| visible::labelled(&label, &line, &self.reading)).flatten();
        if let Some(found) = labelled().or_else(|| visible::candidate(&line, &self.reading)) {
            let standing = Standing { trust: found.trust, modified: found.modified };
            self.spot(found.stamp, standing, "visible", DateSource::Text);
        } else if let Some(found) = visible::beside_headline(&line, &self.reading) {
            let standing = Standing { trust: found.trust, modified: false };
            self.spot(found.stamp, standing, BESIDE, DateSource::Text);
        }
        if let Some(spot) = self.spots.last_mut().filter(|spot| spot.source == DateSource::Text) {
            spot.position = spot.position.min(start.max(spot.position.saturating_sub(LONGEST)));
        }
        if visible::is_label(&line) {
            self.label.push_str(&line);
        }
        self.line = line;
        self.line.clear();
    }

    /// The candidates, those of the body weighed by where they stand.
    fn placed(&mut self) -> Vec<Candidate> {
        let mut found = std::mem::take(&mut self.candidates);
        for spot in std::mem::take(&mut self.spots) {
            let trust = f32::from(spot.trust) * self.share(&spot);
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
        let aside = spot.asides.iter().any(|aside| !self.main.contains(aside));
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
            (_, true, ..) => ELSEWHERE,
            (_, _, true, _) => 1.2,
            (_, _, _, true) => 1.0,
            _ => FAR,
        }
    }
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
        // "detail-page__teaser" is the lead of the article, other teasers lead elsewhere.
        let lead = words.split(' ').any(|word| word == "detail");
        for word in words.split(' ').filter(|word| !word.is_empty()) {
            said.own |= matches!(word, "meta" | "byline" | "author" | "posted" | "info");
            said.aside |= is_aside_word(word) && !(lead && word == "teaser");
            said.date |= is_date_word(word);
            said.changed |= CHANGED.contains(&word);
            said.published |= PUBLISHED.contains(&word);
        }
        said
    }

    fn add(&mut self, other: Said) {
        self.own |= other.own;
        self.aside |= other.aside;
        self.date |= other.date;
        self.changed |= other.changed;
        self.published |= other.published;
    }

    /// How far the date in it is believed.
    fn standing(self, trust: u8) -> Standing {
        if self.changed && !self.published {
            return Standing { trust: 30, modified: true };
        }
        Standing { trust: if self.published { trust + 8 } else { trust }, modified: false }
    }
}

/// Words of the date of a change, and of that of the publication.
const CHANGED: [&str; 6] = ["updated", "modified", "update", "lastmod", "revised", "aktualisiert"];
const PUBLISHED: [&str; 8] =
    ["published", "pubdate", "publication", "entry", "posted", "publish", "publishdate", "article"];

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
            | "entrydate"
            | "dateposted"
            | "articledate"
            | "newsdate"
            | "meta"
            | "zeit"
            | "submitted"
            | "info"
    );
    named || spoken && !["candidate", "validate", "mandate", "publisher"].contains(&word)
}

fn is_aside_word(word: &str) -> bool {
    matches!(
        word,
        "sidebar"
            | "related"
            | "comments"
            | "comment"
            | "footer"
            | "teaser"
            | "teasers"
            | "recommended"
            | "recommendations"
            | "popular"
            | "latest"
            | "trending"
            | "widget"
            | "promo"
            | "nav"
            | "menu"
            | "breadcrumb"
            | "breadcrumbs"
            | "more"
            | "mostread"
            | "newsletter"
            | "commentlist"
            | "rail"
            | "carousel"
            | "slider"
            | "ticker"
            | "events"
            | "calendar"
            | "tweet"
            | "archive"
            | "recent"
            | "recirc"
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
            let _ = json_ld::candidates(&script, &Reading::default());
            let _ = json_ld::in_script(&script, &Reading::default());
        }
    }
}
