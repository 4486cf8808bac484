//! The writer's desk: use cases, the ports that they need, and the runner that claims, performs and commits steps.
//!
//! Knows no SQL and no HTTP. Rows are the authority; drivers and processes are disposable.

pub mod artifact;
pub mod brief;
mod chinese;
mod chinese_of_hand;
pub mod desk;
pub mod driver;
pub mod error;
pub mod event;
pub mod fail_point;
pub mod feed;
pub mod forecast;
pub mod health;
pub mod ids;
pub mod journal;
pub mod lock;
pub mod meters;
pub mod ports;
pub mod problem;
pub mod project;
pub mod run;
pub mod runner;
pub mod status;
pub mod step;
pub mod transition;
pub mod views;

pub use chinese::CHINESE;
pub use chinese_of_hand::CHINESE_OF_HAND;
pub use desk::Studio;
pub use error::Error;
