//! Saved queries: a query under a name, and which articles it found the last time.
//!
//! Kept in the index folder under `saved/`: `NAME.json` is the query, `NAME.seen` one number of 8 bytes per article.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use dateline::Error;
use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::query::request::{Options, Request};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::commands::query::Asked;
use crate::commands::query::{list, table};
use crate::output::{Exit, Printer};

/// What is kept of a query.
#[derive(Debug, Serialize, Deserialize)]
struct Saved {
    text: String,
    #[serde(default)]
    selections: Vec<(String, String)>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
}

fn file(folder: &Path, name: &str, extension: &str) -> dateline::Result<PathBuf> {
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(plain) {
        let message = format!("`{name}` cannot name a saved query\nhint: use letters, digits, - and _");
        return Err(Error::Usage(message));
    }
    Ok(folder.join("saved").join(format!("{name}.{extension}")))
}

/// Keeps a query, and what it finds now as seen.
pub(super) fn save(
    folder: &Path,
    name: &str,
    options: &Options,
    index: &LocalIndex,
    request: &Request,
) -> anyhow::Result<()> {
    let path = file(folder, name, "json")?;
    let saved_folder = folder.join("saved");
    std::fs::create_dir_all(&saved_folder).map_err(Error::io(&saved_folder))?;
    let saved = Saved {
        text: options.text.clone(),
        selections: options.selections.clone(),
        from: options.from.clone(),
        to: options.to.clone(),
    };
    let text = serde_json::to_string_pretty(&saved)?;
    list::write_file(&path, &mut |out| writeln!(out, "{text}"))?;
    write_seen(&file(folder, name, "seen")?, &found(index, request)?)?;
    Ok(())
}

/// A query that was kept.
pub(super) fn load(folder: &Path, name: &str) -> dateline::Result<Options> {
    let path = file(folder, name, "json")?;
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(unknown(folder, name)),
        Err(error) => return Err(Error::io(&path)(error)),
    };
    let saved: Saved = serde_json::from_str(&text)
        .map_err(|error| Error::Settings { path: path.clone(), message: error.to_string() })?;
    Ok(Options {
        text: saved.text,
        selections: saved.selections,
        from: saved.from,
        to: saved.to,
        ..Options::default()
    })
}

fn unknown(folder: &Path, name: &str) -> Error {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.join("saved")).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    let hint = match names.as_slice() {
        [] => "save one with --save NAME".to_owned(),
        names => format!("there are {}", names.join(", ")),
    };
    Error::Usage(format!("no query is saved as `{name}`\nhint: {hint}"))
}

/// Lists what the saved query did not find the last time, and remembers what it finds now.
pub(super) fn since_last(
    asked: &Asked<'_>,
    name: Option<&str>,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    let Some(name) = name else {
        let message = "--since last needs a saved query\nhint: dateline query @NAME --since last";
        return Err(Error::Usage(message.to_owned()).into());
    };
    let path = file(asked.folder, name, "seen")?;
    let seen = read_seen(&path)?;
    let now = found(asked.index, &asked.request)?;
    let mut is_new = |hit: &dateline::query::response::Hit| !seen.contains(&xxh3_64(hit.id.as_bytes()));
    // Every article is looked at, since any of them may be new.
    let whole = Asked {
        request: Request { limit: None, offset: 0, collapse: false, ..asked.request.clone() },
        ..asked.clone()
    };
    let exit = match asked.format {
        Some(format) => list::run(&whole, format, Some(&mut is_new), printer)?,
        None => table::run(&whole, Some(&mut is_new), printer)?,
    };
    printer.flush()?;
    write_seen(&path, &now)?;
    Ok(exit)
}

/// The articles that a request finds, as numbers.
fn found(index: &LocalIndex, request: &Request) -> dateline::Result<BTreeSet<u64>> {
    let request = Request {
        limit: None,
        offset: 0,
        snippets: false,
        facets: Vec::new(),
        collapse: false,
        ..request.clone()
    };
    let mut found = BTreeSet::new();
    index.stream(&request, &mut |hit, _| {
        found.insert(xxh3_64(hit.id.as_bytes()));
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

fn read_seen(path: &Path) -> dateline::Result<BTreeSet<u64>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(Error::io(path)(error)),
    };
    let numbers = bytes.chunks_exact(8).filter_map(|chunk| chunk.try_into().ok()).map(u64::from_le_bytes);
    Ok(numbers.collect())
}

fn write_seen(path: &Path, seen: &BTreeSet<u64>) -> dateline::Result<()> {
    list::write_file(path, &mut |out| {
        for number in seen {
            out.write_all(&number.to_le_bytes())?;
        }
        Ok(())
    })
}
