use story::{
    language::Tongue,
    output_spec::{LengthRange, ScriptFormat},
    plan,
    screenplay::{
        Heading, duanju, fountain,
        reading::read,
        scenes::{Staged, scenes, side_of},
    },
    tasks::{BriefView, ChapterPlan, DraftChapter, DraftScene, ListScenes, ListedScene, OutlineChapters, SceneListAnswer, SceneView},
};

use super::{
    keep::{Wanted, fitted},
    source::cast_names,
    woven, written,
};
use crate::rehearsal::{dice::Dice, draft, material::Material, outline};

/// Lists scenes as the chapters of a novel are outlined, and gives each a place and a time.
pub(in crate::rehearsal) fn list(input: &ListScenes, dice: &mut Dice) -> SceneListAnswer {
    let told = |scene: &SceneView| ChapterPlan {
        number: scene.number,
        title: scene.title.clone(),
        summary: scene.summary.clone(),
        hook: String::new(),
    };
    let outline = outline::outline(
        &OutlineChapters {
            brief: input.brief.clone(),
            chapter_count: input.scene_count,
            from: input.from,
            to: input.to,
            detailed: true,
            before: input.before.iter().map(told).collect(),
            lines: Vec::new(),
        },
        dice,
    );
    let material = Material::of(&input.brief, &[]);
    let scenes = outline.chapters.into_iter().map(|chapter| {
        let named =
            |name: &&String| chapter.summary.contains(name.as_str()) || chapter.hook.as_ref().is_some_and(|h| h.contains(name.as_str()));
        let names = material.names();
        let mut characters: Vec<String> = names.iter().filter(named).cloned().collect();
        for name in &names {
            if characters.len() < 2 && !characters.contains(name) {
                characters.push(name.clone());
            }
        }
        let place = place_in(&chapter.summary, &material, dice);
        let times: &[&str] =
            if material.tongue == Tongue::Zh { &["日", "夜", "晨", "黄昏"] } else { &["DAY", "NIGHT", "MORNING", "EVENING"] };
        let time = times[dice.deal("time", times.len())];
        let side = side_of(&place, material.tongue);
        ListedScene {
            title: chapter.title,
            int_ext: side.us().trim_end_matches('.').replace("./", "/"),
            place: plain(&place, material.tongue),
            time: time.into(),
            summary: chapter.summary,
            characters,
        }
    });
    SceneListAnswer { scenes: scenes.collect() }
}

/// The place that a summary names, else one of the brief's in turn.
fn place_in(summary: &str, material: &Material, dice: &mut Dice) -> String {
    let named = material.places.iter().find(|p| summary.contains(p.as_str()));
    let at = dice.deal("place", material.places.len());
    named
        .or_else(|| material.places.get(at))
        .cloned()
        .unwrap_or_else(|| if material.tongue == Tongue::Zh { "屋内".into() } else { "the room".into() })
}

/// `the lamp room` as a heading has it.
fn plain(place: &str, tongue: Tongue) -> String {
    let place = place.trim();
    if tongue == Tongue::Zh {
        return place.to_owned();
    }
    ["the ", "a ", "an ", "The "].iter().find_map(|lead| place.strip_prefix(lead)).unwrap_or(place).to_uppercase()
}

/// Writes a scene: told as prose first, then read as a play.
pub(in crate::rehearsal) fn scene(input: &DraftScene, dice: &mut Dice) -> String {
    let tongue = Tongue::of(&input.language);
    let cast = cast_names(&input.brief.cast, &[]);
    let prose = draft::draft(&chapter(input), dice);
    let parted = if tongue == Tongue::Zh { prose.replace("\n\n", "\n") } else { prose };
    let staged = Staged {
        heading: heading(input),
        beats: scenes(&read(&parted, tongue, &cast), tongue).into_iter().flat_map(|s| s.beats).collect(),
    };
    let people: Vec<String> = input.scene.characters.clone();
    let wanted = Wanted { format: input.script_format, length: input.length, tongue, episode: None, keys: &[], people: &people };
    woven(&written(&fitted(&[staged], &wanted), input.script_format), &input.keep, input.script_format)
}

/// The scene as a chapter of prose, a third longer: attributions and the like fall away.
fn chapter(input: &DraftScene) -> DraftChapter {
    let LengthRange { min, max, unit } = input.length;
    let length = LengthRange { min: min * 4 / 3, max: max * 4 / 3, unit };
    DraftChapter {
        // A script has no teller.
        brief: BriefView { pov: String::new(), language: input.language.clone(), ..input.brief.clone() },
        chapter: ChapterPlan {
            number: input.scene.number,
            title: input.scene.title.clone(),
            summary: input.scene.summary.clone(),
            hook: input.next.as_ref().map(|n| n.summary.clone()).unwrap_or_default(),
        },
        chapter_count: input.scene_count,
        beats: vec![plan::Beat { text: input.scene.summary.clone(), place: None, time: None, characters: input.scene.characters.clone() }],
        length,
        aim: length.middle(),
        dead: input.dead.clone(),
        guidance: input.guidance.clone(),
        redraft: input.redraft,
        keep: Vec::new(),
    }
}

/// The heading that the plan gave, as data.
fn heading(input: &DraftScene) -> Heading {
    let line = input.scene.heading.as_str();
    let read = match input.script_format {
        ScriptFormat::Custom => duanju::script_of(line),
        ScriptFormat::Fountain | ScriptFormat::Screenplay => fountain::script_of(line),
    };
    read.scenes.into_iter().next().map(|s| s.heading).unwrap_or_default()
}
