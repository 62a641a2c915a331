//! Settles everything and compares what the gateway shows with what TikTok has, message by message.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use simulator::{Content, Webhook};
use tokio::time::Instant;

use crate::{
    ear::Ear,
    load::Load,
    people::customer,
    world::{LOOK_AGAIN, PATIENCE, World},
};

/// Messages that TikTok lists of a conversation.
const LISTED: usize = 20;
/// Longer than a lease and all looks at that list.
const LOOKED_FOR_MS: i64 = 240_000;

/// What was found wrong. All of it empty is the promise.
#[derive(Debug, Default, Clone)]
pub(crate) struct Findings {
    /// Acknowledged and not there.
    pub(crate) lost: Vec<String>,
    /// At TikTok or in the gateway twice.
    pub(crate) doubled: Vec<String>,
    /// Shown as something else than TikTok has; out of order; never settled.
    pub(crate) untrue: Vec<String>,
    /// Conversations whose window or quota differs from TikTok's.
    pub(crate) ledger: Vec<String>,
    /// Events that the socket missed or heard twice.
    pub(crate) missed: Vec<String>,
    /// Not wrong: the answer was lost, and more was written since than TikTok's list of 20 shows. A person decides.
    pub(crate) undecided: BTreeSet<String>,
}

impl Findings {
    pub(crate) fn add(&mut self, other: Self) {
        self.lost.extend(other.lost);
        self.doubled.extend(other.doubled);
        self.untrue.extend(other.untrue);
        self.ledger.extend(other.ledger);
        self.missed.extend(other.missed);
        self.undecided.extend(other.undecided);
    }

    /// Fails the test if anything was wrong.
    pub(crate) fn assert_none(&self) {
        let count = self.lost.len() + self.doubled.len() + self.untrue.len() + self.ledger.len() + self.missed.len();
        assert_eq!(count, 0, "{self:#?}");
    }
}

/// What the gateway shows of one text.
struct Shown<'c> {
    count: usize,
    chat: &'c Value,
}

/// Waits until everything is settled, time passing meanwhile, and compares. A gateway must live, and TikTok must be well.
pub(crate) async fn audit(world: &World, load: &mut Load, ear: &Ear) -> Findings {
    load.finish(world).await;
    let mut findings = Findings::default();
    let chats = settle(world, &mut findings).await;
    let mut shown: BTreeMap<&str, Shown<'_>> = BTreeMap::new();
    for chat in &chats {
        let text = chat["message"]["content"].as_str().unwrap();
        shown.entry(text).or_insert(Shown { count: 0, chat }).count += 1;
    }
    for (text, found) in shown.iter().filter(|(_, found)| found.count > 1) {
        findings.doubled.push(format!("{text} is shown {} times", found.count));
    }
    for text in load.written.iter().filter(|text| !shown.contains_key(text.as_str())) {
        findings.lost.push(format!("the customer's {text}"));
    }
    for number in 0..world.conversations.len() {
        compare_replies(world, load, number, &shown, &mut findings);
    }
    compare_ledgers(world, &chats, &mut findings).await;
    compare_events(world, ear, &mut findings).await;
    findings
}

/// A webhook that was never acknowledged: its number, when it is due, and how the last tries went.
#[derive(Debug)]
#[expect(dead_code, reason = "only printed")]
struct Untold(u64, i64, Vec<(i64, Option<u16>, String)>);

impl From<Webhook> for Untold {
    fn from(hook: Webhook) -> Self {
        let tries = hook.tries.into_iter().rev().take(3);
        Self(hook.id, hook.due_at, tries.map(|one| (one.at, one.status, one.answer)).collect())
    }
}

/// Until no reply waits, none is unconfirmed that is still looked for, and TikTok has nothing left to tell. Gives every message.
async fn settle(world: &World, findings: &mut Findings) -> Vec<Value> {
    let deadline = Instant::now() + PATIENCE * 3;
    let mut looked_for = (BTreeSet::new(), world.sim.now_ms());
    loop {
        let pending = world.sim.webhook_log().into_iter().filter(|hook| hook.state == "pending");
        let untold: Vec<_> = pending.map(Untold::from).collect();
        let told = untold.is_empty();
        let chats = world.chats().await;
        let open: Vec<_> = chats
            .iter()
            .filter(|chat| matches!(chat["status"].as_str().unwrap(), "queued" | "sending" | "unconfirmed"))
            .collect();
        let unconfirmed: BTreeSet<String> = open.iter().map(|chat| chat["id"].to_string()).collect();
        let none_waits = open.iter().all(|chat| chat["status"] == "unconfirmed");
        if unconfirmed != looked_for.0 || !none_waits || !told {
            looked_for = (unconfirmed, world.sim.now_ms());
        }
        if told && (open.is_empty() || world.sim.now_ms() - looked_for.1 > LOOKED_FOR_MS) {
            return chats;
        }
        if Instant::now() >= deadline {
            let open: Vec<_> = open.iter().map(|chat| (&chat["message"]["content"], &chat["status"])).collect();
            findings.untrue.push(format!("never settled: {untold:?}, {open:?}"));
            return chats;
        }
        world.hurry(&chats);
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// One conversation's replies: sent exactly where TikTok has them, once, in the order in which they were accepted.
fn compare_replies(
    world: &World,
    load: &Load,
    number: usize,
    shown: &BTreeMap<&str, Shown<'_>>,
    findings: &mut Findings,
) {
    let truth = world.sim.conversation(&world.conversations[number].1).unwrap().conversation;
    let texts = truth.messages.iter().filter(|message| message.from_business).map(|message| match &message.content {
        Content::Text { body } => body.as_str(),
        other => panic!("nobody sent {other:?}"),
    });
    let mut at_tiktok: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, text) in texts.enumerate() {
        at_tiktok.entry(text).or_default().push(place);
    }
    for (text, places) in at_tiktok.iter().filter(|(_, places)| places.len() > 1) {
        findings.doubled.push(format!("TikTok has {text} {} times", places.len()));
    }
    let program = &load.programs[number];
    let mut newest = None;
    for (text, id) in &program.accepted {
        let place = at_tiktok.remove(text.as_str()).map(|places| places[0]);
        let Some(Shown { chat, .. }) = shown.get(text.as_str()) else {
            findings.lost.push(format!("the accepted reply {text}"));
            continue;
        };
        if chat["status"] == "unconfirmed" && truth.messages.len() > LISTED {
            findings.undecided.insert(format!("{text}, {id}"));
            continue;
        }
        let expected = if place.is_some() { "sent" } else { "failed" };
        if chat["status"] != expected || chat["id"] != **id {
            findings.untrue.push(format!("{text}, {id}, should be {expected}: {chat}"));
        }
        if place.is_some() && place < newest {
            findings.untrue.push(format!("{text} was sent before one that was accepted earlier"));
        }
        newest = newest.max(place);
    }
    for text in at_tiktok.keys() {
        findings.untrue.push(format!("{text} was sent and never accepted"));
    }
}

async fn compare_ledgers(world: &World, chats: &[Value], findings: &mut Findings) {
    let page = world.get("/api/v1/conversations?limit=100").await;
    for (number, (id, external)) in world.conversations.iter().enumerate() {
        let item = page["items"].as_array().unwrap().iter().find(|item| item["id"] == id.to_string()).unwrap();
        let (window, truth) = (&item["window"], world.sim.conversation(external).unwrap().ledger);
        let closes = window["closesAt"].as_str().map(|at| at.parse::<domain::Timestamp>().unwrap().as_millis());
        // What may have been sent is spent.
        let undecided = chats.iter().filter(|chat| chat["conversationId"] == id.to_string());
        let undecided = undecided.filter(|chat| chat["status"] == "unconfirmed").count() as u64;
        let (shown, left) = ((window["state"].as_str().unwrap(), closes), window["quotaLeft"].as_u64().unwrap());
        let (expected, most) = ((truth.state, truth.window_closes_at), u64::from(truth.quota_left.unwrap()));
        if shown != expected || left > most || left + undecided < most {
            findings.ledger.push(format!(
                "{}: shown {shown:?} with {left} left, TikTok's {expected:?} with {most}",
                customer(number)
            ));
        }
    }
}

/// The socket has heard every event of the log, each once.
async fn compare_events(world: &World, ear: &Ear, findings: &mut Findings) {
    let mut log = BTreeSet::new();
    let mut after = ear.from;
    loop {
        let page = world.get(&format!("/api/v1/events?after={after}&limit=1000")).await;
        log.extend(page["items"].as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()));
        let next = page["next"].as_i64().unwrap();
        if next == after {
            break;
        }
        after = next;
    }
    let heard = world
        .until("the socket has caught up", || async { Some(ear.heard()).filter(|heard| heard.cursor >= after) })
        .await;
    findings.missed.extend(heard.wrong);
    let told: BTreeSet<_> = heard.seqs.iter().copied().collect();
    findings.missed.extend(log.difference(&told).map(|seq| format!("event {seq} was missed")));
}
