use std::collections::{BTreeMap, BTreeSet};

use super::{Fact, Names, What};
use crate::{
    brief::Character,
    current_state::thread_id,
    extraction::{Holding, ThreadChange},
    text::Span,
};

/// What one chapter says.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldChapter {
    /// Its ordinal.
    pub ordinal: u32,
    /// The version whose words these are.
    pub version_id: String,
    /// Those words.
    pub content_id: String,
    /// In the order in which the chapter tells them.
    pub facts: Vec<Fact>,
}

/// The words that show something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The chapter's ordinal.
    pub chapter: u32,
    /// The version.
    pub version_id: String,
    /// Its words.
    pub content_id: String,
    /// Where they stand.
    pub span: Span,
    /// The words.
    pub quote: String,
}

impl Evidence {
    pub(super) fn of(chapter: &ToldChapter, fact: &Fact) -> Self {
        Self {
            chapter: chapter.ordinal,
            version_id: chapter.version_id.clone(),
            content_id: chapter.content_id.clone(),
            span: fact.span,
            quote: fact.quote.clone(),
        }
    }
}

/// Something that holds, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What holds: a place, a fact, a name.
    pub text: String,
    /// The words that made it so.
    pub since: Evidence,
}

/// How a person stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Person {
    /// Other names, in lower case, sorted.
    pub aliases: Vec<String>,
    /// The words that tell of the death; absent while the person lives.
    pub death: Option<Evidence>,
    /// Where the person was last.
    pub place: Option<Told>,
    /// What the person has, by name.
    pub holding: Vec<Told>,
    /// What the person has learnt, oldest first, each since when.
    pub knows: Vec<Told>,
    /// The first and the last chapter in which the person acts; absent where there is none.
    pub seen: Option<(u32, u32)>,
}

/// How a thing stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Who has it; absent where nobody does.
    pub holder: Option<String>,
    /// The words that told of it last.
    pub since: Evidence,
}

/// How a question stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// The question in a few words.
    pub title: String,
    /// Whether it is still open.
    pub open: bool,
    /// The words that put it.
    pub opened: Evidence,
    /// The words that moved it last.
    pub moved: Evidence,
}

/// The world after a chapter. Nothing is forgotten in it, however long the book.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct World {
    /// The last chapter that it knows; 0 before the first.
    pub chapter: u32,
    /// The story's own time.
    pub clock: Option<Told>,
    /// By name.
    pub people: BTreeMap<String, Person>,
    /// By name.
    pub items: BTreeMap<String, Item>,
    /// Who is what to whom: the first name, the second, and the relation, since when.
    pub relations: Vec<(String, String, Told)>,
    /// By id.
    pub threads: BTreeMap<String, Thread>,
}

/// The names that the brief and these chapters use.
pub(super) fn names(cast: &[Character], chapters: &[ToldChapter]) -> Names {
    let mut names = Names::of_cast(cast);
    for fact in chapters.iter().flat_map(|chapter| &chapter.facts) {
        if let What::Entity { name, aliases, .. } = &fact.what {
            names.learn(name, aliases);
        }
    }
    names
}

/// The world after these chapters, given in order.
pub fn world(cast: &[Character], chapters: &[ToldChapter]) -> World {
    let names = names(cast, chapters);
    let mut world = World { chapter: chapters.last().map_or(0, |chapter| chapter.ordinal), ..World::default() };
    for character in cast {
        world.people.entry(character.name.clone()).or_default();
    }
    for chapter in chapters {
        for fact in &chapter.facts {
            world.hear(&names, &fact.what, Evidence::of(chapter, fact));
        }
    }
    for (name, person) in &mut world.people {
        person.aliases = names.others_of(name).map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect();
    }
    world
}

impl World {
    fn hear(&mut self, names: &Names, what: &What, by: Evidence) {
        match what {
            What::Time { text } => self.clock = Some(Told { text: text.clone(), since: by }),
            What::Event { characters, flashback: false, .. } => {
                for name in characters {
                    self.acts(names, name, by.chapter);
                }
            }
            What::Presence { character, place, flashback: false } => {
                let person = self.acts(names, character, by.chapter);
                if let Some(place) = place {
                    person.goes_to(names.used(place), by);
                }
            }
            What::Move { character, to, .. } => self.acts(names, character, by.chapter).goes_to(names.used(to), by),
            What::Death { character, flashback: false } => {
                let person = self.acts(names, character, by.chapter);
                person.death.get_or_insert(by);
            }
            What::Possession { character, item, change } => self.hand_over(names, character, item, *change, by),
            What::Knowledge { character, fact } => {
                let knows = &mut self.acts(names, character, by.chapter).knows;
                if knows.iter().all(|known| known.text != *fact) {
                    knows.push(Told { text: fact.clone(), since: by });
                }
            }
            What::Relation { a, b, relation } => {
                let (a, b) = (names.used(a), names.used(b));
                if !self.relations.iter().any(|(x, y, told)| x == a && y == b && told.text == *relation) {
                    self.relations.push((a.to_owned(), b.to_owned(), Told { text: relation.clone(), since: by }));
                }
            }
            What::Thread { title, change } => {
                let thread = self.threads.entry(thread_id(title)).or_insert_with(|| Thread {
                    title: title.clone(),
                    open: true,
                    opened: by.clone(),
                    moved: by.clone(),
                });
                thread.open = *change != ThreadChange::Resolved;
                thread.moved = by;
            }
            // What is remembered, dreamt or told does not happen now; names were learnt before.
            What::Event { .. } | What::Presence { .. } | What::Death { .. } | What::Entity { .. } => {}
        }
    }

    fn acts(&mut self, names: &Names, name: &str, chapter: u32) -> &mut Person {
        let person = self.people.entry(names.used(name).to_owned()).or_default();
        person.seen = Some((person.seen.map_or(chapter, |(first, _)| first), chapter));
        person
    }

    fn hand_over(&mut self, names: &Names, character: &str, item: &str, change: Holding, by: Evidence) {
        let (holder, item) = (names.used(character).to_owned(), names.used(item).to_owned());
        self.acts(names, character, by.chapter);
        let former = self.items.get(&item).and_then(|state| state.holder.clone());
        let now = match change {
            Holding::Gains => Some(holder.clone()),
            Holding::Loses if former.as_ref() == Some(&holder) => None,
            // Whoever has it keeps it when somebody else is said to have lost it.
            Holding::Loses => former.clone(),
        };
        if former == now && now.is_some() {
            return;
        }
        if let Some(person) = former.and_then(|former| self.people.get_mut(&former)) {
            person.holding.retain(|held| held.text != item);
        }
        if let Some(person) = now.as_ref().and_then(|now| self.people.get_mut(now)) {
            person.holding.push(Told { text: item.clone(), since: by.clone() });
            person.holding.sort_by(|a, b| a.text.cmp(&b.text));
        }
        self.items.insert(item, Item { holder: now, since: by });
    }

    /// The questions that are open, the one that moved last first.
    pub fn open_threads(&self) -> Vec<&Thread> {
        let mut open: Vec<&Thread> = self.threads.values().filter(|thread| thread.open).collect();
        open.sort_by_key(|thread| std::cmp::Reverse((thread.moved.chapter, thread.moved.span.start)));
        open
    }
}

impl Person {
    fn goes_to(&mut self, place: &str, by: Evidence) {
        if self.place.as_ref().is_none_or(|known| known.text != place) {
            self.place = Some(Told { text: place.to_owned(), since: by });
        }
    }
}
