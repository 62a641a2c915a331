//! TikTok's automatic messages: what they are, what they say, and whether they are on.
//! Written by the automatic-message calls, read from their answers and from events.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};

use super::{AutoMessageId, BusinessId, string_enum::string_enum};
use crate::{
    error::ValidationError,
    limits,
    wire::{FieldError, Fields},
};

string_enum! {
    /// The kinds of automatic message.
    AutoMessageType {
        /// Greets a user who opens the conversation.
        WelcomeMessage = "WELCOME_MESSAGE",
        /// Answers a suggested question the user tapped.
        SuggestedQuestion = "SUGGESTED_QUESTION",
        /// A prompt above the user's keyboard.
        ChatPrompt = "CHAT_PROMPT",
        /// Answers a keyword; set up in TikTok's app only.
        AutoReply = "AUTO_REPLY",
    }
}

string_enum! {
    /// What happened to an automatic message. An edited welcome message is a delete and a create.
    AutoMessageAction {
        /// Created.
        Create = "CREATE",
        /// Changed.
        Update = "UPDATE",
        /// Deleted.
        Delete = "DELETE",
        /// Switched on.
        Enable = "ENABLE",
        /// Switched off.
        Disable = "DISABLE",
    }
}

string_enum! {
    /// Where TikTok's review of an automatic message stands. It takes seconds to three hours.
    AuditStatus {
        /// Being reviewed.
        Reviewing = "REVIEWING",
        /// Approved.
        Approved = "APPROVED",
        /// Rejected.
        Rejected = "REJECTED",
    }
}

string_enum! {
    /// Whether something TikTok does in the account's name is on.
    OperationStatus {
        /// On.
        Enable = "ENABLE",
        /// Off.
        Disable = "DISABLE",
    }
}

impl AutoMessageType {
    /// Keyword answers can be set up in TikTok's app only.
    pub(crate) fn check_managed(&self) -> Result<(), ValidationError> {
        match self {
            Self::WelcomeMessage | Self::SuggestedQuestion | Self::ChatPrompt => Ok(()),
            Self::AutoReply | Self::Other(_) => Err(ValidationError::NotAllowed {
                field: "auto_message_type",
                allowed: "WELCOME_MESSAGE, SUGGESTED_QUESTION or CHAT_PROMPT",
            }),
        }
    }
}

/// The words of an automatic message.
///
/// Source: portal page 1832184584869890, read 2026-11-20.
///
/// ```
/// use tiktok::model::AutoMessageContent;
///
/// let prompt = AutoMessageContent::chat_prompt("Today's menu", "What is on the menu today?")?;
/// assert!(AutoMessageContent::chat_prompt("A title of nineteen", "?").is_err());
/// # Ok::<(), tiktok::ValidationError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AutoMessageContent {
    /// A welcome message, at most 250 characters.
    Welcome {
        /// What it says.
        content: String,
    },
    /// A suggested question and its answer, at most 80 and 200 characters.
    SuggestedQuestion {
        /// What the user taps.
        question: String,
        /// What the business answers.
        answer: String,
    },
    /// A prompt, at most 18 and 150 characters.
    ChatPrompt {
        /// What the user sees.
        title: String,
        /// What the user sends by tapping it.
        content: String,
    },
}

impl AutoMessageContent {
    /// A welcome message.
    ///
    /// # Errors
    /// A text that is empty or longer than [`limits::WELCOME_MAX`].
    pub fn welcome(content: impl Into<String>) -> Result<Self, ValidationError> {
        Self::Welcome { content: content.into() }.checked()
    }

    /// A suggested question with its answer.
    ///
    /// # Errors
    /// A text that is empty or longer than [`limits::QUESTION_MAX`] or [`limits::ANSWER_MAX`].
    pub fn suggested_question(question: impl Into<String>, answer: impl Into<String>) -> Result<Self, ValidationError> {
        Self::SuggestedQuestion { question: question.into(), answer: answer.into() }.checked()
    }

    /// A chat prompt.
    ///
    /// # Errors
    /// A text that is empty or longer than [`limits::PROMPT_TITLE_MAX`] or
    /// [`limits::PROMPT_CONTENT_MAX`].
    pub fn chat_prompt(title: impl Into<String>, content: impl Into<String>) -> Result<Self, ValidationError> {
        Self::ChatPrompt { title: title.into(), content: content.into() }.checked()
    }

    /// Which kind of automatic message it is.
    pub fn kind(&self) -> AutoMessageType {
        match self {
            Self::Welcome { .. } => AutoMessageType::WelcomeMessage,
            Self::SuggestedQuestion { .. } => AutoMessageType::SuggestedQuestion,
            Self::ChatPrompt { .. } => AutoMessageType::ChatPrompt,
        }
    }

    pub(crate) fn check(&self) -> Result<(), ValidationError> {
        let check = ValidationError::check_text;
        match self {
            Self::Welcome { content } => check("welcome_message.content", content, limits::WELCOME_MAX),
            Self::SuggestedQuestion { question, answer } => {
                check("suggested_question.question", question, limits::QUESTION_MAX)?;
                check("suggested_question.answer", answer, limits::ANSWER_MAX)
            }
            Self::ChatPrompt { title, content } => {
                check("chat_prompt.title", title, limits::PROMPT_TITLE_MAX)?;
                check("chat_prompt.content", content, limits::PROMPT_CONTENT_MAX)
            }
        }
    }

    fn checked(self) -> Result<Self, ValidationError> {
        self.check().map(|()| self)
    }

    /// Reads whichever object is there; TikTok's own sample files a prompt under
    /// `suggested_question`, so the fields decide, not the key.
    pub(crate) fn read(fields: Fields<'_>) -> Option<Self> {
        let keys = ["welcome_message", "suggested_question", "chat_prompt"];
        keys.into_iter().find_map(|key| Self::of(key, fields.object(key)?))
    }

    fn of(key: &str, object: Fields<'_>) -> Option<Self> {
        if let (Some(question), Some(answer)) = (object.filled("question"), object.filled("answer")) {
            return Some(Self::SuggestedQuestion { question, answer });
        }
        let content = object.filled("content")?;
        match object.filled("title") {
            Some(title) => Some(Self::ChatPrompt { title, content }),
            None => (key == "welcome_message").then_some(Self::Welcome { content }),
        }
    }
}

/// The object of its kind, as the calls want it: `{"welcome_message": {"content": "…"}}`.
impl Serialize for AutoMessageContent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (key, words) = match self {
            Self::Welcome { content } => ("welcome_message", json!({ "content": content })),
            Self::SuggestedQuestion { question, answer } => {
                ("suggested_question", json!({ "question": question, "answer": answer }))
            }
            Self::ChatPrompt { title, content } => ("chat_prompt", json!({ "title": title, "content": content })),
        };
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(key, &words)?;
        map.end()
    }
}

/// The automatic messages of one kind.
///
/// Source: portal page 1832184619749377, read 2026-11-20.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AutoMessages {
    /// The account.
    pub business_id: Option<BusinessId>,
    /// Whether the kind is on.
    pub status: Option<OperationStatus>,
    /// The messages; for chat prompts in their order.
    pub messages: Vec<AutoMessage>,
    /// Entries that could not be read, as received.
    pub unreadable: Vec<Value>,
}

/// One automatic message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AutoMessage {
    /// Its id.
    pub id: AutoMessageId,
    /// Its kind.
    pub kind: Option<AutoMessageType>,
    /// Where TikTok's review stands; it is shown to users once approved.
    pub audit_status: Option<AuditStatus>,
    /// Its words.
    pub content: Option<AutoMessageContent>,
}

impl AutoMessages {
    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(data, "data")?;
        let (mut messages, mut unreadable) = (Vec::new(), Vec::new());
        for value in fields.list("auto_messages") {
            match AutoMessage::read(value) {
                Ok(message) => messages.push(message),
                Err(_) => unreadable.push(value.clone()),
            }
        }
        Ok(Self {
            business_id: fields.filled("business_id"),
            status: fields.filled("operation_status"),
            messages,
            unreadable,
        })
    }
}

impl AutoMessage {
    fn read(value: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(value, "auto_messages")?;
        Ok(Self {
            id: fields.need("auto_message_id")?,
            kind: fields.filled("auto_message_type"),
            audit_status: fields.filled("audit_status"),
            content: AutoMessageContent::read(fields),
        })
    }
}

/// Whether Comment-to-Message is on: TikTok reports promising comments, and each may be answered by
/// message.
///
/// Source: portal page 1843697576682497, read 2026-11-20.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommentToMessage {
    /// The account.
    pub business_id: Option<BusinessId>,
    /// Whether it is on.
    pub status: OperationStatus,
}

impl CommentToMessage {
    pub(crate) fn read(data: &Value) -> Result<Self, FieldError> {
        let fields = Fields::of(data, "data")?;
        Ok(Self { business_id: fields.filled("business_id"), status: fields.need("operation_status")? })
    }
}
