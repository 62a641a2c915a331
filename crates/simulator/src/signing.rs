//! Webhook signatures and identifiers in TikTok's looks.
//! Called by the delivery of webhooks and by everything that creates something.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a String cannot fail.
        _ = write!(out, "{byte:02x}");
        out
    })
}

/// The `Tiktok-Signature` header: `t=<unix s>,s=<hex HMAC-SHA256(secret, "<t>." + raw body)>`.
///
/// Source: TikTok for Developers, webhook verification, read 2026-11.
///
/// # Panics
/// Never: HMAC takes a key of any length.
pub fn signature_header(secret: &str, unix_s: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("invariant: HMAC takes a key of any length");
    mac.update(unix_s.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    format!("t={unix_s},s={}", hex(&mac.finalize().into_bytes()))
}

/// Makes identifiers: stable ones from names, fresh ones from a seed and a counter.
#[derive(Debug)]
pub(crate) struct Ids {
    seed: u64,
    next: u64,
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Base64 with `+`, `/` and `=` always in it, because clients must survive all three.
fn tiktok_like(bytes: &[u8; 32]) -> String {
    let text = STANDARD.encode(&bytes[..30]);
    format!("{}+{}/{}==", &text[..13], &text[13..26], &text[26..])
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, next: 0 }
    }

    fn fresh(&mut self, kind: &str) -> [u8; 32] {
        self.next += 1;
        digest(&[kind.as_bytes(), &self.seed.to_be_bytes(), &self.next.to_be_bytes()])
    }

    /// A number that grows by one with every identifier made.
    pub(crate) fn count(&self) -> u64 {
        self.next
    }

    pub(crate) fn message(&mut self) -> String {
        tiktok_like(&self.fresh("message"))
    }

    pub(crate) fn media(&mut self) -> String {
        format!("media-{}", &URL_SAFE_NO_PAD.encode(self.fresh("media"))[..26])
    }

    /// An authorization code with `*`, `!` and `.` in it: it must be URL-decoded exactly once.
    pub(crate) fn code(&mut self) -> String {
        let text = URL_SAFE_NO_PAD.encode(self.fresh("code"));
        format!("{}*{}!4321.s1", &text[..20], &text[20..28])
    }

    pub(crate) fn token(&mut self, kind: &str) -> String {
        format!("{kind}.{}", URL_SAFE_NO_PAD.encode(self.fresh(kind)))
    }

    /// A 19-digit decimal id, e.g. of a comment.
    pub(crate) fn number(&mut self, kind: &str) -> String {
        let bytes = self.fresh(kind);
        let raw = u64::from_be_bytes(bytes[..8].try_into().expect("invariant: eight bytes"));
        format!("74{:017}", raw % 100_000_000_000_000_000)
    }

    pub(crate) fn request(&mut self, now_ms: i64) -> String {
        let day = jiff::Timestamp::from_millisecond(now_ms)
            .map_or_else(|_| "00000000000000".to_owned(), |at| at.strftime("%Y%m%d%H%M%S").to_string());
        format!("{day}{}", hex(&self.fresh("request")[..9]).to_uppercase())
    }
}

/// `open_id` of a business, the same in every run.
pub(crate) fn business_id(username: &str) -> String {
    format!("-000{}", &URL_SAFE_NO_PAD.encode(digest(&[b"business", username.as_bytes()]))[..28])
}

/// `open_id` of an account on TikTok for Developers, the same in every run.
pub(crate) fn login_id(username: &str) -> String {
    format!("-000login{}", &URL_SAFE_NO_PAD.encode(digest(&[b"login", username.as_bytes()]))[..24])
}

/// `union_id` of an account: the same for all apps of one developer.
pub(crate) fn union_id(username: &str) -> String {
    let bytes = digest(&[b"union", username.as_bytes()]);
    format!(
        "{}-{}-{}-{}-{}",
        hex(&bytes[..4]),
        hex(&bytes[4..6]),
        hex(&bytes[6..8]),
        hex(&bytes[8..10]),
        hex(&bytes[10..16])
    )
}

/// Lower-case hexadecimal SHA-256, which Login Kit wants as code challenge (not base64url).
pub(crate) fn sha256_hex(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// `unique_identifier` of a customer, the same in every run.
pub(crate) fn customer_id(username: &str) -> String {
    format!("Zk7{}", tiktok_like(&digest(&[b"customer", username.as_bytes()])))
}

/// `conversation_id` of a pair, the same in every run.
pub(crate) fn conversation_id(business: &str, customer: &str) -> String {
    tiktok_like(&digest(&[b"conversation", business.as_bytes(), customer.as_bytes()]))
}
