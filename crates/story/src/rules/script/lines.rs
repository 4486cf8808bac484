use crate::{output_spec::ScriptFormat, text::Span};

/// One line of a script, by what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// `第N集`, with the number where it can be read.
    Episode(Option<u32>),
    /// The heading of a scene; in 短剧 with the two numbers of it.
    Scene(Option<(u32, u32)>),
    /// `人物：甲、乙`.
    People(Vec<&'a str>),
    /// Who speaks.
    Speaker(&'a str),
    /// Anything else.
    Other,
}

/// A line and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) span: Span,
    pub(super) kind: Kind<'a>,
}

/// The lines of a script that are not empty.
pub(super) fn lines(format: ScriptFormat, text: &str) -> Vec<Line<'_>> {
    let all: Vec<&str> = text.split('\n').collect();
    let mut at = 0;
    let mut found = Vec::new();
    for (i, whole) in all.iter().enumerate() {
        let size = whole.chars().count();
        let line = whole.trim();
        if !line.is_empty() {
            let before = i == 0 || all[i - 1].trim().is_empty();
            let after = all.get(i + 1).is_some_and(|next| !next.trim().is_empty());
            let kind = match format {
                ScriptFormat::Custom => of_duanju(line),
                ScriptFormat::Fountain | ScriptFormat::Screenplay => of_fountain(line, before, after),
            };
            found.push(Line { text: line, span: Span { start: at, end: at + size }, kind });
        }
        at += size + 1;
    }
    found
}

/// Who speaks in a script, each name once, as it is written there.
pub fn people_of(format: ScriptFormat, text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in lines(format, text) {
        if let Kind::Speaker(name) = line.kind
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

fn of_duanju(line: &str) -> Kind<'_> {
    if let Some(rest) = line.strip_prefix('第')
        && let Some((number, title)) = rest.split_once('集')
        && number.chars().count() <= 6
        && (title.is_empty() || title.starts_with([' ', '　', '：', ':', '《']))
    {
        let number = number.trim();
        let value = crate::text::han_value(number);
        return Kind::Episode(value);
    }
    if let Some((numbers, _)) = scene_numbers(line) {
        return Kind::Scene(Some(numbers));
    }
    if let Some(rest) = line.strip_prefix("人物：").or_else(|| line.strip_prefix("人物:")) {
        return Kind::People(rest.split(['、', '，', ',']).map(str::trim).filter(|name| !name.is_empty()).collect());
    }
    if line.starts_with(['△', '▲', '【', '（', '(']) {
        return Kind::Other;
    }
    match line.split_once(['：', ':']) {
        Some((name, _)) if name.chars().count() <= 24 && !name.contains(['。', '，', '！', '？', '“']) => {
            Kind::Speaker(name.split(['（', '(']).next().unwrap_or(name).trim())
        }
        _ => Kind::Other,
    }
}

/// `3-1 …` or `3.1 …`: the two numbers, and what stands behind them.
fn scene_numbers(line: &str) -> Option<((u32, u32), &str)> {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let first = digits(line);
    let rest = line[first..].strip_prefix(['-', '.', '－', '–'])?;
    let second = digits(rest);
    let (scene, behind) = rest.split_at(second);
    let parted = behind.is_empty() || behind.starts_with(char::is_whitespace);
    parted.then_some(((line[..first].parse().ok()?, scene.parse().ok()?), behind))
}

fn of_fountain(line: &str, before: bool, after: bool) -> Kind<'_> {
    let upper = line.to_uppercase();
    let heading = ["INT.", "EXT.", "EST.", "INT ", "EXT ", "EST ", "INT/EXT", "INT./EXT", "I/E"].iter().any(|word| upper.starts_with(word));
    if before && (heading || line.starts_with('.') && !line.starts_with("..")) {
        return Kind::Scene(None);
    }
    let forced = line.strip_prefix('@');
    let name = forced.unwrap_or(line);
    let bare = name.split(['(', '（']).next().unwrap_or(name).trim_end_matches('^').trim();
    let in_capitals = bare.contains(|c: char| c.is_uppercase()) && !bare.contains(|c: char| c.is_lowercase());
    let mark = line.starts_with(['!', '>', '~', '#', '=', '[', '/']);
    if before && after && !mark && (forced.is_some() || in_capitals && !upper.ends_with("TO:")) {
        return Kind::Speaker(bare);
    }
    Kind::Other
}
