//! Bytes of received pictures and videos: by TikTok's media id, or from an address that a message names.

use bytes::Bytes;
use domain::account::Account;
use tiktok::{AccessToken, model::MediaType};

use super::{Official, Turn};

/// A picture or video, as fetched.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The file.
    pub bytes: Bytes,
}

/// Why bytes could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// TikTok or the network.
    #[error(transparent)]
    Tiktok(#[from] tiktok::Error),
    /// An address outside TikTok's API.
    #[error(transparent)]
    Address(#[from] super::super::fetch::AddressError),
}

impl FetchError {
    /// Whether trying again may help.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Tiktok(error) => error.is_retryable() || error.token_expired(),
            Self::Address(error) => error.is_temporary(),
        }
    }
}

impl Official {
    /// Fetches what a customer sent: TikTok names an address for the media id, and the address yields the file.
    ///
    /// # Errors
    /// [`FetchError`]; `TooLarge` above `limit` bytes.
    pub async fn fetch_media(
        &self,
        token: &AccessToken,
        account: &Account,
        wanted: &Wanted<'_>,
        limit: usize,
    ) -> Result<Fetched, FetchError> {
        let kind = if wanted.video { MediaType::Video } else { MediaType::Image };
        let business = Self::business(&account.external_id);
        let ask = self.client.download_media(token, business, wanted.conversation, wanted.message, wanted.media, kind);
        let address = self.call(account.workspace_id, Turn::Later, ask).await?;
        // The file lies with TikTok's storage, outside the API and its limit.
        let file = self.client.fetch_media(token, address.download_url).max_bytes(limit).await?;
        Ok(Fetched { bytes: file.bytes })
    }
}

/// Which file.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// TikTok's conversation id.
    pub conversation: &'a str,
    /// TikTok's message id.
    pub message: &'a str,
    /// TikTok's media id.
    pub media: &'a str,
    /// A video, not a picture.
    pub video: bool,
}
