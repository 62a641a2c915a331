//! What a message says, in our own words: one shape for every provider, kept as JSON.

use serde::{Deserialize, Serialize};

use crate::{id::Id, media::Media};

/// The content of a message. Tagged by `type` in JSON, such as `{"type":"text","body":"สวัสดี"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// Plain text, at most 6,000 UTF-16 units when we send it.
    Text {
        /// The words.
        body: String,
    },
    /// Words that the customer sent by tapping a button of a card. TikTok tells of it as of a text.
    CardAnswer {
        /// The button's title.
        body: String,
        /// The id that we gave the button.
        button_id: Option<String>,
        /// The provider's id of a message that has to do with the tap: the card, by what was seen so far; TikTok does not say.
        card_external_id: Option<String>,
    },
    /// A picture, copied to our own store.
    Image {
        /// Where it is kept; its state says whether it has arrived.
        media: Id<Media>,
    },
    /// A video that the customer sent (TikTok's API can't send one).
    Video {
        /// Where it is kept.
        media: Id<Media>,
    },
    /// A TikTok post.
    SharedPost {
        /// TikTok's player address.
        embed_url: String,
        /// The post's id where the provider names it.
        post_id: Option<String>,
    },
    /// A sticker; TikTok's address lives 30 days, so it is copied.
    Sticker {
        /// The provider's address.
        url: String,
        /// Our copy.
        media: Id<Media>,
    },
    /// A big emoji; TikTok's address does not expire, copied all the same.
    Emoji {
        /// The provider's address.
        url: String,
        /// Our copy.
        media: Id<Media>,
    },
    /// A question card with one to three buttons.
    Template {
        /// `button` or `link`; both only send their text back.
        style: TemplateStyle,
        /// At most 40 characters.
        title: String,
        /// One to three.
        buttons: Vec<TemplateButton>,
    },
    /// Something we can't show: kept raw in its delivery, never dropped.
    Unsupported {
        /// The provider's name for it.
        type_name: String,
    },
}

impl Content {
    /// Its type by the name of the API. What was sent by tapping a card is a text there, as it is for TikTok.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Text { .. } | Self::CardAnswer { .. } => "text",
            Self::Image { .. } => "image",
            Self::Video { .. } => "video",
            Self::SharedPost { .. } => "shared_post",
            Self::Sticker { .. } => "sticker",
            Self::Emoji { .. } => "emoji",
            Self::Template { .. } => "template",
            Self::Unsupported { .. } => "unsupported",
        }
    }

    /// The words a list row shows and search reads; empty where there are none.
    pub fn words(&self) -> &str {
        match self {
            Self::Text { body } | Self::CardAnswer { body, .. } => body,
            Self::Template { title, .. } => title,
            _ => "",
        }
    }

    /// The media row that belongs to it.
    pub const fn media(&self) -> Option<Id<Media>> {
        match self {
            Self::Image { media } | Self::Video { media } | Self::Sticker { media, .. } | Self::Emoji { media, .. } => {
                Some(*media)
            }
            _ => None,
        }
    }

    /// One of the account's own posts, by its id, with the address of TikTok's player for it.
    pub fn own_post(post_id: String) -> Self {
        let embed_url = format!("https://www.tiktok.com/player/v1/{post_id}");
        Self::SharedPost { embed_url, post_id: Some(post_id) }
    }
}

/// The post that a player's address names: its last part that is all digits.
pub fn post_of(embed_url: &str) -> Option<&str> {
    let path = embed_url.split(['?', '#']).next()?;
    path.rsplit('/').find(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The two cards of TikTok's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateStyle {
    /// `QA_BUTTON_CARD`.
    Button,
    /// `QA_LINK_CARD`: looks like a link, only sends its text back.
    Link,
}

/// One button of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateButton {
    /// Our own value, comes back when it is tapped.
    pub id: Option<String>,
    /// At most 20 (button) or 40 (link) characters.
    pub title: String,
}

/// Line ends and outer blanks differ between what we send and what TikTok echoes; nothing else may.
pub(crate) fn same_words(ours: &str, said: &str) -> bool {
    let normal = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    normal(ours) == normal(said)
}
