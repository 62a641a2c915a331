//! Which pages may open a socket: our own, and those that the configuration names.

use std::sync::Arc;

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};

use crate::{
    config::Config,
    http::problem::{Problem, Slug},
};

/// The origins that may connect. Programs send none and may.
#[derive(Debug, Clone)]
pub(super) struct Origins(Arc<Config>);

impl Origins {
    pub(super) fn new(config: &Arc<Config>) -> Self {
        Self(Arc::clone(config))
    }

    /// The answer for a page that may not.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Box<Response>> {
        let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
        if origin.to_str().is_ok_and(|origin| self.allow(origin)) {
            return Ok(());
        }
        let problem = Problem::new(
            Slug::OriginRefused,
            "sockets are opened by our own pages, those of CORS_ORIGINS, and programs",
        );
        Err(Box::new(problem.into_response()))
    }

    fn allow(&self, origin: &str) -> bool {
        let server = &self.0.server;
        server.is_own_origin(origin) || server.cors_origins.iter().any(|allowed| allowed == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_pages_and_programs_may_others_may_not() {
        let config = Config::from_pairs([
            ("PUBLIC_URL", "https://inbox.example.com"),
            ("CORS_ORIGINS", "https://shop.example.com"),
        ])
        .unwrap();
        let origins = Origins::new(&Arc::new(config));
        let check =
            |origin: &str| origins.check(&HeaderMap::from_iter([(header::ORIGIN, origin.parse().unwrap())])).is_ok();
        assert!(origins.check(&HeaderMap::new()).is_ok());
        for ours in ["https://inbox.example.com", "https://shop.example.com"] {
            assert!(check(ours), "{ours}");
        }
        for foreign in
            ["https://evil.example", "null", "https://inbox.example.com.evil.example", "http://inbox.example.com"]
        {
            assert!(!check(foreign), "{foreign}");
        }
    }
}
