use super::parse::{Kind, parse};

/// How strongly an episode opens and closes, 0 to 100 each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hooks {
    /// Whether the first lines seize the viewer.
    pub opening: u8,
    /// Whether the last lines call for the next episode.
    pub closing: u8,
}

/// Words that promise trouble.
const TROUBLE: [&str; 40] = [
    "死", "杀", "血", "救", "逃", "骗", "恨", "怕", "哭", "骂", "打", "跪", "休想", "不许", "住口", "滚", "闭嘴", "离婚", "报仇", "证据",
    "秘密", "真相", "原来", "竟", "忽然", "突然", "谁知", "不好", "糟", "快", "来人", "吓", "惊", "怒", "病", "债", "祸", "孽", "哎哟",
    "不料",
];

/// Measures the hooks of an episode by its first and last three lines of speech and action.
pub fn hooks(text: &str) -> Hooks {
    let lines: Vec<(bool, String)> = parse(text)
        .into_iter()
        .filter_map(|row| match row.kind {
            Kind::Speech(speech) => Some((true, speech.text)),
            Kind::Action { text, .. } => Some((false, text)),
            _ => None,
        })
        .collect();
    let first: Vec<&(bool, String)> = lines.iter().take(3).collect();
    let last: Vec<&(bool, String)> = lines.iter().rev().take(2).collect();
    Hooks { opening: score(&first), closing: score(&last) }
}

/// Speech seizes more than narration; a question, a cry, a break and a word of trouble more than a statement.
fn score(lines: &[&(bool, String)]) -> u8 {
    if lines.is_empty() {
        return 0;
    }
    let mut points = 35;
    let near = lines.first().map_or("", |(_, text)| text.as_str());
    let any = |test: &dyn Fn(&str) -> bool| lines.iter().any(|(_, text)| test(text));
    points += if lines.iter().any(|(spoken, _)| *spoken) { 15 } else { 0 };
    points += if near.ends_with(['？', '?', '！', '!', '…', '—']) { 20 } else { 0 };
    points += if any(&|t| t.contains(['？', '?', '！', '!', '…', '—'])) { 10 } else { 0 };
    points += if any(&|t| TROUBLE.iter().any(|word| t.contains(word))) { 15 } else { 0 };
    points.min(95)
}
