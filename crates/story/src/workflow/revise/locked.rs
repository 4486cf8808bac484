//! One draft of a unit some of whose words are locked.

use super::answer;
use crate::{
    language::Tongue,
    locks::missing,
    plan::UnitKind,
    tasks::{Answer, Call, Heard},
    text::normalize,
    workflow::OutOfTurn,
};

/// What locked passages are shown between, in either language.
const MARKS: [(&str, &str); 2] = [("⟦locked⟧", "⟦/locked⟧"), ("⟦锁定⟧", "⟦/锁定⟧")];

/// How far one draft is.
pub(in crate::workflow) enum Drafted {
    /// Ask for it.
    Ask(Box<Call>),
    /// It is there.
    Text(String),
    /// What was told cannot be used.
    Unfit(OutOfTurn),
}

/// One draft. Where it leaves out what is locked it is asked for once more. `ask` makes the call for a slot.
pub(in crate::workflow) fn drafted(
    (phase, unit, tongue): (&str, UnitKind, Tongue),
    heard: &[Heard],
    slot: &str,
    locked: &[String],
    ask: impl Fn(&str) -> Result<Call, OutOfTurn>,
) -> Result<Drafted, OutOfTurn> {
    let Some(Answer::Text(prose)) = answer(heard, slot) else {
        return Ok(Drafted::Ask(Box::new(ask(slot)?)));
    };
    let text = unmarked(prose);
    if text.is_empty() {
        return Ok(Drafted::Unfit(OutOfTurn::unusable(phase, "the model wrote nothing")));
    }
    let lost = missing(&text, locked);
    if lost.is_empty() {
        return Ok(Drafted::Text(text));
    }
    let again = format!("{slot}/repair/1");
    let Some(Answer::Text(prose)) = answer(heard, &again) else {
        let mut call = ask(&again)?;
        call.prompt = call.prompt.and_then(prose, once_more(unit, tongue, &lost));
        return Ok(Drafted::Ask(Box::new(call)));
    };
    let text = unmarked(prose);
    let lost = missing(&text, locked);
    Ok(if lost.is_empty() { Drafted::Text(text) } else { Drafted::Unfit(OutOfTurn::against_locks(phase, &lost)) })
}

/// Without the marks that locked passages are shown between.
fn unmarked(prose: &str) -> String {
    normalize(&MARKS.iter().flat_map(|(open, close)| [open, close]).fold(prose.to_owned(), |text, mark| text.replace(mark, "")))
}

fn once_more(unit: UnitKind, tongue: Tongue, lost: &[&str]) -> String {
    let (ask, (open, close)) = match tongue {
        Tongue::En => {
            let unit = unit.named().to_lowercase();
            let ask =
                format!("These locked passages do not stand in your {unit} word for word. Write the whole {unit} again with them in it:");
            (ask, MARKS[0])
        }
        Tongue::Zh => {
            let unit = unit.measure();
            (format!("以下锁定的段落没有一字不差地出现在你写的这一{unit}里。请重新写出整{unit}，并把它们原样写进去："), MARKS[1])
        }
    };
    let passages: Vec<String> = lost.iter().map(|words| format!("{open}\n{words}\n{close}")).collect();
    format!("{ask}\n\n{}", passages.join("\n\n"))
}
