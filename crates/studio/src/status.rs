//! The status machine: which command is allowed when. Pure; one function a row of the table in the engine's rules.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use story::workflow::{DONE, Progress};

use crate::{
    ports::{Micros, Refused},
    run::{OpenIndex, Pause, PauseReason, Run, Status, Until},
};

/// A command that does not fit the run's status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The last part of the problem's path: `step-in-progress`, `run-paused`, `run-finished`, `run-failed`.
    pub kind: String,
    /// What was wrong.
    pub detail: String,
    /// What to do.
    pub hint: String,
    /// The run's status.
    pub current_status: Status,
    /// Commands that are allowed instead.
    pub allowed: Vec<String>,
}

/// What follows from a command, besides the row itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// The row changed.
    Changed,
    /// The command's effect already held.
    Unchanged,
    /// The row changed and the step in flight was aborted: its attempt is to be closed `canceled`.
    Aborted,
}

/// What a command may do to a run.
pub type Decision = Result<After, Refused>;

impl Status {
    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Failed => "failed",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        }
    }

    /// Whether nothing more will ever happen by itself or by `next`.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Canceled)
    }
}

/// Commands that the table allows for the run as it stands.
pub fn allowed(run: &Run) -> Vec<String> {
    let names: &[&str] = match (run.status, run.active_step.is_some()) {
        (Status::Queued, _) => &["next", "autorun/start", "pause", "cancel", "state", "interventions", "fork", "delete"],
        (Status::Running, false) => {
            &["next", "autorun/start", "autorun/stop", "pause", "cancel", "state", "interventions", "fork", "delete"]
        }
        (Status::Running, true) => &["autorun/start", "autorun/stop", "pause", "cancel", "fork", "delete"],
        (Status::Paused, false) => &["resume", "autorun/stop", "cancel", "state", "interventions", "fork", "delete"],
        (Status::Paused, true) => &["resume", "autorun/stop", "cancel", "fork", "delete"],
        (Status::Failed, false) => &["next", "autorun/start", "cancel", "state", "interventions", "fork", "delete"],
        (Status::Succeeded, false) => &["state", "interventions", "fork", "delete"],
        (Status::Failed | Status::Succeeded, true) | (Status::Canceled, _) => &["fork", "delete"],
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn conflict(run: &Run, kind: &str, detail: &str, hint: &str) -> Refused {
    Refused::Conflict(Box::new(Conflict {
        kind: kind.into(),
        detail: detail.into(),
        hint: hint.into(),
        current_status: run.status,
        allowed: allowed(run),
    }))
}

fn finished(run: &Run) -> Refused {
    match run.status {
        Status::Canceled => {
            conflict(run, "run-finished", "The run was canceled.", "What it has written can be exported; start a new run to write on.")
        }
        _ => conflict(run, "run-finished", "The run is finished.", "Export it, or start a new run of its brief."),
    }
}

fn in_progress(run: &Run) -> Refused {
    conflict(run, "step-in-progress", "A step of this run is in progress.", "Wait for it, or pause the run with `now`.")
}

fn paused(run: &Run) -> Refused {
    conflict(run, "run-paused", "The run is paused.", "Resume it first.")
}

/// `next`: whether a step may be claimed by hand.
pub fn next(run: &Run) -> Result<(), Refused> {
    match run.status {
        Status::Queued | Status::Running | Status::Failed if run.active_step.is_none() => Ok(()),
        Status::Queued | Status::Running | Status::Failed => Err(in_progress(run)),
        Status::Paused => Err(paused(run)),
        Status::Succeeded | Status::Canceled => Err(finished(run)),
    }
}

/// `autorun/start`: the engine goes on by itself from here.
pub fn start_autorun(run: &mut Run, until: Option<Until>, now: Micros) -> Decision {
    match run.status {
        Status::Paused => return Err(paused(run)),
        Status::Succeeded | Status::Canceled => return Err(finished(run)),
        Status::Queued | Status::Running | Status::Failed => {}
    }
    let waits = run.active_step.is_none() && run.due_at.is_none_or(|at| at > now);
    if run.autorun && run.until == until && run.status != Status::Failed && !waits {
        return Ok(After::Unchanged);
    }
    run.autorun = true;
    run.until = until;
    if run.status == Status::Failed {
        run.status = Status::Running;
        run.error = None;
        // A person who starts again gives the step its attempts back.
        if let Some(open) = &mut run.open {
            *open = OpenIndex {
                index: open.index,
                name: open.name.clone(),
                attempts: open.attempts,
                candidates: open.candidates,
                ..OpenIndex::default()
            };
        }
    }
    if run.active_step.is_none() {
        run.retry = None;
        if !stand_at_gate(run) {
            run.due_at = Some(now);
        }
    }
    Ok(After::Changed)
}

/// `autorun/stop`: nothing further starts by itself.
pub fn stop_autorun(run: &mut Run) -> Decision {
    if !run.autorun {
        return Ok(After::Unchanged);
    }
    run.autorun = false;
    run.until = None;
    run.due_at = None;
    run.retry = None;
    Ok(After::Changed)
}

/// `pause`: no further step starts; with `abort` the one in flight ends now and will run again.
pub fn pause(run: &mut Run, abort: bool) -> Decision {
    match run.status {
        Status::Failed => {
            return Err(conflict(run, "run-failed", "The run has failed.", "Try the step again with `next`, or start autorun."));
        }
        Status::Succeeded | Status::Canceled => return Err(finished(run)),
        Status::Queued | Status::Running | Status::Paused => {}
    }
    let already = run.status == Status::Paused;
    if !already {
        run.status = Status::Paused;
        run.pause = Some(Pause { reason: PauseReason::Person, detail: String::new(), before_step: None });
        run.due_at = None;
        run.retry = None;
    }
    if abort && abort_step(run) {
        return Ok(After::Aborted);
    }
    Ok(if already { After::Unchanged } else { After::Changed })
}

/// `resume`: autorun goes on if it was on; the gate that the run stands at is passed.
pub fn resume(run: &mut Run, now: Micros) -> Decision {
    match run.status {
        Status::Queued | Status::Running => return Ok(After::Unchanged),
        Status::Failed => {
            return Err(conflict(
                run,
                "run-failed",
                "The run has failed; it is not paused.",
                "Try the step again with `next`, or start autorun.",
            ));
        }
        Status::Succeeded | Status::Canceled => return Err(finished(run)),
        Status::Paused => {}
    }
    if run.pause.as_ref().is_some_and(|p| p.reason == PauseReason::Gate) {
        run.gate_passed = Some(next_index(run));
    }
    run.status = if run.last_index == 0 { Status::Queued } else { Status::Running };
    run.pause = None;
    if run.autorun && run.active_step.is_none() && !stand_at_gate(run) {
        run.due_at = Some(now);
    }
    Ok(After::Changed)
}

/// `cancel`: the run ends; what was committed stays.
pub fn cancel(run: &mut Run) -> Decision {
    match run.status {
        Status::Canceled => return Ok(After::Unchanged),
        Status::Succeeded => return Err(finished(run)),
        Status::Queued | Status::Running | Status::Paused | Status::Failed => {}
    }
    let aborted = abort_step(run);
    if !aborted {
        run.epoch += 1;
    }
    run.status = Status::Canceled;
    run.error = None;
    run.autorun = false;
    run.until = None;
    run.pause = None;
    run.retry = None;
    run.due_at = None;
    Ok(if aborted { After::Aborted } else { After::Changed })
}

/// Whether the state may be changed by hand, or by an instruction.
pub fn may_edit(run: &Run) -> Result<(), Refused> {
    match run.status {
        _ if run.active_step.is_some() => Err(in_progress(run)),
        Status::Canceled => Err(finished(run)),
        Status::Queued | Status::Running | Status::Paused | Status::Failed | Status::Succeeded => Ok(()),
    }
}

/// What a change of the state by hand makes of its run: a failed one is running again and waits for its person, a paused one stays
/// paused, a finished one goes on where the cursor moved off its end. What was scheduled is dropped, and due at once where autorun is on.
pub(crate) fn edited(run: &mut Run, cursor: Value, progress: Progress, now: Micros) {
    let is_done = cursor.get("phase").and_then(Value::as_str) == Some(DONE);
    let moved = run.cursor != cursor;
    // The step after it is another piece of work.
    run.open = None;
    run.hold_until = None;
    run.cursor = cursor;
    run.progress = progress;
    match run.status {
        Status::Canceled => return,
        Status::Failed => {
            run.status = Status::Running;
            run.error = None;
            run.autorun = false;
            run.until = None;
        }
        Status::Succeeded if moved && !is_done => run.status = Status::Running,
        Status::Queued | Status::Running | Status::Paused | Status::Succeeded => {}
    }
    run.retry = None;
    run.due_at = None;
    if is_done {
        run.status = Status::Succeeded;
        run.pause = None;
        run.autorun = false;
        run.until = None;
    } else if run.autorun && matches!(run.status, Status::Queued | Status::Running) && !stand_at_gate(run) {
        run.due_at = Some(now);
    }
}

/// Somebody waits for a turn: until then autorun begins no further step.
pub(crate) fn hold(run: &mut Run, until: Micros) {
    run.hold_until = Some(until);
    run.due_at = run.due_at.map(|due| due.max(until));
}

/// Whether somebody waits for a turn.
pub(crate) fn is_held(run: &Run, now: Micros) -> bool {
    run.hold_until.is_some_and(|until| until > now)
}

/// The run has moved on since the change was computed.
pub fn moved_on(run: &Run) -> Refused {
    conflict(run, "state-moved-on", "The run has moved on since its state was read.", "Look at it again, then make the change anew.")
}

/// What a step had changed was changed again since it was committed.
pub fn changed_since(run: &Run, pointers: &[String]) -> Refused {
    let detail = format!("What the step had changed was changed again since: {}.", pointers.join(", "));
    conflict(run, "changed-since", &detail, "Put in by hand what should stand there, or fork the run before that step.")
}

/// What was not written yet cannot be redone.
pub fn not_committed(run: &Run, ordinal: u32) -> Refused {
    let detail = format!("{} {ordinal} is not committed yet.", run.kind.artifact().named());
    conflict(run, "not-committed", &detail, "Change its plan or its draft instead; redo is for what is kept.")
}

/// The unit that a step drafted is not in hand any more.
pub fn not_in_hand(run: &Run, index: i64) -> Refused {
    let detail = format!("What step {index} has drafted is not in hand any more.");
    let hint = "Its candidates are still there to be read: put the text that you want in as a version, or fork the run at that step and choose there.";
    conflict(run, "not-in-hand", &detail, hint)
}

/// Another one is being redone.
pub fn redoing(run: &Run, ordinal: u32) -> Refused {
    let detail = format!("{} {ordinal} is being redone.", run.kind.artifact().named());
    conflict(run, "redo-in-progress", &detail, "Let it be written first, or give it up by removing `redo` from the state.")
}

/// A step that made versions is not taken back.
pub fn made_versions(run: &Run) -> Refused {
    let hint = "Restore an older version of the text, redo what it made, or fork the run before that step.";
    conflict(run, "made-versions", "The step has kept a version of a text, and history only grows.", hint)
}

/// The step that was expected is not the one that would run.
pub fn step_moved_on(run: &Run) -> Refused {
    let detail = format!("The run has moved on: its next step has index {}.", next_index(run));
    conflict(run, "step-moved-on", &detail, "Look at the run again, then ask for the step that comes next.")
}

/// Takes the worker's right to commit away. True when there was one.
fn abort_step(run: &mut Run) -> bool {
    if run.claim.is_none() {
        return false;
    }
    run.epoch += 1;
    run.claim = None;
    true
}

/// Pauses the run where the next step stands in `pause_before` and its gate was not passed. Gates hold autorun only.
pub fn stand_at_gate(run: &mut Run) -> bool {
    let phase = run.next_step().to_owned();
    if !run.autorun || !run.pause_before.contains(&phase) || run.gate_passed == Some(next_index(run)) {
        return false;
    }
    run.status = Status::Paused;
    run.due_at = None;
    run.pause = Some(Pause { reason: PauseReason::Gate, detail: format!("The next step is {phase}."), before_step: Some(phase) });
    true
}

/// The index that the next attempt will have: the open one, where that is the same piece of work.
pub fn next_index(run: &Run) -> i64 {
    run.open.as_ref().filter(|open| open.name == run.next_step()).map_or(run.last_index + 1, |open| open.index)
}
