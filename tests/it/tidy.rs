//! The house rules that matter, as tests: who may use whom, who may print, what the documents promise.

use std::path::{Path, PathBuf};

use crate::support::repository;

/// The modules of the library in reading order, each with those above it that it must not use all the same.
const MODULES: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("guard", &[]),
    ("span", &[]),
    ("language", &[]),
    ("calendar", &[]),
    ("article", &[]),
    ("field", &[]),
    ("config", &[]),
    ("text", &["config", "field", "article"]),
    ("input", &["field", "config"]),
    ("reference", &["input", "config"]),
    ("extract", &["input", "config"]),
    ("story", &["article", "input", "reference", "extract"]),
    ("query", &["input", "extract", "story"]),
    ("engine", &["input", "extract"]),
    ("ledger", &["input", "text", "extract", "story", "query", "engine"]),
    ("pipeline", &["query"]),
    ("export", &["engine", "ledger", "pipeline"]),
    ("eval", &["ledger"]),
];

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = repository().join(folder);
    let files = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().map(Result::unwrap);
    let rust = files.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"));
    rust.map(|entry| {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        (entry.path().strip_prefix(repository()).unwrap().to_path_buf(), text)
    })
    .collect()
}

/// The top-level module that a file of the library belongs to.
fn module_of(path: &Path) -> Option<String> {
    let first = path.components().nth(1)?.as_os_str().to_string_lossy().into_owned();
    let name = first.strip_suffix(".rs").unwrap_or(&first);
    MODULES.iter().any(|(module, _)| *module == name).then(|| name.to_owned())
}

/// Names that follow `crate::` in the code, comments left out.
fn used_modules(text: &str) -> Vec<String> {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or(""));
    let mut used = Vec::new();
    for line in code {
        for rest in line.split("crate::").skip(1) {
            used.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    used
}

#[test]
fn a_module_uses_only_those_above_it() {
    let place = |name: &str| MODULES.iter().position(|(module, _)| *module == name);
    let mut breaches = Vec::new();
    for (path, text) in sources("src") {
        let Some(module) = module_of(&path) else { continue };
        let Some(own) = place(&module) else { continue };
        for used in used_modules(&text) {
            let Some(other) = place(&used) else { continue };
            if other > own || MODULES[own].1.contains(&used.as_str()) {
                breaches.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[test]
fn the_table_above_is_the_order_of_the_crate() {
    let crate_page = std::fs::read_to_string(repository().join("src/lib.rs")).unwrap();
    let declared: Vec<&str> =
        crate_page.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let table: Vec<&str> = MODULES.iter().map(|(module, _)| *module).collect();
    assert_eq!(declared, table);
}

#[test]
fn only_the_local_engine_names_tantivy() {
    for (path, text) in sources("src") {
        if path.starts_with("src/engine/local") {
            continue;
        }
        let naming = text.lines().find(|line| line.split("//").next().unwrap_or("").contains("tantivy::"));
        assert_eq!(naming, None, "{}", path.display());
    }
}

#[test]
fn every_module_says_what_it_is() {
    for (path, text) in sources("src") {
        assert!(text.starts_with("//!"), "{} has no header", path.display());
    }
}

#[test]
fn the_map_names_every_room() {
    let map = std::fs::read_to_string(repository().join("docs/ARCHITECTURE.md")).unwrap();
    assert!(map.lines().count() <= 200, "the map has become a book");
    for (module, _) in MODULES {
        assert!(map.contains(&format!("`{module}`")), "docs/ARCHITECTURE.md does not name `{module}`");
    }
}
