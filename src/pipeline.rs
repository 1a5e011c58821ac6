//! The product in two functions: annotate an article, ingest a folder.
