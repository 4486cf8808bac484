//! A preset as the command line names it.

use std::path::Path;

use serde_json::{Value, json};
use story::presets::PromptPreset;
use studio::{Studio, desk::Inputs, run::Kind};

use crate::{failure::Failure, say};

/// How a script is to be written.
pub(crate) enum Preset {
    /// By its id or name in the catalog.
    Named(String),
    /// In words of the writer's own.
    Own(PromptPreset),
}

impl Preset {
    /// A file of this name, else a preset of the catalog.
    pub(crate) fn read(name: &str) -> Result<Self, Failure> {
        let path = Path::new(name);
        if !path.is_file() {
            return Ok(Self::Named(name.to_owned()));
        }
        let hint = say!("Give a text file in UTF-8 with the words of the preset." | "请给出一个 UTF-8 文本文件，内容为预设的文字。");
        let text = std::fs::read_to_string(path)
            .map_err(|e| Failure::usage(say!("{} cannot be read: {}." | "无法读取 {}：{}。", path.display(), e), hint.clone()))?;
        let chars = text.trim().chars().count();
        if chars == 0 || chars > story::presets::MOST_TEXT_CHARS {
            return Err(Failure::usage(say!("{} has {} characters." | "{} 有 {} 个字符。", path.display(), chars), hint));
        }
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self::Own(PromptPreset { id: String::new(), name, text: text.trim().to_owned(), script_format: None, language: None }))
    }

    /// What makes two calls with presets alike.
    pub(crate) fn origin(&self) -> Value {
        match self {
            Self::Named(name) => json!(name),
            Self::Own(preset) => json!({ "text": preset.text }),
        }
    }

    /// The inputs of a run of this kind that it is for.
    pub(crate) async fn inputs(self, studio: &Studio, kind: Kind) -> Result<Inputs, Failure> {
        let name = match self {
            Self::Own(preset) => return Ok(Inputs { prompt_preset: Some(preset), ..Inputs::default() }),
            Self::Named(name) => name,
        };
        let catalogs = studio.prompt_presets().await?;
        let catalog = if kind == Kind::NovelToScript { catalogs.novel_to_script } else { catalogs.script };
        let Some(preset) = catalog.find(&name) else {
            let ids = catalog.presets.iter().map(|preset| preset.id.as_str()).collect::<Vec<_>>().join(", ");
            return Err(Failure::usage(
                say!("There is no preset and no file called {}." | "没有名为 {} 的预设或文件。", name),
                say!("The presets are {}." | "可用的预设：{}。", ids),
            ));
        };
        Ok(Inputs { prompt_preset_id: Some(preset.id.clone()), ..Inputs::default() })
    }
}
