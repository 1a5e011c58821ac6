//! Brings an index into step with the user's corrections: articles whose actors were retyped or blocked are rewritten
//! from what is stored of them. No file is read again, and no other article is touched.
//!
//! Which corrections an index was last rewritten by stands beside it, so that a row taken back is undone too.

use std::path::Path;

use crate::article::Annotated;
use crate::engine::local::{LocalIndex, Record, Writer};
use crate::error::{Error, Result};
use crate::reference::corrections::{Corrections, FILE};

/// What an index was last rewritten by.
const APPLIED: &str = "corrections.applied.toml";

/// Memory for the index writer, in bytes.
const WRITER_BYTES: usize = 64 << 20;

/// Rewrites the articles in `folder` that the corrections beside it touch; gives how many.
///
/// # Errors
/// When the corrections cannot be read, and when the index is missing or being written by somebody else.
pub fn correct(folder: &Path) -> Result<usize> {
    let (now, before) = (Corrections::open(&folder.join(FILE))?, Corrections::open(&folder.join(APPLIED))?);
    if now.rewrites_as(&before) {
        return Ok(0);
    }
    let index = LocalIndex::open(folder)?;
    let mut writer = index.writer(1, WRITER_BYTES)?;
    let count = rewrite(&index, &mut writer, &now, &before)?;
    writer.close()?;
    index.group_stories()?;
    note(folder, &now)?;
    Ok(count)
}

/// The same with a writer that is open already.
pub(super) fn correct_with(folder: &Path, index: &LocalIndex, writer: &mut Writer) -> Result<()> {
    let (now, before) = (Corrections::open(&folder.join(FILE))?, Corrections::open(&folder.join(APPLIED))?);
    if !now.rewrites_as(&before) {
        rewrite(index, writer, &now, &before)?;
        note(folder, &now)?;
    }
    Ok(())
}

fn rewrite(
    index: &LocalIndex,
    writer: &mut Writer,
    now: &Corrections,
    before: &Corrections,
) -> Result<usize> {
    let mut count = 0;
    index.each_stored(&mut |article| {
        if is_touched(&article, now, before)? {
            writer.put(Record::corrected(&article, now)?)?;
            count += 1;
        }
        Ok(())
    })?;
    if count > 0 {
        // The ledger has nothing new to say: the generation stays.
        writer.commit(&index.payload()?)?;
    }
    Ok(count)
}

fn is_touched(article: &Annotated, now: &Corrections, before: &Corrections) -> Result<bool> {
    Ok(now.applied(article)? != before.applied(article)?)
}

/// Writes down what the index is rewritten by. After the commit: what is lost in between is only done again.
fn note(folder: &Path, corrections: &Corrections) -> Result<()> {
    let path = folder.join(APPLIED);
    std::fs::write(&path, corrections.to_text()).map_err(Error::io(&path))
}
