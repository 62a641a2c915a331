//! Contents of webhooks: enums in lower case, times in milliseconds, `content` a string of JSON.
//! Shapes: portal page 1832190670631937 as retold by working integrations, read 2026-11.

use serde_json::{Map, Value, json};

use crate::state::auto_messages::AutoMessage;
use crate::state::businesses::Business;
use crate::state::comments::Comment;
use crate::state::conversations::Conversation;
use crate::state::customers::Customer;
use crate::state::messages::{Content, Message, Reaction};

/// The body of one webhook; `create_time` in seconds.
pub(crate) fn envelope(app_id: &str, event: &str, now_ms: i64, open_id: &str, content: &str) -> Value {
    json!({"client_key": app_id, "event": event, "create_time": now_ms.div_euclid(1000), "user_openid": open_id, "content": content})
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Fields every event between two people has.
fn base(
    business: &Business,
    customer: &Customer,
    from_business: bool,
    conversation_id: Option<&str>,
    timestamp: i64,
) -> Map<String, Value> {
    let business_user = json!({"id": business.open_id, "role": "business_account"});
    let customer_user = json!({"id": customer.id, "role": "personal_account"});
    let mut map = if from_business {
        object(
            json!({"from": business.username, "to": customer.username, "from_user": business_user, "to_user": customer_user}),
        )
    } else {
        object(
            json!({"from": customer.username, "to": business.username, "from_user": customer_user, "to_user": business_user}),
        )
    };
    map.insert("unique_identifier".to_owned(), json!(customer.id));
    map.insert("timestamp".to_owned(), json!(timestamp));
    if let Some(id) = conversation_id {
        map.insert("conversation_id".to_owned(), json!(id));
    }
    map
}

/// `(type, value)` of a message's content in webhooks.
fn content_of(content: &Content, base_url: &str) -> (String, Value) {
    let (name, value) = match content {
        Content::Text { body } => ("text", json!({"body": body})),
        Content::Image { media_id } => ("image", json!({"media_id": media_id})),
        Content::Video { media_id } => ("video", json!({"media_id": media_id})),
        Content::SharePost { post_id } => ("share_post", json!({"embed_url": embed_url(post_id), "video_id": post_id})),
        Content::Sticker { url } => ("sticker", json!({"url": absolute(base_url, url)})),
        Content::Emoji { url } => ("emoji", json!({"url": absolute(base_url, url)})),
        Content::Template { style, title, buttons } => {
            let buttons: Vec<Value> = buttons
                .iter()
                .map(|button| {
                    let mut one = json!({"text": button.title, "type": "REPLY"});
                    if let Some(id) = &button.id {
                        one["id"] = json!(id);
                    }
                    one
                })
                .collect();
            ("template", json!({"type": style.to_lowercase(), "elements": [{"title": title, "buttons": buttons}]}))
        }
        Content::Unknown { type_name } => return (type_name.clone(), json!({"id": "x1"})),
    };
    (name.to_owned(), value)
}

/// The player address of a post.
pub(crate) fn embed_url(post_id: &str) -> String {
    format!("https://www.tiktok.com/player/v1/{post_id}?music_info=1&description=1")
}

/// Addresses on the simulator itself are kept relative until the moment they are told.
pub(crate) fn absolute(base_url: &str, url: &str) -> String {
    if url.starts_with('/') { format!("{base_url}{url}") } else { url.to_owned() }
}

/// `im_receive_msg` or `im_send_msg`.
pub(crate) fn message(
    business: &Business,
    customer: &Customer,
    conversation_id: &str,
    message: &Message,
    base_url: &str,
) -> Value {
    let mut map = base(business, customer, message.from_business, Some(conversation_id), message.timestamp);
    let (name, value) = content_of(&message.content, base_url);
    map.insert("message_id".to_owned(), json!(message.message_id));
    map.insert(name.clone(), value);
    map.insert("type".to_owned(), json!(name));
    map.insert("scene_type".to_owned(), json!(0));
    map.insert("is_follower".to_owned(), json!(customer.is_follower));
    map.insert("message_tag".to_owned(), json!({"source": message.source}));
    if let Some(auto) = &message.auto_message_type {
        map.insert("auto_message_type".to_owned(), json!(auto));
    }
    if let Some(quoted) = &message.quoted_message_id {
        map.insert("referenced_message_info".to_owned(), json!({"referenced_message_id": quoted}));
    }
    if let Some(tapped) = &message.tapped {
        let payload = json!({"reply_source_msg_id": tapped.message_id, "reply_source_unique_id": tapped.button_id});
        map.insert("reply_source_payload".to_owned(), payload);
    }
    Value::Object(map)
}

/// `im_receive_msg` of type reaction.
pub(crate) fn reaction(
    business: &Business,
    customer: &Customer,
    conversation_id: &str,
    message_id: &str,
    original: &str,
    reaction: &Reaction,
    removed: bool,
) -> Value {
    let mut map = base(business, customer, false, Some(conversation_id), reaction.timestamp);
    let mut one = json!({
        "operation": if removed { "REMOVE" } else { "ADD" },
        "type": if reaction.ai_emoji_url.is_some() { "AI_EMOJI" } else { "EMOJI" },
        "unique_identifier": reaction.unique_identifier,
        "timestamp": reaction.timestamp,
        "original_msg_id": original,
    });
    if let Some(emoji) = &reaction.emoji {
        one["emoji"] = json!(emoji);
    }
    if let Some(url) = &reaction.ai_emoji_url {
        one["ai_emoji_url"] = json!(url);
    }
    map.insert("message_id".to_owned(), json!(message_id));
    map.insert("type".to_owned(), json!("reaction"));
    map.insert("reaction".to_owned(), json!([one]));
    map.insert("scene_type".to_owned(), json!(0));
    map.insert("is_follower".to_owned(), json!(customer.is_follower));
    map.insert("message_tag".to_owned(), json!({"source": "APP"}));
    Value::Object(map)
}

/// `im_receive_msg_eu`: no sender, no conversation, no words.
pub(crate) fn withheld(business: &Business, timestamp: i64) -> Value {
    json!({"to": business.username, "to_user": {"id": business.open_id, "role": "business_account"}, "timestamp": timestamp})
}

/// `im_mark_read_msg`: everything up to `last_read` (ms) was read.
pub(crate) fn mark_read(
    business: &Business,
    customer: &Customer,
    conversation: &Conversation,
    last_read: i64,
    now: i64,
) -> Value {
    let mut map = base(business, customer, false, Some(&conversation.id), now);
    map.insert("read".to_owned(), json!({"last_read_timestamp": last_read}));
    Value::Object(map)
}

/// `im_referral_msg`; `referral` is `{source, ad}` or `{source, short_link}`.
pub(crate) fn referral(
    business: &Business,
    customer: &Customer,
    conversation_id: &str,
    referral: &Value,
    now: i64,
) -> Value {
    let mut map = base(business, customer, false, Some(conversation_id), now);
    map.insert("is_follower".to_owned(), json!(customer.is_follower));
    map.insert("referral".to_owned(), referral.clone());
    Value::Object(map)
}

/// `im_receive_high_intent_comment`.
pub(crate) fn high_intent_comment(
    business: &Business,
    customer: &Customer,
    comment_id: &str,
    text: &str,
    now: i64,
) -> Value {
    let mut map = base(business, customer, false, None, now);
    map.insert("comment_id".to_owned(), json!(comment_id));
    map.insert("comment_text".to_owned(), json!(text));
    map.insert("is_follower".to_owned(), json!(customer.is_follower));
    Value::Object(map)
}

/// `comment.update`: ids are bare numbers, `parent_comment_id` 0 at first level, `text` only with a new comment.
pub(crate) fn comment_update(
    customer: &Customer,
    comment: &Comment,
    action: &str,
    text: Option<&str>,
    now: i64,
) -> Value {
    let number = |id: &str| id.parse::<u64>().unwrap_or_default();
    let mut map = object(json!({
        "comment_id": number(&comment.id),
        "video_id": number(&comment.video_id),
        "parent_comment_id": comment.parent.as_deref().map_or(0, number),
        "comment_type": if comment.parent.is_some() { "reply" } else { "comment" },
        "comment_action": action,
        "unique_identifier": customer.id,
        "timestamp": now,
    }));
    if let Some(text) = text {
        map.insert("text".to_owned(), json!(text));
    }
    Value::Object(map)
}

/// `im_auto_message_config_update`; `action` is `CREATE`, `UPDATE`, `DELETE`, `ENABLE` or `DISABLE`.
pub(crate) fn auto_message_config(message: &AutoMessage, action: &str, now: i64) -> Value {
    let (name, words) = message.object();
    let mut content = json!({
        "auto_message_id": message.auto_message_id,
        "auto_message_type": message.auto_message_type.name(),
        "auto_message_action": action,
        "timestamp": now,
    });
    content[name] = words;
    content
}
