//! A change to the ledger: reads its own writes, and lasts only when it is committed.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use crate::calendar::DayHabit;
use crate::error::Result;
use crate::ledger::{Ledger, Look, ROW, Row, Run, order_number, read_row};

/// A change to the ledger that is not yet committed; dropped, it leaves no trace.
pub struct Change<'l> {
    transaction: Transaction<'l>,
    ledger: &'l Ledger,
}

impl<'l> Change<'l> {
    pub(super) fn begin(ledger: &'l Ledger) -> Result<Change<'l>> {
        let begun = Transaction::new_unchecked(&ledger.connection, TransactionBehavior::Immediate);
        Ok(Change { transaction: ledger.told(begun)?, ledger })
    }

    /// Makes everything last, as `generation`.
    pub fn commit(self, generation: u64) -> Result<()> {
        let Change { transaction, ledger } = self;
        let commit = || -> rusqlite::Result<()> {
            let sql = "INSERT OR REPLACE INTO numbers (name, number) VALUES ('generation', ?1)";
            transaction.execute(sql, [generation as i64])?;
            transaction.commit()
        };
        ledger.told({ commit }())
    }

    /// Notes how a file looked when it was read.
    pub fn set_file(&self, file: &str, look: Look) -> Result<()> {
        let sql = "INSERT INTO files (key, bytes, modified_ns) VALUES (?1, ?2, ?3)
                   ON CONFLICT (key) DO UPDATE SET bytes = ?2, modified_ns = ?3";
        self.execute(sql, params![file, look.bytes as i64, look.modified_ns as i64])
    }

    /// The rows of a file, by record.
    pub fn rows_of(&self, file: &str) -> Result<Vec<(u64, Row)>> {
        let collect = || -> rusqlite::Result<Vec<(u64, Row)>> {
            let sql = format!(
                "SELECT record, {ROW} FROM rows JOIN files ON file = number WHERE key = ?1 ORDER BY record"
            );
            let mut query = self.transaction.prepare_cached(&sql)?;
            query.query_map([file], |row| Ok((row.get::<_, i64>(0)? as u64, read_row(row, 1)?)))?.collect()
        };
        self.ledger.told(collect())
    }

    /// Strikes a file and its rows out.
    pub fn remove_file(&self, file: &str) -> Result<()> {
        for table in ["rows", "habits"] {
            let sql = format!("DELETE FROM {table} WHERE file = (SELECT number FROM files WHERE key = ?1)");
            self.execute(&sql, [file])?;
        }
        self.execute("DELETE FROM files WHERE key = ?1", [file])
    }

    /// Notes how the articles of a file write their days in figures, with the number of articles for each way.
    pub fn set_habits(&self, file: &str, habits: &BTreeMap<DayHabit, u64>) -> Result<()> {
        let number = self.number_of(file)?;
        self.execute("DELETE FROM habits WHERE file = ?1", [number])?;
        let sql = "INSERT INTO habits (file, publisher, folder, day_order, shown, articles)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        for (habit, articles) in habits {
            let DayHabit { publisher, folder, order, shown } = habit;
            let order = order_number(*order);
            self.execute(sql, params![number, publisher, folder, order, shown, *articles as i64])?;
        }
        Ok(())
    }

    /// Strikes a row out.
    pub fn remove_row(&self, file: &str, record: u64) -> Result<()> {
        let sql = "DELETE FROM rows WHERE file = (SELECT number FROM files WHERE key = ?1) AND record = ?2";
        self.execute(sql, params![file, record as i64])
    }

    /// Writes a row. A file that is not known yet counts as unfinished until [`Change::set_file`].
    pub fn set_row(&self, file: &str, record: u64, row: &Row) -> Result<()> {
        let number = self.number_of(file)?;
        let sql = "INSERT OR REPLACE INTO rows
                   (file, record, state, stage, reason, id, content, text_bytes, format, annotator)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        self.execute(
            sql,
            params![
                number,
                record as i64,
                row.state as i64,
                row.stage,
                row.reason,
                row.id,
                row.content.to_be_bytes(),
                row.text_bytes as i64,
                row.format,
                row.annotator as i64
            ],
        )
    }

    /// Notes what annotated the article `id`, or with `trouble` that nothing could, and why.
    pub fn set_annotator(&self, id: &str, annotator: u64, trouble: Option<&str>) -> Result<()> {
        let (stage, reason) = trouble.map_or(("", ""), |reason| ("annotate", reason));
        let sql = "UPDATE rows SET annotator = ?2, stage = ?3, reason = ?4 WHERE id = ?1 AND state = 0";
        self.execute(sql, params![id, annotator as i64, stage, reason])
    }

    /// Notes a folder or file that is ingested as a whole.
    pub fn add_root(&self, root: &str) -> Result<()> {
        self.execute("INSERT OR IGNORE INTO roots (key) VALUES (?1)", [root])
    }

    /// Strikes a root out that is let go of.
    pub fn remove_root(&self, root: &str) -> Result<()> {
        self.execute("DELETE FROM roots WHERE key = ?1", [root])
    }

    /// Notes a run that came to its end.
    pub fn add_run(&self, run: &Run) -> Result<()> {
        let sql = "INSERT INTO runs (started, seconds, files, indexed, failed, text_bytes, stopped)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let Run { started, seconds, files, indexed, failed, text_bytes, stopped } = run;
        let [files, indexed, failed, text_bytes] = [files, indexed, failed, text_bytes].map(|n| *n as i64);
        self.execute(sql, params![started, seconds, files, indexed, failed, text_bytes, stopped])
    }

    /// Who owns an identifier: file key and record.
    pub fn owner(&self, id: &str) -> Result<Option<(String, u64)>> {
        let sql = "SELECT key, record FROM rows JOIN files ON file = number WHERE id = ?1 AND state = 0";
        let found = self.transaction.prepare_cached(sql).and_then(|mut query| {
            query.query_row([id], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64))).optional()
        });
        self.ledger.told(found)
    }

    /// The version of the article that is indexed as `id`, if its file numbers its versions.
    pub fn version(&self, id: &str) -> Result<Option<u64>> {
        let sql = "SELECT version FROM versions WHERE id = ?1";
        let found = self
            .transaction
            .prepare_cached(sql)
            .and_then(|mut query| query.query_row([id], |row| Ok(row.get::<_, i64>(0)? as u64)).optional());
        self.ledger.told(found)
    }

    /// Notes the version of the article that is indexed as `id`.
    pub fn set_version(&self, id: &str, version: u64) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO versions (id, version) VALUES (?1, ?2)";
        self.execute(sql, params![id, version as i64])
    }

    /// The identifier under which this content is indexed.
    pub fn indexed_as(&self, content: u128) -> Result<Option<String>> {
        let sql = "SELECT id FROM rows WHERE content = ?1 AND state = 0";
        let found = self
            .transaction
            .prepare_cached(sql)
            .and_then(|mut query| query.query_row([content.to_be_bytes()], |row| row.get(0)).optional());
        self.ledger.told(found)
    }

    /// The files that hold duplicates of `id`.
    pub fn files_with_duplicates_of(&self, id: &str) -> Result<Vec<String>> {
        let duplicates = self.ledger.duplicates_of(id)?;
        Ok(duplicates.into_iter().map(|(file, _)| file).collect())
    }

    /// The duplicate of `row` whose file has an address that begins with `scheme`, if there is one: file key and record.
    pub fn duplicate_in(&self, row: &Row, scheme: &str) -> Result<Option<(String, u64)>> {
        let sql = "SELECT key, record FROM rows JOIN files ON file = number
                   WHERE id = ?1 AND state = 1 AND content = ?2 AND substr(key, 1, length(?3)) = ?3";
        let values = params![row.id, row.content.to_be_bytes(), scheme];
        let found = self.transaction.prepare_cached(sql).and_then(|mut query| {
            query.query_row(values, |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64))).optional()
        });
        self.ledger.told(found)
    }

    fn number_of(&self, file: &str) -> Result<i64> {
        let find = || -> rusqlite::Result<i64> {
            let mut query = self.transaction.prepare_cached("SELECT number FROM files WHERE key = ?1")?;
            if let Some(number) = query.query_row([file], |row| row.get(0)).optional()? {
                return Ok(number);
            }
            self.transaction.prepare_cached("INSERT INTO files (key) VALUES (?1)")?.insert([file])
        };
        self.ledger.told(find())
    }

    fn execute(&self, sql: &str, values: impl rusqlite::Params) -> Result<()> {
        let done = self.transaction.prepare_cached(sql).and_then(|mut statement| statement.execute(values));
        self.ledger.told(done)?;
        Ok(())
    }
}
