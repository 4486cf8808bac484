//! The world as the committed chapters left it: a fold over their extractions, bounded for any length of book.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    brief::Character,
    extraction::{Extraction, Holding, ThreadChange},
};

/// Characters who have not acted for so many chapters leave the current state, unless they are dead.
const REMEMBERED_CHAPTERS: u32 = 12;
/// The last so many things that a character learnt stay.
const REMEMBERED_FACTS: usize = 12;
/// At most so many things, threads and dead are kept: the oldest go first.
const MOST_ITEMS: usize = 40;
const MOST_THREADS: usize = 30;
const MOST_DEAD: usize = 60;

/// Who is alive and where, who holds what, which questions are open.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurrentState {
    /// The story's own time, in the words of the last chapter that told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    /// By name.
    #[serde(default)]
    pub characters: BTreeMap<String, CharacterState>,
    /// By name of the thing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub items: BTreeMap<String, ItemState>,
    /// By stable id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub threads: BTreeMap<String, ThreadState>,
}

/// How a character stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CharacterState {
    /// Whether the character lives.
    pub alive: bool,
    /// The words that say so, when the character is dead: chapter and quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death: Option<DeathRecord>,
    /// Where the character was last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What the character has, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holding: Vec<String>,
    /// The last things the character learnt, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knows: Vec<String>,
    /// The last chapter in which the character was there; 0 for never.
    #[serde(default)]
    pub seen_in: u32,
}

/// When somebody died.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeathRecord {
    /// The chapter's ordinal.
    pub chapter: u32,
    /// Its words.
    pub quote: String,
}

/// How a thing stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemState {
    /// Who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Where it was last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The last chapter that spoke of it.
    #[serde(default)]
    pub seen_in: u32,
}

/// How a question stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThreadState {
    /// The question in a few words.
    pub title: String,
    /// `open` or `resolved`.
    pub status: String,
    /// The chapter by which it is to be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<u32>,
    /// The last chapter that moved it.
    #[serde(default)]
    pub seen_in: u32,
}

impl Default for CharacterState {
    fn default() -> Self {
        Self { alive: true, death: None, place: None, holding: Vec::new(), knows: Vec::new(), seen_in: 0 }
    }
}

impl CurrentState {
    /// The world before the first chapter: the cast of the brief, alive.
    pub fn of_cast(cast: &[Character]) -> Self {
        Self { characters: cast.iter().map(|c| (c.name.clone(), CharacterState::default())).collect(), ..Self::default() }
    }

    /// The world after chapter `ordinal`, which says `told`. `named` are the people of the brief and of the plan ahead, who
    /// stay however long they were away.
    #[must_use]
    pub fn after_chapter(&self, ordinal: u32, told: &Extraction, named: &dyn Fn(&str) -> bool) -> Self {
        let mut world = self.clone();
        if let Some(time) = told.story_time.as_ref().filter(|t| !t.trim().is_empty()) {
            world.clock = Some(time.clone());
        }
        for presence in told.presence.iter().filter(|p| !p.flashback) {
            let character = world.characters.entry(presence.character.clone()).or_default();
            character.seen_in = ordinal;
            if let Some(place) = &presence.place {
                character.place = Some(place.clone());
            }
        }
        for gone in &told.moves {
            let character = world.characters.entry(gone.character.clone()).or_default();
            character.seen_in = ordinal;
            character.place = Some(gone.to.clone());
        }
        for change in &told.possessions {
            world.hand_over(ordinal, &change.character, &change.item, change.change);
        }
        for learnt in &told.knowledge {
            let character = world.characters.entry(learnt.character.clone()).or_default();
            character.seen_in = ordinal;
            let knows = &mut character.knows;
            knows.retain(|fact| *fact != learnt.fact);
            knows.push(learnt.fact.clone());
            if knows.len() > REMEMBERED_FACTS {
                knows.drain(..knows.len() - REMEMBERED_FACTS);
            }
        }
        for death in told.deaths.iter().filter(|d| !d.flashback) {
            let character = world.characters.entry(death.character.clone()).or_default();
            if character.alive {
                character.alive = false;
                character.death = Some(DeathRecord { chapter: ordinal, quote: death.quote.clone() });
            }
        }
        for moved in &told.threads {
            let id = thread_id(&moved.title);
            let thread = world.threads.entry(id).or_insert_with(|| ThreadState {
                title: moved.title.clone(),
                status: "open".into(),
                due: None,
                seen_in: ordinal,
            });
            thread.seen_in = ordinal;
            thread.status = if moved.change == ThreadChange::Resolved { "resolved".into() } else { "open".into() };
        }
        world.forget(ordinal, named);
        world
    }

    /// The open questions that moved last, newest first, at most `most`.
    pub fn open_threads(&self, most: usize) -> Vec<&ThreadState> {
        let mut open: Vec<(&String, &ThreadState)> = self.threads.iter().filter(|(_, t)| t.status == "open").collect();
        open.sort_by(|a, b| b.1.seen_in.cmp(&a.1.seen_in).then_with(|| a.0.cmp(b.0)));
        open.into_iter().take(most).map(|(_, thread)| thread).collect()
    }

    /// The things that moved last, newest first, at most `most`, by name.
    pub fn last_items(&self, most: usize) -> Vec<&str> {
        let mut items: Vec<(&String, &ItemState)> = self.items.iter().collect();
        items.sort_by(|a, b| b.1.seen_in.cmp(&a.1.seen_in).then_with(|| a.0.cmp(b.0)));
        items.into_iter().take(most).map(|(name, _)| name.as_str()).collect()
    }

    /// Who died last, newest first, at most `most`, by name.
    pub fn last_dead(&self, most: usize) -> Vec<&str> {
        let died = |c: &CharacterState| c.death.as_ref().map_or(0, |d| d.chapter);
        let mut dead: Vec<(&String, &CharacterState)> = self.characters.iter().filter(|(_, c)| !c.alive).collect();
        dead.sort_by(|a, b| died(b.1).cmp(&died(a.1)).then_with(|| a.0.cmp(b.0)));
        dead.into_iter().take(most).map(|(name, _)| name.as_str()).collect()
    }

    fn hand_over(&mut self, ordinal: u32, name: &str, item: &str, change: Holding) {
        let state = self.items.entry(item.to_owned()).or_default();
        state.seen_in = ordinal;
        let former = state.holder.clone();
        match change {
            Holding::Gains => state.holder = Some(name.to_owned()),
            Holding::Loses if former.as_deref() == Some(name) => state.holder = None,
            Holding::Loses => {}
        }
        if let Some(former) = former.filter(|former| former != name)
            && change == Holding::Gains
            && let Some(character) = self.characters.get_mut(&former)
        {
            character.holding.retain(|held| held != item);
        }
        let character = self.characters.entry(name.to_owned()).or_default();
        character.seen_in = ordinal;
        character.holding.retain(|held| held != item);
        if change == Holding::Gains {
            character.holding.push(item.to_owned());
            character.holding.sort();
        }
    }

    /// Keeps the world bounded: older facts live in the knowledge tables.
    fn forget(&mut self, ordinal: u32, named: &dyn Fn(&str) -> bool) {
        self.characters.retain(|name, c| !c.alive || named(name) || c.seen_in + REMEMBERED_CHAPTERS >= ordinal);
        let mut dead: Vec<(u32, String)> = self
            .characters
            .iter()
            .filter(|(name, c)| !c.alive && !named(name))
            .map(|(name, c)| (c.death.as_ref().map_or(0, |d| d.chapter), name.clone()))
            .collect();
        dead.sort();
        for (_, name) in dead.iter().take(dead.len().saturating_sub(MOST_DEAD)) {
            self.characters.remove(name);
        }
        keep_newest(&mut self.items, MOST_ITEMS, |item| item.seen_in);
        for character in self.characters.values_mut() {
            character.holding.retain(|held| self.items.contains_key(held));
        }
        self.threads.retain(|_, t| t.status == "open" || t.seen_in + 1 >= ordinal);
        keep_newest(&mut self.threads, MOST_THREADS, |thread| thread.seen_in);
    }
}

fn keep_newest<T>(map: &mut BTreeMap<String, T>, most: usize, seen_in: impl Fn(&T) -> u32) {
    if map.len() <= most {
        return;
    }
    let mut by_age: Vec<(u32, String)> = map.iter().map(|(key, value)| (seen_in(value), key.clone())).collect();
    by_age.sort();
    for (_, key) in by_age.iter().take(map.len() - most) {
        map.remove(key);
    }
}

/// The stable id of a thread: made of its title, so that the same question gets the same id in every run.
pub(crate) fn thread_id(title: &str) -> String {
    format!("t{}", &crate::canonical::hash_text(&title.trim().to_lowercase())[..8])
}
