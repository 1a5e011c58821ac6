//! `dateline explain ID --place NAME`: what a name of one article was taken for, and why.

use clap::Args;
use dateline::config::{self, Config};
use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::extract::Context;
use dateline::extract::place::{Explanation, Weighed};
use serde_json::{Value, json};

use crate::args::Global;
use crate::commands::ingest::known_roots;
use crate::commands::reading::homes;
use crate::output::{Exit, Printer};

/// Options of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Identifier of the article, as lists give it
    #[arg(value_name = "ID")]
    id: String,
    /// The name, as it stands in the article
    #[arg(long, value_name = "NAME")]
    place: String,
    /// Show at most this many candidates
    #[arg(long, value_name = "N", default_value_t = 5)]
    limit: usize,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// Weighs the candidates of a name anew, with the article's other names, and shows what spoke for each.
pub(crate) fn run(args: &ExplainArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    let here = std::env::current_dir()?;
    let config = Config::upwards_of(&here)?;
    let folder = config::index_folder(global.index.as_deref(), &config, &here);
    let index = LocalIndex::open(&folder)?;
    let Some(annotated) = index.get(&args.id)? else {
        printer.note(format!("no article is called `{}`", args.id));
        return Ok(Exit::Nothing);
    };
    let extractor = dateline::pipeline::extractor(&folder, &homes(&known_roots(&folder)?, &config)?)?;
    let context = Context {
        article: &annotated.article,
        language: annotated.language,
        published: annotated.published.as_ref(),
    };
    let Some(explanation) = extractor.explain_place(&context, &args.place) else {
        printer.note(format!("`{}` is taken for no place in {}", args.place, args.id));
        return Ok(Exit::Nothing);
    };
    if args.json {
        printer.line(in_json(args, &explanation).to_string())?;
    } else {
        show(args, &explanation, printer)?;
    }
    Ok(Exit::Found)
}

fn show(args: &ExplainArgs, explanation: &Explanation, printer: &mut Printer) -> std::io::Result<()> {
    printer.line(format!("{}: {}", args.place, explanation.verdict))?;
    for weighed in explanation.candidates.iter().take(args.limit) {
        let id = weighed.geonames_id.map(|id| format!("geo/{id}  ")).unwrap_or_default();
        printer.line(format!("\n{:5.1} %  {id}{}", weighed.probability * 100.0, weighed.path))?;
        for (why, adds) in &weighed.evidence {
            printer.line(format!("  {adds:+6.2}  {why}"))?;
        }
        printer.line(format!("  {:6.2}  together", weighed.score))?;
    }
    if explanation.candidates.len() > args.limit {
        let more = explanation.candidates.len() - args.limit;
        printer.note(format!("{more} more: --limit {}", explanation.candidates.len()));
    }
    Ok(())
}

fn in_json(args: &ExplainArgs, explanation: &Explanation) -> Value {
    let candidate = |weighed: &Weighed| {
        let evidence: Vec<Value> =
            weighed.evidence.iter().map(|(why, adds)| json!({"why": why, "adds": adds})).collect();
        json!({
            "path": weighed.path,
            "geonames_id": weighed.geonames_id,
            "probability": weighed.probability,
            "score": weighed.score,
            "evidence": evidence,
        })
    };
    let candidates: Vec<Value> = explanation.candidates.iter().take(args.limit).map(candidate).collect();
    json!({
        "id": args.id,
        "place": args.place,
        "verdict": explanation.verdict,
        "candidates": candidates,
    })
}
