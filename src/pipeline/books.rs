//! Decides record by record what becomes of it, and keeps the ledger: new, changed, the same as before, a duplicate.
//!
//! Records come in walking order and are decided in that order, so that identifiers and duplicates do not depend on
//! how fast which thread was. What has to be indexed or removed goes out as [`Order`]s.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::Xxh3;

use crate::article::Article;
use crate::calendar::{DateSource, Published};
use crate::error::Result;
use crate::input::{self, Read, piped};
use crate::ledger::{Change, Look, Row, State};
use crate::pipeline::report::{Failure, Report};

/// What the index has to do.
pub(super) enum Order {
    /// Annotate this article and put it in the index, in place of an older version if there may be one.
    Put(Box<Article>),
    /// The same, where an earlier version may still be with the annotators: it has to be in the index first.
    Replace(Box<Article>),
    /// Take the article of this identifier out.
    Remove(String),
}

/// Where parked rows are numbered from.
const PARKED: u64 = 1 << 48;

/// One file being booked.
pub(super) struct FileBook {
    key: String,
    shown: String,
    relative: String,
    /// Rows of the last reading that have not been met again.
    old: Vec<Row>,
    /// Identifiers that old rows keep because their content is still there.
    kept: BTreeSet<String>,
    /// Identifiers given out in this reading.
    given: BTreeSet<String>,
    used: BTreeSet<u64>,
}

/// Where a file stands while it is booked.
pub(super) struct FileName<'a> {
    /// Key in the ledger.
    pub(super) key: &'a str,
    /// As the user would name it.
    pub(super) shown: &'a str,
    /// From its root.
    pub(super) relative: &'a str,
}

impl FileBook {
    /// Opens the book of a file: its old rows are struck out, and come back as they are met again. `contents` are the
    /// fingerprints that the file holds now; needed only if it was read before.
    pub(super) fn open(
        change: &Change<'_>,
        name: &FileName<'_>,
        contents: &BTreeSet<u128>,
    ) -> Result<FileBook> {
        let mut old = Vec::new();
        for (record, row) in change.rows_of(name.key)? {
            change.remove_row(name.key, record)?;
            old.push(row);
        }
        let is_kept = |row: &&Row| row.state == State::Indexed && contents.contains(&row.content);
        let kept = old.iter().filter(is_kept).map(|row| row.id.clone()).collect();
        Ok(FileBook {
            key: name.key.to_owned(),
            shown: name.shown.to_owned(),
            relative: name.relative.to_owned(),
            old,
            kept,
            given: BTreeSet::new(),
            used: BTreeSet::new(),
        })
    }

    /// Books one record.
    pub(super) fn book(
        &mut self,
        change: &Change<'_>,
        read: Read,
        report: &mut Report,
    ) -> Result<Option<Order>> {
        match read {
            Read::Article(article) => self.book_article(change, *article, report),
            Read::Skipped { format, record, member, reason } => {
                *report.skip_reasons.entry(reason.clone()).or_default() += 1;
                let row = refused(State::Skipped, "read", input::located(member.as_deref(), &reason));
                let row = Row { format: format.to_owned(), ..row };
                self.note(change, record, &row, report)
            }
            Read::Failed { format, record, member, stage, reason } => {
                let reason = input::located(member.as_deref(), &reason);
                if report.failures.len() < Report::FAILURES_KEPT {
                    report.failures.push(Failure {
                        path: self.shown.clone(),
                        record: record.unwrap_or(0),
                        stage: stage.to_owned(),
                        reason: reason.clone(),
                    });
                }
                let row = Row { format: format.to_owned(), ..refused(State::Failed, stage, reason) };
                self.note(change, record, &row, report)
            }
        }
    }

    /// Puts the rows that have not been met again back on the ledger, under numbers that no reader gives, so that a
    /// commit in the middle of a file forgets none of them.
    pub(super) fn park(&self, change: &Change<'_>) -> Result<()> {
        for (number, row) in (PARKED..).zip(&self.old) {
            change.set_row(&self.key, number, row)?;
        }
        Ok(())
    }

    /// Undoes [`FileBook::park`].
    pub(super) fn unpark(&self, change: &Change<'_>) -> Result<()> {
        for (number, _) in (PARKED..).zip(&self.old) {
            change.remove_row(&self.key, number)?;
        }
        Ok(())
    }

    /// Leaves a file that was not read to its end: what was booked stands, the rest is as it was, and the file counts
    /// as changed.
    pub(super) fn leave(&self, change: &Change<'_>) -> Result<()> {
        self.park(change)?;
        change.set_file(&self.key, Look::UNFINISHED)
    }

    /// Closes the book: what was not met again leaves the index. Gives the orders, and the keys of other files whose
    /// records were duplicates of something that is no more.
    pub(super) fn close(self, change: &Change<'_>, look: Look) -> Result<(Vec<Order>, Vec<String>)> {
        let mut orders = Vec::new();
        let mut orphaned = Vec::new();
        for row in self.old.iter().filter(|row| row.state == State::Indexed) {
            let is_replaced = self.given.contains(&row.id);
            if !is_replaced && inherit(change, row)? {
                continue;
            }
            orphaned.extend(change.files_with_duplicates_of(&row.id)?);
            if !is_replaced {
                orders.push(Order::Remove(row.id.clone()));
            }
        }
        change.set_file(&self.key, look)?;
        orphaned.retain(|file| *file != self.key);
        Ok((orders, orphaned))
    }

    fn book_article(
        &mut self,
        change: &Change<'_>,
        mut article: Article,
        report: &mut Report,
    ) -> Result<Option<Order>> {
        let content = fingerprint(&article, &self.relative);
        let record = self.free_record(article.record.unwrap_or(0));
        let same = self.old.iter().position(|row| row.state == State::Indexed && row.content == content);
        if let Some(same) = same {
            let row = self.old.swap_remove(same);
            self.given.insert(row.id.clone());
            change.set_row(&self.key, record, &row)?;
            report.unchanged += 1;
            return Ok(None);
        }
        let original = change.indexed_as(content)?;
        if original.is_none()
            && let Some(met) = Met::of(change, &article, content, record)?
        {
            return self.book_version(change, article, &met, report);
        }
        let state = if original.is_some() { State::Duplicate } else { State::Indexed };
        let id = match original {
            Some(original) => original,
            None => self.free_id(change, &article)?,
        };
        let text_bytes = (article.title().len() + article.text.len()) as u64;
        let row = Row {
            state,
            stage: String::new(),
            reason: String::new(),
            id: id.clone(),
            content,
            text_bytes,
            format: article.format.to_owned(),
            annotator: 0,
        };
        change.set_row(&self.key, record, &row)?;
        report.count(state);
        if state == State::Duplicate {
            return Ok(None);
        }
        report.text_bytes += text_bytes;
        self.given.insert(id.clone());
        if let Some(version) = version(&article).filter(|_| id == article.id) {
            change.set_version(&id, version)?;
            report.count_version(&id);
        }
        article.id = id;
        Ok(Some(Order::Put(Box::new(article))))
    }

    /// Books another version of an article that is indexed: the later one stays, the earlier is a duplicate of it, so
    /// that it is read again should the later one go.
    fn book_version(
        &mut self,
        change: &Change<'_>,
        article: Article,
        met: &Met,
        report: &mut Report,
    ) -> Result<Option<Order>> {
        let row = |state, reason| Row {
            state,
            stage: String::new(),
            reason,
            id: article.id.clone(),
            content: met.content,
            text_bytes: (article.title().len() + article.text.len()) as u64,
            format: article.format.to_owned(),
            annotator: 0,
        };
        let superseded = |old: u64, new: u64| format!("version {old}, superseded by version {new}");
        if met.new < met.indexed {
            let row = row(State::Duplicate, superseded(met.new, met.indexed));
            change.set_row(&self.key, met.record, &row)?;
            report.count(State::Duplicate);
            return Ok(None);
        }
        let owner = change.rows_of(&met.owner.0)?.into_iter().find(|(number, _)| *number == met.owner.1);
        if let Some((number, old)) = owner {
            let reason = superseded(met.indexed, met.new);
            change.set_row(&met.owner.0, number, &Row { state: State::Duplicate, reason, ..old })?;
        }
        let row = row(State::Indexed, String::new());
        change.set_row(&self.key, met.record, &row)?;
        change.set_version(&article.id, met.new)?;
        report.count_superseded(&article.id);
        report.count_version(&article.id);
        report.count(State::Indexed);
        report.text_bytes += row.text_bytes;
        self.given.insert(article.id.clone());
        Ok(Some(Order::Replace(Box::new(article))))
    }

    fn note(
        &mut self,
        change: &Change<'_>,
        record: Option<u64>,
        row: &Row,
        report: &mut Report,
    ) -> Result<Option<Order>> {
        let record = self.free_record(record.unwrap_or(0));
        change.set_row(&self.key, record, row)?;
        report.count(row.state);
        Ok(None)
    }

    /// Readers number their records; should two share a number, neither row may be lost.
    fn free_record(&mut self, wanted: u64) -> u64 {
        let taken = self.used.contains(&wanted);
        let record = if taken { self.used.last().map_or(wanted, |last| last + 1) } else { wanted };
        self.used.insert(record);
        record
    }

    /// The article's identifier, or, when another record has it, the same with path and record appended.
    fn free_id(&self, change: &Change<'_>, article: &Article) -> Result<String> {
        let mut id = article.id.clone();
        let mut tries = 0;
        while self.kept.contains(&id) || self.given.contains(&id) || change.owner(&id)?.is_some() {
            let record = article.record.map(|record| format!("#{record}")).unwrap_or_default();
            let again = if tries == 0 { String::new() } else { format!("~{tries}") };
            id = format!("{} ({}{record}{again})", article.id, self.key);
            tries += 1;
        }
        Ok(id)
    }
}

/// An article of which another version is indexed.
struct Met {
    /// File and record of the indexed one.
    owner: (String, u64),
    indexed: u64,
    new: u64,
    /// Fingerprint and number of the new one.
    content: u128,
    record: u64,
}

impl Met {
    /// The other version of `article`, if one is indexed under its identifier and both are numbered.
    fn of(change: &Change<'_>, article: &Article, content: u128, record: u64) -> Result<Option<Met>> {
        let Some(new) = version(article) else { return Ok(None) };
        let Some(owner) = change.owner(&article.id)? else { return Ok(None) };
        let indexed = change.version(&article.id)?.filter(|indexed| *indexed != new);
        Ok(indexed.map(|indexed| Met { owner, indexed, new, content, record }))
    }
}

/// The number of the version that an article says it is.
fn version(article: &Article) -> Option<u64> {
    article.metadata.get("version")?.trim().parse().ok()
}

/// The row of a record that is not indexed.
pub(super) fn refused(state: State, stage: &str, reason: String) -> Row {
    let (stage, id, format) = (stage.to_owned(), String::new(), String::new());
    Row { state, stage, reason, id, content: 0, text_bytes: 0, format, annotator: 0 }
}

/// Strikes a file out whose path is gone. Gives the orders and the files that held duplicates of its articles.
pub(super) fn strike_out(change: &Change<'_>, key: &str) -> Result<(Vec<Order>, Vec<String>)> {
    let mut orders = Vec::new();
    let mut orphaned = Vec::new();
    let rows = change.rows_of(key)?;
    change.remove_file(key)?;
    for (_, row) in rows.into_iter().filter(|(_, row)| row.state == State::Indexed) {
        if !inherit(change, &row)? {
            orphaned.extend(change.files_with_duplicates_of(&row.id)?);
            orders.push(Order::Remove(row.id));
        }
    }
    orphaned.retain(|file| file != key);
    Ok((orders, orphaned))
}

/// Gives the article of a row that goes to a duplicate that was piped, if there is one: it cannot be read again, so the
/// article stays in the index as it is.
fn inherit(change: &Change<'_>, row: &Row) -> Result<bool> {
    let Some((file, record)) = change.duplicate_in(row, piped::SCHEME)? else { return Ok(false) };
    change.set_row(&file, record, row)?;
    Ok(true)
}

/// Fingerprint of what an article says of itself: title, text and metadata, its identifier where its file gives one.
/// Two records with one fingerprint are the same record.
pub fn fingerprint(article: &Article, relative: &str) -> u128 {
    let mut hash = Xxh3::new();
    let mut add = |tag: u8, value: &str| {
        hash.update(&[tag]);
        hash.update(&(value.len() as u64).to_le_bytes());
        hash.update(value.as_bytes());
    };
    // An identifier that derives from the path says where the record lies, not what it is.
    if !article.id.starts_with(relative) {
        add(0, &article.id);
    }
    add(1, article.title());
    add(2, &article.text);
    if let Some(published) = article.published.as_ref().filter(|published| is_own(published)) {
        add(3, &published.shown());
        add(4, published.time.as_deref().unwrap_or(""));
    }
    for (tag, values) in [(5, &article.authors), (6, &article.keywords)] {
        for value in values {
            add(tag, value);
        }
    }
    let optional = [&article.source, &article.section, &article.url, &article.dateline];
    for (tag, value) in (7..).zip(optional) {
        add(tag, value.as_deref().unwrap_or(""));
    }
    add(11, article.language.map_or("", crate::language::Language::code));
    let metadata: &BTreeMap<String, String> = &article.metadata;
    for (name, value) in metadata {
        add(12, name);
        add(13, value);
    }
    hash.digest128()
}

/// Whether a date belongs to the record and not to the file that holds it.
fn is_own(published: &Published) -> bool {
    !matches!(published.source, DateSource::FileTime)
}
