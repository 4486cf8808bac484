//! A server of bytes: it reads one request from each connection and answers with what a fake says, to the byte.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::{case::Case, fakes::Fake};

/// A request as it stood on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Value,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// One thing that happens on the wire.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Send(Vec<u8>),
    Wait(Duration),
    /// The connection breaks.
    Break,
}

/// An answer: status line and headers, then what happens.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) acts: Vec<Act>,
}

impl Response {
    /// A body that comes at once.
    pub(crate) fn whole(status: u16, body: &str) -> Self {
        Self { status, headers: vec![("content-type", "application/json".into())], acts: vec![Act::Send(body.into())] }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A stream of these pieces, each of which is sent in two halves, so that signs of several bytes are torn apart.
    pub(crate) fn stream(kind: &str, pieces: &[String]) -> Self {
        let halves = pieces.iter().flat_map(|piece| {
            let (first, second) = piece.as_bytes().split_at(piece.len() / 2);
            [Act::Send(first.to_vec()), Act::Send(second.to_vec())]
        });
        Self { status: 200, headers: vec![("content-type", kind.into())], acts: halves.collect() }
    }

    pub(crate) fn then(mut self, act: Act) -> Self {
        self.acts.push(act);
        self
    }

    /// This, with `act` before the piece of this number.
    pub(crate) fn before(mut self, piece: usize, act: Act) -> Self {
        self.acts.insert(piece * 2, act);
        self
    }
}

/// A server that runs; dropped, it stops.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    mind: Arc<Mutex<Mind>>,
    task: JoinHandle<()>,
}

/// What it tells, and what it was asked.
struct Mind {
    case: Case,
    requests: Vec<Request>,
}

impl Server {
    /// Tells `case` as `fake` tells it, to whoever connects.
    pub(crate) async fn telling(fake: &'static dyn Fake, case: Case) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("no free port");
        let address = listener.local_addr().expect("an address");
        let mind = Arc::new(Mutex::new(Mind { case, requests: Vec::new() }));
        let seen = mind.clone();
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let seen = seen.clone();
                tokio::spawn(async move {
                    let Some(request) = read(&mut stream).await else { return };
                    let case = {
                        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                        seen.requests.push(request.clone());
                        seen.case
                    };
                    let response = fake.check(&request).err().unwrap_or_else(|| fake.tell(case, &request));
                    let _ = write(&mut stream, response).await;
                });
            }
        });
        Self { address, mind, task }
    }

    /// Tells another case from now on, and forgets what it was asked.
    pub(crate) fn tell_now(&self, case: Case) {
        *self.mind.lock().unwrap_or_else(PoisonError::into_inner) = Mind { case, requests: Vec::new() };
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.mind.lock().unwrap_or_else(PoisonError::into_inner).requests.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> =
        lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect();
    let mut request = Request { method, path, headers, body: Value::Null };
    let length: usize = request.header("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    request.body = serde_json::from_slice(&body).unwrap_or_default();
    Some(request)
}

/// Chunked, so that an end can be told from a break.
async fn write(stream: &mut TcpStream, response: Response) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut head = format!("HTTP/1.1 {} .\r\ntransfer-encoding: chunked\r\nconnection: close\r\n", response.status);
    for (name, value) in &response.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await?;
    for act in response.acts {
        match act {
            Act::Send(bytes) if bytes.is_empty() => {}
            Act::Send(bytes) => {
                stream.write_all(format!("{:x}\r\n", bytes.len()).as_bytes()).await?;
                stream.write_all(&bytes).await?;
                stream.write_all(b"\r\n").await?;
                stream.flush().await?;
            }
            Act::Wait(pause) => tokio::time::sleep(pause).await,
            Act::Break => return stream.shutdown().await,
        }
    }
    stream.write_all(b"0\r\n\r\n").await?;
    stream.shutdown().await
}
