//! The index on this machine, kept by Tantivy.
