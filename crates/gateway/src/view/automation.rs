//! What TikTok does by itself for an account, as JSON: automatic messages with their review, Comment-to-Message, the history.

use domain::{Id, Timestamp, automation as da, delivery::Delivery};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::automation::{Comments, Entry, Overview};

/// The kinds of automatic message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AutoMessageKind {
    /// Greets whoever opens the conversation; one per account, can't be deleted.
    Welcome,
    /// A question to tap, with its answer; three per account.
    SuggestedQuestion,
    /// A button that writes for the customer; six per account, in an order.
    ChatPrompt,
}

/// The words of an automatic message. Lengths are UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AutoMessageWords {
    /// Of a welcome message.
    Welcome {
        /// What it says; 1 to 250.
        content: String,
    },
    /// Of a suggested question.
    SuggestedQuestion {
        /// What the customer taps; 1 to 80.
        question: String,
        /// What the business answers; 1 to 200.
        answer: String,
    },
    /// Of a chat prompt.
    ChatPrompt {
        /// What the customer sees; 1 to 18.
        title: String,
        /// What the customer sends by tapping it; 1 to 150.
        content: String,
    },
}

/// Where TikTok's review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Not shown yet, and not to be edited.
    Reviewing,
    /// Shown while its kind is on.
    Approved,
    /// Not shown; other words are reviewed anew.
    Rejected,
    /// TikTok does not say.
    Unknown,
}

/// One automatic message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AutoMessage {
    /// TikTok's id; an edited welcome message may get another one.
    pub id: String,
    /// Where its review stands.
    pub review: Review,
    /// Its words; null where they could not be read.
    #[schema(required)]
    pub words: Option<AutoMessageWords>,
}

/// The automatic messages of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AutoMessages {
    /// Which kind.
    pub kind: AutoMessageKind,
    /// Whether the kind is on; null where TikTok does not say.
    #[schema(required)]
    pub enabled: Option<bool>,
    /// In TikTok's order.
    pub messages: Vec<AutoMessage>,
}

/// TikTok's own words on why something is not available.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unavailable {
    /// TikTok's code, such as 40001.
    #[schema(required)]
    pub code: Option<i64>,
    /// TikTok's words.
    pub detail: String,
    /// TikTok's id of the request, for its support.
    #[schema(required)]
    pub request_id: Option<String>,
}

/// Comment-to-Message: TikTok reports promising comments, and each may be answered by message once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommentToMessage {
    /// Whether it is on; null where TikTok does not say or it is unavailable.
    #[schema(required)]
    pub enabled: Option<bool>,
    /// Why the account can't have it; null where it can, or where TikTok says so only when it is switched.
    #[schema(required)]
    pub unavailable: Option<Unavailable>,
}

/// Everything TikTok does by itself for an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Automation {
    /// One entry for each kind.
    pub kinds: Vec<AutoMessages>,
    /// See there.
    pub comment_to_message: CommentToMessage,
}

/// What happened to an automatic message. An edited welcome message is told as deleted and created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AutoMessageChange {
    /// Written.
    Created,
    /// Other words.
    Updated,
    /// Gone.
    Deleted,
    /// Its kind was switched on.
    Enabled,
    /// Its kind was switched off.
    Disabled,
    /// The review ended well.
    Approved,
    /// The review ended badly.
    Rejected,
    /// Something there is no word for.
    Other,
}

/// One entry of the history of automatic messages, as a webhook told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AutoMessageEvent {
    /// The webhook that told it, `dlv_…`.
    #[schema(value_type = String)]
    pub id: Id<Delivery>,
    /// TikTok's id of the automatic message.
    pub message_id: String,
    /// Its kind; null for one that can't be managed from here.
    #[schema(required)]
    pub kind: Option<AutoMessageKind>,
    /// What happened.
    pub change: AutoMessageChange,
    /// Its words, where they were told: with changes, not with reviews.
    #[schema(required)]
    pub words: Option<AutoMessageWords>,
    /// When, by TikTok's clock where it says, else when it came in.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl From<da::AutoMessageKind> for AutoMessageKind {
    fn from(kind: da::AutoMessageKind) -> Self {
        match kind {
            da::AutoMessageKind::Welcome => Self::Welcome,
            da::AutoMessageKind::SuggestedQuestion => Self::SuggestedQuestion,
            da::AutoMessageKind::ChatPrompt => Self::ChatPrompt,
        }
    }
}

impl From<AutoMessageKind> for da::AutoMessageKind {
    fn from(kind: AutoMessageKind) -> Self {
        match kind {
            AutoMessageKind::Welcome => Self::Welcome,
            AutoMessageKind::SuggestedQuestion => Self::SuggestedQuestion,
            AutoMessageKind::ChatPrompt => Self::ChatPrompt,
        }
    }
}

impl From<da::AutoMessageWords> for AutoMessageWords {
    fn from(words: da::AutoMessageWords) -> Self {
        match words {
            da::AutoMessageWords::Welcome { content } => Self::Welcome { content },
            da::AutoMessageWords::SuggestedQuestion { question, answer } => {
                Self::SuggestedQuestion { question, answer }
            }
            da::AutoMessageWords::ChatPrompt { title, content } => Self::ChatPrompt { title, content },
        }
    }
}

impl From<AutoMessageWords> for da::AutoMessageWords {
    fn from(words: AutoMessageWords) -> Self {
        match words {
            AutoMessageWords::Welcome { content } => Self::Welcome { content },
            AutoMessageWords::SuggestedQuestion { question, answer } => Self::SuggestedQuestion { question, answer },
            AutoMessageWords::ChatPrompt { title, content } => Self::ChatPrompt { title, content },
        }
    }
}

impl From<da::AutoMessage> for AutoMessage {
    fn from(message: da::AutoMessage) -> Self {
        let review = match message.review {
            da::Review::Reviewing => Review::Reviewing,
            da::Review::Approved => Review::Approved,
            da::Review::Rejected => Review::Rejected,
            da::Review::Unknown => Review::Unknown,
        };
        Self { id: message.id, review, words: message.words.map(Into::into) }
    }
}

impl From<Overview> for Automation {
    fn from(overview: Overview) -> Self {
        let of_kind = |one: da::AutoMessages| AutoMessages {
            kind: one.kind.into(),
            enabled: one.enabled,
            messages: one.messages.into_iter().map(Into::into).collect(),
        };
        let comment_to_message = match overview.comments {
            Comments::Is(enabled) => CommentToMessage { enabled, unavailable: None },
            Comments::Unavailable { code, detail, request_id } => {
                CommentToMessage { enabled: None, unavailable: Some(Unavailable { code, detail, request_id }) }
            }
        };
        Self { kinds: overview.kinds.into_iter().map(of_kind).collect(), comment_to_message }
    }
}

impl From<Entry> for AutoMessageEvent {
    fn from(entry: Entry) -> Self {
        let Entry { delivery, received_at, event } = entry;
        Self {
            id: delivery,
            message_id: event.message,
            kind: event.kind.map(Into::into),
            change: match event.change {
                da::AutoMessageChange::Created => AutoMessageChange::Created,
                da::AutoMessageChange::Updated => AutoMessageChange::Updated,
                da::AutoMessageChange::Deleted => AutoMessageChange::Deleted,
                da::AutoMessageChange::Enabled => AutoMessageChange::Enabled,
                da::AutoMessageChange::Disabled => AutoMessageChange::Disabled,
                da::AutoMessageChange::Approved => AutoMessageChange::Approved,
                da::AutoMessageChange::Rejected => AutoMessageChange::Rejected,
                da::AutoMessageChange::Other => AutoMessageChange::Other,
            },
            words: event.words.map(Into::into),
            at: event.at.unwrap_or(received_at),
        }
    }
}
