//! Everything the simulator knows, in memory, behind one mutex held by `Simulator`.
//! One file per kind of thing; no I/O and no clock here: time is always passed in.

pub(crate) mod apps;
pub(crate) mod auto_messages;
pub(crate) mod businesses;
pub(crate) mod calls;
pub(crate) mod comments;
pub(crate) mod conversations;
pub(crate) mod customers;
pub(crate) mod faults;
pub(crate) mod ledger;
pub(crate) mod media;
pub(crate) mod messages;
pub(crate) mod posts;
pub(crate) mod tokens;
pub(crate) mod webhooks;

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use crate::config::Config;
use crate::error::ControlError;
use crate::signing::{self, Ids};
use businesses::Business;
use conversations::Conversation;
use customers::Customer;
use messages::Message;

/// The whole memory of one simulator.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) ids: Ids,
    pub(crate) base_url: String,
    pub(crate) businesses: Vec<Business>,
    pub(crate) customers: Vec<Customer>,
    pub(crate) conversations: Vec<Conversation>,
    pub(crate) apps: apps::Apps,
    pub(crate) tokens: tokens::Tokens,
    pub(crate) media: media::Media,
    pub(crate) comments: Vec<comments::Comment>,
    pub(crate) posts: posts::Posts,
    pub(crate) auto_messages: auto_messages::AutoMessages,
    pub(crate) review_ms: i64,
    /// When each account's Login Kit token was used in the last minute (pace ms).
    pub(crate) login_calls: HashMap<String, VecDeque<i64>>,
    pub(crate) faults: faults::Faults,
    pub(crate) webhooks: webhooks::Webhooks,
    pub(crate) calls: calls::Calls,
    pub(crate) respondio: crate::respondio::Respondio,
}

impl State {
    pub(crate) fn new(config: &Config, seed: u64) -> Self {
        Self {
            ids: Ids::new(seed),
            base_url: config.public_url.clone().unwrap_or_else(|| "http://localhost:4000".to_owned()),
            businesses: Vec::new(),
            customers: Vec::new(),
            conversations: Vec::new(),
            apps: apps::Apps::new(config),
            tokens: tokens::Tokens::default(),
            media: media::Media::default(),
            comments: Vec::new(),
            posts: posts::Posts::default(),
            auto_messages: auto_messages::AutoMessages::default(),
            review_ms: config.review_ms.max(0),
            login_calls: HashMap::new(),
            faults: faults::Faults::new(seed),
            webhooks: webhooks::Webhooks::new(config),
            calls: calls::Calls::default(),
            respondio: crate::respondio::Respondio::new(config),
        }
    }

    pub(crate) fn business(&self, username: &str) -> Result<&Business, ControlError> {
        self.businesses
            .iter()
            .find(|one| one.username == username)
            .ok_or_else(|| ControlError::not_found("business", username))
    }

    /// By handle, for a change.
    pub(crate) fn business_mut(&mut self, username: &str) -> Result<&mut Business, ControlError> {
        self.businesses
            .iter_mut()
            .find(|one| one.username == username)
            .ok_or_else(|| ControlError::not_found("business", username))
    }

    pub(crate) fn business_by_id_mut(&mut self, open_id: &str) -> Option<&mut Business> {
        self.businesses.iter_mut().find(|one| one.open_id == open_id)
    }

    pub(crate) fn business_by_id(&self, open_id: &str) -> Option<&Business> {
        self.businesses.iter().find(|one| one.open_id == open_id)
    }

    pub(crate) fn customer(&self, username: &str) -> Result<&Customer, ControlError> {
        self.customers
            .iter()
            .find(|one| one.username == username)
            .ok_or_else(|| ControlError::not_found("customer", username))
    }

    pub(crate) fn conversation(&self, id: &str) -> Option<&Conversation> {
        self.conversations.iter().find(|one| one.id == id)
    }

    pub(crate) fn conversation_mut(&mut self, id: &str) -> Option<&mut Conversation> {
        self.conversations.iter_mut().find(|one| one.id == id)
    }

    /// Both sides of a conversation.
    pub(crate) fn pair(&self, conversation: &Conversation) -> (Business, Customer) {
        let business = self.business(&conversation.business).expect("invariant: people are never removed");
        let customer = self.customer(&conversation.customer).expect("invariant: people are never removed");
        (business.clone(), customer.clone())
    }

    /// The conversation of two people, made when it is their first contact. Answers its id.
    pub(crate) fn open(&mut self, business: &str, customer: &str, now: i64) -> Result<String, ControlError> {
        self.business(business)?;
        self.customer(customer)?;
        let id = signing::conversation_id(business, customer);
        if self.conversation(&id).is_none() {
            self.conversations.push(Conversation::new(id.clone(), business, customer, now));
        }
        Ok(id)
    }

    /// When something happens by itself next, Unix ms: a webhook that is due, a review that ends.
    pub(crate) fn next_due(&self) -> Option<i64> {
        [self.webhooks.next_due(), self.auto_messages.next_review()].into_iter().flatten().min()
    }

    /// Adds a message to its conversation, in order of time. Answers its id.
    pub(crate) fn add_message(&mut self, conversation_id: &str, message: Message) {
        if let Some(conversation) = self.conversation_mut(conversation_id) {
            let told = message.clone();
            conversation.insert(message);
            crate::respondio::mirror(self, conversation_id, &told);
        }
    }

    /// Queues `content` for every app that the business has authorized with the scope the category needs.
    pub(crate) fn emit(&mut self, event: &webhooks::Event<'_>, now: i64) -> Vec<u64> {
        let Some(business) = self.business(event.business).ok().cloned() else { return Vec::new() };
        let scope = match event.category {
            "COMMENT" => Some("comment.list"),
            "DIRECT_MESSAGE" if event.name != "authorization.removed" => Some("message.list.read"),
            _ => None,
        };
        let apps = self.tokens.apps_of(&business.open_id, scope);
        self.queue(event, apps, &business.open_id, now)
    }

    /// Queues an event of TikTok for Developers for every Login Kit app the account has authorized.
    pub(crate) fn emit_login(&mut self, event: &webhooks::Event<'_>, now: i64) {
        let Some(login_id) = self.business(event.business).ok().map(|one| one.login_id.clone()) else { return };
        let apps = self.tokens.apps_of(&login_id, None);
        self.queue(event, apps, &login_id, now);
    }

    fn queue(&mut self, event: &webhooks::Event<'_>, apps: Vec<String>, open_id: &str, now: i64) -> Vec<u64> {
        let mut made = Vec::new();
        for app in apps {
            let Some(app) = self.apps.get(&app) else { continue };
            if event.item_id.as_ref().is_some_and(|id| !app.comment_items.is_empty() && !app.comment_items.contains(id))
            {
                continue;
            }
            let url = app.callback(event.category);
            let body = crate::wire::events::envelope(&app.app_id, event.name, now, open_id, &event.content);
            let effects = self.faults.webhook_effects(event.name, event.is_api_echo);
            made.extend(self.webhooks.push(event, &app.app_id, url, &body, now, effects));
        }
        made
    }
}

/// A JSON text in the way Go writes it, with `&`, `<` and `>` escaped: whoever re-serialises before checking a signature fails.
pub(crate) fn go_json(value: &Value) -> String {
    value.to_string().replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}
