//! The novel, step by step: outline; then for each chapter beats, draft, extract, critique, fix, commit. A chapter that a person changes
//! afterwards is read again before anything else.

mod beats;
mod commit;
mod critique;
mod draft;
pub mod edit;
mod extract;
mod fix;
pub(crate) mod intervene;
mod outline;
pub(crate) mod redo;
mod reread;

use crate::{
    plan::{PlannedChapter, UnitId},
    state::{Cursor, NovelState},
    tasks::{ChapterPlan, Heard},
    text::prints,
    workflow::{self, DONE, Needs, OutOfTurn, Progress, revise},
};

/// Plans the chapters, a window at a time.
pub const OUTLINE: &str = "novel.outline";
/// Reads a committed chapter again that a person has changed since.
pub const REREAD: &str = "novel.chapter.reread";
/// Plans the beats of one chapter.
pub const BEATS: &str = "novel.chapter.beats";
/// Writes its prose.
pub const DRAFT: &str = "novel.chapter.draft";
/// Reads what the prose says happened.
pub const EXTRACT: &str = "novel.chapter.extract";
/// Judges it.
pub const CRITIQUE: &str = "novel.chapter.critique";
/// Rewrites the paragraphs that were named.
pub const FIX: &str = "novel.chapter.fix";
/// Keeps the chapter.
pub const COMMIT: &str = "novel.chapter.commit";

/// Every step of the recipe, in order.
pub const STEPS: [&str; 8] = [OUTLINE, REREAD, BEATS, DRAFT, EXTRACT, CRITIQUE, FIX, COMMIT];

/// Chapters planned in detail at a time.
pub const WINDOW: u32 = 40;
/// Chapters planned with a line each in one call.
pub const LINES_WINDOW: u32 = 100;

/// Everything that a step of the novel may look at.
pub type Desk<'a> = workflow::Desk<'a, NovelState>;
type Act = workflow::Act<NovelState>;
type StepTurn = workflow::StepTurn<NovelState>;

/// What the step at the cursor needs from the store.
pub fn needs(state: &NovelState) -> Needs {
    match (state.cursor.phase.as_str(), &state.draft) {
        (CRITIQUE, Some(draft)) => Needs { prints: prints(&draft.text).into_iter().map(|(_, print)| print).collect(), ..Needs::default() },
        (DRAFT | FIX, _) if state.replaces.is_some() => Needs { locks: true, ..Needs::default() },
        (COMMIT, _) if state.redo.is_some() => Needs { readings: true, ..Needs::default() },
        _ => Needs::default(),
    }
}

/// What the step at the cursor does next, having heard these answers in this step so far.
///
/// Pure, and begun anew each time: an answer from the journal and one from the wire lead to the same place.
pub fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    if let Some(reread) = &desk.materials.reread {
        return reread::act(desk, reread, heard);
    }
    match desk.state.cursor.phase.as_str() {
        OUTLINE => outline::act(desk, heard),
        BEATS => beats::act(desk, heard),
        DRAFT => draft::act(desk, heard),
        EXTRACT => extract::act(desk, heard),
        CRITIQUE => critique::act(desk, heard),
        FIX => fix::act(desk, heard),
        COMMIT => commit::act(desk),
        phase => Err(OutOfTurn::new(phase, "the novel has no such step")),
    }
}

/// The step that runs next where the cursor stands at `phase`: while a chapter waits to be read again, that comes first.
pub fn next_step(phase: &str, rereads: bool) -> &str {
    if rereads && phase != DONE { REREAD } else { phase }
}

/// Whether a step may do without its answer once its attempts are used up: its chapter is then kept with the warning `not-read`.
pub fn may_give_up(phase: &str) -> bool {
    matches!(phase, REREAD | EXTRACT | CRITIQUE)
}

/// Chapters committed and planned.
pub fn progress(state: &NovelState) -> Progress {
    let total = state.outline.as_ref().map_or(state.output_spec.chapter_count, |o| o.count());
    let cursor = state.redo.as_ref().map_or(&state.cursor, |redo| &redo.back);
    let done = if cursor.phase == DONE { total } else { cursor.chapter_index.map_or(0, |n| n.saturating_sub(1)) };
    Progress { done, total }
}

/// A held chapter is taken as it is: its findings are waived and it is committed next.
pub fn accept_held(state: &NovelState) -> Result<NovelState, OutOfTurn> {
    if state.draft.is_none() || state.critique.is_none() {
        return Err(OutOfTurn::new(&state.cursor.phase, "no chapter is held for findings"));
    }
    let mut next = state.clone();
    next.cursor.phase = COMMIT.into();
    Ok(next)
}

impl<'a> Desk<'a> {
    fn phase(&self) -> &'a str {
        &self.state.cursor.phase
    }

    /// The ordinal, id and plan of the chapter in hand.
    fn chapter(&self) -> Result<(u32, &'a UnitId, &'a PlannedChapter), OutOfTurn> {
        let ordinal = self.state.cursor.chapter_index.ok_or_else(|| OutOfTurn::new(self.phase(), "the cursor names no chapter"))?;
        let outline = self.state.outline.as_ref().ok_or_else(|| OutOfTurn::new(self.phase(), "there is no outline"))?;
        let (id, chapter) =
            outline.chapter(ordinal).ok_or_else(|| OutOfTurn::new(self.phase(), format!("the outline has no chapter {ordinal}")))?;
        Ok((ordinal, id, chapter))
    }

    fn chapter_count(&self) -> u32 {
        progress(self.state).total
    }

    fn seed(&self) -> u64 {
        self.state.output_spec.seed
    }

    /// The people who are dead by now, by name: those who died last. A rule knows them all.
    fn dead(&self) -> Vec<String> {
        self.state.current_state.last_dead(revise::MOST_DEAD_TOLD).into_iter().map(str::to_owned).collect()
    }
}

fn plan_view(ordinal: u32, chapter: &PlannedChapter) -> ChapterPlan {
    ChapterPlan {
        number: ordinal,
        title: chapter.title.clone(),
        summary: chapter.summary.clone(),
        hook: chapter.hook.clone().unwrap_or_default(),
    }
}

/// The state before chapter `ordinal` is begun: the outline first, where the plan has only a line for it.
fn approach(state: &mut NovelState, ordinal: u32) {
    state.clear_hand();
    let outline = state.outline.as_ref();
    state.cursor = match outline.and_then(|o| o.chapter(ordinal)) {
        Some((_, chapter)) if chapter.is_detailed() => Cursor { phase: BEATS.into(), chapter_index: Some(ordinal), ..Cursor::default() },
        Some(_) => Cursor { phase: OUTLINE.into(), chapter_index: Some(ordinal), ..Cursor::default() },
        None => Cursor { phase: DONE.into(), ..Cursor::default() },
    };
}
