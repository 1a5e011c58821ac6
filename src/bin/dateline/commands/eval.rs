//! `dateline eval`: how good the annotations are, measured against gold.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use dateline::eval::gold::{self, GoldMention};
use dateline::eval::score::{self, Pair, Prf, Scores};
use dateline::eval::slugs::{Shares, Tagged};
use dateline::eval::train::corpus;
use dateline::eval::{copies, countries, retrieval};
use dateline::export::annotation::{self, MentionRecord};
use dateline::extract::Extractor;
use dateline::pipeline;
use rayon::prelude::*;

use crate::commands::train;
use crate::output::{Exit, Printer};

/// Options of `eval`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct EvalArgs {
    #[command(subcommand)]
    what: Option<Measured>,
    /// Gold articles: JSON Lines in the annotation contract, with their texts
    #[arg(required = true, value_name = "GOLD")]
    gold: Vec<PathBuf>,
    /// Find names with the tagger in this folder, as `eval train` wrote it, instead of the built-in one
    #[arg(long, value_name = "DIR")]
    model: Option<PathBuf>,
    /// How to write the scores
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    format: EvalFormat,
}

/// What can be measured besides annotations.
#[derive(Debug, Subcommand)]
enum Measured {
    /// Measure how well questions find what judges found relevant
    Retrieval(RetrievalArgs),
    /// Measure how well the countries are found that articles are filed under
    Countries(CountriesArgs),
    /// Measure how many people and organisations that indexers tagged are found in their articles
    Slugs(SlugArgs),
    /// Measure how many reprints, made from articles as newspapers reprint them, are known as copies
    Copies(CopiesArgs),
    /// Train the name tagger from a data folder
    Train(train::TrainArgs),
}

/// Options of `eval slugs`.
#[derive(Debug, Args)]
struct SlugArgs {
    /// JSON Lines, gzipped or not, with body, date and the lists people and orgs
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How to write the shares
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    format: EvalFormat,
}

/// Options of `eval retrieval`.
#[derive(Debug, Args)]
struct RetrievalArgs {
    /// Folder with docs.jsonl, queries.tsv and qrels.tsv
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Write the ranked lists to this file, in the format of TREC
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// Order by the words of the ten best documents too, whatever the question
    #[arg(long, overrides_with = "no_expand")]
    expand: bool,
    /// Order by the words of the question alone
    #[arg(long)]
    no_expand: bool,
    /// How to write the scores
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    format: EvalFormat,
}

/// Options of `eval countries`.
#[derive(Debug, Args)]
struct CountriesArgs {
    /// JSON Lines: articles with `countries`, a list of names
    #[arg(value_name = "GOLD")]
    gold: PathBuf,
    /// How to write the scores
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    format: EvalFormat,
}

/// Options of `eval copies`.
#[derive(Debug, Args)]
struct CopiesArgs {
    /// Files and folders of articles
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Reprint every Nth article
    #[arg(long, value_name = "N", default_value_t = 10)]
    every: usize,
    /// How to write the scores
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    format: EvalFormat,
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EvalFormat {
    Table,
    Json,
}

/// Annotates the gold articles' texts and prints the scores.
pub(crate) fn run(args: &EvalArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    match &args.what {
        Some(Measured::Retrieval(args)) => return retrieval(args, printer),
        Some(Measured::Countries(args)) => return countries(args, printer),
        Some(Measured::Slugs(args)) => return slugs(args, printer),
        Some(Measured::Copies(args)) => return copies(args, printer),
        Some(Measured::Train(args)) => return train::run(args, printer),
        None => {}
    }
    let extractor = match &args.model {
        Some(folder) => Extractor::with_tagger(train::tagger(folder)?)?,
        None => Extractor::embedded()?,
    };
    let mut pairs = Vec::new();
    for path in &args.gold {
        let scored: Vec<Vec<Pair>> = gold::read(path)?
            .into_par_iter()
            .map(|gold| {
                let annotated = pipeline::annotate(&extractor, gold.article);
                let line = annotation::line(&annotated);
                let title =
                    gold.title_mentions.map(|gold| Pair { gold, predicted: plain(&line.title_mentions) });
                let text = Pair { gold: gold.mentions, predicted: plain(&line.mentions) };
                title.into_iter().chain([text]).collect()
            })
            .collect();
        pairs.extend(scored.into_iter().flatten());
    }
    let scores = score::scores(&pairs);
    match args.format {
        EvalFormat::Json => printer.line(serde_json::to_string(&scores)?)?,
        EvalFormat::Table => table(&scores, printer)?,
    }
    Ok(Exit::Found)
}

/// Indexes, asks, and prints the scores.
fn retrieval(args: &RetrievalArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    let expand = args.expand.then_some(true).or(args.no_expand.then_some(false));
    let (scores, run) = retrieval::evaluate(&args.dir, expand)?;
    if let Some(path) = &args.run {
        std::fs::write(path, retrieval::trec(&run)).with_context(|| path.display().to_string())?;
    }
    match args.format {
        EvalFormat::Json => printer.line(serde_json::to_string(&scores)?)?,
        EvalFormat::Table => printer.line(format!(
            "{} questions: MAP {:.2}, nDCG@10 {:.2}, R@100 {:.2}",
            scores.queries, scores.map, scores.ndcg_10, scores.recall_100
        ))?,
    }
    Ok(Exit::Found)
}

/// Annotates, compares, and prints the scores.
fn countries(args: &CountriesArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    let scores = countries::evaluate(&args.gold)?;
    match args.format {
        EvalFormat::Json => printer.line(serde_json::to_string(&scores)?)?,
        EvalFormat::Table => {
            let Prf { p, r, f1, gold, predicted } = scores.pairs;
            printer.line(format!(
                "{} articles: precision {p:.1}, recall {r:.1}, F1 {f1:.1} of {gold} countries ({predicted} found); all countries found in {:.1} %",
                scores.articles, scores.complete
            ))?;
            for name in &scores.unknown {
                printer.note(format!("no country is called `{name}`"));
            }
        }
    }
    Ok(Exit::Found)
}

/// Annotates tagged articles and prints which share of their slugs is found.
fn slugs(args: &SlugArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    let lines = corpus::read(&args.file)?;
    let extractor = Extractor::embedded()?;
    let shares = lines
        .par_lines()
        .map(|line| {
            let tagged: Tagged = serde_json::from_str(line).context("not a tagged article")?;
            if !tagged.is_tagged() {
                return Ok(Shares::default());
            }
            anyhow::Ok(tagged.shares(&pipeline::annotate(&extractor, tagged.article()))?)
        })
        .try_reduce(Shares::default, |one, other| Ok(one.with(other)))?;
    match args.format {
        EvalFormat::Json => printer.line(serde_json::to_string(&shares)?)?,
        EvalFormat::Table => {
            for (label, share) in [("people", shares.people), ("organisations", shares.organisations)] {
                let percent = share.percent();
                printer
                    .line(format!("{label:<14} {:>6} of {:>6}  {percent:>5.1} %", share.found, share.gold))?;
            }
        }
    }
    Ok(Exit::Found)
}

/// Makes reprints, finds them, and prints how many were found.
fn copies(args: &CopiesArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    let recalls = copies::evaluate(&args.paths, args.every);
    match args.format {
        EvalFormat::Json => printer.line(serde_json::to_string(&recalls)?)?,
        EvalFormat::Table => {
            for recall in &recalls {
                let copies::Recall { reprints, made, found, recall } = recall;
                printer.line(format!("{reprints:<28} {found:>6} of {made:>6} found: {recall:>5.1} %"))?;
            }
        }
    }
    Ok(Exit::Found)
}

/// Predictions in the shape of gold, through the contract itself: what is scored is what is written.
fn plain(records: &[MentionRecord<'_>]) -> Vec<GoldMention> {
    let read = |record| serde_json::to_value(record).and_then(serde_json::from_value).unwrap_or_default();
    records.iter().map(read).collect()
}

fn table(scores: &Scores, printer: &mut Printer) -> std::io::Result<()> {
    let names = &scores.names;
    let places = &scores.places;
    let dates = &scores.dates;
    let rows = [
        ("persons", names.person.exact),
        ("organisations", names.organisation.exact),
        ("locations", names.location.exact),
        ("names", names.any.exact),
        ("actors", scores.actors),
        ("toponyms found", places.recognition),
        ("dates, strict", dates.strict),
        ("dates, relaxed", dates.relaxed),
        ("dates, value", dates.value),
    ];
    printer.line(format!(
        "{:<16} {:>9} {:>6} {:>6} {:>6} {:>9}",
        "", "precision", "recall", "F1", "gold", "predicted"
    ))?;
    for (label, Prf { p, r, f1, gold, predicted }) in rows {
        printer.line(format!("{label:<16} {p:>9.1} {r:>6.1} {f1:>6.1} {gold:>6} {predicted:>9}"))?;
    }
    printer.line(format!(
        "toponyms within 161 km: {:.1} % of those found, {:.1} % of all {}",
        places.acc161_of_found, places.acc161_of_all, places.located_gold
    ))
}
