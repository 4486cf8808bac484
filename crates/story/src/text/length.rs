use serde::{Deserialize, Serialize};

/// How long a text is, in the two units that writers use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Length {
    /// Runs of letters and digits; each Han, kana or hangul character is a word of its own.
    pub words: u64,
    /// 字数: scalar values that are no whitespace, punctuation, symbol or control.
    pub chars: u64,
}

/// What a length range counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// [`Length::words`].
    Words,
    /// [`Length::chars`].
    Chars,
}

impl Length {
    /// Counts `text`. Bytes never matter.
    pub fn of(text: &str) -> Self {
        let mut length = Self::default();
        let mut in_word = false;
        for c in text.chars() {
            if !c.is_alphanumeric() && !is_mark(c) {
                // An apostrophe or hyphen parts words like any other sign; the definition has no exceptions.
                in_word = false;
                continue;
            }
            length.chars += 1;
            if is_own_word(c) {
                length.words += 1;
                in_word = false;
            } else if !in_word {
                length.words += 1;
                in_word = true;
            }
        }
        length
    }

    /// This length in `unit`.
    pub fn in_unit(self, unit: Unit) -> u64 {
        match unit {
            Unit::Words => self.words,
            Unit::Chars => self.chars,
        }
    }
}

impl std::ops::AddAssign for Length {
    fn add_assign(&mut self, other: Self) {
        self.words += other.words;
        self.chars += other.chars;
    }
}

/// Combining marks belong to the letter before them.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Whether `c` is written without blanks between words: Han, kana, hangul.
pub(crate) fn is_own_word(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9D}' | '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7AF}')
}
