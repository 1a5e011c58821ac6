//! Articles, annotations and result lists in the formats that other tools read.

pub mod annotation;
pub mod article;
