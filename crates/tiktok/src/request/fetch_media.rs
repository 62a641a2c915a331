//! Fetching a file from its download address: bounded in size, and the token goes to the first
//! host only. TikTok does not document that host, so redirects are followed by hand.

use reqwest::header::{CONTENT_TYPE, HeaderName, LOCATION};
use url::Url;

use super::ResponseFuture;
use crate::{
    client::Client,
    error::{Error, ErrorKind, MediaError},
    limits,
    model::MediaFile,
    secret::AccessToken,
    transport::{log_id, read_bounded, retry_after, secret_header, transport},
};

const X_USER: HeaderName = HeaderName::from_static("x-user");

/// Fetches a picture or video. Made by [`Client::fetch_media`].
///
/// Sends the access token in the header `x-user`, never to another host than the address names,
/// and follows no redirect from https to http.
/// Failures: [`MediaError`], or the HTTP status where the address has expired.
/// Source: portal page 1832184455450626, read 2026-11-20.
#[derive(Clone)]
#[must_use = "requests do nothing unless awaited"]
pub struct FetchMedia {
    client: Client,
    token: AccessToken,
    download_url: String,
    max_bytes: usize,
}

impl FetchMedia {
    pub(crate) fn new(client: &Client, token: &AccessToken, download_url: String) -> Self {
        let (client, token) = (client.clone(), token.clone());
        Self { client, token, download_url, max_bytes: limits::FETCH_MAX_BYTES }
    }

    /// The most to accept, in bytes. Default [`limits::FETCH_MAX_BYTES`].
    pub fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    async fn run(self) -> Result<MediaFile, Error> {
        let first = self.checked(&self.download_url, None)?;
        let mut url = first.clone();
        for _ in 0..=limits::FETCH_REDIRECTS_MAX {
            let mut request = self.client.pool().get(url.clone()).timeout(self.client.media_timeout());
            if url.origin() == first.origin() {
                request = request.header(X_USER, secret_header(self.token.expose())?);
            }
            let response = request.send().await.map_err(transport)?;
            if !response.status().is_redirection() {
                return self.file(response).await;
            }
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            url = self.checked(location.unwrap_or_default(), Some(&url))?;
        }
        Err(Error::from(MediaError::TooManyRedirects))
    }

    /// An address that may be opened: https, or http where the API itself is reached by http.
    fn checked(&self, address: &str, from: Option<&Url>) -> Result<Url, Error> {
        let url = match from {
            Some(_) if address.is_empty() => return Err(Error::from(MediaError::UnsafeAddress)),
            Some(from) => from.join(address),
            None => Url::parse(address),
        };
        let unsafe_address = || ErrorKind::Media(MediaError::UnsafeAddress);
        let url = url.map_err(|error| Error::with(unsafe_address(), error))?;
        let api_is_plain = self.client.base_url().starts_with("http:");
        let came_from_https = from.is_some_and(|from| from.scheme() == "https");
        match url.scheme() {
            "https" => Ok(url),
            "http" if api_is_plain && !came_from_https => Ok(url),
            _ => Err(Error::new(unsafe_address())),
        }
    }

    async fn file(&self, response: reqwest::Response) -> Result<MediaFile, Error> {
        let status = response.status().as_u16();
        if status != 200 {
            let (request_id, retry_after) = (log_id(response.headers()), retry_after(response.headers()));
            return Err(Error::new(ErrorKind::Http { status, request_id, retry_after }));
        }
        let content_type = response.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let too_large = MediaError::TooLarge { limit: self.max_bytes };
        let bytes = read_bounded(response, self.max_bytes).await?.ok_or(too_large)?;
        Ok(MediaFile { bytes, content_type })
    }
}

impl IntoFuture for FetchMedia {
    type Output = Result<MediaFile, Error>;
    type IntoFuture = ResponseFuture<MediaFile>;

    fn into_future(self) -> Self::IntoFuture {
        ResponseFuture::new(self.run())
    }
}

// The address is signed and opens a customer's picture: not shown.
impl std::fmt::Debug for FetchMedia {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FetchMedia").field("max_bytes", &self.max_bytes).finish_non_exhaustive()
    }
}
