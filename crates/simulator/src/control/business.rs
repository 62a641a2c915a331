//! The business's side outside the API: replies typed in TikTok's app or on the web, and TikTok's automatic messages.
//! Also the echo every message of a business leaves, shared with `message/send/`.

use serde::Deserialize;

use super::customer::{CustomerMessage, Written, accept, content_of};
use crate::error::ControlError;
use crate::simulator::Simulator;
use crate::state::messages::Message;
use crate::state::webhooks::Event;
use crate::state::{State, go_json};
use crate::wire::events;

/// A reply that does not come through the API.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct AppReply {
    /// Handle of the business.
    pub business: String,
    /// Handle of the customer.
    pub customer: String,
    /// `text` (default), `image`, `video`, `share_post`, `sticker`, `emoji`.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// Words of a text.
    #[serde(default)]
    pub text: Option<String>,
    /// From `put_media`.
    #[serde(default)]
    pub media_id: Option<String>,
    /// Post id.
    #[serde(default)]
    pub post_id: Option<String>,
    /// `APP` (default), `WEB`, `OTHERS`.
    #[serde(default)]
    pub source: Option<String>,
    /// `WELCOME_MESSAGE`, `SUGGESTED_QUESTION` or `AUTO_REPLY`: TikTok sent it by itself (source `OTHERS`).
    #[serde(default)]
    pub auto_message_type: Option<String>,
    /// The message answered.
    #[serde(default)]
    pub quote: Option<String>,
    /// When it was written, Unix ms; default now.
    #[serde(default)]
    pub at: Option<i64>,
}

impl AppReply {
    /// A text typed in TikTok's app.
    pub fn text(business: &str, customer: &str, text: &str) -> Self {
        Self {
            business: business.to_owned(),
            customer: customer.to_owned(),
            text: Some(text.to_owned()),
            ..Self::default()
        }
    }
}

impl Simulator {
    /// The business answers in TikTok's app, on the web, or automatically. The rules are not enforced, but it counts.
    pub fn app_reply(&self, reply: &AppReply) -> Result<Written, ControlError> {
        let now = self.now_ms();
        let at = reply.at.unwrap_or(now);
        let auto = reply.auto_message_type.as_deref();
        if auto.is_some_and(|kind| !matches!(kind, "WELCOME_MESSAGE" | "SUGGESTED_QUESTION" | "AUTO_REPLY")) {
            return Err(ControlError::invalid("auto_message_type: WELCOME_MESSAGE, SUGGESTED_QUESTION or AUTO_REPLY"));
        }
        let source = reply.source.as_deref().unwrap_or(if auto.is_some() { "OTHERS" } else { "APP" });
        let written = self.with(|state| {
            let id = state.open(&reply.business, &reply.customer, now)?;
            if auto.is_none() && state.conversation(&id).is_some_and(|one| one.held) {
                accept(state, &id, now);
            }
            let fields = CustomerMessage {
                text: reply.text.clone(),
                media_id: reply.media_id.clone(),
                post_id: reply.post_id.clone(),
                ..CustomerMessage::default()
            };
            let content = content_of(state, &reply.kind, &fields, now)?;
            let mut message = Message::new(&mut state.ids, at, true, source, content);
            message.auto_message_type.clone_from(&reply.auto_message_type);
            message.quoted_message_id.clone_from(&reply.quote);
            let message_id = message.message_id.clone();
            send(state, &id, &message, now);
            Ok::<_, ControlError>(Written { conversation_id: id, message_id })
        })?;
        self.tell("conversation", &written.conversation_id);
        Ok(written)
    }
}

/// Puts a business message into its conversation and queues its echo. Answers the ids of echoes to deliver at once.
pub(crate) fn send(state: &mut State, conversation_id: &str, message: &Message, now: i64) -> Vec<u64> {
    state.add_message(conversation_id, message.clone());
    let Some(conversation) = state.conversation(conversation_id).cloned() else { return Vec::new() };
    let (business, customer) = state.pair(&conversation);
    let content = events::message(&business, &customer, conversation_id, message, &state.base_url);
    let event = Event {
        business: &business.username,
        category: "DIRECT_MESSAGE",
        name: "im_send_msg",
        label: message.auto_message_type.clone().unwrap_or_else(|| message.source.clone()),
        key: conversation_id.to_owned(),
        content: go_json(&content),
        is_api_echo: message.source == "API",
        item_id: None,
    };
    let made = state.emit(&event, now);
    made.into_iter().filter(|id| state.webhooks.get(*id).is_some_and(|hook| hook.early)).collect()
}
