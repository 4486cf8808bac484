use sha2::{Digest, Sha256};

use super::{Length, paragraphs};

/// Paragraphs shorter than this, in characters, may be said again: "Yes." is no repetition.
const SHORTEST: u64 = 24;

/// The fingerprint of one paragraph: 16 hexadecimal digits over its lower-cased letters and digits, or nothing
/// where the paragraph is too short to tell a repetition from a habit.
pub fn paragraph_print(paragraph: &str) -> Option<String> {
    if Length::of(paragraph).chars < SHORTEST {
        return None;
    }
    let letters: String = paragraph.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let digest = Sha256::digest(letters.as_bytes());
    Some(digest.iter().take(8).map(|b| format!("{b:02x}")).collect())
}

/// The fingerprints of a text: paragraph number (from 1) and print.
pub fn prints(text: &str) -> Vec<(usize, String)> {
    paragraphs(text).iter().enumerate().filter_map(|(i, p)| Some((i + 1, paragraph_print(p)?))).collect()
}
