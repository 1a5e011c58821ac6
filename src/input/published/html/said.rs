//! What the classes and ids of a page's elements say of what they hold: a date, a change, a byline, comments, other articles.
//!
//! Takes the value of an attribute, gives the flags of its words. Never looks at the page.

use crate::input::html::marks::is_of_readers;
use crate::input::published::field::Standing;

/// What the words of a class or an id say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Said {
    /// Holds the byline of the article, not other articles.
    pub(super) own: bool,
    /// Holds other things than the article.
    pub(super) aside: bool,
    /// Holds what readers wrote, or other articles and events.
    pub(super) foreign: bool,
    /// Is the picture of a calendar or a clock.
    pub(super) calendar: bool,
    /// Holds a date.
    pub(super) date: bool,
    /// Holds that of a change.
    pub(super) changed: bool,
    /// Holds that of the publication.
    pub(super) published: bool,
}

impl Said {
    pub(super) fn of(value: &str, words: &mut String) -> Said {
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
            said.foreign |= FOREIGN.contains(&word) || is_of_readers(word);
            let leads_in = lead && word == "teaser" || blog && word == "widget";
            said.aside |= said.foreign || is_aside_word(word) && !leads_in;
            said.date |= is_date_word(word);
            said.changed |= CHANGED.contains(&word);
            said.published |= PUBLISHED.contains(&word);
        }
        said
    }

    pub(super) fn add(&mut self, other: Said) {
        self.own |= other.own;
        self.aside |= other.aside;
        self.foreign |= other.foreign;
        self.calendar |= other.calendar;
        self.date |= other.date;
        self.changed |= other.changed;
        self.published |= other.published;
    }

    /// How far the date in it is believed.
    pub(super) fn standing(self, trust: u8) -> Standing {
        if self.changed && !self.published {
            return CHANGE;
        }
        Standing { trust: if self.published { trust + 8 } else { trust }, modified: false }
    }
}

/// How far the date of a change is believed.
pub(super) const CHANGE: Standing = Standing { trust: 30, modified: true };
/// Words of the date of a change, and of that of the publication.
const CHANGED: [&str; 6] = ["updated", "modified", "update", "lastmod", "revised", "aktualisiert"];
const PUBLISHED: [&str; 7] =
    ["published", "pubdate", "publication", "entry", "posted", "publish", "publishdate"];
/// Words of lists of other articles and events, and of what readers wrote where no text is judged by them.
const FOREIGN: [&str; 13] = [
    "commentaire",
    "comentario",
    "replies",
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
