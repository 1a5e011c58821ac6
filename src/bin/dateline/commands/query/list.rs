//! Result lists in the formats of `EXPORTERS`, to standard output or to a file that appears whole or not at all.

use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;

use crate::commands::query::Asked;
use crate::commands::query::manifest::{self, Articles};
use crate::output::{Exit, Printer};
use dateline::article::Annotated;
use dateline::engine::Engine;
use dateline::export::column::{Column, Row};
use dateline::export::list::{Exporter, Format, Listing, check_fields, table_format};
use dateline::export::table::Table;
use dateline::query::request::Request;
use dateline::query::response::Hit;

/// Whether an article is listed.
pub(super) type Keep<'k> = &'k mut dyn FnMut(&Hit) -> bool;

/// Sees every article before it is listed, and says whether it is.
type See<'k> = &'k mut dyn FnMut(&Hit, &Annotated) -> bool;

/// Lists articles, or facet counts if no article is wanted.
pub(super) fn run(
    asked: &Asked<'_>,
    format: &'static Format,
    keep: Option<Keep<'_>>,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    check_fields(format, asked.args.fields.is_some())?;
    let listing = listing(asked)?;
    let total = listing.total;
    let only_counts = asked.request.limit == Some(0) && format.name != "json";
    if only_counts {
        let write = table_format(format)?;
        let table = Table::of_facets(&listing.facets);
        write_out(asked, printer, &mut |out| write(out, &table))?;
        return Ok(found(total));
    }
    let mut keep = keep;
    let mut listed = 0;
    let mut articles = Articles::default();
    write_out(asked, printer, &mut |out| {
        let mut see = |hit: &Hit, annotated: &Annotated| {
            let is_kept = keep.as_mut().is_none_or(|keep| keep(hit));
            if is_kept {
                articles.add(annotated);
            }
            is_kept
        };
        listed = stream(asked, format, &listing, &mut see, out)?;
        Ok(())
    })?;
    if let (Some(file), true) = (&asked.args.output, asked.args.manifest) {
        manifest::write(asked, (format, &listing), &articles, file)?;
    }
    tell_of_rest(asked, listed, total, keep.is_some(), printer);
    Ok(found(if keep.is_some() { listed } else { total }))
}

/// What the list is about.
pub(super) fn listing(asked: &Asked<'_>) -> dateline::Result<Listing> {
    let columns = match &asked.args.fields {
        Some(names) => Column::parse_list(names)?,
        None => Column::defaults(),
    };
    let counted = Request { limit: Some(0), offset: 0, snippets: false, ..asked.request.clone() };
    let response = asked.index.search(&counted)?;
    Ok(Listing {
        query: asked.text.clone(),
        tree: asked.request.whole().to_string(),
        total: response.total,
        unit: response.unit,
        facets: response.facets,
        warnings: asked.warnings.clone(),
        columns,
        chosen: asked.args.fields.is_some(),
        made: jiff::Timestamp::now().to_string(),
    })
}

fn found(count: usize) -> Exit {
    if count == 0 { Exit::Nothing } else { Exit::Found }
}

fn tell_of_rest(asked: &Asked<'_>, listed: usize, total: usize, kept: bool, printer: &mut Printer) {
    if asked.args.output.is_some() && !kept && listed < total && asked.args.limit.is_none() {
        printer.note(format!("{listed} of {total} listed; --limit all lists every one"));
    }
}

/// Writes every article of the answer as it comes; says how many.
fn stream(
    asked: &Asked<'_>,
    format: &Format,
    listing: &Listing,
    keep: See<'_>,
    out: &mut dyn Write,
) -> io::Result<usize> {
    let wants_snippets = if listing.chosen {
        listing.columns.iter().any(|column| column.name == "snippet")
    } else {
        format.snippets
    };
    let request = Request { snippets: wants_snippets, facets: Vec::new(), ..asked.request.clone() };
    let mut exporter: Box<dyn Exporter> = (format.list)();
    exporter.begin(out, listing)?;
    let mut number = 0;
    let mut failure = None;
    let streamed = asked.index.stream(&request, &mut |hit, annotated| {
        if !keep(hit, annotated) {
            return ControlFlow::Continue(());
        }
        number += 1;
        match exporter.article(out, listing, &Row { number, hit, annotated }) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    streamed.map_err(io::Error::other)?;
    if let Some(error) = failure {
        return Err(error);
    }
    exporter.end(out, listing)?;
    Ok(number)
}

/// Calls `write` with standard output, or with a file that takes its name only when everything is written.
pub(super) fn write_out(
    asked: &Asked<'_>,
    printer: &mut Printer,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    match &asked.args.output {
        None => write(printer.out())?,
        Some(file) => write_file(file, write)?,
    }
    Ok(())
}

/// A file that appears whole or not at all.
pub(super) fn write_file(
    file: &Path,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> dateline::Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let failed = |error| dateline::Error::io(file)(error);
    let mut temporary = tempfile::Builder::new();
    let temporary =
        readable_by_all(&mut temporary).prefix(".dateline-").tempfile_in(folder).map_err(failed)?;
    // Not through `temporary`, whose errors name the temporary file.
    let mut out = BufWriter::with_capacity(1 << 16, temporary.as_file());
    write(&mut out).and_then(|()| out.flush()).map_err(failed)?;
    drop(out);
    temporary.as_file().sync_all().map_err(failed)?;
    temporary.persist(file).map_err(|error| failed(error.error))?;
    Ok(())
}

/// A list is for others too, unlike most temporary files.
#[cfg(unix)]
fn readable_by_all<'b>(
    builder: &'b mut tempfile::Builder<'static, 'static>,
) -> &'b mut tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all<'b>(
    builder: &'b mut tempfile::Builder<'static, 'static>,
) -> &'b mut tempfile::Builder<'static, 'static> {
    builder
}
