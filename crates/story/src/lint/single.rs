//! The rules that a run holds its chapters against one by one, over a whole book.

use std::collections::BTreeMap;

use super::Desk;
use crate::{
    current_state::CurrentState,
    finding::{Evidence, Finding},
    output_spec::LengthRange,
    rules::{self, Judged},
    state::Draft,
    text::{Grain, Span, Unit, paragraph_spans, prints},
};

pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let asked = &desk.book.asked;
    let known = aliases(desk);
    let mut world = CurrentState::of_cast(asked.cast);
    let mut repeated: BTreeMap<String, u32> = BTreeMap::new();
    // Where a paragraph stood first, for the other side of the evidence.
    let mut first: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut found = Vec::new();
    for (at, page) in desk.pages.iter().enumerate() {
        let draft = Draft::new(page.ordinal, page.chapter.title, page.text.to_owned(), 0);
        let here = if page.text.is_empty() { Vec::new() } else { prints(page.text) };
        let judged = Judged {
            unit: desk.book.unit,
            grain: if desk.book.unit.is_chapter() { Grain::Paragraph } else { Grain::Line },
            tongue: desk.tongue,
            draft: &draft,
            extraction: page.chapter.extraction,
            world: &world,
            length: asked.length.unwrap_or(ANY),
            forbidden: asked.forbidden,
            repeated: &repeated,
            known: &known,
        };
        // A book that stands is not in its last round: what is craft there is no error here either.
        for finding in rules::check(&judged).into_iter().filter(|finding| !is_refrain(finding)).map(rules::after_last_round) {
            found.push(with_other_side(desk, at, finding, &first, &here));
        }
        for (number, print) in here {
            repeated.entry(print.clone()).or_insert(page.ordinal);
            first.entry(print).or_insert((at, number));
        }
        if let Some(told) = page.chapter.extraction {
            let mut told = told.clone();
            told.call_by_known_names(&known);
            world = world.after_chapter(page.ordinal, &told, &|_| true);
        }
    }
    found
}

/// Whether it is the refrain of a song: verse is set in from the margin.
fn is_refrain(finding: &Finding) -> bool {
    finding.rule == "repeated-paragraph" && finding.spans.iter().all(|evidence| evidence.quote.starts_with([' ', '　', '\t']))
}

const ANY: LengthRange = LengthRange { min: 0, max: u64::MAX, unit: Unit::Words };

/// Other names, to the name that the story uses; one that two people share leads to neither.
fn aliases(desk: &Desk<'_>) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for name in &desk.people.names {
        names.entry(name.to_lowercase()).or_insert(name);
    }
    desk.people.names.iter().filter_map(|name| Some((name.clone(), (*names.get(&desk.people.key(name))?).to_owned()))).collect()
}

/// The finding with the words that it contradicts or repeats.
fn with_other_side(
    desk: &Desk<'_>,
    at: usize,
    mut finding: Finding,
    first: &BTreeMap<String, (usize, usize)>,
    here: &[(usize, String)],
) -> Finding {
    let page = &desk.pages[at];
    let earlier = match finding.rule.as_str() {
        "repeated-paragraph" => {
            let spans = paragraph_spans(page.text);
            let own = finding.spans.first().map(|evidence| evidence.span);
            here.iter()
                .find(|(number, _)| spans.get(number - 1).copied() == own)
                .and_then(|(_, print)| first.get(print).copied().or_else(|| Some((at, here.iter().find(|(_, other)| other == print)?.0))))
                .and_then(|(chapter, number)| {
                    let page = &desk.pages[chapter];
                    Some((page, *paragraph_spans(page.text).get(number - 1)?))
                })
        }
        "dead-character-acts" => finding.against.as_deref().and_then(|against| {
            let (chapter, quote) = against.strip_prefix("Chapter ")?.split_once(": “")?;
            let page = desk.pages.iter().find(|page| chapter.parse() == Ok(page.ordinal))?;
            Some((page, Span::find_words(page.text, quote.strip_suffix('”')?)?))
        }),
        _ => None,
    };
    if let Some((page, span)) = earlier {
        let quote = crate::text::slice(page.text, span).to_owned();
        finding.spans.push(Evidence { version_id: None, chapter: Some(page.ordinal), span, quote });
    }
    finding
}
