//! The first promise at its full width: deliveries, echoes, send answers, receipts and list reads of one history, duplicated,
//! reordered and interleaved with our own sends in any way, give the same conversation.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use futures_util::{StreamExt as _, future::join_all, stream};

use super::{
    Harness,
    bench::{Bench, lost, sent},
    dice::Dice,
    report::{at, incoming, outgoing, reaction, read},
};
use crate::{
    Timestamp,
    id::Id,
    inbound::{Inbound, Source},
    ledger::Ledger,
    message::{Direction, Message, MessageState},
    outbox::Claimed,
    reply::Draft,
    store::{Inbox, Journal, Outbox},
};

/// How many schedules are played, `SCHEDULES` in the environment says otherwise; each history in several.
const SCHEDULES: usize = 2_000;
const PER_HISTORY: usize = 4;
/// How many are played at the same time, on each database.
const AT_ONCE: usize = 64;
/// A store has one writer, which waits for its database most of the time: a second pair fills that time.
const DATABASES: u64 = 2;
/// The first history, `SEED` in the environment says otherwise.
const SEED: u64 = 1;

/// What truly happened at the provider, in order of time.
#[derive(Debug, Clone, Copy)]
enum Truth {
    Incoming,
    FromApp,
    Automatic,
    /// Another program that uses the same API, at times with our very words.
    OtherApi(usize),
    /// Our reply, one of a few texts; whether its answer got lost, and else whether the provider changed its words.
    Ours {
        text: usize,
        answer_lost: bool,
        changed: bool,
    },
    Read,
    Reaction {
        to: usize,
        added: bool,
    },
}

const TEXTS: [&str; 3] = ["ค่ะ", "ขอบคุณค่ะ", "ส่งพรุ่งนี้ค่ะ"];

fn history(seed: u64) -> Vec<Truth> {
    let mut dice = Dice::new(seed);
    let length = 4 + dice.below(10);
    let draw = |number: usize, dice: &mut Dice| match dice.below(12) {
        0..=2 => Truth::Incoming,
        3 => Truth::FromApp,
        4 => Truth::Automatic,
        5 => Truth::OtherApi(dice.below(TEXTS.len())),
        6..=9 => {
            let (text, answer_lost) = (dice.below(TEXTS.len()), dice.once_in(3));
            Truth::Ours { text, answer_lost, changed: !answer_lost && dice.once_in(4) }
        }
        10 => Truth::Read,
        _ => Truth::Reaction { to: dice.below(number + 1), added: dice.once_in(2) },
    };
    (0..length).map(|number| draw(number, &mut dice)).collect()
}

/// The conversation as anybody would tell it: by the provider's ids and times.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    messages: Vec<(String, Direction, MessageState, Timestamp, usize)>,
    ledger: Ledger,
    request: bool,
    trouble: bool,
    unread: u32,
    read_up_to: Option<Timestamp>,
    last: Option<String>,
    last_activity_at: Timestamp,
}

/// Claims for everybody and hands each their own: a claim takes whatever is due.
#[derive(Default)]
struct Desk(Mutex<HashMap<Id<Message>, Claimed>>);

impl Desk {
    async fn take<H: Harness>(&self, bench: &Bench<H>, id: Id<Message>) -> Claimed {
        for _ in 0..10_000 {
            if let Some(claimed) = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id) {
                return claimed;
            }
            let due = bench.store().claim_any_workspace(256).await.unwrap();
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.extend(due.into_iter().map(|claimed| (claimed.message.id, claimed)));
        }
        panic!("{id} is never due")
    }
}

/// One way in which the history is told.
struct Schedule<'b, H: Harness> {
    bench: &'b Bench<H>,
    desk: &'b Desk,
    chat: String,
    dice: Dice,
    /// Reports on their way, and how many more steps each takes.
    waiting: Vec<(Inbound, usize)>,
    /// What a list would show.
    listed: Vec<Inbound>,
}

impl<H: Harness> Schedule<'_, H> {
    fn id(&self, number: usize) -> String {
        format!("{}-{number}", self.chat)
    }

    fn report(&self, number: usize, what: Truth) -> Inbound {
        let (id, time) = (self.id(number), at(10 * i64::try_from(number).unwrap_or(0)));
        match what {
            Truth::Incoming => incoming(&self.chat, &id, "สวัสดี", time),
            Truth::FromApp => outgoing(&self.chat, &id, Source::App, "จากแอป", time),
            Truth::Automatic => outgoing(&self.chat, &id, Source::Automatic, "Welcome!", time),
            Truth::Ours { text, changed: true, .. } => {
                outgoing(&self.chat, &id, Source::Api, &format!("{} 😊", TEXTS[text]), time)
            }
            Truth::OtherApi(text) | Truth::Ours { text, .. } => {
                outgoing(&self.chat, &id, Source::Api, TEXTS[text], time)
            }
            Truth::Read => read(&self.chat, time),
            Truth::Reaction { to, added } => reaction(&self.chat, &self.id(to), "❤️", added, time),
        }
    }

    async fn play(mut self, history: &[Truth]) -> Told {
        let first = incoming(&self.chat, &self.id(0), "แรกสุด", at(0));
        self.bench.apply(vec![first.clone()]).await;
        self.listed.push(first);
        for (number, what) in (1..).zip(history) {
            let report = self.report(number, *what);
            if !matches!(what, Truth::Read | Truth::Reaction { .. }) {
                self.listed.push(report.clone());
            }
            let delay = self.dice.below(4);
            self.waiting.push((report.clone(), delay));
            while self.dice.once_in(3) {
                let delay = self.dice.below(6);
                self.waiting.push((report.clone(), delay));
            }
            if let Truth::Ours { text, answer_lost, .. } = what {
                self.send(number, TEXTS[*text], *answer_lost).await;
            }
            self.step().await;
        }
        while !self.waiting.is_empty() {
            self.step().await;
        }
        self.told().await
    }

    /// Queues, claims, begins and settles; reports go on arriving at any point of it.
    async fn send(&mut self, number: usize, text: &str, answer_lost: bool) {
        let store = self.bench.store();
        let draft = self.bench.draft(self.bench.chat_id(&self.chat).await, text);
        let draft = Draft { send_anyway: true, ..draft };
        let id = store.queue_reply(&self.bench.scope, draft).await.unwrap().record.message.id;
        let claimed = self.desk.take(self.bench, id).await;
        assert!(store.begin(&claimed).await.unwrap());
        while self.dice.once_in(2) {
            self.step().await;
        }
        let outcome = if answer_lost { lost() } else { sent(&self.id(number)) };
        assert!(store.settle(&claimed, outcome).await.unwrap());
        // One at a time: the next waits until the outcome of this one is told, by its echo or by a list.
        while self.bench.message(id).await.state != MessageState::Sent {
            if self.waiting.is_empty() {
                self.read_list().await;
            }
            self.step().await;
        }
    }

    /// Brings in what is due, latest first, some of it together; now and then somebody reads the list.
    async fn step(&mut self) {
        if self.dice.once_in(6) {
            self.read_list().await;
        }
        let (mut due, mut later) = (Vec::new(), Vec::new());
        for (report, delay) in self.waiting.drain(..).rev() {
            if delay == 0 { due.push(report) } else { later.push((report, delay - 1)) }
        }
        self.waiting = later;
        while !due.is_empty() {
            let together = (1 + self.dice.below(2)).min(due.len());
            let delivery = self.bench.delivery(due.drain(..together).collect());
            self.bench.store().ingest(delivery).await.unwrap();
        }
    }

    async fn read_list(&self) {
        self.bench.apply(self.listed.iter().rev().take(20).rev().cloned().collect()).await;
    }

    async fn told(&self) -> Told {
        let bench = self.bench;
        let record = bench.store().conversation(&bench.scope, bench.chat_id(&self.chat).await).await.unwrap().unwrap();
        let plain = |message: &Message| {
            let id = message.external_id.as_deref().unwrap_or("nameless");
            id.trim_start_matches(&self.chat).to_owned()
        };
        let messages = bench.thread_of(&self.chat).await;
        let told = messages.iter().map(|one| {
            let Message { direction, state, sent_at, .. } = one.message;
            (plain(&one.message), direction, state, sent_at, one.reactions.len())
        });
        Told {
            messages: told.collect(),
            ledger: record.conversation.ledger,
            request: record.conversation.request,
            trouble: record.conversation.trouble,
            unread: record.conversation.unread,
            read_up_to: record.conversation.read_up_to,
            last: record.last_message.as_ref().map(plain),
            last_activity_at: record.conversation.last_activity_at,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "how many, and where to begin, is the runner's choice")]
pub(super) fn asked<T: std::str::FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}?")))
}

/// Plays one history in several orders: each gives the same conversation.
async fn play<H: Harness>(bench: &Bench<H>, desk: &Desk, seed: u64) {
    let history = history(seed);
    let expected = 1 + history.iter().filter(|what| !matches!(what, Truth::Read | Truth::Reaction { .. })).count();
    let mut first: Option<Told> = None;
    for order in 0..PER_HISTORY {
        let (chat, dice) = (format!("h{seed}-{order}"), Dice::new(1_000 * (seed + 1) + order as u64));
        let schedule = Schedule { bench, desk, chat, dice, waiting: Vec::new(), listed: Vec::new() };
        let told = schedule.play(&history).await;
        assert_eq!(told.messages.len(), expected, "history {seed}, order {order}: each message once\n{told:#?}");
        let settled = |(_, _, state, ..): &(_, _, MessageState, _, _)| {
            matches!(state, MessageState::Sent | MessageState::Received)
        };
        assert!(told.messages.iter().all(settled), "history {seed}, order {order}: every outcome told");
        match &first {
            Some(first) => assert_eq!(&told, first, "history {seed}, order {order}: {history:?}"),
            None => first = Some(told),
        }
    }
}

/// 2,000 schedules of 500 histories.
pub async fn any_interleaving_gives_the_same_conversation<H: Harness>() {
    let (schedules, seed) = (asked("SCHEDULES", SCHEDULES), asked("SEED", SEED));
    println!("{schedules} schedules, SEED={seed}");
    let histories = u64::try_from(schedules.div_ceil(PER_HISTORY)).unwrap();
    let shares = (0..DATABASES).map(|share| async move {
        let (bench, desk) = (&Bench::<H>::open().await, &Desk::default());
        let seeds = (seed + share..seed + histories).step_by(usize::try_from(DATABASES).unwrap());
        let all = stream::iter(seeds).map(|seed| play(bench, desk, seed)).buffer_unordered(AT_ONCE);
        all.for_each(|()| async {}).await;
        assert_eq!(bench.store().claim_any_workspace(1_000).await.unwrap(), Vec::new(), "nothing is left to send");
    });
    join_all(shares).await;
}
