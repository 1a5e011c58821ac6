//! Folders to files, in a stable order.
//!
//! Takes the roots a user names, gives a [`SourceFile`] for each file under them and a [`Problem`] for whatever
//! cannot be entered: unreadable folders, symbolic links in a circle, roots that are not there. Hidden files and
//! `.dateline` folders are passed over. Never opens a file.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use walkdir::{DirEntry, WalkDir};

/// A file to be read: where it is and how the user would name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// The path as the user would name it.
    pub shown: String,
    /// Its path from its root, `/`-separated on every system: identifiers derive from it.
    pub relative: String,
    /// The root under which it was found; the file itself if it was named directly.
    pub root: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// When it was last changed.
    pub modified: Option<SystemTime>,
}

/// What a walk comes across.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file to be read.
    File(SourceFile),
    /// Something that cannot be entered.
    Problem(Problem),
}

/// A path that could not be walked, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The path as the user would name it.
    pub path: String,
    /// What went wrong, lower case, no full stop.
    pub reason: String,
}

/// What to walk past and what to enter.
#[derive(Debug, Clone, Default)]
pub struct WalkOptions {
    /// Enter hidden files and folders too (never `.dateline`).
    pub hidden: bool,
}

impl SourceFile {
    /// The file at `path`, named directly; gives `None` if it cannot be examined.
    pub fn at(path: &Path) -> Option<SourceFile> {
        walk(&[path.to_path_buf()], &WalkOptions::default()).find_map(|found| match found {
            Found::File(file) => Some(file),
            Found::Problem(_) => None,
        })
    }

    /// The file name, without the folders.
    pub fn name(&self) -> &str {
        self.relative.rsplit('/').next().unwrap_or(&self.relative)
    }
}

/// Every file under `roots`, root by root, sorted by name within each folder.
pub fn walk(roots: &[PathBuf], options: &WalkOptions) -> impl Iterator<Item = Found> {
    let hidden = options.hidden;
    let roots = roots.to_vec();
    roots.into_iter().flat_map(move |root| {
        WalkDir::new(&root)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(move |entry| entry.depth() == 0 || wanted(entry, hidden))
            .filter_map(move |entry| found(entry, &root))
    })
}

fn wanted(entry: &DirEntry, hidden: bool) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    name != b".dateline" && (hidden || !name.starts_with(b"."))
}

fn found(entry: walkdir::Result<DirEntry>, root: &Path) -> Option<Found> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return Some(Found::Problem(problem(&error, root))),
    };
    if entry.file_type().is_dir() {
        return None;
    }
    // A file may vanish between being listed and being examined: that is one row, not the end of the walk.
    let metadata = match entry.metadata() {
        Ok(metadata) => metadata,
        Err(error) => return Some(Found::Problem(problem(&error, root))),
    };
    Some(Found::File(SourceFile {
        shown: entry.path().display().to_string(),
        relative: relative(entry.path(), root),
        root: root.to_path_buf(),
        bytes: metadata.len(),
        modified: metadata.modified().ok(),
        path: entry.into_path(),
    }))
}

fn relative(path: &Path, root: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
    if parts.is_empty() {
        path.file_name()
            .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
    } else {
        parts.join("/")
    }
}

fn problem(error: &walkdir::Error, root: &Path) -> Problem {
    let path = error.path().unwrap_or(root).display().to_string();
    let reason = match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => {
            format!("symbolic link back to its own ancestor {}", ancestor.display())
        }
        (None, Some(source)) => source.to_string().to_lowercase(),
        (None, None) => "cannot be entered".to_owned(),
    };
    Problem { path, reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn files(roots: &[PathBuf]) -> Vec<String> {
        walk(roots, &WalkOptions::default())
            .map(|found| match found {
                Found::File(file) => file.relative,
                Found::Problem(problem) => format!("! {}", problem.reason),
            })
            .collect()
    }

    #[test]
    fn files_come_in_order_without_hidden_ones() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b/2.txt", "b/1.txt", "a.txt", ".secret", ".dateline/index", "b/.git/config"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        assert_eq!(files(&[folder.path().to_path_buf()]), ["a.txt", "b/1.txt", "b/2.txt"]);
        assert_eq!(files(&[folder.path().join(".secret")]), [".secret"], "a file named directly is read");
    }

    #[test]
    fn a_missing_root_is_a_problem_not_an_end() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "x").unwrap();
        let found = files(&[folder.path().join("gone"), folder.path().to_path_buf()]);
        assert!(found[0].starts_with("! "), "{found:?}");
        assert_eq!(found[1], "a.txt");
    }

    #[cfg(unix)]
    #[test]
    fn circles_of_links_are_reported_and_left() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "x").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
        let found = files(&[folder.path().to_path_buf()]);
        assert_eq!(found[0], "a.txt");
        assert!(found[1].contains("symbolic link back"), "{found:?}");
        assert_eq!(found.len(), 2);
    }
}
