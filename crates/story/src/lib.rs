//! The craft of Fabulist, pure: what a brief, a plan, a chapter and a fact are, which step follows which,
//! what a model is asked, and which rules code decides.
//!
//! Nothing here reads a clock, a file, a socket or a random number; `clippy.toml` beside this crate bans them.
//! The same values in give the same bytes out, on every machine.

pub mod brief;
pub mod canonical;
pub mod cast;
pub mod context;
pub mod current_state;
pub mod digests;
pub mod extraction;
pub mod finding;
pub mod guidance;
pub mod knowledge;
pub mod language;
pub mod lint;
pub mod locks;
pub mod memory;
pub mod output_spec;
pub mod patch;
pub mod phrases;
pub mod plan;
pub mod presets;
pub mod refold;
pub mod rewrite;
pub mod rules;
pub mod screenplay;
pub mod source;
pub mod state;
pub mod tasks;
pub mod text;
pub mod workflow;
