use serde_json::{Map, Value};

use super::{Format, Warning, Wrong};

/// The keys of a Markdown brief: front matter, the first heading as `title`, the rest as `premise`.
pub(super) fn map(text: &str, warnings: &mut Vec<Warning>) -> Result<Map<String, Value>, Wrong> {
    let (mut map, body) = front_matter(text)?;
    let (heading, mut rest) = heading(body);
    if let Some(heading) = heading {
        match map.get("title").and_then(Value::as_str).map(str::trim) {
            None if !map.contains_key("title") => {
                map.insert("title".into(), heading.into());
            }
            Some(title) if title == heading => {}
            _ => {
                warnings.push(Warning {
                    pointer: "/title".into(),
                    detail: format!("The front matter gives the title, so the heading “{heading}” was kept as the premise's first line."),
                });
                rest = format!("{heading}\n\n{rest}");
            }
        }
    }
    let rest = rest.trim();
    if !rest.is_empty() {
        // Under `content`, where the brief stands there as a whole.
        let keys = match map.get_mut("content") {
            Some(Value::Object(content)) => content,
            _ => &mut map,
        };
        match keys.get_mut("premise") {
            Some(Value::String(premise)) if !premise.trim().is_empty() => *premise = format!("{}\n\n{rest}", premise.trim()),
            // A premise of a wrong type is told by whoever reads the types.
            Some(other) if !other.is_null() && !other.is_string() => {}
            _ => {
                keys.insert("premise".into(), rest.into());
            }
        }
    }
    Ok(map)
}

/// The keys between the fences, and what stands below them. A line in an error is the line of the file.
fn front_matter(text: &str) -> Result<(Map<String, Value>, &str), Wrong> {
    let mut lines = Lines { text, at: 0, number: 0 };
    let first = loop {
        match lines.next() {
            Some(line) if line.trim().is_empty() => {}
            other => break other.unwrap_or_default(),
        }
    };
    let (fence, format) = match first.trim_end() {
        "---" => ("---", Format::Yaml),
        "+++" => ("+++", Format::Toml),
        _ => return Ok((Map::new(), text)),
    };
    let (from, number) = (lines.at, lines.number);
    let mut to = from;
    while let Some(line) = lines.next() {
        if line.trim_end() == fence || (format == Format::Yaml && line.trim_end() == "...") {
            let keys = "\n".repeat(number) + &text[from..to];
            return Ok((format.map(&keys)?, &text[lines.at..]));
        }
        to = lines.at;
    }
    Err(Wrong::OpenFrontMatter { fence, line: number })
}

/// Lines with their ends, and how far they were read.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    number: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let line = self.text[self.at..].split_inclusive('\n').next()?;
        self.at += line.len();
        self.number += 1;
        Some(line)
    }
}

/// The first `# heading` outside of a code block, and the text without it.
fn heading(body: &str) -> (Option<String>, String) {
    let mut fenced = false;
    for (at, line) in body.split('\n').enumerate() {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            fenced = !fenced;
        }
        let Some(title) = line.strip_prefix('#').filter(|rest| !fenced && rest.starts_with([' ', '\t', '\u{3000}'])) else { continue };
        let title = title.trim();
        // `# Title #` is a heading too; `# C#` keeps its sign.
        let bare = title.trim_end_matches('#');
        let title = if bare.is_empty() || bare.ends_with([' ', '\t']) { bare.trim_end() } else { title };
        if title.is_empty() {
            continue;
        }
        let rest: Vec<&str> = body.split('\n').enumerate().filter(|(i, _)| *i != at).map(|(_, line)| line).collect();
        return (Some(title.to_owned()), rest.join("\n"));
    }
    (None, body.to_owned())
}
