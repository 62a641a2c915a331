//! Replies out, to whoever speaks our generic webhook: one signed `POST` with an idempotency key. The same key is the same message, so a
//! lost answer is no riddle: it is asked for again.

use std::time::Duration;

use domain::{
    Id, Timestamp,
    failure::{Failure, FailureKind},
    message::Message,
    outbox::Outcome,
};
use reqwest::{Client, Response, StatusCode, header::RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{SIGNATURE_HEADER, Text, signature};

/// Names the message; the receiver keeps it and takes each one once.
pub const IDEMPOTENCY_HEADER: &str = "idempotency-key";
/// Below the time that an attempt has in all.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest answer that is read.
const ANSWER_MAX: usize = 64 * 1024;
/// Longest part of an answer that is shown.
const WORDS_MAX: usize = 300;

/// A reply as it leaves. Example:
/// `{"message_id":"msg_06…","account":"shop-1","conversation_id":"conv_1","message_type":"text","message_content":"Hello!",
/// "message_timestamp":"2026-11-26T08:00:00.000Z"}`.
#[derive(Debug, Serialize)]
struct Payload<'a> {
    message_id: Id<Message>,
    account: &'a str,
    conversation_id: &'a str,
    message_type: &'static str,
    message_content: &'a str,
    message_timestamp: Timestamp,
}

/// What the receiver may answer.
#[derive(Debug, Deserialize, Default)]
struct Answer {
    /// Its own id of the message; without one, ours is the id.
    #[serde(default)]
    message_id: Option<Text>,
}

/// A text on its way.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// Ours; the idempotency key.
    pub id: Id<Message>,
    /// The account's name at the receiver.
    pub account: &'a str,
    /// The conversation's name there.
    pub conversation: &'a str,
    /// What is said.
    pub text: &'a str,
    /// When it was written.
    pub at: Timestamp,
}

/// Where replies go, and what signs them.
#[derive(Debug, Clone)]
pub struct Outgoing {
    http: Client,
    address: Url,
    bearer: Option<SecretString>,
}

impl Outgoing {
    /// To `messages` under `THIRDPARTY_API_URL`, with `THIRDPARTY_API_KEY` as the bearer token where one is set.
    ///
    /// # Errors
    /// The HTTP client's, or an address that nothing can be joined to.
    pub fn new(api_url: &Url, bearer: Option<SecretString>) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let http = Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
        Ok(Self { http, address: api_url.join("messages")?, bearer })
    }

    /// Sends a text, or asks what became of it: a receiver that has it answers as it did the first time. `leaving` is called right
    /// before it leaves.
    pub async fn send(
        &self,
        key: Option<&SecretString>,
        words: Words<'_>,
        now: Timestamp,
        leaving: impl FnOnce() + Send,
    ) -> Outcome {
        let payload = Payload {
            message_id: words.id,
            account: words.account,
            conversation_id: words.conversation,
            message_type: "text",
            message_content: words.text,
            message_timestamp: words.at,
        };
        let Ok(body) = serde_json::to_vec(&payload) else {
            let failure = failure(FailureKind::Refused, "it can't be written as JSON", now);
            return Outcome::Refused { failure, dm_rule: false };
        };
        let mut request = self.http.post(self.address.clone()).header("content-type", "application/json");
        request = request.header(IDEMPOTENCY_HEADER, words.id.to_string());
        if let Some(key) = key {
            request = request.header(SIGNATURE_HEADER, signature(key, &body));
        }
        if let Some(bearer) = &self.bearer {
            request = request.bearer_auth(bearer.expose_secret());
        }
        leaving();
        match request.body(body).send().await {
            Ok(response) => read(response, words.id, now).await,
            Err(error) if error.is_connect() => {
                let failure = failure(FailureKind::ProviderError, "the connection could not be made", now);
                Outcome::Retry { failure, after: None }
            }
            Err(_) => Outcome::Unknown { failure: failure(FailureKind::Timeout, "the answer was lost", now) },
        }
    }
}

async fn read(response: Response, id: Id<Message>, now: Timestamp) -> Outcome {
    let status = response.status();
    let after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let Some(body) = whole(response).await else {
        return Outcome::Unknown { failure: failure(FailureKind::Timeout, "the answer broke off", now) };
    };
    if status.is_success() {
        let answer: Answer = serde_json::from_slice(&body).unwrap_or_default();
        let external_id = answer.message_id.map_or_else(|| id.to_string(), Text::into_string);
        return Outcome::Sent { external_id };
    }
    let words = format!("HTTP {}: {}", status.as_u16(), shown(&body));
    match status {
        StatusCode::TOO_MANY_REQUESTS => {
            let failure = failure(FailureKind::RateLimited, &words, now);
            Outcome::Retry { failure, after: after.map(Duration::from_secs) }
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => {
            Outcome::Retry { failure: failure(FailureKind::ProviderError, &words, now), after: None }
        }
        status if status.is_server_error() => {
            Outcome::Unknown { failure: failure(FailureKind::ProviderError, &words, now) }
        }
        _ => Outcome::Refused { failure: failure(FailureKind::Refused, &words, now), dm_rule: false },
    }
}

/// The whole answer, or what there is of it up to the limit; `None` when it broke off.
async fn whole(mut response: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_MAX {
            break;
        }
    }
    Some(body)
}

/// What a receiver says of a refusal, short enough to show: its `detail`, `message` or `error`, or the text as it is.
fn shown(body: &[u8]) -> String {
    let said: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let named = ["detail", "message", "error"].iter().find_map(|name| said[name].as_str());
    let text = named.map_or_else(|| String::from_utf8_lossy(body), Into::into);
    text.chars().filter(|letter| !letter.is_control()).take(WORDS_MAX).collect()
}

fn failure(kind: FailureKind, detail: &str, at: Timestamp) -> Failure {
    Failure { kind, detail: detail.to_owned(), code: None, request_id: None, at, cause: None }
}
