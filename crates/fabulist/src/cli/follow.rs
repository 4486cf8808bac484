//! Looking on while a run goes on, in this process or another: a bar on a terminal, plain lines elsewhere.

use std::{collections::BTreeMap, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;
use story::text::Length;
use studio::{
    Error, Studio,
    event::Event,
    feed::Notice,
    ports::StoreError,
    run::{Kind, Pause, PauseReason, Run, Status},
    views,
};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    book::{grouped, length_words},
    output::Output,
    signals::Signal,
};
use crate::{failure::Failure, say};

/// How often the rows are looked at while nothing is heard.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Why looking on ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The run stands still: finished, failed, paused, or waiting for a person.
    Still(Box<Run>),
    /// Ctrl-C: the step was finished or aborted, and the run is paused.
    Interrupted(Box<Run>),
    /// SIGTERM: the run goes on by itself next time.
    Terminated,
}

/// Follows the run until it stands still, telling of every event after number `seen`. Ctrl-C once finishes the step and pauses, twice aborts it.
pub(crate) async fn follow(
    studio: &Studio,
    run_id: &str,
    mut seen: i64,
    language: &str,
    signals: &mut UnboundedReceiver<Signal>,
    output: &Output,
) -> Result<Ended, Failure> {
    let mut run = studio.run(run_id).await?;
    let mut view = View::new(&run, language, output);
    view.written = written_before(studio, run_id, seen).await?;
    let mut interrupts = 0;
    let mut feed = studio.feed().listen();
    loop {
        match look(studio, run_id, &mut seen, &mut view).await {
            Ok(now) => run = now,
            // The work goes on once the database is back, and so does looking on.
            Err(Error::Store(passing @ (StoreError::Away { .. } | StoreError::Busy { .. }))) => {
                view.trouble(&passing.to_string(), &passing.hint());
            }
            Err(e) => return Err(e.into()),
        }
        view.show(&run);
        // What was committed between reading the events and the row is told first.
        if run.last_event > seen {
            continue;
        }
        if is_still(&run) {
            view.finish();
            let stopped = interrupts > 0 && run.status == Status::Paused;
            return Ok(if stopped { Ended::Interrupted(Box::new(run)) } else { Ended::Still(Box::new(run)) });
        }
        tokio::select! {
            signal = signals.recv() => match signal {
                Some(Signal::Terminate) | None => {
                    view.finish();
                    return Ok(Ended::Terminated);
                }
                Some(Signal::Interrupt) => {
                    interrupts += 1;
                    if interrupts == 1 {
                        view.line(&say!("Finishing this step, then pausing. Ctrl-C again aborts it." | "写完这一步后暂停；再按一次 Ctrl-C 立即中止。"));
                    }
                    match studio.pause(run_id, interrupts > 1).await {
                        // It has just ended by itself: the row says how.
                        Ok(_) | Err(Error::Conflict(_)) => {}
                        Err(e) => return Err(e.into()),
                    }
                }
            },
            heard = feed.recv() => match heard {
                Ok(Notice::Trouble { detail, hint, .. }) => view.trouble(&detail, &hint),
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Tells of the events after `seen`, and reads the run as it is then.
async fn look(studio: &Studio, run_id: &str, seen: &mut i64, view: &mut View<'_>) -> Result<Run, Error> {
    loop {
        let events = studio.events(run_id, *seen, 200).await?;
        let Some(last) = events.last() else { return studio.run(run_id).await };
        *seen = last.number;
        events.iter().for_each(|event| view.tell(event));
    }
}

/// Whether nothing happens any more until a person does something.
fn is_still(run: &Run) -> bool {
    run.active_step.is_none() && (!run.autorun || !matches!(run.status, Status::Running | Status::Queued))
}

/// The length of each chapter that was committed up to event `seen`, as it was last.
async fn written_before(studio: &Studio, run_id: &str, seen: i64) -> Result<BTreeMap<String, Length>, Failure> {
    let mut written = BTreeMap::new();
    let mut after = 0;
    while after < seen {
        let events = studio.events(run_id, after, 200).await?;
        let Some(last) = events.last() else { break };
        after = last.number;
        written.extend(events.iter().filter(|e| e.number <= seen && e.name == "artifact.committed").map(committed));
    }
    Ok(written)
}

/// The chapter that was committed, and its length now.
fn committed(event: &Event) -> (String, Length) {
    let id = event.data.pointer("/artifact/id").and_then(Value::as_str).unwrap_or_default();
    let length = event.data.pointer("/version/length").and_then(|l| serde_json::from_value(l.clone()).ok());
    (id.to_owned(), length.unwrap_or_default())
}

struct View<'a> {
    output: &'a Output,
    language: &'a str,
    bar: Option<ProgressBar>,
    /// By chapter: one that is written anew counts once.
    written: BTreeMap<String, Length>,
    total: u32,
    spent: String,
    /// The trouble that was told last.
    troubled: Option<String>,
}

impl<'a> View<'a> {
    fn new(run: &Run, language: &'a str, output: &'a Output) -> Self {
        let bar = (output.terminal && !output.quiet).then(|| {
            let bar = ProgressBar::with_draw_target(Some(u64::from(run.progress.total)), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:28} {pos}/{len}  {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style.progress_chars("━╸─"));
            bar
        });
        Self { output, language, bar, written: BTreeMap::new(), total: run.progress.total, spent: String::new(), troubled: None }
    }

    /// The length of all chapters so far.
    fn so_far(&self) -> Length {
        self.written.values().fold(Length::default(), |mut sum, length| {
            sum += *length;
            sum
        })
    }

    /// What the run waits for, said once.
    fn trouble(&mut self, detail: &str, hint: &str) {
        if self.troubled.as_deref() != Some(detail) {
            self.line(&say!("  Waiting: {}. {}" | "  等待中：{}。{}", detail, hint));
            self.troubled = Some(detail.to_owned());
        }
    }

    /// A line that stays.
    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => self.output.note(text),
        }
    }

    fn show(&mut self, run: &Run) {
        self.total = run.progress.total;
        self.spent = cost(run);
        if let Some(bar) = &self.bar {
            bar.set_length(u64::from(run.progress.total));
            bar.set_position(u64::from(run.progress.done));
            let step = run.active_step.as_ref().map(|s| step_words(&s.name)).unwrap_or_default();
            bar.set_message(format!("{} · {}  {step}", length_words(self.so_far(), self.language), self.spent));
        }
    }

    fn tell(&mut self, event: &Event) {
        match event.name.as_str() {
            "artifact.committed" => {
                let ordinal = event.data.pointer("/artifact/ordinal").and_then(Value::as_u64).unwrap_or(0);
                let title = event.data.pointer("/artifact/title").and_then(Value::as_str).unwrap_or_default();
                let (id, length) = committed(event);
                self.written.insert(id, length);
                let (length, so_far) = (length_words(length, self.language), length_words(self.so_far(), self.language));
                let total = self.total;
                self.line(&say!("  {}/{}  {}: {} ({} so far)" | "  {}/{}  {}：{}（共 {}）", ordinal, total, title, length, so_far));
            }
            "step.failed" => {
                let detail = event.data.pointer("/step/error/detail").and_then(Value::as_str).unwrap_or_default();
                let name = event.data.pointer("/step/name").and_then(Value::as_str).unwrap_or_default();
                self.line(&format!("  {}: {}", step_words(name), say::told(detail)));
            }
            "step.retry_scheduled" => {
                let at = event.data.get("retry_at").and_then(Value::as_str).unwrap_or_default();
                self.line(&say!("  Trying again at {}." | "  将于 {} 重试。", at));
            }
            _ => {}
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// What a run has cost: `$0.1234`, or that it is not known.
pub(crate) fn cost(run: &Run) -> String {
    match run.usage.cost {
        Some(cost) => format!("${:.4}", views::dollars(cost)),
        None => say!("cost unknown ({} tokens)" | "费用未知（{} tokens）", grouped(run.usage.input_tokens + run.usage.output_tokens)),
    }
}

/// A step's name for people.
pub(crate) fn step_words(name: &str) -> String {
    match name {
        "adapt.chapter.plan" => return say!("dividing the chapter into episodes" | "本章分集"),
        "adapt.season.plan" => return say!("planning the season" | "规划全季分集"),
        "script.scene.commit" => return say!("keeping the scene" | "本场定稿入库"),
        "adapt.episode.commit" => return say!("keeping the episode" | "本集定稿入库"),
        _ => {}
    }
    match name.rsplit('.').next().unwrap_or(name) {
        "outline" => say!("planning the chapters" | "拟定大纲"),
        "scene_list" => say!("planning the scenes" | "拟定分场"),
        "breakdown" => say!("breaking the chapter down" | "拆解本章"),
        "reread" => say!("reading what a hand has changed" | "重读手改的文本"),
        "beats" => say!("planning the beats" | "分解情节点"),
        "draft" => say!("drafting" | "撰写正文"),
        "extract" => say!("reading it back" | "通读提取"),
        "critique" => say!("judging" | "评审"),
        "fix" => say!("fixing" | "修改"),
        "commit" => say!("keeping the chapter" | "定稿入库"),
        other => other.to_owned(),
    }
}

/// Why a run of this kind is paused, in a sentence.
pub(crate) fn pause_words(kind: Kind, pause: &Pause) -> String {
    let (unit, zh) = match kind {
        Kind::Novel => ("a chapter", "一章"),
        Kind::Script => ("a scene", "一场"),
        Kind::NovelToScript => ("an episode", "一集"),
    };
    let reason = match pause.reason {
        PauseReason::Person => say!("Paused." | "已暂停。"),
        PauseReason::Gate => say!("Paused before a step that you asked to see first." | "已按要求在该步骤之前暂停。"),
        PauseReason::Budget => say!("Paused: the budget is spent." | "已暂停：预算用尽。"),
        PauseReason::DailyCap => say!("Paused: the cap of the day is spent." | "已暂停：当日额度用尽。"),
        PauseReason::Findings => say!("Paused: {unit} needs your eye." | "已暂停：有{zh}需要你过目。"),
        PauseReason::ArtifactMovedOn => {
            say!("Paused: you wrote a newer version of what is in hand." | "已暂停：手头的文本已有你写的新版本。")
        }
    };
    if pause.detail.is_empty() { reason } else { format!("{reason} {}", say::told(&pause.detail)) }
}
