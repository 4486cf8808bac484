use std::{collections::BTreeMap, sync::LazyLock};

use story::language::Tongue;

use super::{dice::Dice, en};

/// Named lists of sentences and words with slots in braces, as the word files have them.
///
/// `[name]` begins a list; an item is a line, or a part of a line between bars; `//` begins a remark. `{slot}` is a value of the
/// scope or an item of the list of that name, `{Slot}` the same with a capital. Before an English verb in the past tense `~` says
/// that it agrees with the one who acts, `^` with a third person, `%` with several.
#[derive(Debug)]
pub(super) struct Grammar {
    tongue: Tongue,
    lists: BTreeMap<&'static str, Vec<&'static str>>,
}

static ENGLISH: LazyLock<Grammar> = LazyLock::new(|| {
    Grammar::read(
        Tongue::En,
        &[
            include_str!("en/words.txt"),
            include_str!("en/worlds.txt"),
            include_str!("en/scene.txt"),
            include_str!("en/talk.txt"),
            include_str!("en/plan.txt"),
        ],
    )
});
static CHINESE: LazyLock<Grammar> = LazyLock::new(|| {
    Grammar::read(
        Tongue::Zh,
        &[
            include_str!("zh/words.txt"),
            include_str!("zh/worlds.txt"),
            include_str!("zh/scene.txt"),
            include_str!("zh/talk.txt"),
            include_str!("zh/plan.txt"),
        ],
    )
});

/// The values of the slots of one sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) values: Vec<(&'static str, String)>,
    /// Whether the narration is in the present tense.
    pub(super) present: bool,
    /// Whether the one who acts says I.
    pub(super) first: bool,
}

impl Scope {
    /// Puts a value into a slot; the last one put there counts.
    pub(super) fn set(&mut self, slot: &'static str, value: impl Into<String>) {
        self.values.push((slot, value.into()));
    }

    /// The value of a slot.
    pub(super) fn get(&self, slot: &str) -> Option<&str> {
        self.values.iter().rev().find(|(name, _)| *name == slot).map(|(_, value)| value.as_str())
    }
}

impl Grammar {
    /// The lists of a tongue.
    pub(super) fn of(tongue: Tongue) -> &'static Self {
        match tongue {
            Tongue::En => &ENGLISH,
            Tongue::Zh => &CHINESE,
        }
    }

    fn read(tongue: Tongue, files: &[&'static str]) -> Self {
        let mut lists: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
        for file in files {
            let mut current = "";
            for line in file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
                if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                    current = name;
                } else {
                    lists.entry(current).or_default().extend(line.split('|').map(str::trim).filter(|item| !item.is_empty()));
                }
            }
        }
        Self { tongue, lists }
    }

    /// A list by name; empty where there is none.
    pub(super) fn list(&self, name: &str) -> &[&'static str] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// A sentence from the list `name`.
    pub(super) fn say(&self, name: &str, scope: &Scope, dice: &mut Dice) -> String {
        let items = self.list(name);
        let template = items.get(dice.deal(name, items.len())).copied().unwrap_or_default();
        self.fill(template, scope, dice)
    }

    /// `template` with its slots filled, beginning with a capital where the tongue has capitals.
    pub(super) fn fill(&self, template: &str, scope: &Scope, dice: &mut Dice) -> String {
        let mut out = String::with_capacity(template.len() * 2);
        self.expand(template, scope, dice, &mut out, 0);
        if self.tongue == Tongue::Zh {
            return out;
        }
        // A part of the sentence may have been put together for anyone: I that stands in it has its own verbs.
        let out = if scope.present && out.contains("I ") { en::person::agree(&out) } else { out };
        capital(&out.replace("can not ", "cannot "))
    }

    fn expand(&self, template: &str, scope: &Scope, dice: &mut Dice, out: &mut String, depth: u8) {
        let mut rest = template;
        while let Some(at) = rest.find(['{', '~', '^', '%']) {
            out.push_str(&rest[..at]);
            let mark = rest.as_bytes()[at];
            rest = &rest[at + 1..];
            if mark == b'{' {
                let Some(end) = rest.find('}') else { break };
                self.slot(&rest[..end], scope, dice, out, depth);
                rest = &rest[end + 1..];
            } else {
                let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                let verb = &rest[..end];
                match (scope.present, mark) {
                    (false, _) => out.push_str(verb),
                    (true, b'^') => out.push_str(&en::verbs::third(verb)),
                    (true, b'~') if !scope.first => out.push_str(&en::verbs::third(verb)),
                    (true, _) => out.push_str(&en::verbs::plain(verb, mark == b'~')),
                }
                rest = &rest[end..];
            }
        }
        out.push_str(rest);
    }

    fn slot(&self, name: &str, scope: &Scope, dice: &mut Dice, out: &mut String, depth: u8) {
        let upper = name.starts_with(|c: char| c.is_ascii_uppercase());
        let folded = if upper { name.to_ascii_lowercase() } else { String::new() };
        let key = if upper { folded.as_str() } else { name };
        let mut value = String::new();
        if let Some(known) = scope.get(key) {
            value.push_str(known);
        } else if depth < 6 {
            let world = scope.get("world").unwrap_or_default();
            // A list of the brief's own world stands beside the common one.
            let own = self.list(&format!("{key}.{world}"));
            let common = self.list(key);
            let at = dice.deal(key, own.len() + common.len());
            let item = own.get(at).or_else(|| common.get(at.wrapping_sub(own.len()))).copied().unwrap_or_default();
            self.expand(item, scope, dice, &mut value, depth + 1);
        }
        if upper { out.push_str(&capital(&value)) } else { out.push_str(&value) }
    }
}

/// `text` with its first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let Some(at) = text.find(char::is_alphanumeric) else { return text.to_owned() };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..at]);
    let mut rest = text[at..].chars();
    if let Some(first) = rest.next() {
        out.extend(first.to_uppercase());
    }
    out.push_str(rest.as_str());
    out
}
