//! Fixtures, the cast of the fixtures, and a server that answers what a test tells it to.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use respondio::{AccessToken, Client, request::TryIntoRequest};
use serde_json::Value;

pub(crate) const CONTACT: u64 = 410_000_101;
pub(crate) const CHANNEL: u64 = 54_321;
pub(crate) const AGENT: u64 = 700_101;

pub(crate) fn token() -> AccessToken {
    AccessToken::new("inv-access-0001")
}

pub(crate) fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(format!("{name}.json"))).unwrap()
}

pub(crate) fn json_fixture(name: &str) -> Value {
    serde_json::from_slice(&fixture(name)).unwrap()
}

pub(crate) fn fixture_names(prefix: &str) -> Vec<String> {
    let entries = std::fs::read_dir(fixtures()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter_map(|name| Some(name.strip_suffix(".json")?.to_owned())).collect();
    names.retain(|name| name.starts_with(prefix));
    names.sort();
    names
}

/// A client without a server, for requests that are only looked at.
pub(crate) fn offline() -> Client {
    Client::builder().build().unwrap()
}

/// The JSON body an endpoint would send.
pub(crate) fn json_body(endpoint: impl TryIntoRequest) -> Value {
    let request = endpoint.try_into_request().unwrap();
    serde_json::from_slice(request.body().expect("a JSON body")).unwrap()
}

/// One request a [`Server`] saw.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A server on a free port that gives every request the same answer and remembers it.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(crate) async fn answering(status: u16, body: impl Into<Bytes>) -> Self {
        let body: Bytes = body.into();
        let status = StatusCode::from_u16(status).unwrap();
        Self::running(move |_| (status, body.clone()).into_response()).await
    }

    pub(crate) async fn running(answer: impl Fn(&Seen) -> Response + Clone + Send + Sync + 'static) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let handler = move |method, uri, headers, body| async move {
            let request = Seen { method, uri, headers, body };
            let response = answer(&request);
            log.lock().unwrap().push(request);
            response
        };
        let address = serve(Router::new().fallback(handler)).await;
        Self { address, seen }
    }

    pub(crate) fn client(&self) -> Client {
        Client::builder().base_url(format!("{}/respondio/v2", self.address)).build().unwrap()
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// Serves a router on a free port; answers `http://127.0.0.1:<port>`.
#[expect(clippy::disallowed_methods, reason = "the server lives as long as the test's runtime")]
pub(crate) async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
