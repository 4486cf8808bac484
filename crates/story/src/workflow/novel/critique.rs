use std::collections::BTreeMap;

use super::{Act, COMMIT, DRAFT, Desk, FIX, StepTurn, plan_view, progress};
use crate::{
    plan::UnitKind,
    rules::{self, Judged},
    state::{Draft, Scores, hand::InHand as _},
    tasks::{Answer, CritiqueChapter, Heard, Judgement, ask, read_answer, render},
    text::{Grain, paragraphs},
    workflow::{
        OutOfTurn,
        revise::{Loop, aliases, answer, decide, rewrites, shown},
    },
};

/// Judges the draft: hard rules by code, a rubric by the model; decides what happens next.
pub(super) fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let (ordinal, _, chapter) = desk.chapter()?;
    let draft = desk.state.draft.as_ref().ok_or_else(|| OutOfTurn::new(desk.phase(), "there is no draft to judge"))?;
    let tongue = desk.brief.content.tongue();
    let range = desk.state.output_spec.chapter_length;
    let known = aliases(&desk.brief.content.characters);
    let mut findings = rules::check(&Judged { extraction: desk.state.extraction.as_deref(), ..judged(desk, draft, &known) });
    let count = paragraphs(&draft.text).len();
    let (scores, rewrites) = match answer(heard, "critique") {
        None => {
            let input = CritiqueChapter {
                language: desk.brief.content.language().to_owned(),
                chapter: plan_view(ordinal, chapter),
                beats: desk.state.beats.as_ref().map(|b| b.beats.clone()).unwrap_or_default(),
                text: draft.text.clone(),
                paragraph_count: u32::try_from(count).unwrap_or(u32::MAX),
                found: findings.iter().map(|f| rules::in_words(tongue, draft, range, f)).collect(),
            };
            let prompt = desk.context.with(Some(&shown(tongue, UnitKind::Chapter, &draft.text)), render(&input, tongue));
            return Ok(Act::Ask(Box::new(ask("critique", &input, prompt, 1_200, desk.seed()))));
        }
        Some(Answer::Json(told)) => {
            let judgement = read_answer::<CritiqueChapter>(told).unwrap_or_default();
            (Some(scores(&judgement)), rewrites(&judgement.rewrites, count))
        }
        Some(_) => {
            findings.push(rules::not_read(UnitKind::Chapter, ordinal, "the critique"));
            (None, BTreeMap::new())
        }
    };
    if desk.state.extraction.is_none() {
        findings.push(rules::not_read(UnitKind::Chapter, ordinal, "what happens in it"));
    }
    let mut state = desk.state.clone();
    let by = Loop { tongue, spec: &desk.state.output_spec, length: range, grain: Grain::Paragraph, draft: DRAFT, fix: FIX, commit: COMMIT };
    let (outputs, hold) = decide(state.hand(), by, findings, scores, rewrites);
    let progress = progress(&state);
    Ok(Act::Done(Box::new(StepTurn { state, outputs, effects: Vec::new(), hold, progress })))
}

/// A draft of the chapter, and everything that it is judged against without having been read.
pub(super) fn judged<'a>(desk: Desk<'a>, draft: &'a Draft, known: &'a BTreeMap<String, String>) -> Judged<'a> {
    Judged {
        unit: UnitKind::Chapter,
        grain: Grain::Paragraph,
        tongue: desk.brief.content.tongue(),
        draft,
        extraction: None,
        world: &desk.state.current_state,
        length: desk.state.output_spec.chapter_length,
        forbidden: &desk.brief.content.forbidden,
        repeated: &desk.materials.repeated,
        known,
    }
}

fn scores(judgement: &Judgement) -> Scores {
    let score = |n: i64| u8::try_from(n.clamp(0, 100)).unwrap_or(0);
    Scores {
        coverage: score(judgement.coverage),
        voice: score(judgement.voice),
        pace: score(judgement.pace),
        dialogue: score(judgement.dialogue),
        ..Scores::default()
    }
}
