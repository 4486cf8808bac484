//! Ctrl-C once, Ctrl-C twice, SIGTERM.

use tokio::sync::mpsc;

/// What the person or the system asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM: drain, and go on at the next start.
    Terminate,
}

/// Signals from now on.
pub(crate) fn listen() -> mpsc::UnboundedReceiver<Signal> {
    let (tell, told) = mpsc::unbounded_channel();
    let interrupt = tell.clone();
    tokio::spawn(async move { while tokio::signal::ctrl_c().await.is_ok() && interrupt.send(Signal::Interrupt).is_ok() {} });
    #[cfg(unix)]
    tokio::spawn(async move {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else { return };
        while terminate.recv().await.is_some() && tell.send(Signal::Terminate).is_ok() {}
    });
    told
}
