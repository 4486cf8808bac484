use crate::{
    output_spec::ScriptFormat,
    screenplay::{
        duanju,
        fountain::{self, Block},
    },
    text::Span,
};

/// Who speaks in a script, speech by speech, and where.
pub(super) fn speakers(format: ScriptFormat, text: &str) -> Vec<(String, Span)> {
    match format {
        ScriptFormat::Custom => duanju::parse(text)
            .into_iter()
            .filter_map(|row| match row.kind {
                duanju::Kind::Speech(speech) => Some((speech.name, row.span)),
                _ => None,
            })
            .collect(),
        ScriptFormat::Fountain | ScriptFormat::Screenplay => fountain::parse(text)
            .into_iter()
            .filter_map(|placed| match placed.block {
                Block::Speech { name, .. } => Some((name, placed.span)),
                _ => None,
            })
            .collect(),
    }
}

/// Where the headings of the scenes stand; in 短剧 with the two numbers of each.
pub(super) fn headings(format: ScriptFormat, text: &str) -> Vec<(Option<(u32, u32)>, Span)> {
    match format {
        ScriptFormat::Custom => duanju::parse(text)
            .into_iter()
            .filter_map(|row| match row.kind {
                duanju::Kind::Scene { number, .. } => Some((Some(number), row.span)),
                _ => None,
            })
            .collect(),
        ScriptFormat::Fountain | ScriptFormat::Screenplay => fountain::parse(text)
            .into_iter()
            .filter(|placed| matches!(placed.block, Block::Heading { .. }))
            .map(|placed| (None, placed.span))
            .collect(),
    }
}
