use std::time::{SystemTime, UNIX_EPOCH};

/// A point in time: microseconds since 1970 in UTC.
pub type Micros = i64;

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// Now. May jump in both directions; nothing that must be exact is decided by it.
    fn now(&self) -> Micros;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Micros {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX))
    }
}
