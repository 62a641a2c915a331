//! TikTok's automatic messages as they appear in messages and events.

use super::string_enum::string_enum;
use crate::wire::Fields;

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

/// The words of an automatic message.
///
/// Source: portal page 1832184584869890, read 2026-11-20.
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
    /// Reads whichever object is there; TikTok's own sample files a prompt under
    /// `suggested_question`, so the fields decide, not the key.
    pub(crate) fn read(fields: Fields<'_>) -> Option<Self> {
        if let Some(welcome) = fields.object("welcome_message") {
            return Some(Self::Welcome { content: welcome.text("content")? });
        }
        let object = fields.object("suggested_question").or_else(|| fields.object("chat_prompt"))?;
        if let (Some(question), Some(answer)) = (object.text("question"), object.text("answer")) {
            return Some(Self::SuggestedQuestion { question, answer });
        }
        Some(Self::ChatPrompt { title: object.text("title")?, content: object.text("content")? })
    }
}
