//! Who is in the archive: every actor as the user's corrections have it, with the articles, the names it goes by, and the
//! first and last day. Reads the stored annotations, in order and in all threads, so that its counts are exact.

use std::collections::BTreeMap;
use std::num::NonZero;

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocAddress;
use tantivy::collector::DocSetCollector;

use crate::article::{Actor, ActorKind, Annotated, Annotations, Entity};
use crate::engine::local::search::Searching;
use crate::engine::local::snapshot::Snapshot;
use crate::engine::local::stored;
use crate::error::Result;
use crate::field::actor_path;
use crate::query::Query;

/// An actor of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// ISO 3166-1 alpha-2 code of its country: the one that most of its articles give.
    pub country: Option<String>,
    /// How many articles name it.
    pub articles: usize,
    /// As what it is printed, with how many mentions, the most frequent first; its own name left out.
    pub aliases: Vec<(String, usize)>,
    /// The first day of publication.
    pub first: Option<Date>,
    /// The last.
    pub last: Option<Date>,
}

/// What is counted of one actor.
#[derive(Debug, Default)]
struct Tally {
    articles: usize,
    printed: FxHashMap<String, usize>,
    countries: BTreeMap<String, usize>,
    first: Option<Date>,
    last: Option<Date>,
}

type Tallies = FxHashMap<(ActorKind, String), Tally>;

impl Searching {
    /// Every actor of the articles that match `query`, the most frequent first.
    pub(super) fn actors(&self, query: &Query) -> Result<Vec<Listed>> {
        let addresses = self.in_order(query)?;
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let share = addresses.len().div_ceil(threads).max(1);
        let snapshot = &self.snapshot;
        let counted: Vec<Result<Tallies>> = std::thread::scope(|scope| {
            let shares = addresses.chunks(share).map(|part| scope.spawn(move || tallies(snapshot, part)));
            let running: Vec<_> = shares.collect();
            running.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        let mut all = Tallies::default();
        for part in counted {
            for (actor, tally) in part? {
                all.entry(actor).or_default().add(tally);
            }
        }
        let mut listed: Vec<Listed> =
            all.into_iter().map(|((kind, name), tally)| tally.listed(kind, name)).collect();
        listed.sort_by(|a, b| {
            b.articles.cmp(&a.articles).then_with(|| (a.kind, &a.name).cmp(&(b.kind, &b.name)))
        });
        Ok(listed)
    }

    /// Calls `visit` with every article, as it was stored: without the user's corrections.
    pub(super) fn each_stored(&self, visit: &mut dyn FnMut(Annotated) -> Result<()>) -> Result<()> {
        for address in self.in_order(&Query::All)? {
            visit(self.snapshot.stored(address, self.snapshot.head(address)?)?)?;
        }
        Ok(())
    }

    /// What matches, in the order in which it is stored.
    fn in_order(&self, query: &Query) -> Result<Vec<DocAddress>> {
        let bound = self.binder().bind(query)?;
        let found = self.snapshot.searcher.search(&bound, &DocSetCollector);
        let mut addresses: Vec<DocAddress> =
            found.map_err(|error| self.snapshot.error(&error))?.into_iter().collect();
        addresses.sort_unstable();
        Ok(addresses)
    }
}

fn tallies(snapshot: &Snapshot, addresses: &[DocAddress]) -> Result<Tallies> {
    let mut tallies = Tallies::default();
    let mut shown: FxHashMap<(ActorKind, String), Option<(ActorKind, String)>> = FxHashMap::default();
    for &address in addresses {
        let head = snapshot.head(address)?;
        let packed = snapshot.packed(address)?;
        let (text, annotations) = stored::unpack_body(&head, &packed, &snapshot.kept(address)?)
            .map_err(|error| snapshot.unreadable(&error))?;
        let day = head.published().map(|published| published.date);
        let texts = [head.title.as_deref().unwrap_or(""), text];
        let mut seen: FxHashSet<(ActorKind, String)> = FxHashSet::default();
        for (printed, actor) in printed(texts, &annotations) {
            let stored = (actor.kind, actor.name.clone());
            if !shown.contains_key(&stored) {
                let corrected = snapshot.corrected(actor)?.map(|actor| (actor.kind, actor.name));
                shown.insert(stored.clone(), corrected);
            }
            let Some(Some(counted)) = shown.get(&stored) else { continue };
            if !tallies.contains_key(counted) {
                tallies.insert(counted.clone(), Tally::default());
            }
            let Some(tally) = tallies.get_mut(counted) else { continue };
            if !seen.contains(counted) {
                seen.insert(counted.clone());
                tally.articles += 1;
                tally.first = tally.first.into_iter().chain(day).min();
                tally.last = tally.last.into_iter().chain(day).max();
                if let Some(country) = &actor.country {
                    *tally.countries.entry(country.clone()).or_default() += 1;
                }
            }
            match tally.printed.get_mut(printed) {
                Some(count) => *count += 1,
                None => drop(tally.printed.insert(printed.to_owned(), 1)),
            }
        }
    }
    Ok(tallies)
}

/// Every mention of an actor, as printed.
fn printed<'a>(
    texts: [&'a str; 2],
    annotations: &'a Annotations,
) -> impl Iterator<Item = (&'a str, &'a Actor)> {
    let both = [&annotations.title_mentions, &annotations.mentions];
    texts.into_iter().zip(both).flat_map(|(text, mentions)| {
        mentions.iter().filter_map(move |mention| match &mention.entity {
            Entity::Actor(actor) => Some((text.get(mention.span.start..mention.span.end)?, actor.as_ref())),
            _ => None,
        })
    })
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.articles += other.articles;
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.into_iter().chain(other.last).max();
        for (printed, count) in other.printed {
            *self.printed.entry(printed).or_default() += count;
        }
        for (country, count) in other.countries {
            *self.countries.entry(country).or_default() += count;
        }
    }

    fn listed(self, kind: ActorKind, name: String) -> Listed {
        // Line breaks inside a name do not make it another.
        let mut printed: BTreeMap<String, usize> = BTreeMap::new();
        for (shown, count) in self.printed {
            *printed.entry(shown.split_whitespace().collect::<Vec<_>>().join(" ")).or_default() += count;
        }
        let mut aliases: Vec<(String, usize)> =
            printed.into_iter().filter(|(shown, _)| *shown != name).collect();
        aliases.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let country = self.countries.into_iter().max_by_key(|(_, count)| *count).map(|(country, _)| country);
        Listed { name, kind, country, articles: self.articles, aliases, first: self.first, last: self.last }
    }
}

impl Snapshot {
    /// An actor as the user's corrections have it; none if it is blocked.
    pub(super) fn corrected(&self, actor: &Actor) -> Result<Option<Actor>> {
        if self.corrections.is_empty() {
            return Ok(Some(actor.clone()));
        }
        let Some(actor) = self.corrections.rewritten(actor) else { return Ok(None) };
        let Some(counted) = self.counted_as(&actor_path(actor.kind, &actor.name))? else {
            return Ok(Some(actor));
        };
        let name = self.corrections.canonical(&actor.name).to_owned();
        let kind = counted.split_once('/').and_then(|(kind, _)| ActorKind::parse(kind)).unwrap_or(actor.kind);
        Ok(Some(Actor { name, kind, country: actor.country }))
    }

    /// An article with its actors as the user's corrections have them.
    pub(super) fn with_corrections(&self, annotated: Annotated) -> Result<Annotated> {
        if self.corrections.is_empty() {
            return Ok(annotated);
        }
        let annotations = annotated.annotations.map_actors(&mut |actor| self.corrected(actor))?;
        Ok(Annotated { annotations, ..annotated })
    }
}
