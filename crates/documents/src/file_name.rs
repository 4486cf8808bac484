use story::text::normalize;

/// The most characters of a title in a file's name.
const MOST_CHARS: usize = 80;
/// The most characters of a label.
const MOST_LABEL_CHARS: usize = 40;
/// The most bytes of the whole: file systems take 255, and `.new` may be put into the name.
const MOST_BYTES: usize = 251;

/// The name of an exported file: the title, the run's label in parentheses, the extension.
///
/// Every script is kept. What a file system or a shell would trip over is left out: `/ \ : * ? " < > |`, control and
/// direction signs, dots at either end, the names that Windows keeps for devices. Never empty, never longer than 251 bytes.
pub fn file_name(title: &str, label: Option<&str>, extension: &str) -> String {
    let label = label.map(|label| within(&clean(label), MOST_LABEL_CHARS, MOST_BYTES)).filter(|label| !label.is_empty());
    let tail = match label {
        Some(label) => format!(" ({label}).{extension}"),
        None => format!(".{extension}"),
    };
    let mut stem = within(&clean(title), MOST_CHARS, MOST_BYTES.saturating_sub(tail.len()));
    if stem.is_empty() {
        stem = "Untitled".into();
    }
    if is_device(&stem) {
        stem.insert(0, '_');
    }
    stem + &tail
}

fn clean(name: &str) -> String {
    let kept: String = normalize(name)
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') && !c.is_control() && !is_direction(*c))
        .collect();
    trim(&kept.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Blanks and dots at the ends vanish on Windows or hide the file elsewhere.
fn trim(name: &str) -> String {
    name.trim_matches([' ', '.']).to_owned()
}

fn within(name: &str, chars: usize, bytes: usize) -> String {
    let mut kept = String::new();
    for c in name.chars().take(chars) {
        if kept.len() + c.len_utf8() > bytes {
            break;
        }
        kept.push(c);
    }
    // A joiner has nothing to join at the end.
    trim(kept.trim_end_matches('\u{200D}'))
}

/// Signs that turn the direction of writing could make a name look like another.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Names that Windows keeps for devices, with whatever follows the first dot.
fn is_device(stem: &str) -> bool {
    let base = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |prefix: &str| {
        base.strip_prefix(prefix).is_some_and(|n| {
            let mut digits = n.chars();
            matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
        })
    };
    matches!(base.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") || numbered("COM") || numbered("LPT")
}
