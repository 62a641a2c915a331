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
use serde_json::Value;
use tiktok::{
    AccessToken, Client, Error, login,
    request::{Body, TryIntoRequest},
};

pub(crate) const BUSINESS: &str = "-000ShopBizOpenIdInvented42a";
pub(crate) const CONVERSATION: &str = "c0nvInv3nted+Aa/9Bb8Cc7Dd6Ee5Ff4Gg3Hh2Ii1Jj0==";
pub(crate) const USER: &str = "Zk7invented+User/Uid0aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9f==";
pub(crate) const REQUEST_ID: &str = "20261120INVENTED00000000000000000A";

pub(crate) fn token() -> AccessToken {
    AccessToken::new("inv-access-0001")
}

/// Id of a message of the fixtures, which differ in two digits.
pub(crate) fn message_id(number: u8) -> String {
    format!("mInv3nted{number:02}/Kk9Ll8+Mm7Nn6Oo5Pp4Qq3Rr2Ss1Tt0==")
}

pub(crate) fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(format!("{name}.json"))).unwrap()
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
    let Body::Json(json) = request.body() else { panic!("no JSON body: {request:?}") };
    serde_json::from_slice(json).unwrap()
}

/// The form an endpoint of Login Kit would send.
pub(crate) fn form_body(endpoint: impl TryIntoRequest) -> Vec<(&'static str, String)> {
    let request = endpoint.try_into_request().unwrap();
    let Body::Form(fields) = request.body() else { panic!("no form: {request:?}") };
    fields.clone()
}

/// A Login Kit client without a server.
pub(crate) fn offline_login() -> login::Client {
    login::Client::builder().build().unwrap()
}

/// What the caller learns from a failure, in one line.
pub(crate) fn verdict(error: &Error) -> String {
    let answers = [
        ("retryable", error.is_retryable()),
        ("refresh", error.token_expired()),
        ("reauthorize", error.needs_reauthorization()),
        ("slow-down", error.is_rate_limited()),
        ("dm-rule", error.is_dm_rule()),
        ("uncertain", error.outcome_uncertain()),
    ];
    let words: Vec<_> = answers.into_iter().filter_map(|(word, answer)| answer.then_some(word)).collect();
    words.join(" ")
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
        Client::builder().base_url(format!("{}/open_api/v1.3", self.address)).build().unwrap()
    }

    pub(crate) fn login_client(&self) -> login::Client {
        login::Client::builder().base_url(&self.address).build().unwrap()
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
