//! The promise that carries everything else: any order and duplication of the same reports gives the same conversation.

use super::{
    Harness,
    bench::Bench,
    dice::Dice,
    report::{ad, at, incoming, incoming_content, link, message, outgoing, reaction, read, referred},
};
use crate::{
    Timestamp,
    content::Content,
    inbound::{Inbound, InboundContent, InboundMessage, Source},
    ledger::Ledger,
    message::{Author, Direction, MessageState},
    referral::Referral,
    store::Inbox,
};

/// Histories that are tried; each in several orders.
const HISTORIES: u64 = 16;
const ORDERS: u64 = 4;

/// What a person sees of a message.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    external_id: Option<String>,
    direction: Direction,
    author: Author,
    content: String,
    state: MessageState,
    sent_at: Timestamp,
    quotes: Option<String>,
    reactions: Vec<(String, Timestamp)>,
}

/// What a person sees of a conversation.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    lines: Vec<Line>,
    ledger: Ledger,
    request: bool,
    unread: u32,
    read_up_to: Option<Timestamp>,
    last: Option<String>,
    last_activity_at: Timestamp,
    handle: Option<String>,
    referrals: Vec<(Referral, Timestamp)>,
}

/// A history of one conversation; `chat` keeps runs apart in one database. Times differ, as a provider's do in one conversation.
fn history(seed: u64, chat: &str) -> Vec<Inbound> {
    let mut dice = Dice::new(seed);
    let length = 6 + dice.below(8);
    let id = |number: usize| format!("{chat}-{number}");
    let time =
        |number: usize, ms: i64| Timestamp::from_millis(at(i64::try_from(number).unwrap_or(0) * 10).as_millis() + ms);
    let mut reports = vec![incoming(chat, &id(0), "แรกสุด", time(0, 0))];
    for number in 1..length {
        let target = id(dice.below(length));
        reports.push(match dice.below(11) {
            0 | 1 => incoming(chat, &id(number), &format!("ข้อความ {number}"), time(number, 0)),
            2 => outgoing(chat, &id(number), Source::App, &format!("จากแอป {number}"), time(number, 0)),
            3 => outgoing(chat, &id(number), Source::Api, "คำเดียวกัน", time(number, 0)),
            4 => outgoing(chat, &id(number), Source::Automatic, "Welcome!", time(number, 0)),
            5 => reaction(chat, &target, "❤️", dice.once_in(2), time(number, 1)),
            6 => read(chat, time(dice.below(length), 2)),
            7 => incoming_content(chat, &id(number), InboundContent::Image { media_id: id(number) }, time(number, 0)),
            8 => {
                let source = if dice.once_in(2) { ad("7") } else { link("bio") };
                referred(chat, Referral::new(source, time(number, 700)))
            }
            // A list tells of a link without its time.
            9 => referred(chat, Referral::undated(link("bio"), time(number, 900))),
            _ => {
                let report = message(chat, &id(number), Direction::Incoming, Source::Unknown, "ตามนี้", time(number, 0));
                Inbound::Message(InboundMessage { quoted_external_id: Some(target), ..report })
            }
        });
    }
    reports
}

/// Brings the reports in: some as deliveries of their own, some together, some from a list, and some twice.
async fn bring<H: Harness>(bench: &Bench<H>, reports: Vec<Inbound>, dice: &mut Dice) {
    let mut reports = reports;
    while !reports.is_empty() {
        let together = (1 + dice.below(3)).min(reports.len());
        let part: Vec<_> = reports.drain(..together).collect();
        if dice.once_in(2) {
            bench.apply(part).await;
        } else {
            crate::store::Journal::ingest(bench.store(), bench.delivery(part)).await.unwrap();
        }
    }
}

async fn seen<H: Harness>(bench: &Bench<H>, chat: &str) -> Seen {
    let id = bench.chat_id(chat).await;
    let record = bench.store().conversation(&bench.scope, id).await.unwrap().unwrap();
    let plain = |external_id: &String| external_id.trim_start_matches(chat).to_owned();
    let lines = bench.thread_of(chat).await.into_iter().map(|one| Line {
        external_id: one.message.external_id.as_ref().map(plain),
        direction: one.message.direction,
        author: one.message.author,
        content: match one.message.content {
            Content::Text { body } => body,
            other => other.type_name().to_owned(),
        },
        state: one.message.state,
        sent_at: one.message.sent_at,
        quotes: one.message.quoted_external_id.as_ref().map(plain),
        reactions: one.reactions.into_iter().map(|reaction| (reaction.key, reaction.at)).collect(),
    });
    let referrals = bench.store().referrals(&bench.scope, id, 100).await.unwrap().unwrap().here;
    Seen {
        lines: lines.collect(),
        ledger: record.conversation.ledger,
        request: record.conversation.request,
        unread: record.conversation.unread,
        read_up_to: record.conversation.read_up_to,
        last: record.last_message.and_then(|last| last.external_id).as_ref().map(plain),
        last_activity_at: record.conversation.last_activity_at,
        referrals: referrals.into_iter().map(|one| (one.referral, one.first_at)).collect(),
        handle: record.contact.username.map(|handle| handle.replace(chat, "")),
    }
}

/// 64 orders of 16 histories, all in one database.
pub async fn any_order_and_duplication_gives_the_same_conversation<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    for seed in 0..HISTORIES {
        let plain = format!("h{seed}-as-it-was-");
        let mut straight = Dice::new(seed);
        bring(&bench, history(seed, &plain), &mut straight).await;
        let expected = seen(&bench, &plain).await;
        for order in 0..ORDERS {
            let chat = format!("h{seed}-order-{order}-");
            let mut dice = Dice::new(1_000 * (seed + 1) + order);
            let mut reports = history(seed, &chat);
            for copy in reports.clone() {
                if dice.once_in(3) {
                    reports.push(copy);
                }
            }
            dice.shuffle(&mut reports);
            bring(&bench, reports, &mut dice).await;
            assert_eq!(seen(&bench, &chat).await, expected, "history {seed}, order {order}");
        }
    }
}
