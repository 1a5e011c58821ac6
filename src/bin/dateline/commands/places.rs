//! `dateline places`: lists the places of the archive, builds a gazetteer, looks names up in it.

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use dateline::Error;
use dateline::config::{self, Config};
use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::export::column::Cell;
use dateline::export::list::{find_format, table_format};
use dateline::export::table::Table;
use dateline::field::{find_field, path_label};
use dateline::query::Query;
use dateline::query::request::Request;
use dateline::reference::corrections::{Corrections, FILE};
use dateline::reference::gazetteer::compile::{self, Tables};
use dateline::reference::gazetteer::{Gazetteer, PlaceId};

use crate::args::Global;
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
    /// Say which place a name is in this archive, and set its articles right
    Pin {
        /// The name, as it stands in articles
        name: String,
        /// The place: `geo/4250542`, a path, or a name with what it lies in
        place: String,
    },
    /// Say that a name is no place in this archive, and set its articles right
    Block {
        /// The name, as it stands in articles
        name: String,
    },
    /// List the places of the archive with the number of their articles
    List(ListArgs),
}

#[derive(Debug, Args)]
struct ListArgs {
    /// Only places whose name or path begins so
    #[arg(value_name = "PREFIX", default_value = "")]
    prefix: String,
    /// Only places that lie in this one: a name, a path or `geo/99237`
    #[arg(long, value_name = "PLACE")]
    under: Option<String>,
    /// Show at most this many, the most frequent first
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// How to write it: table, or what `query --facet` can be written as: csv, tsv, json, jsonl, xlsx, markdown, html
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    format: String,
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
pub(crate) fn run(args: &PlacesArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    match &args.command {
        PlacesCommand::Build(args) => build(args, printer),
        PlacesCommand::Find(args) => find(args, printer),
        PlacesCommand::Pin { name, place } => pin(name, place, global, printer),
        PlacesCommand::Block { name } => {
            correct(name, global, printer, |corrections| corrections.block_place(name))
        }
        PlacesCommand::List(args) => list(args, global, printer),
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

fn pin(name: &str, place: &str, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    let gazetteer = Gazetteer::embedded()?;
    let wrong = |message: String| anyhow::Error::from(Error::Usage(message));
    let bound = gazetteer.bind(place);
    let Some(&first) = bound.first() else { return Err(unknown(place)) };
    if !gazetteer.is_clear(&bound) {
        let some: Vec<String> = bound.iter().take(5).map(|&place| described(gazetteer, place)).collect();
        return Err(wrong(format!(
            "several places are called `{place}`\nhint: give an id or a path:\n{}",
            some.join("\n")
        )));
    }
    let id = gazetteer.geonames_id(first);
    let id = id.ok_or_else(|| wrong(format!("`{place}` has no GeoNames id to pin to")))?;
    correct(name, global, printer, |corrections| corrections.pin(name, id))
}

/// Changes the corrections beside the index and sets the articles right that have the name.
fn correct(
    name: &str,
    global: &Global,
    printer: &mut Printer,
    change: impl FnOnce(&mut Corrections),
) -> anyhow::Result<Exit> {
    let folder = index_folder(global)?;
    let touched = naming(&LocalIndex::open(&folder)?, name)?;
    let path = folder.join(FILE);
    let mut corrections = Corrections::open(&path)?;
    change(&mut corrections);
    corrections.save(&path)?;
    let changed = dateline::pipeline::correct_places(&folder, &touched)?;
    let articles = if changed == 1 { "article" } else { "articles" };
    printer.note(format!("written to {}; {changed} {articles} set right", path.display()));
    Ok(Exit::Found)
}

/// Identifiers of the articles that have the words of a name.
fn naming(index: &LocalIndex, name: &str) -> dateline::Result<Vec<String>> {
    let words = Query::Phrase { field: None, text: name.to_owned(), exact: false, slop: 0 };
    let mut request = Request::new(words);
    request.limit = None;
    let mut ids = Vec::new();
    index.stream(&request, &mut |hit, _| {
        ids.push(hit.id.clone());
        ControlFlow::Continue(())
    })?;
    Ok(ids)
}

fn index_folder(global: &Global) -> anyhow::Result<PathBuf> {
    let here = std::env::current_dir()?;
    Ok(config::index_folder(global.index.as_deref(), &Config::upwards_of(&here)?, &here))
}

fn unknown(name: &str) -> anyhow::Error {
    let message = format!("no place is called `{name}`\nhint: `dateline places find` shows which there are");
    Error::Usage(message).into()
}

fn list(args: &ListArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    let index = LocalIndex::open(&index_folder(global)?)?;
    let gazetteer = Gazetteer::embedded()?;
    let above = args.under.as_deref().map(|name| tops(gazetteer, name)).transpose()?;
    let Some(field) = find_field("place") else { return Ok(Exit::Nothing) };
    let lies_under = |path: &str| {
        let within = |top: &String| path.strip_prefix(top.as_str()).is_some_and(|rest| rest.starts_with('/'));
        above.as_ref().is_none_or(|tops| tops.iter().any(within))
    };
    let mut values = index.catalogue(field, &args.prefix, None)?;
    values.retain(|value| lies_under(&value.value));
    let left_out = values.len().saturating_sub(args.limit.unwrap_or(usize::MAX));
    values.truncate(args.limit.unwrap_or(usize::MAX));
    let columns = ["place", "name", "articles", "lat", "lon", "kind", "id"].map(str::to_owned).to_vec();
    let mut table = Table { columns, rows: Vec::with_capacity(values.len()) };
    for value in values {
        table.rows.push(row(gazetteer, value.value, value.label, value.count));
    }
    if args.format == "table" {
        show(&table, printer)?;
    } else {
        let write = table_format(find_format(&args.format)?)?;
        write(printer.out(), &table)?;
    }
    if left_out > 0 {
        printer.note(format!("{left_out} more: without --limit"));
    }
    Ok(if table.rows.is_empty() { Exit::Nothing } else { Exit::Found })
}

/// The paths under which everything in the named place lies: its own, or those of a region's countries.
fn tops(gazetteer: &Gazetteer, name: &str) -> anyhow::Result<Vec<String>> {
    let Some(&place) = gazetteer.bind(name).first() else {
        let message =
            format!("no place is called `{name}`\nhint: `dateline places find` shows which there are");
        return Err(Error::Usage(message).into());
    };
    let members = gazetteer.members(place);
    let tops = if members.is_empty() { vec![place] } else { members };
    Ok(tops.into_iter().map(|place| indexed(gazetteer, place)).collect())
}

/// The path of a place as the index holds it.
fn indexed(gazetteer: &Gazetteer, place: PlaceId) -> String {
    gazetteer.path(place).into_iter().map(path_label).collect::<Vec<_>>().join("/")
}

fn row(gazetteer: &Gazetteer, path: String, name: String, articles: usize) -> Vec<Cell> {
    let known = gazetteer.bind(&path).into_iter().find(|&place| indexed(gazetteer, place) == path);
    let number = |number: f64| Cell::Number((number * 1e4).round() / 1e4);
    let (mut lat, mut lon, mut kind, mut id) = (Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty);
    if let Some(place) = known {
        let point = gazetteer.point(place);
        (lat, lon) = (number(point.0), number(point.1));
        kind = Cell::Text(gazetteer.kind(place).name().to_owned());
        id = gazetteer.geonames_id(place).map_or(Cell::Empty, |id| Cell::Text(format!("geo/{id}")));
    }
    vec![Cell::Text(path), Cell::Text(name), Cell::count(articles), lat, lon, kind, id]
}

fn show(table: &Table, printer: &mut Printer) -> std::io::Result<()> {
    for row in &table.rows {
        let [path, _, articles, lat, lon, kind, id] = row.as_slice() else { continue };
        let cell = |cell: &Cell| cell.to_string();
        printer.line(format!(
            "{:>8}  {:>9} {:>10}  {:<12} {:<13} {}",
            cell(articles),
            cell(lat),
            cell(lon),
            cell(kind),
            cell(id),
            cell(path)
        ))?;
    }
    Ok(())
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
