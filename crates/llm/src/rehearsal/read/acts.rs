use story::{
    extraction::{Death, Extraction, Holding, Knowledge, Move, Possession, Relation},
    language::Tongue,
};

use super::{Line, chinese, english, people::{Found, People}, quote};
use crate::rehearsal::en::phrases::noun_phrases;

const KIN: [&str; 20] = [
    "sister", "brother", "mother", "father", "son", "daughter", "wife", "husband", "uncle", "aunt", "cousin", "niece", "nephew", "friend", "servant",
    "master", "grandfather", "grandmother", "twin", "widow",
];
const KIN_ZH: [&str; 22] = [
    "妹妹", "姐姐", "哥哥", "弟弟", "父亲", "母亲", "儿子", "女儿", "妻子", "丈夫", "师父", "徒弟", "师兄", "师弟", "师姐", "师妹", "朋友", "表妹", "表哥", "丫鬟",
    "外孙女", "孙女",
];

/// Adds what a sentence says of moves, deaths, things, knowledge and relations.
pub(super) fn read(line: &Line<'_>, people: &People, tongue: Tongue, told: &mut Extraction) {
    let quote = quote(line.text, tongue);
    match tongue {
        Tongue::En => in_english(line, people, &quote, told),
        Tongue::Zh => in_chinese(line, people, &quote, told),
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
        if !line.flashback && let Some(to) = english_move(&words) && !told.moves.iter().any(|m| m.character == actor.name && m.to == to) {
            told.moves.push(Move { character: actor.name.clone(), from: None, to, quote: quote.to_owned() });
        }
        if !line.flashback {
            for (who, item, change) in english_things(after, actor, people) {
                told.possessions.push(Possession { character: who, item, change, quote: quote.to_owned() });
            }
        }
        for verb in ["learned that", "learnt that", "realised that", "realized that", "discovered that", "understood that", "found out that", "heard that", "learned", "discovered", "understood", "realised", "realized"] {
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
            between.ends_with(&format!("{kin} of")) || between == format!("’s {kin}") || between == format!("’s {kin},") || between == format!("'s {kin}")
        });
        let was = || KIN.iter().find(|kin| matches!(between, "was" | "is") && text[pair[1].end..].trim_start_matches(['’', '\'']).starts_with(&format!("s {kin}")));
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
        "not ", "n’t ", "n't ", "never ", "nearly ", "almost ", " if ", "would ", "might ", "could ", "as though ", "believed ", "wished ", "feared ", "pretend", "thought ",
        "half ", "wonder", "should ", "may ", "must ", "seemed ", "hoped ", "dying to",
    ];
    const AFTER: [&str; 15] = [
        "died", "dies", "was killed", "was dead", "is dead", "is killed", "lay dead", "fell dead", "drowned", "was murdered", "is murdered", "was hanged", "had died", "had drowned",
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
        let died = AFTER.iter().any(|verb| own.strip_prefix(verb).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')) && !own.starts_with("drowned the"))
            || clause.contains(" and died") && !clause.contains("lamp") && !clause.contains("light")
            || clause.contains(" and was killed");
        let killed = ["killed", "murdered", "stabbed", "hanged", "strangled"].iter().any(|verb| before.ends_with(verb)) && !after.starts_with(['’', '\'']);
        if (died || killed) && !dead.contains(&found.name) {
            dead.push(found.name.clone());
        }
    }
    dead
}

fn english_move(words: &[&str]) -> Option<String> {
    const GO: [&str; 24] = [
        "went", "came", "walked", "ran", "climbed", "returned", "hurried", "crossed", "rode", "sailed", "drove", "fled", "moved", "travelled", "stepped", "got", "goes", "comes",
        "walks", "runs", "returns", "rowed", "reached", "entered",
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
        ["the ", "a ", "an ", "her ", "his "].iter().any(|d| rest.starts_with(d)).then(|| noun_phrases(&head, &[]).into_iter().next()).flatten()
    };
    for verb in ["handed", "gave"] {
        let Some(rest) = after.strip_prefix(verb) else { continue };
        let Some(other) = people.find(rest).into_iter().find(|f| f.name != actor.name) else { continue };
        let item = if other.start <= 1 { item_of(&rest[other.end..]) } else { item_of(rest) };
        if let Some(item) = item {
            return vec![(actor.name.clone(), item.clone(), Holding::Loses), (other.name, item, Holding::Gains)];
        }
    }
    for (verb, change) in [("took up", Holding::Gains), ("picked up", Holding::Gains), ("took", Holding::Gains), ("pocketed", Holding::Gains), ("seized", Holding::Gains), ("stole", Holding::Gains), ("grabbed", Holding::Gains), ("dropped", Holding::Loses), ("lost", Holding::Loses)] {
        if let Some(item) = after.strip_prefix(verb).and_then(item_of) {
            return vec![(actor.name.clone(), item, change)];
        }
    }
    Vec::new()
}

fn in_chinese(line: &Line<'_>, people: &People, quote: &str, told: &mut Extraction) {
    let text = line.narration.as_str();
    for name in chinese_deaths(line) {
        if !told.deaths.iter().any(|d| d.character == name) {
            told.deaths.push(Death { character: name, flashback: line.flashback, quote: quote.to_owned() });
        }
    }
    for (n, actor) in line.actors.iter().enumerate() {
        let end = line.actors.get(n + 1).map_or(text.len(), |next| next.start);
        let after = &text[actor.end..end];
        if !line.flashback {
            let to = ["来到", "走进", "走到", "回到", "赶到", "奔向", "前往", "赶往", "抵达", "进入", "去了", "到了", "进了"]
                .iter()
                .filter_map(|verb| after.find(verb).map(|at| at + verb.len()))
                .filter_map(|at| chinese::place_at(&after[at..]))
                .next();
            if let Some(to) = to && !told.moves.iter().any(|m| m.character == actor.name && m.to == to) {
                told.moves.push(Move { character: actor.name.clone(), from: None, to, quote: quote.to_owned() });
            }
            chinese_things(text, after, actor, people, quote, told);
        }
        for verb in ["得知", "明白了", "明白", "意识到", "发觉", "发现", "听说", "想通了", "看出"] {
            if let Some(at) = after.find(verb) {
                let fact = after[at + verb.len()..].trim_matches(|c: char| !c.is_alphanumeric());
                if fact.chars().count() >= 4 {
                    told.knowledge.push(Knowledge { character: actor.name.clone(), fact: fact.to_owned(), quote: quote.to_owned() });
                }
                break;
            }
        }
    }
    for pair in line.named.windows(2) {
        let between = text[pair[0].end..pair[1].start].trim();
        for kin in KIN_ZH {
            // 甲的妹妹乙; 甲是乙的妹妹
            if between == format!("的{kin}") {
                told.relations.push(Relation { a: pair[1].name.clone(), b: pair[0].name.clone(), relation: kin.into(), quote: quote.to_owned() });
            } else if between.ends_with('是') && text[pair[1].end..].trim_start_matches('的').starts_with(kin) {
                told.relations.push(Relation { a: pair[0].name.clone(), b: pair[1].name.clone(), relation: kin.into(), quote: quote.to_owned() });
            }
        }
    }
}

fn chinese_things(text: &str, after: &str, actor: &Found, people: &People, quote: &str, told: &mut Extraction) {
    let thing = |rest: &str| -> Option<String> {
        let item: String = rest.chars().take_while(|c| c.is_alphanumeric() && !"了着就便在往朝向递交给来".contains(*c)).take(8).collect();
        (1..=7).contains(&item.chars().count()).then_some(item)
    };
    let mut push = |who: &str, item: String, change| told.possessions.push(Possession { character: who.to_owned(), item, change, quote: quote.to_owned() });
    for verb in ["交给", "递给", "还给", "塞给", "送给"] {
        let Some(at) = text.find(verb) else { continue };
        let receiver = people.find(&text[at + verb.len()..]).into_iter().find(|f| f.start == 0 && f.name != actor.name);
        let item = text[..at].rfind('把').and_then(|ba| thing(&text[ba + '把'.len_utf8()..]));
        if let (Some(receiver), Some(item)) = (receiver, item)
            && actor.end <= at
        {
            push(&actor.name, item.clone(), Holding::Loses);
            push(&receiver.name, item, Holding::Gains);
            return;
        }
    }
    for (verb, change) in [("拿起", Holding::Gains), ("捡起", Holding::Gains), ("接过", Holding::Gains), ("拾起", Holding::Gains), ("收起", Holding::Gains), ("夺过", Holding::Gains), ("丢了", Holding::Loses), ("丢下", Holding::Loses)] {
        if let Some(at) = after.find(verb)
            && let Some(item) = thing(after[at + verb.len()..].trim_start_matches('了'))
        {
            push(&actor.name, item, change);
            return;
        }
    }
}

fn chinese_deaths(line: &Line<'_>) -> Vec<String> {
    const DIED: [&str; 14] = ["死了", "断了气", "断气", "毙命", "身亡", "咽了气", "咽气", "气绝", "丧命", "殒命", "没了气息", "战死", "死去", "死在"];
    const DOUBT: [&str; 27] = [
        "没死", "没有死", "未死", "不死", "差点", "险些", "几乎", "若", "如果", "要是", "假如", "以为", "仿佛", "好像", "似的", "装死", "死了心", "笑死", "吓死", "气死", "累死", "急死", "怕", "诈死",
        "没有断气", "未断气", "像",
    ];
    let text = line.narration.as_str();
    if text.contains('？') || DOUBT.iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let mut dead = Vec::new();
    for (n, found) in line.named.iter().enumerate() {
        let end = line.named.get(n + 1).map_or(text.len(), |next| next.start);
        let after = &text[found.end..end];
        let before = &text[..found.start];
        let of_another = after.starts_with('的') && !["的尸", "的气", "的呼吸"].iter().any(|own| after.starts_with(own));
        let clause = after.split(['；', '。']).next().unwrap_or_default();
        let died = !of_another && DIED.iter().any(|verb| clause.contains(verb));
        let killed = ["杀死了", "杀死", "杀了", "刺死了", "毒死了"].iter().any(|verb| before.ends_with(verb)) || clause.contains("被杀") || (clause.starts_with('被') && clause.contains("杀死"));
        if (died || killed) && !dead.contains(&found.name) {
            dead.push(found.name.clone());
        }
    }
    dead
}
