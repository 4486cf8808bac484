//! What is English about rehearsal: verbs, phrases out of a brief, and the word files beside this one.

mod lists;
pub(super) mod person;
pub(super) mod phrases;
pub(super) mod verbs;
