//! Faults a person or test switches on, and the seeded dice that decide whether one strikes.

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Answers HTTP status `value` (default 503) without doing anything.
    HttpStatus,
    /// Answers envelope code `value` (default 50000) without doing anything.
    Code,
    /// Waits `value` ms (default 1000) of real time first; webhooks: of simulator time.
    Delay,
    /// Cuts the connection before anything is done. Webhooks: the attempt never reaches the receiver.
    ResetBefore,
    /// Does it, then cuts the connection. Webhooks: the receiver's answer is lost, so it is tried again.
    ResetAfter,
    /// Does it, then never answers. Webhooks: as `reset_after`.
    LoseAnswer,
    /// Every webhook is sent again after `value` ms (default 200), `copies` times (default 1).
    Duplicate,
    /// The webhook never leaves, and nobody tries again.
    Drop,
    /// The echo of an API send leaves `value` ms (default 5000) after the answer.
    LateEcho,
    /// The echo of an API send is delivered and acknowledged before the send is answered.
    EarlyEcho,
    /// Webhooks arrive in reverse order, three at a time.
    OutOfOrder,
    /// Answers 40100.
    RateLimit,
    /// Answers 40105 to every call with a token, until an account is connected anew.
    Revoked,
}

impl FaultKind {
    /// Its name on the wire, e.g. `lose_answer`.
    pub fn name(self) -> &'static str {
        match self {
            Self::HttpStatus => "http_status",
            Self::Code => "code",
            Self::Delay => "delay",
            Self::ResetBefore => "reset_before",
            Self::ResetAfter => "reset_after",
            Self::LoseAnswer => "lose_answer",
            Self::Duplicate => "duplicate",
            Self::Drop => "drop",
            Self::LateEcho => "late_echo",
            Self::EarlyEcho => "early_echo",
            Self::OutOfOrder => "out_of_order",
            Self::RateLimit => "rate_limit",
            Self::Revoked => "revoked",
        }
    }
}

/// A fault to switch on.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFault {
    /// End of an endpoint's path without slashes around it, e.g. `message/send`, `content/list`, `oauth2/token`; `webhook` for deliveries, `webhook/im_send_msg` for those of one event; `*` for every call.
    #[serde(default = "every")]
    pub endpoint: String,
    /// Only calls whose path holds this, e.g. `/contact/id:1001/`: what concerns one thing. Default: every path. Never webhooks.
    #[serde(default)]
    pub path: Option<String>,
    /// What goes wrong.
    pub kind: FaultKind,
    /// Status, code or milliseconds, see [`FaultKind`].
    #[serde(default)]
    pub value: Option<i64>,
    /// Strikes this many times, then is gone. Default: until switched off.
    #[serde(default)]
    pub times: Option<u32>,
    /// Words of the refusal of `code`, e.g. `You are sending messages too fast. Take a rest.`
    #[serde(default)]
    pub message: Option<String>,
    /// How often `duplicate` repeats a webhook. Default 1.
    #[serde(default)]
    pub copies: Option<u32>,
    /// Chance of striking, 0 to 1. Default 1.
    #[serde(default)]
    pub probability: Option<f64>,
}

fn every() -> String {
    "*".to_owned()
}

impl NewFault {
    /// A fault that strikes always until switched off.
    pub fn new(endpoint: &str, kind: FaultKind) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            path: None,
            kind,
            value: None,
            times: None,
            message: None,
            copies: None,
            probability: None,
        }
    }

    /// Only calls whose path holds this.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    /// Strikes `times` times only.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Status, code or milliseconds.
    #[must_use]
    pub fn value(mut self, value: i64) -> Self {
        self.value = Some(value);
        self
    }
}

/// A fault that is on.
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    /// For switching it off.
    pub id: u64,
    /// See [`NewFault::endpoint`].
    pub endpoint: String,
    /// See [`NewFault::path`].
    pub path: Option<String>,
    /// What goes wrong.
    pub kind: FaultKind,
    /// Status, code or milliseconds.
    pub value: Option<i64>,
    /// How often it still strikes; absent: without end.
    pub times_left: Option<u32>,
    /// Words of the refusal of `code`.
    pub message: Option<String>,
    /// How often `duplicate` repeats a webhook.
    pub copies: u32,
    /// Chance of striking.
    pub probability: f64,
}

/// What the switched-on faults do to one webhook.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WebhookEffects {
    /// Pause before each copy in ms, and how many.
    pub(crate) duplicates: Option<(i64, u32)>,
    pub(crate) dropped: bool,
    pub(crate) delay: i64,
    pub(crate) out_of_order: bool,
    pub(crate) early: bool,
}

/// A webhook is repeated at most this often.
const MOST_COPIES: u32 = 100;

/// All faults that are on.
#[derive(Debug)]
pub(crate) struct Faults {
    next: u64,
    dice: u64,
    on: Vec<Fault>,
}

fn matches(pattern: &str, endpoint: &str) -> bool {
    let pattern = pattern.trim_matches('/');
    pattern == "*" && !endpoint.starts_with("webhook/")
        || pattern == "webhook" && endpoint.starts_with("webhook/")
        || pattern == endpoint
        || endpoint.strip_suffix(pattern).is_some_and(|before| before.ends_with('/'))
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self { next: 0, dice: seed, on: Vec::new() }
    }

    pub(crate) fn set(&mut self, new: NewFault) -> Fault {
        self.next += 1;
        let fault = Fault {
            id: self.next,
            endpoint: new.endpoint,
            path: new.path,
            kind: new.kind,
            value: new.value,
            times_left: new.times,
            message: new.message,
            copies: new.copies.unwrap_or(1).min(MOST_COPIES),
            probability: new.probability.unwrap_or(1.0).clamp(0.0, 1.0),
        };
        self.on.push(fault.clone());
        fault
    }

    pub(crate) fn all(&self) -> &[Fault] {
        &self.on
    }

    pub(crate) fn clear(&mut self) {
        self.on.clear();
    }

    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.on.len();
        self.on.retain(|one| one.id != id);
        self.on.len() < before
    }

    pub(crate) fn end_revocation(&mut self) {
        self.on.retain(|one| one.kind != FaultKind::Revoked);
    }

    /// The first fault of these kinds that strikes `endpoint` now, called at `path`; a webhook has none. Counts it down.
    pub(crate) fn strike(&mut self, endpoint: &str, path: &str, kinds: &[FaultKind]) -> Option<Fault> {
        for at in 0..self.on.len() {
            let fault = &self.on[at];
            let concerns = matches(&fault.endpoint, endpoint)
                && fault.path.as_ref().is_none_or(|part| path.contains(part.as_str()));
            if !kinds.contains(&fault.kind) || !concerns {
                continue;
            }
            if fault.probability < 1.0 && self.roll() >= self.on[at].probability {
                continue;
            }
            let struck = self.on[at].clone();
            if let Some(left) = self.on[at].times_left.as_mut() {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    self.on.remove(at);
                }
            }
            return Some(struck);
        }
        None
    }

    /// Effects on one webhook. Echo faults are also found under `message/send` and `*`, where people look for them.
    pub(crate) fn webhook_effects(&mut self, event: &str, is_api_echo: bool) -> WebhookEffects {
        let delivery = format!("webhook/{event}");
        let find_delay = self.strike(&delivery, "", &[FaultKind::Delay]).map_or(0, |fault| fault.value.unwrap_or(1000));
        let dropped = self.strike(&delivery, "", &[FaultKind::Drop]).is_some();
        let mut find =
            |kind| self.strike(&delivery, "", &[kind]).or_else(|| self.strike("business/message/send", "", &[kind]));
        WebhookEffects {
            dropped,
            duplicates: find(FaultKind::Duplicate).map(|fault| (fault.value.unwrap_or(200), fault.copies)),
            delay: find_delay
                + if is_api_echo {
                    find(FaultKind::LateEcho).map_or(0, |fault| fault.value.unwrap_or(5000))
                } else {
                    0
                },
            out_of_order: find(FaultKind::OutOfOrder).is_some(),
            early: is_api_echo && find(FaultKind::EarlyEcho).is_some(),
        }
    }

    /// `SplitMix64`: the same seed gives the same luck.
    fn roll(&mut self) -> f64 {
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.dice;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^= word >> 31;
        f64::from(u32::try_from(word >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    }
}
