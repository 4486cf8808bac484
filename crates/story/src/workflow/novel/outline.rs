use std::sync::Arc;

use serde_json::json;

use super::{Act, Desk, LINES_WINDOW, StepTurn, WINDOW, approach, plan_view, progress};
use crate::{
    plan::{Outline, PlannedChapter},
    tasks::{Answer, BriefView, ChapterPlan, Heard, OutlineAnswer, OutlineChapters, OutlinedChapter, ask, read_answer, render},
    workflow::{
        OutOfTurn,
        revise::{answer, title_alone},
    },
};

/// How many chapters before a window are shown to the model.
const BEFORE: u32 = 6;

/// Plans the window that the run stands at in detail, and on the first time every chapter beyond it with a line.
pub(super) fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let from = desk.state.cursor.chapter_index.unwrap_or(1);
    let total = desk.chapter_count();
    let mut outline = desk.state.outline.as_deref().cloned().unwrap_or_default();
    for (n, stretch) in stretches(&outline, from, total).into_iter().enumerate() {
        if let Some(call) = ask_or_keep(desk, heard, &mut outline, n + 1, stretch)? {
            return Ok(Act::Ask(call));
        }
    }
    let mut state = desk.state.clone();
    let planned = outline.count();
    state.outline = Some(Arc::new(outline));
    approach(&mut state, from);
    let progress = progress(&state);
    Ok(Act::Done(Box::new(StepTurn { state, outputs: json!({ "chapters": planned }), effects: Vec::new(), hold: None, progress })))
}

#[derive(Clone, Copy)]
struct Stretch {
    from: u32,
    to: u32,
    detailed: bool,
}

/// What one outline step asks for: a detailed window from `from`, then lines for whatever has no plan at all.
fn stretches(outline: &Outline, from: u32, total: u32) -> Vec<Stretch> {
    let last = (from + WINDOW - 1).min(total);
    let mut all = vec![Stretch { from, to: last, detailed: true }];
    let mut next = last.max(outline.count()) + 1;
    while next <= total {
        let to = (next + LINES_WINDOW - 1).min(total);
        all.push(Stretch { from: next, to, detailed: false });
        next = to + 1;
    }
    all
}

/// Takes what was heard for this stretch into the outline, or says what to ask: the stretch, then what is missing.
fn ask_or_keep(
    desk: Desk<'_>,
    heard: &[Heard],
    outline: &mut Outline,
    n: usize,
    stretch: Stretch,
) -> Result<Option<Box<crate::tasks::Call>>, OutOfTurn> {
    let slot = format!("outline/{n}");
    let Some(Answer::Json(first)) = answer(heard, &slot) else {
        return Ok(Some(question(desk, outline, slot, stretch)));
    };
    let mut chapters = read_answer::<OutlineChapters>(first).unwrap_or_default().chapters;
    let wanted = stretch.to - stretch.from + 1;
    let mut asked = 0;
    loop {
        let given = u32::try_from(chapters.len()).unwrap_or(u32::MAX);
        if given >= wanted {
            break;
        }
        // A model that writes short answers gives a few chapters at a time; one that gives none more will not give the rest.
        asked += 1;
        let slot = if asked == 1 { format!("outline/{n}/missing") } else { format!("outline/{n}/missing/{asked}") };
        let Some(Answer::Json(more)) = answer(heard, &slot) else {
            // What came so far is shown as planned before; only the rest is asked for.
            let mut so_far = outline.clone();
            lay(&mut so_far, stretch.from, OutlineAnswer { chapters }, stretch.detailed);
            let rest = Stretch { from: stretch.from + given, ..stretch };
            return Ok(Some(question(desk, &so_far, slot, rest)));
        };
        let more = read_answer::<OutlineChapters>(more).unwrap_or_default().chapters;
        if more.is_empty() {
            let first_missing = stretch.from + given;
            return Err(OutOfTurn::unusable(
                desk.phase(),
                format!("the model planned none of the chapters {first_missing} to {}", stretch.to),
            ));
        }
        chapters.extend(more);
    }
    chapters.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
    lay(outline, stretch.from, OutlineAnswer { chapters }, stretch.detailed);
    Ok(None)
}

fn question(desk: Desk<'_>, outline: &Outline, slot: String, stretch: Stretch) -> Box<crate::tasks::Call> {
    let ordered = outline.in_order();
    let shown = |from: u32, to: u32| -> Vec<ChapterPlan> {
        (from..=to).filter_map(|n| ordered.get(usize::try_from(n).ok()?.checked_sub(1)?).map(|(_, c)| plan_view(n, c))).collect()
    };
    let input = OutlineChapters {
        brief: BriefView::of(desk.brief),
        chapter_count: desk.chapter_count(),
        from: stretch.from,
        to: stretch.to,
        detailed: stretch.detailed,
        before: shown(stretch.from.saturating_sub(BEFORE).max(1), stretch.from.saturating_sub(1)),
        // A place in the plan that says nothing yet is none to keep.
        lines: shown(stretch.from, stretch.to).into_iter().filter(|c| !c.title.is_empty() || !c.summary.is_empty()).collect(),
    };
    let prompt = desk.context.with(None, render(&input, desk.brief.content.tongue()));
    let per_chapter = if stretch.detailed { 200 } else { 80 };
    let max_tokens = u64::from(stretch.to - stretch.from + 1) * per_chapter + 400;
    Box::new(ask(slot, &input, prompt, max_tokens, desk.seed()))
}

/// Lays chapters into the outline from `from` on. Code numbers by position; the model's numbers are not believed.
fn lay(outline: &mut Outline, from: u32, answer: OutlineAnswer, detailed: bool) {
    for (n, chapter) in (from..).zip(answer.chapters) {
        let planned = planned(n, chapter, detailed);
        let known = outline.chapter(n).map(|(id, chapter)| (id.clone(), chapter.order));
        match known {
            Some((id, order)) => outline.chapters.insert(id, PlannedChapter { order, ..planned }),
            None => {
                let order = outline.chapters.values().map(|c| c.order + 1000).max().unwrap_or(0).max(planned.order);
                outline.chapters.insert(fresh_id(outline, n), PlannedChapter { order, ..planned })
            }
        };
    }
}

/// An id that no chapter has, also where chapters were put in and dropped before.
fn fresh_id(outline: &Outline, n: u32) -> String {
    (n..).map(|n| format!("c{n:04}")).find(|id| !outline.chapters.contains_key(id)).unwrap_or_default()
}

fn planned(n: u32, chapter: OutlinedChapter, detailed: bool) -> PlannedChapter {
    let hook = chapter.hook.map(|h| h.trim().to_owned());
    PlannedChapter {
        order: i64::from(n) * 1000,
        title: title_alone(&chapter.title),
        summary: chapter.summary.trim().to_owned(),
        hook: if detailed { Some(hook.unwrap_or_default()) } else { None },
    }
}
