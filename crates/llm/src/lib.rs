//! Placeholder.

pub mod rehearsal;
