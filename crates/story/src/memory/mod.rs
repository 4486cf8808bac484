//! What a story's own words are found by: passages of the committed texts, and the words that stand in them.
//!
//! Both databases index the same words, made here. What a passage is worth for a question follows from the run's own passages alone: the
//! same book gives the same answer whatever else the database holds.

mod chunk;
mod rank;
mod words;

pub use chunk::{Chunk, chunks};
pub use rank::{Weights, score};
pub use words::{AskedWord, MOST_ASKED, asked, words};
