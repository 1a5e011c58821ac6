//! `dateline places`: builds a gazetteer and looks names up in it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use dateline::Error;
use dateline::reference::gazetteer::compile::{self, Tables};
use dateline::reference::gazetteer::{Gazetteer, PlaceId};

use crate::output::{Exit, Printer};

/// The options of `dateline places`.
#[derive(Debug, Args)]
pub(crate) struct PlacesArgs {
    #[command(subcommand)]
    command: PlacesCommand,
}

#[derive(Debug, Subcommand)]
enum PlacesCommand {
    /// Compile a gazetteer from GeoNames tables
    Build(BuildArgs),
    /// Show what a name can stand for, with coordinates, population and path
    Find(FindArgs),
}

#[derive(Debug, Args)]
struct BuildArgs {
    /// Folder of GeoNames tables: allCountries.txt or cities500.txt, admin1CodesASCII.txt, admin2Codes.txt and, where
    /// it is there, alternateNamesV2.txt (each also gzipped)
    #[arg(long, visible_alias = "geonames", value_name = "DIR")]
    tables: PathBuf,
    /// Places of your own: CSV with name,lat,lon and, if you like, id,country,division,population,aliases
    #[arg(long, value_name = "FILE")]
    add: Vec<PathBuf>,
    /// Leave out places with fewer people, unless they are seats
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_population: u32,
    /// Where to write; compressed if it ends in .zst
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Debug, Args)]
struct FindArgs {
    /// A name, `Paris, Texas`, a path or `geo/98182`
    name: String,
    /// Show at most this many
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Another gazetteer than the built-in one
    #[arg(long, value_name = "FILE")]
    gazetteer: Option<PathBuf>,
}

/// Runs `dateline places`.
pub(crate) fn run(args: &PlacesArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    match &args.command {
        PlacesCommand::Build(args) => build(args, printer),
        PlacesCommand::Find(args) => find(args, printer),
    }
}

fn build(args: &BuildArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    let tables =
        Tables { folder: args.tables.clone(), add: args.add.clone(), min_population: args.min_population };
    let (file, summary) = compile::compile(&tables)?;
    let is_compressed = args.output.extension().is_some_and(|extension| extension == "zst");
    let bytes = if is_compressed { zstd::encode_all(file.as_slice(), 22)? } else { file };
    std::fs::write(&args.output, &bytes).map_err(Error::io(&args.output))?;
    for (kind, count) in &summary.places {
        printer.note(format!("{count:>9} {kind}"));
    }
    for (reason, count) in &summary.skipped {
        printer.note(format!("{count:>9} left out: {reason}"));
    }
    let megabytes = |count: usize| count as f64 / 1e6;
    printer.note(format!(
        "{:>9} names, {:.1} MB, {:.1} MB as written to {}",
        summary.names,
        megabytes(summary.bytes),
        megabytes(bytes.len()),
        args.output.display()
    ));
    Ok(Exit::Found)
}

fn find(args: &FindArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    let opened = args.gazetteer.as_deref().map(Gazetteer::open).transpose()?;
    let gazetteer = match &opened {
        Some(gazetteer) => gazetteer,
        None => Gazetteer::embedded()?,
    };
    let places = gazetteer.bind(&args.name);
    for &place in places.iter().take(args.limit) {
        printer.line(described(gazetteer, place))?;
    }
    if places.len() > args.limit {
        printer.note(format!("{} more: --limit {}", places.len() - args.limit, places.len()));
    }
    if places.is_empty() {
        let near: Vec<String> =
            gazetteer.with_prefix(&args.name, 5).into_iter().map(|(name, _)| name).collect();
        let hint = if near.is_empty() { String::new() } else { format!("\nhint: {}", near.join(", ")) };
        printer.note(format!("no place is called `{}`{hint}", args.name));
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Found)
}

/// One line: what hands the place back to a query, where it is, how many live there.
fn described(gazetteer: &Gazetteer, place: PlaceId) -> String {
    let (lat, lon) = gazetteer.point(place);
    let id = gazetteer.geonames_id(place).map(|id| format!("geo/{id}")).unwrap_or_default();
    let kind = gazetteer.kind(place).name();
    let population = gazetteer.population(place);
    format!(
        "{id:<14} {kind:<12} {lat:>9.4} {lon:>10.4} {population:>11}  {}",
        gazetteer.path(place).join("/")
    )
}
