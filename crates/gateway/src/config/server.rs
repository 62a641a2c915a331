//! Where the gateway listens and what it is called from outside.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use url::{Host, Url};

use super::reader::Reader;

/// The end of the round trip over TikTok's consent page.
const CALLBACK: &str = "auth/callback";
/// The same as another registered it: to TikTok a slash more is another address.
const CALLBACK_SLASH: &str = "auth/callback/";

/// `HOST`, `PORT`, `PUBLIC_URL`, `TIKTOK_REDIRECT_URI`, `TRUSTED_PROXIES`, `CORS_ORIGINS`, `METRICS_ADDR`.
#[derive(Debug, Clone)]
pub struct Server {
    /// Address to listen on. Default 127.0.0.1.
    pub host: IpAddr,
    /// Port to listen on; 0 takes any free one. Default 3000.
    pub port: u16,
    /// How browsers and TikTok reach the gateway, ending in `/`. Default `http://localhost:{PORT}/`.
    pub public_url: Url,
    /// Whether [`public_url`](Self::public_url) was set, not derived.
    pub public_url_is_set: bool,
    /// Whether the redirect address that is registered with TikTok ends in a slash. Default false.
    pub redirect_slash: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Origins besides our own that may read answers in a browser, as a browser writes them (`https://shop.example.com`).
    pub cors_origins: Vec<String>,
    /// Address of the metrics listener; off by default.
    pub metrics_addr: Option<SocketAddr>,
}

impl Server {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let host = reader
            .read("HOST", "an IP address such as 127.0.0.1 or 0.0.0.0")
            .unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let port = reader.read("PORT", "a number from 0 to 65535").unwrap_or(3000);
        let given = reader.base_url("PUBLIC_URL");
        let public_url_is_set = given.is_some();
        let public_url = given.unwrap_or_else(|| local_url(port));
        let ends = |text: &str| match text.strip_prefix(public_url.as_str()) {
            Some(CALLBACK) => Some(false),
            Some(CALLBACK_SLASH) => Some(true),
            _ => None,
        };
        let expected = format!("{public_url}{CALLBACK}, with or without a slash at its end: it follows PUBLIC_URL");
        let redirect_slash = reader.parsed("TIKTOK_REDIRECT_URI", &expected, ends).unwrap_or_default();
        Self {
            host,
            port,
            public_url_is_set,
            public_url,
            redirect_slash,
            trusted_proxies: reader.list(
                "TRUSTED_PROXIES",
                "IP addresses or networks such as 10.0.0.0/8, separated by commas",
                Network::parse,
            ),
            cors_origins: reader.list(
                "CORS_ORIGINS",
                "origins such as https://shop.example.com, separated by commas",
                origin,
            ),
            metrics_addr: reader.read("METRICS_ADDR", "an address and port such as 127.0.0.1:9464"),
        }
    }

    /// Takes over the port that was really bound, where `PUBLIC_URL` was derived from it.
    pub fn bound(&mut self, port: u16) {
        self.port = port;
        if !self.public_url_is_set {
            self.public_url = local_url(port);
        }
    }

    /// Whether browsers reach us over TLS: decides `Secure` on cookies.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Whether somebody out in the world can open addresses of ours: https, and no name or number of this machine or network.
    pub fn is_reachable(&self) -> bool {
        self.is_https() && !is_inside(&self.public_url)
    }

    /// An address below [`public_url`](Self::public_url); `path` without a leading slash, such as `auth/callback`.
    ///
    /// # Panics
    /// When `path` is no path; it is never given by a caller from outside.
    pub fn public_address(&self, path: &str) -> Url {
        self.public_url.join(path).expect("invariant: our own paths join to a base that ends in a slash")
    }

    /// Where TikTok's consent page sends the browser back to, byte for byte as it must be registered.
    pub fn redirect_address(&self) -> Url {
        self.public_address(if self.redirect_slash { CALLBACK_SLASH } else { CALLBACK })
    }

    /// Whether requests from `ip` may say in `X-Forwarded-For` whom they speak for.
    pub fn trusts(&self, ip: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(ip))
    }
}

/// Whether nobody outside can mean this host.
pub fn is_inside(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            name == "localhost" || name.rsplit_once('.').is_none_or(|(_, last)| last == "local")
        }
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unique_local() || ip.is_unspecified(),
        None => true,
    }
}

fn local_url(port: u16) -> Url {
    Url::parse(&format!("http://localhost:{port}/")).expect("invariant: a port number makes a valid address")
}

fn origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let bare = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.username().is_empty();
    bare.then(|| url.origin().ascii_serialization())
}

/// An IP network, such as `10.0.0.0/8` or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: u128,
    prefix: u32,
    v4: bool,
}

impl Network {
    /// From `address` or `address/prefix`.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let ip: IpAddr = address.parse().ok()?;
        let bits = if ip.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(bits), |prefix| prefix.parse().ok())?;
        (prefix <= bits).then(|| Self { base: number(ip), prefix: prefix + (128 - bits), v4: ip.is_ipv4() })
    }

    /// Whether `ip` is in it. An IPv4 address in IPv6 clothes counts as IPv4.
    pub fn contains(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        let mask = u128::MAX.checked_shl(128 - self.prefix).unwrap_or(0);
        ip.is_ipv4() == self.v4 && number(ip) & mask == self.base & mask
    }
}

fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip),
    }
}

impl Server {
    /// Whether a browser's `Origin` is ours: the public address, or this machine under one of its loopback names.
    pub fn is_own_origin(&self, origin: &str) -> bool {
        if origin == self.public_url.origin().ascii_serialization() {
            return true;
        }
        let Ok(url) = Url::parse(origin) else { return false };
        url.scheme() == "http"
            && url.port_or_known_default() == Some(self.port)
            && url.host_str().is_some_and(|host| self.is_local_host(host))
            && url.origin().ascii_serialization() == origin
    }

    /// Whether a `Host` header names us. The port does not count: a proxy may leave it out, and only a foreign *name* is a sign of DNS
    /// rebinding.
    pub fn is_own_host(&self, host: &str) -> bool {
        let Ok(url) = Url::parse(&format!("http://{host}/")) else { return false };
        let Some(name) = url.host_str() else { return false };
        url.path() == "/"
            && url.username().is_empty()
            && (Some(name) == self.public_url.host_str() || self.is_local_host(name))
    }

    /// `localhost`, a loopback address, or the very address we listen on.
    fn is_local_host(&self, name: &str) -> bool {
        let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        name == "localhost" || address.is_some_and(|ip| ip.is_loopback() || (ip == self.host && !ip.is_unspecified()))
    }
}
