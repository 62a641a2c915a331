//! One message of a conversation, in neither of TikTok's two notations: `wire` writes those.

use serde::Serialize;

/// A button of a question card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Button {
    /// The sender's own id, e.g. `opt_menu`; may be absent.
    pub id: Option<String>,
    /// What it says, e.g. `ดูเมนู`.
    pub title: String,
}

/// What a message holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// Plain text.
    Text {
        /// The words.
        body: String,
    },
    /// A picture.
    Image {
        /// From `/sim/media` or the API's upload.
        media_id: String,
    },
    /// A video of the customer.
    Video {
        /// From `/sim/media`.
        media_id: String,
    },
    /// A TikTok post.
    SharePost {
        /// Post id, 19 digits.
        post_id: String,
    },
    /// A sticker, its address lives 30 days.
    Sticker {
        /// Where it is.
        url: String,
    },
    /// A big emoji, its address does not expire.
    Emoji {
        /// Where it is.
        url: String,
    },
    /// A question card.
    Template {
        /// `QA_BUTTON_CARD` or `QA_LINK_CARD`.
        style: String,
        /// The question.
        title: String,
        /// One to three answers.
        buttons: Vec<Button>,
    },
    /// A type of the future.
    Unknown {
        /// Its made-up name, e.g. `hologram`.
        type_name: String,
    },
}

/// A reaction on a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reaction {
    /// The emoji; absent for an AI emoji.
    pub emoji: Option<String>,
    /// Picture of an AI emoji.
    pub ai_emoji_url: Option<String>,
    /// Who reacted (`unique_identifier`).
    pub unique_identifier: String,
    /// When, Unix ms.
    pub timestamp: i64,
}

/// The card button a customer tapped to write this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TappedButton {
    /// The card.
    pub message_id: String,
    /// The button's own id.
    pub button_id: String,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_field_names, reason = "TikTok's own name")]
pub struct Message {
    /// Base64-like, contains `+`, `/`, `=`.
    pub message_id: String,
    /// Grows with every message made; breaks ties of time.
    pub order: u64,
    /// When it was sent, Unix ms.
    pub timestamp: i64,
    /// True when the business sent it.
    pub from_business: bool,
    /// `APP`, `WEB`, `API`, `OTHERS`.
    pub source: String,
    /// `WELCOME_MESSAGE`, `SUGGESTED_QUESTION`, `AUTO_REPLY` when TikTok sent it by itself.
    pub auto_message_type: Option<String>,
    /// What it holds.
    pub content: Content,
    /// The message it answers.
    pub quoted_message_id: Option<String>,
    /// The card button behind it.
    pub tapped: Option<TappedButton>,
    /// Reactions still standing.
    pub reactions: Vec<Reaction>,
}

impl Message {
    pub(crate) fn new(
        ids: &mut crate::signing::Ids,
        timestamp: i64,
        from_business: bool,
        source: &str,
        content: Content,
    ) -> Self {
        let message_id = ids.message();
        Self {
            message_id,
            order: ids.count(),
            timestamp,
            from_business,
            source: source.to_owned(),
            auto_message_type: None,
            content,
            quoted_message_id: None,
            tapped: None,
            reactions: Vec::new(),
        }
    }
}
