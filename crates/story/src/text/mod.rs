//! Prose as data: one definition of length, paragraph, span and token, used everywhere.

mod chapter_names;
mod grain;
mod length;
mod normal;
mod numerals;
mod overlap;
mod paragraphs;
mod prints;
mod sentences;
mod span;
mod tokens;

pub use chapter_names::named_chapters;
pub use grain::Grain;
pub(crate) use length::is_own_word;
pub use length::{Length, Unit};
pub use normal::normalize;
pub use numerals::{chapter_heading, english_value, han_number, han_value, is_numeral, roman_number, roman_value};
pub use overlap::without_overlap;
pub use paragraphs::{join_paragraphs, paragraph_spans, paragraphs};
pub use prints::{paragraph_print, prints};
pub(crate) use sentences::sentences;
pub(crate) use span::find_words;
pub use span::{Span, slice};
pub use tokens::tokens;
