//! Replies through the generic webhook. Its system takes each key once, so asking again under the same key tells what became of a reply
//! whose answer was lost: it is there afterwards, under the id that the answer names.

use std::sync::atomic::AtomicBool;

use domain::{
    content::Content,
    failure::FailureKind,
    inbound::{Inbound, InboundContent, InboundCustomer, InboundMessage, Source},
    message::Direction,
    outbox::{Claimed, Outcome},
    workspace::Scope,
};

use super::carrier::{Carrier, Seen, leaves};
use crate::providers::{Thirdparty, thirdparty::Words};

impl Carrier {
    pub(super) async fn through_thirdparty(
        &self,
        thirdparty: &Thirdparty,
        claimed: &Claimed,
        left: &AtomicBool,
    ) -> Result<Outcome, Outcome> {
        let refused = |why| self.attempts.refused(FailureKind::Refused, why);
        let words = words(claimed).ok_or_else(|| refused("the generic webhook takes texts, nothing else"))?;
        let sent = thirdparty.send(words, self.attempts.clock.now(), || leaves(left)).await;
        sent.ok_or_else(|| refused("THIRDPARTY_API_URL is not set: there is no way out"))
    }

    /// Asks for the same message again. `None`: the system still does not say.
    pub(super) async fn seen_at_thirdparty(&self, thirdparty: &Thirdparty, claimed: &Claimed) -> Option<Seen> {
        let words = words(claimed)?;
        let now = self.attempts.clock.now();
        let Outcome::Sent { external_id } = thirdparty.send(words, now, || {}).await? else { return None };
        let scope = Scope::all(claimed.message.workspace_id);
        let known = self.store.conversation(&scope, claimed.message.conversation_id).await.ok()??;
        let message = InboundMessage {
            conversation_external_id: claimed.conversation_external_id.clone(),
            external_id,
            platform_id: None,
            direction: Direction::Outgoing,
            customer: InboundCustomer {
                channel: known.contact.channel,
                external_id: known.contact.external_id,
                username: None,
                display_name: None,
                avatar_url: None,
                is_follower: None,
            },
            source: Source::Api,
            sent_at: now,
            content: InboundContent::Text(words.text.to_owned()),
            quoted_external_id: None,
        };
        Some(Seen { items: vec![Inbound::Message(message)], oldest: None, complete: false })
    }
}

fn words(claimed: &Claimed) -> Option<Words<'_>> {
    let message = &claimed.message;
    let Content::Text { body } = &message.content else { return None };
    Some(Words {
        id: message.id,
        account: &claimed.account.external_id,
        conversation: &claimed.conversation_external_id,
        text: body,
        at: message.sent_at,
    })
}
