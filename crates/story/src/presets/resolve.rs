//! Which preset holds for a run, and what it decides. Asked once, when the run is created; the answer is pinned.

use serde::{Deserialize, Serialize};

use super::{Catalog, PromptPreset, shipped::SHIPPED_DEFAULT};
use crate::{
    language::Tongue,
    output_spec::{OutputSpec, PartialOutputSpec, ScriptFormat},
};

/// What a run asks for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The run's own preset.
    pub preset: Option<Wanted<'a>>,
    /// BCP 47: the work's language.
    pub language: &'a str,
    /// The snapshot's complete output spec.
    pub spec: &'a OutputSpec,
    /// What the run itself says about its output; wins over everything.
    pub conversion: Option<&'a PartialOutputSpec>,
}

/// How a run names its preset.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// By its id in the catalog.
    Id(&'a str),
    /// By its words, as from a file; its id is not looked at.
    Own(&'a PromptPreset),
}

/// A preset as it was when the run was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedPreset {
    /// Absent where the words are from no catalog: a file, or the brief's own notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What a person calls it.
    pub name: String,
    /// What the model reads: the notes on the format.
    pub text: String,
}

/// What holds for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// None where neither the run nor the brief says anything and the catalog has no default.
    pub preset: Option<PinnedPreset>,
    /// The form of the script.
    pub script_format: ScriptFormat,
    /// BCP 47: the language of the script.
    pub language: String,
    /// Whether somebody chose the preset: the run, the brief, or the settings by a default of their own.
    pub chosen: bool,
}

/// A run named a preset that is not in its catalog.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no preset {id}")]
pub struct UnknownPreset {
    /// The id that was given.
    pub id: String,
}

/// For a script from a brief: the run's preset, else the brief's own notes, else the catalog's default.
///
/// # Errors
/// The id is not in the catalog.
pub fn for_script(catalog: &Catalog, asked: Asked<'_>) -> Result<Resolved, UnknownPreset> {
    resolve(catalog, asked, asked.spec.script_format_notes.as_deref())
}

/// For a script from a novel: the run's preset, else notes in its own output spec, else the catalog's default.
///
/// # Errors
/// The id is not in the catalog.
pub fn for_adaptation(catalog: &Catalog, asked: Asked<'_>) -> Result<Resolved, UnknownPreset> {
    resolve(catalog, asked, asked.conversion.and_then(|own| own.script_format_notes.as_deref()))
}

/// A format that the run itself asks for always holds. Then comes the run's preset. A preset that is only the default does not overrule a
/// format that somebody must have asked for, because it is not the one that the language brings.
fn resolve(catalog: &Catalog, asked: Asked<'_>, notes: Option<&str>) -> Result<Resolved, UnknownPreset> {
    let tongue = Tongue::of(asked.language);
    let by_run = asked.conversion.and_then(|own| own.script_format);
    let usual = OutputSpec::resolve(&[], asked.language).script_format;
    let by_brief = (asked.spec.script_format != usual).then_some(asked.spec.script_format);
    let named = match asked.preset {
        Some(Wanted::Id(id)) => {
            let preset = catalog.get(id).ok_or_else(|| UnknownPreset { id: id.to_owned() })?;
            Some((preset, Some(preset.id.clone())))
        }
        Some(Wanted::Own(preset)) => Some((preset, None)),
        None => None,
    };
    let pin = |preset: &PromptPreset, id| PinnedPreset { id, name: preset.name.clone(), text: preset.text.clone() };
    if let Some((preset, id)) = named {
        return Ok(Resolved {
            script_format: by_run.or(preset.script_format).unwrap_or(asked.spec.script_format),
            // The work's own tag says more than a preset's: `zh-Hant`, where the preset says `zh`.
            language: preset.language.clone().filter(|_| !preset.speaks(tongue)).unwrap_or_else(|| asked.language.to_owned()),
            preset: Some(pin(preset, id)),
            chosen: true,
        });
    }
    if let Some(notes) = notes.filter(|notes| !notes.trim().is_empty()) {
        let name = match tongue {
            Tongue::En => "The brief's own notes",
            Tongue::Zh => "简报中的格式说明",
        };
        return Ok(Resolved {
            preset: Some(PinnedPreset { id: None, name: name.into(), text: notes.to_owned() }),
            script_format: by_run.unwrap_or(asked.spec.script_format),
            language: asked.language.to_owned(),
            chosen: true,
        });
    }
    let default = catalog.default_for(tongue, by_run.or(by_brief));
    Ok(Resolved {
        preset: default.map(|preset| pin(preset, Some(preset.id.clone()))),
        script_format: by_run.or(by_brief).or(default.and_then(|preset| preset.script_format)).unwrap_or(usual),
        language: asked.language.to_owned(),
        chosen: default.is_some_and(|preset| preset.id != SHIPPED_DEFAULT && catalog.default_id.as_deref() == Some(&preset.id)),
    })
}
