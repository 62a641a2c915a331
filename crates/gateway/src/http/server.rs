//! Accepts connections and serves HTTP/1.1 on them: so many at once, and none for long that never says what it wants.
//! Called by the composition root. Connections are tasks of the life cycle, so shutdown waits for requests in flight.

use std::{
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::ServiceExt as _;

use crate::lifecycle::Lifecycle;

/// Pause when the operating system gives no connection, such as for want of file descriptors.
const ACCEPT_AGAIN: Duration = Duration::from_secs(1);

/// What one server bears.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Open connections, sockets included. One more waits until another ends.
    pub connections: usize,
    /// From the start of a connection, or the end of the request before, to the end of the next request's headers.
    pub headers: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        // Longer than the minute for which proxies keep an idle connection: they must be the ones to close it.
        Self { connections: 10_000, headers: Duration::from_secs(75) }
    }
}

/// Serves `routes` until shutdown begins; from then on no connection is taken and each ends after the request in hand.
pub async fn serve(listener: TcpListener, routes: Router, lifecycle: Lifecycle, limits: Limits) {
    let (stop, slots) = (lifecycle.token(), Arc::new(Semaphore::new(limits.connections)));
    loop {
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await.map_err(io::Error::other)?;
            let (stream, peer) = listener.accept().await?;
            // Without it small answers wait for the other side's acknowledgements.
            stream.set_nodelay(true)?;
            Ok((Connection { stream, _slot: slot }, peer))
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            accepted = accepted => match accepted {
                Ok((connection, peer)) => {
                    lifecycle.spawn("connection", attend(connection, peer, routes.clone(), lifecycle.clone(), limits.headers));
                }
                Err(error) => failed(&error).await,
            }
        }
    }
}

/// One connection, to its end or its upgrade.
async fn attend(connection: Connection, peer: SocketAddr, routes: Router, lifecycle: Lifecycle, headers: Duration) {
    let service = routes.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(headers);
    let serving = server.serve_connection(TokioIo::new(connection), TowerToHyperService::new(service)).with_upgrades();
    let mut serving = pin!(serving);
    let stop = lifecycle.token();
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        // Clients go away all the time; what it was is of use only to who looks for it.
        tracing::trace!(%error, "a connection ended early");
    }
}

async fn failed(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, InvalidInput, NotConnected};

    let went_away = [ConnectionAborted, ConnectionRefused, ConnectionReset, InvalidInput, NotConnected];
    if !went_away.contains(&error.kind()) {
        tracing::warn!(%error, "no connection can be taken");
        tokio::time::sleep(ACCEPT_AGAIN).await;
    }
}

/// A stream that holds its slot for as long as it lives, also when it has become a WebSocket's.
#[derive(Debug)]
struct Connection {
    stream: TcpStream,
    _slot: OwnedSemaphorePermit,
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::lifecycle::Drained;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    const LONG: Duration = Duration::from_secs(30);

    async fn start(limits: Limits) -> (Lifecycle, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let lifecycle = Lifecycle::new();
        let routes = Router::new().route("/", get(|| async { "here" }));
        lifecycle.spawn_critical("http", serve(listener, routes, lifecycle.clone(), limits));
        (lifecycle, address)
    }

    async fn answer(stream: &mut TcpStream) -> String {
        let mut all = String::new();
        stream.read_to_string(&mut all).await.unwrap();
        all
    }

    #[tokio::test]
    async fn half_a_header_is_waited_for_so_long_and_no_longer() {
        let (lifecycle, address) = start(Limits { headers: Duration::from_millis(50), ..Limits::default() }).await;
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nhost: loc").await.unwrap();
        assert!(!answer(&mut slow).await.contains("here"), "it is closed");
        let mut other = TcpStream::connect(address).await.unwrap();
        other.write_all(REQUEST).await.unwrap();
        assert!(answer(&mut other).await.ends_with("here"));
        assert_eq!(lifecycle.drain(LONG).await, Drained::Clean);
    }

    #[tokio::test]
    async fn one_too_many_waits_for_its_turn() {
        let (lifecycle, address) = start(Limits { connections: 1, ..Limits::default() }).await;
        let first = TcpStream::connect(address).await.unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        second.write_all(REQUEST).await.unwrap();
        let mut answer = Box::pin(answer(&mut second));
        for _ in 0..100 {
            tokio::task::yield_now().await;
            assert!(futures_util::poll!(&mut answer).is_pending(), "the only slot is taken");
        }
        drop(first);
        assert!(answer.await.ends_with("here"));
        assert_eq!(lifecycle.drain(LONG).await, Drained::Clean);
    }

    #[tokio::test]
    async fn who_has_asked_for_nothing_does_not_hold_up_shutdown() {
        let (lifecycle, address) = start(Limits::default()).await;
        let mut idle = TcpStream::connect(address).await.unwrap();
        // Accepted for certain: one that came later was answered.
        let mut later = TcpStream::connect(address).await.unwrap();
        later.write_all(REQUEST).await.unwrap();
        assert!(answer(&mut later).await.ends_with("here"));
        assert_eq!(lifecycle.drain(LONG).await, Drained::Clean);
        assert_eq!(answer(&mut idle).await, "");
    }
}
