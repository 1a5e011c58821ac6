//! Settings: `dateline.toml`, and where the index is.
//!
//! Flags beat the environment, which beats `dateline.toml`. A `dateline.toml` beside the articles says how they are to
//! be read and wherever they are ingested from; one upwards of the working folder sets defaults. Never holds state.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};

/// The name of the settings file.
pub const SETTINGS: &str = "dateline.toml";
/// The name of an index folder.
pub const INDEX_FOLDER: &str = ".dateline";

/// What a `dateline.toml` may say.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The index folder, from the file's own folder.
    pub index: Option<PathBuf>,
    /// The publication date of articles that have none.
    pub published: Option<String>,
    /// File names and paths (from the root that is ingested) to leave out, as globs.
    pub exclude: Vec<String>,
    /// Fields by the names they have in the files: `title = "headline.main"`.
    pub map: BTreeMap<String, String>,
    /// The only source of publication dates that is asked.
    pub date_from: Option<String>,
    /// The same two settings for the articles under a folder, by its path: `[folder."wire/1987"]`.
    pub folder: BTreeMap<String, FolderConfig>,
    /// Threads that annotate and index.
    pub threads: Option<usize>,
    /// Where publishers are at home, by publisher: `"The London Free Press" = "London, Ontario"`.
    pub home: BTreeMap<String, String>,
    /// What is known of publishers, by their name or the host of their address: `[publisher."The Free Press"]`.
    pub publisher: BTreeMap<String, PublisherConfig>,
}

/// What a `dateline.toml` may say of a publisher.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PublisherConfig {
    /// Where it is at home: `London, Ontario`.
    pub home: Option<String>,
    /// The time zone of its clock: `Europe/London`.
    pub time_zone: Option<String>,
    /// How it writes days in figures: `day-first` or `month-first`.
    pub date_order: Option<String>,
    /// Names of sections, by a glob that the section, the address or the path of an article matches.
    pub section: BTreeMap<String, String>,
}

/// What a `dateline.toml` may say of a folder.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FolderConfig {
    /// The publication date of articles that have none.
    pub published: Option<String>,
    /// The only source of publication dates that is asked.
    pub date_from: Option<String>,
}

impl Config {
    /// Where publishers are at home, by publisher.
    pub fn homes(&self) -> BTreeMap<String, String> {
        let told = self.publisher.iter().filter_map(|(name, own)| Some((name.clone(), own.home.clone()?)));
        self.home.clone().into_iter().chain(told).collect()
    }

    /// Reads the settings file of `folder`; the defaults if there is none.
    ///
    /// # Errors
    /// When the file cannot be read or is not what it should be, with line and column.
    pub fn in_folder(folder: &Path) -> Result<Config> {
        let path = folder.join(SETTINGS);
        match std::fs::read_to_string(&path) {
            Ok(text) => Config::parse(&path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
            // The root of an ingest may be a file.
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(Config::default()),
            Err(error) => Err(Error::io(&path)(error)),
        }
    }

    /// Reads the nearest settings file upwards of `folder`; the defaults if there is none.
    ///
    /// # Errors
    /// As [`Config::in_folder`].
    pub fn upwards_of(folder: &Path) -> Result<Config> {
        match folder.ancestors().find(|folder| folder.join(SETTINGS).is_file()) {
            Some(folder) => {
                let mut config = Config::in_folder(folder)?;
                config.index = config.index.map(|index| folder.join(index));
                Ok(config)
            }
            None => Ok(Config::default()),
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Config> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
            Error::Settings { path: path.to_path_buf(), message: format!("{place}{}", error.message()) }
        })
    }
}

/// The index folder to use: the one named, else the one that the settings name, else the nearest `.dateline` upwards of
/// `folder`, else `.dateline` in `folder` itself, which may not exist.
pub fn index_folder(named: Option<&Path>, config: &Config, folder: &Path) -> PathBuf {
    if let Some(named) = named.or(config.index.as_deref()) {
        return named.to_path_buf();
    }
    let nearest = folder.ancestors().map(|folder| folder.join(INDEX_FOLDER)).find(|index| index.is_dir());
    nearest.unwrap_or_else(|| folder.join(INDEX_FOLDER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_setting_is_told_with_its_line() {
        let wrong = Config::parse(Path::new("dateline.toml"), "threads = 2\nexclud = [\"a\"]\n").unwrap_err();
        assert!(wrong.to_string().starts_with("dateline.toml: line 2: unknown field `exclud`"), "{wrong}");
    }

    #[test]
    fn the_nearest_index_upwards_is_used() {
        let home = tempfile::tempdir().unwrap();
        let inner = home.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        let config = Config::default();
        assert_eq!(index_folder(None, &config, &inner), inner.join(INDEX_FOLDER));
        std::fs::create_dir(home.path().join(INDEX_FOLDER)).unwrap();
        assert_eq!(index_folder(None, &config, &inner), home.path().join(INDEX_FOLDER));
        assert_eq!(index_folder(Some(Path::new("x")), &config, &inner), Path::new("x"));
    }
}
