//! The ledger: every file and record ever seen, and what became of it. One SQLite database beside the index.
//!
//! Its unit is the record: found = indexed + duplicate + skipped + failed, always. It gives out identifiers and keeps
//! them, knows which content is already indexed, and so tells a second ingest what is new, changed or gone. It is
//! committed after the index, with a generation that the index carries too: when the two differ, the last run was cut
//! off between them, and the index may hold articles that the ledger does not know. While one process writes it,
//! others may read what was committed last. Never reads an article.

mod change;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, params};
use serde::Serialize;

use crate::calendar::{DayHabit, DayOrder};
use crate::error::{Error, Result};

pub use crate::ledger::change::Change;

/// Version of the tables below; kept in the database as `user_version`.
const LEDGER_VERSION: i64 = 3;

/// A row per file, a row per record, a row per run, a row per file and way of writing days in figures. The partial indexes answer who owns an identifier, which content is
/// indexed, and what is a duplicate of what.
const TABLES: &str = "
CREATE TABLE files (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL DEFAULT -1,
    modified_ns INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE rows (
    file INTEGER NOT NULL,
    record INTEGER NOT NULL,
    state INTEGER NOT NULL,
    stage TEXT NOT NULL,
    reason TEXT NOT NULL,
    id TEXT NOT NULL,
    content BLOB NOT NULL,
    text_bytes INTEGER NOT NULL,
    format TEXT NOT NULL,
    annotator INTEGER NOT NULL,
    PRIMARY KEY (file, record)
) WITHOUT ROWID;
CREATE INDEX owners ON rows (id) WHERE state = 0;
CREATE INDEX contents ON rows (content) WHERE state = 0;
CREATE INDEX duplicates ON rows (id) WHERE state = 1;
CREATE TABLE runs (
    started TEXT NOT NULL,
    seconds REAL NOT NULL,
    files INTEGER NOT NULL,
    indexed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    text_bytes INTEGER NOT NULL,
    stopped INTEGER NOT NULL
);
CREATE TABLE versions (id TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE habits (
    file INTEGER NOT NULL,
    publisher TEXT NOT NULL,
    folder TEXT NOT NULL,
    day_order INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (file, publisher, folder, day_order, shown)
) WITHOUT ROWID;
CREATE TABLE roots (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE numbers (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
";

/// How long one process waits for another that is just making a commit last.
const BUSY: Duration = Duration::from_secs(2);
/// Memory for pages of the database.
const CACHE_KIB: i64 = 32 << 10;
/// What a file looked like when it was last read; another look means that it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Size.
    pub bytes: u64,
    /// Time of last change, in nanoseconds since 1970; 0 if unknown.
    pub modified_ns: u64,
}

impl Look {
    /// The look of a file that was not read to its end: no file ever looks like this, so it is read again.
    pub const UNFINISHED: Look = Look { bytes: u64::MAX, modified_ns: 0 };

    /// The look of a file of so many bytes that was too large to be read: with a higher limit it is.
    pub fn too_large(bytes: u64) -> Look {
        Look { bytes, modified_ns: u64::MAX }
    }
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is in the index.
    Indexed,
    /// The same record is in the index already.
    Duplicate,
    /// There is nothing to index.
    Skipped,
    /// It could not be read.
    Failed,
}

impl State {
    /// Every state, by the number it has in the database.
    pub const ALL: [State; 4] = [State::Indexed, State::Duplicate, State::Skipped, State::Failed];

    /// The name used in files and messages.
    pub fn name(self) -> &'static str {
        match self {
            State::Indexed => "indexed",
            State::Duplicate => "duplicate",
            State::Skipped => "skipped",
            State::Failed => "failed",
        }
    }
}

/// One record of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What became of it.
    pub state: State,
    /// Where it went wrong: `walk`, `open`, `decode`, `read`, or `annotate` for what is indexed without annotations;
    /// empty if nothing did.
    pub stage: String,
    /// Why, for people; empty if nothing went wrong.
    pub reason: String,
    /// The article's identifier; for a duplicate that of the indexed one; empty if it has none.
    pub id: String,
    /// Fingerprint of title, text and metadata; 0 if it was not read.
    pub content: u128,
    /// Bytes of title and text.
    pub text_bytes: u64,
    /// Name of its format; empty if none was recognised.
    pub format: String,
    /// Fingerprint of what annotated it; 0 if nothing did.
    pub annotator: u64,
}

/// A row with its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Key of the file.
    pub file: String,
    /// Record number, from 1; 0 for a file as a whole.
    pub record: u64,
    /// What became of it.
    pub row: Row,
}

/// Totals by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All records ever seen and still there.
    pub found: u64,
    /// In the index.
    pub indexed: u64,
    /// The same again.
    pub duplicate: u64,
    /// Nothing to index.
    pub skipped: u64,
    /// Not readable.
    pub failed: u64,
    /// Bytes of title and text of what is indexed.
    pub text_bytes: u64,
}

impl Totals {
    /// Counts a row.
    pub fn add(&mut self, row: &Row) {
        self.add_many(row.state, 1, row.text_bytes);
    }

    /// Counts rows of one state, whose texts have `text_bytes` bytes in all.
    fn add_many(&mut self, state: State, records: u64, text_bytes: u64) {
        self.found += records;
        match state {
            State::Indexed => {
                self.indexed += records;
                self.text_bytes += text_bytes;
            }
            State::Duplicate => self.duplicate += records,
            State::Skipped => self.skipped += records,
            State::Failed => self.failed += records,
        }
    }
}

/// One ingest run that came to its end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    /// When it began, RFC 3339.
    pub started: String,
    /// How long it took.
    pub seconds: f64,
    /// Files read.
    pub files: u64,
    /// Records indexed.
    pub indexed: u64,
    /// Records that failed.
    pub failed: u64,
    /// Bytes of title and text indexed.
    pub text_bytes: u64,
    /// It was asked to stop before it was through.
    pub stopped: bool,
}

/// Which files to read again though they look as they did: those with a record that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retry {
    /// Everything.
    All,
    /// A record failed, or is indexed without annotations.
    Failed,
    /// Only files that look changed are read, and no new ones.
    Changed,
    /// A record failed, or was passed over, in this stage.
    Stage(String),
    /// A record has this format.
    Format(String),
}

/// The ledger of one index.
pub struct Ledger {
    connection: Connection,
    path: PathBuf,
}

impl Ledger {
    /// The file in an index folder.
    pub fn file_in(index: &Path) -> PathBuf {
        index.join("ledger.sqlite")
    }

    /// Opens the ledger of the index folder `index` for writing, or makes one.
    ///
    /// # Errors
    /// [`Error::Index`] if it is broken, [`Error::Version`] if another version of dateline made it.
    pub fn open(index: &Path) -> Result<Ledger> {
        let path = Ledger::file_in(index);
        let connection = Connection::open(&path).map_err(|error| broken(&path, &error))?;
        let ledger = Ledger { connection, path };
        ledger.set_up(index)?;
        Ok(ledger)
    }

    /// Opens the ledger of the index folder `index` to look at what was committed last, whoever writes to it meanwhile.
    ///
    /// # Errors
    /// [`Error::NoIndex`] if there is none, else as [`Ledger::open`].
    pub fn read(index: &Path) -> Result<Ledger> {
        let path = Ledger::file_in(index);
        if !path.is_file() {
            return Err(Error::NoIndex { path: index.to_path_buf() });
        }
        let connection = open_read_only(&path).map_err(|error| broken(&path, &error))?;
        let ledger = Ledger { connection, path };
        ledger.check_version(index)?;
        Ok(ledger)
    }

    fn set_up(&self, index: &Path) -> Result<()> {
        let set_up = || -> rusqlite::Result<i64> {
            self.connection.busy_timeout(BUSY)?;
            self.connection.set_prepared_statement_cache_capacity(64);
            // Readers never wait for the writer, and a commit outlives a power cut.
            self.connection.pragma_update(None, "journal_mode", "wal")?;
            self.connection.pragma_update(None, "synchronous", "full")?;
            self.connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
            let version: i64 = self.connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            if version == 0 {
                let make =
                    format!("BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {LEDGER_VERSION}; COMMIT;");
                self.connection.execute_batch(&make)?;
            }
            Ok(version)
        };
        match self.told(set_up())? {
            0 => Ok(()),
            _ => self.check_version(index),
        }
    }

    fn check_version(&self, index: &Path) -> Result<()> {
        let version = self.connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
        let version = self.told(version)?;
        if version == LEDGER_VERSION {
            return Ok(());
        }
        let (found, supported) = (format!("ledger {version}"), format!("ledger {LEDGER_VERSION}"));
        Err(Error::Version { path: index.to_path_buf(), found, supported })
    }

    /// The number of the last commit; 0 for a new ledger.
    pub fn generation(&self) -> Result<u64> {
        self.number("generation")
    }

    fn number(&self, name: &str) -> Result<u64> {
        let found = self
            .connection
            .prepare_cached("SELECT number FROM numbers WHERE name = ?1")
            .and_then(|mut query| query.query_row([name], |row| row.get::<_, i64>(0)).optional());
        Ok(self.told(found)?.unwrap_or(0) as u64)
    }

    /// Starts a change; nothing of it lasts until it is committed.
    ///
    /// # Errors
    /// [`Error::Locked`] if another process changes it.
    pub fn change(&self) -> Result<Change<'_>> {
        Change::begin(self)
    }

    /// Totals over all rows.
    pub fn totals(&self) -> Result<Totals> {
        let mut totals = Totals::default();
        let count = || -> rusqlite::Result<()> {
            let sql = "SELECT state, count(*), sum(text_bytes) FROM rows GROUP BY state";
            let mut query = self.connection.prepare_cached(sql)?;
            let mut states = query.query([])?;
            while let Some(row) = states.next()? {
                let (records, bytes) = (row.get::<_, i64>(1)? as u64, row.get::<_, i64>(2)? as u64);
                totals.add_many(read_state(row, 0)?, records, bytes);
            }
            Ok(())
        };
        let counted = { count }();
        self.told(counted)?;
        Ok(totals)
    }

    /// Visits every row, by file key and record.
    pub fn each_row(&self, visit: &mut dyn FnMut(Entry)) -> Result<()> {
        let visit_all = || -> rusqlite::Result<()> {
            let sql = format!(
                "SELECT key, record, {ROW} FROM rows JOIN files ON file = number ORDER BY key, record"
            );
            let mut query = self.connection.prepare_cached(&sql)?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                visit(Entry {
                    file: row.get(0)?,
                    record: row.get::<_, i64>(1)? as u64,
                    row: read_row(row, 2)?,
                });
            }
            Ok(())
        };
        let visited = { visit_all }();
        self.told(visited)
    }

    /// Every file under `prefix` with its look; the empty one is the folder that holds the index.
    pub fn files_under(&self, prefix: &str) -> Result<BTreeMap<String, Look>> {
        let collect = || -> rusqlite::Result<BTreeMap<String, Look>> {
            let sql = "SELECT key, bytes, modified_ns FROM files WHERE key >= ?1 ORDER BY key";
            let mut query = self.connection.prepare_cached(sql)?;
            let mut found = query.query([prefix])?;
            let mut files = BTreeMap::new();
            while let Some(row) = found.next()? {
                let key: String = row.get(0)?;
                if !key.starts_with(prefix) {
                    break;
                }
                if is_under(&key, prefix) {
                    let (bytes, modified_ns) = (row.get::<_, i64>(1)? as u64, row.get::<_, i64>(2)? as u64);
                    files.insert(key, Look { bytes, modified_ns });
                }
            }
            Ok(files)
        };
        self.told(collect())
    }

    /// Keys of the files that have a record which `retry` asks for.
    pub fn files_to_retry(&self, retry: &Retry) -> Result<BTreeSet<String>> {
        let (condition, value) = match retry {
            Retry::Changed => return Ok(BTreeSet::new()),
            Retry::All => ("?1 = ''", ""),
            Retry::Failed => ("state = 3 OR stage = ?1", "annotate"),
            Retry::Stage(stage) => ("stage = ?1", stage.as_str()),
            Retry::Format(format) => ("format = ?1", format.as_str()),
        };
        let collect = || -> rusqlite::Result<BTreeSet<String>> {
            let sql = format!("SELECT DISTINCT key FROM rows JOIN files ON file = number WHERE {condition}");
            let mut query = self.connection.prepare(&sql)?;
            query.query_map([value], |row| row.get(0))?.collect()
        };
        self.told(collect())
    }

    /// Identifiers of indexed articles that something else than `annotator` annotated, or nothing.
    pub fn annotated_otherwise(&self, annotator: u64) -> Result<Vec<String>> {
        let collect = || -> rusqlite::Result<Vec<String>> {
            let sql = "SELECT id FROM rows WHERE state = 0 AND annotator <> ?1 ORDER BY file, record";
            let mut query = self.connection.prepare(sql)?;
            query.query_map([annotator as i64], |row| row.get(0))?.collect()
        };
        self.told(collect())
    }

    /// Other places where the same record was found: the duplicates of `id`.
    pub fn duplicates_of(&self, id: &str) -> Result<Vec<(String, u64)>> {
        let collect = || -> rusqlite::Result<Vec<(String, u64)>> {
            let sql = "SELECT key, record FROM rows JOIN files ON file = number \
                       WHERE id = ?1 AND state = 1 ORDER BY key, record";
            let mut query = self.connection.prepare_cached(sql)?;
            query.query_map([id], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?.collect()
        };
        self.told(collect())
    }

    /// Whether an article of this identifier is on the books.
    pub fn has_id(&self, id: &str) -> Result<bool> {
        let found = self
            .connection
            .prepare_cached("SELECT 1 FROM rows WHERE id = ?1 AND state = 0")
            .and_then(|mut query| query.exists([id]));
        self.told(found)
    }

    /// How days in figures are written, with the number of articles that show it.
    pub fn shown_habits(&self) -> Result<Vec<(DayHabit, u64)>> {
        self.habits(
            "SELECT publisher, folder, day_order, shown, sum(articles) FROM habits WHERE shown = 1 \
                     GROUP BY publisher, folder, day_order",
            [],
        )
    }

    /// How days were read that could be read both ways.
    pub fn assumed_habits(&self) -> Result<Vec<DayHabit>> {
        let found = self.habits(
            "SELECT publisher, folder, day_order, shown, sum(articles) FROM habits \
                                 WHERE shown = 0 GROUP BY publisher, folder, day_order",
            [],
        )?;
        Ok(found.into_iter().map(|(habit, _)| habit).collect())
    }

    /// The habits of a file, with the number of its articles that have each.
    pub fn habits_of(&self, file: &str) -> Result<Vec<(DayHabit, u64)>> {
        self.habits(
            "SELECT publisher, folder, day_order, shown, articles FROM habits \
                     JOIN files ON file = number WHERE key = ?1",
            [file],
        )
    }

    /// Keys of the files with an article of this habit.
    pub fn files_with_habit(&self, habit: &DayHabit) -> Result<Vec<String>> {
        let collect = || -> rusqlite::Result<Vec<String>> {
            let sql = "SELECT key FROM habits JOIN files ON file = number WHERE publisher = ?1 AND folder = ?2 \
                       AND day_order = ?3 AND shown = ?4 ORDER BY key";
            let mut query = self.connection.prepare_cached(sql)?;
            let wanted = params![habit.publisher, habit.folder, order_number(habit.order), habit.shown];
            query.query_map(wanted, |row| row.get(0))?.collect()
        };
        self.told(collect())
    }

    fn habits(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<(DayHabit, u64)>> {
        let collect = || -> rusqlite::Result<Vec<(DayHabit, u64)>> {
            let mut query = self.connection.prepare_cached(sql)?;
            let read = |row: &rusqlite::Row<'_>| {
                let order = ORDERS.get(row.get::<_, i64>(2)? as usize).copied().flatten();
                let habit =
                    DayHabit { publisher: row.get(0)?, folder: row.get(1)?, order, shown: row.get(3)? };
                Ok((habit, row.get::<_, i64>(4)? as u64))
            };
            query.query_map(values, read)?.collect()
        };
        self.told(collect())
    }

    /// Keys of the folders and files that were ever ingested as a whole.
    pub fn roots(&self) -> Result<Vec<String>> {
        let collect = || -> rusqlite::Result<Vec<String>> {
            let mut query = self.connection.prepare("SELECT key FROM roots ORDER BY key")?;
            query.query_map([], |row| row.get(0))?.collect()
        };
        self.told(collect())
    }

    /// The runs, the latest first.
    pub fn runs(&self) -> Result<Vec<Run>> {
        let collect = || -> rusqlite::Result<Vec<Run>> {
            let sql = "SELECT started, seconds, files, indexed, failed, text_bytes, stopped FROM runs \
                       ORDER BY rowid DESC";
            let mut query = self.connection.prepare(sql)?;
            let read = |row: &rusqlite::Row<'_>| {
                let number = |column: usize| row.get::<_, i64>(column).map(|number| number as u64);
                Ok(Run {
                    started: row.get(0)?,
                    seconds: row.get(1)?,
                    files: number(2)?,
                    indexed: number(3)?,
                    failed: number(4)?,
                    text_bytes: number(5)?,
                    stopped: row.get(6)?,
                })
            };
            query.query_map([], read)?.collect()
        };
        self.told(collect())
    }

    /// The result, or our error for it.
    fn told<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|error| broken(&self.path, &error))
    }
}

/// The orders of day and month, by the number they have in the database.
const ORDERS: [Option<DayOrder>; 3] = [None, Some(DayOrder::DayFirst), Some(DayOrder::MonthFirst)];

fn order_number(order: Option<DayOrder>) -> i64 {
    ORDERS.iter().position(|known| *known == order).unwrap_or_default() as i64
}

/// What reads a [`Row`] from a `SELECT`, from column `first` on.
const ROW: &str = "state, stage, reason, id, content, text_bytes, format, annotator";

fn read_row(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Row> {
    Ok(Row {
        state: read_state(row, first)?,
        stage: row.get(first + 1)?,
        reason: row.get(first + 2)?,
        id: row.get(first + 3)?,
        content: u128::from_be_bytes(row.get(first + 4)?),
        text_bytes: row.get::<_, i64>(first + 5)? as u64,
        format: row.get(first + 6)?,
        annotator: row.get::<_, i64>(first + 7)? as u64,
    })
}

fn read_state(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<State> {
    let number: i64 = row.get(column)?;
    Ok(State::ALL.get(number as usize).copied().unwrap_or(State::Failed))
}

/// An index on a medium that cannot be written has no place for the files by which readers and the writer agree; nobody
/// writes there either.
fn open_read_only(path: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    match connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
            let name = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            Connection::open_with_flags(format!("file:{name}?immutable=1"), flags)
        }
        // A full disk has no room for them either; what was committed and not yet moved into the database is still told.
        Err(error)
            if matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure)
            ) =>
        {
            drop(connection);
            let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            connection.busy_timeout(BUSY)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            // Alone, a process keeps them in memory.
            connection.pragma_update(None, "locking_mode", "exclusive")?;
            Ok(connection)
        }
        _ => Ok(connection),
    }
}

/// Whether the file `key` is the root `prefix` itself or lies under it.
fn is_under(key: &str, prefix: &str) -> bool {
    let Some(rest) = key.strip_prefix(prefix) else { return false };
    // The folder that holds the index: keys of what lies elsewhere begin at the top of the file system, or have a scheme.
    let is_elsewhere = |key: &str| key.starts_with('/') || key.contains("//") || has_drive(key);
    prefix.is_empty() && !is_elsewhere(key)
        || prefix.ends_with('/')
        || rest.is_empty()
        || !prefix.is_empty() && rest.starts_with('/')
}

/// Whether a key begins with a drive, as in `C:/news`.
fn has_drive(key: &str) -> bool {
    matches!(key.as_bytes(), [drive, b':', b'/', ..] if drive.is_ascii_alphabetic())
}

fn broken(path: &Path, error: &rusqlite::Error) -> Error {
    let index = path.parent().unwrap_or(path).to_path_buf();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Error::Locked { path: index, holder: "another dateline process".to_owned() }
        }
        _ => Error::Index { path: path.to_path_buf(), message: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(state: State, id: &str, content: u128) -> Row {
        Row {
            state,
            stage: String::new(),
            reason: String::new(),
            id: id.to_owned(),
            content,
            text_bytes: 10,
            format: "text".to_owned(),
            annotator: 1,
        }
    }

    #[test]
    fn rows_give_and_take_back_what_they_own() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(folder.path()).unwrap();
        let change = ledger.change().unwrap();
        let first = row(State::Indexed, "a", 1);
        change.set_file("news/a.txt", Look { bytes: 1, modified_ns: 2 }).unwrap();
        change.set_row("news/a.txt", 0, &first).unwrap();
        change.set_row("news/b.txt", 0, &row(State::Duplicate, "a", 1)).unwrap();
        change.set_row("newsletter.txt", 0, &row(State::Failed, "", 0)).unwrap();
        assert_eq!(change.owner("a").unwrap(), Some(("news/a.txt".to_owned(), 0)));
        assert_eq!(change.indexed_as(1).unwrap().as_deref(), Some("a"));
        assert_eq!(change.files_with_duplicates_of("a").unwrap(), ["news/b.txt"]);
        change.commit(7).unwrap();

        let totals = ledger.totals().unwrap();
        assert_eq!((totals.found, totals.indexed, totals.duplicate, totals.failed), (3, 1, 1, 1));
        assert_eq!(ledger.generation().unwrap(), 7);
        let files = ledger.files_under("news").unwrap();
        assert_eq!(files.keys().collect::<Vec<_>>(), ["news/a.txt", "news/b.txt"]);
        assert_eq!(files["news/b.txt"], Look::UNFINISHED, "its rows were written, its look was not");

        let change = ledger.change().unwrap();
        change.remove_file("news/a.txt").unwrap();
        assert_eq!(change.owner("a").unwrap(), None);
        assert_eq!(change.indexed_as(1).unwrap(), None);
        change.commit(8).unwrap();
        assert!(!ledger.files_under("").unwrap().contains_key("news/a.txt"));
    }

    #[test]
    fn files_lie_under_roots() {
        for (key, root, expected) in [
            ("news/a.txt", "news", true),
            ("news", "news", true),
            ("news/a.txt", "new", false),
            ("newsletter.txt", "news", false),
            ("news/a.txt", "", true),
            ("a:b.txt", "", true),
            ("/mnt/news/a.txt", "", false),
            ("C:/news/a.txt", "", false),
            ("stdin://today.jsonl", "", false),
            ("/mnt/news/a.txt", "/", true),
            ("/mnt/news/a.txt", "/mnt", true),
        ] {
            assert_eq!(is_under(key, root), expected, "{key} under {root}");
        }
    }

    #[test]
    fn a_change_that_is_not_committed_leaves_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(folder.path()).unwrap();
        let change = ledger.change().unwrap();
        change.set_row("a.txt", 0, &row(State::Indexed, "a", 1)).unwrap();
        drop(change);
        assert_eq!(ledger.totals().unwrap(), Totals::default());
    }

    #[test]
    fn others_read_what_was_committed_while_one_writes() {
        let folder = tempfile::tempdir().unwrap();
        let writing = Ledger::open(folder.path()).unwrap();
        let change = writing.change().unwrap();
        change.set_row("a.txt", 0, &row(State::Indexed, "a", 1)).unwrap();
        change.commit(1).unwrap();
        let change = writing.change().unwrap();
        change.set_row("b.txt", 0, &row(State::Indexed, "b", 2)).unwrap();
        let reading = Ledger::read(folder.path()).unwrap();
        assert_eq!(reading.totals().unwrap().indexed, 1);
        assert!(matches!(Ledger::open(folder.path()).unwrap().change(), Err(Error::Locked { .. })));
        change.commit(2).unwrap();
        assert_eq!(reading.totals().unwrap().indexed, 2);
    }

    #[test]
    fn what_is_no_ledger_is_told() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Ledger::read(folder.path()), Err(Error::NoIndex { .. })));
        std::fs::write(Ledger::file_in(folder.path()), "not a database, whatever its name says".repeat(40))
            .unwrap();
        assert!(matches!(Ledger::open(folder.path()), Err(Error::Index { .. })));
        assert!(matches!(Ledger::read(folder.path()), Err(Error::Index { .. })));
    }

    #[test]
    fn files_are_chosen_by_what_became_of_their_records() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(folder.path()).unwrap();
        let change = ledger.change().unwrap();
        let with = |state, stage: &str, format: &str| Row {
            stage: stage.to_owned(),
            format: format.to_owned(),
            ..row(state, "", 0)
        };
        change.set_row("failed.txt", 0, &with(State::Failed, "decode", "text")).unwrap();
        change.set_row("bare.txt", 0, &with(State::Indexed, "annotate", "text")).unwrap();
        change.set_row("empty.pdf", 0, &with(State::Skipped, "read", "pdf")).unwrap();
        change.set_row("good.txt", 0, &with(State::Indexed, "", "text")).unwrap();
        change.commit(1).unwrap();
        for (retry, expected) in [
            (Retry::Failed, &["bare.txt", "failed.txt"][..]),
            (Retry::Changed, &[]),
            (Retry::Stage("annotate".to_owned()), &["bare.txt"]),
            (Retry::Format("pdf".to_owned()), &["empty.pdf"]),
        ] {
            let found: Vec<String> = ledger.files_to_retry(&retry).unwrap().into_iter().collect();
            assert_eq!(found, expected, "{retry:?}");
        }
    }
}
