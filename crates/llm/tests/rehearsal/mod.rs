//! Briefs and a hand that asks the offline model, for the stories told about it.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, reason = "a hand for tests; each story uses some of it")]

use std::collections::BTreeMap;

use llm::rehearsal::Rehearsal;
use serde_json::{Value, json};
use story::{
    brief::{BriefContent, FrozenBrief},
    context::assemble,
    extraction::Extraction,
    output_spec::{LengthRange, PartialOutputSpec},
    plan::Beat,
    state::NovelState,
    tasks::{
        Answer, BeatsAnswer, BriefView, Call, ChapterPlan, DraftChapter, ExtractFacts, Heard, KnownName, OutlineAnswer, OutlineChapters,
        PlanBeats, Prompt, Task, Wanted,
    },
    workflow::{Act, Effect, Materials, UnitKept, novel},
};
use studio::ports::{Model, Reply};

pub fn lighthouse() -> FrozenBrief {
    freeze(
        "The Unlit Hour",
        json!({
            "language": "en", "genre": "mystery", "tone": "quiet, uneasy",
            "logline": "A keeper’s daughter returns to a lighthouse to find out who put out the lamp on the night the Astrid was lost.",
            "premise": "Ten years ago the lamp of Skerrow Light went dark for one hour, and the Astrid ran on to the rocks. The official inquiry blamed the old keeper. His daughter has come back with a letter that says otherwise.",
            "setting": "Skerrow Light, a lighthouse on a tidal island off the Norfolk coast, autumn 1953; the village across the causeway",
            "pov": "third_limited",
            "characters": [
                { "name": "Mara Vane", "role": "protagonist", "pronouns": "she/her", "goal": "find out who put out the lamp", "secret": "she wrote the letter herself" },
                { "name": "Tobias Crane", "role": "assistant keeper", "pronouns": "he/him", "goal": "keep the lamp log out of other hands", "secret": "he let the lamp go out", "voice": "short, dry; says “aye”" },
                { "name": "Edda Quill", "role": "innkeeper", "pronouns": "she/her", "goal": "sell the inn before winter", "secret": "kept the missing page of the log under the bar" },
                { "name": "Constable Hale", "role": "policeman", "pronouns": "he/him", "goal": "see the case closed", "aliases": ["Hale"] }
            ]
        }),
    )
}

pub fn dragon_gate() -> FrozenBrief {
    freeze(
        "龙门渡",
        json!({
            "language": "zh-Hans", "genre": "仙侠", "tone": "苍凉，克制",
            "logline": "渡口少年为查清师父失踪的真相，重入龙门。",
            "premise": "三年前，龙门一夜之间关闭，镇守渡口的沈老道不知所踪。少年顾长风守着一柄断剑，等来了一封没有落款的旧信。信上说，龙门之下还锁着一个活人。",
            "setting": "黄河龙门渡口，对岸的青云宗，山脚的镇妖塔，镇上的归雁客栈",
            "pov": "third_limited",
            "characters": [
                { "name": "顾长风", "role": "主角", "pronouns": "他", "goal": "查清师父的下落", "secret": "他身上流着龙族的血" },
                { "name": "沈青", "role": "青云宗弟子", "pronouns": "她", "goal": "取回镇妖塔的钥匙", "secret": "她当年亲手关上了龙门", "voice": "话少，冷淡" },
                { "name": "老船工", "role": "摆渡人", "pronouns": "他", "goal": "守住渡口的规矩", "secret": "他藏着沈老道的令牌" },
                { "name": "陆九渊", "role": "对手", "pronouns": "他", "goal": "打开龙门", "secret": "他是镇妖塔放出来的人" }
            ]
        }),
    )
}

pub fn freeze(title: &str, content: Value) -> FrozenBrief {
    let Value::Object(map) = content else { panic!("a brief is an object") };
    FrozenBrief::freeze(title, BriefContent::from_map(map).unwrap(), &PartialOutputSpec::default())
}

pub fn ask_call(call: &Call) -> Reply {
    let mut streamed = String::new();
    let reply = futures::executor::block_on(Rehearsal.ask(call, &mut |piece| streamed.push_str(piece))).unwrap();
    assert_eq!(streamed, reply.text, "what was streamed is the answer");
    reply
}

pub fn call_for<T: Task>(input: &T, seed: u64) -> Call {
    Call {
        task: T::NAME,
        slot: "test".into(),
        input: serde_json::to_value(input).unwrap(),
        prompt: Prompt::default(),
        wanted: Wanted::Prose,
        max_tokens: 10_000,
        seed,
        draw: 0,
    }
}

pub fn ask<T: Task>(input: &T) -> String {
    ask_call(&call_for(input, 0)).text
}

pub fn extract(language: &str, text: &str, names: &[&str]) -> Extraction {
    let known = names.iter().map(|name| KnownName { name: (*name).into(), aliases: vec![] }).collect();
    let input = ExtractFacts { language: language.into(), chapter: 1, text: text.into(), known, ..ExtractFacts::default() };
    serde_json::from_str(&ask(&input)).unwrap()
}

pub fn outline(brief: &FrozenBrief, count: u32, from: u32, to: u32, detailed: bool) -> OutlineAnswer {
    let input = OutlineChapters { brief: BriefView::of(brief), chapter_count: count, from, to, detailed, before: vec![], lines: vec![] };
    serde_json::from_str(&ask(&input)).unwrap()
}

/// A chapter from plan to prose.
pub fn chapter(brief: &FrozenBrief, plan: &ChapterPlan, count: u32, length: LengthRange) -> (Vec<Beat>, String) {
    let input = PlanBeats {
        brief: BriefView::of(brief),
        chapter: plan.clone(),
        chapter_count: count,
        beat_count: u32::try_from(length.middle() / 300).unwrap_or(12).clamp(3, 12),
        length,
        dead: vec![],
        guidance: vec![],
    };
    let beats: BeatsAnswer = serde_json::from_str(&ask(&input)).unwrap();
    let beats: Vec<Beat> = beats.beats.into_iter().map(Beat::from).collect();
    let text = ask(&draft_input(brief, plan, count, length, beats.clone()));
    (beats, text)
}

pub fn draft_input(brief: &FrozenBrief, plan: &ChapterPlan, count: u32, length: LengthRange, beats: Vec<Beat>) -> DraftChapter {
    DraftChapter {
        brief: BriefView::of(brief),
        chapter: plan.clone(),
        chapter_count: count,
        beats,
        length,
        aim: length.middle(),
        dead: vec![],
        guidance: vec![],
        redraft: 0,
        keep: Vec::new(),
    }
}

pub fn plans(brief: &FrozenBrief, count: u32) -> Vec<ChapterPlan> {
    let answer = outline(brief, count, 1, count, true);
    answer
        .chapters
        .into_iter()
        .map(|c| ChapterPlan { number: c.number, title: c.title, summary: c.summary, hook: c.hook.unwrap_or_default() })
        .collect()
}

/// Runs a whole novel as the runner does, and returns its chapters and the steps it took.
pub fn write_novel(brief: &FrozenBrief) -> (Vec<UnitKept>, Vec<String>) {
    let mut state = NovelState::begin(brief.output_spec(), &brief.content.characters);
    let mut kept: Vec<UnitKept> = Vec::new();
    let mut steps = Vec::new();
    let mut prints: BTreeMap<String, u32> = BTreeMap::new();
    while !state.is_done() {
        steps.push(state.cursor.phase.clone());
        assert!(steps.len() < 200, "the run does not end");
        let needs = novel::needs(&state);
        let repeated = needs.prints.iter().filter_map(|print| Some((print.clone(), *prints.get(print)?))).collect();
        let materials = Materials { repeated, ..Materials::default() };
        let context = assemble(brief, &state, 8_000);
        let mut heard: Vec<Heard> = Vec::new();
        let turn = loop {
            let desk = novel::Desk { brief, state: &state, context: &context, materials: &materials };
            match novel::act(desk, &heard).unwrap() {
                Act::Done(turn) => break turn,
                Act::Ask(call) => {
                    let text = ask_call(&call).text;
                    let answer = match &call.wanted {
                        Wanted::Prose => Answer::Text(text),
                        Wanted::Json { check, .. } => {
                            let value: Value = serde_json::from_str(&text).unwrap();
                            check(&value).unwrap();
                            Answer::Json(value)
                        }
                    };
                    heard.push(Heard { slot: call.slot.clone(), answer });
                }
            }
        };
        assert!(turn.hold.is_none(), "the run is held: {:?}", turn.hold);
        for effect in turn.effects {
            let Effect::KeepUnit(chapter) = effect else { panic!("nobody changed a chapter by hand") };
            for (_, print) in &chapter.prints {
                prints.entry(print.clone()).or_insert(chapter.draft.ordinal);
            }
            kept.push(*chapter);
        }
        state = turn.state;
    }
    (kept, steps)
}
