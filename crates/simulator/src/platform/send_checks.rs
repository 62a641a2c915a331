//! What a send may contain. Lengths are counted in UTF-16 units, the strict reading of "characters".

use serde_json::Value;

use super::fields::Fields;
use crate::error::ApiError;
use crate::state::messages::{Button, Content};

/// Longest text.
const TEXT: usize = 6000;
/// Longest title of a question card, and of a button's own id.
const CARD_TITLE: usize = 40;
const BUTTON_ID: usize = 40;

/// Whom a send is for.
#[derive(Debug)]
pub(super) enum Target {
    Conversation(String),
    Comment(String),
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// `recipient` or `direct_reply`, never both.
pub(super) fn target(fields: &Fields) -> Result<Target, ApiError> {
    if let Some(reply) = fields.get("direct_reply") {
        if fields.get("recipient").is_some() || fields.get("recipient_type").is_some() {
            return Err(ApiError::param("recipient"));
        }
        if reply["reply_type"].as_str() != Some("COMMENT_REPLY") {
            return Err(ApiError::param("direct_reply.reply_type"));
        }
        let id = reply["comment_reply"]["comment_id"].as_str();
        return id
            .map(|id| Target::Comment(id.to_owned()))
            .ok_or_else(|| ApiError::param("direct_reply.comment_reply.comment_id"));
    }
    if fields.text("recipient_type")? != "CONVERSATION" {
        return Err(ApiError::param("recipient_type"));
    }
    Ok(Target::Conversation(fields.text("recipient")?.to_owned()))
}

/// The content of a message type, checked.
pub(super) fn content(fields: &Fields, kind: &str) -> Result<Content, ApiError> {
    match kind {
        "TEXT" => {
            let body = fields.nested(["text", "body"])?;
            if units(body) > TEXT {
                return Err(ApiError::param("text.body"));
            }
            Ok(Content::Text { body: body.to_owned() })
        }
        "IMAGE" => Ok(Content::Image { media_id: fields.nested(["image", "media_id"])?.to_owned() }),
        "SHARE_POST" => {
            let post_id = fields.nested(["share_post", "item_id"])?;
            if !post_id.bytes().all(|b| b.is_ascii_digit()) {
                return Err(ApiError::param("share_post.item_id"));
            }
            Ok(Content::SharePost { post_id: post_id.to_owned() })
        }
        "TEMPLATE" => template(fields),
        _ => Err(ApiError::param("message_type")),
    }
}

fn template(fields: &Fields) -> Result<Content, ApiError> {
    let style = fields.nested(["template", "type"])?;
    let title_limit = match style {
        "QA_BUTTON_CARD" => 20,
        "QA_LINK_CARD" => 40,
        _ => return Err(ApiError::param("template.type")),
    };
    let title = fields.nested(["template", "title"])?;
    if units(title) > CARD_TITLE {
        return Err(ApiError::param("template.title"));
    }
    let buttons =
        fields.get("template").and_then(|one| one["buttons"].as_array()).filter(|all| (1..=3).contains(&all.len()));
    let buttons = buttons.ok_or_else(|| ApiError::param("template.buttons"))?;
    let buttons = buttons.iter().map(|one| button(one, title_limit)).collect::<Result<Vec<_>, _>>()?;
    Ok(Content::Template { style: style.to_owned(), title: title.to_owned(), buttons })
}

fn button(one: &Value, title_limit: usize) -> Result<Button, ApiError> {
    if one["type"].as_str() != Some("REPLY") {
        return Err(ApiError::param("template.buttons.type"));
    }
    let title = one["title"].as_str().filter(|title| !title.is_empty() && units(title) <= title_limit);
    let title = title.ok_or_else(|| ApiError::param("template.buttons.title"))?;
    let id = match &one["id"] {
        Value::Null => None,
        Value::String(id) if units(id) <= BUTTON_ID => Some(id.clone()),
        _ => return Err(ApiError::param("template.buttons.id")),
    };
    Ok(Button { id, title: title.to_owned() })
}
