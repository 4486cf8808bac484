use unicode_normalization::UnicodeNormalization;

/// Brings prose into the one form that is stored and counted: NFC, lines ending in `\n`, no blanks at line
/// ends, one empty line between paragraphs, none at either end. A single `\n` stays inside its paragraph.
///
/// Idempotent.
pub fn normalize(text: &str) -> String {
    let composed: String = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n").nfc().collect();
    let mut out = String::with_capacity(composed.len());
    let mut empty_lines = 0;
    for line in composed.split('\n') {
        let line = line.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').trim_start_matches('\u{FEFF}');
        if line.trim().is_empty() {
            empty_lines += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty_lines > 0 { "\n\n" } else { "\n" });
        }
        empty_lines = 0;
        out.push_str(line);
    }
    out
}
