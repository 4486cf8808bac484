use story::{
    extraction::{Death, Extraction, Holding, Knowledge, Move, Possession, Relation},
    language::Tongue,
};

use super::{
    Line, english,
    people::{Found, People},
    quote,
};
use crate::rehearsal::en::phrases::noun_phrases;

const KIN: [&str; 20] = [
    "sister",
    "brother",
    "mother",
    "father",
    "son",
    "daughter",
    "wife",
    "husband",
    "uncle",
    "aunt",
    "cousin",
    "niece",
    "nephew",
    "friend",
    "servant",
    "master",
    "grandfather",
    "grandmother",
    "twin",
    "widow",
];
/// Adds what a sentence says of moves, deaths, things, knowledge and relations.
pub(super) fn read(line: &Line<'_>, people: &People, tongue: Tongue, told: &mut Extraction) {
    let quote = quote(line.text, tongue);
    match tongue {
        Tongue::En => in_english(line, people, &quote, told),
        Tongue::Zh => super::acts_zh::read(line, people, &quote, told),
    }
}

fn in_english(line: &Line<'_>, people: &People, quote: &str, told: &mut Extraction) {
    let text = line.narration.as_str();
    for death in english_deaths(line) {
        if !told.deaths.iter().any(|d| d.character == death) {
            let flashback = line.flashback || text.contains("had died") || text.contains("had been killed") || text.contains("had drowned");
            told.deaths.push(Death { character: death, flashback, quote: quote.to_owned() });
        }
    }
    for actor in &line.actors {
        let after = &text[actor.end..];
        let words: Vec<&str> = after.split_whitespace().collect();
        if !line.flashback
            && let Some(to) = english_move(&words)
            && !told.moves.iter().any(|m| m.character == actor.name && m.to == to)
        {
            told.moves.push(Move { character: actor.name.clone(), from: None, to, quote: quote.to_owned() });
        }
        if !line.flashback {
            for (who, item, change) in english_things(after, actor, people) {
                told.possessions.push(Possession { character: who, item, change, quote: quote.to_owned() });
            }
        }
        for verb in [
            "learned that",
            "learnt that",
            "realised that",
            "realized that",
            "discovered that",
            "understood that",
            "found out that",
            "heard that",
            "learned",
            "discovered",
            "understood",
            "realised",
            "realized",
        ] {
            if let Some(fact) = after.trim_start().strip_prefix(verb).filter(|rest| rest.starts_with([' ', ','])) {
                let fact = fact.trim_matches(|c: char| !c.is_alphanumeric());
                if fact.split_whitespace().count() >= 3 {
                    told.knowledge.push(Knowledge { character: actor.name.clone(), fact: fact.to_owned(), quote: quote.to_owned() });
                }
                break;
            }
        }
    }
    for pair in line.named.windows(2) {
        let between = text[pair[0].end..pair[1].start].trim();
        let (mut a, mut b) = (&pair[0].name, &pair[1].name);
        let kin = KIN.iter().find(|kin| {
            between.ends_with(&format!("{kin} of"))
                || between == format!("’s {kin}")
                || between == format!("’s {kin},")
                || between == format!("'s {kin}")
        });
        let was = || {
            KIN.iter().find(|kin| {
                matches!(between, "was" | "is") && text[pair[1].end..].trim_start_matches(['’', '\'']).starts_with(&format!("s {kin}"))
            })
        };
        if let Some(kin) = kin.or_else(was) {
            if between.starts_with(['’', '\'']) {
                (a, b) = (b, a);
            }
            told.relations.push(Relation { a: a.clone(), b: b.clone(), relation: format!("{kin} of"), quote: quote.to_owned() });
        }
    }
}

fn english_deaths(line: &Line<'_>) -> Vec<String> {
    const DOUBT: [&str; 24] = [
        "not ",
        "n’t ",
        "n't ",
        "never ",
        "nearly ",
        "almost ",
        " if ",
        "would ",
        "might ",
        "could ",
        "as though ",
        "believed ",
        "wished ",
        "feared ",
        "pretend",
        "thought ",
        "half ",
        "wonder",
        "should ",
        "may ",
        "must ",
        "seemed ",
        "hoped ",
        "dying to",
    ];
    const AFTER: [&str; 15] = [
        "died",
        "dies",
        "was killed",
        "was dead",
        "is dead",
        "is killed",
        "lay dead",
        "fell dead",
        "drowned",
        "was murdered",
        "is murdered",
        "was hanged",
        "had died",
        "had drowned",
        "had been killed",
    ];
    let text = format!(" {}", line.narration.replace("If ", " if "));
    if text.contains('?') || DOUBT.iter().any(|word| text.to_lowercase().contains(word)) {
        return Vec::new();
    }
    let mut dead = Vec::new();
    for found in &line.named {
        let after = line.narration[found.end..].trim_start();
        let before = line.narration[..found.start].trim_end();
        let clause = after.split([',', ';', ':', '.']).next().unwrap_or_default();
        let own = clause.split(" and ").next().unwrap_or(clause);
        let died = AFTER.iter().any(|verb| {
            own.strip_prefix(verb).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')) && !own.starts_with("drowned the")
        }) || clause.contains(" and died") && !clause.contains("lamp") && !clause.contains("light")
            || clause.contains(" and was killed");
        let killed = ["killed", "murdered", "stabbed", "hanged", "strangled"].iter().any(|verb| before.ends_with(verb))
            && !after.starts_with(['’', '\'']);
        if (died || killed) && !dead.contains(&found.name) {
            dead.push(found.name.clone());
        }
    }
    dead
}

fn english_move(words: &[&str]) -> Option<String> {
    const GO: [&str; 24] = [
        "went",
        "came",
        "walked",
        "ran",
        "climbed",
        "returned",
        "hurried",
        "crossed",
        "rode",
        "sailed",
        "drove",
        "fled",
        "moved",
        "travelled",
        "stepped",
        "got",
        "goes",
        "comes",
        "walks",
        "runs",
        "returns",
        "rowed",
        "reached",
        "entered",
    ];
    let verb = words.iter().take(3).position(|word| GO.contains(word))?;
    let direct = matches!(words[verb], "reached" | "entered" | "crossed");
    let rest = &words[verb + 1..];
    if direct {
        return english::place_at(rest);
    }
    let to = rest.iter().take(5).position(|word| ["to", "into", "towards", "inside"].contains(word))?;
    english::place_at(&rest[to + 1..])
}

fn english_things(after: &str, actor: &Found, people: &People) -> Vec<(String, String, Holding)> {
    let after = after.trim_start();
    let item_of = |rest: &str| {
        let rest = rest.trim_start();
        let head: String = rest.split_whitespace().take(5).collect::<Vec<_>>().join(" ");
        ["the ", "a ", "an ", "her ", "his "]
            .iter()
            .any(|d| rest.starts_with(d))
            .then(|| noun_phrases(&head, &[]).into_iter().next())
            .flatten()
    };
    for verb in ["handed", "gave"] {
        let Some(rest) = after.strip_prefix(verb) else { continue };
        let Some(other) = people.find(rest).into_iter().find(|f| f.name != actor.name) else { continue };
        let item = if other.start <= 1 { item_of(&rest[other.end..]) } else { item_of(rest) };
        if let Some(item) = item {
            return vec![(actor.name.clone(), item.clone(), Holding::Loses), (other.name, item, Holding::Gains)];
        }
    }
    for (verb, change) in [
        ("took up", Holding::Gains),
        ("picked up", Holding::Gains),
        ("took", Holding::Gains),
        ("pocketed", Holding::Gains),
        ("seized", Holding::Gains),
        ("stole", Holding::Gains),
        ("grabbed", Holding::Gains),
        ("dropped", Holding::Loses),
        ("lost", Holding::Loses),
    ] {
        if let Some(item) = after.strip_prefix(verb).and_then(item_of) {
            return vec![(actor.name.clone(), item, change)];
        }
    }
    Vec::new()
}
