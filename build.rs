//! Expands the gazetteer into the build folder, from where it is embedded in the binary, and takes the fingerprint of all
//! that annotates.
//!
//! The gazetteer becomes `$OUT_DIR/gazetteer.bin`; every other packed file is embedded as it is. `DATELINE_ANNOTATOR` is
//! the fingerprint, in hexadecimal digits: it differs when data, rules or the code of extraction differ.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const GAZETTEER: &str = "data/gazetteer/gazetteer.bin.zst";
/// What annotations depend on.
const ANNOTATING: [&str; 4] = ["data", "src/text", "src/reference", "src/extract"];

fn main() -> io::Result<()> {
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    let mut hasher = DefaultHasher::new();
    for folder in ANNOTATING {
        println!("cargo:rerun-if-changed={folder}");
        for path in files(Path::new(folder))? {
            let content = fs::read(&path)?;
            (path.to_string_lossy().replace('\\', "/"), &content).hash(&mut hasher);
            if path == Path::new(GAZETTEER) {
                let target = Path::new(&out).join("gazetteer.bin");
                fs::write(target, zstd::decode_all(content.as_slice())?)?;
            }
        }
    }
    println!("cargo:rustc-env=DATELINE_ANNOTATOR={:016x}", hasher.finish() >> 1);
    Ok(())
}

/// Every file under `folder`, in a stable order.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
