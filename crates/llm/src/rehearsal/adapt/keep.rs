use story::{
    language::Tongue,
    output_spec::{LengthRange, ScriptFormat},
    screenplay::{Element, Scene, Script, scenes::Staged},
    text::Length,
};

use super::{letters, written};
use crate::rehearsal::read::sentences;

/// What a script is to be, and what must stay in it.
pub(super) struct Wanted<'a> {
    pub(super) format: ScriptFormat,
    pub(super) length: LengthRange,
    pub(super) tongue: Tongue,
    pub(super) episode: Option<u32>,
    /// Words that must stay, folded.
    pub(super) keys: &'a [String],
    /// Who may stand among the people of a scene, besides those who speak.
    pub(super) people: &'a [String],
}

/// One thing that may be kept.
struct Piece {
    scene: usize,
    element: Element,
    size: u64,
    score: i64,
    kept: bool,
    must: bool,
}

/// The script of some scenes within its range: what is kept is kept in order, whole sentences only.
pub(super) fn fitted(scenes: &[Staged], wanted: &Wanted<'_>) -> Script {
    let whole = script(scenes, wanted, |_, _| true);
    if measure(&whole, wanted) <= wanted.length.max {
        return whole;
    }
    let mut cut = scenes.to_vec();
    for beat in cut.iter_mut().flat_map(|s| &mut s.beats) {
        shorten(&mut beat.element, wanted);
    }
    let all = || pieces(&cut, wanted);
    let made = |mut pieces: Vec<Piece>| {
        fill(&mut pieces, wanted);
        settle(&cut, pieces, wanted)
    };
    let mut hooked = all();
    hooks(&mut hooked);
    let best = made(hooked);
    if measure(&best, wanted) >= wanted.length.min {
        return best;
    }
    // What the hooks left out is needed, and where that is not enough, what was made short.
    let plain = made(all());
    if measure(&plain, wanted) >= wanted.length.min {
        return plain;
    }
    let mut pieces = pieces(scenes, wanted);
    fill(&mut pieces, wanted);
    settle(scenes, pieces, wanted)
}

fn pieces(scenes: &[Staged], wanted: &Wanted<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (scene, staged) in scenes.iter().enumerate() {
        for beat in &staged.beats {
            let must = is_key(&beat.element, wanted);
            let size = size(&beat.element, wanted);
            pieces.push(Piece { scene, size, score: score(&beat.element, size), element: beat.element.clone(), kept: must, must });
        }
    }
    pieces
}

fn is_key(element: &Element, wanted: &Wanted<'_>) -> bool {
    let Element::Speech(speech) = element else { return false };
    let said = letters(&speech.text);
    wanted.keys.iter().any(|key| said.contains(key.as_str()))
}

fn size(element: &Element, wanted: &Wanted<'_>) -> u64 {
    let text = match element {
        Element::Action(text) | Element::Transition(text) => text.clone(),
        Element::Speech(speech) => format!(
            "{} {} {} {}",
            speech.name,
            speech.voice.map_or("", |v| v.short()),
            speech.manner.as_deref().unwrap_or_default(),
            speech.text
        ),
    };
    Length::of(&text).in_unit(wanted.length.unit)
}

/// Short speech is worth most, then questions and cries, then what happens.
fn score(element: &Element, size: u64) -> i64 {
    let long = i64::try_from(size / 14).unwrap_or(0);
    match element {
        Element::Speech(speech) => 20 + if speech.text.ends_with(['?', '!', '？', '！', '…', '—']) { 5 } else { 0 } - long.min(12),
        Element::Action(_) => 12 - long.min(9),
        Element::Transition(_) => 0,
    }
}

/// Whole sentences from the beginning, as long as none of them is too long for a script; what must stay, stays.
fn shorten(element: &mut Element, wanted: &Wanted<'_>) {
    let max = wanted.length.max;
    if is_key(element, wanted) {
        return;
    }
    match element {
        Element::Action(text) => *text = first_sentences(text, max / 11, wanted),
        Element::Speech(speech) => speech.text = first_sentences(&speech.text, max / 7, wanted),
        Element::Transition(_) => {}
    }
}

fn first_sentences(text: &str, most: u64, wanted: &Wanted<'_>) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut length = 0;
    for sentence in sentences::split(text) {
        let own = Length::of(sentence).in_unit(wanted.length.unit);
        if !kept.is_empty() && length + own > most {
            break;
        }
        length += own;
        kept.push(sentence);
    }
    if kept.is_empty() { text.to_owned() } else { kept.join(if wanted.tongue == Tongue::Zh { "" } else { " " }) }
}

/// The episode opens with somebody speaking, after one thing seen at most, and closes on words that ask for more.
fn hooks(pieces: &mut Vec<Piece>) {
    let speech = |p: &Piece| matches!(p.element, Element::Speech(_)) && p.size < 160;
    let sharp = |p: &Piece| matches!(&p.element, Element::Speech(s) if s.text.contains(['?', '!', '？', '！'])) && speech(p);
    let third = pieces.len().div_ceil(3);
    let open = pieces.iter().take(third).position(sharp).or_else(|| pieces.iter().take(third).position(speech));
    if let Some(open) = open {
        let first_key = pieces.iter().position(|p| p.must).unwrap_or(usize::MAX);
        let open = open.min(first_key);
        pieces[open].kept = true;
        let seen =
            (0..open).rev().take(3).find(|i| matches!(pieces[*i].element, Element::Action(_)) && pieces[*i].scene == pieces[open].scene);
        if let Some(seen) = seen {
            pieces[seen].kept = true;
        }
        pieces.drain(..seen.unwrap_or(open));
    }
    let last_third = pieces.len() - pieces.len() / 3;
    let ends = |p: &Piece| matches!(&p.element, Element::Speech(s) if s.text.ends_with(['?', '!', '？', '！', '…', '—'])) && speech(p);
    let last_key = pieces.iter().rposition(|p| p.must).unwrap_or(0);
    let close = (last_third.max(last_key)..pieces.len()).rev().find(|i| ends(&pieces[*i]) || *i == last_key && pieces[*i].must);
    let close = close.or_else(|| (last_third..pieces.len()).rev().find(|i| speech(&pieces[*i])));
    if let Some(close) = close.filter(|c| *c >= last_key) {
        pieces[close].kept = true;
        pieces.truncate(close + 1);
    }
}

/// Takes the best pieces until the script is as long as it may be. A piece beside one that is kept is worth more: talk stays together.
fn fill(pieces: &mut [Piece], wanted: &Wanted<'_>) {
    let range = wanted.length;
    let room = range.max - (range.max - range.min) / 10;
    let heading = 12;
    let mut length: u64 = pieces.iter().filter(|p| p.kept).map(|p| p.size).sum::<u64>() + 4;
    let mut open: Vec<usize> = pieces.iter().filter(|p| p.kept).map(|p| p.scene).collect();
    open.dedup();
    length += heading * open.len() as u64;
    loop {
        let worth = |i: usize| {
            let beside = [i.checked_sub(1), Some(i + 1)]
                .into_iter()
                .flatten()
                .filter(|j| pieces.get(*j).is_some_and(|p| p.kept && p.scene == pieces[i].scene))
                .count();
            pieces[i].score + 7 * i64::try_from(beside).unwrap_or(0) - if open.contains(&pieces[i].scene) { 0 } else { 15 }
        };
        let fits = |i: usize| length + pieces[i].size + if open.contains(&pieces[i].scene) { 0 } else { heading } <= room;
        let best = (0..pieces.len()).filter(|i| !pieces[*i].kept && fits(*i)).max_by_key(|i| (worth(*i), std::cmp::Reverse(*i)));
        let Some(best) = best else { return };
        length += pieces[best].size;
        if !open.contains(&pieces[best].scene) {
            open.push(pieces[best].scene);
            length += heading;
        }
        pieces[best].kept = true;
    }
}

/// The script of what is kept. Where the estimate was wrong, the least is left out, or sentences that still fit are put back.
fn settle(scenes: &[Staged], mut pieces: Vec<Piece>, wanted: &Wanted<'_>) -> Script {
    loop {
        let made = made_of(scenes, &pieces, wanted);
        let length = measure(&made, wanted);
        if length <= wanted.length.max {
            if length >= wanted.length.min {
                return made;
            }
            let room = wanted.length.max - length;
            let more = (0..pieces.len()).find(|i| !pieces[*i].kept && pieces[*i].size + 16 <= room);
            match more {
                Some(i) => pieces[i].kept = true,
                None => return with_part(scenes, pieces, wanted, room).unwrap_or(made),
            }
            continue;
        }
        let last = pieces.len().saturating_sub(1);
        let least = (1..last).filter(|i| pieces[*i].kept && !pieces[*i].must).min_by_key(|i| pieces[*i].score);
        let least = least.or_else(|| (1..last).rev().find(|i| pieces[*i].kept));
        match least {
            // What was left out once does not come back.
            Some(i) => {
                pieces.remove(i);
            }
            None => return made,
        }
    }
}

/// With the first sentences of a piece that is too long as a whole.
fn with_part(scenes: &[Staged], mut pieces: Vec<Piece>, wanted: &Wanted<'_>, room: u64) -> Option<Script> {
    for i in 0..pieces.len() {
        let (Element::Action(text) | Element::Speech(story::screenplay::Speech { text, .. })) = &pieces[i].element else { continue };
        let part = first_sentences(text, 1, wanted);
        let size = Length::of(&part).in_unit(wanted.length.unit);
        if pieces[i].kept || size + 16 > room || size < 4 {
            continue;
        }
        match &mut pieces[i].element {
            Element::Action(text) => *text = part,
            Element::Speech(speech) => speech.text = part,
            Element::Transition(_) => {}
        }
        pieces[i].kept = true;
        return Some(made_of(scenes, &pieces, wanted));
    }
    None
}

fn made_of(scenes: &[Staged], pieces: &[Piece], wanted: &Wanted<'_>) -> Script {
    let kept = |scene: usize| -> Vec<Element> { pieces.iter().filter(|p| p.kept && p.scene == scene).map(|p| p.element.clone()).collect() };
    let all = scenes.iter().enumerate().map(|(n, staged)| (staged, kept(n)));
    assembled(all, wanted)
}

/// A script of some scenes with the elements that `keep` says.
pub(super) fn script(scenes: &[Staged], wanted: &Wanted<'_>, keep: impl Fn(usize, usize) -> bool) -> Script {
    let all = scenes.iter().enumerate().map(|(n, staged)| {
        let elements = staged.beats.iter().enumerate().filter(|(i, _)| keep(n, *i)).map(|(_, b)| b.element.clone()).collect();
        (staged, elements)
    });
    assembled(all, wanted)
}

fn assembled<'a>(scenes: impl Iterator<Item = (&'a Staged, Vec<Element>)>, wanted: &Wanted<'_>) -> Script {
    let mut script = Script { episode: wanted.episode, scenes: Vec::new() };
    for (staged, elements) in scenes.filter(|(_, e)| !e.is_empty()) {
        // The same place at the same time goes on.
        if let Some(last) = script.scenes.last_mut().filter(|s| s.heading == staged.heading) {
            last.elements.extend(elements);
            continue;
        }
        script.scenes.push(Scene { heading: staged.heading.clone(), people: Vec::new(), elements });
    }
    if wanted.format == ScriptFormat::Custom {
        for scene in &mut script.scenes {
            scene.people = people(scene, wanted);
        }
    }
    script
}

/// Who is there: whoever speaks, and whoever of the known is seen.
fn people(scene: &Scene, wanted: &Wanted<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for element in &scene.elements {
        match element {
            Element::Speech(speech) if !names.contains(&speech.name) => names.push(speech.name.clone()),
            Element::Action(text) => {
                for name in wanted.people.iter().filter(|n| text.contains(n.as_str())) {
                    if !names.iter().any(|known| known.contains(name.as_str()) || name.contains(known.as_str())) {
                        names.push(name.clone());
                    }
                }
            }
            _ => {}
        }
    }
    names.truncate(8);
    names
}

fn measure(script: &Script, wanted: &Wanted<'_>) -> u64 {
    Length::of(&written(script, wanted.format)).in_unit(wanted.length.unit)
}
