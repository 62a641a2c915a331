//! The start of every case: a fresh store, its clock, an owner and a connected account; and the steps that many cases share.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{
    Harness,
    report::{T0, incoming},
};
use crate::{
    account::{Account, Connect, ProviderKind, SealedTokens},
    clock::{Clock, Timestamp},
    content::Content,
    conversation::Conversation,
    delivery::NewDelivery,
    failure::{Failure, FailureKind},
    id::{Id, IdGenerator},
    identity::{FirstOwner, Member},
    inbound::Inbound,
    message::{Author, Message, Priority},
    outbox::{Claimed, Outcome},
    reply::Draft,
    store::{
        Accounts, ConversationRecord, Directory, Inbox, Ingested, Journal, MessageRecord, Nodes, Outbox, Queued,
        StoreError, StoreResult,
    },
    workspace::{Scope, Workspace},
};

/// The provider's id of the account that every case starts with.
pub(super) const BUSINESS: &str = "business-1";
/// The conversation that most cases are about.
pub(super) const CHAT: &str = "chat/1+a=";

pub(super) struct Bench<H: Harness> {
    pub(super) harness: H,
    pub(super) clock: Clock,
    pub(super) owner: Member,
    pub(super) workspace: Id<Workspace>,
    pub(super) scope: Scope,
    pub(super) account: Account,
    bodies: AtomicU64,
}

impl<H: Harness> Bench<H> {
    pub(super) async fn open() -> Self {
        let clock = Clock::manual(T0);
        let ids = Arc::new(IdGenerator::without_lease());
        let harness = H::open(clock.clone(), Arc::clone(&ids)).await;
        let lease = harness.store().lease_node().await.unwrap();
        ids.grant(lease.node, Timestamp::MAX);
        let first = FirstOwner { workspace_name: "Ban Suan".to_owned(), owner_name: "Ploy".to_owned() };
        let owner = harness.store().ensure_first_owner(first).await.unwrap();
        let workspace = owner.workspace.id;
        let account = harness.store().connect_account(workspace, connect(BUSINESS)).await.unwrap();
        Self { harness, clock, owner, workspace, scope: Scope::all(workspace), account, bodies: AtomicU64::new(0) }
    }

    /// With one message of the customer at the start, so that the window is open.
    pub(super) async fn with_customer() -> Self {
        let bench = Self::open().await;
        bench.ingest(incoming(CHAT, "in-1", "สวัสดีค่ะ", T0)).await;
        bench
    }

    pub(super) fn store(&self) -> &H::Store {
        self.harness.store()
    }

    pub(super) fn advance(&self, secs: u64) {
        self.clock.advance(std::time::Duration::from_secs(secs));
    }

    /// A delivery of this account with bytes of its own.
    pub(super) fn delivery(&self, items: Vec<Inbound>) -> NewDelivery {
        let number = self.bodies.fetch_add(1, Ordering::Relaxed);
        delivery(BUSINESS, &format!("{{\"number\":{number}}}"), self.clock.now(), items)
    }

    pub(super) async fn ingest(&self, item: Inbound) -> Ingested {
        self.store().ingest(self.delivery(vec![item])).await.unwrap()
    }

    pub(super) async fn apply(&self, items: Vec<Inbound>) {
        self.store().apply(ProviderKind::Official, BUSINESS.to_owned(), items).await.unwrap();
    }

    pub(super) async fn chat_id(&self, external_id: &str) -> Id<Conversation> {
        self.store()
            .conversation_by_external_id(&self.scope, external_id)
            .await
            .unwrap()
            .expect("the conversation is in sight")
    }

    pub(super) async fn chat(&self) -> ConversationRecord {
        let id = self.chat_id(CHAT).await;
        self.store().conversation(&self.scope, id).await.unwrap().expect("the conversation is in sight")
    }

    /// The messages of the conversation, oldest first.
    pub(super) async fn thread(&self) -> Vec<MessageRecord> {
        self.thread_of(CHAT).await
    }

    pub(super) async fn thread_of(&self, external_id: &str) -> Vec<MessageRecord> {
        let id = self.chat_id(external_id).await;
        let mut page =
            self.store().messages(&self.scope, id, None, 1_000).await.unwrap().expect("the conversation is in sight");
        page.reverse();
        page
    }

    pub(super) async fn message(&self, id: Id<Message>) -> Message {
        self.store().message(&self.scope, id).await.unwrap().expect("the message is in sight").message
    }

    /// A reply of the owner, not refused and without key.
    pub(super) async fn reply(&self, text: &str) -> Id<Message> {
        let conversation = self.chat_id(CHAT).await;
        self.store().queue_reply(&self.scope, self.draft(conversation, text)).await.unwrap().record.message.id
    }

    pub(super) async fn try_reply(&self, text: &str, key: Option<&str>, send_anyway: bool) -> StoreResult<Queued> {
        let draft = self.draft(self.chat_id(CHAT).await, text);
        self.store()
            .queue_reply(&self.scope, Draft { idempotency_key: key.map(str::to_owned), send_anyway, ..draft })
            .await
    }

    pub(super) fn draft(&self, conversation_id: Id<Conversation>, text: &str) -> Draft {
        Draft {
            conversation_id,
            content: Content::Text { body: text.to_owned() },
            quoted_external_id: None,
            author: Author::Agent { id: self.owner.user.id },
            idempotency_key: None,
            send_anyway: false,
            priority: Priority::Normal,
        }
    }

    /// A reply of a program that must not take the last slots.
    pub(super) async fn automatic(&self, text: &str) -> Id<Message> {
        let draft = self.draft(self.chat_id(CHAT).await, text);
        let draft = Draft { priority: Priority::Low, ..draft };
        self.store().queue_reply(&self.scope, draft).await.unwrap().record.message.id
    }

    /// Claims the one row that is due.
    pub(super) async fn claim(&self) -> Claimed {
        let mut claimed = self.store().claim_any_workspace(10).await.unwrap();
        assert_eq!(claimed.len(), 1, "exactly one row is due");
        claimed.remove(0)
    }

    pub(super) async fn claims_nothing(&self) {
        assert_eq!(self.store().claim_any_workspace(10).await.unwrap(), Vec::new());
    }

    /// Claims the one row that is due and begins it.
    pub(super) async fn begin(&self) -> Claimed {
        let claimed = self.claim().await;
        assert!(self.store().begin(&claimed).await.unwrap());
        claimed
    }

    pub(super) async fn settle(&self, claimed: &Claimed, outcome: Outcome) {
        assert!(self.store().settle(claimed, outcome).await.unwrap());
    }

    /// Queues a reply and brings it to the customer, as the provider's `external_id`.
    pub(super) async fn send(&self, text: &str, external_id: &str) -> Id<Message> {
        let id = self.reply(text).await;
        let claimed = self.begin().await;
        self.settle(&claimed, sent(external_id)).await;
        id
    }

    /// A second workspace with its owner, made by another process.
    pub(super) async fn second_workspace(&self, number: i64) -> Id<Workspace> {
        let now = self.clock.now().as_millis() + number;
        for sql in [
            format!("INSERT INTO workspace (id, name, created_at) VALUES ({number}, 'Other', {now})"),
            format!(
                "INSERT INTO \"user\" (id, email, name, created_at) VALUES ({number}, 'other{number}@example.com', 'Other', {now})"
            ),
            format!(
                "INSERT INTO member (workspace_id, user_id, role, created_at) VALUES ({number}, {number}, 'owner', {now})"
            ),
        ] {
            self.harness.execute(&sql).await;
        }
        Id::from_raw(number)
    }
}

/// A verified delivery of an account.
pub(super) fn delivery(account: &str, body: &str, received_at: Timestamp, items: Vec<Inbound>) -> NewDelivery {
    let mut digest = [0; 16];
    digest.copy_from_slice(&Sha256::digest(body.as_bytes())[..16]);
    NewDelivery {
        provider: ProviderKind::Official,
        account_external_id: Some(account.to_owned()),
        event: "im_receive_msg".to_owned(),
        body: Bytes::copy_from_slice(body.as_bytes()),
        digest,
        received_at,
        late: false,
        items,
        unsupported: None,
    }
}

/// What connecting brings.
pub(super) fn connect(external_id: &str) -> Connect {
    Connect {
        provider: ProviderKind::Official,
        external_id: external_id.to_owned(),
        username: Some(format!("{external_id}.shop")),
        display_name: Some("Ban Suan".to_owned()),
        avatar_url: None,
        scopes: vec!["message.list.send".to_owned()],
        tokens: Some(tokens(1)),
    }
}

pub(super) fn tokens(version: i64) -> SealedTokens {
    SealedTokens {
        access: vec![1, 2, 3],
        refresh: vec![4, 5, 6],
        access_expires_at: super::report::at(86_400),
        refresh_expires_at: super::report::at(31_536_000),
        version,
    }
}

pub(super) fn sent(external_id: &str) -> Outcome {
    Outcome::Sent { external_id: external_id.to_owned() }
}

pub(super) fn failure(kind: FailureKind) -> Failure {
    Failure {
        kind,
        detail: "as told".to_owned(),
        code: Some(40_064),
        request_id: Some("req-1".to_owned()),
        at: T0,
        cause: None,
    }
}

pub(super) fn lost() -> Outcome {
    Outcome::Unknown { failure: failure(FailureKind::Timeout) }
}

/// What a store answered when the rules refused.
pub(super) fn refusal<T: std::fmt::Debug>(answer: StoreResult<T>) -> crate::reply::Refusal {
    match answer {
        Err(StoreError::Refused(refusal)) => refusal,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}
