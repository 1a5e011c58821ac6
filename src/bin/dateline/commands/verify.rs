//! `dateline verify LIST`: does a list still hold? Compares it with its manifest, and the manifest with the index.

use std::path::PathBuf;

use clap::Args;
use dateline::config::{self, Config};
use dateline::engine::local::LocalIndex;

use crate::args::Global;
use crate::commands::query::manifest::{self, Again, Manifest};
use crate::output::{Exit, Printer};

/// So many articles of a kind are named.
const NAMED: usize = 20;

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
    let Again { total, articles, changes } = manifest.asked_again(&index)?;
    let now = format!("{total} {} match where {} did", manifest.unit.name(), manifest.total);
    say(total == manifest.total, "as many match as did", now)?;
    say(
        articles == manifest.articles,
        "the same articles would be listed, in the same order",
        "other articles would be listed, or in another order".to_owned(),
    )?;
    say(
        changes.changed.is_empty(),
        "their titles and texts are as they were",
        "titles or texts of the articles".to_owned(),
    )?;
    tell("added", &changes.added, printer)?;
    tell("removed", &changes.removed, printer)?;
    tell("changed", &changes.changed, printer)?;
    if changes.beyond > 0 {
        printer.note(format!("{} more articles of the list were not compared one by one", changes.beyond));
    }
    if manifest.index.fingerprint != manifest::fingerprint(&index)? {
        printer.note("the index has changed since");
    }
    Ok(if holds { Exit::Found } else { Exit::Nothing })
}

/// Names what was added, removed or changed, as far as it fits.
fn tell(what: &str, ids: &[String], printer: &mut Printer) -> std::io::Result<()> {
    for id in ids.iter().take(NAMED) {
        printer.line(format!("         {what:<8} {id}"))?;
    }
    if ids.len() > NAMED {
        printer.line(format!("         {what:<8} and {} more", ids.len() - NAMED))?;
    }
    Ok(())
}
