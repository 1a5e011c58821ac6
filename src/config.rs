//! Settings: dateline.toml, the environment, and where the index is.
