//! What can index articles and answer requests. `local` is the only code that names Tantivy.
//!
//! Takes [`crate::article::Annotated`] articles and [`crate::query::request::Request`]s, gives
//! [`crate::query::response::Response`]s. Never extracts.

pub mod local;
