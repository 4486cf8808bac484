use story::extraction::{Death, Extraction, Holding, Knowledge, Move, Possession, Relation};

use super::{
    Line, chinese,
    people::{Found, People},
};

const KIN_ZH: [&str; 22] = [
    "妹妹",
    "姐姐",
    "哥哥",
    "弟弟",
    "父亲",
    "母亲",
    "儿子",
    "女儿",
    "妻子",
    "丈夫",
    "师父",
    "徒弟",
    "师兄",
    "师弟",
    "师姐",
    "师妹",
    "朋友",
    "表妹",
    "表哥",
    "丫鬟",
    "外孙女",
    "孙女",
];

/// Adds what a Chinese sentence says of moves, deaths, things, knowledge and relations.
pub(super) fn read(line: &Line<'_>, people: &People, quote: &str, told: &mut Extraction) {
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
            if let Some(to) = to
                && !told.moves.iter().any(|m| m.character == actor.name && m.to == to)
            {
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
                told.relations.push(Relation {
                    a: pair[1].name.clone(),
                    b: pair[0].name.clone(),
                    relation: kin.into(),
                    quote: quote.to_owned(),
                });
            } else if between.ends_with('是') && text[pair[1].end..].trim_start_matches('的').starts_with(kin) {
                told.relations.push(Relation {
                    a: pair[0].name.clone(),
                    b: pair[1].name.clone(),
                    relation: kin.into(),
                    quote: quote.to_owned(),
                });
            }
        }
    }
}

fn chinese_things(text: &str, after: &str, actor: &Found, people: &People, quote: &str, told: &mut Extraction) {
    let thing = |rest: &str| -> Option<String> {
        let item: String = rest.chars().take_while(|c| c.is_alphanumeric() && !"了着就便在往朝向递交给来".contains(*c)).take(8).collect();
        (1..=7).contains(&item.chars().count()).then_some(item)
    };
    let mut push = |who: &str, item: String, change| {
        told.possessions.push(Possession { character: who.to_owned(), item, change, quote: quote.to_owned() })
    };
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
    for (verb, change) in [
        ("拿起", Holding::Gains),
        ("捡起", Holding::Gains),
        ("接过", Holding::Gains),
        ("拾起", Holding::Gains),
        ("收起", Holding::Gains),
        ("夺过", Holding::Gains),
        ("丢了", Holding::Loses),
        ("丢下", Holding::Loses),
    ] {
        if let Some(at) = after.find(verb)
            && let Some(item) = thing(after[at + verb.len()..].trim_start_matches('了'))
        {
            push(&actor.name, item, change);
            return;
        }
    }
}

fn chinese_deaths(line: &Line<'_>) -> Vec<String> {
    const DIED: [&str; 14] =
        ["死了", "断了气", "断气", "毙命", "身亡", "咽了气", "咽气", "气绝", "丧命", "殒命", "没了气息", "战死", "死去", "死在"];
    const DOUBT: [&str; 27] = [
        "没死",
        "没有死",
        "未死",
        "不死",
        "差点",
        "险些",
        "几乎",
        "若",
        "如果",
        "要是",
        "假如",
        "以为",
        "仿佛",
        "好像",
        "似的",
        "装死",
        "死了心",
        "笑死",
        "吓死",
        "气死",
        "累死",
        "急死",
        "怕",
        "诈死",
        "没有断气",
        "未断气",
        "像",
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
        let killed = ["杀死了", "杀死", "杀了", "刺死了", "毒死了"].iter().any(|verb| before.ends_with(verb))
            || clause.contains("被杀")
            || (clause.starts_with('被') && clause.contains("杀死"));
        if (died || killed) && !dead.contains(&found.name) {
            dead.push(found.name.clone());
        }
    }
    dead
}
