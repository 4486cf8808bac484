//! A passage of a finished text in other words, by a model, at a person's word.

use serde_json::{Value, json};
use story::{
    plan::UnitKind,
    rewrite::{Rewrite, Rewritten, Scope},
    state::RunState,
    workflow::{self, Redoing},
};

use super::{Studio, artifacts::by_hand, interventions::MOST_INSTRUCTION_CHARS};
use crate::{
    artifact::{Artifact, ArtifactKind, Version, VersionSource},
    error::Error,
    ids::new_id,
    ports::{KeptVersion, LoadedRun},
    runner::{fault::Ended, stored_state::read},
    views,
};

impl Studio {
    /// Writes part of an artifact's latest version anew; every byte beside it stays. The new version is an agent's and waits to be read, as a
    /// person's does. Its call belongs to no step and counts for no run: what it used stands in the version's metadata.
    pub async fn rewrite(&self, version_id: &str, instructions: &str, scope: Scope) -> Result<Version, Error> {
        let hint = "Say in a few sentences what is to be different.";
        if instructions.trim().is_empty() {
            return Err(Error::field("/instructions", "The instructions are empty.", hint));
        }
        if instructions.chars().count() > MOST_INSTRUCTION_CHARS {
            return Err(Error::field("/instructions", "An instruction has at most 20,000 characters.", hint));
        }
        let version = self.store.version(version_id).await?;
        let artifact = self.store.artifact(&version.artifact_id).await?;
        if artifact.latest_version_id != version.id {
            return Err(Error::VersionMovedOn { parent: version.id, latest: artifact.latest_version_id });
        }
        let told = provenance(&version, instructions, &scope);
        let rewrite = Rewrite::new(&version.text, scope).map_err(|error| Error::Fields {
            detail: error.detail.clone(),
            hint: "Paragraphs count from 1, spans count characters from 0 with the end exclusive; leave both out for the whole text."
                .into(),
            errors: vec![error],
        })?;
        self.no_lock_in(&artifact.id, &rewrite.spans()).await?;
        let Some(run_id) = &artifact.run_id else {
            return Err(Error::Invalid {
                detail: "This text belongs to no run any more, so there is no model to rewrite it.".into(),
                hint: "Put a version of your own in its place, or bring it into a run by importing it.".into(),
            });
        };
        self.may_begin().await?;
        let loaded = self.store.load(run_id).await?;
        let state = self.before(&loaded, &artifact).await?;
        let language = state.language().unwrap_or(loaded.brief.content.language()).to_owned();
        let of =
            Rewritten { unit: unit(artifact.kind), number: artifact.ordinal, title: &version.title, language: &language, instructions };
        let model = loaded.run.model.clone();
        let done = self.driver.runner().rewrite(loaded, state, &rewrite, of, format!("rewrite/{}", new_id())).await;
        let done = done.map_err(|ended| match ended {
            Ended::Fault(fault) => Error::Failed(fault.problem),
            Ended::Store(error) => error.into(),
            Ended::Interrupted => Error::Closing,
        })?;
        let mut metadata = json!({ "findings": [], "model": model, "rewrite": told });
        metadata["rewrite"]["call_ids"] = json!(done.call_ids);
        metadata["rewrite"]["usage"] = json!(views::usage(&done.used));
        let kept = by_hand(&artifact, Some(version.id.clone()), &version.title, &done.text)?;
        let kept = KeptVersion { source: VersionSource::Agent, metadata, ..kept };
        self.keep(&artifact, kept, version.number + 1).await
    }

    /// The state as a model may know it that rewrites this text: of a committed chapter, the book before it.
    async fn before(&self, loaded: &LoadedRun, artifact: &Artifact) -> Result<RunState, Error> {
        let state = read(loaded.run.kind, &loaded.state)?;
        if artifact.ordinal > workflow::progress(&state).done {
            return Ok(state);
        }
        let earlier = self.store.readings(&loaded.run.id, artifact.ordinal).await?;
        let version_id = &artifact.latest_version_id;
        let of = Redoing { ordinal: artifact.ordinal, instruction: None, version_id, earlier: &earlier, text_before: None };
        Ok(workflow::redo(&loaded.brief, &state, of))
    }
}

/// How the version comes to be.
fn provenance(version: &Version, instructions: &str, scope: &Scope) -> Value {
    let mut told = json!({ "of_version_id": version.id, "instructions": instructions.trim() });
    match scope {
        Scope::Text => {}
        Scope::Span(span) => told["span"] = json!(span),
        Scope::Paragraphs(numbers) => told["paragraphs"] = json!(numbers),
    }
    told
}

fn unit(kind: ArtifactKind) -> UnitKind {
    match kind {
        ArtifactKind::NovelChapter => UnitKind::Chapter,
        ArtifactKind::ScriptScene => UnitKind::Scene,
        ArtifactKind::ScriptEpisode => UnitKind::Episode,
    }
}
