//! One file per command: its options, and what it does with the library.

pub(crate) mod actors;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod extract;
pub(crate) mod graph;
pub(crate) mod ingest;
pub(crate) mod manual;
pub(crate) mod places;
pub(crate) mod query;
pub(crate) mod read;
pub(crate) mod reading;
pub(crate) mod show;
pub(crate) mod similar;
pub(crate) mod status;
pub(crate) mod train;
pub(crate) mod verify;

use crate::args::{Cli, Command};
use crate::output::{Exit, Printer};

/// What `--version` prints: the version, and what the data owes to whom.
pub(crate) const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\nPlaces: GeoNames (geonames.org), CC BY 4.0. Licence: MIT OR Apache-2.0."
);

/// Runs the command that was typed.
pub(crate) fn run(cli: &Cli, printer: &mut Printer) -> anyhow::Result<Exit> {
    match &cli.command {
        Command::Ingest(args) => ingest::run(args, &cli.global, printer),
        Command::Query(args) => query::run(args, &cli.global, printer),
        Command::Show(args) => show::run(args, &cli.global, printer),
        Command::Explain(args) => explain::run(args, &cli.global, printer),
        Command::Similar(args) => similar::run(args, &cli.global, printer),
        Command::Graph(args) => graph::run(args, &cli.global, printer),
        Command::Verify(args) => verify::run(args, &cli.global, printer),
        Command::Status(args) => status::run(args, &cli.global, printer),
        Command::Read(args) => read::run(args, printer),
        Command::Extract(args) => extract::run(args, printer),
        Command::Eval(args) => eval::run(args, printer),
        Command::Actors(args) => actors::run(args, &cli.global, printer),
        Command::Places(args) => places::run(args, &cli.global, printer),
        Command::Completions(args) => Ok(manual::completions(args, printer)),
        Command::Man => manual::page(printer),
        Command::PdfText { path } => read::pdf_text(path, printer),
    }
}
