use story::{language::Tongue, tasks::KnownName};

use crate::rehearsal::en::verbs::is_verb;

/// Somebody named in a text, and where: bytes of the narration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The people known by name, by every name that they go by.
#[derive(Debug)]
pub(super) struct People {
    /// What stands in the text, and whose it is; the longest first.
    names: Vec<(String, String)>,
    tongue: Tongue,
}

impl People {
    pub(super) fn new(known: &[KnownName], tongue: Tongue) -> Self {
        let mut names: Vec<(String, String)> = Vec::new();
        for person in known {
            for name in std::iter::once(&person.name).chain(&person.aliases) {
                names.push((name.clone(), person.name.clone()));
            }
        }
        if tongue == Tongue::En {
            // Parts of a name that belong to one person only: Mara for Mara Vane.
            for person in known {
                for part in person.name.split_whitespace().filter(|p| p.len() > 2 && p.starts_with(char::is_uppercase)) {
                    let shared = known.iter().filter(|k| k.name.split_whitespace().any(|other| other == part)).count();
                    if shared == 1
                        && !["The", "Old", "Miss", "Captain", "Doctor", "Mrs"].contains(&part)
                        && !names.iter().any(|(n, _)| n == part)
                    {
                        names.push((part.to_owned(), person.name.clone()));
                    }
                }
            }
        }
        names.retain(|(name, _)| !name.trim().is_empty());
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Self { names, tongue }
    }

    /// Everybody named in `text`, in its order.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for (name, person) in &self.names {
            for (start, _) in text.match_indices(name.as_str()) {
                let end = start + name.len();
                let free = !found.iter().any(|f| start < f.end && f.start < end);
                if free
                    && (self.tongue == Tongue::Zh
                        || (word_ends(text[..start].chars().next_back()) && word_ends(text[end..].chars().next())))
                {
                    found.push(Found { name: person.clone(), start, end });
                }
            }
        }
        found.sort_by_key(|f| f.start);
        found
    }

    /// Whether somebody found in `text` does or says something there, and is not only spoken of.
    pub(super) fn acts(&self, text: &str, found: &Found) -> bool {
        match self.tongue {
            Tongue::En => acts_in_english(text, found, self),
            Tongue::Zh => acts_in_chinese(text, found, self),
        }
    }
}

fn word_ends(c: Option<char>) -> bool {
    c.is_none_or(|c| !c.is_alphanumeric())
}

fn acts_in_english(text: &str, found: &Found, people: &People) -> bool {
    let after = &text[found.end..];
    if after.starts_with("’s") || after.starts_with("'s") {
        return false;
    }
    let before = text[..found.start].trim_end();
    let previous = before.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default().to_lowercase();
    // “…” said Alice
    if [
        "said",
        "asked",
        "replied",
        "cried",
        "answered",
        "whispered",
        "shouted",
        "thought",
        "called",
        "says",
        "asks",
        "remarked",
        "muttered",
    ]
    .contains(&previous.as_str())
        && before.contains('·')
    {
        return true;
    }
    if ["about", "of", "like", "than", "for", "without"].contains(&previous.as_str()) {
        return false;
    }
    let mut rest = after.trim_start_matches([' ', ',']);
    // Alice and Tom went
    if let Some(more) = rest.strip_prefix("and ") {
        rest = match people.find(more).first() {
            Some(other) if other.start == 0 => more[other.end..].trim_start(),
            _ => more,
        };
    }
    // a White Rabbit with pink eyes ran
    if rest.starts_with("with ") {
        let clause = rest.split([',', ';', ':', '.']).next().unwrap_or_default();
        return clause.split_whitespace().take(7).any(is_verb);
    }
    rest.split_whitespace()
        .take(4)
        .map(|word| word.trim_matches(|c: char| !c.is_alphabetic()))
        .find(|word| {
            !word.ends_with("ly")
                && !["also", "then", "never", "now", "still", "only", "just", "too", "herself", "himself", "at", "last"].contains(word)
        })
        .is_some_and(|word| is_verb(&word.to_lowercase()))
}

fn acts_in_chinese(text: &str, found: &Found, people: &People) -> bool {
    let before = &text[..found.start];
    let spoken_of =
        ["对", "向", "关于", "提起", "想起", "说起", "谈起", "名叫", "叫做", "记得", "像", "比", "问起", "提到", "没有", "以为", "为了"];
    if spoken_of.iter().any(|word| before.ends_with(word)) {
        return false;
    }
    let after = &text[found.end..];
    let mut rest = after;
    for joint in ["和", "与", "同", "、"] {
        if let Some(more) = rest.strip_prefix(joint)
            && let Some(other) = people.find(more).first()
            && other.start == 0
        {
            rest = &more[other.end..];
        }
    }
    match rest.chars().next() {
        None => false,
        Some('的' | '之' | '。' | '！' | '？' | '、' | '”' | '·') => false,
        Some('，') => rest.chars().count() > 4 && before.is_empty(),
        Some(c) => c.is_alphanumeric() || c == '：',
    }
}
