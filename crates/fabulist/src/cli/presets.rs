//! `fabulist presets`: the prompt presets, at a terminal.

use std::{io::Read as _, path::PathBuf};

use clap::{Subcommand, ValueEnum};
use serde_json::json;
use story::{
    language::Tongue,
    presets::{Catalog, Catalogs, PromptPreset},
};
use studio::{Studio, driver::Scope};

use super::{Globals, output::Output};
use crate::{
    failure::{Exit, Failure},
    say,
    wiring::Wiring,
};

/// A catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Which {
    /// For scripts from a brief
    Script,
    /// For scripts from a novel
    #[value(name = "novel_to_script")]
    NovelToScript,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PresetsCommand {
    /// List the presets of both catalogs; a star marks the default
    List,
    /// Print what a preset says
    Show {
        /// Its id or its name
        preset: String,
        /// In which catalog it is looked for first
        #[arg(long, value_name = "CATALOG", default_value = "novel_to_script")]
        catalog: Which,
    },
    /// Change a preset, or add one: from a file, or in $EDITOR
    Edit {
        /// Its id; a new one adds a preset
        preset: String,
        /// In which catalog
        #[arg(long, value_name = "CATALOG", default_value = "novel_to_script")]
        catalog: Which,
        /// The text; `-` for stdin
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// What it is called
        #[arg(long)]
        name: Option<String>,
        /// Make it the one that is taken where a run names none
        #[arg(long)]
        default: bool,
    },
    /// Put a preset, or all of them, back to how they are shipped
    Reset {
        /// Its id; left out, every preset of both catalogs
        preset: Option<String>,
    },
}

pub(crate) async fn presets(globals: &Globals, command: PresetsCommand, output: &Output) -> Result<(), Failure> {
    let studio = Wiring::new(globals)?.studio(Scope::Nothing).await?;
    let result = carry_out(&studio, command, output).await;
    studio.close(std::time::Duration::from_secs(1)).await;
    result
}

async fn carry_out(studio: &Studio, command: PresetsCommand, output: &Output) -> Result<(), Failure> {
    let catalogs = studio.prompt_presets().await?;
    match command {
        PresetsCommand::List => output.data(|| json!(catalogs), || listed(&catalogs)),
        PresetsCommand::Show { preset, catalog } => {
            let found = of(&catalogs, catalog)
                .find(&preset)
                .or_else(|| catalogs.script.find(&preset))
                .or_else(|| catalogs.novel_to_script.find(&preset));
            let found = found.ok_or_else(|| unknown(&preset))?;
            output.data(|| json!(found), || vec![found.text.clone()]);
        }
        PresetsCommand::Edit { preset, catalog, file, name, default } => {
            let mut changed = catalogs;
            let list = match catalog {
                Which::Script => &mut changed.script,
                Which::NovelToScript => &mut changed.novel_to_script,
            };
            let old = list.get(&preset).cloned();
            let before = old.as_ref().map_or("", |old| old.text.as_str());
            let text = match file {
                Some(file) => read(&file)?,
                None if name.is_some() || default => before.to_owned(),
                None => in_editor(&preset, before).await?,
            };
            let new = PromptPreset {
                text: text.trim_end().to_owned(),
                name: name.or_else(|| old.as_ref().map(|old| old.name.clone())).unwrap_or_else(|| preset.clone()),
                ..old.unwrap_or(PromptPreset {
                    id: preset.clone(),
                    name: String::new(),
                    text: String::new(),
                    script_format: None,
                    language: None,
                })
            };
            match list.presets.iter_mut().find(|known| known.id == preset) {
                Some(known) => known.clone_from(&new),
                None => list.presets.push(new.clone()),
            }
            if default {
                list.default_id = Some(preset);
            }
            studio.put_prompt_presets(changed).await?;
            output.data(|| json!(new), || vec![say!("{} is kept." | "已保存 {}。", new.id)]);
        }
        PresetsCommand::Reset { preset } => {
            let next = match &preset {
                None => Catalogs::shipped(),
                Some(id) => put_back(catalogs, id)?,
            };
            let kept = studio.put_prompt_presets(next).await?;
            output.data(|| json!(kept), || vec![say!("The presets are as they are shipped." | "预设已恢复为出厂内容。")]);
        }
    }
    Ok(())
}

fn of(catalogs: &Catalogs, which: Which) -> &Catalog {
    match which {
        Which::Script => &catalogs.script,
        Which::NovelToScript => &catalogs.novel_to_script,
    }
}

/// A shipped preset in the place of what was made of it, in each catalog.
fn put_back(mut catalogs: Catalogs, id: &str) -> Result<Catalogs, Failure> {
    let shipped = Catalogs::shipped();
    let mut found = false;
    for (list, shipped) in [(&mut catalogs.script, &shipped.script), (&mut catalogs.novel_to_script, &shipped.novel_to_script)] {
        let Some(preset) = shipped.get(id) else { continue };
        found = true;
        match list.presets.iter_mut().find(|known| known.id == id) {
            Some(known) => known.clone_from(preset),
            None => list.presets.push(preset.clone()),
        }
    }
    if found { Ok(catalogs) } else { Err(unknown(id)) }
}

fn listed(catalogs: &Catalogs) -> Vec<String> {
    let mut lines = Vec::new();
    for (title, catalog) in [
        (say!("For scripts from a brief" | "由创作简报写剧本"), &catalogs.script),
        (say!("For scripts from a novel" | "由小说改编剧本"), &catalogs.novel_to_script),
    ] {
        lines.push(title);
        // What is in the reader's language comes first.
        let own = |preset: &&PromptPreset| preset.language.as_deref().map(Tongue::of) == Some(say::tongue());
        let (first, rest): (Vec<_>, Vec<_>) = catalog.presets.iter().partition(own);
        for preset in first.into_iter().chain(rest) {
            let star = if catalog.default_id.as_deref() == Some(&preset.id) { '*' } else { ' ' };
            lines.push(format!(" {star} {:<24} {}", preset.id, preset.name));
        }
    }
    lines
}

fn unknown(preset: &str) -> Failure {
    let hint = say!("`fabulist presets list` shows those that there are." | "`fabulist presets list` 列出全部预设。");
    Failure::new(Exit::NotFound, say!("There is no preset {}." | "没有预设 {}。", preset), hint)
}

fn read(file: &std::path::Path) -> Result<String, Failure> {
    let text = if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    text.map_err(|e| {
        Failure::usage(
            say!("{} cannot be read: {}." | "无法读取 {}：{}。", file.display(), e),
            say!("Give a text file in UTF-8." | "请给出 UTF-8 文本文件。"),
        )
    })
}

/// Opens the text in `$VISUAL` or `$EDITOR`. What was typed is kept where it cannot be used.
async fn in_editor(preset: &str, before: &str) -> Result<String, Failure> {
    let name: String = preset.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect();
    let file = std::env::temp_dir().join(format!("fabulist-preset-{name}-{}.md", std::process::id()));
    let failed = |e: std::io::Error| {
        Failure::new(
            Exit::Failed,
            format!("{}: {e}", file.display()),
            say!("Set EDITOR to your editor, or use --file." | "请设置 EDITOR，或使用 --file。"),
        )
    };
    std::fs::write(&file, before).map_err(failed)?;
    let editor = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR")).unwrap_or_else(|_| "vi".into());
    let mut words = editor.split_whitespace();
    let status = tokio::process::Command::new(words.next().unwrap_or("vi")).args(words).arg(&file).status().await.map_err(failed)?;
    if !status.success() {
        return Err(Failure::new(Exit::Failed, say!("The editor failed; nothing was changed." | "编辑器出错，未作改动。"), ""));
    }
    let text = std::fs::read_to_string(&file).map_err(failed)?;
    let _ = std::fs::remove_file(&file);
    Ok(text)
}
