//! `dateline verify LIST`: does a list still hold? Compares it with its manifest, and the manifest with the index.

use std::path::PathBuf;

use clap::Args;
use dateline::config::{self, Config};
use dateline::engine::local::LocalIndex;

use crate::args::Global;
use crate::commands::query::manifest::{self, Manifest};
use crate::output::{Exit, Printer};

/// Options of `verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A list that was written with --manifest
    #[arg(value_name = "LIST")]
    list: PathBuf,
}

/// Says what still holds; exit code 1 if something does not.
pub(crate) fn run(args: &VerifyArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    let manifest = Manifest::read(&args.list)?;
    let here = std::env::current_dir()?;
    let folder = config::index_folder(global.index.as_deref(), &Config::upwards_of(&here)?, &here);
    let index = LocalIndex::open(&folder)?;
    let mut holds = true;
    let mut say = |is_so: bool, yes: &str, no: String| {
        holds &= is_so;
        printer.line(if is_so { format!("ok       {yes}") } else { format!("changed  {no}") })
    };
    let hash = manifest::hash(&args.list)?;
    say(hash == manifest.blake3, "the list is as it was written", "the list was edited".to_owned())?;
    let (total, articles) = manifest.asked_again(&index)?;
    let now = format!("{total} {} match where {} did", manifest.unit.name(), manifest.total);
    say(total == manifest.total, "as many match as did", now)?;
    say(
        articles == manifest.articles,
        "the same articles would be listed, in the same order",
        "other articles would be listed".to_owned(),
    )?;
    if manifest.index.fingerprint != manifest::fingerprint(&index)? {
        printer.note("the index has changed since");
    }
    Ok(if holds { Exit::Found } else { Exit::Nothing })
}
