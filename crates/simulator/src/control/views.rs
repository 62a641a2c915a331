//! What there is to see: everybody, and one conversation with its ledger.

use serde::Serialize;

use crate::simulator::Simulator;
use crate::state::auto_messages::{AutoKind, AutoMessage};
use crate::state::businesses::{Business, pictures_allowed};
use crate::state::conversations::Conversation;
use crate::state::customers::Customer;
use crate::state::ledger::{self, Ledger};
use crate::state::posts::Post;

/// A business with what the console shows besides.
#[derive(Debug, Clone, Serialize)]
pub struct BusinessView {
    /// The business.
    #[serde(flatten)]
    pub business: Business,
    /// Apps it has authorized.
    pub connected_apps: Vec<String>,
    /// Scopes of the newest authorization.
    pub scopes: Vec<String>,
    /// Automatic messages, in the order customers see them.
    pub auto_messages: Vec<AutoMessage>,
    /// Types of automatic messages that are switched on.
    pub enabled_auto_messages: Vec<AutoKind>,
    /// Posts, newest first.
    pub posts: Vec<Post>,
}

/// A conversation without its messages.
#[derive(Debug, Clone, Serialize)]
pub struct ConversationSummary {
    /// `conversation_id`.
    pub id: String,
    /// Handle of the business.
    pub business: String,
    /// Handle of the customer.
    pub customer: String,
    /// `SINGLE` or `STRANGER`.
    pub kind: &'static str,
    /// Unix ms.
    pub updated_at: i64,
    /// What the rules say.
    pub ledger: Ledger,
}

/// Everybody in the simulator.
#[derive(Debug, Clone, Serialize)]
pub struct Snapshot {
    /// Unix ms.
    pub now: i64,
    /// How fast the clock runs.
    pub speed: f64,
    /// All businesses.
    pub businesses: Vec<BusinessView>,
    /// All customers.
    pub customers: Vec<Customer>,
    /// All conversations.
    pub conversations: Vec<ConversationSummary>,
}

/// One conversation with its messages and what the rules say about it.
#[derive(Debug, Clone, Serialize)]
pub struct ConversationView {
    /// The conversation, messages oldest first.
    #[serde(flatten)]
    pub conversation: Conversation,
    /// `SINGLE` or `STRANGER`.
    pub kind: &'static str,
    /// The simulator's own ledger: the truth.
    pub ledger: Ledger,
    /// Whether pictures can be sent here.
    pub image_send: bool,
    /// Unix ms.
    pub now: i64,
}

impl Simulator {
    /// Everybody and every conversation.
    pub fn state(&self) -> Snapshot {
        self.review_due();
        let (now, speed) = (self.now_ms(), self.clock().speed());
        self.with(|state| Snapshot {
            now,
            speed,
            businesses: state
                .businesses
                .iter()
                .map(|one| {
                    let grants = state.tokens.live(&one.open_id);
                    BusinessView {
                        business: one.clone(),
                        connected_apps: grants.iter().map(|grant| grant.app_id.clone()).collect(),
                        auto_messages: state.auto_messages.all_of(&one.username),
                        enabled_auto_messages: state.auto_messages.enabled(&one.username),
                        posts: state.posts.of(&one.username),
                        scopes: grants.last().map(|grant| grant.scopes.clone()).unwrap_or_default(),
                    }
                })
                .collect(),
            customers: state.customers.clone(),
            conversations: state
                .conversations
                .iter()
                .map(|one| ConversationSummary {
                    id: one.id.clone(),
                    business: one.business.clone(),
                    customer: one.customer.clone(),
                    kind: one.kind(),
                    updated_at: one.updated_at,
                    ledger: ledger::read(&one.messages, now, state.pair(one).0.rules),
                })
                .collect(),
        })
    }

    /// One conversation, if it exists.
    pub fn conversation(&self, id: &str) -> Option<ConversationView> {
        let now = self.now_ms();
        self.with(|state| {
            let conversation = state.conversation(id)?.clone();
            let (business, customer) = state.pair(&conversation);
            Some(ConversationView {
                kind: conversation.kind(),
                ledger: ledger::read(&conversation.messages, now, business.rules),
                image_send: pictures_allowed(&business.region) && pictures_allowed(&customer.region),
                now,
                conversation,
            })
        })
    }
}
