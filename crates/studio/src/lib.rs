//! The writer's desk: use cases, the ports that they need, and the runner that claims, performs and commits steps.
//!
//! Knows no SQL and no HTTP. Rows are the authority; drivers and processes are disposable.

pub mod artifact;
pub mod brief;
pub mod event;
pub mod journal;
pub mod ports;
pub mod problem;
pub mod run;
pub mod status;
pub mod step;
