//! Which run a command means: the one of the same file and options, or a new one.

use studio::{
    Studio,
    desk::{BudgetChange, RunChange},
    ports::RunFilter,
    run::{Budget, Run, Status},
};

use super::units;
use crate::{
    cli::output::Output,
    failure::{Exit, Failure},
    say,
    wiring::Wiring,
};

/// The run that is meant.
pub(crate) struct Found {
    pub(crate) run: Run,
    pub(crate) is_new: bool,
    pub(crate) title: String,
    pub(crate) model: String,
}

/// The unfinished or finished run of this origin, unless a new one is asked for; with the budget that the command gives.
pub(crate) async fn known(studio: &Studio, origin: &str, anew: bool, budget: Option<Budget>) -> Result<Option<Run>, Failure> {
    if anew {
        return Ok(None);
    }
    let known = studio.runs(RunFilter { origin: Some(origin.to_owned()), limit: Some(50), ..RunFilter::default() }).await?;
    let Some(run) = known.items.into_iter().find(|run| run.status != Status::Canceled) else { return Ok(None) };
    Ok(Some(match budget.filter(|_| budget != run.budget) {
        Some(new) => {
            let whole = BudgetChange { max_cost: Some(new.max_cost), max_tokens: Some(new.max_tokens) };
            studio.change_run(&run.id, RunChange { budget: Some(Some(whole)), ..RunChange::default() }).await?
        }
        None => run,
    }))
}

impl Found {
    /// Says which run it is.
    pub(crate) fn tell(&self, output: &Output) {
        let (title, id) = (&self.title, &self.run.id);
        let (done, total) = (self.run.progress.done, self.run.progress.total);
        let line = if self.is_new {
            say!("“{}”: a new run {}" | "《{}》：新建运行 {}", title, id)
        } else if self.run.status == Status::Succeeded {
            say!(
                "“{}”: run {} is finished; exporting it again (--new starts another)"
                    | "《{}》：运行 {} 已完成，重新导出（--new 可另起一稿）",
                title,
                id
            )
        } else {
            let (units, measure) = units(self.run.kind);
            say!(
                "“{}”: going on with run {}, {} of {} {units} done" | "《{}》：继续运行 {}，已完成 {}/{} {measure}",
                title,
                id,
                done,
                total
            )
        };
        output.note(&line);
        if self.model == "rehearsal" && self.run.status != Status::Succeeded {
            output.note(&say!(
                "Written by rehearsal, the offline model: free and deterministic, to try the whole way."
                    | "由离线的排练模型写作：免费、结果固定，用来走通全流程。"
            ));
        }
    }
}

/// An exclusive turn among the commands of one origin, held until dropped: two calls at once agree on one run.
pub(crate) struct Turn(#[expect(dead_code, reason = "held for its lock")] std::fs::File);

impl Turn {
    pub(crate) fn take(wiring: &Wiring, origin: &str) -> Result<Self, Failure> {
        let path = wiring.data_dir.join(format!("write-{}.lock", &origin[..16]));
        let taken = std::fs::File::create(&path).and_then(|file| file.lock().map(|()| file));
        taken.map(Self).map_err(|e| {
            Failure::new(
                Exit::Failed,
                say!("{} cannot be locked: {}." | "无法锁定 {}：{}。", path.display(), e),
                say!("Check the data folder." | "请检查数据目录。"),
            )
        })
    }
}
