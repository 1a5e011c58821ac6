//! Pins and blocks: which place a name is, or that it is none, as the user's corrections say.
//!
//! Takes annotated articles, during a run or out of the index, and gives them with the mentions of those names set
//! right. Never reads a source again, never looks for names.

use std::path::Path;
use std::sync::Arc;

use crate::article::{Annotated, Entity, Mention, Place};
use crate::engine::Engine;
use crate::engine::local::{LocalIndex, Record};
use crate::error::Result;
use crate::extract::place::described;
use crate::reference::corrections::{Corrections, FILE};
use crate::reference::gazetteer::Gazetteer;

/// Memory for rewriting the touched articles, in bytes.
const WRITER_BYTES: usize = 32 << 20;

/// Sets the places of an article right; tells whether anything changed.
pub(super) fn set_right(annotated: &mut Annotated, corrections: &Corrections, gazetteer: &Gazetteer) -> bool {
    if !corrections.has_places() {
        return false;
    }
    let article = &annotated.article;
    let annotations = &mut annotated.annotations;
    let title = set_all(&mut annotations.title_mentions, article.title(), corrections, gazetteer);
    let text = set_all(&mut annotations.mentions, &article.text, corrections, gazetteer);
    title || text
}

fn set_all(
    mentions: &mut Vec<Mention>,
    text: &str,
    corrections: &Corrections,
    gazetteer: &Gazetteer,
) -> bool {
    let count = mentions.len();
    let is_place = |mention: &Mention| matches!(mention.entity, Entity::Place(_));
    mentions.retain(|mention| !(is_place(mention) && corrections.is_blocked_place(mention.span.of(text))));
    let mut changed = mentions.len() < count;
    for mention in mentions {
        let Entity::Place(place) = &mention.entity else { continue };
        let pinned = corrections.pinned(mention.span.of(text)).and_then(|id| gazetteer.by_geonames_id(id));
        let Some(pinned) = pinned else { continue };
        let right = Place { demonym: place.demonym, focus: place.focus, ..described(gazetteer, pinned, 1.0) };
        if right != **place {
            mention.entity = Entity::Place(Arc::new(right));
            changed = true;
        }
    }
    changed
}

/// Sets those of the named articles of the index in `folder` right that the corrections touch; gives how many changed.
///
/// # Errors
/// When the index cannot be read or is being written by somebody else.
pub fn correct_places(folder: &Path, ids: &[String]) -> Result<usize> {
    let index = LocalIndex::open(folder)?;
    let corrections = Corrections::open(&folder.join(FILE))?;
    let gazetteer = Gazetteer::embedded()?;
    // The ledger knows the articles under the payload that the index has now.
    let payload = index.payload()?;
    let mut writer = index.writer(1, WRITER_BYTES)?;
    let mut changed = 0;
    for id in ids {
        let Some(mut annotated) = index.get(id)? else { continue };
        if set_right(&mut annotated, &corrections, gazetteer) {
            writer.put(Record::corrected(&annotated, &corrections)?)?;
            changed += 1;
        }
    }
    if changed > 0 {
        writer.commit(&payload)?;
    }
    writer.close()?;
    if changed > 0 {
        index.group_stories()?;
    }
    Ok(changed)
}
