//! The queue and log of webhooks: what is due, what was tried, what was answered.
//! `delivery` takes what is due from here and writes the outcome back.

use std::collections::{HashSet, VecDeque};

use serde::Serialize;
use serde_json::Value;

use super::faults::WebhookEffects;
use crate::config::Config;
use crate::error::ControlError;

/// TikTok gives up after 72 hours.
const GIVE_UP_MS: i64 = 72 * 3_600_000;
/// Longest pause between two tries.
const MAX_PAUSE_MS: i64 = 6 * 3_600_000;
/// Kept in the log.
const KEPT: usize = 2000;

/// Something to tell the apps.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    /// Handle of the business.
    pub(crate) business: &'a str,
    /// e.g. `DIRECT_MESSAGE`.
    pub(crate) category: &'a str,
    /// e.g. `im_receive_msg`.
    pub(crate) name: &'a str,
    /// For people, e.g. `text` or `API`.
    pub(crate) label: String,
    /// Deliveries with the same key stay in order.
    pub(crate) key: String,
    /// `content` as text (normally JSON).
    pub(crate) content: String,
    pub(crate) is_api_echo: bool,
    /// The post a comment stands under, for apps that hear of some posts only.
    pub(crate) item_id: Option<String>,
}

/// One try of a delivery.
#[derive(Debug, Clone, Serialize)]
pub struct Try {
    /// When, Unix ms.
    pub at: i64,
    /// Status answered; absent when no answer came.
    pub status: Option<u16>,
    /// How long it took, real ms.
    pub took_ms: u64,
    /// First 2,000 characters of the answer, or what went wrong.
    pub answer: String,
    /// Headers sent.
    pub headers: Vec<(String, String)>,
}

/// One webhook in the log.
#[derive(Debug, Clone, Serialize)]
pub struct Webhook {
    /// Grows by one.
    pub id: u64,
    /// e.g. `im_receive_msg`.
    pub event: String,
    /// For people, e.g. `text` or `text · again`.
    pub label: String,
    /// Handle of the business.
    pub business: String,
    /// Conversation id, or the business for events without one.
    pub key: String,
    /// The app told.
    pub app_id: String,
    /// Callback address; absent when the app has not subscribed.
    pub url: Option<String>,
    /// The exact body.
    pub body: String,
    /// When it came up, Unix ms.
    pub created_at: i64,
    /// When it is (or was) due, Unix ms.
    pub due_at: i64,
    /// `pending`, `delivered`, `given_up`, `dropped` or `no_callback`.
    pub state: &'static str,
    /// Every try, oldest first.
    pub tries: Vec<Try>,
    /// Signed once and for all at this second when retries are not signed anew.
    #[serde(skip)]
    pub(crate) first_signed: Option<i64>,
    #[serde(skip)]
    in_flight: bool,
    #[serde(skip)]
    unordered: bool,
    #[serde(skip)]
    pub(crate) early: bool,
}

/// All webhooks, oldest first.
#[derive(Debug)]
pub(crate) struct Webhooks {
    next: u64,
    reordered: i64,
    log: VecDeque<Webhook>,
    ordered: bool,
    retry_base: i64,
}

impl Webhooks {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            next: 0,
            reordered: 0,
            log: VecDeque::new(),
            ordered: config.ordered,
            retry_base: config.retry_base_ms.max(1),
        }
    }

    /// Queues one event for one app; answers the ids made (several when it is to arrive more than once).
    pub(crate) fn push(
        &mut self,
        event: &Event<'_>,
        app_id: &str,
        url: Option<String>,
        body: &Value,
        now: i64,
        effects: WebhookEffects,
    ) -> Vec<u64> {
        let mut due = now + effects.delay;
        if effects.early {
            // The send delivers it; this is for a caller that hung up in between.
            due += 1_000;
        }
        if effects.out_of_order {
            due += 600 - 200 * (self.reordered % 3);
            self.reordered += 1;
        }
        let mut hook = Webhook {
            id: 0,
            event: event.name.to_owned(),
            label: event.label.clone(),
            business: event.business.to_owned(),
            key: event.key.clone(),
            app_id: app_id.to_owned(),
            state: match (&url, effects.dropped) {
                (None, _) => "no_callback",
                (Some(_), true) => "dropped",
                (Some(_), false) => "pending",
            },
            url,
            body: body.to_string(),
            created_at: now,
            due_at: due,
            tries: Vec::new(),
            first_signed: None,
            in_flight: false,
            unordered: effects.out_of_order || effects.delay > 0 || effects.early,
            early: effects.early,
        };
        let mut ids = vec![self.add(hook.clone())];
        let (pause, copies) = effects.duplicates.filter(|_| hook.state == "pending").unwrap_or_default();
        for _ in 0..copies {
            hook.due_at += pause;
            hook.unordered = true;
            hook.early = false;
            hook.label = again(&hook.label);
            ids.push(self.add(hook.clone()));
        }
        ids
    }

    fn add(&mut self, mut hook: Webhook) -> u64 {
        self.next += 1;
        hook.id = self.next;
        self.log.push_back(hook);
        while self.log.len() > KEPT && self.log.front().is_some_and(|first| first.state != "pending") {
            self.log.pop_front();
        }
        self.next
    }

    /// The same body once more, now.
    pub(crate) fn resend(&mut self, id: u64, now: i64) -> Result<u64, ControlError> {
        let mut hook = self.get(id).cloned().ok_or_else(|| ControlError::not_found("webhook", id.to_string()))?;
        if hook.url.is_none() {
            return Err(ControlError::invalid("the app has no callback for this event"));
        }
        hook.state = "pending";
        hook.due_at = now;
        hook.created_at = now;
        hook.tries.clear();
        hook.first_signed = None;
        hook.in_flight = false;
        hook.unordered = true;
        hook.label = again(&hook.label);
        Ok(self.add(hook))
    }

    pub(crate) fn all(&self) -> Vec<Webhook> {
        self.log.iter().cloned().collect()
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Webhook> {
        self.log.iter().find(|one| one.id == id)
    }

    fn get_mut(&mut self, id: u64) -> Option<&mut Webhook> {
        self.log.iter_mut().find(|one| one.id == id)
    }

    /// Ids that may leave now: at most one per conversation (when ordered), never one already under way.
    fn ready(&self) -> Vec<&Webhook> {
        let mut busy = HashSet::new();
        let mut ready = Vec::new();
        for hook in self.log.iter().filter(|one| one.state == "pending") {
            let free = hook.unordered || !self.ordered || busy.insert((&hook.app_id, &hook.key));
            if free && !hook.in_flight {
                ready.push(hook);
            }
        }
        ready
    }

    /// Takes everything that is due, at most `limit`.
    pub(crate) fn take_due(&mut self, now: i64, limit: usize) -> Vec<Webhook> {
        let mut due: Vec<(i64, u64)> =
            self.ready().iter().filter(|one| one.due_at <= now).map(|one| (one.due_at, one.id)).collect();
        due.sort_unstable();
        due.into_iter().take(limit).filter_map(|(_, id)| self.take(id)).collect()
    }

    /// Takes one, whatever its time, unless it is already under way or done.
    pub(crate) fn take(&mut self, id: u64) -> Option<Webhook> {
        let hook = self.get_mut(id).filter(|one| one.state == "pending" && !one.in_flight)?;
        hook.in_flight = true;
        Some(hook.clone())
    }

    /// When the next one is due, Unix ms.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.ready().iter().map(|one| one.due_at).min()
    }

    /// Writes down how a try went. 200 is the only success; Respond.io takes any 2xx.
    pub(crate) fn settle(&mut self, id: u64, attempt: Try, signed_at: i64, now: i64) {
        let base = self.retry_base;
        let Some(hook) = self.get_mut(id) else { return };
        hook.in_flight = false;
        hook.first_signed.get_or_insert(signed_at);
        let respondio = crate::respondio::is_hook(&hook.app_id);
        let delivered = attempt.status.is_some_and(|status| status == 200 || (respondio && status / 100 == 2));
        hook.tries.push(attempt);
        if delivered {
            hook.state = "delivered";
            return;
        }
        if respondio {
            // No repetition is documented there.
            hook.state = "given_up";
            return;
        }
        let tries = u32::try_from(hook.tries.len()).unwrap_or(u32::MAX).min(30);
        let pause = base.saturating_mul(1_i64 << (tries - 1)).min(MAX_PAUSE_MS);
        hook.due_at = now + pause;
        if hook.due_at > hook.created_at + GIVE_UP_MS {
            hook.state = "given_up";
        }
    }
}

fn again(label: &str) -> String {
    if label.ends_with("again") { label.to_owned() } else { format!("{label} · again") }
}
