//! From bytes to text: which encoding a file is in, and what of it could not be read.

mod mixed;
mod utf16;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{ImportError, ImportWarning};

/// A file as text.
pub(super) struct Decoded {
    pub(super) text: String,
    /// As the Encoding Standard calls it: `UTF-8`, `UTF-16LE`, `GBK`, `gb18030`, `Big5`, `windows-1252` …
    pub(super) encoding: String,
    pub(super) warnings: Vec<ImportWarning>,
}

/// Of so many bytes the encoding is guessed; more of them tell no more.
const GUESSED_FROM: usize = 512 * 1024;

/// Reads `bytes` in the encoding that is named, else in the one that they are in.
pub(super) fn decode(bytes: &[u8], named: Option<&str>) -> Result<Decoded, ImportError> {
    if let Some(kind) = other_format(bytes) {
        return Err(ImportError::OtherFormat { kind });
    }
    if let Some(label) = named.map(str::trim).filter(|label| !label.is_empty() && !label.eq_ignore_ascii_case("auto")) {
        let encoding =
            Encoding::for_label(label.as_bytes()).filter(|e| *e != encoding_rs::REPLACEMENT && *e != encoding_rs::X_USER_DEFINED);
        let encoding = encoding.ok_or_else(|| ImportError::UnknownEncoding { label: label.to_owned() })?;
        return read(bytes, encoding, true);
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return read(bytes, encoding, false);
    }
    if let Some(encoding) = utf16::guess(bytes) {
        return read(bytes, encoding, false);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return read(bytes, UTF_8, false);
    }
    if bytes.contains(&0) {
        return Err(ImportError::Binary);
    }
    let sample = mixed::telling(bytes, GUESSED_FROM);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&sample, true);
    let guessed = detector.guess(None, Utf8Detection::Deny);
    if mixed::is_mostly_utf8(bytes) {
        // Some lines are UTF-8 and others are not: two files were put together.
        let other = detector.guess(mixed::hint(bytes), Utf8Detection::Deny);
        return Ok(mixed::read(bytes, other));
    }
    read(bytes, guessed, false)
}

fn read(bytes: &[u8], encoding: &'static Encoding, named: bool) -> Result<Decoded, ImportError> {
    let (text, encoding, broken) = encoding.decode(bytes);
    let mut warnings = Vec::new();
    // Wrong pairs of bytes often give signs that nobody uses.
    let private = text.chars().filter(|c| matches!(c, '\u{E000}'..='\u{F8FF}')).count();
    if private * 20 > text.len() / 3 {
        return Err(ImportError::NotThisEncoding { encoding: encoding.name().to_owned(), named });
    }
    if broken {
        let (lost, all) = text.chars().fold((0_usize, 0_usize), |(lost, all), c| (lost + usize::from(c == '\u{FFFD}'), all + 1));
        if lost * 20 > all {
            return Err(ImportError::NotThisEncoding { encoding: encoding.name().to_owned(), named });
        }
        let line = text.split('\n').position(|line| line.contains('\u{FFFD}')).unwrap_or(0) + 1;
        warnings.push(ImportWarning::UnreadableCharacters { count: lost, line, encoding: encoding.name().to_owned() });
    }
    let name = if encoding == GBK && has_four_byte_signs(bytes) { GB18030.name() } else { encoding.name() };
    Ok(Decoded { text: text.into_owned(), encoding: name.to_owned(), warnings })
}

/// GB18030 is GBK with signs of four bytes.
fn has_four_byte_signs(bytes: &[u8]) -> bool {
    let mut at = 0;
    while at + 3 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (0x81..=0xFE, 0x30..=0x39) => return true,
            (0x81..=0xFE, _) => at += 2,
            _ => at += 1,
        }
    }
    false
}

/// Files that are no text, told by their first bytes.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 9] = [
        (b"%PDF-", "a PDF"),
        (b"PK\x03\x04", "a ZIP archive, as EPUB and DOCX files are"),
        (b"\xD0\xCF\x11\xE0", "an old Word document"),
        (b"{\\rtf", "an RTF document"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"Rar!", "a RAR archive"),
        (b"7z\xBC\xAF", "a 7z archive"),
        (b"\x89PNG", "a picture"),
        (b"\xFF\xD8\xFF", "a picture"),
    ];
    KNOWN.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind)
}

/// What a line that is no UTF-8 is read in, where the detector's guess cannot be told from so few bytes.
fn fallback(guessed: &'static Encoding, chinese: bool) -> &'static Encoding {
    match (guessed == GBK || guessed == GB18030 || guessed == BIG5, chinese) {
        (true, true) => guessed,
        (_, true) => GBK,
        _ => WINDOWS_1252,
    }
}

const SIXTEEN: [&Encoding; 2] = [UTF_16LE, UTF_16BE];
