use super::TIMES;
use crate::{
    screenplay::script::{Element, Heading, Scene, Script, Side, Speech, Voice},
    text::{Span, han_value},
};

/// A line of a 短剧, by what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `第十二集`: its number and the title behind it.
    Episode {
        #[allow(missing_docs)]
        number: u32,
        #[allow(missing_docs)]
        title: String,
    },
    /// `1-2 夜 外 码头`. What the line leaves out is none.
    Scene {
        /// The episode and the scene in it.
        number: (u32, u32),
        /// `-` or `.`.
        separator: char,
        #[allow(missing_docs)]
        time: Option<String>,
        #[allow(missing_docs)]
        side: Option<Side>,
        #[allow(missing_docs)]
        place: Option<String>,
    },
    /// `人物：甲、乙`.
    People(Vec<String>),
    /// `△…`, `【…】`, and any other line.
    Action {
        #[allow(missing_docs)]
        text: String,
        /// It begins with its mark.
        marked: bool,
    },
    #[allow(missing_docs)]
    Speech(Speech),
}

/// A line and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    #[allow(missing_docs)]
    pub kind: Kind,
    /// In scalar values of the text.
    pub span: Span,
}

/// The lines of a 短剧 that are not empty. Nothing is refused: what is no line of the form is action.
pub fn parse(text: &str) -> Vec<Row> {
    let mut at = 0;
    let mut rows = Vec::new();
    for line in text.split('\n') {
        let size = line.chars().count();
        if !line.trim().is_empty() {
            rows.push(Row { kind: kind(line.trim()), span: Span { start: at, end: at + size } });
        }
        at += size + 1;
    }
    rows
}

fn kind(line: &str) -> Kind {
    if let Some(header) = episode(line) {
        return header;
    }
    if let Some(scene) = scene(line) {
        return scene;
    }
    if let Some(names) = ["人物：", "人物:", "出场人物：", "出场人物:"].iter().find_map(|lead| line.strip_prefix(lead)) {
        return Kind::People(
            names.split(['、', '，', ',', '；', ' ', '\u{3000}']).map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned).collect(),
        );
    }
    if let Some(text) = line.strip_prefix(['△', '▲', '∆']) {
        return Kind::Action { text: text.trim().to_owned(), marked: true };
    }
    match speech(line) {
        Some(speech) => Kind::Speech(speech),
        None => Kind::Action { text: line.to_owned(), marked: line.starts_with(['【', '（', '(']) },
    }
}

/// `第12集`, `第十二集`, with or without a title.
fn episode(line: &str) -> Option<Kind> {
    let (number, title) = line.strip_prefix('第')?.split_once('集')?;
    let parted = title.is_empty() || title.starts_with([' ', '\u{3000}', '：', ':', '《']);
    let number = han_value(number.trim()).filter(|_| number.chars().count() <= 8 && parted)?;
    Some(Kind::Episode { number, title: title.trim_matches([' ', '\u{3000}', '：', ':', '《', '》']).to_owned() })
}

/// `1-2 夜 外 码头`, its parts in any order.
fn scene(line: &str) -> Option<Kind> {
    let (first, rest) = number(line)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '.' | '－' | '–' | '—'))?;
    let (second, rest) = number(&rest[separator.len_utf8()..])?;
    if !(rest.is_empty() || rest.starts_with([' ', '\u{3000}', '、', '\t', '，'])) {
        return None;
    }
    let (mut time, mut side, mut place) = (None, None, Vec::new());
    for word in rest.split([' ', '\u{3000}', '\t', '、', '，', '/']).filter(|w| !w.is_empty()) {
        if time.is_none() && TIMES.contains(&word) {
            time = Some(word.to_owned());
        } else if side.is_none() && Side::read(word).is_some() {
            side = Side::read(word);
        } else {
            place.push(word);
        }
    }
    let place = (!place.is_empty()).then(|| place.join(" "));
    let separator = if separator == '.' { '.' } else { '-' };
    Some(Kind::Scene { number: (first, second), separator, time, side, place })
}

fn number(text: &str) -> Option<(u32, &str)> {
    let size = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..size].parse().ok().map(|n| (n, &text[size..]))
}

/// `林穗（OS）：（低声）你来晚了。`
fn speech(line: &str) -> Option<Speech> {
    let (cue, words) = line.split_once(['：', ':'])?;
    if cue.chars().count() > 24 || cue.contains(['。', '，', '！', '？', '“', '【', '△']) || words.trim().is_empty() {
        return None;
    }
    let (name, note) = match cue.find(['（', '(']) {
        Some(at) => (cue[..at].trim(), Some(cue[at..].trim_matches(['（', '）', '(', ')', ' ']))),
        None => (cue.trim(), None),
    };
    if name.is_empty() {
        return None;
    }
    let words = words.trim();
    let (manner, text) = match words.strip_prefix(['（', '(']).and_then(|w| w.split_once(['）', ')'])) {
        Some((manner, text)) if !text.trim().is_empty() => (Some(manner.trim().to_owned()).filter(|m| !m.is_empty()), text.trim()),
        _ => (None, words),
    };
    let voice = note.and_then(Voice::read);
    let manner = manner.or_else(|| note.filter(|_| voice.is_none()).map(str::to_owned));
    Some(Speech { name: name.to_owned(), voice, manner, text: text.to_owned() })
}

/// Reads a 短剧 as a script. Lines before the first scene heading stand in a scene without one.
pub fn script_of(text: &str) -> Script {
    let mut script = Script::default();
    for row in parse(text) {
        match row.kind {
            Kind::Episode { number, .. } => {
                script.episode.get_or_insert(number);
            }
            Kind::Scene { number, separator, time, side, place } => script.scenes.push(Scene {
                heading: Heading {
                    side: side.unwrap_or_default(),
                    place: place.unwrap_or_default(),
                    time: time.unwrap_or_default(),
                    number: Some(format!("{}{separator}{}", number.0, number.1)),
                },
                ..Scene::default()
            }),
            Kind::People(names) => current(&mut script).people.extend(names.into_iter().filter(|n| n != "无")),
            Kind::Action { text, .. } => current(&mut script).elements.push(Element::Action(text)),
            Kind::Speech(speech) => current(&mut script).elements.push(Element::Speech(speech)),
        }
    }
    script
}

fn current(script: &mut Script) -> &mut Scene {
    if script.scenes.is_empty() {
        script.scenes.push(Scene::default());
    }
    let last = script.scenes.len() - 1;
    &mut script.scenes[last]
}
