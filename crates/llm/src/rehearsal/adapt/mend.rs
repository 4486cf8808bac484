use story::{
    output_spec::ScriptFormat,
    tasks::{FixScript, ParagraphToFix},
    text::{Length, Unit},
};

use super::{
    source::{cast_names, hear},
    written,
};
use crate::rehearsal::read::sentences;

/// Writes pieces anew, each under its marker: fewer sentences where it is to be shorter, more of the source where it is to be longer.
pub(in crate::rehearsal) fn mend(input: &FixScript) -> String {
    let mut used: Vec<String> = input.pieces.iter().map(|p| p.text.clone()).collect();
    let mut out = Vec::new();
    for piece in &input.pieces {
        let text = if piece.aim < piece.length { shorter(piece) } else { longer(piece, input, &mut used) };
        out.push(format!("⟦{}⟧\n{text}", piece.number));
    }
    out.join("\n\n")
}

fn measure(text: &str, piece: &ParagraphToFix) -> u64 {
    Length::of(text).in_unit(if piece.unit == "chars" { Unit::Chars } else { Unit::Words })
}

/// The first sentences, at least one.
fn shorter(piece: &ParagraphToFix) -> String {
    let all = sentences::split(&piece.text);
    let mut end = 0;
    for sentence in &all {
        let Some(at) = piece.text[end..].find(sentence) else { break };
        let next = end + at + sentence.len();
        if end > 0 && measure(&piece.text[..next], piece) > piece.aim {
            break;
        }
        end = next;
    }
    if end == 0 { piece.text.clone() } else { piece.text[..end].trim_end().to_owned() }
}

/// The piece as it is, and after it what the source has besides, as much as is asked for.
fn longer(piece: &ParagraphToFix, input: &FixScript, used: &mut Vec<String>) -> String {
    let mut text = piece.text.clone();
    let missing = piece.aim.saturating_sub(piece.length);
    if missing < 4 || text.starts_with(['第', '.']) || text.starts_with("INT") || text.starts_with("EXT") {
        return text;
    }
    let mut added = 0;
    for part in &input.source {
        for staged in hear(part, &cast_names(&[], &[])).scenes {
            for beat in staged.beats {
                let one = story::screenplay::Script {
                    episode: None,
                    scenes: vec![story::screenplay::Scene { elements: vec![beat.element], ..Default::default() }],
                };
                let whole = written(&one, input.script_format);
                // The heading of the makeshift scene is left out, and its people.
                let body = match input.script_format {
                    ScriptFormat::Custom => whole.lines().skip(2).collect::<Vec<_>>().join("\n"),
                    _ => whole.split("\n\n").skip(1).collect::<Vec<_>>().join("\n\n"),
                };
                let size = measure(&body, piece);
                if body.is_empty() || added + size > missing || used.iter().any(|u| u.contains(body.trim())) {
                    continue;
                }
                added += size;
                text.push_str(if input.script_format == ScriptFormat::Custom { "\n" } else { "\n\n" });
                text.push_str(&body);
                used.push(body);
            }
        }
    }
    text
}
