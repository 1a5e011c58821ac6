//! From the matches of all segments to what is counted and listed: articles, or stories with their copies behind the
//! earliest that matches.

use tantivy::{DocId, SegmentOrdinal};

use crate::engine::local::collect::{Collected, Entry};
use crate::query::request::{Request, Sort};
use crate::query::response::Unit;

/// A matching article that has copies; set aside until all segments are known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    /// The number of its story.
    pub(super) story: u32,
    /// Its place in the story, earliest first.
    pub(super) place: u32,
    /// Where it is.
    pub(super) segment: SegmentOrdinal,
    /// Where it is there, and how well it matches.
    pub(super) entry: Entry,
    /// The only selection that it fails, if it fails one.
    pub(super) failed: Option<usize>,
}

/// What was found in all segments.
#[derive(Debug)]
pub(super) struct Found {
    /// By segment, with the entries to list, best first.
    pub(super) segments: Vec<Collected>,
    /// In the order of stories.
    members: Vec<Member>,
    unit: Unit,
}

impl Found {
    /// Joins the segments' copies to stories; at most `keep` entries of each segment are kept.
    pub(super) fn new(mut segments: Vec<Collected>, request: &Request, keep: usize) -> Found {
        let mut members = Vec::new();
        for collected in &mut segments {
            members.append(&mut collected.members);
        }
        members.sort_unstable_by_key(|member| (member.story, member.place));
        let mut found = Found { segments, members, unit: request.unit };
        if keep > 0 && !found.members.is_empty() {
            found.list(request);
            for collected in &mut found.segments {
                collected.entries.sort_unstable_by(Entry::order);
                collected.entries.truncate(keep);
            }
        }
        found
    }

    /// Adds the copies to the entries: the earliest of each story, or every one.
    fn list(&mut self, request: &Request) {
        for story in self.members.chunk_by(|one, other| one.story == other.story) {
            let mut passing = story.iter().filter(|member| member.failed.is_none());
            if !request.collapse {
                for member in passing {
                    self.segments[member.segment as usize].entries.push(member.entry);
                }
                continue;
            }
            let Some(face) = passing.next() else { continue };
            let mut entry = face.entry;
            for copy in passing {
                entry.copies += 1;
                if request.sort == Sort::Relevance {
                    entry.key = entry.key.max(copy.entry.key);
                }
            }
            self.segments[face.segment as usize].entries.push(entry);
        }
    }

    /// How many match.
    pub(super) fn total(&self) -> usize {
        let alone: usize = self.segments.iter().map(|collected| collected.total).sum();
        let mut last = 0;
        let mut with_copies = 0;
        for (mark, _) in self.copies(None) {
            with_copies += usize::from(mark != last);
            last = mark;
        }
        alone + with_copies
    }

    /// The articles with copies that pass all selections but perhaps `selection`, each with the number, from 1, under
    /// which it counts.
    pub(super) fn copies(&self, selection: Option<usize>) -> impl Iterator<Item = (u32, &Member)> {
        let unit = self.unit;
        let numbered = (1..).zip(&self.members);
        numbered.filter(move |(_, member)| member.failed.is_none() || member.failed == selection).map(
            move |(number, member)| (if unit == Unit::Stories { member.story + 1 } else { number }, member),
        )
    }
}

impl Member {
    /// The article in its segment.
    pub(super) fn doc(&self) -> DocId {
        self.entry.doc
    }
}
