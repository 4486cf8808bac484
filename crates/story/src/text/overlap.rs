/// The part of `more` that does not repeat the end of `text`: a model that is asked to go on often says its last
/// words again.
///
/// The longest end of `text` (at most 400 scalar values, at least 8) that `more` begins with is removed. Blanks at
/// the seam do not hide an overlap.
pub fn without_overlap<'a>(text: &str, more: &'a str) -> &'a str {
    const LONGEST: usize = 400;
    const SHORTEST: usize = 8;
    let tail: Vec<char> = text.trim_end().chars().collect();
    let lead = more.trim_start();
    let head: Vec<char> = lead.chars().take(LONGEST).collect();
    for size in (SHORTEST..=head.len().min(tail.len())).rev() {
        if tail[tail.len() - size..] == head[..size] {
            let bytes: usize = head[..size].iter().map(|c| c.len_utf8()).sum();
            return &lead[bytes..];
        }
    }
    more
}
