//! The form in which an article and its annotations are kept: each entity once, mentions as small numbers.
//!
//! The head is what a line of a result list shows. It is kept apart, as numbers of eight bytes, so that listing unpacks
//! no article.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::article::{
    Actor, Annotated, Annotations, Article, Entity, Mention, Place, PlaceKind, Timex, TimexKind,
};
use crate::calendar::{DateDoubt, DateSource, Precision, Published, day_number, shown};
use crate::language::Language;
use crate::span::Span;

/// What a line of a result list shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) id: String,
    pub(super) title: Option<String>,
    published: Option<StoredDate>,
    pub(super) source: Option<String>,
    language: String,
    pub(super) path: String,
}

/// The rest of an article.
#[derive(Debug, Serialize, Deserialize)]
struct Rest {
    record: Option<u64>,
    format: String,
    article_published: Option<StoredDate>,
    other_dates: Vec<StoredDate>,
    date_doubts: Vec<DateDoubt>,
    authors: Vec<String>,
    section: Option<String>,
    declared_language: Option<String>,
    url: Option<String>,
    dateline: Option<String>,
    keywords: Vec<String>,
    metadata: BTreeMap<String, String>,
    notes: Vec<String>,
}

/// The mentions of an article.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Mentions {
    actors: Vec<Actor>,
    places: Vec<StoredPlace>,
    dates: Vec<StoredTimex>,
    title: Vec<StoredMention>,
    text: Vec<StoredMention>,
}

/// A place, with nothing said twice.
#[derive(Debug, Serialize, Deserialize)]
struct StoredPlace {
    demonym: bool,
    kind: PlaceKind,
    /// None if it is the last of `path`.
    name: Option<String>,
    path: Vec<String>,
    at: StoredPoint,
    geonames_id: Option<u32>,
    approximate: bool,
    /// Confidence is known to a hundredth.
    percent: u8,
    focus: bool,
}

/// Where a place lies.
#[derive(Debug, Serialize, Deserialize)]
enum StoredPoint {
    /// In hundred-thousandths of a degree, as gazetteers have it.
    Fixed(i32, i32),
    Degrees(f64, f64),
}

/// Hundred-thousandths of a degree per degree.
const FIXED: f64 = 1e5;

impl StoredPoint {
    fn new(lat: f64, lon: f64) -> StoredPoint {
        let fixed = StoredPoint::Fixed((lat * FIXED).round() as i32, (lon * FIXED).round() as i32);
        if fixed.degrees() == (lat, lon) { fixed } else { StoredPoint::Degrees(lat, lon) }
    }

    fn degrees(&self) -> (f64, f64) {
        match *self {
            StoredPoint::Fixed(lat, lon) => (f64::from(lat) / FIXED, f64::from(lon) / FIXED),
            StoredPoint::Degrees(lat, lon) => (lat, lon),
        }
    }
}

impl StoredPlace {
    fn new(place: &Place) -> StoredPlace {
        StoredPlace {
            demonym: place.demonym,
            kind: place.kind,
            name: (place.path.last() != Some(&place.name)).then(|| place.name.clone()),
            path: place.path.clone(),
            at: StoredPoint::new(place.lat, place.lon),
            geonames_id: place.geonames_id,
            approximate: place.approximate,
            percent: (place.confidence * 100.0).round() as u8,
            focus: place.focus,
        }
    }

    fn into_place(self) -> Place {
        let (lat, lon) = self.at.degrees();
        Place {
            demonym: self.demonym,
            kind: self.kind,
            name: self.name.or_else(|| self.path.last().cloned()).unwrap_or_default(),
            path: self.path,
            lat,
            lon,
            geonames_id: self.geonames_id,
            approximate: self.approximate,
            confidence: f32::from(self.percent) / 100.0,
            focus: self.focus,
        }
    }
}

/// A date, its days as numbers.
#[derive(Debug, Serialize, Deserialize)]
struct StoredTimex {
    kind: TimexKind,
    value: StoredValue,
    from: Option<i32>,
    to: Option<i32>,
}

/// The TIMEX3 value of a date.
#[derive(Debug, Serialize, Deserialize)]
enum StoredValue {
    /// Its first day, written so.
    Shown(Precision),
    Text(String),
}

impl StoredTimex {
    fn new(timex: &Timex) -> StoredTimex {
        let precisions = [Precision::Day, Precision::Month, Precision::Year];
        let is_value =
            |precision: &Precision| timex.from.is_some_and(|from| shown(from, *precision) == timex.value);
        let value = match precisions.into_iter().find(is_value) {
            Some(precision) => StoredValue::Shown(precision),
            None => StoredValue::Text(timex.value.clone()),
        };
        StoredTimex {
            kind: timex.kind,
            value,
            from: timex.from.map(day_number),
            to: timex.to.map(day_number),
        }
    }

    fn into_timex(self) -> Timex {
        let from = self.from.and_then(day_of);
        let value = match self.value {
            StoredValue::Text(text) => text,
            StoredValue::Shown(precision) => from.map_or_else(String::new, |from| shown(from, precision)),
        };
        Timex { kind: self.kind, value, from, to: self.to.and_then(day_of) }
    }
}

/// The day of this number; none beyond the calendar.
fn day_of(number: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(number).ok()?).ok()
}

/// A mention: bytes since the start of the one before, length, and the number of its entity among all.
type StoredMention = (i32, u32, u32);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredDate {
    day: (i16, i8, i8),
    time: Option<String>,
    precision: Precision,
    source: DateSource,
}

impl StoredDate {
    fn new(published: &Published) -> StoredDate {
        let date = published.date;
        StoredDate {
            day: (date.year(), date.month(), date.day()),
            time: published.time.clone(),
            precision: published.precision,
            source: published.source,
        }
    }

    fn into_published(self) -> Option<Published> {
        let (year, month, day) = self.day;
        let date = Date::new(year, month, day).ok()?;
        Some(Published { date, time: self.time, precision: self.precision, source: self.source })
    }
}

impl Head {
    fn new(annotated: &Annotated) -> Head {
        let article = &annotated.article;
        Head {
            id: article.id.clone(),
            title: article.title.clone(),
            published: annotated.published.as_ref().map(StoredDate::new),
            source: article.source.clone(),
            language: annotated.language.code().to_owned(),
            path: article.path.clone(),
        }
    }

    /// When it was published.
    pub(super) fn published(&self) -> Option<Published> {
        self.published.clone().and_then(StoredDate::into_published)
    }

    /// What language it is in.
    pub(super) fn language(&self) -> Language {
        Language::parse(&self.language).unwrap_or(Language::UNDETERMINED)
    }
}

/// Packs the head of an article into numbers of eight bytes.
pub(super) fn pack_head(annotated: &Annotated) -> Result<Vec<u64>, postcard::Error> {
    let packed = postcard::to_stdvec(&Head::new(annotated))?;
    let number = |chunk: &[u8]| {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(bytes)
    };
    Ok(packed.chunks(8).map(number).collect())
}

/// Reads a head back.
pub(super) fn unpack_head(numbers: impl Iterator<Item = u64>) -> Result<Head, postcard::Error> {
    let packed: Vec<u8> = numbers.flat_map(u64::to_le_bytes).collect();
    postcard::take_from_bytes(&packed).map(|(head, _)| head)
}

/// Packs an article without its head.
pub(super) fn pack(annotated: &Annotated) -> Result<Vec<u8>, postcard::Error> {
    let article = &annotated.article;
    let rest = Rest {
        record: article.record,
        format: article.format.to_owned(),
        article_published: article.published.as_ref().map(StoredDate::new),
        other_dates: article.other_dates.iter().map(StoredDate::new).collect(),
        date_doubts: article.date_doubts.clone(),
        authors: article.authors.clone(),
        section: article.section.clone(),
        declared_language: article.language.map(|language| language.code().to_owned()),
        url: article.url.clone(),
        dateline: article.dateline.clone(),
        keywords: article.keywords.clone(),
        metadata: article.metadata.clone(),
        notes: article.notes.clone(),
    };
    let packed = postcard::to_extend(&article.text, Vec::with_capacity(article.text.len() * 2))?;
    let packed = postcard::to_extend(&pack_mentions(&annotated.annotations), packed)?;
    postcard::to_extend(&rest, packed)
}

/// Reads the text alone, where it lies.
pub(super) fn unpack_text(packed: &[u8]) -> Result<&str, postcard::Error> {
    postcard::take_from_bytes(packed).map(|(text, _)| text)
}

/// Reads text and mentions: what highlighting and sentences need.
pub(super) fn unpack_body(packed: &[u8]) -> Result<(&str, Annotations), postcard::Error> {
    let (text, packed) = postcard::take_from_bytes(packed)?;
    let (mentions, _) = postcard::take_from_bytes(packed)?;
    Ok((text, unpack_mentions(mentions)))
}

/// Reads the whole article.
pub(super) fn unpack(head: Head, packed: &[u8]) -> Result<Annotated, postcard::Error> {
    let (text, packed) = postcard::take_from_bytes(packed)?;
    let (mentions, packed) = postcard::take_from_bytes(packed)?;
    let rest: Rest = postcard::from_bytes(packed)?;
    let language = head.language();
    let published = head.published();
    let article = Article {
        id: head.id,
        path: head.path,
        record: rest.record,
        format: interned(&rest.format),
        title: head.title,
        text,
        published: rest.article_published.and_then(StoredDate::into_published),
        other_dates: rest.other_dates.into_iter().filter_map(StoredDate::into_published).collect(),
        date_doubts: rest.date_doubts,
        day_order: None,
        authors: rest.authors,
        source: head.source,
        section: rest.section,
        language: rest.declared_language.as_deref().and_then(Language::parse),
        url: rest.url,
        dateline: rest.dateline,
        keywords: rest.keywords,
        metadata: rest.metadata,
        notes: rest.notes,
    };
    Ok(Annotated { article, language, published, annotations: unpack_mentions(mentions) })
}

/// One lasting copy of each format's name; there are as many as there are formats.
fn interned(name: &str) -> &'static str {
    static NAMES: OnceLock<Mutex<Vec<&'static str>>> = OnceLock::new();
    let names = NAMES.get_or_init(Mutex::default);
    let mut names = names.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.iter().find(|known| **known == name) {
        return known;
    }
    let lasting: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.push(lasting);
    lasting
}

/// Numbers entities: actors first, then places, then dates.
#[derive(Debug, Default)]
struct Packer {
    mentions: Mentions,
    places: Vec<Arc<Place>>,
    actors: FxHashMap<Actor, u32>,
    dates: FxHashMap<Timex, u32>,
}

fn pack_mentions(annotations: &Annotations) -> Mentions {
    let mut packer = Packer::default();
    let title = packer.numbered(&annotations.title_mentions);
    let text = packer.numbered(&annotations.mentions);
    let (actors, places) = (packer.mentions.actors.len() as u32, packer.mentions.places.len() as u32);
    let flat = |list: Vec<(i32, u32, u8, u32)>| -> Vec<StoredMention> {
        let base = |kind| match kind {
            0 => 0,
            1 => actors,
            _ => actors + places,
        };
        list.into_iter().map(|(gap, len, kind, number)| (gap, len, base(kind) + number)).collect()
    };
    packer.mentions.title = flat(title);
    packer.mentions.text = flat(text);
    packer.mentions
}

impl Packer {
    fn numbered(&mut self, mentions: &[Mention]) -> Vec<(i32, u32, u8, u32)> {
        let mut last = 0_i64;
        let mut numbered = Vec::with_capacity(mentions.len());
        for mention in mentions {
            let (kind, number) = self.number(&mention.entity);
            let start = mention.span.start as i64;
            numbered.push(((start - last) as i32, mention.span.len() as u32, kind, number));
            last = start;
        }
        numbered
    }

    fn number(&mut self, entity: &Entity) -> (u8, u32) {
        match entity {
            Entity::Actor(actor) => {
                if let Some(&number) = self.actors.get(actor.as_ref()) {
                    return (0, number);
                }
                let number = self.mentions.actors.len() as u32;
                self.mentions.actors.push(actor.as_ref().clone());
                self.actors.insert(actor.as_ref().clone(), number);
                (0, number)
            }
            Entity::Place(place) => {
                // Places hold floats and cannot be hashed; an article names few.
                let known = self.places.iter().position(|known| known == place);
                let number = known.unwrap_or_else(|| {
                    self.places.push(Arc::clone(place));
                    self.mentions.places.push(StoredPlace::new(place));
                    self.places.len() - 1
                });
                (1, number as u32)
            }
            Entity::Date(timex) => {
                if let Some(&number) = self.dates.get(timex.as_ref()) {
                    return (2, number);
                }
                let number = self.mentions.dates.len() as u32;
                self.mentions.dates.push(StoredTimex::new(timex));
                self.dates.insert(timex.as_ref().clone(), number);
                (2, number)
            }
        }
    }
}

fn unpack_mentions(mentions: Mentions) -> Annotations {
    let mut entities = Vec::new();
    entities.extend(mentions.actors.into_iter().map(|actor| Entity::Actor(Arc::new(actor))));
    entities.extend(mentions.places.into_iter().map(|place| Entity::Place(Arc::new(place.into_place()))));
    entities.extend(mentions.dates.into_iter().map(|timex| Entity::Date(Arc::new(timex.into_timex()))));
    let unpacked = |list: Vec<StoredMention>| {
        let mut last = 0_i64;
        let mut found = Vec::with_capacity(list.len());
        for (gap, len, number) in list {
            last += i64::from(gap);
            let start = usize::try_from(last).unwrap_or(0);
            if let Some(entity) = entities.get(number as usize) {
                found.push(Mention { span: Span::new(start, start + len as usize), entity: entity.clone() });
            }
        }
        found
    };
    Annotations { title_mentions: unpacked(mentions.title), mentions: unpacked(mentions.text) }
}
