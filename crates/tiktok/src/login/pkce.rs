//! Proof key for code exchange as TikTok wants it: the challenge is **lowercase hex** of SHA-256,
//! not base64url as in RFC 7636.

use sha2::{Digest, Sha256};

use crate::{error::ValidationError, hex, limits, secret::secret};

secret! {
    /// The secret half of PKCE: made before the consent page, sent with the code.
    ///
    /// Source: `developers.tiktok.com` "Login Kit for Desktop", read 2026-11-20.
    ///
    /// ```
    /// use tiktok::login::CodeVerifier;
    ///
    /// // 32 bytes of a random source of yours.
    /// let verifier = CodeVerifier::from_random([7; 32]);
    /// assert_eq!(verifier.expose().len(), 64);
    /// assert_eq!(verifier.challenge().len(), 64);
    /// ```
    unchecked CodeVerifier
}

impl CodeVerifier {
    /// A verifier of your own.
    ///
    /// # Errors
    /// A length outside [`limits::CODE_VERIFIER`], or anything but ASCII letters, digits, `-`, `.`,
    /// `_` and `~`.
    pub fn new(verifier: impl Into<String>) -> Result<Self, ValidationError> {
        let verifier = verifier.into();
        let allowed = limits::CODE_VERIFIER;
        ValidationError::check_count("code_verifier", verifier.len(), *allowed.start(), *allowed.end())?;
        if !verifier.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~')) {
            let (field, allowed) = ("code_verifier", "letters, digits, -, ., _ and ~");
            return Err(ValidationError::NotAllowed { field, allowed });
        }
        Ok(Self::hidden(verifier))
    }

    /// A verifier of 64 characters from random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self::hidden(hex::encode(&bytes))
    }

    /// What goes into the consent address.
    pub fn challenge(&self) -> String {
        hex::encode(&Sha256::digest(self.expose().as_bytes()))
    }
}
