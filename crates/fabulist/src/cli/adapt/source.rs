use std::{io::Read as _, path::Path};

use documents::{ImportError, ImportOptions, ImportedNovel, MOST_IMPORT_BYTES, import_novel};
use story::{
    brief::BriefContent,
    canonical::{canonical_json, hash_text},
};
use studio::{Studio, brief::Snapshot, ports::RunFilter, run::Status};

use super::{AdaptArgs, chapters_of};
use crate::{cli::output::Output, failure::Failure, importing, say};

/// The bytes of the file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |e: std::io::Error| {
        let hint = say!("Give the path of a novel: a .txt or .md file." | "请给出小说的路径：.txt 或 .md 文件。");
        Failure::usage(say!("{} cannot be read: {}." | "无法读取 {}：{}。", path.display(), e), hint)
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    if bytes > MOST_IMPORT_BYTES as u64 {
        let error = ImportError::TooLarge { bytes };
        return Err(Failure::usage(format!("{}: {error}", path.display()), error.hint()));
    }
    // A file that grows, or has no end, is not read on: the importer refuses what is longer.
    let mut read = Vec::new();
    file.take(MOST_IMPORT_BYTES as u64 + 1).read_to_end(&mut read).map_err(unreadable)?;
    Ok(read)
}

/// The SHA-256 of the story that was read.
pub(super) fn hash(novel: &ImportedNovel) -> String {
    let chapters: Vec<_> = novel.chapters.iter().map(|chapter| [&chapter.title, &chapter.text]).collect();
    hash_text(&canonical_json(&serde_json::json!(chapters)))
}

/// The novel in the file.
pub(super) fn import(args: &AdaptArgs, bytes: &[u8]) -> Result<ImportedNovel, Failure> {
    let options = ImportOptions {
        encoding: args.encoding.clone(),
        markdown: importing::is_markdown(&args.novel.to_string_lossy()),
        chapter_length: args.chapters_of,
        keep_not_story: args.keep_not_story,
        language: args.language.clone(),
    };
    import_novel(bytes, &options).map_err(|e| Failure::usage(format!("{}: {e}", args.novel.display()), e.hint()))
}

/// What the book is called: as the command says, else the file, else by the file's name.
pub(super) fn title(args: &AdaptArgs, novel: &ImportedNovel) -> String {
    let title = args.title.clone().unwrap_or_else(|| novel.title.clone());
    if title.trim().is_empty() { importing::stem(&args.novel.to_string_lossy()) } else { title }
}

/// Says what was read.
pub(super) fn tell(novel: &ImportedNovel, output: &Output) {
    output.note(&say!("Read: {}" | "已读入：{}", chapters_of(novel)));
    for warning in &novel.warnings {
        output.warn(&warning.to_string());
    }
}

/// Takes the novel in: the snapshot that holds it. One that was taken in before, with the same options, is taken again.
pub(super) async fn keep(studio: &Studio, args: &AdaptArgs, novel: ImportedNovel, model: &str) -> Result<Snapshot, Failure> {
    let origin = args.import_origin(&novel);
    let known = studio.runs(RunFilter { origin: Some(origin.clone()), limit: Some(1), ..RunFilter::default() }).await?;
    if let Some(run) = known.items.into_iter().find(|run| run.status == Status::Succeeded) {
        return Ok(studio.snapshot(&run.snapshot_id).await?);
    }
    let title = title(args, &novel);
    let content = BriefContent { language: Some(novel.language.clone()), ..BriefContent::default() };
    let brief = studio.create_brief(title.clone(), content).await?;
    let request = importing::request(&novel, None, title, model, Some(origin));
    Ok(studio.import(&brief, request).await?.snapshot)
}
