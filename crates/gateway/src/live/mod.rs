//! Sockets: the event log told to everyone who may hear it, each by their own queue, cursor and rights. The only user of socketioxide.
//! `http` wraps the router in [`layer`]; events come from the store alone, so any process may have written them.

mod catch_up;
mod client;
mod commands;
mod door;
mod feed;
mod guest;
mod hub;
mod origin;
mod tail;

use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{body::Body, extract::Request, response::Response};
use futures_util::future::BoxFuture;
use socketioxide::{SocketIo, handler::ConnectHandler as _, layer::SocketIoLayer, service::SocketIoService};
use tower::{Layer, Service};

use self::{hub::Hub, origin::Origins};
use crate::app::App;

/// Where the socket lives; the official client's default.
pub const PATH: &str = "/socket.io";
/// Largest packet a client may send: a text of 6,000 characters, escaped, with room.
const MAX_PACKET_BYTES: u64 = 64 * 1024;
/// Packets that wait for a slow connection inside socketioxide, before our own queue fills up.
const CONNECTION_BUFFER: usize = 128;
/// How long a connection may stay without signing in.
const SIGN_IN_WITHIN: Duration = Duration::from_secs(10);

/// How long shutdown waits for sockets to take their close.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// What the handlers of one namespace share.
#[derive(Clone)]
struct Live {
    app: App,
    hub: Arc<Hub>,
}

/// The layer that answers [`PATH`], and the tasks behind it: the tail of the event log, and the end at shutdown.
pub fn layer(app: &App) -> LiveLayer {
    let live = Live { app: app.clone(), hub: Arc::new(Hub::default()) };
    let (socket_io, io) = SocketIo::builder()
        .req_path(PATH)
        .max_payload(MAX_PACKET_BYTES)
        .ws_max_message_size(MAX_PACKET_BYTES.try_into().unwrap_or(usize::MAX))
        .ws_max_frame_size(MAX_PACKET_BYTES.try_into().unwrap_or(usize::MAX))
        .max_buffer_size(CONNECTION_BUFFER)
        .connect_timeout(SIGN_IN_WITHIN)
        .with_state(live.clone())
        .build_layer();
    // Everything that an early packet may need is set up in the middleware: what arrives before a handler exists is lost.
    io.ns("/", feed::connected.with(door::admit));
    app.lifecycle.spawn_critical("live-tail", tail::run(live.clone()));
    app.lifecycle.spawn("live-end", end_at_shutdown(io, live));
    LiveLayer { socket_io, origins: Origins::new(&app.config) }
}

/// Closes every socket when shutdown begins, so that the server's connections can drain; clients come back with their cursor.
async fn end_at_shutdown(io: SocketIo, live: Live) {
    live.app.lifecycle.token().cancelled().await;
    // A client that does not read can't be told, and is not waited for.
    if tokio::time::timeout(CLOSE_WITHIN, io.close()).await.is_err() {
        tracing::debug!("some sockets did not take their close");
    }
}

/// Made by [`layer`].
#[derive(Clone)]
pub struct LiveLayer {
    socket_io: SocketIoLayer,
    origins: Origins,
}

impl std::fmt::Debug for LiveLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveLayer").finish_non_exhaustive()
    }
}

impl<S: Clone> Layer<S> for LiveLayer {
    type Service = LiveService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        LiveService { inner: self.socket_io.layer(inner), origins: self.origins.clone() }
    }
}

/// Refuses foreign origins on [`PATH`], hands it to socketioxide otherwise, and every other path on.
#[derive(Clone)]
pub struct LiveService<S: Clone> {
    inner: SocketIoService<S>,
    origins: Origins,
}

impl<S: Clone> std::fmt::Debug for LiveService<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveService").finish_non_exhaustive()
    }
}

impl<S> Service<Request> for LiveService<S>
where
    S: Service<Request, Response = Response> + Clone,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Service::<Request>::poll_ready(&mut self.inner, context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if request.uri().path().starts_with(PATH)
            && let Err(refused) = self.origins.check(request.headers())
        {
            return Box::pin(std::future::ready(Ok(*refused)));
        }
        let answer = Service::<Request>::call(&mut self.inner, request);
        Box::pin(async move { Ok(answer.await?.map(Body::new)) })
    }
}
