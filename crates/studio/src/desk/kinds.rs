//! What the three kinds of runs are made from: their steps, and the inputs that fit each.

use serde_json::{Map, Value, json};
use story::{
    brief::FieldError,
    canonical::{canonical_json, hash_text},
    output_spec::{OutputSpec, PartialOutputSpec},
    workflow::novel,
};

use crate::{
    error::Error,
    ports::StoredValue,
    run::{Kind, Until},
};

const SCRIPT: [&str; 6] =
    ["script.scene_list", "script.scene.draft", "script.scene.extract", "script.scene.critique", "script.scene.fix", "script.scene.commit"];

const ADAPTATION: [&str; 8] = [
    "adapt.chapter.breakdown",
    "adapt.chapter.plan",
    "adapt.season.plan",
    "adapt.episode.draft",
    "adapt.episode.extract",
    "adapt.episode.critique",
    "adapt.episode.fix",
    "adapt.episode.commit",
];

/// How an adaptation is divided.
pub const SPLIT_MODES: [&str; 3] = ["chapter_unit", "auto_by_length", "by_episode_count"];

/// The inputs of a workflow, stored in the run's state under the same names.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct Inputs {
    pub source_brief_snapshot_id: Option<String>,
    pub source_workflow_run_id: Option<String>,
    pub prompt_preset_id: Option<String>,
    /// One of [`SPLIT_MODES`].
    pub split_mode: Option<String>,
    pub episode_count: Option<u32>,
    pub conversion_output_spec: Option<PartialOutputSpec>,
}

/// The steps of a kind.
pub(super) fn steps(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Novel => &novel::STEPS,
        Kind::Script => &SCRIPT,
        Kind::NovelToScript => &ADAPTATION,
    }
}

/// Gates must stand before steps that the kind has.
pub(super) fn check_steps(kind: Kind, asked: &[String]) -> Result<(), Error> {
    let known = steps(kind);
    match asked.iter().position(|step| !known.contains(&step.as_str())) {
        None => Ok(()),
        Some(at) => {
            let detail = format!("There is no step `{}` to pause before.", asked[at]);
            Err(Error::field(&format!("/pause_before/{at}"), detail, format!("The steps are {}.", known.join(", "))))
        }
    }
}

/// Autorun must end at something that can happen.
pub(super) fn check_until(kind: Kind, until: &Until) -> Result<(), Error> {
    let hint = "Correct it, or leave it out to go on to the end.";
    if until.chapter == Some(0) {
        return Err(Error::field("/until/chapter", "Chapters count from 1.", hint));
    }
    if until.count == Some(0) {
        return Err(Error::field("/until/count", "At least one step is executed.", hint));
    }
    match until.step.as_deref().filter(|step| !steps(kind).contains(step)) {
        None => Ok(()),
        Some(step) => {
            let detail = format!("There is no step `{step}` to end after.");
            Err(Error::field("/until/step", detail, format!("The steps are {}.", steps(kind).join(", "))))
        }
    }
}

impl Inputs {
    /// Whether the inputs fit the kind, each other and their ranges.
    pub(super) fn check(&self, kind: Kind) -> Result<(), Error> {
        let mut errors = Vec::new();
        let mut wrong = |pointer: &str, detail: String| errors.push(FieldError { pointer: pointer.into(), detail });
        let adaptation_only = [
            ("/source_brief_snapshot_id", self.source_brief_snapshot_id.is_some()),
            ("/source_workflow_run_id", self.source_workflow_run_id.is_some()),
            ("/split_mode", self.split_mode.is_some()),
            ("/episode_count", self.episode_count.is_some()),
            ("/conversion_output_spec", self.conversion_output_spec.is_some()),
        ];
        if kind != Kind::NovelToScript {
            for (pointer, _) in adaptation_only.into_iter().filter(|(_, given)| *given) {
                wrong(pointer, "belongs to runs of kind `novel_to_script`".into());
            }
        }
        if let Some(preset) = &self.prompt_preset_id {
            wrong(
                "/prompt_preset_id",
                if kind == Kind::Novel { "belongs to scripts and adaptations".into() } else { format!("there is no preset `{preset}`") },
            );
        }
        match (self.split_mode.as_deref(), self.episode_count) {
            (Some("by_episode_count"), None) => wrong("/episode_count", "is needed with `by_episode_count`".into()),
            (Some("by_episode_count"), Some(n)) if !(1..=2000).contains(&n) => {
                wrong("/episode_count", format!("is {n}, but must be between 1 and 2,000"));
            }
            (Some("by_episode_count"), Some(_)) | (_, None) => {}
            (_, Some(_)) => wrong("/episode_count", "belongs to `split_mode` `by_episode_count`".into()),
        }
        if let Some(mode) = self.split_mode.as_deref().filter(|mode| !SPLIT_MODES.contains(mode)) {
            wrong("/split_mode", format!("`{mode}` is none of {}", SPLIT_MODES.join(", ")));
        }
        for (key, detail) in self.conversion_output_spec.iter().flat_map(PartialOutputSpec::faults) {
            wrong(&format!("/conversion_output_spec/{key}"), detail);
        }
        match errors.first() {
            None => Ok(()),
            Some(first) => {
                let detail = format!("{} {}.", first.pointer.trim_start_matches('/'), first.detail);
                let hint = "Leave out or correct the fields that are named; nothing was created.".into();
                Err(Error::Fields { detail, hint, errors })
            }
        }
    }

    /// The first state of a run whose recipe is not built yet: its inputs, and the step that it begins with.
    pub(super) fn first_state(&self, kind: Kind, spec: &OutputSpec) -> Map<String, Value> {
        let first = if self.split_mode.is_none() || kind == Kind::Script { steps(kind)[0] } else { ADAPTATION[0] };
        let mut state = Map::from_iter([
            ("version".to_owned(), json!(story::state::STATE_VERSION)),
            ("cursor".to_owned(), json!({ "phase": first })),
            ("output_spec".to_owned(), json!(spec)),
        ]);
        let inputs = [
            ("source_brief_snapshot_id", self.source_brief_snapshot_id.as_ref().map(|v| json!(v))),
            ("source_workflow_run_id", self.source_workflow_run_id.as_ref().map(|v| json!(v))),
            ("prompt_preset_id", self.prompt_preset_id.as_ref().map(|v| json!(v))),
            ("split_mode", self.split_mode.as_ref().map(|v| json!(v))),
            ("episode_count", self.episode_count.map(|v| json!(v))),
            ("conversion_output_spec", self.conversion_output_spec.as_ref().map(|v| json!(v))),
        ];
        state.extend(inputs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
        state
    }
}

/// A state as it is stored: one value per top-level key.
pub(super) fn stored(state: Map<String, Value>) -> Vec<(String, StoredValue)> {
    let value = |value: Value| {
        let json = canonical_json(&value);
        StoredValue { hash: hash_text(&json), json: json.into() }
    };
    state.into_iter().map(|(key, part)| (key, value(part))).collect()
}
