//! Files of which some lines are in one encoding and some in another.

use encoding_rs::Encoding;

use super::{Decoded, ImportWarning, fallback};

/// The lines that hold more than ASCII, at most `most` bytes of them.
pub(super) fn telling(bytes: &[u8], most: usize) -> Vec<u8> {
    let mut kept = Vec::new();
    for line in bytes.split_inclusive(|b| *b == b'\n').filter(|line| !line.is_ascii()) {
        kept.extend_from_slice(&line[..line.len().min(most - kept.len())]);
        if kept.len() >= most {
            break;
        }
    }
    kept
}

/// Whether at least a tenth of what is more than ASCII stands in lines that are UTF-8. By chance lines of another encoding never are.
pub(super) fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for line in lines(bytes).filter(|line| !line.is_ascii()) {
        let high = line.iter().filter(|b| **b >= 0x80).count();
        if is_utf8(line) {
            // Two high bytes may be a letter of UTF-8 and two letters of another encoding.
            good += high.saturating_sub(2);
        } else {
            bad += high;
        }
    }
    good > 0 && good * 9 >= bad
}

/// The top-level domain whose usual encoding decides in case of doubt.
pub(super) fn hint(bytes: &[u8]) -> Option<&'static [u8]> {
    is_chinese(bytes).then_some(&b"cn"[..])
}

fn is_chinese(bytes: &[u8]) -> bool {
    lines(bytes).filter_map(|line| std::str::from_utf8(line).ok()).any(|line| line.chars().any(|c| matches!(c, '\u{4E00}'..='\u{9FFF}')))
}

/// Each line in the encoding that it is in.
pub(super) fn read(bytes: &[u8], guessed: &'static Encoding) -> Decoded {
    let other = fallback(guessed, is_chinese(bytes));
    let (mut text, mut count, mut first) = (String::with_capacity(bytes.len()), 0, None);
    for (at, line) in lines(bytes).enumerate() {
        if at > 0 {
            text.push('\n');
        }
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            // A single stray byte in a long line of UTF-8 does not make the line something else.
            Err(_) if is_nearly_utf8(line) => text.push_str(&String::from_utf8_lossy(line)),
            Err(_) => {
                text.push_str(&other.decode_without_bom_handling(line).0);
                count += 1;
                first.get_or_insert(at + 1);
            }
        }
    }
    let mut warnings = Vec::new();
    if let Some(line) = first {
        warnings.push(ImportWarning::MixedEncodings { lines: count, line, encoding: other.name().to_owned() });
    }
    let lost = text.chars().filter(|c| *c == '\u{FFFD}').count();
    if lost > 0 {
        let line = text.split('\n').position(|line| line.contains('\u{FFFD}')).unwrap_or(0) + 1;
        warnings.push(ImportWarning::UnreadableCharacters { count: lost, line, encoding: "UTF-8".into() });
    }
    Decoded { text, encoding: "UTF-8".into(), warnings }
}

fn is_utf8(line: &[u8]) -> bool {
    std::str::from_utf8(line).is_ok()
}

fn is_nearly_utf8(line: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in line.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0x80).count();
        bad += chunk.invalid().len();
    }
    good >= bad * 6
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|b| *b == b'\n')
}
