//! Tar archives: every member is read as if it were a file, while the archive streams past.
//!
//! Whether packed (`.tar.gz`, `.tar.zst`) or not; nothing is unpacked to disk, links and devices are passed over. Scans
//! wait for their issue.

use std::io;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use tar::{Archive, Entry};

use crate::input::container::{Member, is_hidden, label};
use crate::input::shelf::Shelf;
use crate::input::stream::{Budget, Stream};
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// An archive of files.
pub(super) const FORMAT: Format =
    Format { name: "tar", label: "tar archive", extensions: &["tar"], sniff, read };

/// Where the header of the first member says that it is one.
const MAGIC_AT: usize = 257;

fn sniff(head: &Head<'_>) -> Confidence {
    let magic = head.bytes.get(MAGIC_AT..MAGIC_AT + 5) == Some(b"ustar");
    let named = FORMAT.extensions.contains(&head.extension.as_str());
    // Archives older than POSIX have only a name to begin with and a checksum.
    let old = named && head.bytes.len() >= 512 && head.bytes[0] != 0 && checksum_fits(&head.bytes[..512]);
    match (magic || old, named) {
        (true, _) => Confidence::Certain,
        (false, true) => Confidence::Likely,
        (false, false) => Confidence::No,
    }
}

fn checksum_fits(header: &[u8]) -> bool {
    let mut block = [0; 512];
    block.copy_from_slice(header);
    let written = tar::Header::from_byte_slice(&block).cksum().unwrap_or(0);
    let blank = block
        .iter()
        .enumerate()
        .map(|(at, &byte)| if (148..156).contains(&at) { 32 } else { u32::from(byte) });
    written == blank.sum::<u32>()
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let stream = reader.take_stream();
    let budget = Rc::clone(stream.budget());
    let mut archive = Archive::new(stream);
    let mut shelf = Shelf::default();
    let outcome = read_members(reader, &mut archive, (&mut shelf, &budget));
    // What ended the stream is told at the end.
    reader.stream = archive.into_inner();
    if matches!(outcome, Err(Halt::Enough)) {
        return outcome;
    }
    shelf.settle(reader, &budget)?;
    match outcome {
        Err(Halt::Failed { .. }) if reader.stream.trouble().is_some() => Ok(()),
        outcome => outcome,
    }
}

fn read_members<'a>(
    reader: &mut Reader<'a>,
    archive: &mut Archive<Stream<'a>>,
    (shelf, budget): (&mut Shelf, &Rc<Budget>),
) -> Result<(), Halt> {
    let broken = |error: io::Error| Halt::Failed { stage: "parse", reason: error.to_string().to_lowercase() };
    for entry in archive.entries().map_err(broken)? {
        member(reader, entry.map_err(broken)?, (shelf, budget))?;
    }
    Ok(())
}

fn member<R: io::Read>(
    reader: &mut Reader<'_>,
    entry: Entry<'_, R>,
    (shelf, budget): (&mut Shelf, &Rc<Budget>),
) -> Result<(), Halt> {
    let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    if !entry.header().entry_type().is_file() || is_hidden(&label(&path)) {
        return Ok(());
    }
    let seconds = entry.header().mtime().ok();
    let modified =
        seconds.and_then(|seconds| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
    let member = Member { path, bytes: entry.size(), modified };
    shelf.read_or_keep(reader, member, Stream::member(entry, budget), budget)
}
