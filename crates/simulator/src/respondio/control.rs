//! What is done in Respond.io's settings and inbox rather than by API: workspaces, tokens, channels, webhooks, replies.

use serde::Deserialize;
use serde_json::{Value, json};

use super::contact::{Handover, Message, Step};
use super::space::{Channel, NewWorkspace, Settings, Webhook, Workspace, access_token};
use super::{hooks, send, wire};
use crate::error::ControlError;
use crate::simulator::Simulator;
use crate::state::messages::Content;

/// A channel to connect.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct NewChannel {
    /// Handle of the business.
    pub business: String,
    /// Its name in the workspace; default the business's name.
    #[serde(default)]
    pub name: Option<String>,
}

/// Webhooks to make.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct NewWebhook {
    /// e.g. `message.received`; `*` makes one for every event.
    pub event: String,
    /// Where it goes.
    pub url: String,
    /// Its key; default a new one, which looks like base64.
    #[serde(default)]
    pub signing_key: Option<String>,
}

/// Something written in the workspace's inbox or by one of its programs.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Reply {
    /// The contact.
    pub contact: u64,
    /// The words.
    pub text: String,
    /// The channel; default the one last used.
    #[serde(default)]
    pub channel: Option<u64>,
    /// Who writes: `user` (default), `workflow`, `ai_agent`, `broadcast`, …
    #[serde(default)]
    pub source: Option<String>,
    /// The user; default the first agent, for `user` only.
    #[serde(default)]
    pub user: Option<u64>,
}

impl Simulator {
    /// Makes a workspace with one access token.
    pub fn create_respondio_workspace(&self, new: NewWorkspace) -> Workspace {
        let now = self.now_ms();
        let made = self.with(|state| state.respondio.add(&mut state.ids, new, now));
        self.tell("state", "");
        made
    }

    /// A workspace as its settings show it.
    pub fn respondio_workspace(&self, id: u64) -> Result<Workspace, ControlError> {
        self.with(|state| Ok(state.respondio.space(id)?.about.clone()))
    }

    /// Every workspace.
    pub fn respondio_workspaces(&self) -> Vec<Workspace> {
        self.with(|state| state.respondio.spaces.iter().map(|space| space.about.clone()).collect())
    }

    /// A workspace's contacts with all their messages, as the API would show them: the truth, without a limit.
    pub fn respondio_contacts(&self, id: u64) -> Result<Vec<Value>, ControlError> {
        self.with(|state| {
            let space = state.respondio.space(id)?;
            let unit = space.about.settings.time_unit;
            let shown = space.contacts.iter().map(|contact| {
                let mut all = wire::contact(contact);
                let messages = contact.messages.iter().map(|message| wire::message(contact.id, message, unit));
                all["messages"] = messages.collect();
                all
            });
            Ok(shown.collect())
        })
    }

    /// Adds an access token; with `revoke_others` it is the only one from now on.
    pub fn add_respondio_token(&self, id: u64, revoke_others: bool) -> Result<String, ControlError> {
        let now = self.now_ms();
        let made = self.with(|state| {
            let organization = state.respondio.space(id)?.about.organization;
            let token = access_token(&mut state.ids, id, organization, now);
            let tokens = &mut state.respondio.space_mut(id)?.about.tokens;
            if revoke_others {
                tokens.clear();
            }
            tokens.push(token.clone());
            Ok(token)
        });
        self.tell("state", "");
        made
    }

    /// Connects a business. What was said before is not imported.
    pub fn add_respondio_channel(&self, id: u64, new: &NewChannel) -> Result<Channel, ControlError> {
        let now = self.now_ms();
        let made = self.with(|state| {
            let business = state.business(&new.business)?.clone();
            if !business.may_message() {
                return Err(ControlError::invalid("this account cannot use messaging"));
            }
            let channels = &state.respondio.space(id)?.about.channels;
            if channels.iter().any(|channel| channel.business == business.username) {
                return Err(ControlError::Exists { kind: "channel", name: business.username });
            }
            let name = new.name.clone().unwrap_or(business.display_name);
            let number = state.respondio.number(54_320);
            let channel = Channel { id: number, name, business: business.username, created_at: now };
            state.respondio.space_mut(id)?.about.channels.push(channel.clone());
            Ok(channel)
        });
        self.tell("state", "");
        made
    }

    /// Removes a channel in the workspace's settings. Its contacts and what they said stay.
    pub fn remove_respondio_channel(&self, id: u64, channel: u64) -> Result<(), ControlError> {
        let removed = self.with(|state| {
            let channels = &mut state.respondio.space_mut(id)?.about.channels;
            let place = channels.iter().position(|one| one.id == channel);
            let place = place.ok_or_else(|| ControlError::not_found("channel", channel.to_string()))?;
            channels.remove(place);
            Ok(())
        });
        self.tell("state", "");
        removed
    }

    /// Makes a webhook, or with the event `*` one for every event, each with its own key.
    pub fn add_respondio_webhook(&self, id: u64, new: &NewWebhook) -> Result<Vec<Webhook>, ControlError> {
        let events: Vec<&str> =
            hooks::EVENTS.into_iter().filter(|event| new.event == "*" || new.event == *event).collect();
        if events.is_empty() {
            return Err(ControlError::invalid("event: one of Respond.io's, or *"));
        }
        self.with(|state| {
            let mut made = Vec::new();
            for event in events {
                let fresh = state.ids.token("signing");
                let signing_key = new.signing_key.clone().unwrap_or_else(|| fresh.replace("signing.", "") + "=");
                let app_id = hooks::app_id(id, event, state.respondio.number(0));
                let hook = Webhook { event: event.to_owned(), url: new.url.clone(), signing_key, app_id };
                state.respondio.space_mut(id)?.about.webhooks.push(hook.clone());
                made.push(hook);
            }
            Ok(made)
        })
    }

    /// Chooses anew where Respond.io's behaviour is not documented.
    pub fn set_respondio_settings(&self, id: u64, settings: Settings) -> Result<(), ControlError> {
        self.with(|state| {
            state.respondio.space_mut(id)?.about.settings = settings;
            Ok(())
        })
    }

    /// Somebody answers in Respond.io's inbox. Answers the message id; how it ended stands in the message.
    pub fn respondio_reply(&self, id: u64, reply: &Reply) -> Result<u64, ControlError> {
        let now = self.now_ms();
        let written = self.with(|state| {
            let space = state.respondio.space(id)?;
            let missing = || ControlError::not_found("contact", reply.contact.to_string());
            let contact = space.contact(reply.contact).ok_or_else(missing)?;
            let channel = reply.channel.or_else(|| contact.last_channel()).filter(|id| contact.line(*id).is_some());
            let channel = channel.ok_or_else(|| ControlError::invalid("the contact has no such channel"))?;
            let source = reply.source.as_deref().unwrap_or("user");
            let mut sender = json!({"source": source});
            if matches!(source, "user" | "ai_agent") {
                sender["userId"] = json!(reply.user.unwrap_or(700_101));
            }
            let pending = Message {
                id: 0,
                channel_message_id: None,
                channel_id: channel,
                outgoing: true,
                content: json!({"type": "text", "text": reply.text}),
                steps: vec![Step { value: "pending", at: now, message: None }],
                sender,
                at: now,
                handover: Some(Handover::Ready(Content::Text { body: reply.text.clone() })),
                copied: None,
            };
            send::put(state, id, reply.contact, pending, now)
                .map(|(id, _)| id)
                .map_err(|refusal| ControlError::invalid(refusal.message))
        });
        self.tell("state", "");
        written
    }

    /// Hands over the sends that `hold_sends` kept pending, oldest first, and shows the files that `hold_files` kept. Answers how many.
    pub fn settle_respondio(&self, id: u64) -> Result<usize, ControlError> {
        let now = self.now_ms();
        let settled = self.with(|state| {
            let contacts = state.respondio.space(id)?.contacts.iter();
            let pending = |message: &&Message| message.handover.is_some();
            let held: Vec<(u64, u64)> = contacts
                .flat_map(|contact| contact.messages.iter().filter(pending).map(|message| (contact.id, message.id)))
                .collect();
            for (contact, message) in &held {
                send::settle(state, id, *contact, *message, now);
            }
            let contacts = state.respondio.space_mut(id)?.contacts.iter_mut();
            let mut files = 0;
            for message in contacts.flat_map(|contact| &mut contact.messages) {
                if let Some(content) = message.copied.take() {
                    message.content = content;
                    files += 1;
                }
            }
            Ok(held.len() + files)
        });
        self.tell("state", "");
        settled
    }
}
