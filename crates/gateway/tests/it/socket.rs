//! A small Socket.IO client over polling: enough to see what the gateway tells. The official client is used by the end-to-end suite.

use std::{collections::VecDeque, time::Duration};

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// Nothing takes this long; a test that waits for what never comes ends here.
const DEADLINE: Duration = Duration::from_secs(20);

/// A connected socket.
pub(crate) struct Socket {
    http: reqwest::Client,
    address: String,
    headers: Vec<(&'static str, String)>,
    packets: VecDeque<String>,
}

/// Why it did not connect.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Already over HTTP.
    Http(StatusCode),
    /// By the namespace; the client's `connect_error`.
    Namespace(String),
}

impl Socket {
    /// Connects with `auth` and extra headers.
    pub(crate) async fn open(base: &str, auth: Value, headers: &[(&'static str, String)]) -> Result<Self, Refused> {
        let http = reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().unwrap();
        let address = format!("{base}/socket.io/?EIO=4&transport=polling");
        let mut socket = Self { http, address, headers: headers.to_vec(), packets: VecDeque::new() };
        let answer = socket.with_headers(socket.http.get(&socket.address)).send().await.unwrap();
        if answer.status() != StatusCode::OK {
            return Err(Refused::Http(answer.status()));
        }
        let hello: Value = serde_json::from_str(&answer.text().await.unwrap()[1..]).unwrap();
        socket.address = format!("{}&sid={}", socket.address, hello["sid"].as_str().unwrap());
        socket.write(format!("40{auth}")).await;
        let answer = socket.packet().await;
        if let Some(error) = answer.strip_prefix("44") {
            let error: Value = serde_json::from_str(error).unwrap();
            return Err(Refused::Namespace(error["message"].as_str().unwrap().to_owned()));
        }
        assert!(answer.starts_with("40"), "{answer}");
        Ok(socket)
    }

    fn with_headers(&self, request: RequestBuilder) -> RequestBuilder {
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }

    async fn write(&self, packet: String) {
        let answer = self.with_headers(self.http.post(&self.address)).body(packet).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    }

    /// The next packet that is no ping.
    async fn packet(&mut self) -> String {
        loop {
            match self.packets.pop_front() {
                Some(ping) if ping == "2" => self.write("3".to_owned()).await,
                Some(packet) => return packet,
                None => {
                    let answer = self.with_headers(self.http.get(&self.address)).send().await.unwrap();
                    self.packets = answer.text().await.unwrap().split('\u{1e}').map(str::to_owned).collect();
                }
            }
        }
    }

    /// The next event: its name and payload.
    pub(crate) async fn event(&mut self) -> (String, Value) {
        let packet = self.packet().await;
        let event: (String, Value) =
            serde_json::from_str(packet.strip_prefix("42").unwrap_or_else(|| panic!("no event: {packet}"))).unwrap();
        event
    }

    /// The payload of the next event called `name`, past all others.
    pub(crate) async fn wait_for(&mut self, name: &str) -> Value {
        loop {
            let (event, payload) = self.event().await;
            if event == name {
                return payload;
            }
        }
    }

    /// Sends an event and waits for its acknowledgement; events in between stay for later.
    pub(crate) async fn ask(&mut self, event: &str, payload: Value) -> Value {
        self.write(format!("427{}", json!([event, payload]))).await;
        let mut events = Vec::new();
        let answer = loop {
            let packet = self.packet().await;
            match packet.strip_prefix("437") {
                Some(answer) => break serde_json::from_str::<Value>(answer).unwrap()[0].clone(),
                None => events.push(packet),
            }
        };
        events.into_iter().rev().for_each(|packet| self.packets.push_front(packet));
        answer
    }

    /// Sends an event.
    pub(crate) async fn tell(&self, event: &str, payload: Value) {
        self.write(format!("42{}", json!([event, payload]))).await;
    }

    /// Waits until the gateway sends this socket away.
    pub(crate) async fn sent_away(mut self) {
        loop {
            let packet = self.packet().await;
            if packet == "41" || packet == "1" {
                return;
            }
            assert!(packet.starts_with("42"), "{packet}");
        }
    }
}
