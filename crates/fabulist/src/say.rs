//! The language of the terminal: English or Chinese, by `--lang`, else by the environment.

use std::sync::OnceLock;

use story::{language::Tongue, phrases::in_chinese};

static TONGUE: OnceLock<Tongue> = OnceLock::new();

/// Chooses the language once, at the start.
pub(crate) fn choose(lang: Option<&str>) {
    let env = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|key| std::env::var(key).ok().filter(|v| !v.is_empty()));
    let tongue = Tongue::of(lang.or(env.as_deref()).unwrap_or("en"));
    // The first choice stands.
    let _ = TONGUE.set(tongue);
}

/// The language of the terminal.
pub(crate) fn tongue() -> Tongue {
    *TONGUE.get().unwrap_or(&Tongue::En)
}

/// Words of another crate, which are English, in the language of the terminal as far as they are known.
pub(crate) fn told(text: &str) -> String {
    match tongue() {
        Tongue::En => text.to_owned(),
        Tongue::Zh => {
            in_chinese(&[studio::CHINESE, studio::CHINESE_OF_HAND, documents::CHINESE, story::rules::CHINESE, story::lint::CHINESE], text)
        }
    }
}

/// One of two texts, by the language of the terminal.
#[macro_export]
macro_rules! say {
    ($en:literal | $zh:literal $(, $($arg:tt)*)?) => {
        match $crate::say::tongue() {
            story::language::Tongue::En => format!($en $(, $($arg)*)?),
            story::language::Tongue::Zh => format!($zh $(, $($arg)*)?),
        }
    };
}
