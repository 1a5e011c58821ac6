//! Expands the compressed data of `data/` into the build folder, from where it is embedded in the binary, and takes the
//! fingerprint of all that annotates.
//!
//! Every `data/**/*.zst` becomes `$OUT_DIR/<file name without .zst>`. `DATELINE_ANNOTATOR` is the fingerprint, in
//! hexadecimal digits: it differs when data, rules or the code of extraction differ.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

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
            if path.extension().is_some_and(|extension| extension == "zst") {
                let target = Path::new(&out).join(path.file_stem().unwrap_or_default());
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
