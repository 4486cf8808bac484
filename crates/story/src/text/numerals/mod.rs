//! Numbers as chapters bear them, in both directions.

mod english;
mod han;

pub use english::{english_value, roman_number, roman_value};
pub use han::{han_number, han_value, is_numeral};

use crate::language::Tongue;

/// The heading of a chapter in a book: `Chapter 3: The Lamp`, `第三章 灯`.
pub fn chapter_heading(tongue: Tongue, ordinal: u32, title: &str) -> String {
    match (tongue, title.trim()) {
        (Tongue::En, "") => format!("Chapter {ordinal}"),
        (Tongue::En, title) => format!("Chapter {ordinal}: {title}"),
        (Tongue::Zh, "") => format!("第{}章", han_number(ordinal)),
        (Tongue::Zh, title) => format!("第{}章 {title}", han_number(ordinal)),
    }
}
