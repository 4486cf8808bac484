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

/// The text with locked passages in it, in their order, each as a piece of its own where it does not stand there already.
fn woven(text: &str, keep: &[String], format: ScriptFormat) -> String {
    let parted = if format == ScriptFormat::Custom { "\n" } else { "\n\n" };
    let mut pieces: Vec<String> = text.split(parted).map(str::to_owned).collect();
    // What is fixed at the head of a script stays there.
    let (head, count) = (pieces.len().min(3), pieces.len());
    for (n, words) in keep.iter().enumerate().filter(|(_, words)| !text.contains(words.as_str())) {
        let is_line = words.starts_with('△') || words.contains('：') || words.starts_with('第');
        let piece = if format == ScriptFormat::Custom && !is_line { format!("△{words}") } else { words.clone() };
        let at = head + (n + 1) * (count - head) / (keep.len() + 1) + n;
        pieces.insert(at.min(pieces.len()), piece);
    }
    pieces.join(parted)
}

/// Letters and digits alone: what two texts share whatever their marks and blanks.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
