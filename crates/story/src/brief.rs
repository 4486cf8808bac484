//! The Creative Brief: what the writer wants, typed where it is present, kept where it is unknown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    language::Tongue,
    output_spec::{OutputSpec, PartialOutputSpec},
};

/// Who tells the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pov {
    /// I, 我.
    First,
    /// She or he, and never more than she or he knows.
    ThirdLimited,
    /// A teller who sees into everyone.
    ThirdOmniscient,
}

/// One of the cast.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Character {
    /// The name that the prose uses.
    pub name: String,
    /// What part the character plays: protagonist, rival, mentor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Looks, history, manner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the character wants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    /// What the character hides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Other names for the same person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// `she/her`, 他.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pronouns: Option<String>,
    /// A number or words: `34`, `about sixty`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<Age>,
    /// How the character speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
}

/// An age, as writers give it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Age {
    /// In years.
    Years(u32),
    /// In words.
    Words(String),
}

/// What a brief holds. Everything is optional.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the keys are the documentation: shapes are in the guide to briefs")]
pub struct BriefContent {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub premise: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genre: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style_sample: Option<String>,
    /// BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pov: Option<Pov>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tense: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub characters: Vec<Character>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub structure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forbidden: Vec<String>,
    /// For style only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reference_works: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_spec: Option<PartialOutputSpec>,
    /// Keys that we do not know: kept as they came.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, Value>,
}

/// The keys of [`BriefContent`], in the order in which a brief is written.
pub const KNOWN_KEYS: [&str; 16] = [
    "logline",
    "premise",
    "genre",
    "tone",
    "style",
    "style_sample",
    "language",
    "setting",
    "pov",
    "tense",
    "characters",
    "structure",
    "rating",
    "forbidden",
    "reference_works",
    "output_spec",
];

/// What is wrong at one place of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// A JSON pointer (RFC 6901) from the root of the brief's content.
    pub pointer: String,
    /// What is wrong there.
    pub detail: String,
}

/// A key that we do not know, and the known one it may have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// A JSON pointer to the key.
    pub pointer: String,
    /// The key itself.
    pub key: String,
    /// A known key within two letters.
    pub suggestion: Option<&'static str>,
}

impl BriefContent {
    /// Reads a brief's content: every known key typed, every unknown one kept.
    ///
    /// All faults are told at once, each with its pointer.
    pub fn from_map(map: Map<String, Value>) -> Result<Self, Vec<FieldError>> {
        let mut known = Map::new();
        let mut unknown = BTreeMap::new();
        let mut errors = Vec::new();
        for (key, value) in map {
            if has_nul(&value) || key.contains('\0') {
                errors
                    .push(FieldError {
                        pointer: format!("/{key}").replace('\0', "␀"), detail: "holds a NUL character; remove it".into()
                    });
            } else if value.is_null() {
                // Absent is none.
            } else if KNOWN_KEYS.contains(&key.as_str()) {
                if let Err(fault) = check_key(&key, &value) {
                    errors.push(fault);
                }
                known.insert(key, value);
            } else {
                unknown.insert(key, value);
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut content: Self =
            serde_json::from_value(Value::Object(known)).map_err(|e| vec![FieldError { pointer: String::new(), detail: e.to_string() }])?;
        content.unknown = unknown;
        let mut errors = Vec::new();
        if let Some(spec) = &content.output_spec {
            errors.extend(spec.faults().into_iter().map(|(key, detail)| FieldError { pointer: format!("/output_spec/{key}"), detail }));
        }
        for (i, character) in content.characters.iter().enumerate() {
            if character.name.trim().is_empty() {
                errors.push(FieldError {
                    pointer: format!("/characters/{i}/name"),
                    detail: "is missing: every character needs a name".into(),
                });
            }
        }
        if errors.is_empty() { Ok(content) } else { Err(errors) }
    }

    /// The keys that we do not know.
    pub fn unknown_keys(&self) -> Vec<UnknownKey> {
        self.unknown
            .keys()
            .map(|key| UnknownKey {
                pointer: format!("/{key}"),
                key: key.clone(),
                suggestion: nearest(key, KNOWN_KEYS.iter().chain(&["title"])),
            })
            .collect()
    }

    /// The language, `en` where the brief names none.
    pub fn language(&self) -> &str {
        self.language.as_deref().unwrap_or("en")
    }

    /// The language of prompts and rehearsal.
    pub fn tongue(&self) -> Tongue {
        Tongue::of(self.language())
    }

    /// Whether there is anything to write from.
    pub fn is_empty(&self) -> bool {
        self.logline.is_none() && self.premise.is_none() && self.characters.is_empty() && self.genre.is_none() && self.setting.is_none()
    }
}

/// A brief as it was when a run began: complete and never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrozenBrief {
    /// The book's title; empty where the writer gave none.
    pub title: String,
    /// The brief, with `language` and the complete `output_spec` resolved in.
    pub content: BriefContent,
}

impl FrozenBrief {
    /// Freezes `content`, taking what it leaves open from `settings`, then from the defaults.
    pub fn freeze(title: &str, mut content: BriefContent, settings: &PartialOutputSpec) -> Self {
        let language = content.language.get_or_insert_with(|| "en".into()).clone();
        let own = content.output_spec.take().unwrap_or_default();
        let spec = OutputSpec::resolve(&[&own, settings], &language);
        content.output_spec = Some(PartialOutputSpec {
            chapter_count: Some(spec.chapter_count),
            scene_count: Some(spec.scene_count),
            chapter_length: Some(spec.chapter_length),
            script_format: Some(spec.script_format),
            script_format_notes: spec.script_format_notes,
            max_fix_rounds: Some(spec.max_fix_rounds),
            auto_step_retries: Some(spec.auto_step_retries),
            auto_step_backoff_s: Some(spec.auto_step_backoff_s),
            seed: Some(spec.seed),
        });
        Self { title: title.to_owned(), content }
    }

    /// The complete output spec.
    pub fn output_spec(&self) -> OutputSpec {
        let own = self.content.output_spec.clone().unwrap_or_default();
        OutputSpec::resolve(&[&own], self.content.language())
    }
}

fn check_key(key: &str, value: &Value) -> Result<(), FieldError> {
    fn read<T: serde::de::DeserializeOwned>(key: &str, value: &Value) -> Result<(), FieldError> {
        serde_path_to_error::deserialize::<_, T>(value).map(|_| ()).map_err(|e| {
            let mut pointer = format!("/{key}");
            for segment in e.path() {
                match segment {
                    serde_path_to_error::Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
                    serde_path_to_error::Segment::Map { key } => pointer.push_str(&format!("/{key}")),
                    _ => {}
                }
            }
            FieldError { pointer, detail: e.inner().to_string() }
        })
    }
    match key {
        "pov" => read::<Pov>(key, value),
        "characters" => read::<Vec<Character>>(key, value),
        "forbidden" | "reference_works" => read::<Vec<String>>(key, value),
        "output_spec" => read::<PartialOutputSpec>(key, value),
        _ => read::<String>(key, value),
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(map) => map.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// The known key that `key` most likely meant: at most two letters away.
pub fn nearest<'a>(key: &str, known: impl IntoIterator<Item = &'a &'static str>) -> Option<&'static str> {
    let folded = key.to_lowercase().replace('-', "_");
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&folded, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= 2 && candidate.chars().count() > *distance + 1)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
