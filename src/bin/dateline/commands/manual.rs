//! `dateline completions` and `dateline man`: what a package of dateline ships beside the binary.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::args::Cli;
use crate::output::{Exit, Printer};

/// Options of `completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Writes the completion script of a shell.
pub(crate) fn completions(args: &CompletionsArgs, printer: &mut Printer) -> Exit {
    clap_complete::generate(args.shell, &mut Cli::command(), "dateline", printer.out());
    Exit::Found
}

/// Writes the manual page.
pub(crate) fn page(printer: &mut Printer) -> anyhow::Result<Exit> {
    clap_mangen::Man::new(Cli::command()).render(printer.out())?;
    Ok(Exit::Found)
}
