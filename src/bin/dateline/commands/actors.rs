//! `dateline actors`: builds the authority list, looks names up in it, and edits the corrections.

mod list;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use dateline::Error;
use dateline::article::{ActorKind, PlaceKind};
use dateline::config::{self, Config};
use dateline::engine::local::LocalIndex;
use dateline::eval::train::corpus;
use dateline::pipeline;
use dateline::reference::authority::compile::{Sources, compile};
use dateline::reference::authority::{self, Authority, Known};
use dateline::reference::corrections::{Corrections, FILE};
use dateline::reference::gazetteer::Gazetteer;

use crate::args::Global;
use crate::commands::actors::list::ListArgs;
use crate::output::{Exit, Printer};

/// The options of `dateline actors`.
#[derive(Debug, Args)]
pub(crate) struct ActorsArgs {
    #[command(subcommand)]
    command: ActorsCommand,
}

#[derive(Debug, Subcommand)]
enum ActorsCommand {
    /// Compile the authority list from its sources
    Build(BuildArgs),
    /// Show what the authority list knows of a name
    Find {
        /// Any name of an actor
        name: String,
    },
    /// List who is in the archive
    List(ListArgs),
    /// Print the merges that may be worth making
    Suggest {
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// Bring the index into step with a corrections file that was edited by hand
    Apply,
    /// Count one actor as another from now on
    Merge {
        /// The name that goes
        from: String,
        /// The name that stays
        into: String,
    },
    /// Show an actor under another name from now on
    Rename {
        /// Its name now
        from: String,
        /// Its name from now on
        to: String,
    },
    /// Give an actor another kind
    Retype {
        /// Its name
        name: String,
        /// person, government, military, armed-group, party, company, media, intergovernmental or organisation
        #[arg(value_parser = parse_kind)]
        kind: ActorKind,
    },
    /// Say that a name is no actor
    Block {
        /// The name
        name: String,
    },
}

#[derive(Debug, Args)]
struct BuildArgs {
    /// Folder with `actors/petrarch_actors.tsv.gz` and `actors/leaders/data/`
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder of readable lists of your own
    #[arg(long, value_name = "DIR", default_value = "data/actors/own")]
    own: PathBuf,
    /// Table of countries of the gazetteer
    #[arg(long, value_name = "FILE", default_value = "data/gazetteer/countries.tsv")]
    countries: PathBuf,
    /// Table of the bodies that every state has
    #[arg(long, value_name = "FILE", default_value = "data/actors/portfolios.txt")]
    portfolios: PathBuf,
    /// Where to write; compressed if it ends in .zst
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub(crate) fn parse_kind(name: &str) -> Result<ActorKind, String> {
    ActorKind::parse(name).ok_or_else(|| {
        let known: Vec<&str> = ActorKind::ALL.iter().map(|kind| kind.name()).collect();
        format!("no kind of actor; known are {}", known.join(", "))
    })
}

/// Runs `dateline actors`.
pub(crate) fn run(args: &ActorsArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    match &args.command {
        ActorsCommand::Build(args) => build(args, printer),
        ActorsCommand::Find { name } => find(name, printer),
        ActorsCommand::List(args) => list::run(args, &LocalIndex::open(&folder(global)?)?, printer),
        ActorsCommand::Suggest { limit } => {
            list::suggest(*limit, &LocalIndex::open(&folder(global)?)?, printer)
        }
        ActorsCommand::Apply => apply(&folder(global)?, printer),
        ActorsCommand::Merge { from, into } => {
            correct(global, printer, |corrections| corrections.merge(from, into))
        }
        ActorsCommand::Rename { from, to } => {
            correct(global, printer, |corrections| corrections.rename(from, to))
        }
        ActorsCommand::Retype { name, kind } => correct(global, printer, |corrections| {
            corrections.retype(name, *kind);
            Ok(())
        }),
        ActorsCommand::Block { name } => correct(global, printer, |corrections| {
            corrections.block(name);
            Ok(())
        }),
    }
}

fn build(args: &BuildArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    let entries = entries(&args.data, &args.own, &args.countries, Some(&args.portfolios))?;
    let file = authority::write(&entries)?;
    let is_compressed = args.output.extension().is_some_and(|extension| extension == "zst");
    let bytes = if is_compressed { zstd::encode_all(file.as_slice(), 19)? } else { file };
    std::fs::write(&args.output, &bytes).map_err(Error::io(&args.output))?;
    let names: usize = entries.iter().map(|entry| 1 + entry.aliases.len()).sum();
    for kind in ActorKind::ALL {
        let count = entries.iter().filter(|entry| entry.kind == kind).count();
        printer.note(format!("{count:>9} {}", kind.name()));
    }
    printer.note(format!(
        "{names:>9} names, {:.1} MB written to {}",
        bytes.len() as f64 / 1e6,
        args.output.display()
    ));
    Ok(Exit::Found)
}

/// The actors of all sources: what `actors build` compiles and the name tagger is trained with.
pub(crate) fn entries(
    data: &Path,
    own: &Path,
    countries: &Path,
    portfolios: Option<&Path>,
) -> anyhow::Result<Vec<authority::Entry>> {
    let mut lists: Vec<PathBuf> = Vec::new();
    for file in std::fs::read_dir(own).map_err(Error::io(own))? {
        lists.push(file.map_err(Error::io(own))?.path());
    }
    lists.sort();
    let own = lists.iter().map(|path| corpus::read(path)).collect::<Result<Vec<String>, Error>>()?;
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let petrarch = corpus::read(&data.join("actors/petrarch_actors.tsv.gz"))?;
    let wikidata = corpus::read(&data.join("actors/leaders/data/wikidata.csv"))?;
    let wikipedia = corpus::read(&data.join("actors/leaders/data/wikipedia.csv"))?;
    let countries = corpus::read(countries)?;
    Ok(compile(Sources {
        own: &own,
        petrarch: &petrarch,
        leaders: &[&wikidata, &wikipedia],
        countries: &countries,
        portfolios: &portfolios.map(corpus::read).transpose()?.unwrap_or_default(),
        is_place: &is_known_place,
    }))
}

/// A country, a division or a city that everybody has heard of.
fn is_known_place(name: &str) -> bool {
    const MANY: u32 = 100_000;
    let Ok(gazetteer) = Gazetteer::embedded() else { return false };
    gazetteer.lookup(name).first().is_some_and(|candidate| {
        let kind = gazetteer.kind(candidate.place);
        matches!(kind, PlaceKind::Country | PlaceKind::Continent | PlaceKind::Division)
            || gazetteer.population(candidate.place) >= MANY
    })
}

fn find(name: &str, printer: &mut Printer) -> anyhow::Result<Exit> {
    let found = Authority::embedded()?.lookup(name);
    for known in &found {
        printer.line(described(known))?;
    }
    Ok(if found.is_empty() { Exit::Nothing } else { Exit::Found })
}

fn described(known: &Known) -> String {
    let year = |year: Option<u16>| year.map(|year| year.to_string()).unwrap_or_default();
    let years = match known.years {
        (None, None) => String::new(),
        (from, to) => format!("\t{}-{}", year(from), year(to)),
    };
    let aliases: Vec<&str> = known.aliases().collect();
    format!(
        "{}\t{}\t{}\t{}{years}",
        known.name,
        known.kind.name(),
        known.country.unwrap_or("-"),
        aliases.join(" | ")
    )
}

/// Changes the corrections beside the index.
fn correct(
    global: &Global,
    printer: &mut Printer,
    change: impl FnOnce(&mut Corrections) -> dateline::Result<()>,
) -> anyhow::Result<Exit> {
    let folder = folder(global)?;
    let path = folder.join(FILE);
    let mut corrections = Corrections::open(&path)?;
    change(&mut corrections)?;
    corrections.save(&path)?;
    printer.note(format!("written to {}", path.display()));
    apply(&folder, printer)
}

/// Rewrites the articles that the corrections touch.
fn apply(folder: &Path, printer: &mut Printer) -> anyhow::Result<Exit> {
    match pipeline::correct(folder) {
        // Corrections may be made before the first ingest.
        Ok(0) | Err(Error::NoIndex { .. }) => {}
        Ok(1) => printer.note("1 article rewritten"),
        Ok(count) => printer.note(format!("{count} articles rewritten")),
        Err(error) => return Err(error.into()),
    }
    Ok(Exit::Found)
}

fn folder(global: &Global) -> anyhow::Result<PathBuf> {
    let here = std::env::current_dir().context("the current folder")?;
    Ok(config::index_folder(global.index.as_deref(), &Config::upwards_of(&here)?, &here))
}
