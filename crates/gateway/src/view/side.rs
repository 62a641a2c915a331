//! The sides of an account, and what only one of them tells, as JSON.

use domain::{Id, Timestamp, conversation::Conversation, message::Message, sides as ds};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Direction, Provider};

/// One way in which messages of an account come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// Which provider.
    pub provider: Provider,
    /// Its id of the account.
    pub open_id: String,
    /// Whether replies leave through it, where a conversation has no choice of its own.
    pub sends: bool,
}

/// A message that one side told and the other did not, two minutes after it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Shadow {
    /// `msg_…`.
    #[schema(value_type = String)]
    pub message_id: Id<Message>,
    /// `conv_…`.
    #[schema(value_type = String)]
    pub conversation_id: Id<Conversation>,
    /// The side that told it.
    pub side: Provider,
    /// What that side calls it.
    pub provider_message_id: String,
    /// What that side says TikTok calls it, where it says so and is not TikTok.
    #[schema(required)]
    pub platform_message_id: Option<String>,
    /// From the customer, or to them.
    pub direction: Direction,
    /// The side's time.
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: Timestamp,
    /// Why only one side knows it.
    pub why: ShadowWhy,
    /// `msg_…` of what the other side told that says the same.
    #[schema(value_type = Vec<String>)]
    pub candidates: Vec<Id<Message>>,
}

/// Why a message is known by one side only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShadowWhy {
    /// The other side has told nothing like it.
    NotTold,
    /// The other side has told one that says the same; nothing proves that it is with the same customer.
    Unproven,
    /// The other side has told several that say the same at that time.
    Ambiguous,
}

impl From<&ds::Side> for Side {
    fn from(side: &ds::Side) -> Self {
        Self { provider: side.provider.into(), open_id: side.external_id.clone(), sends: side.sends }
    }
}

impl From<&ds::Shadow> for Shadow {
    fn from(shadow: &ds::Shadow) -> Self {
        let (why, candidates) = match &shadow.why {
            ds::Why::NotTold => (ShadowWhy::NotTold, Vec::new()),
            ds::Why::Unproven { candidate } => (ShadowWhy::Unproven, vec![*candidate]),
            ds::Why::Ambiguous { candidates } => (ShadowWhy::Ambiguous, candidates.clone()),
        };
        Self {
            message_id: shadow.message_id,
            conversation_id: shadow.conversation_id,
            side: shadow.side.into(),
            provider_message_id: shadow.external_id.clone(),
            platform_message_id: shadow.platform_id.clone(),
            direction: shadow.direction.into(),
            timestamp: shadow.sent_at,
            why,
            candidates,
        }
    }
}
