//! What can go wrong, by who must act: the asker, the owner of a file, the owner of the index, or us.
//!
//! Takes nothing, gives [`Error`] and [`Result`]. One bad article is never an `Error`: it becomes a ledger row.

use std::path::{Path, PathBuf};

/// Every failure that stops a command. Each variant holds the thing that the user must look at.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query text cannot be read; `column` counts characters from 1.
    #[error("{message} at column {column} of `{text}`{}", hint.as_ref().map(|h| format!("\nhint: {h}")).unwrap_or_default())]
    Query {
        /// The query as it was typed.
        text: String,
        /// Where the trouble starts, in characters, from 1.
        column: usize,
        /// What is wrong, lower case, no full stop.
        message: String,
        /// What to try instead.
        hint: Option<String>,
    },
    /// An option or argument that makes no sense.
    #[error("{0}")]
    Usage(String),
    /// A settings, corrections or table file that cannot be read as one.
    #[error("{}: {message}", path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column where known.
        message: String,
    },
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// There is no index here.
    #[error("no index at {}\nhint: make one with `dateline ingest FOLDER`, or name one with --index DIR", path.display())]
    NoIndex {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Somebody else is writing to the index.
    #[error("the index at {} is being written by {holder}\nhint: wait until it has finished; queries work meanwhile", path.display())]
    Locked {
        /// The index.
        path: PathBuf,
        /// Who holds the lock, as far as is known.
        holder: String,
    },
    /// The index was made by another version of dateline.
    #[error("the index at {} has format {found}, this dateline reads {supported}\nhint: make it anew: remove all of the folder but corrections.toml and run `dateline ingest` again", path.display())]
    Version {
        /// The index.
        path: PathBuf,
        /// The format version found.
        found: String,
        /// The format version this program reads and writes.
        supported: String,
    },
    /// The index itself is broken or refused an operation.
    #[error("index at {}: {message}", path.display())]
    Index {
        /// The index.
        path: PathBuf,
        /// What the engine said.
        message: String,
    },
    /// A data file of dateline's own (gazetteer, model, list) is not what it should be.
    #[error("{what}: {message}")]
    Data {
        /// Which data.
        what: String,
        /// What is wrong with it.
        message: String,
    },
}

/// The library's result type.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An [`Error::Io`] for `path`, to be used with `map_err`.
    pub fn io(path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.as_ref().to_path_buf();
        move |source| Error::Io { path, source }
    }
}
