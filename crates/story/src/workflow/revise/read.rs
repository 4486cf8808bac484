use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    brief::Character,
    current_state::CurrentState,
    extraction::Extraction,
    tasks::{ExtractFacts, KnownName, read_answer},
};

/// So many dead are named to the model.
pub(in crate::workflow) const MOST_DEAD_TOLD: usize = 16;
/// So many things and open questions are named to the model, those that moved last: the prompt stays as long in a long book.
const MOST_ITEMS_TOLD: usize = 20;
const MOST_THREADS_TOLD: usize = 16;

/// What a model is told of the world before it reads a text.
#[derive(Debug)]
pub(in crate::workflow) struct Known {
    pub(in crate::workflow) names: Vec<KnownName>,
    pub(in crate::workflow) items: Vec<String>,
    pub(in crate::workflow) threads: Vec<String>,
}

/// The cast of the brief with their aliases, then whoever else the story knows; things and open questions.
pub(in crate::workflow) fn known_names(cast: &[Character], world: &CurrentState) -> Known {
    let mut names: Vec<KnownName> = cast.iter().map(|c| KnownName { name: c.name.clone(), aliases: c.aliases.clone() }).collect();
    let dead = world.last_dead(MOST_DEAD_TOLD);
    for (name, character) in &world.characters {
        if !character.alive && !dead.contains(&name.as_str()) {
            continue;
        }
        if !cast.iter().any(|c| c.name == *name || c.aliases.contains(name)) {
            names.push(KnownName { name: name.clone(), aliases: Vec::new() });
        }
    }
    Known {
        names,
        items: world.last_items(MOST_ITEMS_TOLD).into_iter().map(str::to_owned).collect(),
        threads: world.open_threads(MOST_THREADS_TOLD).into_iter().map(|t| t.title.clone()).collect(),
    }
}

/// What the model told of `text`, without what the text does not say, and how much of each kind there is.
pub(in crate::workflow) fn read(told: &Value, text: &str, aliases: &BTreeMap<String, String>) -> (Extraction, Value) {
    let mut extraction: Extraction = read_answer::<ExtractFacts>(told).unwrap_or_default();
    let dropped = extraction.keep_what_is_quoted(text);
    extraction.call_by_known_names(aliases);
    let counts = json!({
        "events": extraction.events.len(), "presence": extraction.presence.len(), "moves": extraction.moves.len(),
        "deaths": extraction.deaths.len(), "possessions": extraction.possessions.len(), "knowledge": extraction.knowledge.len(),
        "entities": extraction.entities.len(), "relations": extraction.relations.len(), "threads": extraction.threads.len(),
        "dropped": dropped,
    });
    (extraction, counts)
}
