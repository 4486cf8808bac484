//! The craft of scripts: a story read as a play, its scenes, and the forms that a script is written in.

pub mod reading;
