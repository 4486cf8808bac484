use story::{
    language::Tongue,
    tasks::{BeatProposal, BeatsAnswer, PlanBeats},
};

use super::{dice::Dice, draft::ended, en, grammar::Grammar, material::Material, outline::Planner, read};

/// Plans the beats of a chapter from its summary, with what lies between.
pub(super) fn plan(input: &PlanBeats, dice: &mut Dice) -> BeatsAnswer {
    let mut material = Material::of(&input.brief, &input.dead);
    material.first = false;
    let count = usize::try_from(input.beat_count).unwrap_or(3).clamp(1, 24);
    let zh = material.tongue == Tongue::Zh;
    let names = material.names();
    let mentions_dead = |text: &str| input.dead.iter().any(|d| text.contains(d.as_str()));
    let told = |text: &str| if zh || material.present { text.to_owned() } else { en::phrases::in_past(text, &names) };
    let main: Vec<String> = read::sentences::split(&input.chapter.summary)
        .into_iter()
        .filter(|s| !mentions_dead(s) && !material.forbids(s))
        .map(|s| told(&ended(s, material.tongue)))
        .take(count)
        .collect();
    let mut texts: Vec<String> = Vec::new();
    let mut planner = Planner { material: &material, dice, number: input.chapter.number, count: input.chapter_count };
    let between = count.saturating_sub(main.len());
    let mut spent = 0;
    for (n, sentence) in main.iter().enumerate() {
        texts.push(sentence.clone());
        let until = between * (n + 1) / main.len();
        while spent < until {
            let text = beat(&mut planner, &texts);
            texts.push(text);
            spent += 1;
        }
    }
    while texts.len() < count {
        let text = beat(&mut planner, &texts);
        texts.push(text);
    }
    for guide in speakable(&input.guidance, &material) {
        let mut scope = planner.scope(true);
        scope.set("guide", guide);
        let text = planner.say("guidebeat", &scope);
        if !text.is_empty() {
            texts.insert(texts.len().min(1), text);
        }
    }
    texts.retain(|text| !text.is_empty());
    let all = texts.len();
    let times = Grammar::of(material.tongue).list("time");
    let start = planner.dice.below(3);
    let mut place = 0;
    let beats = texts
        .into_iter()
        .enumerate()
        .map(|(n, text)| {
            let known = material.places.iter().position(|p| text.contains(p.as_str()));
            place = known.unwrap_or_else(|| if n % 3 == 0 { planner.dice.below(material.places.len()) } else { place });
            let mut characters: Vec<String> = names.iter().filter(|name| text.contains(name.as_str())).cloned().collect();
            if characters.len() < 2
                && n % 3 != 2
                && let Some(other) =
                    names.iter().cycle().skip(n + input.chapter.number as usize).take(names.len()).find(|name| !characters.contains(name))
            {
                characters.push(other.clone());
            }
            let hour = start + n * (times.len() - start.min(times.len())).max(1) / all.max(1);
            BeatProposal {
                text,
                place: material.places.get(place).cloned(),
                time: times.get(hour.min(times.len().saturating_sub(1))).map(|t| (*t).to_owned()),
                characters,
            }
        })
        .collect();
    BeatsAnswer { beats }
}

fn beat(planner: &mut Planner<'_>, told: &[String]) -> String {
    for _ in 0..6 {
        let scope = planner.scope(false);
        let text = planner.say("beat", &scope);
        if !told.contains(&text) {
            return text;
        }
    }
    String::new()
}

/// The instructions that a story can quote: none that speaks of chapters, drafts or lengths.
pub(super) fn speakable(guidance: &[String], material: &Material) -> Vec<String> {
    const META: [&str; 19] = [
        "chapter",
        "paragraph",
        "draft",
        "word count",
        "prose",
        "the text",
        "narrat",
        "dialogue",
        "style",
        "author",
        "reader",
        "章",
        "段落",
        "正文",
        "字数",
        "文风",
        "读者",
        "对话",
        "情节点",
    ];
    guidance
        .iter()
        .map(|text| {
            let mut text = text.trim().replace(['\n', '“', '”', '"'], " ");
            for lead in ["In this chapter, ", "In this chapter ", "本章中，", "本章里，", "本章，", "这一章里，", "本章要", "这一章"]
            {
                if let Some(rest) = text.strip_prefix(lead) {
                    text = rest.to_owned();
                }
            }
            if material.tongue == Tongue::En { super::grammar::capital(text.trim()) } else { text.trim().to_owned() }
        })
        .filter(|text| {
            let folded = text.to_lowercase();
            !text.is_empty() && !META.iter().any(|word| folded.contains(word)) && !material.forbids(text) && text.chars().count() <= 400
        })
        .map(|text| ended(&text, material.tongue))
        .collect()
}
