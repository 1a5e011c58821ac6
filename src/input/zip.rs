//! Zip archives: every member is read as if it were a file, in the order of the archive.
//!
//! Member by member through the table at the end, scans last; an archive within an archive is copied out first. What is
//! encrypted or packed in an unknown way costs one record.

use std::rc::Rc;
use std::time::{Duration, SystemTime};

use jiff::civil::Date;
use zip::read::{ZipArchive, ZipFile};
use zip::result::ZipError;

use crate::calendar::day_number;
use crate::input::container::{MOST_MEMBERS, Member, ReadSeek, is_hidden, label};
use crate::input::shelf::Shelf;
use crate::input::stream::Stream;
use crate::input::{Confidence, Format, Halt, Head, Reader};

/// An archive of files.
pub(super) const FORMAT: Format =
    Format { name: "zip", label: "zip archive", extensions: &["zip"], sniff, read };

fn sniff(head: &Head<'_>) -> Confidence {
    let starts = [&b"PK\x03\x04"[..], b"PK\x05\x06", b"PK\x07\x08"];
    if starts.iter().any(|start| head.bytes.starts_with(start)) {
        Confidence::Certain
    } else {
        Confidence::No
    }
}

fn read(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let mut archive = open(reader)?;
    if archive.len() > MOST_MEMBERS {
        let reason = format!("{} members, more than the limit of {MOST_MEMBERS}", archive.len());
        return Err(Halt::Failed { stage: "read", reason });
    }
    let mut shelf = Shelf::default();
    match read_members(reader, &mut archive, &mut shelf) {
        Err(Halt::Enough) => Err(Halt::Enough),
        outcome => {
            let budget = Rc::clone(reader.stream.budget());
            shelf.settle(reader, &budget)?;
            outcome
        }
    }
}

fn read_members(
    reader: &mut Reader<'_>,
    archive: &mut ZipArchive<Box<dyn ReadSeek>>,
    shelf: &mut Shelf,
) -> Result<(), Halt> {
    for index in 0..archive.len() {
        if reader.stream.budget().is_spent() {
            return Err(Halt::Failed {
                stage: "decompress",
                reason: "unpacks to absurdly more than its size".into(),
            });
        }
        match archive.by_index(index) {
            Ok(file) => member(reader, file, shelf)?,
            Err(error) => {
                reader.member_failed(&format!("member {}", index + 1), "decompress", explain(&error))?;
            }
        }
    }
    Ok(())
}

/// Opens the archive that `reader` stands on.
pub(super) fn open(reader: &mut Reader<'_>) -> Result<ZipArchive<Box<dyn ReadSeek>>, Halt> {
    let source = reader.seekable()?;
    ZipArchive::new(source).map_err(|error| Halt::Failed { stage: "parse", reason: explain(&error) })
}

fn member(
    reader: &mut Reader<'_>,
    file: ZipFile<'_, Box<dyn ReadSeek>>,
    shelf: &mut Shelf,
) -> Result<(), Halt> {
    let path = file
        .name()
        .map_or_else(|_| String::from_utf8_lossy(file.name_raw()).into_owned(), std::borrow::Cow::into_owned);
    if !file.is_file() || is_hidden(&label(&path)) {
        return Ok(());
    }
    let modified = file.last_modified().and_then(time);
    let member = Member { path, bytes: file.size(), modified };
    let budget = Rc::clone(reader.stream.budget());
    shelf.read_or_keep(reader, member, Stream::packed_member(file, &budget), &budget)
}

/// The local time of a member, taken for UTC: only its day is ever used.
fn time(stamp: zip::DateTime) -> Option<SystemTime> {
    let year = i16::try_from(stamp.year()).ok()?;
    let (month, day) = (i8::try_from(stamp.month()).ok()?, i8::try_from(stamp.day()).ok()?);
    let days = day_number(Date::new(year, month, day).ok()?);
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(days).ok()? * 86_400))
}

fn explain(error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(reason) if reason.to_lowercase().contains("password") => {
            "encrypted: dateline has no password".to_owned()
        }
        other => other.to_string().to_lowercase(),
    }
}
