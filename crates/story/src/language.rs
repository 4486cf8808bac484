//! Which of the two languages of the craft a BCP 47 tag asks for.

use serde::{Deserialize, Serialize};

/// The languages that prompts, rehearsal and word lists are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tongue {
    /// English, and every language that is not Chinese.
    En,
    /// Chinese in any script or region.
    Zh,
}

impl Tongue {
    /// The tongue for a BCP 47 tag: `zh`, `zh-Hans`, `zh-TW` are Chinese.
    pub fn of(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") || primary.eq_ignore_ascii_case("cmn") { Self::Zh } else { Self::En }
    }

    /// Two letters: `en` or `zh`.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}

/// Whether lengths in this language are counted in characters by default: Chinese and Japanese.
pub fn counts_chars(tag: &str) -> bool {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    matches!(primary.as_str(), "zh" | "cmn" | "ja")
}
