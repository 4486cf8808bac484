//! Sentences in Chinese: what errors and findings say in English, by tables that stand in the crate of those errors.
//!
//! An error is told in English wherever it goes on to another program: over HTTP, in logs, in rows. A terminal may read Chinese. So each
//! crate has a table of its sentences in both languages, with `{}` for what changes; a test of the crate finds every entry that its sources
//! do not say any more.

/// Sentences of one crate: in English with `{}` for what changes, and in Chinese with `{}`, or `{0}`, `{1}` where the order is another.
pub type Phrases = [(&'static str, &'static str)];

/// How deep a sentence may stand in another.
const DEPTH: usize = 5;

/// The text in Chinese, as far as the tables know its sentences; the rest as it is.
pub fn in_chinese(tables: &[&Phrases], text: &str) -> String {
    if text.contains('\n') {
        return text.split('\n').map(|line| in_chinese(tables, line)).collect::<Vec<_>>().join("\n");
    }
    let indent = text.len() - text.trim_start().len();
    let said = text.trim();
    match translated(tables, said, DEPTH) {
        Some(chinese) => format!("{}{chinese}", &text[..indent]),
        None => text.to_owned(),
    }
}

/// Entries whose English words `source` does not say: `{name}` and `{}` are alike.
pub fn unsaid<'a>(table: &'a Phrases, source: &str) -> Vec<&'a str> {
    let plain = holes(source);
    table.iter().map(|(english, _)| *english).filter(|english| !plain.contains(&holes(english).replace('"', "\\\""))).collect()
}

/// Every hole as `{}`, whatever its name and form.
fn holes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let name = rest[open + 1..].find('}').map(|close| &rest[open + 1..open + 1 + close]);
        let is_hole = name.is_some_and(|name| name.len() < 40 && !name.contains(['{', ' ', '\n', '"', '…']));
        out.push_str(&rest[..open]);
        match name.filter(|_| is_hole) {
            Some(name) => {
                out.push_str("{}");
                rest = &rest[open + name.len() + 2..];
            }
            None => {
                out.push('{');
                rest = &rest[open + 1..];
            }
        }
    }
    out + rest
}

fn translated(tables: &[&Phrases], text: &str, depth: usize) -> Option<String> {
    if depth == 0 || text.is_empty() || !text.is_char_boundary(0) {
        return None;
    }
    let best = tables.iter().flat_map(|table| table.iter()).filter_map(|(english, chinese)| {
        let found = matched(english, text)?;
        Some((english.len() - 2 * found.len(), chinese, found))
    });
    if let Some((_, chinese, found)) = best.max_by_key(|(certain, _, _)| *certain) {
        let found: Vec<String> =
            found.into_iter().map(|hole| translated(tables, hole, depth - 1).unwrap_or_else(|| hole.to_owned())).collect();
        let mut filled = fill(chinese, &found);
        if text.ends_with('.') && !filled.ends_with(['。', '？', '！', '：', '.']) {
            filled.push('。');
        }
        return Some(filled);
    }
    // `file: what is wrong with it`; `One sentence. Another.`
    for (at, _) in text.match_indices(": ") {
        if let Some(right) = translated(tables, &text[at + 2..], depth - 1) {
            let left = &text[..at];
            return Some(format!("{}：{right}", translated(tables, left, depth - 1).unwrap_or_else(|| left.to_owned())));
        }
    }
    for (at, _) in text.match_indices(". ") {
        let (left, right) = (translated(tables, &text[..=at], depth - 1), translated(tables, &text[at + 2..], depth - 1));
        if left.is_some() || right.is_some() {
            return Some(left.unwrap_or_else(|| text[..=at].to_owned()) + &right.unwrap_or_else(|| text[at + 2..].to_owned()));
        }
    }
    None
}

/// What stands in the holes of `pattern`, where `text` is such a sentence. The first letter may be a capital, the full stop may be there.
fn matched<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let pattern = pattern.strip_suffix('.').unwrap_or(pattern);
    let text = text.strip_suffix('.').unwrap_or(text);
    let mut parts = pattern.split("{}");
    let first = parts.next()?;
    let head = text.get(..first.len())?;
    let alike = head == first
        || head.chars().next().map(|c| c.to_ascii_lowercase()) == first.chars().next().map(|c| c.to_ascii_lowercase())
            && head.get(1..).is_some_and(|rest| first.get(1..) == Some(rest));
    if !alike {
        return None;
    }
    let mut rest = &text[first.len()..];
    let mut found = Vec::new();
    let parts: Vec<&str> = parts.collect();
    for (n, part) in parts.iter().enumerate() {
        let end = if n + 1 == parts.len() { rest.ends_with(part).then(|| rest.len() - part.len())? } else { rest.find(part)? };
        found.push(&rest[..end]);
        rest = &rest[end + part.len()..];
    }
    (rest.is_empty() && found.iter().all(|hole| !hole.is_empty())).then_some(found)
}

fn fill(chinese: &str, found: &[String]) -> String {
    let mut out = String::new();
    let mut next = 0;
    let mut rest = chinese;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|close| open + close) else { break };
        let index = rest[open + 1..close].parse().unwrap_or_else(|_| {
            next += 1;
            next - 1
        });
        out.push_str(&rest[..open]);
        out.push_str(found.get(index).map(String::as_str).unwrap_or_default());
        rest = &rest[close + 1..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &Phrases = &[
        ("the file is empty", "文件是空的"),
        ("there is no {} {}", "没有{}{}"),
        ("run", "运行"),
        ("{} must be {}, but is {}", "{0} 应为{1}，却是{2}"),
        ("a whole number", "整数"),
        ("the text \"{}\"", "文本“{}”"),
        ("Choose from {}.", "可选：{}。"),
        ("{} things are wrong:", "有 {} 处错误："),
    ];

    #[test]
    fn sentences_are_told_in_chinese_whole_in_parts_and_one_in_another() {
        for (english, chinese) in [
            ("The file is empty.", "文件是空的。"),
            ("novel.txt: the file is empty", "novel.txt：文件是空的"),
            ("There is no run 12.", "没有运行12。"),
            ("/chapter_count must be a whole number, but is the text \"two\"", "/chapter_count 应为整数，却是文本“two”"),
            ("2 things are wrong:\n  the file is empty\n  x", "有 2 处错误：\n  文件是空的\n  x"),
            ("The file is empty. Choose from a, b.", "文件是空的。可选：a, b。"),
            ("nobody knows this", "nobody knows this"),
            ("已经是中文。", "已经是中文。"),
            ("", ""),
        ] {
            assert_eq!(in_chinese(&[TABLE], english), chinese, "{english}");
        }
    }

    #[test]
    fn what_a_source_does_not_say_any_more_is_found() {
        let source = "#[error(\"there is no {what} {id}\")] format!(\"the text \\\"{}\\\"\") \"the file is empty\" \"run\"";
        let idle = unsaid(TABLE, source);
        assert_eq!(idle, ["{} must be {}, but is {}", "a whole number", "Choose from {}.", "{} things are wrong:"]);
    }
}
