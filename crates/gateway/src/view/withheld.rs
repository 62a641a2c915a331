//! A message that TikTok does not tell, as JSON.

use domain::{Id, Timestamp, conversation::Conversation, withheld as dw};
use serde::Serialize;
use utoipa::ToSchema;

/// A message of a customer in the EEA, Switzerland or the UK. TikTok tells only that it came and when; where it was found, or may be,
/// is what its lists showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WithheldMessage {
    /// `wth_…`.
    #[schema(value_type = String)]
    pub id: Id<dw::WithheldMessage>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How the search stands.
    pub state: WithheldState,
    /// `conv_…` where it was found: with its content, or with a message of type `unsupported` (`withheld`) in its place. Else null.
    #[schema(value_type = Option<String>, required)]
    pub conversation_id: Option<Id<Conversation>>,
    /// `conv_…` of those that moved at that time, where it is ambiguous.
    #[schema(value_type = Vec<String>)]
    pub candidates: Vec<Id<Conversation>>,
    /// When the search ended; null while it goes on.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub settled_at: Option<Timestamp>,
}

/// How the search for a withheld message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WithheldState {
    /// TikTok's lists are looked through.
    Looking,
    /// It is in `conversationId`.
    Found,
    /// It is in one of `candidates`.
    Ambiguous,
    /// No list shows it.
    NotFound,
}

impl From<dw::WithheldState> for WithheldState {
    fn from(state: dw::WithheldState) -> Self {
        match state {
            dw::WithheldState::Looking => Self::Looking,
            dw::WithheldState::Found => Self::Found,
            dw::WithheldState::Ambiguous => Self::Ambiguous,
            dw::WithheldState::NotFound => Self::NotFound,
        }
    }
}

impl From<&dw::WithheldMessage> for WithheldMessage {
    fn from(message: &dw::WithheldMessage) -> Self {
        Self {
            id: message.id,
            at: message.at,
            state: message.state.into(),
            conversation_id: message.conversation_id,
            candidates: message.candidates.clone(),
            settled_at: message.settled_at,
        }
    }
}
