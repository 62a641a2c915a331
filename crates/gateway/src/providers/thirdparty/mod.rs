//! Any system that speaks our generic webhook: a flat payload, signed with a shared key, in; the same out, where an address is set.

mod send;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Timestamp,
    contact::Channel,
    inbound::{Inbound, InboundContent, InboundCustomer, InboundMessage, Source},
    message::Direction,
    outbox::Outcome,
};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};

pub use send::{IDEMPOTENCY_HEADER, Outgoing, Words};

/// Name of the signature header: `sha256=<hex HMAC-SHA256 of the raw body>`.
pub const SIGNATURE_HEADER: &str = "x-signature";
/// The account that unsigned payloads of the local test go to (`dev` only).
pub const LOCAL_ACCOUNT: &str = "local";
/// What deliveries of this kind are called in the journal.
const EVENT: &str = "message";

/// Why a thirdparty signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no header, or no key to check it with.
    #[error("the signature is missing")]
    Missing,
    /// It is not `sha256=<64 hex digits>`, or it does not belong to this body.
    #[error("the signature does not match")]
    Mismatch,
}

/// A flat payload that is none.
#[derive(Debug, thiserror::Error)]
#[error("not a message of the generic webhook")]
pub struct PayloadError(#[source] serde_json::Error);

/// The generic webhook.
#[derive(Debug, Clone)]
pub struct Thirdparty {
    key: Option<SecretString>,
    outgoing: Option<Outgoing>,
}

#[derive(Deserialize)]
struct Payload {
    contact: Contact,
    conversation_id: Text,
    #[serde(default)]
    message_id: Option<Text>,
    #[serde(default)]
    message_content: Option<String>,
    #[serde(default)]
    message_type: Option<String>,
    #[serde(default)]
    message_timestamp: Option<String>,
    /// Of a picture or a video: where anybody can fetch it.
    #[serde(default)]
    media_url: Option<String>,
    /// `incoming`, or `outgoing` for what was said on the other side in the business's name.
    #[serde(default)]
    direction: Side,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum Side {
    #[default]
    Incoming,
    Outgoing,
}

#[derive(Deserialize)]
struct Contact {
    id: Text,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    profile_pic: Option<String>,
}

/// A string, or a number written without quotes.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Text {
    Text(String),
    Number(i64),
}

impl Text {
    pub(crate) fn into_string(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// A flat payload in our words.
#[derive(Debug, Clone, PartialEq)]
pub struct Translated {
    /// Event name for the journal.
    pub event: &'static str,
    /// What it reports.
    pub items: Vec<Inbound>,
    /// Why it was not understood whole.
    pub unsupported: Option<String>,
}

impl Thirdparty {
    /// With the key of `WEBHOOK_VERIFY_TOKEN`: without one nothing verifies, and replies leave unsigned. Without a way out accounts only
    /// receive.
    pub const fn new(key: Option<SecretString>, outgoing: Option<Outgoing>) -> Self {
        Self { key, outgoing }
    }

    /// Whether replies have a way out.
    pub const fn takes_replies(&self) -> bool {
        self.outgoing.is_some()
    }

    /// Sends a text, or asks what became of it, see [`Outgoing::send`]. `None` without a way out.
    pub async fn send(&self, words: Words<'_>, now: Timestamp, leaving: impl FnOnce() + Send) -> Option<Outcome> {
        let outgoing = self.outgoing.as_ref()?;
        Some(outgoing.send(self.key.as_ref(), words, now, leaving).await)
    }

    /// Checks the signature over the raw bytes, in constant time.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify(&self, header: Option<&str>, body: &[u8]) -> Result<(), SignatureError> {
        let key = self.key.as_ref().ok_or(SignatureError::Missing)?;
        let header = header.map(str::trim).filter(|header| !header.is_empty()).ok_or(SignatureError::Missing)?;
        let digits = header.strip_prefix("sha256=").ok_or(SignatureError::Mismatch)?;
        let signature = unhex(digits).ok_or(SignatureError::Mismatch)?;
        mac(key, body).verify_slice(&signature).map_err(|_| SignatureError::Mismatch)
    }
}

/// What a verified body says; one that is no payload comes back with no items and the reason.
pub fn translate(body: &[u8], now: Timestamp) -> Translated {
    read(body, now).unwrap_or_else(|error| Translated {
        event: "",
        items: Vec::new(),
        unsupported: Some(error.to_string()),
    })
}

/// Reads a flat payload. Without a message id, the same bytes are the same message; without a time it was said now.
///
/// # Errors
/// [`PayloadError`] for anything else.
pub fn read(body: &[u8], now: Timestamp) -> Result<Translated, PayloadError> {
    let payload: Payload = serde_json::from_slice(body).map_err(PayloadError)?;
    let type_name = payload.message_type.unwrap_or_else(|| "text".to_owned());
    let content = match (type_name.as_str(), payload.message_content, payload.media_url) {
        ("text", Some(words), _) => Some(InboundContent::Text(words)),
        ("image", _, Some(url)) => Some(InboundContent::ImageAt { url }),
        ("video", _, Some(url)) => Some(InboundContent::VideoAt { url }),
        _ => None,
    };
    let unsupported = content.is_none().then(|| format!("unknown or unreadable message type `{type_name}`"));
    let content = content.unwrap_or(InboundContent::Unsupported { type_name });
    let contact = payload.contact;
    let name = [contact.first_name, contact.last_name].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let said_at = payload.message_timestamp.as_deref().and_then(|text| text.parse().ok());
    let item = Inbound::Message(InboundMessage {
        conversation_external_id: payload.conversation_id.into_string(),
        external_id: payload.message_id.map_or_else(|| digest_id(body), Text::into_string),
        platform_id: None,
        direction: match payload.direction {
            Side::Incoming => Direction::Incoming,
            Side::Outgoing => Direction::Outgoing,
        },
        customer: InboundCustomer {
            channel: Channel::Thirdparty,
            external_id: contact.id.into_string(),
            username: contact.username,
            display_name: Some(name).filter(|name| !name.is_empty()),
            avatar_url: contact.profile_pic,
            is_follower: None,
        },
        source: Source::Unknown,
        sent_at: said_at.unwrap_or(now),
        content,
        quoted_external_id: None,
    });
    Ok(Translated { event: EVENT, items: vec![item], unsupported })
}

/// The header's value for a body.
fn signature(key: &SecretString, body: &[u8]) -> String {
    let digits = |digits: String, byte: &u8| digits + &format!("{byte:02x}");
    mac(key, body).finalize().into_bytes().iter().fold("sha256=".to_owned(), digits)
}

fn mac(key: &SecretString, body: &[u8]) -> Hmac<Sha256> {
    let keyed = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes());
    let mut mac = keyed.expect("invariant: HMAC takes keys of any length");
    mac.update(body);
    mac
}

fn digest_id(body: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(body)[..16])
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || text.len() != 64 {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"contact":{"id":"1","first_name":"Test"},"conversation_id":"conv_1","message_content":"Hello!","message_type":"text","message_timestamp":"2026-02-27T10:00:00Z"}"#;

    #[test]
    fn the_payload_of_the_local_test_is_read() {
        let read = read(BODY, Timestamp::ZERO).unwrap();
        let [Inbound::Message(message)] = read.items.as_slice() else { panic!("{read:?}") };
        assert_eq!(message.content, InboundContent::Text("Hello!".into()));
        assert_eq!(message.customer.display_name.as_deref(), Some("Test"));
        assert_eq!(message.sent_at, "2026-02-27T10:00:00Z".parse().unwrap());
        assert_eq!(read.unsupported, None);
    }

    #[test]
    fn without_a_time_it_was_said_now_and_a_number_is_an_id() {
        let body = br#"{"contact":{"id":7},"conversation_id":8,"message_type":"hologram"}"#;
        let read = read(body, Timestamp::from_secs(5)).unwrap();
        let [Inbound::Message(message)] = read.items.as_slice() else { panic!("{read:?}") };
        assert_eq!((message.sent_at, message.customer.external_id.as_str()), (Timestamp::from_secs(5), "7"));
        assert!(read.unsupported.unwrap().contains("hologram"));
    }

    #[test]
    fn pictures_come_by_address_and_replies_of_the_other_side_as_such() {
        let body = br#"{"contact":{"id":7},"conversation_id":8,"message_type":"image","media_url":"https://cdn.example.com/a.jpg","direction":"outgoing"}"#;
        let read = read(body, Timestamp::ZERO).unwrap();
        let [Inbound::Message(message)] = read.items.as_slice() else { panic!("{read:?}") };
        assert_eq!(message.content, InboundContent::ImageAt { url: "https://cdn.example.com/a.jpg".to_owned() });
        assert_eq!((message.direction, read.unsupported), (Direction::Outgoing, None));
    }

    #[test]
    fn signatures_are_checked_over_the_bytes() {
        let third = Thirdparty::new(Some("key".into()), None);
        let good = signature(&"key".into(), BODY);
        assert_eq!(third.verify(Some(&good), BODY), Ok(()));
        assert_eq!(third.verify(Some(&good), b"else"), Err(SignatureError::Mismatch));
        for bad in ["sha256=", "sha1=00", "sha256=zz", "sha256=éééééééééééééééééééééééééééééééé"]
        {
            assert_eq!(third.verify(Some(bad), BODY), Err(SignatureError::Mismatch), "{bad}");
        }
        assert_eq!(third.verify(None, BODY), Err(SignatureError::Missing));
        assert_eq!(Thirdparty::new(None, None).verify(Some("sha256=00"), BODY), Err(SignatureError::Missing));
    }
}
