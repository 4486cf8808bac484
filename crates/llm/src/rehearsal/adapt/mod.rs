//! Adapting a novel: extractive, from the source's own words. What is said stays what was said, by whom it was said.

mod breakdown;
mod divide;
mod episode;
mod judge;
mod keep;
mod mend;
mod original;
mod source;

pub(super) use breakdown::break_down;
pub(super) use divide::{episodes, season};
pub(super) use episode::draft as episode;
pub(super) use judge::judge;
pub(super) use mend::mend;
pub(super) use original::{list, scene};

use story::{output_spec::ScriptFormat, screenplay::Script};

/// A script as it is stored in a form.
fn written(script: &Script, format: ScriptFormat) -> String {
    match format {
        ScriptFormat::Custom => script.to_duanju(),
        ScriptFormat::Fountain | ScriptFormat::Screenplay => script.to_fountain(),
    }
}

/// Letters and digits alone: what two texts share whatever their marks and blanks.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
