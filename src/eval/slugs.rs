//! How many of the people and organisations that an archive's indexers tagged an article with are found in it.
//!
//! Takes articles with lists of slugs (`reagan`, `worldbank`, `ico-coffee`), as Reuters-21578 has them. A slug of a person
//! is found if somebody of the article has its last part as a word of the name; one of an organisation if some actor's
//! name, printed form or listed alias is its first part, spaces left out. Never reads the slugs as annotations.

use serde::{Deserialize, Serialize};

use crate::article::{ActorKind, Annotated, Article, Entity};
use crate::calendar::{DateSource, Precision, Published};
use crate::error::Result;
use crate::reference::authority::{Authority, Known, spelling};

/// One article with its slugs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Tagged {
    id: String,
    title: Option<String>,
    body: String,
    date: Option<String>,
    /// Who was tagged.
    people: Vec<String>,
    /// Which organisations were tagged.
    orgs: Vec<String>,
}

/// Slugs, and how many of them are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Given.
    pub gold: usize,
    /// Found.
    pub found: usize,
}

/// What is found of an archive's slugs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Shares {
    /// Of people.
    pub people: Share,
    /// Of organisations.
    pub organisations: Share,
}

impl Share {
    /// In percent.
    pub fn percent(self) -> f64 {
        if self.gold == 0 { 0.0 } else { 100.0 * self.found as f64 / self.gold as f64 }
    }
}

impl Shares {
    /// Both together.
    #[must_use]
    pub fn with(self, other: Shares) -> Shares {
        let sum = |a: Share, b: Share| Share { gold: a.gold + b.gold, found: a.found + b.found };
        Shares {
            people: sum(self.people, other.people),
            organisations: sum(self.organisations, other.organisations),
        }
    }
}

impl Tagged {
    /// Whether it has any slug.
    pub fn is_tagged(&self) -> bool {
        !self.people.is_empty() || !self.orgs.is_empty()
    }

    /// The article without its slugs.
    pub fn article(&self) -> Article {
        let date = self.date.as_deref().and_then(|date| date.get(..10)?.parse().ok());
        Article {
            id: self.id.clone(),
            title: self.title.clone(),
            text: self.body.clone(),
            published: date.map(|date| Published {
                date,
                time: None,
                precision: Precision::Day,
                source: DateSource::Field,
            }),
            ..Article::default()
        }
    }

    /// Which slugs the annotations have.
    pub fn shares(&self, annotated: &Annotated) -> Result<Shares> {
        let authority = Authority::embedded()?;
        let (mut people, mut bodies): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let texts = [annotated.article.title(), annotated.article.text.as_str()];
        let both = [&annotated.annotations.title_mentions, &annotated.annotations.mentions];
        for (text, mentions) in texts.into_iter().zip(both) {
            for mention in mentions {
                let Entity::Actor(actor) = &mention.entity else { continue };
                if actor.kind == ActorKind::Person {
                    people.extend(spelling::key(&actor.name).split(' ').map(str::to_owned));
                    continue;
                }
                let listed = authority.lookup(&actor.name);
                let same = listed.iter().filter(|known| known.name == actor.name);
                let aliases = same.flat_map(Known::aliases);
                bodies.extend(aliases.map(compact));
                bodies.extend([compact(&actor.name), compact(mention.span.of(text))]);
            }
        }
        let share = |slugs: &[String], names: &[String], part: fn(&str) -> &str| {
            let is_found = |slug: &&String| names.iter().any(|name| name == part(slug));
            Share { gold: slugs.len(), found: slugs.iter().filter(is_found).count() }
        };
        Ok(Shares {
            people: share(&self.people, &people, |slug| slug.rsplit('-').next().unwrap_or(slug)),
            organisations: share(&self.orgs, &bodies, |slug| slug.split('-').next().unwrap_or(slug)),
        })
    }
}

/// A name's key without its spaces.
fn compact(name: &str) -> String {
    spelling::key(name).replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Extractor;
    use crate::pipeline::annotate;

    #[test]
    fn slugs_are_found_by_surname_and_alias() {
        let tagged = Tagged {
            body: "President Reagan met the World Bank in Washington. The OPEC ministers left.".to_owned(),
            date: Some("1987-03-01T10:00:00".to_owned()),
            people: vec!["reagan".to_owned(), "james-miller".to_owned()],
            orgs: vec!["worldbank".to_owned(), "opec".to_owned(), "imf".to_owned()],
            ..Tagged::default()
        };
        let annotated = annotate(&Extractor::embedded().unwrap(), tagged.article());
        let shares = tagged.shares(&annotated).unwrap();
        assert_eq!(shares.people, Share { gold: 2, found: 1 });
        assert_eq!(shares.organisations, Share { gold: 3, found: 2 });
    }
}
