//! Every reader: the first line is the ending of the file's name, the rest is the file.
//!
//! Holds: no panic, no hang, and every article's dates are dates.
#![no_main]

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::LazyLock;

use dateline::input::{self, Read, ReadOptions, SourceFile};
use libfuzzer_sys::fuzz_target;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("dateline-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for files");
    folder
});

fuzz_target!(|data: &[u8]| {
    let Some(at) = data.iter().position(|byte| *byte == b'\n') else { return };
    let ending: String =
        data[..at.min(12)].iter().map(|byte| char::from(*byte)).filter(char::is_ascii_alphanumeric).collect();
    let (path, content) = (FOLDER.join(format!("a.{ending}")), &data[at + 1..]);
    std::fs::write(&path, content).expect("a file");
    let file = SourceFile::at(&path).expect("the file just written");
    let options = ReadOptions { max_record_bytes: 1 << 20, ..ReadOptions::default() };
    let mut records = 0;
    input::read_file(&file, &options, &mut |read| {
        records += 1;
        if let Read::Failed { reason, .. } = &read {
            assert!(!reason.starts_with("the reader stopped"), "a reader panicked: {reason}");
        }
        if records < 10_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    std::fs::remove_file(&path).expect("the file just written");
    assert!(records > 0, "a file must not vanish from the books");
});
