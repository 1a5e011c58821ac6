//! The files beside an index: the first line names the one that is broken, the rest is its content. With
//! `DATELINE_FUZZ_SEEDS` set to a folder, those of a good index are written there to begin with.
//!
//! Holds: opening gives an index or an error, never a panic.
#![no_main]

mod hush;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dateline::engine::Engine;
use dateline::engine::local::LocalIndex;
use dateline::ledger::Ledger;
use dateline::query::Query;
use libfuzzer_sys::fuzz_target;

/// A good index, made once.
static GOOD: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    LocalIndex::create(folder.path()).expect("an index");
    Ledger::open(folder.path()).expect("a ledger");
    if let Some(seeds) = std::env::var_os("DATELINE_FUZZ_SEEDS") {
        for name in FILES {
            let content = std::fs::read(folder.path().join(name)).unwrap_or_default();
            let seed = [name.as_bytes(), b"\n", &content].concat();
            std::fs::write(std::path::Path::new(&seeds).join(name.replace('/', "-")), seed).expect("a seed");
        }
    }
    folder
});

static HUSHED: LazyLock<()> = LazyLock::new(hush::libraries);

const FILES: [&str; 6] =
    ["version", "ledger.sqlite", "corrections.toml", "articles/meta.json", "homes.json", "stories"];

fuzz_target!(|data: &[u8]| {
    LazyLock::force(&GOOD);
    LazyLock::force(&HUSHED);
    let Some(at) = data.iter().position(|byte| *byte == b'\n') else { return };
    let Some(name) = FILES.iter().find(|name| name.as_bytes() == &data[..at]) else { return };
    let (path, content) = (GOOD.path().join(name), &data[at + 1..]);
    let before = std::fs::read(&path).ok();
    std::fs::write(&path, content).expect("a file");
    if let Ok(index) = LocalIndex::open(GOOD.path()) {
        let _ = index.count(&Query::All);
    }
    if *name == "homes.json" {
        let _ = dateline::pipeline::extractor(GOOD.path(), &BTreeMap::new());
    }
    if let Ok(ledger) = Ledger::read(GOOD.path()) {
        let _ = ledger.totals();
    }
    let mended = match before {
        Some(before) => std::fs::write(&path, before),
        None => std::fs::remove_file(&path),
    };
    mended.expect("the file as it was");
});
