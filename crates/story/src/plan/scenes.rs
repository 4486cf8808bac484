use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::UnitId;
use crate::{language::Tongue, output_spec::ScriptFormat};

/// All planned scenes of a script.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SceneList {
    /// By stable id.
    pub scenes: BTreeMap<UnitId, PlannedScene>,
}

/// One scene of the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedScene {
    /// Its place in the script: ascending, not necessarily without gaps.
    pub order: i64,
    /// Without a number.
    pub title: String,
    /// `INT`, `EXT` or `INT/EXT`.
    pub int_ext: String,
    /// Where.
    pub place: String,
    /// The time of day.
    pub time: String,
    /// What happens.
    pub summary: String,
    /// Who is there.
    #[serde(default)]
    pub characters: Vec<String>,
}

impl SceneList {
    /// The scenes in the order of the script, with their ids. Their ordinals are 1, 2, 3 …
    pub fn in_order(&self) -> Vec<(&UnitId, &PlannedScene)> {
        let mut scenes: Vec<_> = self.scenes.iter().collect();
        scenes.sort_by(|a, b| a.1.order.cmp(&b.1.order).then_with(|| a.0.cmp(b.0)));
        scenes
    }

    /// The scene with this ordinal, from 1.
    pub fn scene(&self, ordinal: u32) -> Option<(&UnitId, &PlannedScene)> {
        self.in_order().into_iter().nth(usize::try_from(ordinal).ok()?.checked_sub(1)?)
    }

    /// How many scenes are planned.
    pub fn count(&self) -> u32 {
        u32::try_from(self.scenes.len()).unwrap_or(u32::MAX)
    }
}

impl PlannedScene {
    /// The heading line as the script is to have it.
    pub fn heading(&self, format: ScriptFormat, tongue: Tongue, ordinal: u32) -> String {
        let (place, time) = (self.place.trim(), self.time.trim());
        match format {
            ScriptFormat::Custom => {
                let sides = match self.int_ext.as_str() {
                    "EXT" => "外",
                    "INT/EXT" => "内外",
                    _ => "内",
                };
                format!("1-{ordinal} {} {sides} {place}", if time.is_empty() { "日" } else { time })
            }
            ScriptFormat::Fountain | ScriptFormat::Screenplay => {
                let sides = match self.int_ext.as_str() {
                    "EXT" => "EXT.",
                    "INT/EXT" => "INT./EXT.",
                    _ => "INT.",
                };
                let time = match (time.is_empty(), tongue) {
                    (false, _) => time,
                    (true, Tongue::En) => "DAY",
                    (true, Tongue::Zh) => "日",
                };
                format!("{sides} {} - {}", place.to_uppercase(), time.to_uppercase())
            }
        }
    }
}
