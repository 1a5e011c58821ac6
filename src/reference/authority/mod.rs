//! The authority list of actors: canonical names with kind, country and years, and every other name they go by.
//!
//! `compile` makes the embedded file from its sources; [`Authority`] reads it in place, so that nothing is built at
//! start-up. Names are compared by their [`spelling::key`]. Never reads articles.

pub mod compile;
pub mod list;
pub mod spelling;
mod store;

pub use self::store::{Authority, Known, Walk, write};

use crate::article::ActorKind;

/// One actor of the list, as its sources have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Canonical name.
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// ISO 3166-1 alpha-2 code of its country, empty where it has none.
    pub country: String,
    /// A sports club.
    pub is_club: bool,
    /// From the project's own lists: known to be called so in the news.
    pub is_own: bool,
    /// Somebody whom the news calls by the surname alone while in office.
    pub is_leader: bool,
    /// First and last year in which it held office or was active, where known.
    pub years: (Option<u16>, Option<u16>),
    /// Other names: variants, acronyms, earlier names.
    pub aliases: Vec<String>,
}

impl Entry {
    /// An actor of which nothing else is known.
    pub fn new(name: &str, kind: ActorKind, country: &str) -> Entry {
        Entry {
            name: name.to_owned(),
            kind,
            country: country.to_owned(),
            is_club: false,
            is_own: false,
            is_leader: false,
            years: (None, None),
            aliases: Vec::new(),
        }
    }
}
