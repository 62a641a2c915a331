//! What carries a reply: TikTok itself or Respond.io, by the account's binding. Each can send, and show what a conversation holds by
//! now, which tells about a reply whose answer was lost. The outbox knows no more of either.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::{
    Timestamp,
    content::Content,
    failure::FailureKind,
    inbound::Inbound,
    outbox::{Claimed, Outcome},
    place::{self, Place},
    reply::Refusal,
    store::Store,
};
use futures_util::FutureExt;

use super::attempt::Attempts;
use crate::{
    app::App,
    blobs::Blobs,
    links::Links,
    providers::{
        Official, Parcel, Provider, Providers, Respondio, Turn,
        respondio::{self as through, Delivery, LineError, Lines},
        tokens::{Current, Tokens},
    },
};

/// Pages of Respond.io's list that are looked through for one reply.
const PAGES: usize = 5;
/// Messages of such a page.
const LONG_PAGE: u32 = ::respondio::limits::MESSAGES_PAGE;

/// What a conversation holds by now, as far as its provider shows it.
pub(super) struct Seen {
    /// Everything in it, in our words.
    pub(super) items: Vec<Inbound>,
    /// The provider's time of the oldest message shown.
    pub(super) oldest: Option<Timestamp>,
    /// It is the whole conversation.
    pub(super) complete: bool,
}

/// See the module.
pub(super) struct Carrier {
    pub(super) store: Arc<dyn Store>,
    pub(super) attempts: Attempts,
    providers: Providers,
    lines: Arc<Lines>,
    links: Arc<Links>,
    /// Whether Respond.io can open them.
    fetched: bool,
    blobs: Blobs,
}

impl Carrier {
    pub(super) fn new(app: &App, tokens: Arc<Tokens>) -> Self {
        Self {
            store: Arc::clone(&app.store),
            attempts: Attempts { clock: app.clock.clone(), tokens },
            providers: app.providers.clone(),
            lines: Arc::clone(&app.lines),
            links: Arc::clone(&app.links),
            fetched: app.respondio_fetches(),
            blobs: app.blobs.clone(),
        }
    }

    /// Sends a reply once; `left` is set when it leaves.
    pub(super) async fn send(&self, claimed: &Claimed, left: &AtomicBool) -> Outcome {
        let outcome = match self.providers.of(claimed.account.provider) {
            Some(Provider::Official(official)) => self.through_tiktok(official, claimed, left).await,
            Some(Provider::Respondio(respondio)) => self.through_respondio(respondio, claimed, left).await,
            Some(Provider::Thirdparty(thirdparty)) => self.through_thirdparty(thirdparty, claimed, left).await,
            None => Err(self.attempts.refused(FailureKind::Refused, "this account only receives")),
        };
        outcome.unwrap_or_else(|refused| refused)
    }

    /// What the conversation holds, back to `since` where that can be had. `None`: it can't be read now.
    pub(super) async fn seen(&self, claimed: &Claimed, since: Timestamp) -> Option<Seen> {
        match self.providers.of(claimed.account.provider)? {
            Provider::Official(official) => self.seen_at_tiktok(official, claimed).await,
            Provider::Respondio(respondio) => self.seen_at_respondio(respondio, claimed, since).await,
            Provider::Thirdparty(thirdparty) => self.seen_at_thirdparty(thirdparty, claimed).await,
        }
    }

    async fn through_tiktok(
        &self,
        official: &Official,
        claimed: &Claimed,
        left: &AtomicBool,
    ) -> Result<Outcome, Outcome> {
        let parcel = &self.parcel(claimed).await?;
        let (account, conversation) = (&claimed.account, claimed.conversation_external_id.as_str());
        let call = |current: Current| {
            let leaving = || leaves(left);
            async move { official.send(&current.access, account, conversation, parcel, leaving).await }.boxed()
        };
        Ok(self.attempts.call(account, left, call).await)
    }

    async fn parcel(&self, claimed: &Claimed) -> Result<Parcel, Outcome> {
        match &claimed.message.content {
            Content::Text { body } => {
                Ok(Parcel::Text { body: body.clone(), quote: claimed.message.quoted_external_id.clone() })
            }
            Content::SharedPost { post_id: Some(post), .. } => Ok(Parcel::SharedPost(post.clone())),
            Content::Template { style, title, buttons } => {
                Ok(Parcel::Template { style: *style, title: title.clone(), buttons: buttons.clone() })
            }
            Content::Image { media } => match self.blobs.get(claimed.message.workspace_id, *media).await {
                Ok(Some(bytes)) => Ok(Parcel::Image(bytes)),
                Ok(None) => Err(self.attempts.refused(FailureKind::Refused, "the picture is not stored here any more")),
                Err(error) => {
                    tracing::error!(
                        error = &error as &(dyn std::error::Error + 'static),
                        "a picture could not be read"
                    );
                    let failure = self.attempts.failure(FailureKind::ProviderError, "the picture could not be read");
                    Err(Outcome::Retry { failure, after: None })
                }
            },
            _ => Err(self.attempts.refused(FailureKind::Refused, "TikTok's API can't send this type")),
        }
    }

    async fn seen_at_tiktok(&self, official: &Official, claimed: &Claimed) -> Option<Seen> {
        let account = &claimed.account;
        let list = async |current: &Current| {
            official.list_messages(&current.access, account, &claimed.conversation_external_id, Turn::Now).await
        };
        let current = self.attempts.tokens.current(account).await.ok()?;
        let listed = match list(&current).await {
            Err(error) if error.token_expired() => {
                let current = self.attempts.tokens.renewed(account, current.version).await.ok()?;
                list(&current).await
            }
            other => other,
        };
        let listed = listed.inspect_err(|error| tracing::warn!(%error, "TikTok's list could not be read")).ok()?;
        Some(Seen { items: listed.items, oldest: listed.oldest, complete: listed.complete })
    }

    async fn through_respondio(
        &self,
        respondio: &Respondio,
        claimed: &Claimed,
        left: &AtomicBool,
    ) -> Result<Outcome, Outcome> {
        let delivery = self.delivery(claimed)?;
        let (channel, contact) = numbers(claimed).ok_or_else(|| {
            self.attempts.refused(FailureKind::Refused, "Respond.io's ids are numbers; these are not")
        })?;
        let (space, line) = self.lines.of(&claimed.account).await.map_err(|error| self.without_line(&error))?;
        let sent = respondio.send(&line, channel, contact, &delivery, || leaves(left)).await;
        let (error, stage) = match sent {
            Ok(external_id) => return Ok(Outcome::Sent { external_id }),
            Err(failed) => failed,
        };
        if error.needs_reauthorization() {
            let reason = "Respond.io no longer accepts the access token; put a new one under Accounts";
            if let Err(error) = self.lines.refused(&space, reason).await {
                let error = &error as &(dyn std::error::Error + 'static);
                tracing::warn!(error, "the account's state could not be written");
            }
            respondio.spaces_changed();
        }
        Err(through::outcome_of(&error, stage, self.attempts.clock.now()))
    }

    /// Respond.io has no upload: it fetches a picture from an address of ours that opens it for a while.
    fn delivery(&self, claimed: &Claimed) -> Result<Delivery, Outcome> {
        match &claimed.message.content {
            Content::Text { body } => Ok(Delivery::Text(body.clone())),
            // Queued before PUBLIC_URL was another one, or before the sender was.
            Content::Image { .. } if !self.fetched => {
                Err(self.attempts.refused(FailureKind::Refused, &Refusal::PictureUnreachable.to_string()))
            }
            Content::Image { media } => {
                let now = self.attempts.clock.now();
                Ok(Delivery::Picture(self.links.picture(claimed.message.workspace_id, *media, now)))
            }
            _ => Err(self.attempts.refused(FailureKind::Refused, "Respond.io can't send this type to TikTok")),
        }
    }

    fn without_line(&self, error: &LineError) -> Outcome {
        tracing::warn!(error = error as &(dyn std::error::Error + 'static), "no line to send through");
        if error.is_temporary() {
            let failure = self.attempts.failure(FailureKind::ProviderError, "the access token could not be read");
            return Outcome::Retry { failure, after: None };
        }
        self.attempts.refused(FailureKind::AccountDisconnected, FailureKind::AccountDisconnected.title())
    }

    async fn seen_at_respondio(&self, respondio: &Respondio, claimed: &Claimed, since: Timestamp) -> Option<Seen> {
        let (_, line) = self.lines.of(&claimed.account).await.ok()?;
        let (_, contact) = numbers(claimed)?;
        let customer = through::customer(contact, None);
        let mut seen = Seen { items: Vec::new(), oldest: None, complete: false };
        let (mut cursor, now) = (None, self.attempts.clock.now());
        for _ in 0..PAGES {
            let page = respondio.messages(&line, contact, LONG_PAGE, cursor.take(), Turn::Now).await;
            let page = page.inspect_err(|error| tracing::warn!(%error, "Respond.io's list could not be read")).ok()?;
            for message in &page.value.items {
                let Some(told) = through::told(message, contact, &customer, now) else { continue };
                seen.oldest = Some(seen.oldest.map_or(told.sent_at, |oldest| oldest.min(told.sent_at)));
                if told.channel.as_deref().is_none_or(|channel| channel == claimed.account.external_id) {
                    // Newest first: what became of a message stands behind it once all are turned round.
                    seen.items.extend(told.undelivered.into_iter().chain([told.message]));
                }
            }
            cursor = page.value.next_cursor().cloned();
            seen.complete = cursor.is_none();
            if seen.complete || seen.oldest.is_some_and(|oldest| oldest <= since) {
                break;
            }
        }
        seen.items.reverse();
        Some(seen)
    }
}

/// Channel and contact as Respond.io numbers them.
fn numbers(claimed: &Claimed) -> Option<(u64, u64)> {
    Some((claimed.account.external_id.parse().ok()?, claimed.conversation_external_id.parse().ok()?))
}

pub(super) fn leaves(left: &AtomicBool) {
    left.store(true, Ordering::SeqCst);
    place::reach(Place::SendLeaving);
}
