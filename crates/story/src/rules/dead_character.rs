use std::collections::BTreeMap;

use super::Judged;
use crate::{
    extraction::{Extraction, Holding},
    finding::{Finding, Severity},
    text::{Span, paragraph_spans, slice},
};

pub(super) const RULE: &str = "dead-character-acts";

/// What stands after the name in the message.
const ACTS: &str = " acts or speaks in chapter ";

/// Somebody acts or speaks who died in an earlier chapter, or further up in this one. One finding a person.
///
/// A memory is no deed, and neither is being found, carried, buried or robbed. Ghosts may speak, and so may letters, dreams and recordings.
pub(super) fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let Some(told) = judged.extraction else { return Vec::new() };
    let draft = judged.draft;
    let names = Names::of(judged);
    let mut dead = died_before(judged, &names);
    dead.extend(died_here(judged, told, &names, &dead));
    let deeds = Deeds::of(judged, told, &names);
    let mut found = Vec::new();
    for (key, death) in dead {
        let mut spans: Vec<Span> = deeds
            .0
            .iter()
            .filter(|deed| deed.who == key && death.end.is_none_or(|end| deed.span.start >= end))
            .map(|deed| deed.span)
            .collect();
        spans.sort();
        spans.dedup();
        if spans.is_empty() {
            continue;
        }
        let message = match death.chapter {
            Some(chapter) => format!("{}{ACTS}{}, but died in chapter {chapter}.", death.name, draft.ordinal),
            None => format!("{}{ACTS}{}, but is dead.", death.name, draft.ordinal),
        };
        let hint = format!("Keep {} out of it, or make it a memory.", death.name);
        let mut finding = Finding::new(RULE, Severity::Error, &format!("{key}/{}", slice(&draft.text, spans[0])), message, hint);
        if let Some(chapter) = death.chapter {
            finding = finding.against(format!("Chapter {chapter}: “{}”", death.quote));
        }
        found.push(spans.into_iter().fold(finding, |finding, span| finding.over(draft.ordinal, &draft.text, span)));
    }
    found
}

/// Whom a finding of this rule is about.
pub(super) fn who(finding: &Finding) -> &str {
    finding.message.split(ACTS).next().unwrap_or_default()
}

/// Names without case, each led back to the one that the story uses.
struct Names(BTreeMap<String, String>);

impl Names {
    fn of(judged: &Judged<'_>) -> Self {
        Self(judged.known.iter().map(|(alias, name)| (fold(alias), fold(name))).collect())
    }

    fn key(&self, name: &str) -> String {
        let name = fold(name);
        self.0.get(&name).cloned().unwrap_or(name)
    }
}

fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

struct Death {
    name: String,
    /// Unknown where the story begins after it.
    chapter: Option<u32>,
    quote: String,
    /// Where it is told in this chapter: only what stands behind it counts.
    end: Option<usize>,
}

fn died_before(judged: &Judged<'_>, names: &Names) -> BTreeMap<String, Death> {
    judged
        .world
        .characters
        .iter()
        .filter(|(_, c)| !c.alive)
        .map(|(name, c)| {
            let chapter = c.death.as_ref().map(|d| d.chapter);
            let quote = c.death.as_ref().map(|d| d.quote.clone()).unwrap_or_default();
            (names.key(name), Death { name: name.clone(), chapter, quote, end: None })
        })
        .collect()
}

/// Who dies in this chapter. Where a death is told in several quotes, it is over with the last: last words are no fault.
fn died_here(judged: &Judged<'_>, told: &Extraction, names: &Names, before: &BTreeMap<String, Death>) -> BTreeMap<String, Death> {
    let mut here: BTreeMap<String, Death> = BTreeMap::new();
    for death in told.deaths.iter().filter(|d| !d.flashback) {
        let key = names.key(&death.character);
        let Some(span) = Span::find_words(&judged.draft.text, &death.quote) else { continue };
        if before.contains_key(&key) || here.get(&key).is_some_and(|d| d.end >= Some(span.end)) {
            continue;
        }
        let name = death.character.clone();
        here.insert(key, Death { name, chapter: Some(judged.draft.ordinal), quote: death.quote.clone(), end: Some(span.end) });
    }
    here
}

struct Deed {
    who: String,
    span: Span,
}

/// Everything that somebody does now, in the words of the chapter.
struct Deeds(Vec<Deed>);

impl Deeds {
    fn of(judged: &Judged<'_>, told: &Extraction, names: &Names) -> Self {
        let text = &judged.draft.text;
        let place = |who: &str, quote: &str| Some(Deed { who: names.key(who), span: Span::find_words(text, quote)? });
        let mut remembered: Vec<Deed> =
            told.presence.iter().filter(|p| p.flashback).filter_map(|p| place(&p.character, &p.quote)).collect();
        for event in told.events.iter().filter(|e| e.flashback) {
            remembered.extend(event.characters.iter().filter_map(|c| place(c, &event.quote)));
        }
        let mut deeds: Vec<Deed> = told.presence.iter().filter(|p| !p.flashback).filter_map(|p| place(&p.character, &p.quote)).collect();
        // These say nothing of memory themselves: one that stands in the same paragraph as a memory of the same person belongs to it.
        let paragraphs = paragraph_spans(text);
        let is_memory = |deed: &Deed| {
            remembered.iter().any(|memory| memory.who == deed.who && paragraphs.iter().any(|p| p.meets(memory.span) && p.meets(deed.span)))
        };
        let mut add = |who: &str, quote: &str| deeds.extend(place(who, quote).filter(|deed| !is_memory(deed)));
        for event in told.events.iter().filter(|e| !e.flashback && !is_done_to_the_dead(&e.text) && !is_done_to_the_dead(&e.quote)) {
            for character in &event.characters {
                add(character, &event.quote);
            }
        }
        for gone in told.moves.iter().filter(|m| !is_done_to_the_dead(&m.quote)) {
            add(&gone.character, &gone.quote);
        }
        for gain in told.possessions.iter().filter(|p| p.change == Holding::Gains && !is_done_to_the_dead(&p.quote)) {
            add(&gain.character, &gain.quote);
        }
        for learnt in &told.knowledge {
            add(&learnt.character, &learnt.quote);
        }
        // A ghost, a dream, a letter: the paragraph says so itself.
        deeds.retain(|deed| !paragraphs.iter().any(|p| p.meets(deed.span) && is_unreal(slice(text, *p))));
        Self(deeds)
    }
}

/// Whether the words tell of a burial, a corpse or a memory: models list the dead among those who take part in it.
fn is_done_to_the_dead(words: &str) -> bool {
    const EN: [&str; 29] = [
        "body",
        "corpse",
        "coffin",
        "casket",
        "grave",
        "graveside",
        "graveyard",
        "funeral",
        "burial",
        "bury",
        "buries",
        "buried",
        "burying",
        "cremated",
        "ashes",
        "mourn",
        "mourns",
        "mourned",
        "mourning",
        "dead",
        "death",
        "died",
        "killed",
        "murdered",
        "remembers",
        "remembered",
        "recalls",
        "dreams",
        "memory",
    ];
    const ZH: [&str; 22] = [
        "葬", "坟", "墓", "尸", "遗体", "遗像", "遗物", "遗书", "棺", "灵堂", "灵位", "牌位", "骨灰", "守灵", "吊唁", "祭", "追悼", "悼念",
        "已死", "之死", "想起", "梦见",
    ];
    words.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| EN.contains(&word)) || ZH.iter().any(|word| words.contains(word))
}

/// Whether a paragraph says that whoever is in it is a ghost, a dream, a voice from a letter or a tape.
fn is_unreal(paragraph: &str) -> bool {
    const EN: [&str; 24] = [
        "ghost",
        "apparition",
        "spectre",
        "specter",
        "phantom",
        "'s spirit",
        "’s spirit",
        "spirit of",
        "shade of",
        "dream",
        "nightmare",
        "hallucinat",
        "a vision of",
        "séance",
        "seance",
        "last letter",
        "'s letter",
        "’s letter",
        "letter said",
        "diary",
        "recording",
        "photograph",
        "portrait of",
        "in the mirror",
    ];
    const ZH: [&str; 18] = [
        "鬼",
        "亡魂",
        "魂魄",
        "灵魂",
        "幽灵",
        "亡灵",
        "托梦",
        "梦里",
        "梦中",
        "做了一个梦",
        "梦见",
        "幻影",
        "幻觉",
        "幻象",
        "信里",
        "信中",
        "录音",
        "日记",
    ];
    let lower = paragraph.to_lowercase();
    EN.iter().any(|word| lower.contains(word)) || ZH.iter().any(|word| paragraph.contains(word))
}
