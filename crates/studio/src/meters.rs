//! What this process counts, as Prometheus reads it: every meter of the engine is defined here, once, with its unit in its name.
//!
//! Labels come from short lists: names of steps and tasks, providers, outcomes. Never a run, a path or a text. The HTTP door adds its own
//! meters to the same registry.

use std::time::Duration;

use crate::{
    desk::kinds::steps,
    ports::{Models, Usage},
    run::Kind,
};
use prometheus::{
    CounterVec, Encoder, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
    core::Collector,
};

/// The media type of [`Meters::text`].
pub const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How an attempt of a step ends: with its commit, with a fault that is committed, told to stop, without the right to commit, or with a
/// database that did not take it.
const OUTCOMES: [&str; 5] = ["succeeded", "failed", "interrupted", "lost", "unsaved"];
/// From a step that asks nobody to one that waits for a slow model, in seconds.
const STEP_SECONDS: &[f64] = &[0.005, 0.02, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0];

/// The meters of one process. Cloning gives the same ones.
#[derive(Clone, Debug)]
pub struct Meters {
    registry: Registry,
    steps: IntCounterVec,
    step_seconds: HistogramVec,
    calls: IntCounterVec,
    call_seconds: HistogramVec,
    tokens: IntCounterVec,
    cost: CounterVec,
    unpriced: IntCounterVec,
    takeovers: IntCounter,
    claims_lost: IntCounter,
    kept_in_hand: IntCounter,
    queue: IntGauge,
    active: IntGauge,
    ready: IntGaugeVec,
    provider_waiting: IntGaugeVec,
    provider_steps: IntGaugeVec,
    provider_limit: IntGaugeVec,
    provider_away: IntGaugeVec,
}

/// How things stand at a provider's gate.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AtGate {
    /// Runs that stand in line or wait for the provider to come back.
    pub(crate) waiting: usize,
    /// Steps that hold a permit.
    pub(crate) steps: u32,
    /// Steps that may hold one.
    pub(crate) limit: u32,
    /// Whether the breaker is open.
    pub(crate) away: bool,
}

/// What a call of a model came to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Called {
    Answered,
    Failed,
    Interrupted,
    /// The answer stood in the journal, and nobody was asked.
    FromJournal,
}

impl Default for Meters {
    fn default() -> Self {
        let registry = Registry::new();
        let r = &registry;
        let meters = Self {
            steps: counters(r, "fabulist_steps_total", "Attempts of steps that have ended, by name and outcome.", &["name", "outcome"]),
            step_seconds: histogram(r, "fabulist_step_seconds", "Time from a step's claim to its commit.", &["name"], STEP_SECONDS),
            calls: counters(r, "fabulist_model_calls_total", "Calls of models, by what came of them.", &["provider", "task", "outcome"]),
            call_seconds: histogram(
                r,
                "fabulist_model_call_seconds",
                "Time from a call of a model to the end of its answer.",
                &["provider", "task"],
                STEP_SECONDS,
            ),
            tokens: counters(
                r,
                "fabulist_model_tokens_total",
                "Tokens that models have read (input), found in their cache (cached_input, also counted as input), and written (output).",
                &["provider", "kind"],
            ),
            cost: added(
                r,
                CounterVec::new(
                    Opts::new("fabulist_model_cost_usd_total", "What calls of models have cost in US dollars, where the price is known."),
                    &["provider"],
                ),
            ),
            unpriced: counters(r, "fabulist_model_unpriced_calls_total", "Answered calls whose price is not known.", &["provider"]),
            takeovers: counter(r, "fabulist_takeovers_total", "Runs that this process took over from one that is gone."),
            claims_lost: counter(r, "fabulist_claims_lost_total", "Results that were dropped because the claim was gone."),
            kept_in_hand: counter(
                r,
                "fabulist_store_retries_total",
                "Writes that were kept in hand because the database did not take them.",
            ),
            queue: gauge(r, "fabulist_queue_runs", "Runs that are due and wait for a worker, as last looked at; at most 2000 are counted."),
            active: gauge(
                r,
                "fabulist_runs_active",
                "Runs that this process works on, those that stand in line for their provider included.",
            ),
            ready: gauges(r, "fabulist_ready", "Whether a part that /readyz looks at is well (1) or in trouble (0).", &["check"]),
            provider_waiting: gauges(r, "fabulist_provider_waiting_runs", "Runs that wait for their provider.", &["provider"]),
            provider_steps: gauges(r, "fabulist_provider_steps", "Steps of a provider in flight.", &["provider"]),
            provider_limit: gauges(r, "fabulist_provider_steps_limit", "Steps of a provider that may be in flight.", &["provider"]),
            provider_away: gauges(r, "fabulist_provider_away", "Whether a provider counts as away (1) or answers (0).", &["provider"]),
            registry,
        };
        let about = gauges(&meters.registry, "fabulist_build_info", "The program that runs; always 1.", &["version"]);
        about.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        let started = gauge(&meters.registry, "fabulist_start_time_seconds", "When the process began, in seconds since 1970.");
        started.set(jiff::Timestamp::now().as_second());
        // A rate needs a series that was there before its first event.
        for (name, outcome) in names().flat_map(|name| OUTCOMES.map(|outcome| (name, outcome))) {
            meters.steps.with_label_values(&[name, outcome]).reset();
        }
        meters
    }
}

impl Meters {
    /// Where a door registers what only it counts.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Everything in the text format 0.0.4.
    pub fn text(&self) -> String {
        let mut text = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.registry.gather(), &mut text) {
            tracing::error!(%error, "the meters could not be written down");
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    /// An attempt of a step has ended.
    pub(crate) fn step(&self, name: &str, outcome: &'static str, took: Duration) {
        let name = step_name(name);
        self.steps.with_label_values(&[name, outcome]).inc();
        self.step_seconds.with_label_values(&[name]).observe(took.as_secs_f64());
        if outcome == "lost" {
            self.claims_lost.inc();
        }
    }

    /// A call of a model has ended. `usage` is what is paid for it.
    pub(crate) fn called(&self, provider: &str, task: &str, outcome: Called, took: Duration, usage: Option<Usage>) {
        let word = match outcome {
            Called::Answered => "answered",
            Called::Failed => "failed",
            Called::Interrupted => "interrupted",
            Called::FromJournal => "journal",
        };
        self.calls.with_label_values(&[provider, task, word]).inc();
        if !matches!(outcome, Called::FromJournal) {
            self.call_seconds.with_label_values(&[provider, task]).observe(took.as_secs_f64());
        }
        let Some(usage) = usage else { return };
        let kinds = [("input", usage.input_tokens), ("cached_input", usage.cached_input_tokens), ("output", usage.output_tokens)];
        for (kind, tokens) in kinds {
            self.tokens.with_label_values(&[provider, kind]).inc_by(tokens);
        }
        match usage.cost {
            Some(nano) => self.cost.with_label_values(&[provider]).inc_by(crate::views::dollars(nano).max(0.0)),
            None => self.unpriced.with_label_values(&[provider]).inc(),
        }
    }

    pub(crate) fn took_over(&self) {
        self.takeovers.inc();
    }

    pub(crate) fn kept_in_hand(&self) {
        self.kept_in_hand.inc();
    }

    /// How many runs are due and wait.
    pub(crate) fn queue(&self, runs: usize) {
        self.queue.set(whole(runs));
    }

    /// How many runs are worked on here.
    pub(crate) fn active(&self, runs: usize) {
        self.active.set(whole(runs));
    }

    /// Whether a part is well.
    pub(crate) fn ready(&self, check: &str, well: bool) {
        self.ready.with_label_values(&[check]).set(i64::from(well));
    }

    /// How things stand at a provider's gate.
    pub(crate) fn gate(&self, provider: &str, at: AtGate) {
        self.provider_waiting.with_label_values(&[provider]).set(whole(at.waiting));
        self.provider_steps.with_label_values(&[provider]).set(i64::from(at.steps));
        self.provider_limit.with_label_values(&[provider]).set(i64::from(at.limit));
        self.provider_away.with_label_values(&[provider]).set(i64::from(at.away));
    }
}

/// The label of a model's provider.
pub(crate) fn provider_of(models: &dyn Models, model: &str) -> String {
    models.info(model).map_or_else(|_| "unknown".into(), |info| info.provider)
}

/// Every step of every kind.
fn names() -> impl Iterator<Item = &'static str> {
    [Kind::Novel, Kind::Script, Kind::NovelToScript].into_iter().flat_map(steps).copied()
}

/// A step's name comes from its run's state, which may say anything.
fn step_name(name: &str) -> &str {
    names().find(|known| *known == name).unwrap_or("other")
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Registers a meter. Names and labels are constants: one that does not fit is found by every test that opens a studio.
#[expect(clippy::expect_used, reason = "constants of this file")]
fn added<M: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<M>) -> M {
    let meter = made.expect("the name and the labels of a meter fit");
    registry.register(Box::new(meter.clone())).expect("no two meters have one name");
    meter
}

fn counter(registry: &Registry, name: &str, help: &str) -> IntCounter {
    added(registry, IntCounter::new(name, help))
}

fn counters(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    added(registry, IntCounterVec::new(Opts::new(name, help), labels))
}

fn gauge(registry: &Registry, name: &str, help: &str) -> IntGauge {
    added(registry, IntGauge::new(name, help))
}

fn gauges(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> IntGaugeVec {
    added(registry, IntGaugeVec::new(Opts::new(name, help), labels))
}

fn histogram(registry: &Registry, name: &str, help: &str, labels: &[&str], buckets: &[f64]) -> HistogramVec {
    added(registry, HistogramVec::new(HistogramOpts::new(name, help).buckets(buckets.to_vec()), labels))
}
