//! Which articles of a commit are copies of each other, by their signatures in the index.
//!
//! The grouping follows from the commit alone. It is kept in the file `stories`, which names the segments that it was made
//! from; when those are no longer the ones searched, it is made anew. So nothing has to be repaired after a crash.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tantivy::{DocAddress, DocId, Searcher, SegmentOrdinal, SegmentReader};
use xxhash_rust::xxh3::xxh3_64;

use crate::engine::local::snapshot::Snapshot;
use crate::error::Result;
use crate::story::{Signature, groups};

/// The file in an index folder.
const FILE: &str = "stories";

/// The story of an article that has no copies.
pub(super) const ALONE: u32 = u32::MAX;

/// What an article is in its story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// The number of the story, or [`ALONE`].
    pub(super) story: u32,
    /// Its place among the copies, earliest first.
    pub(super) place: u32,
}

/// The stories of one commit that have more than one article.
#[derive(Debug, Default)]
pub(super) struct Stories {
    /// By segment and article.
    segments: Vec<Arc<[Part]>>,
    /// By story, its articles, earliest first.
    members: Vec<Vec<DocAddress>>,
}

/// The form of the file.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Identifier, articles and deleted articles of every segment.
    segments: Vec<(String, u32, u32)>,
    /// By story, segment and number of its articles.
    stories: Vec<Vec<(SegmentOrdinal, DocId)>>,
}

impl Stories {
    /// The stories of what `snapshot` holds: those kept in `dir`, or made anew and kept.
    pub(super) fn open(snapshot: &Snapshot, dir: &Path) -> Result<Stories> {
        let path = dir.join(FILE);
        let segments: Vec<(String, u32, u32)> =
            snapshot.searcher.segment_readers().iter().map(named).collect();
        if let Some(kept) = read(&path).filter(|kept| kept.segments == segments) {
            return Ok(Stories::of(&kept.stories, &segments));
        }
        let kept = Kept { segments, stories: grouped(snapshot)? };
        // Only to save the work the next time; a folder that cannot be written can still be searched.
        let _ = write(dir, &path, &kept);
        Ok(Stories::of(&kept.stories, &kept.segments))
    }

    fn of(stories: &[Vec<(SegmentOrdinal, DocId)>], segments: &[(String, u32, u32)]) -> Stories {
        let alone = Part { story: ALONE, place: 0 };
        let mut parts: Vec<Vec<Part>> =
            segments.iter().map(|&(_, articles, _)| vec![alone; articles as usize]).collect();
        for (story, members) in (0..).zip(stories) {
            for (place, &(segment, doc)) in (0..).zip(members) {
                if let Some(part) = parts.get_mut(segment as usize).and_then(|own| own.get_mut(doc as usize))
                {
                    *part = Part { story, place };
                }
            }
        }
        let address = |&(segment, doc): &(SegmentOrdinal, DocId)| DocAddress::new(segment, doc);
        Stories {
            segments: parts.into_iter().map(Arc::from).collect(),
            members: stories.iter().map(|members| members.iter().map(address).collect()).collect(),
        }
    }

    /// Whether no article has a copy.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// What the articles of a segment are in their stories.
    pub(super) fn parts(&self, segment: SegmentOrdinal) -> Option<Arc<[Part]>> {
        self.segments.get(segment as usize).cloned()
    }

    /// All articles of the story of this one, earliest first; none if it has no copies.
    pub(super) fn members_with(&self, address: DocAddress) -> &[DocAddress] {
        let part = self.segments.get(address.segment_ord as usize);
        let part = part.and_then(|parts| parts.get(address.doc_id as usize));
        part.and_then(|part| self.members.get(part.story as usize)).map_or(&[], Vec::as_slice)
    }
}

fn named(reader: &SegmentReader) -> (String, u32, u32) {
    (reader.segment_id().uuid_string(), reader.max_doc(), reader.num_deleted_docs())
}

/// Groups what the index holds: per story of more than one article, its articles, earliest first.
fn grouped(snapshot: &Snapshot) -> Result<Vec<Vec<(SegmentOrdinal, DocId)>>> {
    let (addresses, signatures) = signatures(&snapshot.searcher).map_err(|error| snapshot.error(&error))?;
    let mut numbered: Vec<(u32, DocAddress)> = groups(&signatures).into_iter().zip(addresses).collect();
    numbered.sort_unstable();
    let mut stories = Vec::new();
    for members in numbered.chunk_by(|one, other| one.0 == other.0).filter(|members| members.len() > 1) {
        let mut dated = Vec::with_capacity(members.len());
        for &(_, address) in members {
            dated.push((moment(snapshot, address)?, address));
        }
        dated.sort_unstable();
        stories.push(dated.into_iter().map(|(_, address)| (address.segment_ord, address.doc_id)).collect());
    }
    Ok(stories)
}

/// The signatures of all articles that have one, in the order of each segment's dictionary.
fn signatures(searcher: &Searcher) -> tantivy::Result<(Vec<DocAddress>, Vec<Signature>)> {
    // A signature takes 264 bytes, and a list that grows is there twice for a while.
    let articles = searcher.num_docs() as usize;
    let (mut addresses, mut signatures) = (Vec::with_capacity(articles), Vec::with_capacity(articles));
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let Some(column) = reader.fast_fields().bytes("signature")? else { continue };
        let numbers = column.ords();
        let mut docs: Vec<(u64, DocId)> =
            reader.doc_ids_alive().filter_map(|doc| Some((numbers.first(doc)?, doc))).collect();
        docs.sort_unstable();
        let mut docs = docs.into_iter().peekable();
        let mut stream = column.dictionary().stream()?;
        let mut number = 0;
        while stream.advance() {
            if let Some(signature) = Signature::from_bytes(stream.key()) {
                while let Some((_, doc)) = docs.next_if(|&(own, _)| own == number) {
                    addresses.push(DocAddress::new(segment, doc));
                    signatures.push(signature.clone());
                }
            }
            while docs.next_if(|&(own, _)| own <= number).is_some() {}
            number += 1;
        }
    }
    Ok((addresses, signatures))
}

/// What tells copies apart in time: day and time, each with whether it is unknown, then the identifier.
type Moment = (bool, Option<Date>, bool, Option<String>, String);

fn moment(snapshot: &Snapshot, address: DocAddress) -> Result<Moment> {
    let head = snapshot.head(address)?;
    let published = head.published();
    let day = published.as_ref().map(|published| published.date);
    let time = published.and_then(|published| published.time);
    Ok((day.is_none(), day, time.is_none(), time, head.id))
}

/// The file begins with a hash of the rest: what was written in part is not read.
fn read(path: &Path) -> Option<Kept> {
    let bytes = std::fs::read(path).ok()?;
    let (hash, rest) = bytes.split_at_checked(8)?;
    (xxh3_64(rest).to_le_bytes() == hash).then(|| postcard::from_bytes(rest).ok()).flatten()
}

fn write(dir: &Path, path: &Path, kept: &Kept) -> std::io::Result<()> {
    let bytes = postcard::to_stdvec(kept).map_err(std::io::Error::other)?;
    let mut builder = tempfile::Builder::new();
    // An index may be asked by others than who made it, unlike most temporary files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.prefix(".stories-").tempfile_in(dir)?;
    file.write_all(&xxh3_64(&bytes).to_le_bytes())?;
    file.write_all(&bytes)?;
    file.persist(path)?;
    Ok(())
}
