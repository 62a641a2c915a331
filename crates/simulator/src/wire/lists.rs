//! Conversations and messages as `conversation/list/` and `content/list/` tell them: enums in upper case.
//! Shapes: portal pages 1832184415059970 and 1832184425841170, read 2026-11.

use serde_json::{Value, json};

use super::events::{absolute, embed_url};
use crate::state::businesses::Business;
use crate::state::conversations::Conversation;
use crate::state::customers::Customer;
use crate::state::messages::{Content, Message};

/// One row of `conversation/list/`. `ad.timestamp` is in seconds here, unlike in webhooks.
pub(crate) fn conversation(one: &Conversation) -> Value {
    let mut referral = json!({});
    if !one.ads.is_empty() {
        let ads = one.ads.iter().map(|ad| {
            let mut ad = ad.clone();
            ad["timestamp"] = json!(ad["timestamp"].as_i64().unwrap_or_default().div_euclid(1000));
            ad
        });
        referral["ad"] = ads.collect();
    }
    if !one.short_links.is_empty() {
        referral["short_link"] = json!(one.short_links);
    }
    json!({"conversation_id": one.id, "update_time": one.updated_at, "referral": referral})
}

/// Address of a generated avatar, good for a day.
pub(crate) fn avatar(base_url: &str, username: &str, now: i64) -> String {
    let expires = now.div_euclid(1000) + 86_400;
    format!("{base_url}/sim/avatars/{username}.svg?x-expires={expires}")
}

/// The two `participants`.
pub(crate) fn participants(business: &Business, customer: &Customer, base_url: &str, now: i64) -> Value {
    json!([
        {
            "id": business.open_id, "role": "BUSINESS_ACCOUNT",
            "display_name": business.display_name, "profile_image": avatar(base_url, &business.username, now),
        },
        {
            "id": customer.id, "role": "PERSONAL_ACCOUNT",
            "display_name": customer.display_name, "profile_image": avatar(base_url, &customer.username, now),
            "is_follower": customer.is_follower,
        },
    ])
}

fn content_of(content: &Content, base_url: &str) -> (&'static str, Option<(&'static str, Value)>) {
    match content {
        Content::Text { body } => ("TEXT", Some(("text", json!({"body": body})))),
        Content::Image { media_id } => ("IMAGE", Some(("image", json!({"media_id": media_id})))),
        Content::Video { media_id } => ("VIDEO", Some(("video", json!({"media_id": media_id})))),
        Content::SharePost { post_id } => {
            ("SHARE_POST", Some(("share_post", json!({"embed_url": embed_url(post_id)}))))
        }
        Content::Sticker { url } => ("STICKER", Some(("sticker", json!({"url": absolute(base_url, url)})))),
        Content::Emoji { url } => ("EMOJI", Some(("emoji", json!({"url": absolute(base_url, url)})))),
        Content::Template { style, title, buttons } => {
            let buttons: Vec<Value> = buttons
                .iter()
                .map(|button| {
                    let mut one = json!({"type": "REPLY", "title": button.title});
                    if let Some(id) = &button.id {
                        one["id"] = json!(id);
                    }
                    one
                })
                .collect();
            ("TEMPLATE", Some(("template", json!({"type": style, "title": title, "buttons": buttons}))))
        }
        Content::Unknown { .. } => ("OTHER", None),
    }
}

/// One of `messages` of `content/list/`.
pub(crate) fn message(
    business: &Business,
    customer: &Customer,
    conversation_id: &str,
    message: &Message,
    base_url: &str,
) -> Value {
    let business_user = json!({"id": business.open_id, "role": "BUSINESS_ACCOUNT"});
    let customer_user = json!({"id": customer.id, "role": "PERSONAL_ACCOUNT"});
    let (sender, recipient, from, to) = if message.from_business {
        (&business.username, &customer.username, business_user, customer_user)
    } else {
        (&customer.username, &business.username, customer_user, business_user)
    };
    let (name, content) = content_of(&message.content, base_url);
    let mut out = json!({
        "sender": sender, "recipient": recipient, "from_user": from, "to_user": to,
        "conversation_id": conversation_id, "message_id": message.message_id, "timestamp": message.timestamp,
        "message_tag": {"source": message.source}, "message_type": name,
    });
    if let Some((key, value)) = content {
        out[key] = value;
    }
    if let Some(auto) = &message.auto_message_type {
        out["auto_message_type"] = json!(auto);
    }
    if let Some(quoted) = &message.quoted_message_id {
        out["referenced_message_info"] = json!({"referenced_message_id": quoted});
    }
    if !message.reactions.is_empty() {
        out["reactions"] = message.reactions.iter().map(reaction).collect();
    }
    out
}

fn reaction(one: &crate::state::messages::Reaction) -> Value {
    let mut out = json!({
        "type": if one.ai_emoji_url.is_some() { "AI_EMOJI" } else { "EMOJI" },
        "unique_identifier": one.unique_identifier,
        "timestamp": one.timestamp,
    });
    if let Some(emoji) = &one.emoji {
        out["emoji"] = json!(emoji);
    }
    if let Some(url) = &one.ai_emoji_url {
        out["ai_emoji_url"] = json!(url);
    }
    out
}
