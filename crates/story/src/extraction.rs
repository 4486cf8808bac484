//! What a chapter says happened. A model proposes it, each item with a quote; code keeps only what is quoted truly.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything read out of one chapter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Extraction {
    /// When the chapter takes place on the story's own clock, in the words of the text; null when it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story_time: Option<String>,
    /// What happens, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<StoryEvent>,
    /// Who is there in person, acting or speaking. People who are only remembered or spoken of are not present.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub presence: Vec<Presence>,
    /// Who goes from one place to another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Move>,
    /// Who dies in this chapter. Empty when nobody does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deaths: Vec<Death>,
    /// Who comes to hold or loses a thing that matters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub possessions: Vec<Possession>,
    /// Who learns what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knowledge: Vec<Knowledge>,
    /// People, places and things that are named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Entity>,
    /// How people stand to each other, where the chapter shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// Questions that the chapter opens, strengthens or answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<ThreadMove>,
    /// What happened, in at most three sentences: facts only.
    #[serde(default)]
    pub fact_digest: String,
    /// How it is told, in one sentence: mood, pace, voice.
    #[serde(default)]
    pub tone_digest: String,
}

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoryEvent {
    /// What happens, in one sentence.
    pub text: String,
    /// Who takes part.
    #[serde(default)]
    pub characters: Vec<String>,
    /// Where it happens; null when the text does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// True when it is remembered, dreamt or told, and does not happen now.
    #[serde(default)]
    pub flashback: bool,
    /// Words of the chapter that show it, letter for letter.
    pub quote: String,
}

/// Someone is there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// The character's name.
    pub character: String,
    /// Where; null when the text does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// True when it is remembered, dreamt or told, and does not happen now.
    #[serde(default)]
    pub flashback: bool,
    /// Words of the chapter that show it, letter for letter.
    pub quote: String,
}

/// Someone goes somewhere.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The character's name.
    pub character: String,
    /// From where; null when the text does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Where to.
    pub to: String,
    /// Words of the chapter that show it, letter for letter.
    pub quote: String,
}

/// Someone dies.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Death {
    /// The character's name.
    pub character: String,
    /// True when it is remembered, dreamt or told, and does not happen now.
    #[serde(default)]
    pub flashback: bool,
    /// Words of the chapter that show it, letter for letter.
    pub quote: String,
}

/// What happens to a thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Holding {
    /// The character has it from now on.
    #[default]
    Gains,
    /// The character has it no longer.
    Loses,
}

/// A thing changes hands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Possession {
    /// The character's name.
    pub character: String,
    /// The thing.
    pub item: String,
    /// Gained or lost.
    pub change: Holding,
    /// Words of the chapter that show it, letter for letter.
    pub quote: String,
}

/// Someone learns something.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Knowledge {
    /// The character's name.
    pub character: String,
    /// What is known from now on, in one sentence.
    pub fact: String,
    /// Words of the chapter that show it, letter for letter.
    pub quote: String,
}

/// Someone or something that has a name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// The name as the chapter writes it.
    pub name: String,
    /// `person`, `place`, `thing`, `group`.
    pub kind: String,
    /// Other names that the chapter uses for the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Words of the chapter that name it, letter for letter.
    pub quote: String,
}

/// How two stand to each other.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// The first name.
    pub a: String,
    /// The second name.
    pub b: String,
    /// What the first is to the second: `sister of`, `owes money to`.
    pub relation: String,
    /// Words of the chapter that show it, letter for letter.
    pub quote: String,
}

/// What happens to an open question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ThreadChange {
    /// The question is put for the first time.
    #[default]
    Introduced,
    /// It is kept alive.
    Reinforced,
    /// It is answered.
    Resolved,
}

/// An open question moves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThreadMove {
    /// The question in a few words, the same words each time.
    pub title: String,
    /// What happens to it.
    pub change: ThreadChange,
    /// Words of the chapter that show it, letter for letter.
    pub quote: String,
}

impl Extraction {
    /// Drops every item whose quote does not stand in `text`, and says how many were dropped.
    ///
    /// White space is compared as one blank, so that a quote over a line end counts; nothing else is forgiven.
    pub fn keep_what_is_quoted(&mut self, text: &str) -> usize {
        let text = fold(text);
        let mut dropped = 0;
        macro_rules! sift {
            ($($list:ident),*) => {$(
                let before = self.$list.len();
                self.$list.retain(|item| {
                    let quote = fold(&item.quote);
                    !quote.is_empty() && text.contains(&quote)
                });
                dropped += before - self.$list.len();
            )*};
        }
        sift!(events, presence, moves, deaths, possessions, knowledge, entities, relations, threads);
        dropped
    }

    /// Calls everybody by the name that the story uses: `known` leads from other names to it, whatever their case.
    ///
    /// So one person is one person in memory, also where a model takes the chapter's nickname for a name. Names in `entities` stay as
    /// the chapter writes them.
    pub fn call_by_known_names(&mut self, known: &BTreeMap<String, String>) {
        let known: BTreeMap<String, &String> = known.iter().map(|(alias, name)| (alias.trim().to_lowercase(), name)).collect();
        let rename = |name: &mut String| {
            if let Some(used) = known.get(&name.trim().to_lowercase()) {
                name.clone_from(used);
            }
        };
        self.events.iter_mut().flat_map(|event| event.characters.iter_mut()).for_each(rename);
        self.presence.iter_mut().map(|item| &mut item.character).for_each(rename);
        self.moves.iter_mut().map(|item| &mut item.character).for_each(rename);
        self.deaths.iter_mut().map(|item| &mut item.character).for_each(rename);
        self.possessions.iter_mut().map(|item| &mut item.character).for_each(rename);
        self.knowledge.iter_mut().map(|item| &mut item.character).for_each(rename);
        self.relations.iter_mut().flat_map(|item| [&mut item.a, &mut item.b]).for_each(rename);
    }

    /// How many items there are.
    pub fn count(&self) -> usize {
        self.events.len()
            + self.presence.len()
            + self.moves.len()
            + self.deaths.len()
            + self.possessions.len()
            + self.knowledge.len()
            + self.entities.len()
            + self.relations.len()
            + self.threads.len()
    }
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
