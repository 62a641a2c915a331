//! Looking for a message that TikTok does not tell (`im_receive_msg_eu`): the conversation that moved at its time, and what the list
//! shows of it. Nothing is guessed: where more than one conversation may hold it, all of them are named.

use std::time::Duration;

use domain::{
    Id, Timestamp,
    account::{Account, ProviderKind},
    contact::Channel,
    conversation::Conversation,
    history::{ListedConversation, PastConversation},
    inbound::{Inbound, InboundContent, InboundConversation, InboundCustomer, InboundMessage, Source},
    job::Job,
    message::Direction,
    store::StoreResult,
    withheld::{STAND_IN, Verdict, WITHHELD, WithheldState, stand_in_id},
    workspace::Scope,
};

use super::{
    history::nothing_of,
    jobs::{JobError, Jobs},
};

/// How far the time of a conversation in the list may be from the notice's.
const NEAR: Duration = Duration::from_secs(5);
/// How far the time of a message in the list may be from the notice's, where none is exactly of it.
const SAME: Duration = Duration::from_secs(1);
/// Conversations whose content is read for one notice.
const CANDIDATES: usize = 10;
impl Jobs {
    /// Finds a withheld message, or says honestly how far it came.
    pub(super) async fn find_withheld(&self, job: &Job, id: Id<Account>, at: Timestamp) -> Result<(), JobError> {
        let workspace = job.workspace_id;
        let row = self.store.withheld_message(workspace, id, at).await?;
        if row.is_none_or(|row| row.state != WithheldState::Looking) {
            return Ok(());
        }
        let verdict = if let Some(conversation) = self.store.incoming_at(workspace, id, at).await? {
            // Another look at the same conversation has brought it.
            Verdict::Found(conversation)
        } else {
            let Some(account) = self.store.account_through(&Scope::all(workspace), id, ProviderKind::Official).await?
            else {
                return Ok(());
            };
            self.search(&account, at, job.attempts == 0).await?
        };
        Ok(self.settle_withheld(job, id, at, verdict).await?)
    }

    /// No list shows it, or nobody may ask.
    pub(super) async fn give_up_withheld(&self, job: &Job, id: Id<Account>, at: Timestamp) -> StoreResult<()> {
        self.settle_withheld(job, id, at, Verdict::NotFound).await
    }

    /// Writes the verdict down.
    async fn settle_withheld(&self, job: &Job, id: Id<Account>, at: Timestamp, verdict: Verdict) -> StoreResult<()> {
        let Some(row) = self.store.withheld_message(job.workspace_id, id, at).await? else { return Ok(()) };
        if !matches!(verdict, Verdict::Found(_)) {
            tracing::warn!(account = %id, withheld = %row.id, "a message that TikTok withholds was not found");
        }
        self.store.settle_withheld(job.workspace_id, row.id, verdict).await?;
        Ok(())
    }

    async fn search(&self, account: &Account, at: Timestamp, is_first_look: bool) -> Result<Verdict, JobError> {
        let mut candidates = Vec::new();
        for listed in self.moved_at(account, at).await? {
            let past = match self.past(account, &listed).await {
                Err(error) if error.is_refused() => nothing_of(&listed),
                other => other?,
            };
            candidates.push((listed, past));
        }
        let holders = holders(&candidates, at);
        // The lists may be later than the notice, so the first look does not decide that something is missing.
        if candidates.is_empty() || (holders.is_empty() && is_first_look) {
            return Err(JobError::NotListed);
        }
        match (holders.as_slice(), candidates.as_slice()) {
            ([holder], _) => {
                let past = candidates.swap_remove(*holder).1;
                self.file_found(account, past).await
            }
            ([], [(listed, _)]) => {
                let listed = listed.clone();
                let past = candidates.swap_remove(0).1;
                let past = self.with_customer(account, past).await?;
                self.file_found(account, with_stand_in(past, &listed, at)).await
            }
            (holders, _) => {
                let among: Vec<usize> =
                    if holders.is_empty() { (0..candidates.len()).collect() } else { holders.to_vec() };
                let mut ids = Vec::with_capacity(among.len());
                for (place, (_, past)) in candidates.into_iter().enumerate() {
                    if among.contains(&place) {
                        ids.extend(self.file(account, past).await?);
                    }
                }
                Ok(Verdict::Ambiguous(ids))
            }
        }
    }

    /// The listed conversations that moved at a time for a reason we don't know.
    async fn moved_at(&self, account: &Account, at: Timestamp) -> Result<Vec<ListedConversation>, JobError> {
        let mut moved = Vec::new();
        for listed in self.conversations(account).await? {
            if distance(listed.moved_at, at) > NEAR {
                continue;
            }
            let times = [listed.moved_at, at];
            let (workspace, id) = (account.workspace_id, account.id);
            if !self.store.holds_message_at(workspace, id, &listed.external_id, times).await? {
                moved.push(listed);
            }
        }
        moved.sort_by_key(|listed| distance(listed.moved_at, at));
        moved.truncate(CANDIDATES);
        Ok(moved)
    }

    async fn file_found(&self, account: &Account, past: PastConversation) -> Result<Verdict, JobError> {
        let conversation = self.file(account, past).await?;
        conversation.map(Verdict::Found).ok_or(JobError::Never("nothing tells whose conversation it is"))
    }

    async fn file(&self, account: &Account, past: PastConversation) -> Result<Option<Id<Conversation>>, JobError> {
        let past = self.with_customer(account, past).await?;
        Ok(self.store.file_conversation(account.workspace_id, account.id, past).await?)
    }

    /// A conversation that TikTok lists without saying whose it is: the customer as we know them, or one who is named after it.
    async fn with_customer(&self, account: &Account, past: PastConversation) -> Result<PastConversation, JobError> {
        if !past.items.is_empty() {
            return Ok(past);
        }
        let scope = Scope::all(account.workspace_id);
        let known = match self.store.conversation_by_external_id(&scope, &past.external_id).await? {
            Some(id) => self.store.conversation(&scope, id).await?,
            None => None,
        };
        let known = known.filter(|record| record.conversation.account_id == account.id);
        let external_id =
            known.map_or_else(|| format!("{STAND_IN}{}", past.external_id), |record| record.contact.external_id);
        let customer = InboundCustomer {
            channel: Channel::Tiktok,
            external_id,
            username: None,
            display_name: None,
            avatar_url: None,
            is_follower: None,
        };
        let first = InboundConversation { conversation_external_id: past.external_id.clone(), customer };
        Ok(PastConversation { items: vec![Inbound::Conversation(first)], ..past })
    }
}

/// The places of those that hold a customer's message of exactly that time or, if none does, nearly.
fn holders(candidates: &[(ListedConversation, PastConversation)], at: Timestamp) -> Vec<usize> {
    let within = |reach: Duration| -> Vec<usize> {
        let holds = |past: &PastConversation| past.items.iter().any(|item| is_said_at(item, at, reach));
        candidates.iter().enumerate().filter(|(_, (_, past))| holds(past)).map(|(place, _)| place).collect()
    };
    let exactly = within(Duration::ZERO);
    if exactly.is_empty() { within(SAME) } else { exactly }
}

fn is_said_at(item: &Inbound, at: Timestamp, reach: Duration) -> bool {
    match item {
        Inbound::Message(message) => message.direction == Direction::Incoming && distance(message.sent_at, at) <= reach,
        _ => false,
    }
}

fn distance(one: Timestamp, other: Timestamp) -> Duration {
    one.since(other).max(other.since(one))
}

/// The conversation with a message that stands in for the withheld one.
fn with_stand_in(mut past: PastConversation, listed: &ListedConversation, at: Timestamp) -> PastConversation {
    let customer = past.items.iter().find_map(|item| item.conversation().map(|(_, customer)| customer.clone()));
    past.items.extend(customer.map(|customer| {
        Inbound::Message(InboundMessage {
            conversation_external_id: listed.external_id.clone(),
            external_id: stand_in_id(at),
            platform_id: None,
            direction: Direction::Incoming,
            customer,
            source: Source::Unknown,
            sent_at: at,
            content: InboundContent::Unsupported { type_name: WITHHELD.to_owned() },
            quoted_external_id: None,
        })
    }));
    past
}
