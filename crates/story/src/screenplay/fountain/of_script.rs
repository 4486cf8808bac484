use super::{Block, Line, emit, parse};
use crate::screenplay::script::{Element, Heading, Scene, Script, Side, Speech, Voice};

/// A script as Fountain's elements. Names of a script with capitals are written in them, as is the custom.
pub fn blocks_of(script: &Script) -> Vec<Block> {
    let mut blocks = Vec::new();
    for scene in &script.scenes {
        let Heading { side, place, time, number } = &scene.heading;
        let time = if time.is_empty() { String::new() } else { format!(" - {time}") };
        blocks.push(Block::Heading { text: format!("{} {}{time}", side.us(), place).to_uppercase(), number: number.clone() });
        blocks.extend(scene.elements.iter().map(|element| match element {
            Element::Action(text) => Block::Action(text.clone()),
            Element::Transition(text) => Block::Transition(text.clone()),
            Element::Speech(speech) => {
                let manner = speech.manner.iter().map(|m| Line::Parenthetical(m.clone()));
                let lines = manner.chain(speech.text.lines().map(|l| Line::Words(l.to_owned()))).collect();
                Block::Speech { name: cue(&speech.name), extension: speech.voice.map(|v| v.us().to_owned()), dual: false, lines }
            }
        }));
    }
    blocks
}

/// A name as it stands above a speech.
fn cue(name: &str) -> String {
    // `McKENNA` is written so on purpose.
    let mixed = name.split(' ').any(|w| w.chars().skip(1).any(char::is_uppercase) && w.contains(char::is_lowercase));
    if mixed { name.to_owned() } else { name.to_uppercase() }
}

impl Script {
    /// The script as it is stored in the forms `fountain` and `screenplay`: without a title page, which belongs to the whole work.
    pub fn to_fountain(&self) -> String {
        emit::body(&blocks_of(self)).trim_end().to_owned()
    }
}

/// Reads a Fountain text as a script. Sections, synopses, page breaks and what stands centred are left out; a sung line is action.
pub fn script_of(text: &str) -> Script {
    let mut script = Script::default();
    for placed in parse(text) {
        let element = match placed.block {
            Block::Heading { text, number } => {
                script.scenes.push(Scene { heading: heading(&text, number), ..Scene::default() });
                continue;
            }
            Block::Action(text) | Block::Lyric(text) => Element::Action(text),
            Block::Transition(text) => Element::Transition(text),
            Block::Speech { name, extension, lines, .. } => Element::Speech(speech(name, extension, &lines)),
            Block::Section { .. } | Block::Synopsis(_) | Block::PageBreak | Block::Centered(_) => continue,
        };
        if script.scenes.is_empty() {
            script.scenes.push(Scene::default());
        }
        if let Some(scene) = script.scenes.last_mut() {
            scene.elements.push(element);
        }
    }
    script
}

fn heading(text: &str, number: Option<String>) -> Heading {
    let (side, rest) = match text.split_once([' ', '\u{3000}']) {
        Some((first, rest)) => match Side::read(first) {
            Some(side) => (side, rest),
            None => (Side::In, text),
        },
        None => (Side::In, text),
    };
    let (place, time) = rest.rsplit_once(" - ").map_or((rest, ""), |(place, time)| (place, time));
    Heading { side, place: place.trim().to_owned(), time: time.trim().to_owned(), number }
}

fn speech(name: String, extension: Option<String>, lines: &[Line]) -> Speech {
    let mut manner = None;
    let mut words: Vec<&str> = Vec::new();
    for line in lines {
        match line {
            Line::Parenthetical(how) if manner.is_none() && words.is_empty() => manner = Some(how.clone()),
            Line::Parenthetical(_) => {}
            Line::Words(text) => words.push(text),
        }
    }
    let voice = extension.as_deref().and_then(Voice::read);
    Speech { name, voice, manner, text: words.join("\n") }
}
