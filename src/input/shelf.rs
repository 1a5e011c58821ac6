//! Scans within an archive: issues and their pages wait for each other, wherever either lies in the archive.
//!
//! Takes the members of an archive, passes on all but ALTO pages and METS files, and keeps those, packed, until the issues
//! can be read with their pages; pages that no issue lists are read by themselves. What waits is bounded: an archive of
//! many issues is settled issue by issue. Never writes to disk.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::input::container::{Member, Origin, label};
use crate::input::stream::{Budget, Stream};
use crate::input::{Halt, Reader, alto, mets, sniff, too_large};

/// Packed bytes that wait before the first issues are read; a page packs to a tenth.
const MOST_WAITING: usize = 64 << 20;

/// How far into a member its first element is looked for.
const OPENS_WITHIN: usize = 4096;

/// Scans are dry text: the quickest level packs them to a tenth.
const LEVEL: i32 = 1;

/// The scans of an archive that wait.
#[derive(Default)]
pub(super) struct Shelf {
    scans: Vec<Scan>,
    packed_bytes: usize,
}

/// An issue or a page.
struct Scan {
    member: Member,
    /// Its path as a label.
    label: String,
    packed: Rc<[u8]>,
    /// The pages that it lists, by label, where it is an issue.
    pages: Option<BTreeSet<String>>,
}

/// What lies beside an issue in its archive.
#[derive(Debug)]
pub(super) struct Neighbours {
    folder: String,
    packed: BTreeMap<String, Rc<[u8]>>,
}

impl Neighbours {
    /// The page that an issue calls `href`.
    pub(super) fn page(&self, href: &str, limit: usize) -> Result<Vec<u8>, String> {
        let label = placed(&self.folder, href).ok_or(mets::OUTSIDE)?;
        let packed = self.packed.get(&label).ok_or("not in the archive")?;
        unpacked(packed, limit)
    }
}

impl Shelf {
    /// Keeps a scan for later, reads anything else at once.
    pub(super) fn read_or_keep(
        &mut self,
        reader: &mut Reader<'_>,
        member: Member,
        mut stream: Stream<'_>,
        budget: &Rc<Budget>,
    ) -> Result<(), Halt> {
        let label = label(&member.path);
        let Some(is_issue) = scan(stream.head(), &label) else { return reader.read_member(&member, stream) };
        let limit = reader.options.max_record_bytes;
        let bytes = stream.rest(limit);
        if let Some(trouble) = stream.trouble() {
            return reader.member_failed(&label, stream.stage(), trouble.to_owned());
        }
        let Some(bytes) = bytes else { return reader.member_failed(&label, "read", too_large(limit)) };
        let packed = zstd::bulk::compress(&bytes, LEVEL).unwrap_or_default();
        let pages = is_issue.then(|| {
            let folder = folder(&label);
            mets::pages_of(&bytes).iter().filter_map(|href| placed(folder, href)).collect()
        });
        self.packed_bytes += packed.len();
        self.scans.push(Scan { member, label, packed: packed.into(), pages });
        if self.packed_bytes > MOST_WAITING {
            self.settle_whole_issues(reader, budget)?;
        }
        if self.packed_bytes > MOST_WAITING { self.settle(reader, budget) } else { Ok(()) }
    }

    /// Reads the issues all of whose pages are there; the rest goes on waiting.
    fn settle_whole_issues(&mut self, reader: &mut Reader<'_>, budget: &Rc<Budget>) -> Result<(), Halt> {
        let here: BTreeSet<&String> = self.scans.iter().map(|scan| &scan.label).collect();
        let is_whole =
            |pages: &BTreeSet<String>| !pages.is_empty() && pages.iter().all(|page| here.contains(page));
        let issues = self.scans.iter().filter(|scan| scan.pages.as_ref().is_some_and(is_whole));
        let ready: BTreeSet<String> =
            issues.flat_map(|scan| scan.pages.iter().flatten().chain([&scan.label])).cloned().collect();
        let (ready, waiting) =
            std::mem::take(&mut self.scans).into_iter().partition(|scan| ready.contains(&scan.label));
        self.scans = ready;
        let outcome = self.settle(reader, budget);
        self.scans = waiting;
        self.packed_bytes = self.scans.iter().map(|scan| scan.packed.len()).sum();
        outcome
    }

    /// Reads everything that waits: issues with their pages, and pages of no issue.
    pub(super) fn settle(&mut self, reader: &mut Reader<'_>, budget: &Rc<Budget>) -> Result<(), Halt> {
        self.packed_bytes = 0;
        let scans = std::mem::take(&mut self.scans);
        let mut issue_of: BTreeMap<&str, &str> = BTreeMap::new();
        for scan in &scans {
            let pages = scan.pages.iter().flatten();
            issue_of.extend(pages.map(|page| (page.as_str(), name(&scan.label))));
        }
        for scan in &scans {
            if let Some(pages) = &scan.pages {
                let wanted = scans.iter().filter(|other| pages.contains(&other.label));
                let packed = wanted.map(|page| (page.label.clone(), Rc::clone(&page.packed))).collect();
                let neighbours = Neighbours { folder: folder(&scan.label).to_owned(), packed };
                read(reader, scan, Some(Rc::new(neighbours)), budget)?;
            } else if let Some(issue) = issue_of.get(scan.label.as_str()) {
                reader.member_skipped(&scan.label, alto::FORMAT.name, alto::page_of(issue))?;
            } else {
                read(reader, scan, None, budget)?;
            }
        }
        Ok(())
    }
}

fn read(
    reader: &mut Reader<'_>,
    scan: &Scan,
    neighbours: Option<Rc<Neighbours>>,
    budget: &Rc<Budget>,
) -> Result<(), Halt> {
    match unpacked(&scan.packed, reader.options.max_record_bytes) {
        Ok(bytes) => {
            let origin = Origin { depth: reader.origin.depth + 1, neighbours, ..Origin::default() };
            reader.read_part(&scan.member, &origin, Stream::of_bytes(&bytes, budget))
        }
        Err(reason) => reader.member_failed(&scan.label, "read", reason),
    }
}

/// Whether a member that starts with `head` is an issue, or a page; nothing if it is neither.
fn scan(head: &[u8], name: &str) -> Option<bool> {
    let start = &head[..head.len().min(OPENS_WITHIN)];
    let may_be = [&b"alto"[..], b"mets"].iter().any(|root| memchr::memmem::find(start, root).is_some());
    let format = if may_be { sniff(head, name).ok()?.name } else { return None };
    let is_issue = format == mets::FORMAT.name;
    (is_issue || format == alto::FORMAT.name).then_some(is_issue)
}

fn unpacked(packed: &[u8], limit: usize) -> Result<Vec<u8>, String> {
    zstd::bulk::decompress(packed, limit).map_err(|error| error.to_string().to_lowercase())
}

fn folder(label: &str) -> &str {
    label.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn name(label: &str) -> &str {
    label.rsplit_once('/').map_or(label, |(_, name)| name)
}

/// The label of the page that an issue in `folder` calls `href`; nothing if that lies outside.
fn placed(folder: &str, href: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let inner = mets::inner_path(href)?;
    for part in inner.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_placed_from_the_folder_of_their_issue() {
        for (folder, href, expected) in [
            ("1871/03", "alto/1.xml", Some("1871/03/alto/1.xml")),
            ("1871/03", "file://./alto/1.xml", Some("1871/03/alto/1.xml")),
            ("1871/03", "..\\alto\\1.xml", Some("1871/alto/1.xml")),
            ("", "1.xml", Some("1.xml")),
            ("", "../1.xml", None),
            ("1871/03", "../../1.xml", None),
            ("1871/03", "/etc/passwd", None),
        ] {
            assert_eq!(placed(folder, href).as_deref(), expected, "{folder} {href}");
        }
    }

    #[test]
    fn only_scans_wait() {
        for (head, expected) in [
            ("<?xml version='1.0'?><alto xmlns='x'>", Some(false)),
            ("<mets:mets xmlns:mets='x'>", Some(true)),
            ("<nitf><body>The alto sang in the mets.", None),
            ("An alto sang.", None),
        ] {
            assert_eq!(scan(head.as_bytes(), "a.xml"), expected, "{head}");
        }
    }
}
