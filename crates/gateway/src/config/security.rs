//! Keys of the installation.

use std::sync::Arc;

use secrecy::{SecretBox, SecretString};

use super::reader::Reader;

/// `API_SECRET`, `ENCRYPTION_KEY`.
#[derive(Debug, Clone)]
pub struct Security {
    /// A bearer token with owner rights over messages and accounts of the default workspace, not over users or keys.
    pub api_secret: Option<SecretString>,
    /// 32 bytes that seal tokens. Without it a key file is made in the data folder (SQLite only).
    pub encryption_key: Option<Arc<SecretBox<[u8; 32]>>>,
}

impl Security {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            api_secret: reader.secret("API_SECRET", 32),
            encryption_key: reader.secret_parsed(
                "ENCRYPTION_KEY",
                "64 hexadecimal digits, made with `openssl rand -hex 32`",
                |text| parse_key(text).map(|key| Arc::new(SecretBox::new(Box::new(key)))),
            ),
        }
    }
}

/// 32 bytes written as 64 hexadecimal digits.
pub(crate) fn parse_key(text: &str) -> Option<[u8; 32]> {
    let mut key = [0_u8; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    // from_str_radix takes a sign.
    (!text.contains('+')).then_some(key)
}
