//! The article as it was read, and the same article annotated: who, where and when, with offsets.
//!
//! `input` gives [`Article`]s, `extract` gives [`Annotations`]; together they are [`Annotated`], which is what is
//! indexed, shown and exported. Nothing is changed after it is made, and nothing here knows how it was found.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{DateDoubt, DayOrder, Published};
use crate::language::Language;
use crate::span::Span;

/// One article of one file, as read: text and metadata, nothing inferred from what the text says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Article {
    /// The article's own identifier where its file gives one, else derived from path and record.
    pub id: String,
    /// The file it was read from, as the user would name it.
    pub path: String,
    /// Its number in that file, from 1, where a file may hold many.
    pub record: Option<u64>,
    /// Name of the row of `input::FORMATS` that read it.
    pub format: &'static str,
    /// Headline.
    pub title: Option<String>,
    /// Body, paragraphs separated by blank lines where the source has them.
    pub text: String,
    /// When it was published, by the most believable source.
    pub published: Option<Published>,
    /// Dates from other sources that say another day.
    pub other_dates: Vec<Published>,
    /// Why `published` is not to be taken at its word; sorted.
    pub date_doubts: Vec<DateDoubt>,
    /// The order of day and month that its fields show or, where `date_doubts` has it, that was assumed for them.
    pub day_order: Option<DayOrder>,
    /// People of the byline.
    pub authors: Vec<String>,
    /// Publisher: newspaper, agency or site.
    pub source: Option<String>,
    /// Section or category of the publisher.
    pub section: Option<String>,
    /// The language the file declares.
    pub language: Option<Language>,
    /// Its address on the web.
    pub url: Option<String>,
    /// The agency dateline it opens with, as printed: `BAGHDAD, June 28`.
    pub dateline: Option<String>,
    /// Keywords of the publisher.
    pub keywords: Vec<String>,
    /// Every other field of the file, as text; never annotations.
    pub metadata: BTreeMap<String, String>,
    /// What the reader noticed and the user may want to know ("decoded as windows-1252").
    pub notes: Vec<String>,
}

/// What is found in an article's title and text. Mentions are sorted by start and do not overlap within a type.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Annotations {
    /// Spans are into the title.
    pub title_mentions: Vec<Mention>,
    /// Spans are into the text.
    pub mentions: Vec<Mention>,
}

/// An article with its language, its publication date and its mentions: what is indexed.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotated {
    /// As read.
    pub article: Article,
    /// Declared or detected.
    pub language: Language,
    /// Read or taken from the agency dateline.
    pub published: Option<Published>,
    /// Who, where, when.
    pub annotations: Annotations,
}

/// Something named at one stretch of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// Where, in bytes.
    pub span: Span,
    /// Who, where or when.
    pub entity: Entity,
}

/// What a mention stands for. Mentions of one actor or place share one value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Entity {
    /// A person or an organisation.
    Actor(Arc<Actor>),
    /// A place on the map.
    Place(Arc<Place>),
    /// A date, time, duration or set.
    Date(Arc<Timex>),
}

/// A person or organisation under its canonical name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// The canonical name: every mention of one actor in an article carries the same one.
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// ISO 3166-1 alpha-2 code of its country, where known.
    pub country: Option<String>,
}

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// A human being.
    Person,
    /// A government, ministry, court, parliament or agency of a state.
    Government,
    /// Regular armed forces and police.
    Military,
    /// Armed groups that are not a state's.
    ArmedGroup,
    /// A political party.
    Party,
    /// A firm.
    Company,
    /// A newspaper, broadcaster or news agency.
    Media,
    /// A body made by states.
    Intergovernmental,
    /// Any other organisation.
    Organisation,
}

impl ActorKind {
    /// Every kind, in the order in which they are listed to users.
    pub const ALL: [ActorKind; 9] = [
        ActorKind::Person,
        ActorKind::Government,
        ActorKind::Military,
        ActorKind::ArmedGroup,
        ActorKind::Party,
        ActorKind::Company,
        ActorKind::Media,
        ActorKind::Intergovernmental,
        ActorKind::Organisation,
    ];

    /// The name used in files, facets and queries.
    pub fn name(self) -> &'static str {
        match self {
            ActorKind::Person => "person",
            ActorKind::Government => "government",
            ActorKind::Military => "military",
            ActorKind::ArmedGroup => "armed-group",
            ActorKind::Party => "party",
            ActorKind::Company => "company",
            ActorKind::Media => "media",
            ActorKind::Intergovernmental => "intergovernmental",
            ActorKind::Organisation => "organisation",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<ActorKind> {
        ActorKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A place of the gazetteer, resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The mention is an adjective or a people's name ("Iranian"); the place is the country it counts for.
    pub demonym: bool,
    /// Continent, country, division, city and so on: `reference::gazetteer` names them.
    pub kind: PlaceKind,
    /// Canonical label.
    pub name: String,
    /// Labels from the continent down to the place itself.
    pub path: Vec<String>,
    /// Latitude in degrees, WGS 84.
    pub lat: f64,
    /// Longitude in degrees, WGS 84.
    pub lon: f64,
    /// `GeoNames` id, where it has one.
    pub geonames_id: Option<u32>,
    /// The name is not in the gazetteer: this is its neighbours' region.
    pub approximate: bool,
    /// 0 to 1: how far the chosen candidate is ahead of the next.
    pub confidence: f32,
    /// The article is about this place, not only naming it.
    pub focus: bool,
}

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// Africa, Asia.
    Continent,
    /// A set of countries or parts of them: Middle East, Sahel.
    WorldRegion,
    /// A state or territory with an ISO code.
    Country,
    /// A state that is no more: USSR.
    HistoricalCountry,
    /// First-level division: state, province, governorate.
    Division,
    /// Second-level division: county, district.
    District,
    /// City, town, village or part of one.
    City,
    /// Sea, river, range, island, desert.
    Natural,
}

impl PlaceKind {
    /// The name used in files and queries.
    pub fn name(self) -> &'static str {
        match self {
            PlaceKind::Continent => "continent",
            PlaceKind::WorldRegion => "world-region",
            PlaceKind::Country => "country",
            PlaceKind::HistoricalCountry => "historical-country",
            PlaceKind::Division => "division",
            PlaceKind::District => "district",
            PlaceKind::City => "city",
            PlaceKind::Natural => "natural",
        }
    }
}

/// A TIMEX3 expression with the calendar days it covers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Timex {
    /// DATE, TIME, DURATION or SET.
    pub kind: TimexKind,
    /// TIMEX3 value: `2021-02`, `2021-W26`, `2021-06-28TEV`, `P5M`, `PAST_REF`.
    pub value: String,
    /// First day it covers, where it covers any.
    pub from: Option<Date>,
    /// Last day it covers.
    pub to: Option<Date>,
    /// It tells when its article was filed or published, and nothing that the article tells of; the index has no such dates.
    #[serde(default)]
    pub publication: bool,
}

/// The TIMEX3 type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimexKind {
    /// A day or longer on the calendar.
    Date,
    /// A time of day.
    Time,
    /// A length of time.
    Duration,
    /// Something that recurs.
    Set,
}

impl TimexKind {
    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            TimexKind::Date => "date",
            TimexKind::Time => "time",
            TimexKind::Duration => "duration",
            TimexKind::Set => "set",
        }
    }
}

impl Annotations {
    /// All mentions, the title's first.
    pub fn all(&self) -> impl Iterator<Item = &Mention> {
        self.title_mentions.iter().chain(&self.mentions)
    }

    /// The same mentions, every actor as `change` has it; mentions of actors that it gives none for are left out.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn map_actors(
        &self,
        change: &mut dyn FnMut(&Actor) -> crate::Result<Option<Actor>>,
    ) -> crate::Result<Annotations> {
        let mut known: Vec<(Arc<Actor>, Option<Arc<Actor>>)> = Vec::new();
        let mut changed = Annotations::default();
        for (from, to) in
            [(&self.title_mentions, &mut changed.title_mentions), (&self.mentions, &mut changed.mentions)]
        {
            for mention in from {
                let Entity::Actor(actor) = &mention.entity else {
                    to.push(mention.clone());
                    continue;
                };
                let at = if let Some(at) = known.iter().position(|(old, _)| old == actor) {
                    at
                } else {
                    known.push((Arc::clone(actor), change(actor)?.map(Arc::new)));
                    known.len() - 1
                };
                if let Some(new) = &known[at].1 {
                    to.push(Mention { span: mention.span, entity: Entity::Actor(Arc::clone(new)) });
                }
            }
        }
        Ok(changed)
    }

    /// All actors mentioned, with repetitions.
    pub fn actors(&self) -> impl Iterator<Item = &Arc<Actor>> {
        self.all().filter_map(|mention| match &mention.entity {
            Entity::Actor(actor) => Some(actor),
            _ => None,
        })
    }

    /// All places mentioned, with repetitions.
    pub fn places(&self) -> impl Iterator<Item = &Arc<Place>> {
        self.all().filter_map(|mention| match &mention.entity {
            Entity::Place(place) => Some(place),
            _ => None,
        })
    }

    /// All dates mentioned, with repetitions.
    pub fn dates(&self) -> impl Iterator<Item = &Arc<Timex>> {
        self.all().filter_map(|mention| match &mention.entity {
            Entity::Date(timex) => Some(timex),
            _ => None,
        })
    }
}

impl Article {
    /// The title, empty if there is none.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or("")
    }
}
