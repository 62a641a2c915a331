//! Webhooks of a Login Kit app: the envelope and signature of the API for Business, other ids.

use super::{ClientKey, OpenId};
use crate::webhook::{DecodeError, Event, decode};

/// One webhook delivery to a Login Kit app.
///
/// Source: `developers.tiktok.com` "Webhooks overview" and "Webhook events", read 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WebhookEnvelope {
    /// The app it was sent to. Compare with yours.
    pub client_key: Option<ClientKey>,
    /// Name of the event as sent. Example `authorization.removed`.
    pub event: String,
    /// When TikTok made the event, in **seconds** since 1970.
    pub create_time: Option<i64>,
    /// The user it concerns; absent in `portability.download.ready`.
    pub user_openid: Option<OpenId>,
    /// What happened.
    pub content: Event,
}

/// Decodes the raw body of a Login Kit app's webhook. Verify it first, with
/// [`ClientSecret::verifier`](super::ClientSecret::verifier).
///
/// # Errors
/// [`DecodeError`] if the body is not a JSON object with an `event`.
///
/// ```
/// use tiktok::{login::decode_webhook, webhook::{DisconnectReason, Event}};
///
/// let body = br#"{"event":"authorization.removed","user_openid":"act-1","content":"{\"reason\":1}"}"#;
/// let Event::AuthorizationRemoved(removed) = decode_webhook(body)?.content else { unreachable!() };
/// assert_eq!(removed.reason, DisconnectReason::UserDisconnected);
/// # Ok::<(), tiktok::webhook::DecodeError>(())
/// ```
pub fn decode_webhook(raw: &[u8]) -> Result<WebhookEnvelope, DecodeError> {
    let envelope = decode(raw)?;
    Ok(WebhookEnvelope {
        client_key: envelope.client_key.map(|key| ClientKey::new(key.into_string())),
        event: envelope.event,
        create_time: envelope.create_time,
        user_openid: envelope.user_openid.map(|id| OpenId::new(id.into_string())),
        content: envelope.content,
    })
}
