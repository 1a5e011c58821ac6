//! Who, where and when: annotates the title and text of an article. No files, no clock, no network.
//!
//! Takes an article, gives [`Annotations`]. One pass finds name spans, one decision per span; `actor` joins them to
//! people and organisations, `place` resolves toponyms to the gazetteer, `date` finds TIMEX3 expressions.

pub mod actor;
pub mod date;
pub mod name;
pub mod overlap;
pub mod place;

use crate::article::{Annotations, Article};
use crate::calendar::Published;
use crate::error::Result;
use crate::extract::name::Tagger;
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
}

impl Extractor {
    /// The extractor over the data that comes with the program.
    pub fn embedded() -> Result<Extractor> {
        Extractor::with_tagger(Tagger::embedded()?)
    }

    /// The extractor with another tagger of names, to measure it before it comes with the program.
    pub fn with_tagger(names: Tagger<'static>) -> Result<Extractor> {
        Ok(Extractor { names, authority: Authority::embedded()?, gazetteer: Gazetteer::embedded()? })
    }

    /// Annotates an article.
    pub fn annotate(&self, context: &Context<'_>) -> Annotations {
        let title = Text::new(context.article.title());
        let body = Text::new(&context.article.text);
        let texts = [&title, &body];
        let mut names = self.names.tag(&texts);
        place::claim::claim(&texts, &mut names, self.gazetteer);
        actor::claim(&texts, &mut names, self.authority);
        let mut actors = actor::link(&texts, &names, self.authority).into_iter();
        let mut places = place::resolve(&texts, &names, context, self.gazetteer).into_iter();
        let mut dates = date::tag(&texts, context.published, context.language).into_iter();
        let mut merged = |text: &Text<'_>| {
            overlap::merged(
                text.source,
                actors.next().unwrap_or_default(),
                places.next().unwrap_or_default(),
                dates.next().unwrap_or_default(),
            )
        };
        Annotations { title_mentions: merged(&title), mentions: merged(&body) }
    }
}
