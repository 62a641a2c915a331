//! A line to the served simulator on which a client's request goes out letter by letter: header spelling, order and
//! encoding are the client's, and no HTTP library of ours stands between.

use std::fmt::Write as _;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::support::{BUSINESS, World, query};

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Status line and headers, as they stand.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// `data` of an envelope that says OK.
    pub(crate) fn data(&self) -> Value {
        let envelope = self.json();
        assert_eq!((self.status, envelope["code"].as_i64(), envelope["message"].as_str()), (200, Some(0), Some("OK")));
        assert!(envelope["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{envelope}");
        envelope["data"].clone()
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let line = self.head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}: ")))?;
        Some(line[name.len() + 2..].to_owned())
    }
}

/// The served simulator.
pub(crate) struct Line {
    pub(crate) host: String,
}

impl Line {
    pub(crate) async fn to(world: &World, tasks: &mut JoinSet<()>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let sim = world.sim.clone();
        tasks.spawn(async move { sim.serve(listener, std::future::pending()).await.unwrap() });
        Self { host }
    }

    /// Sends a request line, header lines and a body; adds `Host`, `Connection` and the length.
    pub(crate) async fn say(&self, request: &str, headers: &[&str], body: &[u8]) -> Answer {
        let mut head = format!("{request} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.host);
        for header in headers {
            write!(head, "{header}\r\n").unwrap();
        }
        if !body.is_empty() {
            write!(head, "Content-Length: {}\r\n", body.len()).unwrap();
        }
        let mut stream = TcpStream::connect(&self.host).await.unwrap();
        stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) async fn post_json(&self, path: &str, headers: &[&str], body: &Value) -> Answer {
        let headers = [headers, &["Content-Type: application/json"]].concat();
        self.say(&format!("POST {path}"), &headers, body.to_string().as_bytes()).await
    }

    /// Opens the consent page at `asked` and agrees to everything; gives the parameters of the way back.
    pub(crate) async fn consent(&self, asked: &str) -> Vec<(String, String)> {
        let page = self.say(&format!("GET {asked}"), &["Accept: text/html"], b"").await;
        assert_eq!(page.status, 200, "{}", String::from_utf8_lossy(&page.body));
        let question = asked.split_once('?').unwrap().1;
        let scopes = url::form_urlencoded::parse(question.as_bytes()).find(|(name, _)| name == "scope").unwrap().1;
        let mut form = format!("{question}&{}", query(&[("decision", "authorize"), ("account", BUSINESS)]));
        for scope in scopes.split(',') {
            write!(form, "&{}", query(&[("granted", scope)])).unwrap();
        }
        let headers = ["Content-Type: application/x-www-form-urlencoded"];
        let back = self.say("POST /v2/auth/authorize/", &headers, form.as_bytes()).await;
        let back = url::Url::parse(&back.header("location").unwrap()).unwrap();
        back.query_pairs().into_owned().collect()
    }
}

/// One parameter of the way back.
pub(crate) fn param(back: &[(String, String)], name: &str) -> String {
    back.iter().find(|(key, _)| key == name).unwrap().1.clone()
}

/// A multipart body with the boundary `X`: parts are header lines and content.
pub(crate) fn multipart(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (headers, content) in parts {
        body.extend_from_slice(format!("--X\r\n{headers}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--X--\r\n");
    body
}
