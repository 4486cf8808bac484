//! The craft of scripts: a story read as a play, its scenes, and the forms that a script is written in.

pub mod duanju;
pub mod fountain;
pub mod page;
pub mod reading;
pub mod scenes;
mod script;

pub use script::{Element, Heading, Scene, Script, Side, Speech, Voice};
