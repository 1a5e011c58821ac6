//! `dateline eval train`: fits the name tagger from the data folder to the files in `data/models/`.

use std::path::{Path, PathBuf};

use clap::Args;
use dateline::Error;
use dateline::eval::train::corpus;
use dateline::eval::train::names::{self, Sources};

use crate::commands::actors;
use crate::output::{Exit, Printer};

/// Options of `eval train`.
#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// Folder with the labelled sets, the corpora, the gazetteer's tables and the lists of names
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder of readable lists of actors
    #[arg(long, value_name = "DIR", default_value = "data/actors/own")]
    own: PathBuf,
    /// Table of countries of the gazetteer
    #[arg(long, value_name = "FILE", default_value = "data/gazetteer/countries.tsv")]
    countries: PathBuf,
    /// Words that tell what a name is
    #[arg(long, value_name = "FILE", default_value = "data/models/words.txt")]
    words: PathBuf,
    /// Sentences from which training articles are invented
    #[arg(long, value_name = "FILE", default_value = "data/models/templates.txt")]
    templates: PathBuf,
    /// Folder to write names.lexicon.zst and names.model.zst to
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

/// Trains, and writes the two files.
pub(crate) fn run(args: &TrainArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    let entries = actors::entries(&args.data, &args.own, &args.countries, None)?;
    let (words, templates) = (corpus::read(&args.words)?, corpus::read(&args.templates)?);
    let sources = Sources { words: &words, templates: &templates, actors: &entries, reports: names::REPORTS };
    let files = names::train(&args.data, sources, |message| printer.note(message))?;
    write(&args.output, "names.lexicon.zst", &files.lexicon, printer)?;
    write(&args.output, "names.model.zst", &files.model, printer)?;
    Ok(Exit::Found)
}

fn write(folder: &Path, name: &str, file: &[u8], printer: &mut Printer) -> anyhow::Result<()> {
    let path = folder.join(name);
    let packed = zstd::encode_all(file, 19)?;
    std::fs::write(&path, &packed).map_err(Error::io(&path))?;
    printer.note(format!("{}: {:.1} MB", path.display(), packed.len() as f64 / 1e6));
    Ok(())
}
