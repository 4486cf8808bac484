use serde::{Deserialize, Serialize};

use crate::{
    canonical::{canonical_json, hash_text},
    extraction::{Extraction, Holding, ThreadChange},
    text::Span,
};

/// One thing that a text says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// What it says.
    pub what: What,
    /// Where the words stand that say it.
    pub span: Span,
    /// Those words, as the text has them.
    pub quote: String,
}

/// What a text says. Names stand as the extraction has them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are those of the extraction")]
pub enum What {
    /// When it is on the story's own clock. Where the text does not say so in these words, its first event shows it.
    Time { text: String },
    /// Something happens.
    Event {
        text: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        characters: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<String>,
        #[serde(default, skip_serializing_if = "is_not")]
        flashback: bool,
    },
    /// Someone is there.
    Presence {
        character: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<String>,
        #[serde(default, skip_serializing_if = "is_not")]
        flashback: bool,
    },
    /// Someone goes somewhere.
    Move {
        character: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        to: String,
    },
    /// Someone dies.
    Death {
        character: String,
        #[serde(default, skip_serializing_if = "is_not")]
        flashback: bool,
    },
    /// A thing changes hands.
    Possession { character: String, item: String, change: Holding },
    /// Someone learns something.
    Knowledge { character: String, fact: String },
    /// Someone or something is named.
    Entity {
        name: String,
        sort: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        aliases: Vec<String>,
    },
    /// How two stand to each other.
    Relation { a: String, b: String, relation: String },
    /// An open question moves.
    Thread { title: String, change: ThreadChange },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_not(flag: &bool) -> bool {
    !flag
}

impl What {
    /// The name of its kind, as it is stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Time { .. } => "time",
            Self::Event { .. } => "event",
            Self::Presence { .. } => "presence",
            Self::Move { .. } => "move",
            Self::Death { .. } => "death",
            Self::Possession { .. } => "possession",
            Self::Knowledge { .. } => "knowledge",
            Self::Entity { .. } => "entity",
            Self::Relation { .. } => "relation",
            Self::Thread { .. } => "thread",
        }
    }

    /// Whom or what it is about; the first where there are several, empty where there is nobody.
    pub fn subject(&self) -> &str {
        match self {
            Self::Time { text } => text,
            Self::Event { characters, .. } => characters.first().map_or("", String::as_str),
            Self::Presence { character, .. }
            | Self::Move { character, .. }
            | Self::Death { character, .. }
            | Self::Possession { character, .. }
            | Self::Knowledge { character, .. } => character,
            Self::Entity { name, .. } => name,
            Self::Relation { a, .. } => a,
            Self::Thread { title, .. } => title,
        }
    }
}

/// The facts of a text, in the order in which it tells them: what `told` says of it, without what its words do not show.
pub fn facts(text: &str, told: &Extraction) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut put = |what: What, quote: &str| {
        let of_nobody = what.subject().trim().is_empty() && !matches!(what, What::Event { .. });
        facts.extend(shown(text, what, quote).filter(|_| !of_nobody));
    };
    for e in &told.entities {
        put(What::Entity { name: e.name.clone(), sort: e.kind.trim().to_lowercase(), aliases: e.aliases.clone() }, &e.quote);
    }
    for e in &told.events {
        let what =
            What::Event { text: e.text.clone(), characters: e.characters.clone(), place: said(e.place.as_ref()), flashback: e.flashback };
        put(what, &e.quote);
    }
    for p in &told.presence {
        put(What::Presence { character: p.character.clone(), place: said(p.place.as_ref()), flashback: p.flashback }, &p.quote);
    }
    for m in &told.moves {
        put(What::Move { character: m.character.clone(), from: said(m.from.as_ref()), to: m.to.clone() }, &m.quote);
    }
    for p in &told.possessions {
        put(What::Possession { character: p.character.clone(), item: p.item.clone(), change: p.change }, &p.quote);
    }
    for k in &told.knowledge {
        put(What::Knowledge { character: k.character.clone(), fact: k.fact.clone() }, &k.quote);
    }
    for d in &told.deaths {
        put(What::Death { character: d.character.clone(), flashback: d.flashback }, &d.quote);
    }
    for r in &told.relations {
        put(What::Relation { a: r.a.clone(), b: r.b.clone(), relation: r.relation.clone() }, &r.quote);
    }
    for t in &told.threads {
        put(What::Thread { title: t.title.clone(), change: t.change }, &t.quote);
    }
    facts.sort_by_key(|fact| fact.span.start);
    if let Some(time) = said(told.story_time.as_ref()) {
        let what = What::Time { text: time.clone() };
        let by_event = || told.events.iter().filter(|e| !e.flashback).find_map(|e| shown(text, what.clone(), &e.quote));
        facts.splice(0..0, shown(text, what.clone(), &time).or_else(by_event));
    }
    facts
}

/// Facts of an earlier text of the same chapter that `text` shows, too: where their words stand in it now.
pub fn anchored(facts: &[Fact], text: &str) -> Vec<Fact> {
    facts.iter().filter_map(|fact| shown(text, fact.what.clone(), &fact.quote)).collect()
}

/// What tells one reading of a text from another: the same reading has the same key on every machine.
pub fn reading_key(told: &Extraction) -> String {
    hash_text(&canonical_json(told))[..16].to_owned()
}

fn shown(text: &str, what: What, quote: &str) -> Option<Fact> {
    let span = Span::find_words(text, quote)?;
    Some(Fact { what, span, quote: crate::text::slice(text, span).to_owned() })
}

fn said(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).cloned()
}
