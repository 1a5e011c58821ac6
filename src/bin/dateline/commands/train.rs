//! `dateline eval train`: fits the name tagger from the data folder to the files in `data/models/`.

use std::path::{Path, PathBuf};

use clap::Args;
use dateline::Error;
use dateline::eval::train::corpus;
use dateline::eval::train::hand;
use dateline::eval::train::names::{self, Sources};
use dateline::extract::name::Tagger;

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
    /// Sentences of the corpora labelled by hand
    #[arg(long, value_name = "FILE", default_value = "data/models/labels.tsv")]
    labels: PathBuf,
    /// Instead of training, print sentences of this corpus that the built-in tagger is unsure of, as rows of labels
    #[arg(long, value_name = "CORPUS")]
    unsure: Option<String>,
    /// With --unsure: of every Nth article
    #[arg(long, value_name = "N", default_value_t = 100)]
    every: usize,
    /// Folder to write names.lexicon.zst and names.model.zst to
    #[arg(short, long, value_name = "DIR", required_unless_present = "unsure")]
    output: Option<PathBuf>,
}

/// Trains, and writes the two files.
pub(crate) fn run(args: &TrainArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    if let Some(corpus) = &args.unsure {
        let mut rows = Vec::new();
        hand::unsure(&args.data, corpus, args.every, |row| rows.push(row))?;
        rows.into_iter().try_for_each(|row| printer.line(row))?;
        return Ok(Exit::Found);
    }
    // Minutes of work must not end at a folder that is not there.
    if let Some(folder) = &args.output {
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
    }
    let labels = corpus::read(&args.labels)?;
    let entries = actors::entries(&args.data, &args.own, &args.countries, None)?;
    let (words, templates) = (corpus::read(&args.words)?, corpus::read(&args.templates)?);
    let sources = Sources {
        words: &words,
        templates: &templates,
        labels: &labels,
        actors: &entries,
        reports: names::REPORTS,
    };
    let files = names::train(&args.data, sources, |message| printer.note(message))?;
    if let Some(folder) = &args.output {
        write(folder, "names.lexicon.zst", &files.lexicon, printer)?;
        write(folder, "names.model.zst", &files.model, printer)?;
    }
    Ok(Exit::Found)
}

fn write(folder: &Path, name: &str, file: &[u8], printer: &mut Printer) -> anyhow::Result<()> {
    let path = folder.join(name);
    let packed = zstd::encode_all(file, 19)?;
    std::fs::write(&path, &packed).map_err(Error::io(&path))?;
    printer.note(format!("{}: {:.1} MB", path.display(), packed.len() as f64 / 1e6));
    Ok(())
}

/// The tagger that training wrote to `folder`; it lives as long as the program.
pub(crate) fn tagger(folder: &Path) -> anyhow::Result<Tagger<'static>> {
    let read = |name: &str| -> anyhow::Result<&'static [u8]> {
        let path = folder.join(name);
        let packed = std::fs::read(&path).map_err(Error::io(&path))?;
        Ok(zstd::decode_all(packed.as_slice())?.leak())
    };
    Ok(Tagger::new(read("names.lexicon.zst")?, read("names.model.zst")?)?)
}
