use std::{collections::BTreeMap, sync::Arc};

use crate::{
    locks::{missing, places},
    output_spec::LengthRange,
    rules,
    state::{Critique, Draft, hand::Hand},
    tasks::{ParagraphToFix, read_marked},
    text::{Grain, Length, Unit, normalize},
    workflow::OutOfTurn,
};

/// The pieces that a critique names, ready to be asked for.
#[derive(Debug)]
pub(in crate::workflow) struct Mended {
    /// The draft that they stand in.
    pub(in crate::workflow) draft: Arc<Draft>,
    /// The pieces, as a task asks for them.
    pub(in crate::workflow) pieces: Vec<ParagraphToFix>,
    /// Which round this is, from 1.
    pub(in crate::workflow) round: u32,
    numbers: Vec<u32>,
    grain: Grain,
}

/// What the critique in hand sends back.
pub(in crate::workflow) fn mend(hand: &Hand<'_>, range: LengthRange, grain: Grain) -> Result<Mended, OutOfTurn> {
    let phase = &hand.cursor.phase;
    let draft = hand.draft.clone().ok_or_else(|| OutOfTurn::new(phase, "there is no draft to fix"))?;
    let critique = hand.critique.clone().ok_or_else(|| OutOfTurn::new(phase, "there is no critique to follow"))?;
    let old = grain.pieces(&draft.text);
    let numbers: Vec<u32> =
        critique.paragraphs.keys().copied().filter(|n| usize::try_from(*n).is_ok_and(|n| (1..=old.len()).contains(&n))).collect();
    if numbers.is_empty() {
        return Err(OutOfTurn::new(phase, "the critique names no paragraph of this draft"));
    }
    let aims = rules::aims(range, grain, &draft, &numbers);
    let pieces = numbers.iter().zip(aims).map(|(n, aim)| to_fix(range, *n, old[*n as usize - 1], &critique, aim)).collect();
    Ok(Mended { pieces, round: hand.fix_round.unwrap_or(0) + 1, numbers, grain, draft })
}

impl Mended {
    /// The longest answer, in tokens.
    pub(in crate::workflow) fn max_tokens(&self) -> u64 {
        self.pieces.iter().map(|p| p.aim * 2 + 40).sum::<u64>() + 400
    }

    /// The draft with the pieces as they were told, and how many changed; every other byte stays. It is read anew at `phase`.
    ///
    /// A missing marker keeps the old piece, as does one that would touch words that are locked; an answer that cannot be read at all changes
    /// nothing, and the round is spent.
    pub(in crate::workflow) fn take(self, told: &str, locked: &[String], hand: Hand<'_>, phase: &str) -> (usize, Length) {
        let mut new: BTreeMap<u32, String> = read_marked(told, &self.numbers).unwrap_or_default();
        let text = self.with(&mut new, locked);
        let fixed = Draft::new(self.draft.ordinal, &self.draft.title, text, self.draft.round + 1);
        let length = fixed.length;
        *hand.draft = Some(Arc::new(fixed));
        *hand.extraction = None;
        *hand.critique = None;
        *hand.fix_round = Some(self.round);
        hand.cursor.phase = phase.into();
        (new.len(), length)
    }

    /// The text with new pieces, without those that would touch what is locked.
    fn with(&self, new: &mut BTreeMap<u32, String>, locked: &[String]) -> String {
        let old = &self.draft.text;
        let there: Vec<String> = locked.iter().filter(|words| old.contains(words.as_str())).cloned().collect();
        loop {
            let text = normalize(&self.grain.with(old, new));
            let lost = missing(&text, &there);
            if lost.is_empty() || new.is_empty() {
                return text;
            }
            let spans = self.grain.spans(old);
            let touches = |number: &u32| {
                let piece = spans.get(*number as usize - 1);
                piece.is_some_and(|piece| lost.iter().any(|words| places(old, words).iter().any(|place| place.meets(*piece))))
            };
            let before = new.len();
            new.retain(|number, _| !touches(number));
            if new.len() == before {
                new.clear();
            }
        }
    }

    /// Locked words that stand in one of the pieces.
    pub(in crate::workflow) fn locked_in<'l>(&self, locked: &'l [String]) -> Vec<&'l String> {
        let spans = self.grain.spans(&self.draft.text);
        let sent: Vec<_> = self.numbers.iter().filter_map(|number| spans.get(*number as usize - 1)).collect();
        let stands = |words: &&String| places(&self.draft.text, words).iter().any(|place| sent.iter().any(|span| span.meets(*place)));
        locked.iter().filter(stands).collect()
    }

    /// The text with a marker before every piece, so that numbers need not be counted.
    pub(in crate::workflow) fn numbered(&self) -> String {
        numbered(&self.grain.pieces(&self.draft.text))
    }
}

fn to_fix(range: LengthRange, number: u32, text: &str, critique: &Critique, aim: u64) -> ParagraphToFix {
    ParagraphToFix {
        number,
        text: text.to_owned(),
        instruction: critique.paragraphs[&number].clone(),
        length: Length::of(text).in_unit(range.unit),
        aim,
        unit: match range.unit {
            Unit::Words => "words".into(),
            Unit::Chars => "chars".into(),
        },
    }
}

/// Pieces with a marker before each.
pub(crate) fn numbered(pieces: &[&str]) -> String {
    pieces.iter().enumerate().map(|(i, p)| format!("⟦{}⟧\n{p}", i + 1)).collect::<Vec<_>>().join("\n\n")
}
