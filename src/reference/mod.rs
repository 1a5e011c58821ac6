//! Names and what they can stand for: the gazetteer of places, the authority list of actors, the user's corrections.
//!
//! Used by extraction, to resolve mentions, and by the binding of queries, to find what a typed name means. Never
//! reads articles.

pub mod authority;
pub mod corrections;
pub mod country;
pub mod gazetteer;
pub mod packed;
