//! Where articles come from: walks folders, tells formats apart by content, decodes, and reads.
//!
//! [`walk`] gives files, [`read_file`] gives what is in one: articles, records passed over, records that failed.
//! [`FORMATS`] is the registry: a format is one file here, one row there, and a folder of fixtures. Readers stream: a
//! file of many articles never lies in memory whole. Nothing here looks for names or places, and no file, however
//! broken, panics or hangs: trouble becomes [`Read::Failed`] with a reason.

mod alto;
mod arc;
mod byline;
mod capture;
mod container;
mod crawl;
mod csv;
mod databank;
mod decode;
mod draft;
mod element;
mod epub;
mod extent;
mod feed;
mod fields;
mod hocr;
mod html;
mod item;
mod json;
mod mail;
mod markdown;
mod markup;
mod memo;
mod mets;
mod newsml;
mod newsml_g2;
mod ninjs;
mod nitf;
mod office;
mod pagexml;
mod parquet;
mod pdf;
pub mod piped;
mod plain;
pub mod published;
pub mod publisher;
mod reader;
mod rtf;
mod scan;
mod sgml;
mod sheet;
mod shelf;
mod sqlite;
mod stream;
mod tar;
mod walk;
mod warc;
mod wire;
mod wxr;
mod xml;
mod zip;

use std::cell::OnceCell;
use std::fmt;
use std::ops::ControlFlow;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::article::Article;
use crate::calendar::{DateSource, Published};
use crate::guard;
pub use crate::input::container::located;
use crate::input::container::{Origin, Passed};
use crate::input::draft::Draft;
pub use crate::input::pdf::{WORKER as PDF_WORKER, built_in_text as built_in_pdf_text};
use crate::input::publisher::Publishers;
use crate::input::reader::{Reader, too_large};
pub use crate::input::stream::Position;
use crate::input::stream::Stream;
pub use crate::input::walk::{Found, Problem, SourceFile, WalkOptions, walk};
use crate::input::xml::Element;

/// One format of the [`FORMATS`] table.
pub struct Format {
    /// The name in `Article::format`, in options and in the ledger.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// File name endings, lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// How surely a file that starts like this is of the format.
    sniff: fn(&Head<'_>) -> Confidence,
    /// Reads every article of a file.
    read: fn(&mut Reader<'_>) -> Result<(), Halt>,
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Every format, in the order in which they are asked and listed: of two that are as sure, the first reads the file.
pub const FORMATS: &[Format] = &[
    nitf::FORMAT,
    newsml::FORMAT,
    newsml_g2::FORMAT,
    ninjs::FORMAT,
    wire::IPTC,
    wire::ANPA,
    wxr::FORMAT,
    feed::FORMAT,
    feed::JSON,
    sgml::FORMAT,
    databank::LEXIS,
    databank::FACTIVA,
    warc::FORMAT,
    arc::FORMAT,
    mets::FORMAT,
    alto::FORMAT,
    pagexml::FORMAT,
    hocr::FORMAT,
    pdf::FORMAT,
    office::DOCX,
    office::ODT,
    rtf::FORMAT,
    epub::FORMAT,
    mail::MBOX,
    mail::EML,
    sheet::FORMAT,
    parquet::FORMAT,
    sqlite::FORMAT,
    zip::FORMAT,
    tar::FORMAT,
    html::FORMAT,
    json::FORMAT,
    json::LINES,
    csv::FORMAT,
    markdown::FORMAT,
    plain::FORMAT,
];

/// How surely a file is of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Confidence {
    No,
    /// Could be: it is text at least.
    Possible,
    /// Its name says so and its content does not speak against it.
    Likely,
    /// Its content says so.
    Certain,
}

/// What is looked at to tell a format.
struct Head<'a> {
    bytes: &'a [u8],
    /// File name ending, lower case, those of compression taken off.
    extension: String,
    /// The first element, where it is XML: many formats ask for it.
    root: OnceCell<Option<Element>>,
}

impl<'a> Head<'a> {
    fn new(bytes: &'a [u8], name: &str) -> Head<'a> {
        Head { bytes, extension: extension(name), root: OnceCell::new() }
    }

    /// Whether this is XML whose first element has this name.
    fn opens_with(&self, name: &str) -> bool {
        self.root().is_some_and(|root| root.is(name))
    }

    /// The first element, without what is in it, where this could be XML.
    fn root(&self) -> Option<&Element> {
        let find = || {
            // Before the first tag may stand a mark of the encoding, space, and the NULs of UTF-16.
            let filler = |byte: &u8| byte.is_ascii_whitespace() || b"\0\xEF\xBB\xBF\xFE\xFF".contains(byte);
            let marked_up = self.bytes.iter().find(|byte| !filler(byte)) == Some(&b'<');
            let text = || decode::decode(decode::whole(self.bytes), decode::declared_in_markup).text;
            if marked_up { xml::root(&text()) } else { None }
        };
        self.root.get_or_init(find).as_ref()
    }
}

/// What became of one record of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Read {
    /// An article.
    Article(Box<Article>),
    /// Nothing that could be an article; not a fault.
    Skipped {
        /// The name of its format; empty if none was recognised.
        format: &'static str,
        /// Its number in the file, from 1, where a file may hold many.
        record: Option<u64>,
        /// The member it lies in, where the file is an archive.
        member: Option<String>,
        /// Why, lower case, no full stop.
        reason: String,
    },
    /// Something that could not be read.
    Failed {
        /// The name of its format; empty if none was recognised.
        format: &'static str,
        /// Its number in the file, from 1, where a file may hold many.
        record: Option<u64>,
        /// The member it lies in, where the file is an archive.
        member: Option<String>,
        /// `open`, `decompress`, `decode`, `parse` or `read`.
        stage: &'static str,
        /// Why, lower case, no full stop.
        reason: String,
    },
}

/// What the user says about the files.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// What is known of the dates of all articles.
    pub dates: DateRules,
    /// What is known of the dates of those under a folder, by its path from the root that is read; the longest counts.
    pub folder_dates: Vec<(String, DateRules)>,
    /// What is known of publishers.
    pub publishers: Publishers,
    /// Fields by the names they have in the files: `("title", "headline.main")`.
    pub map: Vec<(String, String)>,
    /// The latest day that an article can have been published on; later dates are flagged.
    pub today: Option<Date>,
    /// The largest single article (a record, or a file that holds one), in bytes, unpacked.
    pub max_record_bytes: usize,
    /// The largest file that is read at all, in bytes, as it lies on disk.
    pub max_file_bytes: Option<u64>,
    /// The format of the files, where the user knows better than their content says. Members of archives are told by
    /// theirs.
    pub format: Option<&'static Format>,
    /// The languages in which scans are recognised, as `tesseract` names them; none are without.
    pub ocr: Option<String>,
    /// The program itself, which reads a PDF as [`PDF_WORKER`] where nothing better is installed.
    pub program: Option<PathBuf>,
}

/// What the user knows of the publication dates of a folder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DateRules {
    /// The publication date of articles that have none.
    pub published: Option<Published>,
    /// Only this source of publication dates is asked.
    pub date_from: Option<DateSource>,
}

impl DateRules {
    /// These rules, with what they leave open taken from `wider`.
    #[must_use]
    pub fn or(&self, wider: &DateRules) -> DateRules {
        DateRules {
            published: self.published.clone().or_else(|| wider.published.clone()),
            date_from: self.date_from.or(wider.date_from),
        }
    }
}

impl ReadOptions {
    /// The rules for the dates of `file`: those of its folder, else those of all.
    fn dates_of(&self, file: &SourceFile) -> DateRules {
        let holds = |folder: &str| {
            let rest = file.relative.strip_prefix(folder.trim_matches('/'));
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let folders = self.folder_dates.iter().filter(|(folder, _)| holds(folder));
        let own = folders.max_by_key(|(folder, _)| folder.len());
        own.map_or_else(|| self.dates.clone(), |(_, rules)| rules.or(&self.dates))
    }
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions {
            dates: DateRules::default(),
            folder_dates: Vec::new(),
            publishers: Publishers::default(),
            map: Vec::new(),
            today: None,
            max_record_bytes: 32 << 20,
            max_file_bytes: None,
            format: None,
            ocr: None,
            program: None,
        }
    }
}

/// Why a reader stops before the end of its file.
enum Halt {
    /// The sink wants no more.
    Enough,
    /// What is left cannot be read.
    Failed { stage: &'static str, reason: String },
}

/// Reads every record of `file` into `sink`, in order, until the sink breaks off.
pub fn read_file(file: &SourceFile, options: &ReadOptions, sink: &mut dyn FnMut(Read) -> ControlFlow<()>) {
    read_file_along(file, options, &Position::default(), sink);
}

/// The same; `position` says at any time how far the file has been read.
pub fn read_file_along(
    file: &SourceFile,
    options: &ReadOptions,
    position: &Position,
    sink: &mut dyn FnMut(Read) -> ControlFlow<()>,
) {
    if let Some(read) = refused(file, options) {
        let _ = sink(read);
        return;
    }
    match Stream::open(&file.path, position) {
        Ok(stream) => read_stream(file, &Origin::default(), stream, (options, sink)),
        Err(error) => {
            let _ = sink(failed(None, "open", error.to_string().to_lowercase()));
        }
    }
}

/// Reads every record of `stream`, which is the file `file` or a member of it.
fn read_stream(
    file: &SourceFile,
    origin: &Origin,
    stream: Stream<'_>,
    (options, sink): (&ReadOptions, &mut dyn FnMut(Read) -> ControlFlow<()>),
) {
    let chosen = options.format.filter(|_| origin.depth == 0 && !stream.head().is_empty());
    let known = origin.format.or(chosen);
    let name = origin.name.as_deref().unwrap_or(file.name());
    let format = match known.map_or_else(|| sniff(stream.head(), name), Ok) {
        Ok(format) => format,
        Err(read) => {
            let _ = sink(stream.trouble().map_or(read, |trouble| failed(None, "decompress", trouble.into())));
            return;
        }
    };
    let mut reader = Reader {
        file,
        origin,
        options,
        format,
        stream,
        sink,
        records: 0,
        passed: Passed::default(),
        halted: false,
    };
    // Third-party readers panic on some broken files: that costs the rest of the file, not the run.
    let outcome = guard::caught(|| (format.read)(&mut reader));
    reader.finish(outcome);
}

/// The format of a file that starts with `head`, unpacked, and is called `name`; or what it is instead.
///
/// # Errors
/// What to tell of a file that no reader takes.
fn sniff(head: &[u8], name: &str) -> Result<&'static Format, Read> {
    if head.is_empty() {
        return Err(skipped(None, "empty file".into()));
    }
    let head = Head::new(head, name);
    let mut best: Option<(&Format, Confidence)> = None;
    for format in FORMATS {
        let confidence = (format.sniff)(&head);
        if confidence > best.map_or(Confidence::No, |(_, confidence)| confidence) {
            best = Some((format, confidence));
        }
    }
    let kind = decode::binary(head.bytes);
    match (best, kind) {
        (Some((format, confidence)), kind) if confidence == Confidence::Certain || kind.is_none() => {
            Ok(format)
        }
        // A picture among articles is no fault; a text file full of control bytes is.
        (Some((format, Confidence::Likely)), Some(kind)) => {
            let reason = format!("{kind} under the name of a {} file", format.label);
            Err(failed(None, "decode", reason))
        }
        (_, kind) => {
            let reason = format!("not a news format: {}", kind.unwrap_or("unknown"));
            Err(skipped(None, reason))
        }
    }
}

fn extension(name: &str) -> String {
    let name = stream::unpacked_name(name);
    name.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_owned())
}

fn refused(file: &SourceFile, options: &ReadOptions) -> Option<Read> {
    // Opening a named pipe would wait for somebody to write to it.
    match std::fs::metadata(&file.path) {
        Ok(metadata) if !metadata.is_file() => {
            return Some(skipped(None, "not a regular file".into()));
        }
        Ok(_) => {}
        Err(error) => return Some(failed(None, "open", error.to_string().to_lowercase())),
    }
    let limit = options.max_file_bytes?;
    (file.bytes > limit).then(|| {
        let reason = format!("{} bytes, more than the limit of {limit} for a file", file.bytes);
        skipped(None, reason)
    })
}

fn failed(record: Option<u64>, stage: &'static str, reason: String) -> Read {
    Read::Failed { format: "", record, member: None, stage, reason }
}

fn skipped(record: Option<u64>, reason: String) -> Read {
    Read::Skipped { format: "", record, member: None, reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(name: &str, content: impl AsRef<[u8]>) -> Vec<Read> {
        read_with(name, content, &ReadOptions::default())
    }

    fn read_with(name: &str, content: impl AsRef<[u8]>, options: &ReadOptions) -> Vec<Read> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let mut found = Vec::new();
        let mut sink = |read| {
            found.push(read);
            ControlFlow::Continue(())
        };
        read_file(&SourceFile::at(&path).unwrap(), options, &mut sink);
        found
    }

    /// What was read, in one line each: title, `-` and reason, or `!` and reason.
    fn shown(reads: &[Read]) -> Vec<String> {
        let show = |read: &Read| match read {
            Read::Article(article) => format!("{} {}", article.id, article.title()),
            Read::Skipped { reason, .. } => format!("- {reason}"),
            Read::Failed { record, stage, reason, .. } => {
                format!("! {} {stage}: {reason}", record.map_or("-".into(), |record| record.to_string()))
            }
        };
        reads.iter().map(show).collect()
    }

    #[test]
    fn every_shape_of_json_is_read() {
        for (name, content, expected) in [
            ("a.json", r#"{"title": "A"}"#, vec!["a.json A"]),
            (
                "a.json",
                r#"[{"title": "A"}, {"id": 7, "headline": {"main": "B"}}]"#,
                vec!["a.json#1 A", "7 B"],
            ),
            (
                "a.json",
                r#"{"n": 2, "articles": [{"title": "A"}, {"title": "B"}]}"#,
                vec!["a.json#1 A", "a.json#2 B"],
            ),
            ("a.json", r#"{"hits": {"hits": [{"_id": "x", "_source": {"title": "A"}}]}}"#, vec!["x A"]),
            ("a.txt", "{\"title\": \"A\"}\n{\"title\": \"B\"}\n", vec!["a.txt#1 A", "a.txt#2 B"]),
            ("a.jsonl", "{\"title\": \"A\"}\n", vec!["a.jsonl#1 A"]),
            ("a.json", "{\n \"title\":\n \"A\"}\n{\n\"title\": \"B\"}\n", vec!["a.json#1 A", "a.json#2 B"]),
            ("a.json", "{\"title\": \"A\",\n \"body\": \"one\ntwo\"}", vec!["a.json A"]),
            ("a.json", r#"{"places": ["x"], "people": []}"#, vec!["- no title and no text"]),
            ("a.json", r#"["x", "y"]"#, vec!["- no title and no text"]),
            ("a.json", "[]", vec!["- no title and no text"]),
            ("a.json", "{}", vec!["- no title and no text"]),
        ] {
            assert_eq!(shown(&read(name, content)), expected, "{content}");
        }
    }

    #[test]
    fn a_broken_line_costs_one_record() {
        let content = "{\"title\": \"A\"}\n{\"title\": \"B\", oops\n{\"title\": \"C\"\n{\"title\": \"D\"}\n";
        assert_eq!(
            shown(&read("a.jsonl", content)),
            [
                "a.jsonl#1 A",
                "! 2 parse: line 2, column 16: key must be a string",
                "! 3 parse: line 3, column 13: eof while parsing an object",
                "a.jsonl#4 D"
            ]
        );
    }

    #[test]
    fn bad_files_have_reasons() {
        let deep = format!("{{\"title\": \"A\", \"x\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for (name, content, expected) in [
            ("a.txt", &b""[..], "- empty file"),
            ("a.txt", b" \n\t\n", "- no title and no text"),
            ("a.jpg", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0", "- not a news format: JPEG image"),
            (
                "a.txt",
                b"\0\x01\x02\x03\0\x05\x06\x07",
                "! - decode: binary data under the name of a plain text file",
            ),
            ("a.txt.gz", b"\x1F\x8B\x08\0\0", "! - decompress: the gzip data ends early"),
            ("a.json", deep.as_bytes(), "! 1 parse: line 1, column 147: recursion limit exceeded"),
        ] {
            assert_eq!(shown(&read(name, content)), [expected], "{name}");
        }
    }

    #[test]
    fn records_over_the_limit_fail_and_the_rest_is_read() {
        let content =
            format!("{{\"title\": \"A\"}}\n{{\"title\": \"{}\"}}\n{{\"title\": \"C\"}}\n", "B".repeat(9000));
        let options = ReadOptions { max_record_bytes: 1000, ..ReadOptions::default() };
        let limit = "! 2 read: line 2: larger than the limit of 1000 bytes for one article";
        assert_eq!(shown(&read_with("a.jsonl", content, &options)), ["a.jsonl#1 A", limit, "a.jsonl#3 C"]);
    }

    #[test]
    fn users_can_say_which_field_is_which() {
        let map = vec![("title".into(), "h.main".into()), ("text".into(), "pages.1.words".into())];
        let options = ReadOptions { map, ..ReadOptions::default() };
        let content = r#"{"h": {"main": "T"}, "title": "no", "pages": [{"words": "one"}, {"words": "two"}]}"#;
        let reads = read_with("a.json", content, &options);
        let Read::Article(article) = &reads[0] else { panic!("{reads:?}") };
        assert_eq!((article.title(), article.text.as_str()), ("T", "two"));
        assert_eq!(article.metadata["title"], "no");
    }

    #[test]
    fn a_sink_that_breaks_off_is_obeyed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, "{\"title\": \"A\"}\n{\"title\": \"B\"}\n").unwrap();
        let mut count = 0;
        read_file(&SourceFile::at(&path).unwrap(), &ReadOptions::default(), &mut |_| {
            count += 1;
            ControlFlow::Break(())
        });
        assert_eq!(count, 1);
    }
}
