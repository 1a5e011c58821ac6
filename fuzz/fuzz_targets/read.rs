//! Every reader: the first line is the ending of the file's name, the rest is the file. With `DATELINE_FUZZ_FORMAT` set to
//! the name of a format, its reader reads all of them.
//!
//! Holds: no panic of the project's own code, no hang, and every file is told of. What a library panics on costs its
//! record, here as in the program. PDF is left out: it is read by programs of their own.
#![no_main]

mod hush;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::LazyLock;

use dateline::input::{self, FORMATS, Format, ReadOptions, SourceFile};
use libfuzzer_sys::fuzz_target;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("dateline-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for files");
    hush::libraries();
    folder
});

static FORMAT: LazyLock<Option<&'static Format>> = LazyLock::new(|| {
    let name = std::env::var("DATELINE_FUZZ_FORMAT").ok()?;
    Some(FORMATS.iter().find(|format| format.name == name).expect("a format of this name"))
});

fuzz_target!(|data: &[u8]| {
    let Some(at) = data.iter().position(|byte| *byte == b'\n') else { return };
    let ending: String =
        data[..at.min(12)].iter().map(|byte| char::from(*byte)).filter(char::is_ascii_alphanumeric).collect();
    let (path, content) = (FOLDER.join(format!("a.{ending}")), &data[at + 1..]);
    if content.starts_with(b"%PDF-") {
        return;
    }
    std::fs::write(&path, content).expect("a file");
    let file = SourceFile::at(&path).expect("the file just written");
    let options = ReadOptions { max_record_bytes: 1 << 20, format: *FORMAT, ..ReadOptions::default() };
    let mut records = 0;
    input::read_file(&file, &options, &mut |_| {
        records += 1;
        if records < 10_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    std::fs::remove_file(&path).expect("the file just written");
    assert!(records > 0, "a file must not vanish from the books");
});
