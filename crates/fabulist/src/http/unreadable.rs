//! Requests that are no HTTP: they are refused before there is anything to route, and still with a problem.
//!
//! The library that reads them answers with a status and no words; on its way out that answer is put into words.

use std::{
    io::{IoSlice, Result},
    pin::Pin,
    task::{Context, Poll, ready},
};

use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection on which nothing is refused without words.
pub(super) struct Worded<T> {
    inner: T,
    /// What goes out instead, and how much of it did.
    instead: Option<(Vec<u8>, usize)>,
}

impl<T> Worded<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { inner, instead: None }
    }
}

impl<T: AsyncWrite + Unpin> Worded<T> {
    fn write(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        if self.instead.is_none() {
            self.instead = wordless(bytes).map(|status| (words(status), 0));
        }
        let Some((instead, out)) = &mut self.instead else { return Pin::new(&mut self.inner).poll_write(context, bytes) };
        while *out < instead.len() {
            *out += ready!(Pin::new(&mut self.inner).poll_write(context, &instead[*out..]))?;
        }
        self.instead = None;
        Poll::Ready(Ok(bytes.len()))
    }
}

/// The status of an answer that has no body and does not say what it would be: none of ours is like that.
fn wordless(bytes: &[u8]) -> Option<u16> {
    let head = std::str::from_utf8(bytes).ok().filter(|head| head.len() < 512 && head.ends_with("\r\n\r\n"))?.to_ascii_lowercase();
    let status = head.strip_prefix("http/1.1 ")?.get(..3)?.parse().ok()?;
    let bare = head.contains("\r\ncontent-length: 0\r\n") && !head.contains("\r\ncontent-type:");
    (bare && (400..500).contains(&status)).then_some(status)
}

fn words(status: u16) -> Vec<u8> {
    let (name, detail) = match status {
        414 => ("uri-too-long", "The address of the request is too long."),
        431 => ("headers-too-large", "The headers of the request are too long."),
        _ => ("malformed-request", "The request is no HTTP that can be read."),
    };
    let title = name.replace('-', " ");
    let hint = "Send a request of HTTP/1.1, as every client does by itself.";
    let body =
        json!({ "type": format!("/problems/{name}"), "title": title, "status": status, "detail": detail, "hint": hint, "instance": "/" })
            .to_string();
    format!(
        "HTTP/1.1 {status} {title}\r\ncontent-type: application/problem+json\r\nx-content-type-options: nosniff\r\ncache-control: no-store\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

impl<T: AsyncRead + Unpin> AsyncRead for Worded<T> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, into)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Worded<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        self.write(context, bytes)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[IoSlice<'_>]) -> Poll<Result<usize>> {
        // A head without a body comes in one piece.
        match bytes.iter().filter(|slice| !slice.is_empty()).collect::<Vec<_>>().as_slice() {
            [only] => self.write(context, only),
            _ => Pin::new(&mut self.inner).poll_write_vectored(context, bytes),
        }
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

#[cfg(test)]
mod tests {
    use super::wordless;

    #[test]
    fn only_a_refusal_without_words_is_put_into_words() {
        let refusal = "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\ndate: x\r\n\r\n";
        assert_eq!(wordless(refusal.as_bytes()), Some(431));
        for ours in [
            "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-type: application/problem+json\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 12\r\n\r\n",
            "data: HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n",
        ] {
            assert_eq!(wordless(ours.as_bytes()), None, "{ours}");
        }
    }
}
