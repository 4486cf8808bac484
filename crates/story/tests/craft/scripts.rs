use std::collections::BTreeSet;

use serde_json::json;
use story::{
    brief::FieldError,
    output_spec::ScriptFormat,
    plan::Place,
    state::{RunState, SplitMode},
    tasks::{Answer, Call},
    workflow::{self, adaptation, script},
};

use crate::stage::{PRESET, Stage, chapter, chapter_zh, good_answer, nothing_special};

const EPISODE: [&str; 4] = [adaptation::DRAFT, adaptation::EXTRACT, adaptation::CRITIQUE, adaptation::COMMIT];

fn english(chapters: u32, mode: Option<SplitMode>, episodes: Option<u32>) -> Stage {
    Stage::adaptation(&(1..=chapters).map(chapter).collect::<Vec<_>>(), ScriptFormat::Fountain, mode, episodes)
}

#[test]
fn a_script_is_planned_and_written_scene_by_scene() {
    let mut stage = Stage::script(ScriptFormat::Fountain);
    assert_eq!(workflow::progress(&stage.state).total, 3);
    stage.finish(&mut nothing_special);
    let scene = [script::DRAFT, script::EXTRACT, script::CRITIQUE, script::COMMIT];
    let wanted: Vec<&str> = [script::SCENE_LIST].into_iter().chain(std::iter::repeat_n(scene, 3).flatten()).collect();
    assert_eq!(stage.phases, wanted);
    assert_eq!(
        stage.kept.iter().map(|k| (k.draft.ordinal, k.draft.title.as_str())).collect::<Vec<_>>(),
        [(1, "Wick 1"), (2, "Wick 2"), (3, "Wick 3")]
    );
    assert!(
        stage.kept.iter().all(|k| k.draft.text.starts_with("INT. THE LAMP ROOM - NIGHT\n\n") && k.findings.is_empty()),
        "{:?}",
        stage.kept
    );
    assert!(stage.asked.iter().all(|(_, call)| call.prompt.user_text().contains(PRESET)), "the preset is in what the model saw");
    assert_eq!((workflow::progress(&stage.state).done, workflow::progress(&stage.state).total), (3, 3));
}

#[test]
fn a_scene_of_a_short_drama_is_numbered_by_its_place() {
    let mut stage = Stage::script(ScriptFormat::Custom);
    stage.finish(&mut nothing_special);
    assert!(stage.kept[1].draft.text.starts_with("1-2 night 内 the lamp room\n人物："), "{}", stage.kept[1].draft.text);
}

#[test]
fn without_a_split_mode_one_chapter_is_one_episode() {
    let mut stage = english(3, None, None);
    stage.finish(&mut nothing_special);
    let wanted: Vec<&str> = std::iter::repeat_n([&[adaptation::BREAKDOWN][..], &EPISODE].concat(), 3).flatten().collect();
    assert_eq!(stage.phases, wanted);
    for (n, kept) in (1_u32..).zip(&stage.kept) {
        assert_eq!((kept.draft.ordinal, kept.draft.title.as_str()), (n, &*format!("Tower {n}")));
        let source = &kept.provenance["source"];
        assert_eq!(source["workflow_run_id"], "novel");
        assert_eq!(
            source["chapters"],
            json!([{ "chapter": n, "title": format!("Tower {n}"), "content_id": format!("content-{n}"),
            "version_id": format!("version-{n}"), "from_paragraph": 1, "to_paragraph": 10 }])
        );
    }
    let drafts = stage.prompts("draft_episode");
    assert!(drafts[1].contains(PRESET) && drafts[1].contains("⟦2:10⟧ Mara climbed stair 10 of tower 2"), "{}", drafts[1]);
    assert!(drafts[1].contains("- Mara: I count 1 lamps in house 2,") && !drafts[1].contains("Nobody ever said this"), "{}", drafts[1]);
    assert!(drafts[1].contains("Holt shuts his book."), "the end of the episode before: {}", drafts[1]);
}

#[test]
fn a_chapter_becomes_as_many_episodes_as_its_length_asks_for() {
    let mut stage = english(2, Some(SplitMode::AutoByLength), None);
    // 200 words a chapter over the middle of 20 to 120 words.
    let words = story::text::Length::of(&chapter(1)).words;
    let each = u32::try_from((words + 35) / 70).unwrap();
    assert!(each > 1);
    assert_eq!(workflow::progress(&stage.state).total, each * 2);
    stage.finish(&mut nothing_special);
    let one: Vec<&str> =
        [adaptation::BREAKDOWN, adaptation::PLAN].into_iter().chain(std::iter::repeat_n(EPISODE, each as usize).flatten()).collect();
    assert_eq!(stage.phases, [&one[..], &one].concat());
    let plan = stage.adapted().episode_plan.clone().unwrap();
    let mut next = 1;
    for (_, episode) in plan.in_order().iter().take(each as usize) {
        assert_eq!((episode.from, episode.to.chapter), (Place { chapter: 1, paragraph: next }, 1));
        next = episode.to.paragraph + 1;
    }
    assert_eq!(next, 11, "every paragraph is told");
}

#[test]
fn a_season_is_laid_over_the_book_before_a_word_is_drafted() {
    let mut stage = english(3, Some(SplitMode::ByEpisodeCount), Some(7));
    for _ in 0..4 {
        stage.step(&mut nothing_special);
    }
    assert_eq!(stage.phases, [adaptation::BREAKDOWN, adaptation::BREAKDOWN, adaptation::BREAKDOWN, adaptation::SEASON]);
    let plan = stage.adapted().episode_plan.clone().unwrap();
    assert_eq!(plan.count(), 7);
    let crossing = plan.in_order().iter().filter(|(_, e)| e.from.chapter < e.to.chapter).count();
    assert!(crossing > 0, "episodes reach over chapters: {plan:?}");
    let cursor = stage.state.cursor();
    assert_eq!((cursor.phase.as_str(), cursor.episode_index, cursor.chapter_episode_index), (adaptation::DRAFT, Some(1), Some(1)));
    stage.finish(&mut nothing_special);
    assert_eq!(stage.kept.len(), 7);
    assert_eq!(stage.kept[0].draft.title, "Light", "the model's own number is cut off");
}

#[test]
fn a_model_that_plans_nonsense_still_gives_exactly_as_many_episodes() {
    let answers = [
        json!({ "episodes": [] }),
        json!({ "episodes": [{ "title": "Everything", "core": "All.", "from_chapter": 1, "from_paragraph": 1, "to_chapter": 3, "to_paragraph": 10 }] }),
        json!({ "episodes": (0..20).map(|_| json!({ "title": "Back", "core": "Again.", "from_chapter": 3, "from_paragraph": 9, "to_chapter": 1, "to_paragraph": -4 })).collect::<Vec<_>>() }),
    ];
    for answer in answers {
        let mut stage = english(3, Some(SplitMode::ByEpisodeCount), Some(7));
        let mut special = |call: &Call| (call.task == "plan_season").then(|| Answer::Json(answer.clone()));
        for _ in 0..4 {
            stage.step(&mut special);
        }
        let plan = stage.adapted().episode_plan.clone().unwrap();
        assert_eq!(plan.count(), 7, "{answer}");
        let ends: Vec<Place> = plan.in_order().iter().map(|(_, e)| e.to).collect();
        assert!(ends.is_sorted() && ends[6] == Place { chapter: 3, paragraph: 10 }, "{ends:?}");
        assert!(plan.cuts.is_empty(), "what nobody cut with a reason is told");
    }
}

#[test]
fn what_a_season_cuts_it_says_why() {
    let mut stage = english(3, Some(SplitMode::ByEpisodeCount), Some(2));
    let mut special = |call: &Call| {
        let episode = |from: u32, to: u32| json!({ "title": "A", "core": "B", "from_chapter": from, "from_paragraph": 1, "to_chapter": to, "to_paragraph": 10 });
        (call.task == "plan_season").then(|| {
            Answer::Json(json!({ "episodes": [episode(1, 1), episode(3, 3)],
                "cuts": [{ "from_chapter": 2, "from_paragraph": 1, "to_chapter": 2, "to_paragraph": 10, "reason": "It repeats tower 1." }] }))
        })
    };
    for _ in 0..4 {
        stage.step(&mut special);
    }
    let plan = stage.adapted().episode_plan.clone().unwrap();
    let cut = &plan.cuts["k0001"];
    assert_eq!(
        (cut.from, cut.to, cut.reason.as_str()),
        (Place { chapter: 2, paragraph: 1 }, Place { chapter: 2, paragraph: 10 }, "It repeats tower 1.")
    );
    assert_eq!(plan.episode(2).unwrap().1.from, Place { chapter: 3, paragraph: 1 });
}

#[test]
fn a_plan_that_a_hand_spoils_is_refused_and_one_it_shortens_is_settled() {
    let mut stage = english(2, Some(SplitMode::ByEpisodeCount), Some(4));
    for _ in 0..3 {
        stage.step(&mut nothing_special);
    }
    let edited = |change: &dyn Fn(&mut story::plan::EpisodePlan)| {
        let mut state = stage.adapted().clone();
        let mut plan = state.episode_plan.as_deref().cloned().unwrap();
        change(&mut plan);
        state.episode_plan = Some(plan.into());
        let patch = story::patch::diff(&json!(stage.state), &json!(state));
        workflow::edited(&stage.state, &patch, &BTreeSet::new())
    };
    let fault = |edited: &Result<RunState, Vec<FieldError>>| edited.as_ref().err().map(|faults| faults[0].pointer.clone());
    assert_eq!(fault(&edited(&|plan| plan.episodes.get_mut("e0002").unwrap().title = "Renamed".into())), None);
    let pointer = fault(&edited(&|plan| plan.episodes.get_mut("e0002").unwrap().from = Place { chapter: 1, paragraph: 1 }));
    assert_eq!(pointer.as_deref(), Some("/episode_plan/episodes/e0002/from"), "two episodes of one paragraph");
    let pointer = fault(&edited(&|plan| plan.episodes.get_mut("e0004").unwrap().to = Place { chapter: 2, paragraph: 11 }));
    assert_eq!(pointer.as_deref(), Some("/episode_plan/episodes/e0004/to"), "beyond the chapter");
    let pointer = fault(&edited(&|plan| {
        plan.episodes.remove("e0003");
    }));
    assert_eq!(pointer.as_deref(), Some("/episode_plan/episodes"), "one too few");
    let shorter = edited(&|plan| plan.episodes.get_mut("e0001").unwrap().from = Place { chapter: 1, paragraph: 3 });
    assert_eq!(fault(&shorter), None);
    let RunState::Adaptation(settled) = shorter.unwrap() else { panic!("the kind stays") };
    let cuts = &settled.episode_plan.as_ref().unwrap().cuts;
    assert_eq!((cuts["k0001"].from.paragraph, cuts["k0001"].to.paragraph, cuts["k0001"].reason.as_str()), (1, 2, "left out by hand"));
}

#[test]
fn a_short_drama_has_its_header_its_numbers_and_the_judgement_of_its_hooks() {
    let chapters = [chapter_zh(1), chapter_zh(2)];
    let mut stage = Stage::adaptation(&chapters, ScriptFormat::Custom, None, None);
    stage.finish(&mut nothing_special);
    assert!(stage.kept[1].draft.text.starts_with("第2集\n2-1 夜 内 灯塔\n"));
    let rules: Vec<&str> = stage.kept[1].findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["weak-hook"], "{:?}", stage.kept[1].findings);
}

#[test]
fn a_wrong_header_a_lost_line_and_a_stranger_go_back_to_be_fixed() {
    let mut stage = Stage::adaptation(&[chapter_zh(1)], ScriptFormat::Custom, None, None);
    let mut special = |call: &Call| {
        match call.task {
        "draft_episode" => Some(Answer::Text(
            "第9集\n9-2 夜 内 灯塔\n人物：阿宁、王五\n△阿宁提着油壶上塔，风把她的围巾吹得笔直，海面上一片漆黑。\n王五：（大笑）今晚谁也别想下塔！\n△灯灭了，塔下的潮水一阵一阵地涌上来。".into(),
        )),
        "critique_script" => {
            let Answer::Json(mut judged) = good_answer(call) else { return None };
            judged["losses"] = json!([]);
            Some(Answer::Json(judged))
        }
        "fix_script" => {
            let told: Vec<String> = call.input["pieces"].as_array().unwrap().iter().map(|piece| piece["instruction"].as_str().unwrap().to_owned()).collect();
            let all = told.join("\n");
            assert!(all.contains("`第1集`") && all.contains("场号改为1-1") && all.contains("没有“王五”") && all.contains("第一座塔里有一盏灯还亮着"), "{all}");
            Some(Answer::Text("⟦1⟧\n第1集\n\n⟦2⟧\n1-1 夜 内 灯塔\n\n⟦5⟧\n阿宁：（平静）第一座塔里有一盏灯还亮着。".into()))
        }
        _ => None,
    }
    };
    stage.finish(&mut special);
    assert_eq!(stage.phases.iter().filter(|phase| *phase == adaptation::FIX).count(), 1);
    assert!(stage.kept[0].draft.text.starts_with("第1集\n1-1 夜 内 灯塔\n"), "{}", stage.kept[0].draft.text);
    assert!(!stage.kept[0].draft.text.contains("王五："), "{}", stage.kept[0].draft.text);
}

#[test]
fn an_episode_with_the_wrong_form_is_held_for_a_person_and_may_be_taken_as_it_is() {
    let mut stage = Stage::adaptation(&[chapter_zh(1)], ScriptFormat::Custom, None, None);
    let mut special = |call: &Call| {
        (call.task == "draft_episode")
            .then(|| Answer::Text("△阿宁提着油壶上塔，风把她的围巾吹得笔直，海面上一片漆黑，塔下的潮水一阵一阵地涌上来。".into()))
    };
    let hold = loop {
        if let Some(hold) = stage.step(&mut special).hold {
            break hold;
        }
    };
    assert!(hold.detail.contains("Episode 1"), "{}", hold.detail);
    assert_eq!(stage.phases.iter().filter(|phase| *phase == adaptation::FIX).count(), 2, "as often as may be");
    stage.state = workflow::accept_held(&stage.state).unwrap();
    stage.finish(&mut special);
    assert_eq!(stage.kept.len(), 1);
}
