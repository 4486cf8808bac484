use std::collections::BTreeMap;

use crate::brief::Character;

/// Which name leads to whom. Case and blanks at the ends do not matter.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Names that the story uses, by themselves.
    main: BTreeMap<String, String>,
    /// Other names, to the one that the story uses; none where two share it.
    other: BTreeMap<String, Option<String>>,
}

impl Names {
    /// The names of the brief.
    pub fn of_cast(cast: &[Character]) -> Self {
        let mut names = Self::default();
        for character in cast {
            names.main.insert(fold(&character.name), character.name.clone());
        }
        for character in cast {
            names.learn(&character.name, &character.aliases);
        }
        names
    }

    /// Somebody is called `name`, and has these names besides. What was known before stands; a name that two have leads to neither.
    pub fn learn(&mut self, name: &str, aliases: &[String]) {
        let used = match self.known(&fold(name)) {
            Some(used) => used.clone(),
            None => match aliases.iter().find_map(|alias| self.main.get(&fold(alias))).cloned() {
                // A new name for somebody whom the story knows already.
                Some(used) => {
                    self.other.insert(fold(name), Some(used.clone()));
                    used
                }
                None => {
                    self.main.insert(fold(name), name.to_owned());
                    name.to_owned()
                }
            },
        };
        for alias in aliases.iter().map(|alias| fold(alias)).filter(|alias| !alias.is_empty()) {
            if self.main.contains_key(&alias) {
                continue;
            }
            let leads = self.other.entry(alias).or_insert_with(|| Some(used.clone()));
            if leads.as_ref().is_some_and(|leads| *leads != used) {
                *leads = None;
            }
        }
    }

    /// The name that the story uses for whoever is called `name`.
    pub fn used<'a>(&'a self, name: &'a str) -> &'a str {
        self.known(&fold(name)).map_or_else(|| name.trim(), String::as_str)
    }

    /// The other names of whoever the story calls `name`, in order.
    pub fn others_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.other.iter().filter(move |(_, leads)| leads.as_deref() == Some(name)).map(|(alias, _)| alias.as_str())
    }

    fn known(&self, folded: &str) -> Option<&String> {
        self.main.get(folded).or_else(|| self.other.get(folded).and_then(Option::as_ref))
    }
}

fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}
