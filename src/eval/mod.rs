//! Is it any good? Scores annotations against gold, in the open.
//!
//! Takes gold articles (JSON Lines in the annotation contract, text included), annotates their texts with what is built
//! in, and gives [`score::Scores`]: names, places and dates as the field measures them. Nothing but `dateline eval`
//! and tests depends on it.

pub mod copies;
pub mod countries;
pub mod gold;
pub mod retrieval;
pub mod score;
pub mod slugs;
pub mod train;
