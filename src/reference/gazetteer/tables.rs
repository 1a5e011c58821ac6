//! Reads GeoNames-shaped tables: tab-separated text, plain or gzipped, from a folder of the user's or from the program.
//!
//! Gives rows of named fields. Never decides what becomes of them.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::error::{Error, Result};

/// The columns of the official `GeoNames` dump, which has no header.
pub(super) const GEONAMES: &[&str] = &[
    "geonameid",
    "name",
    "asciiname",
    "alternatenames",
    "lat",
    "lon",
    "feature_class",
    "feature_code",
    "country",
    "cc2",
    "admin1",
    "admin2",
    "admin3",
    "admin4",
    "population",
    "elevation",
    "dem",
    "timezone",
    "modified",
];
/// The columns of `admin1CodesASCII.txt` and `admin2Codes.txt`.
pub(super) const ADMIN_CODES: &[&str] = &["code", "name", "asciiname", "geonameid"];
/// The columns of `alternateNamesV2.txt`.
pub(super) const ALTERNATES: &[&str] = &[
    "alternateid",
    "geonameid",
    "language",
    "name",
    "preferred",
    "short",
    "colloquial",
    "historic",
    "from",
    "to",
];

/// One row of a table, by column name.
pub(super) struct Row<'t> {
    columns: &'t [String],
    cells: Vec<&'t str>,
}

impl<'t> Row<'t> {
    /// The cell under `column`; empty if there is none.
    pub(super) fn get(&self, column: &str) -> &'t str {
        let index = self.columns.iter().position(|name| name == column);
        index.and_then(|index| self.cells.get(index)).copied().unwrap_or("").trim()
    }

    /// The cell under `column` cut at its bars.
    pub(super) fn list(&self, column: &str) -> impl Iterator<Item = &'t str> {
        self.get(column).split('|').map(str::trim).filter(|item| !item.is_empty())
    }

    /// The cell under `column` as a number.
    pub(super) fn number<T: std::str::FromStr>(&self, column: &str) -> Option<T> {
        self.get(column).parse().ok()
    }
}

/// Calls `each` with every row of the table in `text`, whose first line names the columns.
pub(super) fn rows_of_text(text: &str, mut each: impl FnMut(&Row<'_>)) {
    let mut lines = text.lines();
    let columns: Vec<String> = lines.next().unwrap_or("").split('\t').map(str::to_owned).collect();
    for line in lines.filter(|line| !line.is_empty()) {
        each(&Row { columns: &columns, cells: line.split('\t').collect() });
    }
}

/// Calls `each` with every row of the file at `path`; `columns` where the file has no header.
pub(super) fn rows_of_file(
    path: &Path,
    columns: Option<&[&str]>,
    mut each: impl FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    let mut reader = open(path)?;
    let mut line = Vec::new();
    let mut names: Option<Vec<String>> =
        columns.map(|columns| columns.iter().map(|name| (*name).to_owned()).collect());
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(Error::io(path))? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']);
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match &names {
            None => names = Some(text.split('\t').map(str::to_owned).collect()),
            Some(names) => each(&Row { columns: names, cells: text.split('\t').collect() })?,
        }
    }
}

fn open(path: &Path) -> Result<BufReader<Box<dyn Read>>> {
    let file = File::open(path).map_err(Error::io(path))?;
    let reader: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "gz") {
        Box::new(MultiGzDecoder::new(BufReader::new(file)))
    } else {
        Box::new(file)
    };
    Ok(BufReader::with_capacity(1 << 16, reader))
}

/// The first of `names` that lies in `folder`, plain or gzipped.
pub(super) fn find(folder: &Path, names: &[&str]) -> Option<PathBuf> {
    names
        .iter()
        .flat_map(|name| [folder.join(name), folder.join(format!("{name}.gz"))])
        .find(|path| path.is_file())
}
