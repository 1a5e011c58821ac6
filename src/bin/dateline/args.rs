//! What may be typed: the command tree and the options that every command shares. Each command's own options stand in
//! its file under `commands/`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands;

/// Turns a folder of news into an archive you can question.
#[derive(Debug, Parser)]
#[command(name = "dateline", version, long_version = crate::commands::LONG_VERSION, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 found, 1 nothing found, 2 wrong usage or query, 3 some files failed, 4 index missing, locked or of another version"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The index folder [default: the nearest .dateline/ upwards from here]
    #[arg(long, global = true, value_name = "DIR", env = "DATELINE_INDEX")]
    pub(crate) index: Option<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
    /// When to show a progress bar
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) progress: When,
    /// Say more
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Say nothing but data and errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

/// On a terminal, always or never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bring the index up to date with folders of articles
    Ingest(commands::ingest::IngestArgs),
    /// Search by text, actor, place and date; count facets; export lists
    Query(Box<commands::query::QueryArgs>),
    /// Show one article with what was found in it
    Show(commands::show::ShowArgs),
    /// Show why a name of an article was taken for the place that it was taken for
    Explain(commands::explain::ExplainArgs),
    /// Find other articles about the same
    Similar(commands::similar::SimilarArgs),
    /// The network of the actors that share the articles of an answer
    Graph(Box<commands::graph::GraphArgs>),
    /// Check that a list still holds what its manifest says
    Verify(commands::verify::VerifyArgs),
    /// What was read and what became of it: the ledger
    Status(commands::status::StatusArgs),
    /// Read files into articles, as JSON Lines
    Read(commands::read::ReadArgs),
    /// Annotate articles: who, where and when, as JSON Lines
    Extract(commands::extract::ExtractArgs),
    /// Score the annotations against gold
    Eval(commands::eval::EvalArgs),
    /// The actors: look names up, merge, rename, retype or block them
    Actors(commands::actors::ActorsArgs),
    /// The places: list those of the archive, look names up, build a gazetteer
    Places(commands::places::PlacesArgs),
    /// Write the completion script of a shell
    Completions(commands::manual::CompletionsArgs),
    /// Write the manual page
    Man,
    /// Write the text of a PDF: the reader of PDF runs itself in a process apart
    #[command(name = dateline::input::PDF_WORKER, hide = true)]
    PdfText {
        /// The file
        path: PathBuf,
    },
}

/// Commands that take a query.
const ASKING: [&str; 2] = ["query", "graph"];

/// The arguments with a space before what is excluded by a query, which is no option: `query iraq -oil`.
pub(crate) fn readable(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut read: Vec<OsString> = Vec::new();
    let mut is_asking = false;
    let mut is_closed = false;
    for argument in arguments {
        let text = argument.to_str().unwrap_or_default();
        is_closed |= text == "--";
        is_asking |= ASKING.contains(&text);
        // An order is the only value of an option that begins so.
        let is_value = read.last().is_some_and(|before| before == "--sort");
        if is_asking && !is_closed && !is_value && is_exclusion(text) {
            read.push(format!(" {text}").into());
        } else {
            read.push(argument);
        }
    }
    read
}

/// `-oil`, but neither `--facet` nor `-q`, `-qv`, `-fcsv`, `-olist.csv` and `-o=list`.
fn is_exclusion(argument: &str) -> bool {
    let Some(rest) = argument.strip_prefix('-').filter(|rest| !rest.starts_with('-')) else { return false };
    let is_format = |rest: &str| dateline::export::list::find_format(rest).is_ok() || rest == "table";
    let is_option = rest.chars().all(|c| "vqhVfo".contains(c)) && rest.len() <= 3
        || rest.strip_prefix('f').is_some_and(|rest| is_format(rest.trim_start_matches('=')))
        || rest.strip_prefix('o').is_some_and(|rest| rest.starts_with('=') || rest.contains(['.', '/']));
    !rest.is_empty() && !is_option
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_excluded_is_no_option() {
        for (typed, read) in [
            ("query iraq -oil", "query iraq ⎵-oil"),
            ("query -source:* -q", "query ⎵-source:* -q"),
            ("graph -football --limit 3", "graph ⎵-football --limit 3"),
            ("query -\"a\" -(x)", "query ⎵-\"a\" ⎵-(x)"),
            ("query x -fcsv -olist.csv -o=list -qv -f csv", "query x -fcsv -olist.csv -o=list -qv -f csv"),
            ("query x --sort -date", "query x --sort -date"),
            ("query -- -oil", "query -- -oil"),
            ("read -oil -", "read -oil -"),
        ] {
            let arguments = typed.split(' ').map(OsString::from);
            let told: Vec<String> = readable(arguments)
                .into_iter()
                .map(|read| read.into_string().unwrap().replace(' ', "⎵"))
                .collect();
            assert_eq!(told.join(" "), read, "{typed}");
        }
    }
}
