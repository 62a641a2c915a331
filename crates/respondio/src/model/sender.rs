//! Who or what wrote a message. In no official type, but in the traffic.

use super::{UserId, string_enum::string_enum};
use crate::wire::Fields;

string_enum! {
    /// What kind of author a message has.
    ///
    /// Source: filter list of the vendor's n8n trigger, read 2026-11-20; `broadcast` and `contact`
    /// from integrators.
    SenderSource {
        /// The contact; incoming.
        Contact = "contact",
        /// A user of the workspace.
        User = "user",
        /// A program with an access token, this client among them.
        Api = "api",
        /// A workflow of the workspace.
        Workflow = "workflow",
        /// A broadcast.
        Broadcast = "broadcast",
        /// The platform's own app, outside Respond.io.
        Echo = "echo",
        /// A bot.
        Bot = "bot",
        /// Respond.io's AI agent.
        AiAgent = "ai_agent",
        /// Zapier.
        Zapier = "zapier",
        /// Make.
        Make = "make",
        /// n8n.
        N8n = "n8n",
    }
}

/// The author of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sender {
    /// What kind of author.
    pub source: SenderSource,
    /// The user or AI agent.
    pub user_id: Option<UserId>,
}

impl Sender {
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        Some(Self { source: fields.filled("source")?, user_id: fields.id("userId") })
    }
}
