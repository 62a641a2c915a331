//! History: what was said before an account was connected is filed, and nobody is told; what was said since is news.

use super::{
    Harness,
    bench::{BUSINESS, Bench, CHAT},
    dice::Dice,
    report::{T0, at, customer, incoming, incoming_content, outgoing, read},
};
use crate::{
    Timestamp,
    account::ProviderKind,
    conversation::ConversationStatus,
    event::Subject,
    history::{History, HistoryState, ListedConversation, PastConversation},
    inbound::{Inbound, InboundContent, InboundConversation, InboundCustomer, Source},
    job::{JobOutcome, Task},
    ledger::{Ledger, WINDOW},
    referral::{AdReferral, Referral, ReferralSource},
    store::{Accounts, Events, Filing, Inbox, Jobs, Journal},
};

/// The customer as a list names them.
fn named(chat: &str) -> InboundCustomer {
    InboundCustomer {
        display_name: Some("น้องมะลิ".to_owned()),
        avatar_url: Some("https://example.com/mali".to_owned()),
        is_follower: Some(true),
        ..customer(&format!("of-{chat}"))
    }
}

fn past(chat: &str, request: bool, messages: Vec<Inbound>) -> PastConversation {
    let first =
        Inbound::Conversation(InboundConversation { conversation_external_id: chat.to_owned(), customer: named(chat) });
    let items = std::iter::once(first).chain(messages).collect();
    PastConversation {
        provider: ProviderKind::Official,
        external_id: chat.to_owned(),
        request,
        image_send: Some(true),
        items,
    }
}

fn listed(external_id: &str) -> ListedConversation {
    let ad = AdReferral { ad_id: Some("7".to_owned()), ..AdReferral::default() };
    let referrals = vec![Referral::new(ReferralSource::Ad { ad }, at(-60))];
    ListedConversation { external_id: external_id.to_owned(), request: true, moved_at: at(-60), referrals }
}

async fn file<H: Harness>(bench: &Bench<H>, past: PastConversation) {
    let filed = bench.store().file_conversation(bench.workspace, bench.account.id, past).await.unwrap();
    assert!(filed.is_some(), "the customer is known");
}

/// The kinds of events after a number, those of accounts left out.
async fn events_after<H: Harness>(bench: &Bench<H>, seq: i64) -> Vec<&'static str> {
    let page = bench.store().events_after(Some(bench.workspace), seq, 100).await.unwrap();
    let name = |subject: &Subject| match subject {
        Subject::Message(_) => Some("message"),
        Subject::Status(_) => Some("status"),
        Subject::Conversation(_) => Some("conversation"),
        Subject::Account(_) | Subject::AccountGone | Subject::Comment(_) => None,
        Subject::Removed { .. } | Subject::Merged { .. } => Some("removed"),
    };
    page.events.iter().filter_map(|event| name(&event.subject)).collect()
}

async fn state<H: Harness>(bench: &Bench<H>) -> Option<History> {
    bench.store().account(&bench.scope, bench.account.id).await.unwrap().unwrap().history
}

/// Kept with names, counted by the rules, unread by nobody, and one event so that lists show it; twice is once.
pub async fn it_is_kept_and_nobody_is_told<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let before = bench.store().head_seq().await.unwrap();
    let messages = vec![
        incoming(CHAT, "old-1", "สวัสดีค่ะ", at(-7_200)),
        outgoing(CHAT, "old-2", Source::App, "สวัสดีครับ", at(-7_000)),
        incoming_content(CHAT, "old-3", InboundContent::Image { media_id: "m-3".to_owned() }, at(-3_600)),
        outgoing(CHAT, "old-4", Source::Api, "รับทราบ", at(-3_000)),
    ];
    file(&bench, past(CHAT, false, messages.clone())).await;
    assert_eq!(events_after(&bench, before).await, ["conversation"]);
    let chat = bench.chat().await;
    let row = &chat.conversation;
    assert_eq!((row.unread, row.request, row.image_send), (0, false, Some(true)));
    assert_eq!(row.status, ConversationStatus::Open, "its window is open");
    let ledger = Ledger {
        last_incoming_at: Some(at(-3_600)),
        first_outgoing_at: Some(at(-7_000)),
        spent: 1,
        ..Ledger::default()
    };
    assert_eq!((row.ledger, row.last_activity_at), (ledger, at(-3_000)));
    assert_eq!((chat.contact.display_name.as_deref(), chat.contact.is_follower), (Some("น้องมะลิ"), Some(true)));
    let thread = bench.thread().await;
    assert!(thread.len() == 4 && thread.iter().all(|one| one.message.filed), "{thread:#?}");
    let jobs = bench.store().claim_jobs_any_workspace(10).await.unwrap();
    assert!(
        matches!(jobs.as_slice(), [one] if matches!(one.task, Task::FetchMedia { .. })),
        "nobody asks again: {jobs:?}"
    );
    let account = bench.store().account(&bench.scope, bench.account.id).await.unwrap().unwrap();
    assert_eq!(account.last_delivery_at, None, "no webhook came");

    let seq = bench.store().head_seq().await.unwrap();
    file(&bench, past(CHAT, false, messages)).await;
    assert_eq!(bench.store().head_seq().await.unwrap(), seq, "nothing new");
    assert_eq!(bench.thread().await, thread);
}

/// A conversation whose window is over is closed, and so is one in which the customer never wrote.
pub async fn what_is_over_is_closed<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let long_ago = T0.minus(WINDOW);
    let just = Timestamp::from_millis(long_ago.as_millis() + 1);
    for (chat, messages, status) in [
        ("over", vec![incoming("over", "o-1", "นานแล้ว", long_ago)], ConversationStatus::Closed),
        ("open", vec![incoming("open", "p-1", "ทันพอดี", just)], ConversationStatus::Open),
        ("mute", vec![outgoing("mute", "m-1", Source::App, "ตอบคอมเมนต์", at(-5))], ConversationStatus::Closed),
    ] {
        file(&bench, past(chat, true, messages)).await;
        let id = bench.chat_id(chat).await;
        let record = bench.store().conversation(&bench.scope, id).await.unwrap().unwrap();
        assert_eq!(record.conversation.status, status, "{chat}");
        assert_eq!(record.conversation.request, chat != "mute", "{chat}: answered once is no request");
    }
}

/// From the moment of connecting on it is news, and alerts once, whichever of list and webhook comes first.
pub async fn what_was_said_since_is_news<H: Harness>() {
    for list_first in [true, false] {
        let bench: Bench<H> = Bench::open().await;
        let old = incoming(CHAT, "old-1", "นานแล้ว", Timestamp::from_millis(T0.as_millis() - 1));
        let new = incoming(CHAT, "new-1", "เพิ่งเขียน", T0);
        let before = bench.store().head_seq().await.unwrap();
        let list = past(CHAT, true, vec![old, new.clone()]);
        if list_first {
            file(&bench, list).await;
            bench.ingest(new).await;
        } else {
            bench.ingest(new).await;
            file(&bench, list).await;
        }
        let told = events_after(&bench, before).await;
        assert_eq!(told.iter().filter(|kind| **kind == "message").count(), 1, "list first: {list_first}: {told:?}");
        let chat = bench.chat().await;
        assert_eq!((chat.conversation.unread, chat.conversation.status), (1, ConversationStatus::Open));
        let filed: Vec<bool> = bench.thread().await.iter().map(|one| one.message.filed).collect();
        assert_eq!(filed, [true, false]);
    }
}

/// A webhook says that it is of now, however old the message is: what was filed alerts after all, once.
pub async fn a_webhook_tells_what_was_filed<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let held = incoming(CHAT, "held-1", "รอการตอบรับ", at(-300_000));
    file(&bench, past(CHAT, true, vec![held.clone()])).await;
    assert_eq!(bench.chat().await.conversation.status, ConversationStatus::Closed);
    let before = bench.store().head_seq().await.unwrap();
    for _ in 0..2 {
        bench.ingest(held.clone()).await;
    }
    assert_eq!(events_after(&bench, before).await, ["message", "conversation"]);
    let chat = bench.chat().await;
    assert_eq!((chat.conversation.unread, chat.conversation.status), (1, ConversationStatus::Open));
    assert!(!bench.thread().await[0].message.filed);
}

/// What is said of a conversation, some of it before the account was connected.
fn story(chat: &str) -> (Vec<Inbound>, Vec<Inbound>) {
    let id = |number: u32| format!("{chat}-{number}");
    let told = vec![
        incoming(chat, &id(3), "ก่อนเชื่อมนิดเดียว", at(-50)),
        incoming(chat, &id(4), "หลังเชื่อม", at(10)),
        outgoing(chat, &id(5), Source::App, "ตอบจากแอป", at(20)),
        read(chat, at(25)),
    ];
    let listed = vec![
        incoming(chat, &id(1), "แรกสุด", at(-400_000)),
        outgoing(chat, &id(2), Source::Api, "ตอบแล้ว", at(-399_000)),
        told[0].clone(),
        told[1].clone(),
        told[2].clone(),
    ];
    (told, listed)
}

/// Webhooks, copies of them, and the list at any moment and more than once: the same conversation comes of it.
pub async fn any_interleaving_with_webhooks_gives_the_same<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.advance(60);
    let mut expected = None;
    for seed in 0..32 {
        let chat = format!("mixed-{seed}-");
        let mut dice = Dice::new(seed);
        let (told, listed) = story(&chat);
        let mut steps: Vec<Option<Inbound>> = told.iter().cloned().map(Some).collect();
        steps.extend(told.into_iter().filter(|_| dice.once_in(2)).map(Some));
        steps.extend(std::iter::repeat_n(None, 1 + dice.below(2)));
        dice.shuffle(&mut steps);
        for step in steps {
            match step {
                Some(item) => drop(bench.ingest(item).await),
                None => file(&bench, past(&chat, false, listed.clone())).await,
            }
        }
        let id = bench.chat_id(&chat).await;
        let record = bench.store().conversation(&bench.scope, id).await.unwrap().unwrap();
        let lines: Vec<_> = bench
            .thread_of(&chat)
            .await
            .into_iter()
            .map(|one| (one.message.external_id.unwrap().replace(&chat, ""), one.message.filed, one.message.state))
            .collect();
        let row = record.conversation;
        let sums = (row.status, row.request, row.unread, row.ledger, row.read_up_to, row.last_activity_at);
        let seen = (sums, record.contact.display_name, record.contact.is_follower, lines);
        assert_eq!(&seen, expected.get_or_insert_with(|| seen.clone()), "order {seed}");
    }
    let ((status, _, unread, ..), ..) = expected.unwrap();
    assert_eq!((status, unread), (ConversationStatus::Open, 2), "both that a webhook told");
}

/// The account says what is left, and in the end whether all of it is here; asking again begins anew.
pub async fn filing_is_counted_down<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace, account) = (bench.store(), bench.workspace, bench.account.id);
    assert_eq!(state(&bench).await, None);
    let begun = store.begin_history(&bench.scope, account).await.unwrap().unwrap();
    let filing = |left| Some(History { state: HistoryState::Filing, reason: None, left });
    assert_eq!(begun.history, filing(0));
    let job = store.claim_jobs_any_workspace(10).await.unwrap().remove(0);
    assert_eq!(job.task, Task::FileHistory { account });
    store.settle_job(&job, JobOutcome::Done).await.unwrap();

    let names = ["chat/1", "chat/2", "chat/3"];
    for _ in 0..2 {
        store.expect_conversations(workspace, account, names.map(listed).to_vec()).await.unwrap();
        assert_eq!(state(&bench).await, filing(3), "listed twice is expected once");
    }
    assert_eq!(store.claim_jobs_any_workspace(10).await.unwrap().len(), 3);
    let expected = store.expected_conversation(workspace, account, "chat/2").await.unwrap();
    assert_eq!(expected, Some(listed("chat/2")));

    let message = |chat: &str| vec![incoming(chat, chat, "สวัสดี", at(-9))];
    file(&bench, past("chat/1", true, message("chat/1"))).await;
    assert_eq!(state(&bench).await, filing(2));
    file(&bench, past("chat/1", true, message("chat/1"))).await;
    assert_eq!(state(&bench).await, filing(2), "twice is once");
    store.fail_history(workspace, account, Some("chat/2"), "TikTok did not answer").await.unwrap();
    assert_eq!(store.expected_conversation(workspace, account, "chat/2").await.unwrap(), None);
    file(&bench, past("chat/3", true, message("chat/3"))).await;
    let failed = state(&bench).await.unwrap();
    assert_eq!(failed.state, HistoryState::Failed);
    assert_eq!(failed.reason.as_deref(), Some("1 conversation could not be read: TikTok did not answer"));

    store.begin_history(&bench.scope, account).await.unwrap();
    assert_eq!(state(&bench).await, filing(0));
    store.fail_history(workspace, account, None, "no permission").await.unwrap();
    assert_eq!(state(&bench).await.unwrap().reason.as_deref(), Some("no permission"));
    store.begin_history(&bench.scope, account).await.unwrap();
    store.expect_conversations(workspace, account, Vec::new()).await.unwrap();
    assert_eq!(state(&bench).await, Some(History { state: HistoryState::Filed, reason: None, left: 0 }), "empty lists");
}

/// Of an account that is not in sight, or not of the workspace, nothing is begun or filed.
pub async fn filing_needs_sight<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let other = bench.second_workspace(41).await;
    let store = bench.store();
    let stranger = crate::workspace::Scope::all(other);
    assert_eq!(store.begin_history(&stranger, bench.account.id).await.unwrap(), None);
    let one = past(CHAT, true, vec![incoming(CHAT, "old-1", "สวัสดี", at(-9))]);
    assert_eq!(store.file_conversation(other, bench.account.id, one).await.unwrap(), None);
    store.expect_conversations(other, bench.account.id, vec![listed(CHAT)]).await.unwrap();
    store.fail_history(other, bench.account.id, None, "nothing of theirs").await.unwrap();
    assert_eq!(state(&bench).await, None);
    assert_eq!(store.conversation_by_external_id(&bench.scope, CHAT).await.unwrap(), None);
}

/// History waits for everything that is due now, and comes in its turn.
pub async fn its_jobs_come_last<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace, account) = (bench.store(), bench.workspace, bench.account.id);
    store.begin_history(&bench.scope, account).await.unwrap();
    store.expect_conversations(workspace, account, vec![listed("chat/1"), listed("chat/2")]).await.unwrap();
    let picture = InboundContent::Image { media_id: "m-1".to_owned() };
    file(&bench, past("chat/0", true, vec![incoming_content("chat/0", "old-1", picture.clone(), at(-9))])).await;
    bench.advance(60);
    let fresh = incoming_content(CHAT, "new-1", picture, bench.clock.now());
    store.ingest(bench.delivery(vec![fresh])).await.unwrap();
    let mut order = Vec::new();
    loop {
        let Some(job) = store.claim_jobs_any_workspace(1).await.unwrap().pop() else { break };
        order.push(match &job.task {
            Task::FileHistory { .. } | Task::FileConversation { .. } => "history",
            Task::FetchMedia { .. } if order.len() < 2 => "picture of now",
            Task::FetchMedia { .. } => "old picture",
            Task::DescribeConversation { .. } => "name",
            other => panic!("not expected: {other:?}"),
        });
        assert!(store.settle_job(&job, JobOutcome::Done).await.unwrap());
    }
    order[..2].sort_unstable();
    assert_eq!(order[..2], ["name", "picture of now"], "{order:?}");
    assert_eq!(order[2..].iter().filter(|kind| **kind == "history").count(), 3, "{order:?}");
    assert_eq!(order.len(), 6, "{order:?}");
    assert_eq!(bench.account.external_id, BUSINESS);
}
