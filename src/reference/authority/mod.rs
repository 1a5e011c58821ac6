//! The authority list of actors: canonical names with kind, country and years, and every other name they go by.

use crate::article::ActorKind;

/// One actor of the list.
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
    /// Other names: variants, acronyms, earlier names.
    pub aliases: Vec<String>,
}
