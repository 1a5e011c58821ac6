//! Who, where and when: annotates the title and text of an article. No files, no clock, no network.
//!
//! Takes an article, gives [`Annotations`]. One pass finds name spans, one decision per span; `actor` joins them to
//! people and organisations, `place` resolves toponyms to the gazetteer, `date` finds TIMEX3 expressions.

pub mod actor;
pub mod date;
pub mod name;
pub mod overlap;
pub mod place;

use std::sync::{Arc, PoisonError, RwLock};

use crate::article::{Annotations, Article};
use crate::calendar::Published;
use crate::error::Result;
use crate::extract::name::{NameSpan, Tagger};
use crate::extract::place::home::Homes;
use crate::extract::place::{Explanation, Resolver};
use crate::language::Language;
use crate::reference::authority::Authority;
use crate::reference::gazetteer::Gazetteer;
use crate::text::Text;

/// Fingerprint of what annotates: the rules, lists and models under `data/` and the code of extraction. Articles that
/// carry another one were annotated by another version of the program.
pub const ANNOTATOR: u64 = match u64::from_str_radix(env!("DATELINE_ANNOTATOR"), 16) {
    Ok(fingerprint) => fingerprint,
    Err(_) => 1,
};

/// What is known of an article before its text is read for names and dates.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its language.
    pub language: Language,
    /// When it was published: the anchor of relative dates.
    pub published: Option<&'a Published>,
}

/// Everything that annotating needs, loaded once.
#[derive(Debug)]
pub struct Extractor {
    names: Tagger<'static>,
    authority: &'static Authority,
    gazetteer: &'static Gazetteer,
    /// Where the publishers are at home, as far as is known by now.
    homes: RwLock<Arc<Homes>>,
}

impl Extractor {
    /// The extractor over the data that comes with the program.
    pub fn embedded() -> Result<Extractor> {
        Extractor::with_tagger(Tagger::embedded()?)
    }

    /// The extractor with another tagger of names, to measure it before it comes with the program.
    pub fn with_tagger(names: Tagger<'static>) -> Result<Extractor> {
        let (authority, gazetteer) = (Authority::embedded()?, Gazetteer::embedded()?);
        Ok(Extractor { names, authority, gazetteer, homes: RwLock::default() })
    }

    /// Knows these homes of publishers from now on.
    pub fn settle(&self, homes: Homes) {
        *self.homes.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(homes);
    }

    /// The homes that it knows.
    pub fn homes(&self) -> Arc<Homes> {
        Arc::clone(&self.homes.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The gazetteer that places are looked up in.
    pub fn gazetteer(&self) -> &'static Gazetteer {
        self.gazetteer
    }

    fn names(&self, texts: &[&Text<'_>], scene: &actor::Scene<'_>) -> Vec<Vec<NameSpan>> {
        let mut names = self.names.tag(texts);
        place::claim::claim(texts, &mut names, self.gazetteer);
        actor::claim(texts, &mut names, scene);
        actor::finish(texts, &mut names, scene, self.gazetteer);
        names
    }

    /// What an article's actors are read by.
    fn scene<'s>(&'s self, context: &Context<'s>) -> actor::Scene<'s> {
        actor::Scene {
            authority: self.authority,
            lexicon: self.names.lexicon(),
            year: context.published.map(|published| published.date.year()),
            source: context.article.source.as_deref(),
        }
    }

    /// Why `name` was taken for the place that it was taken for in an article; none if it was taken for none.
    pub fn explain_place(&self, context: &Context<'_>, name: &str) -> Option<Explanation> {
        let title = Text::new(context.article.title());
        let body = Text::new(&context.article.text);
        let texts = [&title, &body];
        let names = self.names(&texts, &self.scene(context));
        Resolver::new(self.gazetteer).with_homes(&self.homes()).explain(name, &texts, &names, context)
    }

    /// Annotates an article.
    pub fn annotate(&self, context: &Context<'_>) -> Annotations {
        let title = Text::new(context.article.title());
        let body = Text::new(&context.article.text);
        let texts = [&title, &body];
        let scene = self.scene(context);
        let names = self.names(&texts, &scene);
        let homes = self.homes();
        let places = Resolver::new(self.gazetteer).with_homes(&homes);
        let mut actors = actor::link(&texts, &names, &scene).into_iter();
        let mut places = places.resolve(&texts, &names, context).into_iter();
        let mut dates = date::tag(&texts, context.published, context.language).into_iter();
        let mut merged = |text: &Text<'_>| {
            overlap::merged(
                text.source,
                Some(context.language).filter(|language| date::has_own_rules(*language)),
                actors.next().unwrap_or_default(),
                places.next().unwrap_or_default(),
                dates.next().unwrap_or_default(),
            )
        };
        Annotations { title_mentions: merged(&title), mentions: merged(&body) }
    }
}
