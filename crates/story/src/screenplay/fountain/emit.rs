use super::{Block, Line, in_capitals, is_heading};

/// What stands before a script. It always stands there: without it, readers take a first line such as `Note: …` for one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TitlePage {
    /// Keys and values in order; a value may have lines. The first is the title.
    pub fields: Vec<(String, String)>,
}

/// Writes Fountain: the title page first, an empty line between elements, forced wherever readers disagree.
pub fn emit(page: &TitlePage, blocks: &[Block]) -> String {
    let mut out = String::new();
    for (key, value) in &page.fields {
        let lines: Vec<&str> = value.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        match lines.as_slice() {
            [] => out.push_str(&format!("{key}:\n")),
            [one] => out.push_str(&format!("{key}: {one}\n")),
            more => {
                out.push_str(&format!("{key}:\n"));
                for line in more {
                    out.push_str(&format!("    {line}\n"));
                }
            }
        }
    }
    let body = body(blocks);
    if !out.is_empty() && !body.is_empty() {
        out.push('\n');
    }
    out.push_str(&body);
    out
}

/// The elements alone, as they are stored.
pub(super) fn body(blocks: &[Block]) -> String {
    let written: Vec<String> = blocks.iter().map(element).filter(|text| !text.is_empty()).collect();
    let mut out = written.join("\n\n");
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn element(block: &Block) -> String {
    match block {
        Block::Heading { text, number } => {
            let text = one_line(text);
            let forced = if is_heading(&text) { "" } else { "." };
            let number = number.as_ref().map_or(String::new(), |n| format!(" #{}#", n.replace(['#', '\n'], "")));
            format!("{forced}{text}{number}")
        }
        Block::Action(text) => text.lines().map(str::trim_end).filter(|l| !l.trim().is_empty()).map(action).collect::<Vec<_>>().join("\n"),
        Block::Speech { name, extension, dual, lines } => speech(name, extension.as_deref(), *dual, lines),
        Block::Transition(text) => {
            let text = one_line(text);
            let natural = in_capitals(&text) && text.ends_with("TO:");
            if natural { text } else { format!("> {}", text.trim_end_matches('<').trim_end()) }
        }
        Block::Centered(text) => format!("> {} <", escaped(&one_line(text))),
        Block::Lyric(text) => format!("~{}", escaped(&one_line(text))),
        Block::Section { level, text } => format!("{} {}", "#".repeat((*level).max(1)), one_line(text)),
        Block::Synopsis(text) => format!("= {}", one_line(text).trim_start_matches('=').trim_start()),
        Block::PageBreak => "===".into(),
    }
}

/// A line of action that nobody takes for anything else.
fn action(line: &str) -> String {
    let text = escaped(line.trim_start());
    let first = text.chars().next().unwrap_or(' ');
    let odd = matches!(first, '.' | '@' | '!' | '>' | '#' | '=' | '~' | '(' | '[' | '/' | '*' | '_' | '\\' | '<' | '-');
    // Without a small letter some readers see a name.
    let capitals = !text.contains(|c: char| c.is_lowercase());
    let title = text.split_once(':').is_some_and(|(key, _)| key.chars().count() < 20);
    if odd || capitals || title || is_heading(&text) || text.trim_end().to_uppercase().ends_with("TO:") { format!("!{text}") } else { text }
}

fn speech(name: &str, extension: Option<&str>, dual: bool, lines: &[Line]) -> String {
    let name = one_line(&name.replace(['(', ')', '（', '）', '^', '@'], " "));
    let plain = in_capitals(&name)
        && name.is_ascii()
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '\'' | '-'))
        && !is_heading(&name);
    let mut out = if plain { name } else { format!("@{name}") };
    if let Some(extension) = extension {
        out.push_str(&format!(" ({})", one_line(&extension.replace(['(', ')', '（', '）'], " "))));
    }
    if dual {
        out.push_str(" ^");
    }
    for line in lines {
        out.push('\n');
        match line {
            Line::Parenthetical(text) => out.push_str(&format!("({})", one_line(&text.replace(['(', ')', '（', '）'], " ")))),
            Line::Words(text) if text.trim().is_empty() => out.push_str("  "),
            Line::Words(text) => out.push_str(&words(text.trim())),
        }
    }
    out
}

/// A line of speech: one that stands in brackets as a whole is no parenthetical.
fn words(line: &str) -> String {
    let text = escaped(line);
    match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) => format!("[{inner}]"),
        None => text,
    }
}

/// With strokes before what would be read as emphasis, and gaps in what would be read as a note or struck out.
fn escaped(text: &str) -> String {
    let plain = text.replace("\\*", "*").replace("\\_", "_");
    // Twice: of three brackets the last two would stay together.
    let apart = |text: String| text.replace("[[", "[ [").replace("]]", "] ]");
    apart(apart(plain)).replace('*', "\\*").replace('_', "\\_").replace("/\\*", "/ \\*").replace("\\*/", "\\* /")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
