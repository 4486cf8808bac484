//! From a reading to scenes: a new one where the place or the time changes.

mod chinese;
mod english;

use super::{
    reading::{Passage, Said},
    script::{Element, Heading, Side, Speech, Voice},
};
use crate::language::Tongue;

/// A scene, each of its elements with the paragraph that it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staged {
    /// Where and when.
    pub heading: Heading,
    /// What is seen and heard, in order.
    pub beats: Vec<Beat>,
}

/// One thing that is seen or heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beat {
    #[allow(missing_docs)]
    pub element: Element,
    /// The paragraph of the reading, from 1.
    pub paragraph: usize,
}

/// What narration says of where and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Setting {
    /// Somebody comes there: a new scene. Without it, it is only where things stand.
    arrives: bool,
    place: Option<(Side, String)>,
    /// The time of day, and whether the story leaps to it.
    time: Option<(String, bool)>,
}

/// Fewer beats than this make no scene of their own.
const SHORTEST: usize = 3;

/// The scenes of a reading.
pub fn scenes(passages: &[Passage], tongue: Tongue) -> Vec<Staged> {
    let (day, somewhere) = match tongue {
        Tongue::En => ("DAY", "A QUIET PLACE"),
        Tongue::Zh => ("日", "某处"),
    };
    let settings: Vec<Setting> = passages
        .iter()
        .map(|passage| match (passage, tongue) {
            (Passage::Told(told), Tongue::En) => english::setting(&told.text),
            (Passage::Told(told), Tongue::Zh) => chinese::setting(&told.text),
            (Passage::Said(_), _) => Setting::default(),
        })
        .collect();
    // Where the first scene is stands near its beginning, else it is where most of the story is.
    let first = settings.iter().take(6).find_map(|s| s.place.clone()).or_else(|| often(&settings)).unwrap_or((Side::In, somewhere.into()));
    let time = settings.iter().take(4).find_map(|s| s.time.clone()).map_or(day.to_owned(), |(time, _)| time);
    let mut arrived = false;
    let mut all = vec![Staged { heading: Heading { side: first.0, place: first.1, time, number: None }, beats: Vec::new() }];
    for (passage, setting) in passages.iter().zip(&settings) {
        let current = all.last().map_or(Heading::default(), |s| s.heading.clone());
        let mut next = current.clone();
        if let Some((side, place)) = setting.place.clone().filter(|_| setting.arrives) {
            (next.side, next.place) = (side, place);
        }
        if let Some((time, true)) = &setting.time {
            next.time.clone_from(time);
        }
        let leaps = setting.time.as_ref().is_some_and(|(_, leaps)| *leaps);
        if next != current || leaps {
            let beats = all.last().map_or(0, |s| s.beats.len());
            if beats >= SHORTEST {
                all.push(Staged { heading: next, beats: Vec::new() });
                arrived = true;
            } else if let Some(last) = all.last_mut().filter(|_| !arrived || beats == 0) {
                last.heading = next;
                arrived = true;
            }
        }
        if let (Some(beat), Some(scene)) = (beat(passage, tongue), all.last_mut()) {
            scene.beats.push(beat);
        }
    }
    // A tail that is no scene belongs to the one before.
    if all.len() > 1 && all.last().is_some_and(|s| s.beats.len() < 2) {
        let tail = all.pop().map_or(Vec::new(), |s| s.beats);
        if let Some(last) = all.last_mut() {
            last.beats.extend(tail);
        }
    }
    all
}

/// Whether a place lies inside or outside, by what it is called.
pub fn side_of(place: &str, tongue: Tongue) -> Side {
    match tongue {
        Tongue::En => english::side(place),
        Tongue::Zh => chinese::side(place),
    }
}

fn often(settings: &[Setting]) -> Option<(Side, String)> {
    let places: Vec<&(Side, String)> = settings.iter().filter_map(|s| s.place.as_ref()).collect();
    places.iter().rev().max_by_key(|place| places.iter().filter(|other| *other == *place).count()).map(|place| (*place).clone())
}

fn beat(passage: &Passage, tongue: Tongue) -> Option<Beat> {
    match passage {
        // Rows of asterisks and the like tell nothing.
        Passage::Told(told) => {
            told.text.contains(char::is_alphabetic).then(|| Beat { element: Element::Action(told.text.clone()), paragraph: told.paragraph })
        }
        Passage::Said(said) => Some(Beat { element: Element::Speech(speech(said, tongue)), paragraph: said.paragraph }),
    }
}

/// A speech as a script has it: a thought is a voice-over, and whoever is not known is a voice.
pub fn speech(said: &Said, tongue: Tongue) -> Speech {
    let voice = said.thought.then_some(Voice::Over);
    let nobody = match tongue {
        Tongue::En => "Voice",
        Tongue::Zh => "画外音",
    };
    let mut text = said.text();
    if tongue == Tongue::Zh {
        text = chinese::marks(&text);
    } else {
        if text.ends_with(char::is_alphanumeric) {
            text.push('.');
        }
        if text.starts_with(|c: char| c.is_ascii_lowercase()) {
            text[..1].make_ascii_uppercase();
        }
    }
    Speech { name: said.speaker.clone().unwrap_or_else(|| nobody.into()), voice, manner: said.manner.clone(), text }
}
