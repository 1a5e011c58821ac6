//! `dateline extract`: articles in, annotations out, in input order.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use dateline::article::{Annotated, Article};
use dateline::calendar::Published;
use dateline::config::Config;
use dateline::export::annotation;
use dateline::export::article::ArticleLine;
use dateline::extract::Extractor;
use dateline::extract::place::home::{self, Beats, Homes};
use dateline::input::published::{self, Evidence};
use dateline::pipeline;
use rayon::prelude::*;
use serde_json::Value;

use crate::commands::read::read_each;
use crate::commands::reading::{ReadingArgs, homes};
use crate::output::{Exit, Printer};

/// How many articles are annotated at a time: enough to keep all cores busy, few enough to stay small.
const BATCH: usize = 256;

/// Bytes of the first line of a file that are looked at to tell whether it holds annotated articles.
const LONGEST_LINE: u64 = 16 << 20;

/// Options of `extract`.
#[derive(Debug, Args)]
pub(crate) struct ExtractArgs {
    /// Folders and files to read, - for standard input in any format; without any, articles as JSON Lines there
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
}

/// Annotates the articles of the paths, or of standard input.
pub(crate) fn run(args: &ExtractArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    let extractor = Extractor::embedded()?;
    let config = Config::upwards_of(&std::env::current_dir().context("the working folder")?)?;
    let given = Homes::given(&homes(&args.paths, &config)?, extractor.gazetteer())?;
    extractor.settle(given.clone());
    let waiting = Vec::with_capacity(BATCH);
    let mut crew = Batches { extractor, homes: given, beats: Beats::default(), waiting };
    let published = args.reading.published.as_ref();
    let exit = if args.paths.is_empty() {
        read_lines(io::stdin().lock(), "standard input", published, &mut crew, printer)?
    } else if args.reading.is_plain() && args.paths.iter().all(|path| is_contract(path)) {
        let mut exit = Exit::Found;
        for path in &args.paths {
            let file = BufReader::new(File::open(path).with_context(|| path.display().to_string())?);
            let ended = read_lines(file, &path.display().to_string(), published, &mut crew, printer)?;
            exit = if ended == Exit::Found { exit } else { ended };
        }
        exit
    } else {
        read_each(&args.paths, &args.reading, printer, &mut |article, printer| crew.add(article, printer))?
    };
    crew.flush(printer)?;
    Ok(exit)
}

/// Whether the file at `path` holds annotated articles, one a line. Their positions are those of the text as it stands there,
/// so it is read as standard input is, and not as files of any shape are, whose texts are tidied.
fn is_contract(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let mut line = Vec::new();
    if BufReader::new(file).take(LONGEST_LINE).read_until(b'\n', &mut line).is_err() {
        return false;
    }
    let Ok(Value::Object(fields)) = serde_json::from_slice(&line) else { return false };
    let is_annotated = fields.get("mentions").and_then(Value::as_array).is_some_and(|mentions| {
        mentions.iter().all(|mention| mention.get("start").is_some() && mention.get("end").is_some())
    });
    is_annotated && fields.get("text").is_some_and(Value::is_string)
}

fn read_lines(
    source: impl BufRead,
    name: &str,
    given: Option<&Published>,
    crew: &mut Batches,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    let mut exit = Exit::Found;
    for (number, line) in source.split(b'\n').enumerate() {
        let line = String::from_utf8_lossy(&line.with_context(|| name.to_owned())?).into_owned();
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<ArticleLine>(&line) {
            Ok(read) => {
                let mut article = read.into_article();
                article.published =
                    article.published.take().or_else(|| given.cloned()).or_else(|| told_in(&article));
                crew.add(article, printer)?;
            }
            Err(error) => {
                printer.warning(format!("{name}, line {}: {error}", number + 1));
                exit = Exit::SomeFailed;
            }
        }
    }
    Ok(exit)
}

/// When an article says in its text or address that it was published.
fn told_in(article: &Article) -> Option<Published> {
    let (dateline, url) = (article.dateline.as_deref(), article.url.as_deref());
    let evidence =
        Evidence { text: &article.text, dateline, url, language: article.language, ..Evidence::default() };
    published::decide(&evidence).published
}

/// Articles that wait to be annotated side by side and written in order.
struct Batches {
    extractor: Extractor,
    /// Homes of publishers, as the settings give them or as they were learned.
    homes: Homes,
    /// What the publishers wrote about up to now.
    beats: Beats,
    waiting: Vec<Article>,
}

impl Batches {
    fn add(&mut self, article: Article, printer: &mut Printer) -> anyhow::Result<()> {
        self.waiting.push(article);
        if self.waiting.len() >= BATCH { self.flush(printer) } else { Ok(()) }
    }

    fn flush(&mut self, printer: &mut Printer) -> anyhow::Result<()> {
        let extractor = &self.extractor;
        let batch = std::mem::take(&mut self.waiting);
        let mut annotated: Vec<Annotated> =
            batch.into_par_iter().map(|article| pipeline::annotate(extractor, article)).collect();
        for article in &annotated {
            self.beats.add(&article.article, &article.annotations);
        }
        let before = self.homes.clone();
        self.homes.learn(&self.beats, extractor.gazetteer());
        extractor.settle(self.homes.clone());
        // What was annotated before the home of its publisher was known is annotated again.
        annotated.par_iter_mut().for_each(|article| {
            let is_new = |publisher| self.homes.knows(publisher) && !before.knows(publisher);
            if home::publisher(&article.article).is_some_and(is_new) {
                *article = pipeline::annotate(extractor, std::mem::take(&mut article.article));
            }
        });
        for article in &annotated {
            serde_json::to_writer(&mut *printer.out(), &annotation::line(article))?;
            printer.out().write_all(b"\n")?;
        }
        Ok(())
    }
}
