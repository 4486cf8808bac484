//! Which run a call of `write` means: the one of the same brief and options, or a new one.

use documents::BriefFile;
use serde_json::json;
use story::canonical::{canonical_json, hash_text};
use studio::{
    Studio,
    desk::{BudgetChange, RunChange, RunRequest},
    ports::RunFilter,
    run::{Budget, Run, Status},
};

use super::KIND;
use crate::{
    cli::output::Output,
    failure::{Exit, Failure},
    say,
    wiring::Wiring,
};

/// The run that is meant.
pub(super) struct Found {
    pub(super) run: Run,
    pub(super) is_new: bool,
    pub(super) title: String,
    pub(super) model: String,
}

/// Finds the unfinished or finished run of this brief and these options, or starts a new one.
///
/// Two calls at once agree on one run: they take turns behind a lock in the data folder.
pub(super) async fn find_or_create(
    studio: &Studio,
    wiring: &Wiring,
    anew: bool,
    file: BriefFile,
    budget: Option<Budget>,
) -> Result<Found, Failure> {
    let title = if file.title.trim().is_empty() { say!("Untitled" | "无题") } else { file.title.clone() };
    let brief = json!({ "title": file.title, "content": file.content });
    let origin = hash_text(&canonical_json(&json!({ "brief": brief, "kind": KIND, "model": wiring.model })));
    let _turn = Turn::take(wiring, &origin)?;
    let model = wiring.model.clone();
    if !anew && let Some(run) = known_run(studio, &origin, budget).await? {
        return Ok(Found { run, is_new: false, title, model });
    }
    let brief = studio.create_brief(file.title, file.content).await?;
    let snapshot = studio.create_snapshot(&brief, None).await?;
    let request = RunRequest { origin: Some(origin), budget, ..RunRequest::new(KIND, model.clone()) };
    let run = studio.create_run(&snapshot, request).await?;
    Ok(Found { run, is_new: true, title, model })
}

/// The newest run of this origin that was not given up, with this budget.
pub(super) async fn known_run(studio: &Studio, origin: &str, budget: Option<Budget>) -> Result<Option<Run>, Failure> {
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
    pub(super) fn tell(&self, output: &Output) {
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
            say!("“{}”: going on with run {}, {} of {} chapters done" | "《{}》：继续运行 {}，已完成 {}/{} 章", title, id, done, total)
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

/// An exclusive turn among the calls of `write` for one brief, held until dropped.
pub(super) struct Turn(#[expect(dead_code, reason = "held for its lock")] std::fs::File);

impl Turn {
    pub(super) fn take(wiring: &Wiring, origin: &str) -> Result<Self, Failure> {
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
