//! `dateline query`: asks the index and shows or exports the answer.

mod batch;
mod by;
mod context;
mod explain;
mod list;
pub(crate) mod manifest;
mod network;
mod saved;
mod table;

use std::path::{Path, PathBuf};

use clap::Args;
use dateline::Error;
use dateline::config::{self, Config};
use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::export::list::{Format, find_format};
use dateline::export::network::FACET;
use dateline::field::FieldKind;
use dateline::query::Query;
use dateline::query::parse::Warning;
use dateline::query::request::{Options, Request, Sort};
use dateline::query::response::Unit;
use jiff::civil::Date;

use crate::args::Global;
use crate::commands::ingest;
use crate::output::{Exit, Printer};

/// Options of `query`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct QueryArgs {
    /// What to look for, or @NAME for a saved query; every article if left out. Fields, dates, places and more:
    /// docs/QUERY.md
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// Ingest what changed in this folder first, then ask its index, which is FOLDER/.dateline
    #[arg(long = "in", value_name = "FOLDER", conflicts_with = "index")]
    folder: Option<PathBuf>,
    /// Only articles with this actor (repeat for one or the other)
    #[arg(long, value_name = "NAME", help_heading = "Selections")]
    actor: Vec<String>,
    /// Only articles with this place or one in it
    #[arg(long, value_name = "NAME", help_heading = "Selections")]
    place: Vec<String>,
    /// Only articles that tell of this date: 2021, 2021-06, 2020..2021, 1990s
    #[arg(long, value_name = "DATE", help_heading = "Selections")]
    event: Vec<String>,
    /// Only articles published then
    #[arg(long, value_name = "DATE", help_heading = "Selections")]
    published: Vec<String>,
    /// Only articles of this publisher
    #[arg(long, value_name = "NAME", help_heading = "Selections")]
    source: Vec<String>,
    /// Only articles in this language
    #[arg(long, value_name = "CODE", help_heading = "Selections")]
    language: Vec<String>,
    /// Only articles with this value of any other field or facet
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Selections")]
    filter: Vec<String>,
    /// Only articles published on or after this date
    #[arg(long, value_name = "DATE", help_heading = "Selections")]
    from: Option<String>,
    /// Only articles published on or before this date
    #[arg(long, value_name = "DATE", help_heading = "Selections")]
    to: Option<String>,
    /// Count the values of a facet: place, actor=20, published=all
    #[arg(long, value_name = "NAME[=N]")]
    facet: Vec<String>,
    /// Let facets show what is unusual for the archive instead of what is frequent: actors and places, if none is named
    #[arg(long)]
    unusual: bool,
    /// Order: relevance, date (earliest first) or -date
    #[arg(long, value_name = "ORDER", value_parser = parse_sort, default_value = "relevance", allow_hyphen_values = true)]
    sort: Sort,
    /// Order by the words of the ten best articles too; done by itself for four alternatives and more
    #[arg(long, overrides_with = "no_expand")]
    expand: bool,
    /// Order by the words of the query alone
    #[arg(long)]
    no_expand: bool,
    /// Let an article that is N days older than the newest weigh half [default N: 30]
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "30", require_equals = true)]
    recent: Option<u32>,
    /// How many articles to list, or `all` [default: 10; all for maps and networks]
    #[arg(long, value_name = "N", value_parser = parse_limit)]
    limit: Option<Limit>,
    /// How many articles to leave out first
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// List and count every article, copies too
    #[arg(long)]
    no_collapse: bool,
    /// What totals and facets count: stories (copies once) or articles [default: what is listed]
    #[arg(long, value_name = "UNIT", value_parser = parse_unit)]
    count: Option<Unit>,
    /// How to write it: table, json, jsonl, csv, tsv, markdown, xlsx, geojson, ris, bibtex, csl-json, atom, html, gexf, …
    #[arg(short, long, value_name = "FORMAT", help_heading = "Output")]
    format: Option<String>,
    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// What to list of each article: id,title,published,actor,…
    #[arg(long, value_name = "LIST", help_heading = "Output")]
    fields: Option<String>,
    /// Write FILE.manifest.json beside the list: query, counts, index and failed files
    #[arg(long, requires = "output", help_heading = "Output")]
    manifest: bool,
    /// Say how the query is understood, and how many articles each part matches
    #[arg(long)]
    explain: bool,
    /// Show every match with N words before and after it
    #[arg(long, value_name = "N", help_heading = "Output")]
    context: Option<usize>,
    /// Count by year, month, day or any facet; two of them for a cross table: place,year
    #[arg(long, value_name = "A[,B]", help_heading = "Output")]
    by: Option<String>,
    /// Ask every row of a CSV file, column `query` or the first, and list counts and errors
    #[arg(long, value_name = "FILE", conflicts_with_all = ["text", "explain", "context", "by", "save"])]
    batch: Option<PathBuf>,
    /// Look for every name of a watch list, one a line, and list counts
    #[arg(long, value_name = "FILE", conflicts_with_all = ["text", "batch", "explain", "context", "by", "save"])]
    names: Option<PathBuf>,
    /// With --batch or --names: write which query found which article, a row per article and a column per query
    #[arg(long, value_name = "FILE")]
    matrix: Option<PathBuf>,
    /// With --batch or --names: write every article that any query found, each once
    #[arg(long, value_name = "FILE")]
    reading_list: Option<PathBuf>,
    /// Keep this query under a name, to be asked again as @NAME
    #[arg(long, value_name = "NAME")]
    save: Option<String>,
    /// List only what a saved query did not find the `last` time; exit code 1 if that is nothing
    #[arg(long, value_name = "last", value_parser = ["last"])]
    since: Option<String>,
}

impl QueryArgs {
    /// Lists in this format, to this file, of these fields.
    pub(crate) fn listing(
        limit: Option<Limit>,
        format: Option<String>,
        output: Option<PathBuf>,
        fields: Option<String>,
    ) -> QueryArgs {
        QueryArgs { limit, format, output, fields, ..QueryArgs::default() }
    }
}

/// How many articles to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit(Option<usize>);

pub(crate) fn parse_limit(text: &str) -> Result<Limit, String> {
    match text {
        "all" => Ok(Limit(None)),
        number => {
            number.parse().map(|limit| Limit(Some(limit))).map_err(|_| "write a number or all".to_owned())
        }
    }
}

fn parse_sort(name: &str) -> Result<Sort, String> {
    Sort::parse(name).ok_or_else(|| "write relevance, date or -date".to_owned())
}

fn parse_unit(name: &str) -> Result<Unit, String> {
    match name {
        "stories" => Ok(Unit::Stories),
        "articles" => Ok(Unit::Articles),
        _ => Err("write stories or articles".to_owned()),
    }
}

/// How many articles are listed when nothing else is said.
const LIMIT: usize = 10;

/// More values than this are not checked one by one.
const MAX_CHECKED: usize = 50;

/// An open index, a question, and how the answer is wanted.
#[derive(Clone)]
struct Asked<'a> {
    args: &'a QueryArgs,
    index: &'a LocalIndex,
    folder: &'a Path,
    request: Request,
    warnings: Vec<Warning>,
    /// The query as it was typed.
    text: String,
    format: Option<&'static Format>,
    today: Date,
}

/// What is made of the articles of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answering {
    /// A list.
    List,
    /// The network of their actors.
    Network,
}

/// Answers one query, or a file of them.
pub(crate) fn run(args: &QueryArgs, global: &Global, printer: &mut Printer) -> anyhow::Result<Exit> {
    if let Some(root) = &args.folder {
        return run_in(args, &ingest::bring_up_to_date(root, printer)?, printer);
    }
    let here = std::env::current_dir()?;
    let folder = config::index_folder(global.index.as_deref(), &Config::upwards_of(&here)?, &here);
    run_in(args, &folder, printer)
}

/// Answers one query with something else than a list.
pub(crate) fn run_as(
    args: &QueryArgs,
    global: &Global,
    answering: Answering,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    if answering == Answering::List {
        return run(args, global, printer);
    }
    let here = std::env::current_dir()?;
    let folder = config::index_folder(global.index.as_deref(), &Config::upwards_of(&here)?, &here);
    let mut args = args.clone();
    args.limit.get_or_insert(Limit(None));
    args.facet.push(FACET.to_owned());
    let index = LocalIndex::open(&folder)?;
    let format = wanted_format(&args)?;
    let today = jiff::ZonedDateTime::now().date();
    let (options, _) = options(&args, &folder, format)?;
    let (request, warnings) = options.build(today)?;
    let (index, folder, args, text) = (&index, folder.as_path(), &args, options.text);
    network::run(&Asked { args, index, folder, request, warnings, text, format, today }, printer)
}

/// Answers a query that was not typed.
pub(crate) fn answer_tree(
    args: &QueryArgs,
    (index, folder): (&LocalIndex, &Path),
    query: Query,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    let format = wanted_format(args)?;
    let today = jiff::ZonedDateTime::now().date();
    let (options, _) = options(args, folder, format)?;
    let (request, warnings) = options.build(today)?;
    let request = Request { query, ..request };
    answer(&Asked { args, index, folder, request, warnings, text: String::new(), format, today }, printer)
}

/// Answers from the index in `folder`.
pub(crate) fn run_in(args: &QueryArgs, folder: &Path, printer: &mut Printer) -> anyhow::Result<Exit> {
    let format = wanted_format(args)?;
    let index = LocalIndex::open(folder)?;
    let today = jiff::ZonedDateTime::now().date();
    if args.batch.is_some() || args.names.is_some() {
        return batch::run(args, &index, today, printer);
    }
    let (options, saved) = options(args, folder, format)?;
    let (request, warnings) = options.build(today)?;
    let text = options.text.clone();
    let mut asked = Asked { args, index: &index, folder, request, warnings, text, format, today };
    asked.warnings.extend(unknown_values(&index, &asked.request)?);
    asked.warnings.extend(namesakes(&index, &asked.request.query)?);
    for warning in &asked.warnings {
        let column = warning.column.map(|column| format!(" (column {column})")).unwrap_or_default();
        printer.warning(format!("{}{column}", warning.message));
    }
    if let Some(name) = &args.save {
        saved::save(folder, name, &options, &index, &asked.request)?;
        printer.note(format!("saved: ask again with `dateline query @{name}`"));
    }
    if args.since.is_some() {
        return saved::since_last(&asked, saved.as_deref(), printer);
    }
    answer(&asked, printer)
}

fn answer(asked: &Asked<'_>, printer: &mut Printer) -> anyhow::Result<Exit> {
    if asked.args.explain {
        return explain::run(asked, printer);
    }
    if let Some(dimensions) = &asked.args.by {
        return by::run(asked, dimensions, printer);
    }
    if let Some(words) = asked.args.context {
        return context::run(asked, words, printer);
    }
    match asked.format {
        Some(format) => list::run(asked, format, None, printer),
        None => table::run(asked, None, printer),
    }
}

/// The format that was named, or that the file's name tells; none for a table for people.
fn wanted_format(args: &QueryArgs) -> dateline::Result<Option<&'static Format>> {
    match (&args.format, &args.output) {
        (Some(name), None) if name == "table" => Ok(None),
        (Some(name), _) => find_format(name).map(Some),
        (None, Some(file)) => {
            let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            find_format(extension).map(Some).map_err(|_| {
                let message = format!(
                    "{}: the format of the list is not known\nhint: name it with --format",
                    file.display()
                );
                Error::Usage(message)
            })
        }
        (None, None) if args.fields.is_some() => find_format("csv").map(Some),
        (None, None) => Ok(None),
    }
}

/// The request as it was given, and the name of the saved query that it is, if it is one.
fn options(
    args: &QueryArgs,
    folder: &Path,
    format: Option<&'static Format>,
) -> anyhow::Result<(Options, Option<String>)> {
    let parts: Vec<&str> = args.text.iter().map(|part| part.trim()).collect();
    let mut text = parts.join(" ");
    let mut saved = None;
    let mut options = Options::default();
    if let Some(typed) = text.strip_prefix('@') {
        let (name, more) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        options = saved::load(folder, name)?;
        // What was saved with more asked for is no longer what was saved.
        saved = more.is_empty().then(|| name.to_owned());
        text = match (options.text.as_str(), more) {
            (kept, "") => kept.to_owned(),
            ("", more) => more.to_owned(),
            (kept, more) => format!("({kept}) {more}"),
        };
    }
    options.text = text;
    options.selections.extend(selections(args)?);
    options.from = args.from.clone().or(options.from);
    options.to = args.to.clone().or(options.to);
    options.facets.clone_from(&args.facet);
    options.unusual = args.unusual;
    options.sort = args.sort;
    options.expand = args.expand.then_some(true).or(args.no_expand.then_some(false));
    options.recent = args.recent;
    options.offset = args.offset;
    // A network sees every copy; it counts stories all the same.
    options.collapse = !args.no_collapse && format.is_none_or(|format| format.facet.is_none());
    options.unit = unit(args);
    // A map or a network of ten articles is of no use.
    let whole = format.is_some_and(|format| !format.fields && !format.snippets && format.name != "bibtex");
    options.limit = match args.limit {
        Some(Limit(limit)) => limit,
        None if whole => None,
        None => Some(LIMIT),
    };
    if let Some(facet) = format.and_then(|format| format.facet) {
        let name = facet.split('=').next().unwrap_or(facet);
        let asked = options.facets.iter().any(|given| given.split('=').next() == Some(name));
        if !asked {
            options.facets.push(facet.to_owned());
        }
    }
    Ok((options, saved))
}

/// What is counted: what is listed, unless the other is asked for.
fn unit(args: &QueryArgs) -> Unit {
    args.count.unwrap_or(if args.no_collapse { Unit::Articles } else { Unit::Stories })
}

fn selections(args: &QueryArgs) -> dateline::Result<Vec<(String, String)>> {
    let named = [
        ("actor", &args.actor),
        ("place", &args.place),
        ("event", &args.event),
        ("published", &args.published),
        ("source", &args.source),
        ("language", &args.language),
    ];
    let mut selections = Vec::new();
    for (name, values) in named {
        selections.extend(values.iter().map(|value| (name.to_owned(), value.clone())));
    }
    for filter in &args.filter {
        let Some((name, value)) = filter.split_once('=') else {
            let message = format!("--filter {filter} has no value\nhint: write --filter section=World");
            return Err(Error::Usage(message));
        };
        selections.push((name.to_owned(), value.to_owned()));
    }
    Ok(selections)
}

/// `person:Merkel` is who is called so and no more; most articles tell the first name too.
fn namesakes(index: &LocalIndex, query: &Query) -> dateline::Result<Vec<Warning>> {
    let mut warnings = Vec::new();
    for clause in dateline::query::explain::clauses(query).iter().take(MAX_CHECKED) {
        let Query::Value { field, value, distance: 0 } = clause.query else { continue };
        let Some(name) = value.strip_prefix("person/").filter(|name| !name.contains(' ')) else { continue };
        let all = Query::Value { field, value: name.to_owned(), distance: 0 };
        let (own, all) = (index.count(clause.query)?, index.count(&all)?);
        if field.name == "actor" && own > 0 && all > own {
            let message = format!(
                "{name} is only who is called so without a first name ({own}); actor:{name} finds {all} articles"
            );
            warnings.push(Warning { column: None, message });
        }
    }
    Ok(warnings)
}

/// Values in the query that no article has, with those that may have been meant.
fn unknown_values(index: &LocalIndex, request: &Request) -> dateline::Result<Vec<Warning>> {
    let whole = request.whole();
    let clauses = dateline::query::explain::clauses(&whole);
    let values = clauses.iter().filter_map(|clause| match clause.query {
        Query::Value { field, value, distance: 0 } if field.kind != FieldKind::Calendar => {
            Some((clause.query, *field, value))
        }
        _ => None,
    });
    let mut warnings = Vec::new();
    for (query, field, value) in values.take(MAX_CHECKED) {
        if index.count(query)? > 0 {
            continue;
        }
        let close = index.suggest(field, value)?;
        let hint = match close.as_slice() {
            [] => String::new(),
            close => format!("; did you mean {}?", close.join(" or ")),
        };
        let message = match field.name {
            "has" => format!("no article has {value}{hint}"),
            name => format!("no article has the {name} {value}{hint}"),
        };
        warnings.push(Warning { column: None, message });
    }
    Ok(warnings)
}
