//! `--continue`: an existing novel comes in and is gone on with.

use std::path::Path;

use documents::{BriefFile, ImportOptions, ImportedNovel, MOST_IMPORT_BYTES, import_novel};
use serde_json::json;
use story::{
    brief::{BriefContent, Character},
    canonical::{canonical_json, hash_text},
    cast::speakers,
    language::Tongue,
};
use studio::{Studio, run::Budget, run::Run, run::Status};

use crate::{
    cli::{
        output::Output,
        way::origin::{Found, Turn, known},
    },
    failure::Failure,
    importing, say,
    wiring::Wiring,
};

/// How many chapters are added where nobody says.
const MORE: u32 = 3;

/// A novel to be gone on with, and what the writer says about it.
pub(super) struct Continued {
    novel: ImportedNovel,
    /// The hash of the file.
    hash: String,
    title: String,
    content: BriefContent,
    more: u32,
}

impl Continued {
    pub(super) fn language(&self) -> &str {
        self.content.language()
    }
}

/// Reads the novel, before anything is opened.
pub(super) fn read(path: &Path, brief: Option<BriefFile>, more: Option<u32>, output: &Output) -> Result<Continued, Failure> {
    let bytes = bytes(path)?;
    let name = path.to_string_lossy();
    let language = brief.as_ref().and_then(|brief| brief.content.language.clone());
    let options = ImportOptions { markdown: importing::is_markdown(&name), language, ..ImportOptions::default() };
    let novel = import_novel(&bytes, &options).map_err(|e| Failure::usage(format!("{name}: {e}"), e.hint()))?;
    for warning in &novel.warnings {
        output.warn(&format!("{name}: {warning}"));
    }
    let hash = hash_text(&String::from_utf8_lossy(&bytes));
    let told = brief.as_ref().map(|brief| brief.title.trim().to_owned()).filter(|title| !title.is_empty());
    let found = if novel.title.is_empty() { importing::stem(&name) } else { novel.title.clone() };
    let mut content = brief.map(|brief| brief.content).unwrap_or_default();
    content.language.get_or_insert_with(|| novel.language.clone());
    if content.characters.is_empty() {
        // Who goes on with the book should know who is in it.
        let tongue = Tongue::of(content.language());
        let people = speakers(novel.chapters.iter().map(|chapter| chapter.text.as_str()), tongue);
        content.characters = people.into_iter().map(|p| Character { name: p.name, pronouns: p.pronouns, ..Character::default() }).collect();
    }
    Ok(Continued { novel, hash, title: told.unwrap_or(found), content, more: more.unwrap_or(MORE) })
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |e: std::io::Error| {
        let hint = say!("Give the path of a novel as text or Markdown." | "请给出小说文件的路径（纯文本或 Markdown）。");
        Failure::usage(say!("{} cannot be read: {}." | "无法读取 {}：{}。", path.display(), e), hint)
    };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > MOST_IMPORT_BYTES as u64 {
        let e = documents::ImportError::TooLarge { bytes: size };
        return Err(Failure::usage(format!("{}: {e}", path.display()), e.hint()));
    }
    std::fs::read(path).map_err(unreadable)
}

/// The run that goes on with this novel, or a new one: imported, with more chapters laid behind its last.
pub(super) async fn find_or_create(
    studio: &Studio,
    wiring: &Wiring,
    anew: bool,
    continued: Continued,
    budget: Option<Budget>,
) -> Result<Found, Failure> {
    let Continued { novel, hash, title, content, more } = continued;
    let model = wiring.model.clone();
    let origin = json!({ "continue": hash, "title": title, "content": content, "more": more, "model": model });
    let origin = hash_text(&canonical_json(&origin));
    let _turn = Turn::take(wiring, &origin)?;
    if let Some(run) = known(studio, &origin, anew, budget).await? {
        let run = extended(studio, run, more).await?;
        return Ok(Found { run, is_new: false, title, model });
    }
    let brief = studio.create_brief(title.clone(), content).await?;
    let request = importing::request(&novel, None, title.clone(), &model, Some(origin.clone()));
    studio.import(&brief, request).await?;
    let run = known(studio, &origin, false, budget).await?;
    let run = run.ok_or_else(|| Failure::new(crate::failure::Exit::Failed, say!("The import is gone." | "导入的内容不见了。"), ""))?;
    let run = extended(studio, run, more).await?;
    Ok(Found { run, is_new: true, title, model })
}

/// An import that nobody has gone on with yet gets its new chapters; any other run is as it should be.
async fn extended(studio: &Studio, run: Run, more: u32) -> Result<Run, Failure> {
    if run.status == Status::Succeeded && run.last_index == 1 { Ok(studio.add_chapters(&run.id, more).await?) } else { Ok(run) }
}
