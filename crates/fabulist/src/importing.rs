//! A file that was read becomes what the desk keeps: the same for every door.

use std::path::Path;

use documents::ImportedNovel;
use serde_json::{Map, Value, json};
use studio::desk::{ImportRequest, NewChapter};

/// Whether a file is Markdown by its name; none where the name does not tell.
pub(crate) fn is_markdown(name: &str) -> Option<bool> {
    let extension = Path::new(name).extension()?.to_string_lossy().to_ascii_lowercase();
    match extension.as_str() {
        "md" | "markdown" | "mdown" => Some(true),
        "txt" | "text" => Some(false),
        _ => None,
    }
}

/// A file's name without its folder and extension, at most 300 characters.
pub(crate) fn stem(name: &str) -> String {
    let stem = Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    stem.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// What the desk keeps of a novel; `name` is its title where the file tells none.
pub(crate) fn request(novel: &ImportedNovel, label: Option<String>, name: String, model: &str, origin: Option<String>) -> ImportRequest {
    let chapters = novel.chapters.iter().map(|chapter| {
        let mut source = Map::from_iter([("line".to_owned(), json!(chapter.line)), ("heading".to_owned(), json!(chapter.heading))]);
        if let Some(volume) = &chapter.volume {
            source.insert("volume".into(), json!(volume));
        }
        NewChapter { title: chapter.title.clone(), text: chapter.text.clone(), metadata: json!({ "import": Value::Object(source) }) }
    });
    let title = if novel.title.is_empty() { name } else { novel.title.chars().take(300).collect() };
    ImportRequest {
        label,
        title,
        language: novel.language.clone(),
        model: model.to_owned(),
        origin,
        chapters: chapters.collect(),
        encoding: novel.encoding.clone(),
        warnings: novel.warnings.iter().map(ToString::to_string).collect(),
    }
}
