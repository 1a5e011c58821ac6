//! `dateline read`: files in, articles out, as JSON Lines in walking order.

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use dateline::article::Article;
use dateline::config::Config;
use dateline::export::article::ArticleLine;
use dateline::input::published::order::Orders;
use dateline::input::{self, Read};
use dateline::pipeline;
use dateline::text::detect;

use crate::commands::reading::ReadingArgs;
use crate::output::{Exit, Printer};

/// Options of `read`.
#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// Folders and files to read
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
}

/// Writes every article of the paths.
pub(crate) fn run(args: &ReadArgs, printer: &mut Printer) -> anyhow::Result<Exit> {
    read_each(&args.paths, &args.reading, printer, &mut |article, printer| {
        let language = detect::language(article.language, article.title(), &article.text);
        serde_json::to_writer(&mut *printer.out(), &ArticleLine::new(&article, language))?;
        printer.out().write_all(b"\n")?;
        Ok(())
    })
}

/// Hands every article of the paths to `use_article`, in walking order; says on standard error what could not be read.
pub(crate) fn read_each(
    paths: &[PathBuf],
    reading: &ReadingArgs,
    printer: &mut Printer,
    use_article: &mut dyn FnMut(Article, &mut Printer) -> anyhow::Result<()>,
) -> anyhow::Result<Exit> {
    let (options, exclude) = reading.options(paths, &Config::upwards_of(&std::env::current_dir()?)?)?;
    let mut exit = Exit::Found;
    let mut orders = Orders::default();
    let mut outcome = Ok(());
    pipeline::each_file(paths, &exclude, &mut |found| {
        let file = match found {
            input::Found::File(file) => file,
            input::Found::Problem(problem) => {
                printer.warning(format!("{}: {}", problem.path, problem.reason));
                exit = Exit::SomeFailed;
                return ControlFlow::Continue(());
            }
        };
        input::read_file(&file, &options, &mut |read| {
            match read {
                Read::Article(mut article) => {
                    orders.learn(&article);
                    orders.settle(&mut article);
                    outcome = use_article(*article, printer);
                }
                Read::Skipped { record, reason } => {
                    printer.note(format!("skipped {}: {reason}", place(&file.shown, record)));
                }
                Read::Failed { record, stage, reason } => {
                    printer.warning(format!("{}: {reason} ({stage})", place(&file.shown, record)));
                    exit = Exit::SomeFailed;
                }
            }
            if outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    outcome?;
    Ok(exit)
}

fn place(path: &str, record: Option<u64>) -> String {
    record.map_or_else(|| path.to_owned(), |record| format!("{path}, record {record}"))
}
