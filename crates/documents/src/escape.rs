//! Prose as Markdown that shows every sign as it stands, and back.

/// One line of prose, escaped where Markdown would see more than text in it.
pub(crate) fn escape_line(line: &str) -> String {
    let body = line.trim_start_matches([' ', '\t']);
    let mut out = String::with_capacity(line.len() + 8);
    for blank in line[..line.len() - body.len()].chars() {
        out.push_str(if blank == '\t' { "&emsp;" } else { "&nbsp;" });
    }
    let marker = marker_at(body);
    for (at, c) in body.char_indices() {
        let next = body[at + c.len_utf8()..].chars().next();
        if marker == Some(at) || is_special(c, next) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Where a sign stands that would make a block of the line: a heading, quote, list, rule, table.
fn marker_at(body: &str) -> Option<usize> {
    if body.starts_with(['#', '>', '-', '+', '=', '|', ':']) {
        return Some(0);
    }
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &body[digits..];
    ((1..=9).contains(&digits) && rest.starts_with(['.', ')']) && (rest.len() == 1 || rest[1..].starts_with([' ', '\t']))).then_some(digits)
}

/// Signs that mean something anywhere in a line.
fn is_special(c: char, next: Option<char>) -> bool {
    match c {
        '\\' | '*' | '_' | '`' | '[' | '<' | '~' => true,
        '&' => next.is_some_and(|next| next == '#' || next.is_ascii_alphanumeric()),
        _ => false,
    }
}

/// A line of Markdown as plain text: the inverse of [`escape_line`].
pub(crate) fn unescape_line(line: &str) -> String {
    let mut rest = line;
    let mut out = String::with_capacity(line.len());
    loop {
        if let Some(after) = rest.strip_prefix("&nbsp;") {
            out.push(' ');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("&emsp;") {
            out.push('\t');
            rest = after;
        } else {
            break;
        }
    }
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => {
                out.extend(chars.next());
            }
            _ => out.push(c),
        }
    }
    out
}

/// Whether a line ends in a lone backslash: a break that is kept.
pub(crate) fn ends_in_break(line: &str) -> bool {
    line.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1
}
