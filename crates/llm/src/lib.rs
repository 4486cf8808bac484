//! Model providers behind the desk's port.
//!
//! A model is named `rehearsal` or `provider/model`. [`Providers`] finds it; everything that a provider says or fails to say comes back as
//! a [`studio::ports::Reply`] or a [`studio::ports::ModelError`]. Nothing is tried again in here: that is the runner's to decide.

mod address;
#[cfg(feature = "adversary")]
pub mod adversary;
mod answer;
mod asking;
mod cloud;
mod env;
mod failure;
mod http;
mod ollama;
pub mod prices;
mod provider;
mod providers;
pub mod rehearsal;
mod schema;
mod secret;
mod silence;
mod timeouts;

pub use env::ProviderEnv;
pub use providers::{ProviderListing, Providers};
pub use schema::portable_schema;
pub use timeouts::Timeouts;
