//! The signature of a webhook: `Tiktok-Signature: t=<seconds>,s=<hex HMAC-SHA256>`.
//! Computed over `<t>.<raw body>` with the app secret; compared in constant time.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{hex, limits, secret::AppSecret};

/// Name of the header, in the lower case of HTTP/2.
pub const SIGNATURE_HEADER: &str = "tiktok-signature";

/// Checks webhook signatures of one app.
///
/// Source: `developers.tiktok.com` "Webhooks verification" and the portal's webhook pages, read
/// 2026-11-20.
///
/// ```
/// use tiktok::{limits, webhook::{Verifier, sign}};
///
/// let body = br#"{"event":"im_receive_msg"}"#;
/// let header = sign(&"app-secret".into(), 1_790_000_000, body);
///
/// let verifier = Verifier::new("app-secret");
/// let verified =
///     verifier.verify(Some(&header), body, 1_790_000_003, limits::SIGNATURE_TOLERANCE)?;
/// assert_eq!((verified.age_secs, verified.late), (3, false));
/// # Ok::<(), tiktok::webhook::SignatureError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Verifier {
    secret: AppSecret,
}

/// A correct signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a late signature may have to be refused"]
pub struct Verified {
    /// Seconds between signing and now; negative if TikTok's clock is ahead.
    pub age_secs: i64,
    /// Older than the tolerance. TikTok does not say whether a retry is signed anew, so a late
    /// delivery may be genuine: take it once, or refuse it with [`Self::require_fresh`].
    pub late: bool,
}

/// Why a signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// There is no signature header, or it is empty.
    #[error("the signature is missing")]
    Missing,
    /// The header is not `t=<seconds>,s=<64 hex digits>`.
    #[error("the signature header is malformed")]
    Malformed,
    /// The signature does not belong to this body, time and secret.
    #[error("the signature does not match")]
    Mismatch,
    /// The signature is correct but older than the tolerance; see [`Verified::require_fresh`].
    #[error("the signature is correct but {age_secs} s old")]
    TooOld {
        /// Seconds between signing and now.
        age_secs: i64,
    },
    /// The signature is correct but more than [`limits::SIGNATURE_AHEAD`] in the future.
    #[error("the signature is correct but {ahead_secs} s ahead of the clock")]
    FromFuture {
        /// Seconds between now and signing.
        ahead_secs: i64,
    },
}

impl Verifier {
    /// `secret`: the portal app's secret, or the client secret of a Login Kit app.
    pub fn new(secret: impl Into<AppSecret>) -> Self {
        Self { secret: secret.into() }
    }

    /// Checks one delivery.
    ///
    /// * `header`: value of [`SIGNATURE_HEADER`], parts in any order.
    /// * `body`: the raw bytes as received, never parsed and written again.
    /// * `now_secs`: now, in seconds since 1970.
    /// * `tolerance`: age from which a correct signature counts as late, normally
    ///   [`limits::SIGNATURE_TOLERANCE`].
    ///
    /// # Errors
    /// Any [`SignatureError`] but `TooOld`: being late is reported in [`Verified`], so that it
    /// cannot be mistaken for a forgery.
    pub fn verify(
        &self,
        header: Option<&str>,
        body: &[u8],
        now_secs: i64,
        tolerance: Duration,
    ) -> Result<Verified, SignatureError> {
        let header = header.map(str::trim).filter(|header| !header.is_empty());
        let (time, signature) = parse(header.ok_or(SignatureError::Missing)?)?;
        let signed_at: i64 = time.parse().map_err(|_| SignatureError::Malformed)?;
        // `verify_slice` takes the same time wherever the bytes differ.
        hmac(&self.secret, time, body).verify_slice(&signature).map_err(|_| SignatureError::Mismatch)?;

        let age_secs = now_secs.saturating_sub(signed_at);
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        if age_secs < -seconds(limits::SIGNATURE_AHEAD) {
            let ahead_secs = age_secs.saturating_neg();
            return Err(SignatureError::FromFuture { ahead_secs });
        }
        Ok(Verified { age_secs, late: age_secs > seconds(tolerance) })
    }
}

impl Verified {
    /// For a receiver that refuses late deliveries.
    ///
    /// # Errors
    /// [`SignatureError::TooOld`] if the signature is late.
    pub fn require_fresh(self) -> Result<Self, SignatureError> {
        if self.late {
            return Err(SignatureError::TooOld { age_secs: self.age_secs });
        }
        Ok(self)
    }
}

/// The header value TikTok would send for a body signed at `time_secs`. For tests and simulators.
pub fn sign(secret: &AppSecret, time_secs: i64, body: &[u8]) -> String {
    let digest = hmac(secret, &time_secs.to_string(), body).finalize().into_bytes();
    format!("t={time_secs},s={}", hex::encode(&digest))
}

fn hmac(secret: &AppSecret, time: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("invariant: HMAC takes keys of any length");
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

/// `t` as received and the bytes of `s`. A part given twice is malformed: which one was meant?
fn parse(header: &str) -> Result<(&str, [u8; 32]), SignatureError> {
    let (mut time, mut signature) = (None, None);
    for part in header.split(',') {
        let (name, value) = part.split_once('=').ok_or(SignatureError::Malformed)?;
        let seen = match name.trim() {
            "t" => time.replace(value.trim()),
            "s" => signature.replace(value.trim()),
            _ => None,
        };
        if seen.is_some() {
            return Err(SignatureError::Malformed);
        }
    }
    let time = time.filter(|time| !time.is_empty() && time.bytes().all(|b| b.is_ascii_digit()));
    let signature = signature.and_then(unhex);
    time.zip(signature).ok_or(SignatureError::Malformed)
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let text = text.as_bytes();
    let mut bytes = [0; 32];
    if text.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |index: usize| char::from(pair[index]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(bytes)
}
