//! Every prompt of scripts and adaptations as a model reads it.

use std::fmt::Write as _;

use story::{output_spec::ScriptFormat, state::SplitMode, tasks::Answer, tasks::Call};

use crate::stage::{Stage, chapter, chapter_zh, nothing_special};

fn snap(name: &str, stage: &Stage, wanted: &dyn Fn(&Call) -> bool) {
    let (_, call) = stage.asked.iter().find(|(_, call)| wanted(call)).unwrap();
    let mut text = format!("{} · {} · at most {} tokens\n", call.task, call.slot, call.max_tokens);
    let _ = write!(text, "\n=== system\n{}\n\n=== user\n{}\n", call.prompt.system_text(), call.prompt.user_text());
    insta::assert_snapshot!(name, text);
}

/// The first draft of an episode is far too short and in the wrong form.
fn spoilt(call: &Call) -> Option<Answer> {
    (call.task == "draft_episode" && call.input["redraft"] == 0 && call.input["episode"]["number"] == 2).then(|| {
        Answer::Text(match call.input["script_format"].as_str() {
            Some("custom") => "第9集\n9-1 夜 内 灯塔\n△阿宁提着油壶上塔。".into(),
            _ => "Mara climbs the stair.".into(),
        })
    })
}

fn adapted(language: &str, chapters: &[String], format: ScriptFormat) {
    let task = |task: &'static str| move |call: &Call| call.task == task;
    let mut stage = Stage::adaptation(chapters, format, Some(SplitMode::AutoByLength), None);
    let mut special = spoilt;
    while stage.kept.len() < 2 && stage.state.cursor().phase != "done" {
        if stage.step(&mut special).hold.is_some() {
            break;
        }
    }
    snap(&format!("{language}_breakdown"), &stage, &task("break_down_chapter"));
    snap(&format!("{language}_episodes"), &stage, &task("plan_episodes"));
    snap(&format!("{language}_episode_draft"), &stage, &|call| call.task == "draft_episode" && call.input["episode"]["number"] == 2);
    snap(&format!("{language}_episode_extract"), &stage, &task("extract_facts"));
    snap(&format!("{language}_episode_critique"), &stage, &|call| call.task == "critique_script" && call.input["number"] == 2);
    snap(&format!("{language}_episode_fix"), &stage, &task("fix_script"));
    let mut season = Stage::adaptation(chapters, format, Some(SplitMode::ByEpisodeCount), Some(3));
    for _ in 0..=chapters.len() {
        season.step(&mut nothing_special);
    }
    snap(&format!("{language}_season"), &season, &task("plan_season"));
}

#[test]
fn what_a_model_reads_of_an_adaptation_in_english() {
    adapted("en", &[chapter(1), chapter(2)], ScriptFormat::Fountain);
}

#[test]
fn what_a_model_reads_of_an_adaptation_in_chinese() {
    adapted("zh", &[chapter_zh(1), chapter_zh(2)], ScriptFormat::Custom);
}

#[test]
fn what_a_model_reads_of_a_script() {
    for (name, stage) in [("en", Stage::script(ScriptFormat::Fountain)), ("zh", Stage::script_zh(ScriptFormat::Custom))] {
        let mut stage = stage;
        stage.finish(&mut nothing_special);
        snap(&format!("{name}_scenes"), &stage, &|call| call.task == "list_scenes");
        snap(&format!("{name}_scene_draft"), &stage, &|call| call.task == "draft_scene" && call.input["scene"]["number"] == 2);
    }
}
