//! dateline turns a folder of news into an archive you can question.
//!
//! > **walk** files → **read** articles → **annotate** each → **index** it → answer **queries** → **show** or
//! > **export** the answer
//!
//! ```text
//! SourceFile ──input──▶ Article ──text──▶ Text ──extract──▶ Annotated ──engine──▶ (index)
//!                                                                                    │
//!           "actor:biden place:iraq" ──query──▶ Request ──engine──▶ Response ──┬─────┘
//!                                                                   export ◀──┘
//! ```
//!
//! The modules are declared in reading order and each uses only those above it. [`pipeline`] shows the whole
//! product in two functions; start there, then [`article`] and [`field`].
//!
//! Not here: crawling, translation, summaries, opinions about what an article means.

// The nouns every stage shares.
pub mod error;
pub mod guard;
pub mod span;
pub mod language;
pub mod calendar;
pub mod article;
pub mod field;
pub mod config;

// The stages.
pub mod text;
pub mod input;
pub mod reference;
pub mod extract;
pub mod story;
pub mod query;
pub mod engine;
pub mod ledger;
pub mod pipeline;
pub mod export;
pub mod eval;

pub use crate::error::{Error, Result};
