//! Trains what is trained: word clusters and case statistics, the lexicon, the weights of the name tagger.
//!
//! Each step reads the data folder and what the steps before it wrote, and writes the same bytes every time: seeds
//! are fixed, hash maps are sorted before they are walked, one thread computes.

pub mod cluster;
pub mod corpus;
pub mod crf;
pub mod gold;
pub mod hand;
pub mod lexicon;
pub mod listed;
pub mod names;
pub mod random;
pub mod sample;
pub mod sport;
pub mod template;
