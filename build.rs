//! Expands the compressed data of `data/` into the build folder, from where it is embedded in the binary.
//!
//! Every `data/**/*.zst` becomes `$OUT_DIR/<file name without .zst>`.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    println!("cargo:rerun-if-changed=data");
    expand(Path::new("data"), Path::new(&out))
}

fn expand(folder: &Path, out: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            expand(&path, out)?;
        } else if path.extension().is_some_and(|extension| extension == "zst") {
            let target = out.join(path.file_stem().unwrap_or_default());
            let compressed = fs::read(&path)?;
            fs::write(target, zstd::decode_all(compressed.as_slice())?)?;
        }
    }
    Ok(())
}
