//! What an ingest run has to do: which files are new or changed, which are gone. Reads no file, changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::engine::local::LocalIndex;
use crate::error::{Error, Result};
use crate::input::piped::Piped;
use crate::input::{self, Found, Problem, SourceFile, WalkOptions};
use crate::ledger::{Ledger, Look};
use crate::pipeline::IngestOptions;

/// A file to be read.
#[derive(Debug, Clone)]
pub struct Job {
    /// The file.
    pub file: SourceFile,
    /// Its key in the ledger.
    pub key: String,
    /// What it looks like now.
    pub look: Look,
    /// It has been read before.
    pub known: bool,
}

impl Job {
    /// A file that was read before and has to be read again, whether it looks changed or not.
    pub(super) fn again(folder: &Path, file: SourceFile) -> Job {
        Job { key: key(folder, &file.path), look: look_of(&file), known: true, file }
    }
}

/// What a run has to do.
#[derive(Debug, Default)]
pub struct Plan {
    /// New and changed files, in walking order.
    pub jobs: Vec<Job>,
    /// Files that look as they did.
    pub unchanged: Vec<SourceFile>,
    /// Keys of files that are not there any more.
    pub gone: Vec<String>,
    /// Paths that could not be walked, by key.
    pub problems: Vec<(String, Problem)>,
    /// Keys of the roots that were named, and whether they are still there.
    pub roots: Vec<(String, bool)>,
}

/// A root that has lost so much may be a drive that is not mounted.
const FEWEST_FILES_TO_CARE: usize = 4;

/// Compares the files under `roots` (under all that were ever ingested, if there are none) with the ledger of the index
/// in `folder`.
///
/// # Errors
/// When a root is gone or has lost more than half of its files, unless `options.prune` is set; when a glob is none.
pub fn plan(folder: &Path, roots: &[PathBuf], ledger: &Ledger, options: &IngestOptions) -> Result<Plan> {
    let choice = Choice::new(ledger, options)?;
    let roots = match (roots, &options.piped) {
        ([], None) => known_roots(folder, ledger)?,
        _ => roots.to_vec(),
    };
    let mut plan = Plan::default();
    let mut seen = BTreeSet::new();
    for root in &roots {
        refuse_index(root)?;
        let root_key = key(folder, root);
        let known = known_files(folder, root, ledger)?;
        if !root.exists() && known.is_empty() {
            return Err(Error::Usage(format!("{}: no such file or folder", root.display())));
        }
        let mut present = BTreeSet::new();
        // A root that is gone is no problem of walking: all that was under it is gone too.
        let there = if root.exists() { std::slice::from_ref(root) } else { &[] };
        for found in input::walk(there, &WalkOptions::default()) {
            match found {
                Found::File(file) if is_match(&choice.exclude, &file) => {}
                Found::File(file) => {
                    let file_key = key(folder, &file.path);
                    present.insert(file_key.clone());
                    if choice.is_looked_at(&file) && seen.insert(file_key.clone()) {
                        plan.sort_in(file, file_key, &known, &choice);
                    }
                }
                Found::Problem(problem) => {
                    plan.problems.push((key(folder, Path::new(&problem.path)), problem));
                }
            }
        }
        let mut gone = gone_files(&known, &present, &plan.problems);
        if options.keep_deleted || options.retry.is_some() {
            gone.clear();
        }
        refuse_to_shrink(root, known.len(), gone.len(), options.prune)?;
        plan.gone.extend(gone);
        plan.roots.push((root_key, root.exists() || options.keep_deleted));
    }
    if let Some(piped) = &options.piped {
        plan.jobs.extend(piped_job(piped, ledger)?);
    }
    Ok(plan)
}

/// What is on the books under `root`. Files beside the index have keys of their own, also when `root` lies above them.
fn known_files(folder: &Path, root: &Path, ledger: &Ledger) -> Result<BTreeMap<String, Look>> {
    let mut known = ledger.files_under(&key(folder, root))?;
    let is_above = normal(folder).parent().is_some_and(|home| home.starts_with(normal(root)));
    if is_above {
        known.extend(ledger.files_under("")?);
    }
    Ok(known)
}

/// What was piped, unless the same bytes came under the same address before.
fn piped_job(piped: &Piped, ledger: &Ledger) -> Result<Option<Job>> {
    let Piped { file, digest, .. } = piped;
    let (key, look) = (file.shown.clone(), Look { bytes: file.bytes, modified_ns: digest >> 1 });
    let before = ledger.files_under(&key)?.remove(&key);
    let is_new = before != Some(look);
    Ok(is_new.then(|| Job { file: file.clone(), key, look, known: before.is_some() }))
}

/// An index holds no news: whoever names one where articles are meant wants to ask it.
pub fn refuse_index(root: &Path) -> Result<()> {
    if !LocalIndex::is_at(root) {
        return Ok(());
    }
    let shown = root.display();
    Err(Error::Usage(format!(
        "{shown}: an index, not a folder of articles\nhint: ask it with --index {shown}"
    )))
}

/// The folders and files that were ingested before, as seen from the working folder.
///
/// # Errors
/// When nothing was.
pub fn known_roots(folder: &Path, ledger: &Ledger) -> Result<Vec<PathBuf>> {
    let roots: Vec<PathBuf> = ledger.roots()?.iter().map(|key| path_of(folder, key)).collect();
    if roots.is_empty() {
        return Err(Error::Usage("nothing has been ingested here yet: name a folder or file".to_owned()));
    }
    Ok(roots)
}

/// Which of the files that are there a run looks at. The others are neither read nor held to be gone.
struct Choice {
    exclude: GlobSet,
    include: Option<GlobSet>,
    since: Option<SystemTime>,
    /// Only what looks changed, and these.
    retry: Option<BTreeSet<String>>,
    /// The largest file that is read.
    max_file_bytes: Option<u64>,
}

impl Choice {
    fn new(ledger: &Ledger, options: &IngestOptions) -> Result<Choice> {
        let include = (!options.include.is_empty()).then(|| globs(&options.include)).transpose()?;
        let retry = options.retry.as_ref().map(|retry| ledger.files_to_retry(retry)).transpose()?;
        let max_file_bytes = options.read.max_file_bytes;
        Ok(Choice { exclude: globs(&options.exclude)?, include, since: options.since, retry, max_file_bytes })
    }

    fn is_looked_at(&self, file: &SourceFile) -> bool {
        let is_included = self.include.as_ref().is_none_or(|include| is_match(include, file));
        // A file whose time is not known may be new.
        let is_recent = self.since.zip(file.modified).is_none_or(|(since, modified)| modified >= since);
        is_included && is_recent
    }

    /// Whether a file was too large to be read, and still is.
    fn is_still_too_large(&self, file: &SourceFile, before: Option<&Look>) -> bool {
        let is_too_large = self.max_file_bytes.is_some_and(|limit| file.bytes > limit);
        is_too_large && before == Some(&Look::too_large(file.bytes))
    }
}

/// Visits every file under `roots` but those that `exclude` names, in walking order.
///
/// # Errors
/// When a glob is none.
pub fn each_file(
    roots: &[PathBuf],
    exclude: &[String],
    visit: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> Result<()> {
    let exclude = globs(exclude)?;
    for found in input::walk(roots, &WalkOptions::default()) {
        let is_wanted = !matches!(&found, Found::File(file) if is_match(&exclude, file));
        if is_wanted && visit(found).is_break() {
            break;
        }
    }
    Ok(())
}

impl Plan {
    /// Bytes of the files to read.
    pub fn bytes(&self) -> u64 {
        self.jobs.iter().map(|job| job.file.bytes).sum()
    }

    /// Without `retry` all that is new or looks changed is read; with it, what is known and looks changed or is named.
    fn sort_in(&mut self, file: SourceFile, key: String, known: &BTreeMap<String, Look>, choice: &Choice) {
        let look = look_of(&file);
        let before = known.get(&key);
        let is_new_or_changed = before != Some(&look) && !choice.is_still_too_large(&file, before);
        let is_wanted = match &choice.retry {
            None => is_new_or_changed,
            Some(retry) => before.is_some() && (is_new_or_changed || retry.contains(&key)),
        };
        if is_wanted {
            self.jobs.push(Job { file, key, look, known: before.is_some() });
        } else if before.is_some() {
            self.unchanged.push(file);
        }
    }
}

fn look_of(file: &SourceFile) -> Look {
    let since_1970 = file.modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified_ns = since_1970.and_then(|time| u64::try_from(time.as_nanos()).ok()).unwrap_or(0);
    Look { bytes: file.bytes, modified_ns }
}

/// Files of the ledger that the walk did not meet. What lies behind a path that could not be walked may still be there.
fn gone_files(
    known: &BTreeMap<String, Look>,
    present: &BTreeSet<String>,
    problems: &[(String, Problem)],
) -> Vec<String> {
    let is_hidden =
        |file: &str| problems.iter().any(|(path, _)| file != path && Path::new(file).starts_with(path));
    known.keys().filter(|file| !present.contains(*file) && !is_hidden(file)).cloned().collect()
}

fn refuse_to_shrink(root: &Path, known: usize, gone: usize, prune: bool) -> Result<()> {
    if prune || gone == 0 {
        return Ok(());
    }
    let is_gone = !root.exists();
    if is_gone || (known >= FEWEST_FILES_TO_CARE && gone * 2 > known) {
        let what =
            if is_gone { "is gone".to_owned() } else { format!("has lost {gone} of its {known} files") };
        return Err(Error::Usage(format!(
            "{}: this folder {what}; nothing was changed\nhint: if that is meant, run again with --prune to let go of their articles",
            root.display()
        )));
    }
    Ok(())
}

/// The key of a path: from the folder that holds the index if it lies there, so that both can be moved together, else
/// from the top of the file system. `/`-separated on every system.
pub(crate) fn key(folder: &Path, path: &Path) -> String {
    let absolute = normal(path);
    let home = normal(folder).parent().map(Path::to_path_buf);
    let inner = home.and_then(|home| absolute.strip_prefix(&home).ok().map(Path::to_path_buf));
    let shown = inner.unwrap_or(absolute);
    let parts: Vec<_> = shown.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/").replacen("//", "/", 1)
}

/// The path of a key, short where it lies under the working folder.
pub(crate) fn path_of(folder: &Path, key: &str) -> PathBuf {
    let home = normal(folder).parent().map(Path::to_path_buf).unwrap_or_default();
    let path = home.join(key);
    match std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf)) {
        Some(inner) if inner.as_os_str().is_empty() => PathBuf::from("."),
        Some(inner) => inner,
        None => path,
    }
}

/// The path made absolute, without `.` and `..`, links left as they are.
fn normal(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut parts = PathBuf::new();
    for part in absolute.components() {
        if part == Component::ParentDir {
            parts.pop();
        } else if part != Component::CurDir {
            parts.push(part);
        }
    }
    parts
}

fn globs(patterns: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    let wrong = |pattern: &str| Error::Usage(format!("`{pattern}` is not a glob pattern"));
    for pattern in patterns {
        set.add(Glob::new(pattern).map_err(|_| wrong(pattern))?);
    }
    set.build().map_err(|_| wrong(&patterns.join(" ")))
}

fn is_match(globs: &GlobSet, file: &SourceFile) -> bool {
    globs.is_match(&file.relative) || globs.is_match(file.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_relative_to_the_folder_that_holds_the_index() {
        let index = Path::new("/home/desk/archive/.dateline");
        for (path, expected) in [
            ("/home/desk/archive/2021/a.txt", "2021/a.txt"),
            ("/home/desk/archive/./2021/../b.txt", "b.txt"),
            ("/mnt/news/a.txt", "/mnt/news/a.txt"),
            ("/home/desk/archive", ""),
        ] {
            assert_eq!(key(index, Path::new(path)), expected);
        }
    }
}
