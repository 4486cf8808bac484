use std::collections::BTreeMap;

use super::{
    super::{Desk, people::fold},
    Place, contradicts,
};
use crate::{
    extraction::Holding,
    finding::{Finding, Severity},
};

const RULE: &str = "item-not-held";

/// What is done only with a thing that one has.
const USES: [&str; 30] = [
    "drew the ",
    "drew his ",
    "drew her ",
    "drew ",
    "raised ",
    "unsheathed ",
    "wielded ",
    "fired ",
    "swung ",
    "unlocked ",
    "put on ",
    "wore ",
    "lifted ",
    "held up ",
    "played ",
    "read from ",
    "opened ",
    "took out ",
    "pulled out ",
    "pawned ",
    "拔出",
    "举起",
    "掏出",
    "戴上",
    "戴着",
    "取出",
    "抽出",
    "挥动",
    "挥舞",
    "亮出",
];
/// Things of which anybody may have one.
const COMMON: [&str; 36] = [
    "money", "gun", "knife", "letter", "key", "keys", "coin", "coins", "book", "phone", "cup", "glass", "bag", "coat", "hat", "sword",
    "ring", "pistol", "lamp", "candle", "map", "paper", "钱", "刀", "枪", "信", "书", "手机", "杯子", "伞", "钥匙", "剑", "银子", "灯",
    "纸", "酒",
];
/// What makes an end of a thing.
const DESTROYED: [&str; 14] = [
    "burned to ash",
    "burnt to ash",
    "was destroyed",
    "shattered",
    "melted down",
    "broke in two",
    "sank to the bottom",
    "烧成灰",
    "烧毁",
    "摔得粉碎",
    "粉碎",
    "化为灰烬",
    "熔成",
    "毁了",
];

enum Holder {
    Somebody(String, String),
    Destroyed,
}

/// Somebody uses or gives away a thing that another one holds, or that is no more.
///
/// Whoever comes by it first, looks at it, or dreams of it is no fault, and neither is a thing of which there are many.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut held: BTreeMap<String, (Holder, Place)> = BTreeMap::new();
    let mut found = Vec::new();
    for (number, page) in desk.pages.iter().enumerate() {
        let Some(told) = page.chapter.extraction else { continue };
        let mut moves: Vec<(Place, Act<'_>)> = Vec::new();
        for change in &told.possessions {
            if let Some(range) = page.find(&change.quote) {
                moves.push(((number, range), Act::Change(&change.character, item(&change.item), change.change)));
            }
        }
        for event in told.events.iter().filter(|event| !event.flashback) {
            if let (Some(range), [who]) = (page.find(&event.quote), &event.characters[..]) {
                moves.push(((number, range), Act::Deed(who, event.quote.to_lowercase())));
            } else if let Some(range) = page.find(&event.quote) {
                moves.push(((number, range), Act::Fate(event.quote.to_lowercase())));
            }
        }
        // What comes to somebody in a sentence comes before what is done with it there.
        moves.sort_by_key(|((_, range), act)| (range.start, act.rank()));
        for (place, act) in moves {
            let (who, item) = match act {
                Act::Change(_, ref item, _) if COMMON.contains(&item.as_str()) => continue,
                Act::Change(who, item, Holding::Gains) => {
                    held.insert(item, (Holder::Somebody(desk.people.key(who), who.to_owned()), place));
                    continue;
                }
                Act::Change(who, item, Holding::Loses) => {
                    let theirs = matches!(held.get(&item), Some((Holder::Somebody(holder, _), _)) if *holder == desk.people.key(who));
                    if theirs {
                        held.remove(&item);
                        continue;
                    }
                    (who, item)
                }
                Act::Deed(_, quote) | Act::Fate(quote) if DESTROYED.iter().any(|end| quote.contains(end)) => {
                    if let Some(item) = held.keys().find(|item| quote.contains(item.as_str())).cloned() {
                        held.insert(item, (Holder::Destroyed, place));
                    }
                    continue;
                }
                Act::Deed(who, quote) => {
                    let used = |item: &&String| {
                        quote
                            .find(item.as_str())
                            .is_some_and(|at| USES.iter().any(|verb| quote[..at].contains(verb) && close(&quote[..at], verb)))
                    };
                    let Some(item) = held.keys().find(used).cloned() else { continue };
                    (who.as_str(), item)
                }
                Act::Fate(_) => continue,
            };
            let Some((holder, earlier)) = held.get(&item) else { continue };
            let message = match holder {
                Holder::Somebody(holder, _) if *holder == desk.people.key(who) => continue,
                Holder::Somebody(_, name) => format!("{} lets {who} use {item}, which {name} holds.", page.named()),
                Holder::Destroyed => format!("{} lets {who} use {item}, which is no more.", page.named()),
            };
            let about = format!("{}/{item}/{}", fold(who), &page.text[place.1.clone()]);
            let finding =
                Finding::new(RULE, Severity::Warning, &about, message, format!("Show how {who} came by it, or let it be another thing."));
            found.push(contradicts(desk, finding, page, place.1.clone(), earlier));
            held.remove(&item);
        }
    }
    found
}

enum Act<'a> {
    Change(&'a str, String, Holding),
    Deed(&'a String, String),
    Fate(String),
}

impl Act<'_> {
    fn rank(&self) -> u8 {
        match self {
            Self::Change(_, _, Holding::Gains) => 1,
            Self::Change(..) => 0,
            Self::Deed(..) | Self::Fate(_) => 2,
        }
    }
}

/// Whether few words stand between the verb and the thing.
fn close(before: &str, verb: &str) -> bool {
    before.rfind(verb).is_some_and(|at| before[at + verb.len()..].chars().count() <= 16)
}

/// A thing without article and case.
fn item(name: &str) -> String {
    let name = fold(name);
    let plain = ["the ", "a ", "an ", "his ", "her ", "their ", "my "].iter().find_map(|article| name.strip_prefix(article));
    plain.unwrap_or(&name).to_owned()
}
