//! The connection pool behind both clients: time-outs, no redirects, no repeats.
//! Settings are held here once, so that `Client` and `login::Client` cannot drift apart.

use std::time::Duration;

use url::Url;

use crate::error::{Error, ErrorKind};

const DEFAULT_USER_AGENT: &str = concat!("tiktok-business-messages/", env!("CARGO_PKG_VERSION"));

/// What both builders set.
#[derive(Debug, Clone)]
pub(crate) struct HttpSettings {
    pub(crate) base_url: String,
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) user_agent: String,
    pub(crate) proxy: Option<String>,
}

/// A pool and the address it talks to, without a slash at the end.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    pub(crate) pool: reqwest::Client,
    pub(crate) base_url: String,
}

impl HttpSettings {
    pub(crate) fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(20),
            user_agent: DEFAULT_USER_AGENT.to_owned(),
            proxy: None,
        }
    }

    pub(crate) fn build(self) -> Result<Http, Error> {
        let configuration = |what: &str| ErrorKind::Configuration(what.to_owned());
        let base = Url::parse(&self.base_url)
            .map_err(|error| Error::with(configuration("the base address is not a URL"), error))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(Error::new(configuration("the base address is not http or https")));
        }
        let mut pool = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .user_agent(self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // A server that closes an idle connection just as a send takes it makes the send
            // uncertain; short idling makes that rare.
            .pool_idle_timeout(Duration::from_secs(15))
            .referer(false)
            .no_proxy();
        if let Some(address) = self.proxy {
            let proxy = reqwest::Proxy::all(address)
                .map_err(|error| Error::with(configuration("the proxy is not a URL"), error))?;
            pool = pool.proxy(proxy);
        }
        let pool =
            pool.build().map_err(|error| Error::with(configuration("the HTTP client cannot be set up"), error))?;
        Ok(Http { pool, base_url: base.as_str().trim_end_matches('/').to_owned() })
    }
}
