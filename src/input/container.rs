//! Files within files: how a member of an archive is read as if it were a file, and how a format gets at a file it
//! must seek in.
//!
//! A member's path is a label and never a place on disk: `wires.zip!/2021/06/a.txt`. Whatever happens to one member costs
//! that member; nesting, members and unpacked bytes are bounded for the file of the disk as a whole.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use encoding_rs::Encoding;
use jiff::civil::DateTime;

use crate::calendar::{DateSource, Precision, Published};
use crate::input::shelf::Neighbours;
use crate::input::stream::{Stream, Tracked};
use crate::input::{Format, Halt, Read, Reader, SourceFile, failed, read_stream};

/// Archives in archives are opened to this depth.
const DEEPEST: usize = 4;

/// More members are no archive of articles, and the table of them would not fit into memory.
pub(super) const MOST_MEMBERS: usize = 2_000_000;

/// A longer path of a member is cut: it is only a label.
const LONGEST_PATH: usize = 1_000;

/// Reasons that are counted apart.
const PASSED_REASONS: usize = 20;

/// Spooled files up to this size stay in memory.
const SPOOL_IN_MEMORY: usize = 8 << 20;

/// What the container of a file says of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    /// How many archives it lies in.
    pub(super) depth: usize,
    /// A name to tell its format by, where its path says nothing.
    pub(super) name: Option<String>,
    /// Its format, where that has been told already.
    pub(super) format: Option<&'static Format>,
    /// The address it was fetched from.
    pub(super) url: Option<String>,
    /// When it was fetched, in UTC.
    pub(super) fetched: Option<DateTime>,
    /// The encoding that its sender declared.
    pub(super) charset: Option<&'static Encoding>,
    /// What lies beside it, where it is of no use without.
    pub(super) neighbours: Option<Rc<Neighbours>>,
}

impl Origin {
    /// The identifier of what was fetched: time and address, as web archives write it.
    pub(super) fn address(&self, url: &str) -> String {
        match self.fetched {
            Some(time) => format!("{}/{url}", time.strftime("%Y%m%d%H%M%S")),
            None => url.to_owned(),
        }
    }

    /// The last thing that is believed of a page's day: when it was fetched.
    pub(super) fn published(&self) -> Option<Published> {
        let time = self.fetched?;
        let clock = Some(time.strftime("%H:%M:%SZ").to_string());
        Some(Published {
            date: time.date(),
            time: clock,
            precision: Precision::Second,
            source: DateSource::Crawl,
        })
    }
}

/// What was passed over, counted by reason: ten thousand pictures of a crawl are one row.
#[derive(Debug, Default)]
pub(super) struct Passed {
    counts: BTreeMap<String, u64>,
}

impl Passed {
    /// Counts one.
    pub(super) fn count(&mut self, reason: &str) {
        let known = self.counts.contains_key(reason) || self.counts.len() < PASSED_REASONS;
        let reason = if known { label(reason) } else { "other".to_owned() };
        *self.counts.entry(reason).or_default() += 1;
    }

    /// All of them in one sentence, the most frequent first; nothing if there are none.
    pub(super) fn reason(&self) -> Option<String> {
        let mut counts: Vec<(&String, &u64)> = self.counts.iter().collect();
        counts.sort_by_key(|(reason, count)| (std::cmp::Reverse(**count), *reason));
        let total: u64 = self.counts.values().sum();
        let list: Vec<String> = counts.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
        let what = if total == 1 { "record that is no article" } else { "records that are no articles" };
        (total > 0).then(|| format!("{total} {what}: {}", list.join(", ")))
    }
}

/// One member of an archive, before it is opened.
pub(super) struct Member {
    /// Its path in the archive.
    pub(super) path: String,
    /// Its size, unpacked.
    pub(super) bytes: u64,
    /// When it was last changed.
    pub(super) modified: Option<SystemTime>,
}

/// A reason with the member it is about: `2021/a.txt: empty file`.
pub fn located(member: Option<&str>, reason: &str) -> String {
    member.map_or_else(|| reason.to_owned(), |member| format!("{member}: {reason}"))
}

/// The path of a member as a label: `/`-separated, without roots, `.` and `..`, control characters or great length.
pub(super) fn label(raw: &str) -> String {
    let clean = printable(raw);
    let parts = clean.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}

/// The beginning of a text without control characters.
fn printable(raw: &str) -> String {
    raw.chars().take(LONGEST_PATH).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

/// Whether a member is what programs leave in archives and walks pass over: hidden files, a Mac's resource forks.
pub(super) fn is_hidden(label: &str) -> bool {
    label.split('/').any(|part| part.starts_with('.') || part == "__MACOSX")
}

impl<'a> Reader<'a> {
    /// Takes the stream, for readers that lend it to a parser while they hand out records.
    pub(super) fn take_stream(&mut self) -> Stream<'a> {
        std::mem::take(&mut self.stream)
    }

    /// Reads a member of this file as if it were a file.
    pub(super) fn read_member(&mut self, member: &Member, stream: Stream<'_>) -> Result<(), Halt> {
        let origin = Origin { depth: self.origin.depth + 1, ..Origin::default() };
        self.read_part(member, &origin, stream)
    }

    /// Reads a part of this file, of which `origin` knows more than its bytes say.
    pub(super) fn read_part(
        &mut self,
        member: &Member,
        origin: &Origin,
        stream: Stream<'_>,
    ) -> Result<(), Halt> {
        // An address is no path: its slashes stand.
        let path = origin.url.as_deref().map_or_else(|| label(&member.path), printable);
        if origin.depth > DEEPEST {
            let reason = format!("more than {DEEPEST} archives lie in each other");
            return self.member_failed(&path, "read", reason);
        }
        let file = SourceFile {
            path: self.file.path.clone(),
            shown: format!("{}!/{path}", self.file.shown),
            relative: format!("{}!/{path}", self.file.relative),
            root: self.file.root.clone(),
            bytes: member.bytes,
            modified: member.modified,
        };
        let crawled = origin.url.is_some();
        let (records, passed) = (&mut self.records, &mut self.passed);
        let (sink, halted) = (&mut *self.sink, &mut self.halted);
        let mut pass_on = |read: Read| {
            // Pages of nothing are as frequent in a crawl as pictures.
            if let (true, Read::Skipped { reason, .. }) = (crawled, &read) {
                passed.count(reason);
                return ControlFlow::Continue(());
            }
            *records += 1;
            let flow = sink(numbered(read, *records, &path));
            *halted |= flow.is_break();
            flow
        };
        read_stream(&file, origin, stream, (self.options, &mut pass_on));
        if self.halted { Err(Halt::Enough) } else { Ok(()) }
    }

    /// Tells of a member that could not be read.
    pub(super) fn member_failed(
        &mut self,
        path: &str,
        stage: &'static str,
        reason: String,
    ) -> Result<(), Halt> {
        self.records += 1;
        let read = failed(None, stage, reason);
        self.emit(numbered(read, self.records, path))
    }

    /// Tells of a member that is no article, and of which format it is.
    pub(super) fn member_skipped(
        &mut self,
        path: &str,
        format: &'static str,
        reason: String,
    ) -> Result<(), Halt> {
        self.records += 1;
        let read = Read::Skipped { format, record: None, member: None, reason };
        let flow = (self.sink)(numbered(read, self.records, path));
        self.halted |= flow.is_break();
        if self.halted { Err(Halt::Enough) } else { Ok(()) }
    }

    /// The file as something to seek in: itself where it lies on disk as it is, else a copy that goes away by itself.
    pub(super) fn seekable(&mut self) -> Result<Box<dyn ReadSeek>, Halt> {
        let unreadable =
            |error: io::Error| Halt::Failed { stage: "read", reason: error.to_string().to_lowercase() };
        if self.stream.plain {
            let file = File::open(&self.file.path).map_err(unreadable)?;
            return Ok(Box::new(BufReader::new(Tracked { file, position: self.stream.position.clone() })));
        }
        let mut spool = tempfile::SpooledTempFile::new(SPOOL_IN_MEMORY);
        io::copy(&mut self.stream, &mut spool).map_err(unreadable)?;
        self.whole_or_trouble()?;
        spool.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        Ok(Box::new(BufReader::new(spool)))
    }

    /// The file as a path, for programs and libraries that take nothing else.
    pub(super) fn on_disk(&mut self) -> Result<OnDisk, Halt> {
        if self.stream.plain {
            return Ok(OnDisk::Itself(self.file.path.clone()));
        }
        let unreadable =
            |error: io::Error| Halt::Failed { stage: "read", reason: error.to_string().to_lowercase() };
        let mut copy = tempfile::NamedTempFile::new().map_err(unreadable)?;
        io::copy(&mut self.stream, &mut copy).map_err(unreadable)?;
        self.whole_or_trouble()?;
        Ok(OnDisk::Copy(copy))
    }

    /// A copy of half a file is of no use to those who seek in it.
    fn whole_or_trouble(&self) -> Result<(), Halt> {
        match self.stream.trouble() {
            Some(trouble) => Err(Halt::Failed { stage: self.stream.stage(), reason: trouble.to_owned() }),
            None => Ok(()),
        }
    }
}

/// Something to read from and to seek in.
pub(super) trait ReadSeek: io::Read + Seek {}

impl<T: io::Read + Seek> ReadSeek for T {}

/// A file at a path: the user's own, never to be changed, or a copy.
pub(super) enum OnDisk {
    Itself(PathBuf),
    Copy(tempfile::NamedTempFile),
}

impl OnDisk {
    pub(super) fn path(&self) -> &Path {
        match self {
            OnDisk::Itself(path) => path,
            OnDisk::Copy(copy) => copy.path(),
        }
    }
}

/// A record of a member, under its number in the archive.
fn numbered(read: Read, record: u64, path: &str) -> Read {
    let within = |member: Option<String>| {
        Some(member.map_or_else(|| path.to_owned(), |inner| format!("{path}!/{inner}")))
    };
    match read {
        Read::Article(mut article) => {
            article.record = Some(record);
            Read::Article(article)
        }
        Read::Skipped { format, member, reason, .. } => {
            Read::Skipped { format, record: Some(record), member: within(member), reason }
        }
        Read::Failed { format, member, stage, reason, .. } => {
            Read::Failed { format, record: Some(record), member: within(member), stage, reason }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_labels() {
        for (raw, expected) in [
            ("2021/a.txt", "2021/a.txt"),
            ("../../etc/passwd", "etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            ("C:\\news\\..\\a.txt", "C:/news/a.txt"),
            ("./a//b\n.txt", "a/b\u{FFFD}.txt"),
            ("", ""),
        ] {
            assert_eq!(label(raw), expected);
        }
        assert!(label(&"x".repeat(10 << 20)).len() <= LONGEST_PATH);
        assert!(is_hidden("a/.git/config") && is_hidden("__MACOSX/a") && !is_hidden("a.b/c"));
    }
}
