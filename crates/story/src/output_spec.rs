//! What the writer asks the result to be: how many chapters, how long, how many rounds of fixing.

use serde::{Deserialize, Serialize};

use crate::{
    language::counts_chars,
    text::{Length, Unit},
};

/// A range of lengths, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LengthRange {
    /// The shortest that is right.
    pub min: u64,
    /// The longest that is right.
    pub max: u64,
    /// What is counted.
    pub unit: Unit,
}

impl LengthRange {
    /// Whether `length` lies inside.
    pub fn holds(self, length: Length) -> bool {
        (self.min..=self.max).contains(&length.in_unit(self.unit))
    }

    /// The middle of the range: what to aim at.
    pub fn middle(self) -> u64 {
        self.min.midpoint(self.max)
    }
}

/// An output spec in which each key may be missing: in a brief, or as global settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PartialOutputSpec {
    /// Chapters of the novel, 1–2,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chapter_count: Option<u32>,
    /// Scenes of the script, 1–2,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scene_count: Option<u32>,
    /// How long each chapter is to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chapter_length: Option<LengthRange>,
    /// `fountain`, `screenplay` or `custom` (短剧).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script_format: Option<ScriptFormat>,
    /// Notes on the format, in the writer's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script_format_notes: Option<String>,
    /// How many times a chapter may be sent back to be fixed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_fix_rounds: Option<u32>,
    /// How many times autorun tries a step again whose answer was faulty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_step_retries: Option<u32>,
    /// The first wait before such a retry, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_step_backoff_s: Option<f64>,
    /// What makes one draw differ from another with the offline model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// In which form a script is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScriptFormat {
    /// 短剧.
    Custom,
    /// Fountain markup.
    Fountain,
    /// Fountain, laid out as on a US page.
    Screenplay,
}

/// A complete output spec, as a snapshot holds it and a run pins it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutputSpec {
    /// See [`PartialOutputSpec::chapter_count`]; likewise below.
    pub chapter_count: u32,
    #[allow(missing_docs)]
    pub scene_count: u32,
    #[allow(missing_docs)]
    pub chapter_length: LengthRange,
    #[allow(missing_docs)]
    pub script_format: ScriptFormat,
    /// Notes have no default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script_format_notes: Option<String>,
    #[allow(missing_docs)]
    pub max_fix_rounds: u32,
    #[allow(missing_docs)]
    pub auto_step_retries: u32,
    #[allow(missing_docs)]
    pub auto_step_backoff_s: f64,
    #[allow(missing_docs)]
    pub seed: u64,
}

impl OutputSpec {
    /// Takes each key from the first of `layers` that has it, else the default for `language`.
    pub fn resolve(layers: &[&PartialOutputSpec], language: &str) -> Self {
        fn first<T: Clone>(layers: &[&PartialOutputSpec], key: impl Fn(&PartialOutputSpec) -> Option<T>, default: T) -> T {
            layers.iter().find_map(|layer| key(layer)).unwrap_or(default)
        }
        let chinese = crate::language::Tongue::of(language) == crate::language::Tongue::Zh;
        let length = if counts_chars(language) {
            LengthRange { min: 2000, max: 3000, unit: Unit::Chars }
        } else {
            LengthRange { min: 1500, max: 2500, unit: Unit::Words }
        };
        Self {
            chapter_count: first(layers, |l| l.chapter_count, 12),
            scene_count: first(layers, |l| l.scene_count, 12),
            chapter_length: first(layers, |l| l.chapter_length, length),
            script_format: first(layers, |l| l.script_format, if chinese { ScriptFormat::Custom } else { ScriptFormat::Fountain }),
            script_format_notes: layers.iter().find_map(|l| l.script_format_notes.clone()),
            max_fix_rounds: first(layers, |l| l.max_fix_rounds, 2),
            auto_step_retries: first(layers, |l| l.auto_step_retries, 3),
            auto_step_backoff_s: first(layers, |l| l.auto_step_backoff_s, 2.0),
            seed: first(layers, |l| l.seed, 0),
        }
    }
}

impl PartialOutputSpec {
    /// What is out of range, as (key, sentence).
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        for (key, count) in [("chapter_count", self.chapter_count), ("scene_count", self.scene_count)] {
            if let Some(n) = count
                && !(1..=2000).contains(&n)
            {
                faults.push((key, format!("is {n}, but must be between 1 and 2,000")));
            }
        }
        if let Some(range) = self.chapter_length {
            if range.min == 0 || range.min > range.max {
                faults.push((
                    "chapter_length",
                    format!("has min {} and max {}: min must be at least 1 and at most max", range.min, range.max),
                ));
            } else if range.max > 100_000 {
                faults.push(("chapter_length", format!("has max {}, but a chapter has at most 100,000", range.max)));
            }
        }
        for (key, count) in [("max_fix_rounds", self.max_fix_rounds), ("auto_step_retries", self.auto_step_retries)] {
            if let Some(n) = count
                && n > 20
            {
                faults.push((key, format!("is {n}, but must be at most 20")));
            }
        }
        if let Some(seconds) = self.auto_step_backoff_s
            && !(0.0..=60.0).contains(&seconds)
        {
            faults.push(("auto_step_backoff_s", format!("is {seconds}, but must be between 0 and 60 seconds")));
        }
        faults
    }
}
