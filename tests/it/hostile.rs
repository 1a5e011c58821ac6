//! A folder of hostile files: what folders hold when disks fail, scripts crash and people name files.
//!
//! [`lay`] writes them, the same ones on every machine, and tells which articles among them must be found in spite of
//! their surroundings. Each kind of trouble is a row of [`KINDS`]. Never asks dateline what it makes of them.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// The articles that must be found: each has one of these words in its title.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    /// Files written, links and pipes not counted.
    pub(crate) files: usize,
    /// Words that occur in the title of exactly one good article.
    pub(crate) words: Vec<String>,
}

/// One kind of trouble.
struct Kind {
    name: &'static str,
    extension: &'static str,
    /// The content of a file.
    content: fn(&mut Maker) -> Vec<u8>,
}

/// Every kind of trouble. Good articles are those that [`Maker::word`] is asked for.
const KINDS: &[Kind] = &[
    kind("good", "txt", |make| format!("{}\n\n{BODY}\n", make.title()).into()),
    kind("good", "md", |make| {
        format!("---\ntitle: {}\ndate: 2021-06-28\n---\n\n{BODY}\n", make.title()).into()
    }),
    kind("good", "html", |make| page(&make.title(), &format!("<p>{BODY}</p>"))),
    kind("good", "json", |make| record(&make.title()).into()),
    kind("good", "jsonl", |make| lines(make, 5).into()),
    kind("good", "txt.gz", |make| packed(format!("{}\n\n{BODY}\n", make.title()).as_bytes())),
    kind("good", "JSONL.GZ", |make| packed(lines(make, 3).as_bytes())),
    kind("empty", "txt", |_| Vec::new()),
    kind("empty", "json", |_| Vec::new()),
    kind("empty", "html.gz", |_| Vec::new()),
    kind("empty-inside", "txt.gz", |_| packed(b"")),
    kind("blank", "md", |make| vec![b" \n\t\r"[make.below(4)]; make.below(5000)]),
    kind("zeros", "txt", |make| vec![0; 1 + make.below(20_000)]),
    kind("noise", "txt", Maker::noise),
    kind("noise", "json", Maker::noise),
    kind("noise", "html", Maker::noise),
    kind("noise", "gz", Maker::noise),
    kind("noise", "", Maker::noise),
    kind("gzip-truncated", "jsonl.gz", |make| {
        let mut bytes = packed(unlisted(50).as_bytes());
        bytes.truncate(12 + make.below(bytes.len() - 12));
        bytes
    }),
    kind("gzip-damaged", "jsonl.gz", |make| {
        let mut bytes = packed(unlisted(50).as_bytes());
        let at = 10 + make.below(bytes.len() - 10);
        bytes[at] ^= 0xFF;
        bytes
    }),
    kind("gzip-of-gzip", "txt.gz", |_| packed(&packed(BODY.as_bytes()))),
    kind("gzip-of-zeros", "txt.gz", |make| packed(&vec![0; 1 << (16 + make.below(6))])),
    kind("windows-1252", "txt", |make| {
        latin(&format!("{} caf\u{e9}\n\nD\u{e9}j\u{e0} vu. {BODY}\n", make.title()))
    }),
    kind("utf-16le", "txt", |make| utf16(&format!("{}\n\n{BODY}\n", make.title()), u16::to_le_bytes)),
    kind("utf-16be", "html", |make| {
        utf16(&String::from_utf8_lossy(&page(&make.title(), &format!("<p>{BODY}</p>"))), u16::to_be_bytes)
    }),
    kind("wrong-charset", "html", |make| {
        let page = page(&make.title(), &format!("<p>{BODY}</p>"));
        String::from_utf8_lossy(&page).replace("utf-8", "no-such-charset").into()
    }),
    kind("broken-utf-8", "json", |make| {
        let mut bytes = record(&make.title()).into_bytes();
        let at = bytes.len() - 3;
        bytes.splice(at..at, [0xC3, 0x28, 0xFF, 0xE2, 0x82]);
        bytes
    }),
    kind("bom", "jsonl", |make| format!("\u{feff}{}", lines(make, 2)).into()),
    kind("nuls", "txt", |make| format!("{}\n\n{BODY} {BODY}{}{BODY}\n", make.title(), "\0".repeat(3)).into()),
    kind("invalid-in-the-middle", "jsonl", |make| {
        let (before, after) = (lines(make, 20), lines(make, 20));
        let bad = ["{\"title\": \"x\", oops}", "{\"title\": \"x\"", "\"", "}{", "[1,2", "\u{1}\u{2}"];
        format!("{before}{}\n{after}", bad[make.below(bad.len())]).into()
    }),
    kind("cut-off", "jsonl", |make| format!("{}{{\"title\": \"cut off he", lines(make, 4)).into()),
    kind("crlf-and-gaps", "jsonl", |make| lines(make, 3).replace('\n', "\r\n\r\n \r\n").into()),
    kind("unclosed-array", "json", |make| {
        format!("[{},\n{},\n{{\"title\": \"cut", record(&make.title()), record(&make.title())).into()
    }),
    kind("deep-arrays", "json", |make| vec![b'['; 1000 << make.below(8)]),
    kind("deep-objects", "json", |make| "{\"a\":".repeat(1000 << make.below(8)).into()),
    kind("deep-field", "jsonl", |make| {
        let depth = 1000 << make.below(7);
        let deep = format!("{{\"title\": \"deep\", \"x\": {}{}}}\n", "[".repeat(depth), "]".repeat(depth));
        format!("{}{deep}{}", lines(make, 1), lines(make, 1)).into()
    }),
    kind("deep-tags", "html", |make| {
        let depth = 500 << make.below(6);
        page("deep", &format!("{}<p>{BODY}</p>", "<div><b>".repeat(depth)))
    }),
    kind("unclosed-tags", "html", |make| {
        format!("<html><title>{}</title><body><p>{BODY}<p>{BODY}<table><tr><td", make.title()).into()
    }),
    kind("angles", "html", |make| vec![b'<'; 1 + make.below(60_000)]),
    kind("only-script", "html", |_| page("", "<script>var a = '<p>no</p>';</script>")),
    kind("comment-without-end", "html", |_| format!("<!DOCTYPE html><html><body><!-- {BODY}").into()),
    kind("wrong-types", "json", |_| {
        r#"{"title": 5, "text": {"a": [null, true]}, "published": [], "author": {"x": {}}, "id": 1e400}"#
            .into()
    }),
    kind("scalars", "json", |make| {
        ["null", "true", "0", "\"text\"", "[]", "{}", "[[[]]]", "-", "1e999999"][make.below(9)].into()
    }),
    kind("same-key-twice", "json", |make| {
        format!(r#"{{"text": "first", "title": "{}", "text": "{BODY}"}}"#, make.title()).into()
    }),
    kind("same-id", "jsonl", |make| {
        let clash = lines(make, 3);
        clash.replace("{\"title\"", "{\"id\": \"same\", \"title\"").into()
    }),
    kind("absurd-dates", "jsonl", |make| {
        let mut all = String::new();
        for date in [
            "9999999-99-99",
            "0000-00-00",
            "-1",
            "1e400",
            "",
            "31.02.2021",
            "\u{0}",
            "2021-06-28T99:99:99+99:99",
        ] {
            let record = record(&make.title())
                .replace("2021-06-28", &date.escape_default().to_string().replace("\\u{0}", "\\u0000"));
            let _ = writeln!(all, "{record}");
        }
        all.into()
    }),
    kind("lone-surrogates", "jsonl", |make| {
        format!("{}{{\"title\": \"\\ud800 lone\", \"text\": \"x\"}}\n", lines(make, 1)).into()
    }),
    kind("marks", "txt", |make| {
        format!("{}\n\nZ{} {BODY}\n", make.title(), "\u{301}\u{489}".repeat(20_000)).into()
    }),
    kind("directions", "txt", |make| {
        format!(
            "{}\n\n\u{202e}desrever si siht\u{202c}\u{200f}\u{200b}\u{feff}\u{fffe} {BODY}\n",
            make.title()
        )
        .into()
    }),
    kind("front-matter-broken", "md", |_| {
        format!("---\ntitle: [never closed\n  : : :\n\t- x\n---\n\n{BODY}\n").into()
    }),
    kind("front-matter-unending", "md", |_| format!("---\ntitle: never ends\n{BODY}\n").into()),
    kind("front-matter-laughs", "md", |_| laughs().into()),
    kind("one-line", "txt", |make| BODY.repeat(200 << make.below(6)).into()),
    kind("one-word", "txt", |make| vec![b'a'; 1000 << make.below(10)]),
    kind("capitals", "txt", |make| "AL SMITH OF UN ".repeat(100 << make.below(6)).into()),
    kind("digits", "txt", |make| "1999-2001/3 ".repeat(100 << make.below(6)).into()),
    kind("long-title", "json", |make| {
        format!("{{\"title\": \"{} {}\"}}", make.title(), "word ".repeat(20_000)).into()
    }),
    kind("title-only", "json", |make| format!(r#"{{"title": "{}"}}"#, make.title()).into()),
    kind("not-what-it-says", "txt", |make| lines(make, 2).into()),
    kind("not-what-it-says", "html", |make| record(&make.title()).into()),
    kind("picture", "html", |make| [&b"\x89PNG\r\n\x1a\n"[..], &make.noise()].concat()),
    kind("pdf", "txt", |make| [&b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"[..], &make.noise()].concat()),
    kind("zip", "json", |make| [&b"PK\x03\x04\x14\0\x08\0"[..], &make.noise()].concat()),
];

const fn kind(name: &'static str, extension: &'static str, content: fn(&mut Maker) -> Vec<u8>) -> Kind {
    Kind { name, extension, content }
}

/// What every article says: one of each thing that extraction looks for.
const BODY: &str =
    "Inspectors from the United Nations met President Joe Biden in Baghdad on Monday, 28 June 2021.";

/// Writes `files` hostile files, and links that lead nowhere or round in circles, into `folder`.
pub(crate) fn lay(folder: &Path, files: usize) -> Expected {
    let mut make = Maker { state: 0x5EED, words: Vec::new() };
    for number in 0..files {
        let kind = &KINDS[number % KINDS.len()];
        let path = folder.join(file_name(number, kind));
        fs::create_dir_all(path.parent().unwrap_or(folder)).unwrap();
        let content = (kind.content)(&mut make);
        fs::File::create(&path).and_then(|mut file| file.write_all(&content)).unwrap();
    }
    lay_links(folder);
    Expected { files, words: make.words }
}

/// Folders three deep, and names that need quoting everywhere.
fn file_name(number: usize, kind: &Kind) -> String {
    let odd = ["", " ", "'", "\"", "%2e", "#1", "&", "\u{202e}", "e\u{301}", "\u{1f4f0}", "--in", "*", "\\"];
    // Windows forbids some of these.
    let odd = if cfg!(windows) { "" } else { odd[number % odd.len()] };
    let dot = if kind.extension.is_empty() { "" } else { "." };
    format!("{}/{}/{odd}{number:04}-{}{dot}{}", number % 7, number % 3, kind.name, kind.extension)
}

#[cfg(unix)]
fn lay_links(folder: &Path) {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    fs::create_dir_all(folder.join("loop/inner")).unwrap();
    symlink("../..", folder.join("loop/inner/up")).unwrap();
    symlink("self", folder.join("self")).unwrap();
    symlink("nowhere.txt", folder.join("dangling.txt")).unwrap();
    fs::create_dir_all(folder.join("folder.jsonl")).unwrap();
    // Not all file systems take these: what cannot be written need not be read.
    let _ = fs::write(folder.join(OsStr::from_bytes(b"not-utf-8-\xFF\xFE.txt")), "Name\n\nNot UTF-8.\n");
    let _ = fs::write(folder.join("line\nbreak.txt"), "Name\n\nA line break.\n");
    let _ = UnixListener::bind(folder.join("socket.txt"));
    let locked = folder.join("locked.txt");
    fs::write(&locked, "Locked\n\nNobody may read this.\n").unwrap();
    let mut permissions = fs::metadata(&locked).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0);
    fs::set_permissions(&locked, permissions).unwrap();
}

#[cfg(not(unix))]
fn lay_links(_folder: &Path) {}

/// Makes the same choices each time, and remembers the good articles.
struct Maker {
    state: u64,
    words: Vec<String>,
}

impl Maker {
    /// A new word and a title that holds it: the article must be found.
    fn title(&mut self) -> String {
        let word = format!("quokka{}", self.words.len());
        self.words.push(word.clone());
        format!("Report {word} from Baghdad")
    }

    /// A number below `limit`, by `SplitMix64`.
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % limit.max(1) as u64) as usize
    }

    fn noise(&mut self) -> Vec<u8> {
        let length = 1 + self.below(8000);
        (0..length).map(|_| self.below(256) as u8).collect()
    }
}

fn record(title: &str) -> String {
    format!(r#"{{"title": "{title}", "published": "2021-06-28", "text": "{title}. {BODY}"}}"#)
}

fn lines(make: &mut Maker, count: usize) -> String {
    (0..count).fold(String::new(), |all, _| all + &record(&make.title()) + "\n")
}

/// Records that nobody can be sure to get back.
fn unlisted(count: usize) -> String {
    (0..count).fold(String::new(), |all, number| all + &record(&format!("Perhaps lost {number}")) + "\n")
}

fn page(title: &str, body: &str) -> Vec<u8> {
    let head = format!("<meta charset=\"utf-8\"><title>{title}</title>");
    format!("<!DOCTYPE html><html><head>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>")
        .into()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::GzBuilder::new().mtime(0).write(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect()
}

/// Aliases of aliases: a few hundred bytes that unfold to gigabytes.
fn laughs() -> String {
    let mut yaml = "---\na0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n".to_owned();
    for level in 1..12 {
        let last = format!("*a{}", level - 1);
        let _ = writeln!(yaml, "a{level}: &a{level} [{}]", vec![last; 9].join(", "));
    }
    yaml + "title: *a11\n---\n\n" + BODY + "\n"
}
