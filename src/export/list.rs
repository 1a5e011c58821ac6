//! Result lists as files: the [`EXPORTERS`] table, one row per format.
//!
//! An [`Exporter`] is told the [`Listing`], then every article in order, then the end, and writes as it goes: a list of
//! any length takes constant memory. To add a format, add a file and a row.

use std::io::{self, Write};

use crate::error::{Error, Result};
use crate::export::column::{Column, Row};
use crate::export::table::{
    Table, write_html, write_json, write_jsonl, write_markdown, write_separated, write_xlsx,
};
use crate::export::{atom, bibtex, csl, geojson, html, json, markdown, network, ris, separated, xlsx};
use crate::query::parse::Warning;
use crate::query::response::{FacetCounts, Unit};

/// What a list is about; known before its first article.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The query as it was typed.
    pub query: String,
    /// Query and selections as they were understood.
    pub tree: String,
    /// How many match.
    pub total: usize,
    /// What `total` counts.
    pub unit: Unit,
    /// Facet counts, as asked for.
    pub facets: Vec<FacetCounts>,
    /// Readings that may surprise.
    pub warnings: Vec<Warning>,
    /// What is listed of each article.
    pub columns: Vec<Column>,
    /// Whether the columns were chosen with `--fields`.
    pub chosen: bool,
    /// When the list is made, in RFC 3339.
    pub made: String,
}

/// Writes a list in one format.
pub trait Exporter {
    /// What stands before the first article.
    fn begin(&mut self, _out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        Ok(())
    }

    /// One article.
    fn article(&mut self, out: &mut dyn Write, listing: &Listing, row: &Row<'_>) -> io::Result<()>;

    /// What stands after the last article.
    fn end(&mut self, _out: &mut dyn Write, _listing: &Listing) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a table of counts in one format.
pub type WriteTable = fn(&mut dyn Write, &Table) -> io::Result<()>;

/// One row of [`EXPORTERS`].
pub struct Format {
    /// The name in `--format`.
    pub name: &'static str,
    /// How the names of its files end.
    pub extensions: &'static [&'static str],
    /// Its media type.
    pub media_type: &'static str,
    /// One line for help and docs.
    pub help: &'static str,
    /// Whether `--fields` chooses what is listed.
    pub fields: bool,
    /// Whether snippets are listed when no fields are chosen.
    pub snippets: bool,
    /// A facet that it needs counted, with how many values.
    pub facet: Option<&'static str>,
    /// Begins a list.
    pub list: fn() -> Box<dyn Exporter>,
    /// Writes tables of counts, if it can hold them.
    pub table: Option<WriteTable>,
}

impl std::fmt::Debug for Format {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Format({})", self.name)
    }
}

/// Every format of result lists.
pub const EXPORTERS: &[Format] = &[
    Format {
        name: "json",
        extensions: &["json"],
        media_type: "application/json",
        help: "one object: query, total, hits and facets",
        fields: true,
        snippets: true,
        facet: None,
        list: || Box::<json::Json>::default(),
        table: Some(write_json),
    },
    Format {
        name: "jsonl",
        extensions: &["jsonl", "ndjson"],
        media_type: "application/x-ndjson",
        help: "one JSON object a line",
        fields: true,
        snippets: true,
        facet: None,
        list: || Box::new(json::JsonLines),
        table: Some(write_jsonl),
    },
    Format {
        name: "csv",
        extensions: &["csv"],
        media_type: "text/csv",
        help: "comma-separated values, safe to open in a spreadsheet",
        fields: true,
        snippets: true,
        facet: None,
        list: || Box::new(separated::Separated::csv()),
        table: Some(|out, table| write_separated(out, table, b',')),
    },
    Format {
        name: "tsv",
        extensions: &["tsv", "tab"],
        media_type: "text/tab-separated-values",
        help: "tab-separated values",
        fields: true,
        snippets: true,
        facet: None,
        list: || Box::new(separated::Separated::tsv()),
        table: Some(|out, table| write_separated(out, table, b'\t')),
    },
    Format {
        name: "markdown",
        extensions: &["md"],
        media_type: "text/markdown",
        help: "a Markdown table",
        fields: true,
        snippets: true,
        facet: None,
        list: || Box::new(markdown::Markdown),
        table: Some(write_markdown),
    },
    Format {
        name: "xlsx",
        extensions: &["xlsx"],
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        help: "a spreadsheet",
        fields: true,
        snippets: true,
        facet: None,
        list: || Box::<xlsx::Xlsx>::default(),
        table: Some(write_xlsx),
    },
    Format {
        name: "geojson",
        extensions: &["geojson"],
        media_type: "application/geo+json",
        help: "a map: one point per place, with its number of articles",
        fields: false,
        snippets: false,
        facet: None,
        list: || Box::<geojson::Places>::default(),
        table: None,
    },
    Format {
        name: "geojson-articles",
        extensions: &[],
        media_type: "application/geo+json",
        help: "a map: one point per article and place",
        fields: false,
        snippets: false,
        facet: None,
        list: || Box::<geojson::Articles>::default(),
        table: None,
    },
    Format {
        name: "ris",
        extensions: &["ris"],
        media_type: "application/x-research-info-systems",
        help: "references for Zotero, EndNote and others",
        fields: false,
        snippets: true,
        facet: None,
        list: || Box::new(ris::Ris),
        table: None,
    },
    Format {
        name: "bibtex",
        extensions: &["bib"],
        media_type: "application/x-bibtex",
        help: "references for LaTeX",
        fields: false,
        snippets: false,
        facet: None,
        list: || Box::new(bibtex::Bibtex),
        table: None,
    },
    Format {
        name: "csl-json",
        extensions: &[],
        media_type: "application/vnd.citationstyles.csl+json",
        help: "references for citation processors",
        fields: false,
        snippets: true,
        facet: None,
        list: || Box::<csl::Csl>::default(),
        table: None,
    },
    Format {
        name: "atom",
        extensions: &["atom"],
        media_type: "application/atom+xml",
        help: "a news feed",
        fields: false,
        snippets: true,
        facet: None,
        list: || Box::new(atom::Atom),
        table: None,
    },
    Format {
        name: "html",
        extensions: &["html", "htm"],
        media_type: "text/html",
        help: "a report to read and to print",
        fields: false,
        snippets: true,
        facet: None,
        list: || Box::new(html::Report),
        table: Some(write_html),
    },
    Format {
        name: "gexf",
        extensions: &["gexf"],
        media_type: "application/gexf+xml",
        help: "the network of actors that share articles, for Gephi",
        fields: false,
        snippets: false,
        facet: Some(network::FACET),
        list: || Box::new(network::Network::gexf()),
        table: None,
    },
    Format {
        name: "graphml",
        extensions: &["graphml"],
        media_type: "application/graphml+xml",
        help: "the network of actors that share articles, for yEd and others",
        fields: false,
        snippets: false,
        facet: Some(network::FACET),
        list: || Box::new(network::Network::graphml()),
        table: None,
    },
];

/// The format of this name.
///
/// # Errors
///
/// [`Error::Usage`] with the names there are.
pub fn find_format(name: &str) -> Result<&'static Format> {
    let wanted = name.to_ascii_lowercase();
    EXPORTERS
        .iter()
        .find(|format| format.name == wanted || format.extensions.contains(&wanted.as_str()))
        .ok_or_else(|| {
            Error::Usage(format!("no format is called `{name}`\nhint: there are {}", names(|_| true)))
        })
}

/// The format that can hold tables of counts, checked.
///
/// # Errors
///
/// [`Error::Usage`] with the names of those that can.
pub fn table_format(format: &'static Format) -> Result<WriteTable> {
    format.table.ok_or_else(|| {
        Error::Usage(format!(
            "{} lists articles and cannot hold a table\nhint: {} can",
            format.name,
            names(|format| format.table.is_some())
        ))
    })
}

/// Checks that `--fields` means something to the format.
///
/// # Errors
///
/// [`Error::Usage`] with the names of those to which it does.
pub fn check_fields(format: &Format, fields: bool) -> Result<()> {
    if !fields || format.fields {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "{} has fields of its own, --fields cannot choose them\nhint: it can for {}",
        format.name,
        names(|format| format.fields)
    )))
}

fn names(wanted: impl Fn(&Format) -> bool) -> String {
    let names: Vec<&str> =
        EXPORTERS.iter().filter(|format| wanted(format)).map(|format| format.name).collect();
    names.join(", ")
}
