//! The lexicon and the model that come with the program, unpacked when the first article is annotated.

use std::sync::{Arc, OnceLock};

use crate::error::Result;
use crate::extract::name::model::Model;
use crate::reference::packed::Packed;

static LEXICON: Packed =
    Packed::new("lexicon of names", include_bytes!("../../../data/models/names.lexicon.zst"));
static MODEL: Packed = Packed::new("model of names", include_bytes!("../../../data/models/names.model.zst"));

/// The bytes of the lexicon.
pub(super) fn lexicon() -> Result<&'static [u8]> {
    LEXICON.bytes()
}

/// The model, read once.
pub(super) fn model() -> Result<Arc<Model>> {
    static READ: OnceLock<Arc<Model>> = OnceLock::new();
    if let Some(model) = READ.get() {
        return Ok(Arc::clone(model));
    }
    let model = Arc::new(Model::read(&MODEL.unpacked()?)?);
    Ok(Arc::clone(READ.get_or_init(|| model)))
}
