//! TikTok's own API: webhooks in, replies out, pictures both ways, the account holder's authorization, automatic messages.
//! Used by `inbox`, `connect` and `workers` through [`Providers`](super::Providers).

mod automation;
mod failure;
mod health;
mod lists;
mod media;
mod oauth;
mod posts;
mod referrals;
mod send;
mod signs;
mod translate;

use std::time::Duration;

use domain::{
    Id, Timestamp,
    account::{Account, ProviderKind},
    workspace::Workspace,
};
use tiktok::{
    AccessToken, Client, Error,
    model::ConversationType,
    oauth::AppCredentials,
    webhook::{Verified, Verifier, decode},
};
use url::Url;

pub use automation::At;
pub use failure::{Stage, cause_of, cause_of_kept, outcome_of, words_of};
pub use health::NewestConversation;
pub use lists::Listed;
pub use media::{FetchError, Fetched, Wanted};
pub use oauth::{Granted, NewTokens, missing_scopes};
pub use send::{Parcel, SendError};
pub use translate::Translated;
pub(super) use translate::disconnect_reason;

use super::{
    SetupError, Turn,
    pace::{Answer, Left, Pace, Time},
};

/// Longest one call may take. A refresh, an upload and two sends must fit into the 60 s of a lease.
const CALL_TIMEOUT: Duration = Duration::from_secs(12);

/// What the official provider needs to know.
#[derive(Debug, Clone)]
pub struct OfficialSettings {
    /// The portal app (`TIKTOK_APP_ID`, `TIKTOK_APP_SECRET`); without it accounts can be neither connected nor refreshed.
    pub app: Option<AppCredentials>,
    /// The Login Kit app's secret (`TIKTOK_CLIENT_SECRET`): its webhooks come to the same address.
    pub login_secret: Option<tiktok::AppSecret>,
    /// Its key (`TIKTOK_CLIENT_KEY`).
    pub login_key: Option<String>,
    /// `TIKTOK_BUSINESS_API_URL`, or TikTok's.
    pub api_url: Url,
    /// `TIKTOK_AUTHORIZE_URL`, or TikTok's.
    pub authorize_url: Url,
    /// From this age on a right signature is late (`WEBHOOK_TOLERANCE_SECS`).
    pub tolerance: Duration,
}

/// TikTok's API for Business.
#[derive(Debug)]
pub struct Official {
    client: Client,
    pace: Pace<Id<Workspace>>,
    settings: OfficialSettings,
    verifiers: Vec<(ProviderKind, Verifier)>,
}

impl Official {
    /// The client and the verifiers for these settings.
    ///
    /// # Errors
    /// [`SetupError`] when an address is no address.
    pub(super) fn new(settings: OfficialSettings) -> Result<Self, SetupError> {
        let client = Client::builder()
            .base_url(settings.api_url.as_str())
            .timeout(CALL_TIMEOUT)
            .build()
            .map_err(|source| SetupError { what: "TIKTOK_BUSINESS_API_URL", source: Box::new(source) })?;
        let portal = settings.app.as_ref().map(|app| (ProviderKind::Official, Verifier::new(app.secret.clone())));
        let login = settings.login_secret.clone().map(|secret| (ProviderKind::Login, Verifier::new(secret)));
        let pace = Pace::new(tiktok::limits::REQUESTS_PER_SECOND, Time::machine());
        Ok(Self { client, pace, verifiers: portal.into_iter().chain(login).collect(), settings })
    }

    /// The address of the API: a simulator on this machine, or TikTok.
    pub const fn api_url(&self) -> &Url {
        &self.settings.api_url
    }

    /// Whether any secret is configured that a webhook could be signed with.
    pub fn can_verify(&self) -> bool {
        !self.verifiers.is_empty()
    }

    /// Checks a webhook's signature over the raw bytes against each configured app, and says which one signed it. Only where
    /// both have the same secret, as a simulator's may, the key that the body names tells them apart.
    ///
    /// # Errors
    /// The reason of the app that came closest: a wrong time before a wrong key, a wrong key before no signature.
    pub fn verify(
        &self,
        header: Option<&str>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(ProviderKind, Verified), tiktok::webhook::SignatureError> {
        use tiktok::webhook::SignatureError;
        let (mut refused, mut signed) = (SignatureError::Missing, None);
        for (app, verifier) in &self.verifiers {
            match verifier.verify(header, body, now.as_secs(), self.settings.tolerance) {
                Ok(verified) if signed.is_none() || self.names_login_app(body) => signed = Some((*app, verified)),
                Err(error) if !matches!(refused, SignatureError::FromFuture { .. }) => refused = error,
                Ok(_) | Err(_) => {}
            }
        }
        signed.ok_or(refused)
    }

    fn names_login_app(&self, body: &[u8]) -> bool {
        let named = decode(body).ok().and_then(|envelope| envelope.client_key);
        named.is_some_and(|key| self.settings.login_key.as_deref() == Some(key.as_str()))
    }

    /// What a verified webhook says. Bytes that are no envelope come back with no items and the reason.
    pub fn translate(body: &[u8]) -> Translated {
        match decode(body) {
            Ok(envelope) => translate::delivery(envelope),
            Err(error) => Translated {
                account: None,
                event: String::new(),
                items: Vec::new(),
                unsupported: Some(error.to_string()),
            },
        }
    }

    /// Makes one call in its workspace's turn. Every call to TikTok goes this way, so that none is forgotten in the budget.
    async fn call<T>(
        &self,
        workspace: Id<Workspace>,
        turn: Turn,
        call: impl IntoFuture<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let left = self.pace.turn(workspace, turn).await;
        let outcome = call.into_future().await;
        self.learn(left, &outcome);
        outcome
    }

    /// Learns what the outcome of a call tells about the limit.
    fn learn<T>(&self, left: Left, outcome: &Result<T, Error>) {
        let answer = answer_of(outcome);
        let learned = self.pace.learn(left, answer);
        metrics::gauge!("tiktok_call_rate").set(learned.per_second);
        if let Answer::TooFrequent { retry_after } = answer {
            metrics::counter!("tiktok_too_frequent_total").increment(1);
            if learned.cut {
                let (per_second, retry_after_secs) = (learned.per_second, retry_after.map(|wish| wish.as_secs()));
                tracing::info!(per_second, retry_after_secs, "TikTok is called too often; slower from now on");
            }
        }
    }

    /// Whether pictures may be sent in a conversation; `None` where TikTok does not say.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn image_send(
        &self,
        token: &AccessToken,
        account: &Account,
        conversation: &str,
        request: bool,
    ) -> Result<Option<bool>, Error> {
        let kind = if request { ConversationType::Stranger } else { ConversationType::Single };
        let ask = self.client.capabilities(token, account.external_id.as_str(), conversation, kind);
        Ok(self.call(account.workspace_id, Turn::Later, ask).await?.image_send())
    }
}

fn answer_of<T>(outcome: &Result<T, Error>) -> Answer {
    match outcome {
        Ok(_) => Answer::Taken,
        Err(error) if error.is_rate_limited() => Answer::TooFrequent { retry_after: error.retry_after() },
        // A refusal for another reason was looked at, so it was within the limit.
        Err(error) if error.code().is_some() && !error.is_retryable() => Answer::Taken,
        Err(_) => Answer::Silent,
    }
}
