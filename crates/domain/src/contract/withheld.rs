//! Messages that the provider does not tell: noticed once, settled once, and replaced by their content where it shows after all.

use super::{
    Harness,
    bench::{BUSINESS, Bench, CHAT, connect, delivery},
    report::{at, customer, incoming, incoming_content},
};
use crate::{
    account::ProviderKind,
    content::Content,
    conversation::ConversationStatus,
    history::PastConversation,
    inbound::{Inbound, InboundContent, InboundConversation},
    job::Task,
    store::{Accounts, Events, Filing, Jobs, Journal, KeptFilter, Withheld},
    withheld::{Verdict, WITHHELD, WithheldMessage, WithheldState, stand_in_id},
    workspace::{Permitted, Scope},
};

async fn all<H: Harness>(bench: &Bench<H>) -> Vec<WithheldMessage> {
    bench.store().withheld_messages(&bench.scope, bench.account.id, None, 50).await.unwrap()
}

/// Copies of a notice, and other deliveries of the same time, are one row and one job; another time is another.
pub async fn a_notice_is_written_down_once<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let notice = |secs| Inbound::Withheld { at: at(secs) };
    let first = bench.delivery(vec![notice(5)]);
    for _ in 0..2 {
        bench.store().ingest(first.clone()).await.unwrap();
    }
    bench.ingest(notice(5)).await;
    bench.store().ingest(bench.delivery(vec![notice(7), notice(7)])).await.unwrap();
    let rows = all(&bench).await;
    assert_eq!(rows.iter().map(|row| row.at).collect::<Vec<_>>(), [at(7), at(5)], "newest notice first");
    assert!(rows.iter().all(|row| row.state == WithheldState::Looking && row.settled_at.is_none()));
    let mut tasks: Vec<_> =
        bench.store().claim_jobs_any_workspace(10).await.unwrap().into_iter().map(|job| job.task).collect();
    tasks.sort_by_key(|task| format!("{task:?}"));
    let account = bench.account.id;
    assert_eq!(tasks, [5, 7].map(|secs| Task::FindWithheld { account, at: at(secs) }));
}

/// One account's time says nothing of another's, and nobody sees what is not theirs.
pub async fn notices_are_of_one_account<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let second = bench.store().connect_account(bench.workspace, connect("business-2")).await.unwrap();
    bench.ingest(Inbound::Withheld { at: at(5) }).await;
    let other = delivery("business-2", "{\"other\":1}", bench.clock.now(), vec![Inbound::Withheld { at: at(5) }]);
    bench.store().ingest(other).await.unwrap();
    assert_eq!(all(&bench).await.len(), 1);
    let only_second =
        Scope { workspace: bench.workspace, accounts: Permitted::Only(std::iter::once(second.id).collect()) };
    assert!(bench.store().withheld_messages(&only_second, bench.account.id, None, 50).await.unwrap().is_empty());
    assert_eq!(bench.store().withheld_messages(&only_second, second.id, None, 50).await.unwrap().len(), 1);
    let stranger = Scope::all(bench.second_workspace(41).await);
    assert!(bench.store().withheld_messages(&stranger, second.id, None, 50).await.unwrap().is_empty());
}

/// The first verdict stands; a copy of the notice does not ask again.
pub async fn it_is_settled_once<H: Harness>() {
    let bench = Bench::<H>::with_customer().await;
    let (store, workspace, account) = (bench.store(), bench.workspace, bench.account.id);
    for secs in [5, 6, 7] {
        bench.ingest(Inbound::Withheld { at: at(secs) }).await;
    }
    let chat = bench.chat_id(CHAT).await;
    let by_time = async |secs| store.withheld_message(workspace, account, at(secs)).await.unwrap().unwrap();
    for (secs, verdict) in [(5, Verdict::Found(chat)), (6, Verdict::Ambiguous(vec![chat])), (7, Verdict::NotFound)] {
        assert!(store.settle_withheld(workspace, by_time(secs).await.id, verdict).await.unwrap());
    }
    assert!(!store.settle_withheld(workspace, by_time(5).await.id, Verdict::NotFound).await.unwrap());
    bench.ingest(Inbound::Withheld { at: at(5) }).await;
    let seen: Vec<_> =
        all(&bench).await.into_iter().map(|row| (row.state, row.conversation_id, row.candidates)).collect();
    let expected = [
        (WithheldState::NotFound, None, vec![]),
        (WithheldState::Ambiguous, None, vec![chat]),
        (WithheldState::Found, Some(chat), vec![]),
    ];
    assert_eq!(seen, expected);
    assert_eq!(by_time(6).await.settled_at, Some(bench.clock.now()));
    let first = store.withheld_messages(&bench.scope, account, None, 2).await.unwrap();
    let rest = store.withheld_messages(&bench.scope, account, Some(first[1].id), 2).await.unwrap();
    assert_eq!((first.len(), rest.len(), rest[0].at), (2, 1, at(5)));
}

/// What a search asks: where the customer wrote at a time, and whether a conversation's movement is explained.
pub async fn messages_are_found_by_their_time<H: Harness>() {
    let bench = Bench::<H>::with_customer().await;
    bench.ingest(incoming(CHAT, "in-2", "อีกข้อความ", at(30))).await;
    let (store, workspace, account) = (bench.store(), bench.workspace, bench.account.id);
    let chat = bench.chat_id(CHAT).await;
    assert_eq!(store.incoming_at(workspace, account, at(30)).await.unwrap(), Some(chat));
    assert_eq!(store.incoming_at(workspace, account, at(31)).await.unwrap(), None);
    for (external_id, times, holds) in
        [(CHAT, [at(30), at(99)], true), (CHAT, [at(98), at(99)], false), ("chat/other", [at(30), at(30)], false)]
    {
        let found = store.holds_message_at(workspace, account, external_id, times).await.unwrap();
        assert_eq!(found, holds, "{external_id} {times:?}");
    }
}

fn past(items: Vec<Inbound>) -> PastConversation {
    let customer = customer(&format!("of-{CHAT}"));
    let first = Inbound::Conversation(InboundConversation { conversation_external_id: CHAT.to_owned(), customer });
    let items = std::iter::once(first).chain(items).collect();
    PastConversation {
        provider: ProviderKind::Official,
        external_id: CHAT.to_owned(),
        request: true,
        image_send: None,
        items,
    }
}

/// The message that stands in counts and alerts as the customer's; its content takes its place when a list shows it.
pub async fn a_stand_in_gives_way_to_its_content<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    let (store, workspace, account) = (bench.store(), bench.workspace, bench.account.id);
    let unknown = InboundContent::Unsupported { type_name: WITHHELD.to_owned() };
    let stand_in = incoming_content(CHAT, &stand_in_id(at(5)), unknown, at(5));
    for _ in 0..2 {
        store.file_conversation(workspace, account, past(vec![stand_in.clone()])).await.unwrap();
    }
    let chat = bench.chat().await.conversation;
    assert_eq!((chat.unread, chat.status, chat.ledger.last_incoming_at), (1, ConversationStatus::Open, Some(at(5))));
    let before = bench.thread().await.remove(0).message;
    assert_eq!(before.content, Content::Unsupported { type_name: WITHHELD.to_owned() });

    let real = incoming(CHAT, "real-1", "Bonjour", at(5));
    for _ in 0..2 {
        store.file_conversation(workspace, account, past(vec![real.clone()])).await.unwrap();
    }
    let thread = bench.thread().await;
    assert_eq!(thread.len(), 1, "{thread:#?}");
    let after = &thread[0].message;
    assert_eq!((after.id, after.external_id.as_deref(), after.content.words()), (before.id, Some("real-1"), "Bonjour"));
    assert_eq!(bench.chat().await.conversation.unread, 1, "told once");
}

/// Notices that were kept before they were understood are looked for when they are read again; those that are known are not.
pub async fn kept_notices_are_read_again_once<H: Harness>() {
    let bench: Bench<H> = Bench::open().await;
    bench.store().ingest(bench.delivery(vec![Inbound::Noted])).await.unwrap();
    let kept = bench.store().kept_any_workspace(&KeptFilter::default(), None, 10).await.unwrap().remove(0);
    let told = crate::delivery::Retold {
        account_external_id: Some(BUSINESS.to_owned()),
        event: "im_receive_msg_eu".to_owned(),
        items: vec![Inbound::Withheld { at: at(5) }],
        unsupported: None,
    };
    for changes in [true, false] {
        let again = bench.store().reapply(&kept, told.clone()).await.unwrap().unwrap();
        assert_eq!(again.changed, changes);
    }
    assert_eq!(all(&bench).await.len(), 1);
    assert!(bench.store().head_seq().await.unwrap() > 0);
}
