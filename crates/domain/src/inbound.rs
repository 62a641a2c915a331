//! What providers report, translated into our words by the gateway's providers, before it is matched with what we have.

use crate::{
    clock::Timestamp,
    contact::Channel,
    content::{TemplateButton, TemplateStyle},
    failure::Failure,
    message::Direction,
    referral::Referral,
};

/// One thing a delivery or a list read reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inbound {
    /// A message in either direction.
    Message(InboundMessage),
    /// Reactions to one or more messages.
    Reactions(InboundReactions),
    /// The customer has read everything up to a time.
    Read(InboundRead),
    /// The customer came through an ad or a link; opens the conversation, has no message.
    Referral(InboundReferral),
    /// A conversation exists with this customer; nothing is said of what it holds.
    Conversation(InboundConversation),
    /// News of the customer of a conversation; where we know neither, nothing is made of it.
    Customer(InboundConversation),
    /// The provider took a message of the business side and did not get it through. Told after the message itself.
    Undelivered(InboundUndelivered),
    /// The customer of an unnamed conversation wrote something that is not told. See [`withheld`](crate::withheld).
    Withheld {
        /// The provider's time of the message.
        at: Timestamp,
    },
    /// The owner or TikTok ended the authorization.
    AuthorizationRemoved {
        /// Why, in plain words.
        reason: String,
    },
    /// The same of a Login Kit app, which carries no messages.
    IdentityRemoved {
        /// Why, in plain words.
        reason: String,
    },
    /// An automatic message or its review changed at the provider, who keeps it: whoever shows them asks again.
    AutomationChanged,
    /// TikTok's classifier flagged a comment; it belongs to no conversation.
    Comment(InboundComment),
    /// Understood, with nothing to store beyond the raw delivery.
    Noted,
}

/// A conversation as a list names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundConversation {
    /// The provider's id of the conversation.
    pub conversation_external_id: String,
    /// See [`InboundCustomer`].
    pub customer: InboundCustomer,
}

/// The customer, as a report names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundCustomer {
    /// See [`Channel`].
    pub channel: Channel,
    /// TikTok's `unique_identifier`.
    pub external_id: String,
    /// Handle without `@`.
    pub username: Option<String>,
    /// Only lists and third parties know it.
    pub display_name: Option<String>,
    /// Only lists know it.
    pub avatar_url: Option<String>,
    /// Where the report says.
    pub is_follower: Option<bool>,
}

/// Through what the business side wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// TikTok's app or web page, by a person.
    App,
    /// The provider's API: ours, or another program's.
    Api,
    /// Somebody or something inside the provider, which is an inbox itself: its agents, workflows, broadcasts, bots.
    Inside,
    /// TikTok's automatic message.
    Automatic,
    /// Not said.
    Unknown,
}

/// A message as reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundMessage {
    /// The provider's id of the conversation.
    pub conversation_external_id: String,
    /// The provider's id of the message.
    pub external_id: String,
    /// TikTok's own id of the message, where a provider that is not TikTok tells it (Respond.io's `channelMessageId`).
    pub platform_id: Option<String>,
    /// See [`Direction`].
    pub direction: Direction,
    /// See [`InboundCustomer`].
    pub customer: InboundCustomer,
    /// See [`Source`]; for incoming messages of no meaning.
    pub source: Source,
    /// The provider's time.
    pub sent_at: Timestamp,
    /// See [`InboundContent`].
    pub content: InboundContent,
    /// The provider's id of the quoted message.
    pub quoted_external_id: Option<String>,
}

/// Content as reported: media are the provider's names, not rows of ours yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InboundContent {
    /// Words.
    Text(String),
    /// Words sent by tapping a button of a card.
    CardAnswer {
        /// The button's title.
        body: String,
        /// The id that we gave the button.
        button_id: Option<String>,
        /// The provider's id of a message that has to do with the tap.
        card_external_id: Option<String>,
    },
    /// A picture, by the provider's media id.
    Image {
        /// TikTok's `media_id`.
        media_id: String,
    },
    /// A picture, by an address anyone can open.
    ImageAt {
        /// May expire.
        url: String,
    },
    /// A video, by an address anyone can open.
    VideoAt {
        /// May expire.
        url: String,
    },
    /// A video, by the provider's media id.
    Video {
        /// TikTok's `media_id`.
        media_id: String,
    },
    /// A TikTok post.
    SharedPost {
        /// Player address.
        embed_url: String,
        /// The post.
        post_id: Option<String>,
    },
    /// A sticker's address.
    Sticker {
        /// Lives 30 days.
        url: String,
    },
    /// A big emoji's address.
    Emoji {
        /// Does not expire.
        url: String,
    },
    /// A question card.
    Template {
        /// See [`TemplateStyle`].
        style: TemplateStyle,
        /// The question.
        title: String,
        /// The answers.
        buttons: Vec<TemplateButton>,
    },
    /// A type we don't know.
    Unsupported {
        /// The provider's name for it.
        type_name: String,
    },
}

/// The type name of a file that the provider is still copying: told again, with its content, once it is there.
pub const PENDING: &str = "pending";

/// A message that did not get through, as reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundUndelivered {
    /// The provider's id of the conversation.
    pub conversation_external_id: String,
    /// See [`InboundCustomer`].
    pub customer: InboundCustomer,
    /// The provider's id of the message.
    pub message_external_id: String,
    /// Why, with the provider's time.
    pub failure: Failure,
    /// TikTok's message rules refused it: the ledger was wrong.
    pub dm_rule: bool,
}

/// Reactions as reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundReactions {
    /// The provider's id of the conversation.
    pub conversation_external_id: String,
    /// See [`InboundCustomer`].
    pub customer: InboundCustomer,
    /// Each operation.
    pub reactions: Vec<crate::message::Reaction>,
}

/// A read receipt as reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundRead {
    /// The provider's id of the conversation.
    pub conversation_external_id: String,
    /// See [`InboundCustomer`].
    pub customer: InboundCustomer,
    /// High-water mark.
    pub up_to: Timestamp,
}

/// A referral as reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundReferral {
    /// The provider's id of the conversation.
    pub conversation_external_id: String,
    /// See [`InboundCustomer`].
    pub customer: InboundCustomer,
    /// See [`Referral`].
    pub referral: Referral,
}

/// A flagged comment as reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundComment {
    /// The provider's id of the comment.
    pub external_id: String,
    /// See [`InboundCustomer`].
    pub customer: InboundCustomer,
    /// What it says, where told.
    pub text: Option<String>,
    /// The provider's time.
    pub at: Timestamp,
}

impl Inbound {
    /// The conversation it belongs to, and its customer.
    pub fn conversation(&self) -> Option<(&str, &InboundCustomer)> {
        match self {
            Self::Message(message) => Some((&message.conversation_external_id, &message.customer)),
            Self::Reactions(reactions) => Some((&reactions.conversation_external_id, &reactions.customer)),
            Self::Read(read) => Some((&read.conversation_external_id, &read.customer)),
            Self::Referral(referral) => Some((&referral.conversation_external_id, &referral.customer)),
            Self::Conversation(one) | Self::Customer(one) => Some((&one.conversation_external_id, &one.customer)),
            Self::Undelivered(report) => Some((&report.conversation_external_id, &report.customer)),
            Self::Withheld { .. }
            | Self::AuthorizationRemoved { .. }
            | Self::IdentityRemoved { .. }
            | Self::AutomationChanged
            | Self::Comment(_)
            | Self::Noted => None,
        }
    }
}
