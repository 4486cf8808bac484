//! What is Chinese about rehearsal: phrases out of a brief, and the word files beside this one.

pub(super) mod phrases;
