use story::{brief::Character, language::Tongue};

use super::read::sentences;

/// Whether the brief says of one of its cast that they are dead when the story begins, or die as it begins.
pub(super) fn is_dead(character: &Character, tongue: Tongue) -> bool {
    let role = character.role.as_deref().unwrap_or_default();
    let description = character.description.as_deref().unwrap_or_default();
    match tongue {
        Tongue::En => english(role, &character.name, true) || english(description, &character.name, false),
        Tongue::Zh => [role, description].iter().any(|text| chinese(text)),
    }
}

/// `the dead keeper`, `Drowned nine years ago; never found.`, `She was killed`; not `the dead keeper’s son`, `Killed two men.`
fn english(text: &str, name: &str, role: bool) -> bool {
    let folded = text.to_lowercase().replace('\'', "’");
    let name = name.to_lowercase();
    for sentence in folded.split(['.', ';', '!', '?', '(', ')', '\n']) {
        for (n, clause) in sentence.split([',', '—', ':']).enumerate() {
            // A later clause of a description may speak of somebody else.
            if n > 0 && !role {
                break;
            }
            let words: Vec<&str> = clause.split_whitespace().collect();
            let own = |word: &&&str| {
                matches!(
                    **word,
                    "he" | "she"
                        | "they"
                        | "the"
                        | "a"
                        | "an"
                        | "is"
                        | "was"
                        | "were"
                        | "are"
                        | "has"
                        | "had"
                        | "been"
                        | "now"
                        | "long"
                        | "already"
                        | "who"
                        | "recently"
                ) || name.split_whitespace().any(|part| part == **word)
            };
            let at = words.iter().take_while(own).count();
            let Some(word) = words.get(at) else { continue };
            let next = words.get(at + 1).copied().unwrap_or_default();
            let of_another = words.iter().any(|w| w.contains('’'));
            let dead = match *word {
                "deceased" | "died" => true,
                "drowned" => !OBJECTS.contains(&next) || words.first() == Some(&"the"),
                "killed" | "murdered" => {
                    words[..at].iter().any(|w| matches!(*w, "was" | "were" | "is" | "been" | "the"))
                        || next.is_empty()
                        || AFTER.contains(&next)
                        || words.last() == Some(&"ago")
                }
                "dead" => !["tired", "shot", "set", "certain", "calm", "serious", "drunk", "keen", "sure", "on", "ringer"].contains(&next),
                "late" => role && words.first() == Some(&"the") && !next.is_empty(),
                _ => false,
            };
            if dead && !of_another {
                return true;
            }
        }
    }
    false
}

const OBJECTS: &[&str] = &["his", "her", "their", "two", "three", "the", "a", "an", "in", "kittens", "men"];
const AFTER: &[&str] = &["in", "by", "at", "on", "during", "before", "when", "as", "while", "last", "long", "years", "near"];

/// `第一章身死`, `已故的守塔人`, `十年前遇害`; not `父亲已死`, `已故镖师的女儿`.
fn chinese(text: &str) -> bool {
    const DEAD: &[&str] = &[
        "已死", "已故", "身死", "亡故", "遇害", "身亡", "病逝", "去世", "病故", "溺亡", "溺死", "殒命", "死于", "淹死", "被杀", "死者",
        "亡者",
    ];
    const OTHERS: &[&str] = &[
        "父", "母", "爹", "娘", "兄", "弟弟", "哥", "姐", "妹", "丈夫", "妻", "夫人", "儿子", "女儿", "师父", "师傅", "师尊", "师祖", "祖",
        "爷", "奶", "叔", "伯", "姑", "舅", "友", "恩人", "全家", "满门", "一家", "族", "主人", "为", "替", "查", "险些", "差点", "几乎",
        "诈", "假", "佯", "没", "未", "不", "若", "令", "让", "使", "害", "把", "将", "怕", "对",
    ];
    const KIN: &[&str] = &["女", "子", "妻", "徒", "孙", "弟", "妹", "兄", "遗孀", "后人", "友", "仆", "未亡人", "信", "案"];
    sentences::split(text).into_iter().any(|sentence| {
        sentence.split(['；', '（', '）']).any(|part| {
            DEAD.iter().any(|word| {
                part.match_indices(word).any(|(at, _)| {
                    let before = &part[..at];
                    let after = part[at + word.len()..].split(['，', '、', '。']).next().unwrap_or_default();
                    let kin = after.split_once('的').is_some_and(|(owner, rest)| {
                        let owned = if owner.is_empty() { rest.split_once('的').map_or("", |(_, r)| r) } else { rest };
                        KIN.iter().any(|k| owned.contains(k))
                    });
                    !OTHERS.iter().any(|other| before.contains(other)) && !kin
                })
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dead(role: &str, description: &str, tongue: Tongue) -> bool {
        let character = Character {
            name: "Tobias Wren".into(),
            role: Some(role.into()),
            description: Some(description.into()),
            ..Character::default()
        };
        is_dead(&character, tongue)
    }

    #[test]
    fn rehearsal_knows_who_is_dead_from_the_brief() {
        for (role, description) in [
            ("the dead keeper", ""),
            ("keeper", "Drowned nine years ago; never found."),
            ("keeper", "Was murdered in the spring."),
            ("victim, killed in chapter 1", ""),
            ("keeper", "Tobias is dead."),
        ] {
            assert!(dead(role, description, Tongue::En), "{role} {description}");
        }
        for (role, description) in [
            ("the dead keeper’s daughter", "Came back for the funeral that had no body."),
            ("doctor", "Killed two men and sleeps well."),
            ("detective", "Her brother drowned years ago."),
            ("witness", "Deadpan. Dead tired since the war."),
            ("the drowned man's widow", "Was told that he was dead."),
        ] {
            assert!(!dead(role, description, Tongue::En), "{role} {description}");
        }
        for role in ["镖师，第一章身死，贯穿全书的托付之人", "已故的守塔人", "老船工，十年前遇害", "已死"]
        {
            assert!(dead(role, "", Tongue::Zh), "{role}");
        }
        for role in ["主角，父亲已死", "已故镖师的女儿", "为师父遇害一事追查", "守塔人，险些身亡"] {
            assert!(!dead(role, "", Tongue::Zh), "{role}");
        }
    }
}
