//! Opens addresses that a message names (stickers, emoji): bounded, without credentials, and never inside our own network.
//! A host counts only after its name was resolved, and the resolved address is the one that is opened.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use reqwest::header::LOCATION;
use url::Url;

const TIMEOUT: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const REDIRECTS_MAX: usize = 3;

/// Why an address yields nothing.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// Not an `https` address of a public host.
    #[error("the address is not one that may be opened")]
    Refused,
    /// Larger than allowed.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// Bytes.
        limit: usize,
    },
    /// It answers something else than the file.
    #[error("the address answered with HTTP status {0}")]
    Status(u16),
    /// It leads on and on.
    #[error("the address redirects too often")]
    TooManyRedirects,
    /// The name could not be resolved.
    #[error("the host could not be found")]
    NotFound(#[source] std::io::Error),
    /// The connection failed.
    #[error("the address could not be read")]
    Transport(#[source] reqwest::Error),
}

impl AddressError {
    /// Whether trying again may help.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::NotFound(_) | Self::Transport(_) => true,
            Self::Status(status) => matches!(status, 408 | 425 | 429 | 500..),
            Self::Refused | Self::TooLarge { .. } | Self::TooManyRedirects => false,
        }
    }
}

/// Fetches `address`. The origin of `trusted` (the configured API) may be plain http and private; everything else may not.
///
/// # Errors
/// [`AddressError`].
pub async fn fetch(address: &str, trusted: &Url, limit: usize) -> Result<Bytes, AddressError> {
    let mut url = Url::parse(address).map_err(|_| AddressError::Refused)?;
    for _ in 0..=REDIRECTS_MAX {
        let response = open(&url, trusted).await?;
        let status = response.status();
        if status.is_redirection() {
            let next = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            url = next.and_then(|next| url.join(next).ok()).ok_or(AddressError::Refused)?;
            continue;
        }
        if status.as_u16() != 200 {
            return Err(AddressError::Status(status.as_u16()));
        }
        return read(response, limit).await;
    }
    Err(AddressError::TooManyRedirects)
}

async fn open(url: &Url, trusted: &Url) -> Result<reqwest::Response, AddressError> {
    let is_trusted = same_place(url, trusted);
    if !is_trusted && url.scheme() != "https" {
        return Err(AddressError::Refused);
    }
    let host = url.host_str().ok_or(AddressError::Refused)?;
    let port = url.port_or_known_default().ok_or(AddressError::Refused)?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::net::lookup_host((bare, port)).await.map_err(AddressError::NotFound)?;
    let found: Vec<SocketAddr> = found.filter(|address| is_trusted || is_public(address.ip())).collect();
    if found.is_empty() {
        return Err(AddressError::Refused);
    }
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .resolve_to_addrs(host, &found)
        .build()
        .map_err(|error| AddressError::Transport(error.without_url()))?;
    client.get(url.clone()).send().await.map_err(|error| AddressError::Transport(error.without_url()))
}

/// The same origin, or another name of the same loopback port, as a local simulator has.
fn same_place(url: &Url, trusted: &Url) -> bool {
    let local = |url: &Url| matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let same_port = url.scheme() == trusted.scheme() && url.port_or_known_default() == trusted.port_or_known_default();
    url.origin() == trusted.origin() || (same_port && local(url) && local(trusted))
}

async fn read(mut response: reqwest::Response, limit: usize) -> Result<Bytes, AddressError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| AddressError::Transport(error.without_url()))? {
        if body.len() + chunk.len() > limit {
            return Err(AddressError::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Whether an address is out in the world: not loopback, private, link-local, shared, multicast, documentation or reserved.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            let shared = first == 100 && (64..128).contains(&second);
            let benchmark = first == 198 && (18..20).contains(&second);
            !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast() || ip.is_broadcast())
                && !(ip.is_documentation() || ip.is_unspecified() || shared || benchmark)
                && !(first == 0 || first >= 240 || ip.octets()[..3] == [192, 0, 0])
        }
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(mapped) => is_public(IpAddr::V4(mapped)),
            // Global unicast only, without the ranges that carry an IPv4 address inside.
            None => {
                (ip.segments()[0] & 0xe000) == 0x2000
                    && !matches!(ip.segments(), [0x2002, ..] | [0x2001, 0 | 0xdb8, ..])
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[tokio::test]
    async fn neither_http_nor_our_own_network_is_opened() {
        let trusted = Url::parse("https://business-api.tiktok.com/").unwrap();
        for address in [
            "http://example.com/a.png",
            "https://127.0.0.1/a.png",
            "https://[::1]/a.png",
            "file:///etc/passwd",
            "nonsense",
        ] {
            assert!(matches!(fetch(address, &trusted, 10).await, Err(AddressError::Refused)), "{address}");
        }
    }
}
