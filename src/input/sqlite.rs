//! `SQLite` databases: each row of a table that has a column for titles or texts is an article.
//!
//! `--map table=NAME` says which table, and other `--map`s which column is which. The user's file is opened so that nothing
//! is ever written to it or beside it; one with changes in a journal of its own is read from a copy.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::input::csv::{columns, sample};
use crate::input::fields::{self, Fields, Value};
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// A database in a file.
pub(super) const FORMAT: Format = Format {
    name: "sqlite",
    label: "SQLite database",
    extensions: &["sqlite", "sqlite3", "db", "db3"],
    sniff,
    read,
};

/// The name of the mapping that says which table is read.
const TABLE: &str = "table";

fn sniff(head: &Head<'_>) -> Confidence {
    if head.bytes.starts_with(b"SQLite format 3\0") { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let file = reader.on_disk()?;
    let copy = copy_with_journal(file.path()).map_err(|error| broken(&error))?;
    let path = copy.as_ref().map_or(file.path(), |(_, path)| path);
    let database = open(path, copy.is_none()).map_err(|error| broken(&error))?;
    let wanted = reader.options.map.iter().find(|(slot, _)| slot == TABLE).map(|(_, name)| name.clone());
    let map: Vec<(String, String)> =
        reader.options.map.iter().filter(|(slot, _)| slot != TABLE).cloned().collect();
    let tables = tables(&database).map_err(|error| broken(&error))?;
    // Staff lists have names too: tables of titles alone are read only where there are none of texts.
    let has_texts = tables.iter().any(|(_, names)| fields::has_text(&sample(names), &map));
    let mut read_any = false;
    for (table, names) in &tables {
        let is_wanted = match &wanted {
            Some(wanted) => wanted.eq_ignore_ascii_case(table),
            None if has_texts => fields::has_text(&sample(names), &map),
            None => columns(names, &map).is_ok(),
        };
        if is_wanted {
            read_any = true;
            read_table(reader, &database, (table, names), &map)?;
        }
    }
    if read_any { Ok(()) } else { Err(no_table(&tables, wanted.as_deref())) }
}

fn broken(error: &dyn std::fmt::Display) -> Halt {
    Halt::Failed { stage: "parse", reason: error.to_string().to_lowercase() }
}

fn no_table(tables: &[(String, Vec<String>)], wanted: Option<&str>) -> Halt {
    let shown: Vec<String> =
        tables.iter().map(|(table, names)| format!("{table} ({})", names.join(", "))).collect();
    let shown: String = shown.join("; ").chars().take(300).collect();
    let reason = match wanted {
        Some(table) => format!("no table {table} among {shown}"),
        None => format!(
            "no table with a column for title or text among {shown}; hint: name them with --map table=TABLE --map text=COLUMN"
        ),
    };
    Halt::Failed { stage: "parse", reason }
}

/// Opens a database so that nothing is written, not even a lock.
fn open(path: &Path, immutable: bool) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mode = if immutable { "mode=ro&immutable=1" } else { "mode=rw" };
    let access = if immutable { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
    let database = Connection::open_with_flags(format!("file:{}?{mode}", escaped(path)), flags | access)?;
    // A file from elsewhere may hold definitions that call functions.
    database
        .execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;")?;
    Ok(database)
}

/// A path as part of a URI.
fn escaped(path: &Path) -> String {
    let mut escaped = String::new();
    for c in path.to_string_lossy().chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '?' => escaped.push_str("%3f"),
            '#' => escaped.push_str("%23"),
            '\\' if cfg!(windows) => escaped.push('/'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A copy of a database whose last changes still lie in a file beside it, for only a writer can bring them in.
fn copy_with_journal(path: &Path) -> std::io::Result<Option<(tempfile::TempDir, PathBuf)>> {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let journals = ["-wal", "-journal"];
    let is_hot = |ending: &&&str| fs::metadata(beside(ending)).is_ok_and(|found| found.len() > 0);
    let Some(journal) = journals.iter().find(is_hot) else { return Ok(None) };
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy.db");
    fs::copy(path, &copy)?;
    fs::copy(beside(journal), folder.path().join(format!("copy.db{journal}")))?;
    Ok(Some((folder, copy)))
}

/// Every table with its columns, in the order in which they were made.
fn tables(database: &Connection) -> rusqlite::Result<Vec<(String, Vec<String>)>> {
    let listed = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
        AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY rootpage, rowid";
    let mut listing = database.prepare(listed)?;
    let names: Vec<String> = listing.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut tables = Vec::new();
    for name in names {
        let statement = database.prepare(&format!("SELECT * FROM {} LIMIT 0", quoted(&name)))?;
        let columns = statement.column_names().map(str::to_owned).collect();
        tables.push((name, columns));
    }
    Ok(tables)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn read_table(
    reader: &mut Reader<'_>,
    database: &Connection,
    (table, names): (&str, &[String]),
    map: &[(String, String)],
) -> Result<(), Halt> {
    let mut statement =
        database.prepare(&format!("SELECT * FROM {}", quoted(table))).map_err(|error| broken(&error))?;
    let mut rows = statement.query([]).map_err(|error| broken(&error))?;
    loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(()),
            // What follows a broken page cannot be reached.
            Err(error) => {
                return reader.next_failed("read", format!("table {table}: {error}").to_lowercase());
            }
        };
        let mut found: Fields<'_> = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            let value = row.get_ref(at).map_err(|error| broken(&error))?;
            found.push((Cow::Borrowed(name.as_str()), value_of(value)));
        }
        let mut draft = fields::draft(found, map);
        draft.article.metadata.insert(TABLE.to_owned(), table.to_owned());
        reader.next(draft)?;
    }
}

fn value_of(value: ValueRef<'_>) -> Value<'_> {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Number(number.to_string()),
        ValueRef::Real(number) => Value::Number(number.to_string()),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => {
            std::str::from_utf8(bytes).map_or(Value::Null, |text| Value::Text(Cow::Borrowed(text)))
        }
    }
}
