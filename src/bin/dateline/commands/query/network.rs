//! `dateline graph`: who shares articles with whom in an answer.

use std::io;
use std::ops::ControlFlow;

use dateline::engine::Engine;
use dateline::export::column::Row;
use dateline::export::list::{Exporter, table_format};
use dateline::export::network::Network;
use dateline::query::request::Request;

use crate::commands::query::Asked;
use crate::commands::query::list::{self, write_out};
use crate::commands::query::table::one_line;
use crate::output::{Exit, Printer};

/// How many joins are shown to people.
const SHOWN: usize = 30;

/// Writes the network in a format for networks, or its joins in one for tables.
pub(super) fn run(asked: &Asked<'_>, printer: &mut Printer) -> anyhow::Result<Exit> {
    if let Some(format) = asked.format.filter(|format| format.facet.is_some()) {
        return list::run(asked, format, None, printer);
    }
    let listing = list::listing(asked)?;
    let mut network = Network::gexf();
    network.begin(&mut io::sink(), &listing)?;
    let request = Request { snippets: false, facets: Vec::new(), collapse: false, ..asked.request.clone() };
    let mut number = 0;
    let mut counted = Ok(());
    asked.index.stream(&request, &mut |hit, annotated| {
        number += 1;
        counted = network.article(&mut io::sink(), &listing, &Row { number, hit, annotated });
        ControlFlow::Continue(())
    })?;
    counted?;
    let joins = network.joins();
    if let Some(format) = asked.format {
        let write = table_format(format)?;
        write_out(asked, printer, &mut |out| write(out, &joins))?;
    } else {
        for row in joins.rows.iter().take(SHOWN) {
            let [one, other, together, ..] = row.as_slice() else { continue };
            printer.line(format!(
                "{together:>5}  {} — {}",
                one_line(&one.to_string()),
                one_line(&other.to_string())
            ))?;
        }
        if joins.rows.len() > SHOWN {
            printer.note(format!("and {} more: --format csv, gexf or graphml", joins.rows.len() - SHOWN));
        }
    }
    Ok(if joins.rows.is_empty() { Exit::Nothing } else { Exit::Found })
}
