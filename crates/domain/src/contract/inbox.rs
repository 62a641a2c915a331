//! What people read, and the little that a click changes.

use super::{
    Harness,
    bench::{Bench, CHAT},
    report::{T0, at, customer, incoming, message},
};
use crate::{
    conversation::{ConversationStatus, Mode},
    event::Subject,
    id::Id,
    identity::KeyScope,
    inbound::{Inbound, InboundMessage, Source},
    message::{Author, Direction},
    reply::Draft,
    store::{
        ChatFilter, ContactFacts, ConversationPatch, Events, Inbox, MessageRecord, Outbox, Secrets, StoreError, Totals,
    },
};

fn names(records: &[MessageRecord]) -> Vec<&str> {
    records.iter().map(|one| one.message.external_id.as_deref().unwrap_or("-")).collect()
}

/// Newest first, page by page, without gaps where times are equal.
pub async fn threads_are_paged<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    for number in 0..10 {
        bench.ingest(incoming(CHAT, &format!("in-{number}"), "สวัสดี", at(number / 4))).await;
    }
    let id = bench.chat_id(CHAT).await;
    let (mut before, mut found) = (None, Vec::new());
    loop {
        let page = bench.store().messages(&bench.scope, id, before, 3).await.unwrap().unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.message.sent_at, last.message.id));
        found.extend(page);
    }
    let expected: Vec<_> = bench.thread().await.into_iter().rev().collect();
    assert_eq!((found.len(), found), (10, expected));
    assert_eq!(bench.store().messages(&bench.scope, Id::from_raw(7), None, 3).await.unwrap(), None);
}

/// Everything saved, oldest first, with every filter.
pub async fn chats_in_order<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    for number in 0..9 {
        bench.ingest(incoming(&format!("chat-{}", number % 2), &format!("in-{number}"), "สวัสดี", at(number / 2))).await;
    }
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let page = bench.store().chats(&bench.scope, ChatFilter::default(), after, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.message.sent_at, last.message.id));
        found.extend(page);
    }
    assert_eq!(names(&found), (0..9).map(|number| format!("in-{number}")).collect::<Vec<_>>());
    let chats = |filter| bench.store().chats(&bench.scope, filter, None, 50);
    let since = chats(ChatFilter { since: Some(at(3)), ..ChatFilter::default() }).await.unwrap();
    assert_eq!(names(&since), ["in-6", "in-7", "in-8"], "inclusive");
    let one = Some(bench.chat_id("chat-1").await);
    let of_one = chats(ChatFilter { conversation: one, since: Some(at(1)), ..ChatFilter::default() }).await.unwrap();
    assert_eq!(names(&of_one), ["in-3", "in-5", "in-7"]);
    assert_eq!(chats(ChatFilter { account: Some(bench.account.id), ..ChatFilter::default() }).await.unwrap(), found);
    assert!(chats(ChatFilter { account: Some(Id::from_raw(7)), ..ChatFilter::default() }).await.unwrap().is_empty());
    let later = bench
        .store()
        .chats(&bench.scope, ChatFilter { since: Some(T0), ..ChatFilter::default() }, after, 50)
        .await
        .unwrap();
    assert!(later.is_empty(), "a cursor is not undone by a filter");
}

/// Status, assignee, mode and the unread mark; each change tells once, no change tells nothing.
pub async fn patching<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let (id, me) = (bench.chat_id(CHAT).await, bench.owner.user.id);
    let patch = ConversationPatch {
        status: Some(ConversationStatus::Closed),
        assignee: Some(Some(me)),
        mode: Some(Mode::Bot),
        read: true,
    };
    let head = bench.store().head_seq().await.unwrap();
    let record = bench.store().patch_conversation(&bench.scope, id, patch.clone()).await.unwrap().unwrap();
    let chat = &record.conversation;
    assert_eq!(
        (chat.status, chat.assignee, chat.mode, chat.unread),
        (ConversationStatus::Closed, Some(me), Mode::Bot, 0)
    );
    assert_eq!(record.assignee_name.as_deref(), Some("Ploy"));
    let events = bench.store().events_after(None, head, 10).await.unwrap().events;
    assert!(matches!(&events[..], [one] if matches!(&one.subject, Subject::Conversation(_)) && one.seq == chat.seq));
    bench.store().patch_conversation(&bench.scope, id, patch).await.unwrap();
    bench.store().patch_conversation(&bench.scope, id, ConversationPatch::default()).await.unwrap();
    assert_eq!(bench.store().head_seq().await.unwrap(), chat.seq);
    bench.advance(5);
    bench.ingest(incoming(CHAT, "in-2", "ฮัลโหล", at(5))).await;
    let chat = bench.chat().await.conversation;
    assert_eq!(
        (chat.status, chat.unread, chat.assignee),
        (ConversationStatus::Open, 1, Some(me)),
        "the customer opens it again"
    );
    let unassign = ConversationPatch { assignee: Some(None), ..ConversationPatch::default() };
    let record = bench.store().patch_conversation(&bench.scope, id, unassign).await.unwrap().unwrap();
    assert_eq!((record.conversation.assignee, record.assignee_name), (None, None));
}

/// Only members can be assigned.
pub async fn patching_refuses_strangers<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    bench.second_workspace(41).await;
    let id = bench.chat_id(CHAT).await;
    for stranger in [41, 7] {
        let patch = ConversationPatch { assignee: Some(Some(Id::from_raw(stranger))), ..ConversationPatch::default() };
        let answer = bench.store().patch_conversation(&bench.scope, id, patch).await;
        assert!(matches!(answer, Err(StoreError::Conflict { .. })), "{answer:?}");
    }
    assert_eq!(bench.chat().await.conversation.assignee, None);
}

/// What the lists tell about names and pictures; silence leaves what is known.
pub async fn describing<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let id = bench.chat_id(CHAT).await;
    let head = bench.store().head_seq().await.unwrap();
    let facts =
        ContactFacts {
            display_name: Some("น้องมะลิ".to_owned()), is_follower: Some(false), ..ContactFacts::default()
        };
    bench.store().describe_conversation(&bench.scope, id, facts.clone(), Some(true)).await.unwrap();
    let record = bench.chat().await;
    assert_eq!(record.contact.display_name.as_deref(), Some("น้องมะลิ"));
    assert_eq!((record.contact.username.is_some(), record.contact.is_follower), (true, Some(false)));
    assert_eq!(record.conversation.image_send, Some(true));
    assert!(record.conversation.seq > head);
    let head = bench.store().head_seq().await.unwrap();
    bench.store().describe_conversation(&bench.scope, id, facts, None).await.unwrap();
    assert_eq!(bench.store().head_seq().await.unwrap(), head, "nothing new, nothing told");
    assert_eq!(bench.chat().await.conversation.image_send, Some(true));
}

/// Sums of what is in sight; one customer in two conversations is one contact.
pub async fn totals<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    assert_eq!(bench.store().totals(&bench.scope).await.unwrap(), Totals::default());
    for (number, chat) in ["chat-1", "chat-1", "chat-2", "chat-3"].into_iter().enumerate() {
        let report = message(chat, &format!("in-{number}"), Direction::Incoming, Source::Unknown, "สวัสดี", T0);
        let customer = customer(if chat == "chat-3" { "another" } else { "mali" });
        bench.ingest(Inbound::Message(InboundMessage { customer, ..report })).await;
    }
    assert_eq!(
        bench.store().totals(&bench.scope).await.unwrap(),
        Totals { contacts: 2, messages: 4, conversations: 3 }
    );
}

/// Who wrote, by name, and what was quoted.
pub async fn authors_and_quotes<H: Harness>() {
    let bench: Bench<H> = Bench::with_customer().await;
    let key =
        bench.store().create_api_key(bench.workspace, [1; 32], "mgw_ab", "orders", KeyScope::Send, None).await.unwrap();
    bench.reply("จากพลอย").await;
    let draft = bench.draft(bench.chat_id(CHAT).await, "จากระบบ");
    let by_key = Draft { author: Author::ApiKey { id: Some(key.id) }, ..draft.clone() };
    bench.store().queue_reply(&bench.scope, by_key).await.unwrap();
    let queued =
        bench.store().queue_reply(&bench.scope, Draft { author: Author::ApiKey { id: None }, ..draft }).await.unwrap();
    assert_eq!(queued.record.author_name, None);
    bench.store().revoke_api_key(bench.workspace, key.id).await.unwrap();
    let quoting = message(CHAT, "in-2", Direction::Incoming, Source::Unknown, "อันนี้", at(9));
    for (id, quoted) in [("in-2", "in-1"), ("in-3", "never-seen")] {
        let report = InboundMessage {
            external_id: id.to_owned(),
            quoted_external_id: Some(quoted.to_owned()),
            ..quoting.clone()
        };
        bench.ingest(Inbound::Message(report)).await;
    }
    let thread = bench.thread().await;
    let authors: Vec<_> = thread.iter().map(|one| one.author_name.as_deref()).collect();
    assert_eq!(authors, [None, Some("Ploy"), Some("orders"), None, None, None]);
    assert_eq!(thread[4].quoted, Some(thread[0].message.id));
    assert_eq!((thread[5].quoted, thread[5].message.quoted_external_id.as_deref()), (None, Some("never-seen")));
}
