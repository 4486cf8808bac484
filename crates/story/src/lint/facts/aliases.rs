use std::collections::BTreeMap;

use super::{
    super::{
        Desk,
        people::{fold, is_person},
    },
    Place, contradicts,
};
use crate::finding::{Finding, Severity};

const RULE: &str = "alias-of-two";

/// Words that many people are called by.
const TITLES_EN: [&str; 30] = [
    "mr",
    "mrs",
    "miss",
    "ms",
    "captain",
    "doctor",
    "dr",
    "father",
    "mother",
    "sir",
    "lady",
    "lord",
    "king",
    "queen",
    "prince",
    "princess",
    "uncle",
    "aunt",
    "brother",
    "sister",
    "sergeant",
    "colonel",
    "professor",
    "madam",
    "boss",
    "chief",
    "granny",
    "mum",
    "dad",
    "master",
];
const TITLES_ZH: [&str; 40] = [
    "老爷", "太太", "夫人", "先生", "大人", "公子", "姑娘", "小姐", "师父", "师傅", "师兄", "师姐", "师弟", "师妹", "掌柜", "老师", "医生",
    "队长", "老板", "大哥", "二哥", "三哥", "大姐", "二姐", "嫂", "叔", "伯", "爷", "娘", "妈", "爹", "爸", "婆", "公", "奶", "舅", "姨",
    "哥", "姐", "少爷",
];

/// One name is said to be another name of two people.
///
/// Titles, kinship and the family name that two bear are everybody's.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut owner: BTreeMap<String, (String, Place)> = BTreeMap::new();
    let mut found = Vec::new();
    for (number, page) in desk.pages.iter().enumerate() {
        let Some(told) = page.chapter.extraction else { continue };
        for entity in told.entities.iter().filter(|entity| is_person(&entity.kind)) {
            let Some(range) = page.find(&entity.quote) else { continue };
            for alias in entity.aliases.iter().filter(|alias| is_own(alias, &entity.name)) {
                let key = fold(alias);
                let Some((name, earlier)) = owner.get(&key) else {
                    owner.insert(key, (entity.name.clone(), (number, range.clone())));
                    continue;
                };
                if is_one(name, &entity.name) || desk.people.key(name) == desk.people.key(&entity.name) || !is_own(alias, name) {
                    continue;
                }
                let message = format!("{} calls {} {alias}, and so is {name} called.", page.named(), entity.name);
                let finding = Finding::new(
                    RULE,
                    Severity::Warning,
                    &format!("{key}/{name}/{}", entity.name),
                    message,
                    "Give one of them another name.".into(),
                );
                found.push(contradicts(desk, finding, page, range.clone(), earlier));
            }
        }
    }
    found
}

/// Whether an alias is somebody's own: a name, no title, no part of the name itself.
fn is_own(alias: &str, name: &str) -> bool {
    let alias = alias.trim();
    let plain = alias.strip_prefix("the ").or_else(|| alias.strip_prefix("The ")).unwrap_or(alias);
    let latin = plain.is_ascii();
    let titled = if latin {
        !plain.starts_with(char::is_uppercase)
            || plain.to_lowercase().split(|c: char| !c.is_alphabetic()).any(|word| TITLES_EN.contains(&word))
    } else {
        plain.chars().count() < 2 || TITLES_ZH.iter().any(|title| plain.ends_with(title))
    };
    !titled && !fold(name).contains(&fold(plain))
}

/// Whether one is the longer name of the other.
fn is_one(a: &str, b: &str) -> bool {
    let (a, b) = (fold(a), fold(b));
    a.contains(&b) || b.contains(&a)
}
