//! The figures over HTTP: a real `fabulist serve` on loopback, a model on loopback, and a client.

mod autoruns;
mod client;
mod events;
mod kill;
mod lists;
mod next;
mod postgres;
mod server;
mod start;

use std::time::Duration;

use testbed::model::{Manner, Model};

pub(crate) use self::server::binary;
use crate::bench_studio::Anyhow;

/// Every figure over HTTP by its name.
pub(crate) const FIGURES: [&str; 7] =
    ["http-next", "http-autoruns", "http-start", "http-events", "http-lists", "http-kill", "http-postgres"];

/// Measures one of [`FIGURES`].
pub(crate) async fn measure(figure: &str, times: usize) -> Anyhow<()> {
    // Loopback needs no cryptography, but the client wants to know whose it would be.
    drop(rustls::crypto::ring::default_provider().install_default());
    match figure {
        "http-next" => next::next(times).await,
        "http-autoruns" => autoruns::autoruns(times).await,
        "http-start" => start::start(times).await,
        "http-events" => {
            events::latency(times).await?;
            events::size(times).await
        }
        "http-lists" => lists::lists(times).await,
        "http-kill" => kill::kill(times).await,
        "http-postgres" => postgres::postgres(times).await,
        other => Err(format!("there is no figure `{other}`").into()),
    }
}

/// A model that thinks so long and keeps so many bodies.
fn model(latency: Duration, keeps: usize) -> Anyhow<Model> {
    Ok(Model::start(Manner { latency, keeps, ..Manner::default() })?)
}

/// Milliseconds, for people.
fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
