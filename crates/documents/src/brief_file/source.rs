use super::{MOST_BYTES, Wrong};

/// The file's text: UTF-8 with or without a byte order mark, lines ending in `\n`, something in it.
pub(super) fn text(bytes: &[u8]) -> Result<String, Wrong> {
    if bytes.len() > MOST_BYTES {
        return Err(Wrong::TooLarge { bytes: bytes.len() });
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Wrong::Utf16);
    }
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Wrong::NotUtf8 { offset: e.valid_up_to(), line }
    })?;
    let text = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n");
    if let Some(at) = text.find('\0') {
        let (line, column) = place(&text, at);
        return Err(Wrong::Nul { line, column });
    }
    if text.trim().is_empty() {
        return Err(Wrong::EmptyFile);
    }
    Ok(text)
}

/// Line and column, both from 1 and in characters, of the byte `at`.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let at = (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}
