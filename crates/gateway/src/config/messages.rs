//! Who carries messages, and how what comes in is verified.

use std::time::Duration;

use domain::account::ProviderKind;
use secrecy::SecretString;
use url::Url;

use super::reader::Reader;

/// `PROVIDER`, `THIRDPARTY_*`, `WEBHOOK_*`, `RESPONDIO_*`, `SMTP_URL`.
#[derive(Debug, Clone)]
pub struct Messages {
    /// Provider of accounts that are connected from now on. Default `official`.
    pub provider: ProviderKind,
    /// Key for calls to a third party's API.
    pub thirdparty_api_key: Option<SecretString>,
    /// Address of a third party's API.
    pub thirdparty_api_url: Option<Url>,
    /// Signs `/webhook/thirdparty/…`; without it that address takes nothing.
    pub webhook_verify_token: Option<SecretString>,
    /// How old a webhook's signature may be before it is marked late. Default 300 s.
    pub webhook_tolerance: Duration,
    /// Base of Respond.io's Developer API, ending in `/`. Default `https://api.respond.io/v2/`.
    pub respondio_api_url: Url,
    /// Secrets of Respond.io webhooks, by account; one account may have several, as each event has its own.
    pub respondio_webhook_secrets: Vec<RespondioSecret>,
    /// Where mail goes out, `smtp://user:password@host:587`.
    pub smtp_url: Option<SecretString>,
}

/// One Respond.io webhook's secret.
#[derive(Debug, Clone)]
pub struct RespondioSecret {
    /// The last part of `/webhook/respondio/{account}`.
    pub account: String,
    /// Its signing key.
    pub secret: SecretString,
}

impl Messages {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            provider: reader
                .parsed("PROVIDER", "official, respondio or thirdparty", provider)
                .unwrap_or(ProviderKind::Official),
            thirdparty_api_key: reader.secret("THIRDPARTY_API_KEY", 1),
            thirdparty_api_url: reader.base_url("THIRDPARTY_API_URL"),
            webhook_verify_token: reader.secret("WEBHOOK_VERIFY_TOKEN", 16),
            webhook_tolerance: reader
                .parsed("WEBHOOK_TOLERANCE_SECS", "seconds, from 1 to 86400", |text| {
                    text.parse().ok().filter(|secs| (1..=86_400).contains(secs))
                })
                .map_or(Duration::from_mins(5), Duration::from_secs),
            respondio_api_url: reader.base_url("RESPONDIO_API_URL").unwrap_or_else(|| {
                Url::parse("https://api.respond.io/v2/").expect("invariant: the default address is valid")
            }),
            respondio_webhook_secrets: reader
                .secret_parsed("RESPONDIO_WEBHOOK_SECRETS", "account=secret pairs, separated by commas", respondio)
                .unwrap_or_default(),
            smtp_url: reader.secret_parsed(
                "SMTP_URL",
                "an address such as smtp://user:password@mail.example.com:587",
                |text| {
                    let url = Url::parse(text).ok()?;
                    (matches!(url.scheme(), "smtp" | "smtps") && url.has_host()).then(|| SecretString::from(text))
                },
            ),
        }
    }
}

fn provider(text: &str) -> Option<ProviderKind> {
    match text {
        "official" => Some(ProviderKind::Official),
        "respondio" => Some(ProviderKind::Respondio),
        "thirdparty" => Some(ProviderKind::Thirdparty),
        _ => None,
    }
}

fn respondio(text: &str) -> Option<Vec<RespondioSecret>> {
    let pair = |pair: &str| {
        let (account, secret) = pair.split_once('=')?;
        let whole = !account.trim().is_empty() && !secret.trim().is_empty();
        whole.then(|| RespondioSecret { account: account.trim().to_owned(), secret: SecretString::from(secret.trim()) })
    };
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(pair).collect()
}
