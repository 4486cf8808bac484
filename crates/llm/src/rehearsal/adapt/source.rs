use story::{
    brief::Character,
    language::Tongue,
    screenplay::{
        reading::{CastName, Passage, read},
        scenes::{Staged, scenes},
    },
    tasks::SourcePart,
};

/// A stretch of the source, read.
pub(super) struct Heard {
    /// What is told and said; paragraphs by their numbers in the chapter.
    pub(super) passages: Vec<Passage>,
    pub(super) scenes: Vec<Staged>,
}

/// Reads one stretch. The tongue is that of its own words, whatever the script is to be in.
pub(super) fn hear(part: &SourcePart, cast: &[CastName]) -> Heard {
    let tongue = tongue_of(part);
    let (text, parted) = match tongue {
        // Verse keeps no line of its own in a speech, and a paragraph must stay one.
        Tongue::Zh => (part.paragraphs.iter().map(|p| p.text.replace('\n', "")).collect::<Vec<_>>(), "\n"),
        Tongue::En => (part.paragraphs.iter().map(|p| p.text.clone()).collect(), "\n\n"),
    };
    let numbers: Vec<usize> =
        part.paragraphs.iter().zip(&text).filter(|(_, t)| !t.trim().is_empty()).map(|(p, _)| p.number as usize).collect();
    let mut passages = read(&text.join(parted), tongue, cast);
    for passage in &mut passages {
        let (Passage::Told(story::screenplay::reading::Told { paragraph, .. })
        | Passage::Said(story::screenplay::reading::Said { paragraph, .. })) = passage;
        *paragraph = numbers.get(*paragraph - 1).copied().unwrap_or(*paragraph);
    }
    let scenes = scenes(&passages, tongue);
    Heard { passages, scenes }
}

/// The language that most of a stretch is written in.
pub(super) fn tongue_of(part: &SourcePart) -> Tongue {
    let (mut han, mut other) = (0_usize, 0_usize);
    for c in part.paragraphs.iter().take(40).flat_map(|p| p.text.chars()).filter(|c| c.is_alphabetic()) {
        if matches!(c, '\u{3400}'..='\u{9FFF}') { han += 1 } else { other += 1 }
    }
    if han * 3 > other { Tongue::Zh } else { Tongue::En }
}

/// The cast of the brief, and whoever the breakdown found besides.
pub(super) fn cast_names(cast: &[Character], characters: &[String]) -> Vec<CastName> {
    let mut names: Vec<CastName> =
        cast.iter().map(|c| CastName { name: c.name.clone(), aliases: c.aliases.clone(), pronouns: c.pronouns.clone() }).collect();
    for name in characters {
        let known = names.iter().any(|n| n.name == *name || n.aliases.contains(name));
        if !known && !name.trim().is_empty() {
            names.push(CastName { name: name.clone(), ..CastName::default() });
        }
    }
    names
}
