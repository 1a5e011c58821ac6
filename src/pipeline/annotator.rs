//! The annotator of an archive: the extractor, where the archive's publishers are at home, and the user's corrections.
//!
//! Homes are learned while articles are annotated and kept beside the index. From time to time, always after the same
//! number of articles, the foreman lets the crew finish, and what was learned by then holds for those that follow. So
//! the number of threads changes nothing. Articles that came before the home of their publisher was known are annotated
//! again at the end of the run. The file only ever helps: without it, or if it is damaged, the homes are learned anew.
//! Never touches the index.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::article::{Annotated, Article, Entity};
use crate::engine::local::Record;
use crate::error::{Error, Result};
use crate::extract::Extractor;
use crate::extract::place::home::{self, Beats, Homes};
use crate::pipeline::{annotate, pins};
use crate::reference::corrections::{self, Corrections};

/// Name of the file beside the index.
const FILE: &str = "homes.json";
/// What was learned holds from this number of articles on, and again from twice as many, and so on.
const FIRST_LESSON: u64 = 64;
/// Where publishers follow one another: at least after so many articles.
const NEXT_LESSON: u64 = 512;

/// Annotates the articles of one archive.
#[derive(Debug)]
pub(super) struct Annotator {
    extractor: Extractor,
    path: PathBuf,
    corrections: Corrections,
    beats: Mutex<Beats>,
    /// Articles are news to it; those that are annotated again are not.
    is_learning: AtomicBool,
}

impl Annotator {
    /// The annotator of the index in `folder`, with the homes that the user's settings give.
    pub(super) fn open(folder: &Path, homes: &BTreeMap<String, String>) -> Result<Annotator> {
        let extractor = Extractor::embedded()?;
        let path = folder.join(FILE);
        extractor.settle(Homes::given(homes, extractor.gazetteer())?);
        let kept = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let annotator = Annotator {
            path,
            corrections: Corrections::open(&folder.join(corrections::FILE))?,
            beats: Mutex::new(kept.unwrap_or_default()),
            is_learning: AtomicBool::new(true),
            extractor,
        };
        annotator.settle();
        Ok(annotator)
    }

    /// Annotates an article. When it was printed is no date that it tells of.
    pub(super) fn annotate(&self, article: Article) -> Annotated {
        let mut annotated = annotate(&self.extractor, article);
        let tells_publication = |entity: &Entity| matches!(entity, Entity::Date(timex) if timex.publication);
        annotated.annotations.mentions.retain(|mention| !tells_publication(&mention.entity));
        pins::set_right(&mut annotated, &self.corrections, self.extractor.gazetteer());
        annotated
    }

    /// Packs an annotated article for the index, with the actors that the user has put right.
    pub(super) fn pack(&self, annotated: &Annotated) -> Result<Record> {
        Record::corrected(annotated, &self.corrections)
    }

    /// Learns from an annotated article that the archive did not have.
    pub(super) fn learn(&self, annotated: &Annotated) {
        if self.is_learning.load(Ordering::Relaxed) {
            self.beats().add(&annotated.article, &annotated.annotations);
        }
    }

    /// Learns nothing from the articles that follow: they are annotated again.
    pub(super) fn stop_learning(&self) {
        self.is_learning.store(false, Ordering::Relaxed);
    }

    /// The publisher of an article, if its home is unknown by now.
    pub(super) fn homeless_publisher<'a>(&self, article: &'a Article) -> Option<&'a str> {
        home::publisher(article).filter(|publisher| !self.knows_home(publisher))
    }

    /// Whether it is known where a publisher is at home.
    pub(super) fn knows_home(&self, publisher: &str) -> bool {
        self.extractor.homes().knows(publisher)
    }

    /// Whether what was learned is to hold once so many articles were sent to the crew.
    pub(super) fn is_lesson(sent: u64) -> bool {
        sent.is_multiple_of(NEXT_LESSON) || sent >= FIRST_LESSON && sent.is_power_of_two()
    }

    /// Lets what was learned hold for the articles that follow.
    pub(super) fn settle(&self) {
        let mut homes = (*self.extractor.homes()).clone();
        homes.learn(&self.beats(), self.extractor.gazetteer());
        self.extractor.settle(homes);
    }

    /// Writes what was learned beside the index.
    pub(super) fn save(&self) -> Result<()> {
        let bytes = serde_json::to_vec(&*self.beats()).map_err(|error| Error::Data {
            what: self.path.display().to_string(),
            message: error.to_string(),
        })?;
        fs::write(&self.path, bytes).map_err(Error::io(&self.path))
    }

    /// The extractor, which knows the homes.
    pub(super) fn into_extractor(self) -> Extractor {
        self.extractor
    }

    fn beats(&self) -> MutexGuard<'_, Beats> {
        self.beats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
