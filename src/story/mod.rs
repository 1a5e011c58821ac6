//! Stories: an article and its near-copies, such as a wire report and its reprints.
//!
//! Takes texts, gives a [`Signature`] for each; takes signatures, gives [`groups`]. Two articles are copies when four
//! fifths of all their five-word shingles are shared, or when four fifths of the shorter one's are and it is not much
//! shorter. A story is whatever copies connect, so it does not depend on the order in which articles came. [`changes`] tells
//! in words what is different between two copies. Never groups by reading articles again, never reads the disk.

mod diff;
mod group;
mod shingle;
mod signature;

pub use crate::story::diff::{Change, changes};
pub use crate::story::group::groups;
pub use crate::story::shingle::words;
pub use crate::story::signature::Signature;

/// Articles of fewer words are placeholders and headlines: nobody's copies.
pub const LEAST_WORDS: usize = 20;
