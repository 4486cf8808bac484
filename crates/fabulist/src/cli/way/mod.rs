//! The whole way, for every command that goes it: a run that is found or begun, driven to its end with its progress told, then the files.

mod finish;
pub(crate) mod origin;
pub(crate) mod plan;

use std::path::Path;

use studio::{
    Studio,
    driver::Scope,
    run::{Budget, Kind, PauseReason, Run, Status, Until},
};
use tokio::sync::mpsc::UnboundedReceiver;

use self::origin::Found;
use super::{
    follow::{Ended, follow, pause_words},
    output::Output,
    signals,
};
use crate::{
    failure::{Exit, Failure},
    say,
    wiring::Wiring,
};

/// What a command does with its run.
pub(crate) struct Way<'a> {
    pub(crate) studio: &'a Studio,
    pub(crate) wiring: &'a Wiring,
    pub(crate) output: &'a Output,
    pub(crate) signals: &'a mut UnboundedReceiver<signals::Signal>,
    /// BCP 47: what is counted while it goes on.
    pub(crate) language: String,
    /// Whether it stops after the plan.
    pub(crate) plan: bool,
    /// Whether units were there before anything was planned.
    pub(crate) written: bool,
    pub(crate) formats: &'a [String],
    /// Where the files go.
    pub(crate) out: &'a Path,
}

impl Way<'_> {
    /// Goes the way to its end, from wherever the run stands.
    pub(crate) async fn go(self, found: Found) -> Result<(), Failure> {
        let (studio, output) = (self.studio, self.output);
        found.tell(output);
        let mut run = found.run;
        let seen = if found.is_new { 0 } else { run.last_event };
        if run.status != Status::Succeeded {
            studio.driver().set_scope(Scope::Only(run.id.clone()));
            if run.status == Status::Paused {
                run = studio.resume(&run.id, false).await?;
            }
            let (planning, drafting) = plan::steps(run.kind);
            // As long as nothing is drafted, --plan shows the plan again.
            let undrafted = run.progress.done == 0 && run.next_step() == drafting;
            if self.plan && undrafted && run.active_step.is_none() && !plan::show(studio, &run, output).await? {
                return Ok(());
            }
            let planned = run.progress.done > 0 && !self.written || undrafted || is_behind(&run, planning);
            let until = (self.plan && !planned).then(|| Until { step: Some(planning.into()), ..Until::default() });
            let stops_at_plan = until.is_some();
            run = studio.start_autorun(&run.id, until).await?;
            let mut ended = follow(studio, &run.id, seen, &self.language, self.signals, output).await?;
            if stops_at_plan
                && let Ended::Still(still) = &ended
                && still.status == Status::Running
            {
                if !plan::show(studio, still, output).await? {
                    return Ok(());
                }
                let seen = studio.run(&still.id).await?.last_event;
                studio.start_autorun(&still.id, None).await?;
                ended = follow(studio, &still.id, seen, &self.language, self.signals, output).await?;
            }
            run = match ended {
                Ended::Still(run) => *run,
                Ended::Interrupted(run) => return interrupted(&run, output),
                Ended::Terminated => {
                    output.note(&say!("Stopped; the same command goes on where it stopped." | "已停止；再次运行同一命令即可继续。"));
                    return Ok(());
                }
            };
        }
        match run.status {
            Status::Succeeded => finish::finish(studio, self.wiring, &run, self.formats, self.out, output).await,
            Status::Paused => Err(paused(&run)),
            _ => Err(Failure::of_run(&run)),
        }
    }
}

/// Whether the run has passed the step that makes its plan.
fn is_behind(run: &Run, planning: &str) -> bool {
    match run.kind {
        // Chapters are broken down before a season is planned.
        Kind::NovelToScript => ![planning, story::workflow::adaptation::BREAKDOWN].contains(&run.next_step()),
        // What waits to be read again comes before the plan of a novel that is gone on with.
        Kind::Novel | Kind::Script => run.cursor["phase"] != planning,
    }
}

/// What a kind's units are called, and their measure word in Chinese.
pub(crate) fn units(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Novel => ("chapters", "章"),
        Kind::Script => ("scenes", "场"),
        Kind::NovelToScript => ("episodes", "集"),
    }
}

fn interrupted(run: &Run, output: &Output) -> Result<(), Failure> {
    let (units, measure) = units(run.kind);
    let (done, total) = (run.progress.done, run.progress.total);
    output.note(&say!(
        "Paused after {} of {} {units}. The same command goes on from here." | "已暂停，完成 {}/{} {measure}。再次运行同一命令即可继续。",
        done,
        total
    ));
    Err(Failure::new(Exit::Interrupted, "", ""))
}

fn paused(run: &Run) -> Failure {
    let Some(pause) = &run.pause else { return Failure::of_run(run) };
    let (exit, hint) = match pause.reason {
        PauseReason::Findings => (
            Exit::Findings,
            say!(
                "The same command drafts it anew; `fabulist runs resume {} --accept` takes it as it is."
                    | "再次运行同一命令将重写；`fabulist runs resume {} --accept` 则按现状采用。",
                run.id
            ),
        ),
        PauseReason::Budget => (
            Exit::Failed,
            say!(
                "Give the same command with a higher --budget; nothing that was written is lost."
                    | "请调高 --budget 后运行同一命令；已写内容不会丢失。"
            ),
        ),
        _ => (Exit::Failed, say!("The same command goes on." | "再次运行同一命令即可继续。")),
    };
    Failure::new(exit, pause_words(run.kind, pause), hint)
}

/// Dollars as a budget.
pub(crate) fn budget(usd: Option<f64>) -> Result<Option<Budget>, Failure> {
    let Some(usd) = usd else { return Ok(None) };
    if !(usd.is_finite() && usd > 0.0 && usd <= 1e6) {
        return Err(Failure::usage(
            say!("A budget of {} makes no sense." | "预算 {} 不合理。", usd),
            say!("Give dollars, such as --budget 5." | "请以美元为单位，例如 --budget 5。"),
        ));
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most a million dollars in nanos")]
    let nanos = (usd * 1e9).round() as i64;
    Ok(Some(Budget { max_cost: Some(nanos), max_tokens: None }))
}
