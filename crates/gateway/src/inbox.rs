//! What providers deliver: verified over the raw bytes, decoded beside them, stored durably, then acknowledged.
//! Called by `http::webhooks`. The route and the settings choose the verifier, never the shape of a body.

use std::time::Duration;

use bytes::Bytes;
use domain::{
    Timestamp,
    account::{Connect, ProviderKind, REPLIES},
    delivery::NewDelivery,
    place::{self, Place},
    space::{Space, SpacePatch},
    store::{Ingested, Store, StoreError, StoreResult},
};
use sha2::{Digest, Sha256};
use tiktok::webhook::SignatureError;

use crate::providers::{
    Login, Official, Providers, Respondio,
    thirdparty::{self, LOCAL_ACCOUNT, PayloadError},
};

/// Largest body of a webhook.
pub const BODY_MAX: usize = 1024 * 1024;

/// How exactly it is kept when a webhook of a space was last verified.
const PUSH_PRECISION: Duration = Duration::from_mins(1);

/// Why a delivery was not taken. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// There is no signature, or nothing is configured to check it with.
    #[error("the webhook is not signed")]
    Unsigned,
    /// The signature is wrong.
    #[error("{0}")]
    Forged(String),
    /// No such account can be written to.
    #[error("there is no such account")]
    NoAccount,
    /// Only at the local door: the body is no message.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// It could not be stored: the provider must try again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes one TikTok delivery. After a right signature it is stored whatever is in it: bytes that are no event, events that we
/// don't know, accounts that we don't know.
///
/// # Errors
/// `Unsigned`, `Forged` or `Store`.
pub async fn tiktok(
    store: &dyn Store,
    providers: &Providers,
    header: Option<&str>,
    body: Bytes,
    now: Timestamp,
) -> Result<Ingested, ReceiveError> {
    let official = providers.official();
    if !official.can_verify() {
        return Err(ReceiveError::Unsigned);
    }
    let (provider, verified) = official.verify(header, &body, now).map_err(|error| match error {
        SignatureError::Missing => ReceiveError::Unsigned,
        other => ReceiveError::Forged(other.to_string()),
    })?;
    if verified.late {
        metrics::counter!("webhook_late_total").increment(1);
        tracing::warn!(age_secs = verified.age_secs, "a webhook came later than the tolerance");
    }
    let told = if provider == ProviderKind::Login { Login::translate(&body) } else { Official::translate(&body) };
    let delivery = NewDelivery {
        provider,
        account_external_id: told.account,
        event: told.event,
        digest: digest(&body),
        body,
        received_at: now,
        late: verified.late,
        items: told.items,
        unsupported: told.unsupported,
    };
    Ok(keep(store, delivery).await?)
}

/// Takes one delivery of Respond.io for the account named in its path by its channel. A webhook there is of a whole workspace, so it
/// may concern another account that hangs on the same one, and no other.
///
/// # Errors
/// `Unsigned`, `Forged` or `Store`.
pub async fn respondio(
    store: &dyn Store,
    providers: &Providers,
    account: &str,
    header: Option<&str>,
    body: Bytes,
    now: Timestamp,
) -> Result<Ingested, ReceiveError> {
    use ::respondio::webhook::SignatureError;
    providers.respondio().verify(account, header, &body).map_err(|error| match error {
        SignatureError::Missing => ReceiveError::Unsigned,
        other => ReceiveError::Forged(other.to_string()),
    })?;
    let told = Respondio::translate(&body, now);
    let space = space_of(store, account).await?;
    let of = match told.channel {
        Some(channel) if channel != account => {
            let other = space_of(store, &channel).await?.map(|space| space.id);
            let same = other.is_some() && other == space.as_ref().map(|space| space.id);
            same.then_some(channel)
        }
        _ => Some(account.to_owned()),
    };
    let delivery = NewDelivery {
        provider: ProviderKind::Respondio,
        account_external_id: of,
        event: told.event,
        digest: digest(&body),
        body,
        received_at: now,
        late: false,
        items: told.items,
        unsupported: told.unsupported,
    };
    let kept = keep(store, delivery).await?;
    if let Some(space) = space.filter(|space| space.pushed_at.is_none_or(|at| now.since(at) >= PUSH_PRECISION)) {
        let patch = SpacePatch { pushed_at: Some(now), ..SpacePatch::default() };
        store.patch_space(space.workspace_id, space.id, patch).await?;
    }
    Ok(kept)
}

/// The space that the account of a channel hangs on.
async fn space_of(store: &dyn Store, channel: &str) -> StoreResult<Option<Space>> {
    match store.account_by_external_id_any_workspace(ProviderKind::Respondio, channel).await? {
        Some(account) => store.space_of(account.workspace_id, account.id).await,
        None => Ok(None),
    }
}

/// Takes one delivery of the generic webhook for the account named in its path. Whoever holds the key may name a new account.
///
/// # Errors
/// `Unsigned`, `Forged`, `NoAccount` or `Store`.
pub async fn thirdparty(
    store: &dyn Store,
    providers: &Providers,
    account: &str,
    header: Option<&str>,
    body: Bytes,
    now: Timestamp,
) -> Result<Ingested, ReceiveError> {
    let provider = providers.thirdparty();
    provider.verify(header, &body).map_err(|error| match error {
        thirdparty::SignatureError::Missing => ReceiveError::Unsigned,
        thirdparty::SignatureError::Mismatch => ReceiveError::Forged(error.to_string()),
    })?;
    if !is_account_name(account) {
        return Err(ReceiveError::NoAccount);
    }
    ensure_account(store, account, account, provider.takes_replies()).await?;
    let told = thirdparty::translate(&body, now);
    Ok(keep(store, flat(account, told, body, now)).await?)
}

/// Takes an unsigned flat payload of the local test. The caller has made sure that it comes from this machine and that the
/// gateway runs in `dev`.
///
/// # Errors
/// `Payload` for anything that is no message; `Store`.
pub async fn local(store: &dyn Store, body: Bytes, now: Timestamp) -> Result<Ingested, ReceiveError> {
    let told = thirdparty::read(&body, now)?;
    ensure_account(store, LOCAL_ACCOUNT, "Local test", false).await?;
    Ok(keep(store, flat(LOCAL_ACCOUNT, told, body, now)).await?)
}

fn flat(account: &str, told: thirdparty::Translated, body: Bytes, now: Timestamp) -> NewDelivery {
    NewDelivery {
        provider: ProviderKind::Thirdparty,
        account_external_id: Some(account.to_owned()),
        event: told.event.to_owned(),
        digest: digest(&body),
        body,
        received_at: now,
        late: false,
        items: told.items,
        unsupported: told.unsupported,
    }
}

/// Stores a delivery. One that the database refuses for what it says is kept raw without being applied: it was rightly
/// signed, so the provider is told 200 and would never send it again.
async fn keep(store: &dyn Store, delivery: NewDelivery) -> StoreResult<Ingested> {
    let event = delivery.event.clone();
    if let Some(why) = &delivery.unsupported {
        metrics::counter!("webhook_unsupported_total").increment(1);
        tracing::warn!(event, why, "a webhook was not understood whole; it is kept raw");
    }
    let raw = bare(&delivery);
    place::reach(Place::IngestVerified);
    let kept = match store.ingest(delivery).await {
        Err(error @ (StoreError::Rejected { .. } | StoreError::Conflict { .. } | StoreError::Corrupt { .. })) => {
            tracing::error!(
                event,
                error = &error as &(dyn std::error::Error + 'static),
                "a webhook could not be applied; it is kept raw"
            );
            store.ingest(raw).await
        }
        other => other,
    }?;
    place::reach(Place::IngestCommitted);
    metrics::counter!("webhook_total").increment(1);
    tracing::debug!(event, delivery = %kept.delivery, outcome = ?kept.outcome, "webhook stored");
    Ok(kept)
}

/// The same delivery without what it reports. Cheap: the bytes are shared.
fn bare(delivery: &NewDelivery) -> NewDelivery {
    NewDelivery {
        provider: delivery.provider,
        account_external_id: delivery.account_external_id.clone(),
        event: delivery.event.clone(),
        body: delivery.body.clone(),
        digest: delivery.digest,
        received_at: delivery.received_at,
        late: delivery.late,
        items: Vec::new(),
        unsupported: Some("it could not be applied".to_owned()),
    }
}

/// Makes an account on first use, in the default workspace, and keeps it true whether its system takes replies.
async fn ensure_account(
    store: &dyn Store,
    name: &str,
    display_name: &str,
    takes_replies: bool,
) -> Result<(), ReceiveError> {
    let known = store.account_by_external_id_any_workspace(ProviderKind::Thirdparty, name).await?;
    let workspace = match &known {
        // A person's disconnecting stands; it still receives.
        Some(account) if account.takes_replies() == takes_replies || !account.state.is_connected() => return Ok(()),
        Some(account) => account.workspace_id,
        None => store.default_workspace().await?.ok_or(ReceiveError::NoAccount)?.id,
    };
    let connect = Connect {
        provider: ProviderKind::Thirdparty,
        external_id: name.to_owned(),
        username: Some(name.to_owned()),
        display_name: Some(display_name.to_owned()),
        avatar_url: None,
        scopes: if takes_replies { vec![REPLIES.to_owned()] } else { Vec::new() },
        tokens: None,
    };
    store.connect_account(workspace, connect).await?;
    Ok(())
}

/// What may stand in `/webhook/thirdparty/{account}`: 1 to 64 of `a-z A-Z 0-9 . _ -`.
fn is_account_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=64).contains(&name.len()) && name.bytes().all(plain)
}

fn digest(body: &[u8]) -> [u8; 16] {
    let whole: [u8; 32] = Sha256::digest(body).into();
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}
