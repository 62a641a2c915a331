//! The signature of a webhook: `X-Webhook-Signature: <base64 of HMAC-SHA256>`.
//! Computed over the raw body with the signing key as text; compared in constant time.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::secret::SigningKey;

/// Name of the header, in the lower case of HTTP/2.
pub const SIGNATURE_HEADER: &str = "x-webhook-signature";

/// Checks webhook signatures of one workspace.
///
/// Each webhook of the workspace, so each event, has a key of its own; nothing in a delivery says
/// which one, so all are tried. There is no time in the signature: a replay verifies, and is known
/// by its `event_id`.
/// Source: a tested webhook library and three integrators, read 2026-11-20.
///
/// ```
/// use respondio::webhook::{Verifier, sign};
///
/// let body = br#"{"event_type":"message.received"}"#;
/// let header = sign(&"key-of-message-received".into(), body);
///
/// let verifier = Verifier::new(["key-of-message-sent", "key-of-message-received"]);
/// assert_eq!(verifier.verify(Some(&header), body)?.key, 1);
/// # Ok::<(), respondio::webhook::SignatureError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Verifier {
    keys: Vec<SigningKey>,
}

/// A correct signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Which of the verifier's keys it was made with, from 0.
    pub key: usize,
}

/// Why a signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// There is no signature header, or it is empty.
    #[error("the signature is missing")]
    Missing,
    /// The header is not the base64 of 32 bytes.
    #[error("the signature header is malformed")]
    Malformed,
    /// The signature belongs to none of the keys and this body.
    #[error("the signature does not match")]
    Mismatch,
}

impl Verifier {
    /// `keys`: as shown in the settings of each webhook, not decoded. Without a key everything is
    /// refused.
    pub fn new<K: Into<SigningKey>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self { keys: keys.into_iter().map(Into::into).collect() }
    }

    /// Checks one delivery.
    ///
    /// * `header`: value of [`SIGNATURE_HEADER`].
    /// * `body`: the raw bytes as received, never parsed and written again.
    ///
    /// # Errors
    /// Any [`SignatureError`].
    pub fn verify(&self, header: Option<&str>, body: &[u8]) -> Result<Verified, SignatureError> {
        let header = header.map(str::trim).filter(|header| !header.is_empty());
        let signature = STANDARD.decode(header.ok_or(SignatureError::Missing)?);
        let signature = signature.ok().filter(|bytes| bytes.len() == 32).ok_or(SignatureError::Malformed)?;
        // `verify_slice` takes the same time wherever the bytes differ.
        let found = self.keys.iter().position(|key| hmac(key, body).verify_slice(&signature).is_ok());
        found.map(|key| Verified { key }).ok_or(SignatureError::Mismatch)
    }
}

/// The header value Respond.io would send for a body. For tests and simulators.
pub fn sign(key: &SigningKey, body: &[u8]) -> String {
    STANDARD.encode(hmac(key, body).finalize().into_bytes())
}

fn hmac(key: &SigningKey, body: &[u8]) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()).expect("invariant: HMAC takes keys of any length");
    mac.update(body);
    mac
}
