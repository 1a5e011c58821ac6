//! What the gazetteer says of a stretch of text, looked up once per thread and remembered.
//!
//! News repeats its names from article to article, so most look-ups are answered from a bounded memory without making
//! a key. Takes surfaces as written or keys, gives an [`Entry`]. Remembering changes nothing but the time.

use std::cell::{Cell, RefCell};
use std::collections::hash_map;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::words;
use crate::article::PlaceKind;
use crate::reference::gazetteer::{Candidate, Gazetteer, NameKind, name};

/// More surfaces are never remembered: a few megabytes per thread.
const MOST_REMEMBERED: usize = 57_300;

/// What is known of one surface.
#[derive(Debug)]
pub(super) struct Entry {
    /// The key under which it is filed.
    pub(super) key: Rc<str>,
    /// What it can stand for.
    pub(super) candidates: Vec<Candidate>,
    /// Inhabitants of the best known place that goes by this name; 0 if it is only an alternate or an abbreviation.
    pub(super) prominence: u32,
    /// A place goes by this name, be it only as an alternate.
    pub(super) is_name: bool,
    /// A place goes by it plainly: not as an alternate, a part or an abbreviation.
    pub(super) is_plain: bool,
    /// It is written for short in some places: `Calif.`.
    pub(super) is_abbreviation: bool,
    /// It names a people or is an adjective, and is no area's name.
    pub(super) is_demonym: bool,
    /// A country goes by it.
    pub(super) is_country: bool,
    /// A country or a division goes by it plainly.
    pub(super) is_wide: bool,
    /// A longer name begins with it; told of single words only.
    pub(super) begins_longer: bool,
    /// News never means a place by it.
    pub(super) is_never: bool,
    /// It is mostly something else.
    pub(super) is_common: bool,
    /// It is a name of people too.
    pub(super) is_given: bool,
    /// It was asked for again since the memory was last sorted out.
    again: Cell<bool>,
}

impl Entry {
    fn of(surface: &str, gazetteer: &Gazetteer) -> Entry {
        let (key, candidates) = gazetteer.lookup_written(surface);
        let mut entry = Entry {
            prominence: 0,
            is_name: false,
            is_plain: false,
            is_abbreviation: false,
            is_demonym: false,
            is_country: false,
            is_wide: false,
            // Asked of first words only.
            begins_longer: !surface.contains(' ') && gazetteer.begins(&beginning(surface)),
            is_never: words::is_never_a_place(&key),
            is_common: words::is_common(&key),
            is_given: words::is_a_given_name(&key),
            key: key.into(),
            candidates: Vec::new(),
            again: Cell::new(false),
        };
        let mut names_area = false;
        let peoples = candidates.iter().filter(|candidate| candidate.kind == NameKind::Demonym);
        let countries: Vec<_> = peoples.map(|candidate| gazetteer.country(candidate.place)).collect();
        let is_of_its_people =
            |candidate: &Candidate| countries.contains(&gazetteer.country(candidate.place));
        for candidate in &candidates {
            let kind = gazetteer.kind(candidate.place);
            entry.is_demonym |= candidate.kind == NameKind::Demonym;
            entry.is_abbreviation |= candidate.kind == NameKind::Abbreviation;
            entry.is_name |= !matches!(candidate.kind, NameKind::Demonym | NameKind::Abbreviation);
            entry.is_country |= kind == PlaceKind::Country && candidate.kind != NameKind::Alternate;
            names_area |= candidate.kind == NameKind::Name
                && match kind {
                    PlaceKind::City | PlaceKind::Natural => false,
                    // A parish of the Isle of Man is called German.
                    PlaceKind::Division | PlaceKind::District => is_of_its_people(candidate),
                    _ => true,
                };
            if matches!(candidate.kind, NameKind::Name | NameKind::Historical | NameKind::Script) {
                entry.is_plain = true;
                entry.prominence = entry.prominence.max(gazetteer.population(candidate.place));
                entry.is_wide |= matches!(
                    kind,
                    PlaceKind::Country
                        | PlaceKind::Division
                        | PlaceKind::District
                        | PlaceKind::HistoricalCountry
                );
            }
        }
        entry.is_demonym &= !names_area;
        entry.candidates = candidates;
        entry
    }

    /// Whether a place can be meant by it, written as in `surface`.
    pub(super) fn is_toponym(&self, surface: &str) -> bool {
        self.is_name || self.is_abbreviation && is_written_short(surface)
    }

    /// A name of people or a common word: it needs more than a capital.
    pub(super) fn is_doubtful(&self) -> bool {
        self.is_given || self.is_common
    }
}

/// `Calif.`, `US`: full stops or capitals throughout.
pub(super) fn is_written_short(surface: &str) -> bool {
    surface.contains('.') || surface.chars().all(|c| !c.is_lowercase())
}

/// The key of `surface` as the beginning of a longer name: `St` → `saint `.
fn beginning(surface: &str) -> String {
    let mut longer = name::key(&format!("{surface} x"));
    longer.truncate(longer.len().saturating_sub(1));
    longer
}

#[derive(Debug, Default)]
struct Memory {
    gazetteer: u64,
    /// By a hash of 64 bits: among the surfaces that a thread keeps no two share one.
    entries: FxHashMap<u64, Rc<Entry>>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// The gazetteer with what was looked up in it on this thread.
#[derive(Debug)]
pub(super) struct Known<'g> {
    pub(super) gazetteer: &'g Gazetteer,
    memory: Memory,
}

impl<'g> Known<'g> {
    /// Takes up this thread's memory of `gazetteer`.
    pub(super) fn new(gazetteer: &'g Gazetteer) -> Known<'g> {
        let mut memory = MEMORY.take();
        if memory.gazetteer != gazetteer.number() {
            memory = Memory { gazetteer: gazetteer.number(), entries: FxHashMap::default() };
        }
        if memory.entries.len() > MOST_REMEMBERED {
            // Most surfaces are met once; those that come again stay.
            memory.entries.retain(|_, entry| entry.again.take());
        }
        Known { gazetteer, memory }
    }

    /// What is known of a surface or a key.
    pub(super) fn of(&mut self, surface: &str) -> Rc<Entry> {
        match self.memory.entries.entry(xxh3_64(surface.as_bytes())) {
            hash_map::Entry::Occupied(known) => {
                known.get().again.set(true);
                Rc::clone(known.get())
            }
            hash_map::Entry::Vacant(free) => {
                Rc::clone(free.insert(Rc::new(Entry::of(surface, self.gazetteer))))
            }
        }
    }
}

impl Drop for Known<'_> {
    fn drop(&mut self) {
        MEMORY.set(std::mem::take(&mut self.memory));
    }
}
