//! Random secrets and their hashes: the one place that takes randomness for sessions, keys, links and OAuth states.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::identity::SecretHash;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// 256 random bits as text, with the hash that is kept of it.
#[derive(Debug, Clone)]
pub struct Secret {
    text: SecretString,
    hash: SecretHash,
}

impl Secret {
    /// A new one: `prefix` and 43 base64url characters. Example: prefix `mgk_` for an API key, empty for a session.
    pub fn generate(prefix: &str) -> Self {
        let bits: [u8; 32] = rand::random();
        let text = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bits));
        Self { hash: hash_of(&text), text: text.into() }
    }

    /// The text, to be shown or sent once.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// What is kept.
    pub const fn hash(&self) -> SecretHash {
        self.hash
    }
}

/// The hash under which a presented secret is looked up. A plain hash is enough: the secrets have 256 bits, nobody can try them.
pub fn hash_of(text: &str) -> SecretHash {
    Sha256::digest(text.as_bytes()).into()
}
