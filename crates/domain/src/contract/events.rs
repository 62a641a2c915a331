//! The event log: numbered in order of commit, joined with its subjects as they are.

use std::collections::BTreeSet;

use futures_util::{FutureExt, future::join};

use super::{
    Harness,
    bench::{Bench, CHAT, failure},
    report::{T0, at, incoming, reaction, read},
};
use crate::{
    event::{Event, Subject},
    failure::FailureKind,
    outbox::Outcome,
    store::{Events, Journal, Outbox},
};

/// Each event with its kind and the number its subject now carries.
fn kinds(events: &[Event]) -> Vec<&'static str> {
    let kind = |event: &Event| match &event.subject {
        Subject::Message(_) => "message",
        Subject::Status(_) => "status",
        Subject::Conversation(_) => "conversation",
        Subject::Account(_) => "account",
        Subject::Removed { .. } | Subject::Merged { .. } => "removed",
        Subject::AccountGone => "gone",
        Subject::Comment(_) => "comment",
    };
    events.iter().map(kind).collect()
}

/// A message comes with its conversation, in this order, with the newest state of both.
pub async fn subjects_are_joined<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let head = bench.store().head_seq().await.unwrap();
    bench.ingest(incoming(CHAT, "in-1", "สวัสดี", T0)).await;
    let page = bench.store().events_after(None, head, 50).await.unwrap();
    assert_eq!(kinds(&page.events), ["message", "conversation"]);
    assert!(!page.too_old);
    let thread = bench.thread().await;
    assert!(matches!(&page.events[0].subject, Subject::Message(record) if **record == thread[0]));
    let chat = bench.chat().await;
    assert!(matches!(&page.events[1].subject, Subject::Conversation(record) if **record == chat));
    assert_eq!(
        (page.events[0].account_id, page.events[0].workspace_id, page.events[0].at),
        (bench.account.id, bench.workspace, T0)
    );
    assert!(page.events[0].seq < page.events[1].seq);
    assert_eq!(page.next, page.events[1].seq);
    assert_eq!(bench.store().head_seq().await.unwrap(), page.next);
    let nothing = bench.store().events_after(None, page.next, 50).await.unwrap();
    assert_eq!((nothing.events.len(), nothing.next), (0, page.next));
    bench.ingest(reaction(CHAT, "in-1", "❤️", true, at(1))).await;
    let page = bench.store().events_after(None, page.next, 50).await.unwrap();
    assert!(matches!(&page.events[0].subject, Subject::Status(record) if record.reactions.len() == 1));
}

/// A reader that polls while many write misses nothing and never goes back.
pub async fn every_event_is_seen_by_a_reader_during_writes<H: Harness>() {
    const WRITES: usize = 200;
    let bench: Bench<H> = Bench::open().await;
    let start = bench.store().head_seq().await.unwrap();
    let writers = futures_util::future::join_all((0..WRITES).map(|number| {
        let chat = format!("chat-{}", number % 7);
        bench.ingest(incoming(&chat, &format!("in-{number}"), "สวัสดี", at(i64::try_from(number).unwrap())))
    }));
    let reader = async {
        let (mut cursor, mut seen, mut seqs) = (start, BTreeSet::new(), Vec::new());
        while seen.len() < WRITES {
            let page = bench.store().events_after(Some(bench.workspace), cursor, 20).await.unwrap();
            assert!(page.next >= cursor);
            for event in page.events {
                seqs.push(event.seq);
                if let Subject::Message(record) = event.subject {
                    seen.insert(record.message.id);
                }
            }
            cursor = page.next;
        }
        seqs
    };
    let (_, seqs) = join(writers, reader).await;
    assert!(seqs.windows(2).all(|pair| pair[0] < pair[1]), "numbers only grow");
    let all = bench.store().events_after(None, start, 1_000).await.unwrap().events;
    let seen: BTreeSet<_> = seqs.into_iter().collect();
    let last = *seen.last().unwrap();
    assert!(
        all.iter().filter(|event| event.seq <= last).all(|event| seen.contains(&event.seq)),
        "nothing appeared behind the cursor"
    );
}

/// Who asks for what is forgotten is told to load anew.
pub async fn pruned_log_says_so<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.ingest(incoming(CHAT, "in-1", "สวัสดี", T0)).await;
    let old = bench.store().head_seq().await.unwrap();
    bench.advance(100);
    bench.ingest(incoming(CHAT, "in-2", "สวัสดี", at(100))).await;
    assert_eq!(bench.store().prune_events(T0).await.unwrap(), 0);
    assert!(bench.store().prune_events(at(100)).await.unwrap() >= 3);
    assert!(bench.store().events_after(None, 0, 50).await.unwrap().too_old);
    assert!(bench.store().events_after(None, old - 1, 50).await.unwrap().too_old);
    let page = bench.store().events_after(None, old, 50).await.unwrap();
    assert!(!page.too_old);
    assert_eq!(page.events.len(), 2);
    bench.store().prune_events(at(1_000)).await.unwrap();
    assert_eq!(bench.store().head_seq().await.unwrap(), page.next, "numbers go on where they were");
    assert!(!bench.store().events_after(None, page.next, 50).await.unwrap().too_old);
    bench.ingest(incoming(CHAT, "in-3", "สวัสดี", at(101))).await;
    assert!(bench.store().events_after(None, page.next, 1).await.unwrap().events[0].seq > page.next);
}

/// A commit between the call and the first look at the future is not missed; without one, the future waits.
pub async fn changed_is_armed_when_called<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    assert!(bench.store().changed().now_or_never().is_none(), "nothing has changed since");
    let changed = bench.store().changed();
    bench.ingest(incoming(CHAT, "in-1", "สวัสดี", T0)).await;
    changed.await;
}

/// A message that is gone is told by its ids, and its earlier events are left out.
pub async fn removed_messages<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let start = bench.store().head_seq().await.unwrap();
    let id = bench.reply("ค่ะ").await;
    let claimed = bench.begin().await;
    bench.settle(&claimed, Outcome::Refused { failure: failure(FailureKind::Refused), dm_rule: false }).await;
    bench.store().discard(&bench.scope, id).await.unwrap();
    let chat = bench.chat_id(CHAT).await;
    let events = bench.store().events_after(None, start, 50).await.unwrap().events;
    assert!(events.iter().all(|event| !matches!(&event.subject, Subject::Message(_) | Subject::Status(_))));
    let removed: Vec<_> = events
        .iter()
        .filter_map(|event| match event.subject {
            Subject::Removed { message_id, conversation_id } => Some((message_id, conversation_id)),
            _ => None,
        })
        .collect();
    assert_eq!(removed, [(id, chat)]);
}

/// A row carries the number of the newest event about it, also when the event came from somewhere else than the row.
pub async fn seq_is_written_to_rows<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.send("ค่ะ", "out-1").await;
    bench.ingest(reaction(CHAT, "in-1", "❤️", true, at(1))).await;
    bench.ingest(read(CHAT, at(5))).await;
    let events = bench.store().events_after(None, 0, 1_000).await.unwrap().events;
    let newest = |wanted: &dyn Fn(&Subject) -> bool| {
        events.iter().filter(|event| wanted(&event.subject)).map(|event| event.seq).max()
    };
    for record in bench.thread().await {
        let id = record.message.id;
        let about =
            |subject: &Subject| matches!(subject, Subject::Message(one) | Subject::Status(one) if one.message.id == id);
        assert_eq!(Some(record.message.seq), newest(&about));
    }
    let chat = bench.chat().await.conversation;
    assert_eq!(
        Some(chat.seq),
        newest(&|subject| matches!(subject, Subject::Conversation(one) if one.conversation.id == chat.id))
    );
}

/// A workspace's page holds its own events only.
pub async fn of_one_workspace<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let other = bench.second_workspace(41).await;
    let page = bench.store().events_after(Some(other), 0, 50).await.unwrap();
    assert_eq!((page.events.len(), page.next), (0, 0));
    let twin = bench.delivery(vec![incoming(CHAT, "in-9", "สวัสดี", at(9))]);
    bench.store().ingest(twin).await.unwrap();
    let events = bench.store().events_after(Some(bench.workspace), 0, 50).await.unwrap().events;
    assert!(events.len() >= 5 && events.iter().all(|event| event.workspace_id == bench.workspace));
}
