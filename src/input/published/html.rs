//! What a web page says of its date: JSON-LD, meta elements, `<time>`, marked-up and visible dates, its address.
//!
//! Takes a parsed page, walks it once, gives [`Candidate`]s for [`choose`](super::choose). What stands near the headline
//! is believed, what stands in footers, sidebars, lists of other articles and comments hardly. Never changes the page.

use dom_query::{Document, NodeData, NodeRef};

use crate::calendar::{DateSource, DayOrder, Precision};
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

/// Everything the page says of its day of publication, its address included; `url` is the address if it is known
/// otherwise, `reading` what is known of its language and its site.
pub fn candidates(page: &Document, url: Option<&str>, reading: &Reading) -> Vec<Candidate> {
    let mut walk = Walk { reading: *reading, ..Walk::default() };
    walk.node(page.root(), 0);
    walk.end_line();
    let mut found = walk.placed();
    let address = url.map(str::to_owned).or(walk.address);
    found.extend(address.as_deref().and_then(url::candidate));
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
#[derive(Default)]
struct Walk {
    reading: Reading,
    candidates: Vec<Candidate>,
    spots: Vec<Spot>,
    address: Option<String>,
    /// Text of the line being read, and bytes of text before it.
    line: String,
    position: usize,
    /// The headline: how far into the text it stands.
    headline: Option<usize>,
    /// How surely that is the headline, and the page's titles, which tell.
    rank: u8,
    titles: Vec<String>,
    /// Numbers of the asides that are open, all that were opened, and those that turned out to hold the headline.
    asides: Vec<u32>,
    opened: u32,
    main: Vec<u32>,
}

impl Walk {
    fn node(&mut self, node: NodeRef<'_>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let mut child = node.first_child();
        while let Some(current) = child {
            child = current.next_sibling();
            if current.is_element() {
                self.element(current, depth);
            } else {
                self.text(&current);
            }
        }
    }

    fn text(&mut self, node: &NodeRef<'_>) {
        node.query(|node| {
            if let NodeData::Text { contents } = &node.data {
                for word in contents.split_whitespace() {
                    self.position += word.len() + 1;
                    // One byte more than a line may have shows that it is too long.
                    if self.line.len() <= LONGEST {
                        self.line.push_str(word);
                        self.line.push(' ');
                    }
                }
            }
        });
    }

    fn element(&mut self, node: NodeRef<'_>, depth: usize) {
        let Some(name) = node.qual_name_ref().map(|name| name.local.to_string()) else { return };
        match name.as_str() {
            "meta" => return self.meta(&node),
            "link" => return self.link(&node),
            "script" => return self.script(&node),
            "style" | "noscript" | "svg" | "template" | "iframe" | "select" | "textarea" | "option" => return,
            "html" => self.language(&node),
            "title" => return self.title(&node.text()),
            _ => {}
        }
        let block = is_block(&name);
        if block {
            self.end_line();
        }
        let aside = self.opens_aside(&node, &name);
        if matches!(name.as_str(), "h1" | "h2" | "h3") {
            self.headline(&node, name == "h1");
        }
        self.marked(&node, &name);
        self.node(node, depth + 1);
        if block {
            self.end_line();
        }
        if aside {
            self.asides.pop();
        }
    }

    fn language(&mut self, node: &NodeRef<'_>) {
        let Some(tag) = node.attr("lang") else { return };
        if self.reading.language.is_none() {
            self.reading.language = Language::parse(&tag);
        }
        if self.reading.order.is_none() {
            self.reading.order = order_of_tag(&tag);
        }
    }

    fn meta(&mut self, node: &NodeRef<'_>) {
        let Some(content) = node.attr("content") else { return };
        let names = ["property", "name", "itemprop", "http-equiv", "id"];
        let Some(name) = names.into_iter().find_map(|attribute| node.attr(attribute)) else { return };
        if name.eq_ignore_ascii_case("og:title") {
            self.title(&content);
        }
        if name.eq_ignore_ascii_case("og:url") {
            self.address.get_or_insert_with(|| content.to_string());
        }
        if let Some(standing) = standing(&name)
            && let Some(stamp) = parse(&content, &self.reading)
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

    fn link(&mut self, node: &NodeRef<'_>) {
        let canonical = node.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
        if canonical && let Some(address) = node.attr("href") {
            self.reading.order = self.reading.order.or_else(|| url::order_of_site(&address));
            self.address = Some(address.to_string());
        }
    }

    fn script(&mut self, node: &NodeRef<'_>) {
        let script = node.text();
        let kind = node.attr("type").unwrap_or_default().to_ascii_lowercase();
        let found = if kind.contains("ld+json") {
            json_ld::candidates(&script, &self.reading)
        } else {
            json_ld::in_script(&script, &self.reading)
        };
        self.candidates.extend(found);
    }

    /// Opens an aside if the element is one.
    fn opens_aside(&mut self, node: &NodeRef<'_>, name: &str) -> bool {
        let by_name = matches!(name, "footer" | "nav" | "aside");
        let may_be = matches!(name, "div" | "section" | "ul" | "ol" | "li" | "table" | "td");
        let words = marks(node);
        // "aside.meta" holds the byline of the article, not other articles.
        let own =
            words.split(' ').any(|word| matches!(word, "meta" | "byline" | "author" | "posted" | "info"));
        let aside = (by_name || may_be && words.split(' ').any(is_aside_word)) && !own;
        if aside {
            self.opened += 1;
            self.asides.push(self.opened);
        }
        aside
    }

    /// Takes a heading for the headline: an `h1` with the words of the page's title, else another heading with them,
    /// else any `h1`; the first of equals.
    fn headline(&mut self, node: &NodeRef<'_>, first_level: bool) {
        let text = short_text(node).unwrap_or_default();
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
            self.headline = Some(self.position);
            self.main.clone_from(&self.asides);
        }
    }

    /// Remembers a title of the page, with its white space as [`short_text`] leaves it.
    fn title(&mut self, title: &str) {
        let words: Vec<&str> = title.split_whitespace().collect();
        self.titles.push(words.join(" "));
    }

    /// Dates that the page marks as such: `<time>`, `itemprop`, `<abbr title>`, classes and ids that speak of a date.
    fn marked(&mut self, node: &NodeRef<'_>, name: &str) {
        let words = marks(node);
        let property = node.attr("itemprop").or_else(|| node.attr("property"));
        let by_property = property.as_deref().and_then(standing);
        let stated = match (name, by_property) {
            (_, Some(standing)) => Standing { trust: standing.trust.min(90), ..standing },
            ("time", None) if node.has_attr("pubdate") => Standing { trust: 88, modified: false },
            ("time", None) => of_words(&words, 68),
            _ if words.split(' ').any(is_date_word) => of_words(&words, 60),
            ("abbr", None) if node.has_attr("title") => Standing { trust: 60, modified: false },
            _ => return,
        };
        let attributes =
            ["datetime", "content", "title", "data-datetime", "data-date", "data-timestamp", "data-time"];
        let reading = self.reading;
        let attribute = attributes.into_iter().find_map(|name| {
            let value = node.attr(name)?;
            parse(&value, &reading).filter(|stamp| stamp.precision >= Precision::Day)
        });
        let written = || {
            let text = short_text(node)?;
            find(&text, &reading).into_iter().next().map(|found| found.stamp)
        };
        if let Some(stamp) = attribute.or_else(written) {
            self.spot(stamp, stated, if name == "time" { "time" } else { "marked" }, DateSource::Field);
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
        let line = std::mem::take(&mut self.line);
        // The line began before its own bytes were counted.
        let start = self.position.saturating_sub(line.len());
        if let Some(found) = visible::candidate(&line, &self.reading) {
            let standing = Standing { trust: found.trust, modified: found.modified };
            self.spot(found.stamp, standing, "visible", DateSource::Text);
        } else if let Some(found) = visible::beside_headline(&line, &self.reading) {
            let standing = Standing { trust: found.trust, modified: false };
            self.spot(found.stamp, standing, BESIDE, DateSource::Text);
        }
        if let Some(spot) = self.spots.last_mut().filter(|spot| spot.source == DateSource::Text) {
            spot.position = spot.position.min(start.max(spot.position.saturating_sub(LONGEST)));
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
            self.headline.is_some_and(|headline| {
                (headline.saturating_sub(before)..headline + after).contains(&spot.position)
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

/// Class and id of an element as lower-case words.
fn marks(node: &NodeRef<'_>) -> String {
    let mut words = String::new();
    for mark in [node.attr("class"), node.attr("id")].into_iter().flatten() {
        let mut lower_before = false;
        for c in mark.chars() {
            if !c.is_alphanumeric() || c.is_uppercase() && lower_before {
                words.push(' ');
            }
            if c.is_alphanumeric() {
                words.extend(c.to_lowercase());
            }
            lower_before = c.is_lowercase();
        }
        words.push(' ');
    }
    words
}

/// What the words of a class say of the date in it.
fn of_words(words: &str, trust: u8) -> Standing {
    let changed = ["updated", "modified", "update", "lastmod", "revised", "aktualisiert"];
    let published =
        ["published", "pubdate", "publication", "entry", "posted", "publish", "publishdate", "article"];
    let has = |list: &[&str]| words.split(' ').any(|word| list.contains(&word));
    if has(&changed) && !has(&published) {
        return Standing { trust: 30, modified: true };
    }
    Standing { trust: if has(&published) { trust + 8 } else { trust }, modified: false }
}

fn is_date_word(word: &str) -> bool {
    const WORDS: [&str; 26] = [
        "date",
        "dates",
        "datetime",
        "published",
        "pubdate",
        "publication",
        "posted",
        "timestamp",
        "dateline",
        "datum",
        "fecha",
        "byline",
        "publishdate",
        "publisheddate",
        "postdate",
        "time",
        "created",
        "postmeta",
        "entrydate",
        "dateposted",
        "articledate",
        "newsdate",
        "meta",
        "zeit",
        "submitted",
        "info",
    ];
    let spoken =
        word.len() > 4 && (word.starts_with("date") || word.ends_with("date")) || word.contains("publish");
    WORDS.contains(&word) || spoken && !["candidate", "validate", "mandate", "publisher"].contains(&word)
}

fn is_aside_word(word: &str) -> bool {
    const WORDS: [&str; 32] = [
        "sidebar",
        "related",
        "comments",
        "comment",
        "footer",
        "teaser",
        "teasers",
        "recommended",
        "recommendations",
        "popular",
        "latest",
        "trending",
        "widget",
        "promo",
        "nav",
        "menu",
        "breadcrumb",
        "breadcrumbs",
        "more",
        "mostread",
        "newsletter",
        "commentlist",
        "rail",
        "carousel",
        "slider",
        "ticker",
        "events",
        "calendar",
        "tweet",
        "archive",
        "recent",
        "recirc",
    ];
    WORDS.contains(&word)
}

fn is_block(name: &str) -> bool {
    !matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "cite"
            | "em"
            | "font"
            | "i"
            | "mark"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "u"
            | "img"
            | "picture"
            | "source"
            | "wbr"
            | "label"
            | "svg"
    )
}

/// The text of an element, if it is as short as a date with a few words.
fn short_text(node: &NodeRef<'_>) -> Option<String> {
    let mut text = String::new();
    for part in node.descendants_it() {
        part.query(|part| {
            if let NodeData::Text { contents } = &part.data {
                for word in contents.split_whitespace() {
                    text.push_str(word);
                    text.push(' ');
                }
            }
        });
        if text.len() > LONGEST {
            return None;
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;
    use crate::input::published::choose::choose;
    use proptest::prelude::*;

    fn chosen(html: &str) -> Option<String> {
        let page = Document::from(html);
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
        let page = Document::from("<link rel='canonical' href='https://example.org/2021/06/story'>");
        let found = candidates(&page, None, &Reading::default());
        assert_eq!(calendar::shown(found[0].stamp.date, found[0].stamp.precision), "2021-06");
    }

    proptest! {
        #[test]
        fn any_page_is_read_without_panic(
            html in "(<(meta name=date content=|time datetime=|p|h1|div class=date|script|!--)[^<]{0,20}>?\\PC{0,20}){0,8}",
        ) {
            let page = Document::from(html.as_str());
            let _ = candidates(&page, Some(&html), &Reading::default());
        }

        #[test]
        fn any_script_is_read_without_panic(script in "[{\\[]?\\PC{0,30}(datePublished|ublish|é)\\PC{0,30}[}\\]]?") {
            let _ = json_ld::candidates(&script, &Reading::default());
            let _ = json_ld::in_script(&script, &Reading::default());
        }
    }
}
