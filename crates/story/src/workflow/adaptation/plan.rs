use std::sync::Arc;

use serde_json::json;

use super::{onward::begin, progress, text_of, view};
use crate::{
    language::Tongue,
    plan::{EpisodePlan, Place, PlannedEpisode},
    source::{episodes_for, numbered, split},
    state::AdaptationState,
    tasks::{Answer, EpisodeProposal, Heard, PlanEpisodes, ask, read_answer, render},
    text::Length,
    workflow::{
        Act, Desk, OutOfTurn,
        revise::{answer, title_alone},
        scripted::done,
    },
};

/// Divides the chapter in hand into as many episodes as its length asks for. The model says where, code sees to it that it comes out even.
pub(super) fn act(desk: Desk<'_, AdaptationState>, heard: &[Heard]) -> Result<Act<AdaptationState>, OutOfTurn> {
    let state = desk.state;
    let phase = &state.cursor.phase;
    let ordinal = state.cursor.chapter_index.ok_or_else(|| OutOfTurn::new(phase, "the cursor names no chapter"))?;
    let chapter =
        state.source.chapters.get(&ordinal).ok_or_else(|| OutOfTurn::new(phase, format!("the source has no chapter {ordinal}")))?;
    let breakdown = state.broken_down(ordinal).ok_or_else(|| OutOfTurn::new(phase, "the chapter was not broken down"))?;
    let range = state.output_spec.chapter_length;
    let count = episodes_for(chapter.length, chapter.paragraphs, range);
    let mut plan: EpisodePlan = state.episode_plan.as_deref().cloned().unwrap_or_default();
    let first = plan.count() + 1;
    let proposals = if count == 1 {
        let hook = breakdown.moments.last().map(|m| m.text.clone()).unwrap_or_default();
        vec![EpisodeProposal {
            title: chapter.title.clone(),
            core: breakdown.core_plot.clone(),
            closing_hook: hook,
            ..EpisodeProposal::default()
        }]
    } else {
        let Some(Answer::Json(told)) = answer(heard, "plan") else {
            let input = PlanEpisodes {
                book: desk.brief.title.clone(),
                language: state.language.clone(),
                chapter: ordinal,
                title: chapter.title.clone(),
                core_plot: breakdown.core_plot.clone(),
                moments: breakdown.moments.clone(),
                paragraph_count: chapter.paragraphs,
                episode_count: count,
                first_episode: first,
                length: range,
                before: plan.episode(first - 1).map(|(_, episode)| view(first - 1, episode)),
            };
            let prompt = desk.context.with(None, render(&input, Tongue::of(&state.language)));
            return Ok(Act::Ask(Box::new(ask("plan", &input, prompt, u64::from(count) * 250 + 400, state.output_spec.seed))));
        };
        read_answer::<PlanEpisodes>(told).unwrap_or_default().episodes
    };
    let lengths: Vec<u64> =
        numbered(text_of(desk, ordinal)?, 1, u32::MAX).iter().map(|p| Length::of(&p.text).in_unit(range.unit)).collect();
    let wanted: Vec<usize> = proposals.iter().filter_map(|e| usize::try_from(e.last_paragraph).ok()).collect();
    let mut from = 1;
    let mut proposals = proposals.into_iter();
    for to in split(&lengths, count as usize, &wanted) {
        let to = u32::try_from(to).unwrap_or(u32::MAX);
        let told = proposals.next().unwrap_or_default();
        let title = title_alone(&told.title);
        plan.push(PlannedEpisode {
            title: if title.is_empty() { chapter.title.clone() } else { title },
            from: Place { chapter: ordinal, paragraph: from },
            to: Place { chapter: ordinal, paragraph: to },
            core: told.core.trim().to_owned(),
            opening_hook: told.opening_hook.trim().to_owned(),
            hook: told.closing_hook.trim().to_owned(),
            ..PlannedEpisode::default()
        });
        from = to + 1;
    }
    let mut next = state.clone();
    begin(&mut next, &plan, first);
    next.episode_plan = Some(Arc::new(plan));
    Ok(done(next, json!({ "chapter": ordinal, "episodes": count }), Vec::new(), None, progress))
}
