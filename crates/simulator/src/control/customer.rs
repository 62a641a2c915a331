//! The customer's side: writing, reacting, tapping a card, reading.

use serde::{Deserialize, Serialize};

use super::automatic;
use crate::error::ControlError;
use crate::simulator::Simulator;
use crate::state::auto_messages::{AutoKind, AutoMessage};
use crate::state::businesses::Business;
use crate::state::customers::Customer;
use crate::state::messages::{Content, Message, Reaction, TappedButton};
use crate::state::webhooks::Event;
use crate::state::{State, go_json};
use crate::wire::events;

/// Something a customer does in the conversation with a business.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerMessage {
    /// Handle of the customer.
    pub customer: String,
    /// Handle of the business.
    pub business: String,
    /// `text` (default), `image`, `video`, `share_post`, `sticker`, `emoji`, `reaction`, or any other word for a type nobody knows.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// Words of a text.
    #[serde(default)]
    pub text: Option<String>,
    /// From `put_media`, for image and video.
    #[serde(default)]
    pub media_id: Option<String>,
    /// Post id, for `share_post`.
    #[serde(default)]
    pub post_id: Option<String>,
    /// The emoji of a reaction, e.g. `❤️` (the default).
    #[serde(default)]
    pub emoji: Option<String>,
    /// Makes it an AI-emoji reaction.
    #[serde(default)]
    pub ai_emoji_url: Option<String>,
    /// Address of a sticker or big emoji; default: one of the simulator's own.
    #[serde(default)]
    pub url: Option<String>,
    /// The message reacted to; default: the newest of the business.
    #[serde(default)]
    pub original_msg_id: Option<String>,
    /// Takes the reaction back.
    #[serde(default)]
    pub remove: bool,
    /// The message answered.
    #[serde(default)]
    pub quote: Option<String>,
    /// Taps the newest card button with this id: the text is its title.
    #[serde(default)]
    pub button_id: Option<String>,
    /// Taps this suggested question or chat prompt: the text is the question, or what the prompt writes.
    #[serde(default)]
    pub auto_message_id: Option<String>,
    /// When it was written, Unix ms; default now. Back-dating closes windows.
    #[serde(default)]
    pub at: Option<i64>,
}

/// Where something was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The conversation.
    pub conversation_id: String,
    /// The message.
    pub message_id: String,
}

impl CustomerMessage {
    /// A text.
    pub fn text(customer: &str, business: &str, text: &str) -> Self {
        Self {
            customer: customer.to_owned(),
            business: business.to_owned(),
            kind: "text".to_owned(),
            text: Some(text.to_owned()),
            ..Self::default()
        }
    }

    /// Anything else; fill in the fields it needs.
    pub fn of(customer: &str, business: &str, kind: &str) -> Self {
        Self { customer: customer.to_owned(), business: business.to_owned(), kind: kind.to_owned(), ..Self::default() }
    }
}

fn needed(field: Option<&String>, name: &str) -> Result<String, ControlError> {
    field.filter(|text| !text.is_empty()).cloned().ok_or_else(|| ControlError::invalid(format!("{name} is missing")))
}

pub(super) fn content_of(state: &State, kind: &str, from: &CustomerMessage, now: i64) -> Result<Content, ControlError> {
    let expires = now.div_euclid(1000) + 30 * 86_400;
    Ok(match kind {
        "" | "text" => Content::Text { body: needed(from.text.as_ref(), "text")? },
        "image" | "video" => {
            let media_id = needed(from.media_id.as_ref(), "media_id")?;
            state.media.get(&media_id).ok_or_else(|| ControlError::not_found("media", media_id.as_str()))?;
            if kind == "image" { Content::Image { media_id } } else { Content::Video { media_id } }
        }
        "share_post" => {
            Content::SharePost { post_id: from.post_id.clone().unwrap_or_else(|| "7400000000000000101".to_owned()) }
        }
        "sticker" => Content::Sticker {
            url: from.url.clone().unwrap_or_else(|| format!("/sim/stickers/1.webp?x-expires={expires}")),
        },
        "emoji" => Content::Emoji { url: from.url.clone().unwrap_or_else(|| "/sim/stickers/2.webp".to_owned()) },
        "unknown" => Content::Unknown { type_name: "hologram".to_owned() },
        other => Content::Unknown { type_name: other.to_owned() },
    })
}

impl Simulator {
    /// The customer writes (or reacts). The webhook is queued at once.
    pub fn customer_writes(&self, what: &CustomerMessage) -> Result<Written, ControlError> {
        let now = self.now_ms();
        let written =
            self.with(|state| if what.kind == "reaction" { react(state, what, now) } else { write(state, what, now) })?;
        self.tell("conversation", &written.conversation_id);
        Ok(written)
    }

    /// The owner accepts a stranger's conversation in TikTok's app without answering; what was held back is told now.
    pub fn accept(&self, customer: &str, business: &str) -> Result<String, ControlError> {
        let now = self.now_ms();
        let id = self.with(|state| {
            let id = state.open(business, customer, now)?;
            accept(state, &id, now);
            Ok::<_, ControlError>(id)
        })?;
        self.tell("conversation", &id);
        Ok(id)
    }

    /// The customer opens the conversation: everything so far is read.
    pub fn read(&self, customer: &str, business: &str) -> Result<String, ControlError> {
        let now = self.now_ms();
        let id = self.with(|state| {
            let id = state.open(business, customer, now)?;
            let conversation =
                state.conversation_mut(&id).ok_or_else(|| ControlError::not_found("conversation", id.as_str()))?;
            let last =
                conversation.messages.iter().rev().find(|one| one.from_business).map_or(now, |one| one.timestamp);
            conversation.read_up_to = Some(last);
            let conversation = conversation.clone();
            let (business, customer) = state.pair(&conversation);
            let content = events::mark_read(&business, &customer, &conversation, last, now);
            if !customer.is_withheld() && !conversation.held {
                emit(state, &business.username, "im_mark_read_msg", String::new(), &id, &content, now);
            }
            Ok::<_, ControlError>(id)
        })?;
        self.tell("conversation", &id);
        Ok(id)
    }
}

/// Queues an event of the `DIRECT_MESSAGE` category that is not an echo of the API.
pub(super) fn emit(
    state: &mut State,
    business: &str,
    name: &str,
    label: String,
    key: &str,
    content: &serde_json::Value,
    now: i64,
) {
    let event = Event {
        business,
        category: "DIRECT_MESSAGE",
        name,
        label,
        key: key.to_owned(),
        content: go_json(content),
        is_api_echo: false,
        item_id: None,
    };
    state.emit(&event, now);
}

fn write(state: &mut State, what: &CustomerMessage, now: i64) -> Result<Written, ControlError> {
    let id = state.open(&what.business, &what.customer, now)?;
    let conversation = state.conversation(&id).expect("invariant: opened above").clone();
    if let Some(quoted) = &what.quote {
        conversation.message(quoted).ok_or_else(|| ControlError::not_found("message", quoted.as_str()))?;
    }
    let chip = what.auto_message_id.as_deref().map(|id| find_chip(state, &what.business, id)).transpose()?;
    let (content, tapped) = match (&chip, &what.button_id) {
        (Some(chip), _) => {
            let word =
                if chip.auto_message_type == AutoKind::ChatPrompt { chip.words.last() } else { chip.words.first() };
            (Content::Text { body: word.cloned().unwrap_or_default() }, None)
        }
        (None, Some(button_id)) => {
            let (title, card) = find_button(&conversation, button_id)
                .ok_or_else(|| ControlError::not_found("button", button_id.as_str()))?;
            (Content::Text { body: title }, Some(TappedButton { message_id: card, button_id: button_id.clone() }))
        }
        (None, None) => (content_of(state, &what.kind, what, now)?, None),
    };
    let mut message = Message::new(&mut state.ids, what.at.unwrap_or(now), false, "APP", content);
    message.quoted_message_id.clone_from(&what.quote);
    message.tapped = tapped;
    state.add_message(&id, message.clone());
    let (business, customer) = state.pair(&conversation);
    if !business.open_to_everyone && !conversation.accepted {
        state.conversation_mut(&id).expect("invariant: opened above").held = true;
        return Ok(Written { conversation_id: id, message_id: message.message_id });
    }
    tell(state, &business, &customer, &id, &message, now);
    if !customer.is_withheld() {
        automatic::answer(state, &id, &message, chip.as_ref(), now);
    }
    Ok(Written { conversation_id: id, message_id: message.message_id })
}

/// Queues the webhook of a customer's message: whole, or stripped where the customer is European.
fn tell(state: &mut State, business: &Business, customer: &Customer, id: &str, message: &Message, now: i64) {
    if customer.is_withheld() {
        let content = events::withheld(business, message.timestamp);
        emit(state, &business.username, "im_receive_msg_eu", "withheld".to_owned(), id, &content, now);
    } else {
        let base_url = state.base_url.clone();
        let content = events::message(business, customer, id, message, &base_url);
        let label = content["type"].as_str().unwrap_or_default().to_owned();
        emit(state, &business.username, "im_receive_msg", label, id, &content, now);
    }
}

/// The owner accepts a conversation: what was held back is told, and it is no stranger's any more.
pub(super) fn accept(state: &mut State, id: &str, now: i64) {
    let Some(conversation) = state.conversation_mut(id) else { return };
    conversation.accepted = true;
    if !std::mem::take(&mut conversation.held) {
        return;
    }
    let conversation = conversation.clone();
    let (business, customer) = state.pair(&conversation);
    for message in conversation.messages.iter().filter(|one| !one.from_business) {
        tell(state, &business, &customer, id, message, now);
    }
}

/// A suggested question or chat prompt that the customer sees.
fn find_chip(state: &State, business: &str, id: &str) -> Result<AutoMessage, ControlError> {
    let kinds = [AutoKind::SuggestedQuestion, AutoKind::ChatPrompt];
    let shown = kinds.into_iter().flat_map(|kind| state.auto_messages.served(business, kind));
    shown
        .into_iter()
        .find(|one| one.auto_message_id == id)
        .ok_or_else(|| ControlError::not_found("suggested question or chat prompt", id))
}

fn find_button(conversation: &crate::state::conversations::Conversation, button_id: &str) -> Option<(String, String)> {
    conversation.messages.iter().rev().find_map(|one| match &one.content {
        Content::Template { buttons, .. } => {
            let button = buttons.iter().find(|button| button.id.as_deref() == Some(button_id))?;
            Some((button.title.clone(), one.message_id.clone()))
        }
        _ => None,
    })
}

fn react(state: &mut State, what: &CustomerMessage, now: i64) -> Result<Written, ControlError> {
    let id = state.open(&what.business, &what.customer, now)?;
    let conversation = state.conversation(&id).expect("invariant: opened above").clone();
    let newest = || conversation.messages.iter().rev().find(|one| one.from_business).map(|one| one.message_id.clone());
    let original = what
        .original_msg_id
        .clone()
        .or_else(newest)
        .ok_or_else(|| ControlError::invalid("there is no message to react to"))?;
    let (business, customer) = state.pair(&conversation);
    let message_id = state.ids.message();
    let emoji = what.ai_emoji_url.is_none().then(|| what.emoji.clone().unwrap_or_else(|| "❤️".to_owned()));
    let reaction = Reaction {
        emoji,
        ai_emoji_url: what.ai_emoji_url.clone(),
        unique_identifier: customer.id.clone(),
        timestamp: what.at.unwrap_or(now),
    };
    let message = state.conversation_mut(&id).and_then(|one| one.message_mut(&original));
    let message = message.ok_or_else(|| ControlError::not_found("message", original.as_str()))?;
    message.reactions.retain(|one| (&one.emoji, &one.ai_emoji_url) != (&reaction.emoji, &reaction.ai_emoji_url));
    if !what.remove {
        message.reactions.push(reaction.clone());
    }
    if !customer.is_withheld() {
        let content = events::reaction(&business, &customer, &id, &message_id, &original, &reaction, what.remove);
        emit(state, &business.username, "im_receive_msg", "reaction".to_owned(), &id, &content, now);
    }
    Ok(Written { conversation_id: id, message_id })
}
