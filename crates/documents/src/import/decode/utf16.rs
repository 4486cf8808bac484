use encoding_rs::Encoding;

use super::SIXTEEN;

/// Of so many bytes it is told.
const LOOKED_AT: usize = 64 * 1024;

/// UTF-16 without a byte order mark, where the bytes make sense as such and as nothing else.
pub(super) fn guess(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.len() < 8 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let part = &bytes[..bytes.len().min(LOOKED_AT)];
    // Bytes that are UTF-8 without any NUL are taken for it.
    if !part.contains(&0) && std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let sense = |little: bool| {
        let units: Vec<u16> = part
            .chunks_exact(2)
            .map(|b| if little { u16::from_le_bytes([b[0], b[1]]) } else { u16::from_be_bytes([b[0], b[1]]) })
            .collect();
        let ordinary = units.iter().filter(|unit| is_ordinary(**unit)).count();
        (ordinary, units.len())
    };
    let ((little, all), (big, _)) = (sense(true), sense(false));
    let best = little.max(big);
    (best * 100 >= all * 98 && little != big).then_some(SIXTEEN[usize::from(big > little)])
}

/// Signs that texts are made of.
fn is_ordinary(unit: u16) -> bool {
    matches!(unit, 0x09 | 0x0A | 0x0D | 0x20..=0x7E | 0xA0..=0x24F | 0x2010..=0x2026 | 0x3000..=0x30FF | 0x4E00..=0x9FA5 | 0xFF01..=0xFF5E)
}
