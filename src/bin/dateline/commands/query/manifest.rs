//! `--manifest`: what a list is and what it was made from, beside the list; read again by `dateline verify`.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use dateline::Error;
use dateline::article::Annotated;
use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::export::list::{Format, Listing};
use dateline::ledger::{Ledger, State};
use dateline::query::parse::parse;
use dateline::query::request::{Request, Sort};
use dateline::query::response::Unit;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::commands::query::Asked;
use crate::commands::query::list::write_file;

/// The form of the file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    dateline: String,
    made: String,
    file: String,
    /// Hash of the list.
    pub(crate) blake3: String,
    format: String,
    fields: Vec<String>,
    query: String,
    /// The query as it was understood; it is asked again as it stands here.
    tree: String,
    pub(crate) total: usize,
    pub(crate) unit: Unit,
    listed: usize,
    sort: String,
    offset: usize,
    collapse: bool,
    /// Hash of the identifiers listed, in order.
    pub(crate) articles: String,
    /// The first of them, each with a hash of its title and text, to tell which changed.
    #[serde(default)]
    content: Vec<(String, String)>,
    pub(crate) index: IndexState,
    failed: Vec<Failed>,
}

/// The index that was asked.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct IndexState {
    folder: String,
    articles: usize,
    /// Hash of its last commit.
    pub(crate) fingerprint: String,
}

/// A record that was not in the index, so that the list could not have it.
#[derive(Debug, Serialize, Deserialize)]
struct Failed {
    file: String,
    record: u64,
    reason: String,
}

/// So many articles are told one by one in a manifest.
const MAX_TOLD: usize = 10_000;

/// What was listed, summed up as it is listed.
#[derive(Default)]
pub(crate) struct Articles {
    hasher: blake3::Hasher,
    listed: usize,
    content: Vec<(String, String)>,
}

impl Articles {
    /// One more.
    pub(crate) fn add(&mut self, annotated: &Annotated) {
        let article = &annotated.article;
        self.hasher.update(article.id.as_bytes());
        self.hasher.update(b"\n");
        self.listed += 1;
        if self.content.len() < MAX_TOLD {
            let hash = xxh3_64(format!("{}\n{}", article.title(), article.text).as_bytes());
            self.content.push((article.id.clone(), format!("{hash:016x}")));
        }
    }

    fn hash(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }
}

impl Manifest {
    /// Where the manifest of a list is.
    fn path(list: &Path) -> PathBuf {
        let mut name = list.as_os_str().to_owned();
        name.push(".manifest.json");
        PathBuf::from(name)
    }

    /// Reads the manifest of a list.
    pub(crate) fn read(list: &Path) -> dateline::Result<Manifest> {
        let path = Manifest::path(list);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let hint = "hint: --manifest writes one beside a list";
                return Err(Error::Usage(format!("{}: the list has no manifest\n{hint}", path.display())));
            }
            Err(error) => return Err(Error::io(&path)(error)),
        };
        serde_json::from_str(&text).map_err(|error| Error::Settings { path, message: error.to_string() })
    }

    /// What the query of the list finds now.
    pub(crate) fn asked_again(&self, index: &LocalIndex) -> dateline::Result<Again> {
        let today = jiff::ZonedDateTime::now().date();
        let request = Request {
            sort: Sort::parse(&self.sort).unwrap_or_default(),
            // Where everything was listed, everything is compared, however much it is by now.
            limit: (self.offset + self.listed < self.total).then_some(self.listed),
            offset: self.offset,
            snippets: false,
            collapse: self.collapse,
            unit: self.unit,
            ..Request::new(parse(&self.tree, today)?.query)
        };
        let total = index.search(&Request { limit: Some(0), ..request.clone() })?.total;
        let mut articles = Articles::default();
        index.stream(&request, &mut |_, annotated| {
            articles.add(annotated);
            ControlFlow::Continue(())
        })?;
        Ok(Again { total, articles: articles.hash(), changes: self.changes(&articles) })
    }

    /// What is listed now and was not, and the other way round, in the order of each list; and what is not as it was.
    fn changes(&self, now: &Articles) -> Changes {
        let by_id =
            |content: &[(String, String)]| -> HashMap<String, String> { content.iter().cloned().collect() };
        let (before, after) = (by_id(&self.content), by_id(&now.content));
        let only = |list: &[(String, String)], other: &HashMap<String, String>| {
            list.iter().map(|(id, _)| id.clone()).filter(|id| !other.contains_key(id)).collect()
        };
        let is_changed = |(id, hash): &&(String, String)| after.get(id).is_some_and(|now| now != hash);
        Changes {
            added: only(&now.content, &before),
            removed: only(&self.content, &after),
            changed: self.content.iter().filter(is_changed).map(|(id, _)| id.clone()).collect(),
            beyond: self.listed.saturating_sub(self.content.len()),
        }
    }
}

/// What the query of a list finds now.
pub(crate) struct Again {
    /// How many match.
    pub(crate) total: usize,
    /// Hash of the identifiers that would be listed, in order.
    pub(crate) articles: String,
    /// What became of the articles.
    pub(crate) changes: Changes,
}

/// Identifiers of articles that are not as they were listed.
pub(crate) struct Changes {
    /// Listed now.
    pub(crate) added: Vec<String>,
    /// No longer listed.
    pub(crate) removed: Vec<String>,
    /// Listed, with another title or text.
    pub(crate) changed: Vec<String>,
    /// How many were listed that the manifest does not tell one by one.
    pub(crate) beyond: usize,
}

/// Writes the manifest of a list that was written to `file`.
pub(super) fn write(
    asked: &Asked<'_>,
    (format, listing): (&Format, &Listing),
    articles: &Articles,
    file: &Path,
) -> anyhow::Result<()> {
    let mut failed = Vec::new();
    if Ledger::file_in(asked.folder).is_file() {
        Ledger::read(asked.folder)?.each_row(&mut |entry| {
            if entry.row.state == State::Failed {
                failed.push(Failed { file: entry.file, record: entry.record, reason: entry.row.reason });
            }
        })?;
    }
    let fields = listing.columns.iter().filter(|_| format.fields).map(|column| column.name.to_owned());
    let manifest = Manifest {
        dateline: env!("CARGO_PKG_VERSION").to_owned(),
        made: listing.made.clone(),
        file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        blake3: hash(file)?,
        format: format.name.to_owned(),
        fields: fields.collect(),
        query: listing.query.clone(),
        tree: listing.tree.clone(),
        total: listing.total,
        unit: listing.unit,
        listed: articles.listed,
        sort: asked.request.sort.name().to_owned(),
        offset: asked.request.offset,
        collapse: asked.request.collapse,
        articles: articles.hash(),
        content: articles.content.clone(),
        index: IndexState {
            folder: asked.folder.display().to_string(),
            articles: asked.index.len(),
            fingerprint: fingerprint(asked.index)?,
        },
        failed,
    };
    let text = serde_json::to_string_pretty(&manifest)?;
    write_file(&Manifest::path(file), &mut |out| writeln!(out, "{text}"))?;
    Ok(())
}

/// The hash of a file, however long it is.
pub(crate) fn hash(file: &Path) -> dateline::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let opened = std::fs::File::open(file).and_then(|mut file| std::io::copy(&mut file, &mut hasher));
    opened.map_err(Error::io(file))?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// What tells one commit of an index from another.
pub(crate) fn fingerprint(index: &LocalIndex) -> dateline::Result<String> {
    let state = format!("{} {}", index.len(), index.payload()?);
    Ok(blake3::hash(state.as_bytes()).to_hex().to_string())
}
