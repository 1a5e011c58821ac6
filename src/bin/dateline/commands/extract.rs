//! `dateline extract`: articles in, annotations out, in input order.

use std::io::{self, BufRead};

use anyhow::Context as _;
use clap::Args;
use dateline::article::{Annotated, Article};
use dateline::calendar::{DateSource, Published};
use dateline::export::annotation;
use dateline::export::article::{ArticleLine, read_date};
use dateline::extract::Extractor;
use dateline::pipeline;
use rayon::prelude::*;

use crate::output::{Exit, Printer};

/// How many articles are annotated at a time: enough to keep all cores busy, few enough to stay small.
const BATCH: usize = 256;

/// Options of `extract`.
#[derive(Debug, Args)]
pub(crate) struct ExtractArgs {
    /// The publication date of articles that have none: 2021-06-28, 2021-06 or 2021
    #[arg(long, value_name = "DATE", value_parser = parse_published)]
    published: Option<Published>,
}

/// Reads the value of `--published`.
pub(crate) fn parse_published(text: &str) -> Result<Published, String> {
    read_date(text, DateSource::Given)
        .ok_or_else(|| "not a date; write 2021-06-28, 2021-06 or 2021".to_owned())
}

/// Annotates the articles of standard input.
pub(crate) fn run(args: &ExtractArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    let extractor = Extractor::embedded()?;
    let mut exit = Exit::Found;
    let mut batch = Vec::with_capacity(BATCH);
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let line = line.context("standard input")?;
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<ArticleLine>(&line) {
            Ok(read) => batch.push(with_published(read.into_article(), args.published.as_ref())),
            Err(error) => {
                printer.warning(format!("standard input, line {}: {error}", number + 1));
                exit = Exit::SomeFailed;
            }
        }
        if batch.len() == BATCH {
            write_batch(&extractor, std::mem::take(&mut batch), printer)?;
        }
    }
    write_batch(&extractor, batch, printer)?;
    Ok(exit)
}

fn with_published(mut article: Article, given: Option<&Published>) -> Article {
    if article.published.is_none() {
        article.published = given.cloned();
    }
    article
}

fn write_batch(extractor: &Extractor, batch: Vec<Article>, printer: &mut Printer) -> anyhow::Result<()> {
    let annotated: Vec<Annotated> =
        batch.into_par_iter().map(|article| pipeline::annotate(extractor, article)).collect();
    for article in &annotated {
        serde_json::to_writer(&mut *printer.out(), &annotation::line(article))?;
        printer.out().write_all(b"\n")?;
    }
    Ok(())
}
