//! Accepting connections, and letting go of them.

use std::{sync::Arc, time::Duration};

use axum::Router;
use http_body_util::BodyExt;
use hyper::{
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use studio::{Studio, desk::GRACE};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Door, Hub, Safety,
    patient::{Patient, Pulse},
    router,
    safety::Public,
    seen::DoorMeters,
    unreadable::Worded,
};

/// Connections at the same time.
const MOST_CONNECTIONS: usize = 1024;
/// How long answers get after the steps have ended.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// What is said where there is no room: no request was read yet.
const NO_ROOM: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\nconnection: close\r\n\
    content-length: 187\r\n\r\n{\"type\":\"/problems/too-many-connections\",\"title\":\"Too many connections\",\"status\":503,\
    \"detail\":\"Too many connections are open.\",\"hint\":\"Close some of them, then try again.\",\"instance\":\"/\"}";

/// Serves until `stop`, with the models that can be named and the one of runs that name none; then finishes what is in flight: answers that are being made, and steps for at most [`GRACE`].
pub(crate) async fn serve(
    listener: TcpListener,
    studio: Studio,
    (providers, model): (Arc<llm::Providers>, String),
    public: Option<Public>,
    stop: CancellationToken,
) {
    let closing = CancellationToken::new();
    let hub = Hub::start(studio.clone(), closing.clone());
    let meters = DoorMeters::new(studio.meters().registry());
    let app = router(Door { studio: studio.clone(), hub, meters, providers, model: model.into() }, Safety::new(public));
    let tracker = TaskTracker::new();
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => match room.clone().try_acquire_owned() {
                Ok(place) => {
                    tracker.spawn(connection(stream, app.clone(), closing.clone(), place));
                }
                Err(_) => {
                    tracker.spawn(turn_away(stream));
                }
            },
            // Out of file descriptors, or a client that left before it was let in.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    drop(listener);
    closing.cancel();
    tracker.close();
    studio.driver().shutdown(GRACE).await;
    if tokio::time::timeout(LAST_WORDS, tracker.wait()).await.is_err() {
        tracing::info!("some connections were cut");
    }
    studio.close(Duration::ZERO).await;
}

/// Answers the requests of one connection.
async fn connection(stream: TcpStream, app: Router, closing: CancellationToken, place: OwnedSemaphorePermit) {
    // Small answers must not wait for each other.
    let _ = stream.set_nodelay(true);
    let pulse = Arc::new(Pulse::default());
    let io = TokioIo::new(Worded::new(Patient::new(stream, pulse.clone())));
    let app = TowerToHyperService::new(app);
    let service = service_fn(move |request| {
        let beat = pulse.begin();
        let answer = app.call(request);
        async move {
            // The beat ends with the answer's last byte, however it ends.
            let keep = move |frame| {
                let _ = &beat;
                frame
            };
            answer.await.map(|response| response.map(|body| body.map_frame(keep)))
        }
    });
    let serving = http1::Builder::new().header_read_timeout(None).serve_connection(io, service);
    let mut serving = std::pin::pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = closing.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
    drop(place);
}

async fn turn_away(mut stream: TcpStream) {
    let said = async {
        stream.write_all(NO_ROOM).await?;
        stream.shutdown().await
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), said).await;
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_said_where_there_is_no_room_has_the_length_that_it_says() {
        let text = std::str::from_utf8(super::NO_ROOM).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(
            head.contains(&format!("content-length: {}\r\n", body.len())) || head.ends_with(&format!("content-length: {}", body.len())),
            "{}",
            body.len()
        );
    }
}
