//! The ledger: every file and record ever seen, and what became of it. One database file beside the index.
//!
//! Its unit is the record: found = indexed + duplicate + skipped + failed, always. It gives out identifiers and keeps
//! them, knows which content is already indexed, and so tells a second ingest what is new, changed or gone. It is
//! committed after the index, with a generation that the index carries too: when the two differ, the last run was cut
//! off between them, and the index may hold articles that the ledger does not know. Never reads an article.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use redb::{
    Database, DatabaseError, MultimapTableDefinition, ReadableDatabase, ReadableMultimapTable, ReadableTable,
    TableDefinition, WriteTransaction,
};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Files by key: what they looked like when they were read.
const FILES: TableDefinition<&str, &[u8]> = TableDefinition::new("files");
/// Rows by file key and record number.
const ROWS: TableDefinition<(&str, u64), &[u8]> = TableDefinition::new("rows");
/// Who owns an identifier: file key and record number.
const IDS: TableDefinition<&str, (&str, u64)> = TableDefinition::new("ids");
/// Identifier of the article that was indexed with this content.
const CONTENTS: TableDefinition<u128, &str> = TableDefinition::new("contents");
/// Records that are duplicates of an identifier.
const DUPLICATES: MultimapTableDefinition<&str, (&str, u64)> = MultimapTableDefinition::new("duplicates");
/// Numbers about the whole: the generation.
const NUMBERS: TableDefinition<&str, u64> = TableDefinition::new("numbers");

/// What a file looked like when it was last read; another look means that it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Size.
    pub bytes: u64,
    /// Time of last change, in nanoseconds since 1970; 0 if unknown.
    pub modified_ns: u64,
}

impl Look {
    /// The look of a file that was not read to its end: no file ever looks like this, so it is read again.
    pub const UNFINISHED: Look = Look { bytes: u64::MAX, modified_ns: 0 };
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What became of it.
    pub state: State,
    /// Where it went wrong: `walk`, `open`, `decode`, `read`; empty for what is indexed.
    pub stage: String,
    /// Why, for people; empty for what is indexed.
    pub reason: String,
    /// The article's identifier; for a duplicate that of the indexed one; empty if it has none.
    pub id: String,
    /// Fingerprint of title, text and metadata; 0 if it was not read.
    pub content: u128,
    /// Bytes of title and text.
    pub text_bytes: u64,
    /// Name of its format; empty if none was recognised.
    pub format: String,
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
        self.found += 1;
        match row.state {
            State::Indexed => {
                self.indexed += 1;
                self.text_bytes += row.text_bytes;
            }
            State::Duplicate => self.duplicate += 1,
            State::Skipped => self.skipped += 1,
            State::Failed => self.failed += 1,
        }
    }
}

/// The ledger of one index.
pub struct Ledger {
    database: Database,
    path: PathBuf,
}

impl Ledger {
    /// The file in an index folder.
    pub fn file_in(index: &Path) -> PathBuf {
        index.join("ledger.redb")
    }

    /// Opens the ledger of the index folder `index`, or makes one.
    ///
    /// # Errors
    /// [`Error::Locked`] if another process has it open, [`Error::Index`] if it is broken.
    pub fn open(index: &Path) -> Result<Ledger> {
        let path = Ledger::file_in(index);
        // A small cache: rows are written in order and read mostly once.
        let opened = Database::builder().set_cache_size(32 << 20).create(&path);
        let database = opened.map_err(|error| open_error(index, &error))?;
        let ledger = Ledger { database, path };
        let change = ledger.change()?;
        change.commit(ledger.generation()?)?;
        Ok(ledger)
    }

    /// The number of the last commit; 0 for a new ledger.
    pub fn generation(&self) -> Result<u64> {
        let read = self.database.begin_read().map_err(|error| self.broken(&error))?;
        match read.open_table(NUMBERS) {
            Ok(numbers) => {
                let number = numbers.get("generation").map_err(|error| self.broken(&error))?;
                Ok(number.map_or(0, |number| number.value()))
            }
            Err(redb::TableError::TableDoesNotExist(_)) => Ok(0),
            Err(error) => Err(self.broken(&error)),
        }
    }

    /// Starts a change; nothing of it lasts until it is committed.
    pub fn change(&self) -> Result<Change<'_>> {
        let transaction = self.database.begin_write().map_err(|error| self.broken(&error))?;
        let change = Change { transaction, ledger: self };
        change.make_tables().map_err(|error| self.broken(&error))?;
        Ok(change)
    }

    /// Totals over all rows.
    pub fn totals(&self) -> Result<Totals> {
        let mut totals = Totals::default();
        self.each_row(&mut |entry| totals.add(&entry.row))?;
        Ok(totals)
    }

    /// Visits every row, by file key and record.
    pub fn each_row(&self, visit: &mut dyn FnMut(Entry)) -> Result<()> {
        let visit_all = || -> Result<(), redb::Error> {
            let read = self.database.begin_read()?;
            for item in read.open_table(ROWS)?.iter()? {
                let (key, row) = item?;
                let (file, record) = key.value();
                visit(Entry { file: file.to_owned(), record, row: decode(row.value()) });
            }
            Ok(())
        };
        let mut visit_all = visit_all;
        visit_all().map_err(|error| self.broken(&error))
    }

    /// Every file under `prefix` (all if empty) with its look.
    pub fn files_under(&self, prefix: &str) -> Result<BTreeMap<String, Look>> {
        let collect = || -> Result<BTreeMap<String, Look>, redb::Error> {
            let read = self.database.begin_read()?;
            let mut files = BTreeMap::new();
            for item in read.open_table(FILES)?.range(prefix..)? {
                let (key, look) = item?;
                let key = key.value();
                if !key.starts_with(prefix) {
                    break;
                }
                if is_under(key, prefix) {
                    files.insert(key.to_owned(), decode(look.value()));
                }
            }
            Ok(files)
        };
        collect().map_err(|error| self.broken(&error))
    }

    /// Other places where the same record was found: the duplicates of `id`.
    pub fn duplicates_of(&self, id: &str) -> Result<Vec<(String, u64)>> {
        let collect = || -> Result<Vec<(String, u64)>, redb::Error> {
            let read = self.database.begin_read()?;
            let found = read.open_multimap_table(DUPLICATES)?.get(id)?;
            found.map(|entry| Ok(entry.map(|entry| address(entry.value()))?)).collect()
        };
        collect().map_err(|error| self.broken(&error))
    }

    /// Whether an article of this identifier is on the books.
    pub fn has_id(&self, id: &str) -> Result<bool> {
        let look_up = || -> Result<bool, redb::Error> {
            Ok(self.database.begin_read()?.open_table(IDS)?.get(id)?.is_some())
        };
        look_up().map_err(|error| self.broken(&error))
    }

    fn broken(&self, error: &dyn std::fmt::Display) -> Error {
        Error::Index { path: self.path.clone(), message: error.to_string() }
    }
}

/// Whether the file `key` is the root `prefix` itself or lies under it.
fn is_under(key: &str, prefix: &str) -> bool {
    prefix.is_empty()
        || prefix.ends_with('/')
        || key.len() == prefix.len()
        || key[prefix.len()..].starts_with('/')
}

fn address((file, record): (&str, u64)) -> (String, u64) {
    (file.to_owned(), record)
}

fn open_error(index: &Path, error: &DatabaseError) -> Error {
    match error {
        DatabaseError::DatabaseAlreadyOpen => {
            Error::Locked { path: index.to_path_buf(), holder: "another dateline process".to_owned() }
        }
        other => Error::Index { path: Ledger::file_in(index), message: other.to_string() },
    }
}

/// A change to the ledger that is not yet committed; it reads its own writes.
pub struct Change<'l> {
    transaction: WriteTransaction,
    ledger: &'l Ledger,
}

impl Change<'_> {
    fn make_tables(&self) -> Result<(), redb::Error> {
        self.transaction.open_table(FILES)?;
        self.transaction.open_table(ROWS)?;
        self.transaction.open_table(IDS)?;
        self.transaction.open_table(CONTENTS)?;
        self.transaction.open_multimap_table(DUPLICATES)?;
        Ok(())
    }

    /// Makes everything last, as `generation`.
    pub fn commit(self, generation: u64) -> Result<()> {
        let ledger = self.ledger;
        let commit = || -> Result<(), redb::Error> {
            self.transaction.open_table(NUMBERS)?.insert("generation", generation)?;
            self.transaction.commit()?;
            Ok(())
        };
        commit().map_err(|error| ledger.broken(&error))
    }

    /// Notes how a file looked when it was read.
    pub fn set_file(&self, file: &str, look: Look) -> Result<()> {
        let set = || -> Result<(), redb::Error> {
            self.transaction.open_table(FILES)?.insert(file, encode(&look).as_slice())?;
            Ok(())
        };
        set().map_err(|error| self.ledger.broken(&error))
    }

    /// The rows of a file, by record.
    pub fn rows_of(&self, file: &str) -> Result<Vec<(u64, Row)>> {
        let collect = || -> Result<Vec<(u64, Row)>, redb::Error> {
            let rows = self.transaction.open_table(ROWS)?;
            let mut found = Vec::new();
            for item in rows.range((file, 0)..=(file, u64::MAX))? {
                let (key, row) = item?;
                found.push((key.value().1, decode(row.value())));
            }
            Ok(found)
        };
        collect().map_err(|error| self.ledger.broken(&error))
    }

    /// Strikes a file and its rows out; gives the files that hold duplicates of what was indexed from it.
    pub fn remove_file(&self, file: &str) -> Result<()> {
        for (record, row) in self.rows_of(file)? {
            self.remove_row(file, record, &row)?;
        }
        let remove = || -> Result<(), redb::Error> {
            self.transaction.open_table(FILES)?.remove(file)?;
            Ok(())
        };
        remove().map_err(|error| self.ledger.broken(&error))
    }

    /// Strikes a row out, and what it owns.
    pub fn remove_row(&self, file: &str, record: u64, row: &Row) -> Result<()> {
        let remove = || -> Result<(), redb::Error> {
            self.transaction.open_table(ROWS)?.remove((file, record))?;
            match row.state {
                State::Indexed => {
                    let mut ids = self.transaction.open_table(IDS)?;
                    let owns = ids.get(row.id.as_str())?.is_some_and(|owner| owner.value() == (file, record));
                    if owns {
                        ids.remove(row.id.as_str())?;
                    }
                    let mut contents = self.transaction.open_table(CONTENTS)?;
                    let holds = contents.get(row.content)?.is_some_and(|id| id.value() == row.id);
                    if holds {
                        contents.remove(row.content)?;
                    }
                }
                State::Duplicate => {
                    let mut duplicates = self.transaction.open_multimap_table(DUPLICATES)?;
                    duplicates.remove(row.id.as_str(), (file, record))?;
                }
                State::Skipped | State::Failed => {}
            }
            Ok(())
        };
        remove().map_err(|error| self.ledger.broken(&error))
    }

    /// Writes a row, and gives it what it owns.
    pub fn set_row(&self, file: &str, record: u64, row: &Row) -> Result<()> {
        let set = || -> Result<(), redb::Error> {
            self.transaction.open_table(ROWS)?.insert((file, record), encode(row).as_slice())?;
            match row.state {
                State::Indexed => {
                    self.transaction.open_table(IDS)?.insert(row.id.as_str(), (file, record))?;
                    self.transaction.open_table(CONTENTS)?.insert(row.content, row.id.as_str())?;
                }
                State::Duplicate => {
                    let mut duplicates = self.transaction.open_multimap_table(DUPLICATES)?;
                    duplicates.insert(row.id.as_str(), (file, record))?;
                }
                State::Skipped | State::Failed => {}
            }
            Ok(())
        };
        set().map_err(|error| self.ledger.broken(&error))
    }

    /// Who owns an identifier: file key and record.
    pub fn owner(&self, id: &str) -> Result<Option<(String, u64)>> {
        let look_up = || -> Result<Option<(String, u64)>, redb::Error> {
            Ok(self.transaction.open_table(IDS)?.get(id)?.map(|owner| address(owner.value())))
        };
        look_up().map_err(|error| self.ledger.broken(&error))
    }

    /// The identifier under which this content is indexed.
    pub fn indexed_as(&self, content: u128) -> Result<Option<String>> {
        let look_up = || -> Result<Option<String>, redb::Error> {
            Ok(self.transaction.open_table(CONTENTS)?.get(content)?.map(|id| id.value().to_owned()))
        };
        look_up().map_err(|error| self.ledger.broken(&error))
    }

    /// The files that hold duplicates of `id`.
    pub fn files_with_duplicates_of(&self, id: &str) -> Result<Vec<String>> {
        let collect = || -> Result<Vec<String>, redb::Error> {
            let duplicates = self.transaction.open_multimap_table(DUPLICATES)?;
            let found = duplicates.get(id)?;
            found.map(|entry| Ok(entry.map(|entry| entry.value().0.to_owned())?)).collect()
        };
        collect().map_err(|error| self.ledger.broken(&error))
    }
}

fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Plain structs of numbers and strings always encode.
    postcard::to_stdvec(value).unwrap_or_default()
}

fn decode<T: for<'de> Deserialize<'de> + Unreadable>(bytes: &[u8]) -> T {
    postcard::from_bytes(bytes).unwrap_or_else(|_| T::unreadable())
}

/// What a row of another version of dateline reads as: changed, so that its file is read again.
trait Unreadable {
    fn unreadable() -> Self;
}

impl Unreadable for Look {
    fn unreadable() -> Look {
        Look::UNFINISHED
    }
}

impl Unreadable for Row {
    fn unreadable() -> Row {
        Row {
            state: State::Failed,
            stage: "ledger".to_owned(),
            reason: "row of another version of dateline".to_owned(),
            id: String::new(),
            content: 0,
            text_bytes: 0,
            format: String::new(),
        }
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
        assert_eq!(ledger.files_under("news").unwrap().len(), 1);

        let change = ledger.change().unwrap();
        change.remove_file("news/a.txt").unwrap();
        assert_eq!(change.owner("a").unwrap(), None);
        assert_eq!(change.indexed_as(1).unwrap(), None);
        change.commit(8).unwrap();
        assert!(ledger.files_under("").unwrap().is_empty());
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
    fn a_second_opener_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let _first = Ledger::open(folder.path()).unwrap();
        assert!(matches!(Ledger::open(folder.path()), Err(Error::Locked { .. })));
    }
}
