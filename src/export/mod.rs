//! Articles, annotations and result lists in the formats that other tools read.
//!
//! `list::EXPORTERS` is the table of formats for result lists, one file per format. Takes what an engine answered,
//! writes to anything that can be written to; never asks an engine.

pub mod annotation;
pub mod article;
mod atom;
mod bibtex;
pub mod column;
mod csl;
mod geojson;
mod html;
mod json;
pub mod list;
mod markdown;
pub mod network;
mod ris;
mod separated;
pub mod table;
#[cfg(test)]
mod tests;
mod xlsx;
mod xml;
