//! PDF: one article, its text as poppler's `pdftotext` gives it, or else a reader of our own make.
//!
//! Readers of PDF crash and hang on broken files: whichever it is runs as a process of its own, with bounds on its time
//! and memory, and costs one file at worst. Scans have no text: they are passed over as such, or read page by page by
//! `tesseract` where the user asks for that with `--ocr`.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::article::Article;
use crate::input::{Confidence, Draft, Format, Halt, Head, Reader, markup, plain, skipped};

/// A document as printed.
pub(super) const FORMAT: Format = Format { name: "pdf", label: "PDF", extensions: &["pdf"], sniff, read };

/// How long a file may take.
const SECONDS: u64 = 60;
/// How long recognition of one page may take.
const OCR_SECONDS: u64 = 120;
/// Address space of a reader.
const MEMORY_KB: u64 = 2 << 20;
/// What a reader may write, in blocks of 512 bytes.
const WRITTEN_BLOCKS: u64 = 512 << 11;
/// Pages of a scan that are recognised: a book of more is for another tool.
const MOST_OCR_PAGES: usize = 500;
/// Letters below which a page of a document is a scan with a stamp on it.
const LETTERS_OF_A_PAGE: usize = 16;
/// Dots per inch at which pages are recognised.
const OCR_RESOLUTION: &str = "200";

/// The hidden command of the program that reads a PDF on its own.
pub const WORKER: &str = "pdf-text";

fn sniff(head: &Head<'_>) -> Confidence {
    // Some programs write a line or two before the mark.
    let start = &head.bytes[..head.bytes.len().min(1024)];
    let at_start = start.starts_with(b"%PDF-");
    let named = head.extension == "pdf" && memchr::memmem::find(start, b"%PDF-").is_some();
    if at_start || named { Confidence::Certain } else { Confidence::No }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let file = reader.on_disk()?;
    let limit = reader.options.max_record_bytes;
    let text = text(file.path(), reader.options.program.as_deref(), limit)?;
    let pages = text.matches('\u{c}').count().max(1);
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let properties = properties(file.path(), reader.file.name());
    if letters < LETTERS_OF_A_PAGE * pages {
        if let Some(languages) = reader.options.ocr.clone() {
            return recognise(reader, file.path(), &languages, &properties);
        }
        reader.records = 1;
        let reason = "a scan without text: needs OCR; hint: --ocr eng, with tesseract installed";
        return reader.emit(skipped(None, reason.to_owned()));
    }
    let body = flowed(&text);
    let mut draft = properties.draft(body);
    if pages > 1 {
        draft.article.metadata.insert("pages".to_owned(), pages.to_string());
    }
    reader.only(draft)
}

/// The text of a file, pages ended by form feeds.
fn text(path: &Path, program: Option<&Path>, limit: usize) -> Result<String, Halt> {
    let mut poppler = bounded("pdftotext");
    poppler.args(["-enc", "UTF-8", "-q"]).arg(path).arg("-");
    match run(poppler, SECONDS, limit) {
        Err(Trouble::Missing) => {}
        done => return done.map_err(|trouble| trouble.without(path).halt()),
    }
    let Some(program) = program else {
        let reason = "no reader of PDF; hint: install poppler-utils for pdftotext".to_owned();
        return Err(Halt::Failed { stage: "read", reason });
    };
    let mut own = bounded(&program.to_string_lossy());
    own.arg(WORKER).arg(path);
    run(own, SECONDS, limit).map_err(|trouble| trouble.without(path).halt())
}

/// The text of a PDF by the built-in reader; for the process that is set apart for it.
///
/// # Errors
/// What the reader says of the file.
pub fn built_in_text(path: &Path) -> Result<String, String> {
    let read = || pdf_extract::extract_text_by_pages(path);
    match std::panic::catch_unwind(read) {
        Ok(pages) => pages.map(|pages| pages.join("\u{c}")).map_err(|error| error.to_string()),
        Err(_) => Err("not a PDF that the built-in reader can read; hint: install poppler-utils".to_owned()),
    }
}

/// What a file says of itself.
#[derive(Default)]
struct Properties {
    title: Option<String>,
    author: Option<String>,
    created: Option<String>,
    kept: Vec<(String, String)>,
}

/// The properties of the file at `path`, which is called `name`.
fn properties(path: &Path, name: &str) -> Properties {
    let mut command = bounded("pdfinfo");
    command.args(["-enc", "UTF-8", "-isodates"]).arg(path);
    let mut properties = Properties::default();
    // Without the program, or of a file it does not like, there are none.
    let Ok(listing) = run(command, SECONDS, 1 << 20) else { return properties };
    for line in listing.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = markup::line(value);
        match key {
            _ if value.is_empty() => {}
            "Title" => properties.title = Some(value).filter(|title| is_title(title, name)),
            "Author" => properties.author = Some(value),
            "CreationDate" => properties.created = Some(value),
            "Subject" | "Keywords" => properties.kept.push((key.to_lowercase(), value)),
            _ => {}
        }
    }
    properties
}

/// Whether the title of the document `name` is one: programs put the name of their file there.
fn is_title(title: &str, name: &str) -> bool {
    let lower = title.to_lowercase();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    let endings = [".doc", ".docx", ".indd", ".qxd", ".qxp", ".pdf", ".odt", ".rtf", ".txt", ".tif", ".xls"];
    lower != stem
        && !lower.starts_with("microsoft word - ")
        && !lower.starts_with("untitled")
        && !endings.iter().any(|ending| lower.ends_with(ending))
}

impl Properties {
    /// A page of a scan: what the file says is of the scan, not of what was scanned.
    fn page(&self, body: &str, number: &str) -> Draft {
        let (title, text) = plain::split_title(body);
        let mut article = Article {
            title: title.map(str::to_owned),
            text: text.to_owned(),
            notes: vec!["text by OCR".to_owned()],
            ..Article::default()
        };
        article.metadata.insert("page".to_owned(), number.to_owned());
        for (name, value) in [("document", &self.title), ("scanned", &self.created)] {
            article.metadata.extend(value.clone().map(|value| (name.to_owned(), value)));
        }
        article.metadata.extend(self.kept.iter().cloned());
        Draft::from(article)
    }

    fn draft(&self, body: String) -> Draft {
        let mut article = Article::default();
        let (first, rest) = plain::split_title(&body);
        match (&self.title, first) {
            (Some(title), Some(first)) if first.eq_ignore_ascii_case(title) => {
                (article.title, article.text) = (Some(first.to_owned()), rest.to_owned());
            }
            (Some(title), _) => (article.title, article.text) = (Some(title.clone()), body),
            (None, first) => (article.title, article.text) = (first.map(str::to_owned), rest.to_owned()),
        }
        article.authors.extend(self.author.clone());
        article.metadata.extend(self.kept.iter().cloned());
        let dates = self.created.iter().map(|date| ("created".to_owned(), date.clone())).collect();
        Draft { article, dates, ..Draft::default() }
    }
}

/// Lines to paragraphs: a line goes on with the next unless it is short or a blank line follows; words that a line break
/// cuts in two are put together.
fn flowed(text: &str) -> String {
    let text = text.replace('\u{c}', "\n\n").replace('\r', "");
    let mut paragraphs: Vec<String> = Vec::new();
    for piece in text.split("\n\n") {
        let lines: Vec<&str> = piece.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let widest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        let mut paragraph = crate::input::scan::Block::default();
        for (at, line) in lines.iter().enumerate() {
            paragraph.line(line, false);
            let short = line.chars().count() * 3 < widest * 2;
            let ends = short && line.ends_with(['.', '!', '?', ':', '"', '”']) && at + 1 < lines.len();
            if ends {
                paragraphs.push(std::mem::take(&mut paragraph.text));
            }
        }
        if !paragraph.text.is_empty() {
            paragraphs.push(paragraph.text);
        }
    }
    joined(paragraphs).join("\n\n")
}

/// Puts together what a page break or a wide space between lines has cut: a paragraph that ends within a sentence and one
/// that goes on with a small letter.
fn joined(paragraphs: Vec<String>) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    for paragraph in paragraphs {
        let is_rest = paragraph.starts_with(char::is_lowercase);
        match whole.last_mut() {
            Some(before) if is_rest && before.ends_with(|c: char| c.is_alphanumeric() || c == ',') => {
                before.push(' ');
                before.push_str(&paragraph);
            }
            _ => whole.push(paragraph),
        }
    }
    whole
}

/// Recognises a scan page by page: each page is an article, in its own language.
fn recognise(
    reader: &mut Reader<'_>,
    path: &Path,
    languages: &str,
    properties: &Properties,
) -> Result<(), Halt> {
    check_languages(languages)?;
    let limit = reader.options.max_record_bytes;
    let folder =
        tempfile::tempdir().map_err(|error| Halt::Failed { stage: "ocr", reason: error.to_string() })?;
    for number in 1..=MOST_OCR_PAGES {
        let picture = folder.path().join("page");
        let mut draw = bounded("pdftoppm");
        let page = number.to_string();
        draw.args(["-r", OCR_RESOLUTION, "-gray", "-png", "-singlefile", "-q", "-f", &page, "-l", &page])
            .arg(path)
            .arg(&picture);
        let drawn = run(draw, SECONDS, 1 << 20);
        let picture = picture.with_extension("png");
        if let Err(Trouble::Missing) = drawn {
            let reason = "no pdftoppm to draw pages with; hint: install poppler-utils".to_owned();
            return Err(Halt::Failed { stage: "ocr", reason });
        }
        if !picture.exists() {
            // The last page has been read, or the first cannot be drawn.
            return if number > 1 { Ok(()) } else { drawn.map(drop).map_err(Trouble::halt) };
        }
        let mut tesseract = bounded("tesseract");
        tesseract.arg(&picture).args(["stdout", "-l", languages]).env("OMP_THREAD_LIMIT", "1");
        match run(tesseract, OCR_SECONDS, limit) {
            Ok(text) if text.trim().is_empty() => reader.passed.count("pages without text"),
            Ok(text) => {
                reader.next(properties.page(&flowed(&text), &page))?;
            }
            Err(trouble) => reader.next_failed("ocr", format!("page {page}: {}", trouble.reason()))?,
        }
        let _ = std::fs::remove_file(&picture);
    }
    Ok(())
}

/// Says what is missing before the first page is drawn.
fn check_languages(languages: &str) -> Result<(), Halt> {
    let mut list = bounded("tesseract");
    list.arg("--list-langs");
    let reason = match run(list, SECONDS, 1 << 20) {
        Ok(listing) => {
            let known: Vec<&str> =
                listing.lines().skip(1).map(str::trim).filter(|name| !name.is_empty()).collect();
            let Some(missing) = languages.split('+').find(|name| !known.contains(name)) else {
                return Ok(());
            };
            let known = known.join(", ");
            format!(
                "tesseract does not know the language `{missing}`, but {known}; hint: install tesseract-ocr-{missing}"
            )
        }
        Err(Trouble::Missing) => "no tesseract; hint: install tesseract-ocr".to_owned(),
        Err(trouble) => trouble.reason(),
    };
    Err(Halt::Failed { stage: "ocr", reason })
}

/// Why a program gave nothing.
enum Trouble {
    /// It is not installed.
    Missing,
    /// It took too long.
    Slow(u64),
    /// It gave more than it may.
    TooMuch,
    /// It ended with this to say.
    Failed(String),
}

impl Trouble {
    fn reason(self) -> String {
        match self {
            Trouble::Missing => "the program is not installed".to_owned(),
            Trouble::Slow(seconds) => format!("took longer than {seconds} seconds"),
            Trouble::TooMuch => "more text than one article may have".to_owned(),
            Trouble::Failed(message) => message,
        }
    }

    /// The same without the path of the file: the ledger knows it, or it is that of a copy.
    fn without(self, path: &Path) -> Trouble {
        let Trouble::Failed(said) = self else { return self };
        let said = said.replace(&path.display().to_string().to_lowercase(), "");
        let said = said.trim_start_matches("error: ").trim_start_matches([':', ' ', '\'', '"']);
        Trouble::Failed(said.to_owned())
    }

    fn halt(self) -> Halt {
        Halt::Failed { stage: "read", reason: self.reason() }
    }
}

/// A program with bounds on its memory and on the size of what it writes, where the system has them to give: should this
/// process be ended, nobody else would stop it.
fn bounded(program: &str) -> Command {
    if cfg!(unix) {
        let mut command = Command::new("sh");
        // 127 is the shell's word for a program that is not there.
        let limits = format!("ulimit -v {MEMORY_KB}; ulimit -f {WRITTEN_BLOCKS}");
        command.args(["-c", &format!("{{ {limits}; }} 2>/dev/null; exec \"$0\" \"$@\""), program]);
        command
    } else {
        Command::new(program)
    }
}

/// What a program writes, within a time and a size.
fn run(mut command: Command, seconds: u64, limit: usize) -> Result<String, Trouble> {
    let failed = |error: &io::Error| Trouble::Failed(error.to_string().to_lowercase());
    let output = tempfile::tempfile().map_err(|error| failed(&error))?;
    let errors = tempfile::tempfile().map_err(|error| failed(&error))?;
    let hand_over = |file: &File| file.try_clone().map(Stdio::from);
    command.stdin(Stdio::null()).stdout(hand_over(&output).map_err(|error| failed(&error))?);
    command.stderr(hand_over(&errors).map_err(|error| failed(&error))?);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Trouble::Missing),
        Err(error) => return Err(failed(&error)),
    };
    let code = wait(&mut child, seconds, &output, limit as u64)?;
    if code == Some(127) {
        return Err(Trouble::Missing);
    }
    let text = read_back(output, limit).map_err(|error| failed(&error))?;
    if code == Some(0) || !text.trim().is_empty() {
        return Ok(text);
    }
    let said = read_back(errors, 4096).unwrap_or_default();
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let last = last.trim().to_lowercase();
    Err(Trouble::Failed(if last.is_empty() { "the reader of PDF stopped".to_owned() } else { last }))
}

/// Waits for a program and gives its exit code; ends it when its time is over or its output too large.
fn wait(child: &mut Child, seconds: u64, output: &File, limit: u64) -> Result<Option<i32>, Trouble> {
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.code()),
            Ok(None) => {}
            Err(error) => return Err(Trouble::Failed(error.to_string().to_lowercase())),
        }
        let too_much = output.metadata().is_ok_and(|found| found.len() > limit);
        if too_much || Instant::now() > until {
            let _ = child.kill();
            let _ = child.wait();
            return Err(if too_much { Trouble::TooMuch } else { Trouble::Slow(seconds) });
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn read_back(mut file: File, limit: usize) -> io::Result<String> {
    use std::io::Seek as _;
    file.rewind()?;
    let mut bytes = Vec::new();
    file.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_no_names_of_files() {
        for (title, name, is) in [
            ("Storm at sea", "a.pdf", true),
            ("scan_0042", "Scan_0042.pdf", false),
            ("Microsoft Word - storm.doc", "a.pdf", false),
            ("storm.indd", "a.pdf", false),
            ("Untitled", "a.pdf", false),
        ] {
            assert_eq!(is_title(title, name), is, "{title}");
        }
    }

    #[test]
    fn sentences_go_on_after_page_breaks_and_wide_spaces() {
        let text = "The ferry ran aground with 120 people\n\non board, the coast guard said.\n\nNobody was\u{c}hurt.\n\nNext";
        let whole = "The ferry ran aground with 120 people on board, the coast guard said.\n\nNobody was hurt.\n\nNext";
        assert_eq!(flowed(text), whole);
    }

    #[test]
    fn lines_flow_into_paragraphs() {
        let text = "STORM AT SEA\n\nThe ferry ran aground on Sun-\nday with 120 people on board, the coast guard\nsaid.\nNobody was hurt when it ran aground in the storm.\u{c}";
        assert_eq!(
            flowed(text),
            "STORM AT SEA\n\nThe ferry ran aground on Sunday with 120 people on board, the coast guard said.\n\nNobody was hurt when it ran aground in the storm."
        );
    }

    #[test]
    fn what_a_program_says_is_told_without_the_path() {
        for (said, told) in [
            ("error: /tmp/.tmpx: pdf error: no trailer", "pdf error: no trailer"),
            ("syntax error: no trailer in '/tmp/.tmpx'", "syntax error: no trailer in ''"),
        ] {
            let trouble = Trouble::Failed(said.to_owned()).without(Path::new("/tmp/.tmpX"));
            assert_eq!(trouble.reason(), told);
        }
    }

    #[cfg(unix)]
    #[test]
    fn programs_that_hang_or_flood_are_ended() {
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            command
        };
        assert!(matches!(run(shell("exec sleep 60"), 1, 100), Err(Trouble::Slow(1))));
        assert!(matches!(run(shell("exec yes"), 30, 1000), Err(Trouble::TooMuch)));
        assert!(
            matches!(run(shell("echo Broken xref >&2; exit 3"), 9, 100), Err(Trouble::Failed(said)) if said == "broken xref")
        );
        assert!(matches!(run(bounded("no-such-program"), 9, 100), Err(Trouble::Missing)));
        assert!(matches!(run(shell("echo text"), 9, 100), Ok(text) if text == "text\n"));
    }
}
