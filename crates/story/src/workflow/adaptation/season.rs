use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use super::{onward::begin, progress, text_of, view};
use crate::{
    language::Tongue,
    plan::{Cut, EpisodePlan, Place, PlannedEpisode},
    source::{Laid, Stretch, numbered},
    state::AdaptationState,
    tasks::{
        Answer, Call, CutProposal, EpisodeView, Heard, PlanSeason, SeasonAnswer, SeasonChapter, SeasonEpisode, ask, read_answer, render,
    },
    text::Length,
    workflow::{
        Act, Desk, OutOfTurn,
        revise::{answer, title_alone},
        scripted::done,
    },
};

/// So many episodes are planned in one call.
const WINDOW: usize = 20;
/// So many episodes before a window are shown to the model.
const BEFORE: usize = 4;

/// Lays exactly as many episodes over the book as were asked for, a window at a time. The model says where, code sees to it that it comes
/// out even.
pub(super) fn act(desk: Desk<'_, AdaptationState>, heard: &[Heard]) -> Result<Act<AdaptationState>, OutOfTurn> {
    let state = desk.state;
    let count = state.episode_count.ok_or_else(|| OutOfTurn::new(&state.cursor.phase, "nobody said how many episodes"))? as usize;
    let unit = state.output_spec.chapter_length.unit;
    let mut lengths = BTreeMap::new();
    for chapter in state.source.chapters.keys() {
        let paragraphs = numbered(text_of(desk, *chapter)?, 1, u32::MAX);
        lengths.insert(*chapter, paragraphs.iter().map(|p| Length::of(&p.text).in_unit(unit)).collect::<Vec<_>>());
    }
    let sizes: Vec<usize> = (0..count.div_ceil(WINDOW)).map(|n| WINDOW.min(count - n * WINDOW)).collect();
    let windows = Stretch::of(&lengths).windows(&sizes);
    let mut plan = EpisodePlan::default();
    for (n, (size, stretch)) in sizes.iter().zip(&windows).enumerate() {
        let slot = format!("season/{}", n + 1);
        let Some(Answer::Json(told)) = answer(heard, &slot) else {
            return Ok(Act::Ask(Box::new(question(desk, &plan, slot, *size, stretch))));
        };
        lay(state, &mut plan, *size, stretch, &read_answer::<PlanSeason>(told).unwrap_or_default());
    }
    let outputs = json!({ "episodes": plan.count(), "cuts": plan.cuts.len() });
    let mut next = state.clone();
    begin(&mut next, &plan, 1);
    next.episode_plan = Some(Arc::new(plan));
    Ok(done(next, outputs, Vec::new(), None, progress))
}

fn question(desk: Desk<'_, AdaptationState>, plan: &EpisodePlan, slot: String, size: usize, stretch: &Stretch) -> Call {
    let state = desk.state;
    let from = plan.count() + 1;
    let ordered = plan.in_order();
    let before: Vec<EpisodeView> =
        (1_u32..).zip(&ordered).skip(ordered.len().saturating_sub(BEFORE)).map(|(n, (_, episode))| view(n, episode)).collect();
    let chapters = stretch.chapters().into_iter().map(|(number, from, to)| {
        let breakdown = state.broken_down(number);
        let moments = breakdown.into_iter().flat_map(|b| &b.moments).filter(|m| m.from <= to && m.to >= from).cloned().collect();
        SeasonChapter {
            number,
            title: state.source.chapters.get(&number).map(|c| c.title.clone()).unwrap_or_default(),
            from,
            to,
            core_plot: breakdown.map(|b| b.core_plot.clone()).unwrap_or_default(),
            moments,
        }
    });
    let input = PlanSeason {
        book: desk.brief.title.clone(),
        language: state.language.clone(),
        episode_count: state.episode_count.unwrap_or_default(),
        from,
        to: from + u32::try_from(size).unwrap_or(1) - 1,
        chapters: chapters.collect(),
        before,
        length: state.output_spec.chapter_length,
    };
    let prompt = desk.context.with(None, render(&input, Tongue::of(&state.language)));
    ask(slot, &input, prompt, u64::try_from(size).unwrap_or(1) * 250 + 600, state.output_spec.seed)
}

/// Lays a window's answer over its stretch.
fn lay(state: &AdaptationState, plan: &mut EpisodePlan, size: usize, stretch: &Stretch, told: &SeasonAnswer) {
    let asked: Vec<Laid> = told.episodes.iter().take(size).filter_map(placed).collect();
    let cuts: Vec<Cut> = told.cuts.iter().filter_map(cut).collect();
    let (episodes, left_out) = stretch.lay(size, &asked, &cuts);
    for (i, laid) in episodes.iter().enumerate() {
        let told = told.episodes.get(i).cloned().unwrap_or_else(|| by_moments(state, laid));
        let title = title_alone(&told.title);
        let chapter = state.source.chapters.get(&laid.from.chapter).map(|c| c.title.clone()).unwrap_or_default();
        plan.push(PlannedEpisode {
            title: if title.is_empty() { chapter } else { title },
            from: laid.from,
            to: laid.to,
            core: told.core.trim().to_owned(),
            opening_hook: told.opening_hook.trim().to_owned(),
            hook: told.closing_hook.trim().to_owned(),
            ..PlannedEpisode::default()
        });
    }
    for cut in left_out {
        plan.cuts.insert(format!("k{:04}", plan.cuts.len() + 1), cut);
    }
}

/// An episode that the model left out, in the words of the breakdown.
fn by_moments(state: &AdaptationState, laid: &Laid) -> SeasonEpisode {
    let inside = state.source.between(laid.from, laid.to).into_iter().flat_map(|(chapter, _, first, last)| {
        let moments = state.broken_down(chapter).into_iter().flat_map(|b| &b.moments);
        moments.filter(move |m| m.from <= last && m.to >= first).map(|m| m.text.clone())
    });
    let texts: Vec<String> = inside.collect();
    SeasonEpisode {
        core: texts.first().cloned().unwrap_or_default(),
        opening_hook: texts.first().cloned().unwrap_or_default(),
        closing_hook: texts.last().cloned().unwrap_or_default(),
        ..SeasonEpisode::default()
    }
}

fn place(chapter: i64, paragraph: i64) -> Option<Place> {
    Some(Place { chapter: u32::try_from(chapter).ok()?, paragraph: u32::try_from(paragraph).ok()? })
}

fn placed(episode: &SeasonEpisode) -> Option<Laid> {
    let from = place(episode.from_chapter, episode.from_paragraph)?;
    let to = place(episode.to_chapter, episode.to_paragraph)?;
    (from <= to).then_some(Laid { from, to })
}

fn cut(proposal: &CutProposal) -> Option<Cut> {
    let from = place(proposal.from_chapter, proposal.from_paragraph)?;
    let to = place(proposal.to_chapter, proposal.to_paragraph)?;
    (from <= to).then(|| Cut { from, to, reason: proposal.reason.trim().to_owned() })
}
