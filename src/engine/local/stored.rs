//! The form in which an article and its annotations are kept: each entity once, mentions as a few bits.
//!
//! The head is what a line of a result list shows. It is kept apart, as numbers of eight bytes, so that listing unpacks
//! no article. So are the bits of the mentions, which do not pack with text, and the places, of which each is kept once
//! for many articles.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::article::{
    Actor, ActorKind, Annotated, Annotations, Article, Entity, Mention, Place, PlaceKind, Timex, TimexKind,
};
use crate::calendar::{DateDoubt, DateSource, Precision, Published, day_number, shown};
use crate::engine::local::letters;
use crate::engine::local::marks::{self, KINDS, Mark, Numbered};
use crate::language::Language;
use crate::span::Span;

type Packing<T> = Result<T, postcard::Error>;

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
    article_published: ReadDate,
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

/// The date that was read.
#[derive(Debug, Serialize, Deserialize)]
enum ReadDate {
    /// That of the head.
    Same,
    Other(Option<StoredDate>),
}

/// The entities of an article, in the order in which they are first mentioned.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Entities {
    actors: Vec<StoredActor>,
    /// The names that [`StoredActor::printed`] does not tell.
    names: Vec<String>,
    places: Vec<PlaceUse>,
    dates: Vec<StoredTimex>,
}

/// An actor.
#[derive(Debug, Serialize, Deserialize)]
struct StoredActor {
    kind: ActorKind,
    /// Which of its mentions is its name, from 1; 0 if none.
    printed: u32,
    country: Option<String>,
}

/// What an article makes of a place: the hundredths of confidence, and two bits for whether it is a demonym and in focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct PlaceUse(u16);

impl PlaceUse {
    fn new(place: &Place) -> PlaceUse {
        let percent = (place.confidence * 100.0).round() as u8;
        PlaceUse(u16::from(percent) << 2 | u16::from(place.demonym) << 1 | u16::from(place.focus))
    }

    fn of(self, kept: &KeptPlace) -> Place {
        let (lat, lon) = kept.at.degrees();
        Place {
            demonym: self.0 & 2 != 0,
            kind: kept.kind,
            name: kept.name.as_ref().or(kept.path.last()).cloned().unwrap_or_default(),
            path: kept.path.clone(),
            lat,
            lon,
            geonames_id: kept.geonames_id,
            approximate: kept.approximate,
            confidence: f32::from(self.0 >> 2) / 100.0,
            focus: self.0 & 1 != 0,
        }
    }
}

/// A place as many articles know it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeptPlace {
    // First, so that places that lie together are kept together.
    path: Vec<String>,
    /// None if it is the last of `path`.
    name: Option<String>,
    kind: PlaceKind,
    at: StoredPoint,
    geonames_id: Option<u32>,
    approximate: bool,
}

impl KeptPlace {
    fn new(place: &Place) -> KeptPlace {
        KeptPlace {
            path: place.path.clone(),
            name: (place.path.last() != Some(&place.name)).then(|| place.name.clone()),
            kind: place.kind,
            at: StoredPoint::new(place.lat, place.lon),
            geonames_id: place.geonames_id,
            approximate: place.approximate,
        }
    }

    /// Reads a value of the column of places.
    pub(super) fn read(packed: &[u8]) -> Packing<KeptPlace> {
        postcard::from_bytes(packed)
    }
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

/// A date. A day, month or year that is written as such is told by its first day, from the day of publication.
#[derive(Debug, Serialize, Deserialize)]
enum StoredTimex {
    Day(i32),
    Month(i32),
    Year(i32),
    Other { kind: TimexKind, value: String, from: Option<i32>, to: Option<i32> },
}

impl StoredTimex {
    fn new(timex: &Timex, anchor: i32) -> StoredTimex {
        let days = timex.from.map(|from| day_number(from) - anchor);
        if let Some(days) = days {
            for short in [StoredTimex::Day(days), StoredTimex::Month(days), StoredTimex::Year(days)] {
                if short.timex(anchor).as_ref() == Some(timex) {
                    return short;
                }
            }
        }
        StoredTimex::Other {
            kind: timex.kind,
            value: timex.value.clone(),
            from: days,
            to: timex.to.map(|to| day_number(to) - anchor),
        }
    }

    /// None for days beyond the calendar.
    fn timex(&self, anchor: i32) -> Option<Timex> {
        let day = |days: i32| day_of(anchor.checked_add(days)?);
        let (from, to, precision) = match self {
            StoredTimex::Day(days) => (day(*days)?, day(*days)?, Precision::Day),
            StoredTimex::Month(days) => (day(*days)?, day(*days)?.last_of_month(), Precision::Month),
            StoredTimex::Year(days) => (day(*days)?, day(*days)?.last_of_year(), Precision::Year),
            StoredTimex::Other { kind, value, from, to } => {
                let (from, to) = (from.and_then(day), to.and_then(day));
                return Some(Timex { kind: *kind, value: value.clone(), from, to, publication: false });
            }
        };
        let value = shown(from, precision);
        Some(Timex { kind: TimexKind::Date, value, from: Some(from), to: Some(to), publication: false })
    }
}

/// The day of this number; none beyond the calendar.
fn day_of(number: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(number).ok()?).ok()
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredDate {
    day: (i16, i8, i8),
    time: Option<StoredTime>,
    precision: Precision,
    source: DateSource,
}

impl StoredDate {
    fn new(published: &Published) -> StoredDate {
        let date = published.date;
        StoredDate {
            day: (date.year(), date.month(), date.day()),
            time: published.time.as_deref().map(StoredTime::new),
            precision: published.precision,
            source: published.source,
        }
    }

    fn into_published(self) -> Option<Published> {
        let (year, month, day) = self.day;
        let date = Date::new(year, month, day).ok()?;
        let time = self.time.map(StoredTime::into_text);
        Some(Published { date, time, precision: self.precision, source: self.source })
    }
}

/// A time of day as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum StoredTime {
    /// `12:14:00-04:00`: seconds of the day, minutes of the zone.
    Clock(u32, i16),
    Text(String),
}

impl StoredTime {
    fn new(text: &str) -> StoredTime {
        let clock = clock(text).map(|(seconds, zone)| StoredTime::Clock(seconds, zone));
        let same = clock.filter(|clock| clock.clone().into_text() == text);
        same.unwrap_or_else(|| StoredTime::Text(text.to_owned()))
    }

    fn into_text(self) -> String {
        match self {
            StoredTime::Text(text) => text,
            StoredTime::Clock(seconds, zone) => {
                let (sign, minutes) = (if zone < 0 { '-' } else { '+' }, zone.unsigned_abs());
                let [hour, minute, second] = [seconds / 3600, seconds / 60 % 60, seconds % 60];
                format!("{hour:02}:{minute:02}:{second:02}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

/// Seconds of the day and minutes of the zone of `12:14:00-04:00`.
fn clock(text: &str) -> Option<(u32, i16)> {
    let (time, zone) = text.split_at_checked(8)?;
    let mut seconds = 0;
    for part in time.split(':') {
        seconds = seconds * 60 + part.parse::<u32>().ok()?;
    }
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let minutes = hours.parse::<i16>().ok()?.checked_mul(60)?.checked_add(minutes.parse().ok()?)?;
    Some((seconds, if zone.starts_with('-') { -minutes } else { minutes }))
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
fn pack_head(annotated: &Annotated) -> Packing<Vec<u64>> {
    Ok(letters::pack(&postcard::to_stdvec(&Head::new(annotated))?))
}

/// Reads a head back.
pub(super) fn unpack_head(numbers: impl Iterator<Item = u64>) -> Packing<Head> {
    let numbers: Vec<u64> = numbers.collect();
    postcard::from_bytes(&letters::unpack(&numbers).ok_or(BROKEN)?)
}

/// The identifier in a head, of which no more is unpacked than it takes.
pub(super) fn unpack_id(numbers: impl Iterator<Item = u64>) -> Packing<String> {
    /// Longer than most identifiers.
    const USUAL: usize = 64;
    let numbers: Vec<u64> = numbers.collect();
    let begun = letters::unpack_beginning(&numbers, USUAL).ok_or(BROKEN)?;
    if let Ok((id, _)) = postcard::take_from_bytes(&begun) {
        return Ok(id);
    }
    let whole = letters::unpack(&numbers).ok_or(BROKEN)?;
    postcard::take_from_bytes(&whole).map(|(id, _)| id)
}

/// An article as it is kept.
#[derive(Debug)]
pub(super) struct Packed {
    /// What a line of a result list shows.
    pub(super) head: Vec<u64>,
    /// Where its mentions stand.
    pub(super) marks: Vec<u64>,
    /// Its places, in the order in which they are first mentioned.
    pub(super) places: Vec<Vec<u8>>,
    /// Text, entities, and all else.
    pub(super) body: Vec<u8>,
}

/// What is kept of the mentions of an article outside of its body.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Where they stand.
    pub(super) marks: Vec<u64>,
    /// Its places, in the order in which they are first mentioned.
    pub(super) places: Vec<Arc<KeptPlace>>,
}

/// Packs an article.
pub(super) fn pack(annotated: &Annotated) -> Packing<Packed> {
    let article = &annotated.article;
    let is_same = article.published == annotated.published;
    let rest = Rest {
        record: article.record,
        format: article.format.to_owned(),
        article_published: if is_same {
            ReadDate::Same
        } else {
            ReadDate::Other(article.published.as_ref().map(StoredDate::new))
        },
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
    let mut packer = Packer::new(annotated);
    let title = packer.marks(article.title(), &annotated.annotations.title_mentions);
    let text = packer.marks(&article.text, &annotated.annotations.mentions);
    let body = postcard::to_extend(&article.text, Vec::with_capacity(article.text.len() * 3 / 2))?;
    let body = postcard::to_extend(&packer.entities(), body)?;
    let places = packer.places.iter().map(|place| postcard::to_stdvec(&KeptPlace::new(place)));
    Ok(Packed {
        head: pack_head(annotated)?,
        marks: marks::pack([&title, &text]),
        places: places.collect::<Packing<_>>()?,
        body: postcard::to_extend(&rest, body)?,
    })
}

/// Reads the text alone, where it lies.
pub(super) fn unpack_text(body: &[u8]) -> Packing<&str> {
    postcard::take_from_bytes(body).map(|(text, _)| text)
}

/// Reads text and mentions: what highlighting and sentences need.
pub(super) fn unpack_body<'b>(head: &Head, body: &'b [u8], kept: &Kept) -> Packing<(&'b str, Annotations)> {
    let (text, body) = postcard::take_from_bytes(body)?;
    let (entities, _) = postcard::take_from_bytes(body)?;
    Ok((text, unpack_mentions(head, text, entities, kept)?))
}

/// Reads the whole article.
pub(super) fn unpack(head: Head, body: &[u8], kept: &Kept) -> Packing<Annotated> {
    let (text, body): (String, _) = postcard::take_from_bytes(body)?;
    let (entities, body) = postcard::take_from_bytes(body)?;
    let rest: Rest = postcard::from_bytes(body)?;
    let annotations = unpack_mentions(&head, &text, entities, kept)?;
    let language = head.language();
    let published = head.published();
    let article = Article {
        id: head.id,
        path: head.path,
        record: rest.record,
        format: interned(&rest.format),
        title: head.title,
        text,
        published: match rest.article_published {
            ReadDate::Same => published.clone(),
            ReadDate::Other(date) => date.and_then(StoredDate::into_published),
        },
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
    Ok(Annotated { article, language, published, annotations })
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

/// The number from which the dates of an article are told.
fn anchor(published: Option<&Published>) -> i32 {
    published.map_or(0, |published| day_number(published.date))
}

/// Numbers entities by kind, in the order in which they are first mentioned.
#[derive(Debug, Default)]
struct Packer {
    anchor: i32,
    actors: Vec<(Actor, Printed)>,
    actor_numbers: FxHashMap<Actor, u32>,
    places: Vec<Arc<Place>>,
    dates: Vec<Timex>,
    date_numbers: FxHashMap<Timex, u32>,
}

/// How an actor is printed.
#[derive(Debug, Default)]
struct Printed {
    mentions: u32,
    /// The first mention that is its name, from 1.
    name: Option<u32>,
}

/// The kinds of [`Numbered`].
const ACTOR: u8 = 0;
const PLACE: u8 = 1;
const DATE: u8 = 2;
const _: () = assert!(DATE as usize + 1 == KINDS);

impl Packer {
    fn new(annotated: &Annotated) -> Packer {
        Packer { anchor: anchor(annotated.published.as_ref()), ..Packer::default() }
    }

    fn marks(&mut self, source: &str, mentions: &[Mention]) -> Vec<Mark> {
        let mark = |mention: &Mention| Mark {
            start: mention.span.start as u32,
            len: mention.span.len() as u32,
            entity: self.number(&mention.entity, source.get(mention.span.start..mention.span.end)),
        };
        mentions.iter().map(mark).collect()
    }

    fn number(&mut self, entity: &Entity, printed: Option<&str>) -> Numbered {
        match entity {
            Entity::Actor(actor) => {
                let known = self.actor_numbers.get(actor.as_ref()).copied();
                let number = known.unwrap_or_else(|| {
                    let number = self.actors.len() as u32;
                    self.actors.push((actor.as_ref().clone(), Printed::default()));
                    self.actor_numbers.insert(actor.as_ref().clone(), number);
                    number
                });
                let (_, shown) = &mut self.actors[number as usize];
                shown.mentions += 1;
                if shown.name.is_none() && printed == Some(actor.name.as_str()) {
                    shown.name = Some(shown.mentions);
                }
                Numbered { kind: ACTOR, number }
            }
            Entity::Place(place) => {
                // Places hold floats and cannot be hashed; an article names few.
                let known = self.places.iter().position(|known| known == place);
                let number = known.unwrap_or_else(|| {
                    self.places.push(Arc::clone(place));
                    self.places.len() - 1
                });
                Numbered { kind: PLACE, number: number as u32 }
            }
            Entity::Date(timex) => {
                let known = self.date_numbers.get(timex.as_ref()).copied();
                let number = known.unwrap_or_else(|| {
                    let number = self.dates.len() as u32;
                    self.dates.push(timex.as_ref().clone());
                    self.date_numbers.insert(timex.as_ref().clone(), number);
                    number
                });
                Numbered { kind: DATE, number }
            }
        }
    }

    fn entities(&self) -> Entities {
        let mut entities = Entities::default();
        for (actor, shown) in &self.actors {
            if shown.name.is_none() {
                entities.names.push(actor.name.clone());
            }
            entities.actors.push(StoredActor {
                kind: actor.kind,
                printed: shown.name.unwrap_or(0),
                country: actor.country.clone(),
            });
        }
        entities.places = self.places.iter().map(|place| PlaceUse::new(place)).collect();
        entities.dates = self.dates.iter().map(|timex| StoredTimex::new(timex, self.anchor)).collect();
        entities
    }
}

/// What bits or places that do not belong to an article are told as.
const BROKEN: postcard::Error = postcard::Error::SerdeDeCustom;

fn unpack_mentions(head: &Head, text: &str, entities: Entities, kept: &Kept) -> Packing<Annotations> {
    let [title_marks, text_marks] = marks::unpack(&kept.marks).ok_or(BROKEN)?;
    let title = head.title.as_deref().unwrap_or("");
    let readings = [(title, title_marks), (text, text_marks)];
    let names = printed_names(&readings, entities.actors.len());
    let mut spelled = entities.names.into_iter();
    let mut actors = Vec::with_capacity(entities.actors.len());
    for (actor, printed) in entities.actors.into_iter().zip(names) {
        let name = match actor.printed {
            0 => spelled.next().ok_or(BROKEN)?,
            number => (*printed.get(number as usize - 1).ok_or(BROKEN)?).to_owned(),
        };
        let actor = Actor { name, kind: actor.kind, country: actor.country };
        actors.push(Entity::Actor(Arc::new(actor)));
    }
    let mut places = Vec::with_capacity(entities.places.len());
    for (number, place) in entities.places.into_iter().enumerate() {
        places.push(Entity::Place(Arc::new(place.of(kept.places.get(number).ok_or(BROKEN)?))));
    }
    let anchor = anchor(head.published().as_ref());
    let mut dates = Vec::with_capacity(entities.dates.len());
    for timex in entities.dates {
        dates.push(Entity::Date(Arc::new(timex.timex(anchor).ok_or(BROKEN)?)));
    }
    let by_kind = [actors, places, dates];
    let mention = |mark: &Mark| {
        let start = mark.start as usize;
        let entity = by_kind[usize::from(mark.entity.kind)].get(mark.entity.number as usize).ok_or(BROKEN)?;
        Ok(Mention { span: Span::new(start, start + mark.len as usize), entity: entity.clone() })
    };
    let [(_, title), (_, text)] = &readings;
    Ok(Annotations {
        title_mentions: title.iter().map(mention).collect::<Packing<_>>()?,
        mentions: text.iter().map(mention).collect::<Packing<_>>()?,
    })
}

/// As what each actor is printed, by mention.
fn printed_names<'t>(readings: &[(&'t str, Vec<Mark>); 2], actors: usize) -> Vec<Vec<&'t str>> {
    let mut printed = vec![Vec::new(); actors];
    for (source, marks) in readings {
        for mark in marks.iter().filter(|mark| mark.entity.kind == ACTOR) {
            let start = mark.start as usize;
            let words = source.get(start..start + mark.len as usize).unwrap_or("");
            if let Some(own) = printed.get_mut(mark.entity.number as usize) {
                own.push(words);
            }
        }
    }
    printed
}
