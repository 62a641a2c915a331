//! What a message says, one variant per documented type.
//! Whatever does not fit a variant becomes `Unsupported` with the raw JSON: nothing is dropped.

use serde_json::Value;

use super::{MediaId, PostId, Reaction, Template};
use crate::wire::{FieldError, Fields};

/// The content of a message.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MessageContent {
    /// Plain text, at most 6,000 characters. A tapped card button arrives as text too.
    Text(String),
    /// A picture; fetch it with `download_media` and `MediaType::Image`.
    Image {
        /// Good for 30 days.
        media_id: MediaId,
    },
    /// A video; fetch it with `download_media` and `MediaType::Video`.
    Video {
        /// Good for 30 days.
        media_id: MediaId,
    },
    /// A shared TikTok post. At least one field is set.
    SharePost {
        /// Address of the player; shows nothing if the post is not public.
        embed_url: Option<String>,
        /// The post; webhooks only.
        post_id: Option<PostId>,
    },
    /// A sticker.
    Sticker {
        /// Address of the picture, good for 30 days.
        url: String,
    },
    /// One of TikTok's large emoji.
    Emoji {
        /// Address of the picture; does not expire.
        url: String,
    },
    /// Reactions to an earlier message. Webhooks only; normally one.
    Reaction(Vec<Reaction>),
    /// A card with buttons, sent by the business.
    Template(Template),
    /// A type without a documented shape (`OTHER`), a future one, or a known one in an
    /// unexpected shape.
    Unsupported {
        /// The type as sent. Example `hologram`; empty if there was none.
        type_name: String,
        /// The whole message as received.
        raw: Value,
    },
}

impl MessageContent {
    pub(crate) fn read(value: &Value, fields: Fields<'_>) -> Self {
        let type_name = fields.text("type").or_else(|| fields.text("message_type")).unwrap_or_default();
        Self::known(&type_name.to_ascii_lowercase(), fields)
            .ok()
            .flatten()
            .unwrap_or_else(|| Self::Unsupported { type_name, raw: value.clone() })
    }

    fn known(type_name: &str, fields: Fields<'_>) -> Result<Option<Self>, FieldError> {
        Ok(Some(match type_name {
            "text" => Self::Text(fields.need_object("text")?.need_text("body")?),
            "image" => Self::Image { media_id: fields.need_object("image")?.need("media_id")? },
            "video" => Self::Video { media_id: fields.need_object("video")?.need("media_id")? },
            "sticker" => Self::Sticker { url: fields.need_object("sticker")?.need("url")? },
            "emoji" => Self::Emoji { url: fields.need_object("emoji")?.need("url")? },
            "share_post" => {
                let post = fields.need_object("share_post")?;
                let (embed_url, post_id) = (post.filled("embed_url"), post.filled("video_id"));
                if embed_url.is_none() && post_id.is_none() {
                    return Ok(None);
                }
                Self::SharePost { embed_url, post_id }
            }
            "reaction" => {
                let reactions = fields.list("reaction").iter();
                let reactions =
                    reactions.map(|reaction| Reaction::read(reaction, None)).collect::<Result<Vec<_>, _>>()?;
                if reactions.is_empty() {
                    return Ok(None);
                }
                Self::Reaction(reactions)
            }
            "template" => Self::Template(Template::read(fields.need_object("template")?)?),
            _ => return Ok(None),
        }))
    }
}
