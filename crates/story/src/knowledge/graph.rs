use std::collections::{BTreeMap, BTreeSet};

use super::{
    Names, What,
    world::{Evidence, Told, ToldChapter, names},
};
use crate::brief::Character;

/// Who and what there is in a story, how they stand to each other, and what happens.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    /// In the order in which the story brings them in.
    pub entities: Vec<GraphEntity>,
    /// The first name, the second, and the relation, in the order of the story.
    pub relations: Vec<(String, String, Told)>,
    /// In the order of the story.
    pub events: Vec<GraphEvent>,
}

/// Someone or something.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphEntity {
    /// The name that the story uses.
    pub name: String,
    /// `person`, `place`, `thing`, `group`, or what the extraction says.
    pub sort: String,
    /// Other names, in lower case, sorted.
    pub aliases: Vec<String>,
    /// How many chapters speak of it.
    pub chapters: u32,
    /// The words that bring it in.
    pub first: Evidence,
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphEvent {
    /// What happens, in a sentence.
    pub text: String,
    /// Who takes part.
    pub characters: Vec<String>,
    /// Where.
    pub place: Option<String>,
    /// The story's own time, as the chapter tells it.
    pub story_time: Option<String>,
    /// Its place among the events of its chapter, from 1.
    pub order: u32,
    /// Whether it is remembered, dreamt or told.
    pub flashback: bool,
    /// The words that tell it.
    pub by: Evidence,
}

/// The graph of these chapters, given in order.
pub fn graph(cast: &[Character], chapters: &[ToldChapter]) -> Graph {
    let names = names(cast, chapters);
    let mut graph = Graph::default();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for chapter in chapters {
        let mut time = None;
        let mut order = 0;
        let mut named = BTreeSet::new();
        for fact in &chapter.facts {
            let by = || Evidence::of(chapter, fact);
            for (name, sort) in named_in(&names, &fact.what) {
                let at = *places.entry(name.clone()).or_insert_with(|| {
                    let entity = GraphEntity { name: name.clone(), sort: sort.to_owned(), aliases: Vec::new(), chapters: 0, first: by() };
                    graph.entities.push(entity);
                    graph.entities.len() - 1
                });
                if matches!(fact.what, What::Entity { .. }) && !sort.is_empty() {
                    graph.entities[at].sort = sort.to_owned();
                }
                if named.insert(name) {
                    graph.entities[at].chapters += 1;
                }
            }
            match &fact.what {
                What::Time { text } => time = Some(text.clone()),
                What::Relation { a, b, relation } => {
                    let (a, b) = (names.used(a), names.used(b));
                    if !graph.relations.iter().any(|(x, y, told)| x == a && y == b && told.text == *relation) {
                        graph.relations.push((a.to_owned(), b.to_owned(), Told { text: relation.clone(), since: by() }));
                    }
                }
                What::Event { text, characters, place, flashback } => {
                    order += 1;
                    graph.events.push(GraphEvent {
                        text: text.clone(),
                        characters: characters.iter().map(|name| names.used(name).to_owned()).collect(),
                        place: place.as_deref().map(|place| names.used(place).to_owned()),
                        story_time: time.clone(),
                        order,
                        flashback: *flashback,
                        by: by(),
                    });
                }
                _ => {}
            }
        }
    }
    for entity in &mut graph.entities {
        entity.aliases = names.others_of(&entity.name).map(str::to_owned).collect();
    }
    graph
}

/// Whom and what a fact names, and what each of them is; as the entity says where it is one.
fn named_in<'a>(names: &'a Names, what: &'a What) -> Vec<(String, &'a str)> {
    let used = |name: &str, sort: &'a str| (names.used(name).to_owned(), sort);
    let person = |name: &str| used(name, "person");
    let mut named = match what {
        What::Time { .. } | What::Thread { .. } => Vec::new(),
        What::Event { characters, place, .. } => {
            characters.iter().map(|name| person(name)).chain(place.iter().map(|place| used(place, "place"))).collect()
        }
        What::Presence { character, place, .. } => {
            std::iter::once(person(character)).chain(place.iter().map(|place| used(place, "place"))).collect()
        }
        What::Move { character, from, to } => {
            std::iter::once(person(character)).chain(from.iter().chain([to]).map(|place| used(place, "place"))).collect()
        }
        What::Death { character, .. } | What::Knowledge { character, .. } => vec![person(character)],
        What::Possession { character, item, .. } => vec![person(character), used(item, "thing")],
        What::Entity { name, sort, .. } => vec![used(name, sort)],
        What::Relation { a, b, .. } => vec![person(a), person(b)],
    };
    named.retain(|(name, _)| !name.is_empty());
    named
}
