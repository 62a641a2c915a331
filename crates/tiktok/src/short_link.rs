//! Short links that open a conversation: `https://tiktok.me/{username}?ref=…&message=…`.
//! Plain addresses; there is no API behind them. Built and parsed here, both without a network.

use std::{fmt, str::FromStr};

use url::{Url, form_urlencoded};

use crate::{error::ValidationError, limits};

const HOST: &str = "tiktok.me";

/// A link that opens a conversation with a business account in the TikTok app (mobile only).
///
/// Whoever follows it is reported by `im_referral_msg` with the marker, before they write.
///
/// Source: portal page 1832190670631937 (referral) and TikTok's help on tiktok.me links, read
/// 2026-11-20.
///
/// ```
/// use tiktok::short_link::ShortLink;
///
/// let link = ShortLink::new("baan.kafe.demo")?.reference("bio_link-2026")?.message("Menu, please")?;
/// let address = "https://tiktok.me/baan.kafe.demo?ref=bio_link-2026&message=Menu%2C%20please";
/// assert_eq!(link.to_string(), address);
/// assert_eq!(address.parse::<ShortLink>()?, link);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[must_use = "print the link to get its address"]
pub struct ShortLink {
    username: String,
    reference: Option<String>,
    message: Option<String>,
}

/// Why an address is not a short link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShortLinkError {
    /// Not an http(s) address of `tiktok.me`.
    #[error("not an address of tiktok.me")]
    ForeignAddress,
    /// The path is not one username, for example that of a group.
    #[error("the address names no business account")]
    NoAccount,
    /// The username, marker or text breaks a rule.
    #[error(transparent)]
    Invalid(#[from] ValidationError),
}

impl ShortLink {
    /// A link to an account. `username`: the handle, with or without `@`; letters, digits, `_` and
    /// `.`.
    ///
    /// # Errors
    /// A username that is empty or holds anything else.
    pub fn new(username: impl AsRef<str>) -> Result<Self, ValidationError> {
        let username = username.as_ref();
        let username = username.strip_prefix('@').unwrap_or(username);
        if username.is_empty() {
            return Err(ValidationError::Empty { field: "username" });
        }
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        // A name of dots alone would be a path of its own.
        if !username.chars().all(allowed) || username.chars().all(|c| c == '.') {
            return Err(ValidationError::NotAllowed { field: "username", allowed: "letters, digits, _ and ." });
        }
        Ok(Self { username: username.to_owned(), reference: None, message: None })
    }

    /// A marker of yours that comes back in the referral.
    ///
    /// # Errors
    /// A marker that is empty, longer than [`limits::SHORT_LINK_REF_MAX`], or holds anything but
    /// ASCII letters, digits, `-`, `_` and `=`.
    pub fn reference(mut self, reference: impl Into<String>) -> Result<Self, ValidationError> {
        let reference = reference.into();
        ValidationError::check_text("ref", &reference, limits::SHORT_LINK_REF_MAX)?;
        if !reference.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'=')) {
            return Err(ValidationError::NotAllowed { field: "ref", allowed: "letters, digits, -, _ and =" });
        }
        self.reference = Some(reference);
        Ok(self)
    }

    /// The text in the user's input field. TikTok reviews it and shows none that it rejects; it can be
    /// sent only as long as a message may be.
    ///
    /// # Errors
    /// A text that is empty or longer than [`limits::TEXT_MAX`].
    pub fn message(mut self, message: impl Into<String>) -> Result<Self, ValidationError> {
        let message = message.into();
        ValidationError::check_text("message", &message, limits::TEXT_MAX)?;
        self.message = Some(message);
        Ok(self)
    }

    /// Reads an address; unknown parameters and empty ones are passed over.
    ///
    /// # Errors
    /// [`ShortLinkError`] if it is no short link of a business account.
    pub fn parse(address: &str) -> Result<Self, ShortLinkError> {
        let url = Url::parse(address.trim()).map_err(|_| ShortLinkError::ForeignAddress)?;
        let host = url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host));
        if !matches!(url.scheme(), "http" | "https") || host != Some(HOST) {
            return Err(ShortLinkError::ForeignAddress);
        }
        let path = url.path().trim_matches('/');
        if path.is_empty() || path.contains('/') {
            return Err(ShortLinkError::NoAccount);
        }
        // A path is not a form: a plus in it is a plus.
        let path = path.replace('+', "%2B");
        let (name, _) = form_urlencoded::parse(path.as_bytes()).next().ok_or(ShortLinkError::NoAccount)?;
        let mut link = Self::new(name)?;
        for (name, value) in url.query_pairs().filter(|(_, value)| !value.is_empty()) {
            link = match &*name {
                "ref" => link.reference(value)?,
                "message" => link.message(value)?,
                _ => link,
            };
        }
        Ok(link)
    }

    /// The handle without `@`.
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The marker.
    pub fn reference_text(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// The text in the user's input field.
    pub fn message_text(&self) -> Option<&str> {
        self.message.as_deref()
    }
}

/// The address. Blanks are `%20`, which every reader takes for a blank.
impl fmt::Display for ShortLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        write!(f, "https://{HOST}/{}", encoded(&self.username))?;
        let mut separator = '?';
        // The marker's characters need no encoding, and TikTok may count it as written.
        if let Some(reference) = &self.reference {
            write!(f, "{separator}ref={reference}")?;
            separator = '&';
        }
        if let Some(message) = &self.message {
            write!(f, "{separator}message={}", encoded(message).replace('+', "%20"))?;
        }
        Ok(())
    }
}

impl FromStr for ShortLink {
    type Err = ShortLinkError;

    fn from_str(address: &str) -> Result<Self, Self::Err> {
        Self::parse(address)
    }
}
