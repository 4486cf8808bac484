//! Words that are no story: what a model says about its answer, and the marks of prompts and markup.

mod chatter;
mod markup;

use super::Judged;
use crate::{
    finding::{Finding, Severity},
    plan::UnitKind,
    text::Span,
};

pub(super) const RULE: &str = "meta-text";

/// At most so many places are shown of one kind.
const MOST_PLACES: usize = 20;

/// What kind of leak it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A Markdown fence or heading, a chapter's heading.
    Heading,
    /// JSON.
    Data,
    /// A paragraph's marker, a sign between a model and its server.
    Marker,
    /// The model speaks of its answer.
    Chatter,
    /// A count of words, `(continued)`, （完）.
    Note,
}

/// One line of the chapter, with what decides how it is to be read.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    /// Without blanks around it.
    text: &'a str,
    /// Whether it stands in the first or in the last paragraph: there models speak of their answer, elsewhere people do.
    first: bool,
    last: bool,
}

/// Something stands in the chapter that no reader is to see. One finding a kind of leak, with every place.
pub(super) fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let draft = judged.draft;
    let mut places: Vec<(Kind, Span)> = Vec::new();
    let mut at = 0;
    let last_paragraph = draft.text.rfind("\n\n").map_or(0, |byte| draft.text[..byte].chars().count() + 2);
    let mut first = true;
    for whole in draft.text.split('\n') {
        let size = whole.chars().count();
        let text = whole.trim();
        if text.is_empty() {
            first = first && at == 0;
        } else {
            let start = at + whole.chars().take_while(|c| c.is_whitespace()).count();
            let span = Span { start, end: start + text.chars().count() };
            // The heading of an episode is where it belongs.
            let heading = judged.unit == UnitKind::Episode && text.starts_with('第') && text.contains('集');
            if !heading {
                leaks(Line { text, first, last: at >= last_paragraph }, span, &mut places);
            }
        }
        at += size + 1;
    }
    let mut found = Vec::new();
    for (kind, what, about) in [
        (Kind::Heading, "a heading or markup", "heading"),
        (Kind::Data, "data instead of prose", "data"),
        (Kind::Marker, "a marker that is no part of the story", "marker"),
        (Kind::Chatter, "words of the model about its answer", "chatter"),
        (Kind::Note, "a note that is no part of the story", "note"),
    ] {
        let mut spans = places.iter().filter(|(k, _)| *k == kind).map(|(_, span)| *span).take(MOST_PLACES);
        let Some(one) = spans.next() else { continue };
        let message = format!("{} holds {what}: “{}”.", judged.named(), crate::digests::shorten(crate::text::slice(&draft.text, one), 80));
        let about = format!("{about}/{}", crate::text::slice(&draft.text, one));
        let finding = Finding::new(RULE, Severity::Error, &about, message, "Take it out; only the story may stand there.".into());
        found.push(std::iter::once(one).chain(spans).fold(finding, |finding, span| finding.over(draft.ordinal, &draft.text, span)));
    }
    found
}

/// Adds what leaks in `line`, which stands at `span`: the whole line, or only the sign or note in it.
fn leaks(line: Line<'_>, span: Span, places: &mut Vec<(Kind, Span)>) {
    if markup::is_heading(line.text) {
        places.push((Kind::Heading, span));
    } else if markup::is_data(line.text) {
        places.push((Kind::Data, span));
    } else if chatter::is_chatter(line) {
        places.push((Kind::Chatter, span));
    } else if chatter::is_note(line.text) {
        places.push((Kind::Note, span));
    } else {
        let within = |(start, end): (usize, usize)| {
            let part = Span::of_bytes(line.text, start, end);
            Span { start: span.start + part.start, end: span.start + part.end }
        };
        places.extend(markup::markers(line.text).into_iter().map(|range| (Kind::Marker, within(range))));
        places.extend(chatter::note_at_the_end(line.text).map(|range| (Kind::Note, within(range))));
    }
}
