//! Rehearsal writes a script of its own from a brief: a list of scenes, then each scene in its form.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on has failed")]

mod books;
mod rehearsal;

use books::{ask, ask_json};
use rehearsal::{dragon_gate, lighthouse};
use story::{
    brief::FrozenBrief,
    output_spec::{LengthRange, ScriptFormat},
    screenplay::{Element, Script, duanju, fountain},
    tasks::{BriefView, DraftScene, ListScenes, SceneListAnswer, SceneView},
    text::{Length, Unit},
};

fn list(brief: &FrozenBrief, format: ScriptFormat) -> Vec<SceneView> {
    let view = BriefView::of(brief);
    let answer: SceneListAnswer = ask_json(&ListScenes {
        brief: view,
        script_format: format,
        preset: String::new(),
        scene_count: 6,
        from: 1,
        to: 6,
        before: Vec::new(),
    });
    (1..)
        .zip(answer.scenes)
        .map(|(number, scene)| {
            assert!(
                !scene.title.is_empty() && !scene.place.is_empty() && !scene.summary.is_empty() && !scene.characters.is_empty(),
                "{scene:?}"
            );
            let heading = match format {
                ScriptFormat::Custom => {
                    format!("1-{number} {} {} {}", scene.time, if scene.int_ext == "EXT" { "外" } else { "内" }, scene.place)
                }
                _ => format!("{}. {} - {}", scene.int_ext, scene.place, scene.time),
            };
            SceneView { number, title: scene.title, heading, summary: scene.summary, characters: scene.characters }
        })
        .collect()
}

fn draft(brief: &FrozenBrief, scenes: &[SceneView], at: usize, format: ScriptFormat, length: LengthRange) -> String {
    ask(&DraftScene {
        brief: BriefView::of(brief),
        language: brief.content.language().into(),
        script_format: format,
        preset: String::new(),
        scene: scenes[at].clone(),
        scene_count: 6,
        next: scenes.get(at + 1).cloned(),
        length,
        aim: length.middle(),
        dead: Vec::new(),
        guidance: Vec::new(),
        redraft: 0,
        keep: Vec::new(),
    })
}

fn is_a_scene(script: &Script, text: &str, length: LengthRange) {
    let size = Length::of(text).in_unit(length.unit);
    assert!((length.min..=length.max).contains(&size), "{size}:\n{text}");
    assert_eq!(script.scenes.len(), 1, "one scene:\n{text}");
    assert!(script.speeches().count() >= 2, "somebody speaks:\n{text}");
    assert!(script.scenes[0].elements.iter().any(|e| matches!(e, Element::Action(_))), "something happens:\n{text}");
}

#[test]
fn a_brief_becomes_a_screenplay_scene_by_scene() {
    let brief = lighthouse();
    let scenes = list(&brief, ScriptFormat::Fountain);
    let length = LengthRange { min: 200, max: 400, unit: Unit::Words };
    for at in 0..scenes.len() {
        let text = draft(&brief, &scenes, at, ScriptFormat::Fountain, length);
        assert_eq!(text.lines().next(), Some(scenes[at].heading.as_str()), "the heading of the plan");
        is_a_scene(&fountain::script_of(&text), &text, length);
        // What several say, or what a letter says, belongs to all.
        let all = ["All".to_owned(), "Voice".into()];
        let cast: Vec<String> = brief.content.characters.iter().map(|c| c.name.clone()).chain(all).collect();
        assert_eq!(fountain::check(1, &text, &cast), [], "{text}");
    }
    println!("{}", draft(&brief, &scenes, 0, ScriptFormat::Fountain, length));
    assert_eq!(draft(&brief, &scenes, 2, ScriptFormat::Fountain, length), draft(&brief, &scenes, 2, ScriptFormat::Fountain, length));
}

#[test]
fn a_chinese_brief_becomes_a_short_drama_scene_by_scene() {
    let brief = dragon_gate();
    let scenes = list(&brief, ScriptFormat::Custom);
    let length = LengthRange { min: 400, max: 700, unit: Unit::Chars };
    for at in 0..scenes.len() {
        let text = draft(&brief, &scenes, at, ScriptFormat::Custom, length);
        assert_eq!(text.lines().next(), Some(scenes[at].heading.as_str()), "the heading of the plan");
        is_a_scene(&duanju::script_of(&text), &text, length);
    }
    println!("{}", draft(&brief, &scenes, 0, ScriptFormat::Custom, length));
}
