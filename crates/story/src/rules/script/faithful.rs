use super::{Judged, Scripted, lines::speakers};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
    plan::UnitKind,
    tasks::KeyLine,
};

const STRANGER: &str = "unknown-character";
pub(in crate::rules) const KEY_LINE_LOST: &str = "key-line-lost";

/// Speakers without a name of their own.
const NOBODY: [&str; 44] = [
    "voice",
    "voices",
    "narrator",
    "narration",
    "man",
    "woman",
    "men",
    "women",
    "boy",
    "girl",
    "child",
    "children",
    "crowd",
    "all",
    "both",
    "everyone",
    "everybody",
    "guard",
    "guards",
    "soldier",
    "soldiers",
    "servant",
    "servants",
    "maid",
    "driver",
    "doctor",
    "nurse",
    "waiter",
    "messenger",
    "policeman",
    "officer",
    "stranger",
    "someone",
    "somebody",
    "announcer",
    "chorus",
    "old",
    "young",
    "first",
    "second",
    "third",
    "other",
    "another",
    "radio",
];
const NOBODY_ZH: [&str; 24] = [
    "旁白",
    "画外音",
    "众人",
    "众",
    "齐声",
    "群众",
    "路人",
    "男",
    "女",
    "老人",
    "丫鬟",
    "丫头",
    "小厮",
    "婆子",
    "家人",
    "仆人",
    "下人",
    "侍卫",
    "士兵",
    "孩子",
    "声音",
    "同声",
    "某",
    "甲乙丙丁",
];

/// Somebody speaks in an episode who is in neither the source nor the cast. One finding a name.
pub(super) fn strangers(judged: &Judged<'_>, script: &Scripted<'_>) -> Vec<Finding> {
    if judged.unit != UnitKind::Episode {
        return Vec::new();
    }
    let source = folded(&script.chapters.join(" "));
    let known: Vec<String> = script.known.iter().map(|name| folded(name)).collect();
    let mut found: Vec<Finding> = Vec::new();
    for (name, span) in speakers(script.format, &judged.draft.text) {
        if is_known(&name, &source, &known) || found.iter().any(|f| f.message.contains(&format!("“{name}”"))) {
            continue;
        }
        let message = format!("{} lets “{name}” speak, who is in neither the source nor the cast.", judged.named());
        let hint = "Give the line to somebody who is there, or leave it out.".into();
        let finding = Finding::new(STRANGER, Severity::Error, &format!("{}/{name}", judged.draft.ordinal), message, hint);
        found.push(finding.over(judged.draft.ordinal, &judged.draft.text, span));
    }
    found
}

/// Whether the source or the cast has a word of this name, or it names nobody in particular.
fn is_known(name: &str, source: &str, known: &[String]) -> bool {
    let name = folded(name);
    // 二人, 那人, 三个人: several, or nobody in particular.
    let several = name.ends_with('人') && name.chars().count() <= 3;
    if name.is_empty() || several || NOBODY_ZH.iter().any(|word| name.contains(word)) || source.contains(&name) {
        return true;
    }
    if known.iter().any(|k| !k.is_empty() && (k.contains(&name) || name.contains(k.as_str()))) {
        return true;
    }
    let is_han = name.chars().any(crate::text::is_own_word);
    let words = |text: &str| text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
    let told: Vec<String> = if is_han { Vec::new() } else { words(source) };
    words(&name)
        .iter()
        .filter(|word| word.chars().count() > 1 && !["the", "of", "and", "mr", "mrs", "miss", "dr"].contains(&word.as_str()))
        .any(|word| NOBODY.contains(&word.as_str()) || told.contains(word))
}

/// Whether the words of `quote` stand in `text`, whatever the case, the marks and the blanks.
pub fn stands_in(text: &str, quote: &str) -> bool {
    let quote = letters(quote);
    quote.is_empty() || letters(text).contains(&quote)
}

/// A key line of the source is gone, and nobody says why. `place` is where it would stand, from 0 to 1.
pub fn lost_line(judged: &Judged<'_>, line: &KeyLine, place: f64) -> Finding {
    let spans = judged.grain.spans(&judged.draft.text);
    // The piece that is to take the line up: not a heading, as near as can be to where it stands in the source.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place among few pieces")]
    let at = ((place.clamp(0.0, 1.0) * spans.len() as f64) as usize).clamp(usize::from(spans.len() > 2) * 2, spans.len().max(1) - 1);
    let message = format!("{} has lost a key line: “{}”.", judged.named(), line.quote);
    let hint = "Put it back, or say why it may be missing.".into();
    let finding = Finding::new(KEY_LINE_LOST, Severity::Error, &format!("{}/{}", judged.draft.ordinal, line.quote), message, hint);
    let finding = finding.against(if line.speaker.is_empty() { line.quote.clone() } else { format!("{}: {}", line.speaker, line.quote) });
    match spans.get(at) {
        Some(span) => finding.over(judged.draft.ordinal, &judged.draft.text, *span),
        None => finding,
    }
}

pub(super) fn instruction(tongue: Tongue, rule: &str, finding: &Finding) -> Option<String> {
    let line = finding.against.as_deref().unwrap_or_default();
    let name = finding.message.split(['“', '”']).nth(1).unwrap_or_default();
    Some(match (tongue, rule) {
        (Tongue::En, KEY_LINE_LOST) => format!("Keep what it says, and let this line be spoken word for word: {line}"),
        (Tongue::Zh, KEY_LINE_LOST) => format!("保留原意，并让这句台词一字不改地说出来：{line}"),
        (Tongue::En, STRANGER) => format!("There is nobody called {name}: {}", finding.hint),
        (Tongue::Zh, STRANGER) => format!("原著和人物表中都没有“{name}”：把这句话交给在场的人，或删去。"),
        _ => return None,
    })
}

fn folded(text: &str) -> String {
    text.to_lowercase()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
