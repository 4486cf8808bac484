//! Model providers behind the desk's port.
//!
//! A model is named `rehearsal` or `provider/model`. [`Providers`] finds it; everything that a provider says or fails to say comes back as
//! a [`studio::ports::Reply`] or a [`studio::ports::ModelError`]. Nothing is tried again in here: that is the runner's to decide.

#[cfg(feature = "adversary")]
pub mod adversary;
mod env;
mod openai;
pub mod prices;
mod providers;
pub mod rehearsal;
mod schema;
mod secret;

pub use env::ProviderEnv;
pub use openai::Timeouts;
pub use providers::{ProviderListing, Providers};
pub use schema::portable_schema;
