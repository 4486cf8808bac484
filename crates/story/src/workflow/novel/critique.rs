use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use super::{Act, COMMIT, DRAFT, Desk, FIX, StepTurn, answer, held_key, plan_view, progress, shown};
use crate::{
    finding::{Finding, Severity},
    guidance::Guidance,
    language::Tongue,
    rules::{self, Judged},
    state::{Critique, Round, Scores, Verdict},
    tasks::{Answer, CritiqueChapter, Heard, Judgement, ask, read_answer, render},
    text::paragraphs,
    workflow::{Hold, OutOfTurn},
};

/// The model may send at most so many paragraphs back in a round.
const MOST_REWRITES: usize = 5;

/// Judges the draft: hard rules by code, a rubric by the model; decides what happens next.
pub(super) fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let (ordinal, _, chapter) = desk.chapter()?;
    let draft = desk.state.draft.as_ref().ok_or_else(|| OutOfTurn::new(desk.phase(), "there is no draft to judge"))?;
    let tongue = desk.brief.content.tongue();
    let range = desk.state.output_spec.chapter_length;
    let judged = Judged {
        tongue,
        draft,
        extraction: desk.state.extraction.as_deref(),
        world: &desk.state.current_state,
        length: range,
        forbidden: &desk.brief.content.forbidden,
        repeated: &desk.materials.repeated,
        known: &desk.aliases(),
    };
    let mut findings = rules::check(&judged);
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
            let prompt = desk.context.with(Some(&shown(tongue, &draft.text)), render(&input, tongue));
            return Ok(Act::Ask(Box::new(ask("critique", &input, prompt, 1_200, desk.seed()))));
        }
        Some(Answer::Json(told)) => {
            let judgement = read_answer::<CritiqueChapter>(told).unwrap_or_default();
            (Some(scores(&judgement)), rewrites(&judgement, count))
        }
        Some(_) => {
            findings.push(rules::not_read(ordinal, "the critique"));
            (None, BTreeMap::new())
        }
    };
    if desk.state.extraction.is_none() {
        findings.push(rules::not_read(ordinal, "what happens in it"));
    }
    Ok(Act::Done(Box::new(decide(desk, findings, scores, rewrites))))
}

/// Fix while there are rounds left and something to mend; then the best round, or a person where an error is left.
fn decide(desk: Desk<'_>, findings: Vec<Finding>, scores: Option<Scores>, rewrites: BTreeMap<u32, String>) -> StepTurn {
    let mut state = desk.state.clone();
    let Some(draft) = state.draft.clone() else { unreachable!("judged above") };
    let ordinal = draft.ordinal;
    let tongue = desk.brief.content.tongue();
    let mut paragraphs = rules::paragraphs_to_fix(tongue, &draft, state.output_spec.chapter_length, &findings);
    for (number, instruction) in rewrites {
        paragraphs.entry(number).or_insert(instruction);
    }
    let round = state.fix_round.unwrap_or(0);
    let mut hold = None;
    let verdict;
    let kept;
    if !paragraphs.is_empty() && round < state.output_spec.max_fix_rounds {
        state.best = Some(better(state.best.take(), Round { draft, extraction: state.extraction.clone(), findings: findings.clone() }));
        state.cursor.phase = FIX.into();
        verdict = Verdict::Fix;
        kept = findings;
    } else {
        let this = Round { draft, extraction: state.extraction.clone(), findings };
        let best = better(state.best.take(), this);
        let findings: Vec<Finding> = best.findings.iter().cloned().map(rules::after_last_round).collect();
        state.draft = Some(best.draft.clone());
        state.extraction = best.extraction.clone();
        paragraphs = BTreeMap::new();
        if let Some(error) = findings.iter().find(|f| f.severity == Severity::Error) {
            hold = Some(Hold { detail: error.message.clone() });
            let text = findings
                .iter()
                .filter(|f| f.severity == Severity::Error)
                .map(|f| rules::in_words(tongue, &best.draft, state.output_spec.chapter_length, f))
                .collect::<Vec<_>>()
                .join(if tongue == Tongue::Zh { "" } else { " " });
            state.guidance.insert(held_key(ordinal), Guidance { order: i64::MAX / 2, text, chapter: Some(ordinal) });
            state.cursor.phase = DRAFT.into();
            verdict = Verdict::Person;
        } else {
            state.cursor.phase = COMMIT.into();
            verdict = Verdict::Commit;
        }
        kept = findings;
    }
    let outputs = json!({ "verdict": verdict, "findings": kept.len(), "scores": scores });
    state.critique = Some(Arc::new(Critique { verdict, findings: kept, scores, paragraphs }));
    let progress = progress(&state);
    StepTurn { state, outputs, effects: Vec::new(), hold, progress }
}

/// The round with the fewest errors, then the fewest warnings; the later one where they are alike. A round that could not be read never
/// beats one that was: what was not read holds no contradiction only because nobody looked.
fn better(best: Option<Arc<Round>>, this: Round) -> Arc<Round> {
    let weight = |round: &Round| {
        let errors = round.findings.iter().filter(|f| rules::after_last_round((*f).clone()).severity == Severity::Error).count();
        (round.extraction.is_none(), errors, round.findings.len())
    };
    match best {
        Some(best) if weight(&best) < weight(&this) => best,
        _ => Arc::new(this),
    }
}

fn scores(judgement: &Judgement) -> Scores {
    let score = |n: i64| u8::try_from(n.clamp(0, 100)).unwrap_or(0);
    Scores {
        coverage: score(judgement.coverage),
        voice: score(judgement.voice),
        pace: score(judgement.pace),
        dialogue: score(judgement.dialogue),
    }
}

/// The paragraphs that the model wants anew; one that does not exist is not believed.
fn rewrites(judgement: &Judgement, count: usize) -> BTreeMap<u32, String> {
    judgement
        .rewrites
        .iter()
        .filter_map(|r| Some((u32::try_from(r.paragraph).ok()?, r.instruction.trim())))
        .filter(|(n, instruction)| *n >= 1 && usize::try_from(*n).is_ok_and(|n| n <= count) && !instruction.is_empty())
        .take(MOST_REWRITES)
        .map(|(n, instruction)| (n, instruction.to_owned()))
        .collect()
}
