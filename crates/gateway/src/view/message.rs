//! A message as JSON: the one shape of the socket, `/api/chats` and `/api/v1`.

use domain::{Id, Timestamp, content::Content, message as dm, store::MessageRecord};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AnsweredComment, Failure, MessageContent};

/// One message, in either direction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// `msg_…`.
    #[schema(value_type = String, example = "msg_00jx3k5t8g002")]
    pub id: Id<dm::Message>,
    /// The event that last changed it; of two payloads of one message the higher is the newer.
    pub seq: i64,
    /// Always `dm`.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "dm")]
    pub channel: &'static str,
    /// From the customer, or to them.
    pub direction: Direction,
    /// `acc_…`.
    #[schema(value_type = String)]
    pub account_id: Id<domain::account::Account>,
    /// `conv_…`.
    #[schema(value_type = String)]
    pub conversation_id: Id<domain::conversation::Conversation>,
    /// The provider's time; ours until the provider told.
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: Timestamp,
    /// The customer of the conversation, whichever direction.
    pub user: User,
    /// What it says.
    #[serde(rename = "message")]
    pub content: MessageContent,
    /// Where it stands.
    pub status: MessageStatus,
    /// Who wrote it.
    pub author: Author,
    /// Why it failed, is unconfirmed or waits.
    #[schema(required)]
    pub failure: Option<Failure>,
    /// Reactions that stand, oldest first.
    pub reactions: Vec<Reaction>,
    /// The quoted message where we have it, `msg_…`.
    #[schema(value_type = Option<String>, required)]
    pub quoted_message_id: Option<Id<dm::Message>>,
    /// Set where the customer sent the text by tapping a button of a question card.
    #[schema(required)]
    pub answered_card: Option<AnsweredCard>,
    /// The comment that it answers, where it does.
    #[schema(required)]
    pub answers_comment: Option<AnsweredComment>,
    /// The provider's id once it has one; TikTok's hold `+`, `/` and `=`.
    #[schema(required)]
    pub provider_message_id: Option<String>,
    /// How often it was tried to send it; 0 for an incoming one, and for one that has not left yet. More than 1: it was repeated.
    pub attempts: u32,
    /// When the next try is due, while it waits.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub next_attempt_at: Option<Timestamp>,
    /// When we stored it.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// Which button of a question card the customer tapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnsweredCard {
    /// The id that the button was given.
    #[schema(required)]
    pub button_id: Option<String>,
    /// The provider's id of a message that has to do with the tap. TikTok does not say which; the card, by what was seen.
    #[schema(required)]
    pub provider_message_id: Option<String>,
}

impl AnsweredCard {
    fn of(content: &Content) -> Option<Self> {
        let Content::CardAnswer { button_id, card_external_id, .. } = content else { return None };
        Some(Self { button_id: button_id.clone(), provider_message_id: card_external_id.clone() })
    }
}

/// The customer, by the field names of the reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// `ctc_…`.
    #[schema(value_type = String)]
    pub id: Id<domain::contact::Contact>,
    /// Handle without `@`.
    #[schema(required)]
    pub username: Option<String>,
    /// Shown name; null until known.
    #[schema(required)]
    pub nickname: Option<String>,
    /// Address of the picture; null until known.
    #[schema(required)]
    pub avatar: Option<String>,
}

/// From the customer, or to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The customer wrote it.
    Incoming,
    /// The business side wrote it.
    Outgoing,
}

/// Where a message stands. `seen` follows from the conversation's read mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// Incoming, stored.
    Received,
    /// Waits for its turn.
    Queued,
    /// On its way.
    Sending,
    /// The provider has it.
    Sent,
    /// The customer has read it.
    Seen,
    /// The provider does not have it.
    Failed,
    /// Nobody knows: the answer was lost.
    Unconfirmed,
}

impl MessageStatus {
    /// The status of a message in a conversation that the customer has read up to `read_up_to`.
    pub fn new(message: &dm::Message, read_up_to: Option<Timestamp>) -> Self {
        match message.state {
            dm::MessageState::Received => Self::Received,
            dm::MessageState::Queued => Self::Queued,
            dm::MessageState::Sending => Self::Sending,
            dm::MessageState::Sent if read_up_to.is_some_and(|mark| message.sent_at <= mark) => Self::Seen,
            dm::MessageState::Sent => Self::Sent,
            dm::MessageState::Failed => Self::Failed,
            dm::MessageState::Unconfirmed => Self::Unconfirmed,
        }
    }
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Author {
    /// What kind of writer.
    pub kind: AuthorKind,
    /// `usr_…` or `key_…`; null for everybody else.
    #[schema(required)]
    pub id: Option<String>,
    /// Name of the member or key.
    #[schema(required)]
    pub name: Option<String>,
}

/// What kind of writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// The customer.
    Customer,
    /// A member, in the dashboard.
    Agent,
    /// A program, with a key of ours.
    ApiKey,
    /// One of our rules.
    Rule,
    /// A bot.
    Bot,
    /// TikTok's automatic message.
    AutoMessage,
    /// A person in TikTok's app or on its web page.
    TiktokApp,
    /// Another program that uses the provider's API.
    OtherApi,
}

impl Author {
    pub(super) fn new(author: &dm::Author, name: Option<&String>) -> Self {
        let (kind, id) = match author {
            dm::Author::Customer => (AuthorKind::Customer, None),
            dm::Author::Agent { id } => (AuthorKind::Agent, Some(id.to_string())),
            dm::Author::ApiKey { id } => (AuthorKind::ApiKey, id.map(|id| id.to_string())),
            dm::Author::Rule => (AuthorKind::Rule, None),
            dm::Author::Bot => (AuthorKind::Bot, None),
            dm::Author::AutoMessage => (AuthorKind::AutoMessage, None),
            dm::Author::TiktokApp => (AuthorKind::TiktokApp, None),
            dm::Author::OtherApi => (AuthorKind::OtherApi, None),
        };
        Self { kind, id, name: name.cloned() }
    }
}

/// A reaction that stands: an emoji or a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reaction {
    /// The emoji; null for a picture.
    #[schema(required)]
    pub emoji: Option<String>,
    /// The picture's address; null for an emoji.
    #[schema(required)]
    pub image_url: Option<String>,
    /// Who reacted.
    pub by: ReactionBy,
}

/// Who reacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReactionBy {
    /// The customer.
    Customer,
    /// The business side.
    Business,
}

impl From<&dm::Reaction> for Reaction {
    fn from(reaction: &dm::Reaction) -> Self {
        Self {
            emoji: reaction.image_url.is_none().then(|| reaction.key.clone()),
            image_url: reaction.image_url.clone(),
            by: if reaction.by_customer { ReactionBy::Customer } else { ReactionBy::Business },
        }
    }
}

impl From<dm::Direction> for Direction {
    fn from(direction: dm::Direction) -> Self {
        match direction {
            dm::Direction::Incoming => Self::Incoming,
            dm::Direction::Outgoing => Self::Outgoing,
        }
    }
}

impl From<&MessageRecord> for Message {
    fn from(record: &MessageRecord) -> Self {
        let (message, contact) = (&record.message, &record.contact);
        Self {
            id: message.id,
            seq: message.seq,
            channel: "dm",
            direction: message.direction.into(),
            account_id: message.account_id,
            conversation_id: message.conversation_id,
            timestamp: message.sent_at,
            user: User {
                id: contact.id,
                username: contact.username.clone(),
                nickname: contact.display_name.clone(),
                avatar: contact.avatar_url.clone(),
            },
            content: MessageContent::new(&message.content, record.media.as_ref()),
            status: MessageStatus::new(message, record.read_up_to),
            author: Author::new(&message.author, record.author_name.as_ref()),
            failure: message.failure.as_ref().map(Failure::from),
            reactions: record.reactions.iter().map(Reaction::from).collect(),
            quoted_message_id: record.quoted,
            answered_card: AnsweredCard::of(&message.content),
            answers_comment: record.comment.as_ref().map(AnsweredComment::from),
            provider_message_id: message.external_id.clone(),
            attempts: record.attempts,
            next_attempt_at: message.next_attempt_at,
            created_at: message.created_at,
        }
    }
}
