//! The options that `read`, `extract` and `ingest` share: how files are to be read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use dateline::calendar::{DateSource, Published};
use dateline::config::{self, Config, FolderConfig, PublisherConfig};
use dateline::export::article::read_date;
use dateline::input::publisher::Publisher;
use dateline::input::{DateRules, FORMATS, Format, ReadOptions, published};

/// Options of every command that reads files.
#[derive(Debug, Default, Args)]
pub(crate) struct ReadingArgs {
    /// The publication date of articles that have none: 2021-06-28, 2021-06 or 2021
    #[arg(long, value_name = "DATE", value_parser = parse_published)]
    pub(crate) published: Option<Published>,
    /// The only place to look for publication dates: field, dateline, text, url, path, file-time or given
    #[arg(long, value_name = "RULE", value_parser = parse_rule)]
    pub(crate) date_from: Option<DateSource>,
    /// Where a field is found in the files: title=headline.main
    #[arg(long, value_name = "FIELD=NAME", value_parser = parse_map)]
    pub(crate) map: Vec<(String, String)>,
    /// Leave out files of this name or path
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Read files as being of this format, whatever they look like
    #[arg(long = "format", value_name = "FORMAT", value_parser = parse_format)]
    pub(crate) format: Option<&'static Format>,
    /// Recognise scans that have no text, in these languages: eng, deu+fra (needs tesseract and poppler-utils)
    #[arg(long, value_name = "LANGS")]
    pub(crate) ocr: Option<String>,
    /// Pass over files larger than this: 500K, 20M, 2G
    #[arg(long, value_name = "SIZE", value_parser = parse_bytes)]
    pub(crate) max_file_size: Option<u64>,
}

/// Reads a number of bytes: `500K`, `20 MB`, `1.5G`, powers of 1024.
pub(crate) fn parse_bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size; write 500K, 20M or 2G");
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let unit = unit.trim().to_ascii_uppercase();
    let factor = match unit.trim_end_matches("IB").trim_end_matches('B') {
        "" => 1_u64,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        "T" => 1 << 40,
        _ => return Err(wrong()),
    };
    Ok((number * factor as f64) as u64)
}

/// Reads the name of a format.
pub(crate) fn parse_format(name: &str) -> Result<&'static Format, String> {
    let names = || FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
    let found = FORMATS.iter().find(|format| format.name == name);
    found.ok_or_else(|| format!("there is no format `{name}`; the formats are {}", names()))
}

fn parse_map(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, name)) if !field.is_empty() && !name.is_empty() => {
            Ok((field.to_owned(), name.to_owned()))
        }
        _ => Err("write FIELD=NAME, for example title=headline.main".to_owned()),
    }
}

impl ReadingArgs {
    /// Whether nothing is asked for that only the readers of files do.
    pub(crate) fn is_plain(&self) -> bool {
        self.date_from.is_none() && self.map.is_empty() && self.format.is_none() && self.exclude.is_empty()
    }

    /// How to read files under `roots`: as typed, then as the settings beside them and upwards of here say.
    pub(crate) fn options(
        &self,
        roots: &[PathBuf],
        config: &Config,
    ) -> anyhow::Result<(ReadOptions, Vec<String>)> {
        let mut options = ReadOptions {
            dates: DateRules { published: self.published.clone(), date_from: self.date_from },
            map: self.map.clone(),
            format: self.format,
            ocr: self.ocr.clone(),
            program: std::env::current_exe().ok(),
            max_file_bytes: self.max_file_size,
            today: Some(jiff::ZonedDateTime::now().date()),
            ..ReadOptions::default()
        };
        let mut exclude = self.exclude.clone();
        exclude.push(config::SETTINGS.to_owned());
        let beside =
            roots.iter().map(|root| Config::in_folder(root)).collect::<dateline::Result<Vec<_>>>()?;
        for config in beside.iter().chain([config]) {
            exclude.extend(config.exclude.iter().cloned());
            options.map.extend(config.map.iter().map(|(field, name)| (field.clone(), name.clone())));
            let rules = rules(config.published.as_deref(), config.date_from.as_deref())?;
            options.dates = options.dates.or(&rules);
            for (folder, own) in &config.folder {
                let rules = rules_of_folder(own).with_context(|| format!("folder.{folder:?}"))?;
                options.folder_dates.push((folder.clone(), rules));
            }
            for (name, own) in &config.publisher {
                let known = publisher(own).map_err(anyhow::Error::msg);
                options.publishers.add(name, known.with_context(|| format!("publisher.{name:?}"))?);
            }
        }
        if self.published.is_some() || self.date_from.is_some() {
            // What is typed beats what any settings file says.
            let typed = DateRules { published: self.published.clone(), date_from: self.date_from };
            for (_, rules) in &mut options.folder_dates {
                *rules = typed.or(rules);
            }
        }
        Ok((options, exclude))
    }
}

/// Where publishers are at home, as the settings say: those beside `roots`, then `config`.
pub(crate) fn homes(roots: &[PathBuf], config: &Config) -> dateline::Result<BTreeMap<String, String>> {
    let mut homes = config.homes();
    for root in roots {
        homes.extend(Config::in_folder(root)?.homes());
    }
    Ok(homes)
}

fn rules_of_folder(own: &FolderConfig) -> anyhow::Result<DateRules> {
    rules(own.published.as_deref(), own.date_from.as_deref())
}

/// What a settings file says of a publisher.
fn publisher(own: &PublisherConfig) -> Result<Publisher, String> {
    let mut publisher = Publisher::default();
    if let Some(zone) = &own.time_zone {
        publisher.set_time_zone(zone).map_err(|error| format!("time_zone: {error}"))?;
    }
    if let Some(order) = &own.date_order {
        publisher.set_day_order(order).map_err(|error| format!("date_order: {error}"))?;
    }
    for (pattern, section) in &own.section {
        publisher.add_section(pattern, section).map_err(|error| format!("section.{pattern:?}: {error}"))?;
    }
    Ok(publisher)
}

/// The rules for dates that a settings file states.
fn rules(published: Option<&str>, date_from: Option<&str>) -> anyhow::Result<DateRules> {
    let wrong = |name: &str, value: &str, error: String| anyhow::anyhow!("{name} = {value:?}: {error}");
    let published = published.map(|date| parse_published(date).map_err(|e| wrong("published", date, e)));
    let date_from = date_from.map(|rule| parse_rule(rule).map_err(|e| wrong("date_from", rule, e)));
    Ok(DateRules { published: published.transpose()?, date_from: date_from.transpose()? })
}

/// Reads the value of `--date-from`.
fn parse_rule(name: &str) -> Result<DateSource, String> {
    published::rule(name).ok_or_else(|| {
        let names: Vec<&str> = published::RULES.iter().map(|(name, _)| *name).collect();
        format!("not a source of dates; there are {}", names.join(", "))
    })
}

/// Reads the value of `--published`.
fn parse_published(text: &str) -> Result<Published, String> {
    read_date(text, DateSource::Given)
        .ok_or_else(|| "not a date; write 2021-06-28, 2021-06 or 2021".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        for (text, expected) in [
            ("0", Some(0)),
            ("1024", Some(1024)),
            ("500K", Some(500 << 10)),
            ("20 MB", Some(20 << 20)),
            ("1.5GiB", Some(3 << 29)),
            ("2g", Some(2 << 30)),
            ("", None),
            ("M", None),
            ("-5M", None),
            ("5X", None),
            ("1.2.3", None),
        ] {
            assert_eq!(parse_bytes(text).ok(), expected, "{text}");
        }
    }
}
