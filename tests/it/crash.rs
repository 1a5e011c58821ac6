//! What power cuts, kills and full disks leave behind: the last commit, books that add up, and a next run that mends.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Child;
use std::time::Instant;

use dateline::export::list::EXPORTERS;

use crate::support::Project;

/// How often the ingest is killed.
const KILLS: u32 = 20;

/// Lays files of many articles that name people, places and days, some of them copies and some broken.
fn lay(project: &Project) {
    for file in 0..12 {
        let mut lines = String::new();
        for n in 0..400 {
            let id = format!("{file}-{n}");
            let text =
                format!("President Joe Biden met envoys from Iraq, number {n} of {file}, on 28 June 2021.");
            writeln!(
                lines,
                "{}",
                serde_json::json!({"id": id, "title": format!("Title of {id}"), "text": text})
            )
            .unwrap();
        }
        if file % 3 == 0 {
            lines.push_str("{\"id\": \"broken\n");
        }
        project.write(&format!("news/{file:02}.jsonl"), lines);
    }
    project.write("news/again/00.jsonl", std::fs::read(project.path("news/00.jsonl")).unwrap());
}

/// All that a user can see of an archive.
fn seen(project: &Project) -> (Vec<String>, [u64; 5], serde_json::Value) {
    let facets = ["actor", "place", "published", "event"].map(|facet| format!("--facet={facet}=all"));
    let mut question = vec!["query", "--limit", "0", "--no-collapse", "--format", "json"];
    question.extend(facets.iter().map(String::as_str));
    let answer = project.json(&question);
    (project.ids(), project.totals(), serde_json::json!([answer["total"], answer["facets"]]))
}

#[test]
fn killing_an_ingest_again_and_again_loses_nothing() {
    let whole = Project::new();
    let killed = Project::new();
    lay(&whole);
    lay(&killed);
    let started = Instant::now();
    assert_eq!(whole.run(&["ingest", "news"]).code, 3);
    let took = started.elapsed();
    let mut cut_off = 0;
    for round in 0..KILLS {
        let mut child = killed.command(&["ingest", "--commit-every", "150", "news"]).spawn().unwrap();
        // Spread over the run in an order that is not the order of time.
        std::thread::sleep(took * (round * 7 % KILLS) / KILLS);
        cut_off += u32::from(kill(&mut child));
        if killed.path(".dateline/ledger.sqlite").is_file() && killed.path(".dateline/version").is_file() {
            killed.totals();
        }
    }
    assert!(cut_off > KILLS / 4, "only {cut_off} of {KILLS} were cut off");
    let code = killed.run(&["ingest", "news"]).code;
    assert!(code == 0 || code == 3, "{code}");
    assert_eq!(seen(&killed), seen(&whole));
}

/// Kills a process; whether it was still running.
fn kill(child: &mut Child) -> bool {
    let was_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    was_running
}

/// Copies a folder.
fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).unwrap();
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_cut_between_the_two_commits_is_mended_whichever_is_behind() {
    let project = Project::new();
    lay(&project);
    project.run(&["ingest", "--include", "0[0-4]*", "news"]);
    copy(&project.path(".dateline"), &project.path("earlier"));
    project.run(&["ingest", "news"]);
    let expected = seen(&project);
    copy(&project.path(".dateline"), &project.path("later"));
    for (index, ledger) in [("later", "earlier"), ("earlier", "later")] {
        std::fs::remove_dir_all(project.path(".dateline")).unwrap();
        copy(&project.path(index), &project.path(".dateline"));
        let file = "ledger.sqlite";
        std::fs::copy(project.path(ledger).join(file), project.path(".dateline").join(file)).unwrap();
        project.run(&["ingest", "news"]);
        assert_eq!(seen(&project), expected, "index {index}, ledger {ledger}");
    }
    // Index gone altogether, ledger still there.
    std::fs::remove_dir_all(project.path(".dateline/articles")).unwrap();
    std::fs::remove_file(project.path(".dateline/version")).unwrap();
    project.run(&["ingest", "news"]);
    assert_eq!(seen(&project), expected);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_keeps_the_last_commit() {
    let project = Project::new();
    lay(&project);
    let disk = Disk::new(&project);
    let run = |arguments: &[&str]| disk.run(&project, arguments);
    assert_eq!(run(&["ingest", "--include", "00*", "news"]), 3);
    let before = disk.seen(&project);
    disk.fill(300 << 10);
    let full = run(&["ingest", "news"]);
    assert!(full == 2 || full == 4, "it ended with {full}");
    assert_eq!(disk.seen(&project), before, "the last commit is readable as it was");
    disk.make_room();
    assert_eq!(run(&["ingest", "news"]), 3);
    assert_ne!(disk.seen(&project), before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_no_half_list() {
    let project = Project::new();
    lay(&project);
    let disk = Disk::new(&project);
    assert_eq!(disk.run(&project, &["ingest", "--include", "0[0-4]*", "news"]), 3);
    let list = disk.index.join("list");
    let files = || {
        let names = std::fs::read_dir(&disk.index).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = names.filter(|name| name != "stories").collect();
        names.sort();
        names
    };
    std::fs::write(&list, "an older list").unwrap();
    disk.fill(8 << 10);
    let before = files();
    for format in EXPORTERS.iter().filter(|format| format.facet.is_none() && format.name != "geojson") {
        let to = list.to_str().unwrap();
        let code =
            disk.run(&project, &["query", "--limit", "all", "-f", format.name, "-o", to, "--manifest"]);
        assert!(code > 1, "{} ended with {code}", format.name);
        assert_eq!(std::fs::read_to_string(&list).unwrap(), "an older list", "{}", format.name);
        assert_eq!(files(), before, "{}", format.name);
    }
    disk.make_room();
    assert_eq!(
        disk.run(&project, &["query", "--limit", "all", "-f", "csv", "-o", list.to_str().unwrap()]),
        0
    );
    assert!(std::fs::read_to_string(&list).unwrap().lines().count() > 1_500);
}

/// A small disk for an index: a file system of its own where that is allowed, else a bound on the size of files.
#[cfg(target_os = "linux")]
struct Disk {
    index: std::path::PathBuf,
    is_mounted: bool,
    /// The bound, in blocks of 1 KiB.
    bound: std::cell::Cell<Option<u64>>,
}

#[cfg(target_os = "linux")]
impl Disk {
    const BYTES: u64 = 24 << 20;

    fn new(project: &Project) -> Disk {
        let index = project.path("disk");
        std::fs::create_dir(&index).unwrap();
        let size = format!("size={}", Disk::BYTES);
        let mount = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(&index)
            .stderr(std::process::Stdio::null())
            .status();
        let is_mounted = mount.is_ok_and(|status| status.success());
        Disk { index, is_mounted, bound: std::cell::Cell::new(None) }
    }

    /// Leaves room for about `left` bytes.
    fn fill(&self, left: u64) {
        if !self.is_mounted {
            self.bound.set(Some(left / 1024 / 8));
            return;
        }
        let used: u64 = walkdir::WalkDir::new(&self.index)
            .into_iter()
            .filter_map(|entry| entry.ok()?.metadata().ok())
            .filter(std::fs::Metadata::is_file)
            .map(|file| file.len().next_multiple_of(4096))
            .sum();
        std::fs::write(self.index.join("filler"), vec![1; (Disk::BYTES - used - left) as usize]).unwrap();
    }

    fn make_room(&self) {
        self.bound.set(None);
        if self.is_mounted {
            std::fs::remove_file(self.index.join("filler")).unwrap();
        }
    }

    fn run(&self, project: &Project, arguments: &[&str]) -> i32 {
        let index = self.index.to_str().unwrap();
        let mut command = match self.bound.get() {
            None => project.command(arguments),
            Some(blocks) => {
                let mut shell = std::process::Command::new("sh");
                // Writing past the bound is then an error like that of a full disk, and not a signal.
                shell.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"")).arg("sh");
                shell.arg(env!("CARGO_BIN_EXE_dateline")).args(arguments).current_dir(project.path(""));
                shell
            }
        };
        command.args(["--index", index]).output().unwrap().status.code().unwrap_or(-1)
    }

    fn seen(&self, project: &Project) -> serde_json::Value {
        let index = self.index.to_str().unwrap();
        let mut answer = project.json(&["query", "--facet=place=all", "--format=json", "--index", index]);
        answer["status"] = project.json(&["status", "--format", "json", "--index", index])["indexed"].clone();
        answer
    }
}

#[cfg(target_os = "linux")]
impl Drop for Disk {
    fn drop(&mut self) {
        if self.is_mounted {
            let _ = std::process::Command::new("umount").arg(&self.index).status();
        }
    }
}
