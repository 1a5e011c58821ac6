//! `dateline read`: files in, articles out, as JSON Lines in walking order.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use dateline::article::Article;
use dateline::config::Config;
use dateline::export::article::ArticleLine;
use dateline::input::piped::Piped;
use dateline::input::published::order::Orders;
use dateline::input::{self, Read, ReadOptions, SourceFile};
use dateline::pipeline;
use dateline::text::detect;

use crate::commands::reading::ReadingArgs;
use crate::output::{Exit, Printer};

/// Options of `read`.
#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// Folders and files to read, - for standard input
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
/// The path `-` is standard input.
pub(crate) fn read_each(
    paths: &[PathBuf],
    reading: &ReadingArgs,
    printer: &mut Printer,
    use_article: &mut dyn FnMut(Article, &mut Printer) -> anyhow::Result<()>,
) -> anyhow::Result<Exit> {
    let (options, exclude) = reading.options(paths, &Config::upwards_of(&std::env::current_dir()?)?)?;
    let orders = Orders::default();
    let mut hands = Hands { options, orders, printer, use_article, outcome: Ok(()), exit: Exit::Found };
    for path in paths {
        if path.as_os_str() == "-" {
            let piped = Piped::take().context("standard input")?;
            let _ = hands.read(&piped.file);
        } else {
            pipeline::each_file(std::slice::from_ref(path), &exclude, &mut |found| match found {
                input::Found::File(file) => hands.read(&file),
                input::Found::Problem(problem) => {
                    hands.failed(&format!("{}: {}", problem.path, problem.reason))
                }
            })?;
        }
        std::mem::replace(&mut hands.outcome, Ok(()))?;
    }
    Ok(hands.exit)
}

/// Hands articles on, and says what could not be read.
struct Hands<'a> {
    options: ReadOptions,
    /// The orders of day and month that the articles so far speak for.
    orders: Orders,
    printer: &'a mut Printer,
    use_article: &'a mut dyn FnMut(Article, &mut Printer) -> anyhow::Result<()>,
    outcome: anyhow::Result<()>,
    exit: Exit,
}

impl Hands<'_> {
    fn read(&mut self, file: &SourceFile) -> ControlFlow<()> {
        let options = self.options.clone();
        input::read_file(file, &options, &mut |read| self.take(file, read));
        self.flow()
    }

    fn take(&mut self, file: &SourceFile, read: Read) -> ControlFlow<()> {
        match read {
            Read::Article(mut article) => {
                self.orders.learn(&article);
                let _ = self.orders.settle(&mut article);
                self.outcome = (self.use_article)(*article, self.printer);
            }
            Read::Skipped { record, member, reason, .. } => {
                let reason = input::located(member.as_deref(), &reason);
                self.printer.note(format!("skipped {}: {reason}", place(&file.shown, record)));
            }
            Read::Failed { record, member, stage, reason, .. } => {
                let reason = input::located(member.as_deref(), &reason);
                return self.failed(&format!("{}: {reason} ({stage})", place(&file.shown, record)));
            }
        }
        self.flow()
    }

    fn failed(&mut self, message: &str) -> ControlFlow<()> {
        self.printer.warning(message);
        self.exit = Exit::SomeFailed;
        ControlFlow::Continue(())
    }

    fn flow(&self) -> ControlFlow<()> {
        if self.outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Writes the text of a PDF as the built-in reader finds it.
pub(crate) fn pdf_text(path: &Path, printer: &mut Printer) -> anyhow::Result<Exit> {
    let text =
        input::built_in_pdf_text(path).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    printer.out().write_all(text.as_bytes())?;
    Ok(Exit::Found)
}

fn place(path: &str, record: Option<u64>) -> String {
    record.map_or_else(|| path.to_owned(), |record| format!("{path}, record {record}"))
}
