use std::{fmt, sync::Arc};

/// Words that nobody may read: they show as `[hidden]` wherever they are printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Arc<str>);

impl Secret {
    pub(crate) fn new(words: &str) -> Self {
        Self(words.into())
    }

    /// The words themselves, for the wire only.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// `text` without these words.
    pub(crate) fn hide_in(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&*self.0, "[hidden]") }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_neither_printed_nor_left_in_a_text() {
        let key = Secret::new("sk-abc");
        assert_eq!(format!("{key:?}"), "[hidden]");
        assert_eq!(key.hide_in("Incorrect API key provided: sk-abc."), "Incorrect API key provided: [hidden].");
    }
}
