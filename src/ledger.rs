//! What was read and what became of it: one row per record, kept beside the index.
