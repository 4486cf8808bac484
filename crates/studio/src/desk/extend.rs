use serde_json::{Map, json};
use story::{plan::Outline, workflow::novel};

use super::{Studio, turn::Wait};
use crate::{
    error::Error,
    run::{Kind, Run, Status},
    runner::{state_value, stored_state::BadState},
};

/// The most chapters of a plan.
const MOST_CHAPTERS: usize = 12_000;

impl Studio {
    /// Lays `more` chapters behind the last one of a finished or imported novel: recorded as an edit, and the run stands at their outline.
    ///
    /// What a person brought in and no step has read is read first. Calls no model.
    pub async fn add_chapters(&self, run_id: &str, more: u32) -> Result<Run, Error> {
        let loaded = self.store.load(run_id).await?;
        let hint = "Choose a novel's run that has succeeded, or an imported one.";
        if loaded.run.status != Status::Succeeded {
            return Err(Error::Invalid { detail: "The run is not finished; it goes on by itself.".into(), hint: hint.into() });
        }
        if loaded.run.kind != Kind::Novel {
            return Err(Error::Invalid { detail: "Only a novel can be gone on with.".into(), hint: hint.into() });
        }
        let value = state_value(&loaded.state);
        let outline: Outline =
            value.get("outline").cloned().map(serde_json::from_value).transpose().map_err(BadState::from)?.unwrap_or_default();
        let (done, last) = (outline.count(), outline.in_order().last().map_or(0, |(_, chapter)| chapter.order));
        if more == 0 || outline.chapters.len() + usize::try_from(more).unwrap_or(usize::MAX) > MOST_CHAPTERS {
            let detail = format!("{more} chapters cannot be added to {done}.");
            return Err(Error::field("/chapters", detail, "Add between 1 and 2,000 chapters."));
        }
        let mut chapters = Map::new();
        let free = (done + 1..).map(|n| format!("c{n:04}")).filter(|id| !outline.chapters.contains_key(id));
        for (n, id) in (1..=i64::from(more)).zip(free) {
            chapters.insert(id, json!({ "order": last + n * 1000, "title": "", "summary": "" }));
        }
        let cursor = json!({ "phase": novel::OUTLINE, "chapter_index": done + 1 });
        self.edit_state(run_id, &json!({ "outline": { "chapters": chapters }, "cursor": cursor }), Wait::NONE).await.map(|(run, _)| run)
    }
}
