//! What a message says, as JSON: `{"type": …, "content": …}` with one shape of `content` per type.

use domain::{content as dc, media as dmedia};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::media_url;

/// The type of a message and its content, such as `{"type":"text","content":"สวัสดี"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "type", content = "content", rename_all = "snake_case")]
pub enum MessageContent {
    /// The words.
    Text(String),
    /// A picture.
    Image(MediaContent),
    /// A video.
    Video(MediaContent),
    /// A TikTok post.
    SharedPost(SharedPostContent),
    /// A sticker.
    Sticker(PictureContent),
    /// A big emoji.
    Emoji(PictureContent),
    /// A question card.
    Template(TemplateContent),
    /// Kept, but of a type that can't be shown.
    Unsupported(UnsupportedContent),
}

/// A picture or video, and whether its bytes are here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MediaContent {
    /// Its id, `med_…`.
    #[schema(value_type = Option<String>, required)]
    pub media_id: Option<String>,
    /// Where to fetch it; null until it is here.
    #[schema(required)]
    pub url: Option<String>,
    /// Whether the bytes are here.
    pub state: MediaState,
    /// Detected from the bytes, such as `image/jpeg`.
    #[schema(required)]
    pub mime: Option<String>,
    /// Pixels.
    #[schema(required)]
    pub width: Option<u32>,
    /// Pixels.
    #[schema(required)]
    pub height: Option<u32>,
    /// Bytes.
    #[schema(required)]
    pub size: Option<u64>,
}

/// Whether the bytes of a picture or video are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaState {
    /// Being fetched.
    Pending,
    /// Here.
    Ready,
    /// Could not be fetched.
    Failed,
}

/// A sticker or a big emoji.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PictureContent {
    /// Our copy once it is here, TikTok's address until then.
    pub url: String,
    /// Our copy's id, `med_…`.
    #[schema(required)]
    pub media_id: Option<String>,
}

/// A TikTok post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SharedPostContent {
    /// TikTok's player address.
    pub embed_url: String,
    /// The post's id where it is known.
    #[schema(required)]
    pub post_id: Option<String>,
}

/// A question card with one to three buttons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TemplateContent {
    /// How its buttons look.
    pub style: TemplateStyle,
    /// The question.
    pub title: String,
    /// The answers.
    pub buttons: Vec<TemplateButton>,
}

/// How the buttons of a card look; both only send their text back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateStyle {
    /// As buttons.
    Button,
    /// As links.
    Link,
}

/// One button of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TemplateButton {
    /// Comes back when it is tapped; null where none was set.
    #[schema(required)]
    pub id: Option<String>,
    /// The answer.
    pub title: String,
}

/// Something that can't be shown: its raw delivery is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnsupportedContent {
    /// The provider's name for it.
    pub type_name: String,
}

impl MessageContent {
    /// From the stored content and its media row, where it has one.
    pub fn new(content: &dc::Content, media: Option<&dmedia::Media>) -> Self {
        match content {
            dc::Content::Text { body } | dc::Content::CardAnswer { body, .. } => Self::Text(body.clone()),
            dc::Content::Image { media: id } => Self::Image(MediaContent::new(*id, media)),
            dc::Content::Video { media: id } => Self::Video(MediaContent::new(*id, media)),
            dc::Content::SharedPost { embed_url, post_id } => {
                Self::SharedPost(SharedPostContent { embed_url: embed_url.clone(), post_id: post_id.clone() })
            }
            dc::Content::Sticker { url, media: id } => Self::Sticker(PictureContent::new(url, *id, media)),
            dc::Content::Emoji { url, media: id } => Self::Emoji(PictureContent::new(url, *id, media)),
            dc::Content::Template { style, title, buttons } => Self::Template(TemplateContent {
                style: (*style).into(),
                title: title.clone(),
                buttons: buttons
                    .iter()
                    .map(|button| TemplateButton { id: button.id.clone(), title: button.title.clone() })
                    .collect(),
            }),
            dc::Content::Unsupported { type_name } => {
                Self::Unsupported(UnsupportedContent { type_name: type_name.clone() })
            }
        }
    }
}

impl MediaContent {
    fn new(id: domain::Id<dmedia::Media>, media: Option<&dmedia::Media>) -> Self {
        let state = media.map_or(MediaState::Failed, |media| media.state.into());
        Self {
            media_id: Some(id.to_string()),
            url: (state == MediaState::Ready).then(|| media_url(id)),
            state,
            mime: media.and_then(|media| media.mime.clone()),
            width: media.and_then(|media| media.width),
            height: media.and_then(|media| media.height),
            size: media.and_then(|media| media.size),
        }
    }
}

impl PictureContent {
    fn new(url: &str, id: domain::Id<dmedia::Media>, media: Option<&dmedia::Media>) -> Self {
        let here = media.is_some_and(|media| media.state == dmedia::MediaState::Ready);
        Self { url: if here { media_url(id) } else { url.to_owned() }, media_id: Some(id.to_string()) }
    }
}

impl From<dmedia::MediaState> for MediaState {
    fn from(state: dmedia::MediaState) -> Self {
        match state {
            dmedia::MediaState::Pending => Self::Pending,
            dmedia::MediaState::Ready => Self::Ready,
            dmedia::MediaState::Failed => Self::Failed,
        }
    }
}

impl From<dc::TemplateStyle> for TemplateStyle {
    fn from(style: dc::TemplateStyle) -> Self {
        match style {
            dc::TemplateStyle::Button => Self::Button,
            dc::TemplateStyle::Link => Self::Link,
        }
    }
}

impl From<TemplateStyle> for dc::TemplateStyle {
    fn from(style: TemplateStyle) -> Self {
        match style {
            TemplateStyle::Button => Self::Button,
            TemplateStyle::Link => Self::Link,
        }
    }
}
