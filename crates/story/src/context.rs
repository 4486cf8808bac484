//! What every call of one chapter reads first, under a budget, and the record of what got in.
//!
//! The order is fixed, from what changes least to what changes most: brief, cast, plan window, digests, current state with the
//! open questions, guidance. The same chapter gives the same bytes to beats, draft, extract, critique and fix, so that a
//! provider's prompt cache hits.

use serde::{Deserialize, Serialize};

use crate::{
    brief::{Character, FrozenBrief},
    digests::shorten_to_tokens,
    language::Tongue,
    output_spec::LengthRange,
    state::NovelState,
    tasks::{Prompt, Segment},
    text::{Unit, tokens},
};

/// The budget of a step's prompt in tokens, where the model's window does not ask for less.
pub const STEP_BUDGET: u64 = 8_000;
/// Below this the run says that its context is poor.
pub const POOR_BUDGET: u64 = 3_000;
/// What the task's own part needs at most.
const TASK_RESERVE: u64 = 1_200;
/// A line shorter than this, in tokens, says nothing.
const SHORTEST_LINE: u64 = 12;
/// The digests of the last chapters may have so many tokens, the others in detail fewer.
const LAST_CHAPTERS: usize = 3;
const LONG_DIGEST: u64 = 110;
const SHORT_DIGEST: u64 = 50;
/// So many open questions are shown, the newest first, each in so many tokens.
const SHOWN_THREADS: usize = 5;
const LONGEST_QUESTION: u64 = 24;
/// So many things are shown in one hand, those that moved last, and so many tokens of one person.
const SHOWN_ITEMS: usize = 6;
const LONGEST_PERSON: u64 = 70;
/// However long the chapters are, this much context stays.
const LEAST: u64 = 1_500;

/// What was included in a prompt, what was cut and why, and what it cost.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ContextRecord {
    /// Tokens allowed for all sections together.
    pub budget: u64,
    /// Tokens used, by our own count.
    pub used: u64,
    /// In the order of the prompt.
    pub sections: Vec<SectionRecord>,
    /// What a person should know, such as a poor budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One section of the record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SectionRecord {
    /// `brief`, `cast`, `plan`, `digests`, `state`, `guidance`.
    pub name: String,
    /// Tokens that got in.
    pub tokens: u64,
    /// What was left out and why; absent when nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<String>,
}

/// The shared beginning of a chapter's prompts, with its record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    /// The system text and the sections.
    pub prompt: Prompt,
    /// What got in.
    pub record: ContextRecord,
}

impl Context {
    /// A prompt: these sections, then the chapter's text where the task reads one, then the task.
    pub fn with(&self, chapter: Option<&str>, task: Segment) -> Prompt {
        let mut prompt = self.prompt.clone();
        if let Some(text) = chapter {
            prompt.user.push(Segment::new("chapter", text));
        }
        prompt.user.push(task);
        prompt
    }
}

/// Assembles the context for the chapter that `state` has in hand, or for the outline when there is none.
///
/// `budget` is for the whole prompt of a step: what a chapter's text and the task need is taken off first.
pub fn assemble(brief: &FrozenBrief, state: &NovelState, budget: u64) -> Context {
    let tongue = brief.content.tongue();
    let system = match tongue {
        Tongue::En => include_str!("tasks/system.en.md"),
        Tongue::Zh => include_str!("tasks/system.zh.md"),
    }
    .trim_end()
    .replace("{{ language }}", brief.content.language());
    let chapter = state.cursor.chapter_index;
    let text_reserve = if chapter.is_some() { most_tokens(state.output_spec.chapter_length) } else { 0 };
    let room = budget.saturating_sub(text_reserve + TASK_RESERVE + tokens(&system)).max(LEAST);

    let mut builder = Builder { sections: Vec::new(), record: ContextRecord { budget: room, ..ContextRecord::default() } };
    if budget < POOR_BUDGET {
        builder.record.note =
            Some(format!("the model leaves {budget} tokens for a prompt; below {POOR_BUDGET} the story's memory is poor"));
    }
    // Shares of the room, in twentieths; what a section leaves unused is not spent by another, so that the prompt's size is
    // the same at chapter 20 and at chapter 500.
    builder.section("brief", brief_lines(brief, tongue), room * 5 / 20, "the brief is longer than its share");
    builder.section("cast", cast_lines(&brief.content.characters, tongue), room * 4 / 20, "the cast is longer than its share");
    if let Some(chapter) = chapter {
        builder.plan("plan", plan_lines(state, chapter, tongue), room * 3 / 20, "only the chapters nearest to this one fit");
        builder.memory("digests", Memory::of(state, tongue), room * 4 / 20, "the oldest digests did not fit");
        builder.section("state", state_lines(state, tongue), room * 2 / 20, "only those who were there last fit");
    }
    builder.section("guidance", guidance_lines(state, chapter, tongue), room * 2 / 20, "the last instructions did not fit");
    builder.record.used = builder.record.sections.iter().map(|s| s.tokens).sum();
    let prompt = Prompt { system: vec![Segment::new("system", system)], user: builder.sections, turns: Vec::new() };
    Context { prompt, record: builder.record }
}

/// The most tokens that a chapter within `range` has.
pub fn most_tokens(range: LengthRange) -> u64 {
    match range.unit {
        Unit::Words => range.max * 3 / 2,
        Unit::Chars => range.max * 5 / 4,
    }
}

struct Builder {
    sections: Vec<Segment>,
    record: ContextRecord,
}

impl Builder {
    /// Keeps the first lines that fit, and the beginning of the one that does not.
    fn section(&mut self, name: &str, lines: Vec<String>, share: u64, why: &str) {
        if lines.len() < 2 {
            return;
        }
        let total = lines.len();
        let mut kept: Vec<String> = Vec::new();
        let mut used = 0;
        let mut shortened = false;
        for line in lines {
            let cost = tokens(&line);
            if used + cost > share {
                // One long line, such as a premise, is shortened rather than lost.
                let left = share.saturating_sub(used);
                if left >= SHORTEST_LINE {
                    let short = shorten_to_tokens(&line, left);
                    used += tokens(&short);
                    kept.push(short);
                    shortened = true;
                }
                break;
            }
            used += cost;
            kept.push(line);
        }
        let lost = total - kept.len();
        let cut = (lost > 0 || shortened).then(|| format!("{why}: {lost} of {} lines left out", total - 1));
        self.keep(name, &kept, used, cut);
    }

    /// Keeps the lines that come first, and shows those in the order of the book.
    fn plan(&mut self, name: &str, (heading, lines): (String, Vec<(u32, String)>), share: u64, why: &str) {
        let total = lines.len();
        if total == 0 {
            return;
        }
        let mut used = tokens(&heading);
        let mut kept: Vec<(u32, String)> = Vec::new();
        for (number, line) in lines {
            let left = share.saturating_sub(used);
            // The chapter in hand is never lost.
            let line = if kept.is_empty() { shorten_to_tokens(&line, left) } else { line };
            if tokens(&line) > left {
                break;
            }
            used += tokens(&line);
            kept.push((number, line));
        }
        let lost = total - kept.len();
        let cut = (lost > 0).then(|| format!("{why}: {lost} of {total} lines left out"));
        kept.sort();
        let lines: Vec<String> = std::iter::once(heading).chain(kept.into_iter().map(|(_, line)| line)).collect();
        self.keep(name, &lines, used, cut);
    }

    /// Keeps the newest chapters, and every older stretch of the book in as few words as it takes: a book of 500 chapters
    /// still knows how it began.
    fn memory(&mut self, name: &str, memory: Memory, share: u64, why: &str) {
        let total = memory.far.len() + memory.near.len();
        if total == 0 {
            return;
        }
        let mut used = tokens(&memory.heading);
        let for_far = share * 2 / 5;
        let each = for_far / u64::try_from(memory.far.len()).unwrap_or(1).max(1);
        let fit = usize::try_from(for_far / SHORTEST_LINE).unwrap_or(usize::MAX);
        let newest = memory.far.len().saturating_sub(fit);
        let far: Vec<String> = memory.far[newest..].iter().map(|line| shorten_to_tokens(line, each.max(SHORTEST_LINE))).collect();
        used += far.iter().map(|line| tokens(line)).sum::<u64>();
        let mut near = Vec::new();
        for (age, line) in memory.near.iter().rev().enumerate() {
            let line = shorten_to_tokens(line, if age < LAST_CHAPTERS { LONG_DIGEST } else { SHORT_DIGEST });
            let cost = tokens(&line);
            if used + cost > share {
                break;
            }
            used += cost;
            near.push(line);
        }
        near.reverse();
        let lost = total - far.len() - near.len();
        let cut = (lost > 0).then(|| format!("{why}: {lost} of {total} lines left out"));
        let lines: Vec<String> = std::iter::once(memory.heading).chain(far).chain(near).collect();
        self.keep(name, &lines, used, cut);
    }

    fn keep(&mut self, name: &str, lines: &[String], used: u64, cut: Option<String>) {
        self.sections.push(Segment::new(name, lines.join("\n")));
        self.record.sections.push(SectionRecord { name: name.into(), tokens: used, cut });
    }
}

/// What was written so far, a line for every chapter or stretch of chapters.
struct Memory {
    heading: String,
    far: Vec<String>,
    near: Vec<String>,
}

fn say(tongue: Tongue, en: &str, zh: &str) -> String {
    match tongue {
        Tongue::En => en.to_owned(),
        Tongue::Zh => zh.to_owned(),
    }
}

fn brief_lines(brief: &FrozenBrief, tongue: Tongue) -> Vec<String> {
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

fn cast_lines(cast: &[Character], tongue: Tongue) -> Vec<String> {
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

/// The chapter, the three before and the six after, the most needed first.
fn plan_lines(state: &NovelState, chapter: u32, tongue: Tongue) -> (String, Vec<(u32, String)>) {
    let heading = say(tongue, "# The plan around this chapter", "# 本章前后的规划");
    let Some(outline) = &state.outline else { return (heading, Vec::new()) };
    let ordered = outline.in_order();
    let line = |n: u32| {
        let (_, c) = ordered.get(usize::try_from(n).ok()?.checked_sub(1)?)?;
        let hook = c.hook.as_deref().filter(|hook| !hook.is_empty());
        let line = match (tongue, hook) {
            (Tongue::En, Some(hook)) => format!("{n}. {}: {} Hook: {hook}", c.title, c.summary),
            (Tongue::En, None) => format!("{n}. {}: {}", c.title, c.summary),
            (Tongue::Zh, Some(hook)) => format!("{n}. {}：{}钩子：{hook}", c.title, c.summary),
            (Tongue::Zh, None) => format!("{n}. {}：{}", c.title, c.summary),
        };
        Some((n, line))
    };
    let wanted = [0_i64, 1, -1, 2, 3, -2, 4, 5, -3, 6];
    (heading, wanted.iter().filter_map(|d| line(u32::try_from(i64::from(chapter) + d).ok()?)).collect())
}

impl Memory {
    fn of(state: &NovelState, tongue: Tongue) -> Self {
        let far = state.digests.far.iter().map(|(from, block)| match tongue {
            Tongue::En => format!("Chapters {from}–{}: {}", block.to, block.text),
            Tongue::Zh => format!("第{from}至{}章：{}", block.to, block.text),
        });
        let near = state.digests.near.iter().map(|(n, digest)| match (tongue, digest.tone.is_empty()) {
            (Tongue::En, true) => format!("{n}. {}: {}", digest.title, digest.fact),
            (Tongue::En, false) => format!("{n}. {}: {} ({})", digest.title, digest.fact, digest.tone),
            (Tongue::Zh, true) => format!("{n}. {}：{}", digest.title, digest.fact),
            (Tongue::Zh, false) => format!("{n}. {}：{}（{}）", digest.title, digest.fact, digest.tone),
        });
        Self { heading: say(tongue, "# What was written so far", "# 已写内容提要"), far: far.collect(), near: near.collect() }
    }
}

fn state_lines(state: &NovelState, tongue: Tongue) -> Vec<String> {
    let world = &state.current_state;
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
                Tongue::En => format!("dead since chapter {}", death.chapter),
                Tongue::Zh => format!("第{}章已死", death.chapter),
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

fn guidance_lines(state: &NovelState, chapter: Option<u32>, tongue: Tongue) -> Vec<String> {
    let mut lines = vec![say(tongue, "# Standing instructions", "# 长期要求")];
    lines.extend(guidance_for(state, chapter).into_iter().map(|text| format!("- {text}")));
    lines
}

/// The standing instructions that hold for `chapter`, in order.
pub fn guidance_for(state: &NovelState, chapter: Option<u32>) -> Vec<String> {
    let mut held: Vec<_> = state.guidance.iter().filter(|(_, g)| g.chapter.is_none() || g.chapter == chapter).collect();
    held.sort_by(|a, b| a.1.order.cmp(&b.1.order).then_with(|| a.0.cmp(b.0)));
    held.into_iter().map(|(_, g)| g.text.clone()).collect()
}
