//! The annotation contract: one JSON line per article with its mentions, offsets in Unicode code points.
//!
//! Takes an [`Annotated`] article, gives the line that `dateline extract` writes and `dateline eval` reads. The shape is
//! documented in docs/OUTPUT.md; keys may be added, none renamed.

use serde::Serialize;

use crate::article::{ActorKind, Annotated, Entity, Mention, PlaceKind, TimexKind};
use crate::calendar::{Precision, Published, PublishedRecord, shown};
use crate::span::CodePoints;

/// The annotations of one article.
#[derive(Debug, Serialize)]
pub struct AnnotationLine<'a> {
    /// Identifier of the article.
    pub id: &'a str,
    /// Its publication date, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<PublishedRecord>,
    /// ISO 639-1 code.
    pub language: &'static str,
    /// Offsets are into the title.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub title_mentions: Vec<MentionRecord<'a>>,
    /// Offsets are into the text.
    pub mentions: Vec<MentionRecord<'a>>,
}

/// One mention: `start..end` in code points.
#[derive(Debug, Serialize)]
pub struct MentionRecord<'a> {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The words themselves.
    pub text: &'a str,
    /// Who, where or when.
    #[serde(flatten)]
    pub what: What<'a>,
}

/// What a mention stands for, by its type.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum What<'a> {
    /// A person or organisation.
    Actor {
        /// Person, government and so on.
        kind: ActorKind,
        /// Canonical name.
        name: &'a str,
        /// ISO 3166-1 alpha-2 code.
        #[serde(skip_serializing_if = "Option::is_none")]
        country: Option<&'a str>,
    },
    /// A place.
    Place {
        /// An adjective or a people's name.
        #[serde(skip_serializing_if = "is_false")]
        demonym: bool,
        /// Country, city and so on.
        kind: PlaceKind,
        /// Canonical label.
        name: &'a str,
        /// From the continent down.
        path: &'a [String],
        /// Degrees.
        lat: f64,
        /// Degrees.
        lon: f64,
        /// `GeoNames` id.
        #[serde(skip_serializing_if = "Option::is_none")]
        geonames_id: Option<u32>,
        /// Only the region of its neighbours.
        #[serde(skip_serializing_if = "is_false")]
        approximate: bool,
        /// 0 to 1, two decimals.
        confidence: f64,
        /// `focus` or `mention`.
        role: &'static str,
    },
    /// A date, time, duration or set.
    Date {
        /// Its TIMEX3 type.
        kind: TimexKind,
        /// TIMEX3 value.
        value: &'a str,
        /// First day.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// Last day.
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// `publication` where it tells when the article was filed or published.
        #[serde(skip_serializing_if = "Option::is_none")]
        role: Option<&'static str>,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// The line of one article.
pub fn line(annotated: &Annotated) -> AnnotationLine<'_> {
    let article = &annotated.article;
    AnnotationLine {
        id: &article.id,
        published: annotated.published.as_ref().map(Published::record),
        language: annotated.language.code(),
        title_mentions: records(article.title(), &annotated.annotations.title_mentions),
        mentions: records(&article.text, &annotated.annotations.mentions),
    }
}

/// The mentions of one text, offsets counted in code points.
pub fn records<'a>(text: &'a str, mentions: &'a [Mention]) -> Vec<MentionRecord<'a>> {
    let mut points = CodePoints::new(text);
    let record = |mention: &'a Mention| MentionRecord {
        start: points.at(mention.span.start),
        end: points.at(mention.span.end),
        text: mention.span.of(text),
        what: what(&mention.entity),
    };
    mentions.iter().map(record).collect()
}

fn what(entity: &Entity) -> What<'_> {
    match entity {
        Entity::Actor(actor) => {
            What::Actor { kind: actor.kind, name: &actor.name, country: actor.country.as_deref() }
        }
        Entity::Place(place) => What::Place {
            demonym: place.demonym,
            kind: place.kind,
            name: &place.name,
            path: &place.path,
            lat: place.lat,
            lon: place.lon,
            geonames_id: place.geonames_id,
            approximate: place.approximate,
            confidence: (f64::from(place.confidence) * 100.0).round() / 100.0,
            role: if place.focus { "focus" } else { "mention" },
        },
        Entity::Date(timex) => What::Date {
            kind: timex.kind,
            value: &timex.value,
            from: timex.from.map(|day| shown(day, Precision::Day)),
            to: timex.to.map(|day| shown(day, Precision::Day)),
            role: timex.publication.then_some("publication"),
        },
    }
}
