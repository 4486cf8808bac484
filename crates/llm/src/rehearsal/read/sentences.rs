/// The sentences of a text, each with its marks, letter for letter. A closing quotation mark stays with its sentence, and a line end
/// ends one.
pub(in crate::rehearsal) fn split(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut i = 0;
    while i < chars.len() {
        let (at, c) = chars[i];
        let line_end = c == '\n';
        let han_end = matches!(c, '。' | '！' | '？');
        let latin_end = matches!(c, '.' | '!' | '?' | '…') && ends_here(text, at, &chars, i);
        if !line_end && !han_end && !latin_end {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        while end < chars.len()
            && matches!(chars[end].1, '”' | '’' | '"' | '」' | '』' | '）' | ')' | '。' | '！' | '？' | '.' | '!' | '?' | '…')
        {
            end += 1;
        }
        let stop = chars.get(end).map_or(text.len(), |(byte, _)| *byte);
        // “Why?” she asked. is one sentence: a small letter goes on with it.
        let goes_on = text[stop..].trim_start_matches(' ').starts_with(char::is_lowercase) && !line_end;
        if !goes_on {
            push(&mut found, &text[start..stop]);
            start = stop;
        }
        i = end;
    }
    push(&mut found, &text[start..]);
    found
}

fn push<'a>(found: &mut Vec<&'a str>, piece: &'a str) {
    let piece = piece.trim();
    if piece.chars().any(char::is_alphanumeric) {
        found.push(piece);
    }
}

/// A full stop ends a sentence where a blank, a closing mark or the end follows, and no title such as `Mr` stands before it.
fn ends_here(text: &str, at: usize, chars: &[(usize, char)], i: usize) -> bool {
    let next = chars.get(i + 1).map(|(_, c)| *c);
    if !next.is_none_or(|c| c.is_whitespace() || matches!(c, '”' | '’' | '"' | '…' | '.' | '!' | '?' | ')')) {
        return false;
    }
    let word = text[..at].rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
    !matches!(word, "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "Messrs" | "Prof")
}

/// `text` without what people say in quotation marks: the part in which things happen.
pub(in crate::rehearsal) fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match c {
            '“' | '「' | '『' => inside = true,
            '”' | '」' | '』' => {
                inside = false;
                out.push('·');
            }
            '"' => {
                inside = !inside;
                if !inside {
                    out.push('·');
                }
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}
