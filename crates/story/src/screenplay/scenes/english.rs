use super::Setting;
use crate::screenplay::script::Side;

const INSIDE: &[&str] = &[
    "hall",
    "room",
    "kitchen",
    "court",
    "courtroom",
    "bedroom",
    "parlour",
    "parlor",
    "library",
    "office",
    "shop",
    "tavern",
    "inn",
    "church",
    "cellar",
    "attic",
    "corridor",
    "chamber",
    "cabin",
    "tent",
    "cave",
    "tunnel",
    "carriage",
    "train",
    "cell",
    "prison",
    "school",
    "classroom",
    "hospital",
    "station",
    "tower",
    "stable",
    "barn",
    "bathroom",
    "study",
    "drawing-room",
    "dining-room",
    "bar",
    "café",
    "cafe",
    "restaurant",
    "hotel",
    "lobby",
    "theatre",
    "theater",
    "palace",
    "castle",
    "cottage",
    "house",
    "home",
    "apartment",
    "flat",
    "well",
    "staircase",
    "landing",
    "hut",
    "studio",
    "workshop",
    "warehouse",
    "temple",
    "passage",
];
const OUTSIDE: &[&str] = &[
    "garden",
    "wood",
    "woods",
    "forest",
    "field",
    "fields",
    "street",
    "road",
    "lane",
    "path",
    "bank",
    "river",
    "sea",
    "shore",
    "beach",
    "lake",
    "pool",
    "hill",
    "mountain",
    "yard",
    "courtyard",
    "square",
    "market",
    "bridge",
    "harbour",
    "harbor",
    "island",
    "moor",
    "meadow",
    "lawn",
    "desert",
    "gate",
    "park",
    "quay",
    "pier",
    "dock",
    "deck",
    "valley",
    "cliff",
    "village",
    "town",
    "city",
    "orchard",
    "graveyard",
    "churchyard",
    "alley",
    "roof",
    "terrace",
    "croquet-ground",
    "ground",
    "seaside",
    "farm",
    "camp",
];
/// Outside of something: `in front of the house`.
const BESIDE: &[&str] = &["outside", "behind", "before", "front", "near", "towards", "beside", "round", "past", "under"];
const GOES: &[&str] = &[
    "found", "came", "comes", "reached", "reaches", "entered", "enters", "arrived", "arrives", "went", "goes", "walked", "walks", "ran",
    "runs", "hurried", "crept", "climbed", "stepped", "returned", "wandered", "rushed", "turned", "got", "flew", "drove", "rode",
    "followed", "led", "crossed", "fell", "jumped", "picked", "made", "moved", "marched", "sailed",
];
const LEAPS: &[&str] =
    &["next", "later", "following", "after", "that", "same", "early", "toward", "towards", "by", "at", "when", "before", "one", "all"];

/// What English narration says of where and when.
pub(super) fn setting(text: &str) -> Setting {
    let words: Vec<String> = text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).collect();
    let ends: Vec<bool> = text.split_whitespace().map(|w| w.ends_with(['.', '!', '?', ';', ':', ','])).collect();
    let mut place = None;
    let mut arrives = false;
    for (i, word) in words.iter().enumerate() {
        let side = if INSIDE.contains(&word.as_str()) {
            Side::In
        } else if OUTSIDE.contains(&word.as_str()) {
            Side::Out
        } else {
            continue;
        };
        let Some((from, name)) = phrase(&words, &ends, i) else { continue };
        let lead = from.checked_sub(1).and_then(|j| words.get(j)).map_or("", String::as_str);
        let into = [
            "in", "into", "to", "at", "on", "through", "of", "inside", "onto", "upon", "down", "up", "across", "the", "out", "entered",
            "reached", "crossed",
        ]
        .contains(&lead)
            || BESIDE.contains(&lead);
        if !into {
            continue;
        }
        let side = if BESIDE.contains(&lead) || (lead == "of" && words[..from].ends_with(&["in".into(), "front".into(), "of".into()])) {
            Side::Out
        } else {
            side
        };
        let goes = words[from.saturating_sub(7)..from]
            .iter()
            .zip(from.saturating_sub(7)..)
            .any(|(w, j)| GOES.contains(&w.as_str()) && !ends[j..from].iter().any(|e| *e && from - j > 4));
        let stays = lead == "of" || lead == "up" && !goes;
        if goes && !stays && !arrives {
            arrives = true;
            place = Some((side, name));
        } else if place.is_none() {
            place = Some((side, name));
        }
    }
    Setting { arrives, place, time: time(&words) }
}

/// The noun phrase that ends in the place at `i`: where it begins, and its name in capitals.
fn phrase(words: &[String], ends: &[bool], i: usize) -> Option<(usize, String)> {
    let determiners = ["the", "a", "an", "her", "his", "their", "its", "my", "our", "this", "that", "another"];
    for from in (i.saturating_sub(4)..=i).rev() {
        if from < i && ends[from] {
            break;
        }
        if determiners.contains(&words[from].as_str()) {
            let name: Vec<&str> = words[from + 1..=i].iter().map(String::as_str).collect();
            let plain = !name.is_empty()
                && !name.iter().any(|w| ["of", "and", "in", "to", "was", "were", "at", "other", "whole", "very", "same"].contains(w));
            return plain.then(|| (from, name.join(" ").to_uppercase()));
        }
    }
    None
}

fn time(words: &[String]) -> Option<(String, bool)> {
    let head = &words[..words.len().min(9)];
    let found = head.iter().position(|w| hour(w).is_some())?;
    let leaps = head[..found].iter().any(|w| LEAPS.contains(&w.as_str())) || head.get(found + 1).is_some_and(|w| w == "later");
    Some((hour(&head[found])?.to_owned(), leaps))
}

fn hour(word: &str) -> Option<&'static str> {
    Some(match word {
        "morning" | "dawn" | "sunrise" | "daybreak" | "breakfast" => "MORNING",
        "noon" | "afternoon" | "day" | "week" | "month" | "year" => "DAY",
        "evening" | "dusk" | "sunset" | "supper" | "twilight" => "EVENING",
        "night" | "midnight" | "nightfall" => "NIGHT",
        _ => return None,
    })
}

/// Whether a place lies outside: by its last word.
pub(super) fn side(place: &str) -> Side {
    let low = place.to_lowercase();
    let head = low.split(" of ").next().unwrap_or_default().split_whitespace().last().unwrap_or_default();
    if OUTSIDE.contains(&head) || low.starts_with("outside") { Side::Out } else { Side::In }
}
