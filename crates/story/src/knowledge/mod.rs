//! What a story says, fact by fact, each with the words that say it; and the world as it is after any chapter.
//!
//! Facts hang from a text. Which facts hold is decided by folding those of the chapters of one line, in order: a new version of a chapter
//! brings its own facts, and nothing else has to be corrected.

mod fact;
mod graph;
mod names;
mod world;

pub use fact::{Fact, What, anchored, facts, reading_key};
pub use graph::{Graph, GraphEntity, GraphEvent, graph};
pub use names::Names;
pub use world::{Evidence, Item, Person, Thread, Told, ToldChapter, World, world};
