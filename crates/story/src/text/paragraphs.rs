use super::Span;

/// The paragraphs of a normalised text, in order. Counted from 1 wherever a person or a model sees them.
pub fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").filter(|p| !p.is_empty()).collect()
}

/// Where the paragraphs of a normalised text stand, in the order of [`paragraphs`].
pub fn paragraph_spans(text: &str) -> Vec<Span> {
    let mut at = 0;
    let mut spans = Vec::new();
    for paragraph in text.split("\n\n") {
        let end = at + paragraph.chars().count();
        if end > at {
            spans.push(Span { start: at, end });
        }
        at = end + 2;
    }
    spans
}

/// One text from paragraphs: the inverse of [`paragraphs`].
pub fn join_paragraphs<S: AsRef<str>>(paragraphs: &[S]) -> String {
    paragraphs.iter().map(AsRef::as_ref).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n\n")
}
