//! Gold articles: a line each, an article with the mentions that people say are in it.
//!
//! Two shapes of mention are read: the annotation contract (`type` actor, place or date), and plain name types (`PER`,
//! `ORG`, `LOC`). Offsets are Unicode code points.

use std::path::Path;

use serde::Deserialize;

use crate::article::Article;
use crate::error::{Error, Result};
use crate::export::article::ArticleLine;

/// An article with its gold mentions.
#[derive(Debug)]
pub struct GoldArticle {
    /// What is given to the annotators.
    pub article: Article,
    /// In the text.
    pub mentions: Vec<GoldMention>,
    /// In the title; none if nobody has looked there, and then nothing found there counts.
    pub title_mentions: Option<Vec<GoldMention>>,
}

/// One mention, gold or predicted.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct GoldMention {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// `actor`, `place`, `date`, `PER`, `ORG` or `LOC`.
    #[serde(rename = "type")]
    pub kind_of: String,
    /// Kind of actor, place or date.
    pub kind: Option<String>,
    /// Canonical name.
    pub name: Option<String>,
    /// An adjective or a people's name.
    pub demonym: bool,
    /// Degrees.
    #[serde(deserialize_with = "degrees")]
    pub lat: Option<f64>,
    /// Degrees.
    #[serde(deserialize_with = "degrees")]
    pub lon: Option<f64>,
    /// TIMEX3 value.
    pub value: Option<String>,
}

/// Some sets write coordinates as text.
fn degrees<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Number(number) => number.as_f64(),
        serde_json::Value::String(text) => text.parse().ok(),
        _ => None,
    })
}

#[derive(Deserialize)]
struct GoldLine {
    #[serde(default)]
    mentions: Vec<GoldMention>,
    title_mentions: Option<Vec<GoldMention>>,
}

/// Reads the gold articles of a JSON Lines file.
///
/// # Errors
/// When the file cannot be read, or a line is no gold article: gold is ours to keep right.
pub fn read(path: &Path) -> Result<Vec<GoldArticle>> {
    let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
    let mut articles = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |error: serde_json::Error| Error::Settings {
            path: path.to_path_buf(),
            message: format!("line {}: {error}", number + 1),
        };
        let gold: GoldLine = serde_json::from_str(line).map_err(wrong)?;
        let article: ArticleLine = serde_json::from_str(line).map_err(wrong)?;
        articles.push(GoldArticle {
            article: article.into_article(),
            mentions: gold.mentions,
            title_mentions: gold.title_mentions,
        });
    }
    Ok(articles)
}
