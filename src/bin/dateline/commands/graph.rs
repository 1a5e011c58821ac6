//! `dateline graph [TEXT]`: the network of the actors that share the articles of an answer.

use clap::Args;

use crate::args::Global;
use crate::commands::query::{self, QueryArgs};
use crate::output::{Exit, Printer};

/// Options of `graph`.
#[derive(Debug, Args)]
pub(crate) struct GraphArgs {
    #[command(flatten)]
    query: QueryArgs,
}

/// Writes the network as GEXF or `GraphML`, or its joins as a table.
pub(crate) fn run(args: &GraphArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    query::run_as(&args.query, global, query::Answering::Network, printer)
}
