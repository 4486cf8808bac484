use std::collections::{BTreeMap, BTreeSet};

use super::Book;

/// Everybody whom the brief or what was read of the chapters knows.
pub(super) struct People {
    /// Every name of theirs, longest first.
    pub(super) names: Vec<String>,
    /// From each name, without case, to the one that the story uses.
    known: BTreeMap<String, String>,
}

impl People {
    pub(super) fn of(book: &Book<'_>) -> Self {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for character in book.asked.cast {
            pairs.extend([&character.name].into_iter().chain(&character.aliases).map(|name| (name.clone(), character.name.clone())));
        }
        for told in book.chapters.iter().filter_map(|chapter| chapter.extraction) {
            for entity in told.entities.iter().filter(|entity| is_person(&entity.kind)) {
                pairs.extend([&entity.name].into_iter().chain(&entity.aliases).map(|name| (name.clone(), entity.name.clone())));
            }
            pairs.extend(told.presence.iter().map(|there| (there.character.clone(), there.character.clone())));
        }
        let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, owner) in &pairs {
            owners.entry(fold(name)).or_default().insert(owner.clone());
        }
        let mut known = BTreeMap::new();
        for (name, of) in &owners {
            // Somebody's own name is theirs, whoever else is called so, too; an alias of two leads to neither.
            let own = of.iter().find(|owner| fold(owner) == *name);
            if let Some(owner) = own.filter(|_| of.len() == 1).or_else(|| of.iter().next().filter(|_| of.len() == 1)).or(own) {
                known.insert(name.clone(), fold(owner));
            }
        }
        let mut names: Vec<String> = pairs.into_iter().map(|(name, _)| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
        names.sort_by(|a, b| b.chars().count().cmp(&a.chars().count()).then_with(|| a.cmp(b)));
        names.dedup();
        Self { names, known }
    }

    /// The name that the story uses, without case.
    pub(super) fn key(&self, name: &str) -> String {
        let mut key = fold(name);
        // An alias may lead to a name that is itself another's alias.
        for _ in 0..2 {
            match self.known.get(&key) {
                Some(next) if *next != key => key.clone_from(next),
                _ => break,
            }
        }
        key
    }

    /// Whether anybody bears this name.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains_key(&fold(name))
    }
}

pub(super) fn is_person(kind: &str) -> bool {
    let kind = kind.trim().to_lowercase();
    matches!(kind.as_str(), "person" | "character" | "人" | "人物" | "角色")
}

pub(super) fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}
