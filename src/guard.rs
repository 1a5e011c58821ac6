//! Panics that cost one record: caught, and told with the place where they happened.
//!
//! `caught` runs work whose panic is a reason like any other; [`keep_quiet`] keeps such panics off the terminal. Never
//! hides a panic that nobody catches.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, Location, catch_unwind, set_hook, take_hook};

/// A longer message of a panic is cut.
const LONGEST: usize = 200;

thread_local! {
    static GUARDED: Cell<u32> = const { Cell::new(0) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps panics off the terminal that are caught here; for programs, once at their start.
pub fn keep_quiet() {
    let otherwise = take_hook();
    set_hook(Box::new(move |info| {
        if GUARDED.get() == 0 {
            otherwise(info);
        } else {
            PLACE.replace(info.location().map(shown));
        }
    }));
}

/// Does `work`; if it panics, gives why and, where [`keep_quiet`] was called, where.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    GUARDED.set(GUARDED.get() + 1);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(GUARDED.get() - 1);
    outcome.map_err(|panic| {
        let message = message(panic.as_ref()).lines().next().unwrap_or_default();
        let message: String = message.chars().take(LONGEST).collect();
        PLACE.take().map_or_else(|| message.clone(), |place| format!("{message} ({place})"))
    })
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// File and line, from the name of its package on: `parquet-60.0.0/src/record/reader.rs:123`.
fn shown(location: &Location<'_>) -> String {
    let file = location.file();
    let inner = file.split_once("/registry/src/").and_then(|(_, inner)| inner.split_once('/'));
    format!("{}:{}", inner.map_or(file, |(_, inner)| inner), location.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_reason() {
        assert_eq!(caught(|| 7), Ok(7));
        let reason = caught(|| panic!("row {} lies\nand more", 3)).unwrap_err();
        assert!(reason.starts_with("row 3 lies") && !reason.contains("more"), "{reason}");
        let nested = caught(|| caught(|| panic!("inner")).unwrap_err()).unwrap();
        assert!(nested.starts_with("inner"), "{nested}");
    }
}
