//! Sends due webhooks: signs, posts, writes the outcome down.
//! Called by the background loop of `Simulator::serve`, by `deliver_due` and `advance`, and for early echoes.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::signing::signature_header;
use crate::simulator::Simulator;
use crate::state::faults::FaultKind;
use crate::state::webhooks::{Try, Webhook};

/// Deliveries under way at once.
const AT_ONCE: usize = 64;

impl Simulator {
    /// Delivers everything due now, in order per conversation and at the same time across them,
    /// until nothing is due any more. Answers how many tries were made.
    pub async fn deliver_due(&self) -> usize {
        let mut tries = 0;
        self.review_due();
        loop {
            let now = self.now_ms();
            let due = self.with(|state| state.webhooks.take_due(now, AT_ONCE));
            if due.is_empty() {
                return tries;
            }
            tries += due.len();
            join_all(due.into_iter().map(|hook| self.attempt(hook))).await;
        }
    }

    /// Moves the clock by `ms`, delivering what comes due on the way at its own time.
    pub async fn advance(&self, ms: i64) -> usize {
        let target = self.now_ms() + ms;
        let mut tries = self.deliver_due().await;
        while let Some(due) = self.with(|state| state.next_due()).filter(|due| *due <= target) {
            if due > self.now_ms() {
                self.clock().set_ms(due);
            }
            let reviews = self.with(|state| state.auto_messages.next_review());
            let made = self.deliver_due().await;
            tries += made;
            if made == 0 && reviews == self.with(|state| state.auto_messages.next_review()) {
                // Another task is delivering it.
                break;
            }
        }
        self.clock().set_ms(target.max(self.now_ms()));
        self.tell("clock", "");
        tries
    }

    /// Delivers one webhook now, whatever its time.
    pub(crate) async fn deliver_now(&self, id: u64) {
        if let Some(hook) = self.with(|state| state.webhooks.take(id)) {
            let sim = self.clone();
            // In a task of its own: whoever waits for it may hang up, and a webhook that stays under way would hold back all behind it.
            #[expect(clippy::disallowed_methods, reason = "ends with its one try, which has a time limit")]
            let delivered = tokio::spawn(async move { sim.attempt(hook).await });
            drop(delivered.await);
        }
    }

    /// Delivers in the background until `shutdown`; with a manual clock it only waits.
    pub(crate) async fn deliver_forever(&self) {
        let idle = Duration::from_millis(200);
        loop {
            tokio::select! {
                () = self.closing().cancelled() => return,
                () = self.work().notified() => {}
                () = tokio::time::sleep(idle) => {}
            }
            if !self.clock().is_manual() {
                tokio::select! {
                    () = self.closing().cancelled() => return,
                    _ = self.deliver_due() => {}
                }
            }
        }
    }

    async fn attempt(&self, hook: Webhook) {
        let now = self.now_ms();
        let signed_at = match hook.first_signed {
            Some(at) if !self.config().resign_retries => at,
            _ => self.clock().wall_ms().div_euclid(1000),
        };
        let secret = self.with(|state| state.apps.get(&hook.app_id).map(|app| app.secret).unwrap_or_default());
        let tiktok = || {
            vec![
                ("content-type".to_owned(), "application/json".to_owned()),
                ("Tiktok-Signature".to_owned(), signature_header(&secret, signed_at, hook.body.as_bytes())),
                ("webhook-schema-version".to_owned(), "1.0".to_owned()),
                ("x-tt-logid".to_owned(), self.with(|state| state.ids.request(now))),
            ]
        };
        let headers = self.with(|state| state.respondio.headers(&hook)).unwrap_or_else(tiktok);
        let kinds = [FaultKind::ResetBefore, FaultKind::ResetAfter, FaultKind::LoseAnswer];
        let fault = self.with(|state| state.faults.strike(&format!("webhook/{}", hook.event), "", &kinds));
        let fault = fault.map(|fault| fault.kind);
        let started = Instant::now();
        let (status, answer) = match fault {
            Some(FaultKind::ResetBefore) => (None, "fault: never reached the receiver".to_owned()),
            Some(_) => {
                self.post(&hook, &headers).await;
                (None, "fault: answer lost".to_owned())
            }
            None => self.post(&hook, &headers).await,
        };
        let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let attempt = Try { at: now, status, took_ms, answer, headers };
        let (id, done) = (hook.id, self.now_ms());
        self.with(|state| state.webhooks.settle(id, attempt, signed_at, done));
        self.tell("webhook", &id.to_string());
        self.work().notify_one();
    }

    async fn post(&self, hook: &Webhook, headers: &[(String, String)]) -> (Option<u16>, String) {
        let Some(url) = &hook.url else { return (None, "no callback".to_owned()) };
        let mut request = self.http().post(url).body(hook.body.clone());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        match request.send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let text = answer.text().await.unwrap_or_default();
                (Some(status), text.chars().take(2000).collect())
            }
            Err(error) => (None, describe(&error)),
        }
    }
}

fn describe(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "no answer in time".to_owned()
    } else if error.is_connect() {
        "could not connect".to_owned()
    } else {
        "connection broke off".to_owned()
    }
}
