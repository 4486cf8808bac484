//! A book in the making: answers each call of a run by its task, step after step, until the cursor is `done`.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use story::{
    brief::{BriefContent, FrozenBrief},
    context::{STEP_BUDGET, assemble},
    output_spec::PartialOutputSpec,
    refold::Reading,
    state::NovelState,
    tasks::{Answer, Call, Heard},
    text::{paragraphs, slice},
    workflow::{
        Act, Effect, Materials, Reread, StepTurn, UnitKept,
        novel::{self, Desk},
    },
};

/// A call as it was asked, with the step and the chapter that it belongs to.
pub(crate) struct Asked {
    pub(crate) phase: String,
    pub(crate) chapter: u32,
    pub(crate) call: Call,
}

/// A run with everything that it has asked and kept.
pub(crate) struct Book {
    pub(crate) brief: FrozenBrief,
    pub(crate) state: NovelState,
    pub(crate) asked: Vec<Asked>,
    pub(crate) kept: Vec<UnitKept>,
    pub(crate) phases: Vec<String>,
}

impl Book {
    pub(crate) fn new(title: &str, content: Value) -> Self {
        let content = BriefContent::from_map(content.as_object().unwrap().clone()).unwrap();
        let brief = FrozenBrief::freeze(title, content, &PartialOutputSpec::default());
        let state = NovelState::begin(brief.output_spec(), &brief.content.characters);
        Self { brief, state, asked: Vec::new(), kept: Vec::new(), phases: Vec::new() }
    }

    /// An English book of chapters between 40 and 90 words.
    pub(crate) fn english(chapters: u32) -> Self {
        Self::new(
            "The Harbour Lamp",
            json!({
                "logline": "A keeper's daughter keeps a dead lighthouse burning.",
                "premise": "The harbour board has sold the light. Mara lights it anyway, and somebody out at sea answers.",
                "genre": "mystery", "tone": "quiet, salt-dry", "pov": "third_limited", "tense": "past", "language": "en",
                "setting": "A fishing town on a cold estuary, 1958",
                "characters": [
                    {"name": "Mara", "role": "keeper's daughter", "goal": "to keep the lamp lit", "aliases": ["Miss Quill"]},
                    {"name": "Holt", "role": "harbour master", "secret": "he signed the sale", "age": 61},
                ],
                "forbidden": ["suddenly"],
                "output_spec": {"chapter_count": chapters, "chapter_length": {"min": 40, "max": 90, "unit": "words"}},
            }),
        )
    }

    /// A Chinese book of chapters between 60 and 160 characters.
    pub(crate) fn chinese(chapters: u32) -> Self {
        Self::new(
            "灯塔无人",
            json!({
                "logline": "守塔人的女儿点着一座早已报废的灯塔。",
                "premise": "港务局卖掉了灯塔。阿宁照旧每晚点灯，直到海上有人回应。",
                "genre": "悬疑", "tone": "冷而静", "pov": "third_limited", "language": "zh-Hans", "setting": "一九五八年的海边渔镇",
                "characters": [
                    {"name": "阿宁", "role": "守塔人的女儿", "goal": "让灯不灭", "aliases": ["宁丫头"]},
                    {"name": "老周", "role": "港务主任", "secret": "卖塔的字是他签的", "age": "六十出头"},
                ],
                "forbidden": ["忽然"],
                "output_spec": {"chapter_count": chapters, "chapter_length": {"min": 60, "max": 160, "unit": "chars"}},
            }),
        )
    }

    /// The task, slot and chapter of every call so far.
    pub(crate) fn calls(&self, phase: &str) -> Vec<&Asked> {
        self.asked.iter().filter(|asked| asked.phase == phase).collect()
    }

    /// Runs one step. `special` may answer a call in its own way; every other is answered as a good model would.
    ///
    /// Before and after, the state goes through JSON, as a crash and a start would have it.
    pub(crate) fn step(&mut self, special: &mut dyn FnMut(&Call) -> Option<Answer>) -> StepTurn<NovelState> {
        self.step_with(self.materials(), special)
    }

    /// A committed chapter gets a text by a person's hand, and is read again.
    pub(crate) fn reread(&mut self, ordinal: u32, text: &str, special: &mut dyn FnMut(&Call) -> Option<Answer>) -> StepTurn<NovelState> {
        let readings = self.kept.iter().map(|kept| Reading {
            ordinal: kept.draft.ordinal,
            extraction: kept.extraction.as_deref().cloned(),
            digest: kept.digest.clone(),
        });
        let kept = &self.kept[ordinal as usize - 1];
        let reread = Reread {
            text_before: None,
            ordinal,
            chapter_id: kept.unit_id.clone(),
            version_id: "by-hand".into(),
            content_id: "words".into(),
            title: kept.draft.title.clone(),
            text: text.to_owned(),
            readings: readings.collect(),
        };
        self.step_with(Materials { reread: Some(reread), ..Materials::default() }, special)
    }

    /// The same, with this beside what the step needs anyway.
    pub(crate) fn step_on(&mut self, materials: Materials, special: &mut dyn FnMut(&Call) -> Option<Answer>) -> StepTurn<NovelState> {
        let needed = self.materials();
        self.step_with(Materials { repeated: needed.repeated, ..materials }, special)
    }

    fn step_with(&mut self, materials: Materials, special: &mut dyn FnMut(&Call) -> Option<Answer>) -> StepTurn<NovelState> {
        let phase = if materials.reread.is_some() { novel::REREAD.to_owned() } else { self.state.cursor.phase.clone() };
        let chapter = self.state.cursor.chapter_index.unwrap_or(0);
        let context = assemble(&self.brief, &self.state, STEP_BUDGET);
        let mut heard: Vec<Heard> = Vec::new();
        let turn = loop {
            let desk = Desk { brief: &self.brief, state: &self.state, context: &context, materials: &materials };
            match novel::act(desk, &heard).unwrap() {
                Act::Done(turn) => break *turn,
                Act::Ask(call) => {
                    assert!(heard.iter().all(|h| h.slot != call.slot), "{} was asked twice", call.slot);
                    let answer = special(&call).unwrap_or_else(|| good_answer(&call));
                    heard.push(Heard { slot: call.slot.clone(), answer });
                    self.asked.push(Asked { phase: phase.clone(), chapter, call: *call });
                }
            }
        };
        let saved = serde_json::to_value(&turn.state).unwrap();
        assert!(!holds_null(&saved), "a state holds no null: {saved}");
        self.state = serde_json::from_value(saved).unwrap();
        assert_eq!(self.state, turn.state);
        assert!(turn.outputs.as_object().is_some_and(|o| !o.is_empty()));
        self.phases.push(phase);
        for effect in &turn.effects {
            match effect {
                Effect::KeepUnit(kept) => self.kept.push((**kept).clone()),
                Effect::RereadChapter(read) => {
                    let kept = self.kept.iter_mut().find(|kept| kept.unit_id == read.chapter_id).unwrap();
                    (kept.extraction, kept.digest) = (read.extraction.clone(), read.digest.clone());
                }
            }
        }
        turn
    }

    /// Steps until `done` or a hold.
    pub(crate) fn finish(&mut self, special: &mut dyn FnMut(&Call) -> Option<Answer>) -> Option<String> {
        for _ in 0..20_000 {
            if self.state.is_done() {
                return None;
            }
            if let Some(hold) = self.step(special).hold {
                return Some(hold.detail);
            }
        }
        panic!("the book never ends");
    }

    /// Steps until `phase` of `chapter` stands next.
    pub(crate) fn until(&mut self, phase: &str, chapter: u32, special: &mut dyn FnMut(&Call) -> Option<Answer>) {
        while self.state.cursor.phase != phase || self.state.cursor.chapter_index != Some(chapter) {
            assert!(!self.state.is_done(), "{phase} of chapter {chapter} never came");
            self.step(special);
        }
    }

    fn materials(&self) -> Materials {
        let wanted = novel::needs(&self.state).prints;
        let mut repeated = BTreeMap::new();
        for kept in self.kept.iter().rev() {
            for (_, print) in kept.prints.iter().filter(|(_, print)| wanted.contains(print)) {
                repeated.insert(print.clone(), kept.draft.ordinal);
            }
        }
        let readings = self.kept.iter().map(|kept| Reading {
            ordinal: kept.draft.ordinal,
            extraction: kept.extraction.as_deref().cloned(),
            digest: kept.digest.clone(),
        });
        let readings = if novel::needs(&self.state).readings { readings.collect() } else { Vec::new() };
        Materials { repeated, readings, ..Materials::default() }
    }
}

pub(crate) fn nothing_special(_: &Call) -> Option<Answer> {
    None
}

fn holds_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(holds_null),
        Value::Object(map) => map.values().any(holds_null),
        _ => false,
    }
}

fn chinese(call: &Call) -> bool {
    let language = call.input.pointer("/brief/language").or(call.input.get("language")).and_then(Value::as_str);
    language.is_some_and(|l| l.starts_with("zh"))
}

fn number(call: &Call, pointer: &str) -> u64 {
    call.input.pointer(pointer).and_then(Value::as_u64).unwrap_or_default()
}

/// The answer of a model that does what it is asked.
pub(crate) fn good_answer(call: &Call) -> Answer {
    let zh = chinese(call);
    match call.task {
        "outline_chapters" => {
            let detailed = call.input["detailed"] == json!(true);
            outline(number(call, "/from")..=number(call, "/to"), detailed, zh)
        }
        "plan_beats" => {
            let beats: Vec<Value> = (1..=number(call, "/beat_count"))
                .map(|n| match zh {
                    true => json!({ "text": format!("阿宁做了第{n}件事。"), "place": "灯塔", "characters": ["阿宁"] }),
                    false => {
                        json!({ "text": format!("Mara does thing {n}."), "place": "the lamp room", "time": null, "characters": ["Mara"] })
                    }
                })
                .collect();
            Answer::Json(json!({ "beats": beats }))
        }
        "draft_chapter" => Answer::Text(prose(number(call, "/chapter/number"), zh)),
        "extract_facts" => Answer::Json(extraction(call, zh)),
        "critique_chapter" => Answer::Json(json!({ "coverage": 90, "voice": 80, "pace": 70, "dialogue": 101, "rewrites": [] })),
        "fix_paragraphs" => {
            let parts: Vec<String> = call.input["paragraphs"]
                .as_array()
                .unwrap()
                .iter()
                .map(|p| {
                    format!(
                        "⟦{}⟧\n{}",
                        p["number"],
                        if zh {
                            "阿宁把这一段重新说了一遍，说得更清楚。"
                        } else {
                            "Mara said it over, and plainer this time."
                        }
                    )
                })
                .collect();
            Answer::Text(parts.join("\n\n"))
        }
        task => panic!("nobody knows the task {task}"),
    }
}

pub(crate) fn outline(chapters: impl Iterator<Item = u64>, detailed: bool, zh: bool) -> Answer {
    let chapters: Vec<Value> = chapters
        .map(|n| {
            let (title, summary, hook) = match zh {
                true => (format!("第{n}章 第{n}盏灯"), format!("阿宁点亮第{n}盏灯，老周看在眼里。"), format!("第{n}盏灯灭了。")),
                false => (
                    format!("Chapter {n}: Lamp {n}"),
                    format!("Mara lights lamp {n} and Holt sees it from the quay."),
                    format!("Lamp {n} goes out."),
                ),
            };
            // The number is never right, and never believed.
            json!({ "number": 7, "title": title, "summary": summary, "hook": if detailed { json!(hook) } else { Value::Null } })
        })
        .collect();
    Answer::Json(json!({ "chapters": chapters }))
}

/// A chapter of three paragraphs that fits the range of [`Book::english`] or [`Book::chinese`].
pub(crate) fn prose(n: u64, zh: bool) -> String {
    if zh {
        return format!(
            "第{n}天夜里，阿宁提着油壶上了塔，风把她的围巾吹得笔直。\n\n“灯还亮着？”老周在码头上喊，声音被浪头打散了，只剩下{n}个字。\n\n\
             她没有回答，拧亮灯芯，在本子上记下第{n}次点灯的时辰，然后下楼，把门锁好。"
        );
    }
    format!(
        "On night {n} Mara carried the oil up the tower, and the wind pulled her scarf out straight.\n\n“Is it lit?” Holt called from the \
         quay, and the sea took all but {n} of his words.\n\nShe gave no answer. She turned up the wick, wrote lighting {n} in the book, \
         went down the stair and locked the door behind her."
    )
}

fn extraction(call: &Call, zh: bool) -> Value {
    let text = call.input["text"].as_str().unwrap();
    let n = number(call, "/chapter");
    let head: String = paragraphs(text)[0].chars().take(14).collect();
    assert_eq!(slice(text, story::text::Span { start: 0, end: 14 }), head);
    let (mara, holt) = if zh { ("宁丫头", "老周") } else { ("Miss Quill", "Holt") };
    json!({
        "story_time": if zh { format!("第{n}天夜里") } else { format!("night {n}") },
        "events": [{ "text": "The lamp is lit.", "characters": [mara], "place": null, "flashback": false, "quote": head }],
        "presence": [
            { "character": mara, "place": if zh { "灯塔" } else { "the tower" }, "flashback": false, "quote": head },
            { "character": holt, "place": "the moon", "flashback": false, "quote": "words that stand nowhere" },
        ],
        "moves": [], "deaths": [], "possessions": [{ "character": mara, "item": format!("key {n}"), "change": "gains", "quote": head }],
        "knowledge": [{ "character": mara, "fact": format!("fact {n}"), "quote": head }],
        "entities": [], "relations": [], "threads": [{ "title": format!("Who answers lamp {}?", n % 50), "change": "introduced", "quote": head }],
        "fact_digest": if zh { format!("阿宁第{n}次上塔点灯，老周在码头喊话，她没有回答，记下时辰后锁门离开。") }
            else { format!("Mara lit the lamp for the {n}th time; Holt called from the quay and she gave no answer before she locked the door.") },
        "tone_digest": if zh { "冷静克制，节奏缓。" } else { "Spare and cold, slow of pace." },
    })
}
