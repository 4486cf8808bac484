//! A connection that is not waited for for ever: a client that says nothing, or takes nothing, is let go.

use std::{
    future::Future,
    io::{Error, ErrorKind, IoSlice, Result},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Sleep,
};

/// How long a client may take nothing of what waits for it.
const TAKES_NOTHING: Duration = Duration::from_secs(30);
/// How long the head of a request may take, from its first byte on.
const HEAD: Duration = Duration::from_secs(15);
/// How long a connection may idle between two requests, or before the first.
const IDLE: Duration = Duration::from_secs(300);

/// What a connection knows of its requests: how many began, and how many answers have ended.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    begun: AtomicU64,
    ended: AtomicU64,
}

/// A request that is being answered; dropped with the last byte of its answer.
pub(super) struct Beat(Arc<Pulse>);

impl Pulse {
    /// A request begins.
    pub(super) fn begin(self: &Arc<Self>) -> Beat {
        self.begun.fetch_add(1, Ordering::AcqRel);
        Beat(self.clone())
    }

    fn is_busy(&self) -> bool {
        self.begun.load(Ordering::Acquire) != self.ended.load(Ordering::Acquire)
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::AcqRel);
    }
}

/// A connection whose reads and writes fail once the other side has kept it waiting for too long.
pub(super) struct Patient {
    inner: TcpStream,
    pulse: Arc<Pulse>,
    stuck: Option<Pin<Box<Sleep>>>,
    silent: Option<Pin<Box<Sleep>>>,
    /// The requests that had begun when bytes came last.
    seen: u64,
    /// Whether some of the next request's head has come.
    head: bool,
}

impl Patient {
    pub(super) fn new(inner: TcpStream, pulse: Arc<Pulse>) -> Self {
        Self { inner, pulse, stuck: None, silent: None, seen: 0, head: false }
    }

    fn taken<T>(&mut self, context: &mut Context<'_>, written: Poll<Result<T>>) -> Poll<Result<T>> {
        if written.is_ready() {
            self.stuck = None;
            return written;
        }
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(tokio::time::sleep(TAKES_NOTHING)));
        late(stuck, context, "the client takes nothing")
    }

    /// A request that began has ended the wait for its head.
    fn look(&mut self) {
        let begun = self.pulse.begun.load(Ordering::Acquire);
        if begun != self.seen {
            self.seen = begun;
            self.head = false;
            self.silent = None;
        }
    }

    fn said(&mut self) {
        self.look();
        if !self.head && !self.pulse.is_busy() {
            self.head = true;
            self.silent = None;
        }
    }

    fn waits(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.look();
        if self.pulse.is_busy() {
            self.silent = None;
            return Poll::Pending;
        }
        let patience = if self.head { HEAD } else { IDLE };
        let silent = self.silent.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        late(silent, context, "the client says nothing")
    }
}

fn late<T>(sleep: &mut Pin<Box<Sleep>>, context: &mut Context<'_>, why: &'static str) -> Poll<Result<T>> {
    sleep.as_mut().poll(context).map(|()| Err(Error::new(ErrorKind::TimedOut, why)))
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let before = into.filled().len();
        match Pin::new(&mut self.inner).poll_read(context, into) {
            Poll::Pending => self.waits(context),
            ready => {
                if into.filled().len() > before {
                    self.said();
                }
                ready
            }
        }
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.taken(context, written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[IoSlice<'_>]) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, bytes);
        self.taken(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
