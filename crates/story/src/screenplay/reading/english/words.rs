//! English narration as words with their places.

/// A word or a sign, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Word<'_> {
    pub(super) fn low(&self) -> String {
        self.text.to_lowercase().replace('’', "'")
    }

    pub(super) fn is_word(&self) -> bool {
        self.text.starts_with(char::is_alphanumeric)
    }

    pub(super) fn ends_sentence(&self) -> bool {
        matches!(self.text, "." | "!" | "?" | "…")
    }

    /// `Alice`, not `ALICE` and not `I`.
    pub(super) fn is_capital(&self) -> bool {
        let mut chars = self.text.chars();
        chars.next().is_some_and(char::is_uppercase) && chars.clone().next().is_some() && chars.any(char::is_lowercase)
    }
}

/// The words and signs of `text`; `base` is added to every place. Apostrophes and hyphens inside belong to a word, and so does the
/// full stop of `Mr.`.
pub(super) fn words(text: &str, base: usize) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut i = 0;
    while i < chars.len() {
        let (start, c) = chars[i];
        if c.is_whitespace() {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        if c.is_alphanumeric() {
            while let Some((_, c)) = chars.get(end) {
                let inside = matches!(c, '\'' | '’' | '-') && chars.get(end + 1).is_some_and(|(_, n)| n.is_alphanumeric());
                if !c.is_alphanumeric() && !inside {
                    break;
                }
                end += 1;
            }
            let stop = chars.get(end).map_or(text.len(), |(at, _)| *at);
            let title = matches!(&text[start..stop], "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "Prof" | "Capt" | "Col" | "Rev");
            if title && chars.get(end).is_some_and(|(_, c)| *c == '.') {
                end += 1;
            }
        } else if c == '-' {
            while chars.get(end).is_some_and(|(_, c)| *c == '-') {
                end += 1;
            }
        }
        let stop = chars.get(end).map_or(text.len(), |(at, _)| *at);
        found.push(Word { text: &text[start..stop], start: base + start, end: base + stop });
        i = end;
    }
    found
}
