//! A simulator on a manual clock, calls without a network, a webhook receiver with scripted answers.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use simulator::{
    BusinessSettings, Config, DEFAULT_APP_ID, DEFAULT_APP_SECRET, ManualClock, NewBusiness, NewCustomer, SCOPES,
    Simulator,
};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

pub(crate) const START: i64 = 1_790_000_000_123;
pub(crate) const BUSINESS: &str = "baan.kafe.demo";
pub(crate) const CUSTOMER: &str = "nong.mali.demo";
pub(crate) const HOUR: i64 = 3_600_000;

pub(crate) struct World {
    pub(crate) sim: Simulator,
    pub(crate) token: String,
    pub(crate) open_id: String,
}

pub(crate) fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub(crate) fn simulator(config: Config) -> Simulator {
    Simulator::new(
        Config { seed: Some(7), public_url: Some("http://localhost:4000".to_owned()), ..config },
        Arc::new(ManualClock::new(START)),
    )
}

/// One business connected with every scope, one customer, no limit on the pace of calls.
pub(crate) fn world() -> World {
    world_with(Config { qps_limit: None, ..Config::default() })
}

pub(crate) fn world_with(config: Config) -> World {
    let sim = simulator(config);
    let business = sim.create_business(NewBusiness::new(BUSINESS, "บ้านกาแฟ ☕ Demo")).unwrap();
    sim.create_customer(NewCustomer::new(CUSTOMER, "น้องมะลิ 🌼")).unwrap();
    let grant = sim.grant(BUSINESS, DEFAULT_APP_ID, &SCOPES).unwrap();
    World { sim, token: grant.access_token, open_id: business.open_id }
}

pub(crate) async fn raw(sim: &Simulator, request: Request<Body>) -> (StatusCode, HeaderMap, Bytes) {
    let answer = sim.router().oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    (parts.status, parts.headers, axum::body::to_bytes(body, usize::MAX).await.unwrap())
}

fn url(endpoint: &str) -> String {
    format!("/open_api/v1.3/{endpoint}/")
}

pub(crate) fn query(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl World {
    /// Its owner switches Comment-to-Message on.
    pub(crate) fn comment_to_message(&self) {
        self.settings(BusinessSettings { comment_to_message: Some(true), ..BusinessSettings::default() });
    }

    /// Changes settings of the business.
    pub(crate) fn settings(&self, asked: BusinessSettings) {
        self.sim.change_business(BusinessSettings { business: BUSINESS.to_owned(), ..asked }).unwrap();
    }

    /// A fresh token after the clock went past the old one's day.
    pub(crate) fn renew(&mut self) {
        self.token = self.sim.grant(BUSINESS, DEFAULT_APP_ID, &SCOPES).unwrap().access_token;
    }

    pub(crate) async fn post(&self, endpoint: &str, body: &Value) -> Value {
        let request = Request::post(url(endpoint)).header("host", "localhost:4000").header("access-token", &self.token);
        let request = request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap();
        let (status, _, bytes) = raw(&self.sim, request).await;
        assert_eq!(status, StatusCode::OK);
        serde_json::from_slice(&bytes).unwrap()
    }

    pub(crate) async fn get(&self, endpoint: &str, pairs: &[(&str, &str)]) -> Value {
        self.get_raw(endpoint, &query(pairs)).await
    }

    pub(crate) async fn get_raw(&self, endpoint: &str, query: &str) -> Value {
        let request = Request::get(format!("{}?{query}", url(endpoint)))
            .header("host", "localhost:4000")
            .header("access-token", &self.token);
        let (status, _, bytes) = raw(&self.sim, request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::OK);
        serde_json::from_slice(&bytes).unwrap()
    }

    /// Sends a text and answers the envelope.
    pub(crate) async fn send(&self, conversation: &str, text: &str) -> Value {
        self.post("business/message/send", &self.text(conversation, text)).await
    }

    pub(crate) fn text(&self, conversation: &str, text: &str) -> Value {
        json!({"business_id": self.open_id, "recipient_type": "CONVERSATION", "recipient": conversation, "message_type": "TEXT", "text": {"body": text}})
    }

    pub(crate) async fn upload(&self, bytes: &[u8], file_name: &str, mime: &str) -> Value {
        let mut body = Vec::new();
        for (name, value) in [("business_id", self.open_id.as_str()), ("media_type", "IMAGE")] {
            body.extend_from_slice(
                format!("--b0\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        body.extend_from_slice(format!("--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: {mime}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--b0--\r\n");
        let request = Request::post(url("business/message/media/upload"))
            .header("host", "localhost:4000")
            .header("access-token", &self.token);
        let request =
            request.header("content-type", "multipart/form-data; boundary=b0").body(Body::from(body)).unwrap();
        serde_json::from_slice(&raw(&self.sim, request).await.2).unwrap()
    }
}

/// A PNG's first bytes and some more.
pub(crate) fn png(size: usize) -> Vec<u8> {
    let mut bytes = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    bytes.resize(size.max(8), 0);
    bytes
}

/// Key paths with the kind of value at each, e.g. `data.cursor: number`. Arrays are described by all their elements together.
pub(crate) fn shape(value: &Value) -> BTreeMap<String, &'static str> {
    let mut out = BTreeMap::new();
    walk(value, "", &mut out);
    out
}

fn walk(value: &Value, path: &str, out: &mut BTreeMap<String, &'static str>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(items) => {
            for item in items {
                walk(item, &format!("{path}[]"), out);
            }
            "array"
        }
        Value::Object(map) => {
            for (key, inner) in map {
                walk(inner, &format!("{path}.{key}"), out);
            }
            "object"
        }
    };
    out.insert(path.to_owned(), kind);
}

#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Received {
    pub(crate) fn content(&self) -> Value {
        let envelope: Value = serde_json::from_slice(&self.body).unwrap();
        serde_json::from_str(envelope["content"].as_str().unwrap()).unwrap()
    }

    pub(crate) fn event(&self) -> String {
        serde_json::from_slice::<Value>(&self.body).unwrap()["event"].as_str().unwrap().to_owned()
    }
}

/// Takes webhooks; answers 200 unless told otherwise.
#[derive(Debug, Clone, Default)]
pub(crate) struct Receiver {
    inner: Arc<Mutex<(Vec<Received>, Vec<u16>)>>,
    url: Arc<Mutex<String>>,
}

impl Receiver {
    /// Starts it and subscribes the default app. The server lives as long as the set.
    pub(crate) async fn start(sim: &Simulator, tasks: &mut JoinSet<()>) -> Self {
        let receiver = Self::default();
        let address = serve(axum::Router::new().fallback(Self::take).with_state(receiver.clone()), tasks).await;
        let url = format!("http://{address}/webhook/tiktok");
        sim.set_callback(DEFAULT_APP_ID, "DIRECT_MESSAGE", &url).unwrap();
        *receiver.url.lock().unwrap() = url;
        receiver
    }

    #[expect(clippy::unused_async, reason = "handlers are async")]
    async fn take(State(this): State<Self>, headers: HeaderMap, body: Bytes) -> StatusCode {
        let mut inner = this.inner.lock().unwrap();
        inner.0.push(Received { headers, body });
        let status = if inner.1.is_empty() { 200 } else { inner.1.remove(0) };
        StatusCode::from_u16(status).unwrap()
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        self.url.lock().unwrap().clone()
    }

    /// The next answers, in order; then 200 again.
    pub(crate) fn answer_with(&self, statuses: &[u16]) {
        self.inner.lock().unwrap().1 = statuses.to_vec();
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.inner.lock().unwrap().0.clone()
    }

    /// Texts received, in order.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.received()
            .iter()
            .map(|one| one.content()["text"]["body"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

pub(crate) async fn serve(router: axum::Router, tasks: &mut JoinSet<()>) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

pub(crate) fn credentials() -> Value {
    json!({"client_id": DEFAULT_APP_ID, "client_secret": DEFAULT_APP_SECRET})
}
