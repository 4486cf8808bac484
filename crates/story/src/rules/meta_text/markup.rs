/// Whether `line` is a fence, a Markdown heading or the heading of a chapter.
pub(super) fn is_heading(line: &str) -> bool {
    if line.starts_with("```") || line.starts_with("~~~") {
        return true;
    }
    let rest = line.trim_start_matches('#');
    let marks = line.len() - rest.len();
    if (1..=6).contains(&marks) && !rest.trim().is_empty() {
        // `#今日热搜#` is what people write on a screen, `# 任务` is a prompt.
        return marks > 1 || rest.starts_with(char::is_whitespace);
    }
    let plain = line.trim_matches(|c: char| matches!(c, '*' | '_' | '【' | '】' | '[' | ']') || c.is_whitespace());
    is_english_heading(plain) || is_chinese_heading(plain)
}

/// `Chapter 3`, `CHAPTER IX: The Lamp`, `Chapter Twelve — Dust`; not “Chapter one of my life had closed.”
fn is_english_heading(line: &str) -> bool {
    const NUMBERS: [&str; 20] = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    let Some(rest) = line.get(..8).filter(|head| head.eq_ignore_ascii_case("chapter ")).and_then(|_| line.get(8..)) else { return false };
    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let (number, title) = rest.split_at(end);
    let numbered = !number.is_empty()
        && (number.chars().all(|c| c.is_ascii_digit())
            || number.chars().all(|c| "IVXLC".contains(c))
            || NUMBERS.contains(&number.to_lowercase().as_str()));
    let title = title.trim_start();
    numbered && (title.is_empty() || title.starts_with([':', '.', '-', '–', '—']) && is_title(title))
}

/// `第三章`, `第12章 灯`, `第四回：夜归`; not “第三章写得最好，他说。”
fn is_chinese_heading(line: &str) -> bool {
    let Some(rest) = line.strip_prefix('第') else { return false };
    let Some(end) = rest.find(['章', '回', '节', '卷', '集']) else { return false };
    let number = &rest[..end];
    let numbered = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || "零〇一二三四五六七八九十百千两".contains(c));
    let title: &str = rest[end..].trim_start_matches(['章', '回', '节', '卷', '集']);
    numbered && (title.is_empty() || title.starts_with([' ', '　', ':', '：', '·', '—']) && is_title(title))
}

/// Short, and no sentence.
fn is_title(words: &str) -> bool {
    words.chars().count() <= 60
        && (words.chars().count() == 1 || !words.ends_with(['.', '。', '，', ',', '；', ';', '”', '"', '」', '!', '！', '?', '？', '…']))
}

/// Whether `line` belongs to a JSON object.
pub(super) fn is_data(line: &str) -> bool {
    if matches!(line, "{" | "}" | "}," | "{}" | "[{" | "}]" | "],") {
        return true;
    }
    let inner = line.trim_start_matches(['{', '[', ' ']);
    let in_braces = line.starts_with('{');
    let Some((key, value)) = inner.strip_prefix('"').and_then(|rest| rest.split_once('"')) else { return false };
    let Some(value) = value.trim_start().strip_prefix(':') else { return false };
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let value = value.trim_start();
    in_braces || is_key && (value.is_empty() || value.starts_with(['"', '[', '{', '-']) || value.starts_with(|c: char| c.is_ascii_digit()))
}

/// Where paragraph markers such as `⟦12⟧` and signs such as `<|im_end|>` stand, in bytes.
pub(super) fn markers(line: &str) -> Vec<(usize, usize)> {
    const SIGNS: [&str; 8] = ["<think>", "</think>", "[INST]", "[/INST]", "<s>", "</s>", "<<SYS>>", "<</SYS>>"];
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (open, close) in [("⟦", "⟧"), ("<|", "|>")] {
        for (start, _) in line.match_indices(open) {
            let rest = &line[start + open.len()..];
            if let Some(size) = rest.find(close).filter(|size| *size > 0 && *size <= 24 && !rest[..*size].contains(char::is_whitespace)) {
                places.push((start, start + open.len() + size + close.len()));
            }
        }
    }
    for sign in SIGNS {
        places.extend(line.match_indices(sign).map(|(start, _)| (start, start + sign.len())));
    }
    places.sort_unstable();
    places
}
