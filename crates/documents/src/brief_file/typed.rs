use serde_json::{Map, Value};
use story::brief::{BriefContent, KNOWN_KEYS, nearest};

use super::{
    BriefFile, Fault, MOST_TITLE_CHARS, Warning, Wrong,
    shape::{BRIEF, escaped, in_order},
    without_nulls,
};

/// Makes a brief of the keys of a file, or tells everything that is wrong with them.
pub(super) fn brief(map: Map<String, Value>, mut warnings: Vec<Warning>) -> Result<BriefFile, Wrong> {
    let mut faults = Vec::new();
    let mut map = without_nulls(map);
    let mut title = map.remove("title");
    let (at, mut content) = match map.remove("content") {
        Some(Value::Object(content)) => {
            beside_content(&map, &mut faults, &mut warnings);
            ("/content", content)
        }
        Some(other) => {
            map.insert("content".into(), other);
            ("", map)
        }
        None => ("", map),
    };
    let inner = content.remove("title");
    let title_at = if title.is_none() && inner.is_some() { format!("{at}/title") } else { "/title".into() };
    title = title.or(inner);
    let title = one_line(title, &title_at, &mut faults);
    for (key, value) in in_order(&content, BRIEF) {
        let pointer = format!("{at}/{}", escaped(key));
        match BRIEF.iter().find(|(known, _)| known == key) {
            Some((_, shape)) => shape.check(&pointer, value, &mut faults),
            None => unknown(key, pointer, &mut faults, &mut warnings),
        }
    }
    // A key with nothing but blanks says as little as none.
    content.retain(|key, value| !(KNOWN_KEYS.contains(&key.as_str()) && value.as_str().is_some_and(|text| text.trim().is_empty())));
    if let Some(language) = content.get("language").and_then(Value::as_str) {
        faults.extend(language_fault(language, at));
    }
    if !faults.is_empty() {
        return Err(Wrong::Faults(faults));
    }
    let content = BriefContent::from_map(content).map_err(|errors| {
        let fault = |e: story::brief::FieldError| Fault {
            pointer: format!("{at}{}", e.pointer),
            detail: e.detail,
            hint: "docs/briefs.md shows what may stand under every key.".into(),
        };
        Wrong::Faults(errors.into_iter().map(fault).collect())
    })?;
    if content.is_empty() {
        return Err(Wrong::EmptyBrief);
    }
    Ok(BriefFile { title, content, warnings })
}

/// The title in one line; blanks and line breaks in it become one blank.
fn one_line(title: Option<Value>, pointer: &str, faults: &mut Vec<Fault>) -> String {
    let Some(title) = title else { return String::new() };
    super::shape::Shape::Text.check(pointer, &title, faults);
    let title = title.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let length = title.chars().count();
    if length > MOST_TITLE_CHARS {
        faults.push(Fault {
            pointer: pointer.to_owned(),
            detail: format!("has {length} characters, but a title has at most {MOST_TITLE_CHARS}"),
            hint: "Shorten the title, and put what it says into `logline`.".into(),
        });
    }
    if title.contains('\0') {
        faults.push(Fault { pointer: pointer.to_owned(), detail: "holds a NUL character".into(), hint: "Remove it.".into() });
    }
    title
}

/// A key that we do not know: a slip of the pen stops, everything else is kept.
fn unknown(key: &str, pointer: String, faults: &mut Vec<Fault>, warnings: &mut Vec<Warning>) {
    match nearest(key, KNOWN_KEYS.iter().chain(&["title"])) {
        Some(meant) => faults.push(Fault {
            pointer,
            detail: "is no key of a brief".into(),
            hint: format!("Did you mean `{meant}`? If not, give the key a name that is less like it."),
        }),
        None => warnings.push(Warning { pointer, detail: format!("`{key}` is no key that Fabulist knows; it is kept as a note.") }),
    }
}

/// Where the brief stands under `content`, nothing of it may stand beside it.
fn beside_content(map: &Map<String, Value>, faults: &mut Vec<Fault>, warnings: &mut Vec<Warning>) {
    for (key, _) in in_order(map, BRIEF) {
        let pointer = format!("/{}", escaped(key));
        if KNOWN_KEYS.contains(&key.as_str()) {
            faults.push(Fault {
                pointer,
                detail: "stands beside `content`, where it would not be read".into(),
                hint: format!("Move `{key}` into `content`, or write all keys at the top level and no `content`."),
            });
        } else if let Some(meant) = nearest(key, &["title", "content"]) {
            faults.push(Fault { pointer, detail: "is no key of a brief".into(), hint: format!("Did you mean `{meant}`?") });
        } else {
            warnings.push(Warning { pointer, detail: format!("`{key}` stands beside `content` and is not read.") });
        }
    }
}

/// A language by its name would quietly be taken for English.
fn language_fault(language: &str, at: &str) -> Option<Fault> {
    let mut parts = language.split(['-', '_']);
    let primary = parts.next().unwrap_or_default();
    let is_tag = (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if is_tag {
        return None;
    }
    let tag = match language.trim().to_lowercase().as_str() {
        "chinese" | "中文" | "汉语" | "简体中文" | "mandarin" => Some("zh"),
        "繁体中文" | "繁體中文" => Some("zh-Hant"),
        "english" | "英文" | "英语" => Some("en"),
        "japanese" | "日本語" | "日语" => Some("ja"),
        "french" | "français" => Some("fr"),
        "german" | "deutsch" => Some("de"),
        "spanish" | "español" => Some("es"),
        _ => None,
    };
    Some(Fault {
        pointer: format!("{at}/language"),
        detail: format!("must be a language tag (BCP 47), but is \"{language}\""),
        hint: tag.map_or_else(|| "Write a tag such as en, en-GB, zh or zh-Hant.".into(), |tag| format!("Write \"{tag}\".")),
    })
}
