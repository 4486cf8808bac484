/// The paragraphs of a normalised text, in order. Counted from 1 wherever a person or a model sees them.
pub fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").filter(|p| !p.is_empty()).collect()
}

/// One text from paragraphs: the inverse of [`paragraphs`].
pub fn join_paragraphs<S: AsRef<str>>(paragraphs: &[S]) -> String {
    paragraphs.iter().map(AsRef::as_ref).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n\n")
}
