//! `dateline similar ID`: other articles about the same, best first.

use std::path::PathBuf;

use clap::Args;
use dateline::config::{self, Config};
use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::field::find_field;
use dateline::query::Query;

use crate::args::Global;
use crate::commands::query::{self, Limit, QueryArgs, parse_limit};
use crate::output::{Exit, Printer};

/// Options of `similar`.
#[derive(Debug, Args)]
pub(crate) struct SimilarArgs {
    /// Identifier of the article, as lists give it
    #[arg(value_name = "ID")]
    id: String,
    /// How many articles to list, or `all`
    #[arg(long, value_name = "N", value_parser = parse_limit)]
    limit: Option<Limit>,
    /// How to write it: table, json, csv and all other formats of lists
    #[arg(short, long, value_name = "FORMAT")]
    format: Option<String>,
    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What to list of each article: id,title,published,actor,…
    #[arg(long, value_name = "LIST")]
    fields: Option<String>,
}

/// Asks for the telling words of the article; itself and its copies are left out.
pub(crate) fn run(args: &SimilarArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    let here = std::env::current_dir()?;
    let folder = config::index_folder(global.index.as_deref(), &Config::upwards_of(&here)?, &here);
    let index = LocalIndex::open(&folder)?;
    let Some(like) = index.like(&args.id)? else {
        printer.note(format!("no article is called `{}`", args.id));
        return Ok(Exit::Nothing);
    };
    let mut parts = vec![like];
    if let Some(field) = find_field("id") {
        let mut own: Vec<String> = index.copies(&args.id)?.into_iter().map(|copy| copy.article.id).collect();
        own.push(args.id.clone());
        let not = |value| Query::Not(Box::new(Query::Value { field, value, distance: 0 }));
        parts.extend(own.into_iter().map(not));
    }
    let asked = QueryArgs::listing(args.limit, args.format.clone(), args.output.clone(), args.fields.clone());
    query::answer_tree(&asked, (&index, &folder), Query::and(parts), printer)
}
