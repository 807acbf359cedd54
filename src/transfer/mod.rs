//! Getting the directory and the suggestions in and out: NDJSON or CSV into the database, and the
//! database into NDJSON. This is the operator's door; no caller comes through here.
//!
//! An import reads everything first and sets it aside in temporary files, then goes type by type,
//! what is referred to before what refers to it, in one transaction: each type is checked against
//! what the database holds by then, which includes what earlier types brought. So lines may come in
//! any order. Lines of a type go in a portion at a time, so memory does not grow with their number.
//!
//! On a row that is there, a field that is left out keeps its value and an explicit null clears it.
//! Where null is no value (flags, ids, and when something happened) it is as if left out; metadata
//! of null is `{}`. In CSV an empty cell is null.

mod csv;
mod export;
mod fields;
mod import;
mod names;
mod read;
pub mod record;

pub use export::{ExportError, export};
pub use import::{Counts, OnError, Report, import};
pub use read::{At, Batch, Format, Source, read};
pub use record::Kind;
