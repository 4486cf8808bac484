use story::{
    brief::FieldError,
    output_spec::{OutputSpec, PartialOutputSpec},
    presets::{Asked, Catalogs, PromptPreset, Resolved, Wanted, for_adaptation, for_script},
    source::{implied_length, named_length},
    state::{AdaptationInputs, AdaptationState, NovelState, RunState, ScriptInputs, ScriptState, SplitMode},
};

use super::{Studio, source::Chosen};
use crate::{brief::Snapshot, error::Error, run::Kind};

/// The inputs of a workflow, stored in the run's state under the same names.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct Inputs {
    pub source_brief_snapshot_id: Option<String>,
    pub source_workflow_run_id: Option<String>,
    pub prompt_preset_id: Option<String>,
    /// A preset of no catalog, in its own words; wins over `prompt_preset_id`.
    pub prompt_preset: Option<PromptPreset>,
    pub split_mode: Option<SplitMode>,
    pub episode_count: Option<u32>,
    pub conversion_output_spec: Option<PartialOutputSpec>,
}

/// How long a scene is where nobody says.
const SCENE_WORDS: (u64, u64) = (120, 500);
const SCENE_CHARS: (u64, u64) = (150, 700);

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
        if kind == Kind::Novel && self.prompt_preset_id.is_some() {
            wrong("/prompt_preset_id", "belongs to scripts and adaptations".into());
        }
        match (self.split_mode, self.episode_count) {
            (Some(SplitMode::ByEpisodeCount), None) => wrong("/episode_count", "is needed with `by_episode_count`".into()),
            (Some(SplitMode::ByEpisodeCount), Some(n)) if !(1..=2000).contains(&n) => {
                wrong("/episode_count", format!("is {n}, but must be between 1 and 2,000"));
            }
            (Some(SplitMode::ByEpisodeCount), Some(_)) | (_, None) => {}
            (_, Some(_)) => wrong("/episode_count", "belongs to `split_mode` `by_episode_count`".into()),
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

    /// The first state of a run, with everything that must hold until its end; `source` is what an adaptation is made from.
    pub(super) fn begin(self, kind: Kind, snapshot: &Snapshot, catalogs: &Catalogs, source: Option<Chosen>) -> Result<RunState, Error> {
        let brief = &snapshot.brief;
        let cast = &brief.content.characters;
        match (kind, source) {
            (Kind::Novel, _) => Ok(NovelState::begin(brief.output_spec(), cast).into()),
            (Kind::Script, _) => {
                let resolved = self.resolve(kind, brief.content.language(), &brief.output_spec(), catalogs)?;
                Ok(ScriptState::begin(self.script(snapshot, resolved, kind), cast).into())
            }
            (Kind::NovelToScript, None) => Err(Error::field("/source_brief_snapshot_id", "There is no source.", "Name one.")),
            (Kind::NovelToScript, Some(source)) => {
                let resolved = self.resolve(kind, brief.content.language(), &brief.output_spec(), catalogs)?;
                let length_by_chapter = self.length_by_chapter(&resolved);
                let script = self.script(snapshot, resolved, kind);
                self.check_episodes(&source)?;
                let inputs = AdaptationInputs {
                    script,
                    split_mode: self.split_mode,
                    episode_count: self.episode_count,
                    length_by_chapter,
                    conversion_output_spec: self.conversion_output_spec,
                    source_brief_snapshot_id: source.snapshot_id,
                    source_workflow_run_id: source.run_id,
                    source: source.source,
                };
                Ok(AdaptationState::begin(inputs, cast).into())
            }
        }
    }

    /// Whether an episode is to be as long as its chapter: one is made from each, and neither the run nor a preset that somebody chose
    /// names a length.
    pub fn length_by_chapter(&self, resolved: &Resolved) -> bool {
        let named = || resolved.preset.as_ref().filter(|_| resolved.chosen).and_then(|preset| named_length(&preset.text));
        let asked = self.conversion_output_spec.as_ref().and_then(|own| own.chapter_length);
        self.split_mode.unwrap_or_default() == SplitMode::ChapterUnit && asked.or_else(named).is_none()
    }

    /// An episode needs a paragraph of its own.
    fn check_episodes(&self, source: &Chosen) -> Result<(), Error> {
        let most = source.source.paragraph_count();
        match self.episode_count.filter(|count| *count > most) {
            None => Ok(()),
            Some(count) => {
                let detail = format!("The source has {most} paragraphs, too few for {count} episodes.");
                Err(Error::field("/episode_count", detail, format!("Ask for at most {most}, or choose a longer source.")))
            }
        }
    }

    fn resolve(&self, kind: Kind, language: &str, spec: &OutputSpec, catalogs: &Catalogs) -> Result<Resolved, Error> {
        let own = self.prompt_preset.as_ref().map(Wanted::Own);
        let asked = Asked {
            preset: own.or(self.prompt_preset_id.as_deref().map(Wanted::Id)),
            language,
            spec,
            conversion: self.conversion_output_spec.as_ref(),
        };
        let resolved = match kind {
            Kind::NovelToScript => for_adaptation(&catalogs.novel_to_script, asked),
            Kind::Novel | Kind::Script => for_script(&catalogs.script, asked),
        };
        let name = if kind == Kind::NovelToScript { "novel_to_script" } else { "script" };
        resolved.map_err(|unknown| {
            let detail = format!("There is no preset {} in the catalog `{name}`.", unknown.id);
            Error::field("/prompt_preset_id", detail, "`fabulist presets list` and GET /api/v1/settings/prompt-presets show what there is.")
        })
    }

    /// What is settled about the script: form, language, preset, and how long its units are to be.
    fn script(&self, snapshot: &Snapshot, resolved: Resolved, kind: Kind) -> ScriptInputs {
        let content = &snapshot.brief.content;
        let in_brief = content.output_spec.clone().unwrap_or_default();
        let own = self.conversion_output_spec.clone().unwrap_or_default();
        let mut spec = OutputSpec::resolve(&[&own, &in_brief], &resolved.language);
        spec.script_format = resolved.script_format;
        let preset = resolved.preset.as_ref().map(|preset| preset.text.as_str()).unwrap_or_default();
        spec.chapter_length = match own.chapter_length {
            Some(asked) => asked,
            None if kind == Kind::NovelToScript => implied_length(preset, &resolved.language),
            None => {
                let mut scene = spec.chapter_length;
                (scene.min, scene.max) = match scene.unit {
                    story::text::Unit::Words => SCENE_WORDS,
                    story::text::Unit::Chars => SCENE_CHARS,
                };
                scene
            }
        };
        ScriptInputs {
            output_spec: spec,
            language: resolved.language,
            prompt_preset_id: self.prompt_preset_id.clone(),
            prompt_preset: resolved.preset,
        }
    }
}

impl Studio {
    /// What holds for an adaptation of a book in this language that is created now with these inputs, and nothing in its brief.
    pub async fn preset_for(&self, language: &str, inputs: &Inputs) -> Result<Resolved, Error> {
        let spec = OutputSpec::resolve(&[], language);
        inputs.resolve(Kind::NovelToScript, language, &spec, &self.prompt_presets().await?)
    }
}
