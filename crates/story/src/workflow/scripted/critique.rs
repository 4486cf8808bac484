use std::collections::BTreeMap;

use super::{
    Unit, done,
    draft::{judged, scripted},
};
use crate::{
    finding::{Finding, Severity},
    output_spec::ScriptFormat,
    rules,
    source::PlacedLine,
    state::{Scores, hand::InHand},
    tasks::{Answer, CritiqueScript, Heard, ScriptJudgement, ask, read_answer, render},
    workflow::{
        Act, Desk, OutOfTurn, Progress,
        revise::{aliases, answer, decide, rewrites, shown},
    },
};

/// Below this a hook is called weak.
const WEAK_HOOK: i64 = 40;

/// Judges the draft: form, length, faithfulness and hard rules by code, a rubric by the model; decides what happens next.
pub(in crate::workflow) fn critique<S: InHand>(
    desk: Desk<'_, S>,
    unit: &Unit<'_>,
    heard: &[Heard],
    progress: fn(&S) -> Progress,
) -> Result<Act<S>, OutOfTurn> {
    let mut state = desk.state.clone();
    let hand = state.hand();
    let draft = hand.draft.clone().ok_or_else(|| OutOfTurn::new(unit.phases.critique, "there is no draft to judge"))?;
    let tongue = unit.tongue();
    let known = aliases(&desk.brief.content.characters);
    let (extraction, world) = (hand.extraction.clone(), hand.current_state.clone());
    let judged = judged(desk, unit, &draft, extraction.as_deref(), &world, &known);
    let mut findings = rules::check_script(&judged, &scripted(unit));
    let missing: Vec<&(PlacedLine, f64)> = unit.key_lines.iter().filter(|(line, _)| !rules::stands_in(&draft.text, &line.quote)).collect();
    let count = judged.grain.spans(&draft.text).len();
    let lost = |line: &(PlacedLine, f64)| rules::lost_line(&judged, &line.0.line(), line.1);
    let (scores, rewrites) = match answer(heard, "critique") {
        None => {
            let input = CritiqueScript {
                language: unit.language.to_owned(),
                unit: unit.kind,
                number: unit.ordinal,
                title: unit.title.clone(),
                script_format: unit.format(),
                core: unit.core.clone(),
                opening_hook: unit.opening_hook.clone(),
                closing_hook: unit.closing_hook.clone(),
                text: draft.text.clone(),
                piece_count: u32::try_from(count).unwrap_or(u32::MAX),
                found: findings.iter().map(|f| rules::in_words(tongue, &draft, judged.length, f)).collect(),
                missing: missing.iter().map(|(line, _)| line.line()).collect(),
            };
            let prompt = desk.context.with(Some(&shown(tongue, unit.kind, &draft.text)), render(&input, tongue));
            return Ok(Act::Ask(Box::new(ask("critique", &input, prompt, 1_500, unit.spec.seed))));
        }
        Some(Answer::Json(told)) => {
            let judgement = read_answer::<CritiqueScript>(told).unwrap_or_default();
            let explained = |n: usize| judgement.losses.iter().any(|l| usize::try_from(l.line) == Ok(n) && !l.reason.trim().is_empty());
            findings.extend(missing.iter().zip(1..).filter(|(_, n)| !explained(*n)).map(|(line, _)| lost(line)));
            findings.extend(weak_hooks(unit, &judgement));
            (Some(scores(unit, &judgement)), rewrites(&judgement.rewrites, count))
        }
        Some(_) => {
            findings.extend(missing.iter().map(|line| lost(line)));
            findings.push(rules::not_read(unit.kind, unit.ordinal, "the critique"));
            (None, BTreeMap::new())
        }
    };
    if extraction.is_none() {
        findings.push(rules::not_read(unit.kind, unit.ordinal, "what happens in it"));
    }
    let (outputs, hold) = decide(hand, unit.by(), findings, scores, rewrites);
    Ok(done(state, outputs, Vec::new(), hold, progress))
}

fn score(n: i64) -> u8 {
    u8::try_from(n.clamp(0, 100)).unwrap_or(0)
}

fn scores(unit: &Unit<'_>, judgement: &ScriptJudgement) -> Scores {
    let hook = |n: Option<i64>| n.filter(|_| unit.format() == ScriptFormat::Custom).map(score);
    Scores {
        coverage: score(judgement.coverage),
        voice: score(judgement.voice),
        pace: score(judgement.pace),
        dialogue: score(judgement.dialogue),
        opening_hook: hook(judgement.opening_hook),
        closing_hook: hook(judgement.closing_hook),
    }
}

/// 短剧 lives by its hooks: a weak one is told, and stands all the same.
fn weak_hooks(unit: &Unit<'_>, judgement: &ScriptJudgement) -> Vec<Finding> {
    if unit.format() != ScriptFormat::Custom {
        return Vec::new();
    }
    let hooks = [("opening", judgement.opening_hook), ("closing", judgement.closing_hook)];
    hooks
        .into_iter()
        .filter_map(|(which, score)| {
            let score = score.filter(|score| *score < WEAK_HOOK)?;
            let message = format!("{} {} has a weak {which} hook: {} of 100.", unit.kind.named(), unit.ordinal, score.clamp(0, 100));
            let hint = "Begin later or end earlier, or change the plan.".to_owned();
            Some(Finding::new("weak-hook", Severity::Warning, &format!("{}/{which}", unit.ordinal), message, hint))
        })
        .collect()
}
