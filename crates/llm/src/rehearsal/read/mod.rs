//! Reading: what a chapter says happened, by rules that look at the words of the text and at nothing else.

mod acts;
mod acts_zh;
mod chinese;
mod digest;
mod english;
mod people;
pub(super) mod sentences;

use story::{
    extraction::{Entity, Extraction, Presence, StoryEvent, ThreadChange, ThreadMove},
    language::Tongue,
    tasks::ExtractFacts,
};

use people::{Found, People};

/// No list of an extraction is longer.
const MOST: usize = 12;
/// Questions put in one chapter.
const MOST_THREADS: usize = 4;

/// A sentence of a chapter with what was seen in it.
#[derive(Debug, Clone)]
struct Line<'a> {
    /// Letter for letter.
    text: &'a str,
    /// Without what is said in quotation marks.
    narration: String,
    /// Those who act or speak in it.
    actors: Vec<Found>,
    /// Everybody named in its narration.
    named: Vec<Found>,
    place: Option<String>,
    flashback: bool,
}

/// Reads a chapter.
pub(super) fn extract(input: &ExtractFacts) -> Extraction {
    let tongue = Tongue::of(&input.language);
    let people = People::new(&input.known, tongue);
    let lines: Vec<Line<'_>> = sentences::split(&input.text).into_iter().map(|text| line(text, &people, tongue)).collect();
    let mut told = Extraction {
        story_time: match tongue {
            Tongue::En => english::story_time(&input.text),
            Tongue::Zh => chinese::story_time(&input.text),
        },
        events: events(&lines, tongue),
        presence: presence(&lines, tongue),
        threads: threads(&input.text, &input.threads, tongue),
        fact_digest: digest::facts(&lines, tongue),
        tone_digest: digest::tone(&input.text, tongue),
        ..Extraction::default()
    };
    for line in &lines {
        acts::read(line, &people, tongue, &mut told);
    }
    told.entities = entities(&lines, &input.items, tongue);
    told.moves.truncate(MOST);
    told.deaths.truncate(MOST);
    told.possessions.truncate(MOST);
    told.knowledge.truncate(MOST);
    told.relations.truncate(MOST);
    told
}

fn line<'a>(text: &'a str, people: &People, tongue: Tongue) -> Line<'a> {
    let narration = sentences::unquoted(text);
    let named = people.find(&narration);
    let actors = named.iter().filter(|found| people.acts(&narration, found)).cloned().collect();
    let (place, flashback) = match tongue {
        Tongue::En => (english::place(&narration), english::is_memory(&narration)),
        Tongue::Zh => (chinese::place(&narration), chinese::is_memory(&narration)),
    };
    Line { text, narration, actors, named, place, flashback }
}

/// How much a sentence tells: people, and words enough to say something.
fn weight(line: &Line<'_>, tongue: Tongue) -> usize {
    let size = match tongue {
        Tongue::En => line.narration.split_whitespace().count(),
        Tongue::Zh => line.narration.chars().count() / 2,
    };
    line.actors.len() * 6 + line.named.len() * 4 + size.min(24) / 2 + usize::from(line.place.is_some()) * 2
}

fn events(lines: &[Line<'_>], tongue: Tongue) -> Vec<StoryEvent> {
    let mut best: Vec<usize> = (0..lines.len()).filter(|i| !lines[*i].actors.is_empty()).collect();
    best.sort_by_key(|i| (std::cmp::Reverse(weight(&lines[*i], tongue)), *i));
    best.truncate(MOST);
    best.sort_unstable();
    best.into_iter()
        .map(|i| {
            let line = &lines[i];
            let mut characters: Vec<String> = Vec::new();
            for found in &line.actors {
                if !characters.contains(&found.name) {
                    characters.push(found.name.clone());
                }
            }
            StoryEvent {
                text: line.text.to_owned(),
                characters,
                place: line.place.clone(),
                flashback: line.flashback,
                quote: quote(line.text, tongue),
            }
        })
        .collect()
}

fn presence(lines: &[Line<'_>], tongue: Tongue) -> Vec<Presence> {
    let mut found: Vec<Presence> = Vec::new();
    for line in lines {
        for actor in &line.actors {
            let full = found.len() >= MOST;
            let known = found.iter_mut().find(|p| p.character == actor.name);
            match known {
                // Someone who is there once is there, whatever is remembered of them elsewhere.
                Some(known) if known.flashback && !line.flashback => {
                    known.flashback = false;
                    known.place.clone_from(&line.place);
                    known.quote = quote(line.text, tongue);
                }
                Some(known) if known.place.is_none() && known.flashback == line.flashback && line.place.is_some() => {
                    known.place.clone_from(&line.place);
                    known.quote = quote(line.text, tongue);
                }
                None if !full => found.push(Presence {
                    character: actor.name.clone(),
                    place: line.place.clone(),
                    flashback: line.flashback,
                    quote: quote(line.text, tongue),
                }),
                _ => {}
            }
        }
    }
    found
}

fn entities(lines: &[Line<'_>], items: &[String], tongue: Tongue) -> Vec<Entity> {
    let mut found: Vec<Entity> = Vec::new();
    let mut push = |name: &str, kind: &str, line: &Line<'_>| {
        if found.len() < MOST && !found.iter().any(|e| e.name == name) {
            found.push(Entity { name: name.to_owned(), kind: kind.to_owned(), aliases: Vec::new(), quote: quote(line.text, tongue) });
        }
    };
    for line in lines {
        for person in &line.named {
            push(&person.name, "person", line);
        }
        if let Some(place) = &line.place {
            push(place, "place", line);
        }
        for item in items.iter().filter(|item| line.text.contains(item.as_str())) {
            push(item, "thing", line);
        }
    }
    found
}

/// The questions that a chapter puts; a known one by its known title.
fn threads(text: &str, known: &[String], tongue: Tongue) -> Vec<ThreadMove> {
    let mut found: Vec<ThreadMove> = Vec::new();
    for sentence in sentences::split(text) {
        let title = match tongue {
            Tongue::En => english::question(sentence),
            Tongue::Zh => chinese::question(sentence),
        };
        let Some(title) = title else { continue };
        let old = known.iter().find(|k| alike(k, &title, tongue));
        let (title, change) = old.map_or((title, ThreadChange::Introduced), |old| (old.clone(), ThreadChange::Reinforced));
        if !found.iter().any(|t| t.title == title) {
            found.push(ThreadMove { title, change, quote: quote(sentence, tongue) });
        }
    }
    // The last questions of a chapter are those that stay open.
    let late = found.len().saturating_sub(MOST_THREADS);
    found.split_off(late)
}

/// Whether two questions share most of their words.
fn alike(a: &str, b: &str, tongue: Tongue) -> bool {
    let words = |text: &str| -> std::collections::BTreeSet<String> {
        match tongue {
            Tongue::En => text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2).map(str::to_owned).collect(),
            Tongue::Zh => text.chars().filter(|c| c.is_alphanumeric()).map(String::from).collect(),
        }
    };
    let (a, b) = (words(a), words(b));
    let shared = a.intersection(&b).count();
    shared * 4 >= a.len().max(b.len()).max(1) * 3
}

/// A sentence as evidence: the whole of it, or its first words where it is long.
fn quote(text: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::En => {
            let mut end = text.len();
            let mut words = 0;
            let mut in_word = false;
            for (at, c) in text.char_indices() {
                if c.is_whitespace() {
                    if in_word {
                        words += 1;
                        if words == 28 {
                            end = at;
                            break;
                        }
                    }
                    in_word = false;
                } else {
                    in_word = true;
                }
            }
            text[..end].to_owned()
        }
        Tongue::Zh => text.chars().take(60).collect(),
    }
}
