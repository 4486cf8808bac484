use std::collections::{BTreeMap, BTreeSet};

use super::{super::Desk, Place, contradicts};
use crate::finding::{Finding, Severity};

const RULE: &str = "relation-contradiction";

/// What two people are to each other, as far as it can contradict another thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Husband or wife, either way round.
    Spouse,
    /// The first one is the second one's mother.
    Mother,
    Father,
    /// The first one is a parent of the second.
    Parent,
    /// The first one is a child of the second.
    Child,
}

/// Married to two at once; two mothers; a mother of her own mother.
///
/// Whoever is dead, divorced, betrothed, or a mother by marriage or adoption only is no fault.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut told: Vec<(Kind, String, String, &str, &str, Place)> = Vec::new();
    let mut free: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for (number, page) in desk.pages.iter().enumerate() {
        let Some(facts) = page.chapter.extraction else { continue };
        for relation in &facts.relations {
            let (Some(kind), Some(range)) = (kind(&relation.relation), page.find(&relation.quote)) else { continue };
            let (a, b) = (desk.people.key(&relation.a), desk.people.key(&relation.b));
            if a == b || a.is_empty() || b.is_empty() {
                continue;
            }
            let against = told.iter().find_map(|(other, x, y, _, _, place)| {
                let (what, severity) = conflict((*other, x, y), (kind, &a, &b), &free)?;
                Some((what, severity, place.clone()))
            });
            if let Some((what, severity, place)) = against {
                let message = format!("{} says that {} is {} {}: {what}.", page.named(), relation.a, relation.relation, relation.b);
                let about = format!("{a}/{}/{b}", relation.relation);
                let finding = Finding::new(RULE, severity, &about, message, "Change one of the two, or say what has come between.".into());
                found.push(contradicts(desk, finding, page, range.clone(), &place));
            }
            told.push((kind, a, b, &relation.a, &relation.b, (number, range)));
        }
        // Who has died or parted may marry again from then on.
        free.extend(facts.deaths.iter().map(|death| desk.people.key(&death.character)));
        for event in &facts.events {
            let words = format!("{} {}", event.text, event.quote).to_lowercase();
            if ["divorc", "annul", "left her husband", "left his wife", "离婚", "休了", "休妻", "和离", "改嫁", "续弦"]
                .iter()
                .any(|word| words.contains(word))
            {
                free.extend(event.characters.iter().map(|name| desk.people.key(name)));
            }
        }
    }
    found
}

type Said<'a> = (Kind, &'a String, &'a String);

/// What contradicts what, in words.
fn conflict(before: Said<'_>, now: Said<'_>, free: &BTreeSet<String>) -> Option<(&'static str, Severity)> {
    let (kind, a, b) = before;
    let (other, x, y) = now;
    let both = |k: Kind| kind == k && other == k;
    if both(Kind::Spouse) {
        let pairs: BTreeMap<&String, &String> = [(a, b), (b, a)].into();
        for (one, second) in [(x, y), (y, x)] {
            if pairs.get(one).is_some_and(|first| *first != second && !free.contains(*first) && !free.contains(one)) {
                return Some(("married to another one before", Severity::Warning));
            }
        }
        return None;
    }
    if (both(Kind::Mother) || both(Kind::Father)) && b == y && a != x {
        return Some(("somebody else was that before", Severity::Warning));
    }
    let parent = |kind: Kind, a, b| match kind {
        Kind::Mother | Kind::Father | Kind::Parent => Some((a, b)),
        Kind::Child => Some((b, a)),
        Kind::Spouse => None,
    };
    let ((p, c), (q, d)) = (parent(kind, a, b)?, parent(other, x, y)?);
    (p == d && c == q).then_some(("it was the other way round before", Severity::Error))
}

fn kind(relation: &str) -> Option<Kind> {
    let words = relation.trim().to_lowercase();
    const NOT: [&str; 24] = [
        "ex-",
        "former",
        "late ",
        "widow",
        "future",
        "fianc",
        "engaged",
        "betrothed",
        "in-law",
        "step",
        "foster",
        "adopt",
        "god",
        "grand",
        "lover",
        "like a",
        "as a",
        "wants",
        "was ",
        "pretend",
        "surrogate",
        "half",
        "friend",
        "wet",
    ];
    if NOT.iter().any(|word| words.contains(word)) {
        return None;
    }
    let plain = words.trim_start_matches("is ").trim_start_matches("the ").trim_end_matches(" of").trim_end_matches(" to");
    match plain {
        "wife" | "husband" | "spouse" | "married" => return Some(Kind::Spouse),
        "mother" => return Some(Kind::Mother),
        "father" => return Some(Kind::Father),
        "parent" => return Some(Kind::Parent),
        "son" | "daughter" | "child" => return Some(Kind::Child),
        _ => {}
    }
    match words.trim_start_matches('是').trim_start_matches('的') {
        "妻子" | "妻" | "夫人" | "丈夫" | "老婆" | "老公" | "夫妻" | "配偶" | "夫" => Some(Kind::Spouse),
        "母亲" | "娘" | "妈妈" | "生母" | "亲娘" => Some(Kind::Mother),
        "父亲" | "爹" | "爸爸" | "生父" | "亲爹" => Some(Kind::Father),
        "儿子" | "女儿" | "孩子" => Some(Kind::Child),
        _ => None,
    }
}
