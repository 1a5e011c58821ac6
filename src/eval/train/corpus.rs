//! The unlabelled corpora: titles and bodies of the `corpora` folder, one article at a time, in a fixed order.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use crate::error::{Error, Result};

/// The corpora, as files of the data folder.
pub const CORPORA: &[&str] = &[
    "corpora/newswire_30k.jsonl.gz",
    "corpora/reuters21578_train.jsonl.gz",
    "corpora/bbc_news.jsonl.gz",
    "corpora/muc4_train_dev.jsonl.gz",
];

/// What is read of an article.
#[derive(Debug, Deserialize)]
pub struct Record {
    /// Identifier.
    #[serde(default)]
    pub id: serde_json::Value,
    /// Headline.
    #[serde(default)]
    pub title: Option<String>,
    /// Text.
    #[serde(default)]
    pub body: String,
}

impl Record {
    /// Headline and text, a blank line between them.
    pub fn whole(&self) -> String {
        match &self.title {
            Some(title) => format!("{title}\n\n{}", self.body),
            None => self.body.clone(),
        }
    }
}

/// The text of a file, gunzipped when its name ends in `.gz`.
pub fn open(path: &Path) -> Result<BufReader<Box<dyn Read>>> {
    let file = File::open(path).map_err(Error::io(path))?;
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    let reader: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    Ok(BufReader::with_capacity(1 << 16, reader))
}

/// The whole text of a file.
pub fn read(path: &Path) -> Result<String> {
    let mut text = String::new();
    open(path)?.read_to_string(&mut text).map_err(Error::io(path))?;
    Ok(text)
}

/// Calls `each` with the articles of one corpus.
pub fn articles(path: &Path, mut each: impl FnMut(Record)) -> Result<()> {
    for line in open(path)?.lines() {
        let line = line.map_err(Error::io(path))?;
        let record = serde_json::from_str(&line)
            .map_err(|error| Error::Settings { path: path.to_path_buf(), message: error.to_string() })?;
        each(record);
    }
    Ok(())
}
