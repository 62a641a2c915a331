//! TikTok's two lists: which conversations there are, and what the newest 20 messages of one say.

use domain::{
    Timestamp,
    account::Account,
    contact::Channel,
    history::ListedConversation,
    inbound::{Inbound, InboundConversation, InboundCustomer, InboundReferral},
    store::ContactFacts,
};
use tiktok::{
    AccessToken, Error,
    model::{BusinessId, ConversationType, History},
};

use super::{Official, Turn, translate};

/// Pages of one list. TikTok's hold at most 100 conversations, which is one page.
const PAGES: usize = 20;

impl Official {
    /// Every conversation that TikTok lists: of the last 90 days, at most 100 of each list. Asked in the turn of what can wait.
    ///
    /// # Errors
    /// TikTok's; 40001 where the account may not use messages.
    pub async fn list_conversations(
        &self,
        token: &AccessToken,
        account: &Account,
    ) -> Result<Vec<ListedConversation>, Error> {
        let mut all: Vec<ListedConversation> = Vec::new();
        // One that is answered meanwhile leaves the first for the second: in this order it is seen at least once.
        for (kind, request) in [(ConversationType::Stranger, true), (ConversationType::Single, false)] {
            let mut cursor = None;
            for _ in 0..PAGES {
                let ask = self.client.list_conversations(token, Self::business(&account.external_id), kind.clone());
                let ask = if let Some(cursor) = cursor { ask.cursor(cursor) } else { ask };
                let page = self.call(account.workspace_id, Turn::Later, ask).await?;
                let next = page.next_cursor().filter(|next| Some(*next) != cursor);
                for one in &page.conversations {
                    all.retain(|known| known.external_id != one.conversation_id.as_str());
                    all.push(translate::listed(one, request));
                }
                let Some(next) = next else { break };
                cursor = Some(next);
            }
        }
        Ok(all)
    }

    /// The newest 20 messages of a conversation and who takes part in it.
    ///
    /// # Errors
    /// TikTok's.
    pub async fn list_messages(
        &self,
        token: &AccessToken,
        account: &Account,
        conversation: &str,
        turn: Turn,
    ) -> Result<Listed, Error> {
        let business = BusinessId::new(&account.external_id);
        let list = self.client.list_messages(token, business.clone(), conversation);
        let history = self.call(account.workspace_id, turn, list).await?;
        let items = translate::history(&history, &business);
        let oldest = history.messages.iter().map(|message| message.timestamp_ms).min().map(Timestamp::from_millis);
        let complete = history.messages.len() + history.unreadable.len() < tiktok::limits::MESSAGES_LISTED;
        Ok(Listed { items, oldest, complete, history })
    }
}

/// A conversation as content/list shows it.
#[derive(Debug)]
pub struct Listed {
    /// Everything in it, in our words, oldest first.
    pub items: Vec<Inbound>,
    /// The provider's time of the oldest message listed.
    pub oldest: Option<Timestamp>,
    /// The list holds the whole conversation (TikTok lists at most 20 messages and has no paging).
    pub complete: bool,
    history: History,
}

impl Listed {
    /// What it tells about the customer.
    pub fn contact(&self) -> ContactFacts {
        let customer = self.history.customer();
        ContactFacts {
            username: None,
            display_name: customer.and_then(|one| one.display_name.clone()),
            avatar_url: customer.and_then(|one| one.profile_image.clone()),
            is_follower: customer.and_then(|one| one.is_follower),
        }
    }

    /// Everything there is to file of it: who the customer is, what was said, and what led there. Empty when nothing names the customer.
    pub fn past(self, listed: &ListedConversation) -> Vec<Inbound> {
        let Some(customer) = self.customer() else { return Vec::new() };
        let of = || listed.external_id.clone();
        let first = InboundConversation { conversation_external_id: of(), customer: customer.clone() };
        let referrals = listed.referrals.iter().map(|referral| {
            Inbound::Referral(InboundReferral {
                conversation_external_id: of(),
                customer: customer.clone(),
                referral: referral.clone(),
            })
        });
        let referrals: Vec<_> = referrals.collect();
        std::iter::once(Inbound::Conversation(first)).chain(self.items).chain(referrals).collect()
    }

    /// The customer with everything that list and messages tell; the id is the participant's or, without one, a message's.
    fn customer(&self) -> Option<InboundCustomer> {
        let facts = self.contact();
        let spoken = self.items.iter().find_map(|item| item.conversation().map(|(_, customer)| customer));
        let listed = self.history.customer().map(|one| one.party.id.clone());
        let external_id = listed.or_else(|| spoken.map(|customer| customer.external_id.clone()))?;
        Some(InboundCustomer {
            channel: Channel::Tiktok,
            username: spoken.and_then(|customer| customer.username.clone()),
            external_id,
            display_name: facts.display_name,
            avatar_url: facts.avatar_url,
            is_follower: facts.is_follower,
        })
    }
}
