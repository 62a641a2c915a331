//! The promise of two sides at its full width: what both tell of one history, duplicated, reordered and interleaved with our own sends
//! through either of them, with switches and lost answers, is one conversation with each message once.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use super::{
    Harness,
    bench::{Bench, delivery, lost, sent},
    dice::Dice,
    report::{at, incoming, outgoing},
    schedules::asked,
    sides::{CHANNEL, called, from, handle, shadows, to, two_sides},
};
use crate::{
    Timestamp,
    account::ProviderKind,
    id::Id,
    inbound::{Inbound, InboundMessage, Source},
    ledger::Ledger,
    message::{Direction, Message, MessageState},
    outbox::Claimed,
    reply::Draft,
    store::{Inbox, Journal, Outbox, Sides},
};

/// Schedules with one side for each that is played with two, which takes ten times as long; see `schedules`.
const SHARE: usize = 10;
/// How many there are with one side, where `SCHEDULES` in the environment does not say; each history is played in several.
const SCHEDULES: usize = 2_000;
const PER_HISTORY: usize = 4;
/// A store has one writer, which waits for its database most of the time: others fill that time.
const DATABASES: usize = 4;
/// The first history, `SEED` in the environment says otherwise.
const SEED: u64 = 1;
/// Between two steps of a history: further than what may be taken for the same time.
const STEP: i64 = 100;

/// What truly happened, in order of time.
#[derive(Debug, Clone, Copy)]
enum Truth {
    Incoming(usize),
    /// The same words twice, and once more, within a second or so.
    Again(usize),
    FromApp(usize),
    /// Our reply; whether its answer got lost.
    Ours {
        text: usize,
        answer_lost: bool,
    },
    /// The other side sends from here on, in this conversation only or in all.
    Switch {
        here: bool,
    },
}

const TEXTS: [&str; 4] = ["ค่ะ", "ขอบคุณค่ะ", "ok", "ส่งพรุ่งนี้ค่ะ"];

/// When Respond.io tells what TikTok calls a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Platform {
    AtOnce,
    Late,
    Never,
}

fn history(seed: u64) -> Vec<Truth> {
    let mut dice = Dice::new(seed);
    let length = 4 + dice.below(8);
    let draw = |dice: &mut Dice| {
        let text = dice.below(TEXTS.len());
        match dice.below(10) {
            0..=2 => Truth::Incoming(text),
            3..=4 => Truth::Again(2 + dice.below(2)),
            5 => Truth::FromApp(text),
            6..=8 => Truth::Ours { text, answer_lost: dice.once_in(3) },
            _ => Truth::Switch { here: dice.once_in(2) },
        }
    };
    (0..length).map(|_| draw(&mut dice)).collect()
}

/// A message as it truly is.
#[derive(Debug, Clone)]
struct Fact {
    direction: Direction,
    text: String,
    at: Timestamp,
    /// Through which side it left, where we sent it.
    by: Option<ProviderKind>,
}

/// The conversation as anybody would tell it: by TikTok's ids, and by times since its beginning.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    messages: Vec<(usize, Direction, MessageState, i64)>,
    last_incoming: Option<i64>,
    first_outgoing: Option<i64>,
    spent: u32,
    unread: u32,
    trouble: bool,
    request: bool,
}

/// One way in which the history is told.
struct Schedule<'b, H: Harness> {
    bench: &'b Bench<H>,
    name: String,
    begin: i64,
    platform: Platform,
    dice: Dice,
    facts: Vec<Fact>,
    sender: ProviderKind,
    /// Reports on their way, and how many more steps each takes.
    waiting: Vec<(ProviderKind, Inbound, usize)>,
}

impl<H: Harness> Schedule<'_, H> {
    fn tiktoks(&self, number: usize) -> String {
        format!("{}-t{number}", self.name)
    }

    fn respondios(&self, number: usize) -> String {
        format!("{}-r{number}", self.name)
    }

    fn contact(&self) -> String {
        format!("contact-{}", self.name)
    }

    /// What TikTok tells of a message.
    fn by_tiktok(&self, number: usize) -> Inbound {
        let (fact, id) = (&self.facts[number], self.tiktoks(number));
        match (fact.direction, fact.by) {
            (Direction::Incoming, _) => incoming(&self.name, &id, &fact.text, fact.at),
            (Direction::Outgoing, Some(_)) => outgoing(&self.name, &id, Source::Api, &fact.text, fact.at),
            (Direction::Outgoing, None) => outgoing(&self.name, &id, Source::App, &fact.text, fact.at),
        }
    }

    /// What Respond.io tells of it: a second off, at times with TikTok's id.
    fn by_respondio(&self, number: usize, platform: bool) -> Inbound {
        let (fact, id) = (&self.facts[number], self.respondios(number));
        let time = Timestamp::from_millis((fact.at.as_millis() + 1_000) / 1_000 * 1_000);
        let report = match (fact.direction, fact.by) {
            (Direction::Incoming, _) => from(&self.contact(), &id, &fact.text, time, None),
            (Direction::Outgoing, Some(ProviderKind::Respondio)) => {
                to(&self.contact(), &id, Source::Api, &fact.text, time)
            }
            (Direction::Outgoing, _) => to(&self.contact(), &id, Source::App, &fact.text, time),
        };
        let platform_id = platform.then(|| self.tiktoks(number));
        Inbound::Message(InboundMessage { platform_id, ..called(&handle(&self.name), report) })
    }

    /// Both sides will tell it, each at its own time and as often as it likes.
    fn expect(&mut self, number: usize) {
        let mut reports = vec![(ProviderKind::Official, self.by_tiktok(number))];
        reports.push((ProviderKind::Respondio, self.by_respondio(number, self.platform == Platform::AtOnce)));
        if self.platform == Platform::Late {
            reports.push((ProviderKind::Respondio, self.by_respondio(number, true)));
        }
        for (side, report) in reports {
            loop {
                let delay = self.dice.below(6);
                self.waiting.push((side, report.clone(), delay));
                if !self.dice.once_in(3) {
                    break;
                }
            }
        }
    }

    fn happen(&mut self, direction: Direction, text: &str, millis: i64, by: Option<ProviderKind>) -> usize {
        let text = text.to_owned();
        self.facts.push(Fact { direction, text, at: Timestamp::from_millis(millis), by });
        self.facts.len() - 1
    }

    /// Plays it; gives what is told, and what is true.
    async fn play(mut self, history: &[Truth]) -> (Told, Told) {
        // Both have told the first message before anybody answers.
        let first = self.happen(Direction::Incoming, "แรกสุด", at(self.begin).as_millis(), None);
        self.expect(first);
        while !self.waiting.is_empty() {
            self.step().await;
        }
        for (number, what) in (1..).zip(history) {
            let now = at(self.begin + STEP * number);
            self.bench.clock.advance(now.since(self.bench.clock.now()));
            match *what {
                Truth::Incoming(text) => {
                    let number = self.happen(Direction::Incoming, TEXTS[text], now.as_millis(), None);
                    self.expect(number);
                }
                Truth::Again(times) => {
                    for time in 0..times {
                        let millis = now.as_millis() + 300 * i64::try_from(time).unwrap();
                        let number = self.happen(Direction::Incoming, "ok", millis, None);
                        self.expect(number);
                    }
                }
                Truth::FromApp(text) => {
                    let number = self.happen(Direction::Outgoing, TEXTS[text], now.as_millis(), None);
                    self.expect(number);
                }
                Truth::Ours { text, answer_lost } => self.send(TEXTS[text], answer_lost, now).await,
                Truth::Switch { here } => self.switch(here).await,
            }
            self.step().await;
        }
        while !self.waiting.is_empty() {
            self.step().await;
        }
        (self.told().await, self.truth())
    }

    async fn switch(&mut self, here: bool) {
        let other = match self.sender {
            ProviderKind::Official => ProviderKind::Respondio,
            _ => ProviderKind::Official,
        };
        let (store, scope) = (self.bench.store(), &self.bench.scope);
        let id = self.bench.chat_id(&self.name).await;
        if here {
            store.set_conversation_sender(scope, id, Some(other)).await.unwrap().unwrap();
        } else {
            store.set_conversation_sender(scope, id, None).await.unwrap().unwrap();
            store.set_sender(scope, self.bench.account.id, other).await.unwrap().unwrap();
        }
        self.sender = other;
    }

    /// Queues, claims, begins and settles; reports go on arriving, and the sender may change, at any point of it.
    async fn send(&mut self, text: &str, answer_lost: bool, now: Timestamp) {
        let store = self.bench.store();
        let draft = self.bench.draft(self.bench.chat_id(&self.name).await, text);
        let draft = Draft { send_anyway: true, ..draft };
        let id = store.queue_reply(&self.bench.scope, draft).await.unwrap().record.message.id;
        if self.dice.once_in(4) {
            self.switch(self.sender == ProviderKind::Official).await;
        }
        let mut claimed = self.claim(id).await;
        if self.dice.once_in(4) {
            self.switch(true).await;
            assert!(!store.begin(&claimed).await.unwrap(), "the other side sends by now");
            claimed = self.claim(id).await;
        }
        assert!(store.begin(&claimed).await.unwrap());
        let by = claimed.account.provider;
        assert_eq!(by, self.sender, "it leaves through the side that sends");
        let number = self.happen(Direction::Outgoing, text, now.as_millis() + 500, Some(by));
        self.expect(number);
        while self.dice.once_in(2) {
            self.step().await;
        }
        let name = if by == ProviderKind::Official { self.tiktoks(number) } else { self.respondios(number) };
        let outcome = if answer_lost { lost() } else { sent(&name) };
        assert!(store.settle(&claimed, outcome).await.unwrap());
        // One at a time: the next waits until what became of this one is told, by whichever side.
        while self.bench.message(id).await.state != MessageState::Sent {
            assert!(!self.waiting.is_empty(), "nobody tells what became of {number}");
            self.step().await;
        }
    }

    async fn claim(&self, id: Id<Message>) -> Claimed {
        let mut due = self.bench.store().claim_any_workspace(10).await.unwrap();
        due.retain(|claimed| claimed.message.id == id);
        due.pop().expect("it is due")
    }

    /// Brings in what is due, latest first, some of it together.
    async fn step(&mut self) {
        let (mut due, mut later) = (Vec::new(), Vec::new());
        for (side, report, delay) in self.waiting.drain(..).rev() {
            if delay == 0 { due.push((side, report)) } else { later.push((side, report, delay - 1)) }
        }
        self.waiting = later;
        self.dice.shuffle(&mut due);
        for (side, report) in due {
            let (account, body) = match side {
                ProviderKind::Respondio => (CHANNEL, format!("{} {report:?}", self.dice.below(1 << 30))),
                _ => ("business-1", format!("{} {report:?}", self.dice.below(1 << 30))),
            };
            let mut told = delivery(account, &body, self.bench.clock.now(), vec![report]);
            told.provider = side;
            self.bench.store().ingest(told).await.unwrap();
        }
    }

    async fn told(&self) -> Told {
        let bench = self.bench;
        let record = bench.store().conversation(&bench.scope, bench.chat_id(&self.name).await).await.unwrap().unwrap();
        let since = |time: Timestamp| time.as_millis() - at(self.begin).as_millis();
        let numbers: BTreeMap<String, usize> =
            (0..self.facts.len()).map(|number| (self.tiktoks(number), number)).collect();
        let messages = bench.thread_of(&self.name).await.into_iter().map(|one| {
            let Message { direction, state, sent_at, external_id, .. } = one.message;
            let number = external_id.as_ref().and_then(|id| numbers.get(id)).copied();
            (number.unwrap_or(usize::MAX), direction, state, since(sent_at))
        });
        let Ledger { last_incoming_at, first_outgoing_at, spent, .. } = record.conversation.ledger;
        Told {
            messages: messages.collect(),
            last_incoming: last_incoming_at.map(since),
            first_outgoing: first_outgoing_at.map(since),
            spent,
            unread: record.conversation.unread,
            trouble: record.conversation.trouble,
            request: record.conversation.request,
        }
    }

    /// What it must be, by the facts alone.
    fn truth(&self) -> Told {
        let since = |time: Timestamp| time.as_millis() - at(self.begin).as_millis();
        let of = |direction| self.facts.iter().filter(move |fact| fact.direction == direction);
        let last_incoming = of(Direction::Incoming).map(|fact| fact.at).max();
        let line = |(number, fact): (usize, &Fact)| {
            let state = match fact.direction {
                Direction::Incoming => MessageState::Received,
                Direction::Outgoing => MessageState::Sent,
            };
            (number, fact.direction, state, since(fact.at))
        };
        let spent = of(Direction::Outgoing).filter(|fact| Some(fact.at) > last_incoming).count();
        Told {
            messages: self.facts.iter().enumerate().map(line).collect(),
            last_incoming: last_incoming.map(since),
            first_outgoing: of(Direction::Outgoing).map(|fact| fact.at).min().map(since),
            spent: u32::try_from(spent).unwrap(),
            unread: u32::try_from(of(Direction::Incoming).count()).unwrap(),
            trouble: false,
            request: of(Direction::Outgoing).count() == 0,
        }
    }
}

/// Histories one after the other, each in several orders.
async fn play<H: Harness>(seeds: impl Iterator<Item = u64>) {
    let bench = two_sides::<H>().await;
    let mut begin = 0;
    for seed in seeds {
        let history = history(seed);
        let platform = [Platform::AtOnce, Platform::Late, Platform::Never][usize::try_from(seed % 3).unwrap()];
        for order in 0..PER_HISTORY {
            let (name, dice) = (format!("h{seed}-{order}"), Dice::new(1_000 * (seed + 1) + order as u64));
            let sender = bench.account.provider;
            bench.store().set_sender(&bench.scope, bench.account.id, sender).await.unwrap();
            let schedule =
                Schedule { bench: &bench, name, begin, platform, dice, facts: Vec::new(), sender, waiting: Vec::new() };
            let (told, truth) = schedule.play(&history).await;
            assert_eq!(told, truth, "history {seed}, order {order}, {platform:?}: {history:?}");
            begin += STEP * (2 + i64::try_from(history.len()).unwrap());
        }
    }
    assert_eq!(shadows(&bench).await, Vec::new(), "both told everything");
    assert_eq!(bench.store().claim_any_workspace(1_000).await.unwrap(), Vec::new(), "nothing is left to send");
}

/// 200 schedules of 50 histories.
pub async fn any_interleaving_of_both_gives_the_same_conversation<H: Harness>() {
    let (schedules, seed) = (asked("SCHEDULES", SCHEDULES) / SHARE, asked("SEED", SEED));
    println!("{schedules} schedules, SEED={seed}");
    let histories = u64::try_from(schedules.div_ceil(PER_HISTORY)).unwrap();
    let shares = (0..DATABASES as u64).map(|share| play::<H>((seed + share..seed + histories).step_by(DATABASES)));
    join_all(shares).await;
}
