//! Mends what a crash, a power cut or a careless hand left between index and ledger.
//!
//! Both carry the number of their last commit. Where the numbers differ, articles that the ledger does not know leave
//! the index, and files whose articles the index has lost are read again. Never reads a file itself.

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

use crate::engine::Engine;
use crate::engine::local::{LocalIndex, Writer};
use crate::error::Result;
use crate::field;
use crate::ledger::{Entry, Ledger, Look, State};

/// Brings the two together, if they are not.
pub(super) fn repair(index: &LocalIndex, writer: &mut Writer, ledger: &Ledger) -> Result<()> {
    let generation = ledger.generation()?;
    let payload = index.payload()?;
    if payload == generation.to_string() || (payload.is_empty() && generation == 0) {
        return Ok(());
    }
    let Some(ids) = field::find_field("id") else { return Ok(()) };
    let mut indexed = FxHashSet::default();
    for found in index.catalogue(ids, "", None)? {
        if ledger.has_id(&found.value)? {
            indexed.insert(xxh3_64(found.value.as_bytes()));
        } else {
            writer.remove(&found.value);
        }
    }
    let next = generation + 1;
    writer.commit(&next.to_string())?;
    forget_lost(ledger, &indexed, next)
}

/// Strikes out the rows of articles that the index does not hold, so that their files are read again.
fn forget_lost(ledger: &Ledger, indexed: &FxHashSet<u64>, generation: u64) -> Result<()> {
    let mut lost = Vec::new();
    ledger.each_row(&mut |Entry { file, record, row }| {
        if row.state == State::Indexed && !indexed.contains(&xxh3_64(row.id.as_bytes())) {
            lost.push((file, record));
        }
    })?;
    let change = ledger.change()?;
    for (file, record) in &lost {
        change.remove_row(file, *record)?;
        change.set_file(file, Look::UNFINISHED)?;
    }
    change.commit(generation)
}
