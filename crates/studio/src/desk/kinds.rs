//! What the three kinds of runs are made from: their steps.

use story::workflow::{adaptation, novel, script};

use crate::{
    error::Error,
    run::{Kind, Until},
};

/// The steps of a kind.
pub(crate) fn steps(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Novel => &novel::STEPS,
        Kind::Script => &script::STEPS,
        Kind::NovelToScript => &adaptation::STEPS,
    }
}

/// Gates must stand before steps that the kind has.
pub(super) fn check_steps(kind: Kind, asked: &[String]) -> Result<(), Error> {
    let known = steps(kind);
    match asked.iter().position(|step| !known.contains(&step.as_str())) {
        None => Ok(()),
        Some(at) => {
            let detail = format!("There is no step `{}` to pause before.", asked[at]);
            Err(Error::field(&format!("/pause_before/{at}"), detail, format!("The steps are {}.", known.join(", "))))
        }
    }
}

/// Autorun must end at something that can happen.
pub(super) fn check_until(kind: Kind, until: &Until) -> Result<(), Error> {
    let hint = "Correct it, or leave it out to go on to the end.";
    if until.chapter == Some(0) {
        return Err(Error::field("/until/chapter", "Chapters count from 1.", hint));
    }
    if until.count == Some(0) {
        return Err(Error::field("/until/count", "At least one step is executed.", hint));
    }
    match until.step.as_deref().filter(|step| !steps(kind).contains(step)) {
        None => Ok(()),
        Some(step) => {
            let detail = format!("There is no step `{step}` to end after.");
            Err(Error::field("/until/step", detail, format!("The steps are {}.", steps(kind).join(", "))))
        }
    }
}
