//! A script or an adaptation that is written step by step in memory, by a model that does what it is asked.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use story::{
    brief::{BriefContent, Character, FrozenBrief},
    context::{STEP_BUDGET, assemble},
    output_spec::{LengthRange, OutputSpec, PartialOutputSpec, ScriptFormat},
    presets::PinnedPreset,
    source::{Source, SourceChapter},
    state::{AdaptationInputs, AdaptationState, RunState, ScriptInputs, ScriptState, SplitMode},
    tasks::{Answer, Call, Heard},
    text::{Length, Unit, paragraphs},
    workflow::{self, Act, Desk, Effect, Materials, StepTurn, UnitKept},
};

pub(crate) struct Stage {
    pub(crate) brief: FrozenBrief,
    pub(crate) state: RunState,
    /// By content id.
    pub(crate) texts: BTreeMap<String, String>,
    pub(crate) kept: Vec<UnitKept>,
    pub(crate) phases: Vec<String>,
    pub(crate) asked: Vec<(String, Call)>,
}

/// What the tests' preset says.
pub(crate) const PRESET: &str = "Write it so that every line could be shouted. 40-120 words an episode.";

fn inputs(format: ScriptFormat, language: &str, length: LengthRange) -> ScriptInputs {
    let spec = PartialOutputSpec { scene_count: Some(3), ..PartialOutputSpec::default() };
    let mut output_spec = OutputSpec::resolve(&[&spec], language);
    output_spec.script_format = format;
    output_spec.chapter_length = length;
    ScriptInputs {
        output_spec,
        language: language.into(),
        prompt_preset_id: Some("loud".into()),
        prompt_preset: Some(PinnedPreset { id: Some("loud".into()), name: "Loud".into(), text: PRESET.into() }),
    }
}

/// A chapter of ten paragraphs, each with a line that Mara says.
pub(crate) fn chapter(n: u32) -> String {
    let paragraph =
        |p: u32| format!("Mara climbed stair {p} of tower {n}. “I count {p} lamps in house {n},” said Mara, and Holt wrote it down.");
    (1..=10).map(paragraph).collect::<Vec<_>>().join("\n\n")
}

/// The same in Chinese: 第n回, ten paragraphs of about sixty 字.
pub(crate) fn chapter_zh(n: u32) -> String {
    let han = story::text::han_number;
    let paragraph = |p: u32| {
        let (p, n) = (han(p), han(n));
        format!(
            "阿宁上了第{n}座塔的第{p}级台阶，回头望了望海面，海面上没有一条船的影子。阿宁道：“第{n}座塔里有{p}盏灯还亮着。”老周听了，把它记在本子上。"
        )
    };
    (1..=10).map(paragraph).collect::<Vec<_>>().join("\n\n")
}

impl Stage {
    pub(crate) fn script(format: ScriptFormat) -> Self {
        let inputs = inputs(format, "en", LengthRange { min: 10, max: 80, unit: Unit::Words });
        Self::new(ScriptState::begin(inputs, &[]).into(), BTreeMap::new())
    }

    /// The same with prompts in Chinese.
    pub(crate) fn script_zh(format: ScriptFormat) -> Self {
        let inputs = inputs(format, "zh-Hans", LengthRange { min: 10, max: 200, unit: Unit::Chars });
        Self::new(ScriptState::begin(inputs, &[]).into(), BTreeMap::new())
    }

    pub(crate) fn adaptation(chapters: &[String], format: ScriptFormat, mode: Option<SplitMode>, episodes: Option<u32>) -> Self {
        let chinese = chapters.first().is_some_and(|text| text.contains('阿'));
        let (language, length) = if chinese {
            ("zh-Hans", LengthRange { min: 40, max: 200, unit: Unit::Chars })
        } else {
            ("en", LengthRange { min: 20, max: 120, unit: Unit::Words })
        };
        let mut texts = BTreeMap::new();
        let mut source = Source::default();
        for (n, text) in (1..).zip(chapters) {
            texts.insert(format!("content-{n}"), text.clone());
            source.chapters.insert(
                n,
                SourceChapter {
                    content_id: format!("content-{n}"),
                    version_id: format!("version-{n}"),
                    title: format!("Tower {n}"),
                    length: Length::of(text),
                    paragraphs: u32::try_from(paragraphs(text).len()).unwrap(),
                },
            );
        }
        let inputs = AdaptationInputs {
            script: inputs(format, language, length),
            split_mode: mode,
            episode_count: episodes,
            length_by_chapter: false,
            conversion_output_spec: None,
            source_brief_snapshot_id: "snapshot".into(),
            source_workflow_run_id: Some("novel".into()),
            source,
        };
        Self::new(AdaptationState::begin(inputs, &[]).into(), texts)
    }

    fn new(state: RunState, texts: BTreeMap<String, String>) -> Self {
        let mara = Character { name: "Mara".into(), aliases: vec!["Miss Quill".into()], ..Character::default() };
        let characters = vec![mara, Character { name: "Holt".into(), ..Character::default() }];
        let content = BriefContent { characters, ..BriefContent::default() };
        let brief = FrozenBrief::freeze("The Lamps", content, &PartialOutputSpec::default());
        Self { brief, state, texts, kept: Vec::new(), phases: Vec::new(), asked: Vec::new() }
    }

    pub(crate) fn adapted(&self) -> &AdaptationState {
        match &self.state {
            RunState::Adaptation(state) => state,
            other => panic!("no adaptation: {other:?}"),
        }
    }

    /// One step, answered by `special` where it knows better.
    pub(crate) fn step(&mut self, special: &mut dyn FnMut(&Call) -> Option<Answer>) -> StepTurn {
        let phase = self.state.cursor().phase.clone();
        let needs = workflow::needs(&self.state);
        let contents = needs.contents.iter().filter_map(|id| Some((id.clone(), self.texts.get(id)?.clone()))).collect();
        let materials = Materials { contents, ..Materials::default() };
        let context = assemble(&self.brief, &self.state, STEP_BUDGET);
        let mut heard: Vec<Heard> = Vec::new();
        let turn = loop {
            let desk = Desk { brief: &self.brief, state: &self.state, context: &context, materials: &materials };
            match workflow::act(desk, &heard).unwrap() {
                Act::Done(turn) => break *turn,
                Act::Ask(call) => {
                    assert!(heard.iter().all(|h| h.slot != call.slot), "{} was asked twice", call.slot);
                    let answer = special(&call).unwrap_or_else(|| good_answer(&call));
                    heard.push(Heard { slot: call.slot.clone(), answer });
                    self.asked.push((phase.clone(), *call));
                }
            }
        };
        assert!(turn.outputs.as_object().is_some_and(|o| !o.is_empty()));
        for effect in &turn.effects {
            let Effect::KeepUnit(kept) = effect else { panic!("nothing is read again") };
            self.kept.push((**kept).clone());
        }
        self.phases.push(phase);
        self.state = turn.state.clone();
        turn
    }

    /// Steps until nothing is left to do.
    pub(crate) fn finish(&mut self, special: &mut dyn FnMut(&Call) -> Option<Answer>) {
        for _ in 0..2_000 {
            if self.state.cursor().phase == workflow::DONE {
                return;
            }
            let turn = self.step(special);
            assert!(turn.hold.is_none(), "held: {:?}", turn.hold);
        }
        panic!("the script never ends");
    }

    /// The text of every call to `task`.
    pub(crate) fn prompts(&self, task: &str) -> Vec<String> {
        self.asked.iter().filter(|(_, call)| call.task == task).map(|(_, call)| call.prompt.user_text()).collect()
    }
}

pub(crate) fn nothing_special(_: &Call) -> Option<Answer> {
    None
}

/// The answer of a model that does what it is asked.
pub(crate) fn good_answer(call: &Call) -> Answer {
    let input = &call.input;
    match call.task {
        "break_down_chapter" => Answer::Json(breakdown(&input["source"])),
        "plan_episodes" => Answer::Json(episodes(input)),
        "plan_season" => Answer::Json(season(input)),
        "draft_episode" => Answer::Text(episode(input)),
        "list_scenes" => Answer::Json(scenes(input)),
        "draft_scene" => {
            let heading = input["scene"]["heading"].as_str().unwrap();
            let body = if input["script_format"] == "custom" {
                "人物：Mara、Holt\n△Mara turns up the wick and the room grows bright.\nMara：（calm）It will last the night, and the next."
            } else {
                "Mara turns up the wick and the room grows bright.\n\nMARA\nIt will last the night, and the next one too."
            };
            let parted = if input["script_format"] == "custom" { "\n" } else { "\n\n" };
            Answer::Text(format!("{heading}{parted}{body}"))
        }
        "extract_facts" => Answer::Json(json!({ "fact_digest": format!("Unit {} happened.", input["chapter"]), "tone_digest": "Plain." })),
        "critique_script" => {
            Answer::Json(json!({ "coverage": 90, "voice": 80, "pace": 70, "dialogue": 101, "opening_hook": 20, "closing_hook": 60,
            "losses": (1..=input["missing"].as_array().unwrap().len()).map(|n| json!({ "line": n, "reason": "No room." })).collect::<Vec<_>>() }))
        }
        "fix_script" => {
            let pieces = input["pieces"].as_array().unwrap().iter();
            Answer::Text(pieces.map(|p| format!("⟦{}⟧\n{}", p["number"], p["text"].as_str().unwrap())).collect::<Vec<_>>().join("\n\n"))
        }
        task => panic!("nobody knows the task {task}"),
    }
}

/// The words between curly quotes.
fn said(text: &str) -> &str {
    text.split(['“', '”']).nth(1).unwrap()
}

fn breakdown(source: &Value) -> Value {
    let paragraphs = source["paragraphs"].as_array().unwrap();
    let number = |p: &Value| p["number"].as_u64().unwrap();
    let moments: Vec<Value> = paragraphs
        .chunks(2)
        .map(|pair| json!({ "from": number(&pair[0]), "to": 999, "text": format!("Stair {}.", number(&pair[0])) }))
        .collect();
    json!({
        "core_plot": format!("Mara counts the lamps of tower {}.", source["chapter"]), "conflicts": ["Mara against the dark."],
        "characters": ["Mara", "Holt"], "moments": moments,
        "key_lines": [{ "speaker": "Mara", "quote": said(paragraphs[0]["text"].as_str().unwrap()) }, { "speaker": "Mara", "quote": "Nobody ever said this." }],
    })
}

fn episodes(input: &Value) -> Value {
    let count = input["episode_count"].as_u64().unwrap();
    let each = input["paragraph_count"].as_u64().unwrap() / count;
    let episodes: Vec<Value> = (1..=count)
        .map(|n| json!({ "title": format!("Part {n}"), "last_paragraph": n * each, "core": "Lamps.", "opening_hook": "Dark.", "closing_hook": "A knock." }))
        .collect();
    json!({ "episodes": episodes })
}

/// As even as can be, by paragraphs, over chapters of ten.
fn season(input: &Value) -> Value {
    let mut places = Vec::new();
    for chapter in input["chapters"].as_array().unwrap() {
        let at = |key: &str| chapter[key].as_u64().unwrap();
        places.extend((at("from")..=at("to")).map(|p| (at("number"), p)));
    }
    let count = usize::try_from(input["to"].as_u64().unwrap() - input["from"].as_u64().unwrap() + 1).unwrap();
    let episodes: Vec<Value> = (0..count)
        .map(|n| {
            let (first, last) = (places[n * places.len() / count], places[(n + 1) * places.len() / count - 1]);
            json!({ "title": format!("Episode {n}: Light"), "core": "Lamps.", "from_chapter": first.0, "from_paragraph": first.1,
                "to_chapter": last.0, "to_paragraph": last.1, "opening_hook": "Dark.", "closing_hook": "A knock." })
        })
        .collect();
    json!({ "episodes": episodes, "cuts": [] })
}

fn scenes(input: &Value) -> Value {
    let scene = |n: u64| {
        json!({ "title": format!("Scene {n}: Wick {n}"), "int_ext": "int.", "place": "the lamp room", "time": "night",
        "summary": format!("Mara trims wick {n}."), "characters": ["Mara", "Holt"] })
    };
    json!({ "scenes": (input["from"].as_u64().unwrap()..=input["to"].as_u64().unwrap()).map(scene).collect::<Vec<_>>() })
}

fn episode(input: &Value) -> String {
    let number = input["episode"]["number"].as_u64().unwrap();
    let parts = input["source"].as_array().unwrap();
    let lines: Vec<&str> =
        parts.iter().flat_map(|p| p["paragraphs"].as_array().unwrap()).map(|p| said(p["text"].as_str().unwrap())).take(2).collect();
    if input["script_format"] == "custom" {
        let speech = lines.iter().map(|line| format!("阿宁：（平静）{line}")).collect::<Vec<_>>().join("\n");
        return format!(
            "第{number}集\n{number}-1 夜 内 灯塔\n人物：阿宁、老周\n△阿宁提着油壶上塔，风把她的围巾吹得笔直，海面上一片漆黑。\n{speech}\n△老周合上本子。"
        );
    }
    let speech = lines.iter().map(|line| format!("MARA\n{line}")).collect::<Vec<_>>().join("\n\n");
    format!(
        "INT. TOWER {number} - NIGHT\n\nMara climbs the stair with the oil in her hand, counting as she goes.\n\n{speech}\n\nHolt shuts his book."
    )
}
