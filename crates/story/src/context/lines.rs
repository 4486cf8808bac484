use super::{PlanLine, Standing, guidance_for};
use crate::{
    brief::{Character, FrozenBrief},
    current_state::CurrentState,
    digests::shorten_to_tokens,
    language::Tongue,
    plan::UnitKind,
};

/// So many open questions are shown, the newest first, each in so many tokens.
const SHOWN_THREADS: usize = 5;
const LONGEST_QUESTION: u64 = 24;
/// So many things are shown in one hand, those that moved last, and so many tokens of one person.
const SHOWN_ITEMS: usize = 6;
const LONGEST_PERSON: u64 = 70;

pub(super) fn say(tongue: Tongue, en: &str, zh: &str) -> String {
    match tongue {
        Tongue::En => en.to_owned(),
        Tongue::Zh => zh.to_owned(),
    }
}

pub(super) fn brief(brief: &FrozenBrief, tongue: Tongue) -> Vec<String> {
    let c = &brief.content;
    let mut lines = vec![say(tongue, "# The brief", "# 创作简报")];
    let mut add = |en: &str, zh: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
            let name = say(tongue, en, zh);
            lines.push(match tongue {
                Tongue::En => format!("{name}: {}", value.trim()),
                Tongue::Zh => format!("{name}：{}", value.trim()),
            });
        }
    };
    add("Title", "书名", Some(&brief.title));
    add("Logline", "一句话梗概", c.logline.as_deref());
    add("Genre", "类型", c.genre.as_deref());
    add("Tone", "基调", c.tone.as_deref());
    add("Style", "文风", c.style.as_deref());
    add("Setting", "背景", c.setting.as_deref());
    let pov = c.pov.map(|pov| match (pov, tongue) {
        (crate::brief::Pov::First, Tongue::En) => "first person",
        (crate::brief::Pov::ThirdLimited, Tongue::En) => "third person, limited",
        (crate::brief::Pov::ThirdOmniscient, Tongue::En) => "third person, omniscient",
        (crate::brief::Pov::First, Tongue::Zh) => "第一人称",
        (crate::brief::Pov::ThirdLimited, Tongue::Zh) => "第三人称有限视角",
        (crate::brief::Pov::ThirdOmniscient, Tongue::Zh) => "第三人称全知视角",
    });
    add("Point of view", "视角", pov);
    add("Tense", "时态", c.tense.as_deref());
    add("Structure", "结构", c.structure.as_deref());
    add("Rating", "分级", c.rating.as_deref());
    add("Never use", "禁用", Some(&c.forbidden.join(if tongue == Tongue::Zh { "、" } else { ", " })));
    add(
        "In the manner of (style only)",
        "参考作品（仅取文风）",
        Some(&c.reference_works.join(if tongue == Tongue::Zh { "、" } else { ", " })),
    );
    add("Premise", "故事前提", c.premise.as_deref());
    add("A sample of the style", "文风样例", c.style_sample.as_deref());
    for (key, value) in &c.unknown {
        if let Some(text) = value.as_str() {
            add(key, key, Some(text));
        }
    }
    lines
}

pub(super) fn cast(cast: &[Character], tongue: Tongue) -> Vec<String> {
    let (colon, stop) = if tongue == Tongue::Zh { ("：", "；") } else { (": ", "; ") };
    let mut lines = vec![say(tongue, "# The cast", "# 人物表")];
    for c in cast {
        let mut parts = Vec::new();
        let mut add = |en: &str, zh: &str, value: Option<String>| {
            if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
                let name = say(tongue, en, zh);
                parts.push(if name.is_empty() { value } else { format!("{name}{colon}{value}") });
            }
        };
        add("", "", c.role.clone());
        add("", "", c.description.clone());
        add("also", "又称", (!c.aliases.is_empty()).then(|| c.aliases.join(if tongue == Tongue::Zh { "、" } else { ", " })));
        add(
            "age",
            "年龄",
            c.age.as_ref().map(|a| match a {
                crate::brief::Age::Years(n) => n.to_string(),
                crate::brief::Age::Words(w) => w.clone(),
            }),
        );
        add("pronouns", "代词", c.pronouns.clone());
        add("wants", "目标", c.goal.clone());
        add("hides", "秘密", c.secret.clone());
        add("speaks", "说话方式", c.voice.clone());
        lines.push(if parts.is_empty() { format!("- {}", c.name) } else { format!("- {}{colon}{}", c.name, parts.join(stop)) });
    }
    lines
}

/// The unit in hand, the three before and the six after, the most needed first.
pub(super) fn plan(standing: &Standing<'_>, ordinal: u32, tongue: Tongue) -> (String, Vec<(u32, String)>) {
    let heading = match tongue {
        Tongue::En => format!("# The plan around this {}", standing.kind.named().to_lowercase()),
        Tongue::Zh => format!("# 本{}前后的规划", standing.kind.measure()),
    };
    let line = |n: u32| {
        let PlanLine { title, summary, hook } = standing.plan.get(&n)?;
        let hook = hook.filter(|hook| !hook.is_empty());
        let line = match (tongue, hook) {
            (Tongue::En, Some(hook)) => format!("{n}. {title}: {summary} Hook: {hook}"),
            (Tongue::En, None) => format!("{n}. {title}: {summary}"),
            (Tongue::Zh, Some(hook)) => format!("{n}. {title}：{summary}钩子：{hook}"),
            (Tongue::Zh, None) => format!("{n}. {title}：{summary}"),
        };
        Some((n, line))
    };
    let wanted = [0_i64, 1, -1, 2, 3, -2, 4, 5, -3, 6];
    (heading, wanted.iter().filter_map(|d| line(u32::try_from(i64::from(ordinal) + d).ok()?)).collect())
}

/// How the world stands.
pub(super) fn state(world: &CurrentState, kind: UnitKind, tongue: Tongue) -> Vec<String> {
    let (colon, list, stop) = if tongue == Tongue::Zh { ("：", "、", "；") } else { (": ", ", ", "; ") };
    let mut lines = vec![say(tongue, "# How things stand now", "# 当前状态")];
    if let Some(clock) = &world.clock {
        lines.push(format!("{}{colon}{clock}", say(tongue, "Time", "时间")));
    }
    for thread in world.open_threads(SHOWN_THREADS) {
        lines.push(format!("{}{colon}{}", say(tongue, "Open question", "未解悬念"), shorten_to_tokens(&thread.title, LONGEST_QUESTION)));
    }
    let mut people: Vec<_> = world.characters.iter().collect();
    people.sort_by(|a, b| b.1.seen_in.cmp(&a.1.seen_in).then_with(|| a.0.cmp(b.0)));
    for (name, c) in people {
        let mut parts = vec![match &c.death {
            _ if c.alive => say(tongue, "alive", "在世"),
            Some(death) => match tongue {
                Tongue::En => format!("dead since {} {}", kind.named().to_lowercase(), death.chapter),
                Tongue::Zh => format!("第{}{}已死", death.chapter, kind.measure()),
            },
            None => say(tongue, "dead", "已死"),
        }];
        if let Some(place) = &c.place {
            parts.push(format!("{}{colon}{place}", say(tongue, "at", "在")));
        }
        if !c.holding.is_empty() {
            let mut held: Vec<&str> = c.holding.iter().map(String::as_str).collect();
            held.sort_by_key(|item| std::cmp::Reverse(world.items.get(*item).map_or(0, |i| i.seen_in)));
            held.truncate(SHOWN_ITEMS);
            parts.push(format!("{}{colon}{}", say(tongue, "has", "持有"), held.join(list)));
        }
        if !c.knows.is_empty() {
            let last: Vec<&str> = c.knows.iter().rev().take(3).rev().map(String::as_str).collect();
            parts.push(format!("{}{colon}{}", say(tongue, "knows", "知道"), last.join(list)));
        }
        lines.push(shorten_to_tokens(&format!("- {name}{colon}{}", parts.join(stop)), LONGEST_PERSON));
    }
    lines
}

/// How a script is to be written; empty where nothing was said.
pub(super) fn preset(text: Option<&str>, tongue: Tongue) -> String {
    let text = text.unwrap_or_default().trim();
    if text.is_empty() { String::new() } else { format!("{}\n{text}", say(tongue, "# How the script is to be written", "# 剧本写法")) }
}

/// The standing instructions.
pub(super) fn guidance(standing: &Standing<'_>, tongue: Tongue) -> Vec<String> {
    let mut lines = vec![say(tongue, "# Standing instructions", "# 长期要求")];
    lines.extend(guidance_for(standing.guidance, standing.unit).into_iter().map(|text| format!("- {text}")));
    lines
}
